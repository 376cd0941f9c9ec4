"""An entry of a catalogue: where a derivation comes from, and how it is built."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from inspect import signature
from typing import Any

from symgrad.derivation.derivation import Derivation
from symgrad.errors import UnknownName, ValuesError

Build = Callable[..., Derivation]
"""What writes a derivation; its keyword arguments are the options that a reader may choose."""


@dataclass(frozen=True)
class Entry:
    """A derivation: where it comes from, the model it is about, and what writes its steps.

    name: how commands call it. source: document and section. text: what the reader is told first.
    build: writes the steps. Its keyword arguments (depth, activation, ...) are options, each with a default.
    model: a built-in model's name, if one is treated. assumptions: what the source assumes, in words.
    notation: a name of ``NOTATIONS``.

    >>> import symgrad as sg
    >>> entry = Entry("b1", "The first bias", "a lecture", lambda depth=2: sg.model("chain").derive("C", "b[1]", depth))
    >>> entry.options, len(entry.derivation(depth=3).steps)
    ({'depth': 2}, 12)
    """

    name: str
    title: str
    source: str
    build: Build
    model: str = ""
    text: str = ""
    assumptions: tuple[str, ...] = ()
    notation: str = "nielsen"

    @property
    def options(self) -> dict[str, Any]:
        """What a reader may choose, each with its default."""
        return {name: parameter.default for name, parameter in signature(self.build).parameters.items()}

    def derivation(self, **options: Any) -> Derivation:
        """Return the steps, not checked yet.

        Raises UnknownName for an option that the entry does not have, ValuesError for one that is no whole number
        where one is needed.
        """
        for name, value in options.items():
            if name not in self.options:
                raise UnknownName(f"option of {self.name}", name, list(self.options))
            if isinstance(self.options[name], int) and not isinstance(value, int):
                raise ValuesError(f"{name} of {self.name} is {value!r}", todo=f"give a whole number: {name}=3")
        return self.build(**options)
