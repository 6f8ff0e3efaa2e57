#!/usr/bin/env python3
"""Merges HDF5 checkpoints with h5py, one tensor at a time.

The careful way of doing it by hand: memory grows with the largest tensor, not with the file.
"""

import argparse

import h5py
import numpy as np

from merge_options import options
from tensors import data_sets, read, write


def storage(dataset: h5py.Dataset, chosen: argparse.Namespace) -> dict[str, object]:
    """How the merged tensor is to be stored, in h5py's words."""
    if chosen.compress:
        level = int(chosen.compress.partition(":")[2])
        return {"chunks": True, "shuffle": True, "compression": "gzip", "compression_opts": level}
    if chosen.layout == "keep" and dataset.chunks:
        return {"chunks": dataset.chunks, "shuffle": dataset.shuffle,
                "compression": dataset.compression, "compression_opts": dataset.compression_opts}
    return {}


def merge(chosen: argparse.Namespace) -> None:
    """Writes the weighted sum of the tensors; attributes are left behind, to be charitable."""
    files = [h5py.File(path, "r") for path in chosen.inputs]
    weights = [np.float32(weight) for weight in chosen.weights]
    with h5py.File(chosen.output, "w") as merged:
        for name, dataset in data_sets(files[0]).items():
            total = read(dataset)
            element_type = total.dtype
            total = total.astype(np.float32, copy=False)
            total *= weights[0]
            for file, weight in zip(files[1:], weights[1:]):
                term = read(file[name]).astype(np.float32, copy=False)
                term *= weight
                total += term
            write(merged, name, total.astype(element_type, copy=False), **storage(dataset, chosen))


if __name__ == "__main__":
    merge(options(__doc__))
