"""The prefecture reads the record of who did what, and takes it along."""

import csv
import io
import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from portal.audit import services
from portal.audit.actions import AuditAction
from portal.audit.anchors import Anchor, anchors_path, append_anchor
from portal.audit.types import PORTAL, Actor, Target
from portal.db import write_transaction
from portal.extensions import Resources
from portal.jobs import runner
from tests.accounts import LONG_PASSWORD, Visitor, events, id_of, signed_in, signed_in_admin
from tests.conftest import NOW
from tests.factories import make_agency, make_draft
from tests.pages import Page

CLERK = Actor(7, "clerk@city.example.jp", "staff", "m02201")
EARLIER = NOW - timedelta(days=10)


@pytest.fixture
def admin(app: Flask, resources: Resources) -> Visitor:
    """Somebody who reads; before them a clerk failed at signing in, then moved an agency."""
    with resources.sessions.begin() as session:
        make_agency(session, "m02201", name="青森市")
    record(resources, AuditAction.SIGN_IN, detail={"second_factor": None, "is_first": True})
    target = Target("agency", "m02201", "m02201")
    record(resources, AuditAction.AGENCY_CHANGED, target=target, detail={"name_after": "=1+1"})
    return signed_in_admin(app)


def record(
    resources: Resources,
    action: AuditAction,
    *,
    target: Target | None = None,
    detail: dict[str, str | int | bool | None],
) -> None:
    with write_transaction(resources.sessions) as session:
        services.record(session, action, actor=CLERK, target=target, detail=detail, now=EARLIER)


def seqs(page: Page) -> list[int]:
    return [int(str(row["data-seq"])) for row in page.dom.select("[data-seq]")]


def test_newest_come_first_with_who_did_what_to_whom(admin: Visitor) -> None:
    page = admin.get("/admin/audit")
    assert seqs(page) == sorted(seqs(page), reverse=True)
    assert seqs(page)[-2:] == [2, 1]
    changed = page.text("[data-seq='2']")
    for told in ("実施機関の変更", "2026-11-10 12:00:00", "clerk@city.example.jp（担当者）"):
        assert told in changed
    assert "青森市" in changed
    assert "名前（変更後）：=1+1" in changed
    first = page.text("[data-seq='1']")
    assert "2段階認証：なし" in first
    assert "is_first：はい" in first


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("until=2026-11-10", [2, 1]),
        ("since=2026-11-10&until=2026-11-10", [2, 1]),
        ("until=2026/11/09", []),
        ("action=agency_changed", [2]),
        ("actor=CLERK@", [2, 1]),
        ("actor=%25", []),
        ("user=7", [2, 1]),
        ("user=７", [2, 1]),
        ("user=8", []),
        ("agency=m02201&action=sign_in", [1]),
        ("target_type=agency", [2]),
        ("target_type=agency&target=m02201", [2]),
        ("target_type=agency&target=m02202", []),
    ],
)
def test_search_narrows(admin: Visitor, query: str, expected: list[int]) -> None:
    assert seqs(admin.get(f"/admin/audit?{query}")) == expected


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("since=yesterday", "since"),
        ("since=2026-02-30", "since"),
        ("until=9999-12-31", "until"),
        ("since=2026-11-11&until=2026-11-10", "until"),
        ("action=nothing", "action"),
        ("user=佐藤", "user"),
        ("user=1234567890", "user"),
    ],
)
def test_search_that_cannot_be_says_how_to_mend_it(admin: Visitor, query: str, field: str) -> None:
    page = admin.get(f"/admin/audit?{query}", 422)
    assert [link["href"] for link in page.dom.select("[role=alert] a")] == [f"#{field}"]
    assert page.dom.select_one(f"#{field}")["aria-invalid"] == "true"
    assert seqs(page) == []


def test_pages_follow_one_another_without_gap_or_repetition(
    admin: Visitor, resources: Resources
) -> None:
    for number in range(60):
        record(resources, AuditAction.SIGN_OUT, detail={"number": number})
    first = admin.get("/admin/audit?action=sign_out")
    older = first.dom.select_one(".more a")["href"]
    # What comes in meanwhile moves nothing.
    record(resources, AuditAction.SIGN_OUT, detail={})
    second = admin.get(str(older))
    assert (len(seqs(first)), len(seqs(second))) == (50, 10)
    assert seqs(second)[0] == seqs(first)[-1] - 1
    assert not second.dom.select(".more a")
    assert second.dom.select_one(".list-head a")["href"] == "/admin/audit?action=sign_out"
    assert len(seqs(admin.get("/admin/audit?action=sign_out&below=x"))) == 50


def test_export_is_a_file_for_excel_that_tells_of_itself(
    admin: Visitor, resources: Resources
) -> None:
    answer = admin.send("/admin/audit/export", since="2026-11-01", actor="")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row["操作コード"] for row in rows[:1] + rows[-2:]] == [
        *("audit_exported", "agency_changed", "sign_in"),
    ]
    (taken,) = events(resources, "audit_exported")
    assert taken.actor_label == "ken@pref.example.jp"
    assert json.loads(taken.detail) == {"since": "2026-11-01"}
    assert rows[0]["番号"] == str(taken.seq)


def test_export_holds_no_formula(admin: Visitor, resources: Resources) -> None:
    formula = Actor(8, "=cmd|x", "staff")
    with write_transaction(resources.sessions) as session:
        services.record(session, AuditAction.SIGN_OUT, actor=formula, now=NOW)
    answer = admin.send("/admin/audit/export", action="sign_out")
    (row,) = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert row["操作した人"] == "'=cmd|x"


def test_export_that_cannot_be_is_not_recorded(admin: Visitor, resources: Resources) -> None:
    assert admin.send("/admin/audit/export", since="yesterday").status_code == 422
    assert events(resources, "audit_exported") == []


def test_state_tells_how_the_record_ends_and_that_nobody_checked(
    admin: Visitor, resources: Resources
) -> None:
    page = admin.get("/admin/audit")
    assert page.dom.select_one("[data-events]")["data-events"] == str(seqs(page)[0])
    assert page.dom.select_one("[data-check]")["data-check"] == "never"
    assert page.dom.select_one("[data-anchor]")["data-anchor"] == "none"


def test_state_tells_of_the_last_check_and_the_anchor_it_made(
    admin: Visitor, resources: Resources
) -> None:
    assert not runner.run(resources.job_context(), runner.get_job("audit-anchor")).is_failed
    page = admin.get("/admin/audit")
    assert page.dom.select_one("[data-check]")["data-check"] == "done"
    assert page.dom.select_one("[data-anchor]")["data-anchor"] == "met"


def test_cut_end_shows_at_once(admin: Visitor, resources: Resources) -> None:
    append_anchor(anchors_path(resources.settings.data_dir), Anchor(NOW.date(), 999, "a" * 64))
    state = admin.get("/admin/audit").dom.select_one("[data-anchor]")
    assert state["data-anchor"] == "broken"
    assert state.select_one(".missing")


def test_event_that_was_replaced_shows_at_once(admin: Visitor, resources: Resources) -> None:
    append_anchor(anchors_path(resources.settings.data_dir), Anchor(NOW.date(), 1, "a" * 64))
    state = admin.get("/admin/audit").dom.select_one("[data-anchor]")
    assert state["data-anchor"] == "broken"


def test_unreadable_anchors_are_told(admin: Visitor, resources: Resources) -> None:
    anchors_path(resources.settings.data_dir).write_text("damaged\n", "utf-8")
    state = admin.get("/admin/audit").dom.select_one("[data-anchor]")
    assert state["data-anchor"] == "unreadable"


def test_failed_check_is_told(admin: Visitor, resources: Resources) -> None:
    anchors_path(resources.settings.data_dir).write_text("damaged\n", "utf-8")
    assert runner.run(resources.job_context(), runner.get_job("audit-anchor")).is_failed
    state = admin.get("/admin/audit").dom.select_one("[data-check]")
    assert state["data-check"] == "failed"
    assert state.select_one(".missing")


def test_every_kind_of_target_can_be_chosen(admin: Visitor) -> None:
    page = admin.get("/admin/audit")
    options = {option["value"] for option in page.dom.select("#target_type option")}
    assert {"user", "agency", "agencies", "audit", "job"} <= options


def test_people_and_agencies_are_named_as_they_are_now_and_lead_to_their_pages(
    app: Flask, admin: Visitor, resources: Resources
) -> None:
    signed_in(app, "owner@firm.example.jp", name="林 次郎")
    number = id_of(resources, "owner@firm.example.jp")
    admin.send(f"/admin/users/{number}/disable")
    page = admin.get(f"/admin/audit?user={number}")
    stopped, signed = page.dom.select("[data-seq]")[:2]
    links = [(a.text, a["href"]) for a in stopped.select("a")]
    by = id_of(resources, "ken@pref.example.jp")
    assert links == [("佐藤 はな", f"/admin/users/{by}"), ("林 次郎", f"/admin/users/{number}")]
    assert "（本人）" in signed.text
    changed = admin.get("/admin/audit?target_type=agency").dom.select_one("[data-seq='2']")
    assert [(a.text, a["href"]) for a in changed.select("a")] == [
        ("青森市", "/admin/agencies/m02201/edit")
    ] * 2
    # Number 7 was never one of this portal.
    assert "利用者番号 7：（削除済み）" in " ".join(changed.text.split())


def test_listing_is_named_as_it_is_now_and_leads_to_its_page(
    admin: Visitor, resources: Resources
) -> None:
    with write_transaction(resources.sessions) as session:
        public_id = make_draft(session, title="灯油代の支援").public_id
    for number in (public_id, "L000999"):
        target = Target("listing", number, "m02201")
        record(resources, AuditAction.LISTING_PUBLISHED, target=target, detail={})
    gone, there = admin.get("/admin/audit?target_type=listing").dom.select("[data-seq]")
    links = [(a.text, a["href"]) for a in there.select("a") if "listings" in str(a["href"])]
    assert links == [("灯油代の支援", f"/staff/listings/{public_id}")]
    assert "灯油代の支援" in admin.get(links[0][1]).text("h1")
    assert not [a for a in gone.select("a") if "listings" in str(a["href"])]


def test_what_the_clock_did_names_its_job(admin: Visitor, resources: Resources) -> None:
    with write_transaction(resources.sessions) as session:
        detail: dict[str, str | int | bool | None] = {"job": "listing-publish"}
        action = AuditAction.LISTING_PUBLISHED
        services.record(session, action, actor=PORTAL, detail=detail, now=NOW)
    told = admin.get("/admin/audit?action=listing_published").text("[data-seq]")
    assert "予約（定期の仕事）" in told
    assert "定期の仕事：予約した公開と掲載終了を行う" in told


def test_ended_account_leaves_no_name_in_the_record(
    app: Flask, admin: Visitor, resources: Resources
) -> None:
    member = signed_in(app, "owner@firm.example.jp", name="佐藤 はな子")
    number = id_of(resources, "owner@firm.example.jp")
    assert "佐藤 はな子" in admin.get(f"/admin/audit?user={number}").text("main")
    member.send("/me/end", password=LONG_PASSWORD)
    page = admin.get(f"/admin/audit?user={number}")
    assert len(seqs(page)) == 3
    assert "佐藤 はな子" not in page.text("main")
    assert f"利用者番号 {number}：（削除済み）" in page.text("main")
    exported = admin.send("/admin/audit/export", user=str(number)).data.decode("utf-8-sig")
    told = [row["対象のいまの名前"] for row in csv.DictReader(io.StringIO(exported))]
    assert told == ["（削除済み）"] * 3
    assert json.loads(events(resources, "audit_exported")[0].detail) == {"user": str(number)}


def test_names_are_read_once_for_a_page(admin: Visitor, resources: Resources) -> None:
    for number in range(30):
        target = Target("user", str(number + 1))
        record(resources, AuditAction.USER_DISABLED, target=target, detail={})
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_more) -> None:
        asked.append(statement)

    event.listen(resources.engine, "before_cursor_execute", note)
    admin.get("/admin/audit?action=user_disabled")
    event.remove(resources.engine, "before_cursor_execute", note)
    assert len([text for text in asked if "user_account.id IN" in text]) == 1
