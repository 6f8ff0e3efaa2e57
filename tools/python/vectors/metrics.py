"""Writes what NumPy finds in small arrays, for the tests of the probe's metrics.

`python -m vectors.metrics FILE`. Features are binary32; figures are computed in NumPy's long
double, so that the oracle's own rounding is far below what is tested, even where samples are nearly
parallel.
"""

import json
import math
import sys
from pathlib import Path

import numpy as np

WIDE = np.longdouble
PERCENTILES = (5, 25, 50, 75, 95)


def summary(values: np.ndarray) -> dict[str, float]:
    """Mean, deviation with divisor n - 1, and NumPy's default quantiles."""
    quantiles = np.quantile(values.astype(np.float64), [p / 100 for p in PERCENTILES])
    named = {f"p{p}": float(q) for p, q in zip(PERCENTILES, quantiles, strict=True)}
    return {"mean": float(values.mean()), "std": float(values.std(ddof=1)), **named}


def one_minus_cos(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """The stable form, for rows."""
    u, v = (x / np.sqrt((x * x).sum(-1, keepdims=True)) for x in (u, v))
    return ((u - v) ** 2).sum(-1) / 2


def closeness(u: np.ndarray, v: np.ndarray) -> dict[str, object]:
    """All figures of one comparison."""
    coef = (u * v).sum(-1) / (v * v).sum(-1)
    error = np.sqrt(((u - v) ** 2).sum(-1) / (v * v).sum(-1))
    return {
        "oneMinusCos": summary(one_minus_cos(u, v)),
        "coef": summary(coef),
        "relativeError": summary(error),
        "globalOneMinusCos": float(one_minus_cos(u.reshape(-1), v.reshape(-1))),
        "globalCoef": float((u * v).sum() / (v * v).sum()),
    }


def features(generator: np.random.Generator) -> dict[str, object]:
    """Two models, one near their mean (each sample nearer than the one before), and forms of them."""
    samples, width = 11, 13
    a, b, noise = (generator.standard_normal((samples, width)) for _ in range(3))
    a, b = a.astype(np.float32), b.astype(np.float32)
    scale = 4.0 ** -np.arange(samples)[:, None]
    merged = ((a.astype(np.float64) + b) / 2 + scale * noise).astype(np.float32)
    streams = [a, b, merged]
    forms = [
        ([0, 0, 1], [0.5, 0.5, 0]),
        ([0, 0, 1], [1, 0, 0]),
        ([1, 0, 0], [0, 1, 0]),
        ([2, -1, 0], [0, -0.75, 1.5]),
    ]

    def evaluate(factors: list[float]) -> np.ndarray:
        return sum(f * s.astype(WIDE) for f, s in zip(factors, streams, strict=True))

    comparisons = [
        {"measured": u, "reference": v, **closeness(evaluate(u), evaluate(v))} for u, v in forms
    ]
    difference, residual = evaluate([1, -1, 0]), evaluate([0, -1, 1])
    alpha = (residual * difference).sum() / (difference**2).sum()
    left = np.sqrt(((residual - alpha * difference) ** 2).sum())
    whole = np.sqrt((merged.astype(WIDE) ** 2).sum())
    return {
        "width": width,
        "streams": [[float(x) for x in s.reshape(-1)] for s in streams],
        "comparisons": comparisons,
        "fit": {"alpha": float(alpha), "residual": float(left / whole)},
    }


def outputs(generator: np.random.Generator) -> dict[str, object]:
    """Logits of two models and one between, with labels; ties are among them."""
    samples, classes = 40, 4
    a, b, noise = (generator.standard_normal((samples, classes)) for _ in range(3))
    a, b = (np.round(4 * x).astype(np.float32) for x in (a, b))
    merged = ((a + b) / 2 + 0.4 * noise).astype(np.float32)
    labels = generator.integers(0, classes, samples)
    between = (a.astype(np.float64) + b) / 2
    constructions = [a.astype(np.float64), merged.astype(np.float64), between]
    losses = [
        float(np.mean(np.log(np.exp(z).sum(-1)) - z[np.arange(samples), labels]))
        for z in constructions
    ]
    said = [z.argmax(-1) for z in constructions]
    ordered = np.sort(between, -1)
    margin = ordered[:, -1] - ordered[:, -2]
    return {
        "streams": [[float(x) for x in z.reshape(-1)] for z in (a, b, merged)],
        "labels": labels.tolist(),
        "right": [int((s == labels).sum()) for s in said],
        "losses": losses,
        "agreement": float((said[1] == said[2]).mean()),
        "certified": float((np.abs(merged - between).max(-1) < margin / 2).mean()),
    }


def moments(generator: np.random.Generator) -> dict[str, object]:
    """Channels whose means are large beside their deviations."""
    values = (1000 + generator.standard_normal((50, 3)) * [1, 10, 0.1]).astype(np.float32)
    wide = values.astype(WIDE)
    return {
        "values": [float(x) for x in values.reshape(-1)],
        "means": [float(x) for x in wide.mean(0)],
        "variances": [float(x) for x in wide.var(0)],
    }


def weights(generator: np.random.Generator) -> dict[str, object]:
    """Two models close to a base."""
    base = generator.standard_normal(30).astype(np.float32)
    a, b = ((base + 1e-4 * generator.standard_normal(30)).astype(np.float32) for _ in range(2))
    p, x, y = (v.astype(WIDE) for v in (base, a, b))

    def norm(v: np.ndarray) -> WIDE:
        return np.sqrt((v * v).sum())

    return {
        "base": [float(v) for v in base],
        "a": [float(v) for v in a],
        "b": [float(v) for v in b],
        "distance": float(norm(x - y)),
        "relativeDistance": float(norm(x - y) / np.sqrt(norm(x) * norm(y))),
        "cosine": float((x * y).sum() / norm(x) / norm(y)),
        "taskVectorCosine": float(((x - p) * (y - p)).sum() / norm(x - p) / norm(y - p)),
    }


def paired() -> list[dict[str, object]]:
    """McNemar's exact p-values by integers of any size."""
    pairs = [(0, 0), (1, 0), (0, 6), (3, 9), (10, 11), (40, 75), (480, 560), (5000, 5400)]
    result = []
    for b, c in pairs:
        tail = sum(math.comb(b + c, k) for k in range(min(b, c) + 1))
        p = min(1.0, float(2 * tail / 2 ** (b + c)))
        result.append({"first": b, "second": c, "p": p})
    return result


def main(path: Path) -> None:
    """One generator for all, so that the file is the same in every run."""
    generator = np.random.default_rng(20)
    parts = {
        "features": features(generator),
        "outputs": outputs(generator),
        "moments": moments(generator),
        "weights": weights(generator),
        "paired": paired(),
    }
    lines = ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in parts.items())
    path.write_text(f"{{\n{lines}\n}}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
