"""Many invitations from one file: shown first with what has to be mended, sent when confirmed."""

import io
import re
import sqlite3
import threading
import time
from contextlib import closing

import pytest
from flask import Flask
from sqlalchemy import delete, event, func, select
from werkzeug.test import TestResponse

from portal.accounts.permissions import Role
from portal.accounts.sign_in_models import OneTimeToken
from portal.db import write_transaction
from portal.extensions import Resources
from portal.mail.models import OutgoingMail
from tests.accounts import Visitor, actions, make_user, signed_in
from tests.factories import make_agency
from tests.pages import Page
from tests.portal.accounts.test_password_reset import mails

BULK = "/admin/users/invitations/bulk"
TITLES = "メールアドレス,名前,権限,実施機関コード"


@pytest.fixture
def admin(app: Flask, resources: Resources) -> Visitor:
    with write_transaction(resources.sessions) as session:
        make_agency(session, "m02201", name="青森市", level="municipality", region_code=None)
    return signed_in(app, "admin@pref.example.jp", role=Role.ADMIN)


def upload(visitor: Visitor, content: bytes, name: str = "people.csv") -> TestResponse:
    return visitor.client.post(
        BULK,
        data={"csrf_token": visitor.token(), "file": (io.BytesIO(content), name)},
        base_url=visitor.base_url,
    )


def faults(answer: TestResponse) -> list[str]:
    return Page(answer.status_code, answer.text).texts("[data-row]")


def sealed(answer: TestResponse) -> str:
    found = re.search(r'name="sealed" value="([^"]+)"', answer.text)
    assert found
    return found[1]


def invited(held: Resources) -> list[str]:
    with held.sessions() as session:
        return list(session.scalars(select(OneTimeToken.email).order_by(OneTimeToken.id)))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp932"], ids=["utf-8", "with a mark", "cp932"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_file_of_an_office_is_read_shown_and_sent_when_confirmed(
    admin: Visitor, resources: Resources, encoding: str, end: str
) -> None:
    rows = [
        TITLES,
        "one@city.example.jp,髙橋 はな,担当者,m02201",
        "",
        "two@city.example.jp,,approver,m02201",
    ]
    shown = upload(admin, (end.join(rows) + end).encode(encoding))
    assert shown.status_code == 200
    assert "髙橋 はな" in shown.text
    assert "2人に招待を送る" in shown.text
    assert invited(resources) == []
    done = admin.send(f"{BULK}/send", sealed=sealed(shown))
    assert done.location == "/admin/users"
    assert invited(resources) == ["one@city.example.jp", "two@city.example.jp"]
    assert actions(resources).count("user_invited") == 2
    with resources.sessions() as session:
        assert session.scalar(select(func.count(OutgoingMail.id))) == 2


def test_each_fault_names_row_column_reason_and_remedy(
    admin: Visitor, resources: Resources
) -> None:
    make_user(resources, "known@city.example.jp")
    rows = [
        TITLES,
        "good@city.example.jp,,担当者,m02201",
        "bad,,担当者,m02201",
        "",
        "c@city.example.jp,,係長,m02201",
        "d@city.example.jp,,担当者,m99999",
        "e@city.example.jp,,担当者,",
        "f@city.example.jp,,会員,",
        "g@city.example.jp,,管理者,m02201",
        "known@city.example.jp,,担当者,m02201",
        "GOOD@city.example.jp,,承認者,m02201",
        "short@city.example.jp",
        "=?utf-8?q?a?=@city.example.jp,,担当者,m02201",
    ]
    shown = upload(admin, "\n".join(rows).encode())
    assert shown.status_code == 422
    told = faults(shown)
    expected = [
        ("3行目・メールアドレス", "形で入れてください"),
        ("5行目・権限", "「担当者」、「承認者」、「管理者」"),
        ("6行目・実施機関コード", "このコードの機関はありません"),
        ("7行目・実施機関コード", "実施機関コードを書いてください"),
        ("8行目・権限", "どれかを書いてください"),
        ("9行目・実施機関コード", "空にしてください"),
        ("10行目・メールアドレス", "もう登録されています"),
        ("11行目・メールアドレス", "2行目と同じです"),
        ("12行目・権限", "どれかを書いてください"),
        ("13行目・メールアドレス", "形で入れてください"),
    ]
    assert len(told) == len(expected)
    for said, (where, what) in zip(told, expected, strict=True):
        assert said.startswith(where)
        assert what in said
        assert "選" not in said
    assert "直すところのない1人に招待を送る" in shown.text
    admin.send(f"{BULK}/send", sealed=sealed(shown))
    assert invited(resources) == ["good@city.example.jp"]


def test_titles_may_stand_in_any_order_and_the_name_may_be_missing(
    admin: Visitor, resources: Resources
) -> None:
    shown = upload(admin, b"Agency,ROLE,email\nm02201,staff,a@city.example.jp\n")
    assert shown.status_code == 200
    admin.send(f"{BULK}/send", sealed=sealed(shown))
    assert invited(resources) == ["a@city.example.jp"]


def test_form_without_a_file_asks_for_one(admin: Visitor) -> None:
    for answer in (upload(admin, b"", name=""), admin.send(BULK)):
        assert answer.status_code == 422
        assert "CSVファイルを選んでください。" in answer.text


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_letters_may_be_as_wide_as_they_come_out_of_a_keyboard(
    admin: Visitor, resources: Resources, encoding: str
) -> None:
    rows = [
        "ｅｍａｉｌ,名前,権限,ａｇｅｎｃｙ",
        "ａ＠ｃｉｔｙ．ｅｘａｍｐｌｅ．ｊｐ,ﾊﾅ　子,ＳＴＡＦＦ,Ｍ０２２０１",
    ]
    shown = upload(admin, "\r\n".join(rows).encode(encoding))
    assert shown.status_code == 200
    admin.send(f"{BULK}/send", sealed=sealed(shown))
    with resources.sessions() as session:
        row = session.scalars(select(OneTimeToken)).one()
        assert (row.email, row.name, row.role) == ("a@city.example.jp", "ﾊﾅ　子", "staff")
        assert row.agency is not None
        assert row.agency.code == "m02201"


def test_our_own_list_comes_in_again_as_it_was(
    app: Flask, admin: Visitor, resources: Resources
) -> None:
    names = {
        "a@city.example.jp": "=1+1",
        "+b@city.example.jp": "'=x",
        "c@city.example.jp": "'青森'",
    }
    for email, name in names.items():
        fields = {"email": email, "name": name, "role": "staff", "agency": "m02201"}
        admin.send("/admin/users/invitations/new", **fields)
    listed = admin.send("/admin/users/export", role="staff").data
    assert b",'=1+1," in listed
    with write_transaction(resources.sessions) as session:
        session.execute(delete(OneTimeToken))
    shown = upload(admin, listed)
    assert shown.status_code == 200
    admin.send(f"{BULK}/send", sealed=sealed(shown))
    with resources.sessions() as session:
        found = session.execute(select(OneTimeToken.email, OneTimeToken.name)).all()
    assert dict(found) == names  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "ファイルが空です"),
        (b"\n\n", "ファイルが空です"),
        (TITLES.encode(), "招待する人の行がありません"),
        (b"name,role\nx,staff\n", "「メールアドレス」の列がありません"),
        (b"\x89PNG\r\n\x1a\n\x00\xff\xfe\x81", "文字コードが読めません"),
        (f"{TITLES}\n".encode() + b'"a@b.jp', "CSVとして読めません"),
        (f"{TITLES}\n".encode() + b"a" * 200_000, "CSVとして読めません"),
        (b"x" * 500_001, "ファイルが大きすぎます"),
    ],
)
def test_file_that_is_none_says_how_to_mend_it(
    admin: Visitor, resources: Resources, content: bytes, said: str
) -> None:
    answer = upload(admin, content)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'id="file-error"' in answer.text
    assert invited(resources) == []


@pytest.mark.parametrize(("count", "status"), [(500, 200), (501, 422)])
def test_500_rows_are_the_most(
    admin: Visitor, resources: Resources, count: int, status: int
) -> None:
    rows = [TITLES, *(f"u{n}@city.example.jp,,担当者,m02201" for n in range(count))]
    shown = upload(admin, "\n".join(rows).encode())
    assert shown.status_code == status
    if status == 422:
        assert "一度に500人まで" in shown.text
        return
    admin.send(f"{BULK}/send", sealed=sealed(shown))
    assert len(invited(resources)) == 500
    assert actions(resources).count("user_invited") == 500


def test_confirming_twice_sends_once(admin: Visitor, resources: Resources) -> None:
    shown = upload(admin, f"{TITLES}\na@city.example.jp,,担当者,m02201\n".encode())
    for _ in range(2):
        assert admin.send(f"{BULK}/send", sealed=sealed(shown)).status_code == 303
    assert actions(resources).count("user_invited") == 1
    assert "1人は、登録済みか招待中" in admin.get("/admin/users").text(".notices")


def test_rows_are_sent_for_whom_they_were_shown_to_and_unchanged(
    app: Flask, admin: Visitor, resources: Resources
) -> None:
    shown = upload(admin, f"{TITLES}\na@city.example.jp,,担当者,m02201\n".encode())
    second = signed_in(app, "second@pref.example.jp", role=Role.ADMIN)
    for visitor, rows in ((second, sealed(shown)), (admin, sealed(shown)[:-2]), (admin, "")):
        assert visitor.send(f"{BULK}/send", sealed=rows).location == BULK
    assert invited(resources) == []


def test_others_who_write_get_their_turn_while_a_long_file_is_sent(
    admin: Visitor, resources: Resources
) -> None:
    rows = [TITLES, *(f"u{n}@city.example.jp,,担当者,m02201" for n in range(100))]
    shown = upload(admin, "\n".join(rows).encode())
    waits: list[float] = []
    is_over = threading.Event()

    def write_now_and_then() -> None:
        path = resources.engine.url.database or ""
        with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as other:
            while not is_over.is_set():
                began = time.perf_counter()
                other.execute("BEGIN IMMEDIATE")
                waits.append(time.perf_counter() - began)
                other.execute("ROLLBACK")
                is_over.wait(0.01)

    other = threading.Thread(target=write_now_and_then)
    other.start()
    admin.send(f"{BULK}/send", sealed=sealed(shown))
    is_over.set()
    other.join()
    assert len(invited(resources)) == 100
    # Each of the ten transactions let it in; were they in a row, it would wait for most of them.
    assert sum(wait > 0.005 for wait in waits) >= 7


def test_what_was_sent_before_the_database_was_lost_is_told(
    admin: Visitor, resources: Resources
) -> None:
    rows = [TITLES, *(f"u{n}@city.example.jp,,担当者,m02201" for n in range(25))]
    content = "\n".join(rows).encode()
    shown = upload(admin, content)
    path = resources.engine.url.database or ""
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:

        @event.listens_for(resources.engine, "checkin")
        def lock_after_twenty(*_connection: object) -> None:
            (count,) = other.execute("SELECT count(*) FROM one_time_token").fetchone()
            if count == 20 and not other.in_transaction:
                other.execute("BEGIN IMMEDIATE")

        @event.listens_for(resources.engine, "checkout")
        def be_impatient(connection: sqlite3.Connection, *_more: object) -> None:
            connection.execute("PRAGMA busy_timeout = 20")

        answer = admin.send(f"{BULK}/send", sealed=sealed(shown))
        assert answer.location == BULK
        mails(resources)
        other.execute("ROLLBACK")
        event.remove(resources.engine, "checkin", lock_after_twenty)
    told = admin.get(BULK).text(".notices")
    assert "20人に招待を送りました" in told
    assert "残りの5人にはまだ送っていません" in told
    assert len(invited(resources)) == 20
    again = upload(admin, content)
    assert "直すところのない5人に招待を送る" in again.text
    assert admin.send(f"{BULK}/send", sealed=sealed(again)).location == "/admin/users"
    assert len(invited(resources)) == 25
