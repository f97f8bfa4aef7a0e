"""What programs are told of parameters that cannot be used. Pages leave such ones out and say so;
a program would take what is left for what it asked."""

from collections.abc import Iterable

from portal.search.params import MAX_PAGE, ParamProblem, SearchParams


def of_params(params: SearchParams) -> list[dict[str, object]]:
    """The errors of a search, as problem documents name them; none if it can be answered."""
    errors = of_problems(params.problems)
    if params.is_past_limit:
        errors.append({"field": "page", "message": f"page は {MAX_PAGE} までです。"})
    return errors


def of_problems(problems: Iterable[ParamProblem]) -> list[dict[str, object]]:
    """Those of some problems that are errors."""
    return [
        {"field": problem.name, "message": problem.message, "value": problem.value}
        | ({"allowed": list(problem.allowed)} if problem.allowed else {})
        for problem in problems
        if problem.is_error
    ]
