"""Number systems: one table of functions (`Arithmetic`), one file for each system that fills it.

============  ===========================================  ==============================
name          numbers                                      a result is
============  ===========================================  ==============================
``symbolic``  SymPy expressions                            exact
``exact``     rational numbers (FLINT)                     exact, or NotClosed is raised
``ball``      midpoint and radius (FLINT), of any digits   an enclosure of the true one
``interval``  two ends, of any digits                      an enclosure of the true one
``taylor``    balls with a tangent, of any digits          an enclosure of the true ones
``mp``        floating point of any digits (mpmath)        near the true one
``float``     float64 (NumPy)                              near, or under- or overflowed
``batch``     float64 with a trailing batch axis           near, or under- or overflowed
============  ===========================================  ==============================
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from symgrad.errors import UnknownName, ValuesError

if TYPE_CHECKING:
    from symgrad.arithmetic.protocol import Arithmetic

__all__ = ["NAMES", "Arithmetic", "arithmetic"]

_CLASSES = {
    "symbolic": ("symbolic", "Symbolic"),
    "exact": ("rational", "Rational"),
    "ball": ("ball", "Ball"),
    "interval": ("interval", "Intervals"),
    "taylor": ("taylor", "Taylor"),
    "mp": ("multiprecision", "Multiprecision"),
    "float": ("floating", "Floating"),
    "batch": ("batched", "BatchedFloating"),
}
_OF_ANY_DIGITS = ("ball", "interval", "taylor", "mp")
MOST_DIGITS = 1_000_000
"""Digits of a number system at most."""

NAMES = tuple(_CLASSES)


def arithmetic(name: str, digits: int | None = None) -> Arithmetic:
    """Return the number system of this name; it is imported only now.

    >>> arithmetic("ball", digits=30).describe()
    'balls of 30 digits'
    """
    if name not in _CLASSES:
        raise UnknownName("arithmetic", name, NAMES)
    if digits is not None and name not in _OF_ANY_DIGITS:
        raise ValuesError(
            f"arithmetic {name!r} has no choice of digits",
            todo=f"leave digits out, or use one of {', '.join(_OF_ANY_DIGITS)}",
        )
    if digits is not None and not (isinstance(digits, int) and 1 <= digits <= MOST_DIGITS):
        raise ValuesError(f"{digits} digits were asked for", todo=f"ask for a whole number from 1 to {MOST_DIGITS:,}")
    module, cls = _CLASSES[name]
    system = getattr(import_module(f"symgrad.arithmetic.{module}"), cls)
    made: Arithmetic = system() if digits is None else system(digits)
    return made


def __getattr__(name: str) -> object:
    """Import the protocol, and NumPy with it, when it is first used."""
    if name == "Arithmetic":
        return import_module("symgrad.arithmetic.protocol").Arithmetic
    raise AttributeError(f"module 'symgrad.arithmetic' has no attribute {name!r}")
