"""Beginning a listing from what was searched for in vain: the conditions of the search are already
chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from portal.listings.vocabulary import Vocabulary

KEPT_INSTEAD = (
    "書きかけの入力が残っていたので、それを開きました。保存するか消してから、もう一度"
    "「この条件の支援を登録」を押すと、検索の条件が入った画面になります。"
)

_FIELDS = {
    "purpose": "purposes",
    "kind": "kind",
    "industry": "industries",
    "region": "regions",
}
"""Names of parameters of a search, and the fields of a listing that say the same."""


@dataclass(frozen=True, slots=True)
class Prefilled:
    """What is chosen before anybody types: ``pairs`` as an address has it."""

    pairs: tuple[tuple[str, str], ...] = ()

    @property
    def fields(self) -> Mapping[str, str | list[str]]:
        """Values by field. A listing has one kind: of several, none is chosen."""
        chosen: dict[str, list[str]] = {}
        for name, code in self.pairs:
            chosen.setdefault(_FIELDS[name], []).append(code)
        kinds: Sequence[str] = chosen.pop("kind", [])
        return chosen | ({"kind": kinds[0]} if len(kinds) == 1 else {})


def read(args: MultiDict[str, str], vocabulary: Vocabulary) -> Prefilled:
    """What an address gives; what the vocabulary does not have is passed over."""
    return Prefilled(
        tuple(
            (name, code)
            for name in _FIELDS
            for code in vocabulary.search_values(name)
            if code in args.getlist(name)
        )
    )
