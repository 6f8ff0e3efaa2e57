"""Whole processes, run in turn, with their times and their memory.

Peers are run in a round-robin whose order rotates, so that a change in the machine's load touches
all of them, and they are compared round by round: a ratio of two neighbouring runs is steadier than
a quotient of medians.
"""

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple


class Run(NamedTuple):
    """One process: seconds by the clock, seconds of processor time, bytes of memory at most.

    Times cover the process and the children it waited for; memory is that of the largest single
    process among them.
    """

    wall: float
    user: float
    system: float
    peak: int

    @property
    def cpu(self) -> float:
        return self.user + self.system


class Spread(NamedTuple):
    """The median of some runs with their least and greatest value."""

    median: float
    least: float
    greatest: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        return cls(statistics.median(values), min(values), max(values))


class Command(NamedTuple):
    """A peer, ready to run: its arguments, the files it reads, the file or folder it makes."""

    name: str
    arguments: list[str]
    inputs: Sequence[Path] = ()
    output: Path | None = None
    rounds: int | None = None
    """Counted rounds that it takes part in; all by default."""
    cold: bool = False
    """Whether the inputs leave the page cache before each run."""


class CommandFailed(Exception):
    """A peer that didn't exit with 0: its figures would mean nothing."""


def run(command: Command) -> Run:
    """Runs a command to its end, with its output on our standard error if it fails.

    The memory reported by the kernel includes that of this program until the command replaces it,
    so this program must stay small: it never imports NumPy.
    """
    reading, writing = os.pipe()
    actions = [(os.POSIX_SPAWN_DUP2, writing, 1), (os.POSIX_SPAWN_DUP2, writing, 2)]
    start = time.monotonic()
    child = os.posix_spawnp(command.arguments[0], command.arguments, os.environ,
                            file_actions=actions)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
        _, status, usage = os.wait4(child, 0)
    wall = time.monotonic() - start
    if status != 0:
        code = os.waitstatus_to_exitcode(status)
        raise CommandFailed(f"{command.name}: exit {code}: {said.decode(errors='replace').strip()}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Run(wall, usage.ru_utime, usage.ru_stime, usage.ru_maxrss * unit)


def remove(path: Path) -> None:
    """Removes a file or a folder, if it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def forget(path: Path) -> None:
    """Lets a file leave the page cache; its bytes are on the disk (see `workspace.settle`)."""
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def prepare(command: Command, peak: int) -> None:
    """Removes the last output, reads the inputs into the page cache, or out of it, and has the
    memory that the run will take at hand: for its output and, as far as known, for itself.

    Without the reading, parts of a file that rested for some seconds may have left the cache; with
    an old output in place, a run would also pay for freeing it.
    """
    if command.output:
        remove(command.output)
    if command.cold:
        for path in command.inputs:
            forget(path)
    elif command.inputs:
        subprocess.run(["cat", *map(str, command.inputs)], stdout=subprocess.DEVNULL, check=True)
    if command.inputs:
        back(peak + command.inputs[0].stat().st_size)


TOUCH = """
import mmap, sys
count = int(sys.argv[1])
memory = mmap.mmap(-1, count)
for page in range(0, count, mmap.PAGESIZE):
    memory[page] = 1
"""


def back(count: int) -> None:
    """Takes free memory and gives it back at once.

    A virtual machine returns memory that is free for some seconds to its host, and getting a page
    again costs ten times as much as copying it; which run has to is chance. So none has.
    """
    if sys.platform != "linux":
        return
    facts = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
    free = int(facts["MemFree"].split()[0]) * 1024
    # In a process of its own, as the peers' peaks include ours; never so much that files are evicted.
    count = min(count, free * 9 // 10)
    if count > 0:
        subprocess.run([sys.executable, "-c", TOUCH, str(count)], check=True)


def round_robin(
    commands: Sequence[Command], rounds: int, after_warm_up: Callable[[Command], None]
) -> dict[str, list[Run]]:
    """Runs each command once a round, the first round being a warm-up that isn't counted.

    `after_warm_up` is called when a command has run for the first time, to check its output.
    """
    runs: dict[str, list[Run]] = {command.name: [] for command in commands}
    peaks = {command.name: 0 for command in commands}
    for number in range(rounds + 1):
        present = [c for c in commands if c.rounds is None or number <= c.rounds]
        shift = number % len(present)
        for command in [*present[shift:], *present[:shift]]:
            prepare(command, peaks[command.name])
            result = run(command)
            peaks[command.name] = max(peaks[command.name], result.peak)
            if number == 0:
                after_warm_up(command)
            else:
                runs[command.name].append(result)
            if command.output:
                remove(command.output)
    return runs


def ratios(runs: Sequence[Run], reference: Sequence[Run], of: Callable[[Run], float]) -> Spread:
    """The quotients of a figure and the reference's of the same round, as far as both ran."""
    return Spread.of([of(mine) / max(of(theirs), 1e-6) for mine, theirs in zip(runs, reference)])
