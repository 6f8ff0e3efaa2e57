"""Writes all vectors: `python -m vectors ROOT KERAS2-PYTHON`.

A vector is a file and, beside it, a JSON of the same name with what a reader must find in it.
"""

import json
import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from vectors import (
    datasets,
    element_types,
    expect,
    gguf_files,
    imitated,
    keras3,
    layouts,
    numpy_arrays,
    refused,
    safetensors_files,
    torch_files,
    trees,
)


def write_expectation(path: Path, whole: dict[str, Any]) -> None:
    """One line a tensor, so that a change of one shows as one line."""
    lines = ",\n".join(
        "  " + json.dumps(tensor, allow_nan=False) for tensor in whole.pop("tensors")
    )
    head = json.dumps(whole)[1:-1]
    path.with_suffix(".json").write_text(f'{{{head}, "tensors": [\n{lines}\n]}}\n')


def keras2(python: str, folder: Path) -> None:
    """Keras 2 lives in an environment of its own, so it runs as a process of its own."""
    environment = {**os.environ, "TF_USE_LEGACY_KERAS": "1"}
    subprocess.run(
        [python, "-W", "ignore", "-m", "vectors.keras2", str(folder)],
        check=True, env=environment, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def flat_formats(root: Path) -> int:
    """The formats without a tree, whose makers know what they wrote; gives the number of files."""
    count = 0
    modules = {
        "GGUF": gguf_files,
        "NumPy": numpy_arrays,
        "PyTorch": torch_files,
        "Safetensors": safetensors_files,
    }
    for name, module in modules.items():
        folder = root / name / "Vectors"
        folder.mkdir(parents=True, exist_ok=True)
        for path, expectation in module.make(folder).items():
            write_expectation(path, expectation)
            count += 1
    return count


def main(root: Path, python2: str) -> None:
    """Makes the vectors of all formats."""
    logging.getLogger("absl").setLevel(logging.ERROR)
    hdf5, keras = root / "HDF5" / "Vectors", root / "Keras" / "Vectors"
    (hdf5 / "refused").mkdir(parents=True, exist_ok=True)
    keras.mkdir(parents=True, exist_ok=True)
    paths = [*layouts.make(hdf5), *element_types.make(hdf5), *trees.make(hdf5)]
    paths += [*keras3.make(keras), *imitated.make(keras)]
    with tempfile.TemporaryDirectory() as scratch:
        keras2(python2, Path(scratch))
        for path in sorted(Path(scratch).iterdir()):
            target = (hdf5 / "refused" if path.name == "zstd.h5" else keras) / path.name
            target.write_bytes(path.read_bytes())
            if path.name.startswith("keras2"):
                paths.append(target)
    for path in paths:
        write_expectation(path, expect.expectation(path))
    arrays = flat_formats(root)
    refused.make(hdf5 / "refused")
    datasets.make(hdf5 / "datasets")
    index = json.dumps(refused.MESSAGES, indent=2) + "\n"
    (hdf5 / "refused" / "index.json").write_text(index)
    print(f"{len(paths) + arrays} files with expectations, {len(refused.MESSAGES)} to be refused")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
