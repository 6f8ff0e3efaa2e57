#!/usr/bin/env python3
"""Checks that a merged file holds the weighted sum of its sources: no wrong answer is timed.

A peer that works in float32 may be off by the roundings of its sum, which the bound allows for;
what is looked for is a tensor left out, misplaced or not merged.
"""

import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

import h5py
import ml_dtypes
import numpy as np

from merge_options import options
from tensors import ARCHIVED, Safetensors, data_sets, read

SAMPLE_ROWS = 64


class Samples:
    """The last rows of a checkpoint's tensors: enough to see an error of place, quick to read."""

    def __init__(self, path: Path) -> None:
        files = sorted(path.glob("*.safetensors")) if path.is_dir() else [path]
        self.tensors: dict[str, np.ndarray | h5py.Dataset] = {}
        for file in files:
            if zipfile.is_zipfile(file):
                # A stored member can be read at any position.
                self.tensors |= data_sets(h5py.File(zipfile.ZipFile(file).open(ARCHIVED), "r"))
            elif h5py.is_hdf5(file):
                self.tensors |= data_sets(h5py.File(file, "r"))
            else:
                self.tensors |= Safetensors(file)

    def names(self) -> Iterable[str]:
        return (name for name in self.tensors if not name.startswith("optimizer"))

    def rows(self, name: str) -> np.ndarray:
        """Values in the type they are stored in."""
        tensor = self.tensors[name]
        rows = () if tensor.shape == () else slice(-SAMPLE_ROWS, None)
        return read(tensor, rows) if isinstance(tensor, h5py.Dataset) else tensor[rows]


def allowed(kind: np.dtype, terms: list[np.ndarray]) -> np.ndarray:
    """The error allowed: of the output's type, or float32's for wider ones, small values too."""
    type_, single = ml_dtypes.finfo(kind), np.finfo(np.float32)
    relative = max(float(type_.eps), float(single.eps))
    return 2 * relative * sum(np.abs(term) for term in terms) + float(type_.smallest_subnormal)


def check(output: Path, inputs: list[Path], weights: list[float]) -> None:
    """Ends the process with a sentence if a tensor isn't the weighted sum."""
    merged, sources = Samples(output), [Samples(path) for path in inputs]
    missing = set(sources[0].names()) - set(merged.names())
    if missing:
        sys.exit(f"{output}: {len(missing)} tensors are missing, {min(missing)} among them")
    for name in sources[0].names():
        values = merged.rows(name)
        terms = [weight * source.rows(name).astype(np.float64)
                 for weight, source in zip(weights, sources)]
        error = np.abs(values.astype(np.float64) - sum(terms))
        wrong = ~(error <= allowed(values.dtype, terms))
        if wrong.any():
            sys.exit(f"{output}: {name}: {int(wrong.sum())} values aren't the sum of the sources")


if __name__ == "__main__":
    chosen = options(__doc__)
    check(chosen.output, chosen.inputs, chosen.weights)
