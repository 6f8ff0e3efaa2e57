"""Convolutions of every kind, with every option that changes what they give."""

from itertools import product
from typing import Any

from keras import layers

from layer_vectors.cases import Case, Input

SIZES = {1: (11,), 2: (7, 6), 3: (3, 4, 3)}
# Kernels of odd and even sizes: "same" pads them differently before and behind.
KERNELS = {1: 4, 2: (3, 2), 3: (2, 3, 2)}


def shape(rank: int, channels: int, first: bool) -> tuple[int, ...]:
    """An input's shape."""
    batch = 1 if rank == 3 else 2
    return (batch, channels, *SIZES[rank]) if first else (batch, *SIZES[rank], channels)


def case(kind: str, rank: int, channels: int = 3, first: bool = False, **options: Any) -> Case:
    """A case that its options name."""
    options.setdefault("kernel_size", KERNELS[rank])
    name = kind + "".join(f" {key}={value}" for key, value in options.items())
    if first:
        options["data_format"] = "channels_first"
        name += " channels first"
    return Case(name, lambda: getattr(layers, kind)(**options), [Input(shape(rank, channels, first))])


def plain(rank: int) -> list[Case]:
    """`Conv1D` to `Conv3D`."""
    kind = f"Conv{rank}D"
    both = (False, True)
    return [
        *(case(kind, rank, filters=2, padding=p, strides=s)
          for p, s in product(("valid", "same"), (1, 2, 3))),
        *(case(kind, rank, filters=2, padding=p, dilation_rate=2) for p in ("valid", "same")
          if rank < 3 or p == "same"),
        *(case(kind, rank, channels=4, filters=6, groups=2, first=f) for f in both),
        *(case(kind, rank, filters=2, padding="same", activation=a, first=f)
          for a, f in product(("relu", "selu"), both)),
        case(kind, rank, filters=2, use_bias=False),
        case(kind, rank, filters=5, kernel_size=1, activation="softmax"),
    ]  # fmt: skip


def depthwise(rank: int) -> list[Case]:
    """`DepthwiseConv1D` and `2D`."""
    kind = f"DepthwiseConv{rank}D"
    return [
        *(case(kind, rank, padding=p, strides=s)
          for p, s in product(("valid", "same"), (1, 2))),
        case(kind, rank, depth_multiplier=3, activation="tanh"),
        case(kind, rank, padding="same", dilation_rate=2, use_bias=False),
        case(kind, rank, padding="same", depth_multiplier=2, first=True),
    ]  # fmt: skip


def separable(rank: int) -> list[Case]:
    """`SeparableConv1D` and `2D`."""
    kind = f"SeparableConv{rank}D"
    return [
        *(case(kind, rank, filters=2, padding=p, strides=s)
          for p, s in product(("valid", "same"), (1, 2))),
        case(kind, rank, filters=2, depth_multiplier=2, activation="relu"),
        case(kind, rank, filters=2, padding="same", dilation_rate=2, use_bias=False),
        case(kind, rank, filters=2, padding="same", depth_multiplier=2, first=True),
    ]  # fmt: skip


def transposed(rank: int) -> list[Case]:
    """`Conv1DTranspose` to `3D`."""
    kind = f"Conv{rank}DTranspose"
    return [
        *(case(kind, rank, filters=2, padding=p, strides=s)
          for p, s in product(("valid", "same"), (1, 2, 3)) if rank < 3 or s < 3),
        *(case(kind, rank, filters=2, padding=p, strides=2, output_padding=1)
          for p in ("valid", "same")),
        *(case(kind, rank, filters=2, padding=p, dilation_rate=2) for p in ("valid", "same")),
        *(case(kind, rank, filters=2, padding=p, strides=2, kernel_size=5)
          for p in ("valid", "same")),
        *(case(kind, rank, filters=2, padding=p, strides=3, kernel_size=1)
          for p in ("valid", "same")),
        case(kind, rank, filters=2, padding="same", strides=2, use_bias=False, activation="relu"),
        case(kind, rank, filters=2, padding="same", strides=2, first=True),
    ]  # fmt: skip


CASES = [
    *(one for rank in (1, 2, 3) for one in plain(rank)),
    *(case("Conv1D", 1, filters=2, padding="causal", strides=s, dilation_rate=d)
      for s, d in ((1, 1), (2, 1), (1, 3))),
    case("Conv2D", 2, filters=2, padding="same", strides=(1, 2)),
    case("Conv2D", 2, filters=2, dilation_rate=(2, 1)),
    *(one for rank in (1, 2) for one in depthwise(rank)),
    *(one for rank in (1, 2) for one in separable(rank)),
    *(one for rank in (1, 2, 3) for one in transposed(rank)),
    case("Conv2DTranspose", 2, filters=2, padding="same", strides=(2, 3), output_padding=(1, 0)),
]  # fmt: skip
