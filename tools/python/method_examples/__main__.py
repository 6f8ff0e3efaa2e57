"""Renews the examples of a page: `python -m method_examples docs/methods.md [--check]`."""

import sys
from pathlib import Path

from method_examples.page import renewed


def main(arguments: list[str]) -> int:
    """Writes the page; with `--check` only says whether it is as it should be."""
    path = Path(arguments[0])
    old = path.read_text()
    new = renewed(old)
    if "--check" in arguments:
        if old != new:
            print(f"{path} isn't up to date: run tools/make-method-examples", file=sys.stderr)
        return int(old != new)
    path.write_text(new)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
