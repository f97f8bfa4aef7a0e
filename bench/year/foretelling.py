"""All mails of a story, computed from the rules alone."""

from datetime import datetime, time

from bench.year.finding import Meaning, Shown
from bench.year.foretold_favorites import Kept, Member
from bench.year.foretold_news import Now, SavedSearch
from bench.year.japan import MORNING, last_at
from bench.year.plain import (
    Acknowledge,
    Act,
    Choose,
    Disable,
    Drop,
    Keep,
    Kind,
    Press,
    Publish,
    Request,
    Runs,
    ShowAgain,
    Story,
    Synonyms,
    Told,
    Withdraw,
)

_PRUNED_AT = time(3, 25)


def foretell(story: Story) -> list[Told]:
    """What should be mailed, in order of time; mails of one round in any order."""
    world = _World(story)
    told: list[Told] = []
    for moment in story.moments:
        if moment.act is not None:
            world.do(moment.act, moment.at)
        if moment.runs is not None:
            told += world.run(moment.runs, moment.at)
    return told


class _World:
    def __init__(self, story: Story) -> None:
        self._story = story
        self._shown: dict[int, Shown] = {}
        self._changes = 0
        self._meaning = Meaning([])
        self._searches: dict[int, SavedSearch] = {}
        self._members = [Member() for _ in story.members]
        self._last_due: datetime | None = None

    def do(self, act: Act, now: datetime) -> None:
        """Let something happen."""
        match act:
            case Publish() | Withdraw() | ShowAgain():
                self._show(act, now)
            case Request():
                search = SavedSearch(act, now)
                self._searches[act.search] = search
                if act.member is not None:
                    search.begin(self._now(now))
            case Press():
                self._searches[act.search].press(act, self._now(now))
            case Synonyms(words):
                self._meaning.groups.append(words)
            case _:
                self._do_member(act, now)

    def _show(self, act: Publish | Withdraw | ShowAgain, now: datetime) -> None:
        self._changes += 1
        if isinstance(act, Publish):
            place = self._story.places[act.listing]
            new = Shown(act.listing, place, act.said, published_at=now, updated_at=now)
            listing = self._shown.setdefault(act.listing, new)
            listing.said = act.said
        else:
            listing = self._shown[act.listing]
        listing.is_public = not isinstance(act, Withdraw)
        listing.updated_at = now

    def _do_member(self, act: Act, now: datetime) -> None:
        match act:
            case Keep(member, number):
                self._members[member].favorites[number] = Kept(now, self._shown[number].said)
            case Drop(member, number):
                del self._members[member].favorites[number]
            case Acknowledge(member, number):
                self._members[member].favorites[number].said = self._shown[number].said
            case Choose():
                self._members[act.member].choose(act, now)
            case Disable(member, is_disabled):
                self._members[member].is_disabled = is_disabled

    def run(self, runs: Runs, now: datetime) -> list[Told]:
        """Let the jobs run as a round says."""
        if runs is Runs.AT_ONCE:
            return self._tell(now, deadlines=True)
        if self._is_first_since(now, _PRUNED_AT):
            for search in self._searches.values():
                search.prune(now)
        told = self._tell(now, deadlines=self._is_first_since(now, MORNING))
        self._last_due = now
        return told + (self._tell(now, deadlines=True) if runs is Runs.TWICE else [])

    def _is_first_since(self, now: datetime, of_day: time) -> bool:
        """Whether no round of what is due came since a time of day."""
        return self._last_due is None or self._last_due < last_at(now, of_day)

    def _now(self, now: datetime) -> Now:
        return Now(now, self._shown.values(), self._changes, self._meaning)

    def _tell(self, now: datetime, *, deadlines: bool) -> list[Told]:
        told = [told for number in self._searches for told in self._news(number, now)]
        for number, (member, to) in enumerate(zip(self._members, self._story.members, strict=True)):
            if deadlines and (lines := member.deadlines(self._shown, now)):
                told.append(Told(now, Kind.DEADLINES, number, to, lines))
            if lines := member.changes(self._shown, now):
                told.append(Told(now, Kind.CHANGES, number, to, lines))
        return told

    def _news(self, number: int, now: datetime) -> list[Told]:
        search = self._searches[number]
        lines, left_out = search.tell(self._now(now))
        member = search.asked.member
        is_disabled = member is not None and self._members[member].is_disabled
        if not lines or is_disabled:
            return []
        to = search.asked.address if member is None else self._story.members[member]
        return [Told(now, Kind.NEWS, number, to, lines, left_out)]
