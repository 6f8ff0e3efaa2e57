"""Plain HDF5 files: every element type, those that are merged and those that are only listed."""

from pathlib import Path

import h5py
import ml_dtypes
import numpy as np

from vectors.layouts import ramp


def floats(file: h5py.File) -> None:
    """Floating-point numbers in both byte orders, with the values at which conversions go wrong."""
    for order, suffix in (("<", "le"), (">", "be")):
        for size in (2, 4, 8):
            file[f"float{8 * size}_{suffix}"] = ramp(4, 5, dtype=f"{order}f{size}")
    for name in ("float16", "float32", "float64"):
        file[f"edge_{name}"] = edges(np.dtype(name))
    bits = ramp(3, 4).astype(ml_dtypes.bfloat16)
    keras = file.create_dataset("bfloat16", data=bits.view("V2"))
    keras.attrs["dtype"] = "bfloat16"
    file["two_opaque_bytes"] = bits.view("V2")


def edges(kind: np.dtype) -> np.ndarray:
    """Signed zeros, subnormals, the smallest and largest numbers, neighbours of one: all finite."""
    info = np.finfo(kind)
    one = kind.type(1)
    return np.array(
        [0.0, -0.0, info.smallest_subnormal, -info.smallest_subnormal, info.tiny, info.max,
         info.min, one, np.nextafter(one, kind.type(2)), np.nextafter(one, kind.type(0))],
        kind,
    )  # fmt: skip


def nonfinite(file: h5py.File) -> None:
    """NaN and infinities, which a merge refuses unless told otherwise."""
    file["nan"] = np.array([1, np.nan, 3], "<f4")
    file["infinite"] = np.array([np.inf, 2, -np.inf], "<f4")
    file["finite"] = ramp(3)


def integers(file: h5py.File) -> None:
    """Every width and sign in both byte orders, at their limits; bools; complex numbers."""
    for order, suffix in (("<", "le"), (">", "be")):
        for kind in ("i", "u"):
            for size in (1, 2, 4, 8):
                dtype = np.dtype(f"{order}{kind}{size}")
                info = np.iinfo(dtype)
                name = f"{dtype.newbyteorder('=').name}_{suffix}"
                file[name] = np.array([info.min, info.max, 0, 1, 100], dtype)
    file["mask"] = np.array([[True, False], [False, True]])
    file["flag"] = np.bool_(True)
    file["complex64"] = (ramp(4) + 1j * ramp(4)).astype("<c8")
    file["complex128"] = (ramp(2, 2) - 0.5j).astype("<c16")
    file["weight"] = ramp(2, 2)


def records(file: h5py.File) -> None:
    """What isn't a number: records, texts, references, and types that are named objects."""
    record = np.dtype([("id", "<i4"), ("value", "<f4")])
    file["compound"] = np.array([(1, 0.5), (2, 1.5)], record)
    file["texts"] = np.array(["one", "zwei", "três"], h5py.string_dtype())
    file["fixed_texts"] = np.array([b"a", b"bc", b"def"], "S3")
    file["ragged"] = h5py.Empty(h5py.vlen_dtype(np.dtype("<i4")))
    weight = file.create_dataset("weight", data=ramp(3, 2))
    references = file.create_dataset("references", (2,), h5py.ref_dtype)
    references[0] = weight.ref
    references[1] = file.ref
    weight.attrs["reference"] = file.ref
    region = file.create_dataset("regions", (1,), h5py.regionref_dtype)
    region[0] = weight.regionref[0:2, :]
    file["named_type"] = np.dtype("<f4")
    file.create_dataset("of_named_type", data=ramp(3), dtype=file["named_type"])


def attributes(file: h5py.File) -> None:
    """Attributes of all kinds, which a merge must carry over byte for byte."""
    weight = file.create_dataset("weight", data=ramp(3, 2))
    for target in (file, weight, file.create_group("group")):
        target.attrs["text"] = "Größe"
        target.attrs["fixed"] = np.bytes_("null-padded")
        target.attrs["texts"] = np.array(["a", "bb"], h5py.string_dtype())
        target.attrs["numbers"] = np.arange(6, dtype=">i2").reshape(2, 3)
        target.attrs["nothing"] = h5py.Empty("<f4")
        target.attrs["no_names"] = np.zeros(0)
        target.attrs["record"] = np.array((1, 2.5), [("id", "<i4"), ("value", "<f8")])
    file.attrs["configuration"] = '{"layers": [' + ", ".join(["0"] * 3000) + "]}"


def make(folder: Path) -> list[Path]:
    """Writes the files of this module; returns their paths."""
    paths = []
    for fill in (floats, nonfinite, integers, records, attributes):
        path = folder / f"{fill.__name__}.h5"
        with h5py.File(path, "w") as file:
            fill(file)
        paths.append(path)
    return paths
