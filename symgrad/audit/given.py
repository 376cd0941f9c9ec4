"""What formulas above say of letters: a = 3, A = [[1, 2], [3, 4]], z = w x + b; and formulas with it put in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from symgrad.audit.case import Case, is_closed
from symgrad.audit.definitions import Definitions, put
from symgrad.audit.parsed import parsed
from symgrad.audit.words.sentence import LIMITS
from symgrad.reading.fields import CURL, DIVERGENCE, LAPLACIAN, field
from symgrad.reading.reading import Reading
from symgrad.reading.tree import (
    OVER,
    Apply,
    Big,
    Chain,
    Derivative,
    Integral,
    Node,
    Number,
    Symbol,
    Tuple,
    Unknown,
    rebuilt,
    symbols,
    walk,
)

Given = Mapping[Node, Node]
"""Letters, and functions at a place, with what they are: numbers, arrays of numbers, or formulas with other letters."""
LONGEST = 400
"""Characters of a formula that gives something."""
DEEPEST = 6
"""Formulas that are put in one after the other."""
LARGEST = 400
"""Nodes of a formula with all put in."""
_GIVES = re.compile(
    r"(?:\A|[,;&{]|\\\\|\\q?quad|\\(?:text|mbox)\s*\{[^{}]*\})\s*"
    r"(?:\\(?:mathbf|mathrm|mathbb|boldsymbol|bm|vec|hat|bar|tilde)\s*\{?\s*)*(?:\\[A-Za-z]+|[A-Za-zα-ωΑ-Ω])\}?'{0,3}"
    r"(?:\s*[_^]\s*(?:\{[^{}=]{1,20}\}|\w|\*))*'{0,3}\s*(?:(?:\\left)?[(\[][^()\[\]]{1,60}(?:\\right)?[)\]])?"
    r"\s*&?\s*(?::?=|≔|\\coloneqq|\\approx|≈)"
)
ARRAYS = {"\\det": "det", "\\tr": "trace"}
"""Functions of matrices by their commands."""
FIELDS = (DIVERGENCE, CURL, LAPLACIAN)
OPERATORS = frozenset([*ARRAYS, *FIELDS])
"""What stands before the name of something that may be given, and is no function of the text."""
CONSTANTS = frozenset(map(Symbol, ("e", "i", "j", "d", "pi")))
"""Letters that are no variables, or perhaps none."""
SIGNS = frozenset(("…", "±", "\\cases", "\\set"))
"""What is unknown and no function."""


def gives(formula: str) -> bool:
    r"""Tell whether a formula may say what a letter, or a function at a place, is.

    >>> [gives(text) for text in (r"\mathbf{a} = (1, 2)", "x_1 = 3, x_2 = 4", "P(A) = 0.3", "2 + x = 5")]
    [True, True, True, False]
    """
    return len(formula) <= LONGEST and _GIVES.search(formula) is not None


@lru_cache(maxsize=256)
def given(texts: tuple[str, ...], reading: Reading) -> Given:
    """Return what formulas say of letters, the last of each.

    >>> len(given(("a = 3, b = a + 1", "x + 1 = 2"), Reading()))
    2
    """
    found: dict[Node, Node] = {}
    for text in texts:
        parse = parsed(text, reading)
        found |= {} if isinstance(parse, str) else of_chains(parse[0])
    return found


def known_before(case: Case) -> Given:
    """Return what its sentence, formulas above, and chains before it in its formula say of the letters of a claim."""
    passage = case.passage
    said = tuple(text for text in passage.sentence.said(*LIMITS) if text != passage.text and gives(text))
    texts = (*said, *(text for _, text in passage.given))
    parse = parsed(case.passage.text, case.reading)
    before = [] if isinstance(parse, str) else [c for c in parse[0] if c.relations][: case.number]
    found = {**given(texts, case.reading), **of_chains(before)} if before else given(texts, case.reading)
    return found if not CONSTANTS & found.keys() else {n: v for n, v in found.items() if n not in CONSTANTS}


def of_chains(chains: Iterable[Chain]) -> dict[Node, Node]:
    """Return what chains say of letters: the first calculation in a chain, or the formula right of the letter."""
    found: dict[Node, Node] = {}
    for chain in chains:
        named = chain.sides[0].node
        if chain.asked or named is None or chain.relations[:1] not in RELATIONS or not _is_name(named):
            continue
        rest = [s.node for s, r in zip(chain.sides[1:], chain.relations, strict=True) if (r,) in RELATIONS]
        sides = [n for n in rest if n is not None]
        if not sides or rest[0] is None:
            continue
        value = next((n for n in sides if is_closed(n)), sides[0])
        if isinstance(named, Unknown) and symbols(value):
            continue  # a function, which is known by its letters
        if not any(n == named or (isinstance(n, Unknown) and n.name in SIGNS) for n in walk(value)):
            found[named] = value
    return found


RELATIONS = (("=",), (":=",), ("≈",))


def _is_name(node: Node) -> bool:
    match node:
        case Symbol(name):
            return name not in ("pi", "∞", "…")
        case Unknown(name, arguments):
            return name not in SIGNS and bool(arguments)
    return False


def put_in(node: Node, known: Given, functions: Definitions) -> Node | None:
    """Return a formula with what its letters are put in, as far as it is known; None where it grows too large.

    Of a derivative the letter that it is by is put in last, as its place.

    >>> from fractions import Fraction
    >>> from symgrad.reading.tree import Number
    >>> a, b, two = Symbol("a"), Symbol("b"), Number(Fraction(2), "2")
    >>> put_in(Apply("neg", (a,)), {a: b, b: two}, {})
    Apply(name='neg', arguments=(Number(value=Fraction(2, 1), text='2', places=0, scale=1),), primes=0)
    """
    for _ in range(DEEPEST):
        more = _put(node, known, functions)
        if more == node:
            return node
        node = more
        if sum(1 for _ in walk(node)) > LARGEST:
            return None
    return None


def _put(node: Node, known: Given, functions: Definitions) -> Node:
    """Put in what letters and functions are, once."""

    def inner(n: Node, known: Given = known) -> Node:
        return _put(n, known, functions)

    match node:
        case Number():
            return node
        case Symbol():
            return known.get(node, node)
        case Derivative(body, variable):
            without = _without(known, variable)
            return _at(replace(node, body=_fully(body, without, functions)), known)
        case Integral(_, variable) | Big(_, variable):
            without = _without(known, variable)
            return rebuilt(node, lambda n: inner(n, without))
        case Apply(name, (Symbol(variable), *others)) if name in OVER:
            without = _without(known, variable)
            return Apply(name, (node.arguments[0], *(inner(n, without) for n in others)))
        case Unknown(name, (argument,), 0) if name in ARRAYS and isinstance(matrix := inner(argument), Tuple):
            return Apply(ARRAYS[name], (matrix,))
        case Unknown(name, (argument,), 0) if name in FIELDS:
            of = inner(_body(argument, functions))
            return field(name, of) or Unknown(name, (of,))
        case Unknown() if node in known:
            return known[node]
        case Unknown(name, arguments, primes) if name in functions and len(functions[name][0]) == len(arguments):
            letters, body = functions[name]
            if not primes:
                return put(body, dict(zip(letters, arguments, strict=True)))
            if len(letters) == 1:
                return Apply("at", (Symbol(letters[0]), inner(arguments[0]), Derivative(body, letters[0], primes)))
    return rebuilt(node, inner)


def _body(node: Node, functions: Definitions) -> Node:
    """Return the formula of a function that is named without its arguments, f for f(x, y)."""
    return functions[node.name][1] if isinstance(node, Symbol) and node.name in functions else node


def _fully(node: Node, known: Given, functions: Definitions) -> Node:
    for _ in range(DEEPEST):
        node = _put(node, known, functions)
    return node


def _at(derivative: Derivative, known: Given) -> Node:
    """Return a derivative at the place that its letter is; as it is where that is no number."""
    letter = Symbol(derivative.variable)
    place = known.get(letter)
    return derivative if place is None or not is_closed(place) else Apply("at", (letter, place, derivative))


def _without(known: Given, letter: str) -> Given:
    symbol = Symbol(letter)
    return {name: node for name, node in known.items() if name != symbol} if symbol in known else known
