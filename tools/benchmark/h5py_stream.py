#!/usr/bin/env python3
"""Averages HDF5 checkpoints with h5py, one tensor at a time.

The careful way of doing it by hand: memory grows with the largest tensor, not with the file.

    h5py_stream.py INPUT... OUTPUT
"""

import sys

import h5py
import numpy as np


def tensor_names(file: h5py.File) -> list[str]:
    """The paths of all data sets, in the order in which h5py visits them."""
    names: list[str] = []
    file.visititems(
        lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None
    )
    return names


def average(inputs: list[str], output: str) -> None:
    """Writes the uniform mean of the tensors; attributes are left behind, to be charitable."""
    files = [h5py.File(path, "r") for path in inputs]
    weight = np.float32(1 / len(files))
    with h5py.File(output, "w") as merged:
        for name in tensor_names(files[0]):
            total = files[0][name][()]
            element_type = total.dtype
            total = total.astype(np.float32, copy=False)
            total *= weight
            for file in files[1:]:
                term = file[name][()].astype(np.float32, copy=False)
                term *= weight
                total += term
            merged.create_dataset(name, data=total.astype(element_type, copy=False))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    average(sys.argv[1:-1], sys.argv[-1])
