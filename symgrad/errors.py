"""Errors that diagnose: what is wrong (with the values), where, and what to do about it.

One class has one meaning, so that a caller can catch exactly what it can handle. All of them can be
pickled: work that runs in other processes reports its errors unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable

from symgrad.visible import visible

LONGEST_LINE = 200
"""Characters of a line that are shown around the place that an error points at."""
MOST_NAMES = 12
"""Known names that an error lists."""


class SymgradError(Exception):
    """Base of all errors that are the user's to solve.

    >>> print(SymgradError("W has shape (2, 3)", where="net.eq, line 2", todo="transpose W"))
    W has shape (2, 3)
      net.eq, line 2
      what to do: transpose W
    """

    def __init__(self, what: str, where: str = "", todo: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.todo = todo

    def __str__(self) -> str:
        what_to_do = f"what to do: {self.todo}" if self.todo else ""
        lines = [line for part in (self.what, self.where, what_to_do) if part for line in part.split("\n")]
        return "\n  ".join(map(visible, lines))


class ReadError(SymgradError):
    """Text that is not an equation; points at the place. ``column`` counts from 0, as ``text`` does.

    >>> print(ReadError("a name is missing", file="net.eq", line=3, column=4, text="z = *x", todo="name it"))
    a name is missing
      net.eq, line 3, column 5
        z = *x
            ^
      what to do: name it
    """

    def __init__(
        self,
        what: str,
        todo: str = "",
        *,
        file: str = "",
        line: int | None = None,
        column: int = 0,
        text: str = "",
    ) -> None:
        parts = (file, "" if line is None else f"line {line}, column {column + 1}")
        where = ", ".join(part for part in parts if part)
        if text:
            begin = max(0, column - LONGEST_LINE // 2) if len(text) > LONGEST_LINE else 0
            where += f"\n  {text[begin : begin + LONGEST_LINE]}\n  {' ' * (column - begin)}^"
        super().__init__(what, where, todo)
        self.file, self.line, self.column, self.text = file, line, column, text


class ModelError(SymgradError):
    """Equations that do not fit together: a quantity without an equation, a cycle within one step."""


class ShapeError(SymgradError):
    """An operation whose arguments have shapes that it cannot take."""


class UnknownName(SymgradError):  # noqa: N818  # reads as the diagnosis that it is, as do those below
    """A name that is not known; tells the nearest names that are, or the ``hint`` of one who knows what was meant.

    >>> print(UnknownName("activation", "tahn", ["tanh", "relu"]))
    unknown activation 'tahn'
      what to do: did you mean 'tanh'? Known: relu, tanh
    """

    def __init__(self, kind: str, name: str, known: Iterable[str], where: str = "", hint: str = "") -> None:
        self.kind, self.name, self.known = kind, name, tuple(sorted(known))
        from difflib import get_close_matches

        alike = tuple(k for k in self.known if k.casefold() == name.casefold())  # ReLU is relu, and not cosh
        self.nearest = alike or tuple(get_close_matches(name, self.known, n=3, cutoff=0.5))
        guess = hint or (f"did you mean {' or '.join(map(repr, self.nearest))}?" if self.nearest else "")
        more = f" and {len(self.known) - MOST_NAMES:,} more" if len(self.known) > MOST_NAMES else ""
        everything = f"Known: {', '.join(self.known[:MOST_NAMES]) or 'none'}{more}"
        todo = guess if guess and more else f"{guess} {everything}".strip()
        super().__init__(f"unknown {kind} {name!r}", where, todo)
        self.args = (kind, name, self.known, where, hint)


class ValuesError(SymgradError, ValueError):
    """Values that are missing, superfluous, of another shape, or not finite real numbers."""


class NotClosed(SymgradError):  # noqa: N818
    """A function whose result is not a number of the number system, as exp of a rational."""


class IndexRangeError(SymgradError):
    """An index outside of the range over which its quantity is defined."""


class NotDefined(SymgradError):  # noqa: N818
    """A thing that does not exist, as a SymPy object for a product of symbolic depth."""


class TooLarge(SymgradError):  # noqa: N818
    """A result so large that it is refused, with the size that was asked for and the limit."""


class UnboundFunction(SymgradError):  # noqa: N818
    """An opaque function, as sigma, that must be bound to a record before it has values."""


class DataError(SymgradError):
    """A file of data that is missing, truncated, of another format, or that contradicts another file."""


class KinkWarning(UserWarning):
    """A derivative in balls or exact arithmetic was taken at a kink, where the slope is PyTorch's convention.

    >>> import warnings
    >>> import symgrad as sg
    >>> slope = sg.model("chain").bind("relu").derivative("a[1]", "z[1]")
    >>> with warnings.catch_warnings(record=True) as told:
    ...     warnings.simplefilter("always")
    ...     at_kink = slope.evaluate({"w": [1], "b": [-2], "a[0]": 2}, "ball", depth=1)
    >>> print(at_kink, [w.category.__name__ for w in told])
    0 ['KinkWarning']
    """


class PrecisionWarning(UserWarning):
    """A float64 computation that under- or overflowed: its result is not accurate, perhaps 0 or inf.

    >>> import warnings
    >>> import symgrad as sg
    >>> power = sg.model("deep_linear").let("W[l] = 0.5*I").derivative("a[L]", "a[0]")
    >>> with warnings.catch_warnings(record=True) as told:
    ...     warnings.simplefilter("always")
    ...     vanished = power.evaluate({"a[0]": [1]}, depth=1100)
    >>> [w.category.__name__ for w in told]
    ['PrecisionWarning']
    """
