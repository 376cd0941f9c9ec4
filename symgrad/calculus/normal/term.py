"""Terms: a number times factors, each with an exponent, and how one is written, -(λ/2) u ∘ v ⊘ w."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from symgrad.algebra.decimals import decimal
from symgrad.algebra.expression import DIV, MUL, NEG, POW, Apply, Constant, Expression, Number, power
from symgrad.calculus.rank import rank
from symgrad.network.network import Network
from symgrad.ops.linear import OUTER
from symgrad.ops.matrix import DIAG

ONE, ZERO = Number(Fraction(1)), Number(Fraction(0))


@dataclass(frozen=True)
class Term:
    """number · ∏ factor^exponent, entry by entry where a factor is an array; the factors in their order.

    ``shape`` is the number of axes, which outlives a factor that is cancelled: x ⊘ x are ones.
    """

    number: Fraction
    factors: Mapping[Expression, Fraction] = field(default_factory=dict)
    axes: int = 0

    def __mul__(self, other: Term) -> Term:
        factors = dict(self.factors)
        for base, exponent in other.factors.items():
            factors[base] = factors.get(base, Fraction(0)) + exponent
        kept = {base: n for base, n in factors.items() if n}
        return Term(self.number * other.number, kept, max(self.axes, other.axes))

    def power(self, n: Fraction) -> Term:
        """Return the n-th power, for an integer n."""
        return Term(Fraction(self.number ** int(n)), {base: k * n for base, k in self.factors.items() if n}, self.axes)


def atom(network: Network, e: Expression) -> Term:
    """Return an expression as a term of one factor; ones are none."""
    return Term(Fraction(1), {} if is_ones(e) else {e: Fraction(1)}, rank(network, e))


def is_ones(e: Expression) -> bool:
    """Tell whether e is an array of ones."""
    return isinstance(e, Constant) and e.kind == "1"


def scalars_apart(network: Network, t: Term) -> tuple[Term, Expression]:
    """Return the number and the scalar factors of a term, and the array that is left."""
    scalars = {f: n for f, n in t.factors.items() if not rank(network, f)}
    arrays = {f: n for f, n in t.factors.items() if f not in scalars}
    return Term(t.number, scalars), written(network, Term(Fraction(1), arrays, t.axes))


def written(network: Network, t: Term) -> Expression:
    """Return a term as an expression: -(λ/2) u ∘ v ⊘ w."""
    if not t.number:
        return ZERO
    t = _with_powers(_without_roots(t))
    scalars = [(f, n) for f, n in t.factors.items() if not rank(network, f)]
    arrays = [(f, n) for f, n in t.factors.items() if rank(network, f)]
    above, below = _halves(scalars)
    size = abs(t.number)
    if below or above:
        is_decimal = size.numerator != 1 and decimal(size)  # 1.702 z, not 851 z/500
        p, q = (size, Fraction(1)) if is_decimal else (Fraction(size.numerator), Fraction(size.denominator))
        front = _divided(_times([Number(p)] * (p != 1) + above), _times([Number(q)] * (q != 1) + below))
    else:
        front = Number(size)
    body = _quotient(arrays, t.axes)
    if body is None:
        whole = front
    elif front == ONE:
        whole = body
    elif isinstance(body, Apply) and body.op == DIV and body.arguments[0] == ONE:
        whole = Apply(DIV, (front, body.arguments[1]))
    else:
        whole = Apply(MUL, (front, body))
    return whole if t.number > 0 else Number(-size) if whole == Number(size) else Apply(NEG, (whole,))


def _without_roots(t: Term) -> Term:
    """Return a term with one power of the root of x, or of x, for both: (√x)² is x, and √x/x is 1/√x."""
    for base, n in t.factors.items():
        match base:
            case Apply(op, (x,)) if op.name == "sqrt" and (n in (2, -2) or x in t.factors):
                halves = n + 2 * t.factors.get(x, Fraction(0))
                others = {b: k for b, k in t.factors.items() if b not in (base, x)}
                whole = Term(Fraction(1), {x: halves / 2} if halves % 2 == 0 else {base: halves}, t.axes)
                return _without_roots(Term(t.number, others, t.axes) * (whole if halves else Term(Fraction(1))))
    return t


def _with_powers(t: Term) -> Term:
    """Return a term with one power of x where x^n and powers of x stand: x^n x^-1 is x^(n-1)."""
    for base, n in t.factors.items():
        match base:
            case Apply(op, (x, exponent)) if op == POW and n == 1 and x in t.factors:
                k = t.factors[x]
                whole = Apply(POW, (x, exponent + k if k > 0 else exponent - -k))
                return Term(t.number, {whole if b == base else b: m for b, m in t.factors.items() if b != x}, t.axes)
    return t


def _halves(factors: Iterable[tuple[Expression, Fraction]]) -> tuple[list[Expression], list[Expression]]:
    """Return what stands above and what below a fraction bar."""
    above: list[Expression] = []
    below: list[Expression] = []
    for base, n in factors:
        (above if n > 0 else below).append(base if abs(n) == 1 else Apply(power(abs(n)), (base,)))
    return above, below


def _times(factors: list[Expression]) -> Expression:
    whole: Expression | None = None
    for f in factors:
        whole = f if whole is None else Apply(MUL, (whole, f))
    return ONE if whole is None else whole


def _divided(above: Expression, below: Expression) -> Expression:
    return above if below == ONE else Apply(DIV, (above, below))


def _diagonal(arrays: list[tuple[Expression, Fraction]]) -> list[tuple[Expression, Fraction]]:
    """Write I ∘ v 𝟏ᵀ as diag(v)."""
    match arrays:
        case [(Constant("I"), n), (Apply(op, (v, Constant("1"))), k)] if n == k == 1 and op == OUTER:
            return [(Apply(DIAG, (v,)), Fraction(1))]
        case [(Apply(op, _), _), (Constant("I"), _)] if op == OUTER:
            return _diagonal(arrays[::-1])
    return arrays


def _quotient(arrays: list[tuple[Expression, Fraction]], axes: int) -> Expression | None:
    arrays = _diagonal(arrays)
    if not arrays:
        return Constant("1", ANY[:axes]) if axes else None
    above, below = _halves(arrays)
    return _divided(_times(above), _times(below))


ANY = (0, 0)
"""The axes of an array of ones whose shape its place on the page gives."""


def size(e: Expression) -> int:
    """Return the number of nodes of an expression."""
    return 1 + sum(map(size, e.arguments)) if isinstance(e, Apply) else 1
