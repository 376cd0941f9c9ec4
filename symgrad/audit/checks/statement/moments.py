"""Identities between means, variances and covariances: Var(aX + b) = a² Var(X), at drawn distributions, exactly."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from flint import fmpq

from symgrad.arithmetic.dyadic import fraction, rational
from symgrad.audit.case import Case
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Node, Number, Symbol, Unknown, is_event, rebuilt, symbols, walk
from symgrad.reading.value import UndefinedError, evaluate

KIND = "moments"
NAMES = ("E", "Var", "Cov")
OUTCOMES, DRAWS, SEED, MOST = 3, 3, 0, 3
"""Outcomes of a letter, distributions that are drawn, and letters that are random."""
_INDEPENDENT = re.compile(r"\b(?:independen\w+|i\.?i\.?d\b|uncorrelated)", re.IGNORECASE)
_CHANCE = re.compile(
    r"\\mathbb\s*\{?\s*E|\bVar\b|\bCov\b|\b(?:expect\w+|varianc\w+|means?|random|distribut\w+|probab\w+|moments?)\b",
    re.IGNORECASE,
)
TWO, HALF = Fraction(2), Fraction(1, 2)


@dataclass(frozen=True)
class _Draw:
    """Outcomes: the probability of each and the values of the random letters there; and the values of constants."""

    outcomes: tuple[tuple[Fraction, Mapping[str, fmpq]], ...]
    constants: Mapping[str, fmpq]


def moments(case: Case) -> Judgement | None:
    """Judge an equation with means or variances on both sides; None for any other claim.

    It is refuted where a term has a wrong sign or factor, or a square is missing: what is left out may be 0.
    """
    sides = case.nodes[-2:]
    if case.relation != "=" or not all(any(map(_is_moment, walk(n))) for n in sides) or case.left == case.right:
        return None
    if any(is_event(n) for side in sides for n in walk(side)):
        return None
    drawn = _random(sides)
    constants = (symbols(case.left) | symbols(case.right)) - drawn
    functions = (n for side in sides for n in walk(side) if isinstance(n, Unknown))
    if not drawn or len(drawn) > MOST or not all(map(_is_moment, functions)) or not _is_of_chance(case):
        return None
    try:
        any_, free = (_holds(case.left, case.right, list(_draws(drawn, constants, k))) for k in (False, True))
    except (NotUnderstoodError, UndefinedError):
        return None
    if any_:
        return Judgement(Word.CONFIRMED, reason="whatever the distribution", kind=KIND)
    if free:
        said = f"{case.passage.before} {case.passage.after} {case.passage.sentence.words()}"
        if _INDEPENDENT.search(said):
            return Judgement(Word.CONFIRMED, reason="where they are independent", kind=KIND)
        return unchecked("right where they are independent", KIND)
    if _random((case.left,)) != _random((case.right,)):
        return unchecked("what is left out may depend on the rest", KIND)
    independent = list(_draws(drawn, constants, True))
    for changed, told in _changed(case.right, constants):
        if _holds_surely(case.left, changed, independent):
            return Judgement(Word.REFUTED, reason=told, kind=KIND)
    return unchecked("perhaps of a distribution of which more is known", KIND)


def _is_of_chance(case: Case) -> bool:
    """Tell whether E is a mean, and no energy or error: the formula, or the words around it, speak of chance."""
    p = case.passage
    return _CHANCE.search(f"{p.before} {p.text} {p.after} {p.sentence.words()}") is not None


def _is_moment(n: Node) -> bool:
    return isinstance(n, Unknown) and n.name in NAMES and not n.primes


def _random(sides: tuple[Node, ...]) -> frozenset[str]:
    """Return the letters that are random: in a mean, the capital ones, or else those that stand nowhere outside."""
    inside = frozenset[str]().union(*(symbols(n) for s in sides for n in walk(s) if _is_moment(n)))
    capital = frozenset(x for x in inside if x[0].isupper())
    return capital or inside - frozenset[str]().union(*map(_outside, sides))


def _outside(node: Node) -> frozenset[str]:
    if _is_moment(node):
        return frozenset()
    if isinstance(node, Symbol):
        return symbols(node)
    return frozenset[str]().union(*(map(_outside, node.arguments) if isinstance(node, Apply) else ()))


def _draws(names: frozenset[str], constants: frozenset[str], independent: bool) -> Iterator[_Draw]:
    """Yield distributions of some letters, of independent ones or of any."""
    source = random.Random(SEED)
    letters = sorted(names)
    for _ in range(DRAWS):
        at = {x: fmpq(source.randint(2, 30), 7) for x in sorted(constants)}
        values = {x: [fmpq(source.randint(-40, 40), 9) for _ in range(OUTCOMES)] for x in letters}
        weights = {x: _weights(source) for x in letters}
        if independent:
            places = list(product(range(OUTCOMES), repeat=len(letters)))
            chances = [_chance(weights, letters, place) for place in places]
        else:
            places = [(k,) * len(letters) for k in range(OUTCOMES)]
            chances = _weights(source)
        rows = [{x: values[x][k] for x, k in zip(letters, place, strict=True)} for place in places]
        yield _Draw(tuple(zip(chances, rows, strict=True)), at)


def _chance(weights: Mapping[str, list[Fraction]], letters: list[str], place: tuple[int, ...]) -> Fraction:
    """Return the probability of an outcome of independent letters."""
    found = Fraction(1)
    for x, k in zip(letters, place, strict=True):
        found *= weights[x][k]
    return found


def _weights(source: random.Random) -> list[Fraction]:
    drawn = [source.randint(1, 9) for _ in range(OUTCOMES)]
    return [Fraction(n, sum(drawn)) for n in drawn]


def _holds(left: Node, right: Node, draws: list[_Draw]) -> bool:
    """Tell whether two sides are equal for some distributions; raises NotUnderstoodError where they have no value."""
    return all(_value(left, draw) == _value(right, draw) for draw in draws)


def _holds_surely(left: Node, right: Node, draws: list[_Draw]) -> bool:
    try:
        return _holds(left, right, draws)
    except (NotUnderstoodError, UndefinedError):
        return False


def _value(node: Node, draw: _Draw, at: Mapping[str, fmpq] | None = None) -> Fraction:
    """Return the value of a side, exactly, at an outcome if one is given."""
    value = evaluate(_with_numbers(node, draw), {**draw.constants, **(at or {})})
    if not isinstance(value, fmpq):
        raise NotUnderstoodError("a value that is no fraction")
    return fraction(value)


def _with_numbers(node: Node, draw: _Draw) -> Node:
    """Return a node with the value in the place of each mean, variance and covariance."""
    match node:
        case Unknown("E", (x,)):
            return _number(_mean(x, draw))
        case Unknown("Var", (x,)):
            return _number(_mean(Apply("*", (x, x)), draw) - _mean(x, draw) ** 2)
        case Unknown("Cov", (x, y)):
            return _number(_mean(Apply("*", (x, y)), draw) - _mean(x, draw) * _mean(y, draw))
        case Unknown():
            raise NotUnderstoodError("a function that is not known")
    return rebuilt(node, lambda n: _with_numbers(n, draw))


def _mean(node: Node, draw: _Draw) -> Fraction:
    inner = _with_numbers(node, draw)
    return sum((chance * _value(inner, draw, at) for chance, at in draw.outcomes), Fraction(0))


def _number(value: Fraction) -> Number:
    return Number(fraction(rational(value)), str(value))


def _changed(node: Node, constants: frozenset[str]) -> Iterator[tuple[Node, str]]:
    """Yield a side with one slip mended, and what the slip is."""
    match node:
        case Apply("+" | "-" as sign, (a, b)):
            yield Apply("-" if sign == "+" else "+", (a, b)), "a sign is wrong"
            yield from ((Apply(sign, (changed, b)), told) for changed, told in _changed(a, constants))
            yield from ((Apply(sign, (a, changed)), told) for changed, told in _changed(b, constants))
        case Apply("neg", (inner,)):
            yield inner, "a sign is wrong"
        case _:
            yield Apply("*", (_number(TWO), node)), "a factor 2 is missing"
            yield Apply("*", (_number(HALF), node)), "a factor 2 is too many"
            for n in dict.fromkeys(walk(node)):
                if _is_moment(n) or (isinstance(n, Symbol) and n.name in constants) or isinstance(n, Number):
                    square = Apply("^", (n, _number(TWO)))
                    yield _put(node, n, square), "a square is missing"


def _put(node: Node, old: Node, new: Node) -> Node:
    return new if node == old else rebuilt(node, lambda n: _put(n, old, new))
