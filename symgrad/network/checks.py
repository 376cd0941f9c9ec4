"""What must hold of equations, whatever their shapes: each name once, in an order that can be computed."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from symgrad.algebra.dimension import named as dimensions_in
from symgrad.algebra.expression import Apply, Quantity
from symgrad.algebra.expression_tree import applications, quantities, reads
from symgrad.algebra.index import Affine, Index
from symgrad.algebra.shape import show
from symgrad.errors import ModelError, ReadError
from symgrad.network.advice import FIRST_LAYER, FUTURE
from symgrad.network.constant import constants_in
from symgrad.network.equation import Equation
from symgrad.network.graph import lags
from symgrad.network.network import Network
from symgrad.network.syntax.line import Line
from symgrad.network.syntax.statement import DomainLine, ShapeLine, Statement
from symgrad.ops.part import AXIS, lengths, placed

LARGEST_LAG = 10


def check_sizes(network: Network) -> None:
    """Check that the size of a dimension that stands for a number is known from a value."""
    known = {d.name for q in network.parameters for size in network.shape(q) for d in dimensions_in(size)}
    for e in network.equations:
        for c in constants_in(e.value):
            for d in (n for size in c.shape if c.kind == "size" for n in dimensions_in(size)):
                if d.name not in known:
                    e.line.fail(
                        f"{d} is a dimension of no quantity that the equations read, so its size is not known",
                        f"remove the declaration with {d.name}, or write the number",
                    )
        for x in (x for x in applications(e.value) if x.op in AXIS):
            _check_part(network, e.line, x, known)


def _check_part(network: Network, line: Line, x: Apply, known: Collection[str]) -> None:
    """Check that a part of an array has places that are known, and that they lie in the array."""
    column, array = line.span(x)[0], x.arguments[0]
    for d in (n for c in x.arguments[1:] for n in dimensions_in(placed(c))):
        if d.name and d.name not in known:
            todo = f"write a number, or a dimension that is declared: 'x: ({d},)'"
            line.fail(f"{d} is no dimension of a quantity that is given, and a place is a number", todo, column)
    behind, count = lengths(x, network.shape_of(array))
    if (isinstance(behind, int) and behind < 0) or (isinstance(count, int) and count < 1):
        name = str(array) if isinstance(array, Quantity) else "what it is taken of"
        has = f"{name} is {show(network.shape_of(array))}"
        line.fail(f"this part lies outside: {has}", "places are counted from 1, and both ends belong to a part", column)


def check_targets(equations: Sequence[Equation], name: str) -> None:
    """Check that equations define each name once."""
    seen: dict[Quantity, Equation] = {}
    if not equations:
        todo = "write at least one, such as 'a[j] = sigma(w[j]*a[j-1])'"
        raise ReadError("there is no equation", todo=todo, file=name)
    for e in equations:
        match e.target.index:
            case Index(symbol, offset) if offset:
                e.line.fail(f"the left side is {e.target}", f"write the step for {e.target.name}[{symbol}] itself")
            case _ if any(isinstance(p, Affine) for p in e.target.indices):
                e.line.fail(f"the left side is {e.target}", "give each of its indices a letter of its own")
            case int(n) if n > 0 and not e.target.further:
                e.line.fail(f"{e.target} is one layer", FIRST_LAYER)
        key = e.target if any(isinstance(p, int) for p in e.target.indices) else Quantity(e.target.name)
        if key in seen:
            e.line.fail(
                f"{e.target} is defined twice: here and in line {seen[key].line.number}",
                "keep one equation for it",
            )
        seen[key] = e


def check_order(steps: Sequence[Equation], closing: Collection[Quantity]) -> None:
    """Refuse a step that reads what is defined after the last step."""
    for e in steps:
        for q in quantities(e.value):
            if q.name in {c.name for c in closing} - {e.target.name}:
                what = f"{e.target} reads {q}, which is defined after the last step"
                e.line.fail(what, "give one of the two another name", e.line.span(q)[0])


def check_reads(steps: Sequence[Equation], openings: Sequence[Equation], symbol: str) -> None:
    """Check that steps read what they can reach: the steps before them, and what openings define."""
    defined = {e.target.name for e in steps}
    indexed: dict[str, bool] = {e.target.name: True for e in steps}
    for e in (*steps, *openings):
        for q, spans in reads(e.value):
            column = e.line.span(q)[0]
            if q == Quantity(symbol):
                continue
            if indexed.setdefault(q.name, q.index is not None) != (q.index is not None):
                e.line.fail(
                    f"{q.name} is read with an index and without one",
                    "write it the same way everywhere",
                    column,
                )
            match q.index:
                case Index(s) if s in {span.symbol for span in spans}:
                    continue
                case Index(s) if s != symbol:
                    e.line.fail(f"the index {s} of {q} is not that of the step, {symbol}", f"use {symbol}", column)
                case Index(_, offset) if offset > 0 and q.name in defined:
                    e.line.fail(f"the step reads the future, {q}", FUTURE, column)
                case Index(_, offset) if abs(offset) > LARGEST_LAG:
                    e.line.fail(f"{q} reaches too far", f"at most {LARGEST_LAG} steps", column)
                case int(n) if n > 0 and q.name in defined:
                    e.line.fail(f"a step reads the fixed layer {q}", f"read {q.name}[{symbol}-1]", column)
    for q in (q for e in steps for q in quantities(e.value)):
        if isinstance(q.index, int) and q.name in defined and q.index < -LARGEST_LAG:
            raise ModelError(f"{q} lies too far before the start", todo="read a[0]")
    lags(steps, symbol)


def check_numbers(equations: Sequence[Equation], statements: Sequence[Statement], names: Collection[str]) -> None:
    """Refuse a declared quantity that has the name of an index or of the end of its range; the loss may be called L."""
    for s in statements:
        if isinstance(s, ShapeLine | DomainLine) and s.target.name in names and not s.target.indices:
            what = f"{s.target} is an index, or the end of its range, and cannot be a quantity too"
            s.line.fail(what, "give the quantity another name")
