"""The command line of tools/bench."""

import argparse
from pathlib import Path

from cases import CASES
from peers import PEER, REPOSITORY
from sizes import byte_count

TMPFS = Path("/dev/shm")


def parser() -> argparse.ArgumentParser:
    """The options with their explanations."""
    names = [case.name for case in CASES] + list(PEER)
    made = argparse.ArgumentParser(
        prog="tools/bench",
        description="Measures ctl-merge against peers: whole processes, in turn, on generated and"
        " shipped files. Prints a table for each case and writes all figures as JSON.",
        epilog=f"Names for --only: {', '.join(names)}. Of ctl-probe: tools/bench --probe --help.")
    made.add_argument("--report", type=Path, metavar="PAGE",
                      help="also write a dated page with goals and growth: docs/performance.md")
    made.add_argument("--size", metavar="SIZE,...", help="of generated files (default 256M,1G);"
                      " the average runs at each, other cases at the largest of at most 1G")
    made.add_argument("--dir", type=Path, action="append", default=[], metavar="FOLDER",
                      help="where files are made; its disk is measured (default .build);"
                      " repeatable: averages run in each, other cases in the first")
    made.add_argument("--tmpfs", action=argparse.BooleanOptionalAction,
                      help=f"measure in {TMPFS} too (default: with --report and --quick)")
    made.add_argument("--heavy", action="store_true",
                      help="PyTorch and mergekit too, in an environment of 2 GB or more")
    made.add_argument("--only", default="", metavar="NAME,...", help="these cases or peers only")
    made.add_argument("--rounds", type=int, help="counted rounds, after a warm-up (default 5)")
    made.add_argument("--slow-rounds", type=int, help="the same for slow peers (default 2)")
    made.add_argument("--program", type=Path, default=REPOSITORY / ".build/release/ctl-merge",
                      help="the ctl-merge to measure (default .build/release/ctl-merge)")
    made.add_argument("--json", type=Path, default=REPOSITORY / ".build/bench/result.json",
                      help="where all figures go (default .build/bench/result.json)")
    made.add_argument("--from", type=Path, dest="source", metavar="JSON",
                      help="measure nothing: make --report from the figures of an earlier run")
    made.add_argument("--quick", action="store_true",
                      help="everything, at small sizes and in one round, to try the script")
    made.add_argument("--keep", action="store_true", help="keep the generated files")
    return made


def options() -> argparse.Namespace:
    """The command line, with --quick applied and names checked."""
    reader = parser()
    chosen = reader.parse_args()
    try:
        text = chosen.size or ("8M,16M" if chosen.quick else "256M,1G")
        chosen.sizes = sorted({byte_count(size) for size in text.split(",")})
    except argparse.ArgumentTypeError as error:
        reader.error(f"--size: {error}")
    chosen.rounds = chosen.rounds or (1 if chosen.quick else 5)
    chosen.slow_rounds = min(chosen.slow_rounds or 2, chosen.rounds)
    chosen.dir = chosen.dir or [REPOSITORY / ".build"]
    if chosen.tmpfs is None:
        chosen.tmpfs = bool(chosen.report or chosen.quick) and TMPFS.is_dir()
    if chosen.tmpfs:
        chosen.dir.append(TMPFS)
    chosen.only = [name for name in chosen.only.split(",") if name]
    known = [case.name for case in CASES] + list(PEER)
    if unknown := set(chosen.only) - set(known):
        reader.error(f"--only: {min(unknown)} is neither a case nor a peer; there are {known}")
    if chosen.rounds < 1 or chosen.slow_rounds < 1:
        reader.error("--rounds and --slow-rounds must be 1 or more")
    if chosen.source and not chosen.report:
        reader.error("--from needs --report")
    return chosen
