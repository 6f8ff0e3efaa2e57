"""Compares everything about two HDF5 files except the tensors' values."""

from pathlib import Path
from typing import Any

import h5py
import numpy as np
from vectors import expect


def attributes(item: h5py.HLObject) -> dict[str, tuple]:
    """Type, shape and bytes of each attribute, in the order in which the file lists them."""
    found: dict[str, tuple] = {}
    for name in item.attrs:
        handle = item.attrs.get_id(name)
        value: Any = item.attrs[name]
        if isinstance(value, h5py.Empty):
            content: object = "empty"
        elif isinstance(value, h5py.Reference):
            content = item.file[value].name if value else None
        else:
            content = value if isinstance(value, str) else np.asarray(value).tolist()
        # The type's own encoding tells fixed from variable texts, and how they are padded.
        found[name] = (handle.get_type().encode(), handle.shape, repr(content))
    return found


def links(group: h5py.Group) -> list[tuple]:
    """Name and kind of each link of a group, in the order in which the file lists them."""
    listed = []
    for name in group:
        link = group.get(name, getlink=True)
        target = (link.path,) if isinstance(link, h5py.SoftLink) else ()
        listed.append((name, type(link).__name__, *target))
    return listed


def creation_order(group: h5py.Group) -> tuple[int, int]:
    """The flags that say whether links and attributes keep the order of their creation."""
    properties = group.id.get_create_plist()
    return properties.get_link_creation_order(), properties.get_attr_creation_order()


def tree(path: Path) -> dict[str, dict[str, Any]]:
    """Each object of the file by its path through hard links."""
    objects: dict[str, dict[str, Any]] = {}

    def add(item: h5py.HLObject, name: str) -> None:
        entry: dict[str, Any] = {"kind": type(item).__name__, "attributes": attributes(item)}
        objects[name] = entry
        if isinstance(item, h5py.Dataset):
            entry["shape"] = item.shape
        if isinstance(item, h5py.Group):
            entry["links"], entry["order"] = links(item), creation_order(item)
            for child in item:
                if isinstance(item.get(child, getlink=True), h5py.HardLink):
                    add(item[child], f"{name}{child}" + "/" * isinstance(item[child], h5py.Group))

    with h5py.File(path, "r") as file:
        add(file, "/")
        objects["/"]["tied"] = tied(file)
        objects["/"]["userblock"] = file.userblock_size
    return objects


def tied(file: h5py.File) -> list[list[str]]:
    """The paths that lead to one object, for each object that has several."""
    names: dict[int, list[str]] = {}
    for name, dataset in expect.datasets(file).items():
        names.setdefault(h5py.h5o.get_info(dataset.id).addr, []).append(name)
    return sorted(group for group in names.values() if len(group) > 1)


def differences(template: Path, output: Path, new_root_attributes: bool = False) -> list[str]:
    """What the output doesn't have as the template has it, in words."""
    old, new = tree(template), tree(output)
    found = [f"{name} is missing" for name in old if name not in new]
    found += [f"{name} is new" for name in new if name not in old]
    for name in old.keys() & new.keys():
        for key, value in old[name].items():
            other = new[name].get(key)
            if name == "/" and key == "attributes" and new_root_attributes:
                other = {k: v for k, v in other.items() if k in value}
            same = (
                list(other.items()) == list(value.items())
                if key == "attributes"
                else other == value
            )
            if not same:
                found.append(f"{name}: {key} differ: {str(value)[:120]} became {str(other)[:120]}")
    return found


def storage(path: Path) -> dict[str, tuple]:
    """Chunk shape and filters of each dataset."""
    with h5py.File(path, "r") as file:
        found = {}
        for name, dataset in expect.datasets(file).items():
            properties = dataset.id.get_create_plist()
            filters = [properties.get_filter(i) for i in range(properties.get_nfilters())]
            found[name] = (dataset.chunks, [(number, values) for number, _, values, _ in filters])
        return found


def bytes_outside(path: Path) -> bytes:
    """The file's bytes, those of contiguous tensors overwritten by zeros."""
    content = bytearray(path.read_bytes())
    with h5py.File(path, "r") as file:
        for dataset in expect.datasets(file).values():
            properties = dataset.id.get_create_plist()
            size = dataset.id.get_storage_size()
            if properties.get_layout() == h5py.h5d.CONTIGUOUS and size > 0:
                offset = dataset.id.get_offset()
                content[offset : offset + size] = bytes(size)
    return bytes(content)
