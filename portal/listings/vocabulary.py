"""Codes and their Japanese labels: the only place where labels live.

Read once at start from ``vocabulary.json`` (the same everywhere) and the region pack.
"""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portal.listings.regions import NATION, PREFECTURE, Area, Municipality, RegionTree

ALL_INDUSTRIES = "*"

_HERE = Path(__file__).resolve().parent
_PACKS = _HERE.parent / "region_packs"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything a facet may hold, in the order it is shown. Maps go from code to label."""

    portal_name: str
    prefecture: str
    industries: Mapping[str, str]
    short_industries: Mapping[str, str]
    purposes: Mapping[str, str]
    kinds: Mapping[str, str]
    levels: Mapping[str, str]
    statuses: Mapping[str, str]
    date_states: Mapping[str, str]
    regions: Mapping[str, str]
    """The country, the prefecture, areas and municipalities."""
    kana: Mapping[str, str]
    """How labels of industries, purposes, kinds and municipalities are read, parts parted by ・."""
    wider_names: frozenset[str]
    """Names of municipalities that without 市, 町 or 村 mean something larger."""
    tree: RegionTree

    def search_values(self, facet: str) -> Mapping[str, str]:
        """The values a search may choose in a facet of fixed values, with their labels."""
        if facet == "region":
            return {code: label for code, label in self.regions.items() if code != NATION}
        return {
            "industry": self.industries,
            "purpose": self.purposes,
            "kind": self.kinds,
            "level": self.levels,
            "status": self.statuses,
        }[facet]


@cache
def load_vocabulary(pack: str) -> Vocabulary:
    """The vocabulary of a region pack, a folder of ``portal/region_packs``."""
    terms = json.loads((_HERE / "vocabulary.json").read_text(encoding="utf-8"))
    folder = _PACKS / pack
    facts = json.loads((folder / "pack.json").read_text(encoding="utf-8"))
    with (folder / "regions.csv").open(encoding="utf-8", newline="") as file:
        municipalities = {row["code5"]: _municipality(row) for row in csv.DictReader(file)}
    areas = {
        area["code"]: Area(
            code=area["code"],
            name=area["label"],
            municipalities=frozenset(
                code for code, place in municipalities.items() if place.area == area["code"]
            ),
        )
        for area in facts["areas"]
    }
    return Vocabulary(
        portal_name=facts["portal_name"],
        prefecture=facts["prefecture"],
        industries=_labels(terms["industries"]),
        short_industries={term["code"]: term["short_label"] for term in terms["industries"]},
        purposes=_labels(terms["purposes"]),
        kinds=_labels(terms["kinds"]),
        levels=_labels(terms["levels"]),
        statuses=_labels(terms["statuses"]),
        date_states=_labels(terms["date_states"]),
        regions={NATION: "全国", PREFECTURE: facts["whole"]}
        | {area["code"]: area["long_label"] for area in facts["areas"]}
        | {code: place.name for code, place in municipalities.items()},
        kana=_kana(terms) | {place.name: place.kana for place in municipalities.values()},
        wider_names=frozenset(facts["wider_names"]),
        tree=RegionTree(areas=areas, municipalities=municipalities),
    )


def _labels(terms: list[dict[str, str]]) -> dict[str, str]:
    return {term["code"]: term["label"] for term in terms}


def _kana(terms: Mapping[str, list[dict[str, str]]]) -> dict[str, str]:
    read = ("industries", "purposes", "kinds")
    return {term["label"]: term["kana"] for name in read for term in terms[name]}


def _municipality(row: dict[str, str]) -> Municipality:
    return Municipality(
        code=row["code5"],
        name=row["name"],
        kana=row["kana"],
        romaji=row["romaji"],
        area=row["area_code"],
        variants=tuple(row["search_variants"].split("|")) if row["search_variants"] else (),
    )
