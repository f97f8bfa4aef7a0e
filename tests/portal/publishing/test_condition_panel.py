"""Conditions as a clerk states them, and what the eligibility check says then."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.permissions import Role
from portal.db import write_transaction
from portal.listings.stated_conditions import StatedConditions
from tests.acts.listings import PATH, WHOLE, clerk
from tests.conftest import resources_of
from tests.factories import make_agency, make_listing
from tests.pages import Page

EDIT = f"{PATH}/L000001/edit"
OWNER = "/check?place=02201&industry=I&years=5-10&form=sole&employees=6-20&show=result"


def public_listing(app: Flask, **content: object) -> None:
    """A listing of 青森市 that everybody sees."""
    with write_transaction(resources_of(app).sessions) as session:
        make_listing(session, agency=make_agency(session, "m02201"), tel="017-000-0000", **content)


def preview(page: Page) -> list[str]:
    """What the editor says the check will say."""
    return page.texts("[data-check-preview] li, [data-check-preview] p")


def verdict(client: FlaskClient) -> str:
    """What the check says of the one listing there is."""
    page = Page(200, client.get(OWNER).text)
    (card,) = page.dom.select("[data-listing-id]")
    section = card.find_parent(attrs={"data-verdict": True})
    assert section is not None
    return str(section["data-verdict"])


def test_clerk_states_conditions_and_the_check_says_so(app: Flask, client: FlaskClient) -> None:
    public_listing(app, eligibility="市内の小規模事業者", regions=("02201",))
    assert verdict(client) == "ask"
    visitor = clerk(app, Role.APPROVER)
    page = visitor.get(EDIT)
    assert page.dom.select("#conditions[open]") == []
    assert preview(page) == [
        "場所：青森市（合わない方は「対象外」）",
        "対象になる方：「市内の小規模事業者」（窓口で確認）",
        "合わないところが見つからない方に、「窓口で確認」と示します。",
        "「ほかに条件はない」に印を付けると、「対象」と示せるようになります。",
    ]
    typed = WHOLE | {"regions": "02201", "version": "1"}
    typed |= {"conditions-size": "small", "conditions-is_complete": "1"}
    shown = Page(200, visitor.send(EDIT, **typed, action="show_conditions").text)
    assert shown.dom.select("#conditions[open] [data-check-preview] [autofocus]")
    assert preview(shown)[1:] == [
        "会社の大きさ：小規模な事業者（合わない方は「対象外」）",
        "上のすべてに合う方に、「対象」と示します。",
    ]
    assert verdict(client) == "ask"
    assert visitor.send(EDIT, **typed, action="publish").status_code == 303
    assert verdict(client) == "not-eligible"
    (api,) = [client.get("/api/v1/listings/L000001").json]
    assert api is not None
    assert (api["conditions"]["size"], api["conditions"]["is_complete"]) == ("small", True)
    assert api["conditions"]["employees_most"] is None
    assert "チェックの条件：小規模な事業者を追加、ほかに条件はないを追加" in (
        visitor.get("/listings/L000001/history").text("main")
    )
    page = visitor.get(EDIT)
    assert page.dom.select_one("#conditions-size option[value=small][selected]") is not None
    assert page.dom.select_one("#conditions-is_complete[checked]") is not None


def test_approver_sees_what_the_check_will_say(app: Flask) -> None:
    visitor = clerk(app, Role.APPROVER)
    typed = WHOLE | {"conditions-employees_most": "20", "conditions-is_complete": "1"}
    assert visitor.send(f"{PATH}/new", **typed, action="save").status_code == 303
    for page in ("preview", "review"):
        found = visitor.get(f"{PATH}/L000001/{page}").texts("[data-check-words] li")
        assert found[-1] == "従業員：20人以下（合わない方は「対象外」）"


def test_clerk_who_changes_the_words_alone_is_reminded_of_the_conditions(app: Flask) -> None:
    public_listing(app, eligibility="従業員20人以下の方")
    visitor = clerk(app)
    reminder = "「使える支援のチェック」の条件も変わっていないか"
    steps = [
        ({"eligibility": "従業員20人以下の方", "conditions-employees_most": "20"}, False),
        ({"eligibility": "従業員50人以下の方", "conditions-employees_most": "20"}, True),
        ({"eligibility": "従業員50人以下の事業者", "conditions-employees_most": "50"}, False),
        ({"eligibility": "どなたでも"}, False),
    ]
    for number, (typed, is_reminded) in enumerate(steps, 1):
        saved = visitor.send(EDIT, **(WHOLE | typed), version=str(number), action="save")
        assert saved.status_code == 303
        assert (reminder in visitor.get(EDIT).text("[role=status].notices")) == is_reminded


def test_nothing_typed_is_lost_when_a_condition_has_to_be_mended(app: Flask) -> None:
    public_listing(app)
    visitor = clerk(app)
    typed = WHOLE | {
        **{"conditions-employees_most": "少し", "conditions-size_or": "組合"},
        **{"conditions-desk": "町税に未納がないこと", "conditions-planned": "yes"},
    }
    answer = visitor.send(EDIT, **typed, version="1", action="save")
    assert answer.status_code == 422
    page = Page(422, answer.text)
    assert page.text("[data-check-preview] p") == "次のところを直すと、示せます。"
    assert len(preview(page)) == 3
    field = page.dom.select_one("#conditions-employees_most")
    assert field is not None
    assert (field["value"], field["aria-describedby"]) == ("少し", f"{field['id']}-error")
    assert "人数は「20」のように" in page.text("#conditions-employees_most-error")
    assert "先に、会社の大きさを" in page.text("#conditions-size_or-error")
    assert page.text("#conditions-desk") == "町税に未納がないこと"
    assert page.dom.select_one("#conditions-planned option[value=yes][selected]") is not None


def test_second_of_two_clerks_sees_the_conditions_of_the_first(app: Flask) -> None:
    public_listing(app, conditions=StatedConditions(size="sme"))
    first = clerk(app)
    saved = WHOLE | {"conditions-size": "sme", "conditions-employees_most": "20"}
    assert first.send(EDIT, **saved, version="1", action="save").status_code == 303
    late = WHOLE | {"conditions-size": "small"}
    answer = first.send(EDIT, **late, version="1", action="save")
    assert answer.status_code == 409
    told = Page(409, answer.text).text("main")
    assert "チェックの条件" in told
    assert "中小企業者、従業員20人以下" in told
    merged = first.send(
        EDIT, **WHOLE, version="2", began="1", **{"conditions-size": "sme"}, action="merge"
    )
    field = Page(200, merged.text).dom.select_one("#conditions-employees_most")
    assert field is not None
    assert field["value"] == "20"


def test_conditions_are_kept_unsaved_and_go_along_into_a_copy(app: Flask) -> None:
    public_listing(app, conditions=StatedConditions(size="sme", desk=("町税に未納がないこと",)))
    visitor = clerk(app)
    copy = visitor.get(visitor.send(f"{PATH}/L000001/copy").location)
    assert preview(copy)[-2] == "対象になる方：「町税に未納がないこと」（窓口で確認）"
    assert "チェックの条件" in copy.text("[data-to-confirm]")
    typed = WHOLE | {"conditions-years_within": "5年？", "conditions-planned": "yes"}
    assert visitor.send(f"{PATH}/L000001/autosave", **typed, version="1").status_code == 200
    kept = visitor.get(EDIT)
    assert kept.dom.select_one("#conditions-years_within[value='5年？']") is not None
    assert kept.dom.select_one("#conditions-planned option[value=yes][selected]") is not None
    assert kept.dom.select_one("#conditions-size option[selected]") is None


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (
            {"conditions-size": "sme", "conditions-size_or": "組合"},
            ["会社の大きさ：中小企業者、または「組合」（合わない方は「窓口で確認」）"],
        ),
        (
            {"conditions-beyond": "industries", "industries": "E"},
            ["業種：製造業（合わない方は「窓口で確認」）"],
        ),
        (
            {"conditions-years_within": "5", "conditions-trades": "retail"},
            [
                "くわしい業種：小売業・飲食店（合わない方は「対象外」）",
                "創業からの年数：創業から5年以内（これから創業する方は窓口で確認）"
                "（合わない方は「対象外」）",
            ],
        ),
        (
            {"conditions-planned": "no", "conditions-capital_most_yen": "5000万円"}
            | {"conditions-employees_least": "2"},
            [
                "資本金：5,000万円以下（合わない方は「対象外」）",
                "従業員：2人以上（合わない方は「対象外」）",
                "創業からの年数：もう事業を始めている方（合わない方は「対象外」）",
            ],
        ),
        (
            {"conditions-planned": "only", "conditions-forms": "company"}
            | {"conditions-size": "sme"},
            [
                "会社の大きさ：中小企業者、またはこれから創業する方（合わない方は「対象外」）",
                "事業の形：会社（合わない方は「対象外」）",
                "創業からの年数：これから創業する方（合わない方は「対象外」）",
            ],
        ),
        (
            {"conditions-desk": "町税に未納がないこと", "regions": []},
            ["場所：まだ選ばれていません", "対象になる方：「町税に未納がないこと」（窓口で確認）"],
        ),
    ],
    ids=["others", "side-business", "young", "running", "before-founding", "desk"],
)
def test_words_say_what_becomes_of_those_who_do_not_fit(
    app: Flask, typed: dict[str, str], told: list[str]
) -> None:
    visitor = clerk(app)
    answer = visitor.send(f"{PATH}/new", **(WHOLE | typed), action="show_conditions")
    found = preview(Page(200, answer.text))
    assert set(told) <= set(found)
