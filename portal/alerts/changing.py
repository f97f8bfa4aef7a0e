"""What the buttons on the page of a saved search do. Its address lets in whoever has it, so what
they can do is bounded to that one search."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from portal.alerts import criteria, services
from portal.alerts.criteria import Criteria, CriteriaReader
from portal.alerts.models import AlertState, SavedSearch
from portal.alerts.services import REQUEST_LIVES, Baseline
from portal.alerts.timing import Frequency
from portal.errors import NotFoundError
from portal.listings.models import listing_id_of


class Button(StrEnum):
    """Which button was pressed."""

    CONFIRM = "confirm"
    FREQUENCY = "frequency"
    CRITERIA = "criteria"
    EXCLUDE = "exclude"
    INCLUDE = "include"
    STOP = "stop"
    RESUME = "resume"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Change:
    """A button, and what it needs to know."""

    button: Button
    frequency: Frequency | None = None
    criteria: Criteria | None = None
    listing_id: int | None = None

    @property
    def begins_anew(self) -> bool:
        """Whether news count from now on."""
        return self.button in (Button.CONFIRM, Button.RESUME, Button.CRITERIA)


def read(form: MultiDict[str, str], reader: CriteriaReader) -> Change:
    """What a form of the page asks for.

    :raises NotFoundError: it is no form of the page.
    """
    try:
        button = Button(form.get("action", ""))
        frequency = Frequency(form["frequency"]) if button is Button.FREQUENCY else None
    except (ValueError, KeyError) as error:
        raise NotFoundError("the page has no such button") from error
    listing_id = listing_id_of(form.get("listing", ""))
    if button in (Button.EXCLUDE, Button.INCLUDE) and listing_id is None:
        raise NotFoundError("this is no listing")
    wanted = _criteria(form, reader) if button is Button.CRITERIA else None
    return Change(button, frequency, wanted, listing_id)


def _criteria(form: MultiDict[str, str], reader: CriteriaReader) -> Criteria:
    """The words that were typed, and the conditions whose boxes are still ticked."""
    kept = [
        (name, value) for name, _, value in (box.partition("=") for box in form.getlist("keep"))
    ]
    wanted = criteria.of_params(reader.read(MultiDict([*kept, ("q", form.get("q", ""))])))
    if wanted.is_too_long:
        raise NotFoundError("the page has not so many conditions")
    return wanted


def do(
    session: Session,
    row: SavedSearch,
    change: Change,
    baseline: Baseline | None,
    *,
    now: datetime,
) -> str:
    """Make a change to a saved search that this transaction holds; returns what its owner is told.

    :param baseline: for a change that begins anew; None while there is no index.
    :raises NotFoundError: it waited too long to be confirmed.
    :raises SameSearchError: another one has these conditions.
    :raises TooManySearchesError: it cannot be confirmed beside so many others.
    """
    if row.state == AlertState.REQUESTED and row.requested_at <= now - REQUEST_LIVES:
        raise NotFoundError("nobody confirmed it in time")
    match change:
        case Change(button=Button.CONFIRM) if row.state == AlertState.REQUESTED:
            services.confirm(session, row, baseline, now=now)
            return "登録しました。新着があったときに、メールでお知らせします。"
        case Change(button=Button.RESUME) if row.state == AlertState.STOPPED:
            services.begin(row, baseline, now=now)
            return "お知らせを再開しました。これからの新着をお知らせします。"
        case Change(button=Button.STOP) if services.stop(row, now=now):
            return "お知らせを止めました。"
        case Change(button=Button.FREQUENCY, frequency=Frequency() as frequency):
            services.change_frequency(row, frequency, now=now)
            return f"お知らせする間隔を「{frequency.label}」にしました。"
        case Change(button=Button.CRITERIA, criteria=Criteria() as wanted):
            if services.change_criteria(session, row, wanted, baseline, now=now):
                return "条件を変えました。これからの新着をお知らせします。"
        case Change(button=Button.EXCLUDE, listing_id=int(listing_id)):
            services.exclude(row, listing_id)
            return "この1件を除きました。"
        case Change(button=Button.INCLUDE, listing_id=int(listing_id)):
            services.include(row, listing_id)
            return "除いた1件を戻しました。"
        case Change(button=Button.DELETE):
            session.delete(row)
            return "保存した条件を消しました。"
    # It was so already.
    return ""
