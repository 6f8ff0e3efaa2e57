"""Methods that take elements of one source or another: README.md, section 6."""

import math

import numpy as np

from oracle.options import Options
from oracle.precision import Array, Long, in_order


def nearswap(base: Array, sources: list[Array], options: Options) -> Array:
    """Every element goes towards the source's by at most t (mergekit's weights say the same)."""
    (tuned,) = sources
    if options.t is None or options.t < 0:
        raise ValueError("nearswap needs t >= 0")
    t = np.float64(options.t)
    if options.is_paper:
        step = tuned - base
        return np.where(np.abs(step) <= t, tuned, base + np.copysign(t, step))
    weight = np.clip(t / np.maximum(np.abs(base - tuned), 1e-6), 0, 1)
    return weight * tuned + (1 - weight) * base


def arcee_fusion(base: Array, sources: list[Array], options: Options) -> Array:
    """The source's elements where |tau| KL(row) reaches median + 1.5 (Q3 - Q1)."""
    (tuned,) = sources
    if base.size == 0:
        return base
    width = base.shape[-1] if base.ndim else 1
    rows, based = tuned.reshape(-1, width), base.reshape(-1, width)
    divergence = _divergence if options.is_paper else _divergence_mergekit
    importance = (np.abs(rows - based).astype(Long) * divergence(rows, based)).astype(np.float64)
    taken = (importance >= _threshold(importance)).reshape(base.shape)
    return np.where(taken, tuned if options.is_paper else base + (tuned - base), base)


def _threshold(importance: Array) -> np.float64:
    """median + 1.5 (Q3 - Q1), the quantile q being element floor(q (n-1)) in ascending order."""
    values = np.sort(importance.ravel())
    first, median, third = (values[math.floor(q * (values.size - 1))] for q in (0.25, 0.5, 0.75))
    return median + 1.5 * (third - first)


def _softmax(rows: Array) -> Array:
    """e^(x - max) / sum, of every row, in extended precision."""
    powers = np.exp(rows.astype(Long) - rows.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def _divergence_mergekit(rows: Array, based: Array) -> Array:
    """sum P log(P/Q), P and Q the softmaxes plus 1e-8."""
    p, q = _softmax(rows) + Long(1e-8), _softmax(based) + Long(1e-8)
    return np.sum(p * np.log(p / q), axis=-1, keepdims=True)


def _divergence(rows: Array, based: Array) -> Array:
    """The same number without differences of nearly equal ones.

    As sum (P - Q) = 0, it is sum Q ((1+y) log1p(y) - y) with y = (P - Q)/Q, every term >= 0, and
    P - Q = q expm1(tau - z), z = log(sum q e^tau) = log1p(sum q expm1(tau)).
    """
    if rows.shape[-1] == 1:
        # The softmax of one element is 1; what follows would be rounding.
        return np.zeros((rows.shape[0], 1), Long)
    tau = (rows - based).astype(Long)
    q = _softmax(based)
    z = np.log1p(np.sum(q * np.expm1(tau), axis=-1, keepdims=True))
    near = q * np.expm1(tau - z)
    far = _softmax(rows) - q
    moved = np.where(np.abs(tau).max(axis=-1, keepdims=True) > 1, far, near)
    floor = q + Long(1e-8)
    return np.sum(floor * _bracket(moved / floor), axis=-1, keepdims=True)


def _bracket(y: Array) -> Array:
    """(1 + y) log1p(y) - y; its series near zero, where the difference would cancel."""
    small = np.where(np.abs(y) < 1e-3, y, Long(0))
    series = sum((-1) ** m * small**m / Long(m * (m - 1)) for m in range(2, 10))
    large = np.where(np.abs(y) < 1e-3, Long(0), y)
    return np.where(np.abs(y) < 1e-3, series, (1 + large) * np.log1p(large) - large)


def ram(base: Array, sources: list[Array], options: Options) -> Array:
    """The mean over the sources with |tau| > epsilon (Reinforced Agent Merging, arXiv 2601.13572)."""
    return base + _shared_mean(base, sources, options, [np.float64(1)] * len(sources))


def ramplus_tl(base: Array, sources: list[Array], options: Options) -> Array:
    """ram, with what only one source changed times 1 + r min(alpha, shared/unique), by tensor."""
    counts = _changed([x - base for x in sources], options)
    contributors = np.sum(counts, axis=0)
    factors = []
    for changed in counts:
        shared = np.float64(np.count_nonzero(changed & (contributors > 1)))
        unique = np.float64(np.count_nonzero(changed & (contributors == 1)))
        ratio = shared / max(unique, np.float64(options.epsilon))
        factors.append(1 + np.float64(options.r) * min(max(ratio, 0.0), options.alpha))
    return base + _shared_mean(base, sources, options, factors)


def _changed(taus: list[Array], options: Options) -> list[Array]:
    epsilon = options.epsilon
    assert isinstance(epsilon, float), "one epsilon for all sources"
    return [np.abs(tau) > epsilon for tau in taus]


def _shared_mean(
    base: Array, sources: list[Array], options: Options, factors: list[np.float64]
) -> Array:
    """sum of the changes / their number; a change of one source alone times its factor."""
    taus = [x - base for x in sources]
    counts = _changed(taus, options)
    contributors = np.sum(counts, axis=0)
    terms = [
        np.where(changed, np.where(contributors == 1, factor * tau, tau), 0.0)
        for changed, tau, factor in zip(counts, taus, factors, strict=True)
    ]
    return in_order(terms) / np.maximum(contributors, 1)
