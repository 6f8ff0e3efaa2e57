#!/usr/bin/env python3
"""Writes a checkpoint of a chosen size: a vision transformer laid out as Keras 3 saves weights.

Or, with --tensors, of many small tensors, whose cost isn't that of moving bytes.

Values are normal with the spread of trained weights, so they don't compress; the seed fixes them.
A file is written block by block and takes some tens of MiB of memory, whatever its size.

    generate.py --size 1G --seed 1 --type bfloat16 OUTPUT.weights.h5
"""

import argparse
import math
import sys
from collections.abc import Iterator
from typing import NamedTuple

import h5py
import numpy as np

from sizes import byte_count
from tensors import BFLOAT16

BLOCK_ELEMENTS = 1 << 20
SMALL_SHAPE = (16, 64)
PATCH, POSITIONS = 16, 197


class Tensor(NamedTuple):
    """A variable: the path of its layer in the file, its index in that layer, its shape."""

    layer: str
    index: int
    shape: tuple[int, ...]


def block_tensors(number: int, width: int) -> Iterator[Tensor]:
    """One transformer block: attention, two dense layers of ratio four, two normalisations."""
    prefix = f"layers/transformer_block_{number}"
    heads, depth = width // 64, 64
    for projection in ("query", "key", "value"):
        layer = f"{prefix}/attention/{projection}_dense"
        yield Tensor(layer, 0, (width, heads, depth))
        yield Tensor(layer, 1, (heads, depth))
    yield Tensor(f"{prefix}/attention/output_dense", 0, (heads, depth, width))
    yield Tensor(f"{prefix}/attention/output_dense", 1, (width,))
    for name, rows, columns in (("dense_1", width, 4 * width), ("dense_2", 4 * width, width)):
        yield Tensor(f"{prefix}/mlp/{name}", 0, (rows, columns))
        yield Tensor(f"{prefix}/mlp/{name}", 1, (columns,))
    for name in ("layer_norm_1", "layer_norm_2"):
        yield Tensor(f"{prefix}/{name}", 0, (width,))
        yield Tensor(f"{prefix}/{name}", 1, (width,))


def stem_tensors(width: int) -> Iterator[Tensor]:
    """Patches, positions and the class token."""
    yield Tensor("layers/patch_embedding", 0, (PATCH, PATCH, 3, width))
    yield Tensor("layers/patch_embedding", 1, (width,))
    yield Tensor("layers/position_embedding", 0, (1, POSITIONS, width))
    yield Tensor("layers/class_token", 0, (1, 1, width))


def elements(tensors: list[Tensor]) -> int:
    """How many values the tensors hold together."""
    return sum(math.prod(tensor.shape) for tensor in tensors)


def many_small(count: int) -> list[Tensor]:
    """Tensors of 1,024 values, a hundred layers to a block."""
    return [Tensor(f"layers/block_{number // 100}/dense_{number}", 0, SMALL_SHAPE)
            for number in range(count)]


def transformer(wanted: int) -> list[Tensor]:
    """A network of `wanted` values, give or take one class of the head.

    The width is that of the usual networks of about that size, whole blocks follow, and the
    number of classes takes up the rest.
    """
    widths = {192 << 20: 1024, 32 << 20: 768, 8 << 20: 384, 1 << 20: 192, 0: 64}
    width = next(width for least, width in widths.items() if wanted >= least)
    tensors = list(stem_tensors(width))
    blocks = (wanted - elements(tensors)) // elements(list(block_tensors(0, width)))
    for number in range(blocks):
        tensors += block_tensors(number, width)
    classes = (wanted - elements(tensors)) // (width + 1)
    if classes < 1:
        sys.exit("--size: too small for a network; the least is about 256 KiB")
    head = [Tensor("layers/head", 0, (width, classes)), Tensor("layers/head", 1, (classes,))]
    return tensors + head


def write_values(dataset: h5py.Dataset, kind: np.dtype, random: np.random.Generator) -> None:
    """Fills a data set in slabs of its first axis, so that memory stays small."""
    rows = dataset.shape[0]
    step = max(1, BLOCK_ELEMENTS // max(1, math.prod(dataset.shape[1:])))
    for first in range(0, rows, step):
        count = min(step, rows - first)
        values = random.standard_normal((count, *dataset.shape[1:]), dtype=np.float32)
        values = (values * np.float32(0.02)).astype(kind, copy=False)
        dataset[first : first + count] = values.view("V2") if kind == BFLOAT16 else values


def generate(path: str, tensors: list[Tensor], kind: np.dtype, gzip: int, seed: int) -> None:
    """Writes the checkpoint; the same arguments give the same values."""
    random = np.random.Generator(np.random.SFC64(seed))
    storage = {"chunks": True, "shuffle": True, "compression": "gzip", "compression_opts": gzip}
    # HDF5 has no bfloat16: Keras stores two opaque bytes and says what they are.
    stored = np.dtype("V2") if kind == BFLOAT16 else kind
    with h5py.File(path, "w") as file:
        for tensor in tensors:
            group = file.require_group(f"{tensor.layer}/vars")
            group.attrs["name"] = tensor.layer.rsplit("/", 1)[-1]
            dataset = group.create_dataset(str(tensor.index), tensor.shape, stored,
                                           **(storage if gzip else {}))
            if kind == BFLOAT16:
                dataset.attrs["dtype"] = "bfloat16"
            write_values(dataset, kind, random)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output")
    parser.add_argument("--size", type=byte_count, default=1 << 30, help="for example 1G or 64M")
    parser.add_argument("--tensors", type=int, help="so many of 1,024 values, whatever the size")
    parser.add_argument("--type", choices=["float32", "float16", "bfloat16"], default="float32")
    parser.add_argument("--gzip", type=int, default=0, help="level; shuffled first (default none)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    kind = BFLOAT16 if options.type == "bfloat16" else np.dtype(options.type)
    chosen = (many_small(options.tensors) if options.tensors
              else transformer(options.size // kind.itemsize))
    generate(options.output, chosen, kind, options.gzip, options.seed)
