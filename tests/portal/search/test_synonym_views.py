"""The prefecture looks after synonyms."""

import csv
import io
import json

import pytest
from flask import Flask
from sqlalchemy import delete

from portal.audit.types import OPERATOR
from portal.db import write_transaction
from portal.extensions import Resources
from portal.search import synonym_queries, synonym_services, synonyms
from portal.search.models import SynonymGroup, SynonymMember
from portal.search.synonym_content import SynonymContent
from tests.accounts import Visitor, events, signed_in_admin
from tests.conftest import DATABASES, NOW, MakeApp, make_settings, resources_of
from tests.databases import MakeDatabase
from tests.factories import publish_and_index
from tests.pages import Page

PATH = "/admin/synonyms"
STOVE = {"members": "暖炉\r\nストーブ", "added": "", "category": "energy", "note": "冬の前に"}


@pytest.fixture
def admin(app: Flask) -> Visitor:
    return signed_in_admin(app)


@pytest.fixture
def few(resources: Resources) -> dict[str, int]:
    """Three groups and no other: words that mean the same, a saying, one that is switched off."""
    with write_transaction(resources.sessions) as session:
        session.execute(delete(SynonymMember))
        session.execute(delete(SynonymGroup))
    heat = add(resources, "暖房", "ＨＥＡＴ", category="energy", note="=冬")
    saying = add(resources, *(f"部屋が{n}度だ" for n in range(12)), "寒い", added=("暖房",))
    off = add(resources, "ストーブ", "暖炉")
    with write_transaction(resources.sessions) as session:
        group = synonym_queries.get_group(session, off)
        synonym_services.disable_group(session, group, actor=OPERATOR, now=NOW)
    return {"heat": heat, "saying": saying, "off": off}


def add(held: Resources, *members: str, **more: object) -> int:
    with write_transaction(held.sessions) as session:
        content = SynonymContent(members, **more)
        return synonym_services.add_group(session, content, actor=OPERATOR, now=NOW).id


def group(held: Resources, group_id: int) -> SynonymGroup:
    with held.sessions() as session:
        (found,) = synonym_queries.list_by_ids(session, [group_id])
        return found


def names(page: Page) -> list[str]:
    return page.texts("[data-group] h3 a")


def new_id(location: str | None) -> int:
    assert location is not None
    return int(location.removeprefix(f"{PATH}/"))


def seen(page: Page) -> str:
    return str(page.dom.select_one("input[name=seen]")["value"])


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["暖房", "部屋が0度だ", "ストーブ"]),
        ("?q=暖", ["暖房", "部屋が0度だ", "ストーブ"]),
        ("?q=暖房", ["暖房", "部屋が0度だ"]),
        ("?q=he%20at", ["暖房"]),
        ("?category=energy", ["暖房"]),
        ("?state=in_force", ["暖房", "部屋が0度だ"]),
        ("?state=disabled", ["ストーブ"]),
        ("?state=removed", []),
        ("?state=zzz&category=zzz", ["暖房", "部屋が0度だ", "ストーブ"]),
        ("?q=%00", []),
        ("?q=%F0%9F", []),
        ("?page=zzz&page=-1", ["暖房", "部屋が0度だ", "ストーブ"]),
        ("?q=暖&endpoint=x&_external=1", ["暖房", "部屋が0度だ", "ストーブ"]),
    ],
)
def test_list_is_searched(admin: Visitor, query: str, expected: list[str]) -> None:
    page = admin.get(f"{PATH}{query}")
    assert names(page) == expected
    assert page.text("[data-total]") == str(len(expected))


def test_list_reads_as_the_groups_mean(admin: Visitor, few: dict[str, int]) -> None:
    page = admin.get(PATH)
    heat, saying, off = (f"[data-group='{few[name]}']" for name in ("heat", "saying", "off"))
    assert page.texts(f"{heat} dd") == ["暖房 ＝ ＨＥＡＴ", "=冬"]
    assert page.texts(f"{saying} dt") == ["言いまわし", "加えて探すことば"]
    assert page.texts(f"{saying} dd")[0].endswith("、部屋が9度だ ほか3")
    assert page.texts(f"{saying} dd")[1] == "→ 暖房"
    assert page.text(f"{off} .badge") == "停止中"
    # What is searched for is among the words that are shown.
    found = admin.get(f"{PATH}?q=寒い")
    assert found.texts(f"{saying} dd")[0].endswith("寒い ほか3")


def test_list_comes_in_pages_that_keep_what_is_searched_for(admin: Visitor) -> None:
    page = admin.get(f"{PATH}?category=money&page=2")
    total = sum(each.category == "money" for each in synonyms.shipped().values())
    assert page.text("[data-total]") == str(total)
    assert len(names(page)) == synonym_queries.PER_PAGE
    link = page.dom.select_one("a[rel=prev]")["href"]
    assert link == f"{PATH}?page=1&category=money"
    first = admin.get(link)
    assert first.dom.select_one("a[rel=prev]") is None
    assert set(names(first)).isdisjoint(names(page))
    past = admin.get(f"{PATH}?category=money&page=9999999999999999999")
    assert (names(past), past.text("[data-total]")) == ([], str(total))
    assert past.dom.select_one(f"main a[href='{PATH}?category=money']")


def test_group_is_added_recorded_and_searched_with_at_once(
    app: Flask, admin: Visitor, resources: Resources
) -> None:
    public_id = publish_and_index(resources, title="ストーブを替える補助金")
    before = Visitor(app).get("/search?q=だるまさん薪暖炉")
    assert before.listing_ids == []
    fields = STOVE | {"members": " だるまさん薪暖炉、ストーブ ，\r\n\r\n火鉢式灯油具 "}
    answer = admin.send(f"{PATH}/new", **fields)
    assert answer.status_code == 303
    made = group(resources, new_id(answer.location))
    assert made.texts == ("だるまさん薪暖炉", "ストーブ", "火鉢式灯油具")
    assert (made.added, made.category, made.note) == ((), "energy", "冬の前に")
    page = admin.get(answer.location)
    assert "次の検索から使われます。" in page.text(".notices")
    assert page.text("h1") == "「だるまさん薪暖炉」の組"
    (event,) = events(resources, "synonym_added")
    assert (event.actor_label, event.target_id) == ("ken@pref.example.jp", str(made.id))
    assert Visitor(app).get("/search?q=だるまさん薪暖炉").listing_ids == [public_id]


def test_wrong_fields_are_told_beside_and_above_and_typed_text_stays(
    admin: Visitor, resources: Resources
) -> None:
    fields = {"members": "<b>暖炉", "added": "", "category": "zzz", "note": "あ" * 201}
    answer = admin.send(f"{PATH}/new", **fields)
    assert answer.status_code == 422
    page = Page(answer.status_code, answer.text)
    assert page.text("title").startswith("エラー: ")
    links = [link["href"] for link in page.dom.select("[role=alert] a")]
    assert links == ["#members", "#category", "#note"]
    for name in ("members", "category", "note"):
        field = page.dom.select_one(f"[name={name}]")
        assert field["aria-invalid"] == "true"
        assert f"{name}-error" in field["aria-describedby"].split()
        assert page.dom.select_one(f"#{name}-error")
    assert page.text("textarea[name=members]") == "<b>暖炉"
    assert page.dom.select_one("input[name=note]")["value"] == "あ" * 201
    assert events(resources, "synonym_added") == []


def test_added_words_are_judged_beside_their_own_field(admin: Visitor) -> None:
    fields = {"members": "寒い部屋", "added": "暖房\n暖房\n★", "category": "other"}
    answer = admin.send(f"{PATH}/new", **fields)
    page = Page(answer.status_code, answer.text)
    assert page.texts("[role=alert] a[href='#added']") == [
        "「暖房」が2回あります。1つにしてください。",
        "「★」には文字か数字がありません。ことばを入れてください。",
    ]


@pytest.mark.parametrize("database", DATABASES)
def test_what_no_database_would_take_is_answered_in_plain_words(
    request: pytest.FixtureRequest, tmp_path, make_app: MakeApp, database: str
) -> None:
    make: MakeDatabase = request.getfixturevalue(f"make_{database}_database")
    app = make_app(make_settings(tmp_path, PORTAL_DATABASE_URL=make()))
    resources_of(app).indexer.rebuild()
    admin = signed_in_admin(app)
    for members in ("暖\x00炉\nストーブ", "\u202e暖炉\nストーブ", "暖炉\n" + "あ" * 100_000):
        for path in (f"{PATH}/new", f"{PATH}/1"):
            answer = admin.send(path, **STOVE | {"members": members})
            page = Page(answer.status_code, answer.text)
            assert answer.status_code in (409, 422)
            assert page.dom.select_one("[role=alert] a, [data-others]"), members[:20]
    assert admin.send(f"{PATH}/new", **STOVE | {"note": "\x00"}).status_code == 422
    assert admin.send(f"{PATH}/new", **STOVE | {"members": "a\n" * 200_000}).status_code == 422
    for query in (
        "?q=%00",
        "?q=" + "あ" * 5_000,
        "/trial?q=%00",
        "/trial?q=%E6%9A%00" + "あ" * 900,
    ):
        admin.get(f"{PATH}{query}")
    admin.get(f"{PATH}/new?word=%00" + "あ" * 900)
    assert admin.send(f"{PATH}/export", q="\x00").status_code == 200
    answer = admin.send(f"{PATH}/new", **STOVE)
    assert answer.status_code == 303
    for act in ("disable", "enable", "remove", "restore"):
        assert admin.send(f"{answer.location}/{act}").status_code == 303


def test_group_is_changed_and_says_what_it_does(
    admin: Visitor, few: dict[str, int], resources: Resources
) -> None:
    path = f"{PATH}/{few['heat']}"
    form = admin.get(path)
    assert form.dom.select_one("textarea[name=members]").text.lstrip("\n") == "暖房\nＨＥＡＴ"
    assert "どれで検索しても" in form.text("main")
    fields = {"members": "寒くてたまらない", "added": "暖房", "category": "energy", "note": ""}
    answer = admin.send(path, **fields, seen=seen(form))
    assert (answer.status_code, answer.location) == (303, path)
    page = admin.get(path)
    assert "上の言いまわしで検索したときだけ" in page.text("main")
    assert "変更しました。" in page.text(".notices")
    changed = group(resources, few["heat"])
    assert (changed.texts, changed.added, changed.note) == (("寒くてたまらない",), ("暖房",), "")
    (event,) = events(resources, "synonym_changed")
    assert json.loads(event.detail)["members_lost"] == "暖房、ＨＥＡＴ"


def test_change_by_somebody_else_is_not_overwritten_unseen(
    admin: Visitor, few: dict[str, int], resources: Resources
) -> None:
    path = f"{PATH}/{few['heat']}"
    same = {"added": "", "category": "energy", "note": "=冬"}
    before = seen(admin.get(path))
    admin.send(path, **same, members="暖房\n温風", seen=before)
    answer = admin.send(path, **same, members="暖房\n熱風", seen=before)
    page = Page(answer.status_code, answer.text)
    assert (answer.status_code, page.text("title")[:4]) == (409, "エラー:")
    assert "ほかの管理者が" in page.text("[role=alert]")
    assert page.texts("[data-others] dd") == ["暖房、温風"]
    assert page.dom.select_one("textarea[name=members]").text.split() == ["暖房", "熱風"]
    assert group(resources, few["heat"]).texts == ("暖房", "温風")
    # Who wants what the other one did has nothing to be told.
    again = admin.send(path, **same, members="暖房\n温風", seen=before)
    assert again.status_code == 303
    assert "変わったところはありません。" in admin.get(path).text(".notices")
    assert admin.send(path, **same, members="暖房\n熱風", seen=seen(page)).status_code == 303
    assert group(resources, few["heat"]).texts == ("暖房", "熱風")
    assert len(events(resources, "synonym_changed")) == 2


def test_change_leaves_a_group_switched_off_as_somebody_else_meant_it(
    admin: Visitor, few: dict[str, int], resources: Resources
) -> None:
    path = f"{PATH}/{few['heat']}"
    before = seen(admin.get(path))
    admin.send(f"{path}/disable")
    admin.send(path, **STOVE, seen=before)
    changed = group(resources, few["heat"])
    assert (changed.texts, changed.is_enabled) == (("暖炉", "ストーブ"), False)
    assert admin.get(path).text("[data-state=disabled] .missing") == (
        "停止中です。検索には使われていません。"
    )


def test_group_is_switched_off_and_on_removed_and_brought_back(
    admin: Visitor, few: dict[str, int], resources: Resources
) -> None:
    path = f"{PATH}/{few['heat']}"

    def state(act: str) -> str:
        # A second click of somebody else changes nothing and records nothing.
        for _ in range(2):
            answer = admin.send(f"{path}/{act}")
            assert (answer.status_code, answer.location) == (303, path)
        page = admin.get(path)
        assert "検索" in page.text(".notices") or act == "restore"
        return str(page.dom.select_one("[data-state]")["data-state"])

    assert state("disable") == "disabled"
    assert state("enable") == "in_force"
    assert state("remove") == "removed"
    assert "暖房" not in names(admin.get(PATH))
    lost = admin.get(f"{PATH}?q=HEAT")
    assert names(admin.get(lost.dom.select_one("main a[href*=removed]")["href"])) == ["暖房"]
    assert state("restore") == "in_force"
    for act in ("disabled", "enabled", "removed", "restored"):
        of_group = [
            event
            for event in events(resources, f"synonym_{act}")
            if event.target_id == str(few["heat"]) and event.actor_role == "admin"
        ]
        assert len(of_group) == 1, act


def test_default_that_was_changed_can_be_had_as_it_ships(
    admin: Visitor, resources: Resources
) -> None:
    with resources.sessions() as session:
        (first, *_) = synonym_queries.list_groups(session)
    path = f"{PATH}/{first.id}"
    assert admin.get(path).dom.select_one(f"form[action='{path}/reset']") is None
    admin.send(path, **STOVE)
    admin.send(f"{path}/remove")
    assert admin.get(path).dom.select_one(f"form[action='{path}/reset']")
    assert admin.send(f"{path}/reset").status_code == 303
    reset = group(resources, first.id)
    assert (reset.texts, reset.removed_at, reset.is_edited) == (first.texts, None, False)
    (event,) = events(resources, "synonym_restored")
    told = json.loads(event.detail)
    assert (told["as_shipped"], told["members_lost"]) == (True, "暖炉、ストーブ")


def test_word_of_another_group_is_allowed_and_leads_there(
    admin: Visitor, few: dict[str, int]
) -> None:
    answer = admin.send(f"{PATH}/new", **STOVE | {"members": "heat\nヒーター\n暖炉"})
    assert answer.status_code == 303
    page = admin.get(answer.location)
    assert page.texts("[data-shared] dt") == ["heat", "暖炉"]
    assert page.texts("[data-shared] dd") == ["暖房 ＝ ＨＥＡＴ", "ストーブ ＝ 暖炉（停止中）"]
    links = [link["href"] for link in page.dom.select("[data-shared] a")]
    assert links == [f"{PATH}/{few['heat']}", f"{PATH}/{few['off']}"]
    alone = admin.get(f"{PATH}/{few['saying']}")
    assert alone.dom.select_one("[data-shared]") is None


def test_trial_tells_what_is_added_by_which_group_and_leads_to_the_search(
    admin: Visitor, few: dict[str, int], resources: Resources
) -> None:
    publish_and_index(resources, title="暖房の補助金")
    page = admin.get(f"{PATH}/trial?q=heat")
    assert page.texts("[data-term] h3") == ["ＨＥＡＴ"]
    assert page.texts("[data-term] dd")[0] == "暖房"
    assert page.dom.select_one("[data-term] a")["href"] == f"{PATH}/{few['heat']}"
    assert page.text("[data-total]") == "1"
    assert "「暖房」も含めて検索しています。" in page.text("main")
    assert page.dom.select_one("main a[href='/search?q=heat']")
    nothing = admin.get(f"{PATH}/trial?q=囲炉裏")
    assert nothing.dom.select("[data-term]") == []
    assert nothing.dom.select_one(f"main a[href^='{PATH}/new?word=']")
    assert admin.get(f"{PATH}/trial").dom.select("[data-total]") == []


def test_word_without_a_group_is_offered_to_begin_one_with(admin: Visitor) -> None:
    page = admin.get(f"{PATH}?q=だるま薪ストーブ")
    form = admin.get(page.dom.select_one("main a[href*=word]")["href"])
    assert form.dom.select_one("textarea[name=members]").text.split() == ["だるま薪ストーブ"]


@pytest.mark.parametrize("group_id", ["0", "99999", "9" * 30])
def test_unknown_group_is_not_found(admin: Visitor, resources: Resources, group_id: str) -> None:
    before = len(events(resources, "synonym_changed"))
    admin.get(f"{PATH}/{group_id}", 404)
    for act in ("", "/disable", "/enable", "/remove", "/restore", "/reset"):
        assert admin.send(f"{PATH}/{group_id}{act}", **STOVE).status_code == 404
    assert len(events(resources, "synonym_changed")) == before


def test_group_made_here_has_nothing_to_be_reset_to(admin: Visitor, few: dict[str, int]) -> None:
    assert admin.send(f"{PATH}/{few['heat']}/reset").status_code == 404


@pytest.mark.usefixtures("few")
def test_file_holds_what_is_listed_for_excel_without_formulas(
    admin: Visitor, resources: Resources
) -> None:
    answer = admin.send(f"{PATH}/export", q="暖房")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="synonyms.csv"'
    assert answer.data.startswith(b"\xef\xbb\xbf")
    heat, saying = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert (heat["ことば・言いまわし"], heat["種類"]) == ("暖房、ＨＥＡＴ", "同じ意味")
    assert (heat["分類"], heat["状態"]) == ("エネルギー・環境", "使用中")
    assert (heat["メモ"], heat["はじめから入っていた組"]) == ("'=冬", "いいえ")
    assert (saying["種類"], saying["加えて探すことば"]) == ("言いまわし", "暖房")
    (event,) = events(resources, "data_exported")
    assert (event.target_type, json.loads(event.detail)) == ("synonym_groups", {"rows": 2})


def test_desk_leads_here(admin: Visitor) -> None:
    page = admin.get("/admin")
    assert page.dom.select_one(f".desk-nav a[href='{PATH}']")
    assert page.dom.select_one(f"main dl a[href='{PATH}']")
    here = admin.get(f"{PATH}/trial").dom.select_one(f".desk-nav a[href='{PATH}']")
    assert here["aria-current"] == "true"
