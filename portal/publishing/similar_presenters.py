"""Listings told to whoever writes one: what may be the same, and what may be meant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import url_for

from portal.listings.models import ListingState
from portal.listings.title_queries import Titled
from portal.publishing.typed_relations import Meaning
from portal.publishing.typed_values import listing_text

_STATES = {
    ListingState.DRAFT: "下書き",
    ListingState.IN_REVIEW: "確認待ち",
    ListingState.SCHEDULED: "公開予約",
    ListingState.PUBLISHED: "公開中",
    ListingState.WITHDRAWN: "掲載終了",
    ListingState.ARCHIVED: "保管",
}


@dataclass(frozen=True, slots=True)
class SimilarRow:
    """A listing beside the one being written."""

    id: str
    title: str
    agency: str
    state: str
    address: str

    @property
    def text(self) -> str:
        """What stands for it in a field."""
        return listing_text(self.id, {self.id: self.title})


@dataclass(frozen=True, slots=True)
class MeaningRow:
    """What is meant by the text in a field.

    :ivar problem: told below the field where nothing else tells it.
    """

    found: SimilarRow | None = None
    candidates: tuple[SimilarRow, ...] = ()
    problem: str = ""


def rows(found: Iterable[Titled], *, own_agency_id: int) -> tuple[SimilarRow, ...]:
    """One's own lead to the preview, as others may not be public; those of others to their page."""
    return tuple(
        SimilarRow(
            id=row.public_id,
            title=row.title,
            agency=row.agency_name,
            state=_STATES[row.state],
            address=_address(row, own_agency_id),
        )
        for row in found
    )


def meaning_rows(meanings: Mapping[str, Meaning], *, own_agency_id: int) -> dict[str, MeaningRow]:
    """What is meant by some texts, under the same names."""
    return {
        name: meaning_row(meaning, own_agency_id=own_agency_id)
        for name, meaning in meanings.items()
    }


def meaning_row(meaning: Meaning, *, own_agency_id: int) -> MeaningRow:
    """A listing that is meant, or those among which one has to be chosen."""
    found = rows([meaning.listing] if meaning.listing else [], own_agency_id=own_agency_id)
    return MeaningRow(
        found=found[0] if found else None,
        candidates=rows(meaning.candidates, own_agency_id=own_agency_id),
        problem=meaning.problem,
    )


def _address(row: Titled, own_agency_id: int) -> str:
    if row.agency_id == own_agency_id:
        return url_for("listing_preview.show", own_id=row.public_id)
    return url_for("listings.show", public_id=row.public_id)
