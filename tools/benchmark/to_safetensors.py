#!/usr/bin/env python3
"""Copies the tensors of a generated checkpoint to a .safetensors file: to_safetensors.py IN OUT."""

import sys
from pathlib import Path

from tensors import copy_to_safetensors

if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    copy_to_safetensors(Path(sys.argv[1]), Path(sys.argv[2]))
