"""The conditions of a search in words: as chips that take them away, and as ways to loosen it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from portal.formats import yen
from portal.listings.vocabulary import Vocabulary
from portal.search import addresses
from portal.search.facet_groups import TITLES
from portal.search.params import FACET_PARAMS, SearchParams
from portal.search.services import Found
from portal.search.words import MINUS, QUOTES, WORD

_REGIONS_NAMED = 2


@dataclass(frozen=True, slots=True)
class Chip:
    """A condition in force; ``address`` is the same search without it."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition in force as a parameter of the search, and in words."""

    name: str
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Way:
    """Another search that brings hits, and how many."""

    label: str
    total: int
    address: str


def chips(
    params: SearchParams, vocabulary: Vocabulary, agency_names: Mapping[str, str]
) -> tuple[Chip, ...]:
    """Every condition of a search beside its text."""
    return tuple(
        Chip(
            condition.label,
            _address(
                params.without(
                    condition.name, condition.value if condition.name in FACET_PARAMS else None
                )
            ),
        )
        for condition in one_by_one(params, vocabulary, agency_names)
    )


def one_by_one(
    params: SearchParams, vocabulary: Vocabulary, agency_names: Mapping[str, str]
) -> tuple[Condition, ...]:
    """Every condition of a search beside its text, each with one value."""
    found = [
        Condition(name, code, _label(name, code, vocabulary, agency_names))
        for name in TITLES
        for code in params.choices.get(name, ())
    ]
    if params.local_only and params.choices.get("region"):
        found.append(Condition("local_only", "1", "この地域限定"))
    if params.amount_min is not None:
        label = f"上限{yen(params.amount_min)}以上"
        found.append(Condition("amount_min", str(params.amount_min), label))
    if params.include_closed:
        found.append(Condition("include_closed", "1", "終了した支援も表示"))
    return tuple(found)


def in_words(
    params: SearchParams, vocabulary: Vocabulary, agency_names: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """Every kind of condition by its name, text first, with its values: 地域, 弘前市・八戸市."""
    found = [("ことば", params.q)] if params.q else []
    for name, title in TITLES.items():
        labels = [
            _label(name, code, vocabulary, agency_names) for code in params.choices.get(name, ())
        ]
        is_local = name == "region" and params.local_only
        if labels:
            found.append((title, "・".join(labels) + ("（この地域限定）" if is_local else "")))
    if params.amount_min is not None:
        found.append(("補助上限額", f"{yen(params.amount_min)}以上"))
    if params.include_closed:
        found.append(("終了した支援", "表示する"))
    return tuple(found)


def cleared(params: SearchParams) -> str:
    """The same text without any condition."""
    return _address(params.without_conditions())


def exactly(params: SearchParams) -> str:
    """The same search with each word taken literally."""
    words = [_quoted(word) for word in WORD.findall(params.q)]
    return _address(replace(params, q=" ".join(words), page=1))


def is_exact(params: SearchParams) -> bool:
    """Whether every word that has to be found is in quotes."""
    words = [word for word in WORD.findall(params.q) if word[0] not in MINUS]
    return all(word[0] in QUOTES for word in words) and any(word.strip(QUOTES) for word in words)


def loosely(params: SearchParams) -> str:
    """The same search with no word taken literally."""
    words = [word if word[0] in MINUS else word.strip(QUOTES) for word in WORD.findall(params.q)]
    return _address(replace(params, q=" ".join(" ".join(words).split()), page=1))


def loosened(found: Found) -> tuple[Way, ...]:
    """For a search without hits: what to take away, the most helpful first."""
    return tuple(
        Way(_way(found.params, item.name), item.total, _address(item.without))
        for item in found.loosenings
    )


def narrowed(found: Found, vocabulary: Vocabulary) -> tuple[Way, ...]:
    """For a text that names places: those as regions, beside what else it says."""
    return tuple(
        Way(_narrowed_to(item.regions, vocabulary), item.total, _address(item.params))
        for item in found.narrowings
    )


def _narrowed_to(codes: Sequence[str], vocabulary: Vocabulary) -> str:
    regions = "・".join(vocabulary.regions[code] for code in codes[:_REGIONS_NAMED])
    regions += "など" if len(codes) > _REGIONS_NAMED else ""
    return f"地域を{regions}で絞り込む"


def _way(params: SearchParams, name: str) -> str:
    if name in FACET_PARAMS:
        return f"「{TITLES[name]}」の条件を外す"
    return {
        "amount_min": "補助上限額の条件を外す",
        "local_only": "「この地域限定」をやめて、広い地域の支援も見る",
        "include_closed": "終了した支援も表示する",
        "q": f"ことば「{params.q}」を外す",
        "conditions": "条件をすべて外す",
    }[name]


def _label(name: str, code: str, vocabulary: Vocabulary, agency_names: Mapping[str, str]) -> str:
    if name == "agency":
        return agency_names.get(code, code)
    return vocabulary.search_values(name)[code]


def _quoted(word: str) -> str:
    return word if word[0] in MINUS + QUOTES else f'"{word}"'


def _address(params: SearchParams) -> str:
    return addresses.of_params(params)
