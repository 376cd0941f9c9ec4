"""Verify backward equations: by induction from the last step to the first, and at points by independent witnesses.

induction         each equation has exactly the terms of the sum over all that reads its quantity in the unrolled
                  network. Which readers those are depends on how far a step is from the first and from the last one,
                  and no more where it is far from both; so a few depths have every kind of step, and what holds at
                  each of them holds at every depth: from the last step to the first each cotangent is ∂C/∂X.
backpropagation   pull-backs of the operations over the unrolled network
tangents          Taylor numbers: no derivative rule of ours at all
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import product

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.expression import Quantity
from symgrad.algebra.expression_tree import reads
from symgrad.algebra.index import Affine, symbols
from symgrad.algebra.linear_map import LinearMap
from symgrad.algebra.span import reach
from symgrad.algebra.substitution import move
from symgrad.arithmetic import arithmetic
from symgrad.calculus.backward import backward
from symgrad.calculus.backward_values import BackwardValues, numberings
from symgrad.calculus.bound import one, spans_of
from symgrad.calculus.equations.backward_equation import BackwardPass
from symgrad.calculus.forward import Compiler, forward
from symgrad.calculus.jacobian import local_jacobian
from symgrad.calculus.meeting import Back
from symgrad.calculus.tangent import tangent
from symgrad.errors import SymgradError, TooLarge
from symgrad.evidence.compare import Comparison, Judge, Zeros
from symgrad.evidence.draw import ATTEMPTS, Draw
from symgrad.evidence.evidence import Check
from symgrad.evidence.paths import MOST_QUANTITIES, Terms, terms
from symgrad.evidence.sizes import sizes
from symgrad.evidence.verdict import Verdict
from symgrad.evidence.verify import test_functions
from symgrad.network.bind import Binding, bind_map, bind_network
from symgrad.network.network import Network

FINER = (1, 4, 16)
"""Multiples of the digits, one after the other, as long as balls are too wide to decide."""
POINTS = 3
"""Depths at which a backward pass is compared with its witnesses."""


def checks(equations: BackwardPass, seed: int = 0, digits: int = 60) -> tuple[Check, ...]:
    """Return the checks of a backward pass, but for that of its page."""
    try:
        return (prove(equations), *points(equations, seed, digits))
    except SymgradError as error:
        return (prove(equations), Check("points", Verdict.UNKNOWN, error.what, required=True))


# --- induction ------------------------------------------------------------------------------------------


def depths(equations: BackwardPass, most: int) -> list[int]:
    """Return the depths at which the equations are compared: that of the pass, or the smallest that they hold for."""
    if equations.depth is not None:
        return [equations.depth]
    network = equations.network
    if network.grid:
        return list(range(1, 1 + min(most, 2 * _reach(network) + 3)))
    numbers = [p for q in _asked(equations) for p in q.indices if isinstance(p, int)]
    first = max([1, network.least_depth(equations.of), *numbers])
    if not network.steps:
        return [first]
    found = range(first, first + min(most, 2 * _reach(network) + 3))
    symbol = network.depth_symbol
    return [d for d in found if all(a.holds({symbol: d}) for a in equations.assumptions)]


def _reach(network: Network) -> int:
    """Return how far from a step, or from the ends, an equation reads."""
    found = [0]
    for e in network.equations:
        for q, spans in ((e.target, ()), *reads(e.value)):
            own = {s.symbol: s for s in spans}
            for p in q.indices:
                known = [p] if not isinstance(p, Affine) else reach(p, own)  # t - k, k = 1, 2, reaches to t - 2
                found += [abs(x) if isinstance(x, int) else abs(x.offset) for x in known]
    return max(found)


def _sizes(network: Network, used: list[int]) -> Iterator[dict[str, int]]:
    """Yield numbers for the ends of all ranges: of several recurrences each with each."""
    letters = network.depths if network.grid else (network.depth_symbol,)
    families = frozenset(ends(network) - {network.depth_symbol, *network.depths})
    several = sizes(network, families) if network.compound else [dict.fromkeys(families, MEMBERS)]
    for members, numbers in product(several, product(used, repeat=len(letters))):
        yield {**members, **dict(zip(letters, numbers, strict=True))}


def _asked(equations: BackwardPass) -> list[Quantity]:
    return [equations.of, *(e.wrt for e in equations.equations)]


def prove(equations: BackwardPass) -> Check:
    """Compare each equation, at each kind of step, with all that reads its quantity, term by term."""
    network = equations.network
    method = "induction from the last step to the first" if network.steps or network.depths else "sum over readers"
    used = depths(equations, most=1_000)
    if not used:
        return Check(method, Verdict.UNKNOWN, "no depth satisfies the assumptions")
    try:
        for sizes in _sizes(network, used):
            if wrong := _wrong(equations, sizes):
                return Check(method, Verdict.UNKNOWN, wrong)
    except SymgradError as error:
        return Check(method, Verdict.UNKNOWN, error.what)
    shown = f"depths {used[0]} to {used[-1]}" if len(used) > 1 else f"depth {used[0]}"
    shown += ", small sizes of all relations" if network.compound else ""
    return Check(method, Verdict.PROVED, f"each equation has the terms of all that reads its quantity: {shown}")


def _wrong(equations: BackwardPass, at_depth: Mapping[str, int]) -> str:
    """Compare the equations with the graph at one depth; return where they differ."""
    network = equations.network
    depth = ", ".join(str(at_depth[letter]) for letter in network.depths or (network.depth_symbol,))
    of = move(equations.of, at_depth)
    readers = _readers(network, of, at_depth)
    kept = {move(e.wrt, at) for e in equations.errors for at in numberings(e.ranges, at_depth)} | {of}
    given: set[Quantity] = set()
    for e in equations.equations:
        for at in numberings(e.ranges, at_depth):
            q = move(e.wrt, at)
            if q in given:
                return f"at depth {depth} there are two equations of {q}"
            given.add(q)
            if q == of:
                continue
            leaves = (leaf for b in e.readers for leaf in _leaves(b, at))
            acts = (leaf for leaf in leaves if leaf[0] == of or leaf[0] in readers)  # any other ∂C/∂X is 0
            found = _sum((source, terms(m)) for source, m in acts)
            wanted = _sum((source, terms(m)) for source, m in _read(q, readers, kept))
            if found != wanted:
                return f"at depth {depth} the equation of {q} has other terms than what reads {q}"
            if missing := [s for s in found if s != of and s not in kept]:
                return f"at depth {depth} the equation of {q} reads ∂{of}/∂{missing[0]}, which no equation gives"
    for q in readers:
        if q not in given and any(_is_one_of(network, q, asked) for asked in equations.asked):
            return f"at depth {depth} no equation gives ∂{of}/∂{q}"
    return ""


MEMBERS = 3
"""Members of each family with which the equations are compared: one, another, and a third."""


def ends(network: Network) -> set[str]:
    """Return the letters that end the ranges of families."""
    return {x for s in network.ranges.values() for x in symbols((s.lower, s.upper))}


def _readers(network: Network, of: Quantity, at: Mapping[str, int]) -> dict[Quantity, list[tuple[Quantity, LinearMap]]]:
    """Return what reads each quantity that ``of`` depends on, all of them with numbers for their indices."""
    rows: dict[Quantity, list[tuple[Quantity, LinearMap]]] = {}
    fixed = {e.target for e in network.equations if not network.free(e)}
    for e in network.equations:
        for inner in numberings(network.free(e), at):
            if network.free(e) and move(e.target, inner) in fixed:
                continue  # it has an equation of its own
            row = rows.setdefault(move(e.target, inner), [])
            if len(rows) > MOST_QUANTITIES:
                raise TooLarge("the graph has too many quantities to walk")
            for key, m in local_jacobian(network, e).items():
                row += [(move(one(key), term), map_tree.at_index(m, term)) for term in numberings(spans_of(key), inner)]
    readers: dict[Quantity, list[tuple[Quantity, LinearMap]]] = {}
    pending, seen = [of], {of}
    while pending:
        q = pending.pop()
        for r, m in rows.get(q, ()):
            readers.setdefault(r, []).append((q, m))
            if r not in seen:
                seen.add(r)
                pending.append(r)
    return readers


def _is_one_of(network: Network, q: Quantity, asked: Quantity) -> bool:
    """Tell whether q is a step of what is asked for at every step; what a state starts from is no step."""
    if q.name != asked.name or not symbols(asked.indices):
        return False
    if any(isinstance(p, int) and p != r for p, r in zip(asked.indices, q.indices, strict=True)):
        return False
    return q.name not in network.defined or all(isinstance(p, int) and p > 0 for p in q.indices)


def _leaves(b: Back, at: Mapping[str, int]) -> Iterator[tuple[Quantity, LinearMap]]:
    """Yield each cotangent that a reader pulls back, with the map that it is pulled back by."""
    for inner in numberings(b.sums, at):
        here = map_tree.at_index(b.map, inner)
        if isinstance(b.source, Quantity):
            yield move(b.source, inner), here
        else:
            for x in b.source:
                for source, m in _leaves(x, inner):
                    yield source, M.compose(m, here)


def _read(
    q: Quantity, readers: Mapping[Quantity, list[tuple[Quantity, LinearMap]]], kept: set[Quantity]
) -> Iterator[tuple[Quantity, LinearMap]]:
    """Yield what reads q in the graph; what has no equation of its own is passed by, to what reads it."""
    pending = list(readers.get(q, ()))
    while pending:
        source, m = pending.pop()
        if source in kept:
            yield source, m
        else:
            pending += [(s, M.compose(outer, m)) for s, outer in readers.get(source, ())]


def _sum(pairs: Iterator[tuple[Quantity, Terms]]) -> dict[Quantity, Terms]:
    """Add the terms of each cotangent; what cancels is dropped."""
    found: dict[Quantity, Terms] = {}
    for q, more in pairs:
        total = found.setdefault(q, Counter())
        for term, n in more.items():
            total[term] += n
    kept = {q: Counter({t: n for t, n in ts.items() if n}) for q, ts in found.items()}
    return {q: ts for q, ts in kept.items() if ts}


# --- points ---------------------------------------------------------------------------------------------


def points(equations: BackwardPass, seed: int, digits: int) -> tuple[Check, Check]:
    """Compare the numbers that the equations give with backpropagation, and with tangents."""
    network = equations.network
    bindings = test_functions(network, seed)
    bound = bind_network(network, bindings)
    used = depths(equations, POINTS)
    described = f"balls of {digits} digits"
    shown = f"depth {', '.join(map(str, used))}"
    found: dict[str, list[Comparison]] = {"backpropagation": [], "tangents": []}
    counterexample = ""
    for depth in used:
        zeros: dict[int, Zeros] = {}
        for finer, attempt in product(FINER, ATTEMPTS):  # by accident something may cancel at one point
            draw = Draw(bound, depth, seed, attempt)
            judge = zeros.setdefault(attempt, Zeros()).at(finer * digits)
            results = _compared(equations, bindings, draw, finer * digits, judge)
            if not {Comparison.UNDEFINED, Comparison.WIDE} & set(results.values()):
                break
        for method, result in results.items():
            found[method].append(result)
            if result is Comparison.DISJOINT:
                counterexample = f"at depth {depth}, {draw}"
    made = []
    for method, outcomes in found.items():
        if Comparison.DISJOINT in outcomes:
            made.append(Check(method, Verdict.REFUTED, "", described, seed, len(used), counterexample, required=True))
        elif outcomes and all(c is Comparison.AGREE for c in outcomes):
            made.append(Check(method, Verdict.SAMPLED, shown, described, seed, len(used), required=True))
        else:
            worst = next((c.value for c in outcomes if c is not Comparison.AGREE), "not computed")
            made.append(Check(method, Verdict.UNKNOWN, f"the balls are {worst}", described, seed, required=True))
    return made[0], made[1]


WORST_FIRST = (Comparison.DISJOINT, Comparison.UNDEFINED, Comparison.WIDE, Comparison.AGREE)


def _compared(
    equations: BackwardPass, bindings: Mapping[str, Binding], draw: Draw, digits: int, judge: Judge
) -> dict[str, Comparison]:
    A, T = arithmetic("ball", digits), arithmetic("taylor", digits)
    network = draw.network
    with A.working():
        values = draw.values(A)
        at_depth = {**values.ends, network.depth_symbol: draw.depth}
        of = move(equations.of, at_depth)
        compiler = Compiler(values)
        forward(network, values, compiler, wanted=(of,))
        mine = BackwardValues(equations, values, compiler, lambda m: bind_map(m, bindings))
        seed = A.number(1)
        names = {e.wrt.name for e in equations.equations}
        truth = backward(network, values, of, seed, compiler, names)
        found = [judge(mine.value(q), truth.get(q.name, {}).get(q.place({}))) for q in mine.instances]
    if _worst(found) is not Comparison.AGREE:
        return {"backpropagation": _worst(found), "tangents": _worst(found)}
    by_tangents = []
    for q in _some_asked(equations, at_depth):
        with A.working():
            direction = A.array(draw.array(q), draw.shape(q))
        with T.working():
            moved = tangent(network, draw.values(T), of, q, direction)
        with A.working():
            own = mine.value(q)
            along = None if own is None else own * direction
            by_tangents.append(judge(along if along is None or not draw.shape(q) else A.total(along), moved))
    return {"backpropagation": _worst(found), "tangents": _worst(by_tangents)}


MOST_TANGENTS = 12
"""Gradients that are compared with tangents, each of which is a sweep of its own through the network."""


def _some_asked(equations: BackwardPass, at_depth: Mapping[str, int]) -> list[Quantity]:
    """Return one quantity for each equation that is asked for, or for every n-th of many."""
    asked = equations.gradients or equations.errors
    first = [next(numberings(e.ranges, at_depth), None) for e in asked]
    found = [move(e.wrt, at) for e, at in zip(asked, first, strict=True) if at is not None]
    return found[:: -(-len(found) // MOST_TANGENTS)] if found else []


def _worst(found: list[Comparison]) -> Comparison:
    return next((c for c in WORST_FIRST if c in found), Comparison.UNDEFINED)
