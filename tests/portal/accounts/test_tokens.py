"""The numbers of links, by which the record and forms know invitations."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import delete, text
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts import tokens
from portal.accounts.permissions import Role
from portal.accounts.sign_in_models import OneTimeToken, TokenPurpose
from portal.accounts.tokens import Place
from portal.config import CHECKOUT
from portal.db import make_engine
from tests.conftest import NOW


def invite(session: Session, address: str) -> int:
    token = tokens.new_token()
    place = Place(address, Role.ADMIN, None)
    return tokens.issue(session, TokenPurpose.INVITATION, place, token=token, now=NOW).id


def test_number_is_never_given_again(database: sessionmaker[Session]) -> None:
    with database.begin() as session:
        first = invite(session, "a@pref.example.jp")
        session.execute(delete(OneTimeToken))
        assert invite(session, "b@pref.example.jp") > first


def test_links_outlive_the_upgrade_that_numbers_them_once(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/portal.db")
    config = Config(str(CHECKOUT / "migrations" / "alembic.ini"))

    def upgrade(revision: str) -> None:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)

    upgrade("0013_add_mail_end")
    row = {"hash": "a" * 64, "then": "2026-11-20 03:00:00", "later": "2026-11-22 03:00:00"}
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO one_time_token"
                " (id, token_hash, purpose, email, role, created_at, expires_at)"
                " VALUES (7, :hash, 'invitation', 'a@b.example.jp', 'admin', :then, :later)"
            ),
            row,
        )
    upgrade("head")
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT id, token_hash, email FROM one_time_token")).all()
    assert [tuple(found) for found in kept] == [(7, "a" * 64, "a@b.example.jp")]
    engine.dispose()
