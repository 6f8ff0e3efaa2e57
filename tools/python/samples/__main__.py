"""Trains, writes and measures: `python -m samples OUTDIR`."""

import os

os.environ.setdefault("KERAS_BACKEND", "jax")

import logging  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402

import keras  # noqa: E402

from samples import data, report, training  # noqa: E402
from samples.networks import NETWORKS  # noqa: E402

# These keep their optimizer's state (one Adam's, one SGD's), so that merging has to pass it by.
WITH_OPTIMIZER = {"task-a-1", "task-a-2"}


def save(model: keras.Model, network: str, folder: Path, name: str) -> None:
    """Writes the legacy `.h5`, and for two checkpoints also `.weights.h5`."""
    model.save(folder / f"{name}.h5", include_optimizer=name in WITH_OPTIMIZER)
    if name == "task-a-1":
        model.save_weights(folder / f"{name}.weights.h5")
    elif name == "task-a-2":
        plain = NETWORKS[network]()
        plain.set_weights(model.get_weights())
        plain.save_weights(folder / f"{name}.weights.h5")


def main(outdir: Path) -> None:
    """Makes everything in `outdir` and prints the tables that samples/README.md quotes."""
    # Keras advises against the legacy format at each save; it is the point here.
    logging.getLogger("absl").setLevel(logging.ERROR)
    digits = data.load()
    outdir.mkdir(parents=True, exist_ok=True)
    data.write(outdir / "test.h5", digits.test, "digits to test on, upright (task A)")
    data.write(
        outdir / "test-rotated.h5", digits.test.rotated(), "the same digits, rotated (task B)"
    )
    data.write(outdir / "calibration.h5", digits.calibration, "digits to calibrate on, upright")
    for network in NETWORKS:
        folder = outdir / network
        folder.mkdir(exist_ok=True)
        models = training.train_all(network, digits)
        for name, model in models.items():
            save(model, network, folder, name)
        weights = {name: model.get_weights() for name, model in models.items()}
        print("\n".join(report.table(network, weights, digits)), end="\n\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
