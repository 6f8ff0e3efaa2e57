"""Files that Keras 2 wrote (tf-keras is Keras 2's new name). Runs in its own environment."""

import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

from pathlib import Path  # noqa: E402

import h5py  # noqa: E402
import hdf5plugin  # noqa: E402
import numpy as np  # noqa: E402
import tf_keras as keras  # noqa: E402
from tf_keras import layers  # noqa: E402


def small() -> keras.Model:
    """As few layers as an optimizer needs."""
    stack = [keras.Input((4, 4, 1), name="image"), layers.Flatten(name="flatten")]
    return keras.Sequential([*stack, layers.Dense(3, name="head")], name="small")


def network() -> keras.Model:
    """Names with slashes, as DenseNet's in Keras Applications; a layer that random bits drive."""
    image = keras.Input((4, 4, 1), name="image")
    x = layers.Conv2D(2, 2, name="conv1/conv")(image)
    x = layers.BatchNormalization(name="conv1/bn")(x)
    x = layers.BatchNormalization(scale=False, name="bn_without_scale")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dropout(0.5, name="drop")(x)
    return keras.Model(image, layers.Dense(3, name="head")(x), name="net")


def trained(model: keras.Model, optimizer: keras.optimizers.Optimizer) -> keras.Model:
    """One step, so that statistics, counters and the optimizer's slots aren't at their start."""
    random = np.random.default_rng(3)
    model.compile(optimizer, "mse")
    images, targets = random.normal(size=(8, 4, 4, 1)), random.normal(size=(8, 3))
    model.fit(images, targets, epochs=1, batch_size=8, verbose=0)
    return model


def zstd(path: Path) -> None:
    """A filter that isn't part of libhdf5 and needs a plug-in; here because of its package."""
    with h5py.File(path, "w") as file:
        data = np.arange(64, dtype="<f4")
        file.create_dataset("weight", data=data, chunks=(32,), **hdf5plugin.Zstd())


def main(folder: Path) -> None:
    """Writes the files of this module."""
    keras.utils.set_random_seed(6)
    trained(network(), keras.optimizers.Adam(0.01)).save(folder / "keras2-full-adam.h5")
    old = keras.optimizers.legacy.SGD(0.01, momentum=0.5)
    trained(small(), old).save(folder / "keras2-full-legacy-sgd.h5")
    network().save_weights(folder / "keras2-weights.h5")
    model = trained(network(), keras.optimizers.SGD(0.01, momentum=0.5))
    model.save_weights(folder / "keras2-sgd.weights.h5")
    zstd(folder / "zstd.h5")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
