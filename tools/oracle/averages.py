"""Karcher mean, Model Stock and geometric median; figures from the Gram matrix."""

from fractions import Fraction

import numpy as np

from oracle.linear import divisor
from oracle.options import Options
from oracle.precision import TINY, Array, Long, combined, gram, in_order, long
from oracle.spherical import by_rows, norms, quadratic, scaled

# From 1 + cos theta up to here a vector counts as opposite.
ANTIPODAL = Long(2) ** -40


def karcher(sources: list[Array], options: Options) -> Array:
    """The mean direction on the sphere by its fixed point, at the mean norm (arXiv 2603.04972).

    m <- exp_m(sum a_k log_m(u_k)), from the normalised mean, until the step is below tol or
    max_iter; times sum alpha_k |x_k| over all. mergekit leaves out vectors up to tol and angles
    below tol; exactly only zero vectors and zero angles are left out.
    """
    if len(sources) == 1:
        return sources[0]
    count = len(sources)
    weights = options.weights_of(count) if options.is_paper else [1.0] * count
    if min(weights) < 0:
        raise ValueError("karcher takes no negative weights")
    summed = Long(divisor(weights))
    shares = [Long(w) / summed for w in weights]
    matrix = gram(sources)
    lengths = norms(matrix)
    valid = [k for k in range(count) if lengths[k] > (0 if options.is_paper else options.tol)]
    if not valid:
        return np.zeros_like(sources[0])
    units = scaled([[matrix[j][k] for k in valid] for j in valid], [1 / lengths[k] for k in valid])
    direction = _mean_direction(units, [shares[k] for k in valid], options)
    size = sum(share * length for share, length in zip(shares, lengths, strict=True))
    factors = [0.0] * count
    for k, factor in zip(valid, direction, strict=True):
        factors[k] = float(size * factor / lengths[k])
    return combined(factors, sources)


def _mean_direction(units: list[list[Long]], shares: list[Long], options: Options) -> list[Long]:
    """The fixed point as coefficients of the unit vectors."""
    shares = [share / sum(shares) for share in shares]
    tolerance = Long(options.tol)
    square = quadratic(units, shares)
    nothing = square <= long(TINY) if options.is_paper else square < tolerance**2
    first = [Long(k == 0) for k in range(len(shares))]
    mean = first if nothing else [share / np.sqrt(square) for share in shares]
    for _ in range(options.max_iter):
        tangent = _tangent(units, shares, mean, Long(0) if options.is_paper else tolerance)
        step = np.sqrt(max(quadratic(units, tangent), Long(0)))
        if step < tolerance:
            break
        moved = [
            np.cos(step) * m + np.sin(step) / step * v for m, v in zip(mean, tangent, strict=True)
        ]
        length = np.sqrt(quadratic(units, moved))
        mean = [m / length for m in moved]
    return mean


def _tangent(
    units: list[list[Long]], shares: list[Long], mean: list[Long], smallest: Long
) -> list[Long]:
    """sum a_k theta_k / sin theta_k (u_k - cos theta_k m)."""
    tangent = [Long(0)] * len(mean)
    for k, share in enumerate(shares):
        cosine = np.clip(sum(c * m for c, m in zip(units[k], mean, strict=True)), -1, 1)
        sine = np.sqrt(1 - cosine**2)
        theta = np.arctan2(sine, cosine)
        # Opposite to the mean there is no direction, and near it only rounding.
        if cosine <= -(1 - ANTIPODAL) or theta < smallest:
            continue
        factor = share * theta / sine if sine > 0 else share
        tangent = [v - factor * cosine * m for v, m in zip(tangent, mean, strict=True)]
        tangent[k] += factor
    return tangent


def model_stock(base: Array, sources: list[Array], options: Options) -> Array:
    """b + t mean tau, t = K c / (1 + (K-1) c), c the mean cosine of the tau (arXiv 2403.19522).

    The paper has one angle; the mean over pairs is mergekit's choice. mergekit's cosines have a
    denominator of at least 1e-6, which stops small tensors from moving.
    """
    if len(sources) < 2:
        raise ValueError("model-stock takes at least two sources")
    vectors = [x - base for x in sources]

    def piece(parts: list[Array]) -> Array:
        return np.float64(stock_factor(parts, options.is_paper)) * in_order(parts)

    merged = by_rows(vectors, piece) if options.filter_wise else piece(vectors)
    return base + merged


def stock_factor(vectors: list[Array], exact: bool) -> float:
    """t / K."""
    count = len(vectors)
    matrix = gram(vectors)
    lengths = norms(matrix)
    cosines = []
    for j in range(count):
        for k in range(j + 1, count):
            size = lengths[j] * lengths[k]
            if not exact:
                cosines.append(np.clip(long(matrix[j][k]) / max(size, Long(1e-6)), -1, 1))
            else:
                cosines.append(long(matrix[j][k]) / size if size > 0 else Long(0))
    mean = sum(cosines) / len(cosines)
    denominator = 1 + (count - 1) * mean
    return 0.0 if abs(denominator) < 1e-6 else float(mean / denominator)


def geometric_median(sources: list[Array], options: Options) -> Array:
    """argmin_y sum w_k |y - x_k| by Weiszfeld's iteration, in coefficients of the sources.

    A source is itself the median where the others pull less than its weight (Vardi and Zhang 2000).
    """
    if len(sources) == 1:
        return sources[0]
    weights = options.weights_of(len(sources))
    if min(weights) <= 0:
        raise ValueError("geometric-median takes positive weights")
    squares = _distances(gram(sources))
    factors = _source_median(squares, weights) or _weiszfeld(squares, weights, options)
    return combined([float(c) for c in factors], sources)


def _distances(matrix: list[list[Fraction]]) -> list[list[Long]]:
    """|x_j - x_k|^2."""
    count = len(matrix)
    made = [[Long(0)] * count for _ in range(count)]
    for j in range(count):
        for k in range(count):
            square = matrix[j][j] + matrix[k][k] - 2 * matrix[j][k]
            if j != k and square > TINY * (matrix[j][j] + matrix[k][k]):
                made[j][k] = long(square)
    return made


def _source_median(squares: list[list[Long]], weights: list[float]) -> list[Long] | None:
    """The first source that the others don't pull away, as coefficients."""
    count = len(weights)
    for k in range(count):
        others = [j for j in range(count) if squares[j][k] > 0]
        own = sum(Long(weights[j]) for j in range(count) if squares[j][k] == 0)
        pulls = {j: Long(weights[j]) / np.sqrt(squares[j][k]) for j in others}
        square = sum(
            pulls[i] * pulls[j] * (squares[i][k] + squares[j][k] - squares[i][j]) / 2
            for i in others
            for j in others
        )
        if np.sqrt(max(Long(square), Long(0))) < (1 - Long(2) ** -40) * own:
            return [Long(j == k) for j in range(count)]
    return None


def _weiszfeld(
    squares: list[list[Long]], weights: list[float], options: Options
) -> list[Long]:
    """l_k <- (w_k/d_k) / sum (w_j/d_j)."""
    summed = sum(Long(w) for w in weights)
    shares = [Long(w) / summed for w in weights]
    least = Long(2) ** -50 * np.sqrt(max(max(row) for row in squares))
    for _ in range(options.max_iter):
        half = quadratic(squares, shares) / 2
        away = [
            np.sqrt(max(sum(l * d for l, d in zip(shares, row, strict=True)) - half, least**2))
            for row in squares
        ]
        pulls = [Long(w) / d for w, d in zip(weights, away, strict=True)]
        moved = [pull / sum(pulls) for pull in pulls]
        change = max(abs(a - b) for a, b in zip(moved, shares, strict=True))
        shares = moved
        if change <= options.tol:
            break
    return shares
