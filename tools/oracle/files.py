"""Reads models of the formats that the tests use: name to array, in the types of the file."""

import json
from pathlib import Path

import ml_dtypes
import numpy as np

_TYPES = {
    "F64": np.dtype("<f8"), "F32": np.dtype("<f4"), "F16": np.dtype("<f2"),
    "BF16": np.dtype(ml_dtypes.bfloat16), "I64": np.dtype("<i8"), "I32": np.dtype("<i4"),
    "I16": np.dtype("<i2"), "I8": np.dtype("i1"), "U8": np.dtype("u1"), "BOOL": np.dtype("?"),
    "U16": np.dtype("<u2"), "U32": np.dtype("<u4"), "U64": np.dtype("<u8"),
}  # fmt: skip


def read(path: Path) -> dict[str, np.ndarray]:
    """By the suffix; a folder is one of .safetensors files."""
    if path.is_dir():
        made: dict[str, np.ndarray] = {}
        for part in sorted(path.glob("*.safetensors")):
            made |= read(part)
        return made
    if path.suffix == ".npz":
        with np.load(path) as archive:
            return {name: archive[name] for name in archive.files}
    return _safetensors(path) if path.suffix == ".safetensors" else _hdf5(path)


def _safetensors(path: Path) -> dict[str, np.ndarray]:
    """8 bytes of length, JSON of that length, then the tensors at offsets."""
    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    made = {}
    for name, entry in json.loads(data[8:start]).items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        values = np.frombuffer(data[start + begin : start + end], _TYPES[entry["dtype"]])
        made[name] = values.reshape(entry["shape"])
    return made


def _hdf5(path: Path) -> dict[str, np.ndarray]:
    """Datasets of numbers outside of the optimizer's state."""
    import h5py

    made = {}

    def visit(name: str, item: object) -> None:
        if isinstance(item, h5py.Dataset) and item.dtype.kind in "fiub":
            if not name.startswith(("optimizer", "seed_generators")):
                made[name] = item[()]

    with h5py.File(path, "r") as file:
        file.visititems(visit)
    return made
