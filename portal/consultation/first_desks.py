"""The first desks of a prefecture: reviewed facts of its region pack, each with its source."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from portal.consultation.desks import Desk
from portal.listings.regions import PREFECTURE, RegionTree
from portal.listings.vocabulary import load_vocabulary

_PACKS = Path(__file__).resolve().parent.parent / "region_packs"
_FILE = "first_desks.json"


@dataclass(frozen=True, slots=True)
class FirstDesks:
    """What a region pack says of first desks."""

    desks: tuple[Desk, ...]
    known_as: tuple[str, ...]
    """What people call them, all together."""
    spoken_for: frozenset[str]
    """Agencies whose consultation desks are first desks themselves, and no specialists."""

    @property
    def agencies(self) -> tuple[str, ...]:
        """Agencies that are first desks; what is known of them is in the database, too."""
        return tuple(desk.agency_code for desk in self.desks if desk.agency_code)


@cache
def load_first_desks(pack: str) -> FirstDesks:
    """The first desks of a region pack; none if it has no such file."""
    file = _PACKS / pack / _FILE
    if not file.is_file():
        return FirstDesks((), (), frozenset())
    return read_first_desks(file.read_text(encoding="utf-8"), load_vocabulary(pack).tree)


def read_first_desks(text: str, tree: RegionTree) -> FirstDesks:
    """The first desks that a file holds (``docs/consultation.md``).

    :raises ValueError: a desk is for a place that there is not.
    """
    facts = json.loads(text)
    known = {PREFECTURE, *tree.areas, *tree.municipalities}
    found = []
    for row in facts["desks"]:
        unknown = set(row["places"]) - known
        if unknown:
            raise ValueError(f"{row['code']} is for unknown places: {sorted(unknown)}")
        found.append(_desk(row, facts, tree))
    spoken_for = {code for row in facts["desks"] for code in row.get("speaks_for", ())}
    return FirstDesks(tuple(found), tuple(facts["known_as"]), frozenset(spoken_for))


def _desk(row: Mapping[str, Any], facts: Mapping[str, Any], tree: RegionTree) -> Desk:
    source = facts["sources"][row["source"]]
    return Desk(
        code=row["code"],
        name=row["name"],
        says=facts["says"][row["says"]],
        places=tree.expand(row["places"]),
        is_first=True,
        stands_in=row.get("stands_in", False),
        agency_code=row.get("agency"),
        tel=row.get("tel", ""),
        address=row.get("address", ""),
        hours=row.get("hours", ""),
        url=row.get("url", ""),
        url_of=row.get("url_of", ""),
        note=_note(source["as_of"]) if row.get("tel") and "as_of" in source else "",
    )


def _note(as_of: str) -> str:
    year, month = as_of.split("-")
    return f"電話番号は{year}年{int(month)}月時点の公式サイトによります"
