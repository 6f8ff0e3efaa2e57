"""safetensors files by the reference library, and by hand where it can't write what may be read."""

import json
import struct
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
from safetensors.numpy import save_file

from vectors.expect import statistics
from vectors.roles import role

NAMES = {
    "F64": "f8", "F32": "f4", "F16": "f2", "I64": "i8", "I32": "i4", "I16": "i2", "I8": "i1",
    "U64": "u8", "U32": "u4", "U16": "u2", "U8": "u1", "BOOL": "?", "C64": "c8",
    "BF16": ml_dtypes.bfloat16, "F8_E4M3": ml_dtypes.float8_e4m3fn, "F8_E5M2": ml_dtypes.float8_e5m2,
}  # fmt: skip
OURS = {
    "BF16": "bfloat16", "F8_E4M3": "float8_e4m3", "F8_E5M2": "float8_e5m2",
    "F8_E8M0": "opaque(1)", "F4": "packed(4)", "F6_E2M3": "packed(6)",
}  # fmt: skip

Tensors = dict[str, tuple[str, list[int], bytes]]


def of(array: np.ndarray, name: str) -> tuple[str, list[int], bytes]:
    """A tensor as the format has it."""
    return name, list(array.shape), np.ascontiguousarray(array).tobytes()


def numbers(shape: tuple[int, ...], name: str) -> tuple[str, list[int], bytes]:
    """Small numbers that every type holds exactly."""
    count = int(np.prod(shape, dtype=int))
    return of((np.arange(count) * 7 % 13).reshape(shape).astype(NAMES[name]), name)


def write(path: Path, tensors: Tensors, metadata: dict[str, str] | None, pad: int = 8) -> None:
    """Writes a file byte by byte; a `pad` of 1 leaves the data where they fall."""
    header: dict[str, Any] = {"__metadata__": metadata} if metadata else {}
    offset, data = 0, b""
    for name, (dtype, shape, content) in tensors.items():
        offsets = [offset, offset + len(content)]
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": offsets}
        offset += len(content)
        data += content
    text = json.dumps(header, ensure_ascii=False).encode()
    text += b" " * (-len(text) % pad)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def every_type() -> Tensors:
    """One tensor a type, those that are only copied included."""
    tensors = {f"t.{name}": numbers((3, 4), name) for name in NAMES}
    tensors["t.F8_E8M0"] = ("F8_E8M0", [3], b"\x7e\x7f\x80")
    tensors["t.F4"] = ("F4", [2, 3], b"\x12\x34\x56")
    tensors["t.F6"] = ("F6_E2M3", [4], b"\x01\x02\x03")
    tensors["every.F8_E4M3"] = ("F8_E4M3", [256], bytes(range(256)))
    tensors["every.F8_E5M2"] = ("F8_E5M2", [256], bytes(range(256)))
    return tensors


def model() -> Tensors:
    """The state of a small network by PyTorch's conventions, a scalar and empty tensors."""
    tensors = {
        "layers.10.weight": numbers((4, 3), "F32"),
        "layers.2.weight": numbers((4, 3), "F32"),
        "layers.2.bias": numbers((4,), "F32"),
        "norm.running_mean": numbers((4,), "F32"),
        "norm.running_var": numbers((4,), "F32"),
        "norm.num_batches_tracked": of(np.array(12, "i8"), "I64"),
        "empty": numbers((0, 3), "F32"),
        "größe \"x\"": numbers((2,), "F16"),
    }
    return tensors


def expectation(path: Path, tensors: Tensors) -> dict[str, Any]:
    """What `inspect --stats --json` must say."""
    described = []
    for name, (dtype, shape, content) in tensors.items():
        ours = OURS.get(dtype) or np.dtype(NAMES[dtype]).name
        tensor: dict[str, Any] = {"name": name, "dtype": ours, "shape": shape}
        if not ours.startswith("complex"):
            tensor["role"] = role(name, ours, {})
        if dtype in NAMES:
            values = np.frombuffer(content, NAMES[dtype]).reshape(shape)
            tensor["stats"] = statistics(values, ours)
        described.append(tensor)
    return {"file": path.name, "tensors": described, "optional": []}


def make(folder: Path) -> dict[Path, dict[str, Any]]:
    """Writes the files and gives what a reader must find in each."""
    made: dict[Path, dict[str, Any]] = {}

    def keep(name: str, tensors: Tensors) -> Path:
        path = folder / name
        made[path] = expectation(path, tensors)
        return path

    write(keep("types.safetensors", every_type()), every_type(), {"format": "pt"})
    write(keep("unaligned.safetensors", model()), model(), {"a": "1", "b": "zwei"}, pad=1)
    arrays = {
        name: np.frombuffer(content, NAMES[dtype]).reshape(shape)
        for name, (dtype, shape, content) in model().items()
    }
    save_file(arrays, keep("model.safetensors", model()), metadata={"format": "np"})
    save_file({}, keep("nothing.safetensors", {}))
    return made
