#!/usr/bin/env python3
"""Measures what the command line asks for. Started by tools/bench, which builds io-limit and finds
a Python with h5py, and names them in CTL_IO_LIMIT and CTL_PYTHON."""

import argparse
import datetime
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import machine
import report
from cases import CASES, Case
from measure import Command, CommandFailed, round_robin, run
from page import page
from peers import CHECKS, FOLDER, PEER, REPOSITORY, Job, Tools
from settings import options
from sizes import mebibytes
from workspace import (Measurement, Place, cold, inputs, lack_of_memory, lack_of_room, places,
                       tidy)

LARGEST_COMMON = 1 << 30
"""Cases that don't run at every size run at the largest one up to this."""


def selected(names: list[str], only: list[str]) -> list[str]:
    """The names that --only leaves; it limits cases and peers each only if it names one of them."""
    return [name for name in names if name in only] or names


def peers_of(case: Case, chosen: argparse.Namespace) -> list[str]:
    """The peers that take part in a case."""
    return [name for name in selected(list(PEER), chosen.only) if name in case.peers
            and (chosen.heavy or not PEER[name].heavy)]


def measurements(chosen: argparse.Namespace, where: list[Place]) -> list[Measurement]:
    """The cases at their sizes in their places; a place is done with before the next begins."""
    names = selected([case.name for case in CASES], chosen.only)
    common = max((size for size in chosen.sizes if size <= LARGEST_COMMON),
                 default=chosen.sizes[0])
    return [
        Measurement(case.smaller() if chosen.quick else case, size, place)
        for number, place in enumerate(where)
        for case in CASES
        if case.name in names and peers_of(case, chosen) and (case.every_place or number == 0)
        for size in (chosen.sizes if case.every_size else [common])
    ]


def command(name: str, measurement: Measurement, chosen: argparse.Namespace,
            tools: Tools) -> Command:
    """A peer with its arguments filled in."""
    case, peer = measurement.case, PEER[name]
    files = inputs(measurement, peer.reads, tools)
    output = measurement.place.folder / f"output-{name}{peer.reads}"
    arguments = peer.arguments(Job(tools, case.verb, list(case.options), case.threads,
                                   [str(file) for file in files], str(output)))
    if arguments[0] == str(tools.merge) and not tools.merge.exists():
        raise CommandFailed(f"{arguments[0]}: there is no such program; run tools/setup first")
    return Command(name, arguments, files, output if peer.makes_output else None,
                   chosen.slow_rounds if name in case.slow else None, case.cold)


def measure(measurement: Measurement, chosen: argparse.Namespace, tools: Tools) -> report.Figures:
    """Runs a case and prints its table."""
    case = measurement.case
    names = peers_of(case, chosen)
    lacking = {name: why for name in names if (why := lack_of_memory(measurement, name))}
    names = [name for name in names if name not in lacking]
    why = lack_of_room(measurement, names)
    if case.samples and len(case.sample_files()) < 2:
        why = f"no two files match {case.samples}"
    if why or not names:
        raise LeftOut(f"{case.name} at {measurement.size >> 20:,} MiB: {why or 'no peer is left'}")
    commands = [command(name, measurement, chosen, tools) for name in names]
    python = tools.heavy_python or tools.python

    def check(done: Command) -> None:
        script = PEER[done.name].check and CHECKS.get(case.verb, PEER[done.name].check)
        if script and done.output:
            run(Command(f"check of {done.name}", [str(python), str(FOLDER / script),
                *case.options, *map(str, done.inputs), str(done.output)]))

    runs = round_robin(commands, chosen.rounds, check)
    notes = [f"Left out: {name} {why}." for name, why in lacking.items()] + cold(measurement)
    figures = report.data(measurement, list(commands[0].inputs), commands, runs, notes)
    print(report.table(figures), flush=True)
    return figures


class LeftOut(Exception):
    """A measurement that can't be made here, and why."""


def without_places(value: Any, named: dict[str, str]) -> Any:
    """The figures with folders of this machine replaced by names, fit to be kept and compared."""
    if isinstance(value, dict):
        return {key: without_places(item, named) for key, item in value.items()}
    if isinstance(value, list):
        return [without_places(item, named) for item in value]
    if isinstance(value, str):
        for place, name in named.items():
            value = value.replace(place, name)
    return value


def without_folder(argument: str) -> str:
    """An argument of ours as others would type it: absolute paths are of this machine only."""
    option, equals, value = argument.rpartition("=")
    return option + equals + (Path(value).name if value.startswith("/") else value)


def measure_all(chosen: argparse.Namespace, tools: Tools, where: list[Place]) -> dict[str, Any]:
    """All measurements, and what there is to know about them."""
    start = time.monotonic()
    floor = run(Command("true", ["true"])).peak
    facts = machine.describe([place.folder for place in where])
    print(f"{machine.sentence(facts)}\n{chosen.rounds} rounds; peaks below {mebibytes(floor)} MiB"
          " can't be told apart.\n")
    result: dict[str, Any] = {
        "schema": "ctl-bench/2",
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "command": ["tools/bench", *map(without_folder, sys.argv[1:])],
        "machine": facts,
        "rounds": chosen.rounds,
        "slow_rounds": chosen.slow_rounds,
        "least_measurable_peak_bytes": floor,
        "cases": [],
        "left_out": [],
    }
    remaining = measurements(chosen, where)
    while remaining:
        measurement = remaining.pop(0)
        try:
            result["cases"].append(measure(measurement, chosen, tools))
        except LeftOut as reason:
            print(f"left out: {reason}", file=sys.stderr)
            result["left_out"].append(str(reason))
        if not chosen.keep:
            tidy(measurement, remaining)
    result["seconds"] = round(time.monotonic() - start)
    return result


def tools_of(chosen: argparse.Namespace) -> Tools:
    """The programs, from the environment that tools/bench made."""
    needed = {"CTL_PYTHON", "CTL_IO_LIMIT"} | ({"CTL_HEAVY_PYTHON"} if chosen.heavy else set())
    if not needed <= os.environ.keys():
        sys.exit("main.py: start me through tools/bench")
    return Tools(merge=chosen.program.absolute(), io_limit=Path(os.environ["CTL_IO_LIMIT"]),
                 python=Path(os.environ["CTL_PYTHON"]),
                 heavy_python=Path(os.environ["CTL_HEAVY_PYTHON"]) if chosen.heavy else None)


def main() -> None:
    chosen = options()
    if chosen.source:
        chosen.report.write_text(page(json.loads(chosen.source.read_text())))
        return
    tools, where = tools_of(chosen), places(chosen.dir)
    try:
        result = measure_all(chosen, tools, where)
    finally:
        for place in where:
            if not chosen.keep:
                shutil.rmtree(place.folder)
    named = {str(tools.heavy_python or tools.python): "python", str(tools.python): "python",
             str(tools.io_limit): "io-limit", str(tools.merge): "ctl-merge",
             str(chosen.program): "ctl-merge"}
    named |= {str(place.folder): "DIR" for place in where}
    named |= {str(folder): "DIR" for folder in chosen.dir} | {str(REPOSITORY): "."}
    result = without_places(result, named)
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    chosen.json.write_text(json.dumps(result, indent=1) + "\n")
    print(f"all figures: {chosen.json}", file=sys.stderr)
    if chosen.report:
        chosen.report.write_text(page(result))
        print(f"page: {chosen.report}", file=sys.stderr)


if __name__ == "__main__":
    # A stopped benchmark also removes its files.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        main()
    except (CommandFailed, subprocess.CalledProcessError, OSError) as error:
        sys.exit(f"tools/bench: {error}")
