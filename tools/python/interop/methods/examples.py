"""The examples of docs/methods.md: the page has the reference's numbers, and so has the program."""

import numpy as np
from method_examples.examples import EXAMPLES, Example, Model
from method_examples.page import MODES, renewed
from oracle.files import read

from interop.checks import Checks


def run(checks: Checks, lacking: set[str]) -> None:
    """The page, then every example in both modes."""
    with checks.check("docs/methods.md has the reference's numbers"):
        page = (checks.root / "docs/methods.md").read_text()
        assert page == renewed(page), "run tools/make-method-examples"
    for example in EXAMPLES.values():
        if example.verb not in lacking:
            for compat in MODES:
                with checks.check(f"example {example.key}, {compat}"):
                    same(checks, example, compat)


def same(checks: Checks, example: Example, compat: str) -> None:
    """The program's numbers are the reference's, and it refuses what the reference refuses."""
    based = [] if example.base is None else ["--base", written(checks, "pt", example.base)]
    sources = [written(checks, f"{k}", model) for k, model in enumerate(example.sources)]
    output = checks.out("example.npz")
    outcome = checks.program.run(
        example.verb, *based, *sources, *example.flags(), "--compat", compat, "-o", output
    )
    want = example.result(compat)
    if want is None:
        assert outcome.code == 64, f"it wasn't refused: {outcome.said()}"
        return
    assert outcome.code == 0, outcome.said()
    found = read(output)
    for name, values in want.items():
        largest = max(np.max(np.abs(model[name])) for model in [*example.sources, want])
        off = np.max(np.abs(found[name] - values))
        assert off <= 1e-13 * largest, f"{name} is {found[name].tolist()}, not {values.tolist()}"


def written(checks: Checks, name: str, model: Model) -> str:
    """The model's file."""
    path = checks.scratch / f"example-{name}.npz"
    np.savez(path, **model)
    return str(path)
