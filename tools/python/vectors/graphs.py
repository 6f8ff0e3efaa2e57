"""Networks whose graphs and weights are known: `python -m vectors.graphs FOLDER keras3|keras2`.

For each network a JSON with its configuration and what Keras itself says of it (layers, calls,
weights and their places in files), its legacy `.h5` and its `.weights.h5`. Runs under either Keras.

`FOLDER keras3 applications [NAME…]` does the same for Keras Applications; the tests of Networks take
that folder from the environment variable CTL_GRAPH_VECTORS.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import numpy as np  # noqa: E402

if sys.argv[2:3] == ["keras2"]:
    import tf_keras as keras
    from tf_keras import layers
    from tf_keras.src.saving import saving_lib
    from tf_keras.src.utils.generic_utils import to_snake_case
else:
    import keras
    from keras import layers
    from keras.src.saving import saving_lib
    from keras.src.utils.naming import to_snake_case

IS_KERAS2 = keras.__version__.startswith("2")


def operations(model: Any) -> list:
    """All that a model calls, in Keras's order: layers, nested models, operations, inputs."""
    if IS_KERAS2:
        return list(model._self_tracked_trackables)
    return list((getattr(model, "_functional", None) or model).operations)


def nodes(model: Any) -> set[int]:
    """The calls that belong to a model; layers remember those of other models, too."""
    graph = model if IS_KERAS2 else getattr(model, "_functional", None) or model
    return {id(node) for level in graph._nodes_by_depth.values() for node in level}


def key(tensor: Any) -> tuple[int, int, int]:
    """What Keras knows a tensor by."""
    operation, node, index = tensor._keras_history
    return id(operation), node, index


def inputs_of(node: Any) -> list:
    """The tensors that a call takes."""
    return list(node.keras_inputs if IS_KERAS2 else node.input_tensors)


class Unfolding:
    """The calls of a network with nested models' calls in their place."""

    def __init__(self) -> None:
        self.calls: list[dict] = []
        self.counts: dict[str, int] = {}

    def add(self, path: str, operation: Any, inputs: list) -> str:
        """Notes a call; returns its name."""
        count = self.counts[path] = self.counts.get(path, -1) + 1
        name = f"{path}:{count}" if count else path
        call = {"name": name, "class": type(operation).__name__, "inputs": inputs}
        self.calls.append(call)
        return name

    def unfold(self, model: Any, path: str, given: list | None) -> list:
        """Runs a model's calls on the given values; returns what comes out."""
        values: dict = {}
        graph = getattr(model, "_functional", None) or model
        if given is not None:
            values = dict(zip(map(key, graph.inputs), given, strict=True))
        wanted = nodes(model)
        pending = [
            (operation, index, node)
            for operation in operations(model)
            for index, node in enumerate(operation._inbound_nodes)
            if id(node) in wanted and (id(operation), index, 0) not in values
        ]
        while pending:
            rest = []
            for operation, index, node in pending:
                if not all(key(tensor) in values for tensor in inputs_of(node)):
                    rest.append((operation, index, node))
                    continue
                taken = [values[key(tensor)] for tensor in inputs_of(node)]
                results = self.call(operation, path + operation.name, taken, node)
                values |= {(id(operation), index, i): x for i, x in enumerate(results)}
            if len(rest) == len(pending):
                raise ValueError(f"{model.name}: a loop")
            pending = rest
        return [values[key(tensor)] for tensor in graph.outputs]

    def call(self, operation: Any, path: str, taken: list, node: Any) -> list:
        """One call: a nested model's, or a node."""
        if isinstance(operation, keras.Model):
            return self.unfold(operation, path + "/", taken)
        name = self.add(path, operation, taken)
        outputs = node.outputs
        count = len(outputs) if isinstance(outputs, list | tuple) else 1
        return [[name, index] for index in range(count)]


def own_variables(saveable: Any) -> list:
    """What `save_own_variables` writes, in its order."""
    if not isinstance(saveable, layers.Layer):
        return []
    if IS_KERAS2:
        return saveable._trainable_weights + saveable._non_trainable_weights
    return saveable._trainable_variables + saveable._non_trainable_variables


def children(saveable: Any) -> Iterator[tuple[str, Any]]:
    """The parts of a layer that are saved below it, as Keras itself walks them."""
    walk = saving_lib._walk_trackable if IS_KERAS2 else saving_lib._walk_saveable
    for name, child in walk(saveable):
        if isinstance(child, layers.Layer):
            yield name, child
        elif isinstance(child, list | tuple):
            used: dict[str, int] = {}
            for element in child:
                if isinstance(element, layers.Layer):
                    plain = to_snake_case(type(element).__name__)
                    number = used[plain] = used.get(plain, -1) + 1
                    yield f"{name}/{plain}_{number}" if number else f"{name}/{plain}", element


def store_paths(layer: Any) -> dict[int, str]:
    """The place of each variable below its layer's group in a `.weights.h5`."""
    found: dict[int, str] = {}
    seen = set()

    def visit(saveable: Any, path: str) -> None:
        if id(saveable) in seen:
            return
        seen.add(id(saveable))
        for index, variable in enumerate(own_variables(saveable)):
            found.setdefault(id(variable), f"{path}vars/{index}")
        for name, child in children(saveable):
            visit(child, f"{path}{name}/")

    visit(layer, "")
    return found


def weights(model: Any, path: str = "") -> Iterator[dict]:
    """The weights of all layers, in the order of `layer.weights`."""
    for layer in operations(model):
        if isinstance(layer, keras.Model):
            yield from weights(layer, f"{path}{layer.name}/")
            continue
        places = store_paths(layer) if isinstance(layer, layers.Layer) else {}
        for variable in getattr(layer, "weights", []):
            name = variable.name.split(":")[0] if IS_KERAS2 else variable.path
            values = np.asarray(variable).ravel()
            yield {
                "layer": path + layer.name,
                "name": name.rsplit(f"{layer.name}/", 1)[-1],
                "store": places.get(id(variable), ""),
                "shape": list(variable.shape),
                "trainable": bool(variable.trainable),
                "ends": [float(values[0]), float(values[-1])],
            }


def scramble(model: Any, seed: int = 1) -> None:
    """Gives every weight values of its own, so that no two can be taken for each other."""
    random = np.random.default_rng(seed)
    values = [
        random.normal(size=x.shape).astype(np.float32) if "float" in str(x.dtype) else np.asarray(x)
        for x in model.weights
    ]
    for variable, value in zip(model.weights, values, strict=True):
        variable.assign(value)


def write(model: Any, name: str, folder: Path) -> None:
    """The files of one network."""
    scramble(model)
    unfolding = Unfolding()
    outputs = unfolding.unfold(model, "", None)
    expected = {
        "configuration": model.to_json(),
        "layers": [layer.name for layer in model.layers],
        "calls": unfolding.calls,
        "inputs": [tensor._keras_history[0].name for tensor in model.inputs],
        "outputs": outputs,
        "weights": list(weights(model)),
    }
    text = json.dumps(expected, indent=None, separators=(",", ":"))
    (folder / f"{name}.json").write_text(text + "\n")
    model.save(folder / f"{name}.h5")
    model.save_weights(folder / f"{name}.weights.h5")


def stack() -> Any:
    """A Sequential that says its input."""
    body = [layers.Conv2D(2, 2, name="conv"), layers.BatchNormalization(name="bn")]
    head = [layers.Flatten(), layers.Dropout(0.5), layers.Dense(3, name="head")]
    return keras.Sequential([keras.Input((4, 4, 1), name="image"), *body, *head], name="stack")


def deferred() -> Any:
    """A Sequential that learnt its input's shape when it was built."""
    model = keras.Sequential([layers.Dense(4), layers.Dense(4), layers.Dense(2)], name="deferred")
    model.build((None, 4))
    return model


def block(name: str, width: int) -> Any:
    """A functional model with two inputs and two outputs, whose layers are named like others'."""
    left, right = keras.Input((width,), name="left"), keras.Input((width,), name="right")
    x = layers.Add(name="add")([left, layers.Dense(width, name="dense")(right)])
    y = layers.BatchNormalization(name="bn")(x)
    return keras.Model([left, right], [y, layers.Dense(width, name="dense_1")(x)], name=name)


def nested() -> Any:
    """Models in models, called twice, one frozen; layers with slashes in their names."""
    first, second = keras.Input((4,), name="first"), keras.Input((4,), name="second")
    tower = keras.Sequential([keras.Input((4,)), layers.Dense(4, name="dense")], name="tower")
    pair = block("pair", 4)
    frozen = block("frozen", 4)
    frozen.trainable = False
    a, b = pair([tower(first), tower(second)])
    c, d = frozen([b, a])
    e, f = pair([c, d])
    stack = [keras.Input((4,)), tower_of_two(), layers.Dense(3, name="last")]
    deep = keras.Sequential(stack, name="deep")
    # Keras 3 allows no slashes; Keras 2 has them in DenseNet, among others.
    slash = "/" if IS_KERAS2 else "_"
    both = layers.Concatenate(name=f"block{slash}concat")([e, f])
    out = layers.Dense(3, name=f"block{slash}dense")(both)
    return keras.Model([first, second], [out, deep(e)], name="nested")


def tower_of_two() -> Any:
    """A stack in a stack."""
    inner = [layers.Dense(4, name="dense"), layers.BatchNormalization(name="bn")]
    return keras.Sequential([keras.Input((4,)), *inner], name="inner")


def wide() -> Any:
    """Operators on tensors, shared layers, wrappers, attention, named inputs and outputs."""
    words, marks = keras.Input((6,), name="words"), keras.Input((6, 4), name="marks")
    embed = layers.Embedding(5, 4, name="embed")
    shared = layers.Dense(4, name="shared")
    x = shared(embed(words)) * 2.0 + 1.0
    x = x - shared(marks)
    first = x[:, :3]
    y = layers.MultiHeadAttention(2, 3, name="attention")(first, x)
    y = layers.LayerNormalization(name="norm")(layers.Add(name="residual")([first, y]))
    y = layers.TimeDistributed(layers.Dense(4, name="each"), name="steps")(y)
    z = layers.Bidirectional(layers.LSTM(2, name="lstm"), name="both")(y)
    z, state = layers.GRU(4, return_state=True, name="gru")(y, initial_state=z)
    outputs = {"class": layers.Dense(2, name="class")(z), "state": state}
    return keras.Model({"words": words, "marks": marks}, outputs, name="wide")


def applications(folder: Path) -> None:
    """Every model of Keras Applications, small; far too much for the repository."""
    wanted = set(sys.argv[4:])
    for name, build in sorted(vars(keras.applications).items()):
        if not (name[0].isupper() and callable(build)) or (wanted and name not in wanted):
            continue
        keras.backend.clear_session()
        size = 331 if name == "NASNetLarge" else 224 if name == "NASNetMobile" else 96
        write(build(weights=None, input_shape=(size, size, 3), classes=7), name, folder)
        print(name, flush=True)


def main(folder: Path, version: str) -> None:
    """Writes the committed networks, or those of Keras Applications."""
    folder.mkdir(parents=True, exist_ok=True)
    if sys.argv[3:4] == ["applications"]:
        applications(folder)
        return
    for network in (stack, deferred, nested, wide):
        keras.backend.clear_session()
        write(network(), f"{version}-{network.__name__}", folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
