"""Check the partial derivatives that stand in a map by their name, ∂C/∂a_L: the name is printed, the value computed."""

from __future__ import annotations

from collections.abc import Iterator

from symgrad.algebra import map_tree
from symgrad.algebra.differential import Partial
from symgrad.algebra.expression import Expression
from symgrad.algebra.expression_tree import nodes
from symgrad.algebra.index import Index, Position
from symgrad.algebra.linear_map import LinearMap
from symgrad.algebra.substitution import substitute
from symgrad.calculus.closed_form import ClosedForm
from symgrad.calculus.jacobian import local_jacobian
from symgrad.evidence.evidence import Check
from symgrad.evidence.verdict import Verdict
from symgrad.network.network import Network

METHOD = "partial derivatives"


def check_partials(form: ClosedForm) -> Check | None:
    """Return a check that refutes a map in which a value stands under another name; None where all names are right.

    The name is right if an equation of the network gives this partial derivative, at some step, and this value.
    """
    known = list(dict.fromkeys(p for e in form.network.equations for p in _of_equation(form.network, e.target.name)))
    for p in dict.fromkeys(_in_map(form.map)):
        if any(_at_step_of(k, p) == p for k in known):
            continue
        name = f"{'∂⁺' if p.immediate else '∂'}{p.of}/∂{p.wrt}"
        return Check(METHOD, Verdict.REFUTED, counterexample=f"what stands under the name {name} is another value")
    return None


def _of_equation(network: Network, target: str) -> Iterator[Partial]:
    for equation in network.equations:
        if equation.target.name == target:
            for m in local_jacobian(network, equation).values():
                yield from _in_map(m)


def _in_map(m: LinearMap) -> Iterator[Partial]:
    """Yield every named partial derivative in a map, those under the names of its parts too."""
    return (x for e in map_tree.expressions(m) for x in nodes(e) if isinstance(x, Partial))


def _at_step_of(known: Partial, p: Partial) -> Expression | None:
    """Return a partial derivative of the equations at the step of p; None where its quantities are not those of p."""
    bindings: dict[str, Position] = {}
    for q, r in ((known.of, p.of), (known.wrt, p.wrt)):
        if q.name != r.name or (q.index is None) != (r.index is None):
            return None
        if isinstance(q.index, Index) and r.index is not None:
            bindings[q.index.symbol] = r.index - q.index.offset
    return substitute(known, bindings)
