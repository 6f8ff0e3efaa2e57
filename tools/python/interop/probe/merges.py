"""`ctl-probe soup`, `addition`, `negation` and `matrix`: several models at once."""

from typing import Any

from interop.probe import expect, measures
from interop.probe.bench import Bench, Data, layer_of, with_data
from interop.probe.measures import Array, Comparison, flat
from interop.probe.network import Network, Run, Weights, edited, mixed
from interop.probe.scores import together

SOUP = ("task-a-1", "task-a-2", "task-b")


def combined(runs: list[Run], factors: list[float], name: str) -> Array:
    """The sum of models' features times factors."""
    return sum(f * flat(run.feature(name)) for run, f in zip(runs, factors, strict=True))


def closeness(report: Any, net: Network, measured: Run, runs: list[Run], by: list[float]) -> None:
    """Fails unless every layer's comparison with the sum of other models' features is right."""
    expect.equal([layer["name"] for layer in report["layers"]], net.names, "the layers")
    for name in net.names:
        reference = combined(runs, by, name)
        # Factors beyond 1 enlarge the rounding of float32 features.
        factor = max(1.0, sum(map(abs, by)))
        want = Comparison(measured.feature(name), reference)
        expect.closeness(layer_of(report, name), want, name, factor)


def soup_part(part: Any, net: Network, members: list[Weights], by: list[float], data: Data) -> None:
    """Fails unless a soup's figures on some data are right."""
    runs = [net.run(member, data.x) for member in members]
    whole, logits, y = net.run(mixed(members, by), data.x), net.logits, data.y
    closeness(part, net, whole, runs, by)
    ensemble = combined(runs, by, logits)
    expect.score(part["soup"], whole.feature(logits), y, "the soup")
    expect.score(part["ensemble"], ensemble, y, "the ensemble")
    share = measures.agreement(whole.feature(logits), ensemble)
    expect.share(part["agreement"], share, "agreement")
    right = [measures.classes(z) == y for z in (whole.feature(logits), ensemble)]
    only_soup, only_ensemble, p = measures.mcnemar(*right)
    expect.equal(part["test"]["only_soup"], only_soup, "samples that only the soup gets right")
    expect.equal(part["test"]["only_ensemble"], only_ensemble, "samples of the ensemble alone")
    expect.near(part["test"]["p_value"], p, 1e-12, "McNemar's p-value")
    for place, got in enumerate(part["members"]):
        expect.near(got["weight"], by[place], 1e-15, "a member's weight")
        expect.score(got["score"], runs[place].feature(logits), y, got["model"])
        without(got, net, members, by, place, data, runs)


def without(
    got: Any, net: Network, members: list[Weights], by: list[float], place: int, data: Data,
    runs: list[Run],
) -> None:  # fmt: skip
    """Fails unless the figures of the soup without one member are right."""
    if len(members) == 2:
        expect.equal(got["one_minus_cos_without"], None, "1 - cos without one of two")
        return expect.equal(got["accuracy_without"], None, "accuracy without one of two")
    if by[place] == 1:
        # Nothing is left that could be divided by its sum.
        expect.equal(got["one_minus_cos_without"], None, "1 - cos without all of the soup")
        return expect.equal(got["accuracy_without"], None, "accuracy without all of the soup")
    rest = [0 if i == place else w / (1 - by[place]) for i, w in enumerate(by)]
    run = net.run(mixed(members, rest), data.x)
    measured = run.feature(net.logits)
    want = Comparison(measured, combined(runs, rest, net.logits)).one_minus_cos.mean()
    expect.near(got["one_minus_cos_without"], want, expect.MEAN, f"1 - cos without {place}")
    share = measures.accuracy(measured, data.y)
    expect.share(got["accuracy_without"], share, f"accuracy without {place}")


def soup(bench: Bench, kind: str) -> None:
    """Uniform and given weights, three members and two, per file and together."""
    net, sets = bench.networks[kind], (bench.test, bench.rotated)
    cases: list[tuple[Any, Any]] = [(SOUP, None), (SOUP, (1, 2, 5)), (SOUP[1:], (3, 1))]
    if kind == "mlp":
        # Without the first member nothing is left.
        cases.append((SOUP, (1, 0, 0)))
    for names, given in cases:
        files = [bench.file(kind, name) for name in names]
        members = [bench.weights(file) for file in files]
        by = [w / sum(given) for w in given] if given else [1 / len(names)] * len(names)
        words = f"by {','.join(map(str, given))}" if given else "uniformly"
        with bench.checks.check(f"probe {kind}: soup of {len(names)} {words}, members and test"):
            flags = ["--weights", ",".join(map(str, given))] if given else []
            report = bench.report("soup", *files, *flags, *with_data(*sets))
            soup_part(report, net, members, by, together(*sets))
            for part, data in zip(report["per_data"], sets, strict=True):
                soup_part(part, net, members, by, data)


def entries(got: Any, logits: Array, sets: tuple[Data, ...], words: str) -> None:
    """Fails unless scores of the union, then of each file, are those of the logits."""
    starts = [0]
    for data in sets:
        starts.append(starts[-1] + len(data.y))
    parts = [(None, logits, together(*sets).y)]
    for place, data in enumerate(sets if len(sets) > 1 else ()):
        parts.append((str(data.path), logits[starts[place] : starts[place + 1]], data.y))
    for entry, (path, some, y) in zip(got, parts, strict=True):
        expect.equal(entry["data"], path, f"{words}: data")
        expect.equal(entry["samples"], len(y), f"{words}: samples")
        expect.score(entry, some, y, f"{words} on {path}")


def addition(bench: Bench, kind: str) -> None:
    """The sum of two tasks over some scales, with a data file for each."""
    base, *tasks = (bench.file(kind, name) for name in ("pretrained", "task-a-1", "task-b"))
    net, sets, scales = bench.networks[kind], (bench.test, bench.rotated), (0.2, 0.5)
    start, tuned = bench.weights(base), [bench.weights(task) for task in tasks]
    data = together(*sets)
    with bench.checks.check(f"probe {kind}: addition's layers, scores, disentanglement error"):
        report = bench.report(
            "addition", "--base", base, *tasks, *with_data(*sets), "--scale", "0.2,0.5"
        )
        expect.equal([s["scale"] for s in report["scales"]], list(scales), "scales")
        for scale, got in zip(scales, report["scales"], strict=True):
            whole = net.run(edited(start, tuned, [scale, scale]), data.x)
            double, alone = (
                [net.run(edited(start, [one], [by]), data.x) for one in tuned]
                for by in (2 * scale, scale)
            )
            closeness(got, net, whole, double, [0.5, 0.5])
            logits = whole.feature(net.logits)
            constructed = combined(double, [0.5, 0.5], net.logits)
            decomposition(got, logits, constructed, sets)
            halves = [slice(0, len(sets[0].y)), slice(len(sets[0].y), None)]
            error = sum(
                1 - measures.agreement(logits[half], run.feature(net.logits)[half])
                for half, run in zip(halves, alone, strict=True)
            )
            expect.near(got["disentanglement_error"], error, 1e-12, f"xi at {scale}")
    with bench.checks.check(f"probe {kind}: addition on one file has no disentanglement error"):
        report = bench.report("addition", "--base", base, *tasks, *with_data(bench.test))
        expect.equal([s["scale"] for s in report["scales"]], [0.4], "scales")
        expect.equal(report["scales"][0]["disentanglement_error"], None, "xi")


def decomposition(got: Any, logits: Array, constructed: Array, sets: tuple[Data, ...]) -> None:
    """Fails unless scores and agreement of an edited model and its construction are right."""
    entries(got["scores"], logits, sets, "edited")
    entries(got["constructed_scores"], constructed, sets, "constructed")
    expect.share(got["agreement"], measures.agreement(logits, constructed), "agreement")


def negation(bench: Bench, kind: str, scales: tuple[float, ...]) -> None:
    """A task is taken away, over some scales."""
    base, task = (bench.file(kind, name) for name in ("pretrained", "task-b"))
    net, data = bench.networks[kind], bench.rotated
    start, tuned = bench.weights(base), bench.weights(task)
    with bench.checks.check(f"probe {kind}: negation's layers and scores are right"):
        flags = ["--scale", ",".join(map(str, scales))]
        report = bench.report("negation", "--base", base, task, *with_data(data), *flags)
        expect.equal([s["scale"] for s in report["scales"]], list(scales), "scales")
        middle = net.run(start, data.x)
        for scale, got in zip(scales, report["scales"], strict=True):
            minus, plus = (net.run(edited(start, [tuned], [s]), data.x) for s in (-scale, scale))
            closeness(got, net, minus, [middle, plus], [2, -1])
            constructed = combined([middle, plus], [2, -1], net.logits)
            decomposition(got, minus.feature(net.logits), constructed, (data,))
            expect.equal(got["disentanglement_error"], None, "xi")


def worst_scale(bench: Bench) -> None:
    """The verdict of a sweep is that of its worst scale, as linearity's is of the worst alpha."""
    base, task = (bench.file("mlp", name) for name in ("pretrained", "task-b"))
    with bench.checks.check("probe mlp: negation's verdict is of the worst scale"):
        common = ["negation", "--base", base, task, *with_data(bench.test), "--scale"]
        alone = bench.report(*common, "5")["verdict"]["model"]
        expect.equal(alone, "broken", "the verdict at scale 5 alone")
        expect.equal(bench.report(*common, "0.1,5")["verdict"]["model"], alone, "the sweep's")


def matrix(bench: Bench, kind: str) -> None:
    """All pairs half-way, transitivity and groups."""
    names = ("task-a-1", "task-a-2", "task-b", "independent")
    files = [bench.file(kind, name) for name in names]
    net, data = bench.networks[kind], bench.test
    members = [bench.weights(file) for file in files]
    with bench.checks.check(f"probe {kind}: matrix's pairs, layers, transitivity and groups"):
        report = bench.report("matrix", *files, *with_data(data))
        runs = [net.run(member, data.x) for member in members]
        places = [(a, b) for a in range(4) for b in range(a + 1, 4)]
        for number, (a, b) in enumerate(places):
            got = report["pairs"][number]
            expect.equal([got["a"], got["b"]], [str(files[a]), str(files[b])], "the pair")
            half = net.run(mixed([members[a], members[b]], [0.5, 0.5]), data.x)
            pair(got, net, half, [runs[a], runs[b]], data)
            for name in net.names:
                middle = combined([runs[a], runs[b]], [0.5, 0.5], name)
                want = Comparison(half.feature(name), middle)
                found = layer_of(report, name)["one_minus_cos"][number]
                expect.near(found, want.one_minus_cos.mean(), expect.MEAN, f"{name} of {a}, {b}")
        transitivity(report, [str(file) for file in files])
        groups(report, [str(file) for file in files])


def pair(got: Any, net: Network, half: Run, runs: list[Run], data: Data) -> None:
    """Fails unless a pair's figures are right."""
    logits, ensemble = half.feature(net.logits), combined(runs, [0.5, 0.5], net.logits)
    want = Comparison(logits, ensemble)
    expect.near(got["one_minus_cos"], want.one_minus_cos.mean(), expect.MEAN, "1 - cos")
    expect.near(got["coef"], want.coef.mean(), expect.COEF, "coef")
    expect.share(got["agreement"], measures.agreement(logits, ensemble), "agreement")
    expect.share(got["accuracy"], measures.accuracy(logits, data.y), "accuracy")
    share = measures.accuracy(ensemble, data.y)
    expect.share(got["ensemble_accuracy"], share, "the ensemble's accuracy")


def transitivity(report: Any, files: list[str]) -> None:
    """Fails unless every triple is told, with the right excess, worst first."""
    pairs = {frozenset((p["a"], p["b"])): p for p in report["pairs"]}
    told = {(t["i"], t["j"], t["k"]): t for t in report["transitivity"]}
    expect.equal(len(told), 12, "triples")
    for (i, j, k), got in told.items():
        whole, *steps = (pairs[frozenset(ends)] for ends in ((i, k), (i, j), (j, k)))
        excess = whole["one_minus_cos"] - max(step["one_minus_cos"] for step in steps)
        expect.near(got["excess"], excess, 1e-12, f"the excess of {i}, {j}, {k}")
        violated = whole["grade"] != "linear" and all(s["grade"] == "linear" for s in steps)
        expect.equal(got["is_violated"], violated, "whether transitivity is violated")
    order = [(t["is_violated"], t["excess"]) for t in report["transitivity"]]
    expect.equal(order, sorted(order, reverse=True), "the triples' order")


def groups(report: Any, files: list[str]) -> None:
    """Fails unless the groups are what linear pairs hold together."""
    found = [{file} for file in files]
    for one in report["pairs"]:
        if one["grade"] == "linear":
            joined = [group for group in found if group & {one["a"], one["b"]}]
            found = [g for g in found if g not in joined] + [set().union(*joined)]
    got = [set(group) for group in report["groups"]]
    assert sorted(map(sorted, got)) == sorted(map(sorted, found)), f"groups are {got}"


def run(bench: Bench) -> None:
    """All of this module's checks."""
    for kind in ("mlp", "cnn"):
        soup(bench, kind)
        addition(bench, kind)
        matrix(bench, kind)
    worst_scale(bench)
    negation(bench, "mlp", (0.4, 0.8))
    negation(bench, "cnn", (0.1, 0.2))
