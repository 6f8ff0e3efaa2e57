"""Conversions between element types, with a single rounding."""

import numpy as np

from interop import formulas
from interop.checks import Checks
from interop.merges import compare, expected
from interop.tensors import read, shifted, vary

TYPES = ("float16", "bfloat16", "float32", "float64")


def halves(values: np.ndarray) -> np.ndarray:
    """Small enough for float16 when averaged, and not exact in any narrow type."""
    return (values * values.dtype.type(0.37) + values.dtype.type(0.011)).astype(values.dtype)


def samples(checks: Checks) -> None:
    """Each type of output, from float32."""
    sources = [checks.sample(f"cnn/task-a-{i}.h5") for i in (1, 2, 3)]
    for dtype in TYPES:
        with checks.check(f"soup --dtype {dtype} is correctly rounded"):
            out = checks.out(f"type-{dtype}.h5")
            checks.program.done("soup", *sources, "-o", out, "--dtype", dtype)
            compare(out, expected(sources, formulas.mean, dtype))
        with checks.check(f"interpolate --dtype {dtype} is rounded once"):
            out = checks.out(f"type-{dtype}.h5")
            arguments = [*sources[:2], "--alpha", "0.3", "-o", out, "--dtype", dtype]
            checks.program.done("interpolate", *arguments)
            want = expected(sources[:2], lambda a: formulas.interpolate(*a, 0.3), dtype)
            compare(out, want)


def narrow(checks: Checks) -> None:
    """From the narrow types that Keras writes to each other type, and from both byte orders."""
    for name in ("keras3-bfloat16.weights.h5", "keras3-float16.weights.h5", "keras3-float16.h5"):
        path = checks.vector(name)
        other = vary(path, checks.out("varied.h5"), halves)
        for dtype in TYPES:
            with checks.check(f"vector {name} to {dtype}"):
                out = checks.out("narrow.h5")
                checks.program.done("soup", path, other, "-o", out, "--dtype", dtype)
                compare(out, expected([path, other], formulas.mean, dtype))
    path = checks.vector("floats.h5")
    other = vary(path, checks.out("varied.h5"), shifted)
    with checks.check("vector floats.h5 to float64, every type and byte order"):
        out = checks.out("wide.h5")
        checks.program.done("soup", path, other, "-o", out, "--dtype", "float64")
        compare(out, expected([path, other], formulas.mean, "float64"))


def across(checks: Checks) -> None:
    """Sources of different types: each is exact in float64, the template's type is the output's."""
    path = checks.sample("mlp/task-a-1.h5")
    second = checks.sample("mlp/task-a-2.h5")
    half = checks.out("half.h5")
    with checks.check("a float32 and a float16 source merge into the first's type"):
        checks.program.done("soup", second, second, "-o", half, "--dtype", "float16")
        assert any(t.values.dtype == "f2" for t in read(half).values()), "nothing is float16"
        out = checks.out("mixed.h5")
        checks.program.done("soup", path, half, "-o", out)
        compare(out, expected([path, half], formulas.mean))


def run(checks: Checks) -> None:
    """All of this module's checks."""
    samples(checks)
    narrow(checks)
    across(checks)
