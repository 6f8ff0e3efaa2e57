"""Merges files with the reference: `python -m oracle METHOD SOURCES... -o OUT.npz [options]`."""

import argparse
import sys
from pathlib import Path

import numpy as np

from oracle.files import read
from oracle.merge import METHODS, merge
from oracle.options import ALIASES, Options


def numbers(text: str) -> list[float] | float:
    """One number, or several by commas."""
    values = [float(part) for part in text.split(",")]
    return values[0] if len(values) == 1 else values


def several(text: str) -> list[float]:
    """Numbers by commas."""
    return [float(part) for part in text.split(",")]


def parser() -> argparse.ArgumentParser:
    """ctl-merge's spellings."""
    made = argparse.ArgumentParser(prog="oracle", description=__doc__)
    made.add_argument("method", choices=[*METHODS, *ALIASES])
    made.add_argument("sources", nargs="+", type=Path)
    made.add_argument("-o", "--output", type=Path, required=True)
    made.add_argument("--base", type=Path)
    made.add_argument("--statistics", type=Path, action="append", default=[])
    made.add_argument("--compat", choices=["paper", "mergekit"], default="paper")
    made.add_argument("--weights", type=several)
    for name in ("density", "gamma", "epsilon"):
        made.add_argument(f"--{name}", type=numbers)
    for name in ("lambda", "t", "tol", "select-topk", "r", "alpha", "scale", "decay"):
        made.add_argument(f"--{name}", type=float)
    for name in ("max-iter", "seed"):
        made.add_argument(f"--{name}", type=int)
    for name in ("normalize", "sign-weights", "flatten", "row-wise", "filter-wise"):
        made.add_argument(f"--{name}", action=argparse.BooleanOptionalAction)
    made.add_argument("--rescale", choices=["none", "l1", "inverse"])
    made.add_argument("--trim", choices=["tensor", "global"])
    return made


def main(arguments: list[str]) -> int:
    """Writes the merged floating-point tensors as float64."""
    given = vars(parser().parse_args(arguments))
    method, compat, output = given.pop("method"), given.pop("compat"), given.pop("output")
    sources = [read(path) for path in given.pop("sources")]
    base = given.pop("base")
    statistics = [read(path) for path in given.pop("statistics")]
    options = Options.of(method, compat, **given)
    merged = merge(options, sources, base and read(base), statistics)
    with output.open("wb") as file:
        np.savez(file, **merged)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
