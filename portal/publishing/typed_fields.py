"""Single fields of the editor: read one by one, and noted with what is wrong with each."""

import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import Protocol, TypeVar

from portal.errors import FieldProblem
from portal.links import tel_address, web_address
from portal.listings.field_words import FIELD_LABELS
from portal.mail_address import is_mail_address
from portal.publishing import typed_values

LONGEST = {
    "title": 200,
    "summary": 500,
    "body": 20_000,
    "date_note": 500,
    "eligibility": 5_000,
    "rate": 200,
    "how_to_apply": 5_000,
    "apply_url": 2_000,
    "department": 200,
    "tel": 30,
    "fax": 30,
    "email": 254,
    "url": 2_000,
}
"""Characters that a field may hold."""

MOST_LINES = 50
LONGEST_LINE = 200
"""Lines of a list, and characters of each."""

_DAY_FORM = "「2026年10月15日」「令和8年10月15日」のように、年から入れてください。"
_END_BEFORE_BEGINNING = "締切は、受付開始日と同じ日か、そのあとの日にしてください。"

Value = TypeVar("Value")


class Typed(Protocol):
    """A form as it was typed: texts and chosen codes by the names of their fields."""

    def text(self, name: str) -> str:
        """What stands in a field; empty for nothing."""
        ...

    def codes(self, name: str) -> tuple[str, ...]:
        """What is chosen of several."""
        ...


class FieldReader:
    """Reads fields. What is wrong is noted in ``problems``, in the order of reading.

    :param codes: what may be chosen, by field.
    """

    def __init__(self, typed: Typed, codes: Mapping[str, Collection[str]]) -> None:
        self._typed = typed
        self._codes = codes
        self.problems: list[FieldProblem] = []

    def wrong(self, field: str, message: str) -> None:
        """Note what has to be mended."""
        self.problems.append(FieldProblem(field, message))

    def is_wrong(self, *fields: str) -> bool:
        """Whether something has to be mended in any of these."""
        return any(problem.field in fields for problem in self.problems)

    def lines(self, name: str, longest: int | None = None) -> str | None:
        """A text of any number of lines; None for nothing."""
        text = "\n".join(line.rstrip() for line in self._typed.text(name).splitlines()).strip()
        limit = longest or LONGEST[name]
        if len(text) > limit:
            self.wrong(name, f"{limit:,}文字以内にしてください（いま{len(text):,}文字）。")
        if not _is_readable(text):
            self.wrong(name, "画面に出せない文字が入っています。書き直してください。")
        return text or None

    def line(self, name: str, longest: int | None = None) -> str | None:
        """A text on one line."""
        text = self.lines(name, longest)
        return " ".join(text.splitlines()) if text else None

    def half_width(self, name: str) -> str | None:
        """A number or an address in the characters it is dialled or sent with."""
        text = unicodedata.normalize("NFKC", self.line(name) or "").strip()
        if len(text) > LONGEST[name] and not self.is_wrong(name):
            # Some characters become several, such as the sign of a telephone.
            self.wrong(name, f"{LONGEST[name]:,}文字以内にしてください。")
        return text or None

    def value(self, name: str, read: Callable[[str], Value], message: str) -> Value | None:
        """Something that a text stands for; ``message`` says how it is written."""
        text = self._typed.text(name).strip()
        if not text:
            return None
        try:
            return read(text)
        except ValueError:
            self.wrong(name, message)
            return None

    def items(self, name: str, read: Callable[[str], tuple[str, ...]]) -> tuple[str, ...]:
        """A list."""
        found = read(self._typed.text(name))
        if len(found) > MOST_LINES:
            self.wrong(name, f"{MOST_LINES}個までにしてください（いま{len(found)}個）。")
        if any(len(item) > LONGEST_LINE or not _is_readable(item) for item in found):
            self.wrong(name, f"1つを{LONGEST_LINE}文字以内の文字で入れてください。")
        return found

    def code(self, name: str) -> str | None:
        """What is chosen of several that exclude each other; None for nothing."""
        chosen = self._typed.text(name)
        return chosen if chosen and self._are_known(name, {chosen}) else None

    def codes(self, name: str) -> tuple[str, ...]:
        """What is chosen of several."""
        chosen = tuple(dict.fromkeys(self._typed.codes(name)))
        return chosen if self._are_known(name, set(chosen)) else ()

    def several(self, name: str, known: Iterable[str]) -> tuple[str, ...]:
        """What is chosen of some codes, in their order."""
        chosen, codes = set(self._typed.codes(name)), tuple(known)
        if not chosen <= set(codes):
            self.wrong(name, "選び直してください。")
        return tuple(str(code) for code in codes if code in chosen)

    def _are_known(self, name: str, chosen: set[str]) -> bool:
        are_known = chosen <= set(self._codes[name])
        if not are_known:
            self.wrong(name, f"{FIELD_LABELS[name]}を選び直してください。")
        return are_known

    def day(self, name: str) -> date | None:
        """A day."""
        return self.value(name, typed_values.read_day, _DAY_FORM)

    def window(self, first: str, last: str) -> tuple[date | None, date | None]:
        """First and last day of a round of applications; either may be unknown."""
        opens_on, closes_on = self.day(first), self.day(last)
        if opens_on and closes_on and closes_on < opens_on:
            self.wrong(last, _END_BEFORE_BEGINNING)
        return opens_on, closes_on

    def tel(self, name: str) -> str | None:
        """A telephone number, perhaps with an extension."""
        tel = self.half_width(name)
        if tel and not tel_address(tel):
            self.wrong(name, "電話は市外局番から「017-000-0000」の形で入れてください。")
        return tel

    def email(self, name: str) -> str | None:
        """An address of mail."""
        email = self.half_width(name)
        if email and not is_mail_address(email):
            self.wrong(name, "メールは「kigyo@city.example.jp」の形で、1つだけ入れてください。")
        return email

    def address(self, name: str) -> str | None:
        """An address of the web."""
        address = self.line(name)
        if address and not web_address(address):
            self.wrong(name, "「https://」から始まるアドレスを入れてください。")
        return address


def _is_readable(text: str) -> bool:
    """Whether each character can be shown. What cannot be stored is among those that cannot."""
    return all(character.isprintable() or character in "\n\t\u3000" for character in text)
