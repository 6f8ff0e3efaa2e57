"""ctl-probe: every verb's figures against NumPy's float64 on features that Keras computes."""

from interop.checks import Checks
from interop.probe import (
    architectures,
    batchnorm,
    conduct,
    features,
    linearity,
    merges,
    probing,
    scores,
)
from interop.probe.bench import Bench

GROUPS = (linearity, probing, batchnorm, scores, merges, features, architectures, conduct)


def run(checks: Checks) -> None:
    """All of this module's checks."""
    bench = Bench(checks)
    for group in GROUPS:
        group.run(bench)
