"""An entry of a catalogue: what a source says, and the derivatives that a book prints for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from inspect import signature
from typing import Any

from symgrad.derivation.derivation import Derivation
from symgrad.errors import UnknownName


@dataclass(frozen=True)
class Wanted:
    """∂of/∂wrt, at a depth or (None) at a symbolic one, with parameters replaced by ``let``.

    >>> print(Wanted("C", "b[1]", depth=4))
    ∂C/∂b[1], depth 4
    >>> print(Wanted("a[L]", "a[0]", let=("W[l] = lambda*I",)))
    ∂a[L]/∂a[0], W[l] = lambda*I
    """

    of: str
    wrt: str
    depth: int | None = None
    let: tuple[str, ...] = ()
    text: str = ""
    """What the reader is told before the formula."""

    def __str__(self) -> str:
        depth = [] if self.depth is None else [f"depth {self.depth}"]
        return ", ".join([f"∂{self.of}/∂{self.wrt}", *depth, *self.let])


Build = Callable[..., Derivation]
"""What writes a derivation; its keyword arguments are the options that a reader may choose."""


@dataclass(frozen=True)
class Entry:
    """A derivation: where it comes from, the model it is about, and what is derived.

    name: how commands call it. source: document and section. model: a built-in model's name.
    build: writes the steps. Its keyword arguments (depth, activation, ...) are options, each with a default.
    assumptions: what the source assumes, in words. notation: a name of ``NOTATIONS``.
    """

    name: str
    title: str
    source: str
    model: str = ""
    derivatives: tuple[Wanted, ...] = ()
    text: str = ""
    assumptions: tuple[str, ...] = ()
    notation: str = "nielsen"
    build: Build | None = None

    def derivation(self, **options: Any) -> Derivation:
        """Return the steps, not checked yet; raises UnknownName for an option that the entry does not have."""
        if self.build is None:
            return Derivation(self.title, source=self.source, assumptions=self.assumptions)
        known = list(signature(self.build).parameters)
        for name in options:
            if name not in known:
                raise UnknownName(f"option of {self.name}", name, known)
        return self.build(**options)
