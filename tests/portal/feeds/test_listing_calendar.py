"""The calendar of a listing, read by another library than the one that wrote it."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.clock import JAPAN
from portal.extensions import Resources
from portal.feeds import marks
from portal.listings import version_content
from portal.listings.content import EventContent, RoundContent
from portal.listings.models import Listing, listing_id_of
from portal.publishing import publication, undoing
from tests.factories import publish_and_index
from tests.portal.feeds.calendar_reading import ReadCalendar, read, sequences
from tests.portal.publishing.office import Office

CLOSES_ON = date(2026, 12, 4)
WINDOW = {"date_state": "window", "closes_on": CLOSES_ON}
SEMINAR = EventContent(
    date(2026, 12, 1), time(13, 30), time(15), "アスパム", "青森市安方1-1-40", 30
)


def calendar_of(client: FlaskClient, public_id: str) -> ReadCalendar:
    return read(client, f"/listings/{public_id}.ics")


def test_deadline_is_the_whole_day_whatever_the_zone_of_who_reads(
    client: FlaskClient, resources: Resources
) -> None:
    event = calendar_of(client, publish_and_index(resources, **WINDOW)).event
    # Days without time or zone are the same day for everybody (RFC 5545, 3.3.4).
    assert type(event.dtstart.value) is date
    assert event.dtstart.value == CLOSES_ON
    assert event.dtend.value == CLOSES_ON + timedelta(days=1)
    assert event.summary.value == "締切：店舗改装の補助金"
    assert "締切は令和8年12月4日（金）です（日本の日付）" in event.description.value
    assert event.transp.value == "TRANSPARENT"


def test_alarms_ring_in_the_morning_14_and_3_days_before(
    client: FlaskClient, resources: Resources
) -> None:
    event = calendar_of(client, publish_and_index(resources, **WINDOW)).event
    midnight = datetime.combine(event.dtstart.value, time.min, JAPAN)
    rings = [midnight + alarm.trigger.value for alarm in event.valarm_list]
    nine = time(9, tzinfo=JAPAN)
    assert rings == [datetime.combine(date(2026, *day), nine) for day in ((11, 20), (12, 1))]
    assert {alarm.action.value for alarm in event.valarm_list} == {"DISPLAY"}
    assert [alarm.description.value[:4] for alarm in event.valarm_list] == ["あと14", "あと3日"]


def test_every_round_has_its_deadline(client: FlaskClient, resources: Resources) -> None:
    further = (
        RoundContent(date(2026, 12, 10), None, "日付のない回"),
        RoundContent(None, date(2027, 2, 1), "第3回"),
    )
    calendar = calendar_of(client, publish_and_index(resources, **WINDOW, rounds=further))
    found = {uid.split("@")[0]: event.dtstart.value for uid, event in calendar.events.items()}
    assert found == {"L000001-deadline-1": CLOSES_ON, "L000001-deadline-3": date(2027, 2, 1)}
    assert calendar.texts("summary")[1] == "締切：店舗改装の補助金（第3回）"


def test_seminar_has_its_time_in_japan_and_its_place(
    client: FlaskClient, resources: Resources
) -> None:
    calendar = calendar_of(client, publish_and_index(resources, kind="seminar", events=(SEMINAR,)))
    event = calendar.event
    assert event.dtstart.value.astimezone(UTC) == datetime(2026, 12, 1, 4, 30, tzinfo=UTC)
    abroad = event.dtend.value.astimezone(ZoneInfo("America/New_York"))
    assert (abroad.date(), abroad.time()) == (date(2026, 12, 1), time(1))
    assert event.location.value == "アスパム　青森市安方1-1-40"
    assert "定員30人" in event.description.value
    assert [zone.tzid.value for zone in calendar.whole.vtimezone_list] == ["Asia/Tokyo"]
    assert "valarm" not in event.contents


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (EventContent(date(2026, 12, 1)), ""),
        (EventContent(date(2026, 12, 1), None, time(16)), "16:00まで"),
    ],
    ids=["no time", "end alone"],
)
def test_seminar_without_a_beginning_is_about_the_whole_day(
    client: FlaskClient, resources: Resources, event: EventContent, words: str
) -> None:
    calendar = calendar_of(client, publish_and_index(resources, kind="seminar", events=(event,)))
    assert calendar.event.dtstart.value == date(2026, 12, 1)
    assert words in calendar.event.description.value
    assert "vtimezone" not in calendar.whole.contents


def test_seminar_without_an_end_has_none(client: FlaskClient, resources: Resources) -> None:
    event = EventContent(date(2026, 12, 1), time(13, 30))
    calendar = calendar_of(client, publish_and_index(resources, kind="seminar", events=(event,)))
    assert calendar.event.dtstart.value.time() == time(13, 30)
    assert "dtend" not in calendar.event.contents


def test_listing_without_a_day_has_an_empty_calendar_and_no_link_to_it(
    client: FlaskClient, resources: Resources, get_page
) -> None:
    public_id = publish_and_index(resources)
    assert not calendar_of(client, public_id).events
    assert not get_page(f"/listings/{public_id}").dom.select("[href$='.ics']")


def test_page_leads_to_its_calendar(resources: Resources, get_page) -> None:
    public_id = publish_and_index(resources, **WINDOW)
    dom = get_page(f"/listings/{public_id}").dom
    assert [link["href"] for link in dom.select("a[href$='.ics']")] == [
        f"/listings/{public_id}.ics"
    ]
    assert dom.select_one(
        f"link[rel=alternate][type='text/calendar'][href='/listings/{public_id}.ics']"
    )


def test_texts_arrive_as_they_were_written(client: FlaskClient, resources: Resources) -> None:
    title = "改装;補助,金\\n 「A:B」" + "長い名前" * 20
    note = "17時必着\n持参は、平日だけ；\\窓口"
    public_id = publish_and_index(resources, **WINDOW, title=title, date_note=note)
    calendar = calendar_of(client, public_id)
    assert calendar.event.summary.value == f"締切：{title}"
    assert note in calendar.event.description.value
    assert calendar.whole.x_wr_calname.value == f"{title} あおビズサーチ"


def test_nobody_is_told_to_ring_the_desk_of_a_sample(
    client: FlaskClient, resources: Resources
) -> None:
    tel = {"tel": "017-000-0000"}
    real = publish_and_index(resources, **WINDOW, **tel)
    sample = publish_and_index(resources, **WINDOW, **tel, title="補助金（見本）")
    assert "電話：017-000-0000" in calendar_of(client, real).event.description.value
    assert "017" not in calendar_of(client, sample).event.description.value


def test_change_keeps_the_name_and_raises_the_number(app: Flask) -> None:
    office, client = Office(app), app.test_client()
    public_id = office.draft(publication.publish)
    office.save(public_id, **WINDOW)
    office.do(public_id, publication.publish)
    before = calendar_of(client, public_id)
    office.save(public_id, **WINDOW | {"closes_on": date(2026, 12, 18)})
    unpublished = calendar_of(client, public_id)
    assert unpublished.texts("dtstart") == before.texts("dtstart")
    assert sequences(unpublished) == sequences(before)
    office.do(public_id, publication.publish)
    after = calendar_of(client, public_id)
    assert after.events.keys() == before.events.keys()
    assert after.event.dtstart.value == date(2026, 12, 18)
    assert min(sequences(after)) > max(sequences(before))


def test_days_keep_their_names_when_one_moves_past_another_and_is_saved_again(app: Flask) -> None:
    office, client = Office(app), app.test_client()
    public_id = office.draft()
    held = (EventContent(date(2026, 12, 20), venue="A"), EventContent(date(2026, 12, 5), venue="B"))
    office.save(public_id, events=held)
    with office.held.sessions() as session:
        version = session.get_one(Listing, listing_id_of(public_id)).versions[-1]
        again = version_content.content_of(version).events
    assert again == held
    office.save(public_id, title="別の名前", events=again)
    office.do(public_id, publication.publish)
    events = calendar_of(client, public_id).events
    assert {uid.split("@")[0]: event.location.value for uid, event in events.items()} == {
        f"{public_id}-event-1": "A",
        f"{public_id}-event-2": "B",
    }


def test_withdrawal_cancels_and_tells_no_more_than_the_page(app: Flask) -> None:
    office, client = Office(app), app.test_client()
    public_id = office.draft()
    office.save(public_id, **WINDOW, events=(SEMINAR,), title="人に見せない名前")
    office.do(public_id, publication.publish)
    before = calendar_of(client, public_id)
    office.do(public_id, publication.withdraw, "まちがい")
    assert client.get(f"/listings/{public_id}").status_code == 410
    after = calendar_of(client, public_id)
    assert after.events.keys() == before.events.keys()
    assert set(after.texts("status")) == {"CANCELLED"}
    assert set(after.texts("summary")) == {f"【掲載終了】支援情報 {public_id}"}
    assert min(sequences(after)) > max(sequences(before))
    body = client.get(f"/listings/{public_id}.ics").text.replace("\r\n ", "")
    assert not [text for text in ("人に見せない", "アスパム", "まちがい", "VALARM") if text in body]


def test_listing_that_comes_back_is_confirmed_again(app: Flask) -> None:
    office, client = Office(app), app.test_client()
    public_id = office.draft()
    office.save(public_id, **WINDOW)
    office.do(public_id, publication.publish)
    office.do(public_id, publication.withdraw, "終了")
    withdrawn = calendar_of(client, public_id)
    office.do(public_id, publication.restore)
    back = calendar_of(client, public_id)
    assert back.texts("status") == ["CONFIRMED"]
    assert min(sequences(back)) > max(sequences(withdrawn))


def test_archived_listing_stays_cancelled(app: Flask) -> None:
    office, client = Office(app), app.test_client()
    public_id = office.draft()
    office.save(public_id, **WINDOW)
    office.do(public_id, publication.publish)
    office.do(public_id, publication.withdraw, "終了")
    office.do(public_id, publication.archive)
    assert calendar_of(client, public_id).texts("status") == ["CANCELLED"]


def test_what_was_never_public_has_no_calendar(app: Flask) -> None:
    office, client = Office(app), app.test_client()
    draft, undone = office.draft(), office.draft(publication.publish, undoing.undo_publication)
    for public_id in (draft, undone, "L999999", "L1", "nonsense"):
        assert client.get(f"/listings/{public_id}.ics").status_code == 404


def test_same_state_gives_the_same_bytes(client: FlaskClient, resources: Resources) -> None:
    public_id = publish_and_index(resources, **WINDOW, events=(SEMINAR,))
    first = client.get(f"/listings/{public_id}.ics").data
    publish_and_index(resources, title="別の支援")
    assert client.get(f"/listings/{public_id}.ics").data == first


def test_number_of_change_passes_what_was_lost_with_a_backup() -> None:
    before = datetime(2026, 11, 20, 3, tzinfo=UTC)
    lost = marks.sequence(Listing(revision=9, updated_at=before))
    after = before + timedelta(hours=1)
    assert marks.sequence(Listing(revision=5, updated_at=after)) > lost
    assert marks.sequence(Listing(revision=9, updated_at=datetime(2080, 1, 1, tzinfo=UTC))) < 2**31
