"""What holds of the methods whatever the numbers: endpoints, identities, permutations."""

import numpy as np

from interop.checks import Checks
from interop.methods import models
from interop.methods.bench import Bench, merged_names
from interop.methods.cases import Case, mode

Merged = dict[str, np.ndarray]


def run(checks: Checks, lacking: set[str]) -> None:
    """All laws of the verbs that are there."""
    base, tuned = models.grid(4, "float32", models.SHAPES | models.LARGER, 2.0**-14)
    bench = Bench(checks, "laws", base, tuned, {}).write()
    equal = Bench(checks, "equal", base, [tuned[0]] * 3, {}).write()
    for compat in ("paper", "mergekit"):
        laws = Laws(bench, equal, compat, lacking)
        laws.endpoints()
        laws.nothing_dropped()
        laws.everything_dropped()
        laws.identical()
        laws.permuted()
        laws.task_vectors()
    added_and_negated(bench)


class Laws:
    """The laws in one mode."""

    def __init__(self, bench: Bench, equal: Bench, compat: str, lacking: set[str]) -> None:
        self.bench, self.equal, self.compat, self.lacking = bench, equal, compat, lacking

    def law(self, words: str, case: Case, want: models.Model) -> None:
        """The case's result has the values."""
        if case.verb not in self.lacking:
            with self.bench.checks.check(f"{self.compat}, {words}: {case.words}"):
                same(self.bench.merge(case, *mode(case, self.compat)), want)

    def endpoints(self) -> None:
        """Weights of one source only give that source."""
        first, second = self.bench.tuned[:2]
        for t, want in ((0.0, first), (1.0, second)):
            self.law("endpoint", Case("slerp", {"t": t}, 2, base=False), want)
            for more in ({}, {"flatten": False}, {"flatten": False, "row_wise": True}):
                given = {"weights": [1 - t, t]} | more
                self.law("endpoint", Case("nuslerp", given, 2, base=False), want)
        self.law("endpoint", Case("ema", {"decay": 0.0}, base=False), self.bench.tuned[2])
        self.law("endpoint", Case("ema", {"decay": 1.0}, base=False), first)
        self.law("t = 0", Case("nearswap", {"t": 0.0}, 1), self.bench.base)
        self.law("t beyond all", Case("nearswap", {"t": 10.0}, 1), first)

    def nothing_dropped(self) -> None:
        """One source at density 1 is that source."""
        for verb in ("ties", *RANDOM, "breadcrumbs", "breadcrumbs-ties"):
            self.law("one source", Case(verb, {"density": 1.0}, 1), self.bench.tuned[0])
        single = ("karcher", "multislerp", "geometric-median", "ema", "passthrough")
        for verb in single:
            self.law("one source", Case(verb, {}, 1, base=False), self.bench.tuned[0])
        self.law("one source", Case("sce", {}, 1), self.bench.tuned[0])
        self.law("one source", Case("ram", {"epsilon": 0.0}, 1), self.bench.tuned[0])

    def everything_dropped(self) -> None:
        """Lambda 0, and thresholds that nothing reaches, leave the base."""
        for verb in ("ties", *RANDOM, "breadcrumbs", "breadcrumbs-ties"):
            case = Case(verb, {"density": 0.5, "lambda": 0.0})
            self.law("lambda 0", case, self.bench.base)
        for verb in ("ram", "ramplus-tl"):
            self.law("nothing counts", Case(verb, {"epsilon": 100.0}), self.bench.base)

    def identical(self) -> None:
        """Sources that are all equal give themselves."""
        tuned = self.bench.tuned[0]
        for case in (
            Case("slerp", {"t": 0.3}, 2, base=False),
            Case("nuslerp", {}, 2, base=False),
            Case("nuslerp", {"flatten": False}, 2),
            Case("karcher", {}, base=False),
            Case("multislerp", {}, base=False),
            Case("geometric-median", {}, base=False),
            Case("model-stock", {}),
            Case("ties", {"density": 1.0}),
            Case("della-ties", {"density": 1.0}),
            Case("sce", {}),
            Case("ram", {"epsilon": 0.0}),
        ):
            # mergekit's absolute guards hold back what moved by little.
            guarded = self.compat == "mergekit" and case.verb in ("model-stock", "sce")
            if guarded or case.verb in self.lacking:
                continue
            with self.bench.checks.check(f"{self.compat}, equal sources: {case.words}"):
                found = self.equal.merge(case, *mode(case, self.compat), "--dtype", "float64")
                near(found, tuned, self.equal, 1e-7 if self.compat == "mergekit" else 0)

    def permuted(self) -> None:
        """The order of the sources matters to rounding only."""
        weights = [0.53127, 0.31711, 0.91337]
        for case, turned in (
            *((Case(v, g, base=b), Case(v, g, base=b)) for v, g, b in SYMMETRIC),
            *(
                (Case(v, g | {"weights": weights}), Case(v, g | {"weights": weights[::-1]}))
                for v, g in WEIGHED
            ),
        ):
            if case.verb in self.lacking:
                continue
            with self.bench.checks.check(f"{self.compat}, permuted: {case.words}"):
                flags = (*mode(case, self.compat), "--dtype", "float64")
                one = self.bench.merge(case, *flags)
                other = self.bench.merge(turned, *flags, sources=self.bench.sources(3)[::-1])
                # Of the median, rounding decides which step is the last.
                near(other, one, self.bench, 1e-13 if "median" in case.verb else 0)

    def task_vectors(self) -> None:
        """A task vector stands for its fine-tune."""
        checks, files = self.bench.checks, []
        for k, path in enumerate(self.bench.sources(3)):
            files.append(checks.out(f"tau-{k}.safetensors"))
            checks.program.done(
                "task-vector", path, "--base", self.bench.path("base"), "-o", files[-1], "--force"
            )
        for case in (
            Case("ties", {"density": 0.3}),
            Case("dare-linear", {"density": 0.5}),
            Case("model-stock", {}),
            Case("sce", {"select_topk": 0.5}),
            Case("ram", {}),
        ):
            if case.verb not in self.lacking:
                with checks.check(f"{self.compat}, of task vectors: {case.words}"):
                    flags = mode(case, self.compat)
                    want = self.bench.merge(case, *flags)
                    same(self.bench.merge(case, *flags, sources=files), want)


RANDOM = ("dare-linear", "dare-ties", "della-linear", "della-ties")
SYMMETRIC = (
    ("karcher", {}, False),
    ("geometric-median", {}, False),
    ("model-stock", {}, True),
    ("sce", {"select_topk": 0.4}, True),
    ("ram", {"epsilon": 0.01}, True),
    ("ramplus-tl", {"epsilon": 0.01}, True),
)
WEIGHED = (
    ("ties", {"density": 0.4}),
    ("breadcrumbs", {"density": 0.4}),
    ("breadcrumbs-ties", {"density": 0.4}),
    ("multislerp", {}),
)


def added_and_negated(bench: Bench) -> None:
    """To add a task vector and to negate it gives the base, to the last bit on this grid."""
    checks, base = bench.checks, bench.path("base")
    with checks.check("a task vector added and negated leaves the base"):
        tau, added, back = (checks.out(f"law-{n}.safetensors") for n in ("tau", "sum", "back"))
        program = checks.program
        program.done("task-vector", bench.path("0"), "--base", base, "-o", tau)
        program.done("add", "--base", base, tau, "-o", added)
        program.done("diff", added, bench.path("0"))
        program.done("negate", "--base", added, tau, "-o", back)
        program.done("diff", back, base)


def near(found: Merged, want: models.Model, bench: Bench, share: float = 0) -> None:
    """Within 16 ulp of the largest term, and a share of it."""
    for name in merged_names(want):
        terms = bench.terms(name, want[name])
        off = np.abs(found[name] - want[name].astype(np.float64))
        beyond = np.count_nonzero(off > 16 * np.spacing(terms) + share * np.max(terms))
        assert not beyond, f"{name}: {beyond} of {off.size} elements are apart"


def same(found: Merged, want: models.Model) -> None:
    """Equal values in every merged tensor."""
    for name in merged_names(want):
        unequal = np.count_nonzero(found[name] != want[name])
        assert not unequal, f"{name}: {unequal} of {want[name].size} elements differ"
