#!/usr/bin/env python3
"""Writes a checkpoint of a chosen size: a vision transformer laid out as Keras 3 saves weights.

Values are normal with the spread of trained weights, so they don't compress; the seed fixes them.
A file is written block by block and takes some tens of MiB of memory, whatever its size.

    generate.py --size 1G --seed 1 OUTPUT.weights.h5
"""

import argparse
import math
import sys
from collections.abc import Iterator
from typing import NamedTuple

import h5py
import numpy as np

from sizes import byte_count

BLOCK_ELEMENTS = 1 << 20
FLOAT_BYTES = 4
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


def transformer(size: int) -> list[Tensor]:
    """A network whose values take `size` bytes, give or take one class of the head.

    The width is that of the usual networks of about that size, whole blocks follow, and the
    number of classes takes up the rest.
    """
    wanted = size // FLOAT_BYTES
    widths = {768 << 20: 1024, 128 << 20: 768, 32 << 20: 384, 4 << 20: 192, 0: 64}
    width = next(width for least, width in widths.items() if size >= least)
    tensors = list(stem_tensors(width))
    blocks = (wanted - elements(tensors)) // elements(list(block_tensors(0, width)))
    for number in range(blocks):
        tensors += block_tensors(number, width)
    classes = (wanted - elements(tensors)) // (width + 1)
    if classes < 1:
        sys.exit(f"--size {size}: too small for a network; the least is about 256 KiB")
    head = [Tensor("layers/head", 0, (width, classes)), Tensor("layers/head", 1, (classes,))]
    return tensors + head


def write_values(dataset: h5py.Dataset, random: np.random.Generator) -> None:
    """Fills a data set in slabs of its first axis, so that memory stays small."""
    rows = dataset.shape[0]
    step = max(1, BLOCK_ELEMENTS // max(1, math.prod(dataset.shape[1:])))
    for first in range(0, rows, step):
        count = min(step, rows - first)
        values = random.standard_normal((count, *dataset.shape[1:]), dtype=np.float32)
        dataset[first : first + count] = values * np.float32(0.02)


def generate(path: str, size: int, seed: int) -> None:
    """Writes the checkpoint; the same size and seed give the same values."""
    random = np.random.Generator(np.random.SFC64(seed))
    with h5py.File(path, "w") as file:
        for tensor in transformer(size):
            group = file.require_group(f"{tensor.layer}/vars")
            group.attrs["name"] = tensor.layer.rsplit("/", 1)[-1]
            dataset = group.create_dataset(str(tensor.index), tensor.shape, np.float32)
            write_values(dataset, random)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output")
    parser.add_argument("--size", type=byte_count, default=1 << 30, help="for example 1G or 64M")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    generate(options.output, options.size, options.seed)
