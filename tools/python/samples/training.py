"""How each checkpoint of a network is trained."""

from dataclasses import dataclass

import keras
import numpy as np

from samples.data import Digits, Part
from samples.networks import NETWORKS

Weights = list[np.ndarray]


@dataclass(frozen=True)
class Setting:
    """One choice of hyper-parameters. `optimizer` is `adam` or `sgd` (with momentum 0.9)."""

    optimizer: str
    rate: float
    epochs: int
    seed: int

    def make_optimizer(self) -> keras.optimizers.Optimizer:
        """A fresh optimizer: its state must not leak from one run into the next."""
        if self.optimizer == "adam":
            return keras.optimizers.Adam(self.rate, name="adam")
        return keras.optimizers.SGD(self.rate, momentum=0.9, name="sgd")


PRETRAINING = {"mlp": Setting("adam", 1e-3, 25, 1), "cnn": Setting("adam", 1e-3, 12, 1)}
INDEPENDENT = {"mlp": Setting("adam", 1e-3, 40, 99), "cnn": Setting("adam", 2e-3, 25, 99)}
# Short, so that the fine-tuned networks stay in the basin of the pretrained one.
FINE_TUNING: dict[str, Setting] = {
    "task-a-1": Setting("adam", 1e-3, 6, 11),
    "task-a-2": Setting("sgd", 2e-2, 6, 12),
    "task-a-3": Setting("adam", 2e-3, 8, 13),
    "task-b": Setting("adam", 1e-3, 8, 14),
}


def train(network: str, setting: Setting, part: Part, start: Weights | None) -> keras.Model:
    """Trains `network` on `part`, from `start` or, without it, from the seed's initial weights."""
    keras.utils.set_random_seed(setting.seed)
    model = NETWORKS[network]()
    if start is not None:
        model.set_weights(start)
    model.compile(
        optimizer=setting.make_optimizer(),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    model.fit(part.x, part.y, batch_size=32, epochs=setting.epochs, verbose=0)
    return model


def train_all(network: str, digits: Digits) -> dict[str, keras.Model]:
    """Every checkpoint of one network, by name."""
    both = digits.pretraining.and_(digits.pretraining.rotated())
    models = {"pretrained": train(network, PRETRAINING[network], both, None)}
    start = models["pretrained"].get_weights()
    for name, setting in FINE_TUNING.items():
        part = digits.training.rotated() if name == "task-b" else digits.training
        models[name] = train(network, setting, part, start)
    models["independent"] = train(network, INDEPENDENT[network], digits.training, None)
    return models
