"""Operations on tensors, which functional models hold in places of layers."""

from typing import Any

from keras.src.ops import nn, numpy

from layer_vectors.cases import At, Case, Input

X, Y, POSITIVE = Input((2, 4, 6, 3)), Input((2, 1, 6, 3)), Input(values=[[0.1, 0.5], [2, 30]])


def case(
    operation: type, inputs: list[Input], arguments: list[Any] | None = None, **options: Any
) -> Case:
    """A case that its options name."""
    name = f"ops {operation.__name__}{'' if arguments is None else ' ' + str(arguments)}"
    name += "".join(f" {key}={value}" for key, value in options.items())
    marks = [At(place) for place in range(len(inputs))]
    return Case(name, lambda: operation(**options), inputs, arguments or marks)


BINARY = ("Add", "Subtract", "Multiply", "Divide", "TrueDivide", "Maximum", "Minimum")
UNARY = (
    nn.Relu, nn.Relu6, nn.LeakyRelu, nn.Elu, nn.Selu, nn.Celu, nn.Gelu, nn.Silu, nn.HardSilu,
    nn.HardSigmoid, nn.HardTanh, nn.Sigmoid, nn.LogSigmoid, nn.Softplus, nn.Softsign, nn.Softmax,
    nn.LogSoftmax, numpy.Absolute, numpy.Exp, numpy.Negative, numpy.Square, numpy.Tanh,
)  # fmt: skip
SLICES = (
    (slice(None), slice(1, 3)), (slice(None), slice(None), slice(None, None, 2), 0),
    (Ellipsis, slice(-2, None)), (slice(None), -1), (Ellipsis, 1),
    (slice(None), slice(0, -1), Ellipsis, slice(0, 1)),
)  # fmt: skip

CASES = [
    *(case(getattr(numpy, name), [X, Y]) for name in BINARY),
    *(case(getattr(numpy, name), [X], [At(0), 0.7]) for name in BINARY),
    *(case(getattr(numpy, name), [X], [1.5, At(0)]) for name in BINARY),
    case(numpy.Power, [X], [At(0), 2]),
    *(case(operation, [X]) for operation in UNARY),
    case(nn.Gelu, [X], approximate=False),
    case(nn.LeakyRelu, [X], negative_slope=0.35),
    case(nn.Elu, [X], alpha=0.4),
    case(numpy.Clip, [X], x_min=-0.3, x_max=0.8),
    case(numpy.Sqrt, [POSITIVE]),
    case(numpy.Log, [POSITIVE]),
    *(
        case(getattr(numpy, name), [X], axis=axis, keepdims=keeps)
        for name in ("Mean", "Sum", "Max", "Min")
        for axis, keeps in (([1, 2], True), ([1, 2], False), (-1, False), ([1, 3], True))
    ),
    case(numpy.Reshape, [X], newshape=(-1, 24, 3)),
    case(numpy.Reshape, [X], newshape=(-1, 8, 9)),
    case(numpy.Transpose, [X], axes=[0, 3, 1, 2]),
    case(numpy.ExpandDims, [X], axis=1),
    case(numpy.ExpandDims, [X], axis=-1),
    case(numpy.Squeeze, [Y], axis=1),
    case(numpy.Concatenate, [X, Y], [[At(0), At(1)]], axis=1),
    *(case(numpy.GetItem, [X], [At(0), key]) for key in SLICES),
]  # fmt: skip
