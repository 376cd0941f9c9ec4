"""An equation between differentials, du = 2x dx, as one of slopes, du/dx = 2x."""

from __future__ import annotations

from fractions import Fraction

from symgrad.reading.token import Token
from symgrad.reading.tree import Apply, Derivative, Node, Number, Symbol

Differential = tuple[list[Token], str]
"""What stands before a differential, and its letter."""
ONE = Number(Fraction(1), "1")


def differential(tokens: list[Token]) -> Differential | None:
    """Return what a side that ends in a differential is made of; None for any other.

    >>> from symgrad.reading.token import Tokenizer
    >>> [(len(before), letter) for before, letter in [differential(Tokenizer("2x dx").tokens()[:-1])]]
    [(2, 'x')]
    """
    if len(tokens) < 2 or any(t.kind != "letter" for t in tokens[-2:]):
        return None
    *before, d, letter = tokens
    if d.text != "d" or letter.text == "d" or letter.text.isupper() or any(t.text == "d" for t in before):
        return None
    if any(t.text in ("∫", "∑") or t.kind in ("break", "text") for t in before):
        return None
    if before and before[-1].kind == "op" and before[-1].text not in ("*", "!", "'"):
        return None
    return before, letter.text


def as_slopes(left: Node | None, right: Node | None, letters: tuple[str, str]) -> tuple[Node, Node]:
    """Return both sides of an equation between differentials divided by one of them: the bare one is on the left.

    >>> as_slopes(None, ONE, ("u", "x"))[0]
    Derivative(body=Symbol(name='u'), variable='x', order=1, immediate=False)
    """
    if left is not None and right is None:
        return as_slopes(None, left, (letters[1], letters[0]))
    slope: Node = Derivative(Symbol(letters[0]), letters[1])
    return (slope if left is None else Apply("*", (left, slope))), (ONE if right is None else right)
