"""Merged values against the formulas, bit for bit, on the samples and on every vector."""

from pathlib import Path

import h5py
import numpy as np

from interop import formulas
from interop.checks import Checks
from interop.merges import Formula, compare, expected
from interop.tensors import read, shifted, vary

NETWORKS = ("mlp", "cnn")


def samples(checks: Checks, network: str) -> None:
    """Each verb on real checkpoints; the first source has Adam's state, the second SGD's."""
    one, two, three, base, tuned = (
        checks.sample(f"{network}/{name}.h5")
        for name in ("task-a-1", "task-a-2", "task-a-3", "pretrained", "task-b")
    )
    runs: list[tuple[str, list[object], list[Path], Formula]] = [
        ("soup of three", ["soup", one, two, three], [one, two, three], formulas.mean),
        ("soup of two, SGD's first", ["soup", two, one], [two, one], formulas.mean),
        (
            "soup with weights",
            ["soup", one, two, three, "--weights", "0.2,0.5,0.7"],
            [one, two, three],
            lambda a: formulas.soup(a, [0.2, 0.5, 0.7]),
        ),
        (
            "soup without normalising",
            ["soup", one, two, "--weights", "0.25,0.7", "--no-normalize"],
            [one, two],
            lambda a: formulas.weighted_sum([0.25, 0.7], a),
        ),
        (
            "interpolate",
            ["interpolate", one, tuned, "--alpha", "0.3"],
            [one, tuned],
            lambda a: formulas.interpolate(*a, 0.3),
        ),
        (
            "lerp beyond the ends",
            ["lerp", one, two, "--alpha", "1.125"],
            [one, two],
            lambda a: formulas.interpolate(*a, 1.125),
        ),
        ("interpolate at 1", ["interpolate", one, two, "--alpha", "1"], [one, two], lambda a: a[0]),
        ("interpolate at 0", ["interpolate", one, two, "--alpha", "0"], [one, two], lambda a: a[1]),
        (
            "add two tuned models",
            ["add", "--base", base, one, tuned, "--scales", "0.6,0.3"],
            [base, one, tuned],
            lambda a: formulas.add(a[0], differences(a), [0.6, 0.3]),
        ),
        (
            "add with the default scale",
            ["add", "--base", base, one],
            [base, one],
            lambda a: formulas.add(a[0], differences(a), [1.0]),
        ),
        (
            "negate",
            ["negate", "--base", base, tuned, "--scale", "0.4"],
            [base, tuned],
            lambda a: formulas.add(a[0], differences(a), [-0.4]),
        ),
    ]  # fmt: skip
    for words, arguments, sources, formula in runs:
        with checks.check(f"{network}: {words} equals the formula bit for bit"):
            out = checks.out(f"{network}-values.h5")
            checks.program.done(*arguments, "-o", out)
            compare(out, expected(sources, formula))


def differences(arrays: list[np.ndarray]) -> list[np.ndarray]:
    """The task vectors of all but the first array, which is their base."""
    return [formulas.task_vector(array, arrays[0]) for array in arrays[1:]]


def task_vectors(checks: Checks, network: str) -> None:
    """Task vectors through files and through a pipe."""
    base = checks.sample(f"{network}/pretrained.h5")
    tuned, other = (checks.sample(f"{network}/{name}.h5") for name in ("task-a-3", "task-b"))
    tau, tau_other = checks.out(f"{network}-tau.h5"), checks.out(f"{network}-tau-other.h5")
    with checks.check(f"{network}: task-vector equals the formula bit for bit"):
        checks.program.done("task-vector", tuned, "--base", base, "-o", tau)
        checks.program.done("task-vector", other, "--base", base, "-o", tau_other)
        compare(tau, expected([base, tuned], lambda a: formulas.task_vector(a[1], a[0])))
    with checks.check(f"{network}: adding two task vectors equals the formula bit for bit"):
        out = checks.out(f"{network}-add.h5")
        checks.program.done(
            "add", "--base", base, tau, tau_other, "--scales", "0.5,0.25", "-o", out
        )
        compare(
            out, expected([base, tau, tau_other], lambda a: formulas.add(a[0], a[1:], [0.5, 0.25]))
        )
    with checks.check(f"{network}: task-vector piped into negate equals the formula bit for bit"):
        piped = checks.program.done("task-vector", tuned, "--base", base, "-o", "-").stdout
        out = checks.out(f"{network}-negate.h5")
        checks.program.done(
            "negate", "--base", base, "-", "--scale", "0.25", "-o", out, stdin=piped
        )
        compare(out, expected([base, tau], lambda a: formulas.add(a[0], a[1:], [-0.25])))


def vectors(checks: Checks) -> None:
    """A mean of two of every vector and its varied copy, whatever its types and layouts."""
    for path in checks.vectors():
        if path.name == "nonfinite.h5":
            continue
        with checks.check(f"vector {path.name}: mean of two equals the formula bit for bit"):
            other = vary(path, checks.out("varied.h5"), shifted)
            out = checks.out("vector-mean.h5")
            checks.program.done("soup", path, other, "-o", out)
            compare(out, expected([path, other], formulas.mean))
        with checks.check(f"vector {path.name}: interpolation equals the formula bit for bit"):
            out = checks.out("vector-lerp.h5")
            checks.program.done("interpolate", path, other, "--alpha", "0.3", "-o", out)
            compare(out, expected([path, other], lambda a: formulas.interpolate(*a, 0.3)))


def roles(checks: Checks) -> None:
    """Counters that disagree come from the template; so does what is excluded."""
    path = checks.vector("state-dict.h5")
    other = vary(path, checks.out("counted.h5"), shifted)
    count = "layer1.0.bn1.num_batches_tracked"
    change(other, count, 77)
    with checks.check("counters that differ come from the template, with a note"):
        out = checks.out("counters.h5")
        said = checks.program.done("soup", path, other, "-o", out).stderr
        compare(out, expected([path, other], formulas.mean))
        assert count in said, f"no note that names {count} on stderr: {said[-200:]!r}"
    with checks.check("--exclude leaves tensors as they are in the template"):
        out = checks.out("excluded.h5")
        checks.program.done("soup", path, other, "-o", out, "--exclude", "fc.*")
        want = expected([path, other], formulas.mean)
        original = read(path)
        want |= {name: original[name].values for name in ("fc.weight", "fc.bias")}
        compare(out, want)
    with checks.check("--include merges nothing else"):
        out = checks.out("included.h5")
        checks.program.done("soup", path, other, "-o", out, "--include", "fc.*")
        want = {name: tensor.values for name, tensor in original.items()}
        means = expected([path, other], formulas.mean)
        compare(out, want | {name: means[name] for name in ("fc.weight", "fc.bias")})


def change(path: Path, name: str, value: int) -> None:
    """Writes one number into a file."""
    with h5py.File(path, "r+") as file:
        file[name][()] = value


def run(checks: Checks) -> None:
    """All of this module's checks."""
    for network in NETWORKS:
        samples(checks, network)
        task_vectors(checks, network)
    vectors(checks)
    roles(checks)
