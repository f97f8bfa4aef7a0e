"""Changes of favourites: what matters, once, and one mail for all that changed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from portal.alerts import settings
from portal.alerts.changes import FIELDS, QUIET_FOR, changed_fields
from portal.clock import Clock
from portal.db import write_transaction
from portal.extensions import Resources
from portal.favorites.models import Favorite
from portal.jobs import alert_jobs
from portal.jobs.context import JobFailedError
from portal.listings.content import EventContent, ListingContent, RelationContent, RoundContent
from portal.listings.relation_kinds import RelationKind
from tests.accounts import make_user
from tests.conftest import NOW
from tests.each import each
from tests.factories import make_content, publish_and_index
from tests.portal.alerts.alert_pages import run, waiting
from tests.portal.alerts.favorites import change, keep, listing_of, show_again, withdraw
from tests.racing import race

JOB = "favorite-change-mail"
MINUTE = timedelta(minutes=1)
AUGUST, SEPTEMBER = date(2026, 8, 1), date(2026, 9, 30)

SAID = make_content(
    date_state="window",
    opens_on=AUGUST,
    closes_on=SEPTEMBER,
    rounds=(RoundContent(date(2026, 10, 1), date(2026, 11, 30), "2次募集"),),
    events=(EventContent(AUGUST, time(13), venue="県庁"),),
    eligibility="青森県の 中小企業",
    rate="1/2以内",
    amount_max_yen=500_000,
    how_to_apply="郵送\nまたは持参",
    documents=("申請書", "見積書"),
    department="商工政策課",
    tel="017-000-0000",
)
MATTERS: Mapping[str, object] = {
    "date_state": "budget",
    "opens_on": None,
    "closes_on": date(2026, 10, 15),
    "rounds": (),
    "date_note": "延びることがあります",
    "events": (EventContent(AUGUST, time(14), venue="県庁"),),
    "rate": "2/3以内",
    "amount_max_yen": None,
    "eligibility": "青森県の小規模事業者",
    "industries": ("E",),
    "regions": ("02201",),
    "region_exceptions": ("02202",),
    "how_to_apply": "電子申請",
    "apply_url": "https://example.jp/",
    "documents": ("申請書",),
    "department": "経営支援課",
    "tel": "017-111-1111",
    "fax": "017-000-0001",
    "email": "a@example.jp",
    "url": "https://example.jp/2",
}
MATTERS_NOT: tuple[Mapping[str, object], ...] = (
    {"title": "別の名前", "summary": "別の概要", "body": "別の内容", "keywords": ("雪",)},
    {"eligibility": " 青森県の\u3000中小企業\n", "how_to_apply": "郵送 または 持参 "},
    {"rate": "1/2 以内", "documents": ("申請書 ", "見積 書"), "fax": ""},
    {"rounds": (RoundContent(date(2026, 10, 1), date(2026, 11, 30), "2次 募集"),)},
    {"events": (EventContent(AUGUST, time(13), venue="県庁 ", address=" "),)},
    {"purposes": (), "partners": ("m02201",), "fiscal_years": (2026,), "attachments": ()},
)


@each("field", sorted(FIELDS))
def test_field_that_matters_is_a_change_both_ways(field: str) -> None:
    other: ListingContent = replace(SAID, **{field: MATTERS[field]})
    assert changed_fields(SAID, other) == {field}
    assert changed_fields(other, SAID) == {field}


@each("content", MATTERS_NOT)
def test_white_space_and_what_does_not_matter_is_none(content: Mapping[str, object]) -> None:
    assert changed_fields(SAID, replace(SAID, **content)) == frozenset()  # type: ignore[arg-type]


def test_one_mail_tells_all_that_changed_and_never_again(held: Resources) -> None:
    first, second, third = (
        publish_and_index(held, **vars_of(replace(SAID, title=f"{number}番の補助金")))
        for number in range(3)
    )
    owner, other = (make_user(held, f"{name}@firm.example.jp") for name in ("owner", "other"))
    keep(held, owner, first, second, third)
    keep(held, other, third)
    change(held, first, at=NOW + MINUTE, closes_on=date(2026, 10, 15))
    # Corrections that follow each other are one.
    change(held, first, at=NOW + 2 * MINUTE, closes_on=date(2026, 10, 30), amount_max_yen=900_000)
    withdraw(held, second, at=NOW + 3 * MINUTE)
    change(held, third, at=NOW + MINUTE, keywords=("雪",))
    quiet = NOW + 3 * MINUTE + QUIET_FOR
    assert run(held, JOB, at=NOW + 11 * MINUTE) == "お知らせ0通"
    assert waiting(held) == []
    for minutes in range(3):
        run(held, JOB, at=quiet + minutes * MINUTE)
    (mail,) = waiting(held)
    assert mail.to == "owner@firm.example.jp"
    assert mail.subject.endswith("お気に入りに変更がありました: 0番の補助金 ほか1件")
    wanted = (
        *("締切：9月30日（水） → 10月30日（金）", "上限額：50万円 → 90万円", "017-000-0000"),
        *("1番の補助金", "掲載が終わりました。"),
    )
    for words in wanted:
        assert words in mail.text
        assert words in mail.html
    assert "10月15日" not in mail.text
    assert mail.listing_ids == [first]
    change(held, first, at=quiet, tel="017-222-2222")
    show_again(held, second, at=quiet)
    run(held, JOB, at=quiet + QUIET_FOR)
    later = waiting(held)[1]
    assert "電話：017-000-0000 → 017-222-2222" in later.text
    assert "締切：" not in later.text
    assert "ふたたび掲載されました" in later.text
    run(held, JOB, at=quiet + QUIET_FOR + MINUTE)
    assert len(waiting(held)) == 2


def vars_of(content: ListingContent) -> dict[str, object]:
    return {name: getattr(content, name) for name in content.__slots__}


def test_what_the_owner_saw_on_the_page_or_does_not_want_is_not_mailed(held: Resources) -> None:
    listing = publish_and_index(held, rate="1/2")
    reader, silent, stopped = (make_user(held, f"{n}@firm.example.jp") for n in ("a", "b", "c"))
    for user in (reader, silent, stopped):
        keep(held, user, listing)
    with write_transaction(held.sessions) as session:
        settings.choose(session, silent, change_mails=False, now=NOW)
    change(held, listing, at=NOW, rate="2/3")
    with write_transaction(held.sessions) as session:
        row = session.get_one(Favorite, (reader, listing_of(session, listing).id))
        row.known_version_id = listing_of(session, listing).public_version_id or 0
    assert run(held, JOB, at=NOW + QUIET_FOR) == "お知らせ1通"
    assert [mail.to for mail in waiting(held)] == ["c@firm.example.jp"]
    with write_transaction(held.sessions) as session:
        settings.choose(session, silent, change_mails=True, now=NOW)
    run(held, JOB, at=NOW + 2 * QUIET_FOR)
    assert len(waiting(held)) == 1
    # A favourite that is saved anew begins anew.
    change(held, listing, at=NOW + MINUTE, rate="3/4")
    run(held, JOB, at=NOW + MINUTE + QUIET_FOR)
    assert ["1/2 → 2/3" in mail.text for mail in waiting(held)[1:]] == [False] * 3
    assert ["2/3 → 3/4" in mail.text for mail in waiting(held)[1:]] == [True] * 3


def test_two_who_run_at_once_tell_once_and_one_that_fails_keeps_no_other_back(
    held: Resources,
) -> None:
    listing = publish_and_index(held, rate="1/2")
    users = [make_user(held, f"owner{number}@firm.example.jp") for number in range(3)]
    for user in users:
        keep(held, user, listing)
    change(held, listing, rate="2/3")
    context = replace(held.job_context(), clock=Clock(NOW + QUIET_FOR))

    def die(_conn, _cursor, statement: str, parameters, *_: object) -> None:
        if statement.startswith("INSERT INTO outgoing_mail") and "owner1" in str(parameters):
            raise OperationalError(statement, parameters, Exception("the disk is full"))

    event.listen(held.engine, "before_cursor_execute", die)
    with pytest.raises(JobFailedError, match="お知らせ2通。できなかった会員: 1人"):
        alert_jobs.mail_changes(context)
    event.remove(held.engine, "before_cursor_execute", die)
    race(held.sessions, [lambda: alert_jobs.mail_changes(context)] * 2)
    assert sorted(mail.to for mail in waiting(held)) == [
        f"owner{n}@firm.example.jp" for n in range(3)
    ]


def test_withdrawn_one_names_what_took_its_place(held: Resources) -> None:
    old = publish_and_index(held, title="去年の補助金")
    follows = RelationContent(RelationKind.PREDECESSOR, old)
    new = publish_and_index(held, title="今年の補助金", relations=(follows,))
    owner = make_user(held)
    keep(held, owner, old)
    withdraw(held, old)
    run(held, JOB, at=NOW + QUIET_FOR)
    (mail,) = waiting(held)
    assert mail.subject.endswith("お気に入りの掲載が終わりました: 去年の補助金")
    assert f"代わりの支援: 今年の補助金\n  {held.settings.base_url}/listings/{new}" in mail.text
