"""What a label that administrators type has to keep to."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from portal.errors import FieldProblem
from portal.labels.models import LONGEST_KANA, LONGEST_LABEL, LONGEST_SHORT
from portal.listings.vocabulary import ALL_INDUSTRIES_LABEL, Label

_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_KANA = re.compile("[ぁ-ゖー]+(?:・[ぁ-ゖー]+)*")


def tidied(label: Label) -> Label:
    """Without needless spaces, in composed characters, and read in hiragana."""
    kana = unicodedata.normalize("NFKC", label.kana).translate(_TO_HIRAGANA)
    return Label(_tidied(label.text), "".join(kana.split()), _tidied(label.short))


def _tidied(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def mark_of(label: Label) -> str:
    """A short text that is another one for another label."""
    return hashlib.sha256(repr(label).encode()).hexdigest()[:16]


def find_problems(label: Label, *, facet: str, others: Sequence[Label]) -> list[FieldProblem]:
    """What keeps a tidied label from being stored; empty if nothing does.

    :param others: the labels of the other codes of the same facet.
    """
    taken = {folded(other.text): other.text for other in others}
    problems = list(_problems_of_text("label", label.text, LONGEST_LABEL))
    problems = problems or list(_problems_of_twin("label", label.text, taken))
    problems += _problems_of_kana(label.kana)
    if facet == "industry":
        wrong = list(_problems_of_text("short_label", label.short, LONGEST_SHORT))
        taken = {folded(other.short): other.short for other in others}
        taken[folded(ALL_INDUSTRIES_LABEL)] = ALL_INDUSTRIES_LABEL
        problems += wrong or _problems_of_twin("short_label", label.short, taken)
    return problems


_NAMES = {"label": "表示名", "short_label": "短い表示名"}


def _problems_of_text(field: str, text: str, longest: int) -> Iterator[FieldProblem]:
    name = _NAMES[field]
    if not text:
        yield FieldProblem(field, f"{name}を入れてください。")
    elif not text.isprintable():
        yield FieldProblem(field, f"{name}に使えない文字があります。入れ直してください。")
    elif len(text) > longest:
        told = f"{name}は{longest}文字までにしてください（いま{len(text)}文字）。"
        yield FieldProblem(field, told)
    elif not any(character.isalnum() for character in text):
        yield FieldProblem(field, f"{name}に文字か数字がありません。ことばを入れてください。")


def _problems_of_twin(field: str, text: str, taken: Mapping[str, str]) -> Iterator[FieldProblem]:
    """What reads the same cannot be told apart by who has to choose."""
    twin = taken.get(folded(text))
    if twin is not None:
        told = f"「{twin}」は、同じ分類のほかの{_NAMES[field]}に使われています。"
        yield FieldProblem(field, f"{told}区別できる名前にしてください。")


def _problems_of_kana(kana: str) -> Iterator[FieldProblem]:
    if not kana:
        yield FieldProblem("kana", "読みがなを入れてください。")
    elif len(kana) > LONGEST_KANA:
        yield FieldProblem("kana", f"読みがなは{LONGEST_KANA}文字までにしてください。")
    elif not _KANA.fullmatch(kana):
        yield FieldProblem("kana", "読みがなは、ひらがなで入れてください。区切りは「・」です。")


def folded(text: str) -> str:
    """A text without differences of width, case, spaces and kind of kana."""
    plain = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    return plain.translate(_TO_HIRAGANA)
