"""Sizes: products of powers of non-negative numbers, as bounds need them: (γ λ)^(t-k) ‖∂E/∂s_t‖.

A size is a sum of products; a factor is a number, a letter that stands for one, or a product or sum over
an index. Exponents are linear in index symbols. Equal factors are collected: 1/4 (1/4)^(L-1) is 4^-L.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb

from symgrad.algebra.index import Index, Position
from symgrad.algebra.shape import Dimension
from symgrad.arithmetic.dyadic import ball
from symgrad.errors import NotDefined, ValuesError
from symgrad.numbers.bound.exponent import HALF, ONCE, Exponent, exponent, length
from symgrad.numbers.bound.letter import Letter
from symgrad.numbers.magnitude.magnitude import Magnitude


@dataclass(frozen=True)
class Over:
    """∏ or Σ of a size over an index; kind is "product" or "sum"."""

    kind: str
    symbol: str
    lower: Position
    upper: Position
    body: Size

    def __str__(self) -> str:
        return f"{self.kind}[{self.symbol}:{self.lower}:{self.upper}]({self.body})"


@dataclass(frozen=True)
class Size:
    """Σ of products; a product is a tuple of (base, exponent), no base twice."""

    terms: tuple[tuple[tuple[Any, Exponent], ...], ...]

    def __mul__(self, other: Size) -> Size:
        if len(self.terms) == 1 and len(other.terms) == 1:
            return Size((_collected(self.terms[0] + other.terms[0]),))
        if not self.terms or not other.terms:
            return NOTHING
        factors = tuple(t for x in (self, other) for t in (x.terms[0] if len(x.terms) == 1 else ((x, ONCE),)))
        return Size((_collected(factors),))

    def __add__(self, other: Size) -> Size:
        counted: dict[Any, Fraction] = {}
        for term in self.terms + other.terms:
            number, rest = _split(term)
            counted[rest] = counted.get(rest, Fraction(0)) + number
        return Size(tuple(_collected(((n, ONCE), *rest)) for rest, n in counted.items()))

    def power(self, n: Exponent) -> Size:
        """Return the size raised to n, one factor at a time."""
        if len(self.terms) == 1 and all(e == ONCE for _, e in self.terms[0]):
            return Size((_collected(tuple((base, n) for base, _ in self.terms[0])),))
        return Size((_collected(((self, n),)),)) if self.terms else NOTHING

    @property
    def letters(self) -> frozenset[str]:
        """The keys of the letters that have no value of their own."""
        return frozenset(name for t in self.terms for base, _ in t for name in _letters(base))

    @property
    def exact(self) -> Fraction | None:
        """The value, where the size is one rational number."""
        if not self.terms:
            return Fraction(0)
        if len(self.terms) == 1 and not self.terms[0]:
            return Fraction(1)
        parts = [_split(t) for t in self.terms]
        return sum((q for q, _ in parts), Fraction(0)) if not any(rest for _, rest in parts) else None

    def growth(self, symbol: str) -> Size:
        """Return the limit of size^(1/n) as the index symbol n grows: c (γ λ)^(n-1) grows by γ λ a layer.

        >>> (number(3) * letter("lambda").power(length(2, Index("L")))).growth("L")
        λ
        """
        if len(self.terms) != 1 or any(isinstance(b, Over) and mentions(b, symbol) for b, _ in self.terms[0]):
            raise NotDefined(
                f"{self} is no power of one number: its growth per layer has no closed limit",
                todo="bound the factors by numbers or letters that are the same in each layer",
            )
        found = [(b, Exponent(Fraction(dict(e.symbols).get(symbol, 0)))) for b, e in self.terms[0]]
        return Size((_collected(tuple(found)),))

    def evaluate(self, values: Mapping[str, Any] | None = None, **indices: int) -> Magnitude:
        """Return the number, enclosed: letters by name, index symbols as whole numbers.

        >>> (letter("gamma") * letter("lambda")).power(length(1, Index("L"))).evaluate(
        ...     {"gamma": "1/4", "lambda": 2}, L=3).to(5)
        '0.12500'
        """
        from symgrad.arithmetic.literal import exact

        known = {name: exact(v) for name, v in (values or {}).items()}
        for name, q in known.items():
            if q < 0:
                raise ValuesError(f"{q} is no size for {name}", todo="give a number that is not negative")
        found = Magnitude(lambda bits: _sum(self, known, indices, bits))
        found.ball()  # what is missing is told at once
        return found

    def __str__(self) -> str:
        """Write the size on a line, for messages: γ^(t-k) ‖W‖^(t-k)."""
        return " + ".join(" ".join(_power(base, e) for base, e in t) or "1" for t in self.terms) or "0"

    __repr__ = __str__


_ORDER = (Fraction, Letter, Size, Over)

NOTHING = Size(())
UNIT = Size(((),))


def number(q: Fraction | int) -> Size:
    """Return a non-negative number as a size."""
    return Size((_collected(((Fraction(q), ONCE),)),)) if q else NOTHING


def letter(name: str) -> Size:
    """Return a number that an assumption names as a size."""
    return size(Letter("name", name))


def size(base: Letter) -> Size:
    """Return a letter as a size."""
    return Size((((base, ONCE),),))


def root(n: int | Dimension) -> Size:
    """Return the square root of a dimension.

    >>> root(Dimension("d")) * root(Dimension("d")), root(4), root(1)
    (d, 4^(1/2), 1)
    """
    return Size((_collected(((Fraction(n) if isinstance(n, int) else Letter("dimension", n), HALF),)),))


def product(sizes: Iterable[Size]) -> Size:
    """Return the product of sizes."""
    found = UNIT
    for size in sizes:
        found = found * size
    return found


def total(sizes: Iterable[Size]) -> Size:
    """Return the sum of sizes."""
    found = NOTHING
    for size in sizes:
        found = found + size
    return found


def over(kind: str, symbol: str, lower: Position, upper: Position, body: Size) -> Size:
    """Return ∏ or Σ of body over an index; factors without the index are taken out."""
    if len(body.terms) != 1:
        if kind == "product" and not mentions(body, symbol):
            return body.power(length(lower, upper))
        return Size((((Over(kind, symbol, lower, upper, body), ONCE),),)) if body.terms else NOTHING
    [factors] = body.terms
    moving = tuple((b, e) for b, e in factors if mentions(Size((((b, e),),)), symbol))
    fixed = Size((tuple(f for f in factors if f not in moving),))
    fixed = fixed.power(length(lower, upper)) if kind == "product" else fixed
    if not moving and kind == "product":
        return fixed
    return fixed * Size((((Over(kind, symbol, lower, upper, Size((moving,))), ONCE),),))


def mentions(x: Any, symbol: str) -> bool:
    """Tell whether a size depends on an index symbol."""
    match x:
        case Size(terms):
            return any(mentions(base, symbol) or any(s == symbol for s, _ in e.symbols) for t in terms for base, e in t)
        case Over(_, own, lower, upper, body):
            ends = any(isinstance(p, Index) and p.symbol == symbol for p in (lower, upper))
            return ends or (own != symbol and mentions(body, symbol))
        case Letter():
            return x.mentions(symbol)
    return False


def _letters(base: Any) -> frozenset[str]:
    match base:
        case Letter(value=None):
            return frozenset({base.key})
        case Over(_, _, _, _, body):
            return body.letters
        case Size():
            return base.letters
    return frozenset()


def _collected(factors: tuple[tuple[Any, Exponent], ...]) -> tuple[tuple[Any, Exponent], ...]:
    """Collect equal bases, and all numbers with whole exponents into one."""
    exponents: dict[Any, Exponent] = {}
    for base, e in factors:
        exponents[base] = exponents[base] + e if base in exponents else e
    constant, symbolic = Fraction(1), {}
    for base, e in exponents.items():
        if isinstance(base, Fraction) and not e.symbols and e.constant.denominator == 1:
            constant *= base ** int(e.constant)
        elif e != Exponent() and base != 1:
            symbolic[base] = e
    for base in [b for b in symbolic if isinstance(b, Fraction)]:
        while (
            constant != 1
            and base > 0
            and (constant / base).denominator * (constant / base).numerator
            < (constant.denominator * constant.numerator)
        ):
            constant, symbolic[base] = constant / base, symbolic[base] + ONCE
    lead = () if constant == 1 else ((constant, ONCE),)
    return (*lead, *sorted(symbolic.items(), key=lambda item: _ORDER.index(type(item[0]))))


def _split(term: tuple[tuple[Any, Exponent], ...]) -> tuple[Fraction, tuple[tuple[Any, Exponent], ...]]:
    if term and isinstance(term[0][0], Fraction) and term[0][1] == ONCE:
        return term[0][0], term[1:]
    return Fraction(1), term


def _sum(x: Size, values: Mapping[str, Fraction], indices: Mapping[str, int], bits: int) -> arb:
    total = arb(0)
    for term in x.terms:
        product = arb(1)
        for base, e in term:
            n = e.at(indices)
            value = _base(base, values, indices, bits)
            whole = n.denominator == 1
            product *= value ** int(n) if whole else value ** ball(n)
        total += product
    return total


def _base(base: Any, values: Mapping[str, Fraction], indices: Mapping[str, int], bits: int) -> arb:
    match base:
        case Fraction():
            return ball(base)
        case Letter(value=value):
            given = values.get(base.key, values.get(f"{base.kind}({base.key})"))
            if given is not None:
                return ball(given)
            if value is None:
                raise ValuesError(f"no value is given for {base}", todo=f"pass {{{base.key!r}: ...}}")
            return value.enclose(bits)
        case Over(kind, symbol, lower, upper, body):
            first, last = (int(exponent(p).at(indices)) for p in (lower, upper))
            total = arb(1 if kind == "product" else 0)
            for j in range(first, last + 1):
                item = _sum(body, values, {**indices, symbol: j}, bits)
                total = total * item if kind == "product" else total + item
            return total
    return _sum(base, values, indices, bits)


def _power(base: Any, e: Exponent) -> str:
    text = f"({base})" if isinstance(base, Size) or (isinstance(base, Fraction) and base.denominator > 1) else str(base)
    shown = str(e)
    return text if e == ONCE else f"{text}^{shown}" if shown.isalnum() else f"{text}^({shown})"
