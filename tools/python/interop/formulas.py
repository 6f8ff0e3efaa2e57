"""What a merge must compute: in float64, in the order of the sources, rounded once at the end."""

from collections.abc import Sequence
from fractions import Fraction

import ml_dtypes
import numpy as np

Array = np.ndarray


def weighted_sum(factors: Sequence[float], arrays: Sequence[Array]) -> Array:
    """((f_1 a_1 + f_2 a_2) + f_3 a_3) + ..., each product and each sum rounded to float64."""
    total = np.float64(factors[0]) * wide(arrays[0])
    for factor, array in zip(factors[1:], arrays[1:], strict=True):
        total = total + np.float64(factor) * wide(array)
    return total


def soup(arrays: Sequence[Array], weights: Sequence[float]) -> Array:
    """sum_i w_i a_i / sum_i w_i."""
    return weighted_sum(weights, arrays) / np.float64(sum(weights))


def mean(arrays: Sequence[Array]) -> Array:
    """The exact mean, as fractions: equal weights promise the correctly rounded result."""
    flat = [wide(array).ravel() for array in arrays]
    with np.errstate(all="ignore"):
        # Fractions know neither the sign of zero nor infinity; there float64 is exact.
        quotients = (sum(flat[1:], flat[0].copy()) / len(flat)).astype(object)
    for index, terms in enumerate(zip(*flat, strict=True)):
        if np.all(np.isfinite(terms)) and (total := sum(map(Fraction, terms))) != 0:
            quotients[index] = total / len(flat)
    return quotients.reshape(np.shape(arrays[0]))


def interpolate(a: Array, b: Array, alpha: float) -> Array:
    """alpha a + (1 - alpha) b."""
    return weighted_sum([alpha, 1.0 - alpha], [a, b])


def task_vector(tuned: Array, base: Array) -> Array:
    """tuned - base."""
    return wide(tuned) - wide(base)


def add(base: Array, vectors: Sequence[Array], scales: Sequence[float]) -> Array:
    """(base + l_1 tau_1) + l_2 tau_2 + ...; to negate, pass the scales with their signs turned."""
    return weighted_sum([1.0, *scales], [base, *vectors])


def wide(array: Array) -> Array:
    """As float64; exact for every type that is merged."""
    return np.asarray(array).astype(np.float64)


def rounded(values: Array, dtype: np.dtype | str) -> Array:
    """float64 or fractions to the nearest number of the type, halves to even, in one rounding."""
    dtype = np.dtype(ml_dtypes.bfloat16) if str(dtype) == "bfloat16" else np.dtype(dtype)
    values = np.asarray(values)
    if values.dtype == object:
        take = float if dtype == np.float64 else to_odd
        values = np.array([take(v) for v in values.ravel()], np.float64).reshape(values.shape)
    if dtype != ml_dtypes.bfloat16:
        return values.astype(dtype)
    return to_odd_float32(values).astype(dtype)


def to_odd(value: Fraction | float) -> float:
    """The float64 next to `value`, towards zero and then made odd, unless it is one itself.

    What isn't a float64 gets an odd last bit, so that a further rounding to a type with at least
    two bits less is the one that a direct rounding would have been (Boldo and Melquiond, 2008).
    """
    near = np.float64(float(value))
    if isinstance(value, float) or Fraction(float(near)) == value:
        return float(near)
    bits = int(near.view(np.uint64))
    truncated = bits - 1 if abs(Fraction(float(near))) > abs(value) else bits
    return float(np.uint64(truncated | 1).view(np.float64))


def to_odd_float32(values: Array) -> Array:
    """The same from float64 to float32, on the way to bfloat16 (ml_dtypes rounds twice)."""
    with np.errstate(over="ignore"):
        near = values.astype(np.float32)
    lower = np.where(np.abs(wide(near)) > np.abs(values), np.nextafter(near, np.float32(0)), near)
    odd = (lower.view(np.uint32) | np.uint32(1)).view(np.float32)
    return np.where((wide(near) == values) | ~np.isfinite(values), near, odd).astype(np.float32)


def same_bits(a: Array, b: Array) -> bool:
    """Whether types, shapes and all bits agree; zeros of different sign don't."""
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
