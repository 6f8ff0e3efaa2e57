"""The figures of a measurement as data, and as a Markdown table."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from measure import Command, Run, Spread, ratios
from sizes import mebibytes
from workspace import Measurement

OURS = "ctl-merge"
HEADER = """\
| | wall s (min-max) | CPU s | peak MiB | x wall (min-max) | x CPU |
|---|---:|---:|---:|---:|---:|"""

Figures = dict[str, Any]
"""A measurement as it is written to JSON; each run is kept, so that all else follows from it."""


def data(
    measurement: Measurement, sources: list[Path], commands: list[Command],
    runs: dict[str, list[Run]], notes: list[str],
) -> Figures:
    """The measurement as values to be written as JSON."""
    case = measurement.case
    size = sources[0].stat().st_size if sources else 0
    title = case.title.format(sources=len(sources), size=mebibytes(size), threads=case.threads,
                              tensors=f"{case.model.tensors or 0:,}")
    points = {"size": f"{measurement.size >> 20:,} MiB",
              "size of TIES": f"{measurement.size >> 20:,} MiB", "sources": str(len(sources)),
              "tensors": f"{case.model.tensors or 0:,}", "threads": str(case.threads)}
    return {
        "name": case.name,
        "title": title,
        "place": measurement.place.name,
        "size": measurement.size,
        "input_bytes": [path.stat().st_size for path in sources],
        "value_bytes": measurement.file_size,
        "many_tensors": case.model.tensors,
        "reference": case.reference if case.reference in runs else next(iter(runs)),
        "growth": {"axis": case.growth, "point": points[case.growth]} if case.growth else None,
        "notes": notes,
        "peers": [summary(command, runs) for command in commands],
    }


def summary(command: Command, runs: dict[str, list[Run]]) -> Figures:
    """One peer's figures."""
    mine = runs[command.name]
    return {
        "name": command.name,
        "arguments": command.arguments,
        "wall_seconds": Spread.of([run.wall for run in mine])._asdict(),
        "cpu_seconds": Spread.of([run.cpu for run in mine])._asdict(),
        "peak_bytes": max(run.peak for run in mine),
        "runs": [run._asdict() for run in mine],
    }


def runs_of(figures: Figures, peer: str) -> list[Run] | None:
    """The runs of a peer, if it took part."""
    found = [entry["runs"] for entry in figures["peers"] if entry["name"] == peer]
    return [Run(**run) for run in found[0]] if found else None


def wall_ratio(figures: Figures, mine: str, theirs: str) -> Spread | None:
    """One peer's time by another's, paired round by round, if both took part."""
    first, second = runs_of(figures, mine), runs_of(figures, theirs)
    return ratios(first, second, lambda run: run.wall) if first and second else None


def seconds(value: float) -> str:
    return f"{value:.2f}" if value >= 10 else f"{value:.3f}"


def with_spread(spread: Spread, text: Callable[[float], str]) -> str:
    """A median with its least and greatest value."""
    return f"{text(spread.median)} ({text(spread.least)}-{text(spread.greatest)})"


def times(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def row(name: str, runs: list[Run], reference: list[Run]) -> str:
    """A line of the table: medians, spreads, and ratios against the reference."""
    wall = Spread.of([run.wall for run in runs])
    cpu = Spread.of([run.cpu for run in runs])
    return " | ".join([
        f"| {name}", with_spread(wall, seconds), seconds(cpu.median),
        mebibytes(max(run.peak for run in runs)),
        with_spread(ratios(runs, reference, lambda run: run.wall), times),
        times(ratios(runs, reference, lambda run: run.cpu).median) + " |",
    ])


def table(figures: Figures) -> str:
    """The measurement as a section of Markdown."""
    reference = runs_of(figures, figures["reference"]) or []
    rows = [row(entry["name"], runs_of(figures, entry["name"]) or [], reference)
            for entry in figures["peers"]]
    place = f" ({figures['place']})" if figures["input_bytes"] else ""
    notes = [f"x: against {figures['reference']}, round by round.", *ours(figures)]
    notes += figures["notes"]
    return "\n".join([f"### {figures['title']}{place}", "", HEADER, *rows, "", *notes, ""])


def ours(figures: Figures) -> list[str]:
    """What people ask first: how many times as long each peer takes as we do."""
    against = [
        f"{entry['name']} {times(ratio.median)}"
        for entry in figures["peers"]
        if entry["name"] != OURS and (ratio := wall_ratio(figures, entry["name"], OURS))
    ]
    return [f"Times ctl-merge's wall: {', '.join(against)}."] if against else []
