"""Compares what the program reports with what it must be, within what float32 features allow."""

from collections.abc import Mapping
from typing import Any

from interop.probe import measures
from interop.probe.measures import Comparison

# The tolerances that the project promises against an oracle in float64.
MEAN, COEF, QUANTILE, LOSS = 5e-7, 1e-6, 5e-6, 1e-6
WIDE = 2e-5


def near(got: Any, want: float, tolerance: float, words: str) -> None:
    """Fails unless a number is within the tolerance."""
    assert isinstance(got, (int, float)), f"{words} is {got!r}, not {want:.9g}"
    assert abs(got - want) <= tolerance, f"{words} is {got:.9g}, not {want:.9g}"


def equal(got: Any, want: Any, words: str) -> None:
    """Fails unless both are the same."""
    assert got == want, f"{words} is {got!r}, not {want!r}"


def share(got: Any, want: float, words: str) -> None:
    """Fails unless both are the same share of the samples."""
    near(got, want, 1e-12, words)


def distribution(got: Any, values: Any, mean: float, quantile: float, words: str) -> None:
    """Fails unless a report's distribution is that of the values."""
    if len(values) == 0:
        return equal(got, None, words)
    assert got is not None, f"{words} is null"
    want = measures.summary(values)
    # A reference near zero makes a ratio u/v large; its rounding grows as u dv / v^2, its square.
    size = max(1.0, abs(want["min"]), abs(want["max"])) ** 2
    equal(set(got), set(want), f"{words}: the names")
    for name, right in want.items():
        near(got[name], right, (mean if name == "mean" else quantile) * size, f"{words} {name}")


def closeness(
    got: Mapping[str, Any], want: Comparison, words: str, factor: float = 1, overall: bool = True
) -> None:
    """Fails unless all figures of a comparison are right; `factor` widens the tolerances."""
    for name in ("samples", "zero_norm", "one_zero", "non_finite"):
        equal(got[name], getattr(want, name), f"{words} {name}")
    if want.width == 1:
        # The sum that a single number is may cancel; there are no others to outweigh it.
        factor *= 10
    tolerances = {
        "one_minus_cos": (MEAN, QUANTILE),
        "coef": (COEF, QUANTILE),
        "relative_error": (QUANTILE, WIDE),
    }
    for name, (mean, quantile) in tolerances.items():
        distribution(
            got[name], getattr(want, name), mean * factor, quantile * factor, f"{words} {name}"
        )
    if want.samples and overall:
        one_minus_cos, coef = want.overall()
        near(got["global_one_minus_cos"], one_minus_cos, MEAN * factor, f"{words} global 1 - cos")
        near(got["global_coef"], coef, COEF * factor, f"{words} global coef")


def mean_closeness(got: Mapping[str, Any], want: Comparison, words: str, factor: float = 1) -> None:
    """The same of a comparison that is reported by its means, with the distributions below."""
    closeness(got["summary"], want, words, factor)
    for name in ("one_minus_cos", "coef"):
        found = got["summary"][name]
        equal(got[name], found and found["mean"], f"{words} {name}'s mean")


def score(got: Mapping[str, Any] | None, logits: Any, labels: Any, words: str) -> None:
    """Fails unless accuracy, its interval and loss are those of the logits."""
    assert got is not None, f"{words} is null"
    right = measures.accuracy(logits, labels)
    share(got["accuracy"], right, f"{words} accuracy")
    # Rounding of the logits grows with them, and so does the loss of what is sure and wrong.
    loss = measures.loss(logits, labels)
    near(got["loss"], loss, LOSS * max(1, loss), f"{words} loss")
    for end, want in zip(got["accuracy_interval"], measures.wilson(right, len(labels))):
        near(end, want, 1e-9, f"{words} accuracy's interval")
