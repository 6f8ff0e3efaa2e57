#!/usr/bin/env python3
"""Checks that a merged file holds the points half-way along the arcs between the tensors of two."""

from pathlib import Path

import numpy as np

from check_merge import Samples
from merge_options import options

COLLINEAR = 0.9995


def half_way(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """slerp at 1/2: sin(w/2)/sin(w) (a + b), w the angle between a and b as vectors."""
    scale = float(np.linalg.norm(a)) * float(np.linalg.norm(b))
    cosine = float(np.vdot(a, b)) / scale if scale > 0 else 1.0
    if abs(cosine) > COLLINEAR:
        return (a + b) / 2
    angle = np.arccos(cosine)
    return np.sin(angle / 2) / np.sin(angle) * (a + b)


def check(output: Path, inputs: list[Path]) -> None:
    """Ends the process with a sentence if a tensor isn't half-way."""
    merged, first, second = Samples(output), Samples(inputs[0]), Samples(inputs[1])
    for name in first.names():
        if name not in merged.tensors:
            raise SystemExit(f"{output}: {name} is missing")
        a, b = (np.asarray(file.tensors[name]).astype(np.float64) for file in (first, second))
        expected = half_way(a.ravel(), b.ravel()).reshape(a.shape)
        values = np.asarray(merged.tensors[name]).astype(np.float64)
        if not np.allclose(values, expected, rtol=1e-4, atol=1e-6):
            raise SystemExit(f"{output}: {name}: isn't half-way between the sources")


if __name__ == "__main__":
    chosen = options(__doc__)
    check(chosen.output, chosen.inputs)
