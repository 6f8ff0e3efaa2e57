"""The measures of Cross-Task Linearity in NumPy's float64, by their definitions."""

from fractions import Fraction
from math import comb

import numpy as np

Array = np.ndarray
QUANTILES = {"p5": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}


def flat(feature: Array) -> Array:
    """One float64 vector a sample."""
    return np.asarray(feature, np.float64).reshape(len(feature), -1)


def blend(a: Array, b: Array, alpha: float) -> Array:
    """alpha a + (1 - alpha) b; a model times zero has no part in it, whatever its values."""
    if alpha == 0:
        return flat(b)
    return flat(a) if alpha == 1 else alpha * flat(a) + (1 - alpha) * flat(b)


class Comparison:
    """Measured features u against reference features v, sample by sample."""

    def __init__(self, u: Array, v: Array) -> None:
        u, v = flat(u), flat(v)
        self.width = u.shape[1]
        a, b = np.linalg.norm(u, axis=1), np.linalg.norm(v, axis=1)
        finite = np.isfinite(a) & np.isfinite(b)
        usable = finite & (a > 0) & (b > 0)
        self.non_finite = int(np.sum(~finite))
        self.zero_norm = int(np.sum(finite & ~usable))
        self.one_zero = int(np.sum(finite & ((a > 0) != (b > 0))))
        self.all_u, self.all_v = u[finite], v[finite]
        u, v, a, b = u[usable], v[usable], a[usable, None], b[usable, None]
        # Half a squared distance of unit vectors: 1 less the cosine loses what is small.
        self.one_minus_cos = 0.5 * np.sum((u / a - v / b) ** 2, axis=1)
        self.coef = np.sum(u * v, axis=1) / b[:, 0] ** 2
        self.relative_error = np.linalg.norm(u - v, axis=1) / b[:, 0]

    @property
    def samples(self) -> int:
        """The samples that the figures are of."""
        return len(self.coef)

    def overall(self) -> tuple[float, float]:
        """1 - cos and coef of all samples as one vector."""
        u, v = self.all_u.ravel(), self.all_v.ravel()
        a, b = np.linalg.norm(u), np.linalg.norm(v)
        return 0.5 * float(np.sum((u / a - v / b) ** 2)), float(u @ v / b**2)


def summary(values: Array) -> dict[str, float]:
    """The distribution of a measure as reports write it."""
    std = float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
    found = {
        "mean": float(np.mean(values)),
        "std": std,
        "stderr": std / len(values) ** 0.5,
        "min": float(np.min(values)),
        "max": float(np.max(values)),
    }
    return found | {name: float(np.quantile(values, q)) for name, q in QUANTILES.items()}


def cross_entropy(logits: Array, labels: Array) -> float:
    """The mean of log(sum(exp(z))) - z_label."""
    z = flat(logits)
    z = z - z.max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), labels]))


def binary_cross_entropy(logits: Array, labels: Array) -> float:
    """The mean of log(1 + exp(z)) - y z for one logit z."""
    z = flat(logits)[:, 0]
    return float(np.mean(np.logaddexp(0, z) - labels * z))


def classes(logits: Array) -> Array:
    """The class of each sample: the greatest logit's, or a single one's sign."""
    z = flat(logits)
    return (z[:, 0] > 0).astype(int) if z.shape[1] == 1 else z.argmax(axis=1)


def accuracy(logits: Array, labels: Array) -> float:
    """The share of samples of the right class."""
    return float(np.mean(classes(logits) == labels))


def loss(logits: Array, labels: Array) -> float:
    """The cross-entropy that fits the number of logits."""
    single = flat(logits).shape[1] == 1
    return (binary_cross_entropy if single else cross_entropy)(logits, labels)


def agreement(a: Array, b: Array) -> float:
    """The share of samples of equal classes."""
    return float(np.mean(classes(a) == classes(b)))


def certified(measured: Array, reference: Array) -> float:
    """The share of samples whose logits all deviate by less than half the reference's margin."""
    u, v = flat(measured), flat(reference)
    deviation = np.abs(u - v).max(axis=1)
    if u.shape[1] == 1:
        # One logit z stands for two that are z apart from each other and its sign for the class.
        return float(np.mean(deviation < np.abs(v[:, 0])))
    ordered = np.sort(v, axis=1)
    return float(np.mean(deviation < (ordered[:, -1] - ordered[:, -2]) / 2))


def mcnemar(first: Array, second: Array) -> tuple[int, int, float]:
    """The samples that only one is right on, and the exact two-sided p-value, in fractions."""
    b, c = int(np.sum(first & ~second)), int(np.sum(second & ~first))
    tail = sum(comb(b + c, k) for k in range(min(b, c) + 1))
    return b, c, float(min(Fraction(1), Fraction(2 * tail, 2 ** (b + c))))


def wilson(share: float, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    z = 1.959963984540054
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)


def cosine(u: Array, v: Array) -> float:
    """The cosine of two vectors."""
    u, v = np.ravel(u), np.ravel(v)
    return float(u @ v / (np.linalg.norm(u) * np.linalg.norm(v)))
