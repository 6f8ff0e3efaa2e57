"""How ctl-probe answers: first words, exit codes, and what it says of what it can't use."""

from pathlib import Path

import h5py
import keras
import numpy as np
from keras import layers

from interop.probe import expect
from interop.probe.bench import Bench, with_data
from interop.probe.measures import flat
from interop.probe.network import Network, Weights

WORDS = {"linear": "Linear", "weak": "Weak", "broken": "Broken"}


def verdicts(bench: Bench) -> None:
    """The first word is the grade, and --fail-on turns it into an exit code."""
    for kind, other, grade in (
        ("mlp", "task-b", "linear"),
        ("cnn", "task-b", "weak"),
        ("mlp", "independent", "broken"),
        ("cnn", "independent", "broken"),
    ):
        a, b = bench.file(kind, "task-a-1"), bench.file(kind, other)
        common = ["linearity", a, b, *with_data(bench.test)]
        with bench.checks.check(f"probe {kind}: linearity with {other} is called {grade}"):
            expect.equal(bench.report(*common)["verdict"]["model"], grade, "the verdict")
            outcome = bench.run(*common)
            said = outcome.stdout.decode().split()[0].rstrip(":.,")
            expect.equal((outcome.code, said), (0, WORDS[grade]), "exit code and first word")
            for limit, fails in (("broken", ["broken"]), ("weak", ["broken", "weak"])):
                code = bench.run(*common, "--fail-on", limit).code
                expect.equal(code, int(grade in fails), f"exit code with --fail-on {limit}")


def other_verbs(bench: Bench) -> None:
    """The other verbs that judge do so as well."""
    a, b, c, d, base = (
        bench.file("mlp", name)
        for name in ("task-a-1", "independent", "task-b", "task-a-2", "pretrained")
    )
    for arguments, grade in (
        (["barrier", a, b], "broken"),
        (["stitch", a, b], "broken"),
        (["soup", a, b, d], "broken"),
        (["matrix", a, b, c], "broken"),
        (["addition", "--base", base, a, c], "linear"),
        (["negation", "--base", base, c], "linear"),
    ):
        with bench.checks.check(f"probe mlp: {arguments[0]} is called {grade}"):
            outcome = bench.run(*arguments, *with_data(bench.test), "--fail-on", "weak")
            said = outcome.stdout.decode().split()[0].rstrip(":.,")
            found = (outcome.code, said)
            expect.equal(found, (int(grade != "linear"), WORDS[grade]), outcome.said())


def refused(bench: Bench, words: str, code: int, parts: list[str], *arguments: object) -> None:
    """A check that a run ends with a code, and that its message holds all parts."""
    with bench.checks.check(f"probe: {words}"):
        outcome = bench.run(*arguments)
        expect.equal(outcome.code, code, f"exit code ({outcome.said()})")
        for part in parts:
            assert part in outcome.stderr, f"no {part} in: {outcome.said()}"
        expect.equal(outcome.stdout, b"", "standard output")


def data_file(bench: Bench, name: str, **arrays: np.ndarray) -> Path:
    """A data set file."""
    path = bench.checks.out(name)
    with h5py.File(path, "w") as file:
        for key, values in arrays.items():
            file[key] = values
    return path


def data_errors(bench: Bench) -> None:
    """Data that don't fit."""
    model, x, y = bench.file("mlp", "task-b"), bench.test.x[:20], bench.test.y[:20].copy()
    wide = data_file(bench, "wide.h5", x=np.zeros((5, 9, 8, 1), "f4"), y=y[:5])
    refused(
        bench, "a data set of another shape is refused, and both shapes are shown", 2,
        [str(wide), "9", "8"], "evaluate", model, "--data", wide,
    )  # fmt: skip
    bare = data_file(bench, "bare.h5", x=x)
    pair = [bench.file("mlp", "task-a-1"), model]
    for verb, models in (("evaluate", [model]), ("barrier", pair), ("stitch", pair)):
        refused(
            bench, f"{verb} without labels is refused", 2, [str(bare), "labels"],
            verb, *models, "--data", bare,
        )  # fmt: skip
    for label in (10, -1):
        changed = y.copy()
        changed[7] = label
        bad = data_file(bench, "label.h5", x=x, y=changed)
        refused(
            bench, f"a label of {label} among ten classes is refused by its sample", 2,
            [str(bad), "label", "7"], "evaluate", model, "--data", bad,
        )  # fmt: skip
    short = data_file(bench, "short.h5", x=x, y=y[:11])
    refused(
        bench, "fewer labels than samples are refused", 2, [str(short), "11", "20"],
        "evaluate", model, "--data", short,
    )  # fmt: skip
    missing = bench.checks.out("missing.h5")
    refused(
        bench, "a missing data set is an error", 2, [str(missing)],
        "evaluate", model, "--data", missing,
    )  # fmt: skip


def model_errors(bench: Bench) -> None:
    """Models that don't fit, or can't be run."""
    mlp, cnn = bench.file("mlp", "task-b"), bench.file("cnn", "task-b")
    refused(
        bench, "networks of different architectures are refused", 2, [str(cnn), "mlp/task-b.h5"],
        "linearity", mlp, cnn, *with_data(bench.test),
    )  # fmt: skip
    bare = bench.file("mlp", "task-a-1.weights")
    refused(
        bench, "weights alone ask for --architecture", 2, ["--architecture"],
        "evaluate", bare, *with_data(bench.test),
    )  # fmt: skip

    @keras.saving.register_keras_serializable(package="probe")
    class Unheard(layers.Layer):
        """A class that no reader can know."""

        def call(self, inputs):  # noqa: ANN001, ANN201: Keras's signature
            return inputs

    for name, layer in (
        ("Lambda", layers.Lambda(lambda t: t * 2, name="doubling")),
        ("Unheard", Unheard(name="unheard")),
    ):
        model = keras.Sequential([keras.Input((8, 8, 1)), layers.Flatten(), layer])
        path = bench.checks.out(f"{name}.h5")
        model.save(path)
        refused(
            bench, f"{name} is refused by name, with its layer's", 2, [name, layer.name],
            "evaluate", path, *with_data(bench.test),
        )  # fmt: skip


def poisoned(bench: Bench, kind: str, name: str, value: float) -> tuple[Path, Weights]:
    """A copy of a sample with one weight of a layer that isn't finite, and its weights."""
    path = bench.checks.out(f"{kind}-{name}-{value}.h5")
    net = bench.networks[kind]
    weights = [w.copy() for w in bench.weights(bench.file(kind, "task-b"))]
    paths = [variable.path for variable in net.model.weights]
    place = paths.index(net.model.get_layer(name).weights[0].path)
    weights[place].flat[5] = value
    model = keras.models.load_model(bench.file(kind, "task-b"), compile=False)
    model.set_weights(weights)
    model.save(path)
    return path, weights


def not_finite(bench: Bench) -> None:
    """NaN weights are an error of their own or counted; they never pass as a figure."""
    for kind, name, value in (
        ("mlp", "hidden_2", np.nan),
        ("mlp", "digit", np.nan),
        ("mlp", "hidden_1", np.inf),
        ("cnn", "conv_2", np.nan),
        ("cnn", "norm_3", np.nan),
    ):
        bad, weights = poisoned(bench, kind, name, value)
        net, a = bench.networks[kind], bench.file(kind, "task-a-1")
        words = f"probe {kind}: a weight of {name} that is {value}"
        with bench.checks.check(f"{words} makes features not finite just as in Keras, or code 3"):
            spoiled(bench, net, a, bad, weights)
        if kind == "mlp":
            with bench.checks.check(f"{words} is never linear"):
                common = ["linearity", a, bad, *with_data(bench.test)]
                outcome = bench.run(*common, "--fail-on", "weak")
                assert outcome.code in (1, 3), outcome.said()


def spoiled(bench: Bench, net: Network, a: Path, bad: Path, weights: Weights) -> None:
    """Fails unless a run is refused, or counts what is not finite in Keras's features."""
    outcome = bench.run("linearity", a, bad, *with_data(bench.test), "--json", "--alphas", "0.5")
    if outcome.code == 3:
        assert str(bad) in outcome.stderr, outcome.said()
        return
    report, run = outcome.json(), net.run(weights, bench.test.x)
    for layer in report["layers"]:
        finite = np.isfinite(flat(run.feature(layer["name"]))).all(axis=1)
        got = layer["baseline"]["non_finite"]
        expect.equal(got, int(np.sum(~finite)), f"{layer['name']}: samples that aren't finite")


def one_dead(bench: Bench) -> None:
    """Samples whose features are zero are counted and left out."""
    with bench.checks.check("probe: zero features are counted, on both sides and on one"):
        model = keras.Sequential(
            [keras.Input((2,)), layers.Dense(2, activation="relu", name="gate", use_bias=False)]
        )
        files = [bench.checks.out(f"gate-{name}.h5") for name in "ab"]
        for file, sign in zip(files, (1, -1), strict=True):
            model.set_weights([np.diag([1.0, sign]).astype("f4")])
            model.save(file)
        x = np.array([[1, 1], [-1, -1], [-1, 1], [-1, -2], [2, 0]], "f4")
        data = data_file(bench, "gates.h5", x=x)
        report = bench.report("linearity", *files, "--data", data, "--alphas", "0.5")
        baseline = report["layers"][0]["baseline"]
        # (1,1) and (2,0) are alive on both sides; each other sample is alive on one of them only.
        found = [baseline[key] for key in ("samples", "zero_norm", "one_zero", "non_finite")]
        expect.equal(found, [2, 3, 3, 0], "samples, zero, one-sided and non-finite ones")
        got = report["layers"][0]["alphas"][0]
        found = [got[key] for key in ("samples", "zero_norm", "one_zero", "non_finite")]
        expect.equal(found, [2, 3, 3, 0], "the same against the interpolation")


def mixed_files(bench: Bench) -> None:
    """A legacy file brings the configuration for one with weights alone."""
    with bench.checks.check("probe cnn: a legacy file and its weights alone are the same model"):
        files = [bench.checks.sample(f"cnn/task-a-1{suffix}") for suffix in (".h5", ".weights.h5")]
        one, other = bench.report("evaluate", *files, *with_data(bench.test))["entries"]
        for key in ("accuracy", "loss"):
            expect.equal(one[key], other[key], key)
        net: Network = bench.networks["cnn"]
        logits = net.run(bench.weights(files[0]), bench.test.x).feature(net.logits)
        expect.score(one, logits, bench.test.y, "the model")


def run(bench: Bench) -> None:
    """All of this module's checks."""
    verdicts(bench)
    other_verbs(bench)
    data_errors(bench)
    model_errors(bench)
    not_finite(bench)
    one_dead(bench)
    mixed_files(bench)
