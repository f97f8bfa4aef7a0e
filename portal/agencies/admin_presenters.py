"""Agencies as the prefecture looks after them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.agencies import services
from portal.agencies.details import LABELS, AgencyDetails
from portal.agencies.export import APPROVAL_LABELS
from portal.agencies.models import Agency, Approval
from portal.told_form import Called

OVERTAKEN = (
    "この画面を開いたあとで、ほかの管理者がこの機関を変更しました。"
    "下の「いまの内容」と見くらべて、よければもう一度「変更を保存する」を押してください。"
)


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


def called(levels: Mapping[str, str], regions: Mapping[str, str]) -> Called:
    """What the codes are called in the form of an agency, by field."""
    approvals = {kind.value: label for kind, label in APPROVAL_LABELS.items()}
    return {"level": levels, "region": regions, "approval": approvals}


def others(
    agency: Agency,
    typed: AgencyDetails,
    *,
    levels: Mapping[str, str],
    regions: Mapping[str, str],
) -> tuple[tuple[str, str], ...]:
    """What somebody else has made of an agency where something else was typed: label and value."""
    now = services.details_of(agency)
    labels = called(levels, regions)
    names = AgencyDetails.__dataclass_fields__
    differing = {
        name: getattr(now, name) for name in names if getattr(now, name) != getattr(typed, name)
    }
    return tuple(
        (LABELS[name], labels.get(name, {}).get(value, value) or "（空）")
        for name, value in differing.items()
    )
