"""Every constraint of listings and vocabulary, shown to bite on SQLite and on PostgreSQL."""

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from sqlalchemy import CheckConstraint, insert, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts.permissions import Role
from portal.agencies.models import Agency
from portal.alerts.favorite_models import AlertSetting, ChangeNotice, DeadlineNotice
from portal.alerts.models import SavedSearch
from portal.favorites.models import Favorite
from portal.labels.models import VocabularyLabel, VocabularyRevision
from portal.listings import queries, services
from portal.listings.attachment_models import Attachment, VersionAttachment
from portal.listings.facet_models import (
    Industry,
    Region,
    VersionFiscalYear,
    VersionIndustry,
    VersionPartner,
    VersionPurpose,
    VersionRegion,
    VersionRegionException,
)
from portal.listings.models import Listing
from portal.listings.relation_models import VersionRelation
from portal.listings.schedule_models import ApplicationRound, ListingEvent
from portal.messages.models import Message
from portal.models import metadata
from portal.notices.models import NoticeRevision, SiteNotice
from portal.publishing.act_models import ListingAct
from portal.publishing.autosave_models import ListingAutosave
from portal.search.models import SynonymGroup, SynonymMember, SynonymRevision
from tests.conftest import NOW
from tests.factories import make_agency, make_content, make_draft, make_listing
from tests.portal.accounts.test_constraints import TABLES as ACCOUNT_TABLES
from tests.portal.pageviews.test_constraints import TABLES as COUNTED_TABLES
from tests.portal.publishing.desk_people import make_person

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)

Break = Callable[[Session, Listing], None]


def _set(**values: object) -> Break:
    """Give the listing's newest version other values."""

    def act(session: Session, listing: Listing) -> None:
        for name, value in values.items():
            setattr(listing.versions[-1], name, value)
        session.flush()

    return act


def _set_listing(**values: object) -> Break:
    def act(session: Session, listing: Listing) -> None:
        for name, value in values.items():
            setattr(listing, name, value)
        session.flush()

    return act


def _add(make_row: Callable[[int], object]) -> Break:
    """Add a row that belongs to the listing's newest version."""

    def act(session: Session, listing: Listing) -> None:
        session.add(make_row(listing.versions[-1].id))
        session.flush()

    return act


def _add_agency(**values: str) -> Break:
    row = {"code": "new", "name": "新しい機関", "level": "organization"} | values
    return _add(lambda _: Agency(**row))


def _saved_search(**values: object) -> SavedSearch:
    row = {
        **{"address": "a@firm.example.jp", "address_folded": "a@firm.example.jp"},
        **{"criteria": "q=x", "criteria_digest": "0" * 64, "frequency": "daily"},
        **{"state": "requested", "requested_at": NOW},
    }
    return SavedSearch(**(row | values))


def _synonym_group(**values: str) -> SynonymGroup:
    return SynonymGroup(**({"category": "money", "updated_at": NOW} | values))


def _label(**values: str) -> VocabularyLabel:
    row = {"facet": "purpose", "code": "startup", "label": "はじめる", "kana": "はじめる"}
    return VocabularyLabel(**({"short_label": "", "updated_at": NOW} | row | values))


def _notice(**values: object) -> SiteNotice:
    row = {"level": "info", "title": "大雪", "text": "", "is_published": False}
    return SiteNotice(**(row | {"created_at": NOW, "updated_at": NOW} | values))


def _message(**values: object) -> Message:
    row = {"topic": "use", "text": "", "state": "open", "answer": "", "created_at": NOW}
    return Message(**(row | values))


def _same_version_number(session: Session, listing: Listing) -> None:
    statement = "UPDATE listing_version SET number = 1 WHERE number = 2"
    session.execute(text(statement))


def _version_of_another_listing(session: Session, listing: Listing) -> None:
    other = make_draft(session, agency=listing.agency)
    listing.public_version_id = other.versions[-1].id
    session.flush()


def _change_before_publication(session: Session, listing: Listing) -> None:
    make_draft(session, agency=listing.agency).change_state = "draft"
    session.flush()


def _act(**values: object) -> Break:
    def act(session: Session, listing: Listing) -> None:
        row = {"version_id": listing.versions[-1].id, "at": NOW} | values
        session.add(ListingAct(listing_id=listing.id, **row))
        session.flush()

    return act


def _attachment(**values: object) -> Break:
    """Give the listing a second file."""

    def act(session: Session, listing: Listing) -> None:
        session.add(_file(listing.id, **({"number": 2} | values)))
        session.flush()

    return act


def _file(listing_id: int, /, **values: object) -> Attachment:
    row = {"number": 1, "file_name": "募集要項.pdf", "size": 9, "pages": 1, "sha256": "a" * 64}
    row |= {"listing_id": listing_id, "state": "clean", "created_at": NOW}
    return Attachment(**(row | values))


def _same_attachment_number(session: Session, listing: Listing) -> None:
    session.add_all([_file(listing.id), _file(listing.id)])
    session.flush()


def _list_file_of_another(*columns: str) -> Break:
    """Have the newest version list a file; in some columns, one of another listing."""

    def act(session: Session, listing: Listing) -> None:
        other = make_draft(session, agency=listing.agency)
        own, foreign = _file(listing.id), _file(other.id)
        session.add_all([own, foreign])
        session.flush()
        good = {"attachment_id": own.id, "listing_id": listing.id}
        bad = {"attachment_id": foreign.id, "listing_id": other.id}
        row = good | {column: bad[column] for column in columns}
        row |= {"version_id": listing.versions[-1].id, "position": 0}
        session.execute(insert(VersionAttachment).values(row))

    return act


def _relate(**values: object) -> Break:
    """Have the newest version say that another listing can be used with this one."""

    def act(session: Session, listing: Listing) -> None:
        other = make_draft(session, agency=listing.agency)
        row = {"kind": "combinable", "other_id": other.id, "listing_id": listing.id, "position": 0}
        row |= {"version_id": listing.versions[-1].id} | values
        session.execute(insert(VersionRelation).values(row))

    return act


def _relate_twice(session: Session, listing: Listing) -> None:
    other = make_draft(session, agency=listing.agency)
    for _ in range(2):
        _relate(other_id=other.id)(session, listing)


def _same_source_id(session: Session, listing: Listing) -> None:
    make_draft(session, agency=listing.agency, source_id="s-1")
    make_draft(session, agency=listing.agency, source_id="s-1")


def _delete_listing(session: Session, listing: Listing) -> None:
    session.execute(text("DELETE FROM listing"))


def _autosave(*subjects: str, user_id: int | None = None) -> Break:
    """Forms that somebody keeps; of nobody, if there is no such user."""

    def act(session: Session, listing: Listing) -> None:
        clerk = make_person(session, Role.STAFF, listing.agency)
        for subject in subjects:
            row = {"user_id": user_id or clerk.id, "fields": [], "saved_at": NOW}
            session.execute(insert(ListingAutosave).values(about=subject, **row))

    return act


def _favorite(**values: object) -> Break:
    """Somebody keeps the listing as its newest version has it, but for these values."""

    def act(session: Session, listing: Listing) -> None:
        member = make_person(session, Role.MEMBER, listing.agency)
        row = {"user_id": member.id, "listing_id": listing.id, "saved_at": NOW, "note": ""}
        row |= {"known_version_id": listing.versions[-1].id} | values
        session.execute(insert(Favorite).values(row))

    return act


def _keep_as_another_listing(session: Session, listing: Listing) -> None:
    other = make_draft(session, agency=listing.agency)
    _favorite(known_version_id=other.versions[-1].id)(session, listing)


BREAKS: dict[str, Break] = {
    "favorite.note_length": _favorite(note="あ" * 501),
    "favorite.user_id": _favorite(user_id=999),
    "favorite.listing_id": _favorite(listing_id=999),
    "favorite.known_version": _keep_as_another_listing,
    "agency.code_length": _add_agency(code=""),
    "agency.code": _add_agency(code="aomori-pref"),
    "agency.name_given": _add_agency(name=""),
    "agency.level_known": _add_agency(level="village"),
    "agency.approval_known": _add_agency(approval="maybe"),
    "agency.region_code": _add_agency(region_code="99999"),
    "region.level_known": _add(lambda _: Region(code="x", level="county")),
    "region.municipality_has_area": _add(lambda _: Region(code="02999", level="municipality")),
    "region.area_code": _add(
        lambda _: Region(code="02999", level="municipality", area_code="nowhere")
    ),
    "listing.state_known": _set_listing(state="lost"),
    "listing.agency_id": _set_listing(agency_id=999),
    "listing.published_has_public_version": _set_listing(public_version_id=None),
    "listing.published_has_time": _set_listing(published_at=None),
    "listing.withdrawn_has_time": _set_listing(state="withdrawn"),
    "listing.revision_counts_up": _set_listing(revision=-1),
    "listing.change_state_known": _set_listing(change_state="lost"),
    "listing.change_beside_public_version": _change_before_publication,
    "listing.scheduled_has_time": _set_listing(change_state="scheduled"),
    "listing.time_is_scheduled": _set_listing(publish_at=NOW),
    "listing_act.act_known": _act(act="lose"),
    "listing_act.no_save": _act(act="save"),
    "listing_act.return_says_why": _act(act="return"),
    "listing_act.version": _act(act="submit", version_id=999),
    "listing_autosave.user_id": _autosave("new", user_id=999),
    "listing_autosave.one_of_a_user_and_listing": _autosave("L000001", "L000001"),
    "attachment.state_known": _attachment(state="lost"),
    "attachment.number_from_one": _attachment(number=0),
    "attachment.not_empty": _attachment(size=0),
    "attachment.has_pages": _attachment(pages=0),
    "attachment.hash_whole": _attachment(sha256="a"),
    "attachment.file_name_given": _attachment(file_name=".pdf"),
    "attachment.refused_is_removed": _attachment(state="refused"),
    "attachment.listing_id": _attachment(listing_id=999),
    "attachment.listing_id_number": _same_attachment_number,
    "version_attachment.file_of_another_listing": _list_file_of_another("attachment_id"),
    "version_attachment.said_to_be_of_another_listing": _list_file_of_another("listing_id"),
    "version_attachment.wholly_of_another_listing": _list_file_of_another(
        "attachment_id", "listing_id"
    ),
    "version_relation.kind_known": _relate(kind="friend"),
    "version_relation.not_itself": _relate(other_id=1),
    "version_relation.other_id": _relate(other_id=999),
    "version_relation.version_of_another_listing": _relate(listing_id=2),
    "version_relation.said_once": _relate_twice,
    "listing.public_version": _version_of_another_listing,
    "listing.agency_id_source_id": _same_source_id,
    "listing.is_never_deleted": _delete_listing,
    "version.listing_id_number": _same_version_number,
    "version.number_from_one": _set(number=0),
    "version.level_known": _set(level="village"),
    "version.date_state_known": _set(date_state="maybe"),
    "version.title_given": _set(title=""),
    "version.kind": _set(kind="gift"),
    "version.window_has_date": _set(date_state="window"),
    "version.date_has_window": _set(closes_on=OCTOBER),
    "version.opens_before_closing": _set(
        date_state="window", opens_on=OCTOBER, closes_on=SEPTEMBER
    ),
    "version.opens_on_plausible": _set(date_state="window", opens_on=date(1926, 10, 1)),
    "version.closes_on_plausible": _set(date_state="window", closes_on=date(9999, 12, 31)),
    "round.opens_on_plausible": _add(
        lambda v: ApplicationRound(version_id=v, position=0, opens_on=date(1926, 10, 1))
    ),
    "round.closes_on_plausible": _add(
        lambda v: ApplicationRound(version_id=v, position=0, closes_on=date(9999, 12, 31))
    ),
    "event.held_on_plausible": _add(
        lambda v: ListingEvent(version_id=v, position=0, held_on=date(9999, 12, 31))
    ),
    "version.amount_not_negative": _set(amount_max_yen=-1),
    "version.body_length": _set(body="あ" * 20_001),
    "industry.code": _add(lambda _: Industry(code="A")),
    "version_industry.known": _add(lambda v: VersionIndustry(version_id=v, industry_code="Z")),
    "version_region.known": _add(lambda v: VersionRegion(version_id=v, region_code="13101")),
    "version_region.version": _add(lambda v: VersionRegion(version_id=v + 99, region_code="pref")),
    "version_purpose.known": _add(lambda v: VersionPurpose(version_id=v, purpose_code="fun")),
    "version_exception.known": _add(
        lambda v: VersionRegionException(version_id=v, region_code="13101")
    ),
    "version_exception.narrower_than_whole": _add(
        lambda v: VersionRegionException(version_id=v, region_code="pref")
    ),
    "version_partner.known": _add(lambda v: VersionPartner(version_id=v, agency_id=99, position=0)),
    "version_fiscal_year.fiscal_year_plausible": _add(
        lambda v: VersionFiscalYear(version_id=v, fiscal_year=5)
    ),
    "round.has_date": _add(lambda v: ApplicationRound(version_id=v, position=0)),
    "round.opens_before_closing": _add(
        lambda v: ApplicationRound(version_id=v, position=0, opens_on=OCTOBER, closes_on=SEPTEMBER)
    ),
    "event.starts_before_end": _add(
        lambda v: ListingEvent(
            version_id=v, position=0, held_on=OCTOBER, starts_at=time(15), ends_at=time(13)
        )
    ),
    "synonym_group.category_known": _add(lambda _: _synonym_group(category="colours")),
    "synonym_group.default_key_given": _add(lambda _: _synonym_group(default_key="")),
    "synonym_group.default_key": _add(lambda _: _synonym_group(default_key="loan")),
    "synonym_member.text_length": _add(lambda _: SynonymMember(group_id=1, position=99, text="")),
    "synonym_member.group_id": _add(lambda _: SynonymMember(group_id=9999, position=0, text="x")),
    "synonym_revision.one_row": _add(lambda _: SynonymRevision(id=2, revision=0)),
    "vocabulary_label.facet_known": _add(lambda _: _label(facet="region")),
    "vocabulary_label.label_length": _add(lambda _: _label(label="")),
    "vocabulary_label.kana_length": _add(lambda _: _label(kana="")),
    "vocabulary_label.industry_has_short": _add(lambda _: _label(facet="industry", code="A")),
    "vocabulary_label.only_industry_has_short": _add(lambda _: _label(short_label="x")),
    "vocabulary_revision.one_row": _add(lambda _: VocabularyRevision(id=2, revision=0)),
    "site_notice.level_known": _add(lambda _: _notice(level="panic")),
    "site_notice.title_length": _add(lambda _: _notice(title="")),
    "site_notice.text_length": _add(lambda _: _notice(text="あ" * 1_001)),
    "site_notice.published_has_times": _add(lambda _: _notice(is_published=True, starts_at=NOW)),
    "site_notice.ends_later": _add(
        lambda _: _notice(starts_at=NOW, ends_at=NOW - timedelta(seconds=1))
    ),
    "site_notice_revision.one_row": _add(lambda _: NoticeRevision(id=2, revision=0)),
    "message.topic_known": _add(lambda _: _message(topic="weather")),
    "message.state_known": _add(lambda _: _message(state="lost", handled_at=NOW)),
    "message.about_listing_of_agency": _add(lambda _: _message(listing_id=1)),
    "message.text_length": _add(lambda _: _message(text="あ" * 2_001)),
    "message.reply_to_given": _add(lambda _: _message(reply_to="")),
    "message.handled_has_time": _add(lambda _: _message(handled_at=NOW)),
    "message.answer_length": _add(
        lambda _: _message(state="answered", handled_at=NOW, answer="あ" * 2_001)
    ),
    "message.answered_has_answer": _add(lambda _: _message(state="answered", handled_at=NOW)),
    "message.listing_id": _add(lambda _: _message(listing_id=999, agency_id=1)),
    "message.agency_id": _add(lambda _: _message(listing_id=1, agency_id=999)),
    "saved_search.frequency_known": _add(lambda _: _saved_search(frequency="hourly")),
    "saved_search.alert_state_known": _add(lambda _: _saved_search(state="lost")),
    "saved_search.one_owner": _add(lambda _: _saved_search(address=None, address_folded=None)),
    "saved_search.address_folded": _add(lambda _: _saved_search(address_folded=None)),
    "saved_search.criteria_are_hashed": _add(lambda _: _saved_search(criteria_digest="x")),
    "saved_search.criteria_length": _add(lambda _: _saved_search(criteria="x" * 4_001)),
    "saved_search.active_is_due": _add(lambda _: _saved_search(state="active", watched_from=NOW)),
    "saved_search.watched_once_confirmed": _add(lambda _: _saved_search(watched_from=NOW)),
    "saved_search.stopped_has_time": _add(
        lambda _: _saved_search(state="stopped", watched_from=NOW)
    ),
    "saved_search.user_id": _add(
        lambda _: _saved_search(user_id=999, address=None, address_folded=None)
    ),
    "deadline_notice.days_before_positive": _add(
        lambda _: DeadlineNotice(
            user_id=1, listing_id=1, closes_on=OCTOBER, days_before=0, told_at=NOW
        )
    ),
    "deadline_notice.user_id": _add(
        lambda _: DeadlineNotice(
            user_id=999, listing_id=1, closes_on=OCTOBER, days_before=3, told_at=NOW
        )
    ),
    "change_notice.version": _add(
        lambda v: ChangeNotice(
            user_id=1, listing_id=999, version_id=v, is_withdrawn=False, told_at=NOW
        )
    ),
    "alert_setting.user_id": _add(lambda _: AlertSetting(user_id=999)),
    "event.capacity_positive": _add(
        lambda v: ListingEvent(version_id=v, position=0, held_on=OCTOBER, capacity=0)
    ),
}


@pytest.mark.parametrize("breaks", BREAKS.values(), ids=BREAKS.keys())
def test_database_refuses(database: sessionmaker[Session], breaks: Break) -> None:
    with database() as session:
        listing = make_listing(session, title="一つ目")
        services.save_version(session, listing, make_content(title="二つ目"), now=NOW)
        with pytest.raises(IntegrityError):
            breaks(session, listing)


# By the tests of accounts, of mail and of the record of events, whose triggers refuse what does not
# continue it.
SHOWN_ELSEWHERE = {*ACCOUNT_TABLES, *COUNTED_TABLES, "outgoing_mail", "audit_event"}


def test_every_check_has_a_case() -> None:
    declared = {
        str(constraint.name).removeprefix(f"ck_{table.name}_")
        for table in metadata.tables.values()
        if table.name not in SHOWN_ELSEWHERE
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    shown = {name.split(".")[1] for name in BREAKS}
    assert declared <= shown


def test_good_listing_is_taken(database: sessionmaker[Session]) -> None:
    with database() as session:
        make_agency(session, "cci", name="商工会議所", level="organization")
        listing = make_listing(
            session,
            date_state="window",
            opens_on=SEPTEMBER,
            closes_on=OCTOBER,
            partners=("cci",),
            region_exceptions=("02201",),
            fiscal_years=(2023,),
        )
        public_id = listing.public_id
    with database() as session:
        found = queries.get_public(session, public_id)
        assert found.public_version is not None
        assert found.public_version.closes_on == OCTOBER
        assert found.published_at == NOW
        assert [row.agency.name for row in found.public_version.partner_rows] == ["商工会議所"]
