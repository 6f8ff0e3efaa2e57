#!/usr/bin/env python3
"""Makes the networks that the probe is timed with: NAME FIRST.h5 SECOND.h5, a network with random
weights and one near it, as legacy HDF5 files."""

import os
import sys
from collections.abc import Callable

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras  # noqa: E402  the backend is chosen before
import numpy as np  # noqa: E402
from keras import layers  # noqa: E402


def mlp() -> keras.Model:
    """1024 values, four hidden layers of as many, ten classes."""
    return keras.Sequential([
        keras.Input((1024,)),
        *[layers.Dense(1024, activation="relu") for _ in range(4)],
        layers.Dense(10),
    ])


def residual_20() -> keras.Model:
    """He et al.'s ResNet-20 for images of 32 x 32, with projections where the shape changes."""
    def unit(x: keras.KerasTensor, filters: int, stride: int = 1,
             size: int = 3) -> keras.KerasTensor:
        x = layers.Conv2D(filters, size, stride, padding="same", use_bias=False)(x)
        return layers.BatchNormalization()(x)

    inputs = keras.Input((32, 32, 3))
    x = layers.ReLU()(unit(inputs, 16))
    for filters in (16, 32, 64):
        for block in range(3):
            stride = 2 if filters > 16 and block == 0 else 1
            y = unit(layers.ReLU()(unit(x, filters, stride)), filters)
            shortcut = unit(x, filters, stride, 1) if stride > 1 else x
            x = layers.ReLU()(layers.Add()([y, shortcut]))
    return keras.Model(inputs, layers.Dense(10)(layers.GlobalAveragePooling2D()(x)))


def attention(x: keras.KerasTensor, heads: int) -> keras.KerasTensor:
    """Attention of a sequence to itself."""
    return layers.MultiHeadAttention(heads, x.shape[-1] // heads)(x, x)


def feed_forward(x: keras.KerasTensor) -> keras.KerasTensor:
    """A transformer's two dense layers."""
    return layers.Dense(x.shape[-1])(layers.Dense(4 * x.shape[-1], activation="gelu")(x))


def vision_transformer() -> keras.Model:
    """ViT-B/32 without the class token: 49 patches of 768 values, 12 blocks, normalised before."""
    inputs = keras.Input((224, 224, 3))
    x = layers.Reshape((49, 768))(layers.Conv2D(768, 32, 32)(inputs))
    for _ in range(12):
        x = layers.Add()([x, attention(layers.LayerNormalization(epsilon=1e-6)(x), 12)])
        x = layers.Add()([x, feed_forward(layers.LayerNormalization(epsilon=1e-6)(x))])
    x = layers.GlobalAveragePooling1D()(layers.LayerNormalization(epsilon=1e-6)(x))
    return keras.Model(inputs, layers.Dense(1000)(x))


def encoder() -> keras.Model:
    """Six blocks of BERT's kind on 128 embedded tokens of 384 values, normalised behind."""
    inputs = keras.Input((128, 384))
    x: keras.KerasTensor = inputs
    for _ in range(6):
        x = layers.LayerNormalization(epsilon=1e-12)(layers.Add()([x, attention(x, 6)]))
        x = layers.LayerNormalization(epsilon=1e-12)(layers.Add()([x, feed_forward(x)]))
    return keras.Model(inputs, x)


NETWORKS: dict[str, Callable[[], keras.Model]] = {
    "mlp": mlp,
    "resnet-20": residual_20,
    "resnet-50": lambda: keras.applications.ResNet50(weights=None, classifier_activation=None),
    "vit-b-32": vision_transformer,
    "bert-6x384": encoder,
}


def main() -> None:
    name, first, second = sys.argv[1:]
    keras.utils.set_random_seed(1)
    model = NETWORKS[name]()
    model.save(first)
    # Near enough to be merged, and not so near that comparing them is a special case.
    noise = np.random.default_rng(2)
    model.set_weights([weight + 0.1 * weight.std() * noise.standard_normal(weight.shape)
                       for weight in model.get_weights()])
    model.save(second)


if __name__ == "__main__":
    main()
