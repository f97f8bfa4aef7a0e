"""Agencies as rows of a table."""

from collections.abc import Iterable, Iterator, Mapping

from portal.agencies import services
from portal.agencies.details import LABELS
from portal.agencies.models import Agency, Approval
from portal.spreadsheets import Cell, csv_chunks

APPROVAL_LABELS = {Approval.REQUIRED: "必要", Approval.NONE: "不要"}


def agencies_csv(
    agencies: Iterable[Agency], *, levels: Mapping[str, str], regions: Mapping[str, str]
) -> Iterator[str]:
    """A CSV file of agencies; ``levels`` and ``regions`` map codes to labels."""

    def row(agency: Agency) -> tuple[Cell, ...]:
        details = services.details_of(agency)
        return (
            agency.code,
            details.name,
            details.kana,
            levels[details.level],
            regions.get(details.region, details.region),
            details.department,
            details.tel,
            details.email,
            details.url,
            details.section_mailbox,
            APPROVAL_LABELS[Approval(details.approval)],
        )

    return csv_chunks(_HEADER, (row(agency) for agency in agencies))


_HEADER = tuple(
    LABELS[name]
    for name in (
        *("code", "name", "kana", "level", "region", "department", "tel", "email", "url"),
        *("section_mailbox", "approval"),
    )
)
