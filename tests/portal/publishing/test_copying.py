"""Last year's listing becomes the draft of this year's, with what has to be confirmed."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import write_transaction
from portal.listings.content import EventContent, RelationContent, RoundContent
from portal.listings.models import Listing, ListingState, listing_id_of
from portal.listings.relation_kinds import RelationKind
from portal.publishing.copying import moved, to_confirm, years_to_move
from tests.acts.listings import PATH, clerk
from tests.conftest import NOW, resources_of
from tests.factories import make_agency, make_content, make_listing
from tests.pages import Page

TODAY, MODEL = NOW.date(), "L000012"
USED_WITH = RelationContent(RelationKind.TOPS_UP, "L000005")
LAST_YEAR = make_content(
    title="令和7年度 店舗改装の補助金",
    date_state="window",
    opens_on=date(2025, 6, 2),
    closes_on=date(2025, 7, 31),
    rounds=(RoundContent(None, date(2025, 10, 31), "第2回"),),
    events=(EventContent(date(2025, 5, 20), venue="公会堂"),),
    amount_max_yen=500_000,
    relations=(RelationContent(RelationKind.SUCCESSOR, "L000003"), USED_WITH),
    fiscal_years=(2025,),
    source=({"document": "資料", "line": 1},),
    past_budgets={"2025": 1200},
)


def test_days_years_in_texts_and_nothing_else_move() -> None:
    assert moved(LAST_YEAR, 1, model_id=MODEL) == replace(
        LAST_YEAR,
        title="令和8年度 店舗改装の補助金",
        opens_on=date(2026, 6, 2),
        closes_on=date(2026, 7, 31),
        rounds=(RoundContent(None, date(2026, 10, 31), "第2回"),),
        events=(EventContent(date(2026, 5, 20), venue="公会堂"),),
        relations=(USED_WITH, RelationContent(RelationKind.LAST_YEAR, MODEL)),
        fiscal_years=(),
        source=(),
    )


@pytest.mark.parametrize(
    ("title", "later"),
    [
        ("令和元年度の補助金", "令和2年度の補助金"),
        ("令和７年度の補助金", "令和８年度の補助金"),
        ("2025年度セミナー", "2026年度セミナー"),
        ("創業100年の会社の補助金", "創業100年の会社の補助金"),
        ("補助金", "補助金"),
    ],
)
def test_year_in_a_title_is_the_next_one(title: str, later: str) -> None:
    assert moved(make_content(title=title), 1, model_id=MODEL).title == later


def test_year_that_would_not_fit_stays_as_it_was() -> None:
    full = f"令和9年度{'補' * 195}"
    copy = moved(make_content(title=full, summary="令和9年" * 125), 1, model_id=MODEL)
    assert (copy.title, copy.summary) == (full, "令和9年" * 125)


def test_day_stays_within_what_the_database_takes() -> None:
    last = make_content(date_state="window", closes_on=date(2100, 12, 31))
    assert moved(last, 1, model_id=MODEL).closes_on == last.closes_on


def test_leap_day_becomes_the_last_day_of_february() -> None:
    content = make_content(date_state="window", closes_on=date(2024, 2, 29))
    assert moved(content, 1, model_id=MODEL).closes_on == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("closes_on", "years"),
    [(date(2025, 7, 31), 1), (date(2023, 7, 31), 3), (date(2026, 7, 31), 1), (None, 1)],
)
def test_old_listing_moves_into_this_fiscal_year(closes_on: date | None, years: int) -> None:
    state = {"date_state": "window" if closes_on else "always", "closes_on": closes_on}
    assert years_to_move(make_content(**state), TODAY) == years


def test_what_has_to_be_confirmed_is_told_of_what_there_is() -> None:
    told = "\n".join(to_confirm(moved(LAST_YEAR, 1, model_id=MODEL), TODAY))
    for part in (
        "締切: 7月31日（金）",
        "5月20日（水）",
        "2回目からの募集（1回）",
        "上限額",
        "一緒に使える支援",
        "電話",
    ):
        assert part in told
    assert "開催日" not in "\n".join(to_confirm(make_content(), TODAY))


def test_copy_is_a_draft_of_its_own_and_the_model_stays(app: Flask) -> None:
    visitor = clerk(app)
    held = resources_of(app)
    with write_transaction(held.sessions) as session:
        agency = make_agency(session, "m02201")
    with held.sessions() as session:
        values = {name: getattr(LAST_YEAR, name) for name in ("title", "date_state", "closes_on")}
        make_listing(session, agency=session.merge(agency), **values)
    answer = visitor.send(f"{PATH}/L000001/copy")
    assert answer.location == f"{PATH}/L000002/edit?copied=1"
    page = visitor.get(answer.location)
    assert "7月31日（金）" in page.text("[data-to-confirm]")
    assert str(page.dom.select_one("#closes_on")["value"]) == "2026-07-31"
    with held.sessions() as session:
        states = session.scalars(select(Listing.state).order_by(Listing.id)).all()
        assert states == [ListingState.PUBLISHED, ListingState.DRAFT]
    assert visitor.get("/listings/L000001").text("h1") == "令和7年度 店舗改装の補助金"


def test_check_list_stays_while_one_writes_on_the_copy(app: Flask) -> None:
    visitor = clerk(app)
    visitor.send(f"{PATH}/new", title="令和7年度の補助金", action="save")
    copy = visitor.send(f"{PATH}/L000001/copy").location
    action = str(visitor.get(copy).dom.select_one("form.form")["action"])
    answer = visitor.send(action, title="令和8年度の補助金", version="1", action="save")
    assert answer.location == copy
    assert visitor.get(copy).dom.select("[data-to-confirm]")
    elsewhere = visitor.get(copy.removesuffix("?copied=1"))
    assert not elsewhere.dom.select("[data-to-confirm]")


def editing_link(page: Page) -> str:
    """Where one is led who goes on writing."""
    return str(page.dom.select_one("main a[href*='/edit']")["href"])


def test_check_list_is_there_again_until_the_copy_is_public(app: Flask) -> None:
    visitor = clerk(app)
    visitor.send(f"{PATH}/new", title="令和7年度の補助金", action="save")
    visitor.send(f"{PATH}/L000001/copy")
    for path in (f"{PATH}/L000002", f"{PATH}/L000002/preview"):
        later = visitor.get(editing_link(visitor.get(path)))
        assert later.dom.select("[data-to-confirm]"), path
    assert editing_link(visitor.get(f"{PATH}/L000001")) == f"{PATH}/L000001/edit"
    with write_transaction(resources_of(app).sessions) as session:
        copy = session.get_one(Listing, listing_id_of("L000002"))
        copy.public_version_id = copy.versions[-1].id
        copy.state, copy.published_at = ListingState.PUBLISHED, NOW
    assert editing_link(visitor.get(f"{PATH}/L000002")) == f"{PATH}/L000002/edit"
