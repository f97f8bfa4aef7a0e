"""The second factor: set up once, each code good once, and no way around it."""

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts import queries, second_factor, services, tokens
from portal.accounts.actors import actor_of
from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.accounts.second_factor import OwnFactorError, Proof
from portal.accounts.sign_in_models import TokenPurpose
from portal.db import write_transaction
from portal.extensions import Resources
from portal.secret_key import SecretKey
from tests.accounts import (
    LONG_PASSWORD,
    SECRET,
    Visitor,
    actions,
    code_at,
    get_user,
    last_event,
    make_user,
    move_clock,
    recovery_codes,
)
from tests.conftest import NOW, MakeApp, MakeDatabase, make_settings, resources_of
from tests.pages import Page

STEP = timedelta(seconds=30)


@pytest.fixture
def clerk(app: Flask, resources: Resources) -> Visitor:
    """A clerk with a second factor who gave the password."""
    make_user(resources, role=Role.STAFF, has_totp=True)
    visitor = Visitor(app)
    assert visitor.sign_in().location == "/login/totp"
    return visitor


def enrolment(page: Page) -> tuple[str, str]:
    """The secret that a page offers, and how it is sealed."""
    secret = page.text("[data-secret]").replace(" ", "")
    sealed = page.dom.select_one("input[name=sealed]")
    assert sealed is not None
    return secret, str(sealed["value"])


def test_password_alone_opens_nothing(clerk: Visitor) -> None:
    assert clerk.open("/me").status_code == 303
    assert "ログイン" in clerk.get("/").text(".account-link")


def test_code_opens_a_session_with_a_new_id(clerk: Visitor, resources: Resources) -> None:
    before = clerk.cookie("session")
    response = clerk.send("/login/totp", code=code_at(NOW))
    assert (response.status_code, response.location) == (303, "/staff")
    assert clerk.cookie("session") != before
    clerk.client.set_cookie("session", str(before))
    assert clerk.open("/me").status_code == 303
    assert actions(resources)[-1] == "sign_in"


@pytest.mark.parametrize(
    ("steps", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_code_of_the_step_before_and_after_is_taken(
    clerk: Visitor, steps: int, is_taken: bool
) -> None:
    response = clerk.send("/login/totp", code=code_at(NOW + steps * STEP))
    assert (response.status_code == 303) is is_taken


@pytest.mark.parametrize("written", ["{} ", "{:.3}-{:.0}", "full width"])
def test_code_is_read_however_it_is_written(clerk: Visitor, written: str) -> None:
    code = code_at(NOW)
    shapes = {
        "{} ": f" {code} ",
        "{:.3}-{:.0}": f"{code[:3]} {code[3:]}",
        "full width": code.translate({ord(d): ord(d) + 0xFEE0 for d in "0123456789"}),
    }
    assert clerk.send("/login/totp", code=shapes[written]).status_code == 303


def test_code_is_good_once(app: Flask, clerk: Visitor) -> None:
    code = code_at(NOW)
    assert clerk.send("/login/totp", code=code).status_code == 303
    other = Visitor(app)
    other.sign_in()
    assert other.send("/login/totp", code=code).status_code == 422
    assert other.send("/login/totp", code=code_at(NOW - STEP)).status_code == 422
    assert other.send("/login/totp", code=code_at(NOW + STEP)).status_code == 303


@pytest.mark.parametrize(
    "code", ["", "1", "12345a", "0" * 6, "-1", "１２３４５", "a" * 16, "x" * 60]
)
def test_wrong_codes_are_refused_with_a_message(
    clerk: Visitor, resources: Resources, code: str
) -> None:
    response = clerk.send("/login/totp", code=code)
    assert response.status_code == 422
    assert 'role="alert"' in response.text
    assert len([a for a in actions(resources) if a == "second_factor_failed"]) <= 1


def test_ten_recovery_codes_work_once_each(
    app: Flask, clerk: Visitor, resources: Resources
) -> None:
    user_id = 1
    codes = recovery_codes(resources, user_id)
    assert len(set(codes)) == 10
    # Where it is told how many are left.
    assert clerk.send("/login/totp", code=codes[0].upper()).location == "/me"
    assert actions(resources)[-2:] == ["recovery_codes_renewed", "sign_in"]
    event = last_event(resources)
    assert event.detail == '{"second_factor":"recovery"}'
    other = Visitor(app)
    other.sign_in()
    assert other.send("/login/totp", code=codes[0]).status_code == 422
    assert other.send("/login/totp", code=codes[1].replace("-", " ")).status_code == 303
    assert "残り8個" in other.get("/me").text("main")


def test_own_page_tells_when_few_recovery_codes_are_left(
    app: Flask, clerk: Visitor, resources: Resources
) -> None:
    *used, eighth, _, _ = recovery_codes(resources, 1)
    for code in used:
        clerk = Visitor(app)
        clerk.sign_in()
        clerk.send("/login/totp", code=code)
    assert not clerk.get("/me").dom.select("[data-short-of-codes]")
    clerk = Visitor(app)
    clerk.sign_in()
    clerk.send("/login/totp", code=eighth)
    page = clerk.get("/me")
    assert "残り2個" in page.text("main")
    assert page.dom.select("[data-short-of-codes]")


def test_staff_without_second_factor_set_it_up_when_they_first_sign_in(
    app: Flask, resources: Resources
) -> None:
    user_id = make_user(resources, role=Role.APPROVER)
    visitor = Visitor(app)
    assert visitor.sign_in().location == "/login/second-factor"
    assert visitor.open("/me").status_code == 303
    assert visitor.open("/login/totp").location == "/login/second-factor"
    page = visitor.get("/login/second-factor?next=/about")
    secret, sealed = enrolment(page)
    assert page.dom.select_one(".qr svg path[stroke]") is not None
    wrong = visitor.send("/login/second-factor", code="000000", sealed=sealed)
    assert wrong.status_code == 422
    assert secret in wrong.text.replace(" ", "")
    done = visitor.send(
        "/login/second-factor", code=code_at(NOW, secret), sealed=sealed, next="/about"
    )
    codes = Page(200, done.text).texts("[data-recovery-code]")
    assert len(codes) == 10
    assert 'href="/about"' in done.text
    assert codes[3] in unquote(done.text)
    assert "no-store" in done.headers["Cache-Control"]
    assert visitor.open("/me").status_code == 200
    assert actions(resources)[1:] == ["second_factor_enrolled", "sign_in"]
    assert secret not in str(get_user(resources, user_id).totp_secret)
    other = Visitor(app)
    other.sign_in()
    assert other.send("/login/totp", code=code_at(NOW, secret)).status_code == 422
    assert other.send("/login/totp", code=code_at(NOW + STEP, secret)).status_code == 303


def test_who_has_a_second_factor_cannot_set_up_another_with_the_password_alone(
    clerk: Visitor, app: Flask, resources: Resources
) -> None:
    assert clerk.open("/login/second-factor").location == "/login/totp"
    make_user(resources, "new@town.example.jp", role=Role.STAFF)
    newcomer = Visitor(app)
    newcomer.sign_in("new@town.example.jp")
    secret, sealed = enrolment(newcomer.get("/login/second-factor"))
    response = clerk.send("/login/second-factor", code=code_at(NOW, secret), sealed=sealed)
    assert response.location == "/login/totp"
    assert clerk.open("/me").status_code == 303


def test_offer_is_for_one_session_and_one_hour(app: Flask, resources: Resources) -> None:
    make_user(resources)
    visitor = Visitor(app)
    visitor.sign_in()
    secret, sealed = enrolment(visitor.get("/me/second-factor"))
    now = move_clock(app, timedelta(minutes=61))
    late = visitor.send(
        "/me/second-factor", code=code_at(now, secret), sealed=sealed, password=LONG_PASSWORD
    )
    assert late.location == "/me/second-factor"
    assert visitor.send("/me/second-factor", code="123456", sealed="x", password="y").location


def test_member_sets_up_moves_and_removes_it(app: Flask, resources: Resources) -> None:
    user_id = make_user(resources)
    visitor, other = Visitor(app), Visitor(app)
    other.sign_in()
    visitor.sign_in()
    before = visitor.cookie("session")
    for _ in range(2):
        secret, sealed = enrolment(visitor.get("/me/second-factor"))
        fields = {"code": code_at(NOW, secret), "sealed": sealed}
        wrong = visitor.send("/me/second-factor", password="wrong", **fields)
        assert wrong.status_code == 422
        assert "いまのパスワードが違います" in wrong.text
        assert (
            visitor.send("/me/second-factor", password=LONG_PASSWORD, **fields).status_code == 200
        )
        assert get_user(resources, user_id).has_second_factor
    assert visitor.cookie("session") != before
    assert other.open("/me").status_code == 303
    assert visitor.send("/me/second-factor/remove", password="wrong").status_code == 422
    assert visitor.send("/me/second-factor/remove", password=LONG_PASSWORD).location == "/me"
    assert not get_user(resources, user_id).has_second_factor
    with resources.sessions() as session:
        assert queries.count_recovery_codes(session, user_id) == 0
    assert actions(resources)[-1] == "second_factor_reset"


def test_who_must_have_one_cannot_remove_it(clerk: Visitor, resources: Resources) -> None:
    clerk.send("/login/totp", code=code_at(NOW))
    assert clerk.open("/me/second-factor/remove").location == "/me"
    assert clerk.send("/me/second-factor/remove", password=LONG_PASSWORD).location == "/me"
    assert "second_factor_reset" not in actions(resources)


def test_recovery_codes_are_made_anew_and_old_ones_are_dead(
    app: Flask, clerk: Visitor, resources: Resources
) -> None:
    clerk.send("/login/totp", code=code_at(NOW))
    user_id = 1
    old = recovery_codes(resources, user_id)
    response = clerk.send("/me/recovery-codes", password=LONG_PASSWORD)
    new = Page(200, response.text).texts("[data-recovery-code]")
    assert len(new) == 10
    assert "前の回復コードは使えません" in Page(200, response.text).text(".notice")
    other = Visitor(app)
    other.sign_in()
    assert other.send("/login/totp", code=old[0]).status_code == 422
    assert other.send("/login/totp", code=new[0]).status_code == 303


def test_reset_by_another_ends_sessions_and_asks_for_a_new_one(
    app: Flask, clerk: Visitor, resources: Resources
) -> None:
    clerk.send("/login/totp", code=code_at(NOW))
    admin_id = make_user(resources, "admin@pref.example.jp", role=Role.ADMIN)
    with write_transaction(resources.sessions) as session:
        admin = actor_of(session.get_one(User, admin_id))
        assert second_factor.reset(session, session.get_one(User, 1), actor=admin, now=NOW)
    assert clerk.open("/me").status_code == 303
    assert clerk.sign_in().location == "/login/second-factor"
    assert actions(resources)[-1] == "second_factor_reset"


def test_nobody_resets_their_own(resources: Resources) -> None:
    user_id = make_user(resources, role=Role.ADMIN, has_totp=True)
    with write_transaction(resources.sessions) as session:
        user = session.get_one(User, user_id)
        with pytest.raises(OwnFactorError):
            second_factor.reset(session, user, actor=actor_of(user), now=NOW)
    assert get_user(resources, user_id).has_second_factor


def test_password_reset_does_not_skip_it(app: Flask, resources: Resources) -> None:
    make_user(resources, role=Role.STAFF, has_totp=True)
    with write_transaction(resources.sessions) as session:
        token = tokens.new_token()
        user = session.get_one(User, 1)
        tokens.issue(session, TokenPurpose.PASSWORD_RESET, user, token=token, now=NOW)
        services.reset_password(
            session, token, resources.passwords.hash("新しい" + LONG_PASSWORD), now=NOW
        )
    visitor = Visitor(app)
    assert visitor.sign_in(password="新しい" + LONG_PASSWORD).location == "/login/totp"
    assert visitor.open("/me").status_code == 303


def test_without_the_requirement_staff_sign_in_by_password(
    tmp_path, make_sqlite_database: MakeDatabase, make_app: MakeApp
) -> None:
    settings = make_settings(
        tmp_path, PORTAL_DATABASE_URL=make_sqlite_database(), PORTAL_REQUIRE_TOTP="0"
    )
    app = make_app(settings)
    make_user(resources_of(app), role=Role.STAFF)
    assert Visitor(app).sign_in().location == "/staff"


def test_one_code_at_the_same_moment_is_taken_once(
    database: sessionmaker[Session], tmp_path
) -> None:
    """Two that read the row before either wrote."""
    box = SecretKey(["secret"], tmp_path).box("totp")
    with write_transaction(database) as session:
        user = User(
            email="a@b.jp", email_folded="a@b.jp", name="a", role="member",
            password_hash="$argon2id$", password_changed_at=NOW, created_at=NOW,
            totp_secret=box.seal(SECRET.encode(), now=NOW), totp_enrolled_at=NOW,
        )  # fmt: skip
        session.add(user)
    code = code_at(NOW)
    proofs = []
    for _ in range(2):
        with write_transaction(database) as session:
            proofs.append(second_factor.use(session, user, code, box=box, now=NOW))
    assert proofs == [Proof.APP, None]


def test_other_key_of_the_installation_leaves_recovery_codes(
    resources: Resources, tmp_path
) -> None:
    user_id = make_user(resources, has_totp=True)
    codes = recovery_codes(resources, user_id)
    other = SecretKey(["another secret"], tmp_path).box("totp")
    with write_transaction(resources.sessions) as session:
        user = session.get_one(User, user_id)
        assert second_factor.use(session, user, code_at(NOW), box=other, now=NOW) is None
        assert second_factor.use(session, user, codes[0], box=other, now=NOW) is Proof.RECOVERY


def test_address_for_the_app_names_portal_and_account() -> None:
    address = unquote(second_factor.address_of(SECRET, email="a@b.jp", issuer="あおビズサーチ"))
    assert re.fullmatch(
        rf"otpauth://totp/あおビズサーチ:a@b.jp\?secret={SECRET}&issuer=あおビズサーチ", address
    )
