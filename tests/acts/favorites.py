"""What owners do with what they keep: their own business, of which nothing is recorded."""

from flask import Flask

from tests.accounts import Visitor, signed_in
from tests.acts import Act, act
from tests.conftest import resources_of
from tests.factories import publish_and_index


def with_a_favorite(app: Flask) -> tuple[Visitor, str]:
    """A member who keeps a listing, and where that is."""
    public_id = publish_and_index(resources_of(app))
    member = signed_in(app, "owner@firm.example.jp")
    assert member.send(f"/favorites/{public_id}").status_code == 303
    return member, f"/favorites/{public_id}"


@act("favorites.add")
def keep_a_listing(app: Flask) -> Act:
    public_id = publish_and_index(resources_of(app))
    member = signed_in(app, "owner@firm.example.jp")
    return lambda: member.send(f"/favorites/{public_id}")


@act("favorites.remove")
def keep_a_listing_no_longer(app: Flask) -> Act:
    member, path = with_a_favorite(app)
    return lambda: member.send(f"{path}/remove")


@act("favorites.confirm")
def know_what_changed(app: Flask) -> Act:
    member, path = with_a_favorite(app)
    return lambda: member.send(f"{path}/confirm", version="1")


@act("favorites.write_note")
def write_a_note(app: Flask) -> Act:
    member, path = with_a_favorite(app)
    return lambda: member.send(f"{path}/note", note="商工会に聞く")


@act("favorites.add_all")
def keep_a_set(app: Flask) -> Act:
    public_id = publish_and_index(resources_of(app))
    member = signed_in(app, "owner@firm.example.jp")
    return lambda: member.send("/favorites/shared", id=public_id)


@act("favorites.take_over")
def take_over_what_the_browser_keeps(app: Flask) -> Act:
    member, _ = with_a_favorite(app)
    return lambda: member.send("/favorites/take-over")
