"""GGUF files by the letter of the specification, as no small library writes them."""

import struct
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np

from vectors.expect import statistics
from vectors.roles import role

TYPES = {"float32": 0, "float16": 1, "int32": 26, "float64": 28, "bfloat16": 30}
ALIGNMENT = 64


def text(value: str) -> bytes:
    """A text behind its length."""
    content = value.encode()
    return struct.pack("<Q", len(content)) + content


def pair(key: str, kind: int, value: bytes) -> bytes:
    """A pair of metadata."""
    return text(key) + struct.pack("<I", kind) + value


def metadata() -> list[bytes]:
    """Numbers, a text, and an array of texts as vocabularies are."""
    words = struct.pack("<IQ", 8, 2) + text("<s>") + text("ein")
    return [
        pair("general.architecture", 8, text("llama")),
        pair("general.alignment", 4, struct.pack("<I", ALIGNMENT)),
        pair("llama.rope.scale", 6, struct.pack("<f", 0.5)),
        pair("tokenizer.ggml.tokens", 9, words),
    ]


def tensors() -> dict[str, np.ndarray]:
    """Small numbers in every type that is read."""
    shapes = {"float32": (3, 4), "float16": (2, 5), "bfloat16": (7,), "int32": (2,), "float64": ()}
    made = {}
    for name, shape in shapes.items():
        dtype = ml_dtypes.bfloat16 if name == "bfloat16" else name
        count = int(np.prod(shape, dtype=int))
        made[f"blk.0.{name}"] = (np.arange(count) * 7 % 13).reshape(shape).astype(dtype)
    return made


def make(folder: Path) -> dict[Path, dict[str, Any]]:
    """Writes one file with a quantised tensor among the others."""
    path = folder / "model.gguf"
    infos, data, described = b"", b"", []
    for name, array in tensors().items():
        data += b"\0" * (-len(data) % ALIGNMENT)
        axes = b"".join(struct.pack("<Q", n) for n in reversed(array.shape))
        kind = TYPES[array.dtype.name]
        infos += text(name) + struct.pack("<I", array.ndim) + axes
        infos += struct.pack("<IQ", kind, len(data))
        data += array.tobytes()
        dtype = array.dtype.name
        described.append(
            {"name": name, "dtype": dtype, "shape": list(array.shape), "role": role(name, dtype, {}),
             "stats": statistics(array, dtype)})  # fmt: skip
    data += b"\0" * (-len(data) % ALIGNMENT)
    infos += text("blk.0.q") + struct.pack("<IQQIQ", 2, 32, 2, 2, len(data))
    data += bytes(range(36))
    described.append({"name": "blk.0.q", "dtype": "packed(4)", "shape": [2, 32], "role": "other"})
    pairs = metadata()
    head = b"GGUF" + struct.pack("<IQQ", 3, len(described), len(pairs)) + b"".join(pairs) + infos
    path.write_bytes(head + b"\0" * (-len(head) % ALIGNMENT) + data)
    return {path: {"file": path.name, "tensors": described, "optional": []}}
