"""Measures the checkpoints and what merging makes of them, as a Markdown table."""

import keras
import numpy as np

from samples.data import Digits, Part
from samples.networks import NETWORKS
from samples.training import Weights


def combine(terms: list[tuple[float, Weights]]) -> Weights:
    """sum_i c_i W_i, in float64 and rounded once, as ctl-merge computes it."""
    return [
        sum(c * w.astype(np.float64) for (c, _), w in zip(terms, tensors, strict=True)).astype(
            np.float32
        )
        for tensors in zip(*(weights for _, weights in terms), strict=True)
    ]


def merges(weights: dict[str, Weights]) -> dict[str, Weights]:
    """The merges that the README speaks of, by the name of the verb and its sources."""
    w = weights
    third, base = 1 / 3, w["pretrained"]
    return {
        "soup of task-a-1, task-a-2, task-a-3": combine(
            [(third, w[f"task-a-{i}"]) for i in (1, 2, 3)]
        ),
        "interpolate task-a-1 task-b --alpha 0.5": combine(
            [(0.5, w["task-a-1"]), (0.5, w["task-b"])]
        ),
        "add task-a-1 task-b --scale 0.7": combine(
            [(1 - 1.4, base), (0.7, w["task-a-1"]), (0.7, w["task-b"])]
        ),
        "negate task-b": combine([(2.0, base), (-1.0, w["task-b"])]),
        "soup of task-a-1, independent": combine([(0.5, w["task-a-1"]), (0.5, w["independent"])]),
    }


def accuracy(model: keras.Model, part: Part) -> float:
    """The share of digits recognised."""
    return float(np.mean(model.predict(part.x, verbose=0).argmax(axis=1) == part.y))


def table(network: str, weights: dict[str, Weights], digits: Digits) -> list[str]:
    """Accuracy on both tasks' test images of each checkpoint and of each merge."""
    model = NETWORKS[network]()
    upright, rotated = digits.test, digits.test.rotated()
    rows = [f"| {network} | upright (task A) | rotated (task B) |", "|---|---|---|"]
    for name, values in {**weights, **merges(weights)}.items():
        model.set_weights(values)
        rows.append(f"| {name} | {accuracy(model, upright):.4f} | {accuracy(model, rotated):.4f} |")
    return rows
