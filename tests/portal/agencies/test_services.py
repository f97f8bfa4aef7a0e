"""Agencies are made by rules that say how to mend what breaks them."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from portal.agencies import queries, services
from portal.agencies.details import AgencyDetails, Places
from portal.agencies.models import Agency
from portal.agencies.queries import AgencyFilter
from portal.audit.models import AuditEvent
from portal.audit.types import OPERATOR
from portal.db import write_transaction
from portal.errors import InvalidInputError
from portal.extensions import Resources
from tests.conftest import NOW

PLACES = Places(regions={"nation", "pref", "tosei", "02201"}, municipalities={"02201"})
TOWN = AgencyDetails(
    name=" 青森市 ",
    level="municipality",
    kana="あおもりし",
    region="02201",
    department="商工課",
    tel="０１７－７３４－１１１１",
    email="shoko@city.example.jp",
    url="https://city.example.jp/",
    section_mailbox="Shoko-Ka@city.example.jp",
    approval="none",
)


def create(held: Resources, code: str, wanted: AgencyDetails) -> Agency:
    with write_transaction(held.sessions) as session:
        return services.create(session, code, wanted, places=PLACES, actor=OPERATOR, now=NOW)


def problems(held: Resources, code: str, wanted: AgencyDetails) -> dict[str, str]:
    with pytest.raises(InvalidInputError) as refused:
        create(held, code, wanted)
    return {problem.field: problem.message for problem in refused.value.problems}


def test_agency_is_made_tidy_and_recorded_once(unindexed: Resources) -> None:
    create(unindexed, "m02201", TOWN)
    with unindexed.sessions() as session:
        agency = queries.get_by_code(session, "m02201")
        (event,) = session.scalars(select(AuditEvent))
    assert (agency.name, agency.tel) == ("青森市", "017-734-1111")
    assert agency.section_mailbox == "Shoko-Ka@city.example.jp"
    assert services.details_of(agency) == replace(TOWN, name="青森市", tel="017-734-1111")
    assert (event.action, event.target_type, event.target_id) == (
        "agency_created",
        "agency",
        "m02201",
    )
    assert event.agency_code == "m02201"
    assert json.loads(event.detail) == {"level": "municipality", "name": "青森市"}


def test_what_is_not_known_is_null(unindexed: Resources) -> None:
    create(unindexed, "kuni", AgencyDetails(name="国の機関", level="national"))
    with unindexed.sessions() as session:
        agency = queries.get_by_code(session, "kuni")
    assert (agency.kana, agency.region_code, agency.department) == (None, None, None)
    assert (agency.tel, agency.email, agency.url, agency.section_mailbox) == (None,) * 4
    assert agency.approval == "required"


@pytest.mark.parametrize(
    "code", ["", "A1", "青森", "a b", "-a", "a-", "a--b", "a_b", "a/b", "x" * 41, "a\x00", "a\n"]
)
def test_code_that_fits_no_address_is_refused(unindexed: Resources, code: str) -> None:
    if code == "a\n":
        # Space around is not what was meant.
        assert create(unindexed, code, TOWN).code == "a"
        return
    assert "半角の小文字と数字" in problems(unindexed, code, TOWN)["code"]


def test_code_is_given_once(unindexed: Resources) -> None:
    create(unindexed, "m02201", TOWN)
    assert "ほかの実施機関" in problems(unindexed, "m02201", TOWN)["code"]


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("name", "", "名前を入れて"),
        ("name", "\u3000 ", "名前を入れて"),
        ("name", "あ" * 101, "100文字以内"),
        ("name", "青\x00森", "使えない文字"),
        ("kana", "あ" * 201, "200文字以内"),
        ("level", "", "選んでください"),
        ("level", "town", "選んでください"),
        ("region", "", "市町村を選んで"),
        ("region", "tosei", "市町村を選んで"),
        ("department", "商工\n課", "使えない文字"),
        ("department", "課" * 101, "100文字以内"),
        ("tel", "なし", "017-000-0000"),
        ("tel", "0" * 31, "30文字以内"),
        ("email", "shoko", "1つだけ"),
        ("email", "a@city.example.jp, b@city.example.jp", "1つだけ"),
        ("section_mailbox", "a@city.example.jp\r\nBcc: b@city.example.jp", "1つだけ"),
        ("url", "javascript:alert(1)", "https://"),
        ("url", "city.example.jp", "https://"),
        ("url", "https://" + "a" * 2000, "2000文字以内"),
        ("approval", "maybe", "選んでください"),
    ],
)
def test_wrong_field_is_told_with_how_to_mend_it(
    unindexed: Resources, field: str, value: str, told: str
) -> None:
    found = problems(unindexed, "m02201", replace(TOWN, **{field: value}))
    assert list(found) == [field]
    assert told in found[field]
    with unindexed.sessions() as session:
        assert session.scalars(select(Agency)).all() == []


def test_all_that_is_wrong_is_told_at_once(unindexed: Resources) -> None:
    wrong = AgencyDetails(name="", level="", region="moon", tel="?", email="?", url="?")
    found = problems(unindexed, "?", wrong)
    assert set(found) == {"code", "name", "level", "region", "tel", "email", "url"}


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        (AgencyFilter(), ["m02201", "cci", "kuni"]),
        (AgencyFilter("青森"), ["m02201", "cci"]),
        (AgencyFilter("青森 会議所"), ["cci"]),
        (AgencyFilter("あおもりし"), ["m02201"]),
        (AgencyFilter("M022"), ["m02201"]),
        (AgencyFilter("%"), []),
        (AgencyFilter("\x00"), []),
        (AgencyFilter(level="national"), ["kuni"]),
        (AgencyFilter(regions={"tosei", "02201"}), ["m02201"]),
        (AgencyFilter("青森", level="national"), []),
    ],
)
def test_agencies_are_found(unindexed: Resources, wanted: AgencyFilter, codes: list[str]) -> None:
    create(unindexed, "m02201", TOWN)
    create(unindexed, "cci", AgencyDetails("青森商工会議所", "organization", region="pref"))
    create(unindexed, "kuni", AgencyDetails("国の機関", "national"))
    with unindexed.sessions() as session:
        assert [row.code for row in queries.list_matching(session, wanted)] == codes
