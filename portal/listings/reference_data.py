"""The vocabulary and the agencies of a region pack, brought into the database."""

import csv
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agencies.models import Agency
from portal.listings.facet_models import Industry, Kind, Purpose, Region, RegionLevel
from portal.listings.regions import NATION, PREFECTURE
from portal.listings.vocabulary import ALL_INDUSTRIES, Vocabulary

_PACKS = Path(__file__).resolve().parent.parent / "region_packs"


def load(session: Session, vocabulary: Vocabulary) -> None:
    """Bring the codes up to date; safe to repeat, and nothing is ever taken away."""
    for code in (ALL_INDUSTRIES, *vocabulary.industries):
        session.merge(Industry(code=code))
    for code in vocabulary.purposes:
        session.merge(Purpose(code=code))
    for code in vocabulary.kinds:
        session.merge(Kind(code=code))
    tree = vocabulary.tree
    for code in vocabulary.regions:
        municipality = tree.municipalities.get(code)
        session.merge(
            Region(
                code=code,
                level=_region_level(code, vocabulary),
                area_code=municipality.area if municipality else None,
            )
        )
        # Areas before the municipalities that refer to them.
        session.flush()


def _region_level(code: str, vocabulary: Vocabulary) -> RegionLevel:
    if code == NATION:
        return RegionLevel.NATION
    if code == PREFECTURE:
        return RegionLevel.PREFECTURE
    return RegionLevel.AREA if code in vocabulary.tree.areas else RegionLevel.MUNICIPALITY


def load_agencies(session: Session, pack: str) -> int:
    """Add the agencies of a region pack that are not there yet; returns how many were added."""
    known = set(session.scalars(select(Agency.code)))
    with (_PACKS / pack / "agencies.csv").open(encoding="utf-8", newline="") as file:
        missing = [row for row in csv.DictReader(file) if row["code"] not in known]
    session.add_all(
        Agency(
            code=row["code"],
            name=row["name"],
            kana=row["kana"],
            level=row["level"],
            region_code=row["region"],
        )
        for row in missing
    )
    session.flush()
    return len(missing)
