"""Merged files in Keras: they load, and predict what a model averaged inside Keras predicts."""

from pathlib import Path

import h5py
import keras
import numpy as np

from interop import formulas
from interop.checks import Checks

Weights = list[np.ndarray]


def digits(checks: Checks) -> np.ndarray:
    """The test images."""
    with h5py.File(checks.sample("test.h5"), "r") as file:
        return file["x"][()]


def load(path: Path) -> keras.Model:
    """A model from a legacy file, without its training configuration."""
    return keras.models.load_model(path, compile=False)


def architecture(checks: Checks, network: str) -> keras.Model:
    """A model to load weights into."""
    return load(checks.sample(f"{network}/pretrained.h5"))


def averaged(sources: list[Weights]) -> Weights:
    """get_weights() of several models, averaged: the merge that Keras users write by hand."""
    return [
        formulas.rounded(formulas.mean(group), group[0].dtype)
        for group in zip(*sources, strict=True)
    ]


def same_weights(model: keras.Model, want: Weights) -> None:
    """Fails unless the model holds exactly these weights."""
    found = model.get_weights()
    assert len(found) == len(want), f"{len(found)} weights, not {len(want)}"
    for variable, got, right in zip(model.weights, found, want, strict=True):
        assert formulas.same_bits(got, right), f"{variable.path} differs"


def same_predictions(model: keras.Model, reference: keras.Model, images: np.ndarray) -> None:
    """Fails unless both predict the same up to rounding in float32."""
    got = model.predict(images, batch_size=500, verbose=0)
    right = reference.predict(images, batch_size=500, verbose=0)
    worst = float(np.max(np.abs(got - right)))
    assert worst <= 1e-6, f"predictions differ by up to {worst:g}"


def legacy(checks: Checks, network: str, images: np.ndarray) -> None:
    """A soup of legacy full models."""
    sources = [checks.sample(f"{network}/task-a-{i}.h5") for i in (1, 2, 3)]
    out = checks.out(f"{network}-soup.h5")
    with checks.check(f"{network}: Keras loads the soup; weights and predictions are right"):
        checks.program.done("soup", *sources, "-o", out)
        want = averaged([load(source).get_weights() for source in sources])
        reference = architecture(checks, network)
        reference.set_weights(want)
        model = load(out)
        same_weights(model, want)
        same_predictions(model, reference, images)
    with checks.check(f"{network}: Keras loads the soup with its training configuration"):
        assert keras.models.load_model(out).optimizer.name == "adam"
    with checks.check(f"{network}: --optimizer drop leaves none, and Keras loads the rest"):
        checks.program.done("soup", *sources, "-o", out, "--optimizer", "drop", "--force")
        with h5py.File(out, "r") as file:
            assert "optimizer_weights" not in file, "the group is still there"
        same_weights(load(out), want)
    with checks.check(f"{network}: Keras loads the soup's weights by layer names"):
        by_name = architecture(checks, network)
        by_name.load_weights(out, by_name=True)
        same_weights(by_name, want)


def weights_file(checks: Checks, network: str, images: np.ndarray) -> None:
    """A soup of `.weights.h5`: one with Adam's state, one without any."""
    sources = [checks.sample(f"{network}/task-a-{i}.weights.h5") for i in (1, 2)]
    for order, words in ((sources, "with"), (sources[::-1], "without")):
        with checks.check(f"{network}: Keras loads a .weights.h5 soup {words} optimizer state"):
            out = checks.out(f"{network}-soup.weights.h5")
            checks.program.done("soup", *order, "-o", out)
            held = []
            for source in order:
                model = architecture(checks, network)
                model.load_weights(source)
                held.append(model.get_weights())
            want = averaged(held)
            reference = architecture(checks, network)
            reference.set_weights(want)
            model = architecture(checks, network)
            model.load_weights(out)
            same_weights(model, want)
            same_predictions(model, reference, images)


def optimizer_state(checks: Checks, network: str) -> None:
    """The template's optimizer state arrives (Keras restores it only from `.weights.h5`)."""
    sources = [checks.sample(f"{network}/task-a-{i}.weights.h5") for i in (1, 2)]
    with checks.check(f"{network}: Keras loads the template's optimizer state from a soup"):
        out = checks.out(f"{network}-state.weights.h5")
        checks.program.done("soup", *sources, "-o", out)
        held = []
        for path in (out, sources[0]):
            model = architecture(checks, network)
            model.compile(keras.optimizers.Adam(name="adam"), "mse")
            model.optimizer.build(model.trainable_variables)
            model.load_weights(path)
            held.append([np.asarray(variable) for variable in model.optimizer.variables])
        assert len(held[1]) > 2 and np.any(held[1][-1]), "the sample has no state"
        assert all(np.array_equal(a, b) for a, b in zip(*held, strict=True)), "it differs"


def other_types(checks: Checks, network: str) -> None:
    """Outputs of another element type: Keras casts what it loads."""
    sources = [checks.sample(f"{network}/task-a-{i}.h5") for i in (1, 2)]
    exact = [
        formulas.mean(group)
        for group in zip(*(load(s).get_weights() for s in sources), strict=True)
    ]
    for dtype in ("float16", "float64"):
        with checks.check(f"{network}: Keras loads a soup of --dtype {dtype}"):
            out = checks.out(f"{network}-{dtype}.h5")
            checks.program.done("soup", *sources, "-o", out, "--dtype", dtype)
            same_weights(load(out), [formulas.rounded(a, dtype).astype("f4") for a in exact])
    with checks.check(f"{network}: Keras loads a .weights.h5 soup of --dtype bfloat16"):
        sources = [checks.sample(f"{network}/task-a-{i}.weights.h5") for i in (2, 1)]
        out = checks.out(f"{network}-bfloat16.weights.h5")
        checks.program.done("soup", *sources, "-o", out, "--dtype", "bfloat16")
        model = architecture(checks, network)
        model.load_weights(out)
        # The two sources' order doesn't matter to an exact mean.
        same_weights(model, [formulas.rounded(a, "bfloat16").astype("f4") for a in exact])


def arithmetic(checks: Checks, network: str) -> None:
    """What the other verbs make loads, too."""
    base, tuned = (checks.sample(f"{network}/{name}.h5") for name in ("pretrained", "task-b"))
    for verb, arguments in (
        ("interpolate", [tuned, base, "--alpha", "0.4"]),
        ("add", ["--base", base, tuned, "--scale", "0.5"]),
        ("negate", ["--base", base, tuned, "--scale", "0.25"]),
        ("task-vector", [tuned, "--base", base]),
    ):
        with checks.check(f"{network}: Keras loads what {verb} makes"):
            out = checks.out(f"{network}-{verb}.h5")
            checks.program.done(verb, *arguments, "-o", out)
            shapes = [w.shape for w in load(out).get_weights()]
            assert shapes == [w.shape for w in load(base).get_weights()]


def run(checks: Checks) -> None:
    """All of this module's checks."""
    images = digits(checks)
    for network in ("mlp", "cnn"):
        legacy(checks, network, images)
        weights_file(checks, network, images)
        optimizer_state(checks, network)
        other_types(checks, network)
        arithmetic(checks, network)
