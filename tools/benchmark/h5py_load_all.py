#!/usr/bin/env python3
"""Averages HDF5 checkpoints with h5py after loading all of them into memory.

The usual way of doing it by hand (a dictionary of arrays for each model, a comprehension over the
names): memory grows with the number of models.
"""

from pathlib import Path

import h5py
import numpy as np

from merge_options import options
from tensors import data_sets, read, write


def load(path: Path) -> dict[str, np.ndarray]:
    """All data sets of a file as arrays, by path."""
    with h5py.File(path, "r") as file:
        return {name: read(dataset) for name, dataset in data_sets(file).items()}


def merge(inputs: list[Path], coefficients: list[float], output: Path) -> None:
    """Writes the weighted sum of the tensors."""
    models = [load(path) for path in inputs]
    weights = [np.float32(weight) for weight in coefficients]
    merged = {
        name: sum(model[name].astype(np.float32, copy=False) * weight
                  for model, weight in zip(models, weights))
        for name in models[0]
    }
    with h5py.File(output, "w") as file:
        for name, values in merged.items():
            write(file, name, values.astype(models[0][name].dtype))


if __name__ == "__main__":
    chosen = options(__doc__)
    merge(chosen.inputs, chosen.weights, chosen.output)
