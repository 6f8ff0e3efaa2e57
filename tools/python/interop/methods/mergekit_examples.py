"""The examples of docs/methods.md by the real mergekit: its rows of the tables are no claim of ours."""

import numpy as np
from method_examples.examples import EXAMPLES, Example
from method_examples.page import cells, elements

from interop.checks import Checks
from interop.methods import mergekit
from interop.methods.cases import Case
from interop.methods.mergekit import Job
from interop.methods.models import folder

# What mergekit does in float32 shows in the seventh digit.
TOLERANCE = 1e-6


def run(checks: Checks) -> None:
    """Every example in one process of mergekit."""
    jobs = {key: job(checks, example) for key, example in EXAMPLES.items()}
    errors = mergekit.run(checks.root, list(jobs.values()), checks.scratch)
    for (key, made), error in zip(jobs.items(), errors, strict=True):
        with checks.check(f"mergekit's own numbers: example {key}"):
            same(EXAMPLES[key], made, error)


def job(checks: Checks, example: Example) -> Job:
    """The example as folders and a recipe."""
    place = checks.scratch / f"mergekit-{example.key}"
    # mergekit requires a t.
    given = {"t": 0.5} | example.given if example.verb == "slerp" else example.given
    case = Case(example.verb, given, len(example.sources), example.base is not None)
    sources = [folder(place / f"{k}", dict(model)) for k, model in enumerate(example.sources)]
    base = sources[0] if example.base is None else folder(place / "pt", dict(example.base))
    return Job(case, base, sources, place / "m", "float64", "float64")


def same(example: Example, made: Job, error: str | None) -> None:
    """mergekit's numbers are those of the page; it fails where the page says refused."""
    want = example.result("mergekit")
    if want is None:
        assert error is not None, "mergekit accepted it"
        return
    assert error is None, error
    found = mergekit.merged(made)
    count = len(elements(example.sources[0]))
    for name, values in want.items():
        near = np.allclose(found[name], values, rtol=TOLERANCE, atol=1e-25)
        assert near, f"{cells(found, count)}, not {cells(want, count)}"
