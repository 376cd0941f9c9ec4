"""A library that code is written for: how it spells each function, and the short functions that it has not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Backend:
    """A target of code.

    module: the name that stands before its functions, np. imports: the lines that a program begins with.
    functions: by a function of the table of arithmetics, how it is called: "np.exp({})".
    helpers: by name, the source of short functions that a program brings along.
    array, each: how a value that is given becomes an array, and the function that does it to each of several.
    before_check: lines that a self-test begins with. scans: whether steps are written as ``lax.scan``.
    """

    name: str
    module: str
    imports: tuple[str, ...]
    functions: Mapping[str, str] = field(repr=False)
    helpers: Mapping[str, str] = field(repr=False)
    array: str = ""
    each: str = ""
    before_check: tuple[str, ...] = ()
    scans: bool = False

    def call(self, function: str, *texts: str) -> str:
        """Return a call of a function.

        >>> from symgrad.code.numpy import NUMPY
        >>> NUMPY.call("atan", "x")
        'np.arctan(x)'
        """
        return self.functions[function].format(*texts, m=self.module)


def helpers_in(backend: Backend, text: str) -> list[str]:
    """Return the helpers that a text calls, those that they call before them."""
    found: list[str] = []

    def add(source: str) -> None:
        for name, body in backend.helpers.items():
            if f"{name}(" in source and name not in found and not source.startswith(f"def {name}("):
                add(body)
                if name not in found:
                    found.append(name)

    add(text)
    return [backend.helpers[name] for name in found]
