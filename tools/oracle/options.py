"""The options of a merge by ctl-merge's spellings, and their defaults in both modes."""

from dataclasses import dataclass, fields
from typing import Any

# mergekit's and our names of one thing.
ALIASES = {"della": "della-ties", "linear": "soup", "lerp": "interpolate"}

ELECTING = frozenset({"ties", "dare-ties", "della-ties", "breadcrumbs-ties"})
CONSENSUS = ELECTING | {"dare-linear", "della-linear", "breadcrumbs"}

_EVERYWHERE: dict[str, Any] = {
    "density": 1.0, "gamma": 0.01, "epsilon": 0.15, "trim": "tensor", "rescale": "none",
    "normalize": False, "lambda": 1.0, "t": 0.5, "flatten": True, "row_wise": False,
    "filter_wise": False, "max_iter": 10, "tol": 1e-5, "select_topk": 1.0, "r": 0.1,
    "alpha": 0.2, "scale": 1.0, "decay": 0.9, "seed": 0, "sign_weights": False, "weights": None,
}  # fmt: skip

_BY_METHOD: dict[str, dict[str, Any]] = {
    "soup": {"normalize": True},
    "multislerp": {"normalize": True},
    "ties": {"normalize": True},
    "della-ties": {"normalize": True},
    "ram": {"epsilon": 1e-5},
    "ramplus-tl": {"epsilon": 1e-5},
    "interpolate": {"alpha": 0.5},
    "regmean": {"alpha": 0.9},
    "geometric-median": {"max_iter": 1000, "tol": 1e-14},
    "nearswap": {"t": None},
}

_PAPER: dict[str, dict[str, Any]] = {
    "ties": {"density": 0.2, "trim": "global"},
    "dare-linear": {"rescale": "inverse"},
    "dare-ties": {"rescale": "inverse", "normalize": True},
    "della-linear": {"rescale": "inverse"},
    "della-ties": {"rescale": "inverse"},
    "breadcrumbs-ties": {"normalize": True},
    "karcher": {"max_iter": 100, "tol": 1e-14},
}

_MERGEKIT: dict[str, dict[str, Any]] = {
    "dare-linear": {"rescale": "l1"},
    "dare-ties": {"rescale": "l1"},
    "della-linear": {"rescale": "l1"},
    "della-ties": {"rescale": "l1"},
}


@dataclass(frozen=True)
class Options:
    """Every option with a value; `lambda` is a word of Python's, hence `lambda_`."""

    method: str
    compat: str
    weights: list[float] | None
    density: float | list[float]
    gamma: float | list[float]
    epsilon: float | list[float]
    trim: str
    rescale: str
    sign_weights: bool
    normalize: bool
    lambda_: float
    t: float | None
    flatten: bool
    row_wise: bool
    filter_wise: bool
    max_iter: int
    tol: float
    select_topk: float
    r: float
    alpha: float
    scale: float
    decay: float
    seed: int

    @staticmethod
    def of(method: str, compat: str = "paper", **given: Any) -> "Options":
        """The given options over the mode's defaults; an unknown one is an error."""
        method = ALIASES.get(method, method)
        if compat not in ("paper", "mergekit"):
            raise ValueError(f"compat is paper or mergekit, not {compat}")
        values = _EVERYWHERE | _BY_METHOD.get(method, {})
        values |= (_PAPER if compat == "paper" else _MERGEKIT).get(method, {})
        if compat == "mergekit":
            values["sign_weights"] = True
        given = {("lambda" if key == "lambda_" else key): v for key, v in given.items()}
        unknown = given.keys() - values.keys()
        if unknown:
            raise ValueError(f"unknown options: {', '.join(sorted(unknown))}")
        values |= {key: value for key, value in given.items() if value is not None}
        values["lambda_"] = values.pop("lambda")
        return Options(method=method, compat=compat, **values)

    @property
    def is_paper(self) -> bool:
        """Whether the paper's definition counts where mergekit's differs."""
        return self.compat == "paper"

    def weights_of(self, count: int) -> list[float]:
        """One weight a source; 1 each unless given."""
        return per_source(1.0 if self.weights is None else self.weights, count, "weights")


def per_source(value: float | list[float], count: int, name: str) -> list[float]:
    """One value for all sources, or one a source."""
    values = [value] * count if isinstance(value, int | float) else list(value)
    if len(values) != count:
        raise ValueError(f"{name}: {len(values)} values for {count} sources")
    return [float(v) for v in values]


def names() -> list[str]:
    """The options' names, as keywords."""
    return [field.name for field in fields(Options) if field.name not in ("method", "compat")]
