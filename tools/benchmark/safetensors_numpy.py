#!/usr/bin/env python3
"""Merges .safetensors files with NumPy, a tensor at a time; saving needs all of the output.

The package offers no way of writing a file piece by piece, so memory grows with the model.
"""

from pathlib import Path

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

from merge_options import options


def merge(inputs: list[Path], coefficients: list[float], output: Path) -> None:
    """Writes the weighted sum of the tensors."""
    files = [safe_open(path, "np") for path in inputs]
    weights = [np.float32(weight) for weight in coefficients]
    merged: dict[str, np.ndarray] = {}
    for name in files[0].keys():
        total = files[0].get_tensor(name)
        element_type = total.dtype
        total = total.astype(np.float32, copy=False)
        total *= weights[0]
        for file, weight in zip(files[1:], weights[1:]):
            term = file.get_tensor(name).astype(np.float32, copy=False)
            term *= weight
            total += term
        merged[name] = total.astype(element_type, copy=False)
    save_file(merged, output)


if __name__ == "__main__":
    chosen = options(__doc__)
    merge(chosen.inputs, chosen.weights, chosen.output)
