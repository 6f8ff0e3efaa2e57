"""Exit codes, refusals and what is left behind."""

import hashlib
import json

import h5py
import numpy as np

from interop import formulas
from interop.checks import Checks
from interop.merges import compare, expected


def usage(checks: Checks) -> None:
    """Exit 64."""
    a, b = checks.sample("mlp/task-a-1.h5"), checks.sample("mlp/task-a-2.h5")
    out = checks.out("usage.h5")
    for words, arguments in (
        ("an unknown verb", ["blend", a, b, "-o", out]),
        ("no output", ["soup", a, b]),
        ("an unknown flag", ["soup", a, b, "-o", out, "--alpah", "1"]),
        ("a number of weights that isn't that of the sources",
         ["soup", a, b, "-o", out, "--weights", "1,2,3"]),
        ("an alpha that isn't a number", ["interpolate", a, b, "--alpha", "half", "-o", out]),
        ("an unknown type", ["soup", a, b, "-o", out, "--dtype", "float12"]),
    ):  # fmt: skip
        with checks.check(f"{words} ends with 64"):
            outcome = checks.program.run(*arguments)
            assert outcome.code == 64, outcome.said()
            assert not out.exists(), "an output was left"


def refusals(checks: Checks) -> None:
    """Exit 2, with a message that names the file and the matter; nothing is written."""
    folder = checks.root / "Formats" / "HDF5" / "Vectors" / "refused"
    good = checks.vector("contiguous.h5")
    out = checks.out("refused.h5")
    for name, words in json.loads((folder / "index.json").read_text()).items():
        with checks.check(f"refused {name}: ends with 2 and says {words!r}"):
            path = folder / name
            outcome = checks.program.run("soup", path, path, "-o", out)
            assert outcome.code == 2, outcome.said()
            assert name in outcome.stderr, f"no file named: {outcome.said()}"
            assert words.lower() in outcome.stderr.lower(), outcome.said()
            assert not out.exists(), "an output was left"
    with checks.check("a missing file ends with 2 and is named"):
        outcome = checks.program.run("soup", good, checks.scratch / "nowhere.h5", "-o", out)
        assert outcome.code == 2 and "nowhere.h5" in outcome.stderr, outcome.said()
    with checks.check("files that don't match end with 2, and every tensor is listed"):
        outcome = checks.program.run(
            "soup", checks.sample("mlp/task-b.h5"), checks.sample("cnn/task-b.h5"), "-o", out
        )
        assert outcome.code == 2, outcome.said()
        missing = [
            n for n in ("hidden_1", "hidden_2", "conv_1", "norm_3") if n not in outcome.stderr
        ]
        assert not missing, f"{missing} aren't named: {outcome.said()}"


def numbers(checks: Checks) -> None:
    """Exit 3: values that aren't finite, and variances that turn negative."""
    path = checks.vector("nonfinite.h5")
    out = checks.out("numbers.h5")
    with checks.check("NaN ends with 3 and names the tensor"):
        outcome = checks.program.run("soup", path, path, "-o", out)
        assert outcome.code == 3, outcome.said()
        assert "nan" in outcome.stderr or "infinite" in outcome.stderr, outcome.said()
        assert not out.exists(), "an output was left"
    with checks.check("--non-finite allow lets NaN and infinity pass"):
        checks.program.done("soup", path, path, "-o", out, "--non-finite", "allow")
        with h5py.File(out, "r") as file:
            assert np.array_equal(file["infinite"][()], np.array([np.inf, 2, -np.inf], "f4"))
            assert np.isnan(file["nan"][1]) and file["nan"][0] == 1
    base, tuned = (checks.sample(f"cnn/{name}.h5") for name in ("pretrained", "task-b"))
    run = ["negate", "--base", base, tuned, "--scale", "30"]
    with checks.check("a negative variance ends with 3 and names the tensor"):
        outcome = checks.program.run(*run, "-o", checks.out("variance.h5"))
        assert outcome.code == 3, outcome.said()
        assert "moving_variance" in outcome.stderr, outcome.said()
    with checks.check("--clamp-variance makes it zero and nothing else"):
        out = checks.out("clamped.h5")
        checks.program.done(*run, "-o", out, "--clamp-variance")
        want = expected(
            [base, tuned],
            lambda a: formulas.weighted_sum([1, -30], [a[0], a[1] - a[0].astype("f8")]),
        )
        for name in want:
            if name.endswith("moving_variance"):
                want[name] = np.maximum(want[name], np.float32(0))
        compare(out, want)


def outputs(checks: Checks) -> None:
    """Nothing is overwritten by chance, nothing is lost, nothing is left half done."""
    a, b = checks.sample("mlp/task-a-1.h5"), checks.sample("mlp/task-a-2.h5")
    out = checks.out("existing.h5")
    out.write_bytes(b"precious")
    with checks.check("an existing output is kept without --force"):
        outcome = checks.program.run("soup", a, b, "-o", out)
        assert outcome.code != 0 and out.read_bytes() == b"precious", outcome.said()
    with checks.check("and replaced with it"):
        checks.program.done("soup", a, b, "-o", out, "--force")
        compare(out, expected([a, b], formulas.mean))
    with checks.check("an output that is an input is right"):
        out.write_bytes(a.read_bytes())
        checks.program.done("soup", out, b, "-o", out, "--force")
        compare(out, expected([a, b], formulas.mean))
    with checks.check("a folder that doesn't exist ends with 74"):
        outcome = checks.program.run("soup", a, b, "-o", checks.scratch / "no" / "where.h5")
        assert outcome.code == 74, outcome.said()
    with checks.check("--dry-run prints the plan as JSON and writes nothing"):
        out = checks.out("dry.h5")
        plan = checks.program.done("soup", a, b, "-o", out, "--dry-run", "--json").json()
        assert not out.exists(), "it wrote"
        keys = {"output", "method", "sources", "bytes_read", "bytes_written", "tensors"}
        assert keys <= plan.keys(), f"{keys - plan.keys()} are missing"
    with checks.check("the summary's digest is the output's"):
        out = checks.out("digest.h5")
        summary = checks.program.done("soup", a, b, "-o", out, "--json", "--checksum").json()
        digest = hashlib.sha256(out.read_bytes()).hexdigest()
        assert summary["sha256"].endswith(digest), summary["sha256"]
    with checks.check("no temporary file is left"):
        strange = [p.name for p in checks.scratch.iterdir() if p.name.startswith(".")]
        assert not strange, f"{strange}"


def run(checks: Checks) -> None:
    """All of this module's checks."""
    usage(checks)
    refusals(checks)
    numbers(checks)
    outputs(checks)
