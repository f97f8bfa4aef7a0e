"""Versions told in words: who wrote them, what changed, what was done to them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.clock import in_japan
from portal.formats import full_day, near_day, near_moment
from portal.listings.differences import Difference, Piece, differences
from portal.listings.models import ListingVersion
from portal.listings.version_content import content_of
from portal.listings.vocabulary import Vocabulary
from portal.publishing.act_models import ListingAct
from portal.publishing.acts import Act
from portal.publishing.desk_presenters import name_of
from portal.publishing.history import Publication
from portal.publishing.version_queries import Stamp

BY_ITSELF = "ポータル（予約した日時）"
"""Who does what nobody is there to do."""


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells what changed between versions.

    :ivar agency_names: by code.
    :ivar listing_titles: by public id, of the listings that may be told of.
    """

    vocabulary: Vocabulary
    agency_names: Mapping[str, str]
    listing_titles: Mapping[str, str]
    today: date

    def between(self, before: ListingVersion, after: ListingVersion) -> tuple[Difference, ...]:
        """What ``after`` says that ``before`` did not."""
        return differences(
            content_of(before),
            content_of(after),
            vocabulary=self.vocabulary,
            agency_names=self.agency_names,
            listing_titles=self.listing_titles,
            today=self.today,
        )


@dataclass(frozen=True, slots=True)
class ActLine:
    """Something that was done to a version."""

    done: str
    when: str
    who: str
    comment: str


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version in the history that colleagues read."""

    number: int
    when: str
    who: str
    changes: tuple[str, ...]
    is_first: bool
    is_public: bool
    is_newest: bool
    acts: tuple[ActLine, ...]


@dataclass(frozen=True, slots=True)
class ChangedField:
    """A field that differs: long texts in pieces, choices of several by what came and went, all
    others by what they said and say."""

    label: str
    before: str
    after: str
    pieces: tuple[Piece, ...]
    gained: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublicChange:
    """A day of the public history, and what changed on it; nothing at the beginning."""

    day: str
    changes: tuple[str, ...]


def people(versions: Iterable[ListingVersion], acts: Iterable[ListingAct]) -> set[int]:
    """The numbers of those whom a history speaks of."""
    found = {version.author_id for version in versions} | {act.actor_id for act in acts}
    return {number for number in found if number is not None}


def version_lines(
    versions: Sequence[ListingVersion],
    acts: Iterable[ListingAct],
    *,
    newest: int,
    shown_id: int | None,
    names: Mapping[int, str],
    teller: Teller,
    most: int,
) -> tuple[VersionLine, ...]:
    """The first ``most`` of some versions, which come newest first, each told by the one after it.

    :param newest: the number of the newest version of the listing.
    :param shown_id: the row id of the version that the public sees.
    """
    done: defaultdict[int, list[ActLine]] = defaultdict(list)
    for act in acts:
        done[act.version_id].append(_act_line(act, names, teller.today))
    found = []
    for place, version in enumerate(versions[:most]):
        before = versions[place + 1] if place + 1 < len(versions) else None
        changed = teller.between(before, version) if before else ()
        found.append(
            VersionLine(
                number=version.number,
                when=near_moment(version.created_at, teller.today),
                who=name_of(version.author_id, names),
                changes=tuple(difference.in_words() for difference in changed),
                is_first=before is None,
                is_public=version.id == shown_id,
                is_newest=version.number == newest,
                acts=tuple(done[version.id]),
            )
        )
    return tuple(found)


def version_choices(stamps: Iterable[Stamp], today: date) -> tuple[tuple[int, str], ...]:
    """Versions to choose from: the number, and what tells one from another."""
    return tuple((stamp.number, _told(stamp, today)) for stamp in stamps)


def changed_fields(found: Iterable[Difference]) -> tuple[ChangedField, ...]:
    """Differences, each in the form in which it is best read."""
    return tuple(
        ChangedField(
            label=difference.label,
            before=difference.before,
            after=difference.after,
            pieces=difference.pieces() if difference.is_long else (),
            gained=difference.gained,
            lost=difference.lost,
        )
        for difference in found
    )


def public_changes(publications: Sequence[Publication], teller: Teller) -> tuple[PublicChange, ...]:
    """What the public saw change, the last first. What changed nothing that it sees is left out."""
    found = []
    for before, after in zip(publications, publications[1:], strict=False):
        changed = teller.between(before.version, after.version)
        lines = tuple(difference.in_words() for difference in changed)
        if lines:
            found.append(PublicChange(_day(after), lines))
    beginning = [PublicChange(_day(first), ()) for first in publications[:1]]
    return tuple(reversed(beginning + found))


def _told(stamp: Stamp, today: date) -> str:
    author, name = stamp.author_id, stamp.author_name
    names = {author: name} if author is not None and name is not None else {}
    day = near_day(in_japan(stamp.at).date(), today)
    return f"第{stamp.number}版 {day} {name_of(author, names)}"


def _day(publication: Publication) -> str:
    return full_day(in_japan(publication.at).date())


def _act_line(act: ListingAct, names: Mapping[int, str], today: date) -> ActLine:
    return ActLine(
        done=Act(act.act).done,
        when=near_moment(act.at, today),
        who=name_of(act.actor_id, names, nobody=BY_ITSELF),
        comment=act.comment,
    )
