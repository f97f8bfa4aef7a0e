"""What whoever writes a listing has around them: other versions of it, and other listings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.listings import relation_queries
from portal.listings.content import ListingContent
from portal.listings.models import Listing
from portal.listings.version_content import content_of
from portal.listings.vocabulary import Vocabulary
from portal.publishing import copying, editor_presenters, merging, similar_presenters
from portal.publishing.acts import Act
from portal.publishing.editor_presenters import Disagreement
from portal.publishing.relatable import Relatable
from portal.publishing.similar import similar
from portal.publishing.similar_presenters import SimilarRow
from portal.publishing.typed_content import Choices, read_content
from portal.publishing.typed_fields import Typed
from portal.publishing.typed_relations import Meaning, titles_of
from search_index import SearchIndex


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Of one listing, which need not be there yet.

    What is typed for related listings comes as a map from the field to the text.
    """

    session: Session
    index: SearchIndex
    vocabulary: Vocabulary
    agency_names: Mapping[str, str]
    listing: Listing
    today: date

    def read(self, typed: Typed, others: Mapping[str, str], act: Act) -> ListingContent:
        """What was typed; what the editor does not ask for is as in the newest version.

        :param act: what is to be done with it; to save it as a draft asks for least.
        :raises InvalidInputError: with all that has to be mended, field by field.
        """
        choices = Choices.of(self.vocabulary, self.agency_names, self.meanings(others))
        versions = self.listing.versions
        base = content_of(versions[-1]) if versions else None
        return read_content(typed, choices, base=base, is_for_public=act is not Act.SAVE)

    def meanings(self, others: Mapping[str, str]) -> dict[str, Meaning]:
        """Which listings are meant as those that this one is related to."""
        finding = Relatable(
            self.session,
            self.index,
            agency_id=self.listing.agency_id,
            itself=self.listing.id,
            named=relation_queries.ids_named_by(self.listing.versions[-1:]),
            today=self.today,
        )
        return finding.meanings(others)

    def titles(self, others: Mapping[str, str]) -> dict[str, str]:
        """What the listings are called that its versions name, or that are typed; by public id."""
        known = relation_queries.titles_at_desk(self.session, self.listing.versions)
        return known | titles_of(self.meanings(others))

    def disagreements(
        self, began: str, typed: ListingContent, others: Mapping[str, str]
    ) -> tuple[Disagreement, ...]:
        """What is saved by now beside what was typed.

        :param began: the number of the version that whoever types began from.
        """
        return editor_presenters.disagreements(
            self._numbered(began),
            content_of(self.listing.versions[-1]),
            typed,
            vocabulary=self.vocabulary,
            agency_names=self.agency_names,
            listing_titles=self.titles(others),
            today=self.today,
        )

    def merged(self, began: str, typed: ListingContent) -> ListingContent:
        """What was typed, with what somebody else saved in all fields that were left alone."""
        first = self._numbered(began)
        saved = content_of(self.listing.versions[-1])
        return merging.merged(first, saved, typed) if first else typed

    def similar(self, title: str) -> Sequence[SimilarRow]:
        """What may be the same as a listing that the public has not seen yet."""
        if not title or self.listing.public_version_id is not None:
            return ()
        found = similar(
            self.session,
            self.index,
            title,
            agency_id=self.listing.agency_id,
            itself=self.listing.id,
            today=self.today,
        )
        return similar_presenters.rows(found, own_agency_id=self.listing.agency_id)

    def to_confirm(self) -> tuple[str, ...]:
        """What has to be confirmed of a copy."""
        versions = self.listing.versions
        return tuple(copying.to_confirm(content_of(versions[-1]), self.today)) if versions else ()

    def _numbered(self, number: str) -> ListingContent | None:
        """What the version of a number says, if there is one."""
        found = (content_of(row) for row in self.listing.versions if str(row.number) == number)
        return next(found, None)
