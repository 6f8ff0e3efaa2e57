"""The two networks. Every layer is named, so that files made apart match tensor by tensor."""

from collections.abc import Callable

import keras
from keras import layers


def mlp() -> keras.Model:
    """A sequential perceptron whose last layer has its softmax fused."""
    return keras.Sequential(
        [
            keras.Input((8, 8, 1), name="image"),
            layers.Flatten(name="flatten"),
            layers.Dense(64, activation="relu", name="hidden_1"),
            layers.Dense(64, activation="relu", name="hidden_2"),
            layers.Dense(10, activation="softmax", name="digit"),
        ],
        name="digits_mlp",
    )


def cnn() -> keras.Model:
    """A functional ConvNet with BatchNorm, whose softmax is a layer of its own."""
    image = keras.Input((8, 8, 1), name="image")
    x = image
    for index, (filters, strides) in enumerate([(16, 1), (24, 2), (24, 1)], start=1):
        x = layers.Conv2D(
            filters, 3, strides=strides, padding="same", use_bias=False, name=f"conv_{index}"
        )(x)
        # The parts are small: a shorter memory lets the moving statistics settle.
        x = layers.BatchNormalization(momentum=0.9, name=f"norm_{index}")(x)
        x = layers.ReLU(name=f"relu_{index}")(x)
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    x = layers.Dense(10, name="logits")(x)
    digit = layers.Softmax(name="digit")(x)
    return keras.Model(image, digit, name="digits_cnn")


NETWORKS: dict[str, Callable[[], keras.Model]] = {"mlp": mlp, "cnn": cnn}
