"""Keras's layouts of one architecture in one merge: `--match keras`, against Keras's own average."""

import itertools
import json
from pathlib import Path

import keras
import numpy as np
from keras import layers

from interop import formulas
from interop.checks import Checks


def network(seed: int, frozen: bool) -> keras.Model:
    """Every way in which layers nest, with the names that Keras counts up itself.

    So two networks have different names, and a frozen layer moves in the legacy list of its model.
    """
    inner = [keras.Input((5, 4)), layers.Dense(4), layers.BatchNormalization(), layers.Dense(4)]
    inner += [layers.Dropout(0.3), layers.BatchNormalization()]
    block = keras.Sequential(inner, name=f"block_{seed}")
    block.layers[0].trainable = not frozen
    words = keras.Input((5,), dtype="int32")
    x = layers.Embedding(11, 4)(words)
    x = layers.Bidirectional(layers.GRU(4, return_sequences=True))(x)
    x = layers.LSTM(4, return_sequences=True)(x)
    x = block(layers.MultiHeadAttention(2, 4)(x, x))
    x = layers.Flatten()(layers.TimeDistributed(layers.Dense(4))(x))
    model = keras.Model(words, layers.Dense(3)(layers.Normalization()(x)))
    random = np.random.default_rng(seed)
    for variable in model.weights:
        if variable.dtype == "float32":
            variable.assign(random.uniform(0.1, 2, variable.shape))
    return model


def saved(model: keras.Model, checks: Checks, name: str) -> dict[str, Path]:
    """The model in every layout that Keras writes."""
    paths = {kind: checks.out(f"{name}.{kind}") for kind in ("h5", "keras", "weights.h5")}
    paths["weights.json"] = checks.out(f"{name}-parts.weights.json")
    model.save(paths["h5"])
    model.save(paths["keras"])
    model.save_weights(paths["weights.h5"])
    model.save_weights(paths["weights.json"], max_shard_size=600 / 1024**3)
    return paths


def loaded(path: Path, kind: str, model: keras.Model) -> list[np.ndarray]:
    """What Keras reads of an output: a model, or weights into the first network."""
    if kind in ("h5", "keras"):
        return keras.models.load_model(path, compile=False).get_weights()
    model.load_weights(path)
    return model.get_weights()


def archives(checks: Checks, paths: dict[str, Path], model: keras.Model) -> None:
    """A `.keras` made of every other layout loads with the same weights."""
    architecture = checks.out("archive.json")
    architecture.write_text(model.to_json())
    folder = checks.out("unpacked")
    keras.saving.save_model(model, folder, zipped=False)
    for kind, path in (*paths.items(), ("folder", folder)):
        with checks.check(f"match: {kind} converted to .keras"):
            out = checks.out("archive.keras")
            checks.program.done("convert", path, out, "--force", "--architecture", architecture)
            found = keras.models.load_model(out, compile=False).get_weights()
            for got, right in zip(found, model.get_weights(), strict=True):
                assert formulas.same_bits(got, right), "a weight differs"
            checks.program.done("verify", out)


def parts(checks: Checks, paths: dict[str, Path], model: keras.Model) -> None:
    """Sharded weights made of what has Keras's own names load, layers in two parts among them."""
    for kind in ("keras", "weights.h5", "weights.json"):
        with checks.check(f"match: {kind} cut into Keras's parts"):
            out = checks.out(f"parts-of-{kind}")
            checks.program.done(
                "convert", paths[kind], out, "--format", "hdf5", "--shard-size", "600",
                "--optimizer", "drop",
            )  # fmt: skip
            index = json.loads((out / "model.weights.json").read_text())["weight_map"]
            assert any(len(files) > 1 for files in index.values()), "no layer lies in two parts"
            weights = model.get_weights()
            model.set_weights([np.zeros_like(weight) for weight in weights])
            found = loaded(out / "model.weights.json", "weights.json", model)
            model.set_weights(weights)
            for got, right in zip(found, weights, strict=True):
                assert formulas.same_bits(got, right), "a weight differs"
            checks.program.done("verify", out)
            checks.program.done("diff", out, paths[kind])


def run(checks: Checks) -> None:
    """Every layout as the template, every layout as the second source."""
    models = [network(seed, frozen=seed == 2) for seed in (1, 2)]
    weights = [model.get_weights() for model in models]
    want = [
        formulas.rounded(formulas.mean(group), group[0].dtype) if group[0].dtype.kind == "f" else None
        for group in zip(*weights, strict=True)
    ]
    first, second = (saved(model, checks, f"match-{n}") for n, model in enumerate(models))
    archives(checks, first, models[0])
    parts(checks, first, models[0])
    architecture = checks.out("match.json")
    architecture.write_text(models[0].to_json())
    for kind, other in itertools.product(first, second):
        with checks.check(f"match: {kind} with {other}"):
            # Parts as the template give one file.
            result = kind.replace("json", "h5")
            out = checks.out(f"match-mean.{result}")
            checks.program.done(
                "soup", first[kind], second[other], "--match", "keras", "-o", out,
                "--architecture", architecture,
            )  # fmt: skip
            found = loaded(out, result, models[0])
            assert len(found) == len(want), f"{len(found)} weights, not {len(want)}"
            for got, right in zip(found, want, strict=True):
                assert right is None or formulas.same_bits(got, right), "a weight differs"
            checks.program.done("diff", first[kind], first[other], "--match", "keras",
                                "--architecture", architecture)  # fmt: skip
