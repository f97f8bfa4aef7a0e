"""The second step of signing in: from a session that is only pending to one that is complete."""

from datetime import datetime

from portal.accounts import limits, second_factor, session_services
from portal.accounts.actors import actor_of, target_of
from portal.accounts.origins import Source
from portal.accounts.sign_in import SignedIn, SignIn
from portal.accounts.sign_in_models import AttemptKind, UserSession
from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.db import write_transaction

TOTP_BOX = "totp"
"""The purpose under which secrets of authenticator apps are sealed."""


def pass_with_code(
    sign_in: SignIn, pending: UserSession, typed: str, source: Source, *, now: datetime
) -> SignedIn:
    """Finish with a code of the app, or with a recovery code.

    :raises WrongCodeError: the code is not right, or was used.
    :raises SessionGoneError: it has to begin with the password again.
    :raises TooManyAttemptsError: one has to wait before the next attempt.
    """
    attempt_id = sign_in.write_attempt(
        AttemptKind.SECOND_FACTOR, pending.user.email, pending.user, source, now=now
    )
    with write_transaction(sign_in.sessions) as session:
        user = session_services.hold(session, pending.id, now=now).user
        box = sign_in.secret_key.box(TOTP_BOX)
        proof = second_factor.use(session, user, typed, box=box, now=now)
        if proof is not None:
            limits.succeeded(session, attempt_id)
            session_services.end(session, pending.id, user_id=user.id)
            return sign_in.complete(session, user, source, proof, now=now)
        failed = AuditAction.SECOND_FACTOR_FAILED
        audit.record(session, failed, actor=None, target=target_of(user), now=now)
    raise second_factor.WrongCodeError("this code is not right, or was used")


def pass_with_enrolment(
    sign_in: SignIn,
    pending: UserSession,
    secret: str,
    typed: str,
    source: Source,
    *,
    now: datetime,
) -> tuple[SignedIn, tuple[str, ...]]:
    """Finish by setting a second factor up, as those do who must have one and have none yet; with
    it come the recovery codes.

    :raises WrongCodeError: the code is not that of the secret.
    :raises SessionGoneError: it has to begin with the password again.
    """
    with write_transaction(sign_in.sessions) as session:
        user = session_services.hold(session, pending.id, now=now).user
        if user.has_second_factor:
            raise session_services.SessionGoneError("there is a second factor already")
        codes = second_factor.enroll(
            session,
            user,
            secret,
            typed,
            box=sign_in.secret_key.box(TOTP_BOX),
            actor=actor_of(user),
            now=now,
        )
        session_services.end(session, pending.id, user_id=user.id)
        proof = second_factor.Proof.APP
        return sign_in.complete(session, user, source, proof, now=now), codes
