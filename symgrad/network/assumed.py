"""What lines of a model assume of the values of its parameters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symgrad.algebra.expression import Number, Quantity
from symgrad.algebra.expression_tree import applications
from symgrad.algebra.index import Index
from symgrad.algebra.index_sum import IndexNumber
from symgrad.algebra.shape import show
from symgrad.errors import UnknownName
from symgrad.network.domain import INTEGER, POSITIVE, Assumption, met
from symgrad.network.network import Network
from symgrad.network.syntax.line import Line
from symgrad.network.syntax.statement import DomainLine
from symgrad.ops.power import EXPONENTS, MATRIX_POWER


def exponents_assumed(network: Network) -> Iterator[Assumption]:
    """Yield that k of A^k is 1 or more; raise ReadError where it is not declared to be an integer."""
    for e in network.equations:
        for x in applications(e.value):
            if x.op == MATRIX_POWER and not isinstance(n := x.arguments[1], Number | IndexNumber):
                if not isinstance(n, Quantity) or INTEGER not in network.domains(n):
                    e.line.fail("the exponent of a matrix is no whole number", EXPONENTS, e.line.span(n)[0])
                if POSITIVE not in network.domains(n):
                    yield Assumption(n, POSITIVE)


def assumption(statement: DomainLine, symbol: str) -> Assumption:
    """Return what a line assumes of a quantity, at the symbol of the steps where it carries an index."""
    q = statement.target
    return Assumption(q.at(Index(symbol)) if isinstance(q.index, Index) else q, statement.domain)


def by_rows(network: Network, a: Assumption, columns: bool) -> Assumption:
    """Return what is assumed of a matrix where a domain of vectors is named: each row, which is an item, lies in it."""
    if columns or a.domain.rank != 1 or a.target not in network.parameters or len(network.shape(a.target)) != 2:
        return a
    return Assumption(a.target, a.domain.by_rows)


def check_assumptions(network: Network, lines: Sequence[Line]) -> None:
    """Check that each assumption is about a parameter, suits its shape, and goes together with the others."""
    for a, line in zip(network.assumptions, lines, strict=True):
        q, rank = a.target, a.domain.rank
        if q not in network.parameters:
            defined = q in {e.target for e in network.equations}
            error = UnknownName("parameter", str(q), map(str, network.parameters))
            what = f"{q} is defined by an equation, and {a.domain.name} is assumed of it" if defined else error.what
            line.fail(what, "assume it of a parameter" if defined else error.todo)
        square = not a.domain.symmetric or len(set(network.shape(q))) == 1
        if rank is not None and (len(network.shape(q)) != rank or not square):
            said, example = ("a vector, or of the rows of a matrix", "(n,)")
            if rank != 1:
                said, example = "a square matrix", "(n, n)"
            what = f"{q} is a {show(network.shape(q))}, and {a.domain.name} is said of {said}"
            line.fail(what.replace("a scalar", "a number"), f"declare its shape, for instance '{q}: {example}'")
        if network.domains(q) and met(network.domains(q)) is None:
            names = " and ".join(d.name for d in network.domains(q))
            line.fail(f"{names} are assumed of {q} together", "keep one line, or two of positive, integer and simplex")
