"""Asks Keras for everything that is known of a case."""

import base64
import tempfile
import zlib
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np

from layer_vectors.cases import Case, fill, tell

SETTINGS_WITHOUT_MEANING = ("_initializer", "_regularizer", "_constraint")


def packed(values: Any) -> dict[str, Any]:
    """An array: its shape, and its 32-bit floats as base64."""
    array = np.asarray(values)
    text = base64.b64encode(np.ascontiguousarray(array, "<f4").tobytes()).decode()
    return {"shape": list(array.shape), "values": text}


def described(layer: Any) -> dict[str, Any]:
    """A layer as Keras serialises it, without what takes no part in a call."""
    whole = keras.saving.serialize_keras_object(layer)
    return bare({key: whole[key] for key in ("module", "class_name", "config")})


def bare(value: Any) -> Any:
    """Leaves out initialisers and the like at any depth: they are long and change nothing."""
    if isinstance(value, dict):
        return {
            key: bare(item) for key, item in value.items()
            if not key.endswith(SETTINGS_WITHOUT_MEANING) and key != "dtype"
        }  # fmt: skip
    return [bare(item) for item in value] if isinstance(value, (list, tuple)) else value


def randomise(layer: Any, case: Case, random: np.random.Generator) -> None:
    """Weights whose every element is another, so that a wrong place or order shows."""
    for weight in getattr(layer, "weights", []):
        given = [value for name, value in case.weights.items() if weight.path.endswith(name)]
        if given:
            values = np.asarray(given[0], np.float32)
        elif "variance" in weight.path:
            values = random.uniform(0.5, 1.5, weight.shape)
        else:
            values = random.normal(0, 0.5, weight.shape)
        weight.assign(values)
    if hasattr(layer, "finalize_state"):
        layer.finalize_state()  # As behind a load: what is computed with derives from the weights.


def stored_paths(layer: keras.Layer, model: keras.Model) -> list[str]:
    """Where a `.weights.h5` file of the model holds each weight of the layer, by its values."""
    found: dict[bytes, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.weights.h5"
        model.save_weights(path)
        with h5py.File(path) as file:

            def note(name: str, item: Any) -> None:
                if isinstance(item, h5py.Dataset) and name.startswith("layers/"):
                    found[np.asarray(item).tobytes()] = name.split("/", 2)[2]

            file.visititems(note)
    return [found[np.asarray(weight).tobytes()] for weight in layer.weights]


def told_weights(layer: Any, paths: list[str]) -> list[dict[str, Any]]:
    """The weights in Keras's order: name within the layer, place in a file, values."""
    return [
        {"name": weight.path.split("/", 1)[1], "store": path, "trainable": weight.trainable}
        | packed(weight)
        for weight, path in zip(layer.weights, paths, strict=True)
    ]  # fmt: skip


def tensors(result: Any) -> list[Any]:
    """The outputs in order, lists of lists opened."""
    if isinstance(result, (list, tuple)):
        return [tensor for item in result for tensor in tensors(item)]
    return [result]


def call(layer: Any, case: Case, fronts: list[Any], values: list[Any]) -> list[Any]:
    """The layer's outputs for values or symbols, which pass the layers in front first."""
    inputs = [front(value) if front else value for front, value in zip(fronts, values)]
    keywords = {key: fill(argument, inputs) for key, argument in case.keywords.items()}
    return tensors(layer(*fill(case.call, inputs), **keywords))


def answer(case: Case) -> dict[str, Any]:
    """The case and what Keras gives for it."""
    random = np.random.default_rng(zlib.crc32(case.name.encode()))
    keras.backend.clear_session()  # Names without numbers, whatever was made before.
    layer = case.layer()
    fronts = [one.prepare() if one.prepare else None for one in case.inputs]
    drawn = [one.draw(random) for one in case.inputs]
    symbols = [keras.Input(values.shape[1:]) for values in drawn]
    model = keras.Model(symbols, call(layer, case, fronts, symbols))
    for one in [layer, *fronts]:
        randomise(one, case, random)
    told: dict[str, Any] = {"name": case.name, "layer": described(layer), "inputs": []}
    for values, front in zip(drawn, fronts):
        known = packed(values)
        if front:
            known["front"] = {"layer": described(front)}
            known["front"]["weights"] = [packed(weight) for weight in front.weights]
        told["inputs"].append(known)
    told["arguments"] = [tell(argument) for argument in case.call]
    told["keywords"] = {key: tell(argument) for key, argument in case.keywords.items()}
    if getattr(layer, "weights", []):
        told["weights"] = told_weights(layer, stored_paths(layer, model))
    # Random layers count on being told that this isn't training.
    results = tensors(model(list(map(keras.ops.convert_to_tensor, drawn)), training=False))
    told["outputs"] = [packed(result) for result in results]
    mask = keras.src.backend.get_keras_mask(results[0])
    if mask is not None:
        told["mask"] = packed(mask)
    return told
