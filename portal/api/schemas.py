"""JSON Schemas of the answers of ``/api/v1``."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from portal.api.payloads import Json
from portal.listings import condition_words
from portal.listings.business import CLASSES_OF_LAW, Beyond, Form, Planned, Size
from portal.listings.relation_kinds import RelationKind
from portal.search.completions import MOST, CompletionKind


def _object(properties: dict[str, Json]) -> dict[str, Json]:
    """An object whose every property is always there, and no other."""
    return {
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


def _list(items: Json) -> dict[str, Json]:
    return {"type": "array", "items": items}


def _reference(name: str) -> dict[str, Json]:
    return {"$ref": f"#/components/schemas/{name}"}


_TEXT: dict[str, Json] = {"type": "string"}
_MAYBE_TEXT: dict[str, Json] = {"type": ["string", "null"]}
_WHOLE: dict[str, Json] = {"type": "integer"}
_MAYBE_WHOLE: dict[str, Json] = {"type": ["integer", "null"]}
_BYTES: dict[str, Json] = {"type": "integer", "minimum": 1, "description": "バイト"}
_FLAG: dict[str, Json] = {"type": "boolean"}
_MAYBE_DAY: dict[str, Json] = {"type": ["string", "null"], "format": "date"}
_TEXTS = _list(_TEXT)
_SPANS = _list({"type": "array", "items": _WHOLE, "minItems": 2, "maxItems": 2})

_AGENCY = _object({"code": _TEXT, "name": _TEXT})

_ITEM: dict[str, Json] = {
    "id": _TEXT,
    "source_id": _MAYBE_TEXT,
    "title": _TEXT,
    "summary": _TEXT,
    "kind": _TEXT,
    "agency": _AGENCY,
    "level": _TEXT,
    "status": {
        "type": "string",
        "enum": ["open", "closing", "upcoming", "always", "unknown", "closed"],
    },
    "opens_on": _MAYBE_DAY,
    "closes_on": _MAYBE_DAY,
    "days_left": _MAYBE_WHOLE,
    "amount_max_yen": _MAYBE_WHOLE,
    "rate": _MAYBE_TEXT,
    "industries": _TEXTS,
    "regions": _TEXTS,
    "purposes": _TEXTS,
    "url": _TEXT,
    "updated_at": {"type": "string", "format": "date-time"},
    "confirmed_on": _MAYBE_DAY,
}


def _one_of(kind: type[StrEnum], labels: Mapping[str, str]) -> dict[str, Json]:
    codes: list[Json] = [code.value for code in kind]
    told = "、".join(f"{code.value}: {labels[code]}" for code in kind)
    return {"enum": [*codes, None], "description": told}


def _some_of(codes: Iterable[StrEnum], labels: Mapping[str, str]) -> dict[str, Json]:
    known = [*codes]
    told = "、".join(f"{code.value}: {labels[code]}" for code in known)
    return _list({"type": "string", "enum": [code.value for code in known]}) | {"description": told}


_CONDITIONS = _object(
    {
        "size": _one_of(Size, condition_words.SIZES),
        "size_or": _MAYBE_TEXT | {"description": "sizeの外で、窓口で確かめれば使えることがある方"},
        "forms": _some_of(Form, condition_words.FORMS),
        "trades": _some_of(CLASSES_OF_LAW, condition_words.TRADES),
        "employees_least": _MAYBE_WHOLE | {"description": "常時使用する従業員、人"},
        "employees_most": _MAYBE_WHOLE | {"description": "常時使用する従業員、人"},
        "capital_most_yen": _MAYBE_WHOLE,
        "years_least": _MAYBE_WHOLE | {"description": "創業からの年数"},
        "years_within": _MAYBE_WHOLE | {"description": "創業からの年数"},
        "planned": _one_of(Planned, condition_words.PLANNED),
        "desk": _TEXTS | {"description": "窓口で確かめること"},
        "is_complete": _FLAG
        | {"description": "ほかに条件はない。falseなら、書かれていない条件がありうる"},
        "beyond": _some_of(Beyond, condition_words.BEYOND),
    }
) | {"description": "使える支援のチェックの条件。すべてに合う方が対象"}

_LISTING: dict[str, Json] = _ITEM | {
    "body": _TEXT,
    "date_state": {"type": "string", "enum": ["window", "always", "budget", "soon", "unknown"]},
    "date_note": _MAYBE_TEXT,
    "eligibility": _MAYBE_TEXT,
    "conditions": _CONDITIONS,
    "how_to_apply": _MAYBE_TEXT,
    "apply_url": _MAYBE_TEXT,
    "documents": _TEXTS,
    "partners": _list(_AGENCY),
    "region_exceptions": _TEXTS,
    "rounds": _list(
        _object({"label": _MAYBE_TEXT, "opens_on": _MAYBE_DAY, "closes_on": _MAYBE_DAY})
    ),
    "events": _list(
        _object(
            {
                "held_on": {"type": "string", "format": "date"},
                "starts_at": _MAYBE_TEXT,
                "ends_at": _MAYBE_TEXT,
                "venue": _MAYBE_TEXT,
                "address": _MAYBE_TEXT,
                "capacity": _MAYBE_WHOLE,
            }
        )
    ),
    "contact": _object(
        {
            "department": _MAYBE_TEXT,
            "tel": _MAYBE_TEXT,
            "fax": _MAYBE_TEXT,
            "email": _MAYBE_TEXT,
            "url": _MAYBE_TEXT,
        }
    ),
    "keywords": _TEXTS,
    "fiscal_years": _list(_WHOLE),
    "attachments": _list(_object({"name": _TEXT, "size": _BYTES, "url": _TEXT})),
    "relations": _list(
        _object(
            {
                "kind": {
                    "type": "string",
                    "enum": [kind.value for kind in RelationKind],
                    "description": "返された支援（この支援）から見た、相手の支援との関係。"
                    + "、".join(f"{kind.value}: {kind.choice}" for kind in RelationKind),
                },
                "id": _TEXT,
                "title": _TEXT,
                "url": _TEXT,
            }
        )
    ),
    "source": _list(_object({"document": _TEXT, "line": _WHOLE})),
}

_VALUE = _object({"value": _TEXT, "label": _TEXT})
_COUNT = _object({"value": _TEXT, "label": _TEXT, "count": _WHOLE, "selected": _FLAG})
_FIXED_FACETS = ("industry", "region", "purpose", "kind", "level", "status")

SCHEMAS: dict[str, Json] = {
    "Item": _object(
        _ITEM | {"highlights": _object({"title": _SPANS, "summary": _SPANS})},
    ),
    "Listing": _object(_LISTING),
    "SearchResults": _object(
        {
            "total": _WHOLE,
            "page": _WHOLE,
            "per_page": _WHOLE,
            "took_ms": {"type": "number"},
            "query": _TEXT,
            "interpretation": _object(
                {
                    "synonyms": _list(_object({"term": _TEXT, "added": _TEXTS})),
                    "suggestion": _MAYBE_TEXT,
                    "relaxed": _FLAG,
                    "strict_total": _MAYBE_WHOLE,
                }
            ),
            "facets": _object({name: _list(_COUNT) for name in (*_FIXED_FACETS, "agency")}),
            "items": _list(_reference("Item")),
            "amount_unknown": _WHOLE,
            "degraded": _FLAG,
        }
    ),
    "Suggestions": _list(
        _object(
            {
                "text": _TEXT,
                "kind": {"type": "string", "enum": [kind.value for kind in CompletionKind]},
                "url": _TEXT,
            }
        )
    )
    | {"maxItems": MOST},
    "Vocabulary": _object({name: _list(_VALUE) for name in _FIXED_FACETS}),
    "Agencies": _object(
        {
            "items": _list(
                _object(
                    {
                        "code": _TEXT,
                        "name": _TEXT,
                        "level": _TEXT,
                        "region": _MAYBE_TEXT,
                        "listings": _WHOLE,
                        "url": _TEXT,
                    }
                )
            )
        }
    ),
    "Problem": {
        "type": "object",
        "properties": {
            "type": _TEXT,
            "title": _TEXT,
            "status": _WHOLE,
            "detail": _TEXT,
            "errors": _list(
                {
                    "type": "object",
                    "properties": {"field": _TEXT, "message": _TEXT, "allowed": _TEXTS},
                    "required": ["field", "message"],
                }
            ),
        },
        "required": ["type", "title", "status"],
    },
}
