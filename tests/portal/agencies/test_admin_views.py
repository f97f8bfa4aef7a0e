"""The prefecture looks after agencies."""

import csv
import io
import json

import pytest
from flask import Flask

from portal.agencies.models import Agency
from portal.agencies.queries import get_by_code
from portal.extensions import Resources
from tests.accounts import Visitor, events, signed_in_admin
from tests.factories import make_agency, publish_and_index
from tests.pages import Page

NEW = {
    "code": "m02201",
    "name": "青森市",
    "kana": "あおもりし",
    "level": "municipality",
    "region": "02201",
    "department": "商工課",
    "tel": "017-734-1111",
    "email": "",
    "url": "https://city.example.jp/",
    "section_mailbox": "shoko@city.example.jp",
    "approval": "none",
}


@pytest.fixture
def admin(app: Flask) -> Visitor:
    return signed_in_admin(app)


@pytest.fixture
def agencies(resources: Resources) -> None:
    """The prefecture, a chamber and a city."""
    with resources.sessions.begin() as session:
        make_agency(session)
        make_agency(session, "cci", name="=八戸商工会議所", level="organization", region_code=None)
        make_agency(
            session,
            "m02203",
            name="八戸市",
            level="municipality",
            region_code="02203",
            section_mailbox="shoko@hachinohe.example.jp",
        )


def codes(page: Page) -> list[str]:
    return [str(row["data-agency"]) for row in page.dom.select("[data-agency]")]


def agency(resources: Resources, code: str) -> Agency:
    with resources.sessions() as session:
        return get_by_code(session, code)


@pytest.mark.usefixtures("agencies")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["aomori-pref", "cci", "m02203"]),
        ("?q=八戸", ["cci", "m02203"]),
        ("?q=八戸&level=municipality", ["m02203"]),
        ("?region=sanpachi", ["m02203"]),
        ("?region=02203", ["m02203"]),
        ("?region=pref", ["aomori-pref"]),
        ("?level=zzz", ["aomori-pref", "cci", "m02203"]),
        ("?region=zzz", []),
        ("?q=%00", []),
    ],
)
def test_list_is_searched(admin: Visitor, query: str, expected: list[str]) -> None:
    page = admin.get(f"/admin/agencies{query}")
    assert codes(page) == expected
    assert page.text("[data-total]") == str(len(expected))


@pytest.mark.usefixtures("agencies")
def test_list_shows_who_lacks_a_mailbox(admin: Visitor) -> None:
    page = admin.get("/admin/agencies")
    assert page.dom.select_one("[data-agency=cci] .missing")
    assert "shoko@hachinohe.example.jp" in page.text("[data-agency=m02203]")


def test_agency_is_added_and_public(app: Flask, admin: Visitor, resources: Resources) -> None:
    answer = admin.send("/admin/agencies/new", **NEW)
    assert (answer.status_code, answer.location) == (303, "/admin/agencies")
    assert "青森市を足しました。" in admin.get("/admin/agencies").texts(".notice p")
    made = agency(resources, "m02201")
    assert (made.department, made.approval, made.email) == ("商工課", "none", None)
    (event,) = events(resources, "agency_created")
    assert (event.actor_label, event.agency_code) == ("ken@pref.example.jp", "m02201")
    public = Visitor(app).get("/agencies/m02201")
    assert "商工課" in public.text("main")
    assert "shoko@city.example.jp" not in str(public.dom)


def test_wrong_fields_are_told_beside_and_above_and_typed_text_stays(
    admin: Visitor, resources: Resources
) -> None:
    answer = admin.send("/admin/agencies/new", **NEW | {"code": "Ｍ", "name": "", "tel": "<b>ない"})
    assert answer.status_code == 422
    page = Page(answer.status_code, answer.text)
    assert page.text("title").startswith("エラー: ")
    links = [link["href"] for link in page.dom.select("[role=alert] a")]
    assert links == ["#code", "#name", "#tel"]
    for name in ("code", "name", "tel"):
        field = page.dom.select_one(f"input[name={name}]")
        assert field["aria-invalid"] == "true"
        assert f"{name}-error" in field["aria-describedby"].split()
        assert page.dom.select_one(f"#{name}-error")
    assert page.dom.select_one("input[name=tel]")["value"] == "<b>ない"
    assert page.dom.select_one("input[name=department]")["value"] == "商工課"
    assert page.dom.select_one("select[name=level] [selected]")["value"] == "municipality"
    assert page.dom.select_one("select[name=region] [selected]")["value"] == "02201"
    assert page.dom.select_one("input[name=approval][checked]")["value"] == "none"
    assert events(resources, "agency_created") == []


def test_form_without_fields_is_told_what_it_lacks(admin: Visitor) -> None:
    answer = admin.send("/admin/agencies/new")
    page = Page(answer.status_code, answer.text)
    assert answer.status_code == 422
    links = [link["href"] for link in page.dom.select("[role=alert] a")]
    assert links == ["#code", "#name", "#level"]
    assert all(page.dom.select_one(link) for link in links)


def test_change_reaches_the_search_at_once(admin: Visitor, resources: Resources) -> None:
    public_id = publish_and_index(resources)
    path = "/admin/agencies/aomori-pref/edit"
    form = admin.get(path)
    assert form.dom.select_one("input[name=name]")["value"] == "青森県"
    assert form.dom.select_one("input[name=code]") is None
    fields = {"name": "県立水産局", "level": "prefecture", "region": "pref"}
    answer = admin.send(path, **fields, approval="none", code="other")
    assert (answer.status_code, answer.location) == (303, "/admin/agencies")
    assert agency(resources, "aomori-pref").approval == "none"
    assert admin.get("/search?q=県立水産局").listing_ids == [public_id]
    (event,) = events(resources, "agency_changed")
    assert json.loads(event.detail)["name_after"] == "県立水産局"


@pytest.mark.usefixtures("agencies")
def test_change_by_somebody_else_is_not_overwritten_unseen(
    admin: Visitor, resources: Resources
) -> None:
    path = "/admin/agencies/m02203/edit"
    same = {"name": "八戸市", "level": "municipality", "region": "02203", "approval": "required"}

    def seen(page: Page) -> str:
        return str(page.dom.select_one("input[name=seen]")["value"])

    before = seen(admin.get(path))
    admin.send(path, **same, tel="0178-00-0001", seen=before)
    answer = admin.send(path, **same, tel="0178-00-0002", seen=before)
    page = Page(answer.status_code, answer.text)
    assert (answer.status_code, page.text("title")[:4]) == (409, "エラー:")
    assert "ほかの管理者が" in page.text("[role=alert]")
    assert page.texts("[data-others] dd") == ["0178-00-0001"]
    assert page.dom.select_one("input[name=tel]")["value"] == "0178-00-0002"
    assert agency(resources, "m02203").tel == "0178-00-0001"
    # Who wants what the other one did has nothing to be told.
    assert admin.send(path, **same, tel="0178-00-0001", seen=before).status_code == 303
    assert admin.send(path, **same, tel="0178-00-0002", seen=seen(page)).status_code == 303
    assert agency(resources, "m02203").tel == "0178-00-0002"
    assert len(events(resources, "agency_changed")) == 2


@pytest.mark.usefixtures("agencies")
def test_saving_without_a_change_says_so_and_records_nothing(
    admin: Visitor, resources: Resources
) -> None:
    same = {"name": "青森県", "level": "prefecture", "region": "pref", "approval": "required"}
    assert admin.send("/admin/agencies/aomori-pref/edit", **same).status_code == 303
    notices = admin.get("/admin/agencies").texts(".notice p")
    assert notices == ["青森県に変わったところはありません。"]
    assert events(resources, "agency_changed") == []


@pytest.mark.usefixtures("agencies")
def test_refused_change_keeps_the_heading_and_what_was_typed(admin: Visitor) -> None:
    answer = admin.send("/admin/agencies/aomori-pref/edit", name="", level="prefecture")
    page = Page(answer.status_code, answer.text)
    assert (answer.status_code, page.text("h1")) == (422, "青森県の変更")


@pytest.mark.parametrize("code", ["nobody", "%00"])
def test_unknown_agency_is_not_found(admin: Visitor, code: str) -> None:
    admin.get(f"/admin/agencies/{code}/edit", 404)
    assert admin.send(f"/admin/agencies/{code}/edit", name="x").status_code == 404


@pytest.mark.usefixtures("agencies")
def test_file_holds_what_is_listed_for_excel_without_formulas(
    admin: Visitor, resources: Resources
) -> None:
    answer = admin.send("/admin/agencies/export", q="八戸")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="agencies.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row["コード"] for row in rows] == ["cci", "m02203"]
    assert rows[0]["名前"] == "'=八戸商工会議所"
    assert rows[1]["地域"] == "八戸市"
    assert rows[1]["実施主体"] == "市町村"
    assert rows[1]["課の共用メール"] == "shoko@hachinohe.example.jp"
    assert rows[1]["公開前の承認"] == "必要"
    (event,) = events(resources, "data_exported")
    assert (event.target_type, json.loads(event.detail)) == ("agencies", {"rows": 2})
