"""Layers that take several inputs."""

from keras import layers

from layer_vectors.cases import Case, Input

SAME = [Input((2, 3, 4)), Input((2, 3, 4))]
THREE = [*SAME, Input((2, 3, 4))]
BROADCAST = [Input((2, 3, 1, 5)), Input((2, 1, 4, 5))]
RANKS = [Input((2, 3, 4)), Input((2, 4))]


def masked(shape: tuple[int, ...]) -> Input:
    """Data of which some positions are zeros and masked."""
    return Input(
        values=[[[0, 0], [1, 2], [3, 0]], [[1, 1], [0, 0], [0, 0]]][: shape[0]],
        prepare=lambda: layers.Masking(),
    )


NAMES = ("Add", "Multiply", "Average", "Maximum", "Minimum")
CASES = [
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
]  # fmt: skip
