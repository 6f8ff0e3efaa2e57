"""Keras files that no program in reach writes any more, laid out by h5py after the originals."""

import json
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


BERT = {
    "embeddings/word_embeddings/weight:0": ramp(7, 4),
    "embeddings/LayerNorm/gamma:0": ramp(4, start=1),
    "encoder/layer_._0/attention/self/query/kernel:0": ramp(4, 4, start=2),
    "encoder/layer_._0/attention/self/query/bias:0": ramp(4, start=3),
    "pooler/dense/kernel:0": ramp(4, 4, start=4),
}


def transformers(file: h5py.File) -> None:
    """`tf_model.h5` of Hugging Face's Transformers 4: one layer of Keras 2, the model, has it all."""
    weights = {f"tf_bert_model/bert/{name}": values for name, values in BERT.items()}
    legacy(file, {"bert": weights, "dropout_1": {}})
    file.attrs["keras_version"] = np.bytes_("2.15.0")
    file.attrs["backend"] = np.bytes_("tensorflow")


def transformers_shards(folder: Path) -> None:
    """Its parts: the root lists data sets as layers; the index has the model's name in front."""
    folder.mkdir(exist_ok=True)
    weight_map = {}
    for part, chosen in ((1, list(BERT)[:2]), (2, list(BERT)[2:])):
        name = f"tf_model-0000{part}-of-00002.h5"
        with h5py.File(folder / name, "w") as file:
            for key in chosen:
                file[f"bert/{key}"] = BERT[key]
                weight_map[f"tf_bert_model/bert/{key}"] = name
            file.attrs["layer_names"] = fixed([f"bert/{key}" for key in chosen])
    size = sum(values.nbytes for values in BERT.values())
    index = {"metadata": {"total_size": size}, "weight_map": weight_map}
    (folder / "tf_model.h5.index.json").write_text(json.dumps(index, indent=2) + "\n")
    (folder / "config.json").write_text('{"architectures": ["BertModel"]}\n')


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
        "transformers.h5": transformers,
        "keras3-seeds.h5": seeds,
        "keras3-seeds.weights.h5": seed_groups,
    }
    for name, fill in plan.items():
        with h5py.File(folder / name, "w") as file:
            fill(file)
    transformers_shards(folder / "transformers-sharded")
    return [folder / name for name in plan]
