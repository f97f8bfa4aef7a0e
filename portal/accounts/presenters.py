"""What the pages of an account say."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from portal.accounts import emails
from portal.accounts.models import User
from portal.accounts.password_rules import shortest_for
from portal.accounts.permissions import Role
from portal.accounts.sign_in_models import UserSession
from portal.accounts.user_desks import Desk, desk_for
from portal.formats import near_moment

WRONG_OWN_PASSWORD = "いまのパスワードが違います。"  # noqa: S105  (a message, no password)
BUSY_TEXT = "ただいま混み合っています。数秒待って、同じボタンをもう一度押してください。"
ADDRESS_OF_WORK = (
    "職員のアカウントは、自分でメールアドレスを変えたり消したりできません。アドレスが変わるときは、"
    "新しいアドレスへの招待と、いまのアカウントの停止を、県の担当者に頼んでください。"
)
_ENOUGH_CODES = 3
"""With fewer recovery codes somebody is told to make new ones while they still can."""


def seconds(wait: timedelta) -> int:
    """Whole seconds after which it is worth trying again; at least one."""
    return max(1, math.ceil(wait.total_seconds()))


def wait_text(wait: timedelta) -> str:
    """That one has to wait after mistakes, and how long."""
    return f"まちがいが続いたため、しばらく受け付けを止めています。{try_again_after(wait)}"


def mail_wait_text(wait: timedelta) -> str:
    """That one has to wait before asking for a mail, and how long: others here may have asked."""
    return f"申し込みが続いたため、しばらく受け付けを止めています。{try_again_after(wait)}"


def try_again_after(wait: timedelta) -> str:
    """How long one should wait, in whole minutes or hours."""
    minutes = math.ceil(seconds(wait) / 60)
    how_long = f"約{minutes}分" if minutes < 60 else f"約{math.ceil(minutes / 60)}時間"
    return f"{how_long}待ってから、もう一度お試しください。"


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A browser somebody is signed in with."""

    id: int
    browser: str
    begun: str
    seen: str
    is_this: bool


@dataclass(frozen=True, slots=True)
class AccountPage:
    """What a page about one's own account shows."""

    email: str
    role: str
    agency_name: str | None
    previous_sign_in: str | None
    has_second_factor: bool
    recovery_codes_left: int
    is_short_of_codes: bool
    may_remove_second_factor: bool
    sessions: tuple[SessionLine, ...]
    is_member: bool
    users_desk: Desk | None
    """Where they look after others, if they do."""


def account_page(
    user: User,
    sessions: Iterable[UserSession],
    *,
    this_session_id: int,
    recovery_codes_left: int,
    may_remove_second_factor: bool,
    today: date,
) -> AccountPage:
    """One's own account."""
    previous = user.previous_sign_in_at
    return AccountPage(
        email=user.email,
        role=Role(user.role).label,
        agency_name=user.agency.name if user.agency else None,
        previous_sign_in=near_moment(previous, today) if previous else None,
        has_second_factor=user.has_second_factor,
        recovery_codes_left=recovery_codes_left,
        is_short_of_codes=recovery_codes_left < _ENOUGH_CODES,
        may_remove_second_factor=may_remove_second_factor,
        sessions=tuple(
            SessionLine(
                id=row.id,
                browser=row.browser,
                begun=near_moment(row.created_at, today),
                seen=near_moment(row.last_seen_at, today),
                is_this=row.id == this_session_id,
            )
            for row in sessions
        ),
        is_member=user.role == Role.MEMBER,
        users_desk=desk_for(Role(user.role)),
    )


def address_problem(typed: str) -> str | None:
    """Why no mail can be sent to what was typed, in Japanese; None if it can."""
    if emails.is_usable(emails.tidy(typed)):
        return None
    return "メールアドレスは「name@example.jp」の形で入れてください。"


def password_hint(role: str) -> str:
    """What a good password is."""
    return (
        f"{shortest_for(role)}文字以上。記号や大文字を混ぜる必要はありません。"
        "つながりのないことばを3つか4つ続けると、強くて覚えやすくなります。"
        "日本語も、空白も、貼り付けも使えます。"
    )
