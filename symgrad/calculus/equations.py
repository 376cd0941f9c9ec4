"""The backward equations of a network: the cotangent of each quantity by those of the quantities that read it.

    δ_l = (W_{l+1}ᵀ δ_{l+1}) ⊙ σ'(z_l),    ∂C/∂W_l = δ_l a_{l-1}ᵀ,    ∂C/∂W = Σ_t δ_t h_{t-1}ᵀ

They are found by one rule, from the equations alone: ∂C/∂X is the sum, over every place where an equation reads X, of
the transposed local Jacobian applied to the cotangent of what that equation defines. An activation a = σ(z) of a
quantity z gets no cotangent of its own: what is pulled back to it goes on to z at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.differential import Cotangent, Partial
from symgrad.algebra.expression import Apply, Expression, Quantity
from symgrad.algebra.expression_tree import everywhere, nodes, quantities
from symgrad.algebra.expression_tree import inside as inner_expressions
from symgrad.algebra.index import Affine, Index, Position, difference, fresh, minus
from symgrad.algebra.index_sum import IndexSum, index_sum
from symgrad.algebra.linear_map import Compose, Diagonal, Identity, LinearMap, Scale
from symgrad.algebra.span import Span, holds
from symgrad.algebra.substitution import free_symbols, move, moved, substitute
from symgrad.calculus.applied import applied_form, indicators, joined
from symgrad.calculus.assumption import Assumption, Distinct, strongest
from symgrad.calculus.bound import spans_of
from symgrad.calculus.closed_form import check_depth
from symgrad.calculus.cotangent import pulled
from symgrad.calculus.gradients import one_number
from symgrad.calculus.items.divided import of_items
from symgrad.calculus.jacobian import local_jacobian
from symgrad.calculus.normal.term import ONE, ZERO, Term, size, written
from symgrad.calculus.normal.total import normal, summands, total
from symgrad.calculus.normal.transposition import named
from symgrad.calculus.place import Box, Interval, before, pieces
from symgrad.calculus.projectors import as_printed
from symgrad.calculus.rank import rank
from symgrad.calculus.rank_one import with_cotangent_apart
from symgrad.calculus.readers import Back, Readers
from symgrad.calculus.unfold import fused, unfolded
from symgrad.errors import NotDefined
from symgrad.network.equation import Equation
from symgrad.network.network import Network
from symgrad.network.syntax.read import read_quantity


@dataclass(frozen=True)
class Summand:
    """front Σ over the spans of an expression in cotangents, in the shape of what it is the cotangent of."""

    sums: tuple[Span, ...]
    value: Expression
    front: Expression = ONE


@dataclass(frozen=True)
class BackwardEquation:
    """∂of/∂wrt = the sum of the summands, for the indices of wrt in their ranges.

    down: the symbols that go from the last step to the first.
    """

    wrt: Quantity
    readers: tuple[Back, ...]
    summands: tuple[Summand, ...]
    ranges: tuple[Span, ...] = ()
    down: frozenset[str] = frozenset()

    def is_its_name(self, of: Quantity) -> bool:
        """Tell whether it says that ∂C/∂a is ∂C/∂a, the derivative of an open loss, and no more."""
        match self.summands:
            case (Summand((), Partial(number, wrt, _, False), front),):
                return (number, wrt) == (of, self.wrt) and front == ONE
        return False

    @property
    def reads(self) -> Iterator[Quantity]:
        """The quantities whose cotangents stand on the right."""
        for s in self.summands:
            yield from (e.wrt for e in nodes(s.value) if isinstance(e, Cotangent))


@dataclass(frozen=True)
class BackwardPass:
    """The backward equations of the gradients of a number that are asked for, in the order of their computation.

    errors: the equations of the cotangents that are read; gradients: those that are asked for.
    """

    network: Network
    of: Quantity
    depth: int | None
    errors: tuple[BackwardEquation, ...]
    gradients: tuple[BackwardEquation, ...]
    assumptions: tuple[Assumption | Distinct, ...] = ()
    asked: tuple[Quantity, ...] = ()

    @property
    def equations(self) -> tuple[BackwardEquation, ...]:
        """All of them."""
        return (*self.errors, *self.gradients)


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
    return _Writer(network, number, depth, form).written(wrt)


class _Writer:
    def __init__(self, network: Network, of: Quantity, depth: int | None, form: str) -> None:
        self.network, self.of, self.depth, self.form = network, of, depth, form
        self.readers = Readers(network, of, depth)
        self.by_name: dict[str, list[Back]] = {}
        self.assumptions: list[Assumption] = []
        self.passed: dict[str, Equation] = {}
        """The activations whose cotangents go on at once, with their equations."""

    def written(self, wrt: Iterable[str] | None) -> BackwardPass:
        """Write the equations of what is asked for, and of what they read."""
        asked = self._asked(wrt)
        kept = {q.name for q in asked if isinstance(q.index, Index) or q in self._targets}
        self.passed = {e.target.name: e for e in self.network.equations if self._passes_on(e, kept)}
        gradients = [e for q in asked for e in self._equations(q)]
        found = {q: list(self._equations(q)) for q in self._defined()}
        wanted, pending = set[Quantity](), list(gradients)
        while pending:
            read = list(pending.pop().reads)
            new = {q for q in found if q not in wanted and any(_may_be(r, q) for r in read)}
            wanted |= new
            pending += [e for q in new for e in found[q]]
        errors = [e for q in _in_order({q: es for q, es in found.items() if q in wanted}) for e in found[q]]
        gradients = [e for e in gradients if e not in errors]
        least = 1 if self.network.grid else self.network.least_depth(self.of)
        if self.depth is None and least > 1:
            self.assumptions.append(Assumption(Index(self.network.depth_symbol), least))
        used = strongest(self.assumptions)
        return BackwardPass(self.network, self.of, self.depth, tuple(errors), tuple(gradients), used, tuple(asked))

    @property
    def _targets(self) -> set[Quantity]:
        return {e.target for e in self.network.equations}

    # --- which quantities -----------------------------------------------------------------------------

    def _asked(self, wrt: Iterable[str] | None) -> list[Quantity]:
        """Return what is asked for; parameters that nothing but the target of a loss is are left out."""
        network = self.network
        if wrt is None:
            return [q for q in network.parameters if self._has_gradient(q)]
        found = []
        for name in [wrt] if isinstance(wrt, str) else wrt:
            q = read_quantity(name, "wrt")
            if not q.indices and network.names.get(q.name):
                found.append(network.general(network.example(q.name)))
                continue
            q = network.resolve(network.arranged(q), self.depth)
            every = any(isinstance(p, Index) and p.symbol != network.depth_symbol for p in q.indices)
            found.append(self.readers.general(q) if every else q)
        return found

    def _has_gradient(self, q: Quantity) -> bool:
        """Tell whether a parameter is one that is learnt: no target, and no exponent of a matrix."""
        return q.name in self.readers.supports and not self._is_target(q) and q not in self.network.exponents

    def _is_target(self, q: Quantity) -> bool:
        """Tell whether nothing but a loss reads q, and not as its first argument."""
        readers = [e for e in self.network.equations if any(r.name == q.name for r in local_jacobian(self.network, e))]
        return bool(readers) and all(_only_behind(e.value, q.name) for e in readers)

    def _defined(self) -> list[Quantity]:
        """Return what the equations define and ``of`` depends on, the last first."""
        network = self.network
        groups = (network.closings, network.steps, network.openings, network.grid)
        targets = dict.fromkeys(self.readers.general(e.target) for g in groups for e in g[::-1])
        passed = self.passed
        return [t for t in targets if t.name in self.readers.supports and t.name not in passed and t != self.of]

    def _passes_on(self, e: Equation, kept: set[str]) -> bool:
        """Tell whether a quantity is f(z), entry by entry, of a quantity z that an equation defines."""
        target = e.target
        if target.name in kept or target == self.of or target.name not in self.readers.supports:
            return False
        if len(self.network.by_name[target.name]) > 1:
            return False  # a state that starts from a value of its own
        if any(_is_compound(q) for q in local_jacobian(self.network, e)):
            return False
        if self._is_weight(target.name):
            return True
        match e.value:
            case Apply(op, (Quantity() as z,)) if z.name in self.network.by_name:
                return op.kind == "function" and (self._is_elementwise(e, z) or self._meets_loss(e, z))
        return False

    def _is_weight(self, name: str) -> bool:
        """Tell whether the cotangent of a quantity is a number that is known: C is the sum, or the mean, of it."""
        readers = self.readers.of_name(name)
        plain = (Identity, Scale)
        return len(readers) == 1 and all(
            b.source == self.of and not b.sums and isinstance(b.map, plain) and not list(_read_in(b.map))
            for b in readers
        )

    def _is_elementwise(self, e: Equation, z: Quantity) -> bool:
        maps = local_jacobian(self.network, e).values()
        if not all(isinstance(m, Diagonal | Scale) for m in maps):
            return False
        readers = self.readers.of_name(e.target.name)  # G - rowsum(P ⊙ G) is a line of its own
        return all(
            _once(self._pulled(b.map, Cotangent(self.of, b.source))) for b in readers if isinstance(b.source, Quantity)
        )

    def _meets_loss(self, e: Equation, z: Quantity) -> bool:
        """Tell whether nothing but a loss reads p = f(z), and ∂C/∂p ∂p/∂z is shorter than ∂C/∂p: p - y."""
        readers = self.readers.of_name(e.target.name)
        if len(readers) != 1 or readers[0].source != self.of or readers[0].sums:
            return False
        row = readers[0].map
        met = M.compose(row, local_jacobian(self.network, e)[z])
        own, both = (self._pulled(m, ONE) for m in (row, met))
        return not any(isinstance(x, Partial) for x in nodes(both)) and size(both) <= max(3, size(own))

    # --- equations of one quantity ----------------------------------------------------------------------

    def _equations(self, q: Quantity) -> Iterator[BackwardEquation]:
        """Yield the equations of ∂of/∂q, one for each part of the range in which other equations read q."""
        symbols = self.readers.symbols(q.name)
        points = [(d, p) for d, (p, s) in enumerate(zip(q.indices, symbols, strict=True)) if p != Index(s)]
        every = self._backs(q.name)
        backs = (
            [b for b in every if all(b.box[d].holds(Interval(p, p)) for d, p in points)] if len(symbols) > 1 else every
        )
        whole = self._whole(q, symbols, backs)
        self._assume(whole, backs)
        cells = product(*(pieces(w, [b.box[d] for b in backs]) for d, w in enumerate(whole)))
        down = [self._goes_down(s, q, backs) for s in symbols]
        for cell in sorted(_from_the_end(list(cells), down), key=lambda c: [0 if i.point else 1 for i in c]):
            here = [b for b in backs if all(i.holds(c) for i, c in zip(b.box, cell, strict=True))]
            yield self._equation(q, symbols, cell, here)

    def _backs(self, name: str) -> list[Back]:
        if name not in self.by_name:
            found = self.readers.of_name(name)
            self.by_name[name] = [b for back in found for b in self._passed_on(name, back)]
        return self.by_name[name]

    def _whole(self, q: Quantity, symbols: tuple[str, ...], backs: list[Back]) -> Box:
        """Return the range of the indices of q: that of the steps, or where it is read."""
        read = list(zip(*(b.box for b in backs), strict=True))
        defined = self.readers.range_of(q)
        whole = []
        for d, (p, symbol) in enumerate(zip(q.indices, symbols, strict=True)):
            if p != Index(symbol):
                whole.append(Interval(p, p))
                continue
            support = self.readers.supports[q.name][d]
            if defined is not None:
                whole.append(defined[d] & support)
            else:
                hull = read[d][0]
                for i in read[d]:
                    hull |= i
                whole.append(hull)
        return tuple(whole)

    def _equation(self, q: Quantity, symbols: tuple[str, ...], cell: Box, here: list[Back]) -> BackwardEquation:
        at: dict[str, Position] = {s: i.lower for s, i in zip(symbols, cell, strict=True) if i.point}
        ranges = tuple(Span(s, i.lower, i.upper) for s, i in zip(symbols, cell, strict=True) if not i.point)
        wrt = move(q, at)
        if wrt == self.of:
            return BackwardEquation(wrt, (), (Summand((), ONE),), ranges)
        letters = {s.symbol: s for s in ranges}
        moved = [b.at(at) for b in here]
        moved = [_single(replace(b, sums=_limited(b.sums, letters))) for b in moved]
        backs = tuple(sorted(moved, key=lambda b: (_distance(b, wrt), b.map != M.IDENTITY)))
        down = frozenset(s.symbol for s in ranges if self._goes_down(s.symbol, wrt, backs))
        return BackwardEquation(wrt, backs, self._summands(backs, frozenset(letters)), ranges, down)

    def _goes_down(self, symbol: str, wrt: Quantity, backs: Collection[Back]) -> bool:
        """Tell whether the equations of what the steps define go from the last step to the first."""
        if wrt.name not in self.network.by_name:
            return False
        own = _shifts(symbol, ((wrt, leaf) for b in backs for leaf in b.leaves))
        if own:
            return max(own) > 0
        starts = [s.lower for b in backs for s in b.sums]  # δ_l = Σ_{j>l} ... δ_j
        if any(isinstance(p, Index) and p.symbol == symbol and p.offset > 0 for p in starts):
            return True
        if any(_ahead(symbol, wrt, leaf, b.sums) for b in backs for leaf in b.leaves if leaf.name == wrt.name):
            return True
        pairs = ((q, e.target) for e in self.network.equations for q in quantities(e.value))
        every = _shifts(symbol, pairs)
        return bool(every) and max(every) > 0

    def _assume(self, whole: Box, backs: list[Back]) -> None:
        """Note that a step at a number comes before the last ones, where the equations need it."""
        for d, own in enumerate(whole):
            boxes = [b.box[d] for b in backs]
            if own.point:
                for i in boxes:
                    self._at_least(i.lower, own.lower + 1)
                    if isinstance(i.lower, int) and not before(own.lower, i.lower):
                        self._at_least(i.upper, own.lower)
                continue
            cuts = [p for i in (own, *boxes) for p in (i.lower, i.upper + 1)]
            for cut in {p for p in cuts if isinstance(p, int) and p > 1}:
                for p in cuts:
                    self._at_least(p, cut)

    def _at_least(self, end: Position, n: Position) -> None:
        """Assume end ≥ n, where that says more of the depth than that it is 1 or more."""
        if not isinstance(end, int) and isinstance(n, int) and not holds(minus(end, n), {}):
            self.assumptions.append(Assumption(end, n))

    # --- activations --------------------------------------------------------------------------------------

    def _passed_on(self, name: str, back: Back) -> Iterator[Back]:
        """Yield what a reader gives; of an activation, what its own readers give, pulled back at once."""
        source = back.source
        if not isinstance(source, Quantity) or source.name not in self.passed:
            yield back
            return
        own, symbols = self.readers.symbols(name), self.readers.symbols(source.name)
        at = dict(zip(symbols, source.indices, strict=True))
        places = [own.index(p.symbol) if isinstance(p, Index) and p.symbol in own else None for p in source.indices]
        shifts = [p.offset if isinstance(p, Index) else 0 for p in source.indices]
        inner = self._backs(source.name)
        summed = {s.symbol: n for n, s in enumerate(back.sums)}
        letters = [summed.get(p.symbol) if isinstance(p, Index) else None for p in source.indices]
        target = [
            back.box[k].moved(shift)
            if k is not None
            else Interval(back.sums[n].lower, back.sums[n].upper).moved(shift)
            if n is not None
            else Interval(p, p)
            for p, k, n, shift in zip(source.indices, places, letters, shifts, strict=True)
        ]
        for cell in product(*(pieces(w, [b.box[d] for b in inner]) for d, w in enumerate(target))):
            here = tuple(b.at(at) for b in inner if all(i.holds(c) for i, c in zip(b.box, cell, strict=True)))
            box, sums = list(back.box), list(back.sums)
            for k, n, shift, c in zip(places, letters, shifts, cell, strict=True):
                if k is not None:
                    box[k] &= c.moved(-shift)
                elif n is not None:
                    sums[n] = sums[n]._replace(lower=c.lower - shift, upper=c.upper - shift)
            if here:
                nearest = tuple(sorted(here, key=lambda b: _distance(b, source)))
                yield replace(back, source=nearest, sums=tuple(sums), box=tuple(box))

    # --- right sides ----------------------------------------------------------------------------------------

    def _summands(self, backs: Iterable[Back], letters: frozenset[str]) -> tuple[Summand, ...]:
        """Return the right side: what has no sum as one expression, then one summand for each range of a sum.

        letters: those of what the equation is of.
        """
        found: dict[tuple[Span, ...], list[Expression]] = {}
        for b in backs:
            for s in self._of(b):
                found.setdefault(s.sums, []).append(s.value)
        ordered = sorted(found.items(), key=lambda x: bool(x[0]))
        values = [Summand(sums, total(self.network, *es)) for sums, es in ordered]
        apart = (self._front(s) for s in values if s.value != ZERO)
        written = (replace(s, value=applied_form(self.network, s.value)) for s in apart)
        return tuple(replace(s, value=_apart_from(s.value, letters.union(x.symbol for x in s.sums))) for s in written)

    def _front(self, s: Summand) -> Summand:
        """Take out of a sum the numbers that are the same in all its terms: (1/T) Σ_t."""
        terms = list(summands(self.network, s.value))
        if not s.sums or len(terms) != 1:
            return s
        letters = {span.symbol for span in s.sums}
        fixed = {
            f: n
            for f, n in terms[0].factors.items()
            if not rank(self.network, f) and not letters & free_symbols(f) and not named(f)
        }
        rest = {f: n for f, n in terms[0].factors.items() if f not in fixed}
        front, inner = Term(terms[0].number, fixed), replace(terms[0], number=Fraction(1), factors=rest)
        return Summand(s.sums, written(self.network, inner), written(self.network, front))

    def _of(self, b: Back) -> Iterator[Summand]:
        """Yield what one reader gives."""
        if isinstance(b.source, Quantity):
            g: Expression = ONE if b.source == self.of else Cotangent(self.of, b.source)
            yield Summand(b.sums, self._pulled(b.map, g))
            return
        direct = [x for x in b.source if x.source == self.of and not x.sums]
        others = [x for x in b.source if x not in direct]
        if direct:
            row = M.add(*[x.map for x in direct])
            met = fused(self.network, M.compose(row, b.map))
            if met != M.compose(row, b.map) or not others:
                yield Summand(b.sums, self._pulled(M.compose(row, b.map), ONE))
            else:
                others = list(b.source)
        inner = [s for x in others for s in self._of(x)]
        plain = [s.value for s in inner if not s.sums]
        if plain:
            yield Summand(b.sums, self._pulled(b.map, total(self.network, *plain)))
        for s in inner:
            if s.sums:
                yield Summand((*b.sums, *s.sums), self._pulled(b.map, s.value))

    def _pulled(self, m: LinearMap, g: Expression) -> Expression:
        """Return mᵀ g in the form that is asked for."""
        found = self._in_form(m, g, self.form)
        if self.form == "folded" and any(isinstance(e, Partial) for e in nodes(found)) and isinstance(m, Compose):
            met = self._in_form(m, g, "unfolded")  # ∂C/∂p (diag(p) - p pᵀ) is p - y
            return met if size(met) < size(found) else found
        return found

    def _in_form(self, m: LinearMap, g: Expression, form: str) -> Expression:
        m = unfolded(self.network, map_tree.rewrite(m, lambda e: indicators(self.network, e)), form, self.of)
        written = joined(self.network, as_printed(self.network, m, local=True))
        found = pulled(self.network, written, g)
        if found is None:
            raise NotDefined("a product over steps inside one equation has no backward equation")
        return of_items(self.network, with_cotangent_apart(self.network, normal(self.network, found)))


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


def _limited(sums: tuple[Span, ...], letters: Mapping[str, Span]) -> tuple[Span, ...]:
    """Return sums without the conditions that always hold where the letters of a quantity are in their ranges."""
    every = {**letters, **{s.symbol: s for s in sums}}
    found = []
    for s in sums:
        others = {x: span for x, span in every.items() if x != s.symbol}
        found.append(s.limited((), lambda p, others=others: holds(p, others)) if s.within else s)  # type: ignore[misc]
    return tuple(found)


def _apart_from(e: Expression, letters: frozenset[str]) -> Expression:
    """Return an expression whose sums bind none of some letters: ∂y/∂a_i = Σ_k b_k."""

    def renamed(x: Expression) -> Expression:
        if not isinstance(x, IndexSum) or x.symbol not in letters:
            return x
        letter = fresh("k", {*letters, x.symbol, *x.range.free, *free_symbols(x.body)})
        own = {x.symbol: Index(letter)}
        span = x.range._replace(symbol=letter, within=moved(x.range.within, own))
        return index_sum(span, substitute(x.body, own), x.kind)

    return everywhere(e, renamed)


def _single(b: Back) -> Back:
    """Return a reader with the one term of a sum in its place."""
    for s in b.sums:
        if s.lower == s.upper and not s.within and not s.without:
            return _single(replace(b, sums=tuple(x for x in b.sums if x is not s)).at({s.symbol: s.lower}))
    return b


def _is_compound(q: Quantity) -> bool:
    """Tell whether a sum of letters numbers what a key stands for, or its sums have conditions."""
    return any(isinstance(p, Affine) for p in q.indices) or any(s.within for s in spans_of(q))


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


def _distance(b: Back, wrt: Quantity) -> int:
    """Return how many steps lie between a quantity and what reads it."""
    pairs = [pair for leaf in b.leaves for pair in zip(leaf.indices, wrt.indices, strict=False)]
    return max([abs(d) for p, q in pairs if (d := difference(p, q)) is not None], default=0)


def _read_in(m: LinearMap) -> Iterator[Quantity]:
    """Yield what the expressions of a map read."""
    for e in map_tree.expressions(m):
        yield from quantities(e)


def _once(e: Expression) -> bool:
    """Tell whether a cotangent stands in e once."""
    return sum(isinstance(x, Cotangent) for x in nodes(e)) <= 1


def _shifts(symbol: str, pairs: Iterable[tuple[Quantity, Quantity]]) -> set[int]:
    """Return by how much the later of two quantities stands ahead, along the index with this symbol."""
    found = set()
    for q, later in pairs:
        for p, r in zip(q.indices, later.indices, strict=False):
            if isinstance(p, Index) and isinstance(r, Index) and p.symbol == r.symbol == symbol:
                found.add(r.offset - p.offset)
    return found - {0}


def _ahead(symbol: str, wrt: Quantity, later: Quantity, sums: tuple[Span, ...]) -> bool:
    """Tell whether the later quantity stands ahead for all values of the letters of sums: x[t+k], k = 1, ..., K."""
    n = next((n for n, p in enumerate(wrt.indices) if p == Index(symbol)), None)
    if n is None or not isinstance(later.indices[n], Affine):
        return False
    return holds(minus(later.indices[n], wrt.indices[n]) - 1, {s.symbol: s for s in sums})


def _from_the_end(cells: list[Box], down: list[bool]) -> list[Box]:
    """Return the parts of a range, the last ones first along each index that goes down."""
    for d in reversed(range(len(down))):
        if down[d]:
            values = list(dict.fromkeys(c[d] for c in cells))
            cells = sorted(cells, key=lambda c, d=d, values=values: -values.index(c[d]))  # type: ignore[misc]
    return cells


def _only_behind(e: Expression, name: str) -> bool:
    """Tell whether a name stands in e behind the first argument of a loss, and nowhere else."""
    match e:
        case Apply(op, (first, *_)) if op.kind == "scalar":
            return not any(isinstance(x, Quantity) and x.name == name for x in nodes(first))
        case Quantity():
            return e.name != name
    return all(_only_behind(x, name) for x in inner_expressions(e))
