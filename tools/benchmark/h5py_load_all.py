#!/usr/bin/env python3
"""Averages HDF5 checkpoints with h5py after loading all of them into memory.

The usual way of doing it by hand (a dictionary of arrays for each model, a comprehension over the
names): memory grows with the number of models.

    h5py_load_all.py INPUT... OUTPUT
"""

import sys

import h5py
import numpy as np


def load(path: str) -> dict[str, np.ndarray]:
    """All data sets of a file as arrays, by path."""
    tensors: dict[str, np.ndarray] = {}

    def keep(name: str, item: h5py.Group | h5py.Dataset) -> None:
        if isinstance(item, h5py.Dataset):
            tensors[name] = item[()]

    with h5py.File(path, "r") as file:
        file.visititems(keep)
    return tensors


def average(inputs: list[str], output: str) -> None:
    """Writes the uniform mean of the tensors."""
    models = [load(path) for path in inputs]
    weight = np.float32(1 / len(models))
    merged = {name: sum(model[name] * weight for model in models) for name in models[0]}
    with h5py.File(output, "w") as file:
        for name, values in merged.items():
            file.create_dataset(name, data=values.astype(models[0][name].dtype))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    average(sys.argv[1:-1], sys.argv[-1])
