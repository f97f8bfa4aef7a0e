"""Failures are counted in the database: over workers, hosts and restarts, and never for ever."""

import multiprocessing
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts import limits
from portal.accounts.limits import Origin, TooManyAttemptsError
from portal.accounts.origins import network_of
from portal.accounts.permissions import Role
from portal.accounts.sign_in_models import AttemptKind, SignInAttempt
from portal.db import make_engine, make_session_factory, write_transaction
from portal.extensions import Resources
from tests.accounts import Visitor, code_at, make_user, move_clock
from tests.conftest import NOW

WINDOW = timedelta(minutes=5)
SECOND = timedelta(seconds=1)


def digest(number: int) -> str:
    return f"{number:064x}"


def attempt(
    sessions: sessionmaker[Session], kind: AttemptKind, origin: Origin, now=NOW
) -> int | None:
    """The number of an attempt, or None if one has to wait."""
    try:
        with write_transaction(sessions) as session:
            return limits.begin(session, kind, origin, now=now)
    except TooManyAttemptsError:
        return None


def allowed(sessions: sessionmaker[Session], kind: AttemptKind, origins, now=NOW) -> int:
    return sum(attempt(sessions, kind, origin, now) is not None for origin in origins)


def test_ten_per_account_in_five_minutes(database: sessionmaker[Session]) -> None:
    origins = [Origin(digest(1), digest(n)) for n in range(15)]
    assert allowed(database, AttemptKind.PASSWORD, origins) == 10
    later = NOW + WINDOW
    assert attempt(database, AttemptKind.PASSWORD, origins[0], later - SECOND) is None
    assert attempt(database, AttemptKind.PASSWORD, origins[0], later) is not None
    assert attempt(database, AttemptKind.PASSWORD, Origin(digest(2), digest(1))) is not None


def test_hundred_per_network(database: sessionmaker[Session]) -> None:
    origins = [Origin(digest(n), digest(0)) for n in range(105)]
    assert allowed(database, AttemptKind.PASSWORD, origins) == 100
    assert attempt(database, AttemptKind.PASSWORD, Origin(digest(0), digest(1))) is not None


def test_thousand_together(database: sessionmaker[Session]) -> None:
    with write_transaction(database) as session:
        session.add_all(
            SignInAttempt(
                kind=AttemptKind.PASSWORD, account=digest(n), network=digest(n), device=None, at=NOW
            )
            for n in range(999)
        )
    origins = [Origin(digest(n), digest(n)) for n in range(5_000, 5_003)]
    assert allowed(database, AttemptKind.PASSWORD, origins) == 1
    known = Origin(digest(6_000), digest(6_000), device=digest(1))
    assert attempt(database, AttemptKind.PASSWORD, known) is not None


def test_five_codes_in_five_minutes_twenty_an_hour_fifty_a_day(
    database: sessionmaker[Session],
) -> None:
    origin, kind = Origin(digest(1), digest(1)), AttemptKind.SECOND_FACTOR
    tried = [NOW + timedelta(minutes=minute) for minute in range(24 * 60)]
    passed = [at for at in tried if allowed(database, kind, [origin] * 2, at) > 0]
    assert len([at for at in passed if at < NOW + WINDOW]) <= 5
    with database() as session:
        times = session.scalars(select(SignInAttempt.at).order_by(SignInAttempt.at)).all()
    for window, most in ((WINDOW, 5), (timedelta(hours=1), 20), (timedelta(days=1), 50)):
        for begin in times:
            assert sum(begin <= at < begin + window for at in times) <= most
    assert len(times) == 50


def test_success_takes_the_attempt_away(database: sessionmaker[Session]) -> None:
    origin = Origin(digest(1), digest(1))
    for _ in range(30):
        number = attempt(database, AttemptKind.PASSWORD, origin)
        assert number is not None
        with write_transaction(database) as session:
            limits.succeeded(session, number)


def test_refused_attempts_do_not_make_it_longer(database: sessionmaker[Session]) -> None:
    origin = Origin(digest(1), digest(1))
    for minute in range(5):
        allowed(database, AttemptKind.PASSWORD, [origin] * 20, NOW + timedelta(minutes=minute))
    assert attempt(database, AttemptKind.PASSWORD, origin, NOW + WINDOW) is not None


def _try_often(url: str, results) -> None:
    engine = make_engine(url)
    sessions = make_session_factory(engine)
    origins = [Origin(digest(1), digest(n)) for n in range(8)]
    results.put(allowed(sessions, AttemptKind.PASSWORD, origins))
    engine.dispose()


def test_four_processes_and_a_restart_count_together(database_url: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    results = spawn.Queue()
    processes = [spawn.Process(target=_try_often, args=(database_url, results)) for _ in range(4)]
    for process in processes:
        process.start()
    counts = [results.get(timeout=120) for _ in processes]
    for process in processes:
        process.join(timeout=60)
    assert sum(counts) == 10
    engine = make_engine(database_url)
    sessions = make_session_factory(engine)
    origin = Origin(digest(1), digest(1))
    assert attempt(sessions, AttemptKind.PASSWORD, origin) is None
    assert attempt(sessions, AttemptKind.PASSWORD, origin, NOW + WINDOW) is not None
    engine.dispose()


def test_after_ten_failures_the_right_password_has_to_wait_and_then_works(
    app: Flask, resources: Resources
) -> None:
    make_user(resources)
    visitor = Visitor(app)
    for _ in range(10):
        assert visitor.sign_in(password="wrong").status_code == 422
    refused = visitor.sign_in()
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "300"
    assert "約5分待ってから" in refused.text
    move_clock(app, WINDOW)
    assert visitor.sign_in().status_code == 303


def test_unknown_account_is_limited_just_the_same(app: Flask) -> None:
    visitor = Visitor(app)
    statuses = [visitor.sign_in("nobody@x.example").status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]


def test_nobody_can_keep_a_known_device_out(app: Flask, resources: Resources) -> None:
    make_user(resources)
    owner = Visitor(app)
    owner.sign_in()
    owner.send("/logout")
    attacker = Visitor(app)
    for _ in range(12):
        attacker.sign_in(password="wrong")
    assert attacker.sign_in().status_code == 429
    assert owner.sign_in().status_code == 303


def test_known_device_has_a_limit_of_its_own(app: Flask, resources: Resources) -> None:
    make_user(resources)
    owner = Visitor(app)
    owner.sign_in()
    owner.send("/logout")
    statuses = [owner.sign_in(password="wrong").status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    assert Visitor(app).sign_in().status_code == 303


def test_device_of_somebody_else_is_not_known(app: Flask, resources: Resources) -> None:
    make_user(resources)
    make_user(resources, "attacker@firm.example.jp")
    attacker = Visitor(app)
    attacker.sign_in("attacker@firm.example.jp")
    attacker.send("/logout")
    for _ in range(10):
        attacker.sign_in(password="wrong")
    assert attacker.sign_in().status_code == 429


def test_wrong_codes_are_limited(app: Flask, resources: Resources) -> None:
    make_user(resources, role=Role.STAFF, has_totp=True)
    visitor = Visitor(app)
    visitor.sign_in()
    statuses = [visitor.send("/login/totp", code="000000").status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]
    assert visitor.send("/login/totp", code=code_at(NOW)).status_code == 429
    now = move_clock(app, WINDOW)
    assert visitor.send("/login/totp", code=code_at(now)).status_code == 303


def test_attempts_name_neither_account_nor_address(app: Flask, resources: Resources) -> None:
    make_user(resources)
    Visitor(app).sign_in(password="wrong")
    with resources.engine.connect() as connection:
        rows = str(connection.exec_driver_sql("SELECT * FROM sign_in_attempt").all())
    assert "firm.example.jp" not in rows
    assert "127.0.0.1" not in rows


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("", "unix:", False),
    ],
)
def test_one_line_is_one_network(one: str, other: str, is_same: bool) -> None:
    assert (network_of(one) == network_of(other)) is is_same


def test_old_attempts_are_pruned(database: sessionmaker[Session]) -> None:
    attempt(database, AttemptKind.PASSWORD, Origin(digest(1), digest(1)))
    for age, left in ((limits.KEPT, 1), (limits.KEPT + SECOND, 0)):
        with write_transaction(database) as session:
            limits.prune(session, now=NOW + age)
            assert session.scalar(select(func.count()).select_from(SignInAttempt)) == left
