"""Select, calculate, erase (Wan et al. 2024, FuseChat, arXiv 2408.07990): README.md, section 5."""

import numpy as np

from oracle.consensus import elected
from oracle.options import Options
from oracle.precision import Array, in_order, square_sum
from oracle.sparsify import count


def selected(taus: list[Array], share: float) -> Array:
    """The floor(share N) elements of largest variance over the sources, N those with any."""
    number = np.float64(len(taus))
    mean = in_order(taus) / number
    variance = in_order([(tau - mean) * (tau - mean) for tau in taus]) / number
    keep = count(share, int(np.count_nonzero(variance)))
    mask = np.zeros(variance.size, bool)
    mask[np.argsort(-variance.ravel(), kind="stable")[:keep]] = True
    return mask.reshape(variance.shape)


def energies(taus: list[Array], exact: bool) -> list[float] | None:
    """sum tau_k^2 as shares of their sum; nothing where all are zero.

    mergekit takes equal shares where the sum of the means of squares is below 1e-6, which is so
    for most fine-tunes.
    """
    sums = [np.float64(square_sum(tau)) for tau in taus]
    if not exact:
        means = [s / np.float64(taus[0].size) for s in sums]
        if in_order(means) < 1e-6:
            return [1.0 / len(taus)] * len(taus)
        return [float(m / in_order(means)) for m in means]
    whole = in_order(sums)
    return [float(s / whole) for s in sums] if whole > 0 else None


def sce(base: Array, sources: list[Array], options: Options) -> Array:
    """b + sum e_k tau_k / sum e_k over the sources with the elected sign."""
    taus = [x - base for x in sources]
    if base.size == 0:
        return base
    if options.select_topk < 1:
        mask = selected(taus, options.select_topk)
        taus = [np.where(mask, tau, 0.0) for tau in taus]
    shares = energies(taus, options.is_paper)
    if shares is None:
        return base
    agree = elected(taus, options.is_paper)
    factors = [np.where(a, np.float64(e), 0.0) for a, e in zip(agree, shares, strict=True)]
    merged = in_order([f * tau for f, tau in zip(factors, taus, strict=True)])
    divisor = in_order(factors)
    if options.is_paper:
        return base + merged / np.where(divisor == 0, 1.0, divisor)
    return base + merged / np.maximum(divisor, 1e-6)
