#!/usr/bin/env python3
"""Measures ctl-probe: its networks against PyTorch, the cost of its comparisons, the whole program.
Started by tools/bench --probe, which names two Pythons in CTL_PYTHON and CTL_HEAVY_PYTHON."""

import argparse
import datetime
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import machine
import probe_report
from measure import Command, CommandFailed, run
from peers import FOLDER, REPOSITORY
from probe_cases import FORWARDS, PROGRAMS, Forward, Program
from probe_peers import PeerFailed, Waiting

THREADS = 2
MEMORY_SAMPLES = (500, 5_000, 20_000)


def options() -> argparse.Namespace:
    """The command line."""
    names = [case.network for case in FORWARDS]
    release = REPOSITORY / ".build/release"
    made = argparse.ArgumentParser(
        prog="tools/bench --probe",
        description="Measures ctl-probe: networks against PyTorch in eager mode with hooks, pass by"
        " pass in turn; the share of its comparisons; the whole program on the samples.",
        epilog=f"Names for --only: {', '.join(names)}, programs, memory.")
    made.add_argument("--probe", action="store_true", help=argparse.SUPPRESS)
    made.add_argument("--report", type=Path, metavar="PAGE", help="also write a dated page")
    made.add_argument("--only", default="", metavar="NAME,...", help="these cases only")
    made.add_argument("--rounds", type=int, default=10, help="counted rounds (default 10)")
    made.add_argument("--programs", type=Path, default=release, metavar="FOLDER",
                      help="has ctl-probe and network-benchmark (default .build/release)")
    made.add_argument("--dir", type=Path, default=REPOSITORY / ".build/bench/probe",
                      help="where networks are made and kept (default .build/bench/probe)")
    made.add_argument("--json", type=Path, default=REPOSITORY / ".build/bench/probe.json",
                      help="where all figures go (default .build/bench/probe.json)")
    chosen = made.parse_args()
    chosen.only = [name for name in chosen.only.split(",") if name]
    if unknown := set(chosen.only) - {*names, "programs", "memory"}:
        made.error(f"--only: there is no case {min(unknown)}")
    if chosen.rounds < 1:
        made.error("--rounds must be 1 or more")
    if not {"CTL_PYTHON", "CTL_HEAVY_PYTHON"} <= os.environ.keys():
        made.error("start me through tools/bench")
    return chosen


def networks(case: Forward, folder: Path) -> list[str]:
    """The case's two checkpoints, made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [str(folder / f"{case.network}-{letter}.h5") for letter in "ab"]
    if not all(Path(file).exists() for file in files):
        print(f"making {case.network}", file=sys.stderr)
        subprocess.run([os.environ["CTL_PYTHON"], str(FOLDER / "probe_keras.py"), case.network,
                        *files], check=True, stdout=subprocess.DEVNULL)
    return files


def forward(case: Forward, chosen: argparse.Namespace) -> dict[str, Any]:
    """Has our networks and PyTorch's compute in turn; the order changes from round to round."""
    ours = [str(chosen.programs / "network-benchmark"), *networks(case, chosen.dir),
            "--batch", str(case.batch), "--threads", str(THREADS)]
    theirs = [os.environ["CTL_HEAVY_PYTHON"], str(FOLDER / "probe_torch.py"), case.network,
              str(case.batch), str(THREADS)]
    figures: dict[str, list[list[float]]] = {}
    with Waiting(ours) as first, Waiting(theirs) as second:
        tasks = [("kept", first), ("torch", second), ("dropped", first), ("linearity", first)]
        for number in range(chosen.rounds + 2):
            shift = number % len(tasks)
            for name, program in [*tasks[shift:], *tasks[:shift]]:
                answer = program.ask(name)
                # Two rounds of warming up: memory is mapped in the first, and moved to its place.
                if number > 1:
                    figures.setdefault(name, []).append(answer)
    return {"network": case.network, "title": case.title, "batch": case.batch, "goal": case.goal,
            "passes": figures}


def timed(command: list[str], rounds: int) -> dict[str, Any]:
    """A program's runs after one that isn't counted."""
    runs = [run(Command(command[0], command)) for _ in range(rounds + 1)][1:]
    return {"wall": [one.wall for one in runs], "cpu": [one.cpu for one in runs],
            "peak": max(one.peak for one in runs)}


def program(case: Program, chosen: argparse.Namespace) -> dict[str, Any]:
    """The whole program on samples."""
    samples = REPOSITORY / "samples"
    models = [str(samples / case.sample / f"task-a-{number}.h5") for number in (1, 2)]
    command = [str(chosen.programs / "ctl-probe"), *models, "--data", str(samples / "test.h5"),
               "--quiet"]
    return {"sample": case.sample, "goal": case.goal, **timed(command, chosen.rounds)}


def memory(chosen: argparse.Namespace) -> list[dict[str, Any]]:
    """The program's memory for few and for many samples of the same network."""
    case = next(case for case in FORWARDS if case.network == "resnet-20")
    models = networks(case, chosen.dir)
    found = []
    for count in MEMORY_SAMPLES:
        data = chosen.dir / f"{case.network}-{count}.h5"
        if not data.exists():
            subprocess.run([os.environ["CTL_PYTHON"], str(FOLDER / "probe_data.py"), str(count),
                            str(data)], check=True)
        command = [str(chosen.programs / "ctl-probe"), *models, "--data", str(data), "--quiet"]
        found.append({"samples": count, "peak": run(Command(command[0], command)).peak})
    return found


def main() -> None:
    chosen, start = options(), time.monotonic()
    facts = machine.describe([REPOSITORY])

    def wanted(name: str) -> bool:
        return not chosen.only or name in chosen.only

    result: dict[str, Any] = {
        "schema": "ctl-bench-probe/1",
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "machine": facts, "threads": THREADS, "rounds": chosen.rounds,
        "forwards": [forward(case, chosen) for case in FORWARDS if wanted(case.network)],
        "programs": [program(case, chosen) for case in PROGRAMS if wanted("programs")],
        "memory": memory(chosen) if wanted("memory") else [],
    }
    result["seconds"] = round(time.monotonic() - start)
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    chosen.json.write_text(json.dumps(result, indent=1) + "\n")
    text = probe_report.page(result)
    print(text)
    if chosen.report:
        chosen.report.write_text(text)


if __name__ == "__main__":
    try:
        main()
    except (PeerFailed, CommandFailed, subprocess.CalledProcessError, OSError) as error:
        sys.exit(f"tools/bench --probe: {error}")
