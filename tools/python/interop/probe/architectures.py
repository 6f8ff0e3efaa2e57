"""Networks that the samples aren't: shared layers, several inputs, one output, regression."""

from typing import Any

import numpy as np

from interop.probe import expect, linearity, local, measures, tiny
from interop.probe.bench import Bench, with_data
from interop.probe.linearity import Pair
from interop.probe.measures import flat
from interop.probe.tiny import Tiny


def pair_of(one: Tiny) -> Pair:
    """Both models on their data."""
    return Pair(one.net, *one.weights, one.data)


def report_of(bench: Bench, one: Tiny, verb: str, *arguments: object) -> Any:
    """What a verb tells of the pair."""
    return bench.report(verb, *one.files, *one.flags, *with_data(one.data), *arguments)


def features(bench: Bench, one: Tiny, words: str) -> None:
    """Linearity's layers, local errors included, at two alphas."""
    with bench.checks.check(f"probe {words}: linearity's layers and local errors are right"):
        report = report_of(bench, one, "linearity", "--alphas", "0.3,0.5")
        pair = pair_of(one)
        pair.net.names = [name for name in pair.a.calls]
        linearity.baseline(report, pair)
        for place, alpha in enumerate((0.3, 0.5)):
            merged = pair.at(alpha)
            linearity.layers(report, pair, place, alpha, merged)
            local.errors(report, pair, place, alpha, merged)


def classified(bench: Bench, one: Tiny, words: str) -> None:
    """Linearity's output, and each model's score."""
    with bench.checks.check(f"probe {words}: accuracies, losses and agreement are right"):
        report, pair = report_of(bench, one, "linearity", "--alphas", "0.3,0.5"), pair_of(one)
        for place, alpha in enumerate((0.3, 0.5)):
            linearity.output(report, pair, place, alpha, pair.at(alpha))
        entries = report_of(bench, one, "evaluate")["entries"]
        for entry, run in zip(entries, (pair.a, pair.b), strict=True):
            expect.score(entry, run.feature(one.net.logits), one.data.y, entry["model"])


def squared(bench: Bench, one: Tiny) -> None:
    """A regression has losses, the mean squared error, and no accuracies."""
    pair = pair_of(one)

    def error(output: Any) -> float:
        return float(np.mean((flat(output) - one.data.y.astype("f8")) ** 2))

    with bench.checks.check("probe regression: linearity's losses are squared errors"):
        report = report_of(bench, one, "linearity", "--alphas", "0.3")
        got, name = report["output"][0], one.net.logits
        expect.near(got["loss"], error(pair.at(0.3).feature(name)), expect.LOSS, "loss")
        expect.near(got["ensemble_loss"], error(pair.blend(name, 0.3)), expect.LOSS, "ensemble")
        for key in ("accuracy", "ensemble_accuracy", "agreement", "certified"):
            expect.equal(got[key], None, key)
        expect.equal(report["accuracy"], None, "the parents' accuracies")
    with bench.checks.check("probe regression: evaluate tells each model's squared error"):
        entries = report_of(bench, one, "evaluate")["entries"]
        expect.equal(len(entries), 2, "entries")
        for entry, run in zip(entries, (pair.a, pair.b), strict=True):
            expect.near(entry["loss"], error(run.feature(one.net.logits)), expect.LOSS, "loss")
            expect.equal(entry.get("accuracy"), None, "accuracy")


def soft_labels(bench: Bench, one: Tiny) -> None:
    """One-hot labels are the classes that they stand for."""
    with bench.checks.check("probe images: one-hot labels are classes"):
        path = bench.checks.out("one-hot.h5")
        data = tiny.write_data(path, one.net.model, np.eye(5, dtype="f4")[one.data.y])
        for entry, weights in zip(
            bench.report("evaluate", *one.files, *with_data(data))["entries"],
            one.weights,
            strict=True,
        ):
            logits = one.net.run(weights, data.x).feature(one.net.logits)
            share = measures.accuracy(logits, one.data.y)
            expect.share(entry["accuracy"], share, "accuracy")


def run(bench: Bench) -> None:
    """All of this module's checks."""
    for build in (tiny.residual, tiny.two_inputs, tiny.images, tiny.binary):
        one = tiny.make(bench.checks, build)
        words = build.__name__.replace("_", " ")
        features(bench, one, words)
        classified(bench, one, words)
        if build is tiny.images:
            soft_labels(bench, one)
    alone = tiny.make(bench.checks, tiny.residual, weights_only=True)
    features(bench, alone, "weights with --architecture")
    regression = tiny.make(bench.checks, tiny.regression)
    features(bench, regression, "regression")
    squared(bench, regression)
