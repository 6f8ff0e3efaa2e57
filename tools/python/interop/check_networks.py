"""Networks of keras.applications, layer by layer against Keras: `ctl-probe features`."""

from collections.abc import Callable

import h5py

from interop import networks
from interop.checks import Checks
from interop.program import Program

TOLERANCE = 1e-4


def run(checks: Checks) -> None:
    """Models of every kind of layer; the program stands beside the one that merges."""
    check(checks, networks.MODELS)


def run_more(checks: Checks) -> None:
    """Further models, for whom `networks` takes too long already."""
    check(checks, networks.MORE)


def check(checks: Checks, models: dict[str, Callable[[], networks.keras.Model]]) -> None:
    """Models by their names."""
    probe = Program(checks.program.path.with_name("ctl-probe"), seconds=600)
    for seed, (name, build) in enumerate(models.items()):
        with checks.check(f"{name}: every layer gives Keras's values"):
            compare(checks, probe, build(), seed)


def compare(checks: Checks, probe: Program, model: networks.keras.Model, seed: int) -> None:
    """One model: the worst layers are named where one is too far off."""
    networks.randomise(model, seed)
    path, data, x = networks.write(model, checks.scratch, seed)
    expected = networks.features(model, x)
    output = checks.out("features.h5")
    probe.done("features", path, "--data", data, "-o", output)
    with h5py.File(output) as file:
        found = {name: file[name][()] for name in expected if name in file}
    missing = [name for name in expected if name not in found]
    assert not missing, f"{len(missing)} layers are missing: {', '.join(missing[:5])}"
    errors = {name: networks.disagreement(found[name], expected[name]) for name in expected}
    wrong = [f"{name} {error:.1e}" for name, error in errors.items() if not error <= TOLERANCE]
    assert not wrong, f"{len(wrong)} of {len(errors)} layers differ, first {', '.join(wrong[:5])}"
    print(f"      {len(errors)} layers, at most {max(errors.values()):.1e} off", flush=True)
