"""Listings and search results as the JSON interface tells them. Field names are public."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import TypeAlias
from urllib.parse import quote

from portal.listings.attachment_models import Attachment
from portal.listings.date_state import Status, status_on, windows
from portal.listings.models import Listing, SourceDocument, public_version
from portal.listings.outlines import Outline, outline_of
from portal.listings.relation_queries import Shown
from portal.listings.schedule_models import ListingEvent
from portal.listings.stated_conditions import StatedConditions
from portal.search.params import FACET_PARAMS
from portal.search.services import Found
from search_index import Highlighter, Interpretation

Json: TypeAlias = "str | int | float | bool | None | Sequence[Json] | Mapping[str, Json]"


def search_payload(
    found: Found, *, labels: Mapping[str, Mapping[str, str]], base_url: str, today: date, ms: float
) -> dict[str, Json]:
    """A page of search results. ``labels`` maps each facet to its values and their labels."""
    results = found.results
    return {
        "total": results.total,
        "page": found.params.page,
        "per_page": found.params.per_page,
        "took_ms": round(ms, 1),
        "query": found.params.q,
        "interpretation": _interpretation(results.interpretation),
        "facets": {
            name: _facet(labels[name], results.facets.get(name, {}), found.params.choices.get(name))
            for name in FACET_PARAMS
        },
        "items": [
            item(listing, base_url=base_url, today=today)
            | {"highlights": _highlights(listing, results.highlighter)}
            for listing in found.listings
        ],
        "amount_unknown": results.amount_unknown,
        "degraded": found.is_degraded,
    }


def _interpretation(read: Interpretation) -> Json:
    return {
        "synonyms": [{"term": s.term, "added": list(s.added)} for s in read.synonyms],
        "suggestion": read.suggestion,
        "relaxed": read.relaxed,
        "strict_total": read.strict_total,
    }


def _facet(
    labels: Mapping[str, str], counts: Mapping[str, int], chosen: tuple[str, ...] | None
) -> Json:
    return [
        {
            "value": code,
            "label": label,
            "count": counts.get(code, 0),
            "selected": code in (chosen or ()),
        }
        for code, label in labels.items()
    ]


def _highlights(listing: Outline, highlighter: Highlighter) -> Json:
    return {
        "title": [list(span) for span in highlighter.spans(listing.title)],
        "summary": [list(span) for span in highlighter.spans(listing.summary)],
    }


def item(listing: Outline, *, base_url: str, today: date) -> dict[str, Json]:
    """What a list of results says of one listing."""
    status = status_on(listing, today)
    return {
        "id": listing.public_id,
        "source_id": listing.source_id,
        "title": listing.title,
        "summary": listing.summary,
        "kind": listing.kind,
        "agency": {"code": listing.agency_code, "name": listing.agency_name},
        "level": listing.level,
        **_dates(status, today),
        "amount_max_yen": listing.amount_max_yen,
        "rate": listing.rate,
        "industries": sorted(listing.industry_codes),
        "regions": sorted(listing.region_codes),
        "purposes": sorted(listing.purpose_codes),
        "url": _url(listing, base_url),
        "updated_at": listing.updated_at.isoformat(),
        "confirmed_on": _day(listing.confirmed_on),
    }


def _url(listing: Outline, base_url: str) -> str:
    return f"{base_url}/listings/{listing.public_id}"


def _dates(status: Status, today: date) -> dict[str, Json]:
    return {
        "status": status.code,
        "opens_on": _day(status.opens_on),
        "closes_on": _day(status.closes_on),
        "days_left": status.days_left(today),
    }


def detail(
    listing: Listing,
    files: Iterable[Attachment],
    relations: Sequence[Shown],
    *,
    base_url: str,
    today: date,
) -> dict[str, Json]:
    """All public fields of one listing.

    :param files: those of its public version that people can open.
    :param relations: the published listings that it is related to.
    """
    url = f"{base_url}/listings/{listing.public_id}"
    version = public_version(listing)
    return item(outline_of(listing), base_url=base_url, today=today) | {
        "body": version.body,
        "date_state": version.date_state,
        "date_note": version.date_note,
        "eligibility": version.eligibility,
        "conditions": StatedConditions.of(version.conditions).whole_document(),
        "how_to_apply": version.how_to_apply,
        "apply_url": version.apply_url,
        "documents": list(version.documents),
        "partners": [
            {"code": row.agency.code, "name": row.agency.name} for row in version.partner_rows
        ],
        "region_exceptions": sorted(row.region_code for row in version.exception_rows),
        "rounds": [
            {"label": w.label, "opens_on": _day(w.opens_on), "closes_on": _day(w.closes_on)}
            for w in windows(version)
        ],
        "events": [_event(event) for event in version.events],
        "contact": {
            "department": version.department,
            "tel": version.tel,
            "fax": version.fax,
            "email": version.email,
            "url": version.url,
        },
        "keywords": list(version.keywords),
        "fiscal_years": [row.fiscal_year for row in version.fiscal_year_rows],
        "attachments": [_file(file, url) for file in files],
        "relations": [
            {
                "kind": row.kind.value,
                "id": row.other.public_id,
                "title": row.other.title,
                "url": _url(row.other, base_url),
            }
            for row in relations
        ],
        "source": [_source(source) for source in version.source],
    }


def _file(file: Attachment, listing_url: str) -> Json:
    return {
        "name": file.file_name,
        "size": file.size,
        "url": f"{listing_url}/attachments/{file.number}/{quote(file.file_name)}",
    }


def _source(source: SourceDocument) -> Json:
    return {"document": source["document"], "line": source["line"]}


def _event(event: ListingEvent) -> Json:
    return {
        "held_on": _day(event.held_on),
        "starts_at": _time(event.starts_at),
        "ends_at": _time(event.ends_at),
        "venue": event.venue,
        "address": event.address,
        "capacity": event.capacity,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _time(moment: time | None) -> str | None:
    return moment.strftime("%H:%M") if moment else None
