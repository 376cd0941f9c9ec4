"""Sums to infinity and integrals over infinite ranges: ∑ 1/n² = π²/6, ∫_0^∞ e^{-a x} dx = 1/a, in many digits."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from flint import arb, fmpq

from symgrad.audit.case import Case
from symgrad.audit.checks.formula.points import points
from symgrad.audit.checks.number.rounding import judged, printed
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import LAPLACE, Apply, Big, Integral, Node, Number, Symbol, Unknown, symbols, walk

KIND = "series"
INFINITE = (Symbol("∞"), Apply("neg", (Symbol("∞"),)))
DIGITS, MORE = 20, 30
"""Digits in which a value is computed, and in which it is computed again."""
AGREE, DIFFER = 1e-12, 1e-3
FAR = (45, 60)
"""Powers of ten at which what has a limit at infinity has come near to it."""
FEWEST, MOST = 4, 5
S, T = "s", "t"
"""The letters of a Laplace transform, and what it is of."""
FAR_RIGHT = 5
"""How far to the right it is tried: there it exists."""
PARTLY = "it does not hold everywhere, or converges on a part only"
LATER = (30, 1000)
"""Terms of a sum of which the later one is smaller, if it converges."""
_FOR_ALL = re.compile(r"\b(?:for (?:all|every|any|each)|für alle|pour tout|para todo)\b|\\forall", re.IGNORECASE)
NEAR = 40
TERMS = 300
"""Terms that are added up one by one, as a second witness."""
FUNCTIONS = ("exp", "sqrt", "sin", "cos", "tan", "tanh", "sinh", "cosh", "atan", "erf")


def infinite(case: Case) -> Judgement | None:
    """Judge a sum to infinity or an integral over an infinite range; None for any other claim.

    With letters it is only confirmed: where it converges, the text says.
    """
    sides = case.nodes[-2:]
    if case.relation not in ("=", "≈") or not any(_is_infinite(n) for side in sides for n in walk(side)):
        return None
    if any(isinstance(n, Unknown) for side in sides for n in walk(side)) or any(map(_has_end, sides)):
        return unchecked("a limit at infinity of what is not known", KIND)
    if isinstance(case.left, Symbol) and case.left != Symbol("pi"):
        return unchecked("a definition, or an equation", KIND)
    letters = (symbols(case.left) | symbols(case.right)) - {"∞"}
    try:
        return _closed(case) if not letters else _at_points(case, tuple(sorted(letters)))
    except (NotUnderstoodError, ArithmeticError, ValueError, TypeError):
        return unchecked("a sum or an integral that has no value here", KIND)


def _is_infinite(n: Node) -> bool:
    match n:
        case Big(_, _, _, high):
            return high in INFINITE
        case Integral(_, _, low, high):
            return low in INFINITE or high in INFINITE
    return isinstance(n, Apply) and n.name in ("between", LAPLACE)


def _is_transform(n: Node) -> bool:
    return isinstance(n, Apply) and n.name == LAPLACE


def _has_end(node: Node) -> bool:
    return "∞" in symbols(node) and not any(map(_is_infinite, walk(node)))


def _closed(case: Case) -> Judgement:
    sides = case.left, case.right
    infinite, other = sides if any(map(_is_infinite, walk(case.left))) else sides[::-1]
    x, y = sharp(infinite, {}), sharp(other, {})
    if x is None or y is None:
        return unchecked("a sum or an integral of which no value is known", KIND)
    if abs(x - y) <= AGREE * max(abs(x), abs(y)):
        return Judgement(Word.CONFIRMED, reason=f"in {DIGITS} digits", kind=KIND)
    shown = printed(other)
    if shown is not None:
        word, reason = judged(arb(str(x)), shown, case.relation)
        if word is not Word.REFUTED:
            return Judgement(word, reason=reason, kind=KIND)
    if case.relation == "=" and abs(x - y) > DIFFER * max(abs(x), abs(y)) and _is_witnessed(infinite, x, y):
        return Judgement(Word.REFUTED, str(_rounded(x)), f"it is {_rounded(x)}", KIND)
    return unchecked(f"perhaps {_rounded(x)}", KIND)


def _at_points(case: Case, letters: tuple[str, ...]) -> Judgement:
    sides = case.left, case.right
    of_transforms = any(_is_transform(n) for side in sides for n in walk(side))
    far = {S: fmpq(FAR_RIGHT)} if of_transforms else {}
    agree = differ = 0
    tried = points(letters, "", case.domain)
    everywhere = _FOR_ALL.search(f"{case.passage.before[-NEAR:]} ◇ {case.passage.after[:NEAR]}") is not None
    for point in (*tried[:MOST], *tried[-FEWEST:]) if everywhere else tried[:MOST]:
        if not case.domain.holds(point):
            continue
        x, y = (sharp(side, {name: v + far.get(name, 0) for name, v in point.items()}) for side in sides)
        if x is None or y is None:
            if everywhere:
                return unchecked(PARTLY, KIND)
            continue
        off, size = abs(x - y), max(abs(x), abs(y))
        if off > AGREE * size and not (of_transforms and off > DIFFER * size):
            return unchecked(PARTLY, KIND)
        agree += bool(off <= AGREE * size)
        differ += bool(off > AGREE * size)
    if of_transforms and differ == MOST and symbols(case.left) == symbols(case.right):
        return Judgement(Word.REFUTED, reason="it differs wherever both sides exist", kind=KIND)
    if differ:
        return unchecked(PARTLY, KIND)
    if agree < FEWEST:
        return unchecked("it converges at too few points", KIND)
    return Judgement(Word.CONFIRMED, reason=f"at {agree} points, in {DIGITS} digits", kind=KIND)


def _rounded(x: Any) -> Any:
    import mpmath

    return mpmath.nstr(x, 6).removesuffix(".0")


def sharp(node: Node, at: Mapping[str, fmpq]) -> Any:
    """Return a value that is the same in more digits; None where it is not."""
    import mpmath

    found = []
    for digits in (DIGITS, MORE):
        with mpmath.workdps(digits):
            value = _value(node, {k: mpmath.mpf(int(v.p)) / int(v.q) for k, v in at.items()}, mpmath.mp)
            if not mpmath.isfinite(value) or isinstance(value, mpmath.mpc):
                return None
            found.append(value)
    return found[1] if abs(found[0] - found[1]) <= AGREE * abs(found[1]) else None


def _is_witnessed(node: Node, value: Any, claimed: Any) -> bool:
    """Tell whether the first terms of a sum of one sign come nearer to its value than to what is claimed."""
    import mpmath

    match node:
        case Big("∑", variable, Number(low), _, body):
            total = mpmath.mpf(0)
            for n in range(int(low), int(low) + TERMS):
                total += _value(body, {variable: mpmath.mpf(n)}, mpmath.mp)
            return bool(abs(total - value) * 4 < abs(total - claimed))
    return isinstance(node, Integral) or (isinstance(node, Apply) and node.name == "between")


def _value(node: Node, at: Mapping[str, Any], mp: Any) -> Any:
    """Return the value of a node in mpmath; raises NotUnderstoodError where it has none."""
    match node:
        case Number(value):
            return mp.mpf(value.numerator) / value.denominator
        case Symbol("pi"):
            return +mp.pi
        case Symbol("∞"):
            return mp.inf
        case Symbol(name) if name in at:
            return at[name]
        case Big(sign, variable, low, high, body):
            ends = [_value(low, at, mp), _value(high, at, mp)]
            if ends[0] != int(ends[0]):
                raise NotUnderstoodError("the begin of a sum")
            if sign == "∑" and not mp.isfinite(ends[1]):
                _check_terms(body, variable, ends[0], at, mp)
            total = mp.nsum if sign == "∑" else mp.nprod
            return total(lambda n: _value(body, {**at, variable: n}, mp), ends)
        case Integral(body, variable, low, high) if low is not None and high is not None:
            ends = [_value(low, at, mp), _value(high, at, mp)]
            return mp.quad(lambda x: _value(body, {**at, variable: x}, mp), ends)
        case Apply(name, (body,), 0) if name == LAPLACE and S in at:
            return mp.quad(lambda t: mp.exp(-at[S] * t) * _value(body, {**at, T: t}, mp), [0, mp.inf])
        case Apply("between", (Symbol(letter), low, high, body)):
            upper, lower = (_at_end(body, letter, _value(end, at, mp), at, mp) for end in (high, low))
            return upper - lower
        case Apply(name, arguments, 0):
            return _applied(name, [_value(a, at, mp) for a in arguments])
    raise NotUnderstoodError("what has no value here")


def _check_terms(body: Node, variable: str, low: Any, at: Mapping[str, Any], mp: Any) -> None:
    """Raise NotUnderstoodError where the terms of a sum do not become smaller: what is extrapolated is no sum then."""
    near, far = (abs(_value(body, {**at, variable: low + n}, mp)) for n in LATER)
    if not far < near and far != 0:
        raise NotUnderstoodError("a sum that does not converge")


def _at_end(body: Node, letter: str, end: Any, at: Mapping[str, Any], mp: Any) -> Any:
    """Return the value of a formula where its letter is an end, or what it comes to far out, where that is the same."""
    if mp.isfinite(end):
        return _value(body, {**at, letter: end}, mp)
    near, far = (_value(body, {**at, letter: mp.sign(end) * mp.mpf(10) ** k}, mp) for k in FAR)
    if not abs(near - far) <= mp.mpf(10) ** -DIGITS:
        raise NotUnderstoodError("what has no limit")
    return far


def _applied(name: str, x: list[Any]) -> Any:
    operation = _operations().get(name)
    if operation is None:
        raise NotUnderstoodError(name)
    return operation(*x)


@cache
def _operations() -> dict[str, Callable[..., Any]]:
    """Return the operations of mpmath by the names that they have in a tree."""
    from mpmath import mp

    return {
        "+": operator.add,
        "-": operator.sub,
        "*": operator.mul,
        "/": operator.truediv,
        "^": operator.pow,
        "neg": operator.neg,
        "e": lambda: mp.e + 0,
        "!": mp.factorial,
        "binom": mp.binomial,
        "Gamma": mp.gamma,
        "ln": mp.ln,
        "log": lambda a, b: mp.ln(a) / mp.ln(b),
        "abs": abs,
        "arctan": mp.atan,
        **{f: getattr(mp, f) for f in FUNCTIONS},
    }
