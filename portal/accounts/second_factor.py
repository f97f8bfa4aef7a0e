"""The second factor: codes of an authenticator app (TOTP), and ten recovery codes beside it."""

import hmac
import re
import secrets
import unicodedata
from datetime import datetime
from enum import StrEnum

import pyotp
from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from portal.accounts import devices, queries, session_services
from portal.accounts.actors import target_of
from portal.accounts.models import RecoveryCode, User
from portal.accounts.session_services import hash_token
from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.audit.types import Actor
from portal.errors import PortalError
from portal.secret_key import Box, UnreadableSealError

STEP_S = 30
STEPS_AROUND = 1
"""Codes of the step before and after are taken, too: clocks differ, and typing takes time."""
RECOVERY_CODES = 10
_GROUPS, _GROUP_LENGTH = 4, 4
# Without what is easily taken for another: i l o u 0 1.
_ALPHABET = "abcdefghjkmnpqrstvwxyz23456789"
_CODE = re.compile(r"\d{6}")
_RECOVERY_CODE = re.compile(rf"[{_ALPHABET}]{{{_GROUPS * _GROUP_LENGTH}}}")


class Proof(StrEnum):
    """By what somebody showed their second factor."""

    APP = "app"
    RECOVERY = "recovery"


class WrongCodeError(PortalError):
    """A code that is none, not any more, or was used before."""


class OwnFactorError(PortalError):
    """Nobody resets their own second factor for others' eyes: it takes a second administrator."""


def new_secret() -> str:
    """160 random bits, as authenticator apps read them."""
    return pyotp.random_base32()


def address_of(secret: str, *, email: str, issuer: str) -> str:
    """What the QR code says: the secret, and what the app calls it."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def enroll(
    session: Session,
    user: User,
    secret: str,
    typed: str,
    *,
    box: Box,
    actor: Actor,
    now: datetime,
) -> tuple[str, ...]:
    """Take a secret as second factor once its app shows the right code; returns recovery codes.

    :raises WrongCodeError: the code is not that of the secret.
    """
    step = _step_of(secret, _folded(typed), now=now)
    if step is None:
        raise WrongCodeError("this is not the code of the new secret")
    user.totp_secret = box.seal(secret.encode(), now=now)
    user.totp_enrolled_at = now
    user.totp_last_step = step
    codes = _replace_recovery_codes(session, user)
    audit.record(
        session,
        AuditAction.SECOND_FACTOR_ENROLLED,
        actor=actor,
        target=target_of(user),
        now=now,
    )
    return codes


def use(session: Session, user: User, typed: str, *, box: Box, now: datetime) -> Proof | None:
    """Use a code of the app or a recovery code up; None if it is not right, or not any more."""
    code = _folded(typed)
    if _RECOVERY_CODE.fullmatch(code):
        return Proof.RECOVERY if _use_recovery_code(session, user, code, now=now) else None
    secret = _secret_of(user, box)
    step = _step_of(secret, code, now=now) if secret else None
    if step is None:
        return None
    # Asked of the row itself: two requests may hold the same code at the same moment.
    unused = or_(User.totp_last_step.is_(None), User.totp_last_step < step)
    using = update(User).where(User.id == user.id, unused).values(totp_last_step=step)
    using = using.execution_options(synchronize_session=False)
    return Proof.APP if session.connection().execute(using).rowcount == 1 else None


def renew_recovery_codes(
    session: Session, user: User, *, actor: Actor, now: datetime
) -> tuple[str, ...]:
    """Ten new recovery codes; the old ones work no more."""
    codes = _replace_recovery_codes(session, user)
    audit.record(
        session,
        AuditAction.RECOVERY_CODES_RENEWED,
        actor=actor,
        target=target_of(user),
        now=now,
    )
    return codes


def remove(session: Session, user: User, *, actor: Actor, now: datetime) -> bool:
    """Take the second factor away; returns False if there was none."""
    if not user.has_second_factor:
        return False
    user.totp_secret = user.totp_enrolled_at = user.totp_last_step = None
    user.recovery_codes.clear()
    session.flush()
    audit.record(
        session, AuditAction.SECOND_FACTOR_RESET, actor=actor, target=target_of(user), now=now
    )
    return True


def reset(session: Session, user: User, *, actor: Actor, now: datetime) -> bool:
    """Take the second factor of somebody else away, who lost it; they enrol at the next sign-in.

    :raises OwnFactorError: the actor is that somebody.
    """
    if actor.id == user.id:
        raise OwnFactorError("one's own second factor is reset by another administrator")
    queries.hold(session, user.id)
    if not user.has_second_factor:
        # Nothing is recorded, so nothing happens.
        return False
    session_services.end_all(session, user.id)
    devices.forget_all(session, user.id)
    return remove(session, user, actor=actor, now=now)


def _secret_of(user: User, box: Box) -> str | None:
    if user.totp_secret is None:
        return None
    try:
        return box.open(user.totp_secret).decode()
    except UnreadableSealError:
        # The key of the installation is another one now. Recovery codes do not depend on it.
        return None


def _step_of(secret: str, code: str, *, now: datetime) -> int | None:
    """The step whose code this is, if it is near enough to now."""
    if not _CODE.fullmatch(code):
        return None
    totp, present = pyotp.TOTP(secret), int(now.timestamp()) // STEP_S
    steps = range(present - STEPS_AROUND, present + STEPS_AROUND + 1)
    right = [step for step in steps if hmac.compare_digest(totp.generate_otp(step), code)]
    return right[-1] if right else None


def _use_recovery_code(session: Session, user: User, code: str, *, now: datetime) -> bool:
    using = update(RecoveryCode).where(
        RecoveryCode.user_id == user.id,
        RecoveryCode.code_hash == hash_token(code),
        RecoveryCode.used_at.is_(None),
    )
    return session.connection().execute(using.values(used_at=now)).rowcount == 1


def _replace_recovery_codes(session: Session, user: User) -> tuple[str, ...]:
    user.recovery_codes.clear()
    session.flush()
    codes = tuple(
        "".join(secrets.choice(_ALPHABET) for _ in range(_GROUPS * _GROUP_LENGTH))
        for _ in range(RECOVERY_CODES)
    )
    user.recovery_codes.extend(RecoveryCode(code_hash=hash_token(code)) for code in codes)
    session.flush()
    return tuple(
        "-".join(code[i : i + _GROUP_LENGTH] for i in range(0, len(code), _GROUP_LENGTH))
        for code in codes
    )


def _folded(typed: str) -> str:
    """A code as typed by thumbs and Japanese keyboards, without spaces and hyphens."""
    plain = unicodedata.normalize("NFKC", typed).casefold()
    return re.sub(r"[\s\-‐‑–—―−ー]", "", plain)
