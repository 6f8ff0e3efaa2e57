"""The machine that the figures are of."""

import os
import platform
from pathlib import Path
from typing import Any


def first_match(path: str, key: str) -> str | None:
    """The value of the first line `key : value` of a file, if there is one."""
    try:
        lines = Path(path).read_text().splitlines()
    except OSError:
        return None
    for line in lines:
        name, separator, value = line.partition(":")
        if separator and name.strip() == key:
            return value.strip()
    return None


def file_system(folder: Path) -> str | None:
    """The type of the file system that holds a folder, from the list of mounts."""
    try:
        mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    except OSError:
        return None
    here = folder.resolve()
    holding = [(mount[1], mount[2]) for mount in mounts if here.is_relative_to(mount[1])]
    # Of two mounts on the same point, the later one is what is seen.
    return max(enumerate(holding), key=lambda item: (len(item[1][0]), item[0]))[1][1]


def describe(folders: list[Path]) -> dict[str, Any]:
    """Processor, cores, memory, system, and the file systems of the folders measured in."""
    return {
        "cpu": first_match("/proc/cpuinfo", "model name") or platform.processor(),
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "kernel": f"{platform.system()} {platform.release()} {platform.machine()}",
        "file_systems": [file_system(folder) for folder in folders],
        "load_average": os.getloadavg(),
    }


def sentence(facts: dict[str, Any]) -> str:
    """The same as a line of text."""
    gib = facts["memory_bytes"] / (1 << 30)
    load = facts["load_average"][0]
    systems = ", ".join(str(system) for system in facts["file_systems"])
    return (
        f"{facts['cpu']}, {facts['cores']} cores, {gib:.0f} GiB, {facts['kernel']},"
        f" {systems}, load {load:.1f} at the start"
    )
