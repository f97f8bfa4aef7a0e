"""The recorded quality that a change must not fall below."""

import json
from pathlib import Path

from bench.quality.queries import EVIDENCE

TOLERANCE = 0.01
"""How far nDCG@10 may fall before it counts as a loss."""

_FILE = Path(__file__).resolve().with_name("baseline.json")


def read_baseline() -> float:
    """nDCG@10 of our engine on the reporting half, as last recorded."""
    value: float = json.loads(_FILE.read_text(encoding="utf-8"))["ndcg_at_10"]
    return value


def record_baseline(ndcg_at_10: float) -> None:
    """Write what our engine reaches now."""
    content = {"half": EVIDENCE, "ndcg_at_10": round(ndcg_at_10, 4)}
    _FILE.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
