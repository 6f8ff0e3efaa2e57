"""Sizes in bytes, as people write and read them: powers of 1024."""

import argparse

UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


def byte_count(text: str) -> int:
    """Reads "1G", "0.25G", "64M" or a plain number of bytes."""
    digits = text.upper().removesuffix("B").removesuffix("I")
    unit = digits[-1:] if digits[-1:] in UNITS else ""
    try:
        count = int(float(digits.removesuffix(unit)) * UNITS[unit])
    except ValueError:
        count = 0
    if count < 1:
        raise argparse.ArgumentTypeError(f"{text}: give a size such as 64M or 1G")
    return count


def mebibytes(count: float) -> str:
    """A number of bytes in MiB, with one decimal below ten."""
    value = count / (1 << 20)
    return f"{value:.1f}" if value < 10 else f"{value:.0f}"
