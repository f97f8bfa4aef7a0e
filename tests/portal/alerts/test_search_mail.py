"""The job that mails news of saved searches, on each database and index."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.alerts import search_mail, services
from portal.alerts.criteria import Criteria
from portal.alerts.models import SavedSearch
from portal.alerts.services import Baseline
from portal.alerts.timing import Frequency
from portal.audit.types import OPERATOR
from portal.db import write_transaction
from portal.extensions import Resources
from portal.jobs import alert_jobs
from portal.jobs.context import JobFailedError
from portal.listings import services as listing_services
from portal.listings.models import Listing
from portal.search import synonym_services
from portal.search.synonym_content import SynonymContent
from tests.accounts import get_user, make_user
from tests.conftest import NOW
from tests.factories import make_content, make_listing, publish_and_index
from tests.portal.alerts.alert_pages import run, searches, waiting
from tests.portal.alerts.favorites import withdraw
from tests.racing import JustBeforeWriting, race

JOB = "saved-search-mail"
NOTHING = Baseline(frozenset(), 0, "")


def save(
    held: Resources,
    criteria: str = "",
    *,
    to: str = "owner@firm.example.jp",
    frequency: Frequency = Frequency.AT_ONCE,
    baseline: Baseline | None = NOTHING,
) -> int:
    """A saved search of an address, confirmed at ``NOW``; returns its number."""
    with write_transaction(held.sessions) as session:
        row = services.request(session, to, to, Criteria(criteria), frequency, now=NOW)
        services.begin(row, baseline, now=NOW)
        return row.id


def told(held: Resources) -> list[tuple[str, list[str]]]:
    """To whom mail waits, and of which listings it tells."""
    return [(mail.to, mail.listing_ids) for mail in waiting(held)]


def test_each_is_told_what_it_finds_once_and_nothing_when_nothing_is_new(held: Resources) -> None:
    old = publish_and_index(held, title="雪の補助金")
    first = save(held, "q=%E9%9B%AA", baseline=None)
    save(held, to="all@firm.example.jp", baseline=None)
    assert run(held, JOB) == "調べた条件2件、お知らせ0通"
    assert searches(held)[0].known == {int(old[1:])}
    assert run(held, JOB) == "調べた条件0件、お知らせ0通"
    later = NOW + timedelta(minutes=1)
    snow = publish_and_index(held, title="雪の融資", now=later)
    other = publish_and_index(held, title="りんごの融資", now=later)
    assert run(held, JOB, at=later) == "調べた条件2件、お知らせ2通"
    assert told(held) == [
        ("owner@firm.example.jp", [snow]),
        ("all@firm.example.jp", [snow, other]),
    ]
    for hours in (0, 12, 24 * 400):
        run(held, JOB, at=later + timedelta(hours=hours))
    assert len(waiting(held)) == 2
    with write_transaction(held.sessions) as session:
        services.stop(session.get_one(SavedSearch, first), now=NOW)
    publish_and_index(held, title="雪のもう一つの融資", now=later)
    run(held, JOB, at=later)
    assert [to for to, _ in told(held)[2:]] == ["all@firm.example.jp"]


def test_upcoming_one_is_told_again_when_it_opens(held: Resources) -> None:
    save(held)
    opens_on = date(2026, 12, 1)
    listing = publish_and_index(held, date_state="window", opens_on=opens_on)
    for day in range(14):
        run(held, JOB, at=NOW + timedelta(days=day))
    first, second = waiting(held)
    assert first.listing_ids == second.listing_ids == [listing]
    assert "【新着】" in first.text
    assert "12月1日（火）から受付" in first.text
    assert "【受付が始まりました】" in second.text
    assert second.subject == "【あおビズサーチ】受付が始まった支援 1件"


def test_daily_and_weekly_gather_what_came_until_their_time(held: Resources) -> None:
    save(held, to="daily@firm.example.jp", frequency=Frequency.DAILY)
    save(held, to="weekly@firm.example.jp", frequency=Frequency.WEEKLY)
    ids = [publish_and_index(held, title=f"{number}番の補助金") for number in range(25)]
    # Friday noon; then eight in the morning of Saturday to Monday.
    saturday = NOW + timedelta(hours=20)
    run(held, JOB)
    run(held, JOB, at=saturday - timedelta(seconds=1))
    assert waiting(held) == []
    for day in range(4):
        run(held, JOB, at=saturday + timedelta(days=day))
    assert [to for to, _ in told(held)] == ["daily@firm.example.jp", "weekly@firm.example.jp"]
    for mail in waiting(held):
        assert len(mail.listing_ids) == search_mail.MOST_TOLD < len(ids)
        assert "新着の支援 25件" in mail.subject
        assert "ほかに5件あります。" in mail.text


def test_two_who_run_at_once_tell_once(held: Resources) -> None:
    for number in range(3):
        save(held, to=f"owner{number}@firm.example.jp")
    publish_and_index(held)
    round_ = alert_jobs.search_round(held.job_context())
    outcomes = race(held.sessions, [lambda: search_mail.tell_due(round_).mailed] * 2)
    assert sum(int(str(mailed)) for mailed in outcomes) == 3
    assert [to for to, _ in told(held)] == [f"owner{number}@firm.example.jp" for number in range(3)]


def test_what_is_withdrawn_while_the_job_runs_is_not_told(held: Resources) -> None:
    save(held)
    gone, stays = (publish_and_index(held, title=title) for title in ("消える融資", "残る融資"))
    round_ = alert_jobs.search_round(held.job_context())
    sessions = JustBeforeWriting(held.sessions, lambda: withdraw(held, gone))
    assert search_mail.tell_due(replace(round_, sessions=sessions)).mailed == 1
    (mail,) = waiting(held)
    assert mail.listing_ids == [stays]
    assert "消える" not in mail.subject + mail.text + mail.html


def test_one_that_cannot_be_told_keeps_no_other_back(held: Resources) -> None:
    save(held, "kind=gone", to="a@firm.example.jp")
    save(held, to="b@firm.example.jp")
    broken = save(held, to="c@firm.example.jp")
    set_address(held, broken, "c@firm.example.jp\nBcc: d@firm.example.jp")
    publish_and_index(held)
    with pytest.raises(JobFailedError, match="調べた条件3件、お知らせ1通。できなかったもの: 2件"):
        run(held, JOB)
    assert run(held, JOB) == "調べた条件0件、お知らせ0通"
    set_address(held, broken, "c@firm.example.jp")
    with pytest.raises(JobFailedError, match="お知らせ1通。できなかったもの: 1件"):
        run(held, JOB, at=NOW + search_mail.FAILED_WAITS)
    assert [to for to, _ in told(held)] == ["b@firm.example.jp", "c@firm.example.jp"]


def set_address(held: Resources, search_id: int, address: str) -> None:
    with write_transaction(held.sessions) as session:
        session.get_one(SavedSearch, search_id).address = address


def test_without_an_index_it_waits_and_loses_nothing(unindexed: Resources) -> None:
    save(unindexed, baseline=None)
    with unindexed.sessions() as session:
        make_listing(session, now=NOW + timedelta(seconds=1))
    assert run(unindexed, JOB).startswith("検索の索引が整うのを待っています。")
    unindexed.indexer.rebuild()
    # First it looks what was there when it was confirmed, then tells what came after that.
    assert run(unindexed, JOB) == "調べた条件1件、お知らせ0通"
    assert run(unindexed, JOB) == "調べた条件1件、お知らせ1通"
    assert told(unindexed) == [("owner@firm.example.jp", ["L000001"])]


def test_another_synonym_tells_nothing_old(held: Resources) -> None:
    save(held, "q=zzz", baseline=None)
    publish_and_index(held, title="除雪の補助金")
    run(held, JOB)
    with write_transaction(held.sessions) as session:
        content = SynonymContent(("zzz", "除雪"))
        synonym_services.add_group(session, content, actor=OPERATOR, now=NOW)
    later = NOW + timedelta(minutes=1)
    new = publish_and_index(held, title="除雪の融資", now=later)
    assert run(held, JOB, at=later) == "調べた条件1件、お知らせ1通"
    assert told(held) == [("owner@firm.example.jp", [new])]


def test_member_is_told_at_their_address_of_the_day_unless_stopped(held: Resources) -> None:
    user_id = make_user(held, "old@firm.example.jp")
    with write_transaction(held.sessions) as session:
        user = session.merge(get_user(held, user_id))
        row = services.save(session, user, Criteria(""), Frequency.AT_ONCE, NOTHING, now=NOW)
        user.email = user.email_folded = "new@firm.example.jp"
    assert row.address is None
    publish_and_index(held)
    run(held, JOB)
    assert [to for to, _ in told(held)] == ["new@firm.example.jp"]
    with write_transaction(held.sessions) as session:
        session.merge(get_user(held, user_id)).disabled_at = NOW
    publish_and_index(held)
    run(held, JOB)
    assert len(told(held)) == 1


def test_listing_that_comes_to_match_is_news_and_one_that_left_is_not_told(
    held: Resources,
) -> None:
    save(held, "kind=loan")
    public_id = publish_and_index(held)
    gone = publish_and_index(held, kind="loan")
    with write_transaction(held.sessions) as session:
        listing = session.get_one(Listing, int(public_id[1:]))
        listing_services.save_version(session, listing, make_content(kind="loan"), now=NOW)
        listing_services.publish(session, listing, now=NOW)
        withdrawn = session.get_one(Listing, int(gone[1:]))
        listing_services.withdraw(session, withdrawn, reason="終わり", now=NOW)
    run(held, JOB)
    assert told(held) == [("owner@firm.example.jp", [public_id])]


def test_of_several_words_each_listing_holds_all(held: Resources) -> None:
    whole = publish_and_index(held, title="除雪機の融資")
    publish_and_index(held, title="除雪機の補助金")
    save(held, "q=%E9%99%A4%E9%9B%AA%E6%A9%9F+%E8%9E%8D%E8%B3%87", baseline=None)
    run(held, JOB)
    assert searches(held)[0].known == {int(whole[1:])}
    with write_transaction(held.sessions) as session:
        # Now nothing holds both, and the page shows what holds one of them.
        gone = session.get_one(Listing, int(whole[1:]))
        listing_services.withdraw(session, gone, reason="終わり", now=NOW)
    publish_and_index(held, title="除雪機の講習")
    assert run(held, JOB) == "調べた条件1件、お知らせ0通"
    again = publish_and_index(held, title="除雪機を買う融資")
    run(held, JOB)
    assert told(held) == [("owner@firm.example.jp", [again])]


def test_upcoming_one_is_told_when_it_opens_though_the_conditions_changed(held: Resources) -> None:
    number = save(held)
    listing = publish_and_index(held, date_state="window", opens_on=date(2026, 12, 1))
    run(held, JOB)
    with write_transaction(held.sessions) as session:
        row = session.get_one(SavedSearch, number)
        there = Baseline(frozenset({int(listing[1:])}), row.looked_seq, row.understood_as)
        services.change_criteria(session, row, Criteria("kind=subsidy"), there, now=NOW)
    for day in (1, 11, 12):
        run(held, JOB, at=NOW + timedelta(days=day))
    assert [mail.listing_ids for mail in waiting(held)] == [[listing]] * 2
    assert "【受付が始まりました】" in waiting(held)[1].text
