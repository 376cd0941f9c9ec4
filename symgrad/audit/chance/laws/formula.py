"""Laws by the formula of their density, or of their distribution function."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from flint import arb, fmpq

from symgrad.audit.bycases.function import Part, holds
from symgrad.audit.chance.laws.continuous import PLACES
from symgrad.audit.chance.laws.law import HIGHEST, Law
from symgrad.audit.chance.polynomial import coefficients
from symgrad.audit.chance.region import Interval
from symgrad.audit.checks.formula.infinite import sharp
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Derivative, Integral, Node, Number, Symbol, rebuilt, substituted, symbols, walk
from symgrad.reading.value import UndefinedError, Value, ball, evaluate

Letters = Mapping[str, Value]
CLOSE, WHOLE = arb("1e-10"), arb("1e-8")
"""How far what is not enclosed may be off, relatively; how sharp it must be that a density integrates to 1."""
NEAR, FAR, SMALL = fmpq(10**8), fmpq(10**14), arb("0.01")
"""Places far out, where what has an integral has become small."""
HALVINGS = 40
LOW, HIGH = " low", " high"
"""Letters of the ends of an integral."""
_ONE, _ZERO = Number(Fraction(1), "1"), Number(Fraction(0), "0")


def by_density(parts: tuple[Part, ...], x: str, letters: Letters) -> Law:
    """Return the law with a density; raises UndefinedError where it does not integrate to 1, or is negative."""
    parts = tuple(p for p in parts if p.value != _ZERO)
    inside = _support(parts)
    total = mass(parts, x, letters)
    if not arb(total - 1).contains(0) or arb(total).rad() > WHOLE:
        raise UndefinedError("a density that does not integrate to 1")

    def at(y: Value) -> Value:
        found = [p.value for p in parts if holds(p.inside, y)]
        if len(found) > 1:
            raise UndefinedError("several cases hold")
        return evaluate(found[0], {**letters, x: y}) if found else fmpq(0)

    def expect(of: Node, letter: str, others: Letters) -> Value:
        g = substituted(of, letter, Symbol(x))
        return sum((integral(_times(g, p.value), x, p.inside, {**letters, **others}) for p in parts), fmpq(0))

    def below(y: Value) -> Value:
        ends = [p.inside.met(Interval(None, y)) for p in parts]
        return sum((integral(p.value, x, i, letters) for p, i in zip(parts, ends, strict=True) if _is_long(i)), fmpq(0))

    places = _places(inside)
    if any(at(y) < 0 for y in places):
        raise UndefinedError("a density below 0")
    return _law(inside, at, expect, below, x)


def mass(parts: tuple[Part, ...], x: str, letters: Letters) -> Value:
    """Return what a density integrates to."""
    return sum((integral(p.value, x, p.inside, letters) for p in parts if p.value != _ZERO), fmpq(0))


def by_distribution(parts: tuple[Part, ...], x: str, letters: Letters) -> Law:
    """Return the law with a distribution function, which climbs from 0 to 1 without a jump."""
    middle = [p for p in parts if p.value not in (_ZERO, _ONE) and _is_long(p.inside)]
    if not middle:
        raise UndefinedError("no distribution function")
    inside = _support(tuple(middle))
    ends = [(middle[0], inside.low, 0), (middle[-1], inside.high, 1)]
    joints = [(a, b, a.inside.high) for a, b in pairwise(middle)]
    for part, end, value in ends:
        if end is None and value == 0:
            raise UndefinedError("no begin")
        place = FAR if end is None else end
        if not abs(ball(evaluate(part.value, {**letters, x: place})) - value) < CLOSE:
            raise UndefinedError("a distribution function that jumps")
    for a, b, end in joints:
        if not ball(evaluate(a.value, {**letters, x: end}) - evaluate(b.value, {**letters, x: end})).contains(0):
            raise UndefinedError("a distribution function that jumps")

    def below(y: Value) -> Value:
        return evaluate(next(p.value for p in middle if holds(p.inside, y)), {**letters, x: y})

    def at(y: Value) -> Value:
        found = [p.value for p in middle if holds(p.inside, y)]
        return evaluate(Derivative(found[0], x), {**letters, x: y}) if found else fmpq(0)

    def expect(of: Node, letter: str, others: Letters) -> Value:
        g = substituted(of, letter, Symbol(x))
        slopes = (_times(g, slope(p.value, x)) for p in middle)
        return sum(
            (integral(s, x, p.inside, {**letters, **others}) for s, p in zip(slopes, middle, strict=True)), arb(0)
        )

    return _law(inside, at, expect, below, x)


def _law(inside: Interval, at, expect, below, x: str) -> Law:  # type: ignore[no-untyped-def]
    def raw(k: int) -> Value:
        if k > HIGHEST:
            raise UndefinedError("a high moment")
        power: Node = _ONE if k == 0 else Symbol(x)
        return expect(power if k < 2 else Apply("^", (power, Number(Fraction(k), str(k)))), x, {})

    return Law("given", False, inside.low, inside.high, at, raw, _places(inside), below, expect=expect)


def _times(g: Node, f: Node) -> Node:
    return f if g == _ONE else Apply("*", (g, f))


def _is_long(i: Interval) -> bool:
    return not i.is_empty and (i.low is None or i.high is None or bool(i.low < i.high))


def _support(parts: tuple[Part, ...]) -> Interval:
    """Return the smallest interval outside of which a function is 0."""
    kept = [p.inside for p in parts if p.value != _ZERO]
    if not kept:
        raise UndefinedError("a density that is 0")
    return replace(kept[0], high=kept[-1].high, high_open=kept[-1].high_open)


def _places(inside: Interval) -> tuple[Value, ...]:
    """Return some places in an interval, ascending."""
    low, high = inside.low, inside.high
    if low is not None and high is not None:
        return tuple(low + (high - low) * place / 4 for place in PLACES)
    if low is not None:
        return tuple(low + place for place in PLACES)
    return tuple((fmpq(0) if high is None else high) - place for place in reversed(PLACES))


def median(law: Law) -> Value:
    """Return the middle of a law with a density, by halving."""
    low, high = (end if isinstance(end, fmpq) else None for end in (law.low, law.high))
    half = fmpq(1, 2)
    step = fmpq(1)
    while high is None or low is None:
        place = (low if low is not None else high if high is not None else fmpq(0)) + (step if high is None else -step)
        if law.between(None, place) > half:
            high = place
        else:
            low = place
        step *= 2
        if step > 2**30:
            raise UndefinedError("a median far out")
    for _ in range(HALVINGS):
        place = (low + high) / 2
        found = arb(law.between(None, place)) - half
        if found > 0:
            high = place
        elif found < 0:
            low = place
        else:
            return arb(place, arb(2) ** -HALVINGS * (1 + abs(arb(place))))
    return arb((low + high) / 2, (high - low) / 2)


# --- integrals ----------------------------------------------------------------------------------------------


def integral(node: Node, x: str, inside: Interval, letters: Letters) -> Value:
    """Return ∫ f over an interval: enclosed, or else in many digits; raises UndefinedError where it has none."""
    return sum((_smooth(n, x, i, letters) for n, i in _without_corners(node, x, inside)), fmpq(0))


def _without_corners(node: Node, x: str, inside: Interval) -> Iterator[tuple[Node, Interval]]:
    """Yield an integrand with |x| as x or -x, left and right of 0."""
    size = Apply("abs", (Symbol(x),))
    if size not in walk(node):
        yield node, inside
        return
    for side, value in ((Interval(None, fmpq(0)), Apply("neg", (Symbol(x),))), (Interval(fmpq(0), None), Symbol(x))):
        both = inside.met(side)
        if _is_long(both):
            yield _replaced(node, size, value), both


def _replaced(node: Node, old: Node, new: Node) -> Node:
    return new if node == old else rebuilt(node, lambda n: _replaced(n, old, new))


def _smooth(node: Node, x: str, inside: Interval, letters: Letters) -> Value:
    low, high = inside.low, inside.high
    if low is not None and high is not None:
        try:
            return _of_polynomial(coefficients(node, x, letters), low, high)
        except NotUnderstoodError:
            pass
        try:
            return evaluate(Integral(node, x, Symbol(LOW), Symbol(HIGH)), {**letters, LOW: low, HIGH: high})
        except NotUnderstoodError:
            pass  # a pole at an end, as of 1/√x
    for end, sign in ((low, -1), (high, 1)):
        if end is None:
            _check_far(node, x, sign, letters)
    at = {name: _middle(v) for name, v in {**letters, LOW: low, HIGH: high}.items() if v is not None}
    ends = [Symbol("∞") if high is None else Symbol(HIGH), Symbol(LOW)]
    below: Node = Apply("neg", (Symbol("∞"),)) if low is None else ends[1]
    try:
        found = sharp(Integral(node, x, below, ends[0]), at)
    except (ArithmeticError, ValueError, TypeError) as error:
        raise UndefinedError("an integral") from error
    if found is None:
        raise UndefinedError("an integral that does not settle")
    value = arb(str(found))
    return arb(value, CLOSE * (abs(value) + CLOSE))


def _middle(x: Value) -> fmpq:
    """Return a number, or the middle of a sharp ball, as a fraction."""
    if isinstance(x, fmpq):
        return x
    mantissa, exponent = arb(x).mid().man_exp()
    return fmpq(mantissa) * fmpq(2) ** int(exponent)


def _of_polynomial(found: list[Value], low: Value, high: Value) -> Value:
    """Return the integral of a polynomial, exactly where its coefficients are fractions."""
    total, above, below = fmpq(0), high, low
    for k, c in enumerate(found):
        total = total + c * (above - below) / (k + 1)
        above, below = above * high, below * low
    return total


def _check_far(node: Node, x: str, sign: int, letters: Letters) -> None:
    """Raise UndefinedError where x f(x) does not become small far out: the integral is infinite then."""
    near, far = (abs(ball(evaluate(node, {**letters, x: sign * place})) * place) for place in (NEAR, FAR))
    if not (far < SMALL and (far < near / 10 or far < CLOSE)):
        raise UndefinedError("an integral that is infinite")


def slope(node: Node, x: str) -> Node:
    """Return the derivative of a formula of x as a formula; raises NotUnderstoodError for what it does not know."""
    if x not in symbols(node):
        return _ZERO
    match node:
        case Symbol(name) if name == x:
            return _ONE
        case Apply("+" | "-" | "neg" as sign, arguments):
            return Apply(sign, tuple(slope(n, x) for n in arguments))
        case Apply("*", (a, b)):
            return Apply("+", (Apply("*", (slope(a, x), b)), Apply("*", (a, slope(b, x)))))
        case Apply("/", (a, b)) if x not in symbols(b):
            return Apply("/", (slope(a, x), b))
        case Apply("/", (a, b)):
            above = Apply("-", (Apply("*", (slope(a, x), b)), Apply("*", (a, slope(b, x)))))
            return Apply("/", (above, Apply("*", (b, b))))
        case Apply("^", (Apply("e"), power)) | Apply("exp", (power,)):
            return Apply("*", (node, slope(power, x)))
        case Apply("^", (base, Number() as power)):
            less = Apply("^", (base, Number(power.value - 1, str(power.value - 1))))
            return Apply("*", (Apply("*", (power, less)), slope(base, x)))
        case Apply("sqrt", (a,)):
            return Apply("/", (slope(a, x), Apply("*", (Number(Fraction(2), "2"), node))))
        case Apply("sin", (a,), 0):
            return Apply("*", (Apply("cos", (a,)), slope(a, x)))
        case Apply("cos", (a,), 0):
            return Apply("neg", (Apply("*", (Apply("sin", (a,)), slope(a, x))),))
        case Apply("ln", (a,), 0):
            return Apply("/", (slope(a, x), a))
    raise NotUnderstoodError("a slope")
