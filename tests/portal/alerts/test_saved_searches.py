"""Saved searches as visitors and members meet them: two yeses, one tap to stop, nothing told of
addresses."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from portal.accounts.models import User
from portal.alerts.changes import QUIET_FOR
from portal.alerts.criteria import Criteria
from portal.alerts.models import AlertState, SavedSearch
from portal.alerts.services import MOST_SEARCHES, REQUEST_LIVES, STOPPED_KEPT
from portal.db import write_transaction
from portal.extensions import Resources
from tests.accounts import (
    LONG_PASSWORD,
    NO_ADDRESSES,
    Visitor,
    actions,
    make_user,
    move_clock,
    signed_in,
)
from tests.conftest import NOW, resources_of
from tests.factories import publish_and_index
from tests.pages import Page
from tests.portal.accounts.test_told_form import told
from tests.portal.alerts.alert_pages import OWNER, ask, press, run, searches, sent, waiting, watch
from tests.portal.alerts.favorites import change, keep


def test_visitor_says_yes_twice_and_gets_news_once(app: Flask, resources: Resources) -> None:
    old = publish_and_index(resources, title="りんごの販路の補助金")
    visitor = Visitor(app)
    results = visitor.get("/search?q=りんご&region=02202&sort=deadline")
    offered = str(results.dom.select_one(".alert-offer a")["href"])
    page = visitor.get(offered)
    assert page.texts("main dt") == ["ことば", "地域"]
    assert page.texts("main dd") == ["りんご", "弘前市"]
    ask(visitor, offered.partition("?")[2])
    (asking,) = sent(resources)
    assert "・ことば: りんご\n・地域: 弘前市\n" in asking.text
    assert asking.unsubscribe is None
    # Mail scanners open links: nothing is confirmed by that.
    visitor.get(asking.page)
    assert [row.state for row in searches(resources)] == [AlertState.REQUESTED]
    press(visitor, asking.page, "confirm")
    new = publish_and_index(
        resources, title="りんごの加工の補助金", amount_max_yen=500_000, tel="0172-00-0000"
    )
    assert run(resources, "saved-search-mail") == "調べた条件1件、お知らせ1通"
    run(resources, "mail-send")
    told = sent(resources)[-1]
    assert told.subject == "【あおビズサーチ】新着の支援 1件（りんご・弘前市）"
    assert told.listing_ids == [new] != [old]
    for body in (told.text, told.html):
        for words in (
            "りんごの加工の補助金",
            "弘前市",
            "50万円",
            "0172-00-0000",
            "いつでも申し込めます",
            "青森県",
        ):
            assert words in body, words
    assert told.unsubscribe == f"<{resources.settings.base_url}{told.stop}>"
    assert actions(resources) == []


@pytest.mark.parametrize("address", [a for a in NO_ADDRESSES if a.isprintable()], ids=repr)
def test_address_that_is_none_is_told_beside_the_field(app: Flask, address: str) -> None:
    visitor = Visitor(app)
    answer = visitor.send(
        "/alerts", token=visitor.token("/alerts"), q="雪", email=address, frequency="daily"
    )
    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text
    assert 'value="雪"' in answer.text
    assert searches(resources_of(app)) == []


def test_answer_tells_nothing_of_accounts_or_saved_searches(
    app: Flask, resources: Resources
) -> None:
    make_user(resources, "member@firm.example.jp")
    watch(app, "q=雪", email="known@firm.example.jp")
    held, many = resources_of(app), "many@firm.example.jp"
    unconfirmed = []
    for number in range(MOST_SEARCHES + 1):
        move_clock(app, timedelta(hours=3))
        ask(Visitor(app), f"q=雪{number}", email=many)
        unconfirmed.append(sent(held, many)[-1].page)
    # Whoever types an address keeps its reader from nothing.
    for page in unconfirmed:
        press(visitor := Visitor(app), page, "confirm")
    assert "20個まで" in visitor.get(page).text("main")
    shown = set()
    for name in ("member", "known", "many", "nobody"):
        email = f"{name}@firm.example.jp"
        visitor = Visitor(app)
        token = visitor.token("/alerts?q=雪")
        answer = visitor.send("/alerts", token=token, q="雪", email=email, frequency="weekly")
        shown.add((answer.status_code, answer.text.replace(email, "")))
    assert len(shown) == 1
    subjects = {
        name: sent(held, f"{name}@firm.example.jp")[-1].subject.partition("】")[2]
        for name in ("member", "known", "many", "nobody")
    }
    assert subjects == {
        "member": "新着メールの受け取りの確認",
        "known": "同じ条件が保存されています",
        "many": "保存できる条件の数をこえています",
        "nobody": "新着メールの受け取りの確認",
    }
    # Whoever types an address changes nothing of what its reader confirmed.
    (known,) = [row for row in searches(held) if row.address == "known@firm.example.jp"]
    assert known.frequency == "at_once"
    assert len(searches(held)) == MOST_SEARCHES + 4


def test_nobody_has_the_portal_send_their_own_links_to_others(
    app: Flask, resources: Resources
) -> None:
    visitor, words = Visitor(app), "https://evil.example/x?a@evil.example www.evil.example "
    for _ in ("new", "asked for"):
        ask(visitor, urlencode({"q": words + "あ" * 100}))
    press(visitor, sent(resources)[-1].page, "confirm")
    ask(visitor, urlencode({"q": words + "あ" * 100}))
    for letter in sent(resources):
        for body in (letter.text, letter.html):
            assert "https：／／evil．example／x?a＠evil．example www．evil．example ああ" in body
            assert "evil.example" not in body
            assert "あ" * 60 not in body


def test_search_with_a_condition_that_is_gone_is_still_shown_mended_and_stopped(
    app: Flask, resources: Resources
) -> None:
    owner = signed_in(app, OWNER)
    page = watch(app, "q=雪&purpose=startup")
    gone = Criteria("q=%E9%9B%AA&purpose=gone")
    with write_transaction(resources.sessions) as session:
        row = session.scalars(select(SavedSearch)).one()
        row.criteria, row.criteria_digest = gone.text, gone.digest
    (line,) = owner.get("/me/saved-searches").dom.select("[data-saved-search]")
    assert "雪" in line.get_text()
    assert "お知らせできません" in line.get_text()
    assert "今はもうない条件" in owner.get(page).text(".notice--warning")
    for action in ("stop", "resume"):
        press(owner, page, action)
    press(owner, page, "criteria", q="雪")
    assert not owner.get(page).dom.select(".notice--warning")
    (row,) = searches(resources)
    assert (row.criteria, row.state) == ("q=%E9%9B%AA", AlertState.ACTIVE)


def test_what_was_typed_comes_back_with_an_old_form_and_can_be_sent_again(
    app: Flask, resources: Resources
) -> None:
    visitor, asked = Visitor(app), {"q": "雪", "region": ["02201", "02202"], "email": OWNER}
    stale = visitor.send("/alerts", token="old", **asked, frequency="daily")
    assert told(stale.text) == {"メールアドレス": OWNER, "お知らせする間隔": "毎日（朝8時）"}
    send_again(visitor, stale)
    page = sent(resources)[-1].page
    press(visitor, page, "confirm")
    (row,) = searches(resources)
    assert row.criteria == "q=%E9%9B%AA&region=02201&region=02202"
    stale = visitor.send(page, token="old", action="criteria", q="融雪", keep="region=02202")
    assert told(stale.text) == {"ことば": "融雪"}
    send_again(visitor, stale)
    assert searches(resources)[0].criteria == "q=%E8%9E%8D%E9%9B%AA&region=02202"
    # Of a button there is nothing to give back.
    assert told(visitor.send(page, token="old", action="stop").text) == {}


def send_again(visitor: Visitor, answer: TestResponse) -> None:
    """Press the button below what was given back."""
    form = Page(answer.status_code, answer.text).dom.select_one("main form")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (400, "no-store")
    given = [(f["name"], f.get_text().removeprefix("\n")) for f in form.select("textarea")]
    token = str(form.select_one("input[name=csrf_token]")["value"])
    fields = MultiDict([*given, ("csrf_token", token)])
    assert visitor.client.post(str(form["action"]), data=fields).status_code in (200, 303)


def test_same_search_asked_for_again_is_one_and_floods_nobody(
    app: Flask, resources: Resources
) -> None:
    visitor = Visitor(app)
    for number in range(12):
        order = "purpose=startup&kind=subsidy" if number % 2 else "kind=subsidy&purpose=startup"
        ask(visitor, f"{order}&sort=new&include_closed=1", email=OWNER.upper())
    assert len(searches(resources)) == 1
    assert len(sent(resources, OWNER.upper())) == 10


def test_page_of_a_link_changes_everything_about_its_search(
    app: Flask, resources: Resources
) -> None:
    public_id = publish_and_index(resources, title="雪の補助金")
    visitor, page = Visitor(app), watch(app, "q=雪&region=02202&kind=subsidy")
    press(visitor, page, "frequency", frequency="weekly")
    press(visitor, page, "exclude", listing=public_id)
    press(visitor, page, "criteria", q="雪 屋根", keep=["kind=subsidy"])
    shown = visitor.get(page)
    assert shown.texts("section[aria-labelledby=conditions-title] dd") == [
        *("雪 屋根", "補助金・助成金", "毎週（月曜日の朝8時）")
    ]
    assert [item["data-excluded"] for item in shown.dom.select("[data-excluded]")] == [public_id]
    press(visitor, page, "include", listing=public_id)
    press(visitor, page, "stop")
    (row,) = searches(resources)
    assert (row.state, row.excluded, row.criteria) == ("stopped", frozenset(), row.criteria)
    press(visitor, page, "resume")
    assert searches(resources)[0].state == AlertState.ACTIVE
    with write_transaction(resources.sessions) as session:
        # A code that a later release does not know any more.
        session.get_one(SavedSearch, row.id).criteria = "q=%E9%9B%AA&kind=gone"
    assert visitor.get(page).texts("section[aria-labelledby=conditions-title] dd")[0] == "雪"
    for nonsense in ("", "explode", "frequency", "exclude"):
        answer = visitor.send(page, token=visitor.token(page), action=nonsense)
        assert answer.status_code == 410
    press(visitor, page, "delete")
    assert searches(resources) == []
    assert "もうありません" in visitor.get(page, 410).text("main")


def test_mail_programs_stop_it_by_one_post_and_can_do_nothing_else(
    app: Flask, resources: Resources
) -> None:
    page = watch(app, "q=雪")
    publish_and_index(resources, title="雪の補助金")
    run(resources, "saved-search-mail")
    run(resources, "mail-send")
    stop = sent(resources)[-1].stop
    program = app.test_client()
    shown = Page(200, program.get(stop).text)
    assert (shown.texts("main dd"), shown.texts("main button")) == (["雪"], ["止める"])
    one_click = {"List-Unsubscribe": "One-Click", "action": "delete"}
    headers = {"Origin": "https://mail.example.com", "Sec-Fetch-Site": "cross-site"}
    for _ in range(2):
        answer = program.post(stop, data=one_click, headers=headers)
        assert (answer.status_code, "Set-Cookie" in answer.headers) == (200, False)
        assert answer.headers["Cache-Control"] == "no-store"
    assert [row.state for row in searches(resources)] == [AlertState.STOPPED]
    # The other address of the same search asks for the token of its page.
    assert program.post(page, data={"action": "delete"}).status_code == 400
    for broken in (stop[:-1], stop + "A", f"/alerts/stop/{'A' * 98}", f"{page}é"):
        assert program.get(broken).status_code == 410
    assert program.post(stop[:-1]).status_code == 410
    publish_and_index(resources, title="雪の補助金 その2")
    assert run(resources, "saved-search-mail") == "調べた条件0件、お知らせ0通"


def test_member_saves_at_once_and_takes_all_along(app: Flask, resources: Resources) -> None:
    watch(app, "q=屋根")
    member = signed_in(app, OWNER)
    for frequency in ("weekly", "daily"):
        token = member.token("/alerts?q=雪")
        answer = member.send("/alerts", token=token, q="雪", frequency=frequency)
        assert answer.location == "/me/saved-searches"
    shown = member.get("/me/saved-searches")
    assert shown.texts("[data-saved-search] .sessions__browser") == ["雪", "屋根"]
    assert shown.texts("[data-saved-search] .hint") == ["毎日（朝8時）", "すぐに"]
    page = str(shown.dom.select_one("[data-saved-search] a")["href"])
    assert "雪" in member.get(page).text("main")
    data = member.send("/me/data").get_json()
    assert [row["criteria"] for row in data["saved_searches"]] == [
        "q=%E9%9B%AA",
        "q=%E5%B1%8B%E6%A0%B9",
    ]
    other = signed_in(app, "other@firm.example.jp")
    assert other.get("/me/saved-searches").dom.select("[data-saved-search]") == []
    for number in range(MOST_SEARCHES):
        answer = member.send(
            "/alerts", token=member.token("/alerts"), q=f"{number}", frequency="daily"
        )
    assert answer.status_code == 409
    assert len(searches(resources)) == MOST_SEARCHES
    member.send("/me/end", password=LONG_PASSWORD)
    assert searches(resources) == []


def test_what_nobody_confirmed_or_resumed_is_forgotten(app: Flask) -> None:
    ask(Visitor(app), "q=雪")
    page = watch(app, "q=屋根")
    press(Visitor(app), page, "stop")
    asked = sent(resources_of(app))[0].page
    now = move_clock(app, REQUEST_LIVES)
    Visitor(app).get(asked, 410)
    held = resources_of(app)
    run(held, "alert-prune", at=now - timedelta(seconds=1))
    assert len(searches(held)) == 2
    run(held, "alert-prune", at=now)
    assert [row.state for row in searches(held)] == [AlertState.STOPPED]
    run(held, "alert-prune", at=now + STOPPED_KEPT)
    assert searches(held) == []


def test_unknown_and_far_too_many_conditions_are_told(app: Flask) -> None:
    visitor = Visitor(app)
    page = visitor.get("/alerts?kind=nonsense&status=closed&sort=new")
    assert len(page.dom.select(".notice--warning")) == 2
    token = visitor.token("/alerts")
    answer = visitor.send("/alerts", token=token, kind="x", email=OWNER, frequency="daily")
    assert answer.status_code == 422
    answer = visitor.send("/alerts", token=token, email=OWNER, frequency="hourly")
    assert 'id="frequency-error"' in answer.text


def test_member_chooses_mails_about_favourites_and_stops_each_with_one_tap(
    app: Flask, resources: Resources
) -> None:
    member = signed_in(app, OWNER)
    public_id = publish_and_index(
        resources, date_state="window", closes_on=NOW.date() + timedelta(days=14), rate="1/2"
    )
    with resources.sessions() as session:
        user_id = session.scalars(select(User.id)).one()
    keep(resources, user_id, public_id, at=NOW - timedelta(days=1))
    run(resources, "deadline-mail")
    change(resources, public_id, rate="2/3")
    run(resources, "favorite-change-mail", at=NOW + QUIET_FOR)
    deadline, changed = waiting(resources)
    for mail, left in ((deadline, ["change_mails"]), (changed, [])):
        assert "お気に入り" in Visitor(app).get(mail.stop).text("main")
        assert Visitor(app).client.post(mail.stop).status_code == 200
        assert "止めました" in Visitor(app).get(mail.stop).text("h1")
        boxes = member.get("/me/saved-searches").dom.select("main input[type=checkbox][checked]")
        assert [str(box["name"]) for box in boxes] == left
    # An address of one kind of mail is none of the others.
    kind = deadline.stop.removeprefix("/alerts/stop")
    assert Visitor(app).open(f"/alerts{kind}").status_code == 410
    member.send("/me/saved-searches", deadline_mails="1")
    data = member.send("/me/data").get_json()["alerts"]
    assert (data["deadline_mails"], data["change_mails"]) == (True, False)
    assert [row["days_before"] for row in data["told_deadlines"]] == [14]
    assert [row["listing"] for row in data["told_changes"]] == [public_id]
    run(resources, "alert-prune", at=NOW + timedelta(days=15))
    assert member.send("/me/data").get_json()["alerts"]["told_deadlines"] == []
    member.send("/me/end", password=LONG_PASSWORD)
    assert "使えません" in Visitor(app).get(changed.stop, 410).text("h1")
