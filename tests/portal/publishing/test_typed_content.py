"""What is typed into the editor is read as meant, or told to be mended, all at once."""

from dataclasses import replace
from datetime import date, time

import pytest
from werkzeug.datastructures import MultiDict

from portal.errors import InvalidInputError
from portal.listings.content import EventContent, ListingContent, RelationContent, RoundContent
from portal.listings.models import ListingState
from portal.listings.relation_kinds import RelationKind
from portal.listings.stated_conditions import StatedConditions
from portal.listings.title_queries import Titled
from portal.listings.vocabulary import Vocabulary
from portal.publishing.editor_forms import ListingForm
from portal.publishing.relation_rules import MOST_RELATIONS
from portal.publishing.typed_content import MOST_EVENTS, Choices, read_content
from portal.publishing.typed_relations import Meaning
from tests.factories import make_content

Typed = dict[str, str | list[str]]

TITLE: Typed = {"title": "店舗改装の補助金"}


def read(
    vocabulary: Vocabulary, typed: Typed, base: ListingContent | None = None
) -> ListingContent:
    choices = Choices.of(vocabulary, ["cci-aomori"])
    return read_content(ListingForm(MultiDict(TITLE | typed)), choices, base=base)


def wrong(vocabulary: Vocabulary, typed: Typed) -> list[str]:
    """The fields that have to be mended."""
    with pytest.raises(InvalidInputError) as refused:
        read(vocabulary, typed)
    return [problem.field for problem in refused.value.problems]


OTHER = Titled(7, "県の改装補助金", 1, "青森県", ListingState.PUBLISHED)
FULL: ListingContent = make_content(
    region_exceptions=("02202",),
    regions=("chunan", "pref"),
    purposes=("equipment", "sales"),
    industries=("E", "I"),
    date_state="window",
    opens_on=date(2026, 4, 1),
    closes_on=date(2026, 5, 29),
    rounds=(RoundContent(date(2026, 6, 1), None, "第2回"),),
    date_note="先着順です。\n早めにどうぞ。",
    events=(EventContent(date(2026, 4, 10), time(13, 30), time(15), "公会堂", "本町1", 30),),
    eligibility="市内に店舗がある方",
    conditions=StatedConditions(
        size="sme",
        size_or="協同組合",
        forms=("sole", "company"),
        trades=("retail",),
        employees_least=2,
        employees_most=20,
        capital_most_yen=50_000_000,
        years_least=1,
        years_within=5,
        planned="no",
        desk=("町税に未納がないこと", "店舗があること"),
        is_complete=True,
        beyond=("regions", "industries"),
    ),
    rate="2分の1以内",
    amount_max_yen=500_000,
    how_to_apply="窓口へ。",
    apply_url="https://example.jp/apply",
    documents=("見積書", "図面"),
    department="商工課",
    tel="017-000-0000",
    fax="017-000-0001",
    email="kigyo@city.example.jp",
    url="https://example.jp/",
    keywords=("リフォーム",),
    partners=("cci-aomori",),
    relations=(RelationContent(RelationKind.TOPS_UP, OTHER.public_id),),
)
MEANINGS = {"relations-0-listing": Meaning(OTHER)}


def test_what_the_form_shows_is_read_as_what_the_version_says(vocabulary: Vocabulary) -> None:
    form = ListingForm.of(FULL, number=3, titles={OTHER.public_id: OTHER.title})
    sent = MultiDict(
        (field.name, value)
        for field in form
        for value in (field.data if isinstance(field.data, list) else [field.data or ""])
    )
    assert ListingForm(sent).seen == 3
    assert sent["relations-0-listing"] == "県の改装補助金（L000007）"
    choices = Choices.of(vocabulary, ["cci-aomori"], MEANINGS)
    assert read_content(ListingForm(sent), choices) == FULL


def test_title_is_enough_for_a_draft(vocabulary: Vocabulary) -> None:
    content = read(vocabulary, {})
    assert content == ListingContent(title="店舗改装の補助金", kind=None, date_state=None)


def test_what_the_editor_does_not_ask_for_is_kept(vocabulary: Vocabulary) -> None:
    day = EventContent(date(2026, 4, 10))
    base = replace(
        make_content(),
        level="national",
        fiscal_years=(2025,),
        past_budgets={"2025": 1200},
        source=({"document": "資料", "line": 3},),
        events=(day,) * (MOST_EVENTS + 2),
        relations=tuple(
            RelationContent(RelationKind.COMBINABLE, f"L00000{number}")
            for number in range(MOST_RELATIONS + 1)
        ),
    )
    content = read(vocabulary, {}, base)
    assert (content.level, content.fiscal_years) == ("national", (2025,))
    assert (content.past_budgets, content.source) == (base.past_budgets, base.source)
    assert content.events == (day, day)
    assert content.relations == base.relations[-1:]


def test_all_industries_leave_no_other(vocabulary: Vocabulary) -> None:
    assert read(vocabulary, {"industries": ["E", "*"]}).industries == ("*",)


def test_days_without_a_state_mean_a_window(vocabulary: Vocabulary) -> None:
    content = read(vocabulary, {"closes_on": "令和8年5月29日"})
    assert (content.date_state, content.closes_on) == ("window", date(2026, 5, 29))


def test_conditions_are_read_in_any_width_and_order(vocabulary: Vocabulary) -> None:
    typed: Typed = {
        "conditions-employees_most": "２０人",
        "conditions-capital_most_yen": "５,０００万円",
        "conditions-years_within": "５年",
        "conditions-forms": ["company", "sole", "company"],
        "conditions-desk": "・町税に未納がないこと\n\n店舗があること",
    }
    assert read(vocabulary, typed).conditions == StatedConditions(
        employees_most=20,
        capital_most_yen=50_000_000,
        years_within=5,
        forms=("sole", "company"),
        desk=("町税に未納がないこと", "店舗があること"),
    )


def test_numbers_and_addresses_are_taken_in_any_width(vocabulary: Vocabulary) -> None:
    typed: Typed = {"tel": "０１７－０００－００００", "email": "ｋｉｇｙｏ＠city.example.jp"}
    content = read(vocabulary, typed | {"amount_max_yen": "５０万円"})
    assert (content.tel, content.email) == ("017-000-0000", "kigyo@city.example.jp")
    assert content.amount_max_yen == 500_000


WRONG: dict[str, tuple[Typed, list[str]]] = {
    "no title": ({"title": " \u3000"}, ["title"]),
    "long title": ({"title": "あ" * 201}, ["title"]),
    "title with NUL": ({"title": "あ\x00い"}, ["title"]),
    "long body": ({"body": "あ" * 20_001}, ["body"]),
    "unknown kind": ({"kind": "gift"}, ["kind"]),
    "unknown purposes": ({"purposes": ["equipment", "fun"]}, ["purposes"]),
    "exception outside": (
        {"regions": ["02201"], "region_exceptions": ["02202"]},
        ["region_exceptions"],
    ),
    "nothing left": (
        {"regions": ["02201"], "region_exceptions": ["02201"]},
        ["region_exceptions"],
    ),
    "exception of all": (
        {"regions": ["pref"], "region_exceptions": ["pref"]},
        ["region_exceptions"],
    ),
    "window without days": ({"date_state": "window"}, ["opens_on"]),
    "days without window": ({"date_state": "always", "closes_on": "2026-05-29"}, ["date_state"]),
    "rounds alone": ({"rounds-0-closes_on": "2026-05-29"}, ["opens_on"]),
    "end before beginning": (
        {"date_state": "window", "opens_on": "2026-05-29", "closes_on": "2026-05-28"},
        ["closes_on"],
    ),
    "no day": ({"date_state": "window", "closes_on": "5月末"}, ["closes_on"]),
    "round without days": ({"rounds-1-label": "第3回"}, ["rounds-1-opens_on"]),
    "event without day": ({"events-0-venue": "公会堂"}, ["events-0-held_on"]),
    "event with wrong time": (
        {"events-0-held_on": "2026-04-10", "events-0-starts_at": "昼"},
        ["events-0-starts_at"],
    ),
    "event that ends before it begins": (
        {
            "events-0-held_on": "2026-04-10",
            "events-0-starts_at": "15:00",
            "events-0-ends_at": "13:00",
        },
        ["events-0-ends_at"],
    ),
    "no sum": ({"amount_max_yen": "いくらでも"}, ["amount_max_yen"]),
    "no number of people": ({"conditions-employees_most": "少し"}, ["conditions-employees_most"]),
    "too many people": ({"conditions-employees_least": "100000"}, ["conditions-employees_least"]),
    "fewer at most than at least": (
        {"conditions-employees_least": "6", "conditions-employees_most": "5"},
        ["conditions-employees_most"],
    ),
    "no capital": ({"conditions-capital_most_yen": "0円"}, ["conditions-capital_most_yen"]),
    "no years": ({"conditions-years_within": "0"}, ["conditions-years_within"]),
    "years in the wrong order": (
        {"conditions-years_least": "5年", "conditions-years_within": "３年"},
        ["conditions-years_within"],
    ),
    "years of those who have not begun": (
        {"conditions-years_within": "5", "conditions-planned": "only"},
        ["conditions-planned"],
    ),
    "others than of no size": ({"conditions-size_or": "組合"}, ["conditions-size_or"]),
    "unknown size": (
        {"conditions-size": "tiny", "conditions-size_or": "組合"},
        ["conditions-size"],
    ),
    "unknown codes of conditions": (
        {"conditions-forms": ["king"], "conditions-trades": ["lodging"]}
        | {"conditions-planned": "perhaps", "conditions-is_complete": ["2"]}
        | {"conditions-beyond": ["time"]},
        [
            *("conditions-forms", "conditions-trades", "conditions-planned"),
            *("conditions-is_complete", "conditions-beyond"),
        ],
    ),
    "long words for the desk": ({"conditions-desk": "あ" * 201}, ["conditions-desk"]),
    "no telephone": ({"tel": "代表"}, ["tel"]),
    "signs that become longer": ({"fax": "℡" * 20}, ["fax"]),
    "two addresses": ({"email": "a@example.jp, b@example.jp"}, ["email"]),
    "script as address": ({"url": "javascript:alert(1)"}, ["url"]),
    "long document": ({"documents": "あ" * 201}, ["documents"]),
    "unknown partner": ({"partners": ["nobody"]}, ["partners"]),
    "several at once": ({"title": "", "kind": "gift", "tel": "x"}, ["title", "kind", "tel"]),
}


@pytest.mark.parametrize(("typed", "fields"), list(WRONG.values()), ids=list(WRONG))
def test_each_wrong_field_is_told(vocabulary: Vocabulary, typed: Typed, fields: list[str]) -> None:
    assert wrong(vocabulary, typed) == fields
