"""Every way to change something over the web, done once, with the events it has to leave."""

from collections.abc import Callable

from flask import Flask
from werkzeug.test import TestResponse

Act = Callable[[], TestResponse]
Stage = Callable[[Flask], Act]
"""Makes what an act needs, and returns the act."""

ACTS: dict[str, tuple[str, tuple[str, ...], Stage]] = {}
"""Endpoint, actions of the events, and the stage, by name."""


def act(endpoint: str, *expected: str) -> Callable[[Stage], Stage]:
    """What posting to an endpoint leaves."""

    def add(stage: Stage) -> Stage:
        ACTS[stage.__name__] = (endpoint, expected, stage)
        return stage

    return add
