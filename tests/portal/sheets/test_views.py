"""``/favorites/sheet`` and its file: what is chosen, and how one gets there."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient

from portal.extensions import Resources
from portal.listings import queries, services
from portal.listings.stated_conditions import StatedConditions
from tests.conftest import NOW
from tests.factories import make_agency, make_draft, make_listing, publish_and_index
from tests.pages import Page

SHEET = "/favorites/sheet"
JUNK = ("L999999", "L1", "", "x" * 300, "L00001\x00", "％", "../../etc", "L-00001", "９")


def asking_for(*public_ids: str) -> str:
    return SHEET + "?" + "&".join(f"id={public_id}" for public_id in public_ids)


def look(client: FlaskClient, *public_ids: str) -> Page:
    response = client.get(SHEET, query_string=[("id", one) for one in public_ids])
    assert response.status_code == 200
    assert response.headers["Cache-Control"].startswith("private")
    return Page(200, response.text)


def test_page_tells_what_the_file_tells_and_leads_to_it(
    client: FlaskClient, resources: Resources
) -> None:
    agency = {"department": "経営支援課", "tel": "017-000-0001"}
    whole = publish_and_index(resources, documents=("申請書", "見積書"), **agency)
    bare = publish_and_index(resources, title="*太字* #set <b>の講座", date_state="unknown")
    page = look(client, whole, bare, whole)
    assert page.listing_ids == [whole, bare]
    assert page.texts(".entry__title") == ["店舗改装の補助金", "*太字* #set <b>の講座"]
    assert page.texts(f"[data-listing-id={whole}] dd") == [
        "いつでも申し込めます",
        "記載なし",
        "青森県 経営支援課",
        "017-000-0001",
    ]
    assert page.texts(f"[data-listing-id={whole}] li") == ["申請書", "見積書"]
    assert "番号の記載なし" in page.text(f"[data-listing-id={bare}]")
    assert "窓口でお確かめください" in page.text(f"[data-listing-id={bare}]")
    (link,) = page.dom.select(f"a[href^='{SHEET}.pdf']")
    assert parse_qs(urlsplit(str(link["href"])).query) == {"id": [whole, bare]}
    assert page.text(".sheet__address") == (
        f"http://localhost/favorites/shared?id={whole}&id={bare}"
    )
    assert page.dom.select("meta[name=robots][content=noindex]")


def test_deadline_is_told_by_its_date_and_old_news_by_their_year(
    client: FlaskClient, resources: Resources
) -> None:
    closing = publish_and_index(resources, date_state="window", closes_on=date(2026, 11, 20))
    old = publish_and_index(resources, fiscal_years=(2023,))
    page = look(client, closing, old)
    assert [page.texts(f"[data-listing-id={one}] dd")[0] for one in (closing, old)] == [
        "令和8年11月20日（金）まで",
        "期間の定めなし（令和5年度に実施。今年度は未確認）",
    ]


def test_ids_of_nothing_public_are_left_out_and_told(
    client: FlaskClient, resources: Resources
) -> None:
    with resources.sessions() as session:
        draft = make_draft(session)
        session.commit()
        hidden = draft.public_id
    shown = publish_and_index(resources)
    page = look(client, *JUNK, hidden, shown)
    assert page.listing_ids == [shown]
    assert page.text(".notice") == f"見つからない支援{len(JUNK) + 1}件は除きました。"
    response = client.get(f"{SHEET}.pdf", query_string=[("id", one) for one in (*JUNK, shown)])
    assert response.status_code == 200


def test_without_any_listing_one_is_told_how_to_get_a_sheet(client: FlaskClient) -> None:
    for asked in ((), JUNK, ("L000001",) * 500):
        page = look(client, *asked)
        assert page.text("h1") == "相談シートにする支援がまだありません"
        assert page.dom.select("main a[href='/check']")
        response = client.get(f"{SHEET}.pdf", query_string=[("id", one) for one in asked])
        assert response.status_code == 303
        assert urlsplit(response.location).path == SHEET
        assert client.get(response.location).status_code == 200


def test_of_more_than_six_one_chooses_six(client: FlaskClient, resources: Resources) -> None:
    ids = [publish_and_index(resources, title=f"支援{number}") for number in range(8)]
    page = look(client, *ids)
    assert "6件まで" in page.text("h1")
    boxes = page.dom.select("main input[type=checkbox][name=id]")
    assert [box["value"] for box in boxes] == ids
    assert [box["value"] for box in boxes if box.has_attr("checked")] == ids[:6]
    response = client.get(asking_for(*ids).replace("sheet", "sheet.pdf"))
    assert response.status_code == 303
    assert response.location == asking_for(*ids)
    assert look(client, *ids[2:]).listing_ids == ids[2:]


def test_withdrawn_listing_stays_on_the_sheet_as_over(
    client: FlaskClient, resources: Resources
) -> None:
    gone = publish_and_index(resources, title="もうない支援", documents=("申請書",))
    with resources.sessions.begin() as session:
        services.withdraw(session, queries.get_public(session, gone), reason="終了", now=NOW)
    page = look(client, gone)
    assert page.text(".entry__title") == f"掲載終了（{gone}）"
    assert "青森県" in page.text(f"[data-listing-id={gone}]")
    assert "もうない支援" not in str(page.dom)
    assert "申請書" not in page.text("main")


def test_listing_leads_to_its_sheet(client: FlaskClient, resources: Resources) -> None:
    public_id = publish_and_index(resources)
    listing = Page(200, client.get(f"/listings/{public_id}").text)
    (link,) = listing.dom.select(f".share a[href^='{SHEET}']")
    assert link["href"] == f"{SHEET}.pdf?id={public_id}"


def test_result_of_the_check_leads_to_a_sheet_of_what_is_for_the_owner(
    client: FlaskClient, resources: Resources
) -> None:
    with resources.sessions() as session:
        for number in range(8):
            agency = make_agency(session, f"m{number}", name=f"{number}町")
            stated = StatedConditions(size="small", is_complete=True)
            make_listing(session, agency=agency, conditions=stated)
    answers = "purpose=unsure&place=02203&industry=I&years=10-&form=sole&show=result&employees="
    small = Page(200, client.get(f"/check?{answers}0-5").text)
    cards = small.dom.select("[data-verdict=eligible] [data-listing-id]")
    assert len(cards) == 8
    (link,) = small.dom.select(f"a[href^='{SHEET}?']")
    assert parse_qs(urlsplit(str(link["href"])).query) == {
        "id": [card["data-listing-id"] for card in cards[:6]]
    }
    assert look(client, *(str(card["data-listing-id"]) for card in cards[:6])).listing_ids
    large = Page(200, client.get(f"/check?{answers}6-20").text)
    assert not large.dom.select(f"a[href^='{SHEET}']")
