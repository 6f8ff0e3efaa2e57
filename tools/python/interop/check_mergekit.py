"""mergekit 0.1.5 against the reference and against `ctl-merge --compat mergekit`.

Run where it is named only: it needs PyTorch and mergekit (tools/python-environment --benchmark).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from oracle.files import read
from oracle.merge import merge

from interop.checks import Checks
from interop.formulas import rounded
from interop.methods import mergekit, mergekit_examples, models
from interop.methods.cases import Case, mode
from interop.methods.mergekit import Family, Job
from interop.methods.mergekit_cases import CASES

STEP = 2.0**-8

# What mergekit computes in float32 whatever the type: masks, ranks, ratios of counts.
COARSE = ("dare-linear", "dare-ties", "della-linear", "della-ties", "ramplus-tl")
COARSE_TOLERANCE = 2e-6


@dataclass(frozen=True)
class Setting:
    """Kind of models, the type mergekit computes in, and how far it may be off.

    The tolerance is a share of the largest number of the tensor's inputs and output.
    """

    name: str
    compute: str
    out: str
    tolerance: float

    def has(self, case: Case) -> bool:
        """Whether the case can be compared.

        Of close models arcee-fusion selects rounding errors; rows of one element stop DELLA.
        """
        if case.verb.startswith("della"):
            return not self.name.startswith("single")
        return case.verb != "arcee-fusion" or not self.name.startswith("tiny")

    def allows(self, case: Case) -> float:
        """The tolerance of that case."""
        return max(self.tolerance, COARSE_TOLERANCE if case.verb in COARSE else 0)


SETTINGS = [
    Setting("grid float64", "float64", "float64", 1e-14),
    Setting("grid float32", "float32", "float32", 2e-6),
    Setting("near float64", "float64", "float64", 1e-14),
    Setting("near float32", "float32", "float32", 2e-6),
    Setting("tiny float32", "float32", "float32", 2e-6),
    Setting("single float64", "float64", "float64", 1e-14),
    Setting("single float32", "float32", "float32", 2e-6),
    Setting("grid bfloat16", "float32", "bfloat16", 2.0**-7),
]


def family(checks: Checks, setting: Setting) -> Family:
    """The setting's models."""
    kind, dtype = setting.name.split()
    shapes = dict(models.SHAPES)
    if kind == "single":
        shapes = dict(models.SINGLE)
    elif dtype != "bfloat16":
        shapes |= models.LARGER
    if kind == "grid":
        step = STEP if dtype == "bfloat16" else STEP / 32
        made = models.grid(1, dtype, shapes, step)
    else:
        made = models.normal(2, dtype, shapes, 0.02 if kind == "near" else 1e-4)
    return Family.write(checks.scratch / setting.name.replace(" ", "-"), *made)


def run(checks: Checks) -> None:
    """All of this module's checks."""
    mergekit_examples.run(checks)
    jobs, meant = [], []
    for setting in SETTINGS:
        made = family(checks, setting)
        for number, case in enumerate(CASES):
            if setting.has(case):
                output = checks.scratch / f"{made.base_folder.parent.name}-{number}"
                folders = made.tuned_folders
                types = setting.compute, setting.out
                jobs.append(Job(case, made.base_folder, folders, output, *types))
                meant.append((setting, made))
    failures = mergekit.run(checks.root, jobs, checks.scratch)
    worst: dict[str, list[tuple[float, str]]] = {}
    for job, (setting, made), failure in zip(jobs, meant, failures, strict=True):
        words = f"{setting.name}: {job.case.words}"
        with checks.check(f"mergekit and the reference: {words}"):
            assert failure is None, failure
            off = agree(mergekit.merged(job), reference(job.case, made), made, setting, job.case)
            inside = "" if off <= setting.tolerance else ", float32 inside"
            worst.setdefault(setting.name + inside, []).append((off, job.case.words))
        with checks.check(f"mergekit and ctl-merge: {words}"):
            assert failure is None, failure
            output = merged(checks, job.case, made, setting)
            agree(mergekit.merged(job), output, made, setting, job.case)
    for name, found in worst.items():
        off, words = max(found)
        print(f"      {name}: {len(found)} cases, at most {off:.1e} of the largest number: {words}")


def reference(case: Case, made: Family) -> Mapping[str, np.ndarray]:
    """The reference in mergekit's mode."""
    base = made.base if case.base else None
    return merge(case.options("mergekit"), made.tuned[: case.sources], base)


def merged(
    checks: Checks, case: Case, made: Family, setting: Setting
) -> Mapping[str, np.ndarray]:
    """What ctl-merge makes of the same folders."""
    output = checks.out("merged.safetensors")
    base = ["--base", made.base_folder] if case.base else []
    verb, flags = case.verb, [*case.flags(), *mode(case, "mergekit")]
    if verb == "task-arithmetic":
        verb, flags = "add", scales(case)
    sources = made.tuned_folders[: case.sources]
    arguments = [*base, *sources, "-o", output, *flags, "--dtype", setting.out]
    checks.program.done(verb, *arguments)
    return {name: np.asarray(v, np.float64) for name, v in read(output).items()}


def scales(case: Case) -> list[str]:
    """Task arithmetic in the words of `add`: lambda w / sum w."""
    weights = np.array(case.given["weights"]) * case.given.get("lambda", 1.0)
    if case.given.get("normalize"):
        weights = weights / sum(case.given["weights"])
    return ["--scales", ",".join(map(repr, weights.tolist()))]


def agree(
    found: Mapping[str, np.ndarray],
    want: Mapping[str, np.ndarray],
    made: Family,
    setting: Setting,
    case: Case,
) -> float:
    """The largest deviation within the tolerance; fails beyond."""
    assert found.keys() == want.keys(), f"tensors {sorted(found.keys() ^ want.keys())}"
    largest, tolerance = 0.0, setting.allows(case)
    rounding = []
    for name, values in want.items():
        off = deviation(found[name], values, [made.base[name], *(m[name] for m in made.tuned)])
        beyond = np.count_nonzero(off > tolerance)
        assert not beyond, f"{name}: {beyond} of {off.size} elements, up to {off.max():.1e}"
        largest = max(largest, float(off.max()))
        rounding.append((rounded(values, "bfloat16") == found[name]).ravel())
    if setting.out == "bfloat16":
        equal = np.mean(np.concatenate(rounding))
        assert equal >= 0.95, f"only {equal:.1%} of the elements are the rounded ones"
    return largest


def deviation(found: np.ndarray, want: np.ndarray, inputs: Sequence[np.ndarray]) -> np.ndarray:
    """|found - want| as a share of the largest number around."""
    wide = [np.asarray(v).astype(np.float64) for v in (want, *inputs)]
    largest = max(float(np.max(np.abs(v))) for v in wide)
    return np.abs(np.asarray(found).astype(np.float64) - wide[0]) / largest
