"""What those do who look at unmet demand."""

from flask import Flask

from portal.accounts.permissions import Role
from tests.accounts import Visitor, signed_in, signed_in_admin
from tests.acts import Act, act

CLERK = "clerk@city.example.jp"
NEW = "/staff/demand/proposals/new"
PROPOSALS = "/admin/demand/proposals"
SYNONYMS = {"word": "ぽっぽ焼き", "equivalents": "屋台"}
KNOWN = {"word": "まきストーブ", "equivalents": "薪ストーブ"}


def admin_with_proposal(app: Flask, **fields: str) -> Visitor:
    """An administrator, and proposal 1 of a clerk."""
    clerk = signed_in(app, CLERK, role=Role.STAFF)
    assert clerk.send(NEW, **(SYNONYMS | fields)).status_code == 303
    return signed_in_admin(app)


@act("proposals_staff.propose", "synonym_proposed")
def propose_synonyms(app: Flask) -> Act:
    clerk = signed_in(app, CLERK, role=Role.STAFF)
    return lambda: clerk.send(NEW, **SYNONYMS)


@act("proposals_staff.propose")
def propose_the_same_synonyms_again(app: Flask) -> Act:
    clerk = signed_in(app, CLERK, role=Role.STAFF)
    clerk.send(NEW, **SYNONYMS)
    return lambda: clerk.send(NEW, word="屋台", equivalents=SYNONYMS["word"])


@act("proposals_admin.accept", "synonym_changed")
def accept_synonyms(app: Flask) -> Act:
    admin = admin_with_proposal(app)
    return lambda: admin.send(f"{PROPOSALS}/1/accept")


@act("proposals_admin.accept", "synonym_proposal_met")
def accept_synonyms_that_are_there_already(app: Flask) -> Act:
    admin = admin_with_proposal(app, **KNOWN)
    admin.send(f"{PROPOSALS}/add", word=KNOWN["word"], equivalent=KNOWN["equivalents"])
    return lambda: admin.send(f"{PROPOSALS}/1/accept")


@act("proposals_admin.accept")
def accept_synonyms_twice(app: Flask) -> Act:
    admin = admin_with_proposal(app)
    admin.send(f"{PROPOSALS}/1/accept")
    return lambda: admin.send(f"{PROPOSALS}/1/accept")


@act("proposals_admin.decline", "synonym_proposal_declined")
def decline_synonyms(app: Flask) -> Act:
    admin = admin_with_proposal(app)
    return lambda: admin.send(f"{PROPOSALS}/1/decline", reason="意味が広すぎます。")


@act("proposals_admin.add", "synonym_added")
def add_synonyms_that_are_suggested(app: Flask) -> Act:
    admin = signed_in_admin(app)
    return lambda: admin.send(f"{PROPOSALS}/add", word="ぽっぽ焼き", equivalent="蒸気パン")


@act("demand_admin.write_csv", "data_exported")
def take_unmet_demand(app: Flask) -> Act:
    admin = signed_in_admin(app)
    return lambda: admin.send("/admin/demand/export")
