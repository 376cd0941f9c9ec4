"""The derivative of an expression along a direction, operation by operation: Pearlmutter's R{·}, written as a dot.

    R{W a} = Ẇ a + W ȧ,    R{σ(z)} = σ'(z) ⊙ ż,    R{δ ⊙ σ'(z)} = δ̇ ⊙ σ'(z) + δ ⊙ σ''(z) ⊙ ż

At each operation the Jacobian of its record is applied to what is known of its arguments, so that what comes out has
the layout of what went in.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from symgrad.algebra import map_algebra as M
from symgrad.algebra.differential import Cotangent, Partial
from symgrad.algebra.expression import ADD, DIV, MUL, NEG, SUB, Apply, Argument, Constant, Expression, Quantity
from symgrad.algebra.expression_tree import everywhere, inside, replaced
from symgrad.algebra.index import Index, fresh
from symgrad.algebra.index_sum import IndexSum, index_sum
from symgrad.algebra.substitution import free_symbols, substitute
from symgrad.algebra.tree import fold
from symgrad.calculus.applied import applied_form, indicators
from symgrad.calculus.cotangent import applied
from symgrad.calculus.normal.product import times
from symgrad.calculus.normal.term import ANY, ONE, ZERO
from symgrad.calculus.normal.total import total
from symgrad.errors import NotDefined
from symgrad.network.network import Network
from symgrad.ops.function import partial_along

DOT = "_dot"
"""What the name of a derivative along the direction ends with: it is printed as a dot."""


def dotted(q: Quantity) -> Quantity:
    """Return the quantity that is the derivative of q along the direction.

    >>> print(dotted(Quantity("W", 2)))
    W_dot[2]
    """
    return Quantity(q.name + DOT, q.index, q.further, q.ahead)


def gradient_name(of: Quantity, wrt: Quantity) -> Quantity:
    """Return the quantity that is ∂of/∂wrt."""
    return Quantity(f"∂{of}/∂{wrt}")


@dataclass(frozen=True)
class Along:
    """Derivatives along one direction. moving: the names of what changes; errors: those whose cotangents change.

    network: one in which the dotted names have their shapes.
    """

    network: Network
    of: Quantity
    moving: Collection[str]
    errors: Collection[str] = ()

    def __call__(self, e: Expression) -> Expression:
        """Return R{e}, in the form in which authors write it; 0 where nothing in e changes."""
        found = fold(with_numbers_for_ones(e), self._inside, self._at)
        if found == ZERO:
            return found
        return with_numbers_for_ones(applied_form(self.network, indicators(self.network, found)))

    def _inside(self, e: Expression) -> tuple[Expression, ...]:
        """Return what is differentiated before e: of a derivative of a loss what the loss is called with."""
        match e:
            case Partial(_, _, Apply() as value):
                return value.arguments if self._is_of_matrices(value) else (value,)
        return inside(e)

    def _at(self, e: Expression, of: Callable[[Expression], Expression]) -> Expression:
        match e:
            case Quantity(name):
                return dotted(e) if name in self.moving else ZERO
            case Cotangent(number, wrt):
                return Cotangent(dotted(number), wrt) if wrt.name in self.errors else ZERO
            case Partial(number, wrt, Apply() as value) if any(
                len(self.network.shape_of(a)) > 1 for a in value.arguments
            ):
                return self._of_matrices(number, wrt, value, of)
            case Partial(number, wrt, value):
                return replaced(of(value), lambda x: _second(number, wrt, x))
            case IndexSum():
                return self._sum(e, of(e.body))
            case Apply():
                return self._operation(e, of)
        return ZERO

    def _is_of_matrices(self, e: Apply) -> bool:
        return any(len(self.network.shape_of(a)) > 1 for a in e.arguments)

    def _of_matrices(
        self, number: Quantity, wrt: Quantity, value: Apply, of: Callable[[Expression], Expression]
    ) -> Expression:
        """Return R{∂C/∂A} of an opaque loss of matrices under its name, ∂Ċ/∂A: ∂²C/∂A² is no matrix."""
        changes = tuple(of(a) for a in value.arguments)
        if all(c == ZERO for c in changes):
            return ZERO
        moved = partial_along(value.op.name, value.op.record, value.op.place or 0)
        return Partial(dotted(number), wrt, Apply(moved, (*value.arguments, *changes)))

    def _operation(self, e: Apply, of: Callable[[Expression], Expression]) -> Expression:
        changes = [of(a) for a in e.arguments]
        if all(c == ZERO for c in changes):
            return ZERO
        if e.op.kind == "jacobian":
            raise NotDefined(
                f"{e.op.name} is an opaque function of vectors, and its Jacobian has no derivative that can be written",
                todo=f"write the equation with what {e.op.name} is, in place of {e.op.name}(...)",
            )
        given = tuple(Argument(a, self.network.shape_of(a)) for a in e.arguments)
        maps = e.op.jacobian(M, given, self.network.shape_of(e))
        parts = [applied(self.network, m, c) for m, c in zip(maps, changes, strict=True) if c != ZERO]
        if any(p is None for p in parts):
            raise NotDefined(
                f"the derivative of {e.op.name} along a direction is a sum that is not written",
                todo="write the equation with simpler functions, or take numbers: model.gradients(...)",
            )
        return total(self.network, *[p for p in parts if p is not None])

    def _sum(self, e: IndexSum, change: Expression) -> Expression:
        """Return Σ R{p_k}, and for a product Σ_k (∏_{s ≠ k} p_s) R{p_k}."""
        if change == ZERO or e.kind == "sum":
            return ZERO if change == ZERO else index_sum(e.range, change)
        other = fresh(e.symbol, {e.symbol, *free_symbols(e.body), *e.range.free})
        others = e.range._replace(symbol=other, without=(*e.without, Index(e.symbol)))
        rest = index_sum(others, substitute(e.body, {e.symbol: Index(other)}), "prod")
        return index_sum(e.range, times(self.network, rest, change))


def with_numbers_for_ones(e: Expression) -> Expression:
    """Return e with 1 for ones that take the shape of what they are added to, or multiplied by entry by entry."""

    def number(x: Expression) -> Expression:
        match x:
            case Apply(op, arguments) if op in (ADD, SUB, MUL, DIV, NEG):
                return Apply(
                    op, tuple(ONE if isinstance(a, Constant) and a.shape in SHAPELESS else a for a in arguments)
                )
        return x

    return everywhere(e, number)


SHAPELESS = (ANY[:1], ANY)


def _second(of: Quantity, wrt: Quantity, e: Expression) -> Expression | None:
    """Return a second derivative of an opaque loss under its name, ∂²C/∂a²."""
    match e:
        case Partial():
            return e
        case Apply(op, arguments) if op.kind == "second partial":
            by = arguments[op.second or 0]
            return Partial(gradient_name(of, wrt), by, e) if isinstance(by, Quantity) else None
    return None
