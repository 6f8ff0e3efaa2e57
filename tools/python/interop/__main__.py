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
    check_mergekit,
    check_methods,
    check_networks,
    check_probe,
    check_types,
    check_values,
)
from interop.checks import Checks  # noqa: E402
from interop.program import Program  # noqa: E402

MODULES = {
    "inspect": check_inspect.run,
    "values": check_values.run,
    "types": check_types.run,
    "fidelity": check_fidelity.run,
    "keras": check_keras.run,
    "conduct": check_conduct.run,
    "formats": check_formats.run,
    "methods": check_methods.run,
    "networks": check_networks.run,
    "probe": check_probe.run,
}
# Run only where they are named.
LONG = {"networks-more": check_networks.run_more, "mergekit": check_mergekit.run}


def main(root: Path, merge: Path, probe: Path, names: list[str]) -> int:
    """Prints a line per check and the tally; 0 where nothing failed."""
    logging.getLogger("absl").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module="keras")
    unknown = set(names) - MODULES.keys() - LONG.keys()
    if unknown:
        print(f"interop: unknown: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 64
    with tempfile.TemporaryDirectory(prefix="interop-") as scratch:
        checks = Checks(Program(merge), Program(probe), root, Path(scratch))
        for name in names or MODULES:
            (MODULES | LONG)[name](checks)
    print(f"{checks.passed} passed, {len(checks.failed)} failed")
    return 1 if checks.failed or not checks.passed else 0


if __name__ == "__main__":
    sys.exit(main(*(Path(argument) for argument in sys.argv[1:4]), sys.argv[4:]))
