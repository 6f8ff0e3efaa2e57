"""What a reader must find in a file, computed by h5py and NumPy alone.

The result has the shape of `ctl-merge inspect --stats --json`. A key that h5py can't settle is left
out (where a value that was never written is stored, say); what stands there is binding.
"""

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import h5py
import ml_dtypes
import numpy as np

from vectors.roles import role

LAYOUTS = {h5py.h5d.COMPACT: "compact", h5py.h5d.CONTIGUOUS: "contiguous"}


def dtype_name(dataset: h5py.Dataset) -> str:
    """The element type's name in the command line's contract."""
    dtype = dataset.dtype
    if h5py.check_string_dtype(dtype) or h5py.check_ref_dtype(dtype) or dtype.kind == "O":
        return "string"
    if h5py.check_enum_dtype(dtype) or dtype.kind == "b":
        return "bool"
    if dtype.kind == "V":
        if dtype.names is not None:
            return f"compound({dtype.itemsize})"
        # Keras says in an attribute what its two opaque bytes are.
        return dataset.attrs.get("dtype", f"opaque({dtype.itemsize})")
    return dtype.newbyteorder("=").name


def storage(dataset: h5py.Dataset) -> str | None:
    """Where the values are, or None where they are nowhere and readers may word it as they like."""
    layout = dataset.id.get_create_plist().get_layout()
    if dataset.shape is None or dataset.size == 0:
        return None
    if layout == h5py.h5d.CHUNKED:
        return "chunked" if dataset.id.get_num_chunks() else None
    # Not by get_offset(): behind a user block it isn't None for what was never written.
    if layout == h5py.h5d.CONTIGUOUS and dataset.id.get_storage_size() == 0:
        return "unallocated"
    return LAYOUTS.get(layout)


def values(dataset: h5py.Dataset, dtype: str) -> np.ndarray | None:
    """The values, little-endian and in C order; None where they aren't numbers."""
    if dtype == "bfloat16":
        return np.ascontiguousarray(dataset[()]).view(ml_dtypes.bfloat16)
    if dtype == "string" or dtype.startswith(("compound", "opaque")):
        return None
    raw = np.asarray(dataset[()])
    return np.ascontiguousarray(raw.astype(raw.dtype.newbyteorder("<"), copy=False))


def statistics(array: np.ndarray, dtype: str) -> dict[str, Any]:
    """sha256 of the bytes always; the moments of real, finite, existing numbers.

    Sums are in 80 bits, so that they neither overflow nor depend on the order of adding.
    """
    stats: dict[str, Any] = {"sha256": hashlib.sha256(array.tobytes()).hexdigest()}
    if dtype == "bool" or dtype.startswith("complex") or array.size == 0:
        return stats
    wide = array.astype(np.longdouble)
    if dtype.startswith(("float", "bfloat")):
        stats["nan"] = int(np.isnan(wide).sum())
        stats["inf"] = int(np.isinf(wide).sum())
    if np.isfinite(wide).all():
        stats |= {"min": float(wide.min()), "max": float(wide.max())}
        norm = float(np.sqrt(np.sum(wide * wide)))
        # A norm beyond float64 has no number in JSON, and a mean can't be judged without it.
        if np.isfinite(norm):
            stats |= {"mean": float(wide.mean()), "l2": norm}
    return stats


def datasets(file: h5py.File) -> dict[str, h5py.Dataset]:
    """Every path to a dataset through hard links, aliases included, parents before children."""
    found: dict[str, h5py.Dataset] = {}

    def walk(group: h5py.Group, prefix: str) -> None:
        for key in group:
            if not isinstance(group.get(key, getlink=True), h5py.HardLink):
                continue
            item = group[key]
            if isinstance(item, h5py.Dataset):
                found[prefix + key] = item
            elif isinstance(item, h5py.Group):
                walk(item, prefix + key + "/")

    walk(file, "")
    return found


def soft_links(file: h5py.File) -> list[str]:
    """Paths that are soft links; whether a reader lists them is its own affair."""
    links: list[str] = []

    def visit(name: str | bytes, link: Any) -> None:
        if isinstance(link, h5py.SoftLink):
            links.append(name if isinstance(name, str) else name.decode())

    file.visititems_links(visit)
    return links


def text_list(group: h5py.Group, name: str) -> list[str]:
    """A list attribute of Keras, also where it was too long and was cut into name0, name1, ..."""
    if name in group.attrs:
        pieces = [group.attrs[name]]
    else:
        pieces, index = [], 0
        while f"{name}{index}" in group.attrs:
            pieces.append(group.attrs[f"{name}{index}"])
            index += 1
    texts = [item for piece in pieces for item in piece]
    return [item.decode() if isinstance(item, bytes) else str(item) for item in texts]


def legacy_layers(file: h5py.File) -> dict[str, str]:
    """Path of a tensor -> its layer, from `layer_names` and `weight_names` of a legacy file."""
    root = file["model_weights"] if "model_weights" in file else file
    prefix = "model_weights/" if "model_weights" in file else ""
    return {
        f"{prefix}{layer}/{weight}": layer
        for layer in text_list(root, "layer_names")
        for weight in text_list(root[layer], "weight_names")
    }


def named_layers(file: h5py.File, paths: list[str]) -> dict[str, str]:
    """Path of a tensor -> its layer, from the `name` that Keras 3 puts on a `vars` group."""
    layers = {}
    for path in paths:
        group, _, _ = path.rpartition("/")
        if path.startswith("layers/") and group.endswith("/vars") and "name" in file[group].attrs:
            layers[path] = str(file[group].attrs["name"])
    return layers


def content(path: Path) -> Path | io.BytesIO:
    """The HDF5 of a file: the file itself, or the weights in a `.keras` archive."""
    if path.suffix != ".keras":
        return path
    with zipfile.ZipFile(path) as archive:
        return io.BytesIO(archive.read("model.weights.h5"))


def expectation(path: Path) -> dict[str, Any]:
    """What `inspect --stats --json` must say of the file, in the order of the file's paths."""
    with h5py.File(content(path), "r") as file:
        found = datasets(file)
        groups: dict[str, int] = {}
        for name in found:
            parent = name.rpartition("/")[0]
            groups[parent] = groups.get(parent, 0) + 1
        layers = legacy_layers(file) | named_layers(file, list(found))
        first: dict[int, str] = {}
        tensors, optional = [], soft_links(file)
        for name, dataset in found.items():
            dtype = dtype_name(dataset)
            tensor: dict[str, Any] = {"name": name, "dtype": dtype}
            if dataset.shape is None:
                optional.append(name)
                continue
            tensor["shape"] = list(dataset.shape)
            # Whether complex numbers are weights is a matter of taste: they aren't merged.
            if not dtype.startswith("complex"):
                tensor["role"] = role(name, dtype, groups)
            address = h5py.h5o.get_info(dataset.id).addr
            if address in first:
                tensor["alias_of"] = first[address]
            elif name in layers:
                tensor["layer"] = layers[name]
            first.setdefault(address, name)
            # How values that aren't numbers are stored doesn't matter: they are never read.
            if dtype != "string" and (kind := storage(dataset)) is not None:
                tensor["storage"] = kind
            if (array := values(dataset, dtype)) is not None:
                tensor["stats"] = statistics(array, dtype)
            tensors.append(tensor)
        return {"file": path.name, "tensors": tensors, "optional": optional}
