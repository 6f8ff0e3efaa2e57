"""Small Keras models with what the samples lack, as pairs of files that ctl-probe reads.

Each pair is two seeds of one architecture. The second's weights lie near the first's, so that the
pair is neither trivially linear nor noise.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import h5py
import keras
import numpy as np
from keras import layers

from interop.checks import Checks
from interop.probe.bench import Data
from interop.probe.network import Network, Weights

SAMPLES = 40


@dataclass
class Tiny:
    """A pair of models, their files, the arguments that go with them, and data."""

    net: Network
    weights: tuple[Weights, Weights]
    files: list[Path]
    data: Data
    flags: list[object]


def residual() -> keras.Model:
    """A block around which its input passes, and a layer that is used twice."""
    taken = keras.Input((6,), name="taken")
    first = layers.Dense(8, activation="tanh", name="first")(taken)
    shared = layers.Dense(8, activation="relu", name="shared")
    middle = layers.Add(name="sum")([first, shared(first)])
    behind = layers.LayerNormalization(name="norm")(shared(middle))
    return keras.Model(taken, layers.Dense(3, activation="softmax", name="out")(behind))


def two_inputs() -> keras.Model:
    """Two inputs of different shapes."""
    left, right = keras.Input((5,), name="left"), keras.Input((4, 3), name="right")
    a = layers.Dense(6, activation="relu", name="a")(left)
    b = layers.Flatten(name="flat")(layers.Dense(2, activation="gelu", name="b")(right))
    joined = layers.Concatenate(name="joined")([a, b])
    return keras.Model([left, right], layers.Dense(4, activation="softmax", name="out")(joined))


def binary() -> keras.Model:
    """One probability by a fused sigmoid."""
    return keras.Sequential(
        [
            keras.Input((6,)),
            layers.Dense(9, activation="elu", name="hidden"),
            layers.Dense(1, activation="sigmoid", name="out"),
        ]
    )


def regression() -> keras.Model:
    """Two numbers without an activation."""
    return keras.Sequential(
        [
            keras.Input((6,)),
            layers.Dense(9, activation="relu", name="hidden"),
            layers.Dropout(0.3, name="drop"),
            layers.Dense(2, name="out"),
        ]
    )


def images() -> keras.Model:
    """Convolutions with strides, BatchNorm on moved statistics, pooling and a late softmax."""
    return keras.Sequential(
        [
            keras.Input((9, 8, 3)),
            layers.Conv2D(6, 3, strides=2, padding="same", activation="relu", name="conv"),
            layers.BatchNormalization(name="norm"),
            layers.DepthwiseConv2D(3, padding="same", use_bias=False, name="depthwise"),
            layers.Activation("swish", name="swish"),
            layers.MaxPooling2D(2, name="pool"),
            layers.Flatten(name="flat"),
            layers.Dense(5, name="scores"),
            layers.Activation("softmax", name="out"),
        ]
    )


def seeded(build: Callable[[], keras.Model]) -> tuple[keras.Model, Weights, Weights]:
    """A model and two sets of weights."""
    keras.utils.set_random_seed(7)
    model = build()
    chance = np.random.default_rng(11)
    first = []
    for variable, value in zip(model.weights, model.get_weights(), strict=True):
        moved = value + 0.1 * chance.standard_normal(value.shape)
        first.append(np.abs(moved) if variable.path.endswith("variance") else moved)
    second = [w + 0.3 * np.abs(w) * chance.uniform(-1, 1, w.shape) for w in first]
    return model, *([w.astype("f4") for w in weights] for weights in (first, second))


def inputs(model: keras.Model) -> list[np.ndarray]:
    """Samples for each of a model's inputs."""
    chance = np.random.default_rng(3)
    shapes = [(SAMPLES, *taken.shape[1:]) for taken in model.inputs]
    return [chance.standard_normal(shape).astype("f4") for shape in shapes]


def write_data(path: Path, model: keras.Model, y: np.ndarray) -> Data:
    """A data set file; several inputs are a group of them by their names."""
    x = inputs(model)
    with h5py.File(path, "w") as file:
        if len(x) == 1:
            file["x"] = x[0]
        for taken, values in zip(model.inputs, x, strict=True):
            if len(x) > 1:
                file[f"x/{taken.name}"] = values
        file["y"] = y
    return Data(path, x if len(x) > 1 else x[0], y)


def labels(model: keras.Model) -> np.ndarray:
    """Targets that fit the model's output: classes, 0 or 1, or numbers."""
    chance, width = np.random.default_rng(5), model.outputs[0].shape[-1]
    if model.name == "regression":
        return chance.standard_normal((SAMPLES, width)).astype("f4")
    return chance.integers(0, max(2, width), SAMPLES)


def make(checks: Checks, build: Callable[[], keras.Model], weights_only: bool = False) -> Tiny:
    """Writes a pair of models and data, and opens the network."""
    model, a, b = seeded(build)
    model.name = build.__name__
    suffix = ".weights.h5" if weights_only else ".h5"
    files = [checks.out(f"{model.name}-{name}{suffix}") for name in "ab"]
    for file, weights in zip(files, (a, b), strict=True):
        model.set_weights(weights)
        model.save_weights(file) if weights_only else model.save(file)
    flags: list[object] = []
    if weights_only:
        flags = ["--architecture", checks.out(f"{model.name}.json")]
        Path(str(flags[1])).write_text(model.to_json())
    data = write_data(checks.out(f"{model.name}-data.h5"), model, labels(model))
    return Tiny(Network(model), (a, b), files, data, flags)
