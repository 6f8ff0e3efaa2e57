"""Writes an example as a table, and the tables between the markers of a page."""

import re

import numpy as np

from method_examples.examples import EXAMPLES, Example, Model

MODES = ("paper", "mergekit")
_MARKED = re.compile(r"(<!-- example: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def renewed(page: str) -> str:
    """The page with tables as the reference computes them; every example has one place."""
    keys = [match[2] for match in _MARKED.finditer(page)]
    if sorted(keys) != sorted(EXAMPLES):
        odd = sorted(set(keys) ^ EXAMPLES.keys()) or "one is there twice"
        raise ValueError(f"the page's examples aren't those of the program: {odd}")
    return _MARKED.sub(lambda found: found[1] + table(EXAMPLES[found[2]]) + found[3], page)


def table(example: Example) -> str:
    """The command, then a row for every model and for both results."""
    names = "abc"[: len(example.sources)]
    files = " ".join(f"{name}.npz" for name in names)
    based = [] if example.base is None else ["--base pt.npz"]
    words = " ".join(["ctl-merge", example.verb, *based, files, *example.flags(), "-o m.npz"])
    rows = [] if example.base is None else [("`pt`", example.base)]
    rows += [(f"`{name}`", model) for name, model in zip(names, example.sources, strict=True)]
    rows += [(f"**{mode}**", example.result(mode)) for mode in MODES]
    columns = elements(example.sources[0])
    lines = [
        "", "```", words, "```", "",
        "| | " + " | ".join(columns) + " |",
        "|---|" + "---|" * len(columns),
        *(f"| {title} | {cells(model, len(columns))} |" for title, model in rows),
        "",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def elements(model: Model) -> list[str]:
    """What each column is: tensor and index."""
    return [
        f"`{name}[{','.join(map(str, index))}]`"
        for name, values in model.items()
        for index in np.ndindex(values.shape)
    ]


def cells(model: Model | None, count: int) -> str:
    """All elements of a model in six digits."""
    if model is None:
        return " | ".join(["refused"] + [""] * (count - 1))
    numbers = np.concatenate([values.ravel() for values in model.values()])
    # A negative zero is a zero to the reader.
    return " | ".join(f"{number + 0.0:.6g}" for number in numbers)
