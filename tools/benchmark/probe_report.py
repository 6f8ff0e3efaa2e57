"""The figures of the probe as a page of Markdown."""

from typing import Any

import machine
from measure import Spread
from probe_cases import MEMORY_GOAL, METRICS_GOAL
from report import times, with_spread
from sizes import mebibytes

INTRODUCTION = """\
# Performance of ctl-probe

How long computing networks takes against PyTorch, what comparing their features costs, and how long
the program runs on the samples. This page is written by `tools/bench --probe`; don't edit it.

{date}. {machine}. {threads} threads, {rounds} counted rounds, {minutes:.0f} min.

PyTorch computes in eager mode under `inference_mode`, with hooks on every leaf module that keep its
output. Both programs live through all rounds and do a pass in turn, so that a change of the
machine's load touches both; a ratio is the median of the ratios of neighbouring passes, in brackets
the least and the greatest. *Kept* holds every layer's output, and the values before each
activation, to the end of the pass, as the hooks do; *dropped* drops them behind their last use, as
the probe does. *Comparisons* is the time that comparing the features of three networks takes at
every layer, by the time of their three forwards. *x*: against PyTorch.
"""

FORWARD_HEADER = """\
## Forward with all features

| network | batch | PyTorch ms | kept ms | dropped ms | kept x | CPU x | dropped x | comparisons |
|---|---:|---:|---:|---:|---:|---:|---:|---:|"""


def quotients(figures: dict[str, Any], mine: str, theirs: str, part: int = 0) -> Spread:
    """One pass's time by another's, round by round; `part` is 1 for the processor's time."""
    passes = figures["passes"]
    return Spread.of([a[part] / b[part] for a, b in zip(passes[mine], passes[theirs])])


def share(figures: dict[str, Any]) -> Spread:
    """What comparisons take of the forwards."""
    return Spread.of([compared / forwards for forwards, _, compared, _ in
                      figures["passes"]["linearity"]])


def percent(value: float) -> str:
    return f"{value:.1%}"


def forward_row(figures: dict[str, Any]) -> str:
    """A line of the table of forwards."""
    def median(name: str) -> str:
        return f"{Spread.of([one[0] for one in figures['passes'][name]]).median:.1f}"

    cells = [figures["title"], str(figures["batch"]), *map(median, ("torch", "kept", "dropped")),
             with_spread(quotients(figures, "kept", "torch"), times),
             times(quotients(figures, "kept", "torch", 1).median),
             with_spread(quotients(figures, "dropped", "torch"), times),
             with_spread(share(figures), percent)]
    return f"| {' | '.join(cells)} |"


def goal(task: str, limit: str, found: str, reached: bool) -> str:
    return f"| {task} | {limit} | {found} | {'reached' if reached else '**not reached**'} |"


def goals(result: dict[str, Any]) -> list[str]:
    """The promises with what was measured."""
    lines = []
    for figures in result["forwards"]:
        title = f"{figures['title']}, batch {figures['batch']}"
        ratio, cost = quotients(figures, "kept", "torch"), share(figures)
        if figures["goal"]:
            lines.append(goal(f"forward, {title}", f"<= {figures['goal']} x PyTorch",
                              with_spread(ratio, times), ratio.median <= figures["goal"]))
        lines.append(goal(f"comparisons, {title}", f"<= {METRICS_GOAL:.0%} of three forwards",
                          with_spread(cost, percent), cost.median <= METRICS_GOAL))
    for figures in result["programs"]:
        wall = Spread.of(figures["wall"])
        lines.append(goal(f"`ctl-probe` on samples/{figures['sample']}",
                          f"<= {figures['goal']:g} s", with_spread(wall, lambda s: f"{s:.3f}")
                          + f" s; {mebibytes(figures['peak'])} MiB",
                          wall.median <= figures["goal"]))
    if result["memory"]:
        few, *more = result["memory"]
        text = ", ".join(f"{mebibytes(one['peak'])} MiB for {one['samples']:,}"
                         for one in (few, *more))
        lines.append(goal("peak memory, ResNet-20, many samples against few",
                          f"<= {MEMORY_GOAL} x", text,
                          max(one["peak"] for one in more) <= MEMORY_GOAL * few["peak"]))
    return lines


def page(result: dict[str, Any]) -> str:
    """The page from the figures as they are in the JSON file."""
    lines = [INTRODUCTION.format(
        date=result["date"][:10], machine=machine.sentence(result["machine"]),
        threads=result["threads"], rounds=result["rounds"], minutes=result["seconds"] / 60)]
    lines += ["## Goals", "", "| task | goal | measured | |", "|---|---|---|---|", *goals(result)]
    if result["forwards"]:
        lines += ["", FORWARD_HEADER, *map(forward_row, result["forwards"])]
    return "\n".join(lines) + "\n"
