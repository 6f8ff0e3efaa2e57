"""Which elements of a task vector stay; README.md, section 5, step 2."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from oracle.precision import Array


@dataclass(frozen=True)
class Kept:
    """What stays, and how probable that was: one number, or one an element."""

    mask: Array
    probability: float | Array


def count(share: float, number: int) -> int:
    """floor(fl(share * number))."""
    return math.floor(share * number)


def positions(values: Array) -> Array:
    """Each element's place in the order of magnitudes: descending |v|, then ascending index."""
    order = np.argsort(-np.abs(values), kind="stable")
    places = np.empty(values.size, np.int64)
    places[order] = np.arange(values.size)
    return places


def all_or_nothing(tau: Array, everything: bool) -> Kept:
    """Density 1 or 0; there is nothing to rescale."""
    return Kept(np.full(tau.shape, everything), 1.0)


def magnitude(tau: Array, density: float) -> Kept:
    """The largest max(1, floor(density n)) (Yadav et al. 2023, arXiv 2306.01708, of one tensor)."""
    keep = max(1, count(density, tau.size))
    return Kept((positions(tau.ravel()) < keep).reshape(tau.shape), density)


def magnitude_global(taus: Mapping[str, Array], density: float) -> dict[str, Kept]:
    """The same over all tensors at once, as the paper has it; names in order of their bytes."""
    names = sorted(taus, key=str.encode)
    places = positions(np.concatenate([taus[name].ravel() for name in names]))
    keep = max(1, count(density, places.size))
    made, start = {}, 0
    for name in names:
        tau = taus[name]
        mask = places[start : start + tau.size] < keep
        made[name] = Kept(mask.reshape(tau.shape), density)
        start += tau.size
    return made


def bernoulli(tau: Array, density: float, uniform: Array) -> Kept:
    """Each with probability density (Yu et al. 2024, arXiv 2311.03099)."""
    return Kept(uniform.reshape(tau.shape) < density, density)


def band(tau: Array, density: float, gamma: float) -> Kept:
    """The largest floor(gamma n) go, the next floor(density n) stay (arXiv 2312.06795)."""
    number = tau.size
    target, top = count(density, number), count(gamma, number)
    bottom = max(0, number - target - top)
    places = positions(tau.ravel())
    mask = (number - bottom - target <= places) & (places < number - bottom)
    return Kept(mask.reshape(tau.shape), density)


def rank_bernoulli(tau: Array, density: float, epsilon: float, uniform: Array, exact: bool) -> Kept:
    """The more probable the larger within the row (Deep et al. 2024, arXiv 2406.11617).

    The paper: drop p_min + (epsilon/m) r, p_min = p - epsilon/2, r = 0 for the largest of m.
    mergekit: keep from density - epsilon for the smallest to density + epsilon, rows along axis 1.
    """
    if exact:
        if density - epsilon / 2 < 0 or density + epsilon / 2 > 1:
            raise ValueError("epsilon/2 reaches beyond 0 or 1 around the density")
    elif density - epsilon <= 0 or density + epsilon >= 1:
        raise ValueError("epsilon reaches 0 or 1 around the density")
    axis = -1 if exact or tau.ndim < 2 else 1
    places = _positions_along(tau, axis)
    width = tau.shape[axis] if tau.ndim else 1
    if exact:
        probability = (density + epsilon / 2) - (epsilon / width) * places
    elif width == 1:
        probability = np.full(tau.shape, density)
    else:
        share = (width - 1 - places) / np.float64(width - 1)
        probability = (density - epsilon) + share * (2 * epsilon)
    return Kept(uniform.reshape(tau.shape) < probability, probability)


def _positions_along(tau: Array, axis: int) -> Array:
    """Places within the rows along an axis."""
    if tau.ndim == 0:
        return np.zeros((), np.int64)
    order = np.argsort(-np.abs(tau), axis=axis, kind="stable")
    return np.argsort(order, axis=axis, kind="stable")
