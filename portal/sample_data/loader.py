"""Loads the sample listings into an empty portal.

``listings.jsonl`` holds real programmes, told in our own words from the prefecture's documents of
fiscal years 2021 to 2023. Nobody has confirmed them since, and they load saying so.
``relations.jsonl`` says which of them go together where the documents say so, each of a listing
that comes after the other. ``notices.jsonl`` holds made-up ones, marked 「（見本）」, with dates
counted from that day. ``conditions.jsonl`` says for whom some of both are, with the words that
rests on and the whole text they were read in; what it does not name is for the desk.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agencies.models import Agency
from portal.clock import JAPAN
from portal.listings import services
from portal.listings.business import Beyond
from portal.listings.content import EventContent, ListingContent, RelationContent, RoundContent
from portal.listings.models import DateState, Listing, PastResult, SourceDocument
from portal.listings.relation_kinds import RelationKind
from portal.listings.stated_conditions import NOTHING_STATED, StatedConditions

_HERE = Path(__file__).resolve().parent

# The fields both files have, named as in ``ListingContent``.
_TEXTS = (
    *("title", "summary", "body", "kind", "department", "eligibility", "rate", "amount_max_yen"),
    *("tel", "fax", "url"),
)
_LISTS = ("industries", "regions", "purposes", "keywords", "partners")

# One line of a sample file, as json gives it.
Row = dict[str, Any]


def load(
    session: Session, *, now: datetime, on_progress: Callable[[int], None] = lambda done: None
) -> int:
    """Create and publish every sample listing; returns how many."""
    today = now.astimezone(JAPAN).date()
    agencies = {agency.code: agency for agency in session.scalars(select(Agency))}
    relations = list(rows("relations.jsonl"))
    reviews = {row["id"]: row for row in rows("conditions.jsonl")}
    public_ids: dict[str, str] = {}
    done = 0
    for row in rows("listings.jsonl"):
        confirmed_on = date.fromisoformat(row["confirmed_on"])
        said = [relation for relation in relations if relation["listing"] == row["id"]]
        content = replace(
            real_content(row),
            relations=tuple(_relations(said, public_ids)),
            conditions=real_conditions(reviews.get(row["id"])),
        )
        # Published as of the facts: a portal filled today must not call old programmes new.
        listing = _publish(session, agencies, row, content, confirmed_on, confirmed_on)
        public_ids[row["id"]] = listing.public_id
        done += 1
        on_progress(done)
    for row in rows("notices.jsonl"):
        published_on = today - timedelta(days=row["published_days_ago"])
        confirmed_on = today - timedelta(days=row["confirmed_days_ago"])
        content = replace(
            made_up_content(row, today), conditions=made_up_conditions(reviews.get(row["id"]))
        )
        _publish(session, agencies, row, content, published_on, confirmed_on)
        done += 1
        on_progress(done)
    return done


def rows(name: str) -> Iterator[Row]:
    """The lines of a sample file."""
    with (_HERE / name).open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _publish(
    session: Session,
    agencies: dict[str, Agency],
    row: Row,
    content: ListingContent,
    published_on: date,
    confirmed_on: date,
) -> Listing:
    published_at = datetime.combine(published_on, time(9, 0), JAPAN)
    listing = services.create_listing(
        session,
        agencies[row["agency"]],
        content,
        now=published_at,
        source_id=row["id"],
        confirmed_on=confirmed_on,
    )
    services.publish(session, listing, now=published_at)
    return listing


def _relations(said: Iterable[Row], public_ids: Mapping[str, str]) -> Iterator[RelationContent]:
    for row in said:
        yield RelationContent(RelationKind(row["kind"]), public_ids[row["other"]])


def real_content(row: Row) -> ListingContent:
    """A real programme. Its dates are of years gone by, so they are told, not counted with."""
    return ListingContent(
        **_shared(row),
        level=row["level"],
        date_state=DateState.ALWAYS if row["always_open"] else DateState.UNKNOWN,
        date_note=_past_dates(row),
        fiscal_years=tuple(row["fiscal_years"]),
        past_results=tuple(_past_result(result) for result in row["results"]),
        past_budgets=row["budget_thousand_yen"] or {},
        source=tuple(map(_source, row["source"])),
    )


def made_up_content(row: Row, today: date) -> ListingContent:
    """A sample notice, its dates counted from ``today``."""

    def day(offset: int | None) -> date | None:
        return None if offset is None else today + timedelta(days=offset)

    return ListingContent(
        **_shared(row),
        region_exceptions=tuple(row["region_exceptions"]),
        date_state=row["date_state"],
        opens_on=day(row["opens_in_days"]),
        closes_on=day(row["closes_in_days"]),
        date_note=row["date_note"],
        rounds=tuple(
            RoundContent(day(r["opens_in_days"]), day(r["closes_in_days"]), r["label"])
            for r in row["rounds"]
        ),
        events=tuple(_event(event, today) for event in row["events"]),
        how_to_apply=row["how_to_apply"],
        apply_url=row["apply_url"],
        documents=tuple(row["documents"]),
        email=row["email"],
    )


def real_conditions(review: Row | None) -> StatedConditions:
    """What a real programme asks for, by what was found in its words.

    Whoever read the documents sorted its regions and industries; only where the words name the
    place does that keep anybody out.
    """
    is_place_told = review is not None and "place" in review["grounds"]
    beyond = [code for code in Beyond if not (is_place_told and code is Beyond.REGIONS)]
    return replace(made_up_conditions(review), beyond=tuple(code.value for code in beyond))


def made_up_conditions(review: Row | None) -> StatedConditions:
    """What a sample notice asks for."""
    return StatedConditions.of(review["conditions"]) if review else NOTHING_STATED


def _shared(row: Row) -> Row:
    """The fields both files have, as arguments of ``ListingContent``."""
    return {name: row[name] for name in _TEXTS} | {name: tuple(row[name]) for name in _LISTS}


def _event(event: Row, today: date) -> EventContent:
    return EventContent(
        held_on=today + timedelta(days=event["in_days"]),
        starts_at=time.fromisoformat(event["starts_at"]) if event["starts_at"] else None,
        ends_at=time.fromisoformat(event["ends_at"]) if event["ends_at"] else None,
        venue=event["venue"],
        address=event["address"],
        capacity=event["capacity"],
    )


def _source(source: Row) -> SourceDocument:
    return SourceDocument(document=source["document"], line=source["line"])


def _past_result(result: Row) -> PastResult:
    years = {key: value for key, value in result.items() if key.isdigit()}
    return PastResult(name=result["name"], unit=result["unit"], values=years)


def _past_dates(row: Row) -> str | None:
    told = []
    if row["opens"]:
        told.append(f"資料にある開始日は{_japanese(row['opens'])}です。")
    if row["closes"]:
        told.append(f"資料にある期限は{_japanese(row['closes'])}です。")
    if row["event_dates"]:
        held = "、".join(_japanese(day) for day in row["event_dates"][-2:])
        told.append(f"これまでの開催日: {held}")
    return "".join(told) or None


def _japanese(iso_day: str) -> str:
    day = date.fromisoformat(iso_day)
    return f"{day.year}年{day.month}月{day.day}日"
