"""The values of printed mathematics: exact fractions, balls, and series, which differentiate.

Everything is rigorous: a ball holds the true value, and where a function is not defined the result is not finite.
Time and memory are bounded: powers and factorials that would be long are balls from the beginning.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flint import acb, arb, arb_series, ctx, fmpq

from symgrad.arithmetic.dyadic import rational
from symgrad.reading.integral import definite
from symgrad.reading.known import is_activation, records, shown
from symgrad.reading.number_system import PrintedNumbers
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Big, Derivative, Integral, Node, Number, Symbol, Tuple, Unknown
from symgrad.reading.vector import flat, shape, with_vectors

DIGITS = 50
LARGEST = 40_000
"""Bits of an exact power, and terms of a sum."""
LARGEST_FACTORIAL = 5_000

Value = Any
"""An fmpq, an arb, an arb_series, or a list of them."""


class UndefinedError(Exception):
    """A value that is not defined, as 1/0."""


def evaluate(node: Node, letters: Mapping[str, Value]) -> Value:
    """Return the value of a node; raises NotUnderstoodError for letters and functions without a value.

    >>> from fractions import Fraction
    >>> two = Number(Fraction(2), "2")
    >>> evaluate(Apply("/", (two, Apply("+", (two, two)))), {})
    1/2
    """
    match node:
        case Number(value):
            return rational(value)
        case Symbol(name):
            if name in letters:
                return letters[name]
            if name == "pi":
                return arb.pi()
            raise NotUnderstoodError(f"the letter {name}")
        case Apply("at", (Symbol(variable), place, body)):
            return evaluate(body, {**letters, variable: evaluate(place, letters)})
        case Apply(name, arguments, primes):
            if primes:
                return _slope(name, evaluate(arguments[0], letters), primes)
            return _apply(name, [evaluate(a, letters) for a in arguments])
        case Derivative(body, variable, order):
            return _derivative(body, variable, order, letters)
        case Big(sign, variable, low, high, body):
            return _big(sign, variable, low, high, body, letters)
        case Tuple(items):
            return [evaluate(item, letters) for item in items]
        case Unknown(name):
            raise NotUnderstoodError(f"the function {name}")
        case Integral():
            return _integral(node, letters)
    raise TypeError(f"not a node: {node!r}")


def ball(x: Value) -> arb:
    """Return a number as a ball; of a series the value."""
    if isinstance(x, arb_series):
        return x[0]
    if isinstance(x, list | acb):
        raise NotUnderstoodError("a vector as a number")
    return arb(x)


def _integral(node: Integral, letters: Mapping[str, Value]) -> arb | acb:
    inside = any(isinstance(x, acb) for x in letters.values())

    def end(limit: Node) -> arb | acb:
        value = evaluate(limit, letters)
        return value if inside and isinstance(value, acb) else ball(value)

    def body(x: acb) -> acb:
        try:
            return acb(evaluate(node.body, {**letters, node.variable: x}))
        except UndefinedError:
            return acb("nan")

    found = definite(node, letters, end, body)
    return found if inside else found.real


# --- operations ---------------------------------------------------------------------------------------


def _apply(name: str, x: list[Value]) -> Value:
    match name:
        case "transpose" | "diag" | "⊙":
            return _arranged(name, x)
        case "norm1" | "norm2":
            return _norm(x[0], int(name[-1]))
        case "abs" if isinstance(x[0], list):
            return _norm(x[0], 2) if all(not isinstance(v, list) for v in x[0]) else with_vectors("det", x)
        case "softmax":
            return _softmax(x[0] if isinstance(x[0], list) else x)
        case "max" | "min" if len(x) == 1 and isinstance(x[0], list):
            return _extreme(name, flat(x[0]))
    if any(isinstance(v, list) for v in x):
        return _on_vectors(name, x)
    match name:
        case "+":
            return x[0] + x[1]
        case "-":
            return x[0] - x[1]
        case "*":
            return x[0] * x[1]
        case "/":
            return _quotient(x[0], x[1])
        case "neg":
            return -x[0]
        case "e":
            return arb(1).exp()
        case "^":
            return _power(x[0], x[1])
        case "root":
            return _power(x[0], _quotient(fmpq(1), x[1]))
        case "base":  # a number that is printed in one
            return x[0]
        case "!":
            return _factorial(x[0])
        case "!!":
            return _double_factorial(x[0])
        case "binom":
            return _binomial(x[0], x[1])
        case "log" if len(x) == 2:
            return _quotient(_log(x[0]), _log(x[1]))
        case "max" | "min":
            return _extreme(name, x)
        case "floor" | "ceil":
            return _rounded(name, x[0])
        case "gcd" | "lcm":
            return _divisor(name, x)
        case "mod":
            return _remainder(x[0], x[1])
    if not is_function(name) or len(x) != 1:
        raise NotUnderstoodError(f"{name} with {len(x)} arguments")
    return _of_number(name, _real(x[0]))


def _quotient(x: Value, y: Value) -> Value:
    if isinstance(y, fmpq) and y == 0:
        raise UndefinedError("a division by 0")
    try:
        return _real(x) / y if isinstance(y, arb_series) else x / y
    except (ZeroDivisionError, ValueError):
        raise UndefinedError("a division by 0") from None


def _real(x: Value) -> Value:
    return arb(x) if isinstance(x, fmpq) else x


def _power(x: Value, y: Value) -> Value:
    if isinstance(y, fmpq) and y.q == 1:
        n = int(y.p)
        if isinstance(x, fmpq):
            if x == 0 and n < 0:
                raise UndefinedError("a power of 0")
            bits = max(int(x.p).bit_length(), int(x.q).bit_length())
            return x**n if abs(n) * bits <= LARGEST else _ball_power(arb(x), n)
        if isinstance(x, acb):
            return x**n
        return _ball_power(x, n) if isinstance(x, arb) else _series_power(x, n)
    if isinstance(x, fmpq) and isinstance(y, fmpq):
        if x < 0 and y.q % 2 == 1 and y.q < 100:  # the real root
            return -_power(-x, y) if y.p % 2 else _power(-x, y)
        if x >= 0 and x != 0 and y == fmpq(1, 2):
            return arb(x).sqrt()
        if x == 0:
            return fmpq(0) if y > 0 else _undefined("a power of 0")
    base, exponent = _real(x), _real(y)
    if isinstance(base, arb) and isinstance(exponent, arb) and not base > 0:
        return base**exponent if base >= 0 else arb.nan()
    if isinstance(base, arb_series) and isinstance(y, fmpq) and y == fmpq(1, 2):
        return base.sqrt()
    if isinstance(base, acb) and isinstance(y, fmpq):
        return _right(base) ** arb(y)
    return (exponent * _log(base)).exp()


def _undefined(why: str) -> Value:
    raise UndefinedError(why)


def _ball_power(x: arb, n: int) -> arb:
    return x**n if abs(n) < 10**18 or not x > 0 else (arb(n) * x.log()).exp()


def _series_power(x: arb_series, n: int) -> arb_series:
    result = arb_series([1], x.prec)
    for bit in bin(abs(n))[2:] if abs(n) < 10_000 else _undefined("a large power"):
        result = result * result * x if bit == "1" else result * result
    return result if n >= 0 else _quotient(arb_series([1], x.prec), result)


def _factorial(x: Value) -> Value:
    if not isinstance(x, fmpq) or x.q != 1 or x < 0:
        raise NotUnderstoodError("the factorial of what is no natural number")
    return arb(int(x.p) + 1).gamma() if int(x.p) > LARGEST_FACTORIAL else fmpq(_product(int(x.p)))


def _double_factorial(x: Value) -> Value:
    if not isinstance(x, fmpq) or x.q != 1 or not 0 <= x <= LARGEST_FACTORIAL:
        raise NotUnderstoodError("the double factorial of what is no small natural number")
    n = int(x.p)
    k = n // 2
    return fmpq(_product(k) * 2**k if n % 2 == 0 else _product(n + 1) // (_product(k + 1) * 2 ** (k + 1)))


def _product(n: int) -> int:
    from math import factorial

    return factorial(n)


def _binomial(n: Value, k: Value) -> Value:
    whole = all(isinstance(v, fmpq) and v.q == 1 and abs(v) <= LARGEST_FACTORIAL for v in (n, k)) and n >= 0
    if not whole:
        raise NotUnderstoodError("a binomial coefficient of what are no small natural numbers")
    from math import comb

    return fmpq(comb(int(n.p), int(k.p))) if k >= 0 else fmpq(0)


def _extreme(name: str, x: list[Value]) -> Value:
    if not all(isinstance(v, fmpq) for v in x):
        raise NotUnderstoodError(f"{name} of what are no fractions")
    return max(x) if name == "max" else min(x)


def _rounded(name: str, x: Value) -> fmpq:
    if not isinstance(x, fmpq):
        found = (x.floor() if name == "floor" else x.ceil()).unique_fmpz() if isinstance(x, arb) else None
        if found is None:
            raise UndefinedError(f"the {name} of what lies beside an integer")
        return fmpq(found)
    return fmpq(x.p // x.q) if name == "floor" else fmpq(-(-x.p // x.q))


def _divisor(name: str, x: list[Value]) -> fmpq:
    if not all(isinstance(v, fmpq) and v.q == 1 for v in x):
        raise NotUnderstoodError(f"the {name} of what are no integers")
    from math import gcd, lcm

    return fmpq((gcd if name == "gcd" else lcm)(*(int(v.p) for v in x)))


def _remainder(x: Value, y: Value) -> fmpq:
    if not all(isinstance(v, fmpq) and v.q == 1 for v in (x, y)) or y <= 0:
        raise NotUnderstoodError("the remainder of what are no integers")
    return fmpq(x.p % y.p)


def _arranged(name: str, x: list[Value]) -> Value:
    size = shape(x[0])
    if name == "transpose" and len(size) == 2:
        return [list(column) for column in zip(*x[0], strict=True)]
    if name == "diag" and len(size) == 1:
        return [[v if i == j else fmpq(0) for j in range(size[0])] for i, v in enumerate(x[0])]
    if name == "⊙" and size and size == shape(x[1]):
        return [_arranged(name, [a, b]) if isinstance(a, list) else a * b for a, b in zip(*x, strict=True)]
    raise NotUnderstoodError("a transpose, a diagonal or ⊙ of what is no vector")


def _on_vectors(name: str, x: list[Value]) -> Value:
    if is_function(name) and len(x) == 1:
        return [_apply(name, [v]) for v in x[0]]
    try:
        return with_vectors(name, x)
    except (ZeroDivisionError, ValueError, TypeError):
        raise UndefinedError(f"{name} of these vectors") from None


def _norm(x: Value, kind: int) -> Value:
    sizes = [
        _abs(_real(v)) if kind == 1 else v * v
        for v in (flat(x) if len(shape(x)) < 2 or 1 in shape(x) else _undefined("a norm"))
    ]
    total = sum(sizes[1:], sizes[0])
    return total if kind == 1 else _power(total, fmpq(1, 2))


def _softmax(x: list[Value]) -> Value:
    powers = [_real(v).exp() for v in flat(x)]
    return [_quotient(p, sum(powers[1:], powers[0])) for p in powers]


def _big(sign: str, variable: str, low: Node, high: Node, body: Node, letters: Mapping[str, Value]) -> Value:
    ends = [evaluate(end, letters) for end in (low, high)]
    if not all(isinstance(e, fmpq) and e.q == 1 for e in ends) or ends[1] - ends[0] > 2_000:
        raise NotUnderstoodError(f"the limits of {sign}")
    total: Value = fmpq(0) if sign == "∑" else fmpq(1)
    families = [x for x in letters if variable in x.partition("_")[2] and " before " not in x]
    for n in range(int(ends[0].p), int(ends[1].p) + 1):
        term = evaluate(body, {**letters, **_members(families, variable, n, letters), variable: fmpq(n)})
        if isinstance(term, list):
            raise NotUnderstoodError(f"{sign} of vectors")
        total = total + term if sign == "∑" else total * term
    return total


def _members(families: Sequence[str], variable: str, n: int, letters: Mapping[str, Value]) -> dict[str, Value]:
    """Return a number of its own for each letter with the index of a sum, x_i, near the one that it has.

    A sum over the same index in the sum begins from the same numbers.
    """
    found: dict[str, Value] = {}
    for x in families:
        before = f"{x} before {variable}"
        first = letters.get(before, letters[x])
        found |= {x: first * fmpq(abs(n) + 2, abs(n) + 3), before: first}
    return found


# --- derivatives --------------------------------------------------------------------------------------


def _derivative(body: Node, variable: str, order: int, letters: Mapping[str, Value]) -> Value:
    if variable not in letters:
        raise NotUnderstoodError(f"the letter {variable}")
    match body:
        case Derivative(inner, same, before) if same == variable:
            return _derivative(inner, variable, order + before, letters)
        case Derivative(inner, other, 1) if order == 1:
            return _mixed(inner, (variable, other), letters)
    if any(isinstance(x, arb_series) for x in letters.values()):
        raise NotUnderstoodError("a derivative inside a derivative")
    return _taylor(lambda x: evaluate(body, {**letters, variable: x}), letters[variable], order)


def _mixed(body: Node, by: tuple[str, str], letters: Mapping[str, Value]) -> Value:
    """Return ∂²f/∂x∂y, a quarter of what the second derivatives along (1, 1) and (1, -1) differ by."""
    if not set(by) <= letters.keys():
        raise NotUnderstoodError("a derivative by what is no letter")
    x, y = (letters[name] for name in by)
    if any(isinstance(v, arb_series | list) for v in letters.values()):
        raise NotUnderstoodError("a derivative inside a derivative")

    def along(sign: int) -> Value:
        return _taylor(lambda e: evaluate(body, {**letters, by[0]: x + e, by[1]: y + sign * e}), fmpq(0), 2)

    return (along(1) - along(-1)) / 4


def _slope(name: str, at: Value, primes: int) -> Value:
    if isinstance(at, arb_series | list):
        raise NotUnderstoodError("a derivative inside a derivative")
    return _taylor(lambda x: _apply(name, [x]), at, primes)


def _taylor(f: Callable[[Value], Value], at: Value, order: int) -> Value:
    """Return the derivative of f at a number, from its series."""
    cap = ctx.cap
    ctx.cap = order + 1
    try:
        found = f(arb_series([arb(at), arb(1)], order + 1))
    finally:
        ctx.cap = cap
    if not isinstance(found, arb_series):
        return fmpq(0)
    return found[order] * _product(order)


# --- functions ----------------------------------------------------------------------------------------


def _log(x: Value) -> Value:
    return _right(_real(x)).log()


def _right(x: Value) -> Value:
    """Return a complex number that is to the right of 0, where roots and logarithms are analytic; of others nothing."""
    return x if not isinstance(x, acb) or x.real > 0 else acb("nan")


def _abs(x: Value) -> Value:
    sign = ball(x)
    if sign > 0:
        return x
    if sign < 0:
        return -x
    return abs(x) if isinstance(x, arb) else arb_series([arb.nan()], x.prec)


def _one_over(f: Callable[[Value], Value]) -> Callable[[Value], Value]:
    return lambda x: _quotient(arb(1), f(x))


def _sinh(x: Value) -> Value:
    return (x.exp() - (-x).exp()) / 2


def _cosh(x: Value) -> Value:
    return (x.exp() + (-x).exp()) / 2


def _tanh(x: Value) -> Value:
    return 1 - _quotient(arb(2), (2 * x).exp() + 1)


def _sin(x: Value) -> Value:
    return x.sin()


def _cos(x: Value) -> Value:
    return x.cos()


def _tan(x: Value) -> Value:
    return _quotient(x.sin(), x.cos())


def _asinh(x: Value) -> Value:
    return (x + (x * x + 1).sqrt()).log()


def _acosh(x: Value) -> Value:
    return (x + (x * x - 1).sqrt()).log() if ball(x) >= 1 else _nowhere(x)


def _atanh(x: Value) -> Value:
    return _quotient(1 + x, 1 - x).log() / 2


def _nowhere(x: Value) -> Value:
    return arb.nan() if isinstance(x, arb) else arb_series([arb.nan()], x.prec)


def _step_like(x: Value, right: Callable[[Value], Value]) -> Value:
    at = ball(x)
    if at > 0:
        return right(x)
    return x * 0 if at < 0 else _nowhere(x)


FUNCTIONS: dict[str, Callable[[Value], Value]] = {
    "sin": _sin,
    "cos": _cos,
    "tan": _tan,
    "cot": _one_over(_tan),
    "sec": _one_over(_cos),
    "csc": _one_over(_sin),
    "sinh": _sinh,
    "cosh": _cosh,
    "tanh": _tanh,
    "coth": _one_over(_tanh),
    "sech": _one_over(_cosh),
    "csch": _one_over(_sinh),
    "asin": lambda x: x.asin(),
    "acos": lambda x: x.acos(),
    "atan": lambda x: x.atan(),
    "acot": lambda x: _quotient(arb(1), x).atan(),
    "asec": lambda x: _quotient(arb(1), x).acos(),
    "acsc": lambda x: _quotient(arb(1), x).asin(),
    "asinh": _asinh,
    "acosh": _acosh,
    "atanh": _atanh,
    "acoth": lambda x: _atanh(_quotient(arb(1), x)),
    "asech": lambda x: _acosh(_quotient(arb(1), x)),
    "acsch": lambda x: _asinh(_quotient(arb(1), x)),
    "exp": lambda x: x.exp(),
    "ln": _log,
    "sqrt": lambda x: _right(x).sqrt(),
    "abs": _abs,
    "erf": lambda x: x.erf(),
    "Gamma": lambda x: x.gamma(),
    "Phi": lambda x: (1 + (x / arb(2).sqrt()).erf()) / 2,
    "erfc": lambda x: x.erfc(),
    "sgn": lambda x: _step_like(x, lambda y: y * 0 + 1) - _step_like(-x, lambda y: y * 0 + 1),
}
FUNCTIONS |= {f"arc{name}": FUNCTIONS[f"a{name}"] for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")}
FUNCTIONS |= {f"ar{name}": FUNCTIONS[f"a{name}"] for name in ("sinh", "cosh", "tanh")}
NUMBERS = PrintedNumbers(FUNCTIONS)


def is_function(name: str) -> bool:
    """Tell whether a function of one number has values here."""
    return name in FUNCTIONS or is_activation(name)


def _of_number(name: str, x: Value) -> Value:
    """Return the value of a function of one number; raises where its definitions differ and the text says none."""
    if name in FUNCTIONS:
        return FUNCTIONS[name](x)
    try:
        found, *others = (f(NUMBERS, x) for f in records(name))
    except (ValueError, ZeroDivisionError):  # a kink in its formula, where a series has no terms
        raise UndefinedError(f"{shown(name)} at a kink of its formula") from None
    if any(not _is_same(found, y) for y in others):
        raise UndefinedError(f"{shown(name)} has a parameter that is not said")
    return found


def _is_same(x: Value, y: Value) -> bool:
    """Tell whether two values are the same, and so sharp that they could be told apart."""
    difference = x - y
    if isinstance(difference, arb_series):
        return all(bool(c == 0) for c in difference.coeffs())
    return bool(difference == 0)
