"""What a text that is being typed may become: keywords, names and titles that begin like it."""

from collections.abc import Sequence
from typing import NamedTuple

from search_index.analysis.kana import to_hiragana
from search_index.analysis.normalise import normalise_text
from search_index.analysis.romaji import read_unfinished_romaji
from search_index.snapshot import Snapshot
from search_index.terms.completion_terms import (
    COMPLETIONS,
    KEY_CHARACTERS,
    surface_key,
    title_prefix,
    whole_keys,
)
from search_index.types import Completion, CompletionKind

MAX_CHARACTERS = 64
"""Nobody waits for the completion of a longer text."""

# Bounds to the time of a short beginning, which very many texts share.
_MAX_SCANNED = 30

# How many of a list of ten may be of one kind before the others had their turn.
_SHARES = {CompletionKind.KEYWORD: 0.4, CompletionKind.NAME: 0.3, CompletionKind.TITLE: 1.0}


def complete(snapshot: Snapshot, text: str, limit: int) -> tuple[Completion, ...]:
    """Up to ``limit`` completions of a text, or else of its last word."""
    normal = normalise_text(text[:MAX_CHARACTERS]).strip()
    found = _complete(snapshot, normal, limit)
    begun, _, last = normal.rpartition(" ")
    if found or not begun:
        return found
    words = (each for each in _complete(snapshot, last, limit) if each.id is None)
    return tuple(Completion(f"{begun} {word.text}", CompletionKind.KEYWORD) for word in words)


def _complete(snapshot: Snapshot, normal: str, limit: int) -> tuple[Completion, ...]:
    typed = surface_key(normal)
    if not typed:
        return ()
    found = _begun(snapshot, list(dict.fromkeys((typed, to_hiragana(typed)))), limit)
    # Latin letters are only read as Japanese where they begin nothing as they are.
    return found or _begun(snapshot, list(read_unfinished_romaji(normal)), limit)


def _begun(snapshot: Snapshot, keys: list[str], limit: int) -> tuple[Completion, ...]:
    """A choice of what begins with one of ``keys``."""
    found = {
        CompletionKind.KEYWORD: _words(snapshot, CompletionKind.KEYWORD, keys),
        CompletionKind.NAME: _words(snapshot, CompletionKind.NAME, keys),
        CompletionKind.TITLE: _titles(snapshot, keys),
    }
    # A text that is offered as one kind is not offered as another.
    seen: set[str] = set()
    chosen: list[Completion] = []
    spare: list[Completion] = []
    for kind, completions in found.items():
        new = [each for each in completions if each.text not in seen]
        seen.update(each.text for each in new)
        share = max(1, round(_SHARES[kind] * limit))
        chosen += new[:share]
        spare += new[share:]
    return tuple((chosen[:limit] + spare)[:limit])


def _words(snapshot: Snapshot, kind: CompletionKind, keys: list[str]) -> list[Completion]:
    """Keywords or names, those that begin with the text itself first, then the commonest."""
    found = _behind(snapshot, kind, keys)
    texts = sorted(
        found, key=lambda text: (found[text].place, -found[text].holders, len(text), text)
    )
    return [Completion(text, kind) for text in texts if _holds(text, keys)]


def _titles(snapshot: Snapshot, keys: list[str]) -> list[Completion]:
    """Titles, those that begin with the text itself first, then the shortest."""
    found = _behind(snapshot, CompletionKind.TITLE, keys)
    titles: dict[str, tuple[str, str]] = {}
    for address, beginning in found.items():
        id_ = address.partition("\t")[0]
        for term in snapshot.lexicon(COMPLETIONS, title_prefix(address), limit=1):
            title = term.removeprefix(title_prefix(address))
            if _holds(title, keys):
                titles.setdefault(title, (beginning.place, id_))
    ordered = sorted(titles, key=lambda title: (titles[title][0], len(title), title))
    return [Completion(title, CompletionKind.TITLE, titles[title][1]) for title in ordered]


class _Beginning(NamedTuple):
    """How a text goes with the keys."""

    place: str
    holders: int
    """In how many documents it stands."""


def _behind(snapshot: Snapshot, kind: CompletionKind, keys: Sequence[str]) -> dict[str, _Beginning]:
    """What stands behind the keys of one kind that begin with one of those given."""
    found: dict[str, _Beginning] = {}
    for key in keys:
        prefix = f"{kind}\t{key[:KEY_CHARACTERS]}"
        limit = _MAX_SCANNED // len(keys)
        for term, count in snapshot.counted_lexicon(COMPLETIONS, prefix, limit=limit):
            _, _, place, text = term.split("\t", 3)
            known = found.get(text)
            if known is None or place < known.place:
                found[text] = _Beginning(place, count)
    return found


def _holds(text: str, keys: list[str]) -> bool:
    """Whether a text holds one of ``keys`` in full length, of which terms hold the beginning."""
    if any(len(key) <= KEY_CHARACTERS for key in keys):
        return True
    return any(key in whole for whole in whole_keys(text) for key in keys)
