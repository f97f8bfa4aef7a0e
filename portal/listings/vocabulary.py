"""Codes and their Japanese labels: the only place where labels live.

What ships is read once at start from ``vocabulary.json`` (the same everywhere) and the region pack.
Administrators may call some of it by other labels; ``vocabulary_cache`` gives the vocabulary with
those in it.
"""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from portal.listings.regions import NATION, PREFECTURE, Area, Municipality, RegionTree

ALL_INDUSTRIES = "*"
ALL_INDUSTRIES_LABEL = "全業種"

RENAMED_FACETS = ("purpose", "kind", "industry")
"""Whose labels administrators may change. Names of regions are facts; what a state or a level is
called stands in sentences of pages and mails, which would then contradict it."""

_HERE = Path(__file__).resolve().parent
_PACKS = _HERE.parent / "region_packs"


@dataclass(frozen=True, slots=True)
class Label:
    """What a code is called."""

    text: str
    kana: str
    """How it is read, in hiragana, parts parted by ・."""
    short: str = ""
    """Where there is little room; of industries alone."""


Term = tuple[str, str]
"""A facet and a code of it."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything a facet may hold, in the order it is shown. Maps go from code to label."""

    portal_name: str
    programme: str
    """What the prefecture calls the work of running the portal, in its plans and reports."""
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
    kana: Mapping[Term, str]
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

    def label(self, term: Term) -> Label:
        """What a code of ``RENAMED_FACETS`` is called.

        :raises KeyError: there is no such code.
        """
        facet, code = term
        short = self.short_industries[code] if facet == "industry" else ""
        return Label(self.search_values(facet)[code], self.kana[term], short)

    def renamed(self, labels: Mapping[Term, Label]) -> "Vocabulary":
        """The same codes in the same order, some of them by other labels. What speaks of codes that
        there are not is passed over."""
        texts = {term: label.text for term, label in labels.items()}
        short = {term: label.short for term, label in labels.items()}
        return replace(
            self,
            industries=_renamed("industry", self.industries, texts),
            short_industries=_renamed("industry", self.short_industries, short),
            purposes=_renamed("purpose", self.purposes, texts),
            kinds=_renamed("kind", self.kinds, texts),
            kana={
                term: labels[term].kana if term in labels else kana
                for term, kana in self.kana.items()
            },
        )


def _renamed(facet: str, old: Mapping[str, str], new: Mapping[Term, str]) -> Mapping[str, str]:
    return {code: new.get((facet, code), label) for code, label in old.items()}


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
        programme=facts["programme"],
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
        kana=_kana(terms)
        | {("region", code): place.kana for code, place in municipalities.items()},
        wider_names=frozenset(facts["wider_names"]),
        tree=RegionTree(areas=areas, municipalities=municipalities),
    )


def _labels(terms: list[dict[str, str]]) -> dict[str, str]:
    return {term["code"]: term["label"] for term in terms}


def _kana(terms: Mapping[str, list[dict[str, str]]]) -> dict[Term, str]:
    return {
        (facet, term["code"]): term["kana"]
        for facet in RENAMED_FACETS
        for term in terms["industries" if facet == "industry" else f"{facet}s"]
    }


def _municipality(row: dict[str, str]) -> Municipality:
    return Municipality(
        code=row["code5"],
        name=row["name"],
        kana=row["kana"],
        romaji=row["romaji"],
        area=row["area_code"],
        variants=tuple(row["search_variants"].split("|")) if row["search_variants"] else (),
    )
