"""Holds the mails that were sent against those that were foretold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bench.year.japan import JAPAN
from bench.year.plain import Kind, Moment, Press, Publish, Request, ShowAgain, Story, Told, Withdraw


@dataclass(frozen=True, slots=True)
class Difference:
    """What should have been mailed and what was; None where there is no such mail."""

    expected: Told | None
    told: Told | None

    @property
    def mail(self) -> Told:
        """One of the two."""
        found = self.expected or self.told
        if found is None:
            raise ValueError("a difference has a mail at least")
        return found


def differing(expected: Sequence[Told], told: Sequence[Told]) -> list[Difference]:
    """Where what was mailed is not what was foretold, in order of time."""
    left = {_key(mail): mail for mail in expected}
    found: list[Difference] = []
    for mail in map(_in_japan, told):
        foretold = left.pop(_key(mail), None)
        if foretold != mail:
            found.append(Difference(foretold, mail))
    found += [Difference(mail, None) for mail in left.values()]
    return sorted(found, key=lambda difference: difference.mail.at)


def _in_japan(mail: Told) -> Told:
    return replace(mail, at=mail.at.astimezone(JAPAN))


def _key(mail: Told) -> tuple[datetime, Kind, int]:
    return mail.at, mail.kind, mail.owner


def smallest_story(story: Story, difference: Difference) -> str:
    """What was expected, what came, and all that happened before to whom and what it is about."""
    expected, told, mail = difference.expected, difference.told, difference.mail
    pair = (expected, told)
    lines = {line for found in pair if found for line in found.lines}
    both = set.intersection(*(set(found.lines) if found else set() for found in pair))
    listings = {line.listing for line in lines - both} or {line.listing for line in lines}
    about = [
        f"{moment.at:%m-%d %H:%M:%S} {moment.act or moment.runs}"
        for moment in _until(story, mail.at)
        if _is_about(moment, mail, listings)
    ]
    return "\n".join([f"expected {expected}", f"     got {told}", *about])


def _until(story: Story, end: datetime) -> Iterator[Moment]:
    return (moment for moment in story.moments if moment.at <= end)


def _is_about(moment: Moment, mail: Told, listings: set[int]) -> bool:
    match moment.act:
        case None:
            return (mail.at - moment.at).days < 1
        case Publish() | Withdraw() | ShowAgain():
            return moment.act.listing in listings
        case Request() | Press():
            return mail.kind is Kind.NEWS and moment.act.search == mail.owner
        case act:
            owner = getattr(act, "member", mail.owner)
            number = getattr(act, "listing", None)
            is_theirs = mail.kind is not Kind.NEWS and owner == mail.owner
            return is_theirs and (number is None or number in listings)
