"""What a page of results says about itself: how the text was understood, what was left out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest

from portal.search import addresses, conditions
from portal.search.services import Found
from search_index import SynonymExpansion

SYNONYMS_NAMED = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, with a link where there is something to do about it."""

    text: str
    link_label: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A box above the results. What is only told shares one, so that a phone still shows hits."""

    kind: str
    """``info`` or ``warning``."""
    lines: tuple[Line, ...]


def notices(found: Found) -> tuple[Notice, ...]:
    """Everything worth saying, the most serious first."""
    warnings = [Line(problem.message) for problem in found.params.problems]
    if found.is_degraded:
        warnings.insert(0, Line(_DEGRADED))
    told = _understood(found)
    if found.results.amount_unknown:
        told.append(Line(f"上限額が分からない{found.results.amount_unknown}件は除いています。"))
    shown = [Notice("warning", (line,)) for line in warnings]
    return (*shown, Notice("info", tuple(told))) if told else tuple(shown)


_DEGRADED = (
    "ただいま簡易検索で表示しています。いつもより見つかりにくいことがありますが、"
    "条件の絞り込みはそのまま使えます。しばらくすると元に戻ります。"
)


def _understood(found: Found) -> list[Line]:
    read = found.results.interpretation
    lines = []
    if read.suggestion:
        lines.append(_suggestion(found, read.suggestion))
    if read.relaxed:
        lines.append(Line("一部のことばだけに合う支援も表示しています。"))
    elif read.strict_total:
        told = f"すべてのことばに合う{read.strict_total}件に続けて、"
        lines.append(Line(f"{told}一部のことばに合う支援も表示しています。"))
    if read.synonyms:
        lines.append(_synonyms(found, read.synonyms))
    elif conditions.is_exact(found.params) and not found.is_degraded:
        lines.append(
            Line(
                "入力したことばのとおりに探しています。",
                link_label="言いかえも含めて探す",
                address=conditions.loosely(found.params),
            )
        )
    return lines


def _suggestion(found: Found, text: str) -> Line:
    meant = addresses.of_params(replace(found.params, q=text, page=1))
    if found.results.interpretation.corrected and found.results.total:
        return Line(
            f"「{text}」の結果を表示しています。", link_label=f"「{text}」で探す", address=meant
        )
    return Line("もしかして：", link_label=text, address=meant)


def _synonyms(found: Found, synonyms: Sequence[SynonymExpansion]) -> Line:
    # One word of each term in turn, so that of a long question no term is left unsaid.
    in_turn = chain.from_iterable(zip_longest(*(synonym.added for synonym in synonyms)))
    added = list(dict.fromkeys(word for word in in_turn if word))
    words = "".join(f"「{word}」" for word in added[:SYNONYMS_NAMED])
    words += "など" if len(added) > SYNONYMS_NAMED else ""
    return Line(
        f"{words}も含めて検索しています。",
        link_label="入力したことばだけで探す",
        address=conditions.exactly(found.params),
    )
