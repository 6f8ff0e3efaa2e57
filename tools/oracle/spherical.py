"""Methods along arcs; every one is sum c_k x_k with figures from the Gram matrix."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from oracle.linear import divisor
from oracle.options import Options
from oracle.precision import TINY, Array, Long, combined, gram, long

Gram = list[list[Fraction]]


def norms(matrix: Gram) -> list[Long]:
    """|v_k|."""
    return [np.sqrt(long(matrix[k][k])) for k in range(len(matrix))]


def arc(theta: Long, t: float) -> list[float]:
    """(sin((1-t) theta), sin(t theta)) / sin theta, rounded to float64."""
    t = Long(t)
    return [float(np.sin((1 - t) * theta) / np.sin(theta)), float(np.sin(t * theta) / np.sin(theta))]


def chord(t: float) -> list[float]:
    """(1 - t, t)."""
    return [1.0 - t, t]


def exact_coefficients(matrix: Gram, t: float) -> list[float]:
    """The arc where there is an angle: sin^2 theta as an exact quotient, so small angles are exact.

    atan2(sin, cos) is 2 atan2(|u-v|, |u+v|) of the unit vectors.
    """
    squares = matrix[0][0] * matrix[1][1]
    if squares == 0:
        return chord(t)
    square = (squares - matrix[0][1] ** 2) / squares
    if square <= TINY:
        return chord(t)
    cosine = long(matrix[0][1]) / (np.sqrt(long(matrix[0][0])) * np.sqrt(long(matrix[1][1])))
    return arc(np.arctan2(np.sqrt(long(square)), cosine), t)


def slerp_mergekit(matrix: Gram, t: float) -> list[float]:
    """Norms up to 1e-8 aren't divided by; |cos| > 0.9995 is a line; theta = acos cos."""
    lengths = [n if n > 1e-8 else Long(1) for n in norms(matrix)]
    cosine = np.clip(long(matrix[0][1]) / (lengths[0] * lengths[1]), -1, 1)
    return chord(t) if abs(cosine) > 0.9995 else arc(np.arccos(cosine), t)


def nuslerp_mergekit(matrix: Gram, t: float) -> list[float]:
    """Norms are at least 1e-7; 1 - cos^2 <= 1e-16 is a line; theta = acos cos.

    The acos as atan2(sin, cos), with sin^2 from the exact quotient: near 0 and pi the rounding of a
    cosine is magnified.
    """
    least = Fraction(1e-7) ** 2
    squares = max(matrix[0][0], least) * max(matrix[1][1], least)
    square = 1 - matrix[0][1] ** 2 / squares
    if square <= 1e-16:
        return chord(t)
    lengths = [max(n, Long(1e-7)) for n in norms(matrix)]
    cosine = long(matrix[0][1]) / (lengths[0] * lengths[1])
    return arc(np.arctan2(np.sqrt(long(square)), cosine), t)


def slerp(sources: list[Array], options: Options) -> Array:
    """sin((1-t) theta)/sin theta x_1 + sin(t theta)/sin theta x_2, tensors as vectors (Shoemake 1985).

    The coefficients act on the vectors as they are: norms aren't preserved. Zero vectors and
    (anti)parallel ones: the line.
    """
    if len(sources) != 2:
        raise ValueError("slerp takes two sources")
    figures = exact_coefficients if options.is_paper else slerp_mergekit
    return combined(figures(gram(sources), options.t), sources)


def nuslerp(base: Array | None, sources: list[Array], options: Options) -> Array:
    """slerp with t = w_2 / (w_1 + w_2), of the tensors, their rows or along axis 0; of tau with a base."""
    if len(sources) != 2:
        raise ValueError("nuslerp takes two sources")
    weights = options.weights_of(2)
    if not options.is_paper and abs(weights[0] + weights[1]) < 1e-6:
        t = 0.5
    else:
        t = weights[1] / divisor(weights)
    figures = exact_coefficients if options.is_paper else nuslerp_mergekit
    vectors = sources if base is None else [x - base for x in sources]

    def piece(parts: list[Array]) -> Array:
        return combined(figures(gram(parts), t), parts)

    if options.flatten:
        merged = piece(vectors)
    elif options.row_wise and vectors[0].ndim > 1:
        turned = [np.swapaxes(v, 0, -1) for v in vectors]
        merged = np.swapaxes(by_rows(turned, piece), 0, -1)
    else:
        merged = by_rows(vectors, piece)
    return merged if base is None else base + merged


def by_rows(vectors: list[Array], piece: Callable[[list[Array]], Array]) -> Array:
    """`piece` of every row (the elements along the last axis)."""
    shape = vectors[0].shape
    width = shape[-1] if shape else 1
    rows = [np.ascontiguousarray(v).reshape(-1, width) for v in vectors]
    made = [piece([r[i] for r in rows]) for i in range(rows[0].shape[0])]
    return np.array(made, np.float64).reshape(shape)


def multislerp(base: Array | None, sources: list[Array], options: Options) -> Array:
    """The weighted mean of the directions, at the weighted mean of the norms.

    The published second step, along v = sum w (u_k - <u_k, m> m), changes nothing: v is
    sum w u - <sum w u, m> m = 0, as m is the direction of sum w u. mergekit adds 1e-8 to norms.
    """
    if len(sources) == 1:
        return sources[0]
    vectors = sources if base is None else [x - base for x in sources]
    weights = [Long(w) for w in options.weights_of(len(sources))]
    if options.normalize:
        summed = Long(divisor([float(w) for w in weights]))
        weights = [w / summed for w in weights]
    factors = _multislerp_factors(gram(vectors), weights, options.is_paper)
    merged = combined(factors, vectors)
    return merged if base is None else base + merged


def _multislerp_factors(matrix: Gram, weights: list[Long], exact: bool) -> list[float]:
    """c_k of sum c_k x_k."""
    epsilon = Long(0) if exact else Long(1e-8)
    lengths = norms(matrix)
    # The directions' coefficients: u_k = scales_k x_k.
    scales = [1 / (n + epsilon) if n + epsilon > 0 else Long(0) for n in lengths]
    cosines = scaled(matrix, scales)
    square = quadratic(cosines, weights)
    if exact:
        balanced = square <= long(TINY) * sum(abs(w) for w in weights) ** 2
    else:
        balanced = np.sqrt(max(square, Long(0))) < epsilon
    if balanced:
        if len(weights) != 2:
            raise ArithmeticError("the weighted directions sum to zero")
        return [float(w) for w in weights]
    length = np.sqrt(square)
    mean = [w / length for w in weights]
    average = sum(w * n for w, n in zip(weights, lengths, strict=True))
    along = mean
    if not exact:
        # v = sum w_k (u_k - d_k m) = sum w_k u_k - (sum w_k d_k) m; zero but for rounding.
        dots = [sum(c * m for c, m in zip(row, mean, strict=True)) for row in cosines]
        whole = sum(w * d for w, d in zip(weights, dots, strict=True))
        tangent = [w - whole * m for w, m in zip(weights, mean, strict=True)]
        size = np.sqrt(max(quadratic(cosines, tangent), Long(0))) + epsilon
        along = [
            np.cos(size) * m + np.sin(size) / size * v for m, v in zip(mean, tangent, strict=True)
        ]
    return [float(average * c * s) for c, s in zip(along, scales, strict=True)]


def scaled(matrix: Gram, scales: list[Long]) -> list[list[Long]]:
    """The Gram matrix of the vectors times the scales."""
    return [
        [long(value) * a * b for value, b in zip(row, scales, strict=True)]
        for row, a in zip(matrix, scales, strict=True)
    ]


def quadratic(matrix: list[list[Long]], factors: list[Long]) -> Long:
    """c^T G c, the squared norm of sum c_k v_k."""
    return sum(
        a * b * value
        for a, row in zip(factors, matrix, strict=True)
        for b, value in zip(factors, row, strict=True)
    )
