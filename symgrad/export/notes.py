"""What stands below an equation: what was assumed of the indices, and what the functions are."""

from __future__ import annotations

from collections.abc import Iterator

from symgrad.algebra import map_tree
from symgrad.algebra.expression import Apply, Expression, Number
from symgrad.algebra.expression_tree import applications, nodes, quantities
from symgrad.algebra.index import Affine, Index
from symgrad.algebra.index_sum import IndexNumber
from symgrad.algebra.linear_map import LinearMap
from symgrad.calculus.assumption import Assumption, Distinct
from symgrad.calculus.unfold import long_parameters
from symgrad.export.math import Call, Display, Infix, Math, Name, Num, Part, Text, number_text
from symgrad.export.typeset import Typesetter
from symgrad.ops.elementwise import ELEMENTWISE
from symgrad.ops.piecewise import clauses
from symgrad.ops.record import Elementwise


def assumed(assumptions: tuple[Assumption | Distinct, ...], typesetter: Typesetter) -> list[Part]:
    """Write the assumptions: For L ≥ 2, k ≤ 4."""
    words: list[str | Math] = []
    for assumption in assumptions:
        words += [", " if words else "For ", _inequality(assumption, typesetter)]
    return [Text((*words, "."))] if words else []


def _inequality(assumption: Assumption | Distinct, t: Typesetter) -> Math:
    """Write larger ≥ smaller with the symbol first: L ≥ 2, k ≤ 4."""
    larger, smaller = assumption
    if isinstance(assumption, Distinct):
        return Infix("≠", t.position(larger), t.position(smaller))
    if isinstance(larger, Index):
        return Infix("≥", t.position(Index(larger.symbol)), t.position(smaller - larger.offset))
    if not isinstance(smaller, Index) or isinstance(larger, Affine):
        return Infix("≥", t.position(larger), t.position(smaller))
    return Infix("≤", t.position(Index(smaller.symbol)), t.position(larger - smaller.offset))


def declared(m: LinearMap, typesetter: Typesetter) -> list[Part]:
    """Say what the file declares of the values of the parameters that m reads: y has entries ≥ 0 that sum to 1."""
    network = typesetter.network
    read = {q.name for e in map_tree.expressions(m) for q in quantities(e)}
    return [
        Text(("Assumed of ", typesetter.quantity(a.target), f": {a.domain.words}."), once=True)
        for a in network.assumptions
        if a.target.name in read
    ]


def functions(m: LinearMap, typesetter: Typesetter, written_out: bool) -> list[Part]:
    """Say what the functions are whose slopes are written out, and which slope one has where it has none."""
    slopes = {(e.op.name, e.op.record) for x in map_tree.expressions(m) for e in _slopes(x)}
    sentences: list[Part] = []
    numbers: list[Part] = []
    for name, record in sorted(slopes, key=lambda s: s[0]):
        if written_out:
            if name not in (record.name, *record.aliases):
                sentences.append(_named(name, record, typesetter))
            long = long_parameters(typesetter.network, record)
            numbers += [Display(Name(letter), Num(value), role="definition") for value, letter in long.items()]
        if name in (record.name, *record.aliases) and record.parameters != ELEMENTWISE[name].parameters:
            sentences.append(Text(f"{_described(record)}."))
        if record.kink:
            sentences.append(Text(f"{record.text} has, by convention, {record.kink}."))
    return [*sentences, *numbers]


def cases(m: LinearMap, typesetter: Typesetter) -> list[Part]:
    """Say where one case meets another, so that there may be no derivative."""
    met: dict[frozenset[Expression], Math] = {}
    for x in map_tree.expressions(m):
        for e in nodes(x):
            for clause in clauses(e) or ():
                for _, *sides in clause:
                    if all(isinstance(s, IndexNumber | Number) for s in sides):
                        continue  # 1{k ≤ t}: nothing is differentiated by an index
                    met.setdefault(frozenset(sides), Infix("=", *map(typesetter.expression, sides)))
    if not met:
        return []
    words: list[str | Math] = []
    for at in met.values():
        words += [", " if words else "Where ", at]
    return [Text((*words, ", the case is a convention: there may be no derivative."))]


def _named(name: str, record: Elementwise, typesetter: Typesetter) -> Part:
    """Say what a function is: σ is GELU, or σ(z) = z logistic(1.702 z)."""
    f = typesetter.suited.function(name)
    if record.formula is None:
        return Text((f, f" is {_described(record)}."))
    e, variable = record.formula
    return Text((Infix("=", Call(f, (typesetter.expression(variable),)), typesetter.expression(e)), "."))


def _slopes(e: Expression) -> Iterator[Apply]:
    """Yield the slopes of bound functions that stand in an expression."""
    return (a for a in applications(e) if a.op.kind == "slope" and a.op.record is not None)


def _described(record: Elementwise) -> str:
    short = [f"{name} = {number_text(q)}" for name, q in record.parameters if len(number_text(q)) <= SHORT]
    return record.text + (f" with {' and '.join(short)}" if short else "")


SHORT = 20
"""Characters up to which a number stands in a sentence."""
