"""What a request can reach: settings, clock, vocabulary, database session, search index."""

import logging
from dataclasses import dataclass
from datetime import date

from flask import Flask, current_app, g, request
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts.hashing import Passwords
from portal.accounts.letters import Letterhead
from portal.attachments.scanner import Scanner
from portal.attachments.storage import AttachmentStore
from portal.clock import Clock
from portal.config import Settings
from portal.consultation.desk_table import DeskTable
from portal.consultation.desks import Desk
from portal.consultation.first_desks import load_first_desks
from portal.db import make_engine, make_session_factory
from portal.eligibility.prepared import PreparedListings
from portal.feeds.gone import GoneDays
from portal.indexing.recovery import IndexRecovery
from portal.indexing.sync import Indexer
from portal.jobs.context import JobContext
from portal.labels.vocabulary_cache import VocabularyCache
from portal.listings.vocabulary import Vocabulary, load_vocabulary
from portal.mail.delivery import Mailer, make_transport
from portal.notices.appearance import ShownNotice
from portal.notices.cache import NoticeCache
from portal.pageviews.folders import Folders
from portal.pageviews.spool import Spool
from portal.publishing import announcing
from portal.search import services as search_services
from portal.search.params import SearchParams
from portal.search.places import PlaceNames
from portal.search.results_cache import ResultsCache
from portal.search.services import Answer, Found
from portal.search.synonym_cache import SynonymCache
from portal.secret_key import SecretKey
from portal.typesetting.typesetter import Typesetter
from search_index import SearchIndex, open_index

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Resources:
    """Everything long-lived, made once from the settings; shared by the web app and commands."""

    settings: Settings
    clock: Clock
    shipped_vocabulary: Vocabulary
    vocabularies: VocabularyCache
    engine: Engine
    sessions: sessionmaker[Session]
    index: SearchIndex
    indexer: Indexer
    recovery: IndexRecovery
    synonyms: SynonymCache
    notices: NoticeCache
    places: PlaceNames
    results_cache: ResultsCache[Answer]
    prepared_listings: PreparedListings
    desk_table: DeskTable
    gone_days: GoneDays
    mailer: Mailer
    secret_key: SecretKey
    passwords: Passwords
    attachments: AttachmentStore
    scanner: Scanner | None
    typesetter: Typesetter
    spool: Spool

    @classmethod
    def from_settings(cls, settings: Settings) -> "Resources":
        """Open what the settings name. Nothing is read or written yet."""
        engine = make_engine(settings.database_url)
        sessions = make_session_factory(engine)
        vocabulary = load_vocabulary(settings.region_pack)
        vocabularies = VocabularyCache(vocabulary)
        index = open_index(settings.search_url, lag=settings.search_lag)
        indexer = Indexer(sessions, index, vocabularies)
        clock = Clock(settings.frozen_at)
        mailer = Mailer(
            sessions,
            make_transport(settings.mail_to, sender=settings.mail_from),
            clock,
            sender=settings.mail_from,
            sender_name=vocabulary.portal_name,
        )
        return cls(
            settings=settings,
            clock=clock,
            shipped_vocabulary=vocabulary,
            vocabularies=vocabularies,
            engine=engine,
            sessions=sessions,
            index=index,
            indexer=indexer,
            recovery=IndexRecovery(indexer),
            synonyms=SynonymCache(),
            notices=NoticeCache(),
            places=PlaceNames(vocabulary),
            results_cache=ResultsCache(),
            prepared_listings=PreparedListings(),
            desk_table=DeskTable(load_first_desks(settings.region_pack), vocabulary.tree),
            gone_days=GoneDays(),
            mailer=mailer,
            secret_key=SecretKey(settings.secret_keys, settings.data_dir),
            passwords=Passwords(settings.password_cost),
            attachments=AttachmentStore(settings.data_dir),
            scanner=Scanner(settings.scanner_at) if settings.scanner_at else None,
            typesetter=Typesetter(),
            spool=Spool(Folders(settings.data_dir), sessions),
        )

    def close(self) -> None:
        """Let mail that is being sent get to its server, then close the database."""
        self.mailer.wait_until_idle()
        self.spool.close()
        self.engine.dispose()

    def job_context(self) -> JobContext:
        """What jobs work with."""
        return JobContext(
            engine=self.engine,
            sessions=self.sessions,
            indexer=self.indexer,
            clock=self.clock,
            data_dir=self.settings.data_dir,
            mailer=self.mailer,
            letterhead=Letterhead(
                portal_name=self.shipped_vocabulary.portal_name,
                base_url=self.settings.base_url,
                link_url=f"{self.settings.base_url}{announcing.PATH}/",
            ),
            secret_key=self.secret_key,
            synonyms=self.synonyms,
            scanner=self.scanner,
        )


def init_app(app: Flask, resources: Resources) -> None:
    """Give an app its resources, and each request a session that ends with it."""
    app.extensions["portal"] = resources

    @app.teardown_appcontext
    def close_session(_error: BaseException | None) -> None:
        session: Session | None = g.pop("session", None)
        if session is not None:
            session.close()


def resources() -> Resources:
    """The resources of the app that answers this request."""
    found = current_app.extensions["portal"]
    if not isinstance(found, Resources):
        raise TypeError("the app was not made by create_app")
    return found


def db_session() -> Session:
    """The session of this request, for reading; what writes uses ``db.write_transaction``."""
    if "session" not in g:
        g.session = resources().sessions()
    session: Session = g.session
    return session


def current_vocabulary() -> Vocabulary:
    """Codes and what administrators call them by now; the same for the whole of a request."""
    if "vocabulary" not in g:
        g.vocabulary = resources().vocabularies.current(db_session())
    vocabulary: Vocabulary = g.vocabulary
    return vocabulary


def consultation_desks() -> tuple[Desk, ...]:
    """The consultation desks as they are by now."""
    return resources().desk_table.current(db_session(), today())


def find(params: SearchParams) -> Found:
    """Answer a search. An index that cannot, or is behind, is mended in the background."""
    held, session = resources(), db_session()
    found = search_services.run(
        session,
        held.index,
        params,
        today=today(),
        vocabulary=current_vocabulary(),
        places=held.places,
        synonyms=held.synonyms.current(session),
        cache=held.results_cache,
    )
    if found.is_degraded or held.indexer.is_behind(session):
        held.recovery.start()
    return found


def index_soon() -> None:
    """Let searches find what was just saved. Whoever is at the index may have looked at the log
    before; what they miss is brought in behind this answer, and not only by the next search."""
    held = resources()
    if not held.indexer.drain_soon():
        held.recovery.start()


def site_notices() -> tuple[ShownNotice, ...]:
    """What visitors are told on every page now; nothing where the database does not answer, which
    must not keep a page from saying so."""
    if "site_notices" not in g:
        g.site_notices = ()
        held = resources()
        try:
            g.site_notices = held.notices.current(db_session(), now=held.clock.now())
        except (DBAPIError, PoolTimeoutError):
            logger.warning("could not read site notices", exc_info=True)
    found: tuple[ShownNotice, ...] = g.site_notices
    return found


def absolute(address: str) -> str:
    """An address of this portal with scheme and host: its public ones in production, else those
    that were asked."""
    return base_url() + address


def base_url() -> str:
    """Scheme and host of this portal, without a slash at the end."""
    settings = resources().settings
    return settings.base_url if settings.is_production else request.host_url.rstrip("/")


def letterhead(link_path: str) -> Letterhead:
    """What a mail says of the portal; its link leads to what is below this path."""
    return Letterhead(
        portal_name=resources().shipped_vocabulary.portal_name,
        base_url=base_url(),
        link_url=f"{absolute(link_path)}/",
    )


def today() -> date:
    """The day in Japan as this request sees it: one day, even across midnight."""
    if "today" not in g:
        g.today = resources().clock.today()
    day: date = g.today
    return day
