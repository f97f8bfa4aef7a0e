"""What is known of an agency besides its code, and the rules it has to keep."""

import hashlib
import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from portal.agencies.models import (
    LONGEST_DEPARTMENT,
    LONGEST_KANA,
    LONGEST_NAME,
    LONGEST_TEL,
    LONGEST_URL,
    Approval,
    Level,
)
from portal.errors import FieldProblem
from portal.links import tel_address, web_address
from portal.mail_address import is_mail_address


@dataclass(frozen=True, slots=True)
class Places:
    """Codes of regions an agency can be of, and which of them are municipalities."""

    regions: Collection[str]
    municipalities: Collection[str]


@dataclass(frozen=True, slots=True)
class AgencyDetails:
    """What administrators may say of an agency; an empty text stands for what is not known."""

    name: str
    level: str
    kana: str = ""
    region: str = ""
    department: str = ""
    tel: str = ""
    email: str = ""
    url: str = ""
    section_mailbox: str = ""
    approval: str = Approval.REQUIRED.value


LABELS = {
    "code": "コード",
    "name": "名前",
    "kana": "ふりがな",
    "level": "実施主体",
    "region": "地域",
    "department": "担当部署",
    "tel": "電話",
    "email": "メール",
    "url": "ホームページ",
    "section_mailbox": "課の共用メール",
    "approval": "公開前の承認",
}
"""What each is called on pages and in exports."""

_LONGEST = {
    "name": LONGEST_NAME,
    "kana": LONGEST_KANA,
    "department": LONGEST_DEPARTMENT,
    "tel": LONGEST_TEL,
    "url": LONGEST_URL,
}
_MAIL_FORM = "は「kigyo@city.example.jp」の形で、1つだけ入れてください。"


def mark_of(details: AgencyDetails) -> str:
    """A short text that is another one for other details."""
    return hashlib.sha256(repr(details).encode()).hexdigest()[:16]


def tidy(details: AgencyDetails) -> AgencyDetails:
    """The same without spaces around; numbers and addresses in the characters they are sent in."""
    return AgencyDetails(
        name=details.name.strip(),
        level=details.level,
        kana=details.kana.strip(),
        region=details.region,
        department=details.department.strip(),
        tel=_half_width(details.tel),
        email=_half_width(details.email),
        url=details.url.strip(),
        section_mailbox=_half_width(details.section_mailbox),
        approval=details.approval,
    )


def problems(details: AgencyDetails, places: Places) -> Iterator[FieldProblem]:
    """What has to be mended in tidy details, field by field."""
    if not details.name:
        yield FieldProblem("name", "名前を入れてください。")
    for field in ("name", "kana", "department", "tel", "url"):
        yield from _text_problems(field, getattr(details, field))
    if details.level not in list(Level):
        yield FieldProblem("level", "実施主体を選んでください。")
    yield from _region_problems(details, places)
    yield from _form_problem(
        "tel", details.tel, tel_address, "は市外局番から「017-000-0000」の形で入れてください。"
    )
    for field in ("email", "section_mailbox"):
        yield from _form_problem(field, getattr(details, field), is_mail_address, _MAIL_FORM)
    yield from _form_problem(
        "url", details.url, web_address, "は「https://」から始まるアドレスを入れてください。"
    )
    if details.approval not in list(Approval):
        yield FieldProblem("approval", "公開前の承認が必要かどうかを選んでください。")


def _text_problems(field: str, text: str) -> Iterator[FieldProblem]:
    if len(text) > _LONGEST[field]:
        message = f"{LABELS[field]}は{_LONGEST[field]}文字以内にしてください。"
        yield FieldProblem(field, message)
    elif not text.replace("\u3000", " ").isprintable():
        message = f"{LABELS[field]}に使えない文字があります。入れ直してください。"
        yield FieldProblem(field, message)


def _region_problems(details: AgencyDetails, places: Places) -> Iterator[FieldProblem]:
    if details.level == Level.MUNICIPALITY and details.region not in places.municipalities:
        # The public list puts municipalities under their areas; one of no area would be in none.
        yield FieldProblem("region", "実施主体が市町村のときは、地域でその市町村を選んでください。")
    elif details.region and details.region not in places.regions:
        yield FieldProblem("region", "地域を選び直してください。")


def _form_problem(
    field: str, text: str, is_good: Callable[[str], object], message: str
) -> Iterator[FieldProblem]:
    if text and not is_good(text):
        yield FieldProblem(field, LABELS[field] + message)


def _half_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
