"""Formulas that are one small edit away from another: a sign, an operator, a digit, a term that is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from symgrad.reading.tree import Apply, Big, Derivative, Node, Number, Symbol, Tuple, rebuilt, symbols

Edit = tuple[str, Node]
"""What the edit is, and the formula that it leads to."""
OTHER_SIGN = {"+": "-*", "-": "+", "*": "+/", "/": "*", "^": "*"}
OTHER_FUNCTION = {
    "sin": ("cos", "sinh"),
    "cos": ("sin", "cosh"),
    "tan": ("sin", "cot", "tanh"),
    "sinh": ("cosh", "sin"),
    "cosh": ("sinh", "cos"),
    "tanh": ("sigmoid", "tan"),
    "sigmoid": ("tanh",),
    "sec": ("csc", "cos"),
    "csc": ("sec", "sin"),
    "cot": ("tan",),
}
LONGEST = 9
"""Digits of a number of which each may be wrong."""
SMALL = 20
ONE, TWO = Number(Fraction(1), "1"), Number(Fraction(2), "2")
MINUS, POINT, PART = "a minus sign", "the decimal point", "a part is left out"
ROOT, SQUARE = "a square root", "the square of a factor"
OF_NUMBERS = frozenset(
    ("a digit", "a digit too many", "a digit too few", "two digits the wrong way round", "one more", "one less", POINT)
)
"""Edits of a number, of which there are many."""


def edited(node: Node, letters: frozenset[str] = frozenset()) -> Iterator[Edit]:
    """Yield formulas that are one edit away, each with what the edit is.

    letters: those that may stand in the place of another.

    >>> x = Symbol("x")
    >>> [said for said, _ in edited(Apply("+", (x, ONE)))][:4]
    ['- in the place of +', '* in the place of +', 'a part is left out', 'a part is left out']
    """
    yield from _here(node, letters)
    match node:
        case Apply(name, arguments, primes):
            for i, part in enumerate(arguments):
                for said, other in edited(part, letters):
                    yield said, Apply(name, (*arguments[:i], other, *arguments[i + 1 :]), primes)
        case Tuple(items):
            for i, part in enumerate(items):
                for said, other in edited(part, letters):
                    yield said, Tuple((*items[:i], other, *items[i + 1 :]))
        case Derivative(body):
            yield from ((said, replace(node, body=other)) for said, other in edited(body, letters))
        case Big(_, variable, low, high, body):
            yield from ((said, replace(node, body=other)) for said, other in edited(body, letters | {variable}))
            yield from ((said, replace(node, low=other)) for said, other in _shifted(low))
            yield from ((said, replace(node, high=other)) for said, other in _shifted(high))


def whole(node: Node) -> Iterator[Edit]:
    """Yield what a whole side may be instead: its negative, its double, its half, its inverse, its square."""
    yield MINUS, Apply("neg", (node,))
    yield "a factor 2", Apply("*", (TWO, node))
    yield "a factor 1/2", Apply("/", (node, TWO))
    yield "an inverse", Apply("/", (ONE, node))
    yield "a square", Apply("^", (node, TWO))
    yield ROOT, Apply("sqrt", (node,))


def _here(node: Node, letters: frozenset[str]) -> Iterator[Edit]:
    """Yield the formulas whose edit is at the root."""
    match node:
        case Number():
            yield from numbers(node)
        case Symbol(name):
            yield from ((f"{other} in the place of {name}", Symbol(other)) for other in sorted(letters - {name}))
        case Apply("neg", (inner,)):
            yield MINUS, inner
        case Apply(name, (left, right), 0) if name in OTHER_SIGN:
            yield from ((f"{sign} in the place of {name}", Apply(sign, (left, right))) for sign in OTHER_SIGN[name])
            if name in "*/":
                yield from _powers(name, left, right)
                yield from _letters_exchanged(name, left, right) if letters else ()
            if name in "+-":
                yield from _exchanged(name, left, right)
            yield PART, left
            yield PART, Apply("neg", (right,)) if name == "-" else right
            if name in "-/^":
                yield "parts the wrong way round", Apply(name, (right, left))
            if name == "^":
                yield from (("the exponent", Apply("^", (left, n))) for _, n in _shifted(right))
                yield "the sign of the exponent", Apply("^", (left, Apply("neg", (right,))))
        case Apply(name, (inner,), primes):
            yield f"{name} is left out", inner
            yield from (
                (f"{f} in the place of {name}", Apply(f, (inner,), primes)) for f in OTHER_FUNCTION.get(name, ())
            )
            yield MINUS, Apply(name, (Apply("neg", (inner,)),), primes)
            if primes:
                yield "a prime", Apply(name, (inner,), primes - 1)


def _powers(name: str, left: Node, right: Node) -> Iterator[Edit]:
    """Yield a product with the square of one factor that has letters in it, or with the root of a number."""
    for n, node in enumerate((left, right)):
        if isinstance(node, Number):
            said, other = ROOT, Apply("sqrt", (node,))
        elif name == "*" and symbols(node) and not (isinstance(node, Apply) and node.name in ("*", "/")):
            said, other = SQUARE, Apply("^", (node, TWO))
        else:
            continue
        yield said, Apply(name, (left, other) if n else (other, right))


def _letters_exchanged(name: str, left: Node, right: Node) -> Iterator[Edit]:
    """Yield a product with its two letters the wrong way round: sin b cos a for sin a cos b."""
    names = sorted(symbols(left) | symbols(right))
    if len(names) == 2 and all(len(symbols(side)) == 1 for side in (left, right)):
        other = {names[0]: Symbol(names[1]), names[1]: Symbol(names[0])}
        yield "two letters the wrong way round", Apply(name, (_with(left, other), _with(right, other)))


def _with(node: Node, other: dict[str, Symbol]) -> Node:
    return other.get(node.name, node) if isinstance(node, Symbol) else rebuilt(node, lambda n: _with(n, other))


def _exchanged(name: str, left: Node, right: Node) -> Iterator[Edit]:
    """Yield a sum of two powers with their exponents the wrong way round."""
    powers = [[n for n in _products(side) if isinstance(n, Apply) and n.name == "^"] for side in (left, right)]
    match powers:
        case [[Apply(_, (a, m)) as first], [Apply(_, (b, n)) as second]] if m != n:
            changed = _put(left, first, Apply("^", (a, n))), _put(right, second, Apply("^", (b, m)))
            yield "two exponents the wrong way round", Apply(name, changed)


def _products(node: Node) -> list[Node]:
    """Return the factors of a product, and a node that is none itself."""
    match node:
        case Apply("*" | "neg", arguments):
            return [factor for n in arguments for factor in _products(n)]
    return [node]


def _put(node: Node, old: Node, new: Node) -> Node:
    """Return a product with a factor in the place of another."""
    return new if node is old else rebuilt(node, lambda n: _put(n, old, new))


def _shifted(node: Node) -> Iterator[Edit]:
    """Yield a node one more and one less, and n - 1 for n + 1."""
    match node:
        case Apply("+" | "-" as sign, (left, Number() as right)):
            other = "-" if sign == "+" else "+"
            yield f"{other} in the place of {sign}", Apply(other, (left, right))
    for name, text in (("+", "one more"), ("-", "one less")):
        match node:
            case Number(value, _, 0, 1):
                n = value + (1 if name == "+" else -1)
                yield text, Number(n, str(n))
            case _:
                yield text, Apply(name, (node, ONE))


def numbers(n: Number) -> Iterator[Edit]:
    """Yield numbers one slip of the pen away: another digit, two in the wrong order, one too many or few, the point.

    >>> sorted({str(n.value) for said, n in numbers(Number(Fraction(12), "12")) if said == "the decimal point"})
    ['120', '1200', '12000', '3/25', '3/250', '6/5']
    """
    if n.scale != 1 or not n.text.replace(".", "", 1).isdecimal() or len(n.text) > LONGEST + 1:
        return
    texts: dict[str, str] = {}
    for i, digit in enumerate(n.text):
        if digit == ".":
            continue
        texts |= {n.text[:i] + d + n.text[i + 1 :]: "a digit" for d in "0123456789" if d != digit}
        texts |= {n.text[:i] + n.text[i + 1 :]: "a digit too many"} if len(n.text) > 1 else {}
        texts |= {n.text[:i] + d + n.text[i:]: "a digit too few" for d in "0123456789"}
        if i + 1 < len(n.text) and n.text[i + 1] not in (".", digit):
            texts[n.text[:i] + n.text[i + 1] + digit + n.text[i + 2 :]] = "two digits the wrong way round"
    yield from ((said, _number(text)) for text, said in texts.items() if text not in ("", ".", n.text))
    if n.places == 0 and n.value <= SMALL:
        yield from _shifted(n)
    for power in (10, Fraction(1, 10), 100, Fraction(1, 100), 1000, Fraction(1, 1000)):
        places = max(0, n.places - len(str(Fraction(power))) + 1) if power > 1 else n.places + len(str(1 / power)) - 1
        yield POINT, Number(n.value * power, n.text, places)


def _number(text: str) -> Number:
    places = len(text.partition(".")[2])
    return Number(Fraction(int(text.replace(".", "") or "0"), 10**places), text, places)
