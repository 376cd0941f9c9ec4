"""Sums and products over an index: sum[t](...), sum[t:k+1:T](...), sum[j != i](...)."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from symgrad.algebra.expression import Expression
from symgrad.algebra.index import Index, Position, minus, symbols
from symgrad.algebra.index_sum import index_sum
from symgrad.algebra.span import Span
from symgrad.network.syntax.atom import index_of
from symgrad.network.syntax.line import Line, canonical, column_of, columns_of

INDEX_SUMS = ("sum", "mean", "prod")
"""What may carry an index of its own."""
END = Index("")
"""Stands for the end of the range of an index until the range is known: that of t in sum[t](...)."""


def index_sum_of(line: Line, node: ast.expr, name: str, over: ast.expr, body: Expression) -> Expression:
    """Read ``sum[t](body)``, ``sum[t:k+1:T](body)``, ``sum[j != i](body)``, ``sum[i, j](body)``."""
    spans: dict[str, Span] = {}
    for part in over.elts if isinstance(over, ast.Tuple) else [over]:
        match part:
            case ast.Name(id=symbol):
                own = spans.setdefault(canonical(symbol), Span(canonical(symbol), 1, END))
            case ast.Slice(lower=ast.Name(id=symbol), upper=ast.expr() as lower, step=ast.expr() as upper):
                own = _limited(line, canonical(symbol), lower, upper)
            case ast.Compare(left=ast.Name(id=symbol), ops=ops, comparators=others) if all(
                isinstance(o, ast.NotEq) for o in ops
            ):
                own = spans.get(canonical(symbol), Span(canonical(symbol), 1, END))
                own = own._replace(without=(*own.without, *(index_of(line, e) for e in others)))
            case _:
                line.fail(
                    f"this is not what {name} runs over",
                    f"write {name}[t](...) for t = 1, 2, ..., {name}[t:k+1:T](...) from k + 1 to T, "
                    f"{name}[j != i](...) without i",
                    column_of(line, part),
                )
        if own.symbol in own.free:
            line.fail(
                f"the range of {own.symbol} is given by {own.symbol} itself",
                "use another letter",
                column_of(line, part),
            )
        spans[own.symbol] = own
    return summed_over(line, node, name, list(spans.values()), body)


def summed_over(line: Line, node: ast.expr, name: str, spans: Sequence[Span], body: Expression) -> Expression:
    """Return the sums, means or products of a body over spans, the outermost first."""
    for span in reversed(spans):
        body = index_sum(span, body, name)
        line.put(body, columns_of(line, node))
    return body


def is_index_in(symbol: str, node: ast.expr) -> bool:
    """Tell whether a letter stands in an index in a piece of Python: t in loss(s[t])."""
    inside = (x for n in ast.walk(node) if isinstance(n, ast.Subscript) for x in ast.walk(n.slice))
    return any(isinstance(x, ast.Name) and x.id == symbol for x in inside)


def span_of_loop(line: Line, loop: ast.comprehension) -> Span:
    """Read ``for t in range(1, T+1)``, as Python counts: the end is left out; ``if j != i`` leaves i out."""
    match loop:
        case ast.comprehension(
            target=ast.Name(id=symbol), iter=ast.Call(func=ast.Name(id="range"), args=ends, keywords=[])
        ) if len(ends) in (1, 2):
            lower: Position = 0 if len(ends) == 1 else index_of(line, ends[0])
            span = Span(canonical(symbol), lower, index_of(line, ends[-1]) - 1)
            for condition in loop.ifs:
                match condition:
                    case ast.Compare(left=ast.Name(id=left), ops=[ast.NotEq()], comparators=[other]) if left == symbol:
                        span = span._replace(without=(*span.without, index_of(line, other)))
                    case _:
                        todo = "write 'if j != i' to leave i out, or sum[t:k+1:T](...) with other ends"
                        line.fail("this condition of a sum is not known", todo, column_of(line, condition))
            return span
    todo = "write 'for t in range(1, T+1)', which ends with T, or sum[t](...) for all steps"
    line.fail("this is not what a sum runs over", todo, column_of(line, loop.iter))


def _limited(line: Line, symbol: str, lower: ast.expr, upper: ast.expr) -> Span:
    """Read the ends of a sum: k:1:K, and k:max(1, j-n+1):min(K, j) for the larger, or the smaller, of some."""
    own = Index(symbol)
    lowers, uppers = _ends(line, lower, "max"), _ends(line, upper, "min")
    if symbol in symbols((*lowers, *uppers)):
        return Span(symbol, lowers[0], uppers[0])  # an error that its caller knows
    more = [minus(own, p) for p in lowers[1:]] + [minus(p, own) for p in uppers[1:]]
    return Span(symbol, lowers[0], uppers[0]).limited(more)


def _ends(line: Line, node: ast.expr, name: str) -> list[Position]:
    match node:
        case ast.Call(func=ast.Name(id=called), args=[*ends], keywords=[]) if called == name and ends:
            return [index_of(line, e) for e in ends]
        case ast.Call(func=ast.Name(id="max" | "min" as called)):
            which, end = ("largest", "lower") if name == "max" else ("smallest", "upper")
            todo = f"write {name}(...) for the {which} of some: the {end} end"
            line.fail(f"the {end} end of a sum is no {called}", todo, column_of(line, node))
    return [index_of(line, node)]
