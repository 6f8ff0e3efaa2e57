"""Plain HDF5 files: every way in which a dataset's values can be stored."""

from pathlib import Path

import h5py
import numpy as np


def ramp(*shape: int, start: int = 0, dtype: str = "<f4") -> np.ndarray:
    """Values that differ from their neighbours and are exact in every float type."""
    count = int(np.prod(shape))
    return (((np.arange(count) + start) * 7 % 61 - 30) / 4).reshape(shape).astype(dtype)


def compact(group: h5py.Group, name: str, data: np.ndarray) -> None:
    """A dataset whose values lie in its own header, which only h5py's low level can ask for."""
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_layout(h5py.h5d.COMPACT)
    properties.set_obj_track_times(False)
    kind = h5py.h5t.py_create(data.dtype, logical=True)
    space = h5py.h5s.create_simple(data.shape)
    dataset = h5py.h5d.create(group.id, name.encode(), kind, space, properties)
    dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, data)


def contiguous(file: h5py.File) -> None:
    """What is stored in one piece or not at all."""
    file["plain"] = ramp(5, 7)
    file["scalar"] = np.float32(-2.25)
    file["one"] = ramp(1)
    file["empty"] = np.zeros((3, 0, 2), "<f4")
    file.create_dataset("never_written", (4, 3), "<f4")
    file.create_dataset("never_written_filled", (4, 3), "<f4", fillvalue=1.5)
    compact(file, "compact", ramp(3, 3))
    compact(file, "compact_scalar", np.array(7.5, "<f8"))


def in_groups(file: h5py.File) -> None:
    """The same and a group; apart, as HDF5 1.8 stamps groups with the time of writing."""
    contiguous(file)
    file["deep/er/est"] = ramp(2, 3, 2, 2)


def chunked(file: h5py.File) -> None:
    """Each filter that is read, with chunks that stick out at the edges (7 x 10 in 3 x 4)."""
    data, shape = ramp(7, 10), (3, 4)
    gzip = {"compression": "gzip", "compression_opts": 6}
    file.create_dataset("unfiltered", data=data, chunks=shape)
    file.create_dataset("gzip", data=data, chunks=shape, **gzip)
    file.create_dataset("shuffle", data=data, chunks=shape, shuffle=True)
    file.create_dataset("shuffle_gzip", data=data, chunks=shape, shuffle=True, **gzip)
    file.create_dataset("fletcher32", data=data, chunks=shape, fletcher32=True)
    file.create_dataset(
        "shuffle_gzip_fletcher32", data=data, chunks=shape, shuffle=True, fletcher32=True, **gzip
    )
    file.create_dataset("lzf", data=data, chunks=shape, compression="lzf")
    file.create_dataset("shuffle_lzf", data=data, chunks=shape, compression="lzf", shuffle=True)
    # Long repeats make lzf use its far and long back references.
    file.create_dataset(
        "lzf_repeats", data=np.repeat(ramp(40), 30), chunks=(400,), compression="lzf"
    )
    file.create_dataset("big_endian", data=data.astype(">f8"), chunks=shape, shuffle=True, **gzip)
    file.create_dataset("half", data=data.astype("<f2"), chunks=shape, shuffle=True, **gzip)
    file.create_dataset("one_chunk", data=data, chunks=data.shape, **gzip)
    file.create_dataset("unlimited", data=data, maxshape=(None, 10), chunks=shape, **gzip)
    file.create_dataset("rank_4", data=ramp(3, 3, 2, 5), chunks=(2, 2, 2, 2), **gzip)
    file.create_dataset("never_written", (6, 4), "<f4", chunks=shape, fillvalue=-0.5, **gzip)
    file.create_dataset("empty", (0, 4), "<f4", maxshape=(None, 4), chunks=shape)
    holes(file.create_dataset("missing_chunks", data.shape, "<f4", chunks=shape, **gzip))
    holes(file.create_dataset("missing_filled", data.shape, "<f4", chunks=shape, fillvalue=2.5))
    skipped(file.create_dataset("filter_skipped", data=data, chunks=shape, **gzip))


def holes(dataset: h5py.Dataset) -> None:
    """Writes two chunks of nine; the others aren't stored and hold the fill value."""
    dataset[0:3, 4:8] = ramp(3, 4)
    dataset[6:7, 8:10] = ramp(1, 2)


def skipped(dataset: h5py.Dataset) -> None:
    """Stores one chunk as it is: its filter mask says that gzip was left out."""
    dataset.id.write_direct_chunk((3, 4), np.full((3, 4), 9.25, "<f4").tobytes(), filter_mask=1)


def chunk_indexes(file: h5py.File) -> None:
    """HDF5 1.10's ways to find chunks: single, implicit, fixed and extensible array, B-tree."""
    data, gzip = ramp(7, 10), {"compression": "gzip"}
    file.create_dataset("single", data=data, chunks=data.shape, maxshape=data.shape)
    file.create_dataset("single_gzip", data=data, chunks=data.shape, maxshape=data.shape, **gzip)
    early(file, "implicit", data)
    file.create_dataset("fixed_array", data=data, chunks=(3, 4))
    file.create_dataset("fixed_array_gzip", data=data, chunks=(3, 4), **gzip)
    file.create_dataset("extensible_array", data=data, chunks=(3, 4), maxshape=(None, 10))
    file.create_dataset(
        "extensible_array_gzip", data=data, chunks=(3, 4), maxshape=(None, 10), **gzip
    )
    file.create_dataset("btree", data=data, chunks=(3, 4), maxshape=(None, None))
    file.create_dataset("btree_gzip", data=data, chunks=(3, 4), maxshape=(None, None), **gzip)
    file["contiguous"] = data
    for index in range(12):
        file.attrs[f"dense_{index}"] = index


def growing(file: h5py.File) -> None:
    """The same indexes where they grow: pages, super blocks, inner nodes, other axes' limits.

    Each value is its own position, so that a chunk in the wrong place shows.
    """
    def add(name: str, shape: tuple, chunks: tuple, limits: tuple) -> None:
        data = np.arange(np.prod(shape), dtype="<f4").reshape(shape)
        file.create_dataset(name, data=data, chunks=chunks, maxshape=limits)

    add("fixed_larger", (7, 10), (3, 4), (9, 23))
    add("fixed_pages", (1100,), (1,), (1100,))
    add("extensible_blocks", (300,), (1,), (None,))
    add("extensible_last_axis", (7, 10), (3, 4), (7, None))
    add("extensible_middle_axis", (4, 6, 5), (2, 2, 3), (8, None, 5))
    add("btree_levels", (12, 15), (1, 1), (None, None))
    sparse = file.create_dataset("fixed_sparse_pages", (3000,), "<f4", chunks=(1,))
    sparse[2500] = 2500


def dense(file: h5py.File) -> None:
    """HDF5 1.8's heaps: links and attributes in several blocks, found by name and by creation."""
    file["one"] = ramp(3)
    for name, track_order in (("by_name", False), ("by_creation", True)):
        group = file.create_group(name, track_order=track_order)
        for index in range(150):
            group[f"link_{index * 37 % 150}_{'x' * (index % 40)}"] = h5py.SoftLink("/one")
        group["weights"] = ramp(2, 2)
        group["again"] = file["one"]
        for index in range(40):
            group["weights"].attrs[f"attribute_{index * 7 % 40}"] = np.arange(index % 9, dtype="<i4")


def early(file: h5py.File, name: str, data: np.ndarray) -> None:
    """Chunks that are allocated at creation lie side by side and need no index."""
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_chunk((3, 4))
    properties.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    properties.set_obj_track_times(False)
    space = h5py.h5s.create_simple(data.shape)
    dataset = h5py.h5d.create(file.id, name.encode(), h5py.h5t.IEEE_F32LE, space, properties)
    dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, data)


def make(folder: Path) -> list[Path]:
    """Writes the files of this module; returns their paths."""
    plan = [
        ("contiguous", in_groups, {}),
        ("chunked", chunked, {}),
        ("version-1.8", contiguous, {"libver": ("v108", "v108")}),
        ("version-1.10", chunk_indexes, {"libver": ("v110", "v110")}),
        ("growing", growing, {"libver": ("v110", "v110")}),
        ("dense", dense, {"libver": ("v108", "v108")}),
    ]
    paths = []
    for name, fill, options in plan:
        path = folder / f"{name}.h5"
        with h5py.File(path, "w", **options) as file:
            fill(file)
        paths.append(path)
    return paths
