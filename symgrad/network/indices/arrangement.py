"""The lines of a file with the index of the recurrence apart from those of families."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace

from symgrad.algebra.expression import Expression, Quantity
from symgrad.algebra.expression_tree import quantities, rebuilt
from symgrad.algebra.index import Index
from symgrad.algebra.shape import shape_at
from symgrad.algebra.substitution import move
from symgrad.network.equation import Equation
from symgrad.network.indices.padding import Padding
from symgrad.network.indices.plain import Arrangement, replaced_letters
from symgrad.network.indices.ranges import Ranges, plain, through
from symgrad.network.indices.reach import give_ranges
from symgrad.network.indices.recurrence import is_chain, recurrences, roots_of
from symgrad.network.indices.resolver import Resolver
from symgrad.network.indices.slots import find_ranges
from symgrad.network.syntax.statement import DomainLine, ShapeLine, Statement


def letters(found: Ranges, quantities: Iterable[Quantity], defined: Container[str]) -> dict[str, tuple[str, ...]]:
    """Return by name the letters of the indices that stand apart from that of the recurrence.

    What equations define has the letters of the ranges; a parameter A[i,j] those that it is first written with.
    """
    known: dict[str, tuple[str, ...]] = {}
    for q in quantities:
        if q.further:
            slots = [n for n in range(len(q.indices)) if q.index is None or n != q.ahead]
            roots = tuple(plain(found.root(found.slots[q.name, n])) for n in slots)
            own = tuple(plain(found.slots[q.name, n]) for n in slots)
            known[q.name] = roots if q.name in defined or len(set(own)) < len(own) else own
    return known


def arranged(q: Quantity, found: Ranges, root: str | None) -> Quantity:
    """Return a quantity with the index of the recurrence ``root`` apart from those of families; in a grid all are."""
    positions = q.indices
    place = next((n for n, r in enumerate(roots_of(found, q)) if r == root and root is not None), None)
    if place is None and root is not None and len(positions) == 1 and (q.name, 0) not in found.slots:
        place = 0  # read by its number alone: a layer
    if place is None:
        return Quantity(q.name, None, positions)
    return Quantity(q.name, positions[place], positions[:place] + positions[place + 1 :], place)


def arranged_lines(statements: Sequence[Statement], equations: Sequence[Equation]) -> Arrangement:
    """Find what each index of a file is, where names have several or sums run over them, and write its lines so."""
    found = find_ranges(statements, equations)
    roots = recurrences(found, equations)
    grid = len(roots) > 1 or (len(roots) == 1 and not is_chain(found, equations, roots[0]))
    root = roots[0] if roots and not grid else None
    ends = frozenset[str]().union(*(found.span(r).free for r in {*found.ends, *found.declared}))
    targets = {e.target.name for e in equations}
    resolver = Resolver(found, ends.union(found.members) - targets)
    whole = [resolver.equation(e) for e in equations]
    give_ranges(found, whole)
    padding = Padding(found, statements, whole)
    done = [arranged_equation(padding.equation(e), found, root) for e in whole]
    lines = [_arranged_line(s, found, root, targets) for s in statements]
    declared = [(s.line, s.target) for s in lines if isinstance(s, ShapeLine | DomainLine)]
    for line, q in [*((e.line, q) for e in done for q in quantities(e.value)), *declared]:
        if q.further and q.index is None and any((q.name, n) not in found.slots for n in range(len(q.indices))):
            line.fail(
                f"nothing says what the index of {q} runs through",
                "use an index of the left side of the equation that reads it, or declare one: 'i: range(1, M+1)'",
            )
    known = [q for e in done for q in (e.target, *quantities(e.value))] + [q for _, q in declared]
    by_name = letters(found, known, targets)
    families = {(plain(r), found.span(r)) for r in found.slots.values() if found.root(r) != root}
    ranges = {letter: span._replace(symbol=letter) for letter, span in sorted(families, key=lambda f: f[0])}
    end = found.span(root).upper if root else ""
    if root and (not isinstance(end, Index) or end.offset or found.span(root).lower != 1):
        found.lines[root].fail(
            f"the steps run {through(found.span(root))}", f"write '{plain(root)}: range(1, N+1)' with a letter N"
        )
    return Arrangement(
        plain(root) if root else "j",
        lines,
        done,
        end.symbol if isinstance(end, Index) else "",
        {letter: ranges[letter] for letter in sorted({x for own in by_name.values() for x in own})},
        by_name,
        {letter: found.span(r)._replace(symbol=letter) for letter, r in found.members.items()},
        ends,
        tuple(dict.fromkeys(p.symbol for r in roots if isinstance(p := found.span(r).upper, Index))) if grid else (),
        grid,
    )


def _arranged_line(s: Statement, found: Ranges, root: str | None, defined: Container[str]) -> Statement:
    if not isinstance(s, ShapeLine | DomainLine):
        return s
    renames = _renames(s.target, found)
    if s.target.name not in defined:
        renames = {s: p for s, p in renames.items() if root is not None and found.root(s) == root}
    target = arranged(move(s.target, renames), found, root)
    if isinstance(s, ShapeLine):
        return replace(s, target=target, shape=shape_at(s.shape, renames))
    return replace(s, target=target)


def _renames(q: Quantity, found: Ranges) -> dict[str, Index]:
    """Return what letters of a left side to write otherwise: those that others run together with."""
    roots = zip(q.indices, roots_of(found, q), strict=True)
    return {
        p.symbol: Index(plain(r))
        for p, r in roots
        if isinstance(p, Index) and r and plain(r) != p.symbol and found.root(p.symbol) == r
    }


def arranged_equation(e: Equation, found: Ranges, root: str | None) -> Equation:
    """Write an equation with the letters that stand for their ranges, and each quantity as ``arranged`` does."""
    renames = _renames(e.target, found)
    target = move(e.target, renames)
    value = replaced_letters(e.value, renames, e.line) if renames else e.value

    def written(x: Expression) -> Expression:
        return e.line.keep(x, arranged(x, found, root) if isinstance(x, Quantity) else rebuilt(x, written))

    return Equation(arranged(target, found, root), written(value), e.line)
