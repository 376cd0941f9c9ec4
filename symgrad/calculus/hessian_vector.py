"""The Hessian of a number times a direction, as equations: the backward pass, differentiated along the direction.

    ż_l = Ẇ_l a_{l-1} + W_l ȧ_{l-1},    ȧ_l = σ'(z_l) ⊙ ż_l
    δ̇_l = (Ẇ_{l+1}ᵀ δ_{l+1} + W_{l+1}ᵀ δ̇_{l+1}) ⊙ σ'(z_l) + (W_{l+1}ᵀ δ_{l+1}) ⊙ ż_l ⊙ σ''(z_l)
    ∂Ċ/∂W_l = δ̇_l a_{l-1}ᵀ + δ_l ȧ_{l-1}ᵀ

Ċ = Σ ⟨∂C/∂W, Ẇ⟩ is the derivative of C along the direction, so that ∂Ċ/∂W is the product of the Hessian with it; and
the cotangents of Ċ are the derivatives of those of C: δ̇ = ∂Ċ/∂z where δ = ∂C/∂z. Each equation, forward and backward,
is differentiated by itself; the cost is that of two backward passes, for any depth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from symgrad.algebra.differential import Partial
from symgrad.algebra.expression import MUL, Apply, Constant, Expression, Quantity
from symgrad.algebra.expression_tree import applications, nodes, quantities
from symgrad.calculus.along import DOT, Along, dotted, gradient_name
from symgrad.calculus.equations.backward_equation import BackwardEquation, BackwardPass, Summand
from symgrad.calculus.equations.written import backward_pass
from symgrad.calculus.normal.term import ZERO
from symgrad.calculus.second import losses_written
from symgrad.errors import ModelError, NotDefined
from symgrad.network.equation import Equation
from symgrad.network.network import Network
from symgrad.network.syntax.line import Line
from symgrad.ops.linear import STOP_GRADIENT


@dataclass(frozen=True)
class HessianVectorPass:
    """The equations of H V of a number ``of``, for a direction in which the quantities ``asked`` of ``first`` change.

    first: the backward pass, its known losses written out. network: the equations, and with them those of the
    derivatives along the direction, whose names end with _dot; forward: those that are read, and where they start;
    errors: the δ̇; products: ∂Ċ/∂W.
    """

    first: BackwardPass
    network: Network
    forward: tuple[Equation, ...]
    errors: tuple[BackwardEquation, ...]
    products: tuple[BackwardEquation, ...]
    moving: frozenset[str]
    """The names of what changes along the direction."""
    source: Network = field(repr=False)
    """The network whose names have their dotted ones beside them, but no equations for these."""

    @property
    def of(self) -> Quantity:
        """The number whose second derivatives they are."""
        return self.first.of

    @property
    def along(self) -> Quantity:
        """Ċ, its derivative along the direction."""
        return dotted(self.first.of)

    @property
    def second(self) -> tuple[BackwardEquation, ...]:
        """The equations of the cotangents of Ċ."""
        return (*self.errors, *self.products)


def hessian_vector(
    network: Network,
    of: str,
    wrt: Iterable[str] | str | None = None,
    depth: int | None = None,
    form: str = "folded",
) -> HessianVectorPass:
    """Return the equations of the product of the Hessian of a number with a direction in the parameters ``wrt``.

    wrt: names of parameters, "W", "b"; every one that the number depends on where it is None. Raises NotDefined where
    a second derivative cannot be written, and for one layer of many.
    """
    if any(a.op == STOP_GRADIENT for e in network.equations for a in applications(e.value)):
        raise NotDefined(
            f"{network.name} stops gradients, and what does not change along a direction is not said",
            todo="write what is held fixed as a parameter of its own, in place of stop_gradient(...)",
        )
    written = losses_written(network)
    first = backward_pass(network, of, wrt, depth, form)
    _check_direction(first)
    first = replace(
        first,
        errors=tuple(_written(e, written) for e in first.errors),
        gradients=tuple(_written(e, written) for e in first.gradients),
    )
    source = _with_dots(network, first)
    along = _moving(source, first)
    errors = tuple(_differentiated(along, e) for e in first.errors if e.wrt.name in along.errors)
    products = tuple(_differentiated(along, e) for e in first.gradients)
    moved = {e: Equation(dotted(e.target), along(e.value), e.line) for e in network.equations}
    moved = {e: d for e, d in moved.items() if e.target.name in along.moving}
    read = _read(moved.values(), (*errors, *products))
    moved = {e: _whole(source, d) for e, d in moved.items()}
    starts = tuple(_starts(source, first, along))
    extended = replace(
        source,
        openings=_beside(network.openings, moved, () if network.grid else starts),
        steps=_beside(network.steps, moved),
        closings=_beside(network.closings, moved),
        grid=_beside(network.grid, moved, starts if network.grid else ()),
    )
    printed = [e for e in (*starts, *moved.values()) if e.target.name in read]
    forward = sorted(printed, key=[*starts, *extended.equations].index)
    return HessianVectorPass(first, extended, tuple(forward), errors, products, frozenset(along.moving), source)


def _check_direction(first: BackwardPass) -> None:
    """Raise NotDefined for a direction that is no parameter, or one layer of many."""
    network = first.network
    for q in first.asked:
        if q.name in network.by_name and q not in network.parameters:
            raise NotDefined(
                f"{q} is defined by an equation, and a direction is one of parameters",
                todo=f"give parameters: {', '.join(str(p) for p in network.parameters)}",
            )
        if q not in network.parameters:
            name = network.general(q)
            raise NotDefined(
                f"{q} is one of many, and a direction is one of all {name}",
                todo=f"give {q.name}, with the direction 0 where nothing changes, and read the product at {q}",
            )


def _written(e: BackwardEquation, change: Callable[[Expression], Expression]) -> BackwardEquation:
    return replace(e, summands=tuple(replace(s, value=change(s.value)) for s in e.summands))


def _with_dots(network: Network, first: BackwardPass) -> Network:
    """Return the network with shapes and letters for the dotted names, and names for the derivatives of its losses."""
    names = {*network.names, first.of.name}
    for name in sorted(names):
        if name + DOT in names or name + DOT in network.functions:
            raise ModelError(
                f"the model has {name} and {name + DOT}, and a dot marks derivatives along the direction",
                todo=f"call {name + DOT} something else",
            )
    values = [s.value for e in (*first.errors, *first.gradients) for s in e.summands]
    named = {(x.of, x.wrt) for v in values for x in nodes(v) if isinstance(x, Partial)}
    for v in values:
        _check_named(v)
    shapes = {dotted(q): s for q, s in network.shapes.items()}
    shapes |= {gradient_name(*pair): network.shape(pair[1]) for pair in named}
    return replace(
        network,
        shapes={**network.shapes, **shapes},
        letters={**network.letters, **{name + DOT: letters for name, letters in network.letters.items()}},
        derivatives={gradient_name(*pair).name: pair for pair in named},
    )


def _check_named(e: Expression) -> None:
    """Raise NotDefined where the derivative of an opaque loss has no name, as its argument has none."""
    named = {id(x.value) for x in nodes(e) if isinstance(x, Partial)}
    for a in applications(e):
        if a.op.kind == "partial" and id(a) not in named:
            raise NotDefined(
                f"the second derivative of {a.op.name}, whose argument has no name of its own",
                todo=f"write an equation for the argument, o = ..., and {a.op.name}(o)",
            )


def _moving(source: Network, first: BackwardPass) -> Along:
    """Return what changes along the direction: of the quantities, and of their cotangents."""
    moving = {q.name for q in first.asked}
    known: set[str] = set()
    while moving != known:
        known = set(moving)
        along = Along(source, first.of, known)
        moving |= {e.target.name for e in source.equations if e.target.name not in known and along(e.value) != ZERO}
    errors: set[str] = set()
    before: set[str] | None = None
    while errors != before:
        before = set(errors)
        along = Along(source, first.of, moving, before)
        errors |= {
            e.wrt.name
            for e in first.errors
            if e.wrt.name not in before and any(s.value != ZERO for s in _differentiated(along, e).summands)
        }
    return Along(source, first.of, moving, errors)


def _differentiated(along: Along, e: BackwardEquation) -> BackwardEquation:
    """Return R{δ} = R{...}, for the same indices."""
    summands = []
    for s in e.summands:
        summands.append(Summand(s.sums, along(s.value), s.front))
        summands.append(Summand(s.sums, s.value, along(s.front)))
    kept = tuple(s for s in summands if ZERO not in (s.value, s.front))
    return BackwardEquation(e.wrt, (), kept, e.ranges, e.down)


def _read(moved: Iterable[Equation], second: Iterable[BackwardEquation]) -> set[str]:
    """Return the dotted names that the equations of the cotangents read, themselves or through others."""
    reads: dict[str, set[str]] = {}
    for e in moved:
        reads.setdefault(e.target.name, set()).update(q.name for q in quantities(e.value))
    found: set[str] = set()
    pending = [q.name for e in second for s in e.summands for x in (s.value, s.front) for q in quantities(x)]
    while pending:
        name = pending.pop()
        if name.endswith(DOT) and name not in found:
            found.add(name)
            pending += reads.get(name, ())
    return found


def _whole(network: Network, e: Equation) -> Equation:
    """Return an equation whose right side has the shape of the left: 0 stands for zeros."""
    shape = network.shape(e.target)
    if e.value != ZERO or not shape:
        return e
    return replace(e, value=Apply(MUL, (ZERO, Constant("1", shape))))


def is_zero(e: Expression) -> bool:
    """Tell whether the right side of an equation is 0, or zeros.

    >>> is_zero(ZERO), is_zero(Quantity("x"))
    (True, False)
    """
    match e:
        case Apply(op, (zero, Constant("1"))):
            return op == MUL and zero == ZERO
    return e == ZERO


def _starts(network: Network, first: BackwardPass, along: Along) -> Iterator[Equation]:
    """Yield ȧ_0 = 0 for what a state starts from, where that does not change."""
    asked = set(first.asked)
    for q in first.network.parameters:
        state = q.name in first.network.by_name
        if state and q not in asked and q.name in along.moving:
            yield _whole(network, Equation(dotted(q), ZERO, Line(network.name, 1, "")))


def _beside(
    equations: tuple[Equation, ...], moved: dict[Equation, Equation], starts: tuple[Equation, ...] = ()
) -> tuple[Equation, ...]:
    """Return equations, each with that of its derivative behind it."""
    return (*starts, *(x for e in equations for x in ((e, moved[e]) if e in moved else (e,))))
