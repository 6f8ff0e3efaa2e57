"""Runs a Keras model node by node: every layer's output, and what-ifs amid the graph."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np

from keras.src.layers.convolutional.base_conv import BaseConv

from interop import formulas

Array = np.ndarray
Weights = list[Array]
PROBABILITIES = ("softmax", "sigmoid")


@dataclass
class Call:
    """One call of a layer: what it took and gave, also before a fused activation if it has one."""

    layer: keras.Layer
    args: tuple
    kwargs: dict
    output: Array
    linear: Array | None = None
    kernel: Array | None = None


@dataclass
class Run:
    """One model over one batch: the calls in order, and what the model itself gave."""

    calls: dict[str, Call] = field(default_factory=dict)
    result: Array = field(default_factory=lambda: np.empty(0))

    def feature(self, name: str) -> Array:
        """A layer's output."""
        return self.calls[name].output


class Network:
    """A Keras model whose weights are set before each run.

    A final layer with a fused softmax or sigmoid gives the values before it, as ctl-probe looks at
    those: a probability says little of how far apart two logits are.
    """

    def __init__(self, model: keras.Model, unfuses: bool = True) -> None:
        self.model = model
        self.graph = keras.Model(model.inputs, model.outputs)
        last = model.outputs[0]._keras_history.operation
        self.logits = last.name
        if activation_name(last) in PROBABILITIES:
            if isinstance(last, (keras.layers.Softmax, keras.layers.Activation)):
                self.logits = last.input._keras_history.operation.name
            elif unfuses:
                last.activation = keras.activations.linear
        self.names = [layer.name for layer in model.layers if not is_input(layer)]

    @classmethod
    def load(cls, path: Path, unfuses: bool = True) -> "Network":
        """The network of a legacy file."""
        return cls(keras.models.load_model(path, compile=False), unfuses)

    def run(
        self, weights: Weights, inputs: Any, replaced: dict[str, Array] | None = None
    ) -> Run:
        """Computes all layers; the named layers' outputs are replaced by the given values."""
        self.model.set_weights(weights)
        run = Run()

        def call(layer: keras.Layer, *args: Any, **kwargs: Any) -> Any:
            name = unique(layer.name, run.calls)
            linear, output = parts(layer, *args, **kwargs)
            if replaced and name in replaced:
                output = keras.ops.convert_to_tensor(replaced[name])
            before = None if linear is None else np.asarray(linear)
            kernel = np.asarray(layer.kernel) if hasattr(layer, "kernel") else None
            run.calls[name] = Call(layer, args, kwargs, np.asarray(output), before, kernel)
            return output

        result = self.graph._run_through_graph(tensors(inputs), call_fn=call)
        run.result = np.asarray(keras.tree.flatten(result)[0])
        return run

    def weights_of(self, layer: keras.Layer, weights: Weights, trained: bool = False) -> Weights:
        """The part of a model's weights that belongs to a layer."""
        paths = {w.path for w in (layer.trainable_weights if trained else layer.weights)}
        return [w for v, w in zip(self.model.weights, weights, strict=True) if v.path in paths]


def unique(name: str, taken: dict[str, Any]) -> str:
    """The name of a layer's next call: a layer that is called again gets a number."""
    if name not in taken:
        return name
    return f"{name}:{sum(known.split(':')[0] == name for known in taken)}"


def parts(layer: keras.Layer, *args: Any, **kwargs: Any) -> tuple[Any, Any]:
    """What a layer gives before its fused activation, None where it has none, and behind it."""
    fused = getattr(layer, "activation", None)
    fuses = isinstance(layer, (keras.layers.Dense, BaseConv))
    if not fuses or fused in (None, keras.activations.linear):
        return None, layer(*args, **kwargs)
    layer.activation = keras.activations.linear
    try:
        linear = layer(*args, **kwargs)
    finally:
        layer.activation = fused
    return linear, fused(linear)


def tensors(inputs: Any) -> Any:
    """Arrays as the backend's, in the same structure."""
    return keras.tree.map_structure(keras.ops.convert_to_tensor, inputs)


def is_input(layer: keras.Layer) -> bool:
    """Whether a layer only stands for an input."""
    return isinstance(layer, keras.layers.InputLayer)


def activation_name(layer: keras.Layer) -> str:
    """The name of a layer's activation, or `softmax` for the layer of that kind."""
    if isinstance(layer, keras.layers.Softmax):
        return "softmax"
    return getattr(getattr(layer, "activation", None), "__name__", "")


def weights_of(path: Path) -> Weights:
    """get_weights() of a legacy file."""
    return keras.models.load_model(path, compile=False).get_weights()


def interpolated(a: Weights, b: Weights, alpha: float) -> Weights:
    """alpha A + (1 - alpha) B in float64, rounded once; the ends are the models themselves."""
    return [
        formulas.rounded(formulas.interpolate(x, y, alpha), x.dtype)
        for x, y in zip(a, b, strict=True)
    ]


def mixed(members: Sequence[Weights], factors: Sequence[float]) -> Weights:
    """The sum of models times factors, in float64, rounded once."""
    return [
        formulas.rounded(formulas.weighted_sum(factors, group), group[0].dtype)
        for group in zip(*members, strict=True)
    ]


def edited(base: Weights, tuned: Sequence[Weights], scales: Sequence[float]) -> Weights:
    """base + sum of scale (tuned - base), in float64, rounded once."""
    taus = [[formulas.task_vector(t, b) for t, b in zip(one, base, strict=True)] for one in tuned]
    return [
        formulas.rounded(formulas.add(b, list(tau), scales), b.dtype)
        for b, *tau in zip(base, *taus, strict=True)
    ]
