"""The examples: few numbers each, chosen so that one difference alone shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from oracle.merge import merge
from oracle.options import Options

Model = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Example:
    """A verb with options, and the tensors that it merges."""

    key: str
    verb: str
    sources: Sequence[Model]
    base: Model | None = None
    given: dict[str, Any] = field(default_factory=dict)

    def flags(self) -> list[str]:
        """ctl-merge's options, without `--compat`."""
        return [word for name, value in self.given.items() for word in _option(name, value)]

    def result(self, compat: str) -> dict[str, np.ndarray] | None:
        """What the reference makes of it; nothing where the method refuses."""
        try:
            return merge(Options.of(self.verb, compat, **self.given), self.sources, self.base)
        except (ValueError, ArithmeticError):
            return None


def _option(name: str, value: Any) -> list[str]:
    """One option; a truth is a flag or its negation."""
    flag = "--" + name.replace("_", "-")
    if isinstance(value, bool):
        return [flag if value else flag.replace("--", "--no-", 1)]
    return [flag, ",".join(f"{v:.10g}" for v in value) if isinstance(value, list) else f"{value}"]


def tensor(*values: Any) -> Model:
    """A model of one tensor."""
    return {"w": np.array(values, np.float64)}


def moved(base: Model, *changes: Sequence[Any]) -> list[Model]:
    """Fine-tunes of a base of one tensor, by what they change."""
    return [tensor(*(base["w"] + np.array(change))) for change in changes]


ONES = tensor(1, 1, 1, 1)
FIVE = tensor(1, 1, 1, 1, 1)
EIGHT = tensor(*[1.0] * 8)
ZEROS = tensor(0, 0)
STEPS = [0.8, -0.7, 0.6, -0.5, 0.4, -0.3, 0.2, -0.1]
# A tensor of three axes, whose rows differ along the second axis and along the last.
CUBE = tensor([[1.0] * 4] * 2)
CUBE_STEPS = [[[0.8, 0.7, 0.6, 0.5], [0.4, 0.3, 0.2, 0.1]]]

_SPHERE = [
    Example("slerp-near", "slerp", [tensor(1, 0), tensor(1, 0.03)]),
    Example("slerp-opposite", "slerp", [tensor(1, 0), tensor(-1, 0.03)]),
    Example("slerp-small", "slerp", [tensor(5e-9, 0), tensor(3e-9, 4e-9)]),
    Example("nuslerp-weights", "nuslerp", [tensor(1, 0), tensor(0, 1)],
            given={"weights": [1e-7, 3e-7]}),
    Example("nuslerp-zero", "nuslerp", [tensor(0, 0), tensor(2, 4)], given={"weights": [1, 1]}),
    Example("multislerp-small", "multislerp",
            moved(ZEROS, [4e-8, 0], [0, 4e-9], [0, 4e-9]), ZEROS),
    Example("karcher-small", "karcher", [tensor(6e-6, 0), tensor(0, 8e-6)]),
    Example("karcher-steps", "karcher", [tensor(1, 0, 0), tensor(0, 2, 0), tensor(-1, 0, 1)]),
    Example(
        "stock-small", "model-stock",
        [
            {"kernel": np.array([0.3, 0.1]), "norm": np.array([3e-4, 1e-4])},
            {"kernel": np.array([0.1, 0.3]), "norm": np.array([1e-4, 3e-4])},
        ],
        {"kernel": np.zeros(2), "norm": np.zeros(2)},
    ),
]  # fmt: skip

_TRIM = [
    Example("ties-density", "ties", moved(FIVE, [0.5, -0.4, 0.3, 0.2, -0.1]), FIVE),
    Example(
        "ties-trim", "ties",
        [{"large": np.array([1.8, 0.4]), "small": np.array([1.02, 0.99])}],
        {"large": np.array([1.0, 1.0]), "small": np.array([1.0, 1.0])}, {"density": 0.5},
    ),
    Example("ties-weights", "ties", moved(tensor(1, 1), [0.1, 0.1], [-0.2, 0.2]), tensor(1, 1),
            {"weights": [3, 1], "density": 1}),
    Example("ties-zero", "ties", moved(tensor(1, 1), [0.5, 0.5], [-0.5, 0.25]), tensor(1, 1),
            {"density": 1}),
]  # fmt: skip

_RANDOM = [
    Example("dare-rescale", "dare-linear", moved(EIGHT, STEPS), EIGHT, {"density": 0.5}),
    Example("dare-small", "dare-linear", moved(ZEROS, [3e-8, -1e-8]), ZEROS,
            {"density": 0.5, "rescale": "l1"}),
    Example("dare-normalize", "dare-ties", moved(tensor(1, 1), [0.2, 0.2], [0.4, -0.1]),
            tensor(1, 1), {"density": 1}),
    Example("dare-divisor", "dare-linear", moved(tensor(0.0), [0.5], [0.25]), tensor(0.0),
            {"weights": [1, -0.999999999], "density": 1, "normalize": True}),
    Example("della-window", "della-linear", moved(EIGHT, STEPS), EIGHT,
            {"density": 0.5, "epsilon": 0.4}),
    Example("della-limits", "della-linear", moved(EIGHT, STEPS), EIGHT, {"density": 0.1}),
    Example("della-axis", "della-linear", moved(CUBE, CUBE_STEPS), CUBE,
            {"density": 0.5, "epsilon": 0.45, "rescale": "none", "seed": 2}),
    Example("breadcrumbs-normalize", "breadcrumbs-ties",
            moved(ONES, [0.4, 0.3, 0.2, 0.1], [0.8, 0.1, 0.2, -0.6]), ONES,
            {"density": 0.5, "gamma": 0.25}),
]  # fmt: skip

_OTHERS = [
    Example("sce-weights", "sce", moved(tensor(0, 0, 0), [4e-4, 4e-4, 4e-4], [1e-4, -1e-4, -4e-4]),
            tensor(0, 0, 0)),
    Example("arcee-rounding", "arcee-fusion", [tensor(1, 1e-17)], tensor(1, 1)),
    Example("sce-divisor", "sce", moved(ZEROS, [1, 0], [0, 1e-4]), ZEROS),
    Example("nearswap-small", "nearswap", moved(ZEROS, [5e-7, 4e-6]), ZEROS, {"t": 1e-7}),
]  # fmt: skip

EXAMPLES = {example.key: example for example in [*_SPHERE, *_TRIM, *_RANDOM, *_OTHERS]}
