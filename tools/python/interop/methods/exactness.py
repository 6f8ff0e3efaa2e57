"""Every case against the reference: float64 within an ulp, narrow types correctly rounded."""

import numpy as np
from oracle.averages import stock_factor
from oracle.spherical import by_rows

from interop.checks import Checks
from interop.formulas import rounded
from interop.methods import models
from interop.methods.bench import Bench
from interop.methods.cases import Case, mode
from interop.methods.method_cases import CASES, VERBS

# In ulps of an element's largest term. Formulas are literal, so that they are equal but for the
# last bit of a figure that lies between two numbers.
TOLERANCE = 1.0
# A linear system adds its condition, which is below 100 here.
SYSTEM_TOLERANCE = 6400.0
ROUNDED = 0.999
NARROW = ("float32", "float16", "bfloat16")


def run(checks: Checks, lacking: set[str]) -> None:
    """All cases of the verbs that are there, in both modes and in every type."""
    benches = {dtype: bench(checks, dtype) for dtype in ("float64", *NARROW)}
    largest: dict[str, float] = {}
    for compat in ("paper", "mergekit"):
        for case in CASES:
            if case.verb not in lacking:
                wide(benches, case, compat, largest)
                narrow(benches, case, compat)
    for verb in VERBS:
        if verb in largest:
            print(f"      {verb}: float64 at most {largest[verb]:.2f} ulp of the largest term")


def bench(checks: Checks, dtype: str) -> Bench:
    """Models of a type, with an integer, a tensor without elements, and statistics."""
    shapes = models.SHAPES | models.LARGER | models.SINGLE | {"nothing": (0, 3)}
    base, tuned = models.normal(3, dtype, shapes, 0.02)
    for k, model in enumerate([base, *tuned]):
        model["steps"] = np.array([k, 7], np.int64)
    statistics = {
        "fisher": [models.information(k, model) for k, model in enumerate(tuned)],
        "regmean": [models.activations(k, model) for k, model in enumerate(tuned)],
    }
    return Bench(checks, dtype, base, tuned, statistics).write()


def wide(
    benches: dict[str, Bench], case: Case, compat: str, largest: dict[str, float]
) -> None:
    """float64 output, of float32 and of float64 sources."""
    for kind in ("float32", "float64"):
        made = benches[kind]
        with made.checks.check(f"{kind} to float64, {compat}: {case.words}"):
            found = made.merge(case, *mode(case, compat), "--dtype", "float64")
            off = compare(found, made, case, compat)
            largest[case.verb] = max(off, largest.get(case.verb, 0.0))


def compare(found: models.Model, made: Bench, case: Case, compat: str) -> float:
    """The largest deviation in ulps; fails beyond the tolerance."""
    want, largest = made.expected(case, compat), 0.0
    tolerance = tolerance_of(case.verb)
    template = made.template(case)
    assert found.keys() == template.keys(), f"tensors {sorted(found.keys() ^ template.keys())}"
    assert np.array_equal(found["steps"], template["steps"]), "integers aren't the template's"
    for name, values in want.items():
        assert found[name].shape == values.shape, f"{name} is of shape {found[name].shape}"
        # What has no elements isn't converted.
        if values.size:
            assert found[name].dtype == np.float64, f"{name} is {found[name].dtype}"
            terms = largest_terms(made, case, compat, name, values)
            off = np.abs(found[name] - values) / np.spacing(terms)
            assert off.max() <= tolerance, (
                f"{name}: {np.count_nonzero(off > tolerance)} of {off.size} elements differ, "
                f"up to {off.max():.1f} ulp"
            )
            largest = max(largest, float(off.max()))
    return largest


def tolerance_of(verb: str) -> float:
    """In ulps of the largest term."""
    return SYSTEM_TOLERANCE if verb == "regmean" else TOLERANCE


def largest_terms(
    made: Bench, case: Case, compat: str, name: str, want: np.ndarray
) -> np.ndarray:
    """The largest number that each element's formula adds up."""
    terms = made.terms(name, want)
    if case.verb == "regmean":
        # A solution's elements depend on all of the right side's.
        return np.full_like(terms, np.max(terms))
    if case.verb == "model-stock":
        # Where task vectors nearly cancel, their factor q is large, and so is its condition
        # 1/(1 + (K-1) c) = 1 - (K-1) q.
        base = made.base[name].astype(np.float64)
        taus = [model[name].astype(np.float64) - base for model in made.tuned[: case.sources]]

        def scaled(parts: list[np.ndarray]) -> np.ndarray:
            factor = stock_factor(parts, compat == "paper")
            condition = abs(1 - (len(parts) - 1) * factor)
            return abs(factor) * condition * np.max(np.abs(parts), axis=0)

        rows = case.given.get("filter_wise")
        return np.maximum(terms, by_rows(taus, scaled) if rows else scaled(taus))
    return terms


def narrow(benches: dict[str, Bench], case: Case, compat: str) -> None:
    """Sources of a narrow type, output of the same."""
    for kind in NARROW:
        made = benches[kind]
        with made.checks.check(f"{kind}, {compat}: {case.words}"):
            found = made.merge(case, *mode(case, compat))
            want = made.expected(case, compat)
            equal = [
                (found[name] == rounded(values, kind)).ravel() for name, values in want.items()
            ]
            share = float(np.mean(np.concatenate(equal)))
            assert share >= ROUNDED, f"only {share:.2%} of the elements are correctly rounded"
