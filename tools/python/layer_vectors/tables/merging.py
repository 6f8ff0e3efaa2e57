"""Layers that take several inputs."""

from keras import layers
from keras.src.applications.inception_resnet_v2 import CustomScaleLayer

from layer_vectors.cases import Case, Input

SAME = [Input((2, 3, 4)), Input((2, 3, 4))]
THREE = [*SAME, Input((2, 3, 4))]
BROADCAST = [Input((2, 3, 1, 5)), Input((2, 1, 4, 5))]
RANKS = [Input((2, 3, 4)), Input((2, 4))]


def masked(*rows: list[int]) -> Input:
    """Data of which some positions are zeros and masked."""
    return Input(values=[[[x, 2 * x] for x in row] for row in rows], prepare=layers.Masking)


MASKED = [masked([0, -1, 3, 0], [1, 0, 0, 2]), masked([0, 2, 0, -4], [3, 4, 0, -1])]
LAST_MASKED = masked([0, 0, 5, -1], [-2, 0, 0, 0])
PLAIN = Input(values=[[[-1, 2], [3, -4], [0, 1], [-2, -2]], [[5, 1], [-1, 0], [-3, 2], [1, 4]]])
NAMES = ("Add", "Multiply", "Average", "Maximum", "Minimum")
CASES = [
    Case("CustomScaleLayer", lambda: CustomScaleLayer(0.17), SAME),
    *(
        Case(f"{name} {what}", lambda kind=name: getattr(layers, kind)(), inputs)
        for name in NAMES
        for what, inputs in (
            ("two", SAME), ("three", THREE), ("broadcast", BROADCAST), ("of two ranks", RANKS),
            ("of ranks three apart", [Input((2, 5)), Input((2, 2, 3, 4, 5))]),
        )
    ),
    *(
        Case(f"Subtract {what}", lambda: layers.Subtract(), inputs)
        for what, inputs in (("two", SAME), ("broadcast", BROADCAST), ("of two ranks", RANKS))
    ),
    *(
        Case(f"Concatenate along {axis}", lambda a=axis: layers.Concatenate(axis=a), inputs)
        for axis, inputs in (
            (-1, [Input((2, 3, 4)), Input((2, 3, 1)), Input((2, 3, 2))]),
            (1, [Input((2, 3, 4)), Input((2, 1, 4))]),
            (2, [Input((2, 3, 4, 2)), Input((2, 3, 1, 2))]),
        )
    ),
    *(
        Case(
            f"Dot along {axes} of {a} and {b} normalize={normalize}",
            lambda x=axes, n=normalize: layers.Dot(axes=x, normalize=n), [Input(a), Input(b)],
        )
        for normalize in (False, True)
        for axes, a, b in (
            (1, (2, 5), (2, 5)), (-1, (2, 3, 5), (2, 4, 5)), ((2, 1), (2, 3, 5), (2, 5, 4)),
            (1, (2, 5, 3), (2, 5, 4)), ((1, 2), (2, 5, 3), (2, 4, 5)), ((1, 1), (2, 5), (2, 5, 3)),
            ((-1, 1), (2, 3, 5), (2, 5)), ((3, 1), (2, 2, 3, 5), (2, 5, 4)),
        )
    ),
    Case("Add with masks", lambda: layers.Add(), [masked([0, 1, 3], [1, 0, 0]), masked([1, 0, 2], [3, 4, 0])]),
    Case("Multiply with one mask", lambda: layers.Multiply(), [masked([0, 1, 3], [1, 0, 0]), Input((2, 3, 2))]),
    *(
        Case(f"{name} with {what}", lambda kind=name: getattr(layers, kind)(), inputs)
        for name in ("Multiply", "Maximum", "Minimum")
        for what, inputs in (("masks", MASKED), ("three masks", [*MASKED, LAST_MASKED]))
    ),
    *(
        Case(f"{name} with a mask at {place}", lambda kind=name: getattr(layers, kind)(), inputs)
        for name in ("Maximum", "Minimum")
        for place, inputs in (
            (0, [MASKED[0], PLAIN]), (1, [PLAIN, MASKED[0]]), (2, [PLAIN, PLAIN, MASKED[0]]),
            ("0 and 2", [MASKED[0], PLAIN, MASKED[1]]), ("0 and 1", [*MASKED, PLAIN]),
        )
    ),
    *(
        Case(f"Concatenate along {axis} with {what}", lambda a=axis: layers.Concatenate(axis=a), inputs)
        for axis in (-1, 1)
        for what, inputs in (("masks", MASKED), ("one mask", [PLAIN, MASKED[0]]))
    ),
]  # fmt: skip
