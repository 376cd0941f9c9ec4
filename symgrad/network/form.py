"""Put a form in the place of a parameter in every equation: W[l] = 1.5*I."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from symgrad.algebra.expression import MUL, Constant, Expression, Quantity
from symgrad.algebra.expression_tree import applications, quantities, replaced
from symgrad.algebra.index import Index
from symgrad.algebra.shape import show
from symgrad.algebra.substitution import substitute
from symgrad.errors import UnknownName
from symgrad.network.constant import Sizes
from symgrad.network.equation import Equation
from symgrad.network.infer import Shapes


def put_form(
    equations: Sequence[Equation], form: Equation, shapes: Shapes, symbol: str, constants: Collection[str]
) -> list[Equation]:
    """Return the equations with a parameter replaced; ``symbol`` is the index of their step.

    constants: the names that are no quantities of the model.

    Raises ReadError for a form that replaces no parameter, or has another shape or other indices than it.
    """
    check_form(equations, form)
    target, value = form.target, form.value
    if isinstance(target.index, Index):
        target = target.at(Index(symbol))
        value = substitute(value, {form.target.index.symbol: Index(symbol)})  # type: ignore[union-attr]
    shape = shapes.find(target)[0]
    value = Sizes(constants, lambda x: shapes.of(x, form.line), form.line).sized(value, shape)
    _check_multiples(value, shapes, form)
    found = shapes.of(value, form.line)
    if found != shape:
        form.line.fail(
            f"{form.target} has shape {show(shape)} and the form has shape {show(found)}",
            "give a form of that shape, such as 1.5*I for a square matrix",
        )
    return [Equation(e.target, _replace(e.value, target.name, value, symbol), e.line) for e in equations]


def check_form(equations: Sequence[Equation], form: Equation) -> None:
    """Check that a form replaces a parameter, at every layer, and reads no index but the parameter's."""
    target, fail = form.target, form.line.fail
    read = {q.name: q.index is not None for e in equations for q in quantities(e.value)}
    defined = {e.target.name for e in equations}
    if target.name in defined:
        fail(f"{target} is defined by an equation", "replace a parameter, or change the equation")
    if target.name not in read:
        error = UnknownName("parameter", target.name, set(read) - defined)
        fail(error.what, error.todo)
    if read[target.name] != (target.index is not None):
        other = f"{target.name}[j] = ..." if target.index is None else f"{target.name} = ..."
        fail(f"{target.name} carries {'an' if target.index is None else 'no'} index", f"write {other}")
    if target.index is not None and (not isinstance(target.index, Index) or target.index.offset):
        fail(f"{target} is not a parameter at every layer", f"write {target.name}[j] = ..., for all of them")
    own = target.index.symbol if target.index is not None else None
    for q in quantities(form.value):
        column = form.line.span(q)[0]
        if isinstance(q.index, Index) and q.index.symbol != own:
            fail(f"the index {q.index.symbol} is not that of {target}", "use the index of the left side", column)
        if q == Quantity(own or ""):
            fail(f"{own} is an index, not a number", f"give {target.name} as a form of quantities", column)


def _check_multiples(e: Expression, shapes: Shapes, form: Equation) -> None:
    """Check that only numbers multiply I: V*I with a matrix V is entry by entry, and no multiple of I."""
    for x in applications(e):
        if x.op == MUL and any(isinstance(a, Constant) and a.kind == "I" for a in x.arguments):
            others = [a for a in x.arguments if not (isinstance(a, Constant) and a.kind == "I")]
            if not others or shapes.of(others[0], form.line):
                form.line.fail("a matrix multiplies I entry by entry", "put a number in front of I, or write V@I")


def _replace(e: Expression, name: str, form: Expression, symbol: str) -> Expression:
    def put(x: Expression) -> Expression | None:
        match x:
            case Quantity(found, index) if found == name:
                return form if index is None else substitute(form, {symbol: index})
        return None

    return replaced(e, put)
