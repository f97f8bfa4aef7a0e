"""Agencies as the public pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.agencies.models import Agency, Level
from portal.links import tel_address, web_address


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """An agency in a list, with how many listings it leads."""

    code: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class AgencyGroup:
    """Agencies under a heading; ``parts`` are its subheadings, the areas of municipalities."""

    title: str
    lines: tuple[AgencyLine, ...] = ()
    parts: tuple["AgencyGroup", ...] = ()


def groups(
    agencies: Sequence[Agency],
    counts: Mapping[int, int],
    *,
    levels: Mapping[str, str],
    areas: Mapping[str, tuple[str, frozenset[str]]],
) -> tuple[AgencyGroup, ...]:
    """Agencies by level, municipalities by area.

    ``levels`` maps codes to labels; ``areas`` maps codes to a label and the municipalities.
    """
    found = []
    for level in (Level.PREFECTURE, Level.ORGANIZATION, Level.MUNICIPALITY, Level.NATIONAL):
        members = [agency for agency in agencies if agency.level == level]
        if level != Level.MUNICIPALITY:
            found.append(AgencyGroup(levels[level], _lines(members, counts)))
            continue
        parts = tuple(
            AgencyGroup(label, _lines([a for a in members if a.region_code in codes], counts))
            for label, codes in areas.values()
        )
        found.append(AgencyGroup(levels[level], parts=tuple(part for part in parts if part.lines)))
    return tuple(group for group in found if group.lines or group.parts)


def _lines(agencies: Sequence[Agency], counts: Mapping[int, int]) -> tuple[AgencyLine, ...]:
    return tuple(
        AgencyLine(agency.code, agency.name, counts.get(agency.id, 0)) for agency in agencies
    )


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach an agency as a whole, as far as that is known."""

    department: str | None
    tel: str | None
    tel_address: str | None
    email: str | None
    url: str | None


def contact(agency: Agency) -> Contact | None:
    """The contact of an agency, or None if each listing has its own."""
    url = web_address(agency.url)
    if not (agency.tel or agency.email or url):
        return None
    return Contact(agency.department, agency.tel, tel_address(agency.tel), agency.email, url)
