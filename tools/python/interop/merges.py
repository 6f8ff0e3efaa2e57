"""Compares a merged file with a formula, tensor by tensor."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from interop.formulas import rounded, same_bits
from interop.tensors import Tensor, read

Formula = Callable[[list[np.ndarray]], np.ndarray]


def expected(
    sources: Sequence[Path], formula: Formula, dtype: str = "keep"
) -> dict[str, np.ndarray]:
    """What the output has to hold: merged tensors by the formula, others as in the first source."""
    tensors = [read(source) for source in sources]
    return {
        name: merged(name, template, tensors, formula, dtype)
        for name, template in tensors[0].items()
    }


def merged(
    name: str,
    template: Tensor,
    tensors: Sequence[Mapping[str, Tensor]],
    formula: Formula,
    dtype: str,
) -> np.ndarray:
    """One tensor of the output."""
    # What has no elements has nothing to merge or to convert.
    if not template.is_merged or template.values.size == 0:
        return template.values
    kind = template.values.dtype if dtype == "keep" else dtype
    with np.errstate(over="ignore"):
        return rounded(formula([source[name].values for source in tensors]), kind)


def compare(output: Path, want: Mapping[str, np.ndarray]) -> None:
    """Fails with the first tensor whose bits differ, and with how many do."""
    found = read(output)
    missing = [name for name in want if name not in found]
    assert not missing, f"{len(missing)} tensors are missing, such as {missing[0]}"
    wrong = [name for name, values in want.items() if not same_bits(found[name].values, values)]
    if wrong:
        raise AssertionError(f"{len(wrong)} tensors differ: {describe(wrong[0], found, want)}")


def describe(name: str, found: Mapping[str, Tensor], want: Mapping[str, np.ndarray]) -> str:
    """Where a tensor differs."""
    got, right = found[name].values, want[name]
    if got.dtype != right.dtype or got.shape != right.shape:
        return f"{name} is {got.dtype}{got.shape}, not {right.dtype}{right.shape}"
    unequal = np.flatnonzero(got.ravel() != right.ravel())
    if not unequal.size:
        return f"{name} differs in bits that compare equal"
    where = int(unequal[0])
    return (
        f"{name} ({found[name].role}) in {unequal.size} of {got.size} elements; "
        f"element {where} is {got.ravel()[where]!r}, not {right.ravel()[where]!r}"
    )
