"""Products over the last axis."""

from keras import layers

from layer_vectors.cases import Case, Input

CASES = [
    Case("dense", lambda: layers.Dense(4), [Input((2, 3))]),
    Case("dense without bias", lambda: layers.Dense(4, use_bias=False), [Input((2, 3))]),
    Case("dense over sequences", lambda: layers.Dense(4, "relu"), [Input((2, 5, 3))]),
    Case("dense with softmax", lambda: layers.Dense(4, "softmax"), [Input((2, 3))]),
    Case("dense with gelu", lambda: layers.Dense(4, "gelu"), [Input((2, 2, 2, 3))]),
    Case("dense with a scalar activation", lambda: layers.Dense(4, "selu"), [Input((2, 3))]),
    Case("dense with glu", lambda: layers.Dense(4, "glu"), [Input((2, 3))]),
]
