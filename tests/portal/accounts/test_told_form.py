"""A form that was kept is shown before it is sent, in the words of its page."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse
from wtforms import (
    BooleanField,
    FileField,
    Form,
    HiddenField,
    PasswordField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from portal import told_form
from portal.access import PUBLIC
from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.form_keeping import kept_as
from portal.told_form import ToldField
from tests.accounts import LONG_PASSWORD, Visitor, code_at, move_clock, signed_in
from tests.conftest import resources_of
from tests.pages import Page
from tests.portal.accounts.test_kept_form import fields, kept

ADMIN = "admin@pref.example.jp"


class EditorForm(Form):
    """Every kind of field that a large editor has."""

    title = StringField("題名")
    body = TextAreaField("本文")
    regions = SelectMultipleField("地域", choices=["02201", "02202"])
    is_open = BooleanField("受付中")
    is_free = BooleanField("無料")
    note = StringField("メモ")
    seen = HiddenField()
    password = PasswordField("パスワード")
    file = FileField("ファイル")


CALLED = {"regions": {"02201": "青森市", "02202": "弘前市"}}
SENT = [
    *(("regions", "02201"), ("regions", "02202"), ("title", "雪の<b>補助金</b>")),
    *(("is_open", "y"), ("body", "一行目\r\n二行目"), ("seen", "x"), ("note", "")),
    *(("password", "secret"), ("file", "a.pdf"), ("題名", "だれか"), ("csrf_token", "x")),
]


def test_every_kind_of_field_is_told_in_words_and_in_the_order_of_the_form() -> None:
    kept_fields = told_form.sendable(EditorForm, SENT)
    assert told_form.tell(EditorForm, kept_fields, CALLED) == (
        ToldField("題名", "雪の<b>補助金</b>"),
        ToldField("本文", "一行目\r\n二行目"),
        ToldField("地域", "青森市、弘前市"),
        ToldField("受付中", "はい"),
        ToldField("無料", "いいえ"),
        ToldField("メモ", "（空）"),
    )


def test_what_is_sent_again_is_what_the_form_has_but_passwords_and_files() -> None:
    kept_fields = told_form.sendable(EditorForm, SENT)
    assert kept_fields == tuple(SENT[:7])
    assert EditorForm(MultiDict(kept_fields)).regions.data == ["02201", "02202"]


@pytest.mark.parametrize(
    ("sent", "is_typed"),
    [([("title", "x")], True), ([("title", "")], False), ([("seen", "x")], False), ([], False)],
)
def test_form_is_typed_once_anything_seen_is_given(
    sent: list[tuple[str, str]], is_typed: bool
) -> None:
    assert told_form.is_typed(EditorForm, tuple(sent)) is is_typed


NOTHING_TYPED = {
    # Buttons, files of what a list shows, and a file whose rows are in the browser.
    *("me.end_sessions", "membership.write_data", "jobs_admin.request_run"),
    "favorites.take_over",
    "listings_admin.write_by_agency",
    "saved_searches.set_mails",
    *("agencies_admin.write_csv", "audit_admin.write_csv", "synonyms_admin.write_csv"),
    *("users_admin.write_csv", "users_staff.write_csv", "users_admin.disable"),
    *("users_admin.enable", "users_staff.disable", "users_staff.enable"),
    *("users_admin.reset_second_factor", "invitations_admin.send_again"),
    *("invitations_admin.withdraw", "invitations_staff.send_again"),
    *("invitations_staff.withdraw", "bulk_invitations.preview", "bulk_invitations.send"),
    *("synonyms_admin.disable", "synonyms_admin.enable", "synonyms_admin.remove"),
    *("synonyms_admin.restore", "synonyms_admin.reset"),
    *("demand_admin.write_csv", "proposals_admin.accept", "proposals_admin.add"),
    *("labels_admin.write_csv", "labels_admin.reset"),
    *("notices_admin.end", "notices_admin.discard", "messages_admin.close"),
    *("messages_admin.reopen", "messages_staff.close", "messages_staff.reopen"),
    # What the editor sends while its form is still on the page, and a button.
    *("listing_typing.keep", "listing_typing.keep_new", "listing_typing.render_body"),
    "listing_copying.copy",
    *("listing_desk.submit", "listing_desk.take_back", "listing_desk.publish"),
    *("listing_desk.drop_change", "listing_desk.restore", "listing_desk.archive"),
    *("listing_desk.unarchive", "listing_desk.undo", "listing_versions.restore"),
    *("listing_desk.confirm", "bulk_staff.publish_chosen", "bulk_staff.undo_chosen"),
    *("bulk_staff.confirm_chosen", "bulk_staff.archive_chosen", "bulk_admin.publish_chosen"),
    *("bulk_admin.undo_chosen", "bulk_admin.confirm_chosen", "bulk_admin.archive_chosen"),
    # A box to tick.
    "yearly_report.close",
    # A file, which browsers never send again by themselves.
    *("attachments_staff.add", "attachments_staff.remove"),
    # Passwords and codes alone.
    *("me.change_password", "membership.end", "recovery.remove", "recovery.renew"),
    *("second_factor.enroll", "second_factor.enroll_first", "sign_in.submit_code"),
}


def test_every_form_that_somebody_types_into_is_kept(app: Flask) -> None:
    posts = {r.endpoint for r in app.url_map.iter_rules() if "POST" in (r.methods or ())} - PUBLIC
    assert {name for name in posts if kept_as(app, name) is None} == NOTHING_TYPED


def test_every_field_of_a_kept_form_has_a_label_in_japanese(app: Flask) -> None:
    for endpoint in app.view_functions:
        declared = kept_as(app, endpoint)
        for field in declared.form() if declared else ():
            is_told = not isinstance(field, HiddenField | PasswordField | FileField)
            assert not (is_told and field.label.text.isascii()), f"{endpoint}: {field.name}"


def told(text: str) -> dict[str, str]:
    """What the form that is given back shows, by label."""
    rows = Page(200, text).dom.select("[data-kept] > div")
    pairs = [[part.get_text() for part in row.select("dt, dd")] for row in rows]
    return dict(pairs)


def come_back(app: Flask, visitor: Visitor, send: Callable[[], TestResponse]) -> TestResponse:
    """Send a form with a session that is over, and sign in again for all."""
    now = move_clock(app, timedelta(hours=1))
    with resources_of(app).sessions() as session:
        email = session.scalars(select(User.email)).one()
    first = visitor.sign_in(email, kept=kept(send().text))
    return visitor.send("/login/totp", code=code_at(now), kept=kept(first.text))


def test_form_is_told_by_the_labels_and_choices_of_its_page(app: Flask) -> None:
    admin = signed_in(app, ADMIN, role=Role.ADMIN)
    path = "/admin/agencies/new"
    labels = admin.get(path).texts("main label, main legend")
    typed = {
        **{"name": "青い森の支援センター", "level": "municipality", "region": "02201"},
        **{"approval": "none", "tel": "", "seen": "x", "名前": "だれか"},
    }
    token = admin.token(path)
    done = come_back(app, admin, lambda: admin.send(path, token=token, **typed))
    assert told(done.text) == {
        "名前": "青い森の支援センター",
        "実施主体": "市町村",
        "地域": "青森市",
        "電話": "（空）",
        "公開前の承認": "不要",
    }
    assert set(told(done.text)) <= {label.partition("（")[0] for label in labels}
    # What is told is what is sent, and what the page holds unseen; nothing else.
    assert set(fields(done.text)) - {"csrf_token", "action"} == set(typed) - {"名前"}


def test_code_that_nothing_is_called_by_is_told_as_it_was_sent(app: Flask) -> None:
    admin = signed_in(app, ADMIN, role=Role.ADMIN)
    token = admin.token("/admin/agencies/new")
    form = {"level": "<b>国", "name": "x"}
    done = come_back(app, admin, lambda: admin.send("/admin/agencies/new", token=token, **form))
    assert told(done.text)["実施主体"] == "<b>国"


def test_form_of_views_at_two_desks_is_told(app: Flask) -> None:
    approver = signed_in(app, "approver@town.example.jp", role=Role.APPROVER)
    path = "/staff/users/invitations/new"
    token = approver.token(path)
    form = {"email": "new@town.example.jp", "name": "", "role": "staff", "agency": "m02201"}
    done = come_back(app, approver, lambda: approver.send(path, token=token, **form))
    assert told(done.text) == {
        "メールアドレス": "new@town.example.jp",
        "名前": "（空）",
        "権限": "担当者",
        "実施機関": "機関 m02201",
    }


def test_address_is_kept_and_the_password_beside_it_is_not(app: Flask) -> None:
    member = signed_in(app, "owner@firm.example.jp")
    token = member.token("/me/email")
    move_clock(app, timedelta(days=15))
    form = {"email": "new@firm.example.jp", "password": LONG_PASSWORD}
    asked = member.send("/me/email", token=token, **form)
    done = member.sign_in("owner@firm.example.jp", kept=kept(asked.text))
    assert told(done.text) == {"新しいメールアドレス": "new@firm.example.jp"}
    assert set(fields(done.text)) == {"csrf_token", "action", "email"}
    assert LONG_PASSWORD not in done.text
    assert "パスワードは残していません" in Page(200, done.text).text("main")


def test_button_is_not_kept_and_its_page_comes_back(app: Flask) -> None:
    member = signed_in(app, "owner@firm.example.jp")
    token = member.token("/me")
    move_clock(app, timedelta(days=15))
    headers = {"Referer": "http://localhost/me"}
    asked = member.send("/me/sessions", token=token, session="others", headers=headers)
    assert (asked.status_code, asked.location) == (303, "/login?next=/me")
