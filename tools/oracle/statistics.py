"""Methods that weigh by statistics of the data: README.md, section 7."""

import numpy as np

from oracle.linear import weighted_mean
from oracle.options import Options
from oracle.precision import Array, Long, in_order


def fisher(sources: list[Array], information: list[Array], options: Options) -> Array:
    """sum F_k x_k / sum F_k (Matena and Raffel 2022, arXiv 2111.09832); the mean where sum F = 0."""
    weights = options.weights_of(len(sources))
    if any(not np.all(np.isfinite(f)) or np.any(f < 0) for f in information):
        raise ArithmeticError("Fisher information is finite and not negative")
    factors = [np.float64(w) * f for w, f in zip(weights, information, strict=True)]
    divisor = in_order(factors)
    merged = in_order([f * x for f, x in zip(factors, sources, strict=True)])
    mean = weighted_mean(weights, sources)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(divisor == 0, mean, merged / divisor)


def regmean(sources: list[Array], grams: list[Array], options: Options) -> Array:
    """(sum H_k)^-1 sum H_k W_k, H_k = G_k with its off-diagonals times alpha (arXiv 2212.09849).

    W_k as (inputs, outputs), Keras' layout. Inputs that never were active take the mean.
    """
    weights = options.weights_of(len(sources))
    shape = sources[0].shape
    kernels = [x.reshape(-1, shape[-1]) for x in sources]
    size = kernels[0].shape[0]
    scaled = []
    for weight, matrix in zip(weights, grams, strict=True):
        if matrix.shape != (size, size):
            raise ValueError(f"a Gram matrix of {matrix.shape} for a kernel of {shape}")
        off = np.float64(options.alpha) * matrix
        np.fill_diagonal(off, np.diagonal(matrix))
        scaled.append(np.float64(weight) * off)
    whole = in_order(scaled)
    active = np.flatnonzero(np.diagonal(whole) != 0)
    merged = weighted_mean(weights, kernels)
    if active.size:
        system = whole[np.ix_(active, active)]
        right = sum(
            h.astype(Long)[active] @ w.astype(Long) for h, w in zip(scaled, kernels, strict=True)
        )
        merged[active] = _solved(system, right)
    return merged.reshape(shape)


def _solved(system: Array, right: Array) -> Array:
    """Cholesky decides whether there is an answer; residuals in extended precision refine it."""
    try:
        np.linalg.cholesky(system)
    except np.linalg.LinAlgError as error:
        raise ArithmeticError("the sum of the Gram matrices isn't positive definite") from error
    answer = np.linalg.solve(system, right.astype(np.float64)).astype(Long)
    for _ in range(3):
        left = right - system.astype(Long) @ answer
        answer = answer + np.linalg.solve(system, left.astype(np.float64))
    return answer.astype(np.float64)


