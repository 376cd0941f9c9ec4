"""The derivation of ∂of/∂wrt for any network: the steps of the computation that gives the closed form.

The closed form is computed with the names of its parts left standing, ∂C/∂a_L (∏ ∂a_j/∂a_{j-1}) ∂a_1/∂b_1,
and inside each part those of single equations, ∂a_j/∂z_j ∂z_j/∂a_{j-1}. Opening the names, level by level,
gives the steps: first the single equations, then the parts, then the whole.
"""

from __future__ import annotations

from dataclasses import replace

from symgrad.algebra import map_tree
from symgrad.algebra.differential import Partial
from symgrad.algebra.expression import Expression, Quantity
from symgrad.algebra.expression_tree import applications, quantities
from symgrad.algebra.index import difference
from symgrad.algebra.linear_map import Column, Identity, IndexedSum, LinearMap, Named, Product, Scale, Sum, Transpose
from symgrad.calculus.closed_form import ClosedForm, derive
from symgrad.calculus.jacobian import named_jacobian
from symgrad.claims.definition import Definition
from symgrad.claims.differential import Differential
from symgrad.derivation.derivation import Derivation, Draft
from symgrad.errors import NotDefined
from symgrad.network.equation import Equation
from symgrad.network.network import Network


def derivation(network: Network, of: Quantity, wrt: Quantity, depth: int | None = None) -> Derivation:
    """Return the steps that lead to ∂of/∂wrt; they are not checked yet.

    >>> from symgrad.network.read import read_builtin
    >>> steps = derivation(read_builtin("chain"), Quantity("C"), Quantity("b", 1)).steps
    >>> print(*dict.fromkeys(s.rule.name for s in steps), sep=", ")
    definition, elementwise function, linear term, chain rule, substitution, product over layers
    """
    closed = derive(network, of, wrt, depth)
    if network.ranges:
        raise NotDefined(
            f"the steps of {network.name}, which has families or several recurrences, are not written out",
            todo="print the result alone: --detail folded, unfolded or inputs",
        )
    return _Writer(network, closed, replace(closed, map=closed.named)).write()


class _Writer:
    """Writes one derivation: the draft, and which step gives which name."""

    def __init__(self, network: Network, closed: ClosedForm, named: ClosedForm) -> None:
        self.network, self.closed, self.named = network, closed, named
        assumptions = tuple(map(str, closed.assumptions))
        self.draft = Draft(f"∂{closed.of}/∂{closed.wrt} of the model {network.name}", assumptions=assumptions)

    def write(self) -> Derivation:
        """Return the derivation: equations, partial derivatives, parts, the whole."""
        for equation in self._equations():
            self.draft.add(Definition(self.network, equation.target), "definition")
        premises = [number for part in _distinct(self.named.map) for number in self._part(part)]
        if self.named.map != self.closed.map and _distinct(self.named.map) and not self._names_the_whole():
            rule, because = self._whole()
            premises = [self.draft.add(Differential(self.named), rule, because, *premises), *premises]
        self.draft.add(Differential(self.closed), *_put_in(premises), *premises)
        return self.draft.derivation()

    def _names_the_whole(self) -> bool:
        """Tell whether the one part has the name of the whole: ∂a_j/∂a_{j-1} = ∂a_j/∂a_{j-1} is no step."""
        m, whole = self.named.map, (self.closed.of, self.closed.wrt)
        return isinstance(m, Named) and not m.immediate and (m.of, m.wrt) == whole

    def _equations(self) -> list[Equation]:
        """Return the equations on the paths from wrt to of, in the order of evaluation."""
        equations, below, above = self.network.equations, {self.closed.wrt.name}, {self.closed.of.name}
        for _ in equations:
            below |= {e.target.name for e in equations if any(q.name in below for q in quantities(e.value))}
            above |= {q.name for e in equations if e.target.name in above for q in quantities(e.value)}
        return [e for e in equations if e.target.name in below & above]

    # --- the parts --------------------------------------------------------------------------------------

    def _part(self, part: Named) -> list[int]:
        """Write the steps that give a named part of the closed form; return the number of the last."""
        edges = _distinct(part.map)
        if not edges:
            return self._edge(part)
        premises = [number for edge in edges for number in self._edge(edge)]
        if part.map == edges[0]:
            return premises
        rule, because = _along(part.map)
        chain = self.draft.add(self._claim(part, part.map), rule, because, *premises)
        value = map_tree.opened(part.map)
        return [self.draft.add(self._claim(part, value), *_put_in(premises), chain, *premises)]

    def _edge(self, edge: Named) -> list[int]:
        """Write the partial derivative of one equation, at a general index; return its number."""
        general = self._general(edge)
        if _names_itself(general):
            return []
        form = ClosedForm(self.network, general.of, general.wrt, None, general.map)
        claim = Differential(form, "equation", immediate=general.immediate)
        return [self.draft.add(claim, *_reason(general.map, general.wrt))]

    def _general(self, edge: Named) -> Named:
        """Return ∂a_j/∂a_{j-1} for ∂a_1/∂a_0: the same derivative at the index of the step."""
        if edge.of.index is None or edge.of.name not in self.network.defined:
            return edge
        step = next(e for e in self.network.steps if e.target.name == edge.of.name)
        for q, m in named_jacobian(self.network, step).items():
            same = (
                q.index is None or edge.wrt.index is None or self._lag(step.target, q) == self._lag(edge.of, edge.wrt)
            )
            if q.name == edge.wrt.name and same and isinstance(m, Named):
                return m
        return edge

    @staticmethod
    def _lag(of: Quantity, wrt: Quantity) -> int | None:
        return None if of.index is None or wrt.index is None else difference(of.index, wrt.index)

    def _claim(self, part: Named, m: LinearMap) -> Differential:
        form = ClosedForm(self.network, part.of, part.wrt, self.closed.depth, m)
        return Differential(form, part.scope, immediate=part.immediate)

    def _whole(self) -> tuple[str, str]:
        """Say how the parts make up the whole."""
        match self.named.map:
            case IndexedSum():
                return "sum over time", "The parameter acts at every step; the paths through the steps add."
            case Sum():
                return "sum over paths", "The paths add; along each the derivatives multiply."
        if any(isinstance(m, Product) for m in map_tree.parts(self.named.map)):
            return "product over layers", "From layer to layer the derivatives multiply."
        return "chain rule", "Along the path the derivatives multiply."


def _distinct(m: LinearMap) -> list[Named]:
    return list(dict.fromkeys(map_tree.names(m)))


def _put_in(premises: list[int]) -> tuple[str, str]:
    return "substitution", "The derivatives are put in." if premises else "It is read off the equations."


def _along(m: LinearMap) -> tuple[str, str]:
    if any(isinstance(x, Sum) for x in map_tree.parts(m)):
        return "sum over paths", "The paths inside the step add; along each the derivatives multiply."
    return "chain rule", "Along the path the derivatives multiply."


def _names_itself(edge: Named) -> bool:
    """Tell whether the derivative has no other form than its name, as ∂C/∂a_L of an opaque cost."""
    match edge.map:
        case Scale(Partial() as v) | Transpose(Column(Partial() as v)):
            return (v.of, v.wrt) == (edge.of, edge.wrt)
    return False


def _reason(m: LinearMap, wrt: Quantity) -> tuple[str, str]:
    """Say why the partial derivative of one equation is what it is."""
    if any(_mentions_slope(e) for e in map_tree.expressions(m)):
        return "elementwise function", "The function acts on each entry by itself."
    if isinstance(m, Identity):
        return "linear term", "It enters as it is."
    if all(wrt not in quantities(e) for e in map_tree.expressions(m)):
        return "linear term", "The equation is linear in it: its derivative is its factor."
    return "partial derivative", "All else that the equation reads is held fixed."


def _mentions_slope(e: Expression) -> bool:
    return any(a.op.kind == "slope" for a in applications(e))
