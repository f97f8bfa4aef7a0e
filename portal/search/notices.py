"""What a page of results says about itself: how the text was understood, what was left out."""

from dataclasses import dataclass, replace

from portal.search import addresses, conditions
from portal.search.services import Found

SYNONYMS_NAMED = 3


@dataclass(frozen=True, slots=True)
class Notice:
    """A line above the results, with a link where there is something to do about it."""

    text: str
    kind: str = "info"
    """``info`` or ``warning``."""
    link_label: str = ""
    address: str = ""


def notices(found: Found) -> tuple[Notice, ...]:
    """Everything worth saying, the most serious first."""
    lines = [Notice(problem.message, kind="warning") for problem in found.params.problems]
    if found.is_degraded:
        lines.insert(0, Notice(_DEGRADED, kind="warning"))
    lines += _understood(found)
    if found.results.amount_unknown:
        lines.append(Notice(f"上限額が分からない{found.results.amount_unknown}件は除いています。"))
    return tuple(lines)


_DEGRADED = (
    "ただいま簡易検索で表示しています。いつもより見つかりにくいことがありますが、"
    "条件の絞り込みはそのまま使えます。しばらくすると元に戻ります。"
)


def _understood(found: Found) -> list[Notice]:
    interpretation = found.results.interpretation
    lines = []
    if interpretation.suggestion:
        meant = replace(found.params, q=interpretation.suggestion, page=1)
        lines.append(
            Notice(
                "もしかして：",
                link_label=interpretation.suggestion,
                address=addresses.of_params(meant),
            )
        )
    if interpretation.relaxed:
        lines.append(
            Notice("すべてのことばを含む支援がないため、一部を含む支援を近い順に表示しています。")
        )
    added = dict.fromkeys(word for synonym in interpretation.synonyms for word in synonym.added)
    if added:
        words = "".join(f"「{word}」" for word in list(added)[:SYNONYMS_NAMED])
        words += "など" if len(added) > SYNONYMS_NAMED else ""
        lines.append(
            Notice(
                f"{words}も含めて検索しています。",
                link_label="入力したことばだけで探す",
                address=conditions.exactly(found.params),
            )
        )
    return lines
