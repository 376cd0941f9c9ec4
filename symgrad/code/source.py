"""A value that is source text: the operators of Python write a larger text, with the parentheses that it needs.

Items of a batch lie on the axes in front, so that a number beside a vector gets an axis: ``c[..., None] * x``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from symgrad.algebra.shape import Shape

ADD, DOT, MUL, NEG, POW, ATOM = range(6)
"""How tightly the outermost operator of a text binds; @ beside another product is put in brackets."""


@dataclass(frozen=True)
class Source:
    """An expression of the target language with its shape, that of one item.

    plain: a number that no batch has, as 2 or a size; of rank 1 or 2 it is in each place. thin: whether an axis has one
    entry in the place of many, which the operators take.

    >>> x, c = Source("x", ("n",)), Source("c", ())
    >>> print((x + 1) * c, -x**2 / 2)
    (x + 1) * c[..., None] -x ** 2 / 2
    """

    text: str
    shape: Shape = ()
    level: int = ATOM
    plain: bool = False
    thin: bool = False

    @property
    def rank(self) -> int:
        """Return 0 for a number, 1 for a vector, 2 for a matrix."""
        return len(self.shape)

    def at(self, level: int) -> str:
        """Return the text as an operand of an operator of this level."""
        return self.text if self.level >= level else f"({self.text})"

    def spread(self, rank: int) -> Source:
        """Return the text with the axes that it needs beside an array of this rank."""
        if self.plain or self.rank or not rank:
            return self
        return replace(self, text=f"{self.at(ATOM)}[{', '.join(['...', *['None'] * rank])}]", level=ATOM)

    def _with(self, other: Operand, sign: str, level: int, right: int, swapped: bool = False) -> Source:
        x, y = self, written(other)
        if swapped:
            x, y = y, x
        rank = max(x.rank, y.rank)
        shape = x.shape if x.rank == rank else y.shape
        x, y = x.spread(rank), y.spread(rank)
        thin = all(v.thin or v.plain or v.rank < rank for v in (self, written(other))) and (x.thin or y.thin)
        return Source(f"{x.at(level)} {sign} {y.at(right)}", shape, level, x.plain and y.plain, thin)

    def _is(self, n: str) -> bool:
        return self.plain and self.text == n

    def __add__(self, other: Operand) -> Source:
        return self._with(other, "+", ADD, ADD)

    def __radd__(self, other: Operand) -> Source:
        return self._with(other, "+", ADD, ADD, swapped=True)

    def __sub__(self, other: Operand) -> Source:
        return self._with(other, "-", ADD, DOT)

    def __rsub__(self, other: Operand) -> Source:
        return self._with(other, "-", ADD, DOT, swapped=True)

    def __mul__(self, other: Operand) -> Source:
        y = written(other)
        for one, x in ((self, y), (y, self)):
            if one._is("1"):
                return x if x.rank >= one.rank else replace(x.spread(one.rank), shape=one.shape)
        return self._with(y, "*", MUL, MUL)

    def __rmul__(self, other: Operand) -> Source:
        return written(other) * self

    def __truediv__(self, other: Operand) -> Source:
        return self._with(other, "/", MUL, NEG)

    def __rtruediv__(self, other: Operand) -> Source:
        return self._with(other, "/", MUL, NEG, swapped=True)

    def __neg__(self) -> Source:
        return Source(f"-{self.at(NEG)}", self.shape, NEG, self.plain)

    def __pow__(self, other: Operand) -> Source:
        return (
            self._with(other, "**", POW, ATOM)
            if self.level == ATOM
            else replace(self, text=f"({self.text})", level=ATOM) ** other
        )

    def __str__(self) -> str:
        return self.text


Operand = Source | int


def written(x: Operand) -> Source:
    """Return a whole number as a text."""
    return x if isinstance(x, Source) else Source(str(x), (), ATOM if x >= 0 else NEG, plain=True)
