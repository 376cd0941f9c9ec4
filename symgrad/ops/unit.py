"""Functions of vectors that have a name and a definition: LN(x) = (x - mean(x))/std(x), layer_norm, rms_norm.

A unit is called as any function, and its name is printed; its rules follow from its definition by those of the
operations in it. What the definition reads besides the letters of the function, as ε, are further arguments, which
are not printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import prod
from typing import Any

from symgrad.algebra.expression import Apply, Argument, Constant, Expression, Number, Quantity
from symgrad.algebra.expression_tree import everywhere, replaced
from symgrad.algebra.op import Op
from symgrad.algebra.shape import Shape
from symgrad.errors import NotDefined


@dataclass(frozen=True)
class Unit:
    """name(letters) = body.

    shown: how many of the letters an author gives, and a page shows.
    shapes: those of the letters, in dimensions of their own, where the body has arrays of ones in it, as it has where
        it acts on the rows of a matrix.
    """

    name: str
    letters: tuple[Quantity, ...]
    body: Expression
    shown: int = 1
    shapes: tuple[Shape, ...] = ()

    def __call__(self, A: Any, *x: Any) -> Any:
        """Return the value at arguments for all letters."""
        return _value(self.body_of(_shapes(self, A, x)), A, dict(zip(self.letters, x, strict=True)), {})

    def body_of(self, shapes: tuple[Shape, ...]) -> Expression:
        """Return the body for letters of these shapes."""
        sizes = {own: d for s, given in zip(self.shapes, shapes, strict=False) for own, d in zip(s, given, strict=True)}

        def sized(e: Expression) -> Expression:
            return Constant(e.kind, tuple(sizes.get(d, d) for d in e.shape)) if isinstance(e, Constant) else e

        return everywhere(self.body, sized) if sizes else self.body

    def at(self, arguments: tuple[Expression, ...], shapes: tuple[Shape, ...] = ()) -> Expression:
        """Return the body with arguments in the places of the letters; shapes: theirs."""
        given = dict(zip(self.letters, arguments, strict=True))
        return replaced(self.body_of(shapes), lambda e: given.get(e) if isinstance(e, Quantity) else None)


def _shapes(record: Unit, A: Any, x: tuple[Any, ...]) -> tuple[Shape, ...]:
    """Return the shapes of values in an arithmetic, where the body of a unit asks for them."""
    return tuple(v.shape[: A.rank(v)] if A.rank(v) else () for v in x) if record.shapes else ()


@cache
def unit(record: Unit) -> Op:
    """Return the operation (x_1, ..., x_n) -> f(x_1, ..., x_n) of a definition."""

    def shape(*shapes: Shape) -> Shape:
        return _shape(record.body_of(shapes), dict(zip(record.letters, shapes, strict=True)))

    def jacobian(M: Any, x: tuple[Argument, ...], out: Shape) -> tuple[Any, ...]:
        given = dict(zip(record.letters, x, strict=True))
        found = _maps(M, record.body_of(tuple(a.shape for a in x)), given)
        return tuple(M.add(*found[q]) if q in found else M.ZERO for q in record.letters)

    def pullback(A: Any, g: Any, _: Any, *x: Any) -> tuple[Any, ...]:
        given = dict(zip(record.letters, x, strict=True))
        found: dict[Quantity, Any] = {}
        _pull(record.body_of(_shapes(record, A, x)), A, g, given, {}, found)
        return tuple(found.get(q) for q in record.letters)

    return Op(record.name, shape, record, jacobian, pullback, kind="unit", record=record)


def _shape(e: Expression, shapes: Mapping[Quantity, Shape]) -> Shape:
    match e:
        case Quantity():
            return shapes[e]
        case Apply(op, arguments):
            return op.shape(*(_shape(a, shapes) for a in arguments))
    return getattr(e, "own_shape", ())


def _maps(M: Any, e: Expression, given: Mapping[Quantity, Argument]) -> dict[Quantity, list[Any]]:
    """Return the maps of the paths from each letter to e."""
    if isinstance(e, Quantity):
        return {e: [M.IDENTITY]}
    if not isinstance(e, Apply):
        return {}
    shapes = {q: a.shape for q, a in given.items()}
    inner = [_maps(M, a, given) for a in e.arguments]
    arguments = tuple(Argument(_put(a, given), _shape(a, shapes)) for a in e.arguments)
    found: dict[Quantity, list[Any]] = {}
    for m, paths in zip(e.op.jacobian(M, arguments, _shape(e, shapes)), inner, strict=True):
        for q, maps in paths.items():
            found.setdefault(q, []).append(M.compose(m, M.add(*maps)))
    return found


def _put(e: Expression, given: Mapping[Quantity, Argument]) -> Expression:
    return replaced(e, lambda x: given[x].e if isinstance(x, Quantity) else None)


def _value(e: Expression, A: Any, given: Mapping[Quantity, Any], known: dict[int, Any]) -> Any:
    """Return the value of a part of the definition; ``known``: those of parts, by id."""
    match e:
        case Number(q):
            return A.number(q)
        case Constant("size", shape):
            return A.number(prod(d for d in shape if isinstance(d, int)))
        case Constant("1", shape):
            sizes = tuple(d for d in shape if isinstance(d, int))
            ones = [1] * sizes[-1]
            return A.array([ones] * sizes[0] if len(sizes) == 2 else ones, sizes)
        case Quantity():
            return given[e]
        case Apply(op, arguments):
            if id(e) not in known:
                known[id(e)] = op.value(A, *(_value(a, A, given, known) for a in arguments))
            return known[id(e)]
    raise NotDefined(f"{type(e).__name__} has no value in a definition", todo="give it as an argument")


def _pull(
    e: Expression, A: Any, g: Any, given: Mapping[Quantity, Any], known: dict[int, Any], found: dict[Quantity, Any]
) -> None:
    """Carry a cotangent back through the definition, by the pull-backs of its operations."""
    if isinstance(e, Quantity):
        found[e] = found[e] + g if e in found else g
    if not isinstance(e, Apply):
        return
    x = [_value(a, A, given, known) for a in e.arguments]
    for a, v, change in zip(e.arguments, x, e.op.pullback(A, g, _value(e, A, given, known), *x), strict=True):
        if change is not None and not isinstance(a, Number | Constant):
            spread = A.rank(change) > A.rank(v) and not A.rank(v)
            _pull(a, A, A.total(change) if spread else change, given, known, found)
