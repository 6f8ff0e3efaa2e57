"""What is measured. A case is one entry of `CASES`."""

from dataclasses import dataclass, replace
from pathlib import Path

from models import Model
from peers import REPOSITORY


@dataclass(frozen=True)
class Case:
    """A piece of work.

    The inputs are `sources` generated files, each `share` of --size, or the files that match
    `samples` in the repository. A case whose samples aren't there is left out with a note.
    """

    name: str
    title: str
    peers: list[str]
    reference: str
    model: Model = Model()
    sources: int = 2
    share: float = 1
    verb: str = "soup"
    options: tuple[str, ...] = ()
    """Options of ctl-merge that its peers understand too."""
    threads: int | None = None
    samples: tuple[str, ...] = ()
    slow: tuple[str, ...] = ()
    """Peers that take so much longer than the others that they run in a few rounds only."""
    every_size: bool = False
    """Runs at each --size; other cases run at the largest of at most 1 GiB."""
    every_place: bool = False
    """Runs in each folder; other cases run in the first."""
    cold: bool = False
    """The inputs leave the page cache before each run, so that they come from the disk."""
    growth: str | None = None
    """The axis on which the case is a point: size, sources, tensors or threads."""

    def sample_files(self) -> list[Path]:
        return sorted(path for pattern in self.samples for path in REPOSITORY.glob(pattern))

    def smaller(self) -> "Case":
        """The case for a quick look: a tenth of the many tensors."""
        count = self.model.tensors
        return replace(self, model=self.model._replace(tensors=count // 10)) if count else self


AVERAGING = ["ctl-merge", "io-limit", "ctl-merge-durable", "io-limit-durable", "cp",
             "h5py-stream", "h5py-load-all", "safetensors-numpy", "safetensors-torch",
             "mergekit-linear"]
HALF = ["ctl-merge", "io-limit", "h5py-stream", "safetensors-torch"]
SMALL = ["ctl-merge", "io-limit", "safetensors-numpy"]
BOUND = ["ctl-merge", "io-limit"]

CASES = [
    Case("average", "Average of {sources} x {size} MiB, float32", AVERAGING, "io-limit",
         slow=("h5py-load-all", "mergekit-linear"),
         every_size=True, every_place=True, growth="size"),
    Case("float16", "Average of {sources} x {size} MiB, float16", HALF, "io-limit",
         Model("float16"), share=1 / 2, slow=("h5py-stream",), every_place=True),
    Case("bfloat16", "Average of {sources} x {size} MiB, bfloat16", HALF, "io-limit",
         Model("bfloat16"), share=1 / 2, slow=("h5py-stream",), every_place=True),
    Case("interpolate", "Interpolation of {sources} x {size} MiB, float32",
         [*BOUND, "h5py-stream"], "io-limit", verb="interpolate", options=("--alpha", "0.3")),
    Case("slerp", "Slerp of {sources} x {size} MiB, float32", [*BOUND, "mergekit-slerp"],
         "io-limit", verb="slerp", slow=("mergekit-slerp",)),
    # The first source is the base.
    Case("ties", "TIES of a base and three models, {sources} x {size} MiB, float32",
         ["ctl-merge", "io-limit", "mergekit-ties"], "io-limit", verb="ties", sources=4,
         slow=("mergekit-ties",)),
    Case("ties-sizes", "TIES of a base and three models, {sources} x {size} MiB, float32", BOUND,
         "io-limit", verb="ties", sources=4, every_size=True, growth="size of TIES"),
    Case("cold", "Average of {sources} x {size} MiB, float32, read from the disk",
         [*BOUND, "cp", "h5py-stream"], "io-limit", cold=True),
    Case("soup", "Soup of {sources} x {size} MiB, float32",
         [*BOUND, "cat-and-cp", "h5py-stream", "safetensors-numpy"], "cat-and-cp",
         sources=8, share=1 / 4, growth="sources"),
    *[Case(f"sources-{count}", "Soup of {sources} x {size} MiB, float32", BOUND, "io-limit",
           sources=count, share=1 / 4, growth="sources") for count in (2, 4)],
    Case("small-tensors", "Average of {sources} x {tensors} tensors of 1,024 floats",
         [*SMALL, "cp", "h5py-stream"], "safetensors-numpy",
         Model(tensors=20_000), slow=("h5py-stream",), growth="tensors"),
    *[Case(f"tensors-{count}", "Average of {sources} x {tensors} tensors of 1,024 floats",
           SMALL, "safetensors-numpy", Model(tensors=count), growth="tensors")
      for count in (200, 2_000)],
    Case("gzip", "Average of {sources} x {size} MiB, gzip 4 + shuffle in and out",
         ["ctl-merge", "h5py-stream"], "h5py-stream", Model(gzip=4), share=1 / 4,
         slow=("h5py-stream",), options=("--layout", "keep")),
    Case("compress", "Average of {sources} x {size} MiB, contiguous in, gzip 4 + shuffle out",
         ["ctl-merge", "h5py-stream"], "h5py-stream", share=1 / 4, slow=("h5py-stream",),
         options=("--compress", "gzip:4")),
    *[Case(f"threads-{count}", "Average of {sources} x {size} MiB with {threads} threads",
           BOUND, "io-limit", threads=count, growth="threads") for count in (1, 2)],
    # Samples without optimizer state, which the h5py peers would have to tell from weights.
    Case("samples", "Average of {sources} shipped networks (MLP, {size} MiB)",
         [*BOUND, "cp", "h5py-stream"], "cp",
         samples=("samples/mlp/task-a-3.h5", "samples/mlp/task-b.h5")),
    Case("start-up", "Start-up (ctl-merge --version)", ["version", "true", "import-h5py"], "true",
         sources=0),
]
