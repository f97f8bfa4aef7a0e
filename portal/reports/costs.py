"""What the programme cost, as an administrator enters it. Callers commit."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.audit.types import Actor, Target
from portal.errors import FieldProblem, InvalidInputError
from portal.fiscal_year import FiscalYear
from portal.reports import closing
from portal.reports.models import YearlyCost

MOST_YEN = 1_000_000_000_000
FIELD = "cost_yen"
WRONG_AMOUNT = "事業費は、0から1兆までの円の数で入れてください。例: 1741000（174万1千円）"


def read_yen(text: str) -> int:
    """An amount as people type it: 1741000, １，７４１，０００円.

    :raises InvalidInputError: it is no whole number of yen, or more than can be meant.
    """
    digits = text.strip().removesuffix("円").replace(",", "").replace("，", "").strip()
    if not digits.isdecimal() or len(digits) > len(str(MOST_YEN)) or int(digits) > MOST_YEN:
        raise InvalidInputError([FieldProblem(FIELD, WRONG_AMOUNT)])
    return int(digits)


def set_cost(
    session: Session, year: FiscalYear, cost_yen: int, *, actor: Actor, now: datetime
) -> bool:
    """Enter or correct the cost of a year; returns False if it is entered so already.

    :raises InvalidInputError: the year is closed.
    """
    closing.take_turn(session)
    if closing.is_closed(session, year):
        message = f"{year.label}は締めてあるので、事業費は変えられません。"
        raise InvalidInputError([FieldProblem(FIELD, message)])
    row = session.get(YearlyCost, year.year)
    before = row.cost_yen if row else None
    if before == cost_yen:
        return False
    row = row or YearlyCost(fiscal_year=year.year)
    row.cost_yen, row.set_at = cost_yen, now
    session.add(row)
    audit.record(
        session,
        AuditAction.REPORT_COST_SET,
        actor=actor,
        target=Target(closing.TARGET, str(year.year)),
        detail={"cost_yen_before": before, "cost_yen_after": cost_yen},
        now=now,
    )
    return True
