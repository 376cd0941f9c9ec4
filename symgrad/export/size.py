"""Sizes on a page, in the notation of the derivative that they bound: (γ λ)^(t-k) ‖∂E/∂s_t‖."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Index
from symgrad.algebra.shape import Dimension
from symgrad.export.math import Bars, Big, Math, Num, Paren, Power, Root, Symbol, Terms, Transposed, row
from symgrad.export.typeset import Typesetter
from symgrad.numbers.bound.exponent import HALF, ONCE, Exponent
from symgrad.numbers.bound.letter import Greatest, Letter
from symgrad.numbers.bound.size import Over, Size
from symgrad.ops.composed import Composed

SUP = Symbol("sup", r"\sup")


def typeset_size(size: Size, typeset: Typesetter) -> Math:
    """Return a size as mathematics; factors of equal exponents stand together, a product or sum over an index last."""
    terms = tuple(("+", _term(t, typeset)) for t in size.terms)
    return Num(Fraction(0)) if not terms else terms[0][1] if len(terms) == 1 else Terms(terms)


def _term(term: tuple[tuple[Any, Exponent], ...], typeset: Typesetter) -> Math:
    grouped: dict[tuple[Exponent, bool], list[Math]] = {}
    last: list[Math] = []
    for i, (base, e) in enumerate(term):
        if isinstance(base, Over) and e == ONCE and i == len(term) - 1:
            last = [_over(base, typeset)]
            continue
        if isinstance(base, Fraction) and base.numerator == 1 and base != 1 and e != ONCE:
            base, e = Fraction(base.denominator), e.times(-1)  # 4^(-L), not (1/4)^L
        grouped.setdefault((e, e == ONCE and isinstance(base, Fraction)), []).append(_base(base, typeset))
    factors = [_raised(bases, e, typeset) for (e, _), bases in grouped.items()]
    return row(*factors, *last) if factors or last else Num(Fraction(1))


def _raised(bases: list[Math], e: Exponent, typeset: Typesetter) -> Math:
    if e == ONCE:
        return row(*bases)
    if e == HALF:
        return Root(row(*bases))
    return Power(bases[0] if len(bases) == 1 else Paren(row(*bases)), _exponent(e, typeset))


def _exponent(e: Exponent, typeset: Typesetter) -> Math:
    parts = [(c, row(*([Num(Fraction(abs(c)))] * (abs(c) != 1)), typeset.position(Index(s)))) for s, c in e.symbols]
    parts.sort(key=lambda part: -part[0])
    terms = [("+" if c > 0 else "-", math) for c, math in parts]
    if e.constant or not terms:
        terms.append(("+" if e.constant >= 0 else "-", Num(abs(e.constant))))
    return terms[0][1] if len(terms) == 1 and terms[0][0] == "+" else Terms(tuple(terms))


def _base(base: Any, typeset: Typesetter) -> Math:
    match base:
        case Fraction():
            return Num(base)
        case Letter():
            return _letter(base, typeset)
        case Over():
            return Paren(_over(base, typeset))
    inside = typeset_size(base, typeset)
    return Paren(inside) if isinstance(inside, Terms) else inside


def _over(x: Over, typeset: Typesetter) -> Math:
    body = typeset_size(x.body, typeset)
    symbol, lower, upper = (typeset.position(p) for p in (Index(x.symbol), x.lower, x.upper))
    sign = "∏" if x.kind == "product" else "∑"
    return Big(sign, symbol, lower, upper, Paren(body) if isinstance(body, Terms) else body)


def _letter(letter: Letter, typeset: Typesetter) -> Math:
    match letter.of:
        case str(name):
            return typeset.quantity(Quantity(name))
        case Greatest(function, slope):
            bars = Bars(_function(function, slope, typeset))
            return bars if isinstance(function, str) else row(SUP, bars)
        case Dimension() as dimension:
            return typeset.size(dimension)
        case e:
            inside = Transposed(typeset.expression(e, strength=5)) if letter.transposed else typeset.expression(e)
            return Bars(inside, double=letter.kind == "norm")


def _function(function: Any, slope: bool, typeset: Typesetter) -> Math:
    if isinstance(function, str):
        return typeset.suited.function(function, int(slope))
    if slope and isinstance(function.value, Composed):
        return Symbol(f"({function.text})", rf"\left({function.latex}\right)", 1)  # of the whole formula
    return Symbol(function.text, function.latex, int(slope))
