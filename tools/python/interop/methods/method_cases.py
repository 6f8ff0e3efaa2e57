"""The cases that are run against the reference, in both modes: every method, every option."""

from interop.methods.cases import Case

WEIGHTS = [0.53127, 0.31711, 0.91337]

_LINEAR = [
    Case("passthrough", {}, sources=1, base=False),
    Case("passthrough", {"scale": -0.7}, sources=1, base=False),
    Case("ema", {}, base=False),
    Case("ema", {"decay": 0.3}, base=False),
    Case("soup", {"weights": WEIGHTS}, base=False),
    Case("soup", {"weights": WEIGHTS, "normalize": False}, base=False),
]

_SPHERICAL = [
    *(Case("slerp", {"t": t}, sources=2, base=False) for t in (0.0, 0.3, 1.0, 1.5)),
    *(
        Case("nuslerp", {"weights": [0.3, 0.9]} | more, sources=2, base=base)
        for base in (False, True)
        for more in ({}, {"flatten": False}, {"flatten": False, "row_wise": True})
    ),
    *(Case("multislerp", {"weights": WEIGHTS}, base=base) for base in (False, True)),
    Case("multislerp", {"weights": WEIGHTS, "normalize": False}),
    Case("karcher", {}, base=False),
    Case("karcher", {"max_iter": 3, "tol": 1e-3}, base=False),
    Case("model-stock", {}),
    Case("model-stock", {"filter_wise": True}),
    Case("geometric-median", {}, base=False),
    Case("geometric-median", {"weights": WEIGHTS}, base=False),
]

_TRIMMED = [
    Case("ties", {}),
    Case("ties", {"density": 0.3, "trim": "tensor"}),
    Case("ties", {"density": 0.3, "trim": "global"}),
    Case("ties", {"density": [0.1, 0.5, 1.0], "weights": WEIGHTS, "lambda": 0.6}),
    Case("ties", {"density": 0.4, "weights": WEIGHTS, "sign_weights": True}),
    Case("ties", {"density": 0.4, "weights": WEIGHTS, "sign_weights": False}),
    Case("ties", {"density": 0.4, "normalize": False, "rescale": "l1"}),
    Case("ties", {"density": 0.4, "rescale": "inverse"}),
    *(
        Case(verb, {"density": 0.4} | more)
        for verb in ("breadcrumbs", "breadcrumbs-ties")
        for more in ({}, {"gamma": 0.1, "rescale": "l1"}, {"gamma": 0.7}, {"weights": WEIGHTS},
                     {"rescale": "inverse"})
    ),
]

_RANDOM = [
    *(
        Case(verb, {"density": 0.6} | more)
        for verb in ("dare-linear", "dare-ties")
        for more in (
            {"seed": 5},
            {"weights": WEIGHTS, "rescale": "none", "normalize": True},
            {"weights": WEIGHTS, "rescale": "l1", "lambda": 0.7},
            {"rescale": "inverse", "density": [0.2, 0.5, 1.0], "seed": 2**40},
        )
    ),
    *(
        Case(verb, {"density": 0.5} | more)
        for verb in ("della-linear", "della-ties")
        for more in (
            {"seed": 5},
            {"epsilon": 0.3, "rescale": "none"},
            {"rescale": "l1", "weights": WEIGHTS},
            {"rescale": "inverse", "lambda": 0.5},
        )
    ),
]

_OTHERS = [
    *(Case("sce", {"select_topk": share}) for share in (1.0, 0.3, 0.01)),
    Case("nearswap", {"t": 0.01}, sources=1),
    Case("nearswap", {"t": 0.0001}, sources=1),
    Case("arcee-fusion", {}, sources=1),
    Case("ram", {}),
    Case("ram", {"epsilon": 0.02}),
    Case("ramplus-tl", {"epsilon": 0.02}),
    Case("ramplus-tl", {"epsilon": 0.02, "r": 0.5, "alpha": 2.0}),
    Case("fisher", {}, base=False),
    Case("fisher", {"weights": WEIGHTS}, base=False),
    Case("regmean", {}, base=False),
    Case("regmean", {"alpha": 0.5, "weights": WEIGHTS}, base=False),
]

CASES = [*_LINEAR, *_SPHERICAL, *_TRIMMED, *_RANDOM, *_OTHERS]
VERBS = list(dict.fromkeys(case.verb for case in CASES))
