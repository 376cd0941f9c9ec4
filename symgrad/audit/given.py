"""What formulas above say of letters: a = 3, A = [[1, 2], [3, 4]], z = w x + b; and formulas with it put in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from symgrad.audit.case import is_closed
from symgrad.audit.parsed import parsed
from symgrad.reading.reading import Reading
from symgrad.reading.tree import (
    OVER,
    Apply,
    Big,
    Chain,
    Derivative,
    Integral,
    Node,
    Symbol,
    Tuple,
    Unknown,
    rebuilt,
    symbols,
    walk,
)

Given = Mapping[str, Node]
"""Letters with what they are: numbers, arrays of numbers, or formulas with other letters."""
LONGEST = 400
"""Characters of a formula that gives something."""
DEEPEST = 6
"""Formulas that are put in one after the other."""
LARGEST = 400
"""Nodes of a formula with all put in."""
_GIVES = re.compile(
    r"(?:\A|[,;&{]|\\\\|\\q?quad|\\(?:text|mbox)\s*\{[^{}]*\})\s*"
    r"(?:\\(?:mathbf|mathrm|boldsymbol|bm|vec|hat|bar|tilde)\s*\{?\s*)*(?:\\[A-Za-z]+|[A-Za-zα-ωΑ-Ω])\}?'?"
    r"(?:\s*[_^]\s*(?:\{[^{}=]{1,12}\}|\w))*\s*&?\s*(?::?=|≔|\\coloneqq|\\approx|≈)"
)
ARRAYS = {"\\det": "det", "\\tr": "trace"}
"""Functions of matrices by their commands."""


def gives(formula: str) -> bool:
    r"""Tell whether a formula may say what a letter is.

    >>> [gives(text) for text in (r"\mathbf{a} = (1, 2)", "x_1 = 3, x_2 = 4", "2 + x = 5")]
    [True, True, False]
    """
    return len(formula) <= LONGEST and "(x) =" not in formula and _GIVES.search(formula) is not None


@lru_cache(maxsize=256)
def given(texts: tuple[str, ...], reading: Reading) -> Given:
    """Return what formulas say of letters, the last of each.

    >>> sorted(given(("a = 3, b = a + 1", "x + 1 = 2"), Reading()))
    ['a', 'b']
    """
    found: dict[str, Node] = {}
    for text in texts:
        parse = parsed(text, reading)
        found |= {} if isinstance(parse, str) else of_chains(parse[0])
    return found


def of_chains(chains: Iterable[Chain]) -> dict[str, Node]:
    """Return what chains say of letters: the first calculation in a chain, or the formula right of the letter."""
    found: dict[str, Node] = {}
    for chain in chains:
        match chain.sides[0].node:
            case Symbol(name) if name not in ("pi", "∞", "…") and chain.relations[:1] in (("=",), (":=",), ("≈",)):
                pass
            case _:
                continue
        rest = [s.node for s, r in zip(chain.sides[1:], chain.relations, strict=True) if r in ("=", ":=", "≈")]
        sides = [n for n in rest if n is not None]
        if chain.asked or not sides or rest[0] is None:
            continue
        value = next((n for n in sides if is_closed(n)), sides[0])
        if name not in symbols(value) and not any(isinstance(n, Unknown) and n.name in "…±" for n in walk(value)):
            found[name] = value
    return found


def put_in(node: Node, known: Given, deepest: int = DEEPEST) -> Node | None:
    """Return a formula with what its letters are put in, as far as it is known; None where it grows too large.

    Of a derivative the letter that it is by is put in last, as its place.

    >>> from fractions import Fraction
    >>> from symgrad.reading.tree import Number
    >>> put_in(Apply("neg", (Symbol("a"),)), {"a": Symbol("b"), "b": Number(Fraction(2), "2")})
    Apply(name='neg', arguments=(Number(value=Fraction(2, 1), text='2', places=0, scale=1),), primes=0)
    """
    for _ in range(deepest):
        if not symbols(node) & known.keys():
            return node
        node = _put(node, known)
        if sum(1 for _ in walk(node)) > LARGEST:
            return None
    return None if symbols(node) & known.keys() else node


def _put(node: Node, known: Given) -> Node:
    """Put in what letters are, once."""
    match node:
        case Symbol(name):
            return known.get(name, node)
        case Derivative(_, variable):
            return _at(rebuilt(node, lambda n: _fully(n, _without(known, variable))), variable, known)
        case Integral(_, variable) | Big(_, variable):
            return rebuilt(node, lambda n: _put(n, _without(known, variable)))
        case Apply(name, (Symbol(variable), *_)) if name in OVER:
            first, *others = node.arguments
            inner = _without(known, variable)
            return Apply(name, (first, *(_put(n, inner) for n in others)))
        case Unknown(name, (inner,), 0) if name in ARRAYS and isinstance(matrix := _put(inner, known), Tuple):
            return Apply(ARRAYS[name], (matrix,))
    return rebuilt(node, lambda n: _put(n, known))


def _fully(node: Node, known: Given) -> Node:
    for _ in range(DEEPEST):
        node = _put(node, known)
    return node


def _at(derivative: Node, variable: str, known: Given) -> Node:
    """Return a derivative at the place that its letter is; as it is where that is no number."""
    place = known.get(variable)
    return derivative if place is None or not is_closed(place) else Apply("at", (Symbol(variable), place, derivative))


def _without(known: Given, letter: str) -> Given:
    return {name: node for name, node in known.items() if name != letter} if letter in known else known
