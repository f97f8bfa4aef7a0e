"""Signing in: the first step, and the sessions that both steps open. Each step is its own
transaction, because a password takes a tenth of a second to check and nobody else may wait for
that."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session, sessionmaker

from portal.accounts import (
    devices,
    emails,
    limits,
    password_rules,
    queries,
    second_factor,
    session_services,
)
from portal.accounts.actors import actor_of, target_of
from portal.accounts.hashing import Passwords
from portal.accounts.models import User
from portal.accounts.origins import Source, origin_of
from portal.accounts.permissions import SECOND_FACTOR_ROLES
from portal.accounts.session_services import TOKEN_BYTES
from portal.accounts.sign_in_models import AttemptKind
from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.audit.types import Actor
from portal.db import write_transaction
from portal.errors import NotFoundError, PortalError
from portal.secret_key import SecretKey


class WrongPasswordError(PortalError):
    """The address and the password do not open an account; which of them is wrong is not told."""


class PasswordTooShortError(PortalError):
    """The right password, of somebody whose role asks for a longer one by now."""


class Need(StrEnum):
    """What is missing after the right password."""

    NOTHING = "nothing"
    CODE = "code"
    ENROLMENT = "enrolment"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that was begun; ``device`` is the token by which its browser is known, and
    ``proof`` what the second step was passed with, if there was one."""

    token: str
    user_id: int
    need: Need
    role: str
    device: str
    proof: second_factor.Proof | None = None


@dataclass(frozen=True, slots=True)
class SignIn:
    """Opens sessions for those who show who they are."""

    sessions: sessionmaker[Session]
    passwords: Passwords
    secret_key: SecretKey
    is_second_factor_required: bool
    refuses_demo: bool
    """Production lets no account of the demo in: everybody can know its password."""

    def need_of(self, user: User) -> Need:
        """What this user shows besides the password."""
        if user.has_second_factor:
            return Need.CODE
        return Need.ENROLMENT if self.must_have_second_factor(user) else Need.NOTHING

    def must_have_second_factor(self, user: User) -> bool:
        """Whether this user cannot do without one."""
        return self.is_second_factor_required and user.role in SECOND_FACTOR_ROLES

    def with_password(
        self, email: str, password: str, source: Source, *, now: datetime
    ) -> SignedIn:
        """The first step.

        :raises WrongPasswordError: the two do not open an account.
        :raises PasswordTooShortError: they do, but whoever has it got a role that asks for more.
        :raises TooManyAttemptsError: one has to wait before the next attempt.
        :raises TooBusyError: too many sign in at this moment.
        """
        with self.passwords.place():
            with self.sessions() as session:
                found = queries.find_by_email(session, email)
            attempt_id = self.write_attempt(AttemptKind.PASSWORD, email, found, source, now=now)
            if not self._is_right(found, password) or found is None:
                self._record_failure(found, now)
                raise WrongPasswordError("the address and the password do not open an account")
            if password_rules.is_too_short(password, role=found.role):
                self._record_failure(found, now)
                raise PasswordTooShortError("the role asks for a longer password by now")
            try:
                return self._open(found, password, attempt_id, source, now)
            except WrongPasswordError:
                self._record_failure(found, now)
                raise

    def confirm_password(self, user: User, password: str, source: Source, *, now: datetime) -> None:
        """Show again that one knows one's password, before changing what protects the account.

        :raises WrongPasswordError: it is not.
        :raises TooManyAttemptsError: one has to wait before the next attempt.
        :raises TooBusyError: too many sign in at this moment.
        """
        with self.passwords.place():
            attempt_id = self.write_attempt(AttemptKind.PASSWORD, user.email, user, source, now=now)
            if not self._is_right(user, password):
                self._record_failure(user, now, actor=actor_of(user))
                raise WrongPasswordError("this is not the password")
            with write_transaction(self.sessions) as session:
                limits.succeeded(session, attempt_id)

    def begin(self, session: Session, user: User, source: Source, *, now: datetime) -> SignedIn:
        """A session for somebody who has shown that they know the password, or just chose it."""
        need = self.need_of(user)
        if need is Need.NOTHING:
            return self.complete(session, user, source, None, now=now)
        started = session_services.start(
            session, user, is_complete=False, browser=source.browser, now=now
        )
        return SignedIn(started.token, user.id, need, user.role, source.device or "")

    def begin_anew(
        self, session: Session, user: User, source: Source, *, now: datetime
    ) -> SignedIn:
        """A session with a new id in place of all others: what protects the account changed."""
        session_services.end_all(session, user.id)
        started = session_services.start(
            session, user, is_complete=True, browser=source.browser, now=now
        )
        return self._known(session, user, started.token, source, now)

    def complete(
        self,
        session: Session,
        user: User,
        source: Source,
        proof: second_factor.Proof | None,
        *,
        now: datetime,
    ) -> SignedIn:
        """A session for somebody who has shown all that is asked of them; ``proof`` is what they
        showed besides the password, None if nothing was asked."""
        user.previous_sign_in_at, user.last_sign_in_at = user.last_sign_in_at, now
        started = session_services.start(
            session, user, is_complete=True, browser=source.browser, now=now
        )
        signed_in = self._known(session, user, started.token, source, now)
        actor, target = actor_of(user), target_of(user)
        detail = {"second_factor": proof.value if proof else None}
        audit.record(
            session, AuditAction.SIGN_IN, actor=actor, target=target, detail=detail, now=now
        )
        return replace(signed_in, proof=proof)

    def write_attempt(
        self, kind: AttemptKind, email: str, user: User | None, source: Source, *, now: datetime
    ) -> int:
        """Count an attempt before it is looked at; returns its number, for ``limits.succeeded``.

        :raises TooManyAttemptsError: one has to wait before the next attempt.
        """
        with write_transaction(self.sessions) as session:
            key = self.secret_key
            origin = origin_of(session, email, user, source, secret_key=key, now=now)
            return limits.begin(session, kind, origin, now=now)

    def _is_right(self, user: User | None, password: str) -> bool:
        """Whether this is the password of a user who may come in; as much work if there is none."""
        is_right = self.passwords.verify(password, user.password_hash if user else None)
        return is_right and user is not None and self._may_enter(user)

    def _may_enter(self, user: User) -> bool:
        return not (user.is_disabled or (self.refuses_demo and emails.is_demo(user.email_folded)))

    def _record_failure(
        self, user: User | None, now: datetime, *, actor: Actor | None = None
    ) -> None:
        """:param actor: whoever is signed in already."""
        # Not what was typed: people type their password where the address belongs.
        with write_transaction(self.sessions) as session:
            audit.record(
                session,
                AuditAction.SIGN_IN_FAILED,
                actor=actor,
                target=target_of(user) if user else None,
                now=now,
            )

    def _open(
        self, found: User, password: str, attempt_id: int, source: Source, now: datetime
    ) -> SignedIn:
        is_outdated = self.passwords.is_outdated(found.password_hash)
        new_hash = self.passwords.hash(password) if is_outdated else found.password_hash
        with write_transaction(self.sessions) as session:
            user = self._hold(session, found)
            limits.succeeded(session, attempt_id)
            user.password_hash = new_hash
            return self.begin(session, user, source, now=now)

    def _hold(self, session: Session, found: User) -> User:
        """The user whose password was right, if that still lets them in."""
        try:
            queries.hold(session, found.id)
        except NotFoundError as error:
            raise WrongPasswordError("the account ended at this moment") from error
        user = queries.get_user(session, found.id)
        is_as_found = (user.password_hash, user.role) == (found.password_hash, found.role)
        if user.is_disabled or not is_as_found:
            raise WrongPasswordError("the account changed at this moment")
        return user

    def _known(
        self, session: Session, user: User, token: str, source: Source, now: datetime
    ) -> SignedIn:
        is_ours = devices.is_token(source.device)
        device = str(source.device) if is_ours else secrets.token_urlsafe(TOKEN_BYTES)
        devices.trust(session, device, user.id, now=now)
        session.flush()
        return SignedIn(token, user.id, Need.NOTHING, user.role, device)
