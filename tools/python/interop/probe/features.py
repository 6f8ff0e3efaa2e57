"""`ctl-probe features`: the written outputs are Keras's own."""

from pathlib import Path

import h5py
import numpy as np

from interop.probe import expect, tiny
from interop.probe.bench import Bench, with_data
from interop.probe.measures import Array
from interop.probe.network import Network
from interop.probe.scores import together


def written(path: Path) -> dict[str, Array]:
    """What a file of features holds, in its order."""
    if path.suffix == ".npz":
        with np.load(path) as archive:
            return {name: archive[name] for name in archive.files}
    with h5py.File(path, "r") as file:
        # Keras's order is that of the layers, and so is that in which the file lists them.
        return {name: file[name][()] for name in file}


def same(got: Array, want: Array, name: str) -> None:
    """Fails unless shapes and types agree, and values up to rounding in float32."""
    expect.equal(got.shape, want.shape, f"{name}'s shape")
    expect.equal(got.dtype, np.dtype("f4"), f"{name}'s type")
    worst = float(np.max(np.abs(got - want)) / max(np.max(np.abs(want)), 1e-30))
    assert worst <= 1e-5, f"{name} differs by {worst:g} of its greatest value"


def samples(bench: Bench, kind: str) -> None:
    """All layers on two data files; a fused softmax belongs to its layer's output."""
    source, sets = bench.file(kind, "task-b"), (bench.test, bench.rotated)
    net = Network.load(source, unfuses=False)
    with bench.checks.check(f"probe {kind}: features writes each layer's output as in Keras"):
        out = bench.checks.out(f"{kind}-features.h5")
        report = bench.report("features", source, *with_data(*sets), "-o", out)
        run, found = net.run(bench.weights(source), together(*sets).x), written(out)
        expect.equal(list(found), net.names, "the names in the file")
        expect.equal([layer["name"] for layer in report["layers"]], net.names, "the names told")
        for layer in report["layers"]:
            name = layer["name"]
            same(found[name], run.feature(name), name)
            expect.equal(layer["shape"], list(found[name].shape), f"{name}'s shape as told")
        predicted = net.model.predict(together(*sets).x, batch_size=500, verbose=0)
        same(found[net.names[-1]], predicted, "the model's output")


def archive(bench: Bench) -> None:
    """Chosen layers go to a NumPy archive with the same values."""
    source = bench.file("cnn", "task-b")
    with bench.checks.check("probe cnn: features writes chosen layers to .npz"):
        common = ["features", source, *with_data(bench.test)]
        paths = [bench.checks.out(f"chosen.{suffix}") for suffix in ("h5", "npz")]
        for path in paths:
            bench.checks.probe.done(*common, "--layers", "relu_*", "-o", path)
        one, other = map(written, paths)
        expect.equal(list(one), ["relu_1", "relu_2", "relu_3"], "names in HDF5")
        expect.equal(set(other), set(one), "names in the archive")
        for name in one:
            assert np.array_equal(one[name], other[name]), f"{name} differs"


def several_inputs(bench: Bench) -> None:
    """A model with two inputs, and one with a shared layer."""
    for build in (tiny.two_inputs, tiny.residual):
        words = build.__name__.replace("_", " ")
        with bench.checks.check(f"probe {words}: features writes every call of every layer"):
            one = tiny.make(bench.checks, build)
            net = Network(one.net.model, unfuses=False)
            out = bench.checks.out("several.h5")
            bench.checks.probe.done("features", one.files[0], *with_data(one.data), "-o", out)
            run, found = net.run(one.weights[0], one.data.x), written(out)
            expect.equal(set(found), set(run.calls), "the names")
            for name in found:
                if name != net.logits:
                    same(found[name], run.feature(name), name)


def refusals(bench: Bench) -> None:
    """An existing file is kept, and a pattern that matches nothing is an error."""
    source = bench.file("mlp", "task-b")
    with bench.checks.check("probe mlp: features keeps an existing file without --force"):
        out = bench.checks.out("kept.h5")
        out.write_text("kept")
        common = ["features", source, *with_data(bench.test), "-o", out]
        expect.equal(bench.run(*common).code, 74, "exit code")
        expect.equal(out.read_text(), "kept", "the file")
        expect.equal(bench.run(*common, "--force").code, 0, "exit code with --force")
    with bench.checks.check("probe mlp: features names the layers where --layers matches none"):
        refused = bench.run(*common, "--force", "--layers", "nothing")
        expect.equal(refused.code, 64, f"exit code ({refused.said()})")
        assert "hidden_1" in refused.stderr, refused.said()


def run(bench: Bench) -> None:
    """All of this module's checks."""
    for kind in ("mlp", "cnn"):
        samples(bench, kind)
    archive(bench)
    several_inputs(bench)
    refusals(bench)
