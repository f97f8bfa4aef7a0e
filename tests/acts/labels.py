"""What administrators do to labels of the vocabulary."""

from flask import Flask

from tests.accounts import Visitor, signed_in_admin
from tests.acts import Act, act

PATH = "/admin/vocabulary"
LABEL = f"{PATH}/purpose/startup"
BEGINNING = {"label": "はじめる", "kana": "はじめる", "action": "save"}


def with_label(app: Flask) -> Visitor:
    """An administrator who changed a label."""
    admin = signed_in_admin(app)
    admin.send(LABEL, **BEGINNING)
    return admin


@act("labels_admin.change", "label_changed")
def change_a_label(app: Flask) -> Act:
    admin = signed_in_admin(app)
    return lambda: admin.send(LABEL, **BEGINNING)


@act("labels_admin.change")
def look_at_a_label_before_it_is_kept(app: Flask) -> Act:
    admin = signed_in_admin(app)
    return lambda: admin.send(LABEL, **(BEGINNING | {"action": "preview"}))


@act("labels_admin.change")
def change_a_label_that_another_changed(app: Flask) -> Act:
    admin = signed_in_admin(app)
    return lambda: admin.send(LABEL, **BEGINNING, seen="something else")


@act("labels_admin.change")
def change_a_label_to_what_it_is(app: Flask) -> Act:
    admin = with_label(app)
    return lambda: admin.send(LABEL, **BEGINNING)


@act("labels_admin.reset", "label_reset")
def make_a_label_what_ships(app: Flask) -> Act:
    admin = with_label(app)
    return lambda: admin.send(f"{LABEL}/reset")


@act("labels_admin.reset")
def make_a_label_what_ships_that_does_already(app: Flask) -> Act:
    admin = signed_in_admin(app)
    return lambda: admin.send(f"{LABEL}/reset")


@act("labels_admin.write_csv", "data_exported")
def take_the_labels(app: Flask) -> Act:
    admin = signed_in_admin(app)
    return lambda: admin.send(f"{PATH}/export")
