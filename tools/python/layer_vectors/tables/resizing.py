"""Layers that change the number of positions."""

from typing import Any

from keras import layers

from layer_vectors.cases import Case, Input

SIZES = {1: (5,), 2: (4, 5), 3: (2, 3, 4)}


def case(kind: str, shape: tuple[int, ...], **options: Any) -> Case:
    """A case that its options name."""
    name = f"{kind} of {shape}" + "".join(f" {key}={value}" for key, value in options.items())
    return Case(name, lambda: getattr(layers, kind)(**options), [Input(shape)])


METHODS = ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5")
CASES = [
    case("UpSampling1D", (2, 5, 3), size=3),
    case("UpSampling2D", (2, 4, 5, 2)),
    case("UpSampling2D", (2, 4, 5, 2), size=(3, 1)),
    case("UpSampling2D", (2, 2, 4, 5), size=(2, 3), data_format="channels_first"),
    case("UpSampling3D", (2, 2, 3, 4, 2)),
    case("UpSampling3D", (2, 2, 3, 4, 2), size=(1, 2, 3)),
    case("UpSampling3D", (2, 2, 2, 3, 4), data_format="channels_first"),
    *(case("UpSampling2D", (2, 4, 5, 2), size=(2, 3), interpolation=m) for m in METHODS),
    case("UpSampling2D", (2, 2, 4, 5), interpolation="bilinear", data_format="channels_first"),
    *(
        case("Resizing", (2, 6, 5, 2), height=h, width=w, interpolation=m, antialias=a)
        for m in METHODS for h, w in ((9, 4), (4, 7)) for a in (False, True)
    ),
    case("Resizing", (2, 2, 6, 5), height=3, width=8, data_format="channels_first"),
    case("CenterCrop", (2, 7, 6, 2), height=4, width=3),
    case("CenterCrop", (2, 7, 6, 2), height=7, width=5),
    case("CenterCrop", (2, 2, 7, 6), height=3, width=3, data_format="channels_first"),
]  # fmt: skip
