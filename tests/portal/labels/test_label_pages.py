"""The prefecture looks after labels of the vocabulary."""

import csv
import io
import json

import pytest
from flask import Flask

from portal.extensions import Resources
from tests.accounts import Visitor, events, signed_in_admin
from tests.acts.labels import BEGINNING, LABEL, PATH
from tests.conftest import DATABASES, MakeApp, make_settings, resources_of
from tests.databases import MakeDatabase
from tests.factories import publish_and_index
from tests.pages import Page

SAVED = BEGINNING | {"label": "青い森ではじめる", "kana": "アオイモリデハジメル"}
FARMING = f"{PATH}/industry/A"
FIELDS = {"label": "田畑と森", "kana": "たはたともり", "short_label": "田畑", "action": "save"}
SUBSIDY = f"{PATH}/kind/subsidy"
MONEY = {"label": "お金の応援", "kana": "おかねのおうえん", "action": "save"}


@pytest.fixture
def admin(app: Flask) -> Visitor:
    return signed_in_admin(app)


def seen(page: Page) -> str:
    return str(page.dom.select_one("input[name=seen]")["value"])


def value(page: Page, field: str) -> str:
    return str(page.dom.select_one(f"main form.form [name={field}]").get("value", ""))


def listed(page: Page) -> list[str]:
    return [str(row["data-label"]) for row in page.dom.select("[data-label]")]


def test_list_has_every_label_and_leads_to_its_page(admin: Visitor) -> None:
    page = admin.get(PATH)
    assert page.text("[data-total]") == str(20 + 12 + 18) == str(len(listed(page)))
    assert page.texts("main section h2") == ["目的", "支援の種類", "業種"]
    assert page.dom.select_one(f".desk-nav a[href='{PATH}']")["aria-current"] == "page"
    assert admin.get("/admin").dom.select_one(f"main a[href='{PATH}']")
    link = page.dom.select_one("[data-label='industry/A'] a")
    shown = admin.get(str(link["href"]))
    assert shown.text("h1") == "業種「農業、林業」の表示名"
    assert value(shown, "short_label") == "農林業"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=創業", ["purpose/startup"]),
        ("?q=ソウギョウ", ["purpose/startup"]),
        ("?q=ｕｉｊ", ["purpose/migration"]),
        ("?q=農林", ["industry/A"]),
        ("?q=agri-", ["purpose/agri-commerce"]),
        ("?q=税&facet=kind", ["kind/tax"]),
        ("?q=税&facet=purpose", []),
        ("?state=changed", []),
        ("?q=税&facet=zzz&state=zzz", ["kind/tax"]),
        ("?q=%00", []),
        ("?q=%F0%9F", []),
    ],
)
def test_list_is_searched(admin: Visitor, query: str, expected: list[str]) -> None:
    page = admin.get(f"{PATH}{query}")
    assert listed(page) == expected
    assert page.text("[data-total]") == str(len(expected))


def test_changed_label_is_listed_beside_what_shipped(admin: Visitor) -> None:
    admin.send(FARMING, **FIELDS)
    page = admin.get(f"{PATH}?state=changed")
    assert listed(page) == ["industry/A"]
    assert page.texts("[data-label] dd") == ["田畑", "2026-11-20", "農業、林業"]
    assert listed(admin.get(f"{PATH}?q=農林")) == ["industry/A"]
    assert "industry/A" not in listed(admin.get(f"{PATH}?state=shipped"))


def test_change_is_told_and_said_by_every_page_at_once(
    app: Flask, admin: Visitor, resources: Resources
) -> None:
    content = {"kind": "subsidy", "purposes": ("startup",), "industries": ("A",)}
    public_id = publish_and_index(resources, title="雪の支援", **content)
    answer = admin.send(LABEL, **SAVED)
    assert (answer.status_code, answer.location) == (303, LABEL)
    assert "変更しました。" in admin.get(LABEL).text(".notices")
    for path, fields in ((SUBSIDY, MONEY), (FARMING, FIELDS)):
        assert admin.send(path, **fields).status_code == 303
    visitor = Visitor(app)
    found = visitor.get("/search?q=青い森ではじめる")
    assert found.listing_ids == [public_id]
    assert found.text("label[for=purpose-startup]").startswith("青い森ではじめる")
    assert found.text("label[for=industry-A]").startswith("田畑と森")
    labels = found.texts(".card__labels dd")
    assert labels[0] == "お金の応援"
    assert labels[-1] == "田畑"
    assert "青い森ではじめる" in visitor.get("/search?purpose=startup").text("main")
    home = visitor.get("/")
    tiles = home.texts("main .tile > span:first-child")
    assert tiles[0] == "青い森ではじめる"
    assert "田畑" in tiles
    assert home.text("#quick-purpose option[value=startup]") == "青い森ではじめる"
    listing = visitor.get(f"/listings/{public_id}")
    assert {"お金の応援", "田畑", "青い森ではじめる"} <= set(listing.texts(".facts dd"))
    assert '"serviceType": "お金の応援"' in str(listing.dom)
    editor = admin.get(f"/staff/listings/{public_id}/edit").text("main")
    assert all(label in editor for label in ("お金の応援", "田畑", "青い森ではじめる"))
    assert all(label not in editor for label in ("補助金・助成金", "農林業", "創業・起業"))


def test_change_is_said_to_programs_at_once(app: Flask, admin: Visitor) -> None:
    admin.send(LABEL, **SAVED)
    client = Visitor(app).client
    words = client.get("/api/v1/vocabulary").json
    assert words["purpose"][0] == {"value": "startup", "label": "青い森ではじめる"}
    facets = client.get("/api/v1/listings").json["facets"]["purpose"]
    assert facets[0]["label"] == "青い森ではじめる"
    found = client.get("/api/v1/suggest?q=あおいもり").json
    assert [(item["text"], item["kind"]) for item in found] == [("青い森ではじめる", "purpose")]
    assert client.get("/api/v1/suggest?q=そうぎょうきぎょう").json == []


def test_how_it_would_look_is_shown_and_nothing_kept(admin: Visitor, resources: Resources) -> None:
    answer = admin.send(FARMING, **(FIELDS | {"action": "preview"}))
    page = Page(answer.status_code, answer.text)
    assert page.status == 200
    shown = dict(zip(page.texts("[data-preview] dt"), page.texts("[data-preview] dd"), strict=True))
    assert page.dom.select_one("[data-preview=typed]")
    assert shown["検索のしぼり込み"] == "田畑と森"
    assert shown["検索の入力の候補（「たはた」まで入れたとき）"] == "田畑と森"
    assert shown["ホームの「業種から探す」"] == "田畑"
    assert value(page, "label") == "田畑と森"
    assert page.text("h1") == "業種「農業、林業」の表示名"
    assert events(resources, "label_changed") == []
    # As does sending it with the Enter key.
    del (again := dict(FIELDS))["action"]
    assert admin.send(FARMING, **again).status_code == 200
    wrong = admin.send(FARMING, **(FIELDS | {"action": "preview", "label": "漁業"}))
    assert wrong.status_code == 422


@pytest.mark.parametrize(
    "fields",
    [
        {"label": "", "kana": "", "short_label": ""},
        {"label": "漁業", "kana": "漁業", "short_label": "漁業"},
        {"label": "あ" * 10_000, "kana": "あ" * 10_000, "short_label": "あ" * 10_000},
        {"label": "a\x00b", "kana": "あ\x00", "short_label": "\x07"},
    ],
    ids=["empty", "taken", "long", "unprintable"],
)
def test_wrong_label_is_told_beside_each_field_and_above(
    admin: Visitor, resources: Resources, fields: dict[str, str]
) -> None:
    answer = admin.send(FARMING, **fields, action="save")
    page = Page(answer.status_code, answer.text)
    assert page.status == 422
    links = [str(link["href"]) for link in page.dom.select("[role=alert] a")]
    assert links == ["#label", "#kana", "#short_label"]
    assert len(page.dom.select(".field__error")) == 3
    assert value(page, "kana") == fields["kana"]
    assert events(resources, "label_changed") == []


@pytest.fixture(params=DATABASES)
def busy(request: pytest.FixtureRequest, tmp_path, make_app: MakeApp) -> Flask:
    """An app on each kind of database."""
    make: MakeDatabase = request.getfixturevalue(f"make_{request.param}_database")
    app = make_app(make_settings(tmp_path, PORTAL_DATABASE_URL=make()))
    app.testing = True
    resources_of(app).indexer.rebuild()
    return app


def test_second_of_two_sees_both_and_may_send_again(busy: Flask) -> None:
    admin = signed_in_admin(busy)
    before = seen(admin.get(LABEL))
    assert admin.send(LABEL, **SAVED, seen=before).status_code == 303
    late = admin.send(LABEL, label="起こす", kana="おこす", action="save", seen=before)
    page = Page(late.status_code, late.text)
    assert page.status == 409
    assert page.texts("[data-others] dd") == ["青い森ではじめる", "あおいもりではじめる"]
    assert (value(page, "label"), value(page, "kana")) == ("起こす", "おこす")
    assert "ほかの管理者が" in page.text("[role=alert]")
    again = {"label": "起こす", "kana": "おこす", "action": "save", "seen": seen(page)}
    assert admin.send(LABEL, **again).status_code == 303
    (_, event) = events(resources_of(busy), "label_changed")
    assert json.loads(event.detail)["label_before"] == "青い森ではじめる"


def test_reading_that_may_have_been_forgotten_is_asked_about(admin: Visitor) -> None:
    for label, kana, is_asked in (
        ("創業", "そうぎょう・きぎょう", True),
        ("創業", "そうぎょう", False),
        ("起業", "きぎょう", False),
    ):
        admin.send(LABEL, label=label, kana=kana, action="save")
        told = admin.get(LABEL).text(".notices")
        assert "変更しました。" in told
        assert ("読みがなは前のままです。" in told) is is_asked


def test_label_goes_back_to_what_ships(admin: Visitor, resources: Resources) -> None:
    assert admin.get(LABEL).dom.select_one("[data-shipped]") is None
    admin.send(LABEL, **SAVED)
    assert admin.get(LABEL).texts("[data-shipped] dd") == ["創業・起業", "そうぎょう・きぎょう"]
    assert admin.send(f"{LABEL}/reset").status_code == 303
    page = admin.get(LABEL)
    assert page.text("h1") == "目的「創業・起業」の表示名"
    assert "はじめの表示名に戻しました。" in page.text(".notices")
    admin.send(f"{LABEL}/reset")
    assert "もう、はじめの表示名です。" in admin.get(LABEL).text(".notices")
    assert len(events(resources, "label_reset")) == 1


def test_label_that_another_code_took_is_not_given_back(admin: Visitor) -> None:
    admin.send(LABEL, **SAVED)
    taken = {"label": "創業・起業", "kana": "そうぎょう", "action": "save"}
    assert admin.send(f"{PATH}/purpose/ip", **taken).status_code == 303
    answer = admin.send(f"{LABEL}/reset")
    page = Page(answer.status_code, answer.text)
    assert page.status == 422
    assert "はじめの表示名には戻せません。" in page.text("[role=alert]")
    assert "「創業・起業」は" in page.text("[role=alert]")
    assert value(page, "label") == "青い森ではじめる"


@pytest.mark.parametrize(
    "term", ["purpose/none", "region/02201", "status/open", "level/national", "kind/%00"]
)
def test_what_has_no_label_to_change_is_not_found(admin: Visitor, term: str) -> None:
    admin.get(f"{PATH}/{term}", status=404)
    assert admin.send(f"{PATH}/{term}", **SAVED).status_code == 404
    assert admin.send(f"{PATH}/{term}/reset").status_code == 404


def test_file_has_what_is_searched_for(admin: Visitor, resources: Resources) -> None:
    admin.send(FARMING, **(FIELDS | {"label": "=田畑と森"}))
    answer = admin.send(f"{PATH}/export", state="changed")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    header, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert rows == [
        [
            *("業種", "A", "'=田畑と森", "たはたともり", "田畑"),
            *("農業、林業", "のうぎょう・りんぎょう", "農林業", "2026-11-20"),
        ]
    ]
    assert len(header) == len(rows[0])
    (event,) = events(resources, "data_exported")
    assert (event.target_type, json.loads(event.detail)) == ("vocabulary_labels", {"rows": 1})


def test_record_names_the_label_and_leads_to_it(admin: Visitor) -> None:
    admin.send(FARMING, **FIELDS)
    page = admin.get("/admin/audit?target_type=vocabulary_label")
    assert page.texts("[data-seq] h3") == ["表示名の変更"]
    assert page.dom.select_one(f"[data-seq] a[href='{FARMING}']").get_text() == "田畑と森"
    told = page.text("[data-seq]")
    assert "短い表示名（変更前）" in told
    assert "農林業" in told


def test_old_saved_address_still_finds(app: Flask, admin: Visitor, resources: Resources) -> None:
    public_id = publish_and_index(resources, title="雪の支援", purposes=("startup",))
    admin.send(LABEL, **SAVED)
    assert Visitor(app).get("/search?purpose=startup").listing_ids == [public_id]
