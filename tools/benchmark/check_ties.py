#!/usr/bin/env python3
"""Checks that a merged file holds the TIES merge of a base and models, as mergekit defines it.

Each tensor's task vectors are trimmed to the half with the largest magnitudes, signs are elected by
their sum, and what agrees is averaged. Elements near a threshold or an election's tie may go either
way, since peers compute in float32.
"""

from pathlib import Path

import numpy as np

from check_merge import Samples
from merge_options import options

DENSITY = 0.5
NEAR = 1e-4


def trimmed(task: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The kept elements, others zero; and which ones are too near the threshold to tell."""
    size = np.abs(task)
    kept = max(1, int(DENSITY * task.size))
    threshold = np.partition(size, task.size - kept)[task.size - kept]
    return np.where(size >= threshold, task, 0), np.abs(size - threshold) <= NEAR * threshold


def expected(base: np.ndarray, models: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The merge, and which elements can't be told."""
    parts = [trimmed(model - base) for model in models]
    tasks = [task for task, _ in parts]
    vote = sum(tasks)
    largest = np.max(np.abs(tasks), axis=0)
    unsure = np.any([near for _, near in parts], axis=0) | ((largest > 0) & (np.abs(vote) <= NEAR * largest))
    sign = np.where(vote >= 0, 1, -1)
    agrees = [np.sign(task) == sign for task in tasks]
    count = np.maximum(np.sum(agrees, axis=0), 1)
    return base + sum(task * agree for task, agree in zip(tasks, agrees)) / count, unsure


def check(output: Path, inputs: list[Path]) -> None:
    """Ends the process with a sentence if a tensor isn't the merge."""
    merged, sources = Samples(output), [Samples(path) for path in inputs]
    for name in sources[0].names():
        if name not in merged.tensors:
            raise SystemExit(f"{output}: {name} is missing")
        flat = [np.asarray(file.tensors[name]).astype(np.float64).ravel() for file in sources]
        wanted, unsure = expected(flat[0], flat[1:])
        values = np.asarray(merged.tensors[name]).astype(np.float64).ravel()
        wrong = ~np.isclose(values, wanted, rtol=1e-5, atol=1e-6) & ~unsure
        if wrong.any() or unsure.mean() > 0.01 + 10 / unsure.size:
            raise SystemExit(f"{output}: {name}: {wrong.sum()} elements aren't the TIES merge")


if __name__ == "__main__":
    chosen = options(__doc__)
    check(chosen.output, chosen.inputs)
