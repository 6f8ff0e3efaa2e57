"""Philox4x32-10 keyed by seed, name, source and element (Salmon et al. 2011).

Written from the docstring of Sources/Kernels/CounterRandom.swift.
"""

import numpy as np

_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_MULTIPLIERS = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
_WEYL = (0x9E3779B9, 0xBB67AE85)


def stream(name: str, source: int) -> int:
    """FNV-1a of 64 bits over the name's bytes and then the source's number, low byte first."""
    value = 0xCBF29CE484222325
    for byte in name.encode() + source.to_bytes(8, "little"):
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return value


def philox(counter: list[np.ndarray], key: tuple[int, int]) -> list[np.ndarray]:
    """Ten rounds over arrays of counters; all words are below 2^32 in uint64."""
    x0, x1, x2, x3 = counter
    k0, k1 = key
    for _ in range(10):
        p = _MULTIPLIERS[0] * x0
        q = _MULTIPLIERS[1] * x2
        x0, x1, x2, x3 = (
            (q >> _HALF) ^ x1 ^ np.uint64(k0),
            q & _LOW,
            (p >> _HALF) ^ x3 ^ np.uint64(k1),
            p & _LOW,
        )
        k0, k1 = (k0 + _WEYL[0]) % 2**32, (k1 + _WEYL[1]) % 2**32
    return [x0, x1, x2, x3]


def uniform(seed: int, name: str, source: int, count: int) -> np.ndarray:
    """Numbers in [0, 1), multiples of 2^-53, for the elements 0 to count - 1."""
    seed, keyed = seed % 2**64, stream(name, source)
    block = np.arange((count + 1) // 2, dtype=np.uint64)
    fixed = [np.full_like(block, word) for word in (keyed % 2**32, keyed >> 32)]
    words = philox([block & _LOW, block >> _HALF, *fixed], (seed % 2**32, seed >> 32))
    bits = np.empty(2 * block.size, np.uint64)
    bits[0::2] = words[1] << _HALF | words[0]
    bits[1::2] = words[3] << _HALF | words[2]
    return (bits[:count] >> np.uint64(11)).astype(np.float64) * 2.0**-53
