"""Keras files that no program in reach writes any more, laid out by h5py after the originals."""

from pathlib import Path

import h5py
import numpy as np

from vectors.layouts import ramp


def fixed(texts: list[str]) -> np.ndarray:
    """Texts as h5py before version 3 stored them: fixed length, padded with NUL."""
    return np.array([text.encode() for text in texts])


def legacy(root: h5py.Group, tree: dict[str, dict[str, np.ndarray]]) -> None:
    """Layer -> weight name -> values, in the legacy layout."""
    root.attrs["layer_names"] = fixed(list(tree))
    for layer, weights in tree.items():
        group = root.create_group(layer)
        group.attrs["weight_names"] = fixed(list(weights)) if weights else np.zeros(0)
        for name, values in weights.items():
            group[name] = values


def keras1(file: h5py.File) -> None:
    """Keras 1.2: `<layer>_<letter>` for names; BatchNorm has running_mean and running_std."""
    normalization = ("gamma", "beta", "running_mean", "running_std")
    tree = {
        "input_1": {},
        "convolution2d_1": {
            "convolution2d_1_W": ramp(2, 1, 3, 3),
            "convolution2d_1_b": ramp(2, start=3),
        },
        "batchnormalization_1": {
            f"batchnormalization_1_{name}": np.abs(ramp(2, start=5 * index)) + np.float32(0.25)
            for index, name in enumerate(normalization)
        },
        "dense_1": {"dense_1_W": ramp(4, 3, start=9), "dense_1_b": ramp(3, start=11)},
    }
    file.attrs["keras_version"] = np.bytes_("1.2.2")
    file.attrs["model_config"] = np.bytes_('{"class_name": "Model", "config": {"name": "model_1"}}')
    legacy(file.create_group("model_weights"), tree)
    slots = file.create_group("optimizer_weights")
    slots.attrs["weight_names"] = fixed(["param_0", "param_1"])
    slots["param_0"], slots["param_1"] = ramp(2, 1, 3, 3, start=20), ramp(2, start=21)


def tied(file: h5py.File) -> None:
    """Two layers of a legacy file that share one matrix by a hard link."""
    tree = {
        "embedding": {"embedding/embeddings:0": ramp(6, 4)},
        "output": {"output/bias:0": ramp(6, start=2)},
    }
    legacy(file, tree)
    output = file["output"]
    output["output/kernel:0"] = file["embedding/embedding/embeddings:0"]
    output.attrs["weight_names"] = fixed(["output/kernel:0", "output/bias:0"])
    file.attrs["keras_version"] = np.bytes_("2.2.4")
    file.attrs["backend"] = np.bytes_("tensorflow")


def seeds(file: h5py.File) -> None:
    """A legacy file with the state of a random layer among the weights, and a shape statistic."""
    tree = {
        "dense": {"dense/kernel": ramp(3, 2), "dense/bias": ramp(2)},
        "dropout": {"dropout/seed_generator/seed_generator_state": np.array([7, 3], "<u4")},
    }
    legacy(file, tree)
    file.attrs["keras_version"] = "3.0.0"


def seed_groups(file: h5py.File) -> None:
    """The same in the layout of `.weights.h5`."""
    file.create_group("vars")
    file["layers/dense/vars/0"], file["layers/dense/vars/1"] = ramp(3, 2), ramp(2)
    file["layers/dense/vars"].attrs["name"] = "dense"
    file["layers/dropout/seed_generator/vars/0"] = np.array([7, 3], "<u4")
    file["layers/dropout"].create_group("vars").attrs["name"] = "dropout"


def make(folder: Path) -> list[Path]:
    """Writes the files of this module; returns their paths."""
    plan = {
        "keras1-full.h5": keras1,
        "keras-tied.h5": tied,
        "keras3-seeds.h5": seeds,
        "keras3-seeds.weights.h5": seed_groups,
    }
    for name, fill in plan.items():
        with h5py.File(folder / name, "w") as file:
            fill(file)
    return [folder / name for name in plan]
