"""For which steps a line of a page holds: for l = L-1, …, 1 and t = 1, …, T."""

from __future__ import annotations

from fractions import Fraction

from symgrad.reading.page.parser.parse import parse
from symgrad.reading.page.parser.relation import sides
from symgrad.reading.page.token import Token
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Name, Node, Number

Steps = tuple[str, Node, Node]
"""The symbol of an index, and its first and last value, the lower one first."""


def steps(tokens: list[Token]) -> tuple[Steps, ...]:
    """Read the ranges behind "for"; raises NotUnderstoodError for what is none.

    >>> from symgrad.reading.page.token import text_tokens
    >>> [(symbol, low.text) for symbol, low, _ in steps(text_tokens("l = L-1, …, 1 and t = 1, …, T"))]
    [('l', '1'), ('t', '1')]
    """
    tokens = [t for t in tokens if t.kind != "end" and t.text != "&"]
    return tuple(_range(part) for part in _split(tokens, "and")) if tokens else ()


def _split(tokens: list[Token], at: str) -> list[list[Token]]:
    found: list[list[Token]] = [[]]
    for t in tokens:
        if t.text == at:
            found.append([])
        else:
            found[-1].append(t)
    return found


def _range(tokens: list[Token]) -> Steps:
    first, *others = _split(tokens, ",")
    named, relations = sides(first)
    if relations != ["="] or len(others) != 2 or [t.text for t in others[0]] != ["⋯"]:
        raise NotUnderstoodError("the steps for which a line holds")
    symbol, begin = (parse(p) for p in named)
    if not isinstance(symbol, Name) or symbol != Name(symbol.base):
        raise NotUnderstoodError("the index of the steps for which a line holds")
    end = parse(others[1])
    return (symbol.base, begin, end) if _is_ascending(begin, end) else (symbol.base, end, begin)


def _is_ascending(begin: Node, end: Node) -> bool:
    """Tell whether 1, …, L goes up; what ends with the depth comes after what is a number."""
    first, last = _parts(begin), _parts(end)
    gap = {s: n for s in {**first, **last} if (n := last.get(s, 0) - first.get(s, 0))}
    number = gap.pop("", Fraction(0))
    if not gap:
        return number >= 0
    if all(n > 0 for n in gap.values()) or all(n < 0 for n in gap.values()):
        return next(iter(gap.values())) > 0
    if not first.keys() - {""}:
        return True  # 1, …, n-K+1
    if not last.keys() - {""}:
        return False
    raise NotUnderstoodError("which of two ends comes first")


def _parts(node: Node) -> dict[str, Fraction]:
    """Return the coefficients of the symbols of n + K - 1, and the number by the symbol ""."""
    match node:
        case Number(value):
            return {"": value}
        case Name(base) if node == Name(base):
            return {base: Fraction(1)}
        case Apply("neg", (inner,)):
            return {s: -n for s, n in _parts(inner).items()}
        case Apply("*", (Number(value), inner)):
            return {s: value * n for s, n in _parts(inner).items()}
        case Apply("+", terms):
            found: dict[str, Fraction] = {}
            for t in terms:
                for s, n in _parts(t).items():
                    found[s] = found.get(s, Fraction(0)) + n
            return found
    raise NotUnderstoodError("an end of the steps for which a line holds")
