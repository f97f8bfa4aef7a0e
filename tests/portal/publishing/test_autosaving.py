"""What is being typed is kept for whoever types it, until it is saved or let go."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts.permissions import Role
from portal.listings import services
from portal.listings.models import Listing, ListingVersion
from portal.publishing import autosaving
from portal.publishing.autosave_models import ListingAutosave
from tests.accounts import Visitor, signed_in, signed_in_admin
from tests.acts.listings import PATH, WHOLE, clerk
from tests.conftest import NOW, resources_of
from tests.factories import make_agency, make_content, make_draft
from tests.portal.publishing.desk_people import make_person

NEW, FIRST = f"{PATH}/new", f"{PATH}/L000001"


def kept(app: Flask) -> list[str]:
    """What the forms that are kept are about."""
    with resources_of(app).sessions() as session:
        return list(session.scalars(select(ListingAutosave.about)))


def title(visitor: Visitor, path: str) -> str:
    """The title that the editor shows."""
    return str(visitor.get(path).dom.select_one("#title")["value"])


def count(app: Flask, table: type[Listing] | type[ListingVersion]) -> int:
    with resources_of(app).sessions() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """A clerk with one draft."""
    visitor = clerk(app)
    visitor.send(NEW, title="保存した題名", action="save")
    return visitor


def test_form_is_kept_as_typed_and_is_no_version(app: Flask, visitor: Visitor) -> None:
    answer = visitor.send(f"{FIRST}/autosave", title="書きかけ", closes_on="5月の", version="1")
    # Noon in Japan, where the clock of the tests stands.
    assert answer.json == {"saved_at": "12:00"}
    page = visitor.get(f"{FIRST}/edit")
    assert str(page.dom.select_one("#title")["value"]) == "書きかけ"
    assert str(page.dom.select_one("#closes_on")["value"]) == "5月の"
    assert page.dom.select_one("#closes_on")["type"] == "text"
    assert "12:00" in page.text("[data-kept-form]")
    assert count(app, ListingVersion) == 1
    assert title(visitor, f"{FIRST}/edit?saved=1") == "保存した題名"


def test_later_form_takes_the_place_of_the_one_before(app: Flask, visitor: Visitor) -> None:
    for text in ("一度目", "二度目"):
        visitor.send(f"{FIRST}/autosave", title=text, regions=["02201", "02202"])
    assert kept(app) == ["L000001"]
    page = visitor.get(f"{FIRST}/edit")
    assert str(page.dom.select_one("#title")["value"]) == "二度目"
    checked = page.dom.select("input[name=regions][checked]")
    assert [str(box["value"]) for box in checked] == ["02201", "02202"]


def test_saving_lets_go_of_what_was_kept(app: Flask, visitor: Visitor) -> None:
    visitor.send(f"{FIRST}/autosave", title="書きかけ")
    visitor.send(f"{FIRST}/edit", **WHOLE, version="1", action="save")
    assert kept(app) == []
    assert title(visitor, f"{FIRST}/edit") == WHOLE["title"]


def test_what_was_kept_is_let_go_of_by_a_button(app: Flask, visitor: Visitor) -> None:
    visitor.send(f"{FIRST}/autosave", title="書きかけ")
    assert visitor.send(f"{FIRST}/edit", action="discard").location == f"{FIRST}/edit"
    assert kept(app) == []
    assert title(visitor, f"{FIRST}/edit") == "保存した題名"


def test_new_listing_is_kept_resumed_and_let_go_of(app: Flask, visitor: Visitor) -> None:
    visitor.send(f"{NEW}/autosave", title="まだない補助金", agency="m02201")
    assert title(visitor, NEW) == "まだない補助金"
    assert count(app, Listing) == 1
    visitor.send(NEW, title="まだない補助金", action="save")
    assert kept(app) == []
    assert title(visitor, NEW) == ""
    visitor.send(f"{NEW}/autosave", title="やめる", agency="m02201")
    visitor.send(NEW, action="discard")
    assert title(visitor, NEW) == ""


def test_wrong_form_that_was_sent_stays_kept(app: Flask, visitor: Visitor) -> None:
    visitor.send(f"{FIRST}/autosave", title="書きかけ")
    assert visitor.send(f"{FIRST}/edit", title="", version="1").status_code == 422
    assert title(visitor, f"{FIRST}/edit") == "書きかけ"


def test_colleague_does_not_see_what_is_not_saved(app: Flask, visitor: Visitor) -> None:
    visitor.send(f"{FIRST}/autosave", title="書きかけ")
    colleague = signed_in(app, "colleague@city.example.jp", role=Role.STAFF, name="同僚")
    assert title(colleague, f"{FIRST}/edit") == "保存した題名"
    assert colleague.send(f"{FIRST}/edit", action="discard").status_code == 303
    assert title(visitor, f"{FIRST}/edit") == "書きかけ"


def test_only_fields_of_the_editor_are_kept(app: Flask, visitor: Visitor) -> None:
    visitor.send(f"{FIRST}/autosave", title="書きかけ", role="admin")
    with resources_of(app).sessions() as session:
        (row,) = session.scalars(select(ListingAutosave))
        assert row.fields == [["title", "書きかけ"]]


def test_form_of_another_agency_is_not_taken_up_for_this_one(app: Flask, visitor: Visitor) -> None:
    admin = signed_in_admin(app)
    admin.send(f"{NEW}/autosave", title="青森市の補助金", agency="m02201")
    assert title(admin, NEW) == "青森市の補助金"
    signed_in(app, "hirosaki@city.example.jp", role=Role.STAFF, agency="m02202")
    assert title(admin, f"{NEW}?agency=m02202") == ""


def test_form_that_was_left_goes_after_ninety_days_unless_the_listing_was_saved_since(
    database: sessionmaker[Session],
) -> None:
    with database() as session:
        agency = make_agency(session)
        person = make_person(session, Role.STAFF, agency)
        left, worked_on = make_draft(session, agency=agency), make_draft(session, agency=agency)
        for subject in (left.public_id, worked_on.public_id, autosaving.NEW, "L000999"):
            autosaving.keep(session, person, subject, [("title", "書きかけ")], now=NOW)
        later = NOW + timedelta(days=30)
        services.save_version(session, worked_on, make_content(title="別の題名"), now=later)
        due = NOW + autosaving.KEPT
        assert autosaving.prune(session, now=due) == 0
        assert autosaving.prune(session, now=due + timedelta(seconds=1)) == 3
        assert session.scalars(select(ListingAutosave.about)).all() == [worked_on.public_id]
        assert autosaving.prune(session, now=later + autosaving.KEPT) == 0
        assert autosaving.prune(session, now=later + autosaving.KEPT + timedelta(seconds=1)) == 1


def test_form_that_is_kept_anew_stays(database: sessionmaker[Session]) -> None:
    with database() as session:
        person = make_person(session, Role.STAFF, make_agency(session))
        autosaving.keep(session, person, autosaving.NEW, [("title", "一度目")], now=NOW)
        again = NOW + timedelta(days=1)
        autosaving.keep(session, person, autosaving.NEW, [("title", "二度目")], now=again)
        assert autosaving.prune(session, now=again + autosaving.KEPT) == 0
