"""NumPy's files: every type and order, stored and deflated, with the ways in which zips differ."""

import io
from pathlib import Path
from typing import Any

import numpy as np

from vectors.expect import statistics
from vectors.roles import role

TYPES = "f8 f4 f2 i8 i4 i2 i1 u8 u4 u2 u1 c8 c16".split()


def numbers(shape: tuple[int, ...], dtype: str) -> np.ndarray:
    """Values that every type holds exactly and that aren't symmetric in any axis."""
    count = int(np.prod(shape, dtype=int))
    return (np.arange(count) * 7 % 101).reshape(shape).astype(dtype)


def every_type() -> dict[str, np.ndarray]:
    """One array a type and byte order, scalars, empty arrays and what isn't made of numbers."""
    arrays = {f"little_{t}": numbers((3, 4), "<" + t) for t in TYPES}
    arrays |= {f"big_{t}": numbers((3, 4), ">" + t) for t in TYPES}
    arrays["truth"] = numbers((5,), "u1") % 2 == 1
    arrays["scalar"] = np.float32(2.5)
    arrays["empty"] = np.zeros((0, 3), "f4")
    arrays["text"] = np.array(["one", "three"])
    arrays["record"] = np.zeros(3, [("x", "<f4"), ("y", "<i8", (2,))])
    arrays["bytes2"] = np.frombuffer(b"abcdef", "V2")
    return arrays


def orders() -> dict[str, np.ndarray]:
    """Arrays whose first axis is the fastest in memory, and vectors, to which that means nothing."""
    shapes = {"matrix": (5, 7), "cube": (2, 3, 4), "kernel": (3, 3, 2, 5), "column": (6, 1)}
    arrays = {name: np.asfortranarray(numbers(shape, "<f4")) for name, shape in shapes.items()}
    arrays["big"] = np.asfortranarray(numbers((4, 9), ">f8"))
    arrays["half"] = np.asfortranarray(numbers((33, 2), "<f2"))
    return arrays


def layers() -> dict[str, np.ndarray]:
    """What a small network's state looks like, with names that make folders in the archive."""
    return {
        "encoder/kernel": numbers((4, 3), "<f4"),
        "encoder/bias": numbers((3,), "<f4"),
        "norm.running_var": numbers((3,), "<f4"),
        "größe": numbers((2,), "<f4"),
        "count": np.int64(12),
    }


class Pipe(io.BytesIO):
    """A stream that can't seek: sizes then stand behind each member instead of in front."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: Any) -> int:
        raise io.UnsupportedOperation("seek")

    def tell(self) -> int:
        raise io.UnsupportedOperation("tell")


def dtype_name(array: np.ndarray) -> str:
    """The element type's name in the command line's contract."""
    kind, size = array.dtype.kind, array.dtype.itemsize
    if kind in "OSU":
        return "string"
    if kind == "V":
        return f"compound({size})" if array.dtype.names else f"opaque({size})"
    return array.dtype.newbyteorder("=").name


def expectation(path: Path, arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    """What `inspect --stats --json` must say; statistics of numbers alone."""
    tensors = []
    for name, array in arrays.items():
        dtype = dtype_name(array)
        tensor: dict[str, Any] = {"name": name, "dtype": dtype, "shape": list(array.shape)}
        if not dtype.startswith("complex"):
            tensor["role"] = role(name, dtype, {})
        if not dtype.startswith(("string", "compound", "opaque")):
            little = np.ascontiguousarray(array.astype(array.dtype.newbyteorder("<")))
            tensor["stats"] = statistics(little.reshape(array.shape), dtype)
        tensors.append(tensor)
    return {"file": path.name, "tensors": tensors, "optional": []}


def make(folder: Path) -> dict[Path, dict[str, Any]]:
    """Writes the files and gives what a reader must find in each."""
    made: dict[Path, dict[str, np.ndarray]] = {}

    def keep(name: str, arrays: dict[str, np.ndarray]) -> Path:
        path = folder / name
        made[path] = arrays
        return path

    np.savez(keep("types.npz", every_type()), **every_type())
    np.savez(keep("orders.npz", orders()), **orders())
    np.savez_compressed(keep("deflated.npz", orders() | layers()), **orders(), **layers())
    pipe = Pipe()
    np.savez(pipe, **layers())
    keep("streamed.npz", layers()).write_bytes(pipe.getvalue())
    objects = {"plain": numbers((3,), "<f4"), "pickled": np.array([{}, None], dtype=object)}
    np.savez(keep("objects.npz", objects), **objects)
    np.save(keep("big-endian.npy", {"arr_0": numbers((3, 4), ">f4")}), numbers((3, 4), ">f4"))
    fortran = orders()["kernel"]
    np.save(keep("fortran.npy", {"arr_0": fortran}), fortran)
    with keep("version-2.npy", {"arr_0": numbers((6,), "<f4")}).open("wb") as file:
        np.lib.format.write_array(file, numbers((6,), "<f4"), version=(2, 0))
    return {path: expectation(path, arrays) for path, arrays in made.items()}
