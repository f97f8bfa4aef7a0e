"""Whom administrators invite, what is refused, and the list of who is invited."""

import csv
import io

import pytest

from portal.extensions import Resources
from tests.accounts import Visitor, actions
from tests.pages import Page
from tests.portal.accounts.invitations.conftest import CLERK, INVITE, invite, pending


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"email": ""}, "email"),
        ({"email": "clerk"}, "email"),
        ({"email": "a@b.jp\r\nBcc: c@d.jp"}, "email"),
        ({"email": "a@b.jp,c@d.jp"}, "email"),
        ({"email": "=?utf-8?q?a?=@b.jp"}, "email"),
        ({"email": "clerk@demo.example"}, "email"),
        ({"email": "ADMIN@pref.example.jp"}, "email"),
        ({"role": ""}, "role"),
        ({"role": "member"}, "role"),
        ({"role": "king"}, "role"),
        ({"agency": ""}, "agency"),
        ({"agency": "nowhere"}, "agency"),
        ({"role": "admin"}, "agency"),
        ({"name": "字" * 61}, "name"),
        ({"name": "\u202e"}, "name"),
    ],
)
def test_bad_invitation_is_told_beside_its_field_and_nothing_is_sent(
    admin: Visitor, resources: Resources, fields: dict[str, str], field: str
) -> None:
    given = {"email": CLERK, "role": "staff", "agency": "m02201", "name": "鈴木"} | fields
    answer = admin.send(INVITE, **given)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert pending(resources) == []
    assert "user_invited" not in actions(resources)


def test_all_that_is_wrong_is_told_at_once_and_what_was_typed_is_kept(admin: Visitor) -> None:
    answer = admin.send(INVITE, email="clerk", name="鈴木 三郎", role="", agency="m02202")
    page = Page(answer.status_code, answer.text)
    links = [link["href"] for link in page.dom.select("#problems a")]
    assert links == ["#email", "#role"]
    assert page.dom.select_one("#email")["value"] == "clerk"
    assert page.dom.select_one("#name")["value"] == "鈴木 三郎"
    assert page.dom.select_one("#agency option[selected]")["value"] == "m02202"


@pytest.mark.parametrize(
    ("query", "count"),
    [
        *(("", 2), ("q=三郎", 1), ("q=TWO@", 1), ("q=ＴＷＯ＠", 1), ("q=nobody", 0)),
        *(("role=approver", 1), ("agency=m02202", 1), ("agency=m02202&role=staff", 0)),
        *(("state=active", 0), ("unused=1", 0)),
    ],
)
def test_invitations_are_searched_with_the_users(admin: Visitor, query: str, count: int) -> None:
    invite(admin, "one@city.example.jp", name="鈴木 三郎")
    invite(admin, "two@city.example.jp", role="approver", agency="m02202")
    page = admin.get(f"/admin/users?{query}")
    assert len(page.dom.select("[data-invitation]")) == count


def test_fiftieth_invitation_is_shown_and_the_file_holds_all(admin: Visitor) -> None:
    for number in range(51):
        invite(admin, f"clerk{number}@city.example.jp")
    page = admin.get("/admin/users")
    assert len(page.dom.select("[data-invitation]")) == 50
    assert "招待中（51人）" in page.text("#invited-title")
    text = admin.send("/admin/users/export", role="staff").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["状態"] for row in rows] == ["招待中"] * 51
    assert {row["実施機関"] for row in rows} == {"青森市"}


def test_second_invitation_to_an_address_is_told_and_not_sent(
    admin: Visitor, resources: Resources
) -> None:
    invite(admin)
    answer = invite(admin, "CLERK@city.example.jp", role="approver")
    assert answer.status_code == 422
    assert "招待を送ってあります" in answer.text
    assert len(pending(resources)) == 1
