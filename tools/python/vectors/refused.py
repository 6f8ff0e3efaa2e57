"""Files that must be refused, each with a text that the message has to contain.

Some would make libhdf5 read other files, some need what isn't there, some aren't HDF5 at all.
"""

import gzip
from pathlib import Path

import h5py
import numpy as np

from vectors.layouts import ramp


def external_link(file: h5py.File) -> None:
    """A tensor that lies in another file."""
    file["weight"] = ramp(2, 2)
    file["elsewhere"] = h5py.ExternalLink("other.h5", "/weight")


def external_storage(file: h5py.File) -> None:
    """A tensor whose bytes are those of any file that the maker names."""
    file["weight"] = ramp(2, 2)
    file.create_dataset("outside", (16,), "u1", external=[("/etc/hostname", 0, 16)])


def virtual(file: h5py.File) -> None:
    """A tensor that is put together from other files."""
    file["weight"] = ramp(2, 2)
    space = h5py.h5s.create_simple((4,))
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_virtual(space, b"other.h5", b"weight", space)
    properties.set_obj_track_times(False)
    h5py.h5d.create(file.id, b"virtual", h5py.h5t.IEEE_F32LE, space, properties)


def scale_offset(file: h5py.File) -> None:
    """A lossy filter of libhdf5's own."""
    file.create_dataset("weight", data=ramp(8, 8), chunks=(4, 8), scaleoffset=3)


def newer(file: h5py.File) -> None:
    """Types that HDF5 1.12 and later encode in a way that 1.10 can't read."""
    file["weight"] = ramp(2, 2)
    file["mask"] = np.array([True, False])
    file["complex"] = np.array([1 + 2j], "<c8")


def texts() -> dict[str, bytes]:
    """What people find under a name that ends in .h5, by file."""
    return {
        "text.h5": b"epoch,loss\n1,0.5\n2,0.25\n",
        "empty.h5": b"",
        "git-lfs.h5": (
            b"version https://git-lfs.github.com/spec/v1\n"
            b"oid sha256:" + b"0123456789abcdef" * 4 + b"\nsize 94765736\n"
        ),
        "page.h5": b"<!DOCTYPE html>\n<html><head><title>404</title></head></html>\n",
        "compressed.h5": gzip.compress(b"\x89HDF\r\n\x1a\n" + bytes(64), mtime=0),
    }


# File -> a text that the error contains, whatever the case of its letters.
MESSAGES = {
    "external-link.h5": "external link",
    "external-storage.h5": "external storage",
    "virtual.h5": "virtual",
    "scale-offset.h5": "scaleoffset",
    "zstd.h5": "32015",
    "newer.h5": "newer",
    "truncated.h5": "truncated",
    "text.h5": "HDF5",
    "empty.h5": "empty",
    "git-lfs.h5": "Git LFS",
    "page.h5": "web page",
    "compressed.h5": "gzip",
}


def make(folder: Path) -> None:
    """Writes every file of MESSAGES but zstd.h5, which needs the environment of Keras 2."""
    plan = {
        "external-link": (external_link, {}),
        "external-storage": (external_storage, {}),
        "virtual": (virtual, {}),
        "scale-offset": (scale_offset, {}),
        "newer": (newer, {"libver": ("v114", "v114")}),
    }
    for name, (fill, options) in plan.items():
        with h5py.File(folder / f"{name}.h5", "w", **options) as file:
            fill(file)
    for name, content in texts().items():
        (folder / name).write_bytes(content)
    truncated(folder / "truncated.h5")


def truncated(path: Path) -> None:
    """As after an interrupted download: the last quarter is missing."""
    with h5py.File(path, "w") as file:
        file["weight"] = ramp(32, 32)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 3 // 4])
