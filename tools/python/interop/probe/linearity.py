"""`ctl-probe linearity`: features, outputs and weights of merged models against the definitions."""

from typing import Any

import numpy as np

from interop.probe import expect, local, measures
from interop.probe.bench import Bench, Data, layer_of, with_data
from interop.probe.measures import Comparison, blend
from interop.probe.network import Network, Run, Weights, interpolated

ALPHAS = (0.0, 0.25, 0.5, 0.8, 1.0)


class Pair:
    """Two models of one network, run on some data."""

    def __init__(self, net: Network, a: Weights, b: Weights, data: Data) -> None:
        self.net, self.data = net, data
        self.weights = (a, b)
        self.a, self.b = net.run(a, data.x), net.run(b, data.x)

    def at(self, alpha: float) -> Run:
        """The model at an alpha; the network then holds its weights."""
        return self.net.run(interpolated(*self.weights, alpha), self.data.x)

    def blend(self, name: str, alpha: float) -> Any:
        """The interpolation of a layer's features."""
        return blend(self.a.feature(name), self.b.feature(name), alpha)


def layers(report: Any, pair: Pair, place: int, alpha: float, merged: Run) -> None:
    """Fails unless all layers' figures at an alpha are right."""
    names = [layer["name"] for layer in report["layers"]]
    expect.equal(names, pair.net.names, "the layers")
    for name in names:
        layer, feature = layer_of(report, name), merged.feature(name)
        got = layer["alphas"][place]
        expect.equal(got["alpha"], alpha, "alpha")
        expect.equal(layer["shape"], list(feature.shape[1:]), f"{name}'s shape")
        words = f"{name} at {alpha}"
        expect.closeness(got, Comparison(feature, pair.blend(name, alpha)), words)
        for key, parent in (("to_a", pair.a), ("to_b", pair.b)):
            expect.mean_closeness(
                got[key], Comparison(feature, parent.feature(name)), f"{words} {key}"
            )
        if alpha in (0, 1):
            expect.equal(got["one_minus_cos"]["max"], 0, f"{words}: the greatest 1 - cos")
            expect.equal(got["coef"]["min"], 1, f"{words}: the least coef")


def baseline(report: Any, pair: Pair) -> None:
    """Fails unless the parents' comparison is right."""
    for layer in report["layers"]:
        a, b = (run.feature(layer["name"]) for run in (pair.a, pair.b))
        expect.closeness(layer["baseline"], Comparison(a, b), f"{layer['name']} baseline")


def output(report: Any, pair: Pair, place: int, alpha: float, merged: Run) -> None:
    """Fails unless accuracies, losses and agreement at the logits are right."""
    got, name, y = report["output"][place], pair.net.logits, pair.data.y
    logits, ensemble = merged.feature(name), pair.blend(name, alpha)
    words = f"the output at {alpha}:"
    expect.share(got["accuracy"], measures.accuracy(logits, y), f"{words} accuracy")
    right = measures.accuracy(ensemble, y)
    expect.share(got["ensemble_accuracy"], right, f"{words} ensemble's accuracy")
    expect.near(got["loss"], measures.loss(logits, y), expect.LOSS, f"{words} loss")
    right = measures.loss(ensemble, y)
    expect.near(got["ensemble_loss"], right, expect.LOSS, f"{words} ensemble's loss")
    expect.share(got["agreement"], measures.agreement(logits, ensemble), f"{words} agreement")
    expect.share(got["certified"], measures.certified(logits, ensemble), f"{words} certified")
    for key, run in (("a", pair.a), ("b", pair.b)):
        right = measures.accuracy(run.feature(name), y)
        expect.share(report["accuracy"][key], right, f"accuracy of {key}")


def weights(report: Any, net: Network, a: Weights, b: Weights, base: Weights) -> None:
    """Fails unless distances and cosines of the trained weights are right."""
    for layer in net.model.layers:
        parts = [net.weights_of(layer, held, trained=True) for held in (a, b, base)]
        if layer.name not in net.names or not parts[0]:
            continue
        a_, b_, base_ = (np.concatenate([np.ravel(w) for w in p]).astype("f8") for p in parts)
        got = layer_of(report, layer.name)["weights"]
        distance = float(np.linalg.norm(a_ - b_))
        expect.equal(got["parameters"], len(a_), f"{layer.name}: parameters")
        expect.near(got["distance"], distance, 1e-9 * distance, f"{layer.name}: distance")
        relative = distance / (np.linalg.norm(a_) * np.linalg.norm(b_)) ** 0.5
        expect.near(got["relative_distance"], relative, 1e-9, f"{layer.name}: relative distance")
        expect.near(got["cosine"], measures.cosine(a_, b_), 1e-9, f"{layer.name}: cosine")
        right = measures.cosine(a_ - base_, b_ - base_)
        expect.near(got["task_vector_cosine"], right, 1e-9, f"{layer.name}: task vectors")


def samples(bench: Bench, kind: str) -> None:
    """A pair of samples over all alphas."""
    a, b, base = (bench.file(kind, name) for name in ("task-a-1", "task-b", "pretrained"))
    pair = Pair(bench.networks[kind], bench.weights(a), bench.weights(b), bench.test)
    alphas = ",".join(map(str, ALPHAS))
    check = bench.checks.check
    report: Any = None
    with check(f"probe {kind}: linearity reports every layer"):
        report = bench.report(
            "linearity", a, b, "--base", base, *with_data(bench.test), "--alphas", alphas
        )
        expect.equal(report["alphas"], list(ALPHAS), "alphas")
    with check(f"probe {kind}: linearity's baseline is right"):
        baseline(report, pair)
    with check(f"probe {kind}: weight distances and task vectors' cosines are right"):
        weights(report, pair.net, *pair.weights, bench.weights(base))
    for place, alpha in enumerate(ALPHAS):
        merged = pair.at(alpha)
        with check(f"probe {kind}: linearity's layers are right at alpha {alpha}"):
            layers(report, pair, place, alpha, merged)
        with check(f"probe {kind}: linearity's output is right at alpha {alpha}"):
            output(report, pair, place, alpha, merged)
        with check(f"probe {kind}: local errors are right at alpha {alpha}"):
            local.errors(report, pair, place, alpha, merged)


def several_files(bench: Bench, kind: str) -> None:
    """The figures of each file and of their union."""
    a, b = (bench.file(kind, name) for name in ("task-a-2", "task-b"))
    sets = (bench.test, bench.rotated)
    union = Data(
        bench.test.path,
        np.concatenate([one.x for one in sets]),
        np.concatenate([one.y for one in sets]),
    )
    with bench.checks.check(f"probe {kind}: linearity is right per data file and for their union"):
        report = bench.report("linearity", a, b, *with_data(*sets), "--alphas", "0.5")
        expect.equal([d["samples"] for d in report["data"]], [500, 500], "samples")
        expect.equal(len(report["per_data"]), 2, "parts")
        for part, data in zip([*report["per_data"], report], (*sets, union), strict=True):
            pair = Pair(bench.networks[kind], bench.weights(a), bench.weights(b), data)
            merged = pair.at(0.5)
            baseline(part, pair)
            layers(part, pair, 0, 0.5, merged)
            output(part, pair, 0, 0.5, merged)


def run(bench: Bench) -> None:
    """All of this module's checks."""
    for kind in ("mlp", "cnn"):
        samples(bench, kind)
        several_files(bench, kind)
