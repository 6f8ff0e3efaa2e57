"""The dated page of all figures, docs/performance.md."""

from typing import Any

import machine
from goals import GOALS, judge
from report import OURS, Figures, runs_of, seconds, table, times, wall_ratio, with_spread
from measure import Spread
from sizes import mebibytes

AXES = {"size": "size of a source", "sources": "sources", "tensors": "tensors in a source",
        "threads": "threads", "size of TIES": "size of a source of TIES"}
BOUNDS = ["io-limit", "safetensors-numpy"]

INTRODUCTION = """\
# Performance

How long merging takes, against a copy of the file, against the input and output alone, and against
other ways of merging. This page is written by a script; don't edit it.

{date}. {machine}.

```
{command}
```

Whole processes, run in turn; counted rounds: {rounds}, for slow peers {slow_rounds}, after a
warm-up; the inputs in the page cache unless the title says otherwise. A time is the median; a ratio
is the median of the ratios of runs in the same round; in brackets the least and the greatest. Peak
memory is that of the largest process; below {floor} MiB it can't be told apart. Every merger's
output is checked against its sources before its time counts. All of it took {minutes:.0f} min.

A virtual machine gives free memory back to its host, and a page costs up to ten times as much to get
again as to copy. Each run has its memory fetched just before; what the host takes back all the same
makes a greatest value, and sometimes a median, of any program many times the least.
"""

PEERS = """\
## Who is compared

| | does |
|---|---|
| ctl-merge | merges, with `--no-sync`: no peer waits for the disk |
| ctl-merge-durable | merges as it does by default, until the output is on the disk |
| io-limit | reads the inputs, adds, writes, on all cores; no format: what the machine allows |
| io-limit-durable | the same until the output is on the disk |
| cp | copies one input |
| cat-and-cp | reads all inputs, copies one |
| h5py-stream | merges with h5py and NumPy, one tensor at a time |
| h5py-load-all | the same with all models loaded first |
| safetensors-numpy | merges `.safetensors` copies of the inputs with NumPy |
| safetensors-torch | the same with PyTorch |
| mergekit-linear, mergekit-slerp, mergekit-ties | mergekit on the same copies; some seconds are its start |
"""


def row_of_growth(figures: Figures, bounds: list[str]) -> str:
    """A point on an axis: what ctl-merge takes, and what bounds it."""
    runs = runs_of(figures, OURS) or []
    wall = Spread.of([run.wall for run in runs])
    against = [wall_ratio(figures, OURS, bound) for bound in bounds]
    cells = [with_spread(wall, seconds), seconds(Spread.of([run.cpu for run in runs]).median),
             mebibytes(max(run.peak for run in runs)), mebibytes(sum(figures["input_bytes"]))]
    cells += [with_spread(ratio, times) if ratio else "" for ratio in against]
    return f"| {figures['growth']['point']} | {' | '.join(cells)} |"


def growth(axis: str, cases: list[Figures]) -> list[str]:
    """How the cost of a merge grows along an axis, in each place."""
    lines: list[str] = []
    for place in dict.fromkeys(figures["place"] for figures in cases):
        points = sorted((figures for figures in cases
                         if figures["place"] == place and figures["growth"]
                         and figures["growth"]["axis"] == axis and runs_of(figures, OURS)),
                        key=lambda figures: number(figures["growth"]["point"]))
        bounds = [bound for bound in BOUNDS if all(runs_of(point, bound) for point in points)]
        if points:
            lines += [f"### By {AXES[axis]} ({place})", "",
                      f"| {AXES[axis]} | wall s (min-max) | CPU s | peak MiB | MiB read |"
                      f" {' | '.join(f'x {bound}' for bound in bounds)} |",
                      "|---:|---:|---:|---:|---:|" + "---:|" * len(bounds),
                      *[row_of_growth(point, bounds) for point in points], ""]
    return lines


def number(point: str) -> int:
    """The value of a point: "1,024 MiB" is 1024."""
    return int(point.split()[0].replace(",", ""))


def page(result: dict[str, Any]) -> str:
    """The page from the figures as they are in the JSON file."""
    cases: list[Figures] = result["cases"]
    lines = [INTRODUCTION.format(
        date=result["date"][:10], machine=machine.sentence(result["machine"]),
        command=" ".join(result["command"]), rounds=result["rounds"],
        slow_rounds=result["slow_rounds"], minutes=result["seconds"] / 60,
        floor=mebibytes(result["least_measurable_peak_bytes"]))]
    lines += ["## Goals", "", "| task | goal | measured | |", "|---|---|---|---|"]
    lines += [line for goal in GOALS for line in judge(goal, cases)]
    if result["left_out"]:
        lines += ["", *[f"Left out: {note}." for note in result["left_out"]]]
    lines += ["", PEERS, "## Growth", ""]
    lines += [line for axis in AXES for line in growth(axis, cases)]
    lines += ["## All figures", "", *map(table, cases)]
    return "\n".join(lines).rstrip() + "\n"
