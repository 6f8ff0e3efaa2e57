"""Normalisations of features and of data, and other layers that scale values."""

from typing import Any

from keras import layers
from keras.src.applications.convnext import LayerScale, StochasticDepth

from layer_vectors.cases import Case, Input

IMAGE, LINE = Input((2, 3, 4, 6)), Input((2, 5, 6))


def case(kind: str, given: Input, **options: Any) -> Case:
    """A case that its options name."""
    name = f"{kind} of {given.shape}" + "".join(f" {key}={value}" for key, value in options.items())
    return Case(name, lambda: getattr(layers, kind)(**options), [given])


PARTS = ({"center": False}, {"scale": False}, {"center": False, "scale": False})
CASES = [
    *(case("BatchNormalization", IMAGE, **options) for options in (
        {}, {"axis": 1}, {"axis": 2}, {"axis": -2}, {"epsilon": 0.1}, *PARTS)),
    case("BatchNormalization", Input((3, 5))),
    case("BatchNormalization", LINE),
    case("BatchNormalization", LINE, axis=1),
    *(case("LayerNormalization", IMAGE, **options) for options in (
        {}, {"axis": 1}, {"axis": 2}, {"axis": [2, 3]}, {"axis": [1, 2, 3]}, {"axis": [-2, -1]},
        {"axis": [1, 3]}, {"epsilon": 0.1}, *PARTS, {"rms_scaling": True})),
    case("LayerNormalization", Input((3, 5))),
    case("LayerNormalization", Input((2, 4, 19))),
    *(case("RMSNormalization", IMAGE, **options) for options in (
        {}, {"axis": [2, 3]}, {"epsilon": 0.1})),
    *(case("UnitNormalization", IMAGE, **options) for options in (
        {}, {"axis": 1}, {"axis": [2, 3]}, {"axis": [1, 3]})),
    *(case("GroupNormalization", IMAGE, **options) for options in (
        {"groups": 2}, {"groups": 3}, {"groups": -1}, {"groups": 1}, {"groups": 3, "axis": 1},
        {"groups": 2, "epsilon": 0.1}, {"groups": 2, "axis": 2},
        *({"groups": 2} | part for part in PARTS))),
    case("GroupNormalization", LINE, groups=2),
    case("GroupNormalization", Input((3, 6)), groups=2),
    case("Rescaling", IMAGE, scale=1 / 127.5, offset=-1.0),
    case("Rescaling", IMAGE, scale=[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]),
    case("Rescaling", Input((2, 3)), scale=2.0, offset=[0.5, -1.0, 3.0]),
    case("Normalization", IMAGE, mean=0.3, variance=1.7),
    case("Normalization", IMAGE, mean=[1.0, 2, 3, 4, 5, 6], variance=[0.5, 1, 2, 3, 4, 0.0001]),
    case("Normalization", IMAGE, mean=[1.0, 2, 3], variance=[0.5, 1, 2], axis=1),
    case("Normalization", IMAGE, mean=0.5, variance=2.0, axis=None),
    case("Normalization", IMAGE, mean=0.5, variance=2.0, invert=True),
    case("Normalization", IMAGE),
    case("Normalization", IMAGE, axis=(1, 3)),
    case("Normalization", IMAGE, axis=None),
    Case("LayerScale", lambda: LayerScale(1e-6, 6), [IMAGE]),
    Case("StochasticDepth", lambda: StochasticDepth(0.3), [IMAGE]),
]  # fmt: skip
