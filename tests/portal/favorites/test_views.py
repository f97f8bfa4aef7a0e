"""``/favorites`` as owners use it: without an account, with one, and from one to the other."""

import csv
import io
import json
import re
from datetime import date, timedelta
from urllib.parse import unquote

import feedparser
import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal import own_favorites
from portal.accounts.permissions import Role
from portal.app import create_app
from portal.db import write_transaction
from portal.extensions import Resources
from portal.favorites import cookie, queries, services
from portal.favorites.kept import Kept
from portal.favorites.models import MOST_FAVORITES, Favorite
from portal.listings import services as listing_services
from portal.listings.content import RelationContent
from portal.listings.models import Listing, listing_id_of
from portal.listings.relation_kinds import RelationKind
from tests.accounts import LONG_PASSWORD, Visitor, code_at, id_of, make_user, move_clock, signed_in
from tests.conftest import NOW, PRODUCTION_URL, make_settings, resources_of
from tests.factories import make_content, publish_and_index
from tests.pages import Page
from tests.portal.accounts.mailbox import letters_to, link_in
from tests.portal.favorites.test_kept import FIXED
from tests.portal.feeds.calendar_reading import read

OWNER = "owner@firm.example.jp"


def window(closes_in: int, **content: object) -> dict[str, object]:
    """What a listing says that closes in so many days."""
    closes_on = NOW.date() + timedelta(days=closes_in)
    return {"date_state": "window", "closes_on": closes_on} | content


def change(held: Resources, public_id: str, **content: object) -> None:
    """The public sees another version."""
    with write_transaction(held.sessions) as session:
        listing = session.get_one(Listing, listing_id_of(public_id))
        listing_services.save_version(session, listing, make_content(**content), now=NOW)
        listing_services.publish(session, listing, now=NOW)


def withdraw(held: Resources, public_id: str) -> None:
    with write_transaction(held.sessions) as session:
        listing = session.get_one(Listing, listing_id_of(public_id))
        listing_services.withdraw(session, listing, reason="終了", now=NOW)


def keep(visitor: Visitor, *public_ids: str) -> None:
    for public_id in public_ids:
        assert visitor.send(f"/favorites/{public_id}").status_code == 303


def kept_rows(held: Resources) -> list[int]:
    """The listings of all members, in order."""
    with held.sessions() as session:
        return list(session.scalars(select(Favorite.listing_id).order_by(Favorite.listing_id)))


def test_visitor_keeps_a_listing_where_it_is_shown_and_takes_that_back(
    app: Flask, resources: Resources
) -> None:
    public_id = publish_and_index(resources)
    visitor = Visitor(app)
    page = visitor.get("/search?q=店舗")
    button = page.dom.select_one(f'[data-keeps="{public_id}"]')
    form = page.dom.find(id=button["form"])
    assert (button["aria-pressed"], page.texts("#favorite-count")) == ("false", [""])
    hidden = {field["name"]: field["value"] for field in form.select("input")}
    sent = visitor.send(
        button["formaction"],
        token=hidden["csrf_token"],
        next=hidden["next"],
    )
    # Back at the card on the page of the very search.
    where, _, place = sent.location.partition("#")
    assert (unquote(where), place) == (hidden["next"], public_id)
    kept = visitor.get(where)
    assert kept.dom.find(id=place)["data-listing-id"] == public_id
    button = kept.dom.select_one(f'[data-keeps="{public_id}"]')
    assert button["aria-pressed"] == "true"
    assert kept.text("#favorite-count") == "1件"
    assert "入れました" in kept.text("#favorite-told")
    other = publish_and_index(resources)
    visitor.send(f"/favorites/{other}")
    elsewhere = (
        f"/listings/{public_id}",
        "/",
        "/agencies/aomori-pref",
        f"/compare?id={public_id}&id={other}",
        "/check?place=02203&show=result",
    )
    for path in elsewhere:
        shown = visitor.get(path)
        buttons = shown.dom.select("[data-keeps]")
        assert {each["aria-pressed"] for each in buttons} == {"true"}
        assert {each["formaction"] for each in buttons} <= {
            f"/favorites/{each}/remove" for each in (public_id, other)
        }
        assert len({each["id"] for each in shown.dom.select("article[id]")}) == len(
            shown.dom.select("article[id]")
        )
    # What an account is good for, and that nothing is lost by it.
    assert "14日前" in visitor.get("/favorites").text(".favorites__account")
    assert "2件" in visitor.get("/signup").text(".lead")
    visitor.send(f"/favorites/{other}/remove")
    visitor.send(button["formaction"], next="https://evil.example/")
    told = visitor.get("/favorites")
    assert told.dom.select_one(".favorites__empty a[href='/search']")
    undo = told.dom.select_one(".favorites__told form")
    visitor.send(undo["action"])
    assert visitor.get("/favorites").listing_ids == [public_id]


def test_answer_to_the_script_swaps_the_button_and_tells(app: Flask, resources: Resources) -> None:
    public_id = publish_and_index(resources, title="<b>支援")
    visitor, script = Visitor(app), {"HX-Request": "true"}
    answer = visitor.send(f"/favorites/{public_id}", headers=script, at=f"new-{public_id}")
    dom = Page(answer.status_code, answer.text).dom
    button = dom.select_one("button[data-keeps]")
    assert button["hx-swap-oob"] == f"outerHTML:[data-keeps='{public_id}']"
    assert (button["aria-pressed"], button["value"]) == ("true", f"new-{public_id}")
    assert "<b>支援" in button.get_text()
    assert dom.select_one("[hx-swap-oob='innerHTML:#favorite-count']").get_text().strip() == "1件"
    gone = visitor.send(f"/favorites/{public_id}/remove", headers=script, at="/evil")
    dom = Page(gone.status_code, gone.text).dom
    assert dom.select_one("[data-keeps]")["aria-pressed"] == "false"
    told = dom.select_one("[hx-swap-oob='innerHTML:#favorite-told'] button")
    assert (told["formaction"], told.get_text()) == (f"/favorites/{public_id}", "元に戻す")


def test_list_is_in_groups_and_orders(app: Flask, resources: Resources) -> None:
    said = [
        window(3, title="う近い"),
        window(40, title="い遠い"),
        window(50, title="あ次", opens_on=NOW.date() + timedelta(days=9)),
        {"title": "え随時", "date_state": "always"},
        {"title": "お不明", "date_state": "unknown"},
        window(-3, title="か終わり"),
        window(12, title="き近い"),
        {"title": "く掲載終了"},
        {"title": "け後継"},
    ]
    ids = [publish_and_index(resources, **content) for content in said]
    visitor = Visitor(app)
    for public_id in ids[:-1]:
        keep(visitor, public_id)
        move_clock(app, timedelta(minutes=1))
    predecessor = RelationContent(RelationKind.PREDECESSOR, ids[7])
    withdraw(resources, ids[7])
    change(resources, ids[-1], title="け後継", relations=(predecessor,))
    groups = visitor.get("/favorites").dom.select("[data-group]")
    shown = {
        str(group["data-group"]): [item["id"] for item in group.select("article")]
        for group in groups
    }
    assert shown == {
        "closing": [ids[0], ids[6]],
        "open": [ids[1]],
        "upcoming": [ids[2]],
        "unknown": [ids[3], ids[4]],
        "over": [ids[5], ids[7]],
    }
    assert [group.h2.get_text() for group in groups][3] == "期間の定めなし・要確認（2件）"
    by_saving = visitor.get("/favorites?sort=saved").listing_ids
    assert by_saving == [ids[n] for n in (6, 0, 1, 2, 4, 3, 7, 5)]
    assert visitor.get("/favorites?sort=name").listing_ids[:2] == [ids[0], ids[6]]
    withdrawn = visitor.get("/favorites?sort=x").dom.find(id=ids[7])
    assert withdrawn.h3.get_text() == "く掲載終了"
    assert withdrawn.select_one(".badge").get_text() == "掲載終了"
    assert withdrawn.select_one("[data-successor] a")["href"] == f"/listings/{ids[8]}"


def test_what_changed_is_told_until_it_is_known(app: Flask, resources: Resources) -> None:
    before = window(10, closes_on=date(2026, 11, 30))
    public_id = publish_and_index(resources, **before)
    visitor, member = Visitor(app), signed_in(app, OWNER)
    for each in (visitor, member):
        keep(each, public_id)
        assert not each.get("/favorites").dom.select("[data-changes]")
    change(resources, public_id, **(before | {"closes_on": date(2026, 12, 15)}))
    for each in (visitor, member):
        page = each.get("/favorites")
        assert page.texts("[data-changes] li") == ["締切：11月30日（月） → 12月15日（火）"]
        version = page.dom.select_one("[data-changes] [name=version]")["value"]
        change(resources, public_id, **before, title="もう一度")
        # Of what came after the page nobody has been told yet.
        each.send(f"/favorites/{public_id}/confirm", version=version)
        page = each.get("/favorites")
        assert page.texts("[data-changes] li") == ["制度の名前：店舗改装の補助金 → もう一度"]
        version = page.dom.select_one("[data-changes] [name=version]")["value"]
        done = each.send(f"/favorites/{public_id}/confirm", version=version)
        assert done.location == f"/favorites#{public_id}"
        assert not each.get("/favorites").dom.select("[data-changes]")
        change(resources, public_id, **(before | {"closes_on": date(2026, 12, 15)}))
    other = Visitor(app)
    assert other.send(f"/favorites/{public_id}/confirm", version="x").status_code == 404


def test_note_stays_with_what_is_put_back_and_is_lost_nowhere(
    app: Flask, resources: Resources
) -> None:
    public_id = publish_and_index(resources)
    visitor, member = Visitor(app), signed_in(app, OWNER)
    keep(visitor, public_id)
    assert not visitor.get("/favorites").dom.select("textarea")
    keep(member, public_id)
    path = f"/favorites/{public_id}"
    member.send(f"{path}/note", note="=商工会に\r\n聞く")
    assert member.get("/favorites").text("textarea") == "=商工会に 聞く"
    long = "あ" * 501
    refused = member.send(f"{path}/note", note=long)
    page = Page(refused.status_code, refused.text)
    assert (page.status, page.text("textarea")) == (422, long)
    assert "1文字減らして" in page.text(".field__error")
    move_clock(app, timedelta(days=3))
    removed = member.send(f"{path}/remove", headers={"Referer": f"http://localhost{path}/note"})
    # The page with the words that were too many is at an address that takes forms alone.
    assert removed.location == "/favorites#" + public_id
    # Typed in another tab.
    lost = member.send(f"{path}/note", note="書きかけ")
    assert (lost.status_code, "書きかけ" in lost.text) == (404, True)
    withdraw(resources, public_id)
    member.send(path)
    with resources.sessions() as session:
        (row,) = queries.list_kept(session, id_of(resources, OWNER))
    assert (row.saved_at, row.note) == (NOW, "=商工会に\n聞く")
    own = json.loads(member.send("/me/data").data)["favorites"]
    assert [(row["listing"], row["note"]) for row in own] == [(public_id, row.note)]
    cells = list(csv.reader(io.StringIO(member.open("/favorites.csv").text)))
    assert cells[1][-1] == "'=商工会に\n聞く"
    member.send("/me/end", password=LONG_PASSWORD)
    assert kept_rows(resources) == []


@settings(FIXED, max_examples=40)
@given(value=st.one_of(st.text("abcABC012=-_.", max_size=60), st.binary(max_size=40).map(repr)))
def test_any_cookie_is_answered(app_of_module: Flask, value: str) -> None:
    visitor = Visitor(app_of_module)
    visitor.client.set_cookie(own_favorites.COOKIE, value)
    page = visitor.get("/favorites")
    assert ("読み取れません" in page.text("main")) == bool(value)
    assert page.texts("#favorite-count") == [""]


@pytest.fixture(scope="module")
def app_of_module(tmp_path_factory, make_sqlite_database) -> Flask:
    """An app that no test changes."""
    folder = tmp_path_factory.mktemp("favorites")
    return create_app(make_settings(folder, PORTAL_DATABASE_URL=make_sqlite_database()))


def test_hundred_and_first_is_told_what_to_do_and_an_account_takes_all(
    app: Flask, resources: Resources
) -> None:
    one_more, public_id = publish_and_index(resources), publish_and_index(resources)
    version_id = 2
    ids = range(3, 3 + MOST_FAVORITES - 1)
    full = [Kept(2, version_id, NOW), *(Kept(number, number, NOW) for number in ids)]
    visitor = Visitor(app)
    box = resources.secret_key.box(cookie.BOX)
    visitor.client.set_cookie(own_favorites.COOKIE, cookie.write(full, box, now=NOW))
    visitor.send(f"/favorites/{one_more}", next="/search")
    told = visitor.get("/search").text("#favorite-told")
    assert "100件までです" in told
    assert "会員登録" in told
    keep(visitor, public_id)
    make_user(resources, OWNER)
    # Of what is no listing, nothing is taken over.
    visitor.sign_in(OWNER)
    assert kept_rows(resources) == [2]
    assert visitor.cookie(own_favorites.COOKIE) is None
    keep(visitor, one_more)
    assert visitor.get("/favorites").listing_ids == [one_more, public_id]


def sign_up(app: Flask, visitor: Visitor) -> None:
    visitor.send("/signup", email=OWNER)
    link = link_in(letters_to(resources_of(app), OWNER)[-1], "/signup")
    visitor.get(link)
    assert kept_rows(resources_of(app)) == [], "a GET takes nothing over"
    visitor.send(link, name="佐藤", new_password=LONG_PASSWORD)


def sign_in_with_code(app: Flask, visitor: Visitor) -> None:
    make_user(resources_of(app), OWNER, role=Role.STAFF, has_totp=True)
    visitor.sign_in(OWNER)
    assert kept_rows(resources_of(app)) == [], "the first of two steps lets nobody in"
    visitor.send("/login/totp", code=code_at(NOW))


def sign_in_with_password(app: Flask, visitor: Visitor) -> None:
    make_user(resources_of(app), OWNER)
    visitor.sign_in(OWNER)


@pytest.mark.parametrize("sign_in", [sign_up, sign_in_with_code, sign_in_with_password])
def test_every_way_in_takes_over_what_the_browser_keeps(
    app: Flask, resources: Resources, sign_in
) -> None:
    first, second = publish_and_index(resources), publish_and_index(resources)
    visitor = Visitor(app)
    keep(visitor, first, second)
    sign_in(app, visitor)
    assert kept_rows(resources) == [1, 2]
    assert visitor.cookie(own_favorites.COOKIE) is None
    assert visitor.get("/favorites").listing_ids == [first, second]
    visitor.send("/logout")
    assert visitor.get("/favorites").listing_ids == []
    # A second browser of the same owner.
    other = Visitor(app)
    keep(other, second)
    other.sign_in(OWNER)
    assert kept_rows(resources) == [1, 2]


def test_what_could_not_be_taken_over_waits_in_the_browser(
    app: Flask, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST_OF_MEMBER", 1)
    first, second = publish_and_index(resources), publish_and_index(resources)
    visitor = Visitor(app)
    keep(visitor, first, second)
    sign_in_with_password(app, visitor)
    assert "1件が入りませんでした" in visitor.get("/me").text("main")
    page = visitor.get("/favorites")
    assert page.listing_ids == [first]
    assert "まだアカウントに入れていないお気に入りが1件" in page.text("main")
    monkeypatch.undo()
    visitor.send("/favorites/take-over")
    assert visitor.get("/favorites").listing_ids == [first, second]
    assert visitor.cookie(own_favorites.COOKIE) is None


def test_shared_set_is_the_same_for_everybody(app: Flask, resources: Resources) -> None:
    ids = [publish_and_index(resources, **window(9, title=f"=支援{n}")) for n in range(3)]
    owner = signed_in(app, OWNER)
    keep(owner, *ids)
    owner.send(f"/favorites/{ids[0]}/note", note="ひみつ")
    own = owner.get("/favorites")
    # There, a button makes a sheet of those that are ticked.
    assert own.dom.select(".share a[href^='/favorites/sheet']") == []
    link = own.text("#share-address").removeprefix("http://localhost")
    assert link == "/favorites/shared?" + "&".join(f"id={public_id}" for public_id in ids)
    withdraw(resources, ids[1])
    other = Visitor(app)
    page = other.get(f"{link}&id=L000999&id={ids[0]}&id=%00")
    assert page.listing_ids == [ids[0], ids[2]]
    assert "ひみつ" not in page.dom.get_text()
    (sheet,) = page.dom.select(".share a[href^='/favorites/sheet']")
    assert str(sheet["href"]).partition("?")[2] == link.partition("?")[2]
    assert "見つからない支援が2件" in page.text(".favorites")
    assert [row["data-withdrawn"] for row in page.dom.select("[data-withdrawn]")] == [ids[1]]
    assert "=支援1" not in page.dom.get_text()
    named = [str(hidden["value"]) for hidden in page.dom.select("form [name=id]")]
    other.send("/favorites/shared", id=named)
    assert other.get("/favorites").listing_ids == [ids[0], ids[2]]
    query = link.partition("?")[2]
    rows = list(csv.reader(io.StringIO(other.open(f"/favorites.csv?{query}").text)))
    assert [row[:2] for row in rows[1:]] == [
        [ids[0], "'=支援0"],
        [ids[1], f"掲載終了 {ids[1]}"],
        [ids[2], "'=支援2"],
    ]
    # Programs fetch the set again and again; one's own is nobody else's to keep.
    cached = {f"/favorites.ics?{query}": "public, no-cache", "/favorites.ics": "no-store"}
    for path, cache in cached.items():
        answer = owner.open(path)
        assert answer.headers["Cache-Control"] == cache
        cancelled = re.findall("STATUS:([A-Z]+)", answer.text)
        assert sorted(cancelled) == ["CANCELLED", "CONFIRMED", "CONFIRMED"]
    read_back = read(other.client, f"/favorites.ics?{query}")
    assert len(read_back.events) == 3
    feeds = {f"/favorites.atom?{query}": "public, no-cache", "/favorites.atom": "no-store"}
    for path, cache in feeds.items():
        answer = owner.open(path)
        assert answer.headers["Cache-Control"] == cache
        told = feedparser.parse(answer.data)
        assert not told.bozo
        assert [entry.title for entry in told.entries] == ["=支援2", "=支援0"]
        assert told.feed.link == f"http://localhost{link}"
    assert other.open(f"/favorites/qr.svg?{query}").mimetype == "image/svg+xml"
    assert other.get("/favorites/shared?" + "&".join(f"id=L{n:06}" for n in range(150)))
    assert "Access-Control-Allow-Origin" not in other.open("/favorites.ics").headers


def test_pages_with_the_button_alone_may_be_gone_back_to(app: Flask, resources: Resources) -> None:
    visitor = Visitor(app)
    # Without a listing there is no button, so nothing has to be guarded.
    assert "Set-Cookie" not in visitor.open("/search").headers
    public_id = publish_and_index(resources)
    for path in ("/search", f"/listings/{public_id}", "/"):
        headers = visitor.open(path).headers
        assert headers["Cache-Control"] == "private, no-cache"
        assert "Cookie" in headers["Vary"]
    assert visitor.open("/favorites").headers["Cache-Control"] == "private, no-cache"
    keep(visitor, public_id)
    assert visitor.open("/favorites").headers["Cache-Control"] == "no-store"
    assert signed_in(app, OWNER).open("/search").headers["Cache-Control"] == "no-store"


def test_cookie_is_for_this_host_alone(production_app: Flask) -> None:
    held = resources_of(production_app)
    public_id = publish_and_index(held)
    visitor = Visitor(production_app, base_url=PRODUCTION_URL)
    answer = visitor.send(f"/favorites/{public_id}", headers={"Origin": PRODUCTION_URL})
    (cookie_given,) = [
        value
        for value in answer.headers.getlist("Set-Cookie")
        if value.startswith("__Host-favorites=")
    ]
    said = {part.strip() for part in cookie_given.split(";")[1:]}
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=31536000"} <= said
