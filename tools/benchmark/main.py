#!/usr/bin/env python3
"""Measures ctl-merge against peers: whole processes, in turn, on generated and shipped files.

Prints a table for each case as Markdown and writes all figures as JSON. Started by tools/bench,
which builds io-limit and finds a Python with h5py, and names them in CTL_IO_LIMIT and CTL_PYTHON.
"""

import argparse
import datetime
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import machine
import report
from cases import CASES, FOLDER, PEERS, REPOSITORY, Case, Tools
from measure import Command, CommandFailed, round_robin, run
from sizes import byte_count, mebibytes

PEER = {peer.name: peer for peer in PEERS}


def options() -> argparse.Namespace:
    """The command line, with --quick applied and names checked."""
    names = [case.name for case in CASES] + list(PEER)
    parser = argparse.ArgumentParser(prog="tools/bench", description=__doc__.split("\n\n")[0],
                                     epilog=f"Names for --only: {', '.join(names)}.")
    parser.add_argument("--size", type=byte_count, help="of a generated file (default 1G)")
    parser.add_argument("--rounds", type=int, help="counted rounds, after a warm-up (default 5)")
    parser.add_argument("--sources", type=int, default=2, help="files to average (default 2)")
    parser.add_argument("--dir", type=Path, default=REPOSITORY / ".build",
                        help="where files are made; its disk is what is measured (default .build)")
    parser.add_argument("--program", type=Path, default=REPOSITORY / ".build/release/ctl-merge",
                        help="the ctl-merge to measure (default .build/release/ctl-merge)")
    parser.add_argument("--only", default="", metavar="NAME,...", help="these cases or peers only")
    parser.add_argument("--json", type=Path, default=REPOSITORY / ".build/bench/result.json",
                        help="where all figures go (default .build/bench/result.json)")
    parser.add_argument("--quick", action="store_true", help="same as --size 64M --rounds 2")
    parser.add_argument("--keep", action="store_true", help="keep the generated files")
    chosen = parser.parse_args()
    chosen.size = chosen.size or (64 << 20 if chosen.quick else 1 << 30)
    chosen.rounds = chosen.rounds or (2 if chosen.quick else 5)
    chosen.only = [name for name in chosen.only.split(",") if name]
    unknown = set(chosen.only) - set(names)
    if unknown:
        parser.error(f"--only: {min(unknown)} is neither a case nor a peer; there are {names}")
    if chosen.rounds < 1 or chosen.sources < 1:
        parser.error("--rounds and --sources must be 1 or more")
    return chosen


def selected(names: list[str], only: list[str]) -> list[str]:
    """The names that --only leaves; it limits cases and peers each only if it names one of them."""
    return [name for name in names if name in only] or names


def settle(path: Path) -> None:
    """Waits until a new file is on the disk, so that its writing doesn't disturb what is timed."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


class Workspace:
    """The folder of generated files and outputs."""

    def __init__(self, chosen: argparse.Namespace, tools: Tools) -> None:
        self.folder = chosen.dir / "ctl-bench"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.tools = tools

    def generated(self, size: int, seed: int) -> Path:
        """A checkpoint of that size, made unless it is there from an earlier --keep."""
        path = self.folder / f"network-{size}-{seed}.weights.h5"
        if not path.exists():
            print(f"making {path.name}", file=sys.stderr)
            unfinished = path.with_suffix(".unfinished")
            subprocess.run([str(self.tools.python), str(FOLDER / "generate.py"), "--size",
                            str(size), "--seed", str(seed), str(unfinished)], check=True)
            settle(unfinished)
            unfinished.rename(path)
        return path

    def inputs(self, case: Case, chosen: argparse.Namespace) -> list[Path]:
        """The files that a case works on."""
        count = chosen.sources if case.name == "average" else case.sources
        size = int(chosen.size * case.share)
        return [self.generated(size, seed) for seed in range(1, count + 1)] or case.sample_files()


def commands(case: Case, inputs: list[Path], space: Workspace, only: list[str]) -> list[Command]:
    """The case's peers with their arguments filled in."""
    made = []
    present = [name for name in selected(list(PEER), only) if name in case.peers]
    for name in present:
        output = space.folder / f"output-{name}.weights.h5"
        arguments = PEER[name].arguments(space.tools, [str(path) for path in inputs], str(output))
        if arguments[0] == str(space.tools.merge) and not space.tools.merge.exists():
            raise CommandFailed(f"{arguments[0]}: there is no such program; run tools/setup first")
        made.append(Command(name, arguments, output if PEER[name].makes_output else None))
    return made


def measure(case: Case, chosen: argparse.Namespace, space: Workspace) -> dict[str, Any] | None:
    """Runs a case and prints its table; nothing when its samples aren't there."""
    inputs = space.inputs(case, chosen)
    if case.samples and len(inputs) < 2:
        print(f"{case.name}: left out, no two files match {case.samples}", file=sys.stderr)
        return None
    peers = commands(case, inputs, space, chosen.only)
    if not peers:
        return None

    def check(command: Command) -> None:
        if PEER[command.name].checked and command.output:
            run(Command(f"check of {command.name}", [str(space.tools.python),
                str(FOLDER / "check_mean.py"), str(command.output), *map(str, inputs)]))

    runs = round_robin(peers, inputs, chosen.rounds, check)
    size = mebibytes(inputs[0].stat().st_size) if inputs else ""
    title = case.title.format(sources=len(inputs), size=size)
    print(report.table(title, case, runs), flush=True)
    return report.data(title, case, inputs, peers, runs)


def without_places(value: Any, places: dict[str, str]) -> Any:
    """The figures with folders of this machine replaced by names, fit to be kept and compared."""
    if isinstance(value, dict):
        return {key: without_places(item, places) for key, item in value.items()}
    if isinstance(value, list):
        return [without_places(item, places) for item in value]
    if isinstance(value, str):
        for place, name in places.items():
            value = value.replace(place, name)
    return value


def main() -> None:
    chosen = options()
    if not {"CTL_PYTHON", "CTL_IO_LIMIT"} <= os.environ.keys():
        sys.exit("main.py: start me through tools/bench")
    tools = Tools(merge=chosen.program.absolute(), python=Path(os.environ["CTL_PYTHON"]),
                  io_limit=Path(os.environ["CTL_IO_LIMIT"]))
    space = Workspace(chosen, tools)
    floor = run(Command("true", ["true"])).peak
    result: dict[str, Any] = {
        "schema": "ctl-bench/1",
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "command": ["tools/bench", *sys.argv[1:]],
        "machine": machine.describe(space.folder),
        "rounds": chosen.rounds,
        "least_measurable_peak_bytes": floor,
        "cases": [],
    }
    print(machine.sentence(result["machine"]))
    print(f"{chosen.rounds} rounds; peaks below {mebibytes(floor)} MiB can't be told apart.\n")
    names = selected([case.name for case in CASES], chosen.only)
    try:
        for case in CASES:
            if case.name in names and (figures := measure(case, chosen, space)):
                result["cases"].append(figures)
    finally:
        if not chosen.keep:
            shutil.rmtree(space.folder)
    places = {str(tools.python): "python", str(tools.merge): "ctl-merge",
              str(tools.io_limit): "io-limit", str(chosen.program): "ctl-merge",
              str(space.folder): "DIR/ctl-bench", str(chosen.dir): "DIR", str(REPOSITORY): "."}
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    chosen.json.write_text(json.dumps(without_places(result, places), indent=1) + "\n")
    print(f"all figures: {chosen.json}", file=sys.stderr)


if __name__ == "__main__":
    # A stopped benchmark also removes its files.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        main()
    except (CommandFailed, subprocess.CalledProcessError, OSError) as error:
        sys.exit(f"tools/bench: {error}")
