"""Groonga with its own bigrams and normaliser, asked through its command line."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from bench.quality.rankers.ranking import (
    FIELD_WEIGHTS,
    FieldText,
    Match,
    RankerMissingError,
)
from bench.quality.rankers.words import normalise, words

_NORMALIZER = (
    "NormalizerNFKC150("
    '"unify_kana_case", true, "unify_hyphen_and_prolonged_sound_mark", true,'
    ' "unify_middle_dot", true)'
)

# Groonga has no BM25. Counting a word once per field is as good as its tf-idf and plain counts on
# the judged queries and far better on the public ones. Its weights are whole numbers.
_SCORE = "||".join(
    f"scorer_tf_at_most({name}, 1)*{int(2 * weight)}" for name, weight in FIELD_WEIGHTS.items()
)

_SYNTAX = re.compile(r'([ "()\\+\-<>~*:])')


@contextmanager
def open_groonga(documents: Sequence[FieldText]) -> Iterator[Match]:
    """A database in a temporary folder, ranked by the weights of the fields that hold each word.

    A text without spaces is one term, found in a row. When that finds nothing, its words are
    looked for, as somebody who cuts sentences beforehand would.
    """
    program = shutil.which("groonga")
    if program is None:
        raise RankerMissingError("groonga: apt-get install groonga-bin")
    with TemporaryDirectory(prefix="bench-groonga-") as folder:
        command = [program, "-n", str(Path(folder) / "db")]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:  # noqa: S603
            if process.stdin is None or process.stdout is None:
                raise RuntimeError("a process was started without its pipes")
            client = _Client(process.stdin, process.stdout)
            client.fill(documents)
            yield client.match
            process.stdin.close()


class _Client:
    """Commands in, one line of JSON out for each."""

    def __init__(self, commands: IO[str], answers: IO[str]) -> None:
        self._commands = commands
        self._answers = answers
        self._size = 0

    def fill(self, documents: Sequence[FieldText]) -> None:
        """Create the tables and load the documents."""
        self._run("table_create Listings TABLE_HASH_KEY ShortText")
        self._run(
            "table_create Terms TABLE_PAT_KEY ShortText --default_tokenizer TokenBigram"
            f" --normalizer '{_NORMALIZER}'"
        )
        for name in FIELD_WEIGHTS:
            self._run(f"column_create Listings {name} COLUMN_SCALAR Text")
            self._run(
                f"column_create Terms listings_{name} COLUMN_INDEX|WITH_POSITION Listings {name}"
            )
        rows = [{"_key": document.id, **document.fields} for document in documents]
        self._run(f"load --table Listings\n{json.dumps(rows)}")
        self._size = len(documents)

    def match(self, text: str, needs_all: bool) -> list[str]:
        """See ``Match``."""
        terms = normalise(text).split() if needs_all else words(text)
        escaped = [_SYNTAX.sub(r"\\\1", term) for term in dict.fromkeys(terms)]
        if not escaped:
            return []
        query = json.dumps((" " if needs_all else " OR ").join(escaped), ensure_ascii=False)
        answer = self._run(
            f"select Listings --match_columns '{_SCORE}' --query {query}"
            f" --output_columns _key --sort_keys -_score,_key --limit {self._size}"
        )
        return [row[0] for row in answer[0][2:]]

    def _run(self, command: str) -> list[list[list[str]]]:
        self._commands.write(command + "\n")
        self._commands.flush()
        header, *body = json.loads(self._answers.readline())
        if header[0] != 0:
            raise RuntimeError(f"Groonga refused {command[:80]!r}: {header[3]}")
        answer: list[list[list[str]]] = body[0]
        return answer
