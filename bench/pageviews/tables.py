"""What was found, as tables for people."""

from collections.abc import Mapping, Sequence

from bench.pageviews.cost import CONNECTIONS, GOAL, LISTINGS, WORKERS, Cost, Worst
from bench.pageviews.full_disk import FullDisk
from bench.pageviews.kill_runs import KillRun
from bench.pageviews.points import Killed, by_call
from bench.pageviews.year import Year
from bench.report import beside, milliseconds, table


def of_kills(played: Mapping[str, Sequence[KillRun]], views: int) -> str:
    """A row for each database."""
    head = [
        *("database", "runs", "killed workers", "killed roll-ups", "of these at work"),
        *("requests", "read to the end", "other answers"),
        *("counted", "over", "bound", "lost", "recounted alike"),
    ]
    rows = [
        [
            *(kind, str(len(runs))),
            f"{sum(run.worker_kills for run in runs):,}",
            f"{sum(run.rollup_kills for run in runs):,}",
            f"{sum(run.rollups_cut for run in runs):,}",
            f"{sum(run.asked.started for run in runs):,}",
            f"{sum(run.asked.answered for run in runs):,}",
            f"{sum(run.asked.refused for run in runs):,}",
            f"{sum(run.counted for run in runs):,}",
            f"{sum(run.over for run in runs):,}",
            f"{sum(run.bound for run in runs):,}",
            f"**{sum(run.lost for run in runs):,}**",
            f"{sum(run.is_recounted_alike for run in runs)} of {len(runs)}",
        ]
        for kind, runs in played.items()
    ]
    runs = [run for each in played.values() for run in each]
    seconds = sum(run.seconds for run in runs) / len(runs)
    return "\n".join(
        [
            f"Killed at random: {len(runs)} runs of {views:,} pages and more, {WORKERS} workers,"
            f" {runs[0].readers} readers at once, {seconds:.0f} s each. "
            f"**{sum(run.is_exact for run in runs)} of {len(runs)}** are exact: what was read to"
            " the end ≤ what is counted ≤ what was asked for, over ≤ kills × readers, and a"
            " recount from the archive comes to the same, byte for byte.",
            "",
            *table(head, rows),
        ]
    )


def of_points(played: Mapping[str, Sequence[Killed]], step: int) -> str:
    """A row for each database and call."""
    rows = [
        [kind, f"`{call}`", str(times), str(wrong)]
        for kind, killed in played.items()
        for call, (times, wrong) in by_call(killed).items()
    ]
    each = "each" if step == 1 else f"each (of those that are frequent, every {step}th)"
    return "\n".join(
        [
            f"Killed at {each} of the system calls by which a roll-up changes something, and rolled"
            " up again: how often the sums then were not those of the lines.",
            "",
            *table(["database", "killed when it began to", "times", "wrong"], rows),
        ]
    )


def of_disks(played: Mapping[str, FullDisk]) -> str:
    """A row for each database."""
    head = ["database", "requests", "answered", "counted", "of these by the database", "exact"]
    rows = [
        [
            *(kind, f"{found.asked.started:,}", f"{found.asked.answered:,}"),
            *(
                f"{found.counted:,}",
                f"{found.in_database:,}",
                "yes" if found.is_exact else "**no**",
            ),
        ]
        for kind, found in played.items()
    ]
    return "\n".join(["The disk of the spool is full after a while:", "", *table(head, rows)])


def of_cost(found: Cost, worst: Sequence[Worst]) -> str:
    """The rounds, the ratios of their pairs, and pages beside a long transaction."""
    rows = [
        [
            *(name, f"{_middle([each.requests_per_second for each in rounds]):,.0f}"),
            milliseconds(_middle([each.p50_ms for each in rounds])),
            milliseconds(_middle([each.p95_ms for each in rounds])),
            str(sum(each.failed for each in rounds)),
        ]
        for name, rounds in (("with counting", found.counted), ("without", found.uncounted))
    ]
    quiet = {each.name: each for each in worst if each.beside == worst[0].beside}
    beside_rows = [
        [
            *(each.name, each.beside, f"{each.pages:,}", str(each.failed)),
            beside(each.p95_ms, quiet[each.name].p95_ms),
            beside(each.worst_ms, quiet[each.name].worst_ms),
        ]
        for each in worst
    ]
    return "\n".join(
        [
            f"`/listings/<id>` of {LISTINGS} listings, SQLite, {CONNECTIONS} connections,"
            f" {len(found.counted)} pairs of rounds in changing order: p95 with counting is"
            f" **× {found.p95_ratio:.2f}** of that without (median of the pairs; goal ≤ {GOAL}),"
            f" throughput {found.throughput:.0%}.",
            "",
            *table(["", "pages/s", "p50 ms", "p95 ms", "failed"], rows),
            "For one owner who asks steadily, beside a transaction that holds the lock of SQLite:",
            "",
            *table(["", "beside", "pages", "failed", "p95 ms", "slowest ms"], beside_rows),
        ]
    )


def of_years(played: Mapping[str, Year]) -> str:
    """What was compared, and what each step took."""
    rows = [
        [kind, step.name, f"{step.seconds:.1f}", f"{step.memory_mb:.0f}"]
        for kind, found in played.items()
        for step in found.steps
    ]
    lines = [
        f"{kind}: {found.requests:,} requests of a year, of which {found.page_views:,} are page"
        f" views; {found.compared:,} sums, **{len(found.differences)} differ**"
        + "".join(f"; {difference}" for difference in found.differences[:5])
        + "."
        for kind, found in played.items()
    ]
    return "\n".join([*lines, "", *table(["database", "step", "s", "MB at most"], rows)])


def _middle(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]
