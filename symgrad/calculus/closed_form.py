"""The derivative of one quantity of a network by another, in closed form, for any depth.

With the state S_j and the Jacobian J_j of one step, for a quantity Y that enters at step m,

    ∂X/∂Y = R (∏_{j=m+1}^{σ} J_j) E_m,      R = ∂X/∂S_σ,   E_m = ∂⁺S_m/∂Y,

where σ is the last step whose state X depends on. Several entries add; a parameter that every step
shares enters at every step, so its derivative is the sum over m = 1..σ. Where X is a sum over steps, Σ_t ℓ(S_t), σ
is t, and the derivative is the sum over t from m on; by a shared parameter Σ_t Σ_{m ≤ t}.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from symgrad.algebra import map_tree
from symgrad.algebra.expression import Expression, Quantity
from symgrad.algebra.expression_tree import everywhere
from symgrad.algebra.index import Index, difference, fresh
from symgrad.algebra.index_sum import IndexSum
from symgrad.algebra.linear_map import LinearMap, Named, Undefined, inside
from symgrad.algebra.map_algebra import ZERO
from symgrad.algebra.substitution import moved, substitute
from symgrad.algebra.tree import walk
from symgrad.calculus.assumption import Assumption, Distinct, strongest
from symgrad.calculus.bound import named_by_sum
from symgrad.calculus.solver.question import Question
from symgrad.calculus.solver.total import total
from symgrad.errors import IndexRangeError, NotDefined
from symgrad.network.equation import Equation
from symgrad.network.network import Network
from symgrad.network.suspicion import notes_on_zero
from symgrad.network.syntax.read import read_quantity


@dataclass(frozen=True)
class ClosedForm:
    """∂of/∂wrt of a network as one linear map, with what was assumed of the indices."""

    network: Network
    of: Quantity
    wrt: Quantity
    depth: int | None
    map: LinearMap
    assumptions: tuple[Assumption | Distinct, ...] = ()
    reason: str = ""
    """Why the derivative is 0, where it is."""

    @property
    def named(self) -> LinearMap:
        """The map with the names of its parts, whatever ``map`` is: ∂C/∂a_L (∏ ∂a_j/∂a_{j-1}) ∂a_1/∂b_1, and inside
        each name those of single equations: the chain rule as it is written.
        """
        return _solved(self.network, self.of, self.wrt, self.depth).map

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences on names that may have been meant as something else, above all where the derivative is 0."""
        zero = notes_on_zero(self.network, self.of, self.wrt) if self.map == ZERO else ()
        return tuple(dict.fromkeys((*zero, *self.network.notes)))


def derive(network: Network, of: Quantity, wrt: Quantity, depth: int | None = None) -> ClosedForm:
    """Return ∂of/∂wrt, total, in closed form; products over layers are left standing.

    >>> from symgrad.network.read import read_builtin
    >>> [str(a) for a in derive(read_builtin("chain"), Quantity("C"), Quantity("b", 1)).assumptions]
    ['L ≥ 1']
    """
    check_depth(depth)  # True is no depth, though it is found in a cache as 1
    solved = _solved(network, of, wrt, depth)
    written = named_by_sum(network, solved.of, map_tree.unnamed(solved.map, stays=_acts_at_every_step))
    reason = "" if written != ZERO else _why_zero(solved)
    return replace(solved, map=written, reason=reason)


@lru_cache(maxsize=1024)
def _solved(network: Network, of: Quantity, wrt: Quantity, depth: int | None) -> ClosedForm:
    """Return the closed form with the names of its parts."""
    of, wrt = network.resolve(of, depth), network.resolve(wrt, depth)
    network.check_open()
    if network.grid:
        from symgrad.calculus.grid_form import grid_form
        from symgrad.calculus.independent import independent_form

        product = independent_form(network, of, wrt) if depth is None else None
        return ClosedForm(network, of, wrt, depth, grid_form(network, of, wrt, depth) if product is None else product)
    network = _apart(network, {q.index.symbol for q in (of, wrt) if isinstance(q.index, Index)})
    least = network.least_depth(of)
    if depth is not None and depth < least:
        raise IndexRangeError(
            f"{of} reads layers that a network of depth {depth} does not have",
            where=f"model {network.name}",
            todo=f"give a depth of {least} or more",
        )
    if wrt in network.exponents:
        raise NotDefined(f"{wrt} is an integer, the exponent of a matrix", todo="differentiate by another parameter")
    asked = Question(network, of, wrt, depth)
    found = total(asked)
    for m in walk(found, inside):
        if isinstance(m, Undefined):
            raise NotDefined(f"∂{of}/∂{wrt}: {m.why}", todo=m.todo)
    if depth is None and least > 1:
        asked.assumptions.append(Assumption(Index(network.depth_symbol), least))
    return ClosedForm(network, of, wrt, depth, found, strongest(asked.assumptions))


def _apart(network: Network, letters: set[str]) -> Network:
    """Return a network whose sums bind none of these letters: ∂E/∂x_t of E = Σ_t e_t is a sum over another letter."""
    clash = letters & network.bound_letters
    if not clash:
        return network
    used = letters | {network.symbol, network.depth_symbol, *network.names, *network.index_letters}
    renames = {old: fresh("i", used) for old in clash}

    def renamed(e: Expression) -> Expression:
        if not isinstance(e, IndexSum) or e.symbol not in renames:
            return e
        new = renames[e.symbol]
        own = {e.symbol: Index(new)}
        return replace(e, symbol=new, body=substitute(e.body, own), within=moved(e.within, own))

    def apart(equations: tuple[Equation, ...]) -> tuple[Equation, ...]:
        return tuple(replace(e, value=everywhere(e.value, renamed)) for e in equations)

    return replace(
        network,
        openings=apart(network.openings),
        steps=apart(network.steps),
        closings=apart(network.closings),
    )


def _acts_at_every_step(name: Named) -> bool:
    """Tell whether a name is ∂⁺s_k/∂W, by a parameter that each step reads: its map has no symbol of its own."""
    return name.scope == "step" and name.wrt.index is None


def closed_form(network: Network, of: str, wrt: str, depth: int | None = None) -> ClosedForm:
    """Return ∂of/∂wrt for quantities given as text: "C", "b[1]"."""
    return derive(network, read_quantity(of, "--of"), read_quantity(wrt, "--wrt"), depth)


def check_depth(depth: int | None) -> None:
    """Raise IndexRangeError unless the depth is a number of layers, or None for a symbolic one."""
    if depth is None:
        return
    if isinstance(depth, bool) or not isinstance(depth, int) or depth < 1:
        raise IndexRangeError(f"the depth is {depth!r}", todo="give a whole number of layers, 1 or more")
    if depth > 10_000_000:
        raise IndexRangeError(f"a depth of {depth:,} is too large to write out", todo="leave the depth symbolic")


def _why_zero(solved: ClosedForm) -> str:
    """Say why the derivative is 0."""
    x, y = solved.of, solved.wrt
    if solved.map != ZERO:
        return f"the paths from {y} to {x} cancel each other"
    if x.index is not None and y.index is not None:
        gap = difference(y.index, x.index)
        if gap is not None and gap > 0:
            return f"{y} comes after {x}, so {x} does not depend on it"
    return f"no path of the graph leads from {y} to {x}"
