"""Slips of the pen that no value shows: an index where a power is meant, x^2 + y_2."""

from __future__ import annotations

from collections.abc import Iterator

from symgrad.reading.tree import Apply, Node, Number, Symbol, walk


def slips(node: Node) -> Iterator[str]:
    """Yield what may be meant otherwise: in a sum, a letter with the index n beside another to the power of n.

    >>> from fractions import Fraction
    >>> x = Apply("^", (Symbol("x"), Number(Fraction(2), "2")))
    >>> list(slips(Apply("+", (x, Symbol("y_2")))))
    ['y_2 beside x^2: is y^2 meant?']
    """
    for n in walk(node):
        if isinstance(n, Apply) and n.name in ("+", "-"):
            for left, right in (n.arguments, n.arguments[::-1]):
                match left, right:
                    case Apply("^", (Symbol(x), Number(_, power))), Symbol(y) if "_" not in x:
                        letter, _, index = y.partition("_")
                        if index == power and letter != x:
                            yield f"{y} beside {x}^{power}: is {letter}^{power} meant?"
