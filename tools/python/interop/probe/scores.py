"""`ctl-probe evaluate`, `barrier` and `stitch`: accuracies and losses of whole models."""

from typing import Any

import numpy as np

from interop.probe import expect, measures
from interop.probe.bench import Bench, Data, with_data
from interop.probe.linearity import Pair
from interop.probe.measures import blend
from interop.probe.network import interpolated


def together(*sets: Data) -> Data:
    """Several data sets as one."""
    return Data(
        sets[0].path, np.concatenate([s.x for s in sets]), np.concatenate([s.y for s in sets])
    )


def evaluate(bench: Bench, kind: str) -> None:
    """Each model's score on each data file and their union."""
    files = [bench.file(kind, name) for name in ("task-a-1", "task-b", "independent")]
    net, sets = bench.networks[kind], (bench.test, bench.rotated)
    with bench.checks.check(f"probe {kind}: evaluate's accuracies, intervals and losses are right"):
        entries = bench.report("evaluate", *files, *with_data(*sets))["entries"]
        expect.equal(len(entries), 9, "entries")
        for file in files:
            for path, data in ((None, together(*sets)), *((str(s.path), s) for s in sets)):
                found = [e for e in entries if (e["model"], e["data"]) == (str(file), path)]
                expect.equal(len(found), 1, f"entries of {file.name} on {path}")
                expect.equal(found[0]["samples"], len(data.y), "samples")
                logits = net.run(bench.weights(file), data.x).feature(net.logits)
                expect.score(found[0], logits, data.y, f"{file.name} on {path}")


def curve(pair: Pair, alphas: list[float]) -> list[dict[str, float]]:
    """Error, loss and the ensemble's accuracy at each alpha."""
    name, y = pair.net.logits, pair.data.y
    points = []
    for alpha in alphas:
        logits = pair.at(alpha).feature(name)
        share = measures.accuracy(logits, y)
        points.append(
            {
                "alpha": alpha,
                "accuracy": share,
                "error": 1 - share,
                "loss": measures.loss(logits, y),
                "ensemble_accuracy": measures.accuracy(pair.blend(name, alpha), y),
            }
        )
    return points


def rises(points: list[dict[str, float]], key: str) -> list[float]:
    """How far a figure lies above the straight line between its ends, at each alpha."""
    first, last = points[0][key], points[-1][key]
    return [p[key] - (p["alpha"] * last + (1 - p["alpha"]) * first) for p in points]


def on_the_line(part: Any, points: list[dict[str, float]]) -> None:
    """Fails unless a barrier's points, heights and lemma are those of the curve."""
    for got, want in zip(part["points"], points, strict=True):
        expect.near(got["alpha"], want["alpha"], 1e-15, "alpha")
        for name in ("accuracy", "error", "ensemble_accuracy"):
            expect.share(got[name], want[name], f"{name} at {want['alpha']}")
        expect.near(got["loss"], want["loss"], expect.LOSS, f"loss at {want['alpha']}")
    errors = rises(points, "error")
    got = part["barrier"]
    expect.near(got["error"], max(0, *errors), 1e-9, "the error's barrier")
    expect.near(got["loss"], max(0, *rises(points, "loss")), expect.LOSS * 3, "the loss's barrier")
    if max(errors) > 0:
        top = max(errors) - 1e-9
        highest = [p["alpha"] for p, e in zip(points, errors, strict=True) if e > top]
        assert any(abs(got["alpha"] - a) < 1e-12 for a in highest), f"alpha is {got['alpha']}"
    epsilon = max(points[0]["error"], points[-1]["error"])
    worst = max(p["error"] for p in points)
    ensemble = max(1 - p["ensemble_accuracy"] for p in points)
    expect.share(part["lemma"]["epsilon"], epsilon, "the lemma's epsilon")
    expect.share(part["lemma"]["worst_error"], worst, "the worst error")
    expect.share(part["lemma"]["worst_ensemble_error"], ensemble, "the worst ensemble's error")
    expect.equal(part["lemma"]["holds"], worst <= 2 * epsilon, "whether the lemma holds")


def barrier(bench: Bench, kind: str, other: str) -> None:
    """The curve between two models, over two data files."""
    a, b = (bench.file(kind, name) for name in ("task-a-1", other))
    net, sets = bench.networks[kind], (bench.test, bench.rotated)
    alphas = [i / 10 for i in range(11)]
    with bench.checks.check(f"probe {kind}: barrier to {other}: curve, heights, lemma are right"):
        report = bench.report("barrier", a, b, *with_data(*sets))
        parts = [report, *report["per_data"]]
        expect.equal([p.get("file") for p in parts[1:]], [str(s.path) for s in sets], "files")
        for part, data in zip(parts, (together(*sets), *sets), strict=True):
            pair = Pair(net, bench.weights(a), bench.weights(b), data)
            on_the_line(part, curve(pair, alphas))


def points(bench: Bench) -> None:
    """Other grids: the number of points is odd, so that 0.5 is one of them."""
    a, b = (bench.file("mlp", name) for name in ("task-a-1", "task-b"))
    with bench.checks.check("probe mlp: barrier takes other odd numbers of points, no even ones"):
        report = bench.report("barrier", a, b, *with_data(bench.test), "--points", 5)
        alphas = [point["alpha"] for point in report["points"]]
        expect.equal(alphas, [0, 0.25, 0.5, 0.75, 1], "alphas")
        refused = bench.run("barrier", a, b, *with_data(bench.test), "--points", 4)
        expect.equal(refused.code, 64, f"exit code ({refused.said()})")


def stitch(bench: Bench, kind: str, other: str) -> None:
    """Features of one model through the layers of another, behind each layer before the logits."""
    a, b = (bench.file(kind, name) for name in ("task-a-1", other))
    net, data = bench.networks[kind], bench.test
    wa, wb = bench.weights(a), bench.weights(b)
    half = interpolated(wa, wb, 0.5)
    with bench.checks.check(f"probe {kind}: stitch to {other}: accuracies behind every layer"):
        report = bench.report("stitch", a, b, *with_data(data))
        pair = Pair(net, wa, wb, data)
        for key, run in (("a", pair.a), ("b", pair.b), ("merged", pair.at(0.5))):
            expect.score(report[key], run.feature(net.logits), data.y, key)
        names = net.names[: net.names.index(net.logits)]
        expect.equal([cut["name"] for cut in report["cuts"]], names, "the cuts")
        for cut in report["cuts"]:
            name = cut["name"]
            feature = pair.a.feature(name)
            middle = blend(feature, pair.b.feature(name), 0.5).reshape(feature.shape)
            into_b = net.run(wb, data.x, {name: feature})
            into_merged = net.run(half, data.x, {name: middle.astype("f4")})
            expect.score(cut["a_into_b"], into_b.feature(net.logits), data.y, f"a into b at {name}")
            logits = into_merged.feature(net.logits)
            expect.score(cut["interpolated_into_merged"], logits, data.y, f"the half at {name}")
        restored(report, pair)


def restored(report: Any, pair: Pair) -> None:
    """Fails unless the first cut is named from which on the ensemble's accuracy is reached."""
    share = measures.accuracy(pair.blend(pair.net.logits, 0.5), pair.data.y)
    least = measures.wilson(share, len(pair.data.y))[0]
    good = [cut["interpolated_into_merged"]["accuracy"] >= least for cut in report["cuts"]]
    first = max((i + 1 for i, is_good in enumerate(good) if not is_good), default=0)
    want = report["cuts"][first]["name"] if first < len(good) else None
    expect.equal(report["restored_from"], want, "where the accuracy is restored")


def run(bench: Bench) -> None:
    """All of this module's checks."""
    for kind in ("mlp", "cnn"):
        evaluate(bench, kind)
        for other in ("task-b", "independent"):
            barrier(bench, kind, other)
            stitch(bench, kind, other)
    points(bench)
