"""The PDF file, as others than its writer read it."""

import re
from datetime import date
from io import BytesIO
from urllib.parse import urlencode

import pytest
import typst
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from portal.extensions import Resources
from portal.listings import queries, services
from portal.typesetting import glyphs, texts, typesetter
from tests.conftest import NOW, PRODUCTION_URL, resources_of
from tests.factories import make_agency, publish_and_index
from tests.portal.sheets.reading import code_on

SMALLEST_TYPE = 9


@pytest.fixture
def told(resources: Resources) -> str:
    """A listing that says all a sheet has a place for."""
    return publish_and_index(
        resources,
        title="創業をはじめる人の補助金",
        date_state="window",
        closes_on=date(2026, 12, 4),
        amount_max_yen=3_000_000,
        rate="2/3以内",
        department="商工労働部 経営支援課",
        tel="017-000-0001",
        documents=("事業計画書", "決算書の写し"),
    )


def sheet_of(client: FlaskClient, *public_ids: str) -> bytes:
    response = client.get("/favorites/sheet.pdf", query_string=[("id", one) for one in public_ids])
    assert response.status_code == 200
    assert response.mimetype == "application/pdf"
    return response.data


def withdraw(resources: Resources, public_id: str) -> None:
    with resources.sessions.begin() as session:
        services.withdraw(session, queries.get_public(session, public_id), reason="終了", now=NOW)


def test_file_is_one_tagged_page_with_its_fonts_inside(client: FlaskClient, told: str) -> None:
    reader = PdfReader(BytesIO(sheet_of(client, told)))
    (page,) = reader.pages
    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [210, 297]
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "ja-JP"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "相談シート（あおビズサーチ）"
    assert "pdfuaid:part>1<" in root["/Metadata"].get_data().decode()
    kinds = kinds_of_structure(root["/StructTreeRoot"])
    assert {"/H1", "/H2", "/L", "/LI", "/Figure", "/Link"} <= kinds
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert len(fonts) == 2
    for font in fonts:
        assert re.match(r"/[A-Z]{6}\+BIZUDPGothic", font["/BaseFont"])
        assert "/ToUnicode" in font
        assert "/FontFile2" in font["/DescendantFonts"][0]["/FontDescriptor"]


def kinds_of_structure(node: DictionaryObject) -> set[str]:
    """The kinds of elements below one."""
    found = {str(node["/S"])} if "/S" in node else set()
    below = node.get("/K", [])
    for child in below if isinstance(below, list) else [below]:
        seen = child.get_object()
        if isinstance(seen, DictionaryObject):
            found |= kinds_of_structure(seen)
    return found


def test_file_tells_what_to_know_at_the_desk_in_type_large_enough(
    client: FlaskClient, told: str
) -> None:
    sizes: set[float] = set()

    def look(text: str, _cm: object, tm: list[float], _font: object, size: float) -> None:
        if text.strip():
            sizes.add(round(abs(tm[3]) * size, 1))

    (page,) = PdfReader(BytesIO(sheet_of(client, told))).pages
    text = page.extract_text(visitor_text=look)
    for said in (
        *("相談する人", "相談先", "あおビズサーチ", "印刷日 2026年11月20日（令和8年）"),
        *(
            "創業をはじめる人の補助金",
            "令和8年12月4日（金）まで",
            "上限額 300万円",
            "補助率 2/3以内",
        ),
        *("青森県 商工労働部 経営支援課", "017-000-0001", "事業計画書", "決算書の写し", "□"),
        f"http://localhost/favorites/shared?id={told}",
    ):
        assert said in text.replace(texts.BREAK_HERE, ""), said
    assert min(sizes) >= SMALLEST_TYPE


def test_code_leads_back_to_the_same_listings_in_their_order(production_app: Flask) -> None:
    held, client = resources_of(production_app), production_app.test_client()
    with held.sessions.begin() as session:
        make_agency(session)
    ids = [publish_and_index(held, title=f"支援{number}") for number in range(6)][::-1]
    response = client.get(
        "/favorites/sheet.pdf", query_string=[("id", i) for i in ids], base_url=PRODUCTION_URL
    )
    address = f"{PRODUCTION_URL}/favorites/shared?{urlencode([('id', one) for one in ids])}"
    assert code_on(response.data) == address
    assert response.headers["Cache-Control"].startswith("private")
    assert "Set-Cookie" not in response.headers
    # Else Chrome's viewer stays blank.
    assert "object-src 'self'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_same_sheet_is_the_same_bytes(client: FlaskClient, told: str) -> None:
    assert sheet_of(client, told) == sheet_of(client, told)


def test_withdrawn_listing_is_said_to_be_over_and_nothing_of_it_printed(
    client: FlaskClient, resources: Resources, told: str
) -> None:
    withdraw(resources, told)
    (page,) = PdfReader(BytesIO(sheet_of(client, told, publish_and_index(resources)))).pages
    text = page.extract_text()
    assert f"掲載終了（{told}）" in text
    assert "青森県" in text
    assert "創業をはじめる人の補助金" not in text
    assert "017-000-0001" not in text


def test_fonts_have_every_character_that_is_left_in_texts() -> None:
    bold = "".join(filter(glyphs.is_drawn_bold, glyphs.drawn()))
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(typesetter.FONTS)],
    )
    source = """#set document(title: "字")
        #set text(font: "BIZ UDPGothic", lang: "ja")
        = #text(weight: "bold", sys.inputs.bold)
        #sys.inputs.regular"""
    # The standard makes it refuse what has no shape.
    file = typst.Compiler(source.encode(), font_paths=fonts).compile(
        format="pdf",
        sys_inputs={"regular": glyphs.drawn(), "bold": bold},
        pdf_standards="ua-1",
    )
    assert isinstance(file, bytes)
    assert len(glyphs.drawn()) > len(bold) > 3_000
    assert all(map(glyphs.is_drawn_bold, "青森Aw1「」、"))
    assert set("髙﨑彅①㈱〜～−") <= set(glyphs.drawn())


def test_one_who_waits_too_long_is_asked_to_come_again(
    client: FlaskClient, resources: Resources, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typesetter, "LONGEST_WAIT_S", 0.01)
    with resources.typesetter.turn():
        response = client.get(f"/favorites/sheet.pdf?id={told}")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "10"
    assert sheet_of(client, told)
