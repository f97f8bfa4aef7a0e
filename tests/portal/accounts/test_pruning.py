"""What signing in leaves behind goes by itself."""

from datetime import timedelta

from flask import Flask

from portal.extensions import Resources
from portal.jobs.runner import get_job
from tests.accounts import Visitor, make_user
from tests.portal.accounts.test_password_reset import issue
from tests.portal.jobs.test_registry import context_of

TABLES = ("user_session", "one_time_token", "sign_in_attempt", "known_device")


def left(held: Resources) -> list[int]:
    with held.engine.connect() as connection:
        return [
            connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()  # noqa: S608
            for table in TABLES
        ]


def prune(held: Resources, age: timedelta) -> list[int]:
    get_job("sign-in-prune").act(context_of(held, days_later=age / timedelta(days=1)))
    return left(held)


def test_each_goes_when_its_time_is_over(app: Flask, resources: Resources) -> None:
    issue(resources, make_user(resources))
    Visitor(app).sign_in()
    Visitor(app).sign_in(password="wrong")
    assert left(resources) == [1, 1, 1, 1]
    assert prune(resources, timedelta(minutes=59)) == [1, 1, 1, 1]
    assert prune(resources, timedelta(hours=1)) == [1, 0, 1, 1]
    assert prune(resources, timedelta(hours=25)) == [1, 0, 0, 1]
    assert prune(resources, timedelta(days=14)) == [0, 0, 0, 1]
    assert prune(resources, timedelta(days=180)) == [0, 0, 0, 0]
