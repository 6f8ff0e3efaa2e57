"""The folders measured in, with their generated files and the room that is left."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import machine
from cases import Case
from peers import FOLDER, GENERATED, PEER, Tools


class Place(NamedTuple):
    """A folder on a file system; `name` is that of the file system."""

    name: str
    folder: Path


class Measurement(NamedTuple):
    """A case at a size, in a place."""

    case: Case
    size: int
    place: Place

    @property
    def file_size(self) -> int:
        """Bytes of the values of one generated input."""
        if self.case.samples or not self.case.sources:
            return 0
        return self.case.model.values_size(int(self.size * self.case.share))

    def stems(self) -> list[Path]:
        """The generated inputs, without suffix."""
        size = int(self.size * self.case.share)
        count = 0 if self.case.samples else self.case.sources
        names = (self.case.model.name(size, seed) for seed in range(1, count + 1))
        return [self.place.folder / name for name in names]


def places(folders: list[Path]) -> list[Place]:
    """The folders with names that tell them apart; files go into a folder of ours in each."""
    made: list[Place] = []
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        kind = machine.file_system(folder) or "disk"
        count = sum(place.name.split()[0] == kind for place in made)
        inside = folder.resolve() / "ctl-bench"
        inside.mkdir(exist_ok=True)
        made.append(Place(f"{kind} {count + 1}" if count else kind, inside))
    return made


def settle(path: Path) -> None:
    """Waits until a new file is on the disk, so that its writing doesn't disturb what is timed."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def make(path: Path, script: str, arguments: list[str], tools: Tools) -> Path:
    """Runs a script that writes `path`, unless it is there; it gets its name when it is whole."""
    if not path.exists():
        print(f"making {path.name}", file=sys.stderr)
        unfinished = path.with_suffix(".unfinished")
        subprocess.run([str(tools.python), str(FOLDER / script), *arguments, str(unfinished)],
                       check=True)
        settle(unfinished)
        unfinished.rename(path)
    return path


def inputs(measurement: Measurement, reads: str, tools: Tools) -> list[Path]:
    """The files that a peer reads, made if need be."""
    case = measurement.case
    if case.samples:
        return case.sample_files()
    size = int(measurement.size * case.share)
    files = [make(stem.with_name(stem.name + ".weights.h5"), "generate.py",
                  case.model.arguments(size, seed), tools)
             for seed, stem in enumerate(measurement.stems(), 1)]
    if reads == GENERATED:
        return files
    script = "to_archive.py" if reads == ".keras" else "to_safetensors.py"
    return [make(stem.with_name(stem.name + reads), script, [str(file)], tools)
            for stem, file in zip(measurement.stems(), files)]


def available_memory() -> int:
    """Bytes that programs can have without anything being killed."""
    text = machine.first_match("/proc/meminfo", "MemAvailable")
    return int(text.split()[0]) << 10 if text else 1 << 62


def lack_of_room(measurement: Measurement, peers: list[str]) -> str | None:
    """Why a measurement doesn't fit into its place, if it doesn't."""
    kinds = {measurement.case.reads(PEER[name]) for name in peers}
    stems = [stem.with_name(stem.name + kind) for stem in measurement.stems() for kind in kinds]
    missing = sum(not path.exists() for path in stems)
    # A tenth more for what isn't values, and one output.
    needed = int((missing + 1) * measurement.file_size * 1.1)
    free = shutil.disk_usage(measurement.place.folder).free
    if measurement.place.name == "tmpfs":
        free = min(free, available_memory())
    if needed <= free:
        return None
    place = measurement.place.name
    return f"needs {needed / 2**30:.1f} GiB on {place}, {free / 2**30:.1f} are free"


def lack_of_memory(measurement: Measurement, peer: str) -> str | None:
    """Why a peer can't run: it would hold more than there is, and be killed or kill others."""
    needed = PEER[peer].holds * measurement.file_size * measurement.case.sources
    available = available_memory()
    if needed <= 0.8 * available:
        return None
    return f"would hold {needed / 2**30:.1f} GiB, {available / 2**30:.1f} are available"


def cold(measurement: Measurement) -> list[str]:
    """A note for files that don't fit into the page cache together, so that some are read anew."""
    total = (measurement.case.sources + 1) * measurement.file_size
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return ["Sources and output don't fit into the page cache."] if total > 0.7 * memory else []


def tidy(measurement: Measurement, later: list[Measurement]) -> None:
    """Removes the generated files that no later measurement needs."""
    needed = {stem for other in later for stem in other.stems()}
    for stem in set(measurement.stems()) - needed:
        for path in stem.parent.glob(f"{stem.name}.*"):
            path.unlink()
