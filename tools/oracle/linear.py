"""Linear methods: sums of sources with coefficients known beforehand."""

from fractions import Fraction

import numpy as np

from oracle.options import Options
from oracle.precision import Array, combined, in_order


def divisor(weights: list[float]) -> float:
    """sum w from left to right; zero is an error (mergekit would write Inf or NaN)."""
    summed = float(in_order([np.float64(w) for w in weights]))
    if summed == 0:
        raise ZeroDivisionError("the weights sum to 0")
    return summed


def exact_mean(vectors: list[Array]) -> Array:
    """The exact mean of each element, correctly rounded to float64."""
    flat = [vector.ravel().tolist() for vector in vectors]
    values = [
        float(sum(map(Fraction, terms)) / len(flat)) if any(terms) else sum(terms)
        for terms in zip(*flat, strict=True)
    ]
    return np.array(values, np.float64).reshape(vectors[0].shape)


def weighted_mean(weights: list[float], vectors: list[Array]) -> Array:
    """sum w x / sum w; correctly rounded where the weights are equal."""
    divisor(weights)
    if len(set(weights)) == 1:
        return exact_mean(vectors)
    return combined(weights, vectors) / np.float64(divisor(weights))


def soup(sources: list[Array], options: Options) -> Array:
    """sum w_k x_k [/ sum w_k] (Wortsman et al. 2022, arXiv 2203.05482; mergekit's linear)."""
    weights = options.weights_of(len(sources))
    if options.normalize:
        return weighted_mean(weights, sources)
    return combined(weights, sources)


def interpolate(sources: list[Array], options: Options) -> Array:
    """alpha x_1 + (1 - alpha) x_2."""
    _exactly(sources, 2)
    return combined([options.alpha, 1.0 - options.alpha], sources)


def passthrough(sources: list[Array], options: Options) -> Array:
    """scale x_1, of exactly one source."""
    _exactly(sources, 1)
    return np.float64(options.scale) * sources[0]


def ema(sources: list[Array], options: Options) -> Array:
    """e_1 = x_1, e_k = d e_(k-1) + (1 - d) x_k, written as one sum of the sources.

    c_1 = d^(K-1), c_k = (1 - d) d^(K-k): exact powers, rounded once.
    """
    decay, count = Fraction(options.decay), len(sources)
    if not 0 <= decay <= 1:
        raise ValueError("decay lies in [0, 1]")
    if count == 1:
        return sources[0]
    factors = [decay ** (count - 1)]
    factors += [(1 - decay) * decay ** (count - k) for k in range(2, count + 1)]
    return combined([float(c) for c in factors], sources)


def task_arithmetic(base: Array, sources: list[Array], options: Options) -> Array:
    """b + lambda sum w tau [/ sum w] (Ilharco et al. 2023, arXiv 2212.04089).

    mergekit doesn't divide where |sum w| < 1e-8; with the paper a sum of 0 is an error.
    """
    weights = options.weights_of(len(sources))
    merged = combined(weights, [x - base for x in sources])
    if options.normalize:
        summed = float(in_order([np.float64(w) for w in weights]))
        if options.is_paper or abs(summed) >= 1e-8:
            merged = merged / np.float64(divisor(weights))
    return based(base, merged, options)


def based(base: Array, merged: Array, options: Options) -> Array:
    """b + lambda m; no product where lambda is 1."""
    if options.lambda_ == 1:
        return base + merged
    return base + np.float64(options.lambda_) * merged


def _exactly(sources: list[Array], count: int) -> None:
    if len(sources) != count:
        raise ValueError(f"takes exactly {count} sources, not {len(sources)}")
