"""From linear maps to mathematics on a page, in a notation and a layout."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.differential import Cotangent, Partial
from symgrad.algebra.expression import MUL, Apply, Expression, Number, Quantity
from symgrad.algebra.index import Index, Position, difference, times
from symgrad.algebra.index import parts as index_parts
from symgrad.algebra.linear_map import (
    Block,
    Column,
    Compose,
    Diagonal,
    Identity,
    IndexedSum,
    LinearMap,
    Matrix,
    Named,
    Product,
    Right,
    Scale,
    Sum,
    Swap,
    Transpose,
    Zero,
)
from symgrad.algebra.span import Span
from symgrad.calculus.layout import is_matrix
from symgrad.calculus.normal.total import total
from symgrad.calculus.rank import Axes, axes
from symgrad.export.math import (
    DIAG,
    DOT,
    Big,
    Call,
    Cases,
    Derivative,
    Grid,
    Infix,
    Math,
    Num,
    Paren,
    Power,
    Symbol,
    Terms,
    Transposed,
    row,
)
from symgrad.export.typeset import (
    ATOM,
    POSTFIX,
    PRODUCT,
    SUM,
    Strong,
    Typesetter,
    base_of_power,
    terms,
)
from symgrad.ops.piecewise import contrary, is_condition

ONE = Num(Fraction(1))
NUMBERS: Axes = (0, 0)
DOTS = Symbol("⋯", r"\cdots")


@dataclass(frozen=True)
class MapTypesetter(Typesetter):
    """Writes the linear maps of one network in one notation and one layout."""

    layout: str = "numerator"

    @cached_property
    def _numbers_only(self) -> bool:
        """Whether every quantity is a number, so that the identity is 1 even inside a block."""
        return not any(self.network.shapes.values())

    def map(self, m: LinearMap, scalar: bool, space: Axes = (None, None)) -> Math:
        """Write a map. ``scalar``: it is a product of numbers, and its factors stand in path order.

        space: the axes of what it gives and takes, where that is known: a multiple of numbers has no I.
        """
        return self._whole_map(m, scalar, space)[0]

    def _whole_map(self, m: LinearMap, scalar: bool, space: Axes) -> Strong:
        """Write a map that stands alone: a multiple c of the identity of arrays is c I."""
        numbers = scalar or self._numbers_only or 0 in space
        if numbers or isinstance(m, Identity | Sum) or not map_tree.is_scalar_product(m):
            return self._map(m, scalar, space)
        math, strength = self._map(m, False, NUMBERS)
        if isinstance(math, Terms) and len(math.terms) == 1:  # a minus sign
            [(sign, x)] = math.terms
            return Terms(((sign, row(x, self.identity)),)), SUM
        return row(_factor(math, strength), self.identity), PRODUCT

    def _map(self, m: LinearMap, scalar: bool, space: Axes = (None, None)) -> Strong:
        match m:
            case Compose(maps):
                return self._compose(maps, scalar, space)
            case Sum(maps) if (found := self._by_cases(maps, scalar, space)) is not None:
                return found, SUM
            case Sum(maps):
                inside = _joined(space, *[axes(self.network, x) for x in maps])
                return Terms(tuple(t for x in maps for t in terms(self._whole_map(x, scalar, inside)[0]))), SUM
            case Product():
                return self._product(m, scalar, space)
            case IndexedSum():
                return self._big("∑", m.range, self._map(m.body, scalar, space)), SUM
            case Identity():
                return (ONE if scalar or self._numbers_only or 0 in space else self.identity), ATOM
            case Zero():
                return Num(Fraction(0)), ATOM
            case Block(rows):
                return self._grid(rows, space), ATOM
            case Transpose(Product() as turned):
                return Transposed(Paren(self._map(turned, False)[0])), POSTFIX
        return self._leaf(m)

    def _by_cases(self, maps: tuple[LinearMap, ...], scalar: bool, space: Axes) -> Math | None:
        """Write 1{c} A + 1{not c} B as A where c, else B, which may have cases of its own."""
        inside = _joined(space, *[axes(self.network, x) for x in maps])
        found: list[tuple[Math, Math | None]] = []
        rest: tuple[LinearMap, ...] = maps
        while (condition := _parting(rest, bool(found))) is not None:
            here = [_without(m, condition) for m in rest if condition in _conditions(m)]
            others = [_without(m, contrary(condition)) for m in rest if condition not in _conditions(m)]
            found.append((self._whole_map(M.add(*here), scalar, inside)[0], self.condition(condition)))
            whole = M.add(*others)
            rest = whole.maps if isinstance(whole, Sum) else (whole,)
        if not found:
            return None
        return Cases((*found, (self._whole_map(M.add(*rest), scalar, inside)[0], None)))

    def _grid(self, rows: tuple[tuple[LinearMap, ...], ...], space: Axes) -> Math:
        """Write a block matrix; what its rows give and its columns take is known from their other entries."""
        network = self.network
        outs = [_joined((space[0] if len(rows) == 1 else None, None), *[axes(network, x) for x in r])[0] for r in rows]
        columns = list(zip(*rows, strict=True))
        taken = (None, space[1] if len(columns) == 1 else None)
        intos = [_joined(taken, *[axes(network, x) for x in c])[1] for c in columns]
        return Grid(
            tuple(
                tuple(self.map(x, False, (out, into)) for x, into in zip(r, intos, strict=True))
                for r, out in zip(rows, outs, strict=True)
            )
        )

    def _compose(self, maps: tuple[LinearMap, ...], scalar: bool, space: Axes) -> Strong:
        """Write a product: its sign, its number, powers of numbers, then the other factors; multiples go first."""
        number = next((m.c.value for m in maps if isinstance(m, Scale) and isinstance(m.c, Number)), Fraction(1))
        others = [
            (m, NUMBERS if map_tree.is_scalar_product(m) else inside)
            for m, inside in zip(maps, self._spaces(maps, space), strict=True)
            if not (isinstance(m, Scale) and isinstance(m.c, Number))
        ]
        if scalar:
            others.reverse()
        others.sort(key=lambda x: (not _is_power_of_number(x[0]), scalar or not isinstance(x[0], Scale)))
        dots = in_dots(maps[::-1] if scalar else maps)
        factors = [DOTS if m in dots else _factor(*self._map(m, scalar, inside)) for m, inside in others]
        if abs(number) != 1:
            factors.insert(0, Num(abs(number)))
        product = row(*factors)
        return (Terms((("-", product),)), SUM) if number < 0 else (product, PRODUCT)

    def _spaces(self, maps: tuple[LinearMap, ...], space: Axes) -> list[Axes]:
        """Return what each factor gives and takes, as far as its neighbours say."""
        own = [axes(self.network, m) for m in maps]
        outs, intos = [space[0]], [space[1]]
        for _, into in own[:-1]:
            outs.append(outs[-1] if into is None else into)
        for out, _ in own[:0:-1]:
            intos.append(intos[-1] if out is None else out)
        return list(zip(outs, reversed(intos), strict=True))

    def _product(self, m: Product, scalar: bool, space: Axes) -> Strong:
        body, strength = self._map(m.body, scalar, space)
        if m.body == map_tree.at_index(m.body, {m.symbol: 0}):
            base = body if strength == ATOM else Paren(body)
            return Power(base_of_power(base), self._length(m.lower, m.upper)), POSTFIX
        return self._big("∏", Span(m.symbol, m.lower, m.upper), (body, strength)), PRODUCT

    def _length(self, lower: Position, upper: Position) -> Math:
        """Return upper - lower + 1 as it is written: L, L-1, t-k."""
        n = difference(upper, lower)
        if n is not None:
            return Num(Fraction(n + 1))
        parts: list[tuple[str, Math]] = []
        constant = 1
        for sign, p in ((1, upper), (-1, lower)):
            terms, offset = index_parts(p)
            for symbol, n in terms:
                parts.append(("+" if sign * n > 0 else "-", self.position(times(abs(n), Index(symbol)))))
            constant += sign * offset
        if constant:
            number = ("+" if constant > 0 else "-", Num(Fraction(abs(constant))))
            parts.insert(len(parts) if isinstance(upper, Index) else 0, number)
        return parts[0][1] if len(parts) == 1 and parts[0][0] == "+" else Terms(tuple(parts))

    def _big(self, sign: str, span: Span, body: Strong) -> Math:
        math, strength = body
        return self.big(sign, span, Paren(math) if strength == SUM else math)

    def strong(self, e: Expression) -> Strong:
        """Write an expression; in numerator layout a cotangent ∂E/∂X has the shape of Xᵀ, and turned that of X."""
        if self._is_turned(e):
            return _oriented(super().strong(e), False)
        return super().strong(e)

    def _is_turned(self, e: Expression) -> bool:
        """Tell whether the name of a derivative has, in this layout, the shape of the transposed array."""
        if isinstance(e, Partial) and e.of.name in self.network.derivatives:  # ∂²E/∂x∂y, a row for each entry of x
            return self.layout == "denominator" and self._rank(e) > 0
        gradient = isinstance(e, Quantity) and e.name in self.network.derivatives
        if gradient or isinstance(e, Partial | Cotangent):
            return self.layout == "numerator" and self._rank(e) > 0
        return self.layout == "denominator" and self._named_slope(e) is not None

    def _turned(self, e: Expression) -> Math:
        if self._is_turned(e):
            return super().strong(e)[0]
        return super()._turned(e)

    def _leaf(self, m: LinearMap) -> Strong:
        numerator = self.layout == "numerator"
        match m:
            case Scale(c):
                return self.strong(c)
            case Diagonal(v) if self._rank(v) > 1:
                return Paren(Infix(self.notation.hadamard, self._entrywise(v), DOT)), ATOM
            case Diagonal(v):
                return Call(DIAG, (self.expression(v),)), ATOM
            case Matrix(A):
                return self.strong(A)
            case Transpose(Matrix(A)):
                return self._turned(A), POSTFIX
            case Column(Partial() | Cotangent() as v):
                return _oriented(super().strong(v), not numerator)
            case Transpose(Column(Partial() | Cotangent() as v)):
                return _oriented(super().strong(v), numerator)
            case Column(v):
                return self.strong(v)
            case Transpose(Column(v)) if self._rank(v) > 1:
                return Call(Symbol("tr", r"\operatorname{tr}"), (row(Transposed(self.expression(v, ATOM)), DOT),)), ATOM
            case Transpose(Column(v)):
                first, *rest = self._as_row(v)
                return (row(first, *rest), PRODUCT) if rest else (first, POSTFIX)
            case Named(of, wrt):
                axes = [len(self.network.shape(q)) for q in (of, wrt)]
                is_map = min(axes) > 0 and sum(axes) > 2  # it is applied to a change, in either layout
                return _oriented((self.name(m), PRODUCT), numerator or is_map)
            case Transpose(Named() as named):
                return _oriented((self.name(named), PRODUCT), not numerator)
            case Right(B):
                return Paren(row(DOT, self.expression(B, PRODUCT))), ATOM
            case Transpose(Right(B)):
                return Paren(row(DOT, self._turned(B))), ATOM
            case Swap():
                return Paren(Transposed(DOT)), ATOM
        raise TypeError(f"not a linear map: {m!r}")

    def name(self, m: Named) -> Math:
        """Write the name of a derivative: ∂s_t/∂s_k, ∂⁺s_k/∂W."""
        return Derivative(self.quantity(m.of), self.quantity(m.wrt), m.immediate)

    # --- a map applied to a change ----------------------------------------------------------------------

    def applied(self, m: LinearMap, change: Expression) -> Math:
        """Write m applied to a change: diag(σ'(a_k)) dW s_{k-1}; a name is followed by what it is applied to."""
        found = self._apply(m, change)
        return self.expression(found) if isinstance(found, Expression) else found

    def _apply(self, m: LinearMap, x: Expression | Math) -> Expression | Math:
        from symgrad.calculus.cotangent import applied, is_of_softmax_rows

        match m:
            case Compose(maps):
                for k in range(len(maps) - 1, -1, -1):
                    plain = all(is_matrix(self.network, y) and not isinstance(y, Sum) for y in maps[: k + 1])
                    if self._is_vector(x) and plain:
                        return self._before(M.compose(*maps[: k + 1]), x)
                    x = self._apply(maps[k], x)
                return x
            case Sum(maps) if not is_of_softmax_rows(m):
                parts = [self._apply(y, x) for y in maps]
                if all(isinstance(p, Expression) for p in parts):
                    return total(self.network, *[p for p in parts if isinstance(p, Expression)])
                return Terms(tuple(t for p in parts for t in terms(self._math(p))))
            case IndexedSum():
                inner = self._math(self._apply(m.body, x))
                return self._big("∑", m.range, (inner, SUM if isinstance(inner, Terms) else PRODUCT))
            case Identity():
                return x
            case Block(rows) if not is_matrix(self.network, m) and all(len(r) == 1 for r in rows):
                return Grid(tuple((self._math(self._apply(r[0], x)),) for r in rows))
        if isinstance(x, Expression) and not any(True for _ in map_tree.names(m)):
            found = applied(self.network, m, x)
            if found is not None and not self._is_vector(found, m):
                return found
        if isinstance(x, Math):
            match m:
                case Right(B):
                    return row(_tight(x), self.expression(B, PRODUCT))
                case Transpose(Right(B)):
                    return row(_tight(x), self._turned(B))
                case Swap():
                    return Transposed(Paren(x))
                case Diagonal(v) if self._rank(v) > 1:
                    return Infix(self.notation.hadamard, self._entrywise(v), Paren(x))
        return self._before(m, x)

    def _before(self, m: LinearMap, x: Expression | Math) -> Math:
        """Write a matrix, or a name, in front of what it is applied to."""
        math = _tight(self._math(x))
        match m:
            case Scale(Number(value)) if value < 0:
                return Terms((("-", math if value == -1 else row(Num(-value), math)),))
        shown, strength = self._map(m, False)
        if isinstance(shown, Terms) and len(shown.terms) == 1:
            [(sign, factor)] = shown.terms
            return Terms(((sign, row(factor, math)),))
        return row(_factor(shown, strength), math)

    def _math(self, x: Expression | Math) -> Math:
        return self.expression(x) if isinstance(x, Expression) else x

    def _is_vector(self, x: Expression | Math, m: LinearMap | None = None) -> bool:
        """Tell whether x is a vector, or is one since m, a matrix, was applied to it."""
        if isinstance(x, Math):
            return True
        return self._rank(x) == 1 and (m is None or is_matrix(self.network, m))


def _parting(maps: tuple[LinearMap, ...], further: bool) -> Expression | None:
    """Return a condition that holds in some terms and not in all others; ``further``: there may be no others."""
    for c in _conditions(maps[0]):
        other = contrary(c)
        parted = all(c in _conditions(m) or other in _conditions(m) for m in maps)
        if parted and (further or any(other in _conditions(m) for m in maps)):
            return c
    return None


def _conditions(m: LinearMap) -> Iterator[Expression]:
    """Yield the conditions c of a product 1{c} A with a number 1{c}."""
    for x in m.maps if isinstance(m, Compose) else (m,):
        if isinstance(x, Scale):
            yield from (c for c in _multiplied(x.c) if is_condition(c))


def _without(m: LinearMap, condition: Expression) -> LinearMap:
    """Return A, where m is 1{condition} A."""
    found: list[LinearMap] = []
    for x in m.maps if isinstance(m, Compose) else (m,):
        factors = list(_multiplied(x.c)) if isinstance(x, Scale) else []
        if condition in factors:
            factors.remove(condition)
            found += [M.scale(c) for c in factors]
            condition = Number(Fraction(0))  # it is taken out once
        else:
            found.append(x)
    return M.compose(*found)


def _multiplied(e: Expression) -> tuple[Expression, ...]:
    """Return the factors of a product of numbers."""
    return _multiplied(e.arguments[0]) + _multiplied(e.arguments[1]) if isinstance(e, Apply) and e.op == MUL else (e,)


def _joined(space: Axes, *others: Axes) -> Axes:
    """Return what is known of a space from several maps on it."""
    outs, intos = zip(space, *others, strict=True)
    return next((n for n in outs if n is not None), None), next((n for n in intos if n is not None), None)


def in_dots(maps: tuple[LinearMap, ...]) -> list[Product]:
    """Return the products whose neighbours are their next factors on both sides, so that dots say enough."""
    found = []
    for left, m, right in zip(maps, maps[1:], maps[2:], strict=False):
        if isinstance(m, Product):
            above, below = (map_tree.at_index(m.body, {m.symbol: p}) for p in (m.upper + 1, m.lower - 1))
            # a descending product of numbers may stand in path order
            if (left, right) == (below, above) or (m.descending and (left, right) == (above, below)):
                found.append(m)
    return found


def _is_power_of_number(m: LinearMap) -> bool:
    return isinstance(m, Product) and isinstance(m.body, Scale) and isinstance(m.body.c, Number)


def _oriented(d: Strong, upright: bool) -> Strong:
    return d if upright else (Transposed(Paren(d[0])), POSTFIX)


def _factor(math: Math, strength: int) -> Math:
    return Paren(math) if strength < PRODUCT or isinstance(math, Big) else math


def _tight(m: Math) -> Math:
    return Paren(m) if isinstance(m, Terms | Infix | Big) else m
