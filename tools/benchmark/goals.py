"""The goals, each with its measured figure. A goal is one entry of `GOALS`."""

from collections.abc import Callable
from statistics import median
from typing import NamedTuple

from report import OURS, Figures, runs_of, times, wall_ratio, with_spread
from sizes import mebibytes

MIB = 1 << 20
MANY = 2_000
"""From so many tensors on, what memory holds is mostly the description of the tensors."""


class Found(NamedTuple):
    """A figure of one measurement: where it is of, what it is, whether it is good enough."""

    where: str
    text: str
    reached: bool


class Goal(NamedTuple):
    """A promise, and the function that finds the figure to judge it by in a measurement."""

    task: str
    limit: str
    find: Callable[[Figures], Found | None]


def where(figures: Figures) -> str:
    """The place and the size of the sources of a measurement."""
    total = mebibytes(sum(figures["input_bytes"]))
    return f"{figures['place']}, {total} MiB read"


def in_place(figures: Figures, place: str | None) -> bool:
    """Whether a measurement is of "tmpfs", "disk", or any place."""
    return place is None or place == ("tmpfs" if figures["place"] == "tmpfs" else "disk")


def at_most(task: str, case: str, peer: str, limit: float, place: str | None = None) -> Goal:
    """ctl-merge takes no more than so many times as long as the peer."""
    def find(figures: Figures) -> Found | None:
        ratio = wall_ratio(figures, OURS, peer)
        if figures["name"] != case or ratio is None or not in_place(figures, place):
            return None
        return Found(where(figures), with_spread(ratio, times), ratio.median <= limit)
    return Goal(task, f"<= {limit:g} x {peer}", find)


def faster(task: str, case: str, peer: str, limit: float, place: str | None = None) -> Goal:
    """The peer takes at least so many times as long as ctl-merge."""
    def find(figures: Figures) -> Found | None:
        ratio = wall_ratio(figures, peer, OURS)
        if figures["name"] != case or ratio is None or not in_place(figures, place):
            return None
        return Found(where(figures), with_spread(ratio, times), ratio.median >= limit)
    return Goal(task, f">= {limit:g} x faster than {peer}", find)


def less_cpu(task: str, case: str, peer: str, limit: float) -> Goal:
    """The peer takes at least so many times the processor's time of ctl-merge."""
    def find(figures: Figures) -> Found | None:
        ours, theirs = runs_of(figures, OURS), runs_of(figures, peer)
        if figures["name"] != case or not ours or not theirs:
            return None
        ratio = median(run.cpu for run in theirs) / median(run.cpu for run in ours)
        return Found(where(figures), times(ratio), ratio >= limit)
    return Goal(task, f">= {limit:g} x less CPU than {peer}", find)


def greatest_peak(figures: Figures) -> int | None:
    """The most memory that ctl-merge took, waiting for the disk or not."""
    peaks = [run.peak for peer in (OURS, f"{OURS}-durable") for run in runs_of(figures, peer) or []]
    return max(peaks, default=None)


def peak(limit: int) -> Goal:
    """Memory of merges of files with few tensors."""
    def find(figures: Figures) -> Found | None:
        most = greatest_peak(figures)
        if most is None or (figures["many_tensors"] or 0) >= MANY:
            return None
        return Found(f"{figures['title']} ({figures['place']})", f"{mebibytes(most)} MiB",
                     most <= limit)
    return Goal("peak memory", f"<= {limit // MIB} MiB", find)


def peak_with_metadata(limit: int) -> Goal:
    """Memory of merges of files with many tensors: what the files hold besides values is added."""
    def find(figures: Figures) -> Found | None:
        most = greatest_peak(figures)
        if most is None or (figures["many_tensors"] or 0) < MANY:
            return None
        metadata = sum(size - figures["value_bytes"] for size in figures["input_bytes"])
        text = f"{mebibytes(most)} MiB, {mebibytes(metadata)} MiB of metadata"
        return Found(f"{figures['many_tensors']:,} tensors", text, most <= limit + metadata)
    return Goal("peak memory, many tensors", f"<= {limit // MIB} MiB + metadata of the sources",
                find)


def start_up(milliseconds: float) -> Goal:
    """From the shell's command to the end of --version."""
    def find(figures: Figures) -> Found | None:
        runs = runs_of(figures, "version")
        if not runs:
            return None
        walls = sorted(run.wall * 1e3 for run in runs)
        median = walls[len(walls) // 2]
        return Found("", f"{median:.1f} ms ({walls[0]:.1f}-{walls[-1]:.1f})",
                     median <= milliseconds)
    return Goal("start-up", f"<= {milliseconds:g} ms", find)


GOALS = [
    at_most("float32 average of two, disk", "average", "io-limit", 1.3, "disk"),
    faster("float32 average of two, disk", "average", "h5py-stream", 5, "disk"),
    at_most("float32 average of two, tmpfs", "average", "io-limit", 1.15, "tmpfs"),
    peak(48 * MIB),
    peak_with_metadata(48 * MIB),
    at_most("float16 average of two", "float16", "io-limit", 1.3),
    at_most("bfloat16 average of two", "bfloat16", "io-limit", 1.3),
    faster("float16 average of two", "float16", "safetensors-torch", 6),
    faster("bfloat16 average of two", "bfloat16", "safetensors-torch", 6),
    at_most("soup of 8", "soup", "cat-and-cp", 1.5),
    faster("gzip 4 + shuffle, in and out", "gzip", "h5py-stream", 3.5),
    at_most("20,000 tensors of 1,024 floats", "small-tensors", "safetensors-numpy", 1),
    faster("float32 average of two", "average", "mergekit-linear", 10),
    faster("slerp", "slerp", "mergekit-slerp", 10),
    faster("TIES of three models and a base", "ties", "mergekit-ties", 20),
    less_cpu("TIES of three models and a base", "ties", "mergekit-ties", 30),
    start_up(15),
]


def judge(goal: Goal, cases: list[Figures]) -> list[str]:
    """The lines of the table of goals: one for each measurement that a goal is about.

    Of the peak only the greatest is shown, since each merge has one.
    """
    found = [entry for figures in cases if (entry := goal.find(figures))]
    if goal.task == "peak memory" and found:
        found = [max(found, key=lambda entry: float(entry.text.split()[0]))]
    if not found:
        return [f"| {goal.task} | {goal.limit} | not measured | |"]
    return [
        f"| {goal.task} | {goal.limit} | {entry.text}"
        f"{f'; {entry.where}' if entry.where else ''} |"
        f" {'reached' if entry.reached else '**not reached**'} |"
        for entry in found
    ]
