"""What a tensor is for, told by its path: the rules of Formats/Keras/README.md, kept apart.

The Swift reader has its own implementation; this one exists to disagree with it when it is wrong.
"""

import re

STATISTIC = re.compile(r"(^|_)(moving|running)_(mean|variance|var|std)$")
COUNTERS = {"iteration", "iterations", "num_batches_tracked", "count"}


def role(path: str, dtype: str, groups: dict[str, int]) -> str:
    """The role of the dataset at `path`; `groups` holds the number of datasets of each group."""
    parts = path.split("/")
    # PyTorch separates by dots: layer1.0.bn1.running_mean.
    leaf = parts[-1].removesuffix(":0").rpartition(".")[2]
    if parts[0] in ("optimizer_weights", "optimizer", "_optimizer"):
        return "optimizer"
    if leaf.startswith("seed_generator_state") or any(
        part.startswith("seed_generator") for part in parts
    ):
        return "seed"
    # Keras 2 also keeps its metrics' totals: counts of the last epoch, no part of the model.
    if leaf in COUNTERS or parts[0] == "metrics":
        return "counter"
    if not dtype.startswith(("float", "bfloat")):
        return "counter" if is_normalization_count(parts) else "other"
    if STATISTIC.search(leaf) or is_statistic_by_position(parts, groups):
        return "statistic"
    if leaf in ("mean", "variance") and any(p.startswith("normalization") for p in parts):
        return "statistic"
    return "weight"


def is_numbered(parts: list[str], layer: str) -> bool:
    """Whether the path is `.../<layer>[_n]/vars/<i>`: Keras 3 numbers variables, it names none."""
    return (
        len(parts) >= 3
        and parts[-2] == "vars"
        and parts[-1].isdigit()
        and re.fullmatch(layer + r"(_\d+)?", parts[-3]) is not None
    )


def is_statistic_by_position(parts: list[str], groups: dict[str, int]) -> bool:
    """BatchNorm's two last variables; of a Normalization layer, the first two."""
    if is_numbered(parts, "batch_normalization"):
        return int(parts[-1]) >= groups["/".join(parts[:-1])] - 2
    return is_numbered(parts, "normalization") and int(parts[-1]) < 2


def is_normalization_count(parts: list[str]) -> bool:
    """The third variable of a Normalization layer counts the samples seen."""
    return is_numbered(parts, "normalization") and parts[-1] == "2"
