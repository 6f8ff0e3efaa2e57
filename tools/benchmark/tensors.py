"""Tensors of the files that peers read and write, as NumPy arrays."""

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path

import h5py
import ml_dtypes
import numpy as np

SAFETENSORS_TYPES = {"F64": np.float64, "F32": np.float32, "F16": np.float16,
                     "BF16": ml_dtypes.bfloat16}
ARCHIVED = "model.weights.h5"
"""The member of a .keras archive that holds the weights."""
BFLOAT16 = np.dtype(ml_dtypes.bfloat16)


def type_of(dataset: h5py.Dataset) -> np.dtype:
    """The element type, with Keras's way of storing bfloat16 recognised: HDF5 has no such type."""
    return BFLOAT16 if dataset.attrs.get("dtype") == "bfloat16" else dataset.dtype


def read(dataset: h5py.Dataset, rows: slice | tuple = ()) -> np.ndarray:
    """Values of a data set, all by default."""
    return np.asarray(dataset[rows]).view(type_of(dataset))


def write(file: h5py.Group, name: str, values: np.ndarray, **storage: object) -> None:
    """Adds a data set, bfloat16 as Keras stores it: two opaque bytes and an attribute."""
    opaque = values.dtype == BFLOAT16
    stored = values.view("V2") if opaque else values
    dataset = file.create_dataset(name, data=stored, **storage)
    if opaque:
        dataset.attrs["dtype"] = "bfloat16"


def data_sets(file: h5py.File) -> dict[str, h5py.Dataset]:
    """All data sets by path, in the order in which h5py visits them."""
    found: dict[str, h5py.Dataset] = {}

    def keep(name: str, item: h5py.Group | h5py.Dataset) -> None:
        if isinstance(item, h5py.Dataset):
            found[name] = item

    file.visititems(keep)
    return found


class Safetensors(Mapping[str, np.ndarray]):
    """A .safetensors file, mapped: the safetensors package has no bfloat16 for NumPy."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            self.entries = {name: entry for name, entry in json.loads(file.read(length)).items()
                            if name != "__metadata__"}
        self.bytes = np.memmap(path, dtype=np.uint8, mode="r", offset=8 + length)

    def __getitem__(self, name: str) -> np.ndarray:
        entry = self.entries[name]
        first, last = entry["data_offsets"]
        values = self.bytes[first:last].view(SAFETENSORS_TYPES[entry["dtype"]])
        return values.reshape(entry["shape"])

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


def safetensors_header(file: h5py.File) -> bytes:
    """The header of a .safetensors file of the same tensors in order, dots for slashes."""
    names = {np.dtype(kind): name for name, kind in SAFETENSORS_TYPES.items()}
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    end = 0
    for path, dataset in data_sets(file).items():
        kind = type_of(dataset)
        start, end = end, end + math.prod(dataset.shape) * kind.itemsize
        header[path.replace("/", ".")] = {
            "dtype": names[kind], "shape": list(dataset.shape), "data_offsets": [start, end]}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text


def copy_to_safetensors(source: Path, target: Path) -> None:
    """Writes the tensors of an HDF5 file as .safetensors, one at a time."""
    with h5py.File(source, "r") as file, target.open("wb") as output:
        output.write(safetensors_header(file))
        for dataset in data_sets(file).values():
            output.write(np.ascontiguousarray(read(dataset)).view(np.uint8).data)
