"""Data set files as `ctl-probe` reads them, with what a network must get of them."""

import json
from pathlib import Path

import h5py
import numpy as np


def images(file: h5py.File) -> dict[str, object]:
    """Channels first, compressed, with every attribute; labels one-hot."""
    random = np.random.default_rng(7)
    pixels = random.integers(0, 256, (20, 3, 5, 4), dtype=np.uint8)
    classes = random.integers(0, 10, 20)
    data = file.create_dataset("images", data=pixels, chunks=(6, 2, 5, 4), compression="gzip")
    mean, deviation = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])
    attributes = {"layout": "NCHW", "scale": 1 / 255, "mean": mean, "std": deviation}
    data.attrs.update(attributes)
    file.attrs["num_classes"] = 10
    file["labels"] = np.eye(10, dtype=np.uint8)[classes]
    values = pixels.transpose(0, 2, 3, 1) * (1 / 255)
    # An attribute is read as the decimal number that stands for it, as people write it.
    values = (values - [float(str(v)) for v in mean]) / [float(str(v)) for v in deviation]
    return {"inputs": [flat(values)], "classes": classes.tolist()}


def several_inputs(file: h5py.File) -> dict[str, object]:
    """Two inputs in a group, big-endian integers, a mask, and targets that are no classes."""
    random = np.random.default_rng(8)
    tokens = random.integers(0, 30000, (12, 7)).astype(">i4")
    image = random.normal(size=(12, 2, 3))
    mask = np.arange(7) < random.integers(1, 8, (12, 1))
    targets = random.normal(size=(12, 2)).astype("<f4")
    file["x/tokens"], file["x/image"], file["mask"], file["y"] = tokens, image, mask, targets
    return {
        "inputs": [flat(tokens), flat(image)],
        "mask": mask.ravel().tolist(),
        "targets": flat(targets),
    }


def flat(values: np.ndarray) -> list[float]:
    """All values, rounded to Float32 as the last step, in C order."""
    return values.astype(np.float32).ravel().tolist()


def make(folder: Path) -> None:
    """Writes the files and their expectations."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, write in {"images": images, "several-inputs": several_inputs}.items():
        path = folder / f"{name}.h5"
        with h5py.File(path, "w") as file:
            expectation = write(file)
        path.with_suffix(".json").write_text(json.dumps(expectation) + "\n")
