"""The right side of a backward equation: transposed local Jacobians applied to the cotangents of what reads X."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.differential import Cotangent, Partial
from symgrad.algebra.expression import Expression, Quantity
from symgrad.algebra.expression_tree import everywhere, nodes
from symgrad.algebra.index import Index, fresh
from symgrad.algebra.index_sum import IndexSum, index_sum
from symgrad.algebra.linear_map import Compose, LinearMap
from symgrad.algebra.span import Span
from symgrad.algebra.substitution import free_symbols, moved, substitute
from symgrad.calculus.applied import applied_form, indicators, is_slope, joined
from symgrad.calculus.cotangent import pulled
from symgrad.calculus.equations.backward_equation import Summand
from symgrad.calculus.equations.writing import Writing
from symgrad.calculus.items.divided import of_items
from symgrad.calculus.meeting import Back
from symgrad.calculus.normal.term import ONE, ZERO, Term, size, written
from symgrad.calculus.normal.total import normal, summands, total
from symgrad.calculus.normal.transposition import named
from symgrad.calculus.projectors import as_printed
from symgrad.calculus.rank import rank
from symgrad.calculus.rank_one import with_cotangent_apart
from symgrad.calculus.unfold import fused, unfolded
from symgrad.errors import NotDefined


def right_side(w: Writing, backs: Iterable[Back], letters: frozenset[str]) -> tuple[Summand, ...]:
    """Return the right side: what has no sum as one expression, then one summand for each range of a sum.

    letters: those of what the equation is of.
    """
    found: dict[tuple[Span, ...], list[Expression]] = {}
    for b in backs:
        for s in _of(w, b):
            found.setdefault(s.sums, []).append(s.value)
    ordered = sorted(found.items(), key=lambda x: bool(x[0]))
    values = [Summand(sums, total(w.network, *es)) for sums, es in ordered]
    apart = (_front(w, s) for s in values if s.value != ZERO)
    written = (replace(s, value=applied_form(w.network, s.value)) for s in apart)
    return tuple(replace(s, value=_apart_from(s.value, letters.union(x.symbol for x in s.sums))) for s in written)


def _front(w: Writing, s: Summand) -> Summand:
    """Take out of a sum what all its terms have: a number, (1/T) Σ_t, and the slope in (Σ_k W_kᵀ δ_k) ⊙ σ'(z)."""
    terms = list(summands(w.network, s.value))
    if not s.sums or len(terms) != 1:
        return s
    letters = {span.symbol for span in s.sums}
    same = {f: n for f, n in terms[0].factors.items() if not letters & free_symbols(f) and not named(f)}
    others = any(rank(w.network, f) for f in terms[0].factors if f not in same)
    fixed = {f: n for f, n in same.items() if not rank(w.network, f) or (others and n == 1 and is_slope(f))}
    rest = {f: n for f, n in terms[0].factors.items() if f not in fixed}
    front, inner = Term(terms[0].number, fixed), replace(terms[0], number=Fraction(1), factors=rest)
    return Summand(s.sums, written(w.network, inner), written(w.network, front))


def _of(w: Writing, b: Back) -> Iterator[Summand]:
    """Yield what one reader gives."""
    if isinstance(b.source, Quantity):
        g: Expression = ONE if b.source == w.of else Cotangent(w.of, b.source)
        yield Summand(b.sums, pulled_back(w, b.map, g))
        return
    direct = [x for x in b.source if x.source == w.of and not x.sums]
    others = [x for x in b.source if x not in direct]
    if direct:
        row = M.add(*[x.map for x in direct])
        met = fused(w.network, M.compose(row, b.map))
        if met != M.compose(row, b.map) or not others:
            yield Summand(b.sums, pulled_back(w, M.compose(row, b.map), ONE))
        else:
            others = list(b.source)
    inner = [s for x in others for s in _of(w, x)]
    plain = [s.value for s in inner if not s.sums]
    if plain:
        yield Summand(b.sums, pulled_back(w, b.map, total(w.network, *plain)))
    for s in inner:
        if s.sums:
            yield Summand((*b.sums, *s.sums), pulled_back(w, b.map, s.value))


def pulled_back(w: Writing, m: LinearMap, g: Expression) -> Expression:
    """Return mᵀ g in the form that is asked for."""
    found = _in_form(w, m, g, w.form)
    if w.form == "folded" and any(isinstance(e, Partial) for e in nodes(found)) and isinstance(m, Compose):
        met = _in_form(w, m, g, "unfolded")  # ∂C/∂p (diag(p) - p pᵀ) is p - y
        return met if size(met) < size(found) else found
    return found


def _in_form(w: Writing, m: LinearMap, g: Expression, form: str) -> Expression:
    m = unfolded(w.network, map_tree.rewrite(m, lambda e: indicators(w.network, e)), form, w.of)
    written = joined(w.network, as_printed(w.network, m, local=True))
    found = pulled(w.network, written, g)
    if found is None:
        raise NotDefined("a product over steps inside one equation has no backward equation")
    return of_items(w.network, with_cotangent_apart(w.network, normal(w.network, found)))


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
