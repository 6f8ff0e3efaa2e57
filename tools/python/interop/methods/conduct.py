"""How the verbs behave: threads, seeds, containers, what they refuse and what they say."""

import numpy as np
from oracle.files import read
from oracle.merge import merge

from interop.checks import Checks
from interop.methods import models
from interop.methods.bench import Bench
from interop.methods.cases import Case
from interop.methods.method_cases import CASES, VERBS

LARGE = {"large": (1000, 700), "bias": (700,)}


def run(checks: Checks, lacking: set[str]) -> None:
    """All of this module's checks."""
    present = [case for case in CASES if case.verb not in lacking]
    base, tuned = models.normal(5, "float32", LARGE, 0.01)
    statistics = {"fisher": [models.information(k, model) for k, model in enumerate(tuned)]}
    threads(Bench(checks, "large", base, tuned, statistics).write(), present)
    small = Bench(
        checks, "small", *models.normal(6, "float32", models.SHAPES | models.LARGER, 0.02), {}
    ).write()
    random(small, lacking)
    containers(small, lacking)
    keras_files(checks, lacking)
    refusals(small, lacking)
    plans(small, lacking)


def threads(bench: Bench, cases: list[Case]) -> None:
    """A tensor of many tiles: one thread and two write the same bytes."""
    for verb in VERBS:
        # Regmean's statistics of such a tensor would be larger than all the rest.
        case = next((case for case in cases if case.verb == verb and verb != "regmean"), None)
        if case is None:
            continue
        with bench.checks.check(f"one thread and two: {case.words}"):
            files = [
                bench.merged_file(case, "--threads", n, "--no-provenance").read_bytes()
                for n in (1, 2)
            ]
            assert files[0] == files[1], "the files differ"


def random(bench: Bench, lacking: set[str]) -> None:
    """Random masks follow the seed alone."""
    for verb in ("dare-linear", "dare-ties", "della-linear", "della-ties"):
        if verb in lacking:
            continue
        with bench.checks.check(f"{verb}: the seed decides, and nothing else"):
            one, again, other = (
                bench.merge(Case(verb, {"density": 0.5, "seed": seed})) for seed in (1, 1, 2)
            )
            default, zero = (bench.merge(Case(verb, {"density": 0.5} | g)) for g in ({}, {"seed": 0}))
            for name in one:
                assert np.array_equal(one[name], again[name]), f"{name} differs with one seed"
                assert np.array_equal(default[name], zero[name]), "the default seed isn't 0"
            assert any(np.any(one[n] != other[n]) for n in one), "two seeds give one result"


def containers(bench: Bench, lacking: set[str]) -> None:
    """The same tensors in .npz and as a folder give the same values."""
    models_by_kind = {"base": bench.base} | {str(k): m for k, m in enumerate(bench.tuned)}
    archives = {}
    for kind, model in models_by_kind.items():
        archives[kind] = bench.checks.scratch / f"{bench.name}-{kind}.npz"
        np.savez(archives[kind], **model)
    for case in (Case("ties", {"density": 0.2}), Case("dare-ties", {"density": 0.5})):
        if case.verb in lacking:
            continue
        with bench.checks.check(f"npz and safetensors: {case.words}"):
            output = bench.checks.out("container.npz")
            sources = [archives[str(k)] for k in range(3)]
            bench.checks.program.done(
                case.verb, "--base", archives["base"], *sources, *case.flags(), "-o", output
            )
            want = bench.merge(case)
            for name, values in read(output).items():
                assert np.array_equal(values, want[name]), f"{name} differs"


def keras_files(checks: Checks, lacking: set[str]) -> None:
    """Real models in HDF5: tensors by their paths, statistics of batch normalisation too."""
    files = {name: checks.sample(f"cnn/{name}.h5") for name in ("pretrained", "task-a-1", "task-b")}
    base, *tuned = (read(path) for path in files.values())
    for case in (
        Case("ties", {"density": 0.2}, 2),
        Case("dare-ties", {"density": 0.5, "rescale": "none"}, 2),
        Case("sce", {"select_topk": 0.3}, 2),
    ):
        if case.verb in lacking:
            continue
        with checks.check(f"Keras's HDF5: {case.words}"):
            output = checks.out("keras.h5")
            arguments = ["--base", *files.values(), *case.flags(), "-o", output]
            checks.program.done(case.verb, *arguments, "--dtype", "float64", "--clamp-variance")
            want, found = merge(case.options("paper"), tuned, base), read(output)
            assert len(want) > 10, "tensors are missing"
            for name, values in want.items():
                # A variance that extrapolation makes negative is raised to zero.
                raised = np.maximum(values, 0) if name.endswith("moving_variance:0") else values
                assert np.array_equal(found[name], raised), f"{name} differs"


def refusals(bench: Bench, lacking: set[str]) -> None:
    """What can't be meant ends with an error of usage, and writes nothing."""
    based = ["--base", bench.path("base")]
    two, three = bench.sources(2), bench.sources(3)
    for words, arguments in (
        ("ties without a base", ["ties", *three]),
        ("a density above 1", ["ties", *based, *three, "--density", "1.5"]),
        ("a negative density", ["dare-linear", *based, *three, "--density", "-0.1"]),
        ("slerp of three", ["slerp", *three]),
        ("nuslerp of three", ["nuslerp", *three]),
        ("nearswap without t", ["nearswap", *based, two[0]]),
        ("nearswap of two", ["nearswap", *based, *two, "--t", "0.1"]),
        ("arcee-fusion of two", ["arcee-fusion", *based, *two]),
        ("model-stock of one", ["model-stock", *based, two[0]]),
        ("passthrough of two", ["passthrough", *two]),
        ("weights that sum to zero", ["nuslerp", *two, "--weights", "1,-1"]),
        ("weights of another number", ["ties", *based, *three, "--weights", "1,2"]),
        ("epsilon beyond the density", ["della-ties", *based, *two, "--density", "0.05", "--epsilon", "0.3"]),
        ("fisher without statistics", ["fisher", *two]),
        ("an unknown rescaling", ["ties", *based, *two, "--rescale", "l3"]),
    ):
        if arguments[0] in lacking:
            continue
        with bench.checks.check(f"refused: {words}"):
            output = bench.checks.out("refused.safetensors")
            outcome = bench.checks.program.run(*arguments, "-o", output)
            assert outcome.code == 64, outcome.said()
            assert not output.exists(), "an output was written"
            assert outcome.stderr.strip(), "nothing was said"


def plans(bench: Bench, lacking: set[str]) -> None:
    """`--dry-run --json` names rule and passes of every tensor and writes nothing."""
    for verb, least in (("ties", 2), ("slerp", 2), ("ram", 1), ("dare-linear", 1), ("sce", 2)):
        if verb in lacking:
            continue
        with bench.checks.check(f"the plan of {verb}"):
            case = next(case for case in CASES if case.verb == verb)
            base = ["--base", bench.path("base")] if case.base else []
            output = bench.checks.out("planned.safetensors")
            sources = bench.sources(case.sources)
            plan = bench.checks.program.done(
                verb, *base, *sources, *case.flags(), "-o", output, "--dry-run", "--json"
            ).json()
            assert not output.exists(), "an output was written"
            assert plan["method"] == verb, plan["method"]
            assert len(plan["tensors"]) == len(bench.base), "tensors are missing"
            assert all(t["rule"] for t in plan["tensors"]), "a tensor has no rule"
            assert max(t["passes"] for t in plan["tensors"]) >= least, "too few passes"
