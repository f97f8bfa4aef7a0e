"""What administrators do to yearly reports."""

from datetime import date

from flask import Flask

from tests.accounts import Visitor, signed_in_admin
from tests.acts import Act, act
from tests.conftest import resources_of
from tests.factories import make_views

PATH = "/admin/reports/yearly"
COST = {"cost_yen": "1741000"}


def with_views(app: Flask) -> Visitor:
    """An administrator, and page views of a year that is over."""
    with resources_of(app).sessions() as session:
        make_views(session, on=date(2025, 6, 1))
    return signed_in_admin(app)


@act("yearly_report.set_cost", "report_cost_set")
def enter_the_cost_of_a_year(app: Flask) -> Act:
    admin = signed_in_admin(app)
    return lambda: admin.send(f"{PATH}/2023/cost", **COST)


@act("yearly_report.set_cost")
def enter_the_cost_of_a_year_that_is_entered(app: Flask) -> Act:
    admin = signed_in_admin(app)
    admin.send(f"{PATH}/2023/cost", **COST)
    return lambda: admin.send(f"{PATH}/2023/cost", **COST)


@act("yearly_report.close", "report_year_closed")
def close_a_year(app: Flask) -> Act:
    admin = with_views(app)
    return lambda: admin.send(f"{PATH}/2025/close", is_confirmed="1")


@act("yearly_report.close")
def close_a_year_that_is_closed(app: Flask) -> Act:
    admin = with_views(app)
    admin.send(f"{PATH}/2025/close", is_confirmed="1")
    return lambda: admin.send(f"{PATH}/2025/close", is_confirmed="1")
