"""The backward equations of a network: the cotangent of each quantity by those of the quantities that read it.

    δ_l = (W_{l+1}ᵀ δ_{l+1}) ⊙ σ'(z_l),    ∂C/∂W_l = δ_l a_{l-1}ᵀ,    ∂C/∂W = Σ_t δ_t h_{t-1}ᵀ

They are found by one rule, from the equations alone: ∂C/∂X is the sum, over every place where an equation reads X, of
the transposed local Jacobian applied to the cotangent of what that equation defines. An activation a = σ(z) of a
quantity z gets no cotangent of its own: what is pulled back to it goes on to z at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from symgrad.algebra.expression import Apply, Expression, Quantity
from symgrad.algebra.expression_tree import inside as inner_expressions
from symgrad.algebra.expression_tree import nodes
from symgrad.algebra.index import Index, difference
from symgrad.calculus.assumption import Assumption, strongest
from symgrad.calculus.closed_form import check_depth
from symgrad.calculus.equations.activation import passes_on
from symgrad.calculus.equations.backward_equation import BackwardEquation, BackwardPass
from symgrad.calculus.equations.step_range import equations_of
from symgrad.calculus.equations.writing import Writing
from symgrad.calculus.gradients import one_number
from symgrad.calculus.jacobian import local_jacobian
from symgrad.network.network import Network
from symgrad.network.syntax.read import read_quantity


def backward_pass(
    network: Network,
    of: str,
    wrt: Iterable[str] | None = None,
    depth: int | None = None,
    form: str = "folded",
) -> BackwardPass:
    """Return the backward equations of a number ``of``: of every parameter that it depends on for ``wrt`` None.

    wrt: names as those of values, "W", "b", or one of them at an index, "W[1]", "s[0]".
    """
    check_depth(depth)
    number = network.resolve(one_number(network, of), depth)
    network.check_open()
    return _written(Writing(network, number, depth, form), wrt)


def _written(w: Writing, wrt: Iterable[str] | None) -> BackwardPass:
    """Write the equations of what is asked for, and of what they read."""
    asked = _asked(w, wrt)
    kept = {q.name for q in asked if isinstance(q.index, Index) or q in _targets(w)}
    w.passed = {e.target.name: e for e in w.network.equations if passes_on(w, e, kept)}
    gradients = [e for q in asked for e in equations_of(w, q)]
    found = {q: list(equations_of(w, q)) for q in _defined(w)}
    wanted, pending = set[Quantity](), list(gradients)
    while pending:
        read = list(pending.pop().reads)
        new = {q for q in found if q not in wanted and any(_may_be(r, q) for r in read)}
        wanted |= new
        pending += [e for q in new for e in found[q]]
    errors = [e for q in _in_order({q: es for q, es in found.items() if q in wanted}) for e in found[q]]
    gradients = [e for e in gradients if e not in errors]
    least = 1 if w.network.grid else w.network.least_depth(w.of)
    if w.depth is None and least > 1:
        w.assumptions.append(Assumption(Index(w.network.depth_symbol), least))
    used = strongest(w.assumptions)
    return BackwardPass(w.network, w.of, w.depth, tuple(errors), tuple(gradients), used, tuple(asked))


def _targets(w: Writing) -> set[Quantity]:
    return {e.target for e in w.network.equations}


def _asked(w: Writing, wrt: Iterable[str] | None) -> list[Quantity]:
    """Return what is asked for; parameters that nothing but the target of a loss is are left out."""
    network = w.network
    if wrt is None:
        return [q for q in network.parameters if _has_gradient(w, q)]
    found = []
    for name in [wrt] if isinstance(wrt, str) else wrt:
        q = read_quantity(name, "wrt")
        if not q.indices and network.names.get(q.name):
            found.append(network.general(network.example(q.name)))
            continue
        q = network.resolve(network.arranged(q), w.depth)
        every = any(isinstance(p, Index) and p.symbol != network.depth_symbol for p in q.indices)
        found.append(w.readers.general(q) if every else q)
    return found


def _has_gradient(w: Writing, q: Quantity) -> bool:
    """Tell whether a parameter is one that is learnt: no target, no exponent of a matrix, nor what is only compared."""
    acts = q.name in w.readers.supports and bool(w.readers.of_name(q.name))
    return acts and not _is_target(w, q) and q not in w.network.exponents


def _is_target(w: Writing, q: Quantity) -> bool:
    """Tell whether nothing but a loss reads q, and not as its first argument."""
    readers = [e for e in w.network.equations if any(r.name == q.name for r in local_jacobian(w.network, e))]
    return bool(readers) and all(_only_behind(e.value, q.name) for e in readers)


def _defined(w: Writing) -> list[Quantity]:
    """Return what the equations define and ``of`` depends on, the last first."""
    network = w.network
    groups = (network.closings, network.steps, network.openings, network.grid)
    targets = dict.fromkeys(w.readers.general(e.target) for g in groups for e in g[::-1])
    passed = w.passed
    return [t for t in targets if t.name in w.readers.supports and t.name not in passed and t != w.of]


def _in_order(found: Mapping[Quantity, list[BackwardEquation]]) -> list[Quantity]:
    """Return quantities so that each cotangent comes after the others that its equations read, as far as that goes."""
    done: dict[Quantity, None] = {}
    for start in found:
        pending, entered = [(start, False)], set()
        while pending:
            q, leaving = pending.pop()
            if leaving:
                done[q] = None
            elif q not in done and q not in entered:
                entered.add(q)
                read = [r for e in found[q] for r in e.reads if r.name == q.name or not _apart(r, e.wrt)]
                pending.append((q, True))
                pending += [(p, False) for p in found if p not in done and any(_may_be(r, p, False) for r in read)]
    return list(done)


def _apart(p: Quantity, q: Quantity) -> bool:
    """Tell whether two quantities stand at different steps of one recurrence."""
    return any(difference(a, b) not in (None, 0) for a, b in zip(p.indices, q.indices, strict=False))


def _may_be(read: Quantity, q: Quantity, early: bool = True) -> bool:
    """Tell whether a quantity that is read is one of those that q stands for, a step or a value that it starts from.

    early: whether one that is read at a symbol may also be at a number.
    """
    if read.name != q.name:
        return False
    pairs = list(zip(read.indices, q.indices, strict=True))
    return all(isinstance(b, Index) or a == b or (early and isinstance(a, Index)) for a, b in pairs)


def _only_behind(e: Expression, name: str) -> bool:
    """Tell whether a name stands in e behind the first argument of a loss, and nowhere else."""
    match e:
        case Apply(op, (first, *_)) if op.kind == "scalar":
            return not any(isinstance(x, Quantity) and x.name == name for x in nodes(first))
        case Quantity():
            return e.name != name
    return all(_only_behind(x, name) for x in inner_expressions(e))
