"""What is measured, and against whom. A peer is one entry of `PEERS`, a case one of `CASES`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).resolve().parent
REPOSITORY = FOLDER.parent.parent


@dataclass(frozen=True)
class Tools:
    """The programs that the peers are made of."""

    merge: Path
    python: Path
    io_limit: Path


class Peer(NamedTuple):
    """A way of doing a case's work: arguments from the tools, the inputs and the output."""

    name: str
    arguments: Callable[[Tools, list[str], str], list[str]]
    makes_output: bool = True
    checked: bool = False
    """Whether the output must hold the mean of the inputs."""


def script(name: str) -> Callable[[Tools, list[str], str], list[str]]:
    """The arguments of a Python peer in this folder that takes INPUT... OUTPUT."""
    return lambda tools, inputs, output: [str(tools.python), str(FOLDER / name), *inputs, output]


PEERS = [
    Peer("ctl-merge",
         lambda t, i, o: [str(t.merge), "soup", *i, "-o", o, "--force", "--quiet"], checked=True),
    Peer("io-limit", lambda t, i, o: [str(t.io_limit), o, *i]),
    Peer("io-limit-durable", lambda t, i, o: [str(t.io_limit), "-s", o, *i]),
    Peer("cp", lambda t, i, o: ["cp", i[0], o]),
    Peer("h5py-stream", script("h5py_stream.py"), checked=True),
    Peer("h5py-load-all", script("h5py_load_all.py"), checked=True),
    Peer("version", lambda t, i, o: [str(t.merge), "--version"], makes_output=False),
    Peer("true", lambda t, i, o: ["true"], makes_output=False),
    Peer("import-h5py", lambda t, i, o: [str(t.python), "-c", "import h5py"], makes_output=False),
]
AVERAGING = ["ctl-merge", "io-limit", "io-limit-durable", "cp", "h5py-stream", "h5py-load-all"]


@dataclass(frozen=True)
class Case:
    """A piece of work.

    The inputs are `sources` generated files, each `share` of `--size`, or the files that match
    `samples` in the repository. A case whose samples aren't there is left out with a note.
    """

    name: str
    title: str
    peers: list[str]
    reference: str
    sources: int = 0
    share: float = 1
    samples: list[str] = field(default_factory=list)

    def sample_files(self) -> list[Path]:
        return sorted(path for pattern in self.samples for path in REPOSITORY.glob(pattern))


CASES = [
    Case("average", "Average of {sources} files of {size} MiB (float32)", AVERAGING, "io-limit",
         sources=2),
    Case("soup", "Soup of {sources} files of {size} MiB (float32)", AVERAGING, "io-limit",
         sources=8, share=1 / 4),
    # Samples without optimizer state, which the h5py peers would have to tell from weights.
    Case("samples", "Average of {sources} shipped networks (MLP, {size} MiB)", AVERAGING, "cp",
         samples=["samples/mlp/task-a-3.h5", "samples/mlp/task-b.h5"]),
    Case("start-up", "Start-up (ctl-merge --version)", ["version", "true", "import-h5py"], "true"),
]
