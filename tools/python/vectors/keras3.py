"""Files that Keras 3 wrote, tiny but with every kind of variable that it stores."""

import os

os.environ.setdefault("KERAS_BACKEND", "jax")

from pathlib import Path  # noqa: E402

import h5py  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras import layers  # noqa: E402
from keras.src.legacy.saving import legacy_h5_format  # noqa: E402


def network(nested: bool = False, name: str = "net") -> keras.Model:
    """Conv, BatchNorm with and without scale, Dropout with a seed, perhaps a model in the model."""
    image = keras.Input((4, 4, 1), name="image")
    x = layers.Conv2D(2, 2, name="conv")(image)
    if not nested:
        x = layers.BatchNormalization(name="bn")(x)
    x = layers.BatchNormalization(scale=False, name="bn_without_scale")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dropout(0.5, seed=7, name="drop")(x)
    if nested:
        x = block()(x)
    return keras.Model(image, layers.Dense(3, name="head")(x), name=name)


def block() -> keras.Model:
    """The inner model."""
    inner = [keras.Input((18,), name="features"), layers.Dense(2, name="inner_dense")]
    return keras.Sequential([*inner, layers.BatchNormalization(name="inner_bn")], name="block")


def trained(model: keras.Model, optimizer: keras.optimizers.Optimizer) -> keras.Model:
    """One step, so that statistics, counters and the optimizer's slots aren't at their start."""
    random = np.random.default_rng(3)
    model.compile(optimizer, "mse")
    shape = (8, *model.input_shape[1:])
    targets = random.normal(size=(8, *model.output_shape[1:]))
    model.fit(random.normal(size=shape), targets, epochs=1, batch_size=8, verbose=0)
    return model


def adam() -> keras.optimizers.Optimizer:
    """Adam, named so that the file doesn't depend on what was made before it."""
    return keras.optimizers.Adam(0.01, name="adam")


def sgd() -> keras.optimizers.Optimizer:
    """SGD with momentum: fewer slots than Adam, other names."""
    return keras.optimizers.SGD(0.01, momentum=0.5, name="sgd")


def other_layers() -> keras.Model:
    """Layers whose variables are neither kernel nor bias, or lie in objects of their own."""
    words = keras.Input((5,), dtype="int32", name="words")
    x = layers.Embedding(4, 3, name="embedding")(words)
    x = layers.Bidirectional(layers.GRU(2, name="gru"), name="both_ways")(x)
    scale = layers.Normalization(name="normalization_of_features")
    scale.adapt(np.random.default_rng(4).normal(size=(20, 4)))
    x = scale(x)
    x = layers.LayerNormalization(name="layer_norm")(x)
    x = layers.GroupNormalization(2, name="group_norm")(x)
    return keras.Model(words, layers.Dense(1, name="head")(x), name="other")


def many_variables() -> keras.Model:
    """A layer with eleven variables: `vars/10` must not come between `vars/1` and `vars/2`."""

    class Many(layers.Layer):
        """Scales its input by the sum of its weights."""

        def build(self, shape: tuple) -> None:
            for index in range(11):
                self.add_weight(shape=(index + 1,), name=f"w{index}")

        def call(self, x: np.ndarray) -> np.ndarray:  # noqa: D102
            return x * sum(keras.ops.sum(w) for w in self.weights)

    return keras.Sequential([keras.Input((2,)), Many(name="many")], name="many_variables")


def of_policy(policy: str) -> keras.Model:
    """A network whose variables are of a narrow type."""
    keras.config.set_dtype_policy(policy)
    stack = [keras.Input((3,), name="input"), layers.Dense(2, name="dense")]
    model = keras.Sequential([*stack, layers.BatchNormalization(name="bn")], name="narrow")
    keras.config.set_dtype_policy("float32")
    return model


def legacy_weights(path: Path, model: keras.Model) -> None:
    """Weights only in the legacy layout, by the function that Keras itself calls."""
    with h5py.File(path, "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)


def long_names() -> keras.Model:
    """More than 64,512 bytes of layer names: Keras cuts the attribute into numbered pieces.

    NumPy pads all names to the longest, so a single long one is enough.
    """
    stack = [keras.Input((2,), name="input"), layers.Dense(2, name="dense")]
    stack += [layers.Activation("relu", name="long" * 2100)]
    stack += [layers.Activation("relu", name=f"relu_{index}") for index in range(6)]
    return keras.Sequential(stack, name="long_names")


def shards(folder: Path) -> None:
    """One model in one file and in parts so small that the variables of a group lie in two."""
    folder.mkdir(exist_ok=True)
    model = trained(network(nested=True), sgd())
    model.save_weights(folder / "whole.weights.h5")
    model.save_weights(folder / "model.weights.json", max_shard_size=150 / 1024**3)


def make(folder: Path) -> list[Path]:
    """Writes the files of this module; returns their paths."""
    keras.utils.set_random_seed(5)
    trained(network(nested=True), adam()).save(folder / "keras3-full-adam.h5")
    trained(network(), sgd()).save(folder / "keras3-full-sgd.h5")
    legacy_weights(folder / "keras3-weights.h5", network())
    legacy_weights(folder / "keras3-other-layers.h5", other_layers())
    legacy_weights(folder / "keras3-long-names.h5", long_names())
    trained(network(nested=True), sgd()).save_weights(folder / "keras3-sgd.weights.h5")
    trained(network(nested=True), sgd()).save(folder / "keras3-sgd.keras")
    other_layers().save_weights(folder / "keras3-other-layers.weights.h5")
    many_variables().save_weights(folder / "keras3-many-variables.weights.h5")
    of_policy("bfloat16").save_weights(folder / "keras3-bfloat16.weights.h5")
    of_policy("float16").save_weights(folder / "keras3-float16.weights.h5")
    of_policy("float16").save(folder / "keras3-float16.h5")
    shards(folder / "sharded")
    archives = set(folder.glob("keras3*.keras"))
    return sorted(archives | set(folder.glob("keras3*.h5")) - set(folder.glob("*-seeds*")))
