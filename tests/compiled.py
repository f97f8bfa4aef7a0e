"""What libraries compile for one app or database of a test process, kept for all that follow.

Every test has an app and a database of its own. To compile the same templates, addresses and
statements for each would take longer than most tests do.
"""

from collections.abc import Callable
from typing import Any

from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Dialect, Engine
from werkzeug.routing import Rule


class CompiledTemplates(BytecodeCache):
    """Templates as code."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill in what is known; what was compiled from another text is ignored by the library."""
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._code[bucket.key] = bucket.bytecode_to_string()


class CompiledStatements:
    """Statements as SQL, by kind of database. The library keeps them by engine and by the dialect
    that knows what its server can do; databases of one server, or of one library, can do the same.
    """

    def __init__(self) -> None:
        self._dialects: dict[str, Dialect] = {}
        self._statements: dict[str, dict[Any, Any]] = {}

    def begin(self, engine: Engine) -> None:
        """Take an engine that has been connected as the one whose statements others use."""
        self._dialects[engine.dialect.name] = engine.dialect
        self._statements[engine.dialect.name] = {}
        self.share(engine)

    def share(self, engine: Engine) -> Engine:
        """Let an engine use the statements of the first of its kind; returns the engine."""
        name = engine.dialect.name
        if name in self._dialects:
            engine.dialect = self._dialects[name]
            engine.update_execution_options(compiled_cache=self._statements[name])
        return engine


def share_addresses() -> None:
    """From now on, compile what builds the addresses of a rule once for all maps: it follows from
    the rule alone."""
    builders: dict[Any, Callable[..., Any]] = {}
    compile_builder = Rule._compile_builder

    def compile_once(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:
        defaults = tuple(sorted((rule.defaults or {}).items()))
        key = rule.rule, tuple(rule._trace), defaults, append_unknown
        if key not in builders:
            builders[key] = compile_builder(rule, append_unknown)
        return builders[key]

    Rule._compile_builder = compile_once  # type: ignore[method-assign,assignment]


TEMPLATES = CompiledTemplates()
STATEMENTS = CompiledStatements()
