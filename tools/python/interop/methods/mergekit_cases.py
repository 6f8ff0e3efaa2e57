"""The cases that are run through mergekit, every method and parameter that it has."""

from interop.methods.cases import Case

# No sums of small multiples of these are zero: an election that is decided by rounding can't be
# compared.
WEIGHTS = [0.53127, 0.31711, 0.91337]

_LINEAR = [
    Case("soup", {"weights": WEIGHTS}, base=False),
    Case("soup", {"weights": [1.0, 1.0, 1.0]}, base=False),
    Case("soup", {"weights": WEIGHTS, "normalize": False}, base=False),
    Case("passthrough", {"scale": 0.7}, sources=1, base=False),
    Case("task-arithmetic", {"weights": WEIGHTS}),
    Case("task-arithmetic", {"weights": WEIGHTS, "normalize": True, "lambda": 0.4}),
]

_SPHERICAL = [
    *(Case("slerp", {"t": t}, sources=2, base=False) for t in (0.0, 0.3, 0.5, 1.0, 1.5)),
    *(
        Case("nuslerp", {"weights": [0.3, 0.9]} | more, sources=2, base=base)
        for base in (False, True)
        for more in ({}, {"flatten": False}, {"flatten": False, "row_wise": True})
    ),
    Case("multislerp", {"weights": WEIGHTS}, base=False),
    Case("multislerp", {"weights": WEIGHTS}),
    Case("multislerp", {"weights": WEIGHTS, "normalize": False}),
    Case("karcher", {}, base=False),
    Case("karcher", {"max_iter": 2}, base=False),
    Case("karcher", {"tol": 0.01}, base=False),
    Case("model-stock", {}),
    Case("model-stock", {"filter_wise": True}),
    Case("model-stock", {}, sources=2),
]

_CONSENSUS = [
    Case("ties", {"weights": WEIGHTS}),
    Case("ties", {"weights": WEIGHTS, "density": 0.3}),
    Case("ties", {"weights": WEIGHTS, "density": [0.1, 0.5, 1.0], "lambda": 0.6}),
    Case("ties", {"weights": WEIGHTS, "density": 0.3, "normalize": False, "rescale": "l1"}),
    Case("ties", {"weights": [0.71301, -0.41719, 0.91337], "density": 0.5}),
    Case("ties", {"weights": [1.0], "density": 0.2}, sources=1),
    *(
        Case(verb, {"weights": WEIGHTS, "density": 0.6, "seed": 11} | more)
        for verb in ("dare-linear", "dare-ties")
        for more in ({}, {"rescale": "none", "normalize": True}, {"density": 1.0})
    ),
    *(
        Case(verb, {"weights": WEIGHTS, "density": 0.5, "seed": 12} | more)
        for verb in ("della-linear", "della-ties")
        for more in ({}, {"epsilon": 0.3, "rescale": "none"}, {"lambda": 0.5})
    ),
    *(
        Case(verb, {"weights": WEIGHTS, "density": 0.4} | more)
        for verb in ("breadcrumbs", "breadcrumbs-ties")
        for more in ({}, {"gamma": 0.1}, {"gamma": 0.7}, {"rescale": "l1", "normalize": True})
    ),
    *(Case("sce", {"select_topk": share}) for share in (1.0, 0.3, 0.01)),
    Case("sce", {"select_topk": 0.5}, sources=1),
]

_EXCHANGE = [
    Case("nearswap", {"t": 0.01}, sources=1),
    Case("nearswap", {"t": 0.0001}, sources=1),
    Case("arcee-fusion", {}, sources=1),
    Case("ram", {}),
    Case("ram", {"epsilon": 0.02}),
    Case("ramplus-tl", {"epsilon": 0.02}),
    Case("ramplus-tl", {"epsilon": 0.02, "r": 0.5, "alpha": 2.0}),
]

CASES = [*_LINEAR, *_SPHERICAL, *_CONSENSUS, *_EXCHANGE]
