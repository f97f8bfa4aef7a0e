"""Days that are no longer: who subscribes to a search is told that they are cancelled."""

from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

from flask import Flask

from portal.feeds.gone import TOLD_FOR
from portal.listings.content import EventContent, RoundContent
from portal.publishing import publication
from tests.conftest import NOW, MakeApp, make_settings
from tests.portal.feeds.calendar_reading import ReadCalendar, read
from tests.portal.publishing.office import Office

TODAY = date(2026, 11, 20)
DEADLINES = "/feeds/deadlines.ics"


def ahead(number: int) -> date:
    return TODAY + timedelta(days=number)


def window(number: int, **more: Any) -> dict[str, Any]:
    return {"date_state": "window", "closes_on": ahead(number)} | more


def states(calendar: ReadCalendar) -> dict[str, str]:
    """The status of each entry, by its name without the host."""
    return {uid.split("@")[0]: event.status.value for uid, event in calendar.events.items()}


def publish(office: Office, public_id: str = "", **content: Any) -> str:
    public_id = public_id or office.draft()
    office.save(public_id, **content)
    office.do(public_id, publication.publish)
    return public_id


def test_withdrawal_cancels_in_the_calendars_that_had_the_day(app: Flask) -> None:
    office, client = Office(app), app.test_client()
    title = "りんご農家の補助金"
    gone = publish(office, **window(5), title=title, body="ひみつ", industries=("A",))
    stays = publish(office, **window(9), industries=("A",))
    over = publish(office, **window(-1))
    asked = ["", "?industry=A", "?q=りんご", "?q=りんご&industry=A&status=closing"]
    before = {query: read(client, DEADLINES + query) for query in asked}
    assert all(
        states(calendar)[f"{gone}-deadline-1"] == "CONFIRMED" for calendar in before.values()
    )

    for public_id in (gone, over):
        office.do(public_id, publication.withdraw, "まちがい")
    for query, had in before.items():
        after = read(client, DEADLINES + query)
        assert states(after)[f"{gone}-deadline-1"] == "CANCELLED", query
        (uid,) = [uid for uid in after.events if uid.startswith(gone)]
        entry, was = after.events[uid], had.events[uid]
        assert int(entry.sequence.value) > int(was.sequence.value)
        assert entry.dtstart.value == was.dtstart.value
        assert title not in entry.serialize()
    whole = states(read(client, f"{DEADLINES}?include_closed=1"))
    assert whole == {f"{gone}-deadline-1": "CANCELLED", f"{stays}-deadline-1": "CONFIRMED"}
    # It is in no calendar that never had it, and its text cannot be asked for.
    for query in ("?industry=E", "?q=観光", "?q=ひみつ", "?kind=loan"):
        assert f"{gone}-deadline-1" not in states(read(client, DEADLINES + query)), query
    assert not read(client, "/feeds/events.ics").events

    office.do(gone, publication.restore)
    back = read(client, DEADLINES)
    assert states(back)[f"{gone}-deadline-1"] == "CONFIRMED"


def test_dropped_days_are_cancelled_and_those_that_come_back_confirmed(app: Flask) -> None:
    office, client = Office(app), app.test_client()
    held = (EventContent(ahead(3), time(13)), EventContent(ahead(4)), EventContent(ahead(-4)))
    second = (RoundContent(ahead(30), ahead(40), "第2回"),)
    public_id = publish(office, **window(10), kind="seminar", rounds=second, events=held)
    deadlines = {f"{public_id}-deadline-{number}": "CONFIRMED" for number in (1, 2)}
    own = f"/listings/{public_id}.ics"
    assert states(read(client, DEADLINES)) == deadlines
    numbers = {int(text) for text in read(client, DEADLINES).texts("sequence")}

    # Nobody is told of a draft; and of what was published the dropped day alone.
    office.save(public_id, kind="seminar", **window(12), events=held[:1])
    assert states(read(client, DEADLINES)) == deadlines
    office.do(public_id, publication.publish)
    for address in (DEADLINES, own, f"/favorites.ics?id={public_id}"):
        found = read(client, address)
        assert states(found).items() >= {
            (f"{public_id}-deadline-1", "CONFIRMED"),
            (f"{public_id}-deadline-2", "CANCELLED"),
        }
        (uid,) = [uid for uid in found.events if "-deadline-2" in uid]
        assert found.events[uid].dtstart.value == ahead(40)
        assert int(found.events[uid].sequence.value) > max(numbers)
        assert "valarm" not in found.events[uid].contents
    assert states(read(client, "/feeds/events.ics")) == {
        f"{public_id}-event-1": "CONFIRMED",
        f"{public_id}-event-2": "CANCELLED",
    }
    assert f"{public_id}-event-3" in states(read(client, own))

    publish(office, public_id, kind="seminar", events=held)
    assert states(read(client, DEADLINES)) == dict.fromkeys(deadlines, "CANCELLED")
    publish(office, public_id, **window(10), kind="seminar", rounds=second, events=held)
    assert states(read(client, DEADLINES)) == deadlines


def test_calendars_of_searches_forget_after_a_time(
    app: Flask, make_app: MakeApp, tmp_path: Path
) -> None:
    office = Office(app)
    withdrawn = publish(office, **window(200))
    dropped = publish(office, **window(200))
    publish(office, dropped)
    office.do(withdrawn, publication.withdraw, "終了")
    url = str(office.held.engine.url.render_as_string(hide_password=False))
    for days, told in ((TOLD_FOR.days, 2), (TOLD_FOR.days + 1, 0)):
        clock = (NOW + timedelta(days=days)).isoformat()
        later = make_app(make_settings(tmp_path, PORTAL_DATABASE_URL=url, PORTAL_CLOCK=clock))
        later.extensions["portal"].indexer.rebuild()
        assert len(read(later.test_client(), DEADLINES).events) == told
        # The calendar of a listing has nobody to forget for.
        assert read(later.test_client(), f"/listings/{dropped}.ics").events
