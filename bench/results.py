"""What a run measured, kept as JSON so that sizes can be measured one at a time."""

import json
import os
import platform
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from bench.memory import WorkerMemory
from bench.publishing import Phase, Publishing

WARM = "warm"
COLD = "cold"


@dataclass(frozen=True, slots=True)
class Timing:
    """One engine in one mode. ``ours_p50_ms`` is of the questions that this engine was asked, None
    if ours was not."""

    mode: str
    cache: str
    engine: str
    p50_ms: float
    p95_ms: float
    queries: int
    ours_p50_ms: float | None

    @property
    def ratio(self) -> float | None:
        """How many times as long as ours."""
        return self.p50_ms / self.ours_p50_ms if self.ours_p50_ms else None


@dataclass(frozen=True, slots=True)
class EngineResult:
    """One engine over one corpus, apart from single questions.

    ``same_totals`` is the share of questions with as many hits as most peers count.
    """

    name: str
    label: str
    version: str
    build_seconds: float | None
    """None if it was stopped and went on."""
    index_mb: float
    open_seconds: float
    queries_per_second: float
    same_totals: float
    same_facets: float


@dataclass(frozen=True, slots=True)
class SizeResult:
    """One run over a corpus. ``highlights_ms`` are p50 and p95 of a page with highlights."""

    size: int
    measured_on: str
    machine: str
    rounds: int
    engines: list[EngineResult] = field(default_factory=list)
    timings: list[Timing] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    highlights_ms: tuple[float, float] | None = None
    memory: WorkerMemory | None = None
    one_core_build_seconds: float | None = None
    words_seconds: float | None = None
    """To cut a thousand listings into words, on one core; peers are spared it."""
    publishing: Publishing | None = None

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> "SizeResult":
        """The inverse of ``dataclasses.asdict``."""
        memory, publishing = fields["memory"], fields["publishing"]
        highlights = fields["highlights_ms"]
        if publishing:
            publishing["phases"] = tuple(Phase(**phase) for phase in publishing["phases"])
        return cls(
            **{
                **fields,
                "engines": [EngineResult(**each) for each in fields["engines"]],
                "timings": [Timing(**each) for each in fields["timings"]],
                "highlights_ms": tuple(highlights) if highlights else None,
                "memory": WorkerMemory(**memory) if memory else None,
                "publishing": Publishing(**publishing) if publishing else None,
            }
        )


def save(result: SizeResult, folder: Path) -> None:
    """Keep a result in the place of an earlier one of the same size."""
    path = _path(folder, result.size)
    path.write_text(json.dumps(asdict(result), ensure_ascii=False, indent=1), encoding="utf-8")


def load_all(folder: Path) -> list[SizeResult]:
    """All that were kept, the smallest corpus first."""
    results = [
        SizeResult.from_json(json.loads(path.read_text("utf-8")))
        for path in folder.glob("search-*.json")
    ]
    return sorted(results, key=lambda result: result.size)


def today() -> str:
    """The day of a run."""
    return date.today().isoformat()  # noqa: DTZ011  (the machine's own day will do)


def machine() -> str:
    """Processor, cores, memory and Python, in a line."""
    info = Path("/proc/cpuinfo").read_text("utf-8")
    models = [line.split(":")[1].strip() for line in info.splitlines() if "model name" in line]
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{models[0] if models else platform.machine()}, {os.cpu_count()} cores,"
        f" {gigabytes:.0f} GB, Linux, Python {platform.python_version()}"
    )


def _path(folder: Path, size: int) -> Path:
    return folder / f"search-{size}.json"
