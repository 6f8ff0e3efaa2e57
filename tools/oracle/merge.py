"""Merges whole models: from names to arrays, in float64."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from oracle import averages, consensus, exchange, linear, sce, spherical, statistics
from oracle.options import CONSENSUS, Options
from oracle.precision import Array

Model = Mapping[str, Array]

WITHOUT_BASE: dict[str, Callable[[list[Array], Options], Array]] = {
    "soup": linear.soup,
    "interpolate": linear.interpolate,
    "passthrough": linear.passthrough,
    "ema": linear.ema,
    "slerp": spherical.slerp,
    "karcher": averages.karcher,
    "geometric-median": averages.geometric_median,
}
WITH_BASE: dict[str, Callable[[Array, list[Array], Options], Array]] = {
    "task-arithmetic": linear.task_arithmetic,
    "model-stock": averages.model_stock,
    "sce": sce.sce,
    "nearswap": exchange.nearswap,
    "arcee-fusion": exchange.arcee_fusion,
    "ram": exchange.ram,
    "ramplus-tl": exchange.ramplus_tl,
}
EITHER: dict[str, Callable[[Array | None, list[Array], Options], Array]] = {
    "nuslerp": spherical.nuslerp,
    "multislerp": spherical.multislerp,
}
BY_STATISTICS: dict[str, Callable[[list[Array], list[Array], Options], Array]] = {
    "fisher": statistics.fisher,
    "regmean": statistics.regmean,
}
METHODS = sorted({*WITHOUT_BASE, *WITH_BASE, *EITHER, *BY_STATISTICS, *CONSENSUS})


def wide(model: Model) -> dict[str, Array]:
    """Every floating-point tensor as float64, which is exact."""
    return {
        name: np.asarray(values).astype(np.float64)
        for name, values in model.items()
        if is_merged(values)
    }


def is_merged(values: Array) -> bool:
    """Whether it is a tensor of floating-point numbers (bfloat16 and float8 have kind V or f)."""
    return values.dtype.kind == "f" or values.dtype.name.startswith(("bfloat16", "float8"))


def merge(
    options: Options,
    sources: Sequence[Model],
    base: Model | None = None,
    given: Sequence[Model] = (),
) -> dict[str, Array]:
    """The merged floating-point tensors; `given` are the statistics, one a source."""
    models = [wide(source) for source in sources]
    based = None if base is None else wide(base)
    template = models[0] if based is None else based
    for model in models:
        for name, values in template.items():
            if name not in model or model[name].shape != values.shape:
                raise ValueError(f"{name} isn't in every source with the same shape")
    if options.method in CONSENSUS:
        return consensus.consensus(_needed(based), models, options)
    return {
        name: _merged(name, [model[name] for model in models], based, given, options)
        for name in template
    }


def _merged(
    name: str, sources: list[Array], base: Model | None, given: Sequence[Model], options: Options
) -> Array:
    """One tensor."""
    method = options.method
    if sources[0].size == 0:
        return sources[0]
    if method in WITHOUT_BASE:
        return WITHOUT_BASE[method](sources, options)
    if method in WITH_BASE:
        return WITH_BASE[method](_needed(base)[name], sources, options)
    if method in EITHER:
        return EITHER[method](None if base is None else base[name], sources, options)
    if method not in BY_STATISTICS:
        raise ValueError(f"{method} is none of {', '.join(METHODS)}")
    if len(given) != len(sources):
        raise ValueError(f"{method} needs a file of statistics for every source")
    if any(name not in model for model in given):
        return linear.weighted_mean(options.weights_of(len(sources)), sources)
    known = [np.asarray(model[name]).astype(np.float64) for model in given]
    return BY_STATISTICS[method](sources, known, options)


def _needed(base: Model | None) -> Model:
    if base is None:
        raise ValueError("the method needs a base")
    return base
