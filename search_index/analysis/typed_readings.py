"""What somebody types by ear, in kana or Latin letters, as readings that can be compared."""

from search_index.analysis.kana import is_kana, reading_key
from search_index.analysis.normalise import normalise_text
from search_index.analysis.romaji import read_unfinished_romaji


def typed_reading_keys(text: str) -> tuple[str, ...]:
    """The ``reading_key`` of each reading that a text may spell, its last syllable perhaps
    unfinished, the likeliest first; none if it is neither kana nor romaji."""
    normal = "".join(normalise_text(text).split())
    readings = (normal,) if is_kana(normal) else read_unfinished_romaji(normal)
    return tuple(dict.fromkeys(map(reading_key, readings)))
