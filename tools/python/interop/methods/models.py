"""Small models whose merges are well defined: a base and three of its fine-tunes."""

import json
from collections.abc import Mapping
from pathlib import Path

import ml_dtypes
import numpy as np
from safetensors.numpy import save_file

Model = dict[str, np.ndarray]

# One and two axes, a convolution's kernel, rows of two, and tensors of few elements.
SHAPES: Mapping[str, tuple[int, ...]] = {
    "dense.bias": (9,),
    "dense.kernel": (12, 9),
    "conv.kernel": (4, 3, 2, 5),
    "pair": (2,),
    "row": (1, 3),
    "norm.gamma": (100,),
}
LARGER = {"large.kernel": (40, 50), "large.bias": (1500,)}
# DELLA of mergekit fails at rows of one element.
SINGLE = {"scalar": (), "one": (1,), "column": (7, 1)}


def grid(
    seed: int, dtype: str, shapes: Mapping[str, tuple[int, ...]], step: float
) -> tuple[Model, list[Model]]:
    """Exact in the type, and so are all differences; no two of a tensor have the same magnitude.

    The base lies on multiples of the step, a task vector is a permutation of +-1, +-2, ... steps.
    Sorts have no ties, hence mergekit's are stable.
    """
    random = np.random.default_rng(seed)
    base, tuned = {}, [{}, {}, {}]
    for name, shape in shapes.items():
        size = int(np.prod(shape))
        start = random.integers(-size, size + 1, shape)
        base[name] = typed(np.asarray(start * step), dtype)
        for model in tuned:
            moved = (random.permutation(size) + 1) * random.choice([-1, 1], size)
            model[name] = typed(np.asarray((start + moved.reshape(shape)) * step), dtype)
    return base, tuned


def normal(
    seed: int, dtype: str, shapes: Mapping[str, tuple[int, ...]], spread: float
) -> tuple[Model, list[Model]]:
    """Weights of deviation 0.05 and fine-tunes that lie `spread` away, partly together."""
    random = np.random.default_rng(seed)
    base, tuned = {}, [{}, {}, {}]
    for name, shape in shapes.items():
        values = random.normal(scale=0.05, size=shape)
        together = random.normal(size=shape)
        base[name] = typed(np.asarray(values), dtype)
        for k, model in enumerate(tuned):
            own = random.normal(size=shape) * (1 + 0.3 * k)
            model[name] = typed(np.asarray(values + spread * (0.5 * together + own)), dtype)
    return base, tuned


def typed(values: np.ndarray, dtype: str) -> np.ndarray:
    """As that element type."""
    return values.astype(ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype)


def folder(path: Path, model: Model) -> Path:
    """A folder that mergekit accepts: its model type names no architecture of a language model."""
    path.mkdir(parents=True)
    configuration = {"model_type": "vit", "architectures": ["Generated"]}
    (path / "config.json").write_text(json.dumps(configuration))
    contiguous = {name: np.ascontiguousarray(v).reshape(v.shape) for name, v in model.items()}
    save_file(contiguous, path / "model.safetensors", metadata={"format": "pt"})
    return path


def information(seed: int, model: Model) -> Model:
    """Fisher information for a model: squares, some of them zero, none for one of the tensors."""
    random = np.random.default_rng(100 + seed)
    made = {}
    for name, values in model.items():
        if values.dtype.kind != "i" and name != "norm.gamma":
            squares = random.normal(size=values.shape) ** 2
            zeros = np.random.default_rng(99).random(values.shape) < 0.1
            made[name] = np.asarray(np.where(zeros, 0, squares), np.float32)
    return made


def activations(seed: int, model: Model) -> Model:
    """X^T X of inputs of kernels, one input of which is never active."""
    random = np.random.default_rng(200 + seed)
    made = {}
    for name in ("dense.kernel", "conv.kernel"):
        size = int(np.prod(model[name].shape[:-1]))
        inputs = random.normal(size=(6 * size, size)) + 0.3
        inputs[:, 1] = 0
        made[name] = inputs.T @ inputs
    return made
