"""PyTorch's zip checkpoints, imitated: PyTorch itself is too large for what a test needs.

The structure is what `torch.save` of PyTorch 2 writes: a pickle of protocol 2 with persistent ids for
storages, which are stored members. Stand-ins with PyTorch's names take the place of its classes.
"""

import argparse
import io
import pickle
import sys
import types
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np

from vectors.expect import statistics
from vectors.roles import role

STORAGES = {
    "float32": "FloatStorage", "float64": "DoubleStorage", "float16": "HalfStorage",
    "int64": "LongStorage", "bool": "BoolStorage", "uint8": "ByteStorage",
}  # fmt: skip

torch = types.ModuleType("torch")
utils = types.ModuleType("torch._utils")
sys.modules.setdefault("torch", torch)
sys.modules.setdefault("torch._utils", utils)


def stand_in(module: types.ModuleType, name: str) -> type:
    """A class that pickles by PyTorch's name for it."""
    made = type(name, (), {"__module__": module.__name__})
    setattr(module, name, made)
    return made


CLASSES = {name: stand_in(torch, name) for name in STORAGES.values()}


def rebuild(*_: Any) -> None:
    """Only its name is ever written."""


for function in ("_rebuild_tensor_v2", "_rebuild_parameter"):
    copy = types.FunctionType(rebuild.__code__, {}, function)
    copy.__module__, copy.__qualname__ = "torch._utils", function
    setattr(utils, function, copy)


class Storage:
    """Numbers that several tensors may share."""

    def __init__(self, values: np.ndarray) -> None:
        self.values = values.reshape(-1)


class Tensor:
    """A view of a storage; `strides` count elements."""

    def __init__(self, storage: Storage, shape: tuple, strides: tuple, offset: int = 0) -> None:
        self.storage, self.shape, self.strides, self.offset = storage, shape, strides, offset

    def __reduce__(self) -> tuple:
        arguments = (self.storage, self.offset, self.shape, self.strides, False, OrderedDict())
        return utils._rebuild_tensor_v2, arguments

    def array(self) -> np.ndarray:
        """The values that PyTorch would show."""
        values = self.storage.values[self.offset :]
        strides = tuple(s * values.itemsize for s in self.strides)
        return np.array(np.lib.stride_tricks.as_strided(values, self.shape, strides), order="C")


class Parameter:
    """A tensor wrapped as a module's parameter is."""

    def __init__(self, tensor: Tensor) -> None:
        self.tensor = tensor

    def __reduce__(self) -> tuple:
        return utils._rebuild_parameter, (self.tensor, True, OrderedDict())


def tensor(shape: tuple[int, ...], dtype: str = "float32") -> Tensor:
    """A tensor with a storage of its own."""
    values = (np.arange(int(np.prod(shape, dtype=int))) * 7 % 13).astype(dtype)
    strides = [int(np.prod(shape[i + 1 :], dtype=int)) for i in range(len(shape))]
    return Tensor(Storage(values), shape, tuple(strides))


def save(path: Path, value: Any, prefix: str = "archive", protocol: int = 2) -> None:
    """What `torch.save` does."""
    storages: list[Storage] = []

    class Pickler(pickle.Pickler):
        """Gives storages by their keys."""

        def persistent_id(self, obj: Any) -> tuple | None:
            if not isinstance(obj, Storage):
                return None
            if obj not in storages:
                storages.append(obj)
            values = obj.values
            kind = CLASSES[STORAGES[values.dtype.name]]
            return "storage", kind, str(storages.index(obj)), "cpu", values.size

    buffer = io.BytesIO()
    Pickler(buffer, protocol).dump(value)
    with zipfile.ZipFile(path, "w") as archive:

        def add(name: str, content: bytes) -> None:
            archive.writestr(zipfile.ZipInfo(f"{prefix}/{name}"), content)

        add("data.pkl", buffer.getvalue())
        add("byteorder", b"little")
        for key, storage in enumerate(storages):
            add(f"data/{key}", storage.values.tobytes())
        add("version", b"3\n")


def state() -> OrderedDict:
    """Views of every kind: transposed, expanded, sliced, tied; parameters and scalars."""
    shared = tensor((6, 4))
    return OrderedDict(
        {
            "embed.weight": shared,
            "head.weight": shared,
            "fc.weight": Parameter(tensor((3, 5))),
            "fc.transposed": Tensor(tensor((4, 3)).storage, (3, 4), (1, 3)),
            "fc.expanded": Tensor(tensor((3,)).storage, (2, 3), (0, 1)),
            "fc.slice": Tensor(tensor((5, 6)).storage, (2, 3), (6, 1), 8),
            "half": tensor((7,), "float16"),
            "double": tensor((2, 2), "float64"),
            "bn.running_var": tensor((3,)),
            "bn.num_batches_tracked": tensor((), "int64"),
            "mask": tensor((4,), "bool"),
            "empty": tensor((0, 3)),
        }
    )


def expectation(path: Path, tensors: dict[str, Any]) -> dict[str, Any]:
    """What `inspect --stats --json` must say."""
    described, first = [], {}
    for name, value in tensors.items():
        view = value.tensor if isinstance(value, Parameter) else value
        array = view.array()
        dtype = array.dtype.name
        entry: dict[str, Any] = {"name": name, "dtype": dtype, "shape": list(array.shape)}
        beside = name.startswith("optimizer")
        entry["role"] = "optimizer" if beside else role(name, dtype, {})
        if id(view) in first:
            entry["alias_of"] = first[id(view)]
        first.setdefault(id(view), name)
        entry["stats"] = statistics(array, dtype)
        described.append(entry)
    return {"file": path.name, "tensors": described, "optional": []}


def make(folder: Path) -> dict[Path, dict[str, Any]]:
    """Writes the files and gives what a reader must find in each."""
    plain, training, modern = (
        folder / name for name in ("state.pt", "training.ckpt", "protocol-4.pt")
    )
    tensors = state()
    save(plain, tensors)
    moment = tensor((3, 5))
    checkpoint = {
        "epoch": 3,
        "hparams": argparse.Namespace(lr=0.1, name="run"),
        "state_dict": tensors,
        "optimizer_states": [{"state": {0: {"exp_avg": moment}}}],
    }
    save(training, checkpoint, prefix="training")
    save(modern, {"w": tensors["fc.transposed"], "count": 2**40}, protocol=4)
    return {
        plain: expectation(plain, tensors),
        training: expectation(
            training, {**tensors, "optimizer_states.0.state.0.exp_avg": moment}
        ),
        modern: expectation(modern, {"w": tensors["fc.transposed"]}),
    }
