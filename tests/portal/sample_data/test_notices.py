"""The made-up notices cover what the portal can show, agree with themselves and claim no facts."""

import csv
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Any

import pytest

from tests.each import each

PORTAL = Path(__file__).resolve().parents[3] / "portal"
PACK = PORTAL / "region_packs" / "aomori"

Notice = dict[str, Any]

FIELDS = {
    *("id", "title", "summary", "body", "kind", "agency", "partners", "department"),
    *("eligibility", "rate", "amount_max_yen", "industries", "regions", "region_exceptions"),
    *("purposes", "date_state", "opens_in_days", "closes_in_days", "rounds", "events"),
    *("date_note", "how_to_apply", "apply_url", "documents", "tel", "fax", "email", "url"),
    *("keywords", "published_days_ago", "confirmed_days_ago"),
}
CLOSING_DAYS = 14


def read_notices() -> list[Notice]:
    text = (PORTAL / "sample_data" / "notices.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def read_csv(name: str) -> list[dict[str, str]]:
    with (PACK / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


NOTICES = read_notices()
VOCABULARY = json.loads((PORTAL / "listings" / "vocabulary.json").read_text(encoding="utf-8"))
AGENCIES = {row["code"]: row for row in read_csv("agencies.csv")}
AREA_OF = {row["code5"]: row["area_code"] for row in read_csv("regions.csv")}
AREAS = set(AREA_OF.values())

MUNICIPAL = [row for row in NOTICES if AGENCIES[row["agency"]]["level"] == "municipality"]

every_notice = each("notice", NOTICES, called=lambda notice: str(notice["id"]))
every_municipal_notice = each("notice", MUNICIPAL, called=lambda notice: str(notice["id"]))


def codes(subject: str) -> set[str]:
    return {entry["code"] for entry in VOCABULARY[subject]}


def windows(notice: Notice) -> list[tuple[int, int]]:
    """First and last day of each round, counted from the day of loading."""
    if notice["date_state"] != "window":
        return []
    return [(one["opens_in_days"], one["closes_in_days"]) for one in (notice, *notice["rounds"])]


def days_left(notice: Notice) -> int | None:
    """Days until the round that is open on the day of loading closes; None if none is open."""
    return next((closes for opens, closes in windows(notice) if opens <= 0 <= closes), None)


def status(notice: Notice) -> str:
    """What the portal shows on the day of loading."""
    if notice["date_state"] == "window":
        left = days_left(notice)
        if left is not None:
            return "closing" if left <= CLOSING_DAYS else "open"
        return "upcoming" if any(opens > 0 for opens, _ in windows(notice)) else "closed"
    if notice["kind"] == "seminar" and notice["events"] and not has_coming_event(notice):
        return "closed"
    return {"budget": "open", "soon": "upcoming"}.get(notice["date_state"], notice["date_state"])


def has_coming_event(notice: Notice) -> bool:
    return any(event["in_days"] >= 0 for event in notice["events"])


def covered(region: str) -> set[str]:
    """The municipalities of the prefecture that a region takes in."""
    if region in {"pref", "nation"}:
        return set(AREA_OF)
    return {code for code, area in AREA_OF.items() if region in {code, area}}


def texts(value: object) -> Iterator[str]:
    """All text in a notice, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def all_text(notice: Notice) -> str:
    return unicodedata.normalize("NFKC", "\n".join(texts(notice)))


# What every single notice must hold


@every_notice
def test_notice_has_exactly_the_known_fields(notice: Notice) -> None:
    assert set(notice) == FIELDS
    assert all(set(one) == {"label", "opens_in_days", "closes_in_days"} for one in notice["rounds"])
    event_fields = {"in_days", "starts_at", "ends_at", "venue", "address", "capacity"}
    assert all(set(event) == event_fields for event in notice["events"])


@every_notice
def test_title_says_that_it_is_a_sample(notice: Notice) -> None:
    assert notice["title"].endswith("（見本）")
    assert notice["title"].count("（見本）") == 1


@every_notice
def test_office_and_venues_say_that_they_are_samples(notice: Notice) -> None:
    assert notice["department"].endswith("（見本）")
    assert all(event["venue"].endswith("（見本）") for event in notice["events"])


@every_notice
def test_texts_have_the_length_of_a_notice(notice: Notice) -> None:
    assert 60 <= len(notice["summary"]) <= 120
    assert 150 <= len(notice["body"]) <= 450
    assert 3 <= len(notice["keywords"]) <= 6


@every_notice
def test_lists_name_nothing_twice(notice: Notice) -> None:
    lists = ("partners", "industries", "regions", "region_exceptions", "purposes", "documents")
    for name in (*lists, "keywords"):
        assert len(set(notice[name])) == len(notice[name]), name


@every_notice
def test_codes_are_in_the_vocabulary(notice: Notice) -> None:
    assert notice["kind"] in codes("kinds")
    assert notice["date_state"] in codes("date_states")
    assert {notice["agency"], *notice["partners"]} <= set(AGENCIES)
    assert notice["agency"] not in notice["partners"]
    assert set(notice["purposes"]) <= codes("purposes")
    assert 1 <= len(notice["purposes"]) <= 3
    assert notice["industries"] == ["*"] or (
        notice["industries"] and set(notice["industries"]) <= codes("industries")
    )
    assert notice["regions"]
    assert set(notice["regions"]) <= {*AREA_OF, *AREAS, "pref", "nation"}


@every_notice
def test_exceptions_are_municipalities_inside_the_region(notice: Notice) -> None:
    wide = [region for region in notice["regions"] if region not in AREA_OF]
    inside = set().union(*map(covered, wide))
    assert set(notice["region_exceptions"]) <= inside


@every_municipal_notice
def test_municipality_writes_only_for_itself_and_its_partners(notice: Notice) -> None:
    writers = {AGENCIES[code]["region"] for code in (notice["agency"], *notice["partners"])}
    assert set(notice["regions"]) <= writers


@every_notice
def test_days_are_given_only_for_a_window_and_no_round_closes_before_it_opens(
    notice: Notice,
) -> None:
    if notice["date_state"] == "window":
        assert all(opens <= closes for opens, closes in windows(notice))
    else:
        assert notice["opens_in_days"] is notice["closes_in_days"] is None
        assert notice["rounds"] == []


@every_notice
def test_rounds_follow_each_other(notice: Notice) -> None:
    given = windows(notice)
    assert all(closes < opens for (_, closes), (opens, _) in zip(given, given[1:], strict=False))
    assert all(one["label"] for one in notice["rounds"])


@every_notice
def test_event_ends_after_it_starts_and_comes_after_the_last_round(notice: Notice) -> None:
    for event in notice["events"]:
        assert time.fromisoformat(event["starts_at"]) < time.fromisoformat(event["ends_at"])
        assert event["capacity"] > 0
        assert all(closes < event["in_days"] for _, closes in windows(notice))


@every_notice
def test_notice_was_published_before_it_opened_and_confirmed_since(notice: Notice) -> None:
    assert 0 <= notice["confirmed_days_ago"] <= notice["published_days_ago"] <= 120
    if notice["date_state"] == "window":
        assert -notice["published_days_ago"] <= notice["opens_in_days"]


@every_notice
def test_amount_is_unknown_or_from_50_thousand_to_20_million_yen(notice: Notice) -> None:
    amount = notice["amount_max_yen"]
    assert amount is None or 50_000 <= amount <= 20_000_000


@every_notice
def test_open_notice_says_how_to_apply(notice: Notice) -> None:
    if status(notice) in {"open", "closing", "always"}:
        assert notice["how_to_apply"]


@every_notice
def test_no_real_phone_number_is_named(notice: Notice) -> None:
    assert re.fullmatch(r"000-0000-00\d\d", notice["tel"])
    assert notice["fax"] is None or re.fullmatch(r"000-0000-01\d\d", notice["fax"])
    numbers = re.findall(r"\d[\d()-]{8,}\d", all_text(notice))
    assert all(re.fullmatch(r"000-0000-0[01]\d\d", number) for number in numbers)


@every_notice
def test_no_address_outside_example_jp_is_named(notice: Notice) -> None:
    text = all_text(notice)
    urls = [notice[name] for name in ("url", "apply_url") if notice[name] is not None]
    assert all(url.startswith("https://example.jp/") for url in urls)
    hosts = re.findall(r"(?:https?://|www\.)([\w.-]*)", text)
    assert set(hosts) <= {"example.jp"}
    assert set(re.findall(r"[\w.+-]+@([\w.-]+)", text)) <= {"example.jp"}
    assert notice["email"] is None or re.fullmatch(r"[a-z0-9]+@example\.jp", notice["email"])


@every_notice
def test_nothing_is_written_that_grows_stale_as_days_pass(notice: Notice) -> None:
    dates = r"\d+月\d+日|令和\d|R\d年|20[12]\d年(?!問題)"
    days = "本日|明日|今月|来月|今年|来年|昨年|まもなく|ただいま|残りわずか|受付中|募集中|締切が近"
    assert not re.search(f"{dates}|{days}", all_text(notice))


# What the notices show together


def test_ids_count_up_and_titles_differ() -> None:
    assert [row["id"] for row in NOTICES] == [f"sample-{n + 1:04d}" for n in range(len(NOTICES))]
    assert len({row["title"] for row in NOTICES}) == len(NOTICES) >= 60


def test_file_is_readable_text_without_escapes() -> None:
    raw = (PORTAL / "sample_data" / "notices.jsonl").read_bytes()
    assert b"\\u" not in raw
    assert raw.endswith(b"}\n")


def test_each_municipality_area_the_prefecture_and_the_nation_are_named() -> None:
    named = {region for row in NOTICES for region in row["regions"]}
    assert named == {*AREA_OF, *AREAS, "pref", "nation"}
    assert len(AREA_OF) == 40


def test_each_municipality_writes_or_shares_a_notice_itself() -> None:
    writers = {code for row in NOTICES for code in (row["agency"], *row["partners"])}
    municipal = {code for code, row in AGENCIES.items() if row["level"] == "municipality"}
    assert municipal <= writers


@pytest.mark.parametrize(
    ("subject", "field"),
    [("kinds", "kind"), ("purposes", "purposes"), ("industries", "industries")],
)
def test_each_kind_purpose_and_industry_occurs(subject: str, field: str) -> None:
    found = {code for row in NOTICES for code in ([row[field]] if field == "kind" else row[field])}
    assert codes(subject) <= found


def test_each_level_and_date_state_occurs() -> None:
    assert {AGENCIES[row["agency"]]["level"] for row in NOTICES} == codes("levels")
    assert {row["date_state"] for row in NOTICES} == codes("date_states")


def test_each_status_occurs_several_times_on_the_day_of_loading() -> None:
    counts = Counter(map(status, NOTICES))
    assert set(counts) == codes("statuses")
    assert min(counts.values()) >= 4, counts
    assert Counter(row["date_state"] for row in NOTICES)["budget"] >= 3
    assert Counter(row["date_state"] for row in NOTICES)["soon"] >= 2


def test_edges_of_closing_soon_each_occur_once() -> None:
    left = Counter(days_left(row) for row in NOTICES)
    assert (left[0], left[CLOSING_DAYS], left[CLOSING_DAYS + 1]) == (1, 1, 1)


def test_past_windows_occur_with_and_without_a_coming_round() -> None:
    past = [row for row in NOTICES if windows(row) and row["closes_in_days"] < 0]
    assert {"upcoming", "open", "closed"} <= {status(row) for row in past}


def test_several_notices_leave_municipalities_out() -> None:
    leaving_out = [row for row in NOTICES if row["region_exceptions"]]
    assert len(leaving_out) >= 4
    wholes = {region for row in leaving_out for region in row["regions"]}
    assert "pref" in wholes
    assert wholes & AREAS


def test_several_notices_have_further_rounds_in_every_position() -> None:
    several = [row for row in NOTICES if row["rounds"]]
    assert len(several) >= 4
    first_past = [row for row in several if row["closes_in_days"] < 0]
    assert any(status(row) == "upcoming" for row in first_past)
    assert any(days_left(row) is not None for row in first_past)
    assert any(status(row) == "closed" for row in first_past)


def test_seminars_have_events_and_close_after_the_last_without_a_window() -> None:
    seminars = [row for row in NOTICES if row["kind"] == "seminar"]
    assert len([row for row in seminars if row["events"]]) >= 6
    until_full = [row for row in seminars if row["date_state"] == "budget"]
    assert {status(row) for row in until_full} == {"open", "closed"}
    assert any(has_coming_event(row) for row in until_full)


def test_partners_amounts_and_gaps_occur() -> None:
    assert len([row for row in NOTICES if row["partners"]]) >= 6
    amounts = [row["amount_max_yen"] for row in NOTICES]
    known = [amount for amount in amounts if amount is not None]
    assert (min(known), max(known)) == (50_000, 20_000_000)
    assert amounts.count(None) >= 5
    assert len({row["published_days_ago"] for row in NOTICES}) >= 40


def test_hachinohe_has_an_open_startup_subsidy() -> None:
    assert any(
        row["agency"] == "m02203"
        and row["kind"] == "subsidy"
        and "startup" in row["purposes"]
        and status(row) == "open"
        for row in NOTICES
    )
