"""What administrators do to synonyms. The first group of the list ships with the portal."""

from flask import Flask
from sqlalchemy import select

from portal.search.models import SynonymGroup
from tests.accounts import Visitor, signed_in_admin
from tests.acts import Act, act
from tests.conftest import resources_of

PATH = "/admin/synonyms"
STOVE = {"members": "暖炉\r\nまきストーブ", "added": "", "category": "energy", "note": "冬の前に"}


def first_group(app: Flask) -> tuple[Visitor, str]:
    """An administrator and the page of a group."""
    with resources_of(app).sessions() as session:
        group_id = session.scalars(select(SynonymGroup.id).order_by(SynonymGroup.id)).first()
    return signed_in_admin(app), f"{PATH}/{group_id}"


@act("synonyms_admin.create", "synonym_added")
def add_synonyms(app: Flask) -> Act:
    admin = signed_in_admin(app)
    return lambda: admin.send(f"{PATH}/new", **STOVE)


@act("synonyms_admin.change", "synonym_changed")
def change_synonyms(app: Flask) -> Act:
    admin, group = first_group(app)
    seen = admin.get(group).dom.select_one("input[name=seen]")["value"]
    return lambda: admin.send(group, **STOVE, seen=seen)


@act("synonyms_admin.change")
def change_synonyms_that_another_changed(app: Flask) -> Act:
    admin, group = first_group(app)
    return lambda: admin.send(group, **STOVE, seen="something else")


@act("synonyms_admin.disable", "synonym_disabled")
def switch_synonyms_off(app: Flask) -> Act:
    admin, group = first_group(app)
    return lambda: admin.send(f"{group}/disable")


@act("synonyms_admin.enable", "synonym_enabled")
def switch_synonyms_on(app: Flask) -> Act:
    admin, group = first_group(app)
    admin.send(f"{group}/disable")
    return lambda: admin.send(f"{group}/enable")


@act("synonyms_admin.remove", "synonym_removed")
def remove_synonyms(app: Flask) -> Act:
    admin, group = first_group(app)
    return lambda: admin.send(f"{group}/remove")


@act("synonyms_admin.restore", "synonym_restored")
def bring_synonyms_back(app: Flask) -> Act:
    admin, group = first_group(app)
    admin.send(f"{group}/remove")
    return lambda: admin.send(f"{group}/restore")


@act("synonyms_admin.reset", "synonym_changed")
def make_synonyms_what_ships(app: Flask) -> Act:
    admin, group = first_group(app)
    admin.send(f"{group}/disable")
    return lambda: admin.send(f"{group}/reset")


@act("synonyms_admin.write_csv", "data_exported")
def take_the_synonyms(app: Flask) -> Act:
    admin = signed_in_admin(app)
    return lambda: admin.send(f"{PATH}/export")
