"""Local errors: a layer of the merged model, fed with interpolated features."""

from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from interop.probe import expect
from interop.probe.bench import layer_of
from interop.probe.measures import Comparison, blend
from interop.probe.network import Call, Run, parts

if TYPE_CHECKING:
    from interop.probe.linearity import Pair

Array = np.ndarray
# Layers that only move values, so that nothing can go wrong in them.
MOVERS = ("Flatten", "Reshape", "Permute", "Dropout", "Concatenate", "ZeroPadding2D")


def forced(call: Call, a: Call, b: Call, alpha: float) -> tuple[Any, Any]:
    """The layer's values on interpolated inputs, before and behind its fused activation."""

    def between(x: Any, y: Any) -> Any:
        mixed = blend(np.asarray(x), np.asarray(y), alpha).reshape(x.shape)
        return keras.ops.convert_to_tensor(mixed.astype("f4"))

    args = keras.tree.map_structure(between, a.args, b.args)
    return parts(call.layer, *args, **call.kwargs)


def errors(report: Any, pair: "Pair", place: int, given: float | None, merged: Run) -> None:
    """Fails unless the local figures of all layers at an alpha are right.

    The network must hold the merged model's weights, as it does after `Pair.at`. Without an alpha
    each layer's own is taken: a layer is fed with the same interpolation that it is compared with.
    """
    for name, call in merged.calls.items():
        layer = layer_of(report, name)
        alpha = layer["alphas"][place]["alpha"] if given is None else given
        if layer["kind"] in MOVERS:
            expect.equal(layer["local"], [], f"{name}'s local errors")
            continue
        got, words = layer["local"][place], f"{name}'s local error at {alpha}"
        a, b = pair.a.calls[name], pair.b.calls[name]
        before, behind = forced(call, a, b, alpha)
        whole = Comparison(np.asarray(behind), pair.blend(name, alpha))
        expect.equal(got["alpha"], alpha, "alpha")
        expect.mean_closeness(got, whole, words)
        split(got, call, a, b, alpha, before, whole, words)
        if given is not None:
            # The exact form holds for weights on the line only, and a fitted merge isn't.
            residual(got, call, a, b, alpha, words)


def split(
    got: Any, call: Call, a: Call, b: Call, alpha: float, before: Any, whole: Comparison, words: str
) -> None:
    """Fails unless the parts before and of the activation are right."""
    ours = [np.mean(whole.relative_error) if call.layer.weights else None, None]
    if isinstance(call.layer, (keras.layers.ReLU, keras.layers.Activation, keras.layers.Softmax)):
        ours[1] = np.mean(whole.relative_error)
    if before is not None:
        linear = blend(a.linear, b.linear, alpha)
        ours[0] = np.mean(Comparison(np.asarray(before), linear).relative_error)
        constructed = keras.ops.convert_to_tensor(linear.reshape(before.shape).astype("f4"))
        activated = np.asarray(call.layer.activation(constructed))
        outputs = blend(a.output, b.output, alpha)
        ours[1] = np.mean(Comparison(activated, outputs).relative_error)
    for key, want in zip(("commutativity", "activation"), ours, strict=True):
        if want is None:
            expect.equal(got[key], None, f"{words}: {key}")
        else:
            expect.near(got[key], float(want), expect.QUANTILE, f"{words}: {key}")


def residual(got: Any, call: Call, a: Call, b: Call, alpha: float, words: str) -> None:
    """Checks commutativity by its exact form, -alpha (1 - alpha) (W_A - W_B) (H_A - H_B)."""
    if not isinstance(call.layer, (keras.layers.Dense, keras.layers.Conv2D)):
        return
    moved = np.asarray(a.args[0], "f8") - np.asarray(b.args[0], "f8")
    kernel = np.asarray(a.kernel, "f8") - np.asarray(b.kernel, "f8")
    if isinstance(call.layer, keras.layers.Dense):
        product = moved @ kernel
    else:
        product = keras.ops.conv(
            moved.astype("f4"), kernel.astype("f4"), call.layer.strides, call.layer.padding
        )
    first, second = (c.output if c.linear is None else c.linear for c in (a, b))
    linear = blend(first, second, alpha)
    exact = -alpha * (1 - alpha) * np.asarray(product, "f8")
    want = Comparison(linear + exact.reshape(linear.shape), linear).relative_error
    expect.near(got["commutativity"], np.mean(want), expect.QUANTILE, f"{words}: exact residual")
