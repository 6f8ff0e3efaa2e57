"""Plain HDF5 files: links, orders, names, and trees as other programs write them."""

from pathlib import Path

import h5py
import numpy as np

from vectors.layouts import ramp


def tied(file: h5py.File) -> None:
    """One dataset under two names, one group under two names, and a soft link."""
    file["decoder/bias"] = ramp(4)
    file["embedding/table"] = ramp(6, 4)
    file["output/table"] = file["embedding/table"]
    file["first/kernel"] = ramp(2, 3)
    file["first/bias"] = ramp(3)
    file["second"] = file["first"]
    file["soft"] = h5py.SoftLink("/embedding/table")
    file["soft_to_nothing"] = h5py.SoftLink("/nowhere")


def ordered(file: h5py.File) -> None:
    """Links and attributes whose order of creation is kept and isn't alphabetical."""
    for index, group_name in enumerate(("zeta", "alpha", "middle")):
        group = file.create_group(group_name, track_order=True)
        for start, name in enumerate(("w", "b", "k")):
            group[name] = ramp(2, 2, start=3 * index + start)
        for name in ("last", "first"):
            group.attrs[name] = name
    file.attrs["z"], file.attrs["a"] = 1, 2


def names(file: h5py.File) -> None:
    """Names that break readers who normalise, trim, split or escape."""
    for name in (
        "caf\u00e9", "cafe\u0301", "with space", " leading", "trailing ", "tab\there", "new\nline",
        "quote\"'", "back\\slash", "\u5c64", "\U0001f642", "dot.", "*glob?[x]", "x" * 300,
        "colon:0", "vars/10", "vars/2", "vars/1",
    ):  # fmt: skip
        file[name] = np.array([len(name), 0.5], "<f4")


def state_dict(file: h5py.File) -> None:
    """A PyTorch state dict as people store it with h5py: flat names with dots."""
    for index, layer in enumerate(("layer1.0", "layer1.1")):
        file[f"{layer}.conv1.weight"] = ramp(4, 3, 3, 3, start=index)
        for start, name in enumerate(("weight", "bias", "running_mean", "running_var")):
            values = ramp(4, start=20 * index + 5 * start)
            file[f"{layer}.bn1.{name}"] = np.abs(values) + np.float32(0.25)
        file[f"{layer}.bn1.num_batches_tracked"] = np.int64(1200)
    file["fc.weight"] = ramp(5, 4)
    file["fc.bias"] = ramp(5)


def matlab(file: h5py.File) -> None:
    """As MATLAB's `save -v7.3`: gzip, class attributes, empties as their dimensions."""
    for name, data in (("weights", ramp(6, 4, dtype="<f8")), ("single", ramp(3, 2))):
        file.create_dataset(name, data=data, chunks=data.shape, compression="gzip")
    file["scalar"] = np.array([[0.125]])
    file["text"] = np.array([[ord(letter)] for letter in "relu"], "<u2")
    file["none"] = np.array([0, 0], "<u8")
    file["none"].attrs["MATLAB_empty"] = np.uint8(1)
    file.create_dataset("never_written", (3, 2), "<f8")
    classes = {"single": "single", "text": "char"}
    for name in file:
        file[name].attrs["MATLAB_class"] = np.bytes_(classes.get(name, "double"))


def matlab_cells(file: h5py.File) -> None:
    """A cell array: references to objects under `#refs#`, which hold addresses of the file."""
    file["#refs#/a"], file["#refs#/b"] = ramp(2, 2, dtype="<f8"), ramp(3, 1, start=5, dtype="<f8")
    cells = file.create_dataset("cells", (2, 1), h5py.ref_dtype)
    for index, name in enumerate(("#refs#/a", "#refs#/b")):
        file[name].attrs["MATLAB_class"] = np.bytes_("double")
        cells[index, 0] = file[name].ref
    cells.attrs["MATLAB_class"] = np.bytes_("cell")


def write_user_block(path: Path) -> None:
    """MATLAB's 128 bytes at the start of the 512 that HDF5 leaves alone."""
    header = b"MATLAB 7.3 MAT-file, Platform: GLNXA64, Created on: Mon Jan  1 00:00:00 2024 HDF5"
    with open(path, "r+b") as file:
        file.write(header.ljust(124) + b"\x00\x02IM")


def make(folder: Path) -> list[Path]:
    """Writes the files of this module; returns their paths."""
    plan = {
        "tied": (tied, {}),
        "ordered": (ordered, {"track_order": True}),
        "names": (names, {}),
        "state-dict": (state_dict, {}),
        "matlab": (matlab, {"userblock_size": 512}),
        "matlab-cells": (matlab_cells, {"userblock_size": 512}),
    }
    paths = []
    for name, (fill, options) in plan.items():
        path = folder / f"{name}.h5"
        with h5py.File(path, "w", **options) as file:
            fill(file)
        if "userblock_size" in options:
            write_user_block(path)
        paths.append(path)
    return paths
