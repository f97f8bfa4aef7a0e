"""Lets owners and clerks of a story act on a portal, through the services behind its pages."""

from datetime import datetime, timedelta

from werkzeug.datastructures import MultiDict

from bench.year.inventing import PLACES
from bench.year.japan import day_of
from bench.year.plain import (
    Acknowledge,
    Act,
    Choose,
    Disable,
    Drop,
    Keep,
    Press,
    Publish,
    Request,
    Said,
    ShowAgain,
    Story,
    Synonyms,
    Wanted,
    Withdraw,
)
from bench.year.reading import Names
from portal.accounts import services as account_services
from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.accounts.services import NewUser
from portal.agencies import queries as agency_queries
from portal.agencies.models import Agency
from portal.alerts import changing, criteria, services, settings
from portal.alerts.changing import Button, Change
from portal.alerts.criteria import Criteria, CriteriaReader
from portal.alerts.finding import find_baseline
from portal.alerts.models import SavedSearch
from portal.alerts.sealed_links import link_box
from portal.alerts.services import Baseline
from portal.alerts.timing import Frequency
from portal.audit.types import OPERATOR
from portal.db import write_transaction
from portal.errors import NotFoundError
from portal.extensions import Resources
from portal.favorites.models import Favorite
from portal.listings import services as listing_services
from portal.listings.content import EventContent, ListingContent, RoundContent
from portal.listings.models import Listing
from portal.search import synonym_services
from portal.search.synonym_content import SynonymContent

_DRAIN_TIMEOUT_S = 5.0


class Actor:
    """Does what a story says, and knows how the portal calls those who take part."""

    def __init__(self, held: Resources, story: Story) -> None:
        self._held = held
        self._story = story
        self._listings: dict[int, int] = {}
        self._searches: dict[int, int] = {}
        self._users: dict[int, int] = {}
        self.names = Names({}, {}, {}, link_box(held.secret_key))
        self._prepare(story.moments[0].at - timedelta(days=1))

    def _prepare(self, now: datetime) -> None:
        password_hash = self._held.passwords.hash("nobody signs in")
        with write_transaction(self._held.sessions) as session:
            for place in PLACES:
                name = f"見本の機関{place.agency}"
                session.add(Agency(code=place.agency, name=name, level=place.level))
            for number, email in enumerate(self._story.members):
                wanted = NewUser(email, f"会員{number}", Role.MEMBER)
                user = account_services.create_user(
                    session, wanted, password_hash, actor=OPERATOR, now=now
                )
                self._users[number] = user.id
                self.names.members[user.id] = number

    def do(self, act: Act, now: datetime) -> None:
        """Let something happen."""
        match act:
            case Publish() | Withdraw() | ShowAgain():
                self._show(act, now)
            case Request():
                self._request(act, now)
            case Press():
                self._press(act, now)
            case Synonyms(words):
                with write_transaction(self._held.sessions) as session:
                    content = SynonymContent(words)
                    synonym_services.add_group(session, content, actor=OPERATOR, now=now)
            case _:
                self._do_member(act, now)

    def _show(self, act: Publish | Withdraw | ShowAgain, now: datetime) -> None:
        with write_transaction(self._held.sessions) as session:
            if isinstance(act, Publish):
                content = _content(act.said)
                listing = session.get(Listing, self._listings.get(act.listing, 0))
                if listing is None:
                    agency = agency_queries.get_by_code(
                        session, self._story.places[act.listing].agency
                    )
                    listing = listing_services.create_listing(session, agency, content, now=now)
                    self._listings[act.listing] = listing.id
                    self.names.listings[listing.public_id] = act.listing
                else:
                    listing_services.save_version(session, listing, content, now=now)
                listing_services.publish(session, listing, now=now)
            else:
                listing = session.get_one(Listing, self._listings[act.listing])
                if isinstance(act, Withdraw):
                    listing_services.withdraw(session, listing, reason="見本", now=now)
                else:
                    listing_services.show_again(session, listing, now=now)
        self._held.indexer.drain(timeout=_DRAIN_TIMEOUT_S)

    def _request(self, act: Request, now: datetime) -> None:
        wanted = self._criteria(act.wanted)
        frequency = Frequency(act.frequency)
        baseline = self._baseline(wanted, now) if act.member is not None else None
        with write_transaction(self._held.sessions) as session:
            if act.member is None:
                to = act.address
                row = services.request(session, to, to, wanted, frequency, now=now)
            else:
                user = session.get_one(User, self._users[act.member])
                row = services.save(session, user, wanted, frequency, baseline, now=now)
            self._searches[act.search] = row.id
            self.names.searches[row.id] = act.search

    def _press(self, act: Press, now: datetime) -> None:
        wanted = None if act.wanted is None else self._criteria(act.wanted)
        change = Change(
            Button(act.button),
            frequency=Frequency(act.frequency) if act.frequency else None,
            criteria=wanted,
            listing_id=None if act.listing is None else self._listings[act.listing],
        )
        with self._held.sessions() as session:
            row = session.get(SavedSearch, self._searches[act.search])
            if row is None:
                return
            watched = wanted or Criteria(row.criteria)
        baseline = self._baseline(watched, now) if change.begins_anew else None
        with write_transaction(self._held.sessions) as session:
            row = session.get_one(SavedSearch, self._searches[act.search])
            try:
                changing.do(session, row, change, baseline, now=now)
            except NotFoundError:
                # Nobody confirmed it in time, as the story has it.
                return

    def _do_member(self, act: Act, now: datetime) -> None:
        with write_transaction(self._held.sessions) as session:
            match act:
                case Keep() | Drop() | Acknowledge():
                    listing = session.get_one(Listing, self._listings[act.listing])
                    key = self._users[act.member], listing.id
                    if isinstance(act, Drop):
                        session.delete(session.get_one(Favorite, key))
                    elif isinstance(act, Keep):
                        session.add(
                            Favorite(
                                user_id=key[0],
                                listing_id=key[1],
                                known_version_id=listing.public_version_id,
                                saved_at=now,
                            )
                        )
                    else:
                        kept = session.get_one(Favorite, key)
                        kept.known_version_id = listing.public_version_id or 0
                case Choose():
                    settings.choose(
                        session,
                        self._users[act.member],
                        deadline_mails=act.deadline_mails,
                        change_mails=act.change_mails,
                        now=now,
                    )
                case Disable(member, is_disabled):
                    user = session.get_one(User, self._users[member])
                    user.disabled_at = now if is_disabled else None

    def _reader(self) -> CriteriaReader:
        with self._held.sessions() as session:
            vocabulary = self._held.vocabularies.current(session)
            return CriteriaReader(vocabulary, agency_queries.known_codes(session))

    def _criteria(self, wanted: Wanted) -> Criteria:
        text = " ".join((*wanted.words, *(f"-{word}" for word in wanted.without)))
        pairs = [("q", text)] if text else []
        pairs += [(name, code) for name, codes in wanted.choices.items() for code in codes]
        if wanted.amount_min is not None:
            pairs.append(("amount_min", str(wanted.amount_min)))
        if wanted.local_only:
            pairs.append(("local_only", "1"))
        return criteria.of_params(self._reader().read(MultiDict(pairs)))

    def _baseline(self, wanted: Criteria, now: datetime) -> Baseline | None:
        reader = self._reader()
        with self._held.sessions() as session:
            synonyms = self._held.synonyms.current(session)
            return find_baseline(
                session, self._held.index, reader, synonyms, wanted, today=day_of(now)
            )


def _content(said: Said) -> ListingContent:
    return ListingContent(
        title=said.title,
        summary=" ".join(("見本の概要です。", *said.words)),
        kind=said.kind,
        industries=said.industries,
        regions=said.regions,
        region_exceptions=said.exceptions,
        purposes=said.purposes,
        amount_max_yen=said.amount_max_yen,
        date_state=said.date_state,
        opens_on=said.opens_on,
        closes_on=said.closes_on,
        rounds=tuple(RoundContent(*days) for days in said.rounds),
        events=tuple(EventContent(day) for day in said.event_days),
        rate=said.rate,
        tel=said.tel,
        eligibility=said.eligibility,
        documents=said.documents,
    )
