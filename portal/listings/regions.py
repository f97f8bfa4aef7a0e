"""Where a listing can be used: sets of municipalities, from regions less exceptions.

The seat of the agency that pays is never assumed to be the area of the support.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

NATION = "nation"
PREFECTURE = "pref"


@dataclass(frozen=True, slots=True)
class Municipality:
    """市町村, by its five-digit code (全国地方公共団体コード without the check digit)."""

    code: str
    name: str
    kana: str
    romaji: str
    area: str
    variants: tuple[str, ...] = ()
    """Other ways its name is written, such as 外ケ浜町."""


@dataclass(frozen=True, slots=True)
class Area:
    """圏域, a group of municipalities."""

    code: str
    name: str
    municipalities: frozenset[str]


@dataclass(frozen=True, slots=True)
class RegionTree:
    """The prefecture: its areas and their municipalities, in the official order."""

    areas: Mapping[str, Area]
    municipalities: Mapping[str, Municipality]

    def expand(self, regions: Iterable[str]) -> frozenset[str]:
        """The municipalities that any of the regions contains."""
        codes: set[str] = set()
        for region in regions:
            if region in (NATION, PREFECTURE):
                codes.update(self.municipalities)
            elif region in self.areas:
                codes.update(self.areas[region].municipalities)
            else:
                codes.add(region)
        return frozenset(codes)

    def search_codes(self, regions: Iterable[str], exceptions: Iterable[str]) -> tuple[str, ...]:
        """Every region one may search for to find the listing.

        A municipality that is covered, an area where it can be used somewhere, and ``pref`` where
        it can be used in all of the prefecture.
        """
        covered = self.expand(regions) - self.expand(exceptions)
        codes = {area.code for area in self.areas.values() if area.municipalities & covered}
        if covered.issuperset(self.municipalities):
            codes.add(PREFECTURE)
        return tuple(sorted(codes | covered))

    def local_search_codes(
        self, regions: Iterable[str], exceptions: Iterable[str]
    ) -> tuple[str, ...]:
        """Like ``search_codes``, for those who want only what was made for the place itself.

        A municipality finds listings that name it, an area those that name it or a municipality of
        it, ``pref`` those for the prefecture; nothing wider than what was searched for.
        """
        named = set(regions)
        excepted = self.expand(exceptions)
        municipalities = (named & self.municipalities.keys()) - excepted
        areas = {
            area.code
            for area in self.areas.values()
            if area.municipalities & municipalities
            or (area.code in named and area.municipalities - excepted)
        }
        wide = self.search_codes(named - {NATION}, excepted)
        whole = {PREFECTURE} & set(wide)
        return tuple(sorted(municipalities | areas | whole))
