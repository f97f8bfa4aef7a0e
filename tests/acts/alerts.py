"""What owners ask to be told. All of it is their own: none of it leaves an event."""

from flask import Flask

from tests.accounts import Visitor, signed_in
from tests.acts import Act, act
from tests.conftest import resources_of
from tests.factories import publish_and_index
from tests.portal.alerts.alert_pages import OWNER, run, sent, watch


@act("alerts.request_mail")
def ask_for_news_of_a_search(app: Flask) -> Act:
    return lambda: Visitor(app).send("/alerts", q="雪", email=OWNER, frequency="daily")


@act("alerts.request_mail")
def member_saves_a_search(app: Flask) -> Act:
    owner = signed_in(app, OWNER)
    return lambda: owner.send("/alerts", q="雪", frequency="daily")


@act("alerts.change")
def change_a_saved_search(app: Flask) -> Act:
    page = watch(app, "q=雪")
    return lambda: Visitor(app).send(page, action="frequency", frequency="weekly")


@act("saved_searches.set_mails")
def turn_mails_off(app: Flask) -> Act:
    owner = signed_in(app, OWNER)
    return lambda: owner.send("/me/saved-searches", change_mails="1")


@act("alert_stops.stop")
def stop_a_saved_search(app: Flask) -> Act:
    watch(app)
    held = resources_of(app)
    publish_and_index(held)
    run(held, "saved-search-mail")
    stop = sent(held)[-1].stop
    return lambda: Visitor(app).send(stop)
