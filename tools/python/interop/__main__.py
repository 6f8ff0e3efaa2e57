"""Runs the checks: `python -m interop ROOT MERGE PROBE [NAME...]`; NAMEs select modules of checks."""

import os

os.environ.setdefault("KERAS_BACKEND", "jax")

import logging  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
import warnings  # noqa: E402
from pathlib import Path  # noqa: E402

from interop import (  # noqa: E402
    check_conduct,
    check_fidelity,
    check_formats,
    check_inspect,
    check_keras,
    check_networks,
    check_probe,
    check_types,
    check_values,
)
from interop.checks import Checks  # noqa: E402
from interop.program import Program  # noqa: E402

MODULES = {
    "inspect": check_inspect,
    "values": check_values,
    "types": check_types,
    "fidelity": check_fidelity,
    "keras": check_keras,
    "conduct": check_conduct,
    "formats": check_formats,
    "networks": check_networks,
    "probe": check_probe,
}


def main(root: Path, merge: Path, probe: Path, names: list[str]) -> int:
    """Prints a line per check and the tally; 0 where nothing failed."""
    logging.getLogger("absl").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module="keras")
    unknown = set(names) - MODULES.keys()
    if unknown:
        print(f"interop: unknown: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 64
    with tempfile.TemporaryDirectory(prefix="interop-") as scratch:
        checks = Checks(Program(merge), Program(probe), root, Path(scratch))
        for name in names or MODULES:
            MODULES[name].run(checks)
    print(f"{checks.passed} passed, {len(checks.failed)} failed")
    return 1 if checks.failed or not checks.passed else 0


if __name__ == "__main__":
    sys.exit(main(*(Path(argument) for argument in sys.argv[1:4]), sys.argv[4:]))
