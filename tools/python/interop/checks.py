"""Counts and prints checks: one line each, so that a failure is found by its words."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from interop.program import Program


@dataclass
class Checks:
    """The programs, where the repository's files are, a place to write, and the tally."""

    program: Program
    probe: Program
    root: Path
    scratch: Path
    passed: int = 0
    failed: list[str] = field(default_factory=list)

    @contextmanager
    def check(self, words: str) -> Iterator[None]:
        """One check: whatever is raised inside is its failure, and the next ones still run."""
        try:
            yield
        except AssertionError as error:
            self.fail(words, str(error) or "assertion failed")
        except Exception as error:  # noqa: BLE001: a loader's own errors are failures of the file
            place = traceback.extract_tb(error.__traceback__)[-1]
            self.fail(words, f"{type(error).__name__}: {error} ({place.name}:{place.lineno})")
        else:
            self.passed += 1
            print(f"ok    {words}", flush=True)

    def fail(self, words: str, why: str) -> None:
        """Notes a failure."""
        self.failed.append(words)
        print(f"FAIL  {words}: {' '.join(why.split())[:600]}", flush=True)

    def sample(self, name: str) -> Path:
        """A file of samples/."""
        return self.root / "samples" / name

    def vectors(self) -> list[Path]:
        """Every vector that has expectations, of both formats."""
        found = [
            path.with_suffix(".h5")
            for folder in ("HDF5", "Keras")
            for path in sorted((self.root / "Formats" / folder / "Vectors").glob("*.json"))
        ]
        assert found, "no vectors found"
        # Archives are checked by the module of the other formats.
        return [path for path in found if path.exists()]

    def vector(self, name: str) -> Path:
        """The HDF5 or Keras vector of that file name."""
        return next(path for path in self.vectors() if path.name == name)

    def out(self, name: str) -> Path:
        """A fresh path in the scratch folder."""
        path = self.scratch / name
        path.unlink(missing_ok=True)
        return path
