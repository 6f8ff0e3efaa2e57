#!/usr/bin/env python3
"""Checks that a merged file holds the mean of its sources, so that no wrong answer is timed.

A peer that works in float32 may be off by the roundings of its sum, which the bound allows for;
what is looked for is a tensor left out, misplaced or not averaged.

    check_mean.py OUTPUT INPUT...
"""

import sys

import h5py
import numpy as np

SAMPLE_ROWS = 64


def names(file: h5py.File) -> set[str]:
    """The paths of all floating-point data sets."""
    found: set[str] = set()
    file.visititems(
        lambda name, item: found.add(name)
        if isinstance(item, h5py.Dataset) and item.dtype.kind == "f"
        else None
    )
    return {name for name in found if not name.startswith("optimizer")}


def sample(dataset: h5py.Dataset) -> np.ndarray:
    """The last rows of a tensor: enough to see an error of place, quick to read."""
    values = dataset[()] if dataset.shape == () else dataset[-SAMPLE_ROWS:]
    return np.asarray(values, dtype=np.float64)


def check(output: str, inputs: list[str]) -> None:
    merged, sources = h5py.File(output, "r"), [h5py.File(path, "r") for path in inputs]
    missing = names(sources[0]) - names(merged)
    if missing:
        sys.exit(f"{output}: {len(missing)} tensors are missing, {min(missing)} among them")
    for name in names(sources[0]):
        terms = [sample(source[name]) for source in sources]
        bound = np.finfo(merged[name].dtype).eps * sum(np.abs(term) for term in terms)
        mean = sum(terms) / len(terms)
        wrong = ~(np.abs(sample(merged[name]) - mean) <= bound)
        if wrong.any():
            sys.exit(f"{output}: {name}: {int(wrong.sum())} values are not the mean of the sources")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    check(sys.argv[1], sys.argv[2:])
