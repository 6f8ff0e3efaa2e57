"""Whole models and what Keras computes at each of their layers: `python -m layer_vectors.models FOLDER`."""

import json
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from layer_vectors.oracle import bare, packed

TEXT = [[3, 1, 4, 1, 5], [9, 2, 6, 0, 0], [7, 0, 0, 0, 0]]


def block(x: Any, name: str) -> Any:
    """A transformer's encoder block, normalised before each part."""
    y = layers.LayerNormalization(epsilon=1e-6, name=f"{name}_norm1")(x)
    y = layers.MultiHeadAttention(2, 4, dropout=0.1, name=f"{name}_attention")(y, y)
    x = layers.Add(name=f"{name}_add1")([x, y])
    y = layers.LayerNormalization(epsilon=1e-6, name=f"{name}_norm2")(x)
    y = layers.Dense(16, "gelu", name=f"{name}_dense1")(y)
    y = layers.Dense(8, name=f"{name}_dense2")(y)
    return layers.Add(name=f"{name}_add2")([x, y])


def transformer(masks: bool) -> keras.Model:
    """A small encoder of text with learnt positions; `masks` marks id 0 as padding."""
    text = keras.Input((5,), name="text")
    place = keras.Input((5,), name="places")
    tokens = layers.Embedding(10, 8, mask_zero=masks, name="tokens")(text)
    places = layers.Embedding(5, 8, name="positions")(place)
    x = layers.Add(name="sum")([tokens, places])
    x = block(block(x, "first"), "second")
    x = layers.LayerNormalization(name="norm")(x)
    x = layers.GlobalAveragePooling1D(name="mean")(x)
    return keras.Model([text, place], layers.Dense(3, "softmax", name="classes")(x))


def after_norm() -> keras.Model:
    """A block normalised behind each part, over padding: attention takes its input's mask away."""
    text = keras.Input((5,), name="text")
    x = layers.Embedding(10, 8, mask_zero=True, name="tokens")(text)
    y = layers.MultiHeadAttention(2, 4, name="attention")(x, x)
    x = layers.LayerNormalization(name="norm")(layers.Add(name="add")([x, y]))
    y = layers.MultiHeadAttention(2, 4, name="attention2")(x, x)
    x = layers.LayerNormalization(name="norm2")(layers.Add(name="add2")([x, y]))
    return keras.Model(text, layers.GlobalAveragePooling1D(name="mean")(x))


def reader() -> keras.Model:
    """Recurrent layers over padding: Keras writes their masks into the configuration as tensors."""
    text = keras.Input((5,), name="text")
    x = layers.Embedding(10, 6, mask_zero=True, name="tokens")(text)
    x = layers.Bidirectional(layers.LSTM(3, return_sequences=True), name="both")(x)
    x = layers.TimeDistributed(layers.Dense(4), name="steps")(x)
    x = layers.BatchNormalization(name="scaled")(x)
    x = layers.Masking(0.0, name="again")(x)
    x = layers.GRU(3, return_sequences=True, name="forth")(x)
    mean = layers.GlobalAveragePooling1D(name="mean")(x)
    return keras.Model(text, layers.Add(name="sum")([layers.SimpleRNN(3, name="last")(x), mean]))


def translator() -> keras.Model:
    """A recurrent encoder whose states begin a decoder, as the manuals of Keras have it."""
    source = keras.Input((5,), name="source")
    target = keras.Input((5,), name="target")
    x = layers.Embedding(10, 6, name="source_tokens")(source)
    _, *forward = layers.LSTM(4, return_state=True, name="encoder")(x)
    y = layers.Embedding(10, 6, name="target_tokens")(target)
    y = layers.LSTM(4, return_sequences=True, name="decoder")(y, initial_state=forward)
    y = layers.Attention(name="attention")([y, layers.Dense(4, name="memory")(x)])
    return keras.Model([source, target], layers.Dense(10, "softmax", name="words")(y))


def told(name: str, model: keras.Model, inputs: list[np.ndarray]) -> dict[str, Any]:
    """A model with drawn weights, its inputs, and the first output of each of its layers."""
    random = np.random.default_rng(len(name))
    for weight in model.weights:
        values = random.normal(0, 0.5, weight.shape)
        weight.assign(abs(values) if "variance" in weight.path else values)
    known = {
        layer.name: layer for layer in model.layers if not isinstance(layer, layers.InputLayer)
    }
    watched = keras.Model(model.inputs, [first(layer.output) for layer in known.values()])
    results = watched([ops.convert_to_tensor(array) for array in inputs])
    return {
        "name": name,
        "configuration": bare(json.loads(model.to_json())),
        "inputs": [packed(array) for array in inputs],
        "weights": {
            key: [packed(weight) for weight in layer.weights] for key, layer in known.items()
        },
        "outputs": {key: packed(result) for key, result in zip(known, results, strict=True)},
    }


def first(output: Any) -> Any:
    """The first of a layer's outputs."""
    return output[0] if isinstance(output, (list, tuple)) else output


def main(folder: Path) -> None:
    """Writes a file a model."""
    text = np.asarray(TEXT, np.float32)
    places = np.tile(np.arange(5, dtype=np.float32), (3, 1))
    models = {
        "transformer": (lambda: transformer(False), [text, places]),
        "padded-transformer": (lambda: transformer(True), [text, places]),
        "attention-before-norm": (after_norm, [text]),
        "reader": (reader, [text]),
        "translator": (translator, [text, text[::-1].copy()]),
    }
    folder.mkdir(exist_ok=True)
    for name, (make, inputs) in models.items():
        keras.backend.clear_session()
        text_of_model = json.dumps(told(name, make(), inputs), separators=(",", ":"))
        (folder / f"{name}.json").write_text(text_of_model + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
