"""What a case is: a layer, its inputs and how it is called."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np


@dataclass(frozen=True)
class Input:
    """An argument that is data: seeded values of a shape, batch axis included.

    `high` draws integers below it instead of normal values; `values` gives them outright.
    `prepare` makes a layer to put in front, whose mask goes along (`Masking`, `Embedding`).
    """

    shape: tuple[int, ...] = ()
    high: int | None = None
    values: Any = None
    prepare: Callable[[], keras.Layer] | None = None

    def draw(self, random: np.random.Generator) -> np.ndarray:
        """The values."""
        if self.values is not None:
            return np.asarray(self.values, np.float32)
        if self.high is not None:
            return random.integers(0, self.high, self.shape).astype(np.float32)
        return random.normal(size=self.shape).astype(np.float32)


@dataclass(frozen=True)
class At:
    """Stands for an input's value in a call's arguments."""

    place: int


@dataclass(frozen=True)
class Case:
    """One call of a layer.

    Without `arguments` the layer gets its one input, or the list of several, as merging layers do.
    `weights` gives values to weights by the end of their names, where drawn ones make no sense.
    """

    name: str
    layer: Callable[[], Any]
    inputs: Sequence[Input]
    arguments: Sequence[Any] | None = None
    keywords: Mapping[str, Any] = field(default_factory=dict)
    weights: Mapping[str, Any] = field(default_factory=dict)

    @property
    def call(self) -> Sequence[Any]:
        """The positional arguments."""
        if self.arguments is not None:
            return self.arguments
        places = [At(place) for place in range(len(self.inputs))]
        return places if len(places) == 1 else [places]


def fill(argument: Any, values: Sequence[Any]) -> Any:
    """An argument with values in the places of its marks."""
    if isinstance(argument, At):
        return values[argument.place]
    if isinstance(argument, (list, tuple)):
        return type(argument)(fill(element, values) for element in argument)
    return argument


def tell(argument: Any) -> Any:
    """An argument as JSON: an object for a value, a list where one is in it, or a constant."""
    if isinstance(argument, At):
        return {"value": argument.place}
    if isinstance(argument, (list, tuple)) and any(isinstance(item, At) for item in argument):
        return {"list": [tell(item) for item in argument]}
    return {"constant": keras.saving.serialize_keras_object(argument)}
