"""The figures of a case as a Markdown table for people and as data for programs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cases import Case
from measure import Command, Run, Spread, ratios
from sizes import mebibytes

OURS = "ctl-merge"
HEADER = """\
| | wall s (min-max) | CPU s | peak MiB | x wall (min-max) | x CPU |
|---|---:|---:|---:|---:|---:|"""


def seconds(value: float) -> str:
    return f"{value:.2f}" if value >= 10 else f"{value:.3f}"


def row(name: str, runs: Sequence[Run], reference: Sequence[Run]) -> str:
    """A line of the table: medians, spreads, and ratios against the reference."""
    wall = Spread.of([run.wall for run in runs])
    cpu = Spread.of([run.cpu for run in runs])
    peak = max(run.peak for run in runs)
    x_wall = ratios(runs, reference, lambda run: run.wall)
    x_cpu = ratios(runs, reference, lambda run: run.cpu)
    return (
        f"| {name} | {seconds(wall.median)} ({seconds(wall.least)}-{seconds(wall.greatest)})"
        f" | {seconds(cpu.median)} | {mebibytes(peak)}"
        f" | {x_wall.median:.2f} ({x_wall.least:.2f}-{x_wall.greatest:.2f}) | {x_cpu.median:.2f} |"
    )


def table(title: str, case: Case, runs: dict[str, list[Run]]) -> str:
    """The case as a section of Markdown."""
    reference = runs[reference_name(case, runs)]
    rows = [row(name, peer_runs, reference) for name, peer_runs in runs.items()]
    note = f"x: against {reference_name(case, runs)}, median of the rounds' ratios."
    return "\n".join([f"### {title}", "", HEADER, *rows, "", note, *ours(runs), ""])


def ours(runs: dict[str, list[Run]]) -> list[str]:
    """What people ask first: our time against each peer's, paired round by round."""
    if OURS not in runs:
        return []
    against = [
        f"{ratios(runs[OURS], theirs, lambda run: run.wall).median:.2f} x {name}"
        for name, theirs in runs.items()
        if name != OURS
    ]
    return [f"Wall of {OURS}: {', '.join(against)}."] if against else []


def reference_name(case: Case, runs: dict[str, list[Run]]) -> str:
    """The case's reference, or the first peer when --only left the reference out."""
    return case.reference if case.reference in runs else next(iter(runs))


def data(
    title: str, case: Case, inputs: list[Path], commands: list[Command], runs: dict[str, list[Run]]
) -> dict[str, Any]:
    """The case as values to be written as JSON; each run is kept."""
    reference = reference_name(case, runs)
    return {
        "name": case.name,
        "title": title,
        "input_bytes": [path.stat().st_size for path in inputs],
        "reference": reference,
        "peers": [
            {
                "name": command.name,
                "arguments": command.arguments,
                "wall_seconds": Spread.of([r.wall for r in runs[command.name]])._asdict(),
                "cpu_seconds": Spread.of([r.cpu for r in runs[command.name]])._asdict(),
                "peak_bytes": max(r.peak for r in runs[command.name]),
                "wall_ratio": ratios(
                    runs[command.name], runs[reference], lambda r: r.wall)._asdict(),
                "cpu_ratio": ratios(runs[command.name], runs[reference], lambda r: r.cpu)._asdict(),
                "runs": [r._asdict() for r in runs[command.name]],
            }
            for command in commands
        ],
    }
