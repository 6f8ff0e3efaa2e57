"""Models of Hugging Face's: soups of their folders and files load with `from_pretrained` and are the mean.

PyTorch is large, so this runs only where it is named, in the environment of the benchmark.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from interop.checks import Checks

WAYS = ("whole", "parts", "mixed", "torch")


def python(checks: Checks) -> Path:
    """The interpreter that has transformers."""
    return Path(os.environ.get("CTL_HEAVY_PYTHON", checks.root / ".venv-benchmark/bin/python"))


def script(checks: Checks, *arguments: object) -> object:
    """What the other process prints."""
    command = [python(checks), "-W", "ignore", "-m", "interop.transformers_models"]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "TRANSFORMERS_VERBOSITY": "error"}
    done = subprocess.run(
        [*map(str, [*command, *arguments])], capture_output=True, timeout=600, env=environment
    )
    if done.returncode:
        raise AssertionError(done.stderr.decode(errors="replace")[-600:])
    return json.loads(done.stdout.decode().strip().splitlines()[-1])


def soup(checks: Checks, folder: Path, name: str, way: str) -> None:
    """A model folder with the soup of two sources, which has the first's configuration."""
    sources = {
        "whole": (f"{name}-1-whole", f"{name}-2-whole"),
        "parts": (f"{name}-1-parts", f"{name}-2-parts"),
        "mixed": (f"{name}-1-whole", f"{name}-2-parts"),
        "torch": (f"{name}-1-whole", f"{name}-2.bin"),
    }[way]
    # Of tied tensors safetensors has one name and a state dict both.
    paths = [folder / source for source in sources]
    checks.program.done("soup", *paths, "-o", folder / f"{name}-soup-{way}")


def run(checks: Checks) -> None:
    """Every kind of model in every way of storing it; then all are loaded by one process."""
    if not python(checks).exists():
        print("interop: transformers needs: tools/python-environment --benchmark", file=sys.stderr)
        checks.fail("transformers: the environment", f"{python(checks).name} isn't there")
        return
    folder = checks.out("transformers")
    folder.mkdir()
    names: list[str] = []
    with checks.check("transformers: tiny models are made"):
        names = list(script(checks, "make", folder))
    for name in names:
        for way in WAYS:
            with checks.check(f"transformers: {name}, {way}: soup"):
                soup(checks, folder, name, way)
        with checks.check(f"transformers: {name}: converted to parts and back"):
            parts = folder / f"{name}-soup-sharded"
            checks.program.done("convert", folder / f"{name}-soup-whole", parts,
                                "--shard-size", "40KB")  # fmt: skip
            checks.program.done("diff", folder / f"{name}-soup-whole", parts)
    found: dict[str, str | None] = {}
    with checks.check("transformers: from_pretrained loads the soups"):
        found = dict(script(checks, "compare", folder))
        assert len(found) == len(names) * (len(WAYS) + 1), f"{len(found)} were found"
    for name, problem in sorted(found.items()):
        with checks.check(f"transformers: {name} is the mean, nothing missing"):
            assert problem is None, problem
