#!/usr/bin/env python3
"""Writes a data set of random images: COUNT OUTPUT."""

import sys

import h5py
import numpy as np


def main() -> None:
    count, output = int(sys.argv[1]), sys.argv[2]
    random = np.random.default_rng(1)
    with h5py.File(output, "w") as file:
        file["x"] = random.random((count, 32, 32, 3), np.float32)
        file["y"] = random.integers(0, 10, count)


if __name__ == "__main__":
    main()
