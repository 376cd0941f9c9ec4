"""Which program is asked for: of which number or array, by what, for which library."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from symgrad.algebra.expression import Apply, Quantity
from symgrad.algebra.expression_tree import quantities
from symgrad.algebra.index import Index, symbols
from symgrad.algebra.substitution import move
from symgrad.calculus.closed_form import ClosedForm
from symgrad.calculus.equations.written import backward_pass
from symgrad.code.table import backend
from symgrad.code.write import program
from symgrad.errors import IndexRangeError, NotDefined
from symgrad.network.equation import Equation
from symgrad.network.network import Network
from symgrad.network.syntax.line import Line
from symgrad.ops.linear import MATMUL, SUM


def code_of(
    network: Network,
    language: str,
    of: str | None = None,
    wrt: Iterable[str] | str | None = None,
    depth: int | None = None,
    at: Quantity | None = None,
) -> str:
    """Return a program for ``of`` and its derivatives by ``wrt``: a number's gradients, an array's Jacobians.

    of: the only number that nothing reads, where it is left out. wrt: every parameter, where it is left out. at: the
    one of what ``wrt`` stands for that is returned; its letters are arguments.
    Raises NotDefined for what is not written as code.

    >>> from symgrad.network.read import read_network
    >>> net = read_network("a[j] = tanh(w[j]*a[j-1])\\nC = a[L]**2")
    >>> print(*[line for line in code_of(net, "numpy", "C", "w").splitlines() if "grad_w[j] =" in line])
            grad_w[j] = like(a[j - 1] * delta_a * (1 - a[j] ** 2), w[j])
    """
    target = backend(language)
    of = of or str(last_number(network))
    wrt = [wrt] if isinstance(wrt, str) else None if wrt is None else list(wrt)
    of, wrt = _at_the_end(network, of, wrt)
    q = network.resolve(network_quantity(of), depth)
    if not network.shape(q):
        return program(backward_pass(network, of, wrt, depth), target, at=at)
    extended, number = with_seed(network, q)
    return program(backward_pass(extended, str(number), wrt, depth), target, q, at)


def code_of_form(form: ClosedForm, language: str) -> str:
    """Return the program of one derivative in closed form; an open index is an argument."""
    of, (by,) = _at_the_end(form.network, str(form.of), [str(form.wrt)])  # type: ignore[misc]
    wrt = form.network.arranged(network_quantity(by))
    open_ = symbols(wrt.indices) - {form.network.depth_symbol, *form.network.depths}
    return code_of(form.network, language, of, [by], form.depth, wrt if open_ else None)


def _at_the_end(network: Network, of: str, wrt: list[str] | None) -> tuple[str, list[str] | None]:
    """Return a question of any step, h[t], as that of the last one: how many steps there are is left open."""
    q = network.arranged(network_quantity(of))
    if network.grid or not isinstance(q.index, Index) or q.index.symbol == network.depth_symbol:
        return of, wrt
    last = {q.index.symbol: Index(network.depth_symbol, -q.index.offset)}
    every = None if wrt is None else [network.arranged(network_quantity(x)) for x in wrt]
    return str(move(q, last)), None if every is None else [str(move(x, last)) for x in every]


def network_quantity(text: str) -> Quantity:
    """Return the quantity that a text names."""
    from symgrad.network.syntax.read import read_quantity

    return read_quantity(text, "of")


def last_number(network: Network) -> Quantity:
    """Return the number that equations define and that nothing reads; NotDefined where there is none, or several."""
    read = {q.name for e in network.equations for q in quantities(e.value)}
    found = [e.target for e in network.equations if e.target.name not in read and not e.target.indices]
    found = [q for q in found if not network.shape(q)]
    if len(found) != 1:
        several = ", ".join(map(str, found))
        raise NotDefined(
            f"{network.name} has {f'several numbers at its end: {several}' if found else 'no number at its end'}",
            todo='say what is derived: code("numpy", of="C")',
        )
    return found[0]


def with_seed(network: Network, of: Quantity) -> tuple[Network, Quantity]:
    """Return the network with the product of an array and a seed: its gradient at seed e_i is row i of the Jacobian."""
    ends = {network.depth_symbol, *network.depths}
    if open_ := symbols(of.indices) - ends:
        raise IndexRangeError(f"the index {min(open_)} of {of} has no number", todo="give a number")
    names = {*network.names, *network.functions}
    seed, number = (
        next(n for n in (w, f"{w}_of_rows", f"{w}_of_all_rows") if n not in names) for w in ("seed", "seeded")
    )
    [s, total] = Quantity(seed), Quantity(number)
    value = Apply(MATMUL, (s, of)) if len(network.shape(of)) == 1 else Apply(SUM, (s * of,))
    equation = Equation(total, value, Line(network.name, 1, ""))
    shapes = {**network.shapes, s: network.shape(of), total: ()}
    if network.grid:
        return replace(network, grid=(*network.grid, equation), shapes=shapes), total
    return replace(network, closings=(*network.closings, equation), shapes=shapes), total
