"""What may be the same listing, told to whoever writes one."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for

from portal.listings.models import ListingState
from portal.listings.title_queries import Titled

_STATES = {
    ListingState.DRAFT: "下書き",
    ListingState.IN_REVIEW: "確認待ち",
    ListingState.SCHEDULED: "公開予約",
    ListingState.PUBLISHED: "公開中",
    ListingState.WITHDRAWN: "掲載終了",
}


@dataclass(frozen=True, slots=True)
class SimilarRow:
    """A listing that is like the one being written."""

    title: str
    agency: str
    state: str
    address: str


def rows(found: Iterable[Titled], *, own_agency_id: int) -> tuple[SimilarRow, ...]:
    """One's own lead to the preview, as others may not be public; those of others to their page."""
    return tuple(
        SimilarRow(row.title, row.agency_name, _STATES[row.state], _address(row, own_agency_id))
        for row in found
    )


def _address(row: Titled, own_agency_id: int) -> str:
    if row.agency_id == own_agency_id:
        return url_for("listing_editor.preview", own_id=row.public_id)
    return url_for("listings.show", public_id=row.public_id)
