"""What the program says about files against what h5py finds in them."""

import json
import math
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from vectors import expect

from interop.checks import Checks
from interop.tensors import read, shifted, vary

STATISTICS = {"min": 0, "max": 0, "mean": 1e-12, "l2": 1e-12}


def differences(got: dict[str, Any], want: dict[str, Any]) -> list[str]:
    """Where a report disagrees with an expectation, in words; keys without expectation are free."""
    found = []
    listed = {tensor["name"]: tensor for tensor in got["tensors"]}
    expected = {tensor["name"] for tensor in want["tensors"]}
    extra = listed.keys() - expected - set(want["optional"])
    found += [f"{name!r} is listed but not in the file" for name in sorted(extra)]
    for tensor in want["tensors"]:
        name = tensor["name"]
        if name not in listed:
            found.append(f"{name!r} isn't listed")
            continue
        found += [
            f"{name!r}: {key} is {listed[name].get(key)!r}, not {value!r}"
            for key, value in tensor.items()
            if key not in ("name", "stats") and listed[name].get(key) != value
        ]
        stats = listed[name].get("stats") or {}
        found += statistics(name, stats, tensor.get("stats", {}))
    return found


def statistics(name: str, got: dict[str, Any], want: dict[str, Any]) -> list[str]:
    """Digests and counts exactly; sums within the rounding of another order of adding."""
    found = []
    for key, value in want.items():
        tolerance = STATISTICS.get(key)
        other = got.get(key)
        if tolerance is None or not isinstance(other, int | float):
            same = other == value
        else:
            # A sum that cancels is small against its terms; the norm says how large those are.
            slack = tolerance * max(abs(value), want.get("l2", 0))
            same = abs(other - value) <= slack or math.isclose(
                other, value, rel_tol=tolerance or 1e-15
            )
        if not same:
            found.append(f"{name!r}: {key} is {other!r}, not {value!r}")
    return found


def vectors(checks: Checks) -> None:
    """Every vector, and the expectations themselves, which must still be what h5py finds."""
    for path in checks.vectors():
        with checks.check(f"vector {path.name}: inspect says what h5py finds"):
            want = json.loads(path.with_suffix(".json").read_text())
            report = checks.program.done("inspect", "--stats", "--json", path).json()
            found = differences(report, want)
            assert not found, f"{len(found)} differences: {'; '.join(found[:3])}"
            totals = report["totals"]["tensors"]
            assert totals in (len(report["tensors"]), unaliased(report)), f"{totals} in totals"
        with checks.check(f"vector {path.name}: inspect without --stats lists the same"):
            plain = checks.program.done("inspect", "--json", path).json()
            assert [t["name"] for t in plain["tensors"]] == [t["name"] for t in report["tensors"]]
            assert not any("stats" in t for t in plain["tensors"]), "it read values"


def unaliased(report: dict[str, Any]) -> int:
    """The number of tensors that aren't another one's second name."""
    return sum(1 for tensor in report["tensors"] if not tensor.get("alias_of"))


def samples(checks: Checks) -> None:
    """The samples against fresh expectations."""
    for name in ("mlp/task-a-1.h5", "mlp/task-a-2.weights.h5", "cnn/task-a-2.h5",
                 "cnn/task-a-1.weights.h5", "test.h5"):  # fmt: skip
        with checks.check(f"sample {name}: inspect says what h5py finds"):
            path = checks.sample(name)
            report = checks.program.done("inspect", "--stats", "--json", path).json()
            found = differences(report, expect.expectation(path))
            assert not found, f"{len(found)} differences: {'; '.join(found[:3])}"


def diffs(checks: Checks) -> None:
    """Equal, different and incomparable files."""
    a, b = checks.sample("cnn/task-a-3.h5"), checks.sample("cnn/task-b.h5")
    with checks.check("diff of a file with itself is empty and ends with 0"):
        report = checks.program.done("diff", a, a, "--json").json()
        assert report["equal"] is True and not report["different"]
    with checks.check("diff of two models names the tensors and their largest differences"):
        outcome = checks.program.run("diff", a, b, "--json")
        assert outcome.code == 1, outcome.said()
        compare_diff(outcome.json(), a, b)
    with checks.check("diff within a tolerance ends with 0"):
        checks.program.done("diff", a, b, "--tolerance", "100")
    with checks.check("diff of files whose shapes differ says which"):
        outcome = checks.program.run("diff", a, checks.sample("mlp/task-b.h5"), "--json")
        assert outcome.code in (1, 2), outcome.said()
        report = outcome.json()
        assert report["only_in_a"] and report["only_in_b"], "nothing is named"


def compare_diff(report: dict[str, Any], a: Path, b: Path) -> None:
    """The figures of a difference against NumPy."""
    first, second = read(a), read(b)
    want = {}
    for name, tensor in first.items():
        delta = tensor.values.astype("f8") - second[name].values.astype("f8")
        if np.any(delta):
            want[name] = (float(np.max(np.abs(delta))), float(np.sqrt(np.mean(delta * delta))))
    got = {entry["name"]: (entry["max_abs"], entry["rmse"]) for entry in report["different"]}
    assert got.keys() == want.keys(), f"names differ: {sorted(got.keys() ^ want.keys())[:3]}"
    for name, (largest, rmse) in want.items():
        close = got[name][0] == largest and math.isclose(got[name][1], rmse, rel_tol=1e-12)
        assert close, f"{name}: {got[name]}, not {(largest, rmse)}"


def verifications(checks: Checks) -> None:
    """Good files pass."""
    for name in ("mlp/task-a-1.h5", "cnn/task-a-1.weights.h5"):
        with checks.check(f"sample {name}: verify passes"):
            checks.program.done("verify", checks.sample(name))
    path = checks.vector("chunked.h5")
    with checks.check("verify finds a chunk whose checksum is wrong"):
        damaged = checks.out("damaged.h5")
        damaged.write_bytes(flipped(path, "fletcher32"))
        code = checks.program.run("verify", damaged).code
        assert code in (1, 2), f"exit {code}"
        other = vary(path, checks.out("varied.h5"), shifted)
        outcome = checks.program.run("soup", damaged, other, "-o", checks.out("never.h5"))
        assert outcome.code == 2, outcome.said()
        assert "fletcher32" in outcome.stderr, outcome.said()
        assert not (checks.scratch / "never.h5").exists(), "an output was left"


def flipped(path: Path, name: str) -> bytes:
    """The file with one bit of a dataset's first chunk turned."""
    content = bytearray(path.read_bytes())
    with h5py.File(path, "r") as file:
        content[file[name].id.get_chunk_info(0).byte_offset] ^= 4
    return bytes(content)


def run(checks: Checks) -> None:
    """All of this module's checks."""
    vectors(checks)
    samples(checks)
    diffs(checks)
    verifications(checks)
