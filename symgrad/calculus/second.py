"""Second derivatives: the gradient of a number is an equation of the network, and is derived by the same engine again.

    g = ∂C/∂x = W_1ᵀ (φ'(a) ⊙ (W_2ᵀ ∂C/∂o)),    ∂²C/∂x∂y = ∂g/∂y

The gradient joins the equations as one more quantity, and so does the derivative of an opaque loss by each of its
arguments; σ'' comes from the operation σ', and ∂²C/∂o² from ∂C/∂o.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.differential import Partial
from symgrad.algebra.expression import Apply, Expression, Quantity
from symgrad.algebra.expression_tree import applications, replaced
from symgrad.algebra.linear_map import Compose, Diagonal, LinearMap, Named, inside_unopened
from symgrad.algebra.op import Op
from symgrad.algebra.tree import fold
from symgrad.calculus.along import gradient_name
from symgrad.calculus.applied import joined
from symgrad.calculus.closed_form import ClosedForm, closed_form, derive
from symgrad.calculus.cotangent import pulled
from symgrad.calculus.normal.product import times
from symgrad.calculus.normal.total import normal
from symgrad.calculus.projectors import as_printed
from symgrad.calculus.unfold import unfolded
from symgrad.errors import NotDefined
from symgrad.network.equation import Equation
from symgrad.network.network import Network
from symgrad.network.syntax.line import Line
from symgrad.network.syntax.read import read_quantity
from symgrad.ops.function import Symbols
from symgrad.ops.loss import Loss

PRODUCT = "write --form hvp, or model.hvp(...), for the Hessian times any direction, at any depth"
"""What there is where a second derivative is no matrix."""


@dataclass(frozen=True)
class SecondForm:
    """∂²of/∂x∂y, with a row for each entry of x.

    first: ∂of/∂x. raw: the derivative by y of the gradient as the maps give it. written: that of the gradient as a page
    writes it, where μ - t stands for what is left of a loss and a slope that meet; it is what is printed.
    """

    first: ClosedForm
    raw: ClosedForm
    written: ClosedForm


def second_form(network: Network, of: str, x: str, y: str) -> SecondForm:
    """Return ∂²of/∂x∂y, the derivative by y of the gradient by x.

    Raises NotDefined for a network with a recurrence, an array ``of``, or a matrix x or y.
    """
    if network.steps or network.ranges:
        what = "a recurrence" if network.steps else "families"
        raise NotDefined(
            f"{network.name} has {what}: its second derivatives are not formed",
            todo=f"{PRODUCT}, or each layer as an equation of its own, z1 = ...; --form backward gives both gradients",
        )
    first = closed_form(network, of, x)
    by = network.resolve(read_quantity(y, "--wrt"))
    if network.shape(first.of):
        raise NotDefined(f"{of} is an array, and its second derivative no matrix", todo="derive a number twice")
    for q in (first.wrt, by):
        if len(network.shape(q)) > 1:
            todo = f"derive by a vector, or: {PRODUCT}"
            raise NotDefined(f"{q} is a matrix, and a second derivative by it no matrix", todo=todo)
    simplified = joined(network, as_printed(network, unfolded(network, first.map, "unfolded")))
    raw, written = (
        derive(*with_gradient(network, first, m), by)
        for m in (map_tree.rewrite(first.map, losses_written(network)), simplified)
    )
    return SecondForm(first, raw, written)


def losses_written(network: Network) -> Callable[[Expression], Expression]:
    """Return what writes the derivatives of known losses out, a - y."""

    def of_loss(e: Expression) -> Expression | None:
        match e:
            case Partial(_, _, value):
                found = of_loss(value)
                return found
            case Apply(Op(kind="partial", record=Loss() as loss) as op, arguments):
                written: Expression = loss.partial(op.place or 0)(Symbols(network.shape_of), *arguments)
                return written
        return None

    return lambda e: replaced(e, of_loss)


def with_gradient(network: Network, first: ClosedForm, m: LinearMap) -> tuple[Network, Quantity]:
    """Return the network with the gradient of a number among its equations, and the name of the gradient.

    m: the derivative ∂of/∂wrt of ``first``, in the form in which it becomes an equation.
    """
    found = pulled(network, m)
    if found is None:
        raise NotDefined(f"the gradient ∂{first.of}/∂{first.wrt} is no product that can be derived again")
    line = Line(network.name, 1, "")
    names: dict[str, tuple[Quantity, Quantity]] = {}
    equations: list[Equation] = []

    def named(e: Expression) -> Expression | None:
        """Return the name of a derivative of an opaque loss, and make an equation of it."""
        if not isinstance(e, Partial):
            return None
        q = gradient_name(e.of, e.wrt)
        if q.name not in names:
            names[q.name] = e.of, e.wrt
            equations.append(Equation(q, e.value, line))
        return q

    value = replaced(normal(network, found), named)
    _check_named(value)
    target = gradient_name(first.of, first.wrt)
    if target.name not in names:
        names[target.name] = first.of, first.wrt
        equations.append(Equation(target, value, line))
    shapes = {Quantity(name): network.shape(wrt) for name, (_, wrt) in names.items()}
    extended = replace(
        network,
        openings=(*network.openings, *network.closings, *equations),
        closings=(),
        shapes={**network.shapes, **shapes},
        derivatives=names,
    )
    return extended, target


def _check_named(e: Expression) -> None:
    """Raise NotDefined where an opaque loss is called on what has no name."""
    for a in applications(e):
        if a.op.kind == "jacobian":
            raise NotDefined(
                f"{a.op.name} is an opaque function of vectors, whose second derivative is no matrix",
                todo=f"write the equation with what {a.op.name} is, in place of {a.op.name}(...)",
            )
        if a.op.kind == "partial":
            raise NotDefined(
                f"the second derivative of {a.op.name}, whose argument has no name of its own",
                todo=f"write an equation for the argument, o = ..., and {a.op.name}(o)",
            )


def merged(network: Network, m: LinearMap) -> LinearMap:
    """Return m, where a product of diagonal matrices is one of them: diag(u) diag(v) is diag(u ⊙ v)."""

    def merge(x: LinearMap, of: Callable[[LinearMap], LinearMap]) -> LinearMap:
        x = x if isinstance(x, Named) else map_tree.rebuilt(x, of)  # what stands behind a name is not looked at
        if not isinstance(x, Compose):
            return x
        maps: list[LinearMap] = []
        for y in x.maps:
            match maps[-1:], y:
                case [Diagonal(u)], Diagonal(v):
                    maps[-1] = M.diagonal(times(network, u, v))
                case _:
                    maps.append(y)
        return M.compose(*maps)

    return fold(m, inside_unopened, merge)
