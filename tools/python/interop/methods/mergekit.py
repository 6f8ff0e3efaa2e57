"""Merges with mergekit in a process of its own environment."""

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from oracle import files

from interop.methods.cases import Case
from interop.methods.models import Model, folder


@dataclass(frozen=True)
class Job:
    """A merge of folders: the inputs' type, the type mergekit computes in, and the output's."""

    case: Case
    base: Path
    tuned: Sequence[Path]
    output: Path
    compute: str
    out: str

    def recipe(self) -> dict[str, object]:
        """mergekit's configuration."""
        made = self.case.recipe()
        each = made.pop("each")
        models = [
            {"model": str(path), "parameters": one}
            for path, one in zip(self.tuned[: self.case.sources], each, strict=True)
        ]
        made |= {"models": models, "dtype": self.compute, "out_dtype": self.out}
        if self.case.base:
            made["base_model"] = str(self.base)
        if self.case.verb == "slerp":
            made["base_model"] = str(self.tuned[0])
        return made


@dataclass(frozen=True)
class Family:
    """A base and its fine-tunes, in memory and as folders."""

    base: Model
    tuned: list[Model]
    base_folder: Path
    tuned_folders: list[Path]

    @staticmethod
    def write(path: Path, base: Model, tuned: list[Model]) -> "Family":
        """Writes the folders."""
        folders = [folder(path / f"tuned-{k}", model) for k, model in enumerate(tuned)]
        return Family(base, tuned, folder(path / "base", base), folders)


def interpreter(root: Path) -> Path:
    """Python with mergekit: MERGEKIT_PYTHON, or the repository's environment for benchmarks."""
    named = os.environ.get("MERGEKIT_PYTHON")
    if named:
        return Path(named)
    command = [str(root / "tools" / "python-environment"), "--benchmark"]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return Path(said.split()[-1])


def run(root: Path, jobs: Sequence[Job], scratch: Path) -> list[str | None]:
    """What became of each job: nothing, or why it failed."""
    path = scratch / "jobs.json"
    path.write_text(
        json.dumps(
            [
                {
                    "recipe": job.recipe(),
                    "output": str(job.output),
                    "seed": job.case.given.get("seed", 0),
                }
                for job in jobs
            ]
        )
    )
    environment = os.environ | {
        "HF_HUB_OFFLINE": "1",
        "PYTHONPATH": f"{root / 'tools' / 'python'}:{root / 'tools'}",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [str(interpreter(root)), "-m", "interop.methods.mergekit_driver", str(path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=1800)
    results = [
        json.loads(line.removeprefix("result "))
        for line in done.stdout.splitlines()
        if line.startswith("result ")
    ]
    assert len(results) == len(jobs), f"mergekit stopped: {' '.join(done.stderr.split())[-600:]}"
    return results


def merged(job: Job) -> dict[str, np.ndarray]:
    """What mergekit wrote."""
    return files.read(job.output)
