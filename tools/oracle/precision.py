"""Sums that are exact, so that what the reference says about a tensor has no rounding of its own."""

import math
from fractions import Fraction

import numpy as np

Array = np.ndarray
Long = np.longdouble

# "Zero" to twice the working precision; always relative to something.
TINY = Fraction(1, 2**90)

_SPLITTER = float(2**27 + 1)


def _halves(a: Array) -> tuple[Array, Array]:
    """Two numbers of 26 bits whose sum is `a` (Dekker 1971, after Veltkamp)."""
    scaled = _SPLITTER * a
    high = scaled - (scaled - a)
    return high, a - high


def product_error(a: Array, b: Array, product: Array) -> Array:
    """What `product = fl(a b)` lacks, exactly (barring underflow)."""
    a_high, a_low = _halves(a)
    b_high, b_low = _halves(b)
    return ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low


def dot(a: Array, b: Array) -> Fraction:
    """<a, b> to about 106 bits: every product exact, the sum as two float64 numbers."""
    a, b = a.ravel(), b.ravel()
    product = a * b
    terms = [*product.tolist(), *product_error(a, b, product).tolist()]
    total = math.fsum(terms)
    return Fraction(total) + Fraction(math.fsum([*terms, -total]))


def gram(vectors: list[Array]) -> list[list[Fraction]]:
    """G_jk = <v_j, v_k>."""
    count = len(vectors)
    made = [[Fraction(0)] * count for _ in range(count)]
    for j in range(count):
        for k in range(j, count):
            made[j][k] = made[k][j] = dot(vectors[j], vectors[k])
    return made


def long(value: Fraction) -> Long:
    """In extended precision: a fraction's nearest float64 and the nearest of what is left."""
    near = float(value)
    return Long(near) + Long(float(value - Fraction(near)))


def total(values: Array) -> float:
    """The exact sum, rounded once."""
    return math.fsum(values.ravel().tolist())


def absolute_sum(values: Array) -> float:
    """sum |v|, exact and rounded once."""
    return total(np.abs(values))


def square_sum(values: Array) -> float:
    """sum v^2, rounded once."""
    return float(dot(values, values))


def in_order(terms: list[Array]) -> Array:
    """((t_1 + t_2) + t_3) + ..., each sum rounded."""
    summed = terms[0]
    for term in terms[1:]:
        summed = summed + term
    return summed


def combined(factors: list[float], vectors: list[Array]) -> Array:
    """(c_1 v_1 + c_2 v_2) + ..., each product and each sum rounded."""
    return in_order([np.float64(c) * v for c, v in zip(factors, vectors, strict=True)])
