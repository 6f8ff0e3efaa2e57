"""Reads the tensors of a file with h5py and makes varied copies of a file."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import h5py
import ml_dtypes
import numpy as np
from vectors import expect
from vectors.roles import role


@dataclass(frozen=True)
class Tensor:
    """A dataset of numbers: its values in the machine's byte order, and what it is for."""

    values: np.ndarray
    role: str

    @property
    def is_merged(self) -> bool:
        """Whether a merge computes it; everything else comes from the template."""
        return self.role in ("weight", "statistic") and self.values.dtype.kind in "fV"


def read(path: Path) -> dict[str, Tensor]:
    """Every dataset of numbers by its path, aliases included; texts and records are left out."""
    tensors = {}
    with h5py.File(path, "r") as file:
        found = expect.datasets(file)
        groups: dict[str, int] = {}
        for name in found:
            parent = name.rpartition("/")[0]
            groups[parent] = groups.get(parent, 0) + 1
        for name, dataset in found.items():
            dtype = expect.dtype_name(dataset)
            array = expect.values(dataset, dtype)
            if array is not None:
                native = np.asarray(array).astype(array.dtype.newbyteorder("="), copy=False)
                tensors[name] = Tensor(native, role(name, dtype, groups))
    return tensors


def vary(source: Path, target: Path, change: Callable[[np.ndarray], np.ndarray]) -> Path:
    """Copies a file and changes the merged tensors' values in place; layout and tree stay.

    What was never written stays so, as writing it would allocate it.
    """
    shutil.copyfile(source, target)
    with h5py.File(target, "r+") as file:
        done: set[int] = set()
        for name, tensor in read(source).items():
            dataset = file[name]
            address = h5py.h5o.get_info(dataset.id).addr
            if not tensor.is_merged or address in done or dataset.id.get_storage_size() == 0:
                continue
            done.add(address)
            values = change(tensor.values)
            if values.dtype == ml_dtypes.bfloat16:
                values = values.view("V2")
            dataset[...] = values
    return target


def shifted(values: np.ndarray) -> np.ndarray:
    """Other values of the same size: sums of the two don't fit the type, so rounding matters."""
    with np.errstate(over="ignore"):
        changed = np.asarray(values).astype(np.float64) * 0.7 + 0.03
    # Adding to the largest number must not make an infinity of it.
    limit = float(ml_dtypes.finfo(values.dtype).max) / 2
    return np.clip(changed, -limit, limit).astype(values.dtype)
