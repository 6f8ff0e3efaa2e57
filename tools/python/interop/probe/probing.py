"""`ctl-probe linearity` with a merged file, with curvature, and with other runs of the same."""

import json
from typing import Any

import numpy as np

from interop.probe import expect, linearity, local
from interop.probe.bench import Bench, layer_of, with_data
from interop.probe.linearity import Pair
from interop.probe.measures import Comparison, flat
from interop.probe.network import Network, Run, weights_of

STEP = 0.125


def given_alpha(bench: Bench, kind: str) -> None:
    """A merge by ctl-merge, probed as a file, is the model at its alpha."""
    a, b = (bench.file(kind, name) for name in ("task-a-1", "task-b"))
    merged = bench.checks.out(f"{kind}-probed.h5")
    with bench.checks.check(f"probe {kind}: a merged file is probed at the alpha given"):
        bench.checks.program.done("interpolate", a, b, "--alpha", 0.3, "-o", merged)
        flags = ["--merged", merged, "--alpha", 0.3]
        report = bench.report("linearity", a, b, *with_data(bench.test), *flags)
        pair = Pair(bench.networks[kind], bench.weights(a), bench.weights(b), bench.test)
        run = pair.net.run(weights_of(merged), bench.test.x)
        expect.equal(report["merged"], str(merged), "merged")
        linearity.layers(report, pair, 0, 0.3, run)
        linearity.output(report, pair, 0, 0.3, run)
        direct = bench.report("linearity", a, b, *with_data(bench.test), "--alphas", 0.3)
        for name in pair.net.names:
            one, other = (layer_of(r, name)["alphas"] for r in (report, direct))
            expect.equal(one, other, f"{name} of the file and of the model in memory")


def least_squares(pair: Pair, merged: Run, name: str) -> tuple[float, float]:
    """The alpha of merged ~ alpha a + (1 - alpha) b over all samples, and the relative residual."""
    m, a, b = (flat(run.feature(name)).ravel() for run in (merged, pair.a, pair.b))
    away = a - b
    if not np.any(away):
        return 0.0, 0.0
    alpha = float((m - b) @ away / (away @ away))
    return alpha, float(np.linalg.norm(m - b - alpha * away) / np.linalg.norm(m))


def fitted_alpha(bench: Bench, kind: str) -> None:
    """A merge that isn't on the line: each layer's alpha is fitted."""
    a, b, base = (bench.file(kind, name) for name in ("task-a-1", "task-b", "pretrained"))
    merged = bench.checks.out(f"{kind}-added.h5")
    pair = Pair(bench.networks[kind], bench.weights(a), bench.weights(b), bench.test)
    with bench.checks.check(f"probe {kind}: a merged file's alphas and residuals are fitted"):
        bench.checks.program.done(
            "add", "--base", base, a, b, "--scales", "0.6,0.2", "-o", merged
        )
        report = bench.report("linearity", a, b, *with_data(bench.test), "--merged", merged)
        run = pair.net.run(weights_of(merged), bench.test.x)
        for name in pair.net.names:
            layer = layer_of(report, name)
            if not np.any(flat(pair.a.feature(name)) - flat(pair.b.feature(name))):
                expect.equal(layer["fit"], None, f"{name}'s fit, where the parents are equal")
                continue
            alpha, residual = least_squares(pair, run, name)
            expect.near(layer["fit"]["alpha"], alpha, 1e-5, f"{name}'s alpha")
            expect.near(layer["fit"]["residual"], residual, 1e-5, f"{name}'s residual")
            got = layer["alphas"][0]
            expect.equal(got["alpha"], layer["fit"]["alpha"], f"{name}'s alpha in its figures")
            want = Comparison(run.feature(name), pair.blend(name, got["alpha"]))
            expect.closeness(got, want, name, 2)
    with bench.checks.check(f"probe {kind}: a fitted merge's local errors use each layer's alpha"):
        local.errors(report, pair, 0, None, run)
    with bench.checks.check(f"probe {kind}: a fitted merge's alphas are numbers or null in JSON"):
        for alpha in report["alphas"]:
            assert alpha is None or isinstance(alpha, (int, float)), f"alphas hold {alpha!r}"


def norms(values: Any) -> Any:
    """The length of each row."""
    return np.linalg.norm(values, axis=1)


def second_order(pair: Pair, name: str, alpha: float, runs: dict[float, Run]) -> list[float]:
    """The deviation, its second-order term by central differences, and their cosine."""
    line = pair.blend(name, alpha)
    above, middle, below = (flat(runs[x].feature(name)) for x in (0.5 + STEP, 0.5, 0.5 - STEP))
    predicted = -0.5 * alpha * (1 - alpha) * (above - 2 * middle + below) / STEP**2
    measured = flat(runs[alpha].feature(name)) - line
    usable = norms(line) > 0
    ratios = [np.mean(norms(d[usable]) / norms(line[usable])) for d in (measured, predicted)]
    both = (norms(measured) > 0) & (norms(predicted) > 0)
    inner = np.sum(measured * predicted, axis=1)[both]
    return [*ratios, np.mean(inner / norms(measured)[both] / norms(predicted)[both])]


def curvature(bench: Bench, kind: str) -> None:
    """The theorem on emergence: the deviation beside its second-order term."""
    a, b = (bench.file(kind, name) for name in ("task-a-1", "task-b"))
    pair = Pair(bench.networks[kind], bench.weights(a), bench.weights(b), bench.test)
    with bench.checks.check(f"probe {kind}: curvature's second-order term is right"):
        report = bench.report("linearity", a, b, *with_data(bench.test), "--curvature")
        alphas = (0.25, 0.5, 0.75)
        runs = {x: pair.at(x) for x in (*alphas, 0.5 - STEP, 0.5 + STEP)}
        checked = 0
        for name in pair.net.names:
            for got, alpha in zip(layer_of(report, name)["second_order"], alphas, strict=True):
                words = f"{name} at {alpha}:"
                expect.equal(got["alpha"], alpha, "alpha")
                if not np.any(flat(pair.a.feature(name)) - flat(pair.b.feature(name))):
                    expect.equal((got["measured"], got["predicted"]), (0, 0), words)
                    continue
                measured, predicted, cosine = second_order(pair, name, alpha, runs)
                # The division by the square of the step enlarges the rounding of float32.
                expect.near(got["measured"], measured, 5e-6, f"{words} the deviation")
                expect.near(got["predicted"], predicted, 1e-4, f"{words} the second-order term")
                if min(measured, predicted) > 1e-3:
                    checked += 1
                    expect.near(got["cosine"], cosine, 1e-3, f"{words} their cosine")
        assert checked > 3, f"only {checked} cosines were compared"


def numbers(tree: Any) -> Any:
    """All leaves of a report in order."""
    if isinstance(tree, dict):
        return [leaf for key in sorted(tree) for leaf in numbers(tree[key])]
    if isinstance(tree, list):
        return [leaf for part in tree for leaf in numbers(part)]
    return [tree]


def invariance(bench: Bench, kind: str) -> None:
    """The cutting into batches changes rounding in the networks at most; threads change nothing."""
    a, b = (bench.file(kind, name) for name in ("task-a-1", "task-b"))
    verbs = {"linearity": [a, b]}
    if kind == "mlp":
        verbs |= {"soup": [a, b, bench.file(kind, "task-a-2")], "stitch": [a, b]}
    for verb, models in verbs.items():
        common = [verb, *models, *with_data(bench.test, bench.rotated), "--limit", 70]
        whole = bench.report(*common)
        with bench.checks.check(f"probe {kind}: {verb} is the same for any number of threads"):
            for threads in (1, 2):
                expect.equal(bench.report(*common, "--threads", threads), whole, "the report")
        with bench.checks.check(f"probe {kind}: {verb} is the same for batches of 1, 7, 64, 500"):
            for size in (1, 7, 64, 500):
                got = numbers(bench.report(*common, "--batch-size", size))
                want = numbers(whole)
                expect.equal(len(got), len(want), "figures")
                for found, right in zip(got, want, strict=True):
                    if isinstance(right, float) or isinstance(found, float):
                        expect.near(found, right, 2e-6 * max(1, abs(right)), f"batches of {size}")
                    elif not isinstance(right, str):
                        expect.equal(found, right, f"batches of {size}")


def choices(bench: Bench) -> None:
    """Options that choose: layers, samples, and no labels."""
    a, b = (bench.file("cnn", name) for name in ("task-a-1", "independent"))
    common = ["linearity", a, b, *with_data(bench.test), "--alphas", "0.5"]
    whole = bench.report(*common)
    with bench.checks.check("probe cnn: --layers reports the chosen ones, with the same figures"):
        report = bench.report(*common, "--layers", "conv_*", "--layers", "logits")
        names = [layer["name"] for layer in report["layers"]]
        expect.equal(names, ["conv_1", "conv_2", "conv_3", "logits"], "the layers")
        for layer in report["layers"]:
            expect.equal(layer, layer_of(whole, layer["name"]), layer["name"])
        expect.equal(report["output"], whole["output"], "the output")
        expect.equal(report["verdict"]["model"], whole["verdict"]["model"], "the verdict")
    with bench.checks.check("probe cnn: --layers without the logits leaves the verdict as it is"):
        report = bench.report(*common, "--layers", "conv_1")
        for key in ("model", "alpha"):
            expect.equal(report["verdict"][key], whole["verdict"][key], f"the verdict's {key}")
    with bench.checks.check("probe cnn: --limit takes the first samples"):
        report = bench.report(*common, "--limit", 30)
        first = type(bench.test)(bench.test.path, bench.test.x[:30], bench.test.y[:30])
        pair = Pair(bench.networks["cnn"], bench.weights(a), bench.weights(b), first)
        linearity.layers(report, pair, 0, 0.5, pair.at(0.5))
    with bench.checks.check("probe cnn: without labels the features' figures stay, accuracies go"):
        report = bench.report(*common, "--y-key", "none")
        expect.equal(report["layers"], whole["layers"], "the layers")
        expect.equal(report["accuracy"], None, "accuracies")
        expect.equal(report["output"][0]["accuracy"], None, "the accuracy")
        share = whole["output"][0]["agreement"]
        expect.equal(report["output"][0]["agreement"], share, "agreement")
    with bench.checks.check("probe cnn: linearity is the verb where none is given"):
        short = bench.checks.probe.done(*common[1:], "--json", "--quiet").stdout
        expect.equal(json.loads(short), whole, "the report")


def run(bench: Bench) -> None:
    """All of this module's checks."""
    for kind in ("mlp", "cnn"):
        given_alpha(bench, kind)
        fitted_alpha(bench, kind)
        curvature(bench, kind)
        invariance(bench, kind)
    choices(bench)
