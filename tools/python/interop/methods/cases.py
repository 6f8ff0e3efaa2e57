"""What is merged: one method with options, in ctl-merge's words, mergekit's and the reference's."""

from dataclasses import dataclass, field
from typing import Any

from oracle.options import Options


@dataclass(frozen=True)
class Case:
    """A verb with options (underscores for hyphens), how many sources, whether there is a base."""

    verb: str
    given: dict[str, Any] = field(default_factory=dict)
    sources: int = 3
    base: bool = True

    @property
    def words(self) -> str:
        """The case on one line."""
        return " ".join([self.verb, *self.flags()])

    def options(self, compat: str) -> Options:
        """For the reference."""
        return Options.of(self.verb, compat, **self.given)

    def flags(self) -> list[str]:
        """ctl-merge's options, one argument each."""
        return [part for name, value in self.given.items() for part in _argument(name, value)]

    def recipe(self) -> dict[str, Any]:
        """mergekit's method and parameters: shared ones, and those of each source."""
        shared: dict[str, Any] = {}
        each: list[dict[str, Any]] = [{} for _ in range(self.sources)]
        weights = self.given.get("weights", [1.0] * self.sources)
        for name, value in self.given.items():
            if name == "weights" or name == "seed":
                continue
            key, converted = _mergekit(self.verb, name, value)
            if isinstance(value, list):
                for one, part in zip(each, value, strict=True):
                    one[key] = part
            else:
                shared[key] = converted
        if self.verb in _WEIGHED:
            for one, weight in zip(each, weights, strict=True):
                one["weight"] = weight
        method = _NAMES.get(self.verb, self.verb.replace("-", "_"))
        return {"merge_method": method, "parameters": shared, "each": each}


_NAMES = {"soup": "linear", "della-ties": "della"}
_WEIGHED = {
    "soup", "nuslerp", "multislerp", "task-arithmetic", "ties", "dare-linear", "dare-ties",
    "della-linear", "della-ties", "breadcrumbs", "breadcrumbs-ties",
}  # fmt: skip


ONE_MODE = ("soup", "passthrough", "ema", "geometric-median", "fisher", "regmean")


def mode(case: Case, compat: str) -> list[str]:
    """The option, of the verbs that have it: others are the same in both modes."""
    return [] if case.verb in ONE_MODE else ["--compat", compat]


def _argument(name: str, value: Any) -> list[str]:
    """One option; a truth is a flag or its negation."""
    flag = "--" + name.replace("_", "-")
    if isinstance(value, bool):
        return [flag if value else flag.replace("--", "--no-", 1)]
    if isinstance(value, list):
        return [flag, ",".join(map(str, value))]
    return [flag, str(value)]


def _mergekit(verb: str, name: str, value: Any) -> tuple[str, Any]:
    """The parameter's name and value there."""
    if name in ("flatten", "row_wise"):
        return "nuslerp_" + name, value
    if name == "normalize" and verb == "multislerp":
        return "normalize_weights", value
    if name == "rescale":
        return "rescale", {"l1": True, "none": False}[value]
    return name, value
