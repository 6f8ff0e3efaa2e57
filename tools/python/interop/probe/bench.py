"""What the checks of ctl-probe have in common: files, data, runs, and networks loaded once."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from interop.checks import Checks
from interop.probe import network
from interop.probe.network import Network, Weights
from interop.program import Outcome

Array = np.ndarray


@dataclass(frozen=True)
class Data:
    """A data set file and what is in it."""

    path: Path
    x: Any
    y: Array

    @classmethod
    def read(cls, path: Path) -> "Data":
        """Reads the samples and the labels."""
        with h5py.File(path, "r") as file:
            return cls(path, file["x"][()], file["y"][()])


@dataclass
class Bench:
    """The checks with what they all need."""

    checks: Checks
    networks: dict[str, Network] = field(default_factory=dict)
    known: dict[Path, Weights] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.test, self.rotated, self.calibration = (
            Data.read(self.checks.sample(f"{name}.h5"))
            for name in ("test", "test-rotated", "calibration")
        )
        for kind in ("mlp", "cnn"):
            self.networks[kind] = Network.load(self.file(kind, "pretrained"))

    def file(self, kind: str, name: str) -> Path:
        """A sample of a kind of network."""
        return self.checks.sample(f"{kind}/{name}.h5")

    def weights(self, path: Path) -> Weights:
        """A file's weights, read once."""
        if path not in self.known:
            self.known[path] = network.weights_of(path)
        return self.known[path]

    def report(self, verb: str, *arguments: object) -> Any:
        """What a verb prints as JSON."""
        return self.checks.probe.done(verb, *arguments, "--json", "--quiet").json()

    def run(self, *arguments: object) -> Outcome:
        """A run that may fail."""
        return self.checks.probe.run(*arguments)


def with_data(*sets: Data) -> list[object]:
    """The arguments that name data set files."""
    return [part for one in sets for part in ("--data", one.path)]


def layer_of(report: Any, name: str) -> Any:
    """A report's layer by its name."""
    found = [layer for layer in report["layers"] if layer["name"] == name]
    assert len(found) == 1, f"{len(found)} layers are named {name}"
    return found[0]
