"""Plain algebra: two polynomials that share terms and differ in others, p (1 - p) = p - p^3."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import reduce

from flint import fmpq

from symgrad.arithmetic.dyadic import fraction
from symgrad.audit.case import Case
from symgrad.audit.checks.formula.points import compare
from symgrad.audit.checks.formula.rounded import agree_when_rounded
from symgrad.audit.finding import Judgement, Word
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Node, Number, Symbol, Unknown, symbols
from symgrad.reading.value import UndefinedError, evaluate

KIND = "algebra"
_SOLVED = re.compile(r"=\s*-?\d+\s*(?:[.,;&\\]|$)")
"""What a chain ends with that is to be solved, f(x) = x^2 - 1 = 0."""
MOST_TERMS, HIGHEST = 60, 8
SMALL = frozenset(["epsilon", "varepsilon", "delta", "h", "i", "j"])
"""Letters whose powers may be left out: small ones, and those with a square of their own."""
Monomial = tuple[tuple[str, int], ...]
Terms = Mapping[Monomial, Fraction]
"""A polynomial: the coefficient of each product of powers of letters."""


def polynomial(case: Case) -> Judgement | None:
    """Refute a = b of polynomials of the same letters where a product is multiplied out wrongly; None for others.

    It is wrong where half of the terms agree and none is missing, where a slip explains it, or where the chain's other
    links hold: any other equation may be one that is to be solved, or that holds for some letters, as
    (a + b)^2 = a^2 + b^2 for a b = 0.
    """
    if case.relation != "=" or case.closed or isinstance(case.left, Symbol) or isinstance(case.right, Symbol):
        return None
    products = any(map(_has_product_of_sums, case.nodes[-2:]))
    if symbols(case.left) != symbols(case.right) or not (products or len(case.nodes) > 2):
        return None
    letters = symbols(case.left)
    if any(" " in x for x in letters):
        return None  # \overline{A} may be a complement
    if len(letters) > 1 and any(x[0].isupper() for x in letters):
        return None  # perhaps matrices: I is one, A B need not be B A; or a set, c (v + W) = c v + W
    if letters & SMALL or len({x.partition("_")[0] for x in letters}) < len(letters):
        return None  # p_i and p_j may be the same
    left, right = (terms(n) for n in case.nodes[-2:])
    if left is None or right is None or left == right or not left or not right:
        return None
    differing = {m for m in {*left, *right} if left.get(m) != right.get(m)}
    shared = len({*left, *right}) - len(differing)
    likely = shared >= len(differing) / 2 and len(left) == len(right)
    likely = likely and _has_product_of_sums(case.left) and not _has_product_of_sums(case.right)
    if slip := _slip(case, left, right):
        return Judgement(Word.REFUTED, reason=slip, kind=KIND)
    of_function = _begins_with_function(case) and len(differing) == 1 < shared and left.keys() == right.keys()
    if not shared or not (likely or of_function or _is_carried_on(case)):
        return None
    found = compare(case.left, case.right, domain=case.domain)
    if found.word is not Word.REFUTED or agree_when_rounded(case.left, case.right, case.domain):
        return None
    return Judgement(Word.REFUTED, reason=found.reason, kind=KIND)


def _slip(case: Case, left: Terms, right: Terms) -> str:
    """Return the slip of the pen that explains a claim which no equation to be solved looks like, or nothing.

    It is one wrong sign in a product of sums, or, of several letters, a wrong factor of all.
    """
    products = [_has_product_of_sums(side) for side in case.nodes[-2:]]
    if products.count(True) == 1:  # of two products, (x + 1)^2 = (x - 1)^2, one may ask where they are equal
        side, other = (case.left, right) if products[0] else (case.right, left)
        if any(terms(changed) == other for changed in _with_another_sign(side)):
            return "a sign is wrong"
    several = len(symbols(case.left)) > 1 and len(right) == 1 and left.keys() == right.keys()
    if several and _has_product_of_sums(case.left) and isinstance(case.left, Apply) and case.left.name in ("+", "-"):
        [monomial] = left
        return f"the left side is {left[monomial] / right[monomial]} times the right one"
    return ""


def _with_another_sign(node: Node) -> Iterator[Node]:
    """Yield a formula with one + for a -, or one - for a +."""
    match node:
        case Apply("+" | "-" as sign, arguments):
            yield Apply("-" if sign == "+" else "+", arguments)
    for n, child in enumerate(node.arguments if isinstance(node, Apply) else ()):
        for changed in _with_another_sign(child):
            assert isinstance(node, Apply)
            yield Apply(node.name, (*node.arguments[:n], changed, *node.arguments[n + 1 :]), node.primes)


def _is_carried_on(case: Case) -> bool:
    """Tell whether the links before hold: then the last says something too."""
    pairs = list(zip(case.nodes[:-1], case.nodes[1:-1], strict=False))
    return bool(pairs) and all(compare(a, b, domain=case.domain).word is Word.CONFIRMED for a, b in pairs)


def _begins_with_function(case: Case) -> bool:
    """Tell whether a chain says what a function of its letter is: p(x) = 1 + x + 2x^2/2! = 1 + x + x^2."""
    match case.nodes[0]:
        case Unknown(_, (Symbol(letter),)):
            return len(case.nodes) > 2 and symbols(case.left) == {letter} and not _SOLVED.search(case.passage.text)
    return False


def _has_product_of_sums(node: Node) -> bool:
    """Tell whether a side, or a term of it, is a product or a power of which a factor is a sum."""
    match node:
        case Apply("+" | "-" | "neg", arguments):
            return any(map(_has_product_of_sums, arguments))
        case Apply("*", arguments):
            return any(map(_is_sum, arguments)) or any(map(_has_product_of_sums, arguments))
        case Apply("^", (base, Number(value))):
            return _is_sum(base) and value > 1
    return False


def _is_sum(node: Node) -> bool:
    return isinstance(node, Apply) and node.name in ("+", "-")


def terms(node: Node) -> Terms | None:
    """Return a polynomial multiplied out; None for what is none, or is large.

    >>> x = Symbol("x")
    >>> terms(Apply("^", (Apply("+", (x, x)), Number(Fraction(2), "2"))))
    {(('x', 2),): Fraction(4, 1)}
    """
    match node:
        case Number(value):
            return {(): value} if value else {}
        case Symbol(name) if name not in ("pi", "∞", "…"):
            return {((name, 1),): Fraction(1)}
        case Apply("neg", (inner,)):
            return _scaled(terms(inner), Fraction(-1))
        case Apply("+", (a, b)):
            return added(terms(a), terms(b))
        case Apply("-", (a, b)):
            return added(terms(a), _scaled(terms(b), Fraction(-1)))
        case Apply("*", (a, b)):
            return multiplied(terms(a), terms(b))
        case Apply("/", (a, b)) if symbols(a) and (below := _constant(b)):
            return _scaled(terms(a), 1 / below)
        case Apply("^", (base, Number(value))) if value.denominator == 1 and 0 < value <= HIGHEST:
            factor = terms(base)
            return reduce(multiplied, [factor] * int(value))
    constant = None if symbols(node) else _constant(node)
    return None if constant is None else {(): constant} if constant else {}


def _constant(node: Node) -> Fraction | None:
    """Return the value of a calculation that is a fraction, 6/3!; None for any other."""
    try:
        found = evaluate(node, {})
    except (NotUnderstoodError, UndefinedError):
        return None
    return fraction(found) if isinstance(found, fmpq) else None


def _scaled(x: Terms | None, c: Fraction) -> Terms | None:
    return None if x is None else {m: c * a for m, a in x.items()}


def added(x: Terms | None, y: Terms | None) -> Terms | None:
    """Return the sum of two polynomials; None where one of them is none."""
    if x is None or y is None:
        return None
    total = {m: x.get(m, Fraction(0)) + y.get(m, Fraction(0)) for m in {**x, **y}}
    return {m: a for m, a in total.items() if a}


def multiplied(x: Terms | None, y: Terms | None) -> Terms | None:
    """Return the product of two polynomials; None where one of them is none, or it is large."""
    if x is None or y is None or len(x) * len(y) > MOST_TERMS:
        return None
    found: dict[Monomial, Fraction] = {}
    for m, a in x.items():
        for n, b in y.items():
            powers = dict(m)
            for letter, power in n:
                powers[letter] = powers.get(letter, 0) + power
            key = tuple(sorted(powers.items()))
            found[key] = found.get(key, Fraction(0)) + a * b
    return {m: a for m, a in found.items() if a}
