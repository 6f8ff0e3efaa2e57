"""Models on disk, and runs of ctl-merge on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from oracle.files import read
from oracle.merge import is_merged, merge
from oracle.options import Options
from safetensors.numpy import save_file

from interop.checks import Checks
from interop.methods.cases import Case
from interop.methods.models import Model


@dataclass(frozen=True)
class Bench:
    """A base, its fine-tunes and the statistics for them, with their files."""

    checks: Checks
    name: str
    base: Model
    tuned: list[Model]
    statistics: Mapping[str, list[Model]]

    def path(self, kind: str) -> Path:
        """The file of "base", "0", "fisher-0" ..."""
        return self.checks.scratch / f"{self.name}-{kind}.safetensors"

    def write(self) -> "Bench":
        """Writes all files."""
        models = {"base": self.base} | {str(k): model for k, model in enumerate(self.tuned)}
        for verb, given in self.statistics.items():
            models |= {f"{verb}-{k}": model for k, model in enumerate(given)}
        for kind, model in models.items():
            save_file(model, self.path(kind))
        return self

    def sources(self, count: int) -> list[Path]:
        """The files of the first fine-tunes."""
        return [self.path(str(k)) for k in range(count)]

    def merge(
        self, case: Case, *flags: object, sources: Sequence[Path] | None = None
    ) -> dict[str, np.ndarray]:
        """What ctl-merge makes of the case."""
        return read(self.merged_file(case, *flags, sources=sources))

    def merged_file(
        self, case: Case, *flags: object, sources: Sequence[Path] | None = None
    ) -> Path:
        """The same, as a file."""
        base = ["--base", self.path("base")] if case.base else []
        given = self.statistics.get(case.verb, [])[: case.sources]
        statistics = [
            part for k in range(len(given)) for part in ("--statistics", self.path(f"{case.verb}-{k}"))
        ]
        output = self.checks.out(f"{self.name}-merged.safetensors")
        inputs = self.sources(case.sources) if sources is None else sources
        self.checks.program.done(
            case.verb, *base, *inputs, *statistics, *case.flags(), *flags, "-o", output, "--force"
        )
        return output

    def expected(self, case: Case, compat: str) -> dict[str, np.ndarray]:
        """What the reference makes of it, in float64."""
        options: Options = case.options(compat)
        given = self.statistics.get(case.verb, [])[: case.sources]
        base = self.base if case.base else None
        return merge(options, self.tuned[: case.sources], base, given)

    def template(self, case: Case) -> Model:
        """Whose tensors the output has."""
        return self.base if case.base else self.tuned[0]

    def terms(self, name: str, want: np.ndarray) -> np.ndarray:
        """The largest number of each element's inputs and output."""
        inputs = [self.base[name], *(model[name] for model in self.tuned), want]
        return np.max([np.abs(np.asarray(v).astype(np.float64)) for v in inputs], axis=0)


def merged_names(model: Model) -> list[str]:
    """Names of floating-point tensors."""
    return [name for name, values in model.items() if is_merged(values)]
