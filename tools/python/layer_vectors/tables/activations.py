"""Every activation, by name and as a layer of its own."""

from keras import activations, layers

from layer_vectors.cases import Case, Input

NAMES = sorted(
    name for name in dir(activations)
    if callable(getattr(activations, name))
    and name not in {"get", "serialize", "deserialize", "linear", "glu", "threshold"}
    and name[0].islower()
)  # fmt: skip

# Both sides of every bend, and values that overflow where a formula is written carelessly.
EDGES = [[-200, -90, -6, -3, -1.5, -1, -0.75, -0.5, -0.25, -1e-3, 0, 1e-3, 0.25]]
EDGES += [[0.5, 0.6, 0.75, 1, 1.25, 2, 2.5, 3, 6, 7, 20, 90, 200]]


def activation(name: str, given: Input, suffix: str = "") -> Case:
    """An `Activation` layer."""
    return Case(f"activation {name}{suffix}", lambda: layers.Activation(name), [given])


CASES = [
    *(activation(name, Input((2, 3, 7))) for name in NAMES),
    *(
        activation(name, Input(values=EDGES), " at its edges")
        for name in NAMES if name != "exponential"
    ),
    activation("exponential", Input(values=[[-90, -1, 0, 1, 60]]), " at its edges"),
    activation("glu", Input((2, 3, 8))),
    activation("linear", Input((2, 3))),
    Case("ReLU", lambda: layers.ReLU(), [Input((2, 9))]),
    Case("ReLU with a bound", lambda: layers.ReLU(max_value=0.7), [Input((2, 9))]),
    Case(
        "ReLU with bound, slope and threshold",
        lambda: layers.ReLU(max_value=1.2, negative_slope=0.3, threshold=0.4), [Input((3, 9))],
    ),
    Case("LeakyReLU", lambda: layers.LeakyReLU(), [Input((2, 9))]),
    Case("LeakyReLU with a slope", lambda: layers.LeakyReLU(0.15), [Input((2, 9))]),
    Case("ELU", lambda: layers.ELU(0.6), [Input((2, 9))]),
    Case("Softmax", lambda: layers.Softmax(), [Input((2, 4, 5))]),
    Case("Softmax along the first axis", lambda: layers.Softmax(axis=1), [Input((2, 4, 5))]),
    Case("Softmax along a middle axis", lambda: layers.Softmax(axis=-2), [Input((2, 3, 4, 5))]),
    Case("Softmax along two axes", lambda: layers.Softmax(axis=(1, 2)), [Input((2, 3, 4, 5))]),
    Case("Softmax along two axes apart", lambda: layers.Softmax(axis=(1, -1)), [Input((2, 3, 4, 5))]),
    *(
        Case(f"PReLU shared along {shared}", lambda s=shared: layers.PReLU(shared_axes=s), [Input((2, 3, 4, 2))])
        for shared in (None, [1], [1, 2], [3], [1, 2, 3], [2])
    ),
    Case("PReLU of vectors", lambda: layers.PReLU(), [Input((2, 9))]),
]  # fmt: skip
