"""Poolings: windows, strides and paddings of every rank, and the global ones."""

from itertools import product

from keras import layers

from layer_vectors.cases import Case, Input

SIZES = {1: (11,), 2: (7, 6), 3: (5, 4, 6)}


def pooling(kind: str, rank: int, **options: object) -> Case:
    """A pooling that its options name."""
    name = f"{kind}Pooling{rank}D" + "".join(f" {key}={value}" for key, value in options.items())
    first = options.get("data_format") == "channels_first"
    shape = (2, 3, *SIZES[rank]) if first else (2, *SIZES[rank], 3)
    return Case(name, lambda: getattr(layers, f"{kind}Pooling{rank}D")(**options), [Input(shape)])


CASES = [
    pooling(kind, rank, **options)
    for kind, rank in product(("Max", "Average"), (1, 2, 3))
    for options in (
        {"pool_size": 2},
        {"pool_size": 3, "strides": 2},
        {"pool_size": 3, "strides": 2, "padding": "same"},
        {"pool_size": 3, "strides": 1, "padding": "same"},
        {"pool_size": 2, "padding": "same"},
        {"pool_size": 3, "strides": 2, "padding": "same", "data_format": "channels_first"},
    )
] + [
    pooling(kind, rank, **options)
    for kind, rank in product(("GlobalMax", "GlobalAverage"), (1, 2, 3))
    for options in ({}, {"keepdims": True}, {"data_format": "channels_first"},
                    {"data_format": "channels_first", "keepdims": True})
]  # fmt: skip
CASES += [
    pooling("Max", 2, pool_size=(3, 2), strides=(1, 3)),
    pooling("Average", 2, pool_size=(3, 2), strides=(1, 3), padding="same"),
]
