"""Task vectors, made sparse, rescaled, agreed upon and added: README.md, section 5."""

from collections.abc import Mapping, Sequence

import numpy as np

from oracle import sparsify
from oracle.counter_random import uniform
from oracle.linear import based, divisor
from oracle.options import ELECTING, Options, per_source
from oracle.precision import Array, absolute_sum, in_order
from oracle.sparsify import Kept

Model = Mapping[str, Array]


def consensus(base: Model, sources: Sequence[Model], options: Options) -> dict[str, Array]:
    """All tensors at once, because the paper's TIES trims over the whole model."""
    taus = [{name: source[name] - base[name] for name in base} for source in sources]
    kept = [_kept(tau, k, options, len(sources)) for k, tau in enumerate(taus)]
    return {
        name: merge(base[name], [t[name] for t in taus], [k[name] for k in kept], options)
        for name in base
    }


def _kept(taus: Model, source: int, options: Options, count: int) -> dict[str, Kept]:
    """What stays of one source."""
    density = per_source(options.density, count, "density")[source]
    if not 0 <= density <= 1:
        raise ValueError("density lies in [0, 1]")
    if density in (0, 1):
        return {name: sparsify.all_or_nothing(tau, density == 1) for name, tau in taus.items()}
    if options.method == "ties" and options.trim == "global":
        return sparsify.magnitude_global(taus, density)
    return {name: _kept_of(tau, name, source, options, count) for name, tau in taus.items()}


def _kept_of(tau: Array, name: str, source: int, options: Options, count: int) -> Kept:
    """What stays of one tensor of one source, by the verb's sparsifier."""
    density = per_source(options.density, count, "density")[source]
    if tau.size == 0:
        return sparsify.all_or_nothing(tau, False)
    if options.method == "ties":
        return sparsify.magnitude(tau, density)
    if options.method.startswith("breadcrumbs"):
        gamma = per_source(options.gamma, count, "gamma")[source]
        return sparsify.band(tau, density, gamma)
    numbers = uniform(options.seed, name, source, tau.size)
    if options.method.startswith("dare"):
        return sparsify.bernoulli(tau, density, numbers)
    epsilon = per_source(options.epsilon, count, "epsilon")[source]
    return sparsify.rank_bernoulli(tau, density, epsilon, numbers, options.is_paper)


def rescaled(tau: Array, kept: Kept, options: Options) -> Array:
    """none: s. inverse: s/p. l1: s times sum |tau| / sum |s|, if neither is zero."""
    if options.rescale == "inverse":
        return np.where(kept.mask, tau / kept.probability, 0.0)
    sparse = np.where(kept.mask, tau, 0.0)
    if options.rescale == "none":
        return sparse
    if options.rescale != "l1":
        raise ValueError(f"rescale is none, l1 or inverse, not {options.rescale}")
    before, after = absolute_sum(tau), absolute_sum(sparse)
    least = 0.0 if options.is_paper else 1e-7
    if min(before, after) < least or min(before, after) == 0:
        return sparse
    return sparse * (np.float64(before) / np.float64(after))


def merge(base: Array, taus: list[Array], kept: list[Kept], options: Options) -> Array:
    """Steps 3 to 7 of one tensor."""
    weights = [np.float64(w) for w in options.weights_of(len(taus))]
    scaled = [rescaled(tau, k, options) for tau, k in zip(taus, kept, strict=True)]
    weighed = [w * r for w, r in zip(weights, scaled, strict=True)]
    if options.method in ELECTING:
        agree = elected(weighed if options.sign_weights else scaled, options.is_paper)
    else:
        agree = [np.ones(base.shape, bool)] * len(taus)
    merged = in_order([np.where(a, g, 0.0) for a, g in zip(agree, weighed, strict=True)])
    if options.normalize:
        merged = merged / _divisor(weights, agree, options)
    return based(base, merged, options)


def elected(votes: list[Array], zero_agrees_with_nothing: bool) -> list[Array]:
    """Where a source's sign is the sum's; a sum of zero is positive for mergekit, void otherwise."""
    sums = in_order(votes)
    signs = np.sign(sums) if zero_agrees_with_nothing else np.where(sums >= 0, 1.0, -1.0)
    return [(np.sign(vote) == signs) & (vote != 0) for vote in votes]


def _divisor(weights: list[np.float64], agree: list[Array], options: Options) -> Array:
    """sum of the weights that agree; 1 where it is 0."""
    if options.method not in ELECTING and options.is_paper:
        divisor([float(w) for w in weights])
    summed = in_order([np.where(a, w, 0.0) for a, w in zip(agree, weights, strict=True)])
    nothing = summed == 0
    if options.method not in ELECTING and not options.is_paper:
        nothing = np.abs(summed) < 1e-8
    return np.where(nothing, 1.0, summed)
