"""Relations on pages, without JavaScript: written in the editor, seen by the public, told in the
history; and never more than whoever looks may know."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from portal.db import write_transaction
from portal.listings import services
from portal.listings.content import RelationContent
from portal.listings.models import Listing, listing_id_of
from portal.listings.relation_kinds import RelationKind
from portal.listings.version_content import content_of, relations_of
from portal.publishing import publication
from tests.acts.listings import PATH, WHOLE
from tests.conftest import NOW
from tests.factories import make_agency, make_listing
from tests.pages import Page
from tests.portal.publishing.office import Office

K = RelationKind
PREFECTURE = "県の店舗改装支援補助金"


class Desks(Office):
    """The office with a published listing of the prefecture and a draft of another town."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        with self.held.sessions() as session:
            agency = make_agency(session, "m02201", name="青森市", level="municipality")
            self.theirs = make_listing(session, title=PREFECTURE, tel="017-000-0000").public_id
            assert agency.id
        self.held.indexer.drain(timeout=1)
        self.secret = self.foreign()
        self.mine = self.draft(title="市の上乗せ補助金")

    def edit(self, public_id: str, asked: str = "save", **fields: str) -> Page:
        """The clerk sends the editor of a listing."""
        row = self.listing(public_id)
        with self.held.sessions() as session:
            number = len(session.merge(row).versions)
        sent = WHOLE | {"title": "市の上乗せ補助金", "version": str(number), "action": asked}
        answer = self.clerk.send(f"{PATH}/{public_id}/edit", **(sent | fields))
        return Page(answer.status_code, answer.text)

    def relate(self, kind: str, listing: str, number: int = 0, asked: str = "save") -> Page:
        fields = {f"relations-{number}-kind": kind, f"relations-{number}-listing": listing}
        return self.edit(self.mine, asked, **fields)

    def said(self) -> list[tuple[str, str]]:
        """What the newest version says of others."""
        with self.held.sessions() as session:
            newest = session.merge(self.listing(self.mine)).versions[-1]
            return [(row.kind.value, row.listing) for row in relations_of(newest)]


@pytest.fixture
def desks(app: Flask) -> Desks:
    return Desks(app)


def field(page: Page, number: int = 0) -> str:
    found = page.dom.select_one(f"#relations-{number}-listing")
    assert found is not None
    return str(found["value"])


@pytest.mark.parametrize(
    "typed",
    [
        "{}",
        "ｌ０００００１",
        "http://127.0.0.1:8000/listings/{}",
        "https://portal.example.jp/listings/{}/history?x=1",
        f"{PREFECTURE}（{{}}）",
        PREFECTURE,
    ],
)
def test_other_listing_is_taken_by_id_address_or_whole_title(desks: Desks, typed: str) -> None:
    assert desks.theirs == "L000001"
    assert desks.relate("tops_up", typed.format(desks.theirs)).status == 303
    assert desks.said() == [("tops_up", desks.theirs)]
    page = desks.clerk.get(f"{PATH}/{desks.mine}/edit")
    assert field(page) == f"{PREFECTURE}（{desks.theirs}）"
    assert page.texts("#relations-0-kind option[selected]") == [K.TOPS_UP.choice]
    assert page.dom.select_one("[data-meant] a")["href"] == f"/listings/{desks.theirs}"


def test_words_lead_to_choices_and_a_choice_into_the_field(desks: Desks) -> None:
    page = desks.relate("combinable", "改装 補助", asked="find_listing")
    assert page.status == 200
    (button,) = page.dom.select(".candidates button")
    assert (button.get_text(), button["value"]) == (PREFECTURE, f"relate-0-{desks.theirs}")
    page = desks.relate("combinable", "改装 補助", asked=str(button["value"]))
    assert field(page) == f"{PREFECTURE}（{desks.theirs}）"
    assert page.texts("#relations-0-kind option[selected]") == [K.COMBINABLE.choice]
    assert desks.said() == []


def test_saving_words_alone_is_refused_with_the_choices(desks: Desks) -> None:
    page = desks.relate("combinable", "改装 補助")
    assert (page.status, field(page)) == (422, "改装 補助")
    assert "下に出ている中から" in page.text("#relations-0-listing-error")
    assert page.dom.select_one('#problems a[href="#relations-0-listing"]')
    assert page.texts(".candidates button") == [PREFECTURE]
    assert page.dom.select_one("details#relations[open]")


def test_relation_needs_both_its_parts(desks: Desks) -> None:
    page = desks.relate("", desks.theirs)
    assert "どういう関係か" in page.text("#relations-0-kind-error")
    page = desks.relate("combinable", "")
    assert "相手の支援を入れて" in page.text("#relations-0-listing-error")
    page = desks.relate("friend", desks.theirs)
    assert "選び直して" in page.text("#relations-0-kind-error")


def test_drafts_of_others_are_not_there(desks: Desks) -> None:
    """Whoever asks for one learns as much as of an id that nobody has."""
    told = {
        desks.relate("combinable", typed).text("#relations-0-listing-error")
        for typed in (desks.secret, "L000999", "L999999999")
    }
    assert len(told) == 1
    assert desks.relate("combinable", desks.mine).status == 422
    for text in ("よその下書き", desks.secret):
        fragment = desks.clerk.open(f"{PATH}/relatable?text={text}&about={desks.mine}").text
        assert "よその" not in fragment.replace(text, "")
        assert "data-takes" not in fragment


def test_choices_while_typing_are_those_of_the_page(desks: Desks) -> None:
    address = f"{PATH}/relatable?about={desks.mine}&number=3&text="
    (button,) = Page(200, desks.clerk.open(address + "改装 補助").text).dom.select("button")
    assert button["value"] == f"relate-3-{desks.theirs}"
    assert button["data-takes"] == f"{PREFECTURE}（{desks.theirs}）"
    assert PREFECTURE in desks.clerk.open(address + desks.theirs).text
    assert desks.clerk.open(address).text == ""
    assert desks.clerk.open(f"{PATH}/relatable?about={desks.secret}&text=x").status_code == 404


def test_gaps_close_and_problems_stand_beside_their_row(desks: Desks) -> None:
    own = desks.draft(title="市の別の補助金")
    fields = {
        "relations-0-kind": "",
        "relations-0-listing": "",
        "relations-2-kind": "combinable",
        "relations-2-listing": desks.theirs,
        "relations-5-kind": "exclusive",
        "relations-5-listing": own,
    }
    assert desks.edit(desks.mine, **fields).status == 303
    assert desks.said() == [("combinable", desks.theirs), ("exclusive", own)]
    page = desks.edit(desks.mine, **(fields | {"relations-5-listing": desks.theirs}))
    assert page.status == 422
    assert "両立しない" in page.text("#relations-1-kind-error")


def test_contradiction_names_the_other_and_what_to_do(desks: Desks) -> None:
    desks.relate("combinable", desks.theirs)
    desks.do(desks.mine, publication.publish)
    with desks.held.sessions() as session:
        make_listing(
            session,
            title="県の別の補助金",
            relations=(RelationContent(K.EXCLUSIVE, desks.mine),),
        )
    page = desks.relate("tops_up", "L000004")
    assert page.status == 422
    problem = page.text("#relations-0-kind-error")
    for part in ("県の別の補助金", "L000004", "一緒には使えない", "青森県に確かめて"):
        assert part in problem
    shown = desks.clerk.get(f"{PATH}/{desks.mine}/edit")
    assert shown.texts("[data-said-of-it] li") == [
        "「県の別の補助金」とは一緒に使えない（青森県、L000004）"
    ]


def test_public_sees_relations_from_both_sides(desks: Desks) -> None:
    desks.relate("tops_up", desks.theirs)
    before = desks.clerk.get(f"/listings/{desks.theirs}")
    assert before.dom.select("[data-relations]") == []
    desks.do(desks.mine, publication.publish)
    page = desks.clerk.get(f"/listings/{desks.mine}")
    assert page.texts("[data-relations=together] h2") == ["一緒に使える支援"]
    assert page.texts("[data-relation=tops_up] .relations__title") == [PREFECTURE]
    other = desks.clerk.get(f"/listings/{desks.theirs}")
    assert other.texts("[data-relation=topped_up_by] .relations__title") == ["市の上乗せ補助金"]
    api = desks.clerk.open(f"/api/v1/listings/{desks.theirs}").get_json()
    assert api["relations"] == [
        {
            "kind": "topped_up_by",
            "id": desks.mine,
            "title": "市の上乗せ補助金",
            "url": f"http://localhost/listings/{desks.mine}",
        }
    ]


def test_groups_are_apart_and_what_came_later_is_told_first(desks: Desks) -> None:
    own = desks.draft(publication.publish, title="市の新しい補助金")
    last = desks.draft(publication.publish, title="市の前の補助金")
    fields: dict[str, str] = {}
    for number, (kind, listing) in enumerate(
        [("exclusive", desks.theirs), ("successor", own), ("last_year", last)]
    ):
        fields |= {f"relations-{number}-kind": kind, f"relations-{number}-listing": listing}
    desks.edit(desks.mine, **fields)
    preview = desks.clerk.get(f"{PATH}/{desks.mine}/preview")
    desks.do(desks.mine, publication.publish)
    for page in (preview, desks.clerk.get(f"/listings/{desks.mine}")):
        assert page.texts("[data-relations=apart] .relations__title") == [PREFECTURE]
        assert page.texts("[data-relations=later] .relations__title") == ["市の新しい補助金"]
        assert page.texts("[data-relations=earlier] .relations__title") == ["市の前の補助金"]
        assert page.dom.select_one("[data-later] a")["href"] == f"/listings/{own}"
        assert page.dom.select("[data-relations=together]") == []


def test_withdrawn_page_and_its_history_name_the_successor(desks: Desks) -> None:
    desks.do(desks.mine, publication.publish)
    new = desks.draft(title="市の新しい補助金")
    fields = {"relations-0-kind": "predecessor", "relations-0-listing": desks.mine}
    desks.edit(new, title="市の新しい補助金", **fields)
    desks.do(new, publication.publish)
    desks.do(desks.mine, publication.withdraw, "終了")
    for address in (f"/listings/{desks.mine}", f"/listings/{desks.mine}/history"):
        page = desks.clerk.get(address, status=410)
        link = page.dom.select_one("[data-successor] a")
        assert (link.get_text(), link["href"]) == ("市の新しい補助金", f"/listings/{new}")


def test_history_tells_relations_and_nobody_of_drafts(desks: Desks) -> None:
    own = desks.draft(title="秘密の下書き")
    desks.do(desks.mine, publication.publish)
    fields = {
        "relations-0-kind": "tops_up",
        "relations-0-listing": desks.theirs,
        "relations-1-kind": "combinable",
        "relations-1-listing": own,
    }
    desks.edit(desks.mine, **fields)
    desk = desks.clerk.get(f"/staff/listings/{desks.mine}")
    told = f"「{PREFECTURE}」に上乗せできるを追加、「秘密の下書き」と一緒に使えるを追加"
    assert f"ほかの支援との関係：{told}" in desk.text("main")
    desks.do(desks.mine, publication.publish)
    public = desks.clerk.get(f"/listings/{desks.mine}/history")
    assert "秘密の下書き" not in public.text("main")
    assert f"ほかの支援との関係：「{PREFECTURE}」に上乗せできるを追加" in public.text("main")
    assert "秘密の下書き" not in desks.clerk.get(f"/listings/{desks.mine}").text("main")


def test_older_version_brings_its_relations_back(desks: Desks) -> None:
    desks.relate("tops_up", desks.theirs)
    desks.edit(desks.mine)
    assert desks.said() == []
    answer = desks.send(desks.clerk, desks.mine, "versions/2/restore")
    assert answer.status_code == 303
    assert desks.said() == [("tops_up", desks.theirs)]


def test_what_keeps_it_from_the_public_is_told_at_the_desk(desks: Desks) -> None:
    other = desks.draft(title="市の別の補助金")
    desks.do(desks.mine, publication.publish)
    fields = {"relations-0-kind": "exclusive", "relations-0-listing": desks.mine}
    desks.edit(other, title="市の別の補助金", **fields)
    desks.do(other, publication.publish)
    desks.edit(other, title="市の別の補助金")
    assert desks.relate("combinable", other).status == 303
    for address in (f"/staff/listings/{desks.mine}", f"{PATH}/{desks.mine}/preview"):
        told = desks.approver.get(address).text("[data-missing]")
        assert "「市の別の補助金」" in told
        assert "公開中の内容では「一緒には使えない」" in told
    answer = desks.send(desks.approver, desks.mine, "publish")
    assert answer.status_code == 422
    assert "まだ何もしていません" in Page(422, answer.text).text("main")
    desks.do(other, publication.publish)
    assert desks.send(desks.approver, desks.mine, "publish").status_code == 303


def test_withdrawn_listing_says_why_it_cannot_come_back(desks: Desks) -> None:
    desks.relate("combinable", desks.theirs)
    desks.do(desks.mine, publication.publish)
    desks.do(desks.mine, publication.withdraw, "終了")
    with write_transaction(desks.held.sessions) as session:
        theirs = session.get_one(Listing, listing_id_of(desks.theirs))
        content = replace(
            content_of(theirs.versions[-1]),
            relations=(RelationContent(K.EXCLUSIVE, desks.mine),),
        )
        services.save_version(session, theirs, content, now=NOW)
        services.publish(session, theirs, now=NOW)
    answer = desks.send(desks.approver, desks.mine, "restore")
    assert answer.status_code == 422
    assert "青森県に確かめて" in Page(422, answer.text).text("main")


def test_copy_is_related_to_last_years(desks: Desks) -> None:
    desks.do(desks.mine, publication.publish)
    answer = desks.clerk.send(f"{PATH}/{desks.mine}/copy")
    page = desks.clerk.get(answer.location)
    assert field(page).endswith(f"（{desks.mine}）")
    assert page.texts("#relations-0-kind option[selected]") == [K.LAST_YEAR.choice]


def test_two_writers_see_relations_and_put_them_together(desks: Desks) -> None:
    desks.relate("tops_up", desks.theirs)
    stale: dict[str, Any] = {"version": "1", "summary": "別の概要"}
    page = desks.edit(desks.mine, **stale)
    assert page.status == 409
    assert "ほかの支援との関係" in page.text("[data-others]")
    assert f"「{PREFECTURE}」に上乗せできる" in page.text("[data-others]")
    merged = desks.edit(desks.mine, "merge", **stale, began="1")
    assert field(merged) == f"{PREFECTURE}（{desks.theirs}）"


def test_what_is_typed_is_kept(desks: Desks) -> None:
    fields = {"relations-0-kind": "combinable", "relations-0-listing": "改装 補助"}
    sent = MultiDict(WHOLE | fields)
    assert desks.clerk.send(f"{PATH}/{desks.mine}/autosave", **sent).status_code == 200
    page = desks.clerk.get(f"{PATH}/{desks.mine}/edit")
    assert (field(page), page.texts(".candidates button")) == ("改装 補助", [PREFECTURE])
