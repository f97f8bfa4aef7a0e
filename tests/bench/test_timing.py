from collections.abc import Sequence

from bench.peers.peer import PeerAnswer, PeerQuery
from bench.timing import Times, quantile, time_cold, time_warm


class Recorder:
    """An engine that answers nothing and notes what it was asked."""

    version = "1"

    def __init__(self, name: str, log: list[str]) -> None:
        self.name = name
        self._log = log

    def open(self) -> None:
        self._log.append(f"open {self.name}")

    def close(self) -> None:
        self._log.append(f"close {self.name}")

    def search(self, query: PeerQuery) -> PeerAnswer:
        self._log.append(f"{self.name} {query.text}")
        return PeerAnswer(0, ())


def questions(count: int) -> Sequence[PeerQuery]:
    return [PeerQuery(text=str(number)) for number in range(count)]


def test_engines_take_turns_in_every_round() -> None:
    log: list[str] = []
    engines = {name: Recorder(name, log) for name in "AB"}
    times = time_warm(engines, questions(2), rounds=3, seconds=60)
    assert log[-12:] == ["A 0", "A 1", "B 0", "B 1"] * 3
    assert [len(each.rounds) for each in times.values()] == [3, 3]


def test_every_question_is_asked_once_before_it_is_timed() -> None:
    log: list[str] = []
    time_warm({"A": Recorder("A", log)}, questions(9), rounds=1, seconds=60)
    assert log == [f"A {number}" for number in range(9)] * 2


def test_an_engine_out_of_time_is_asked_six_questions() -> None:
    log: list[str] = []
    times = time_warm({"A": Recorder("A", log)}, questions(30), rounds=2, seconds=0)
    assert times["A"].queries == 6


def test_cold_rounds_begin_with_an_engine_just_opened() -> None:
    log: list[str] = []
    time_cold({"A": Recorder("A", log)}, questions(1), rounds=2, seconds=60)
    assert log[-8:] == ["close A", "open A", "A ", "A 0"] * 2


def test_quantile_is_a_value_that_was_measured() -> None:
    assert quantile([5, 1, 2, 4, 3], 0.5) == 3
    assert quantile([1, 2], 0.95) == 2
    assert quantile(range(100), 0.95) == 95


def test_times_are_the_median_of_their_rounds() -> None:
    times = Times(((1, 2, 3), (10, 20, 30), (4, 5, 6)))
    assert times.quantile(0.5) == 5
    assert times.quantile(0.5, queries=1) == 4
    assert times.per_second == 1000 * 3 / 15
