"""What becomes of BatchNorm's statistics: interpolated, reset on a calibration set, clamped."""

from typing import Any

import keras
import numpy as np

from interop.probe import expect, linearity, merges
from interop.probe.bench import Bench, with_data
from interop.probe.linearity import Pair
from interop.probe.measures import Array
from interop.probe.network import Network, Weights, edited, interpolated


def reset(net: Network, weights: Weights, calibration: Array) -> Weights:
    """The weights with each BatchNorm's statistics measured on its input, in the graph's order.

    Mean and variance are pooled over all samples and positions; layers before are already reset.
    """
    weights = [w.copy() for w in weights]
    paths = [variable.path for variable in net.model.weights]
    for name in net.names:
        layer = net.model.get_layer(name)
        if not isinstance(layer, keras.layers.BatchNormalization):
            continue
        taken = np.asarray(net.run(weights, calibration).calls[name].args[0], np.float64)
        axes = tuple(axis for axis in range(taken.ndim) if axis != layer.axis % taken.ndim)
        for variable, value in (
            (layer.moving_mean, taken.mean(axis=axes)),
            (layer.moving_variance, taken.var(axis=axes)),
        ):
            weights[paths.index(variable.path)] = value.astype("f4")
    return weights


def resetting(bench: Bench) -> None:
    """Merged models are reset, the parents keep their statistics."""
    a, b = (bench.file("cnn", name) for name in ("task-a-1", "task-b"))
    net, data = bench.networks["cnn"], bench.test
    pair = Pair(net, bench.weights(a), bench.weights(b), data)
    flags = ["--bn", "reset", "--calibrate", bench.calibration.path]
    with bench.checks.check("probe cnn: --bn reset measures statistics, exactly pooled, in order"):
        report = bench.report("linearity", a, b, *with_data(data), *flags, "--alphas", "0.5")
        weights = reset(net, interpolated(*pair.weights, 0.5), bench.calibration.x)
        merged = net.run(weights, data.x)
        linearity.layers(report, pair, 0, 0.5, merged)
        linearity.baseline(report, pair)
        linearity.output(report, pair, 0, 0.5, merged)
        expect.equal(report["bn"], "reset", "bn")
        expect.equal(report["calibration"], str(bench.calibration.path), "calibration")
    with bench.checks.check("probe cnn: --bn reset doesn't depend on the batches"):
        common = ["linearity", a, b, *with_data(data), *flags, "--alphas", "0.5"]
        for size in (7, 100):
            other = bench.report(*common, "--batch-size", size)["layers"][-2]["alphas"][0]
            mean = report["layers"][-2]["alphas"][0]["one_minus_cos"]["mean"]
            expect.near(other["one_minus_cos"]["mean"], mean, expect.MEAN, f"batches of {size}")
    with bench.checks.check("probe: --bn reset without --calibrate is refused"):
        refused = bench.run("linearity", a, b, *with_data(data), "--bn", "reset")
        expect.equal(refused.code, 64, f"exit code ({refused.said()})")
        assert "--calibrate" in refused.stderr, refused.said()


def negative(weights: Weights, net: Network) -> tuple[int, Weights]:
    """The number of negative moving variances, and the weights with zeros in their place."""
    count, clamped = 0, []
    for variable, value in zip(net.model.weights, weights, strict=True):
        if variable.path.endswith("moving_variance"):
            count += int(np.sum(value < 0))
            value = np.maximum(value, np.float32(0))
        clamped.append(value)
    return count, clamped


def extrapolated(bench: Bench) -> None:
    """Taking away a multiple of a task makes variances negative: refused, or clamped."""
    base, task = (bench.file("cnn", name) for name in ("pretrained", "task-b"))
    net, data, scale = bench.networks["cnn"], bench.rotated, 3.0
    start, tuned = bench.weights(base), bench.weights(task)
    made = [edited(start, [tuned], [s]) for s in (-scale, scale)]
    counts = [negative(weights, net)[0] for weights in made]
    common = ["negation", "--base", base, task, *with_data(data), "--scale", scale]
    with bench.checks.check("probe cnn: negative variances are refused, counted, exit code 3"):
        assert max(counts) > 0, "the scale is too small"
        refused = bench.run(*common)
        expect.equal(refused.code, 3, f"exit code ({refused.said()})")
        first = next(count for count in counts if count)
        assert f"{first} moving variance" in refused.stderr, f"not {first}: {refused.said()}"
    with bench.checks.check("probe cnn: --bn clamp makes negative variances 0 and says so"):
        report = bench.report(*common, "--bn", "clamp")
        clamped = [negative(weights, net)[1] for weights in made]
        minus, plus = (net.run(weights, data.x) for weights in clamped)
        got = report["scales"][0]
        relative(got, net, minus, [net.run(start, data.x), plus])
        noted = " ".join(report["warnings"])
        for count in filter(None, counts):
            assert f"{count} moving variance" in noted, f"not {count}: {noted}"
    with bench.checks.check("probe cnn: --bn reset repairs negative variances"):
        report = bench.report(*common, "--bn", "reset", "--calibrate", bench.calibration.path)
        again = [reset(net, weights, bench.calibration.x) for weights in made]
        minus, plus = (net.run(weights, data.x) for weights in again)
        merges.closeness(
            report["scales"][0], net, minus, [net.run(start, data.x), plus], [2, -1]
        )


def relative(got: Any, net: Network, measured: Any, runs: list[Any]) -> None:
    """Compares layers behind variances of 0, whose features are huge, loosely: signs may turn."""
    for name in net.names[: net.names.index("norm_2")]:
        want = merges.Comparison(
            measured.feature(name), merges.combined(runs, [2, -1], name)
        ).one_minus_cos.mean()
        found = merges.layer_of(got, name)["one_minus_cos"]["mean"]
        expect.near(found, want, 1e-5, name)


def run(bench: Bench) -> None:
    """All of this module's checks."""
    resetting(bench)
    extrapolated(bench)
