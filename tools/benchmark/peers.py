"""Who is measured: ctl-merge, what bounds it, and its peers. A peer is one entry of `PEERS`."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).resolve().parent
REPOSITORY = FOLDER.parent.parent


class Tools(NamedTuple):
    """The programs that the peers are made of."""

    merge: Path
    io_limit: Path
    python: Path
    """Has h5py, NumPy and safetensors."""
    heavy_python: Path | None
    """Has PyTorch and mergekit too; only with --heavy."""


class Job(NamedTuple):
    """What a peer is to do: a merge of `inputs`, with options of ctl-merge that peers share."""

    tools: Tools
    verb: str
    options: list[str]
    threads: int | None
    inputs: list[str]
    output: str


Arguments = Callable[[Job], list[str]]


class Peer(NamedTuple):
    """A way of doing a case's work."""

    name: str
    arguments: Arguments
    reads: str = ".weights.h5"
    """Which copy of the inputs it takes; the output is of the same kind."""
    check: str | None = "check_merge.py"
    """The script that finds wrong answers; nothing for programs that don't merge."""
    makes_output: bool = True
    holds: float = 0
    """Memory it needs, in sizes of all inputs."""
    heavy: bool = False
    """Needs the large environment."""


VERBS = {
    "ties": ["--compat", "mergekit", "--density", "0.5"],
    "slerp": ["--compat", "mergekit", "--t", "0.5"],
}
"""What makes a verb do the same as mergekit does for mergekit_merge.py."""


def ctl_merge(*more: str) -> Arguments:
    """ctl-merge with the case's verb and options, and some of its own."""
    def arguments(job: Job) -> list[str]:
        threads = ["--threads", str(job.threads)] if job.threads else []
        inputs = ["--base", *job.inputs] if job.verb == "ties" else job.inputs
        return [str(job.tools.merge), job.verb, *inputs, "-o", job.output, "--force",
                "--quiet", *VERBS.get(job.verb, []), *job.options, *threads, *more]
    return arguments


def io_limit(*more: str) -> Arguments:
    """The bytes moved and added, no format parsed."""
    def arguments(job: Job) -> list[str]:
        threads = ["-t", str(job.threads)] if job.threads else []
        return [str(job.tools.io_limit), *threads, *more, job.output, *job.inputs]
    return arguments


def script(name: str) -> Arguments:
    """A Python peer in this folder that takes INPUT... OUTPUT and the shared options."""
    return lambda job: [str(job.tools.python), str(FOLDER / name), *job.options,
                        *job.inputs, job.output]


def heavy(name: str, *more: str) -> Arguments:
    """The same, in the environment that has PyTorch and mergekit."""
    return lambda job: [str(job.tools.heavy_python), str(FOLDER / name), *more, *job.options,
                        *job.inputs, job.output]


# Nobody else waits for the disk, so that the figure to compare is ctl-merge's without it.
PEERS = [
    Peer("ctl-merge", ctl_merge("--no-sync")),
    Peer("ctl-merge-durable", ctl_merge("--sync")),
    Peer("io-limit", io_limit(), check=None),
    Peer("io-limit-durable", io_limit("-s"), check=None),
    Peer("cp", lambda job: ["cp", job.inputs[0], job.output], check=None),
    Peer("cat-and-cp", lambda job: ["sh", "-c", 'cat "$@" >/dev/null && cp "$1" "$0"',
                                    job.output, *job.inputs], check=None),
    Peer("h5py-stream", script("h5py_stream.py")),
    Peer("h5py-load-all", script("h5py_load_all.py"), holds=1.5),
    Peer("safetensors-numpy", script("safetensors_numpy.py"), ".safetensors", holds=0.5),
    Peer("safetensors-torch", heavy("safetensors_torch.py"), ".safetensors", heavy=True, holds=1.5),
    Peer("mergekit-linear", heavy("mergekit_merge.py", "--method", "linear"), ".safetensors",
         heavy=True, holds=2),
    Peer("mergekit-slerp", heavy("mergekit_merge.py", "--method", "slerp"), ".safetensors",
         heavy=True, holds=2),
    Peer("mergekit-ties", heavy("mergekit_merge.py", "--method", "ties"), ".safetensors",
         heavy=True, holds=2),
    Peer("version", lambda job: [str(job.tools.merge), "--version"], makes_output=False),
    Peer("true", lambda job: ["true"], makes_output=False),
    Peer("import-h5py", lambda job: [str(job.tools.python), "-c", "import h5py"],
         makes_output=False),
]
PEER = {peer.name: peer for peer in PEERS}

CHECKS = {"slerp": "check_slerp.py", "ties": "check_ties.py"}
"""The scripts that find wrong answers of verbs that aren't sums; check_merge.py finds the others."""
