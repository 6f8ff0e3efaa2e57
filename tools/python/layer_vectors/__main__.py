"""Writes the vectors of layers: `python -m layer_vectors FOLDER [TABLE...]`.

Each module in `tables` has `CASES` and becomes a file: one line a case, so that a change shows.
"""

import importlib
import json
import pkgutil
import sys
from pathlib import Path

from layer_vectors import tables
from layer_vectors.oracle import answer


def write(folder: Path, table: str) -> None:
    """The file of one table."""
    cases = importlib.import_module(f"layer_vectors.tables.{table}").CASES
    names = [case.name for case in cases]
    repeated = {name for name in names if names.count(name) > 1}
    if repeated:
        raise SystemExit(f"{table}: names of several cases: {', '.join(sorted(repeated))}")
    lines = ",\n".join(json.dumps(answer(case), separators=(",", ":")) for case in cases)
    path = folder / f"{table}.json"
    path.write_text(f"[\n{lines}\n]\n")
    print(f"{path.name}: {len(cases)} cases, {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    every = [module.name for module in pkgutil.iter_modules(tables.__path__)]
    for name in sys.argv[2:] or every:
        write(Path(sys.argv[1]), name)
