#!/usr/bin/env python3
"""Puts a generated checkpoint into a .keras archive, stored as Keras does: to_archive.py IN OUT."""

import sys
import zipfile
from pathlib import Path

from tensors import ARCHIVED

CONFIGURATION = '{"module": "keras", "class_name": "Sequential", "config": {"layers": []}}'
METADATA = '{"keras_version": "3.15.1", "date_saved": "2026-01-01@00:00:00"}'


def pack(source: Path, target: Path) -> None:
    """The members in Keras's order; sizes beyond 4 GiB get zip64's fields."""
    with zipfile.ZipFile(target, "w", allowZip64=True) as archive:
        archive.writestr("metadata.json", METADATA)
        archive.writestr("config.json", CONFIGURATION)
        archive.write(source, ARCHIVED)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    pack(Path(sys.argv[1]), Path(sys.argv[2]))
