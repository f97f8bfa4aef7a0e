"""Two people write one listing: the second sees both texts, and nothing of either is lost."""

from datetime import date

from flask import Flask
from sqlalchemy import select

from portal.accounts.permissions import Role
from portal.listings.models import ListingVersion
from portal.publishing.merging import merged
from tests.accounts import Visitor, signed_in
from tests.acts.listings import PATH, WHOLE, clerk
from tests.conftest import resources_of
from tests.factories import make_content
from tests.pages import Page

EDIT = f"{PATH}/L000001/edit"
MINE = WHOLE | {"summary": "店の改装にかかる費用の半分を補助します。", "body": "わたしの本文"}
THEIRS = WHOLE | {"summary": "店の改装にかかる費用の全部を補助します。", "tel": "017-999-9999"}


def both_write(app: Flask) -> tuple[Visitor, Page]:
    """The second of two, and what they are answered."""
    mine = clerk(app)
    mine.send(f"{PATH}/new", **WHOLE, action="save")
    theirs = signed_in(app, "colleague@city.example.jp", role=Role.STAFF, name="同僚")
    assert theirs.send(EDIT, **THEIRS, version="1", action="save").status_code == 303
    answer = mine.send(EDIT, **MINE, version="1", action="save")
    assert answer.status_code == 409
    return mine, Page(409, answer.text)


def summaries(app: Flask) -> list[str]:
    """Of all versions."""
    with resources_of(app).sessions() as session:
        numbered = select(ListingVersion).order_by(ListingVersion.number)
        return [version.summary for version in session.scalars(numbered)]


def test_second_writer_sees_both_texts_field_by_field(app: Flask) -> None:
    _, page = both_write(app)
    told = {
        " ".join(row.h3.find(string=True).split()): [
            row.select_one(".others__who").get_text(),
            *(" ".join(part.get_text().split()) for part in row.select("dd")),
        ]
        for row in page.dom.select(".others__field")
    }
    assert told == {
        "概要": ["あなたも、ほかの人も変えました", THEIRS["summary"], MINE["summary"]],
        "内容": ["あなたが変えました", "（空）", "わたしの本文"],
        "電話": ["ほかの人が変えました", THEIRS["tel"], WHOLE["tel"]],
    }
    marked = [mark.get_text() for mark in page.dom.select(".others__field")[0].select("mark")]
    assert marked == ["全部", "半分"]
    assert "ほかの人がこの支援情報を保存しました" in page.text("#problems")


def test_what_was_typed_stays_and_sending_it_again_is_meant(app: Flask) -> None:
    mine, page = both_write(app)
    assert page.dom.select_one("#body").get_text().strip() == "わたしの本文"
    number = str(page.dom.select_one("input[name=version]")["value"])
    assert number == "2"
    assert summaries(app) == [WHOLE["summary"], THEIRS["summary"]]
    assert mine.send(EDIT, **MINE, version=number, action="save").status_code == 303
    assert summaries(app) == [WHOLE["summary"], THEIRS["summary"], MINE["summary"]]


def test_second_writer_goes_on_from_what_was_saved_without_losing_their_own(app: Flask) -> None:
    mine, page = both_write(app)
    saved = mine.get(str(page.dom.select_one("[data-others] a.button")["href"]))
    assert saved.dom.select_one("#summary").get_text().strip() == THEIRS["summary"]
    assert saved.dom.select_one("[data-editor]")["data-keeps"] == ""
    own = mine.get(EDIT)
    assert own.dom.select_one("#summary").get_text().strip() == MINE["summary"]
    # Still the version that was begun from, so that nobody overwrites the other unseen.
    assert mine.send(EDIT, **MINE, version="1", action="save").status_code == 409
    assert mine.send(EDIT, **THEIRS, version="2", action="save").status_code == 303
    assert mine.get(EDIT).dom.select_one("#summary").get_text().strip() == THEIRS["summary"]


def test_changes_of_both_are_put_together_and_saved_when_that_is_wanted(app: Flask) -> None:
    mine, page = both_write(app)
    hidden = {
        name: str(page.dom.select_one(f"form.form input[name={name}]")["value"])
        for name in ("version", "began")
    }
    both = Page(200, mine.send(EDIT, **MINE, **hidden, action="merge").text)
    assert both.dom.select_one("[data-merged]") is not None
    assert both.dom.select_one("#summary").get_text().strip() == MINE["summary"]
    assert both.dom.select_one("#body").get_text().strip() == MINE["body"]
    assert both.dom.select_one("#tel")["value"] == THEIRS["tel"]
    assert both.dom.select_one("input[name=version]")["value"] == "2"
    assert summaries(app) == [WHOLE["summary"], THEIRS["summary"]]


def test_times_that_were_typed_stay_when_changes_are_put_together(app: Flask) -> None:
    both_write(app)
    approver = signed_in(app, "approver@city.example.jp", role=Role.APPROVER, name="承認者")
    times = {"publish_at": "2026-12-01T09:00", "unpublish_at": "2027-03-31T17:00"}
    more = {"version": "2", "began": "1", "ends_before": ""}
    both = Page(200, approver.send(EDIT, **MINE, **times, **more, action="merge").text)
    found = {name: both.dom.select_one(f"#{name}")["value"] for name in times}
    assert found == times


def test_end_that_somebody_set_meanwhile_stays_unless_it_is_meant(app: Flask) -> None:
    mine = clerk(app)
    mine.send(f"{PATH}/new", **WHOLE, action="save")
    before = str(mine.get(EDIT).dom.select_one("input[name=ends_before]")["value"])
    approver = signed_in(app, "approver@city.example.jp", role=Role.APPROVER, name="承認者")
    ends = {"unpublish_at": "2027-03-31T17:00"}
    approver.send(f"{PATH}/L000001/end", seen="1", **ends)
    mine.send(EDIT, **MINE, version="1", ends_before=before, unpublish_at=before, action="save")
    page = mine.get(EDIT)
    assert page.dom.select_one("#unpublish_at")["value"] == ends["unpublish_at"]
    assert page.dom.select_one("input[name=ends_before]")["value"] == ends["unpublish_at"]
    sent = THEIRS | {"ends_before": ends["unpublish_at"], "unpublish_at": ""}
    mine.send(EDIT, **sent, version="2", action="save")
    assert mine.get(EDIT).dom.select_one("#unpublish_at")["value"] == ""


def test_days_are_taken_from_one_of_two_writers() -> None:
    window = {"date_state": "window", "closes_on": date(2026, 9, 30)}
    began = make_content()
    saved = make_content(**window, rate="1/2以内")
    typed = make_content(date_state="budget")
    assert merged(began, saved, typed) == make_content(date_state="budget", rate="1/2以内")


def test_second_writer_who_wrote_the_same_is_not_bothered(app: Flask) -> None:
    mine, _ = both_write(app)
    assert mine.send(EDIT, **THEIRS, version="1", action="save").status_code == 303
    assert summaries(app) == [WHOLE["summary"], THEIRS["summary"]]


def test_overtaken_form_is_not_published_either(app: Flask) -> None:
    both_write(app)
    approver = signed_in(app, "approver@city.example.jp", role=Role.APPROVER, name="承認者")
    answer = approver.send(EDIT, **WHOLE, version="1", action="publish")
    assert answer.status_code == 409
    assert approver.get("/search?q=店舗改装").listing_ids == []
