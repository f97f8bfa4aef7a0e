"""Making and changing agencies. A change goes through ``listings.agency_services``, which carries
it on to what the public finds."""

import re
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.agencies import details as rules
from portal.agencies import queries
from portal.agencies.details import AgencyDetails, Places
from portal.agencies.models import LONGEST_CODE, Agency
from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.audit.types import Actor, Target
from portal.errors import ChangedMeanwhileError, FieldProblem, InvalidInputError

Changes = Mapping[str, tuple[str, str]]
"""What was changed: by the name of the field what it was and what it is, empty for nothing."""

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CODE_FORM = (
    "コードは半角の小文字と数字、間のハイフンだけで、"
    f"{LONGEST_CODE}文字以内で入れてください（例: m02201）。"
)
_CODE_TAKEN = "このコードはほかの実施機関が使っています。別のコードにしてください。"


def create(
    session: Session,
    code: str,
    wanted: AgencyDetails,
    *,
    places: Places,
    actor: Actor,
    now: datetime,
) -> Agency:
    """Add an agency. Its code is in addresses and in other systems, so it is for good.

    :raises InvalidInputError: with all that has to be mended.
    """
    code, wanted = code.strip(), rules.tidy(wanted)
    found = [*_code_problems(session, code), *rules.problems(wanted, places)]
    if found:
        raise InvalidInputError(found)
    agency = Agency(code=code)
    _write(agency, wanted)
    session.add(agency)
    try:
        session.flush()
    except IntegrityError as error:
        # Somebody else took the code after we looked.
        raise InvalidInputError([FieldProblem("code", _CODE_TAKEN)]) from error
    detail = {"name": agency.name, "level": agency.level}
    _record(session, AuditAction.AGENCY_CREATED, agency, detail, actor=actor, now=now)
    return agency


def change(
    session: Session,
    agency: Agency,
    wanted: AgencyDetails,
    *,
    places: Places,
    seen: str | None = None,
) -> Changes:
    """Give an agency other details; returns what that changed. To be recorded afterwards.

    :param seen: ``details.mark_of`` of what whoever asks had before them.
    :raises InvalidInputError: with all that has to be mended.
    :raises ChangedMeanwhileError: the agency is not as it was seen.
    """
    wanted = rules.tidy(wanted)
    found = list(rules.problems(wanted, places))
    if found:
        raise InvalidInputError(found)
    hold(session, agency)
    before, after = _fields(details_of(agency)), _fields(wanted)
    changes = {name: (before[name], after[name]) for name in after if before[name] != after[name]}
    if changes and seen is not None and seen != rules.mark_of(details_of(agency)):
        raise ChangedMeanwhileError(agency.code)
    _write(agency, wanted)
    session.flush()
    return changes


def hold(session: Session, agency: Agency) -> None:
    """See an agency as it is and keep others from what they ask this for, until the transaction
    ends. Of what is locked one after the other, agencies come before listings."""
    # What names the agency is written freely meanwhile, by who may hold the turn that comes next.
    session.refresh(agency, with_for_update={"key_share": True})


def record_change(
    session: Session, agency: Agency, changes: Changes, *, actor: Actor, now: datetime
) -> None:
    """Tell the record of events what became of an agency."""
    detail = {
        f"{name}_{when}": text
        for name, texts in changes.items()
        for when, text in zip(("before", "after"), texts, strict=True)
    }
    _record(session, AuditAction.AGENCY_CHANGED, agency, detail, actor=actor, now=now)


def details_of(agency: Agency) -> AgencyDetails:
    """What is known of an agency, as a form shows it."""
    return AgencyDetails(
        name=agency.name,
        level=agency.level,
        kana=agency.kana or "",
        region=agency.region_code or "",
        department=agency.department or "",
        tel=agency.tel or "",
        email=agency.email or "",
        url=agency.url or "",
        section_mailbox=agency.section_mailbox or "",
        approval=agency.approval,
    )


def _write(agency: Agency, details: AgencyDetails) -> None:
    agency.name = details.name
    agency.level = details.level
    agency.kana = details.kana or None
    agency.region_code = details.region or None
    agency.department = details.department or None
    agency.tel = details.tel or None
    agency.email = details.email or None
    agency.url = details.url or None
    agency.section_mailbox = details.section_mailbox or None
    agency.approval = details.approval


def _fields(details: AgencyDetails) -> dict[str, str]:
    return {name: getattr(details, name) for name in AgencyDetails.__dataclass_fields__}


def _code_problems(session: Session, code: str) -> list[FieldProblem]:
    if len(code) > LONGEST_CODE or not _CODE.fullmatch(code):
        return [FieldProblem("code", _CODE_FORM)]
    if code in queries.known_codes(session):
        return [FieldProblem("code", _CODE_TAKEN)]
    return []


def _record(
    session: Session,
    action: AuditAction,
    agency: Agency,
    detail: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    target = Target("agency", agency.code, agency.code)
    audit.record(session, action, actor=actor, target=target, detail=detail, now=now)
