"""Models of keras.applications whose every layer's output can be compared, at a small input size."""

import functools
from collections.abc import Callable
from pathlib import Path

import h5py
import keras
import numpy as np
from keras import applications, layers

SAMPLES = 3


def application(name: str, size: int, **options: object) -> keras.Model:
    """A model of keras.applications with logits for outputs and weights that nothing trained."""
    keras.backend.clear_session()
    build = getattr(applications, name)
    return build(
        weights=None, input_shape=(size, size, 3), classes=7, classifier_activation=None, **options
    )


def transformer() -> keras.Model:
    """A small transformer, normalised before its parts, with a token of its own for the class."""
    keras.backend.clear_session()
    image = keras.Input((32, 32, 3), name="image")
    x = layers.Conv2D(24, 8, strides=8, name="patches")(image)
    x = layers.Reshape((16, 24), name="sequence")(x)
    for block in range(2):
        y = layers.LayerNormalization(epsilon=1e-6, name=f"norm_{block}_a")(x)
        y = layers.MultiHeadAttention(3, 8, name=f"attention_{block}")(y, y)
        x = layers.Add(name=f"sum_{block}_a")([x, y])
        y = layers.LayerNormalization(epsilon=1e-6, name=f"norm_{block}_b")(x)
        y = layers.Dense(48, "gelu", name=f"wide_{block}")(y)
        y = layers.Dense(24, name=f"narrow_{block}")(y)
        x = layers.Add(name=f"sum_{block}_b")([x, y])
    x = layers.GlobalAveragePooling1D(name="pool")(x)
    return keras.Model(image, layers.Dense(5, name="head")(x), name="transformer")


# The sizes are the least that the models take, or odd, so that paddings differ on both sides.
def applications_of(sizes: dict[str, int]) -> dict[str, Callable[[], keras.Model]]:
    """Models of keras.applications by their names."""
    return {name: functools.partial(application, name, size) for name, size in sizes.items()}


MODELS = applications_of({
    "MobileNetV2": 65, "ResNet50V2": 65, "EfficientNetB0": 65, "DenseNet121": 64,
    "InceptionV3": 75, "Xception": 71, "ConvNeXtTiny": 64,
}) | {"transformer": transformer}  # fmt: skip
# Kin of the former: Keras takes minutes to make them, so they are checked when they are asked for.
MORE = applications_of({
    "MobileNetV3Small": 64, "NASNetMobile": 64, "VGG16": 32, "ResNet50": 64, "MobileNet": 63,
    "InceptionResNetV2": 75, "EfficientNetV2B0": 63,
})  # fmt: skip


def randomise(model: keras.Model, seed: int) -> None:
    """Gives every weight values of its own, so that signals keep their size and no term is nothing.

    Fresh models have biases of 0 and normalisations that do nothing: what leaves them out passes.
    """
    random = np.random.default_rng(seed)
    for weight in model.weights:
        shape, name = weight.shape, weight.path.rsplit("/", 1)[-1]
        if "variance" in name:
            values = random.uniform(0.5, 1.5, shape)
        elif name == "gamma" or len(shape) == 1 and "gamma" in weight.path:
            values = random.uniform(0.7, 1.3, shape)
        elif len(shape) < 2:
            values = random.normal(0, 0.1, shape)
        else:
            # As many inputs as an output has: the kernel without its last axis.
            depthwise = "depthwise" in weight.path
            inputs = np.prod(shape[:2] if depthwise else shape[:-1])
            values = random.normal(0, np.sqrt(1.5 / max(inputs, 1)), shape)
        weight.assign(values)
    for layer in model.layers:
        # As behind a load: what these compute with derives from the weights.
        if isinstance(layer, layers.Normalization):
            layer.finalize_state()


def write(model: keras.Model, folder: Path, seed: int) -> tuple[Path, Path, np.ndarray]:
    """The model as Keras 3 writes it for Keras 2's readers, and data for it."""
    path, data = folder / "model.h5", folder / "data.h5"
    model.save(path, include_optimizer=False)
    x = np.random.default_rng(seed).normal(size=(SAMPLES, *model.input_shape[1:]))
    x = (x * 40 + 128).astype(np.float32) if takes_pixels(model) else x.astype(np.float32)
    with h5py.File(data, "w") as file:
        file["x"] = x
    return path, data, x


def takes_pixels(model: keras.Model) -> bool:
    """Whether the model brings pixels to its own scale."""
    return any(isinstance(layer, (layers.Rescaling, layers.Normalization)) for layer in model.layers)


def features(model: keras.Model, x: np.ndarray) -> dict[str, np.ndarray]:
    """Every layer's output by its name, those of inner models with the path of names."""
    tensors: dict[str, keras.KerasTensor] = {}
    collect(model, "", tensors)
    names = list(tensors)
    values = keras.Model(model.inputs, [tensors[name] for name in names])(x, training=False)
    return {name: np.asarray(value) for name, value in zip(names, values)}


def collect(model: keras.Model, prefix: str, found: dict[str, keras.KerasTensor]) -> None:
    """Notes the outputs of a model's layers; of a model inside, its output alone has a place here."""
    for operation in model.operations:
        if not isinstance(operation, (layers.InputLayer, keras.Model)):
            output = operation.output
            found[prefix + operation.name] = output[0] if isinstance(output, list) else output


def disagreement(ours: np.ndarray, theirs: np.ndarray) -> float:
    """The greatest difference, by the greatest magnitude; infinite where the shapes differ."""
    if ours.shape != theirs.shape or not np.isfinite(ours).all():
        return float("inf")
    return float(np.abs(ours - theirs).max() / max(np.abs(theirs).max(), 1e-30))
