"""One test of many small cases. Where there are thousands, to set each up as a test of its own
takes several times as long as to look at it."""

import functools
import inspect
from collections.abc import Callable, Collection
from typing import Any, TypeVar

Case = TypeVar("Case")
Test = Callable[..., None]


def each(
    name: str, cases: Collection[Case], *, called: Callable[[Case], str] = str
) -> Callable[[Test], Test]:
    """Run a test once for each case, and tell of all that fail, each by what it is called.

    :param name: the argument that takes the case; all others are fixtures.
    """

    def of(test: Test) -> Test:
        @functools.wraps(test)
        def run(**fixtures: Any) -> None:
            assert cases
            failures = []
            for case in cases:
                try:
                    test(**fixtures, **{name: case})
                except Exception as error:
                    error.add_note(f"{name}: {called(case)}")
                    failures.append(error)
            if failures:
                raise ExceptionGroup(f"{len(failures)} of {len(cases)} fail", failures)

        signature = inspect.signature(test)
        fixtures = [own for own in signature.parameters.values() if own.name != name]
        run.__signature__ = signature.replace(parameters=fixtures)  # type: ignore[attr-defined]
        return run

    return of
