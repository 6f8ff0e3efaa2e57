#!/usr/bin/env python3
"""Merges .safetensors files with PyTorch: all loaded, summed in float32, saved."""

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from merge_options import options


def merge(inputs: list[Path], weights: list[float], output: Path) -> None:
    """Writes the weighted sum of the tensors."""
    models = [load_file(path) for path in inputs]
    merged: dict[str, torch.Tensor] = {}
    for name, first in models[0].items():
        total = first.float() * weights[0]
        for model, weight in zip(models[1:], weights[1:]):
            total.add_(model[name].float(), alpha=weight)
        merged[name] = total.to(first.dtype)
    save_file(merged, output)


if __name__ == "__main__":
    chosen = options(__doc__)
    merge(chosen.inputs, chosen.weights, chosen.output)
