"""What a text that is being typed may become: keywords, names and titles that begin like it."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from search_index.analysis.kana import to_hiragana
from search_index.analysis.normalise import normalise_text
from search_index.analysis.romaji import read_unfinished_romaji
from search_index.completion_terms import (
    COMPLETIONS,
    KEY_CHARACTERS,
    surface_key,
    title_prefix,
    whole_keys,
)
from search_index.snapshot import Snapshot
from search_index.types import Completion, CompletionKind
from search_index.written_forms import document_frequency

MAX_CHARACTERS = 64
"""Nobody waits for the completion of a longer text."""

# Bounds to the time of a short beginning, which very many texts share.
_MAX_SCANNED = 30
_MAX_COUNTED = 12

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
    texts = _matching(dict.fromkeys(_behind(snapshot, kind, keys)), keys)
    counted = {
        text: document_frequency(snapshot, text)
        for text in islice(sorted(texts, key=len), _MAX_COUNTED)
    }
    current = [text for text, count in counted.items() if count]
    current.sort(key=lambda text: (not texts[text], -counted[text], len(text), text))
    return [Completion(text, kind) for text in current]


def _titles(snapshot: Snapshot, keys: list[str]) -> list[Completion]:
    """Titles, those that begin with the text itself first, then the shortest."""
    ids: dict[str, str] = {}
    for address in dict.fromkeys(_behind(snapshot, CompletionKind.TITLE, keys)):
        id_ = address.partition("\t")[0]
        for term in snapshot.lexicon(COMPLETIONS, title_prefix(address), limit=1):
            ids.setdefault(term.removeprefix(title_prefix(address)), id_)
    titles = _matching(ids, keys)
    ordered = sorted(titles, key=lambda title: (not titles[title], len(title), title))
    return [Completion(title, CompletionKind.TITLE, ids[title]) for title in ordered]


def _behind(snapshot: Snapshot, kind: CompletionKind, keys: Sequence[str]) -> Iterator[str]:
    """What stands behind the keys of one kind that begin with one of those given."""
    for key in keys:
        prefix = f"{kind}\t{key[:KEY_CHARACTERS]}"
        for term in snapshot.lexicon(COMPLETIONS, prefix, limit=_MAX_SCANNED // len(keys)):
            yield term.split("\t", 2)[2]


def _matching(texts: Iterable[str], keys: list[str]) -> dict[str, bool]:
    """Those texts that hold one of ``keys`` in full length, and whether they begin with it."""
    matching: dict[str, bool] = {}
    for text in texts:
        wholes = whole_keys(text)
        if any(key in whole for whole in wholes for key in keys):
            matching[text] = any(whole.startswith(tuple(keys)) for whole in wholes)
    return matching
