"""Agencies as the prefecture looks after them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.agencies.export import APPROVAL_LABELS
from portal.agencies.models import Agency, Approval


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """An agency in the list."""

    code: str
    name: str
    level: str
    region: str | None
    contact: tuple[str, ...]
    section_mailbox: str | None
    needs_approval: bool


def rows(
    agencies: Iterable[Agency], *, levels: Mapping[str, str], regions: Mapping[str, str]
) -> tuple[AgencyRow, ...]:
    """Agencies of a list; ``levels`` and ``regions`` map codes to labels."""
    return tuple(
        AgencyRow(
            code=agency.code,
            name=agency.name,
            level=levels[agency.level],
            region=regions.get(agency.region_code or ""),
            contact=tuple(text for text in (agency.department, agency.tel, agency.email) if text),
            section_mailbox=agency.section_mailbox,
            needs_approval=agency.approval == Approval.REQUIRED,
        )
        for agency in agencies
    )


@dataclass(frozen=True, slots=True)
class AgencyChoices:
    """What the fields with fixed values offer: pairs of code and label."""

    levels: tuple[tuple[str, str], ...]
    regions: tuple[tuple[str, str], ...]
    approvals: tuple[tuple[str, str], ...]


def choices(levels: Mapping[str, str], regions: Mapping[str, str]) -> AgencyChoices:
    """The choices of a portal."""
    explained = {
        Approval.REQUIRED: "（担当者が書いたものを、承認者が公開します）",
        Approval.NONE: "（担当者が書いて、そのまま公開できます）",
    }
    return AgencyChoices(
        levels=tuple(levels.items()),
        regions=tuple(regions.items()),
        approvals=tuple((kind.value, APPROVAL_LABELS[kind] + explained[kind]) for kind in Approval),
    )
