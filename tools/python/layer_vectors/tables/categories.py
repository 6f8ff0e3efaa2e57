"""Layers that turn numbers into categories."""

from keras import layers

from layer_vectors.cases import Case, Input

SAMPLES = [Input((3, 1), high=4), Input((3, 5), high=4)]
BINS = Input(values=[[-2.0, -1.0, 0.0, 0.4], [0.5, 0.7, 9.0, 2.0]])

CASES = [
    Case("CategoryEncoding one_hot", lambda: layers.CategoryEncoding(4, "one_hot"), SAMPLES[:1]),
    Case("CategoryEncoding one_hot of rows", lambda: layers.CategoryEncoding(4, "one_hot"), SAMPLES[1:]),
    Case("CategoryEncoding multi_hot", lambda: layers.CategoryEncoding(4, "multi_hot"), SAMPLES[1:]),
    Case("CategoryEncoding multi_hot of one", lambda: layers.CategoryEncoding(4), SAMPLES[:1]),
    Case("CategoryEncoding count", lambda: layers.CategoryEncoding(4, "count"), SAMPLES[1:]),
    *(
        Case(f"Discretization {mode}",
             lambda m=mode: layers.Discretization([-1.0, 0.5, 2.0], output_mode=m), [BINS])
        for mode in ("int", "one_hot", "multi_hot", "count")
    ),
]  # fmt: skip
