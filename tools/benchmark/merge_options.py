"""The options of ctl-merge that peers understand too, so that a case states them once."""

import argparse
from pathlib import Path


def options(description: str | None) -> argparse.Namespace:
    """INPUT... OUTPUT, the coefficients of the inputs as `weights`, and how to store tensors."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("inputs", nargs="+", type=Path, metavar="INPUT")
    parser.add_argument("output", type=Path, metavar="OUTPUT")
    parser.add_argument("--alpha", type=float, help="of the first of two; default: the mean")
    parser.add_argument("--layout", choices=["contiguous", "keep"], default="contiguous")
    parser.add_argument("--compress", default="", metavar="gzip:LEVEL")
    chosen = parser.parse_args()
    count = len(chosen.inputs)
    chosen.weights = [1 / count] * count
    if chosen.alpha is not None:
        if count != 2:
            parser.error("--alpha needs two inputs")
        chosen.weights = [chosen.alpha, 1 - chosen.alpha]
    return chosen
