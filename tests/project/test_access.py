"""Who may reach what: every route × who asks. A route that is in no table fails the build."""

from collections.abc import Collection, Iterator, Mapping

import pytest
from flask import Flask
from sqlalchemy import select

from portal.access import PASSWORD_GIVEN, PUBLIC, WITHOUT_TOKEN, requirement_of
from portal.accounts import tokens
from portal.accounts.models import User
from portal.accounts.permissions import Permission, Role
from portal.accounts.sign_in_models import TokenPurpose
from portal.accounts.tokens import Place
from portal.agencies import queries as agency_queries
from portal.app import create_app
from portal.db import write_transaction
from portal.extensions import Resources
from portal.listings import services
from portal.listings.models import Listing
from portal.messages.models import Message
from portal.models import metadata
from portal.notices.models import SiteNotice
from tests.accounts import FIRST_PAGES, Visitor, code_at, make_user
from tests.conftest import NOW, MakeDatabase, make_settings, resources_of
from tests.factories import make_agency, make_draft
from tests.portal.attachments.people import attach, file_of

ASKERS = {
    "anonymous": None,
    "member": (Role.MEMBER, ""),
    "staff A": (Role.STAFF, "m02201"),
    "staff B": (Role.STAFF, "m02202"),
    "approver A": (Role.APPROVER, "m02201"),
    "admin": (Role.ADMIN, ""),
}
MEMBERS_AND_UP = {"member", "staff A", "staff B", "approver A", "admin"}
WRITERS = {"staff A", "staff B", "approver A", "admin"}
THOSE_OVER_STAFF = {"approver A", "admin"}
THOSE_OF_AGENCIES = {"staff A", "staff B", "approver A", "admin"}

MAY_REACH: dict[str, set[str]] = {
    "me.show": MEMBERS_AND_UP,
    "me.rename": MEMBERS_AND_UP,
    "saved_searches.show": MEMBERS_AND_UP,
    "saved_searches.set_mails": MEMBERS_AND_UP,
    "me.end_sessions": MEMBERS_AND_UP,
    "me.show_password": MEMBERS_AND_UP,
    "me.change_password": MEMBERS_AND_UP,
    "second_factor.show": MEMBERS_AND_UP,
    "second_factor.enroll": MEMBERS_AND_UP,
    "recovery.show_removal": MEMBERS_AND_UP,
    "recovery.remove": MEMBERS_AND_UP,
    "recovery.show_renewal": MEMBERS_AND_UP,
    "recovery.renew": MEMBERS_AND_UP,
    "favorites.write_note": MEMBERS_AND_UP,
    "favorites.take_over": MEMBERS_AND_UP,
    "attachments_staff.index": WRITERS,
    "attachments_staff.add": WRITERS,
    "attachments_staff.remove": WRITERS,
    "attachments_staff.download": WRITERS,
    "desk.show": {"admin"},
    "yearly_report.show": {"admin"},
    "yearly_report.download": {"admin"},
    "yearly_report.set_cost": {"admin"},
    "yearly_report.close": {"admin"},
    "staff_desk.show": WRITERS,
    "listings_staff.index": WRITERS,
    "listings_admin.index": {"admin"},
    "listings_admin.by_agency": {"admin"},
    "listings_admin.write_by_agency": {"admin"},
    "listing_desk.show": WRITERS,
    "listing_desk.submit": WRITERS,
    "listing_desk.take_back": WRITERS,
    "listing_desk.send_back": WRITERS,
    "listing_desk.publish": WRITERS,
    "listing_desk.schedule": WRITERS,
    "listing_desk.drop_change": WRITERS,
    "listing_desk.set_end": WRITERS,
    "listing_desk.withdraw": WRITERS,
    "listing_desk.restore": WRITERS,
    "listing_desk.archive": WRITERS,
    "listing_desk.unarchive": WRITERS,
    "listing_desk.undo": WRITERS,
    "listing_versions.show": WRITERS,
    "listing_versions.restore": WRITERS,
    "listing_versions.compare": WRITERS,
    "listing_versions.review": WRITERS,
    "review_staff.index": THOSE_OVER_STAFF,
    "bulk_staff.publish_chosen": WRITERS,
    "bulk_staff.undo_chosen": WRITERS,
    "bulk_staff.confirm_chosen": WRITERS,
    "bulk_staff.archive_chosen": WRITERS,
    "bulk_staff.return_chosen": WRITERS,
    "bulk_staff.withdraw_chosen": WRITERS,
    "listing_desk.confirm": WRITERS,
    "review_admin.index": {"admin"},
    "bulk_admin.publish_chosen": {"admin"},
    "bulk_admin.undo_chosen": {"admin"},
    "bulk_admin.confirm_chosen": {"admin"},
    "bulk_admin.archive_chosen": {"admin"},
    "bulk_admin.return_chosen": {"admin"},
    "bulk_admin.withdraw_chosen": {"admin"},
    "agencies_admin.index": {"admin"},
    "agencies_admin.write_csv": {"admin"},
    "agencies_admin.show_new": {"admin"},
    "agencies_admin.create": {"admin"},
    "agencies_admin.show": {"admin"},
    "agencies_admin.change": {"admin"},
    "audit_admin.index": {"admin"},
    "audit_admin.write_csv": {"admin"},
    "jobs_admin.index": {"admin"},
    "jobs_admin.request_run": {"admin"},
    "statistics_staff.index": THOSE_OF_AGENCIES,
    "statistics_staff.write_csv": THOSE_OF_AGENCIES,
    "statistics_staff.write_xlsx": THOSE_OF_AGENCIES,
    "statistics_admin.index": {"admin"},
    "statistics_admin.write_csv": {"admin"},
    "statistics_admin.write_xlsx": {"admin"},
    "messages_admin.index": {"admin"},
    "messages_admin.show": {"admin"},
    "messages_admin.answer": {"admin"},
    "messages_admin.close": {"admin"},
    "messages_admin.reopen": {"admin"},
    "messages_staff.index": THOSE_OF_AGENCIES,
    "messages_staff.show": THOSE_OF_AGENCIES,
    "messages_staff.answer": THOSE_OF_AGENCIES,
    "messages_staff.close": THOSE_OF_AGENCIES,
    "messages_staff.reopen": THOSE_OF_AGENCIES,
    "demand_admin.index": {"admin"},
    "demand_admin.write_csv": {"admin"},
    "demand_staff.index": THOSE_OF_AGENCIES,
    "proposals_admin.index": {"admin"},
    "proposals_admin.accept": {"admin"},
    "proposals_admin.decline": {"admin"},
    "proposals_admin.add": {"admin"},
    "proposals_staff.index_own": THOSE_OF_AGENCIES,
    "proposals_staff.show_new": THOSE_OF_AGENCIES,
    "proposals_staff.propose": THOSE_OF_AGENCIES,
    "notices_admin.index": {"admin"},
    "notices_admin.show_new": {"admin"},
    "notices_admin.create": {"admin"},
    "notices_admin.show": {"admin"},
    "notices_admin.change": {"admin"},
    "notices_admin.end": {"admin"},
    "notices_admin.discard": {"admin"},
    "labels_admin.index": {"admin"},
    "labels_admin.write_csv": {"admin"},
    "labels_admin.show": {"admin"},
    "labels_admin.change": {"admin"},
    "labels_admin.reset": {"admin"},
    "synonyms_admin.index": {"admin"},
    "synonyms_admin.write_csv": {"admin"},
    "synonyms_admin.try_out": {"admin"},
    "synonyms_admin.show_new": {"admin"},
    "synonyms_admin.create": {"admin"},
    "synonyms_admin.show": {"admin"},
    "synonyms_admin.change": {"admin"},
    "synonyms_admin.disable": {"admin"},
    "synonyms_admin.enable": {"admin"},
    "synonyms_admin.remove": {"admin"},
    "synonyms_admin.restore": {"admin"},
    "synonyms_admin.reset": {"admin"},
    "membership.show_email": MEMBERS_AND_UP,
    "membership.request_email": MEMBERS_AND_UP,
    "membership.write_data": MEMBERS_AND_UP,
    "membership.show_end": MEMBERS_AND_UP,
    "membership.end": MEMBERS_AND_UP,
    "users_admin.index": {"admin"},
    "users_admin.write_csv": {"admin"},
    "users_admin.show": {"admin"},
    "users_admin.disable": {"admin"},
    "users_admin.enable": {"admin"},
    "users_admin.change_place": {"admin"},
    "users_admin.reset_second_factor": {"admin"},
    "users_staff.index": THOSE_OVER_STAFF,
    "users_staff.write_csv": THOSE_OVER_STAFF,
    "users_staff.show": THOSE_OVER_STAFF,
    "users_staff.disable": THOSE_OVER_STAFF,
    "users_staff.enable": THOSE_OVER_STAFF,
    "invitations_admin.show_new": {"admin"},
    "invitations_admin.invite": {"admin"},
    "invitations_admin.send_again": {"admin"},
    "invitations_admin.withdraw": {"admin"},
    "invitations_staff.show_new": THOSE_OVER_STAFF,
    "invitations_staff.invite": THOSE_OVER_STAFF,
    "invitations_staff.send_again": THOSE_OVER_STAFF,
    "invitations_staff.withdraw": THOSE_OVER_STAFF,
    "bulk_invitations.show": {"admin"},
    "bulk_invitations.preview": {"admin"},
    "bulk_invitations.send": {"admin"},
    "listing_editor.show_new": WRITERS,
    "listing_editor.create": WRITERS,
    "listing_editor.show": WRITERS,
    "listing_editor.change": WRITERS,
    "listing_preview.show": WRITERS,
    "listing_copying.copy": WRITERS,
    "listing_typing.keep_new": WRITERS,
    "listing_typing.keep": WRITERS,
    "listing_typing.render_body": WRITERS,
    "listing_typing.list_similar": WRITERS,
    "listing_typing.list_relatable": WRITERS,
    # Only between the two steps of signing in, which none of these is at.
    "sign_in.show_code": set(),
    "sign_in.submit_code": set(),
    "second_factor.show_first": set(),
    "second_factor.enroll_first": set(),
}
"""Endpoints that are not public."""

VALUES = {
    # The first that is made, of agency A.
    "public_id": "L000001",
    "version_number": 1,
    "part": 1,
    "code": "m02201",
    "facet": "purpose",
    "term_code": "startup",
    "token": "x",
    "signed": "x",
    "filename": "css/base.css",
    "file_name": "youkou.pdf",
    "name": "mail-prune",
    # The second that is made, staff A.
    "user_id": 2,
    "number": 1,
    "group_id": 1,
    "notice_id": 1,
    "proposal_id": 1,
    "message_id": 1,
    "own_id": "L000001",
    "report_format": "csv",
    "fiscal_year": 2025,
}
COUNTED = (
    *("daily_page_view", "daily_search", "daily_search_visit", "search_condition", "daily_click"),
    *("spool_file", "spool_place", "spooled_line"),
)
"""Tables of what was asked for, by whomever."""
OF_B = {
    "user_id": 3,
    "number": 2,
    "message_id": 2,
    "public_id": "L000002",
    "own_id": "L000002",
    "file_name": "youkou.pdf",
}
"""The same of agency B: the third user, staff B, the second invitation, message, listing
and file."""


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory, make_sqlite_database: MakeDatabase
) -> Iterator[Flask]:
    """An app with one user of each kind, and a listing of each agency."""
    folder = tmp_path_factory.mktemp("access")
    app = create_app(make_settings(folder, PORTAL_DATABASE_URL=make_sqlite_database()))
    app.testing = True
    held = resources_of(app)
    held.indexer.rebuild()
    add_listings(held)
    for name, kind in ASKERS.items():
        if kind:
            role, agency = kind
            make_user(
                held, address_of(name), role=role, agency=agency, has_totp=role is not Role.MEMBER
            )
    with write_transaction(held.sessions) as session:
        draft = {"level": "info", "title": "お知らせ", "text": "", "is_published": False}
        session.add(SiteNotice(**draft, created_at=NOW, updated_at=NOW))
        for code in ("m02201", "m02202"):
            agency = agency_queries.get_by_code(session, code)
            place = Place(f"new@{code}.example.jp", Role.STAFF, agency.id)
            tokens.issue(session, TokenPurpose.INVITATION, place, token=code, now=NOW)
            session.add(
                Message(
                    topic="dates",
                    listing=session.scalars(select(Listing).where(Listing.agency == agency)).one(),
                    agency=agency,
                    text="",
                    created_at=NOW,
                )
            )
    yield app
    held.engine.dispose()


def add_listings(held: Resources) -> None:
    """A published listing of each agency; with one file of A, and with two of B."""
    giver = User(email="giver@pref.example.jp", role=Role.ADMIN)
    for code in ("m02201", "m02202"):
        with write_transaction(held.sessions) as session:
            place = {"name": f"機関 {code}", "level": "municipality", "region_code": None}
            listing = make_draft(session, agency=make_agency(session, code, **place))
            for pages in (1,) if code == "m02201" else (1, 2):
                file = file_of("youkou.pdf", pages=pages)
                attach(session, held.attachments, listing, file, by=giver)
            services.publish(session, listing, now=NOW)
    held.indexer.drain(timeout=1)


def address_of(name: str) -> str:
    return f"{name.replace(' ', '-').lower()}@town.example.jp"


@pytest.fixture(scope="module")
def askers(house: Flask) -> dict[str, Visitor]:
    """Everybody, signed in."""
    visitors = {name: Visitor(house) for name in ASKERS}
    for name, kind in ASKERS.items():
        if kind:
            answer = visitors[name].sign_in(address_of(name))
            if kind[0] is not Role.MEMBER:
                answer = visitors[name].send("/login/totp", code=code_at(NOW))
            assert answer.location == FIRST_PAGES[kind[0]]
    return visitors


def routes(
    app: Flask, values: Mapping[str, object] = VALUES, *, about: Collection[str] = ()
) -> list[tuple[str, str, str]]:
    """Endpoint, method and a path for each route, or for those about something of these kinds that
    are not for everybody."""
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if about and (not rule.arguments & set(about) or rule.endpoint in PUBLIC):
                continue
            path = rule.build({name: values[name] for name in rule.arguments})
            assert path is not None
            methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
            found += [(rule.endpoint, method, path[1]) for method in sorted(methods)]
    return found


def test_every_route_is_public_or_declares_what_it_asks_for(app: Flask) -> None:
    for endpoint in app.view_functions:
        declared = requirement_of(app, endpoint)
        if endpoint in PUBLIC:
            assert declared is None, f"{endpoint} is public and asks for {declared}"
        else:
            assert declared is not None, f"{endpoint} is neither public nor declares anything"
            assert isinstance(declared, Permission) or declared == PASSWORD_GIVEN


def test_tables_name_every_route_and_no_other(app: Flask) -> None:
    endpoints = set(app.view_functions)
    assert endpoints - PUBLIC == set(MAY_REACH)
    assert endpoints >= PUBLIC


@pytest.mark.parametrize("name", ASKERS)
def test_matrix(house: Flask, askers: dict[str, Visitor], name: str) -> None:
    asker = askers[name]
    for endpoint, method, path in routes(house, VALUES | OF_B if name == "staff B" else VALUES):
        may_reach = endpoint in PUBLIC or name in MAY_REACH[endpoint]
        with asker.client.open(path, method=method) as response:
            answer = (response.status_code, response.headers.get("Location", ""))
        where = f"{name}: {method} {path} answered {answer}"
        if not may_reach:
            own_first = FIRST_PAGES[kind[0]] if (kind := ASKERS[name]) else "/login"
            is_sent_away = answer[0] == 303 and (
                answer[1].startswith(("/login", "/me")) or answer[1] == own_first
            )
            assert is_sent_away or answer[0] in (401, 403, 404), where
        elif method == "POST":
            # Let in as far as the missing token; who is out already needs none to be out.
            is_out = (name, endpoint) == ("anonymous", "sign_in.sign_out")
            # Mail programs stop mails without one, by an address that this is none of.
            is_unknown = endpoint in WITHOUT_TOKEN and answer[0] == 410
            assert answer == (303, "/") if is_out else is_unknown or answer[0] == 400, where
        else:
            assert answer[0] in (200, 303, 410), where
            assert not answer[1].startswith("/login"), where


def test_pages_of_an_object_of_the_own_agency_are_open(
    house: Flask, askers: dict[str, Visitor]
) -> None:
    for endpoint, method, path in routes(house, about=OF_B):
        if method == "GET":
            for name in MAY_REACH[endpoint] - {"staff B"}:
                assert is_shown(askers[name], path), f"{name}: {path}"
    for endpoint, method, path in routes(house, VALUES | OF_B, about=OF_B):
        if method == "GET":
            for name in MAY_REACH[endpoint] & {"staff B", "admin"}:
                assert is_shown(askers[name], path), f"{name}: {path}"


def is_shown(asker: Visitor, path: str) -> bool:
    """Whether a page is there, at this path or at the asker's own desk."""
    with asker.open(path, follow_redirects=True) as answer:
        return answer.status_code == 200 and answer.request.path in (
            path,
            path.replace("/staff/", "/admin/"),
        )


@pytest.mark.parametrize("name", [name for name in ASKERS if name not in ("admin", "staff B")])
def test_object_of_another_agency_is_out_of_reach_even_with_a_token(
    house: Flask, askers: dict[str, Visitor], name: str
) -> None:
    before = dump(resources_of(house))
    asker = askers[name]
    for endpoint, method, path in routes(house, VALUES | OF_B, about=OF_B):
        form = {"csrf_token": asker.token()} if method == "POST" else None
        with asker.client.open(path, method=method, data=form) as response:
            status = response.status_code
        # Who may do such things at all is not even told that the object is there.
        expected = (404,) if name in MAY_REACH[endpoint] else (303, 401, 403)
        assert status in expected, f"{name}: {method} {path} answered {status}"
    assert dump(resources_of(house)) == before


def dump(held: Resources) -> dict[str, list[tuple[object, ...]]]:
    """All rows, without when a session was last seen and how often pages were: a report counts what
    was written until then."""
    with held.engine.connect() as connection:
        tables = metadata.tables.values()
        rows = {table.name: connection.execute(table.select()).all() for table in tables}
    for name in ("user_session", *COUNTED):
        rows.pop(name)
    return {name: [tuple(row) for row in found] for name, found in rows.items()}


@pytest.mark.parametrize("name", ["anonymous", "member", "admin"])
def test_nothing_changes_on_get_nor_by_a_form_without_its_token(
    house: Flask, askers: dict[str, Visitor], name: str
) -> None:
    before = dump(resources_of(house))
    for _endpoint, method, path in routes(house):
        with askers[name].client.open(path, method=method) as response:
            assert response.status_code < 500
    assert dump(resources_of(house)) == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_form_of_another_site_is_refused_even_with_a_token(
    house: Flask, askers: dict[str, Visitor], headers: dict[str, str]
) -> None:
    asker = askers["member"]
    answer = asker.send("/me", token=asker.token("/me"), name="押しつけ", headers=headers)
    assert answer.status_code == 400
    assert "押しつけ" not in answer.text


def test_undeclared_route_is_answered_to_nobody(
    tmp_path, make_sqlite_database: MakeDatabase
) -> None:
    app = create_app(make_settings(tmp_path, PORTAL_DATABASE_URL=make_sqlite_database()))
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    make_user(resources_of(app), "admin@pref.example.jp", role=Role.ADMIN, has_totp=True)
    visitor = Visitor(app)
    assert visitor.open("/forgotten").status_code == 303
    visitor.sign_in("admin@pref.example.jp")
    visitor.send("/login/totp", code=code_at(NOW))
    refused = visitor.open("/forgotten")
    assert refused.status_code == 403
    assert "権限がありません" in refused.text
    resources_of(app).engine.dispose()
