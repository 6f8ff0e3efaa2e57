"""The digits, split into parts that no two stages of training share, and the two tasks."""

from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np
from sklearn.datasets import load_digits

ORIGIN = (
    "Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, "
    "UCI Machine Learning Repository, CC BY 4.0; as shipped by scikit-learn (load_digits)"
)


@dataclass(frozen=True)
class Part:
    """Images of shape (N, 8, 8, 1), float32 in [0, 1], and their digits of shape (N,)."""

    x: np.ndarray
    y: np.ndarray

    def rotated(self) -> "Part":
        """Every image turned by 90 degrees: exact on a grid, so no interpolation blurs it."""
        return Part(np.ascontiguousarray(np.rot90(self.x, axes=(1, 2))), self.y)

    def and_(self, other: "Part") -> "Part":
        """Both parts, one after the other."""
        return Part(np.concatenate([self.x, other.x]), np.concatenate([self.y, other.y]))


@dataclass(frozen=True)
class Digits:
    """Disjoint parts of the data set; task A is the digits upright, task B is them rotated."""

    pretraining: Part
    training: Part
    calibration: Part
    test: Part


def load() -> Digits:
    """Splits the 1797 images: 500 for pretraining, 697 for tasks, 100 to calibrate, 500 to test."""
    raw = load_digits()
    x = (raw.images / 16.0).astype(np.float32)[..., np.newaxis]
    y = raw.target.astype(np.int64)
    order = np.random.default_rng(20240601).permutation(len(y))
    bounds = [500, 1197, 1297]
    return Digits(*(Part(x[part], y[part]) for part in np.split(order, bounds)))


def write(path: Path, part: Part, description: str) -> None:
    """Writes a part as plain, contiguous HDF5: `x`, `y` and where they come from."""
    with h5py.File(path, "w") as file:
        file.attrs["description"] = description
        file.attrs["origin"] = ORIGIN
        images = file.create_dataset("x", data=part.x)
        images.attrs["meaning"] = "grey values from 0 to 1, axes (image, row, column, channel)"
        digits = file.create_dataset("y", data=part.y)
        digits.attrs["meaning"] = "the digit, 0 to 9"
