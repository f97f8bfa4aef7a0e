"""The chart of months: what is drawn is what is known."""

from dataclasses import replace

import pytest
from flask import Flask

from portal.reports.charts import MonthChart, month_chart
from portal.reports.yearly import MonthRow
from tests.pages import Page
from tests.portal.reports.some_report import some_report

ROWS = some_report().by_month


def chart_of(rows: tuple[MonthRow, ...]) -> MonthChart:
    made = month_chart(rows, title="閲覧", label="令和5年度", previous_label="令和4年度")
    assert made is not None
    return made


def test_bars_are_as_high_as_their_numbers_and_stay_within_their_months() -> None:
    chart = chart_of(ROWS)
    top = chart.ticks[-1]
    assert [tick.label for tick in chart.ticks] == ["0", "1,000", "2,000", "3,000"]
    for row, month in zip(ROWS, chart.months, strict=True):
        assert month.now is not None
        assert month.previous is not None
        assert row.views is not None
        assert month.now.height == pytest.approx((chart.base - top.y) * row.views / 3_000, abs=0.02)
        assert month.now.y + month.now.height == pytest.approx(chart.base, abs=0.02)
        assert month.previous.x + month.previous.width <= month.now.x + 0.02
        assert chart.left <= month.previous.x < month.middle < month.now.x + month.now.width
    assert chart.months[-1].now is not None
    assert chart.months[-1].now.x + chart.months[-1].now.width <= chart.right <= chart.width
    assert "令和4年度は10月が最も多く2,705件、8月が最も少なく2,433件です。" in chart.description
    assert "令和5年度は3月が最も多く2,078件、8月が最も少なく1,433件です。" in chart.description


@pytest.mark.parametrize(
    ("highest", "labels"),
    [
        (0, ["0", "1"]),
        (3, ["0", "1", "2", "3"]),
        (11, ["0", "5", "10", "15"]),
        (4_321, ["0", "1,000", "2,000", "3,000", "4,000", "5,000"]),
        (2_000_000, ["0", "50万", "100万", "150万", "200万"]),
    ],
)
def test_axis_has_few_round_numbers_and_ends_above_the_highest(
    highest: int, labels: list[str]
) -> None:
    rows = tuple(replace(row, views=highest, previous=None) for row in ROWS)
    assert [tick.label for tick in chart_of(rows).ticks] == labels


def test_months_that_are_not_known_are_gaps_and_no_chart_is_made_of_none() -> None:
    rows = (replace(ROWS[0], views=None), replace(ROWS[1], views=0), *ROWS[2:])
    first, second, *_ = chart_of(rows).months
    assert (first.now, second.now and second.now.height) == (None, 0)
    nothing = tuple(replace(row, views=None, previous=None) for row in ROWS)
    assert month_chart(nothing, title="", label="", previous_label="") is None


def test_drawing_tells_both_years_without_colours_and_without_styles(app: Flask) -> None:
    rows = (replace(ROWS[0], views=None), *ROWS[1:])
    macro = app.jinja_env.get_template("macros/charts.html").module.month_chart  # type: ignore[attr-defined]
    page = Page(200, str(macro(chart_of(rows), "months")))
    svg = page.dom.select_one("svg[role=img]")
    assert svg is not None
    named = [page.dom.find(id=name) for name in str(svg["aria-labelledby"]).split()]
    assert [element.name for element in named if element] == ["title", "desc"]
    assert len(page.dom.select("rect.chart__now")) == 11 + 1
    assert len(page.dom.select("rect.chart__previous")) == 12 + 1
    assert not page.dom.select("[style]")
    only = tuple(replace(row, previous=None) for row in ROWS)
    assert "令和4年度" not in str(macro(chart_of(only), "months")).split("</desc>")[1]
