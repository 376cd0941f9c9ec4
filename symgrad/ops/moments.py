"""Gaussian means of a function in closed form, u ~ N(0, q): E[φ(u)], E[φ(u)²], E[φ'(u)²], E[φ(u) φ'(u)].

    piecewise polynomials         ∫_l^r u^k e^(-u²/2q) du by parts, from k to k - 2
    elu, selu, celu               completing the square: E[e^(cu); u < 0] = e^(c²q/2) erfc(c √(q/2)) / 2
    erf, gelu                     E[u g(u)] = q E[g'(u)] (Stein), and Price's theorem for two copies of u with the
                                  correlation c: ∂/∂c E[φ(u)φ(v)] = q E[φ'(u)φ'(v)], a Gaussian integral, from c = 0
                                  to 1; arcsin(q/(1 + q)) = arctan(q/√(1 + 2q))
    sin                           E[cos(cu)] = e^(-c²q/2)

The tests have SymPy integrate them, and mpmath at many digits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

Rule = Callable[..., Any]


@dataclass(frozen=True)
class Moments:
    r"""Rules (A, q, \*parameters) in an arithmetic A, for a variance q > 0."""

    mean: Rule
    second: Rule
    slope_second: Rule
    cross: Rule


def _zero(A: Any, q: Any, *_: Any) -> Any:
    return A.number(0)


def _half_mean(A: Any, q: Any) -> Any:
    """Return E[u; u > 0]."""
    return A.sqrt(q / (2 * A.pi))


def _below(A: Any, q: Any, c: int) -> Any:
    """Return E[e^(cu); u < 0]."""
    return A.exp(c**2 * q / 2) * A.erfc(c * A.sqrt(q / 2)) / 2


OF_IDENTITY = Moments(
    mean=_zero,
    second=lambda A, q: q,
    slope_second=lambda A, q: A.number(1),
    cross=_zero,
)
OF_LEAKY_RELU = Moments(
    mean=lambda A, q, alpha: (1 - alpha) * _half_mean(A, q),
    second=lambda A, q, alpha: (1 + alpha**2) * q / 2,
    slope_second=lambda A, q, alpha: (1 + alpha**2) / 2,
    cross=lambda A, q, alpha: (1 - alpha**2) * _half_mean(A, q),
)
OF_RELU = Moments(
    mean=_half_mean,
    second=lambda A, q: q / 2,
    slope_second=lambda A, q: A.number(Fraction(1, 2)),
    cross=_half_mean,
)
OF_ELU = Moments(
    mean=lambda A, q, alpha: _half_mean(A, q) + alpha * (_below(A, q, 1) - A.number(Fraction(1, 2))),
    second=lambda A, q, alpha: q / 2 + alpha**2 * (_below(A, q, 2) - 2 * _below(A, q, 1) + A.number(Fraction(1, 2))),
    slope_second=lambda A, q, alpha: A.number(Fraction(1, 2)) + alpha**2 * _below(A, q, 2),
    cross=lambda A, q, alpha: _half_mean(A, q) + alpha**2 * (_below(A, q, 2) - _below(A, q, 1)),
)
OF_SELU = Moments(
    mean=lambda A, q, lambda_, alpha: lambda_ * OF_ELU.mean(A, q, alpha),
    second=lambda A, q, lambda_, alpha: lambda_**2 * OF_ELU.second(A, q, alpha),
    slope_second=lambda A, q, lambda_, alpha: lambda_**2 * OF_ELU.slope_second(A, q, alpha),
    cross=lambda A, q, lambda_, alpha: lambda_**2 * OF_ELU.cross(A, q, alpha),
)


def _as_elu(which: str, power: int) -> Rule:
    """Return a moment of celu(x) = α elu(x/α), by that of elu with the variance q/α²."""

    def rule(A: Any, q: Any, alpha: Any) -> Any:
        return alpha**power * getattr(OF_ELU, which)(A, q / alpha**2, A.number(1))

    return rule


OF_CELU = Moments(
    mean=_as_elu("mean", 1),
    second=_as_elu("second", 2),
    slope_second=_as_elu("slope_second", 0),
    cross=_as_elu("cross", 1),
)
OF_ERF = Moments(
    mean=_zero,
    second=lambda A, q: 2 / A.pi * A.atan(2 * q / A.sqrt(1 + 4 * q)),
    slope_second=lambda A, q: 4 / (A.pi * A.sqrt(1 + 4 * q)),
    cross=_zero,
)


def _normal_second(A: Any, q: Any) -> Any:
    """Return E[Φ(u)²] of the normal distribution function Φ."""
    return A.number(Fraction(1, 4)) + A.atan(q / A.sqrt(1 + 2 * q)) / (2 * A.pi)


def _gelu_slope_second(A: Any, q: Any) -> Any:
    root = A.sqrt(1 + 2 * q)
    return _normal_second(A, q) + q / (A.pi * (1 + q) * root) + q / (2 * A.pi * root**3)


OF_GELU = Moments(
    mean=lambda A, q: q / A.sqrt(2 * A.pi * (1 + q)),
    second=lambda A, q: q * _normal_second(A, q) + q**2 / (A.pi * (1 + q) * A.sqrt(1 + 2 * q)),
    slope_second=_gelu_slope_second,
    cross=lambda A, q: q / A.sqrt(2 * A.pi * (1 + q)) + q / (2 * A.sqrt(2 * A.pi) * A.sqrt(1 + q) ** 3),
)
OF_SINE = Moments(
    mean=_zero,
    second=lambda A, q: (1 - A.exp(-2 * q)) / 2,
    slope_second=lambda A, q: (1 + A.exp(-2 * q)) / 2,
    cross=_zero,
)

# --- piecewise polynomials ------------------------------------------------------------------------------

Polynomial = tuple[Any, ...]
"""The coefficients, that of the constant first: ints, or values of the arithmetic."""
Piece = tuple[Any, Any, Polynomial]
"""f on (l, r), None where it has no end."""


def of_pieces(pieces: Callable[..., Sequence[Piece]]) -> Moments:
    r"""Return the moments of a piecewise polynomial, of which ``pieces(A, \*parameters)`` are those that are not 0.

    >>> from symgrad.arithmetic import arithmetic
    >>> A, relu = arithmetic("float"), lambda A: [(0, None, (0, 1))]
    >>> float(of_pieces(relu).second(A, A.number(3)))
    1.5
    """

    def mean_of(f: Callable[[Polynomial], Polynomial]) -> Rule:
        def rule(A: Any, q: Any, *parameters: Any) -> Any:
            terms = [_over(A, q, low, high, f(p)) for low, high, p in pieces(A, *parameters)]
            return sum(terms[1:], terms[0])

        return rule

    return Moments(
        mean=mean_of(lambda p: p),
        second=mean_of(lambda p: _times(p, p)),
        slope_second=mean_of(lambda p: _times(_slope(p), _slope(p))),
        cross=mean_of(lambda p: _times(p, _slope(p))),
    )


def _over(A: Any, q: Any, low: Any, high: Any, p: Polynomial) -> Any:
    """Return E[p(u); low < u < high] by m_k = (k - 1) q m_(k-2) + q (low^(k-1) d(low) - high^(k-1) d(high))."""
    zero = q * 0

    def density(at: Any) -> Any:
        return zero if at is None else A.exp(-((at + zero) ** 2) / (2 * q)) / A.sqrt(2 * A.pi * q)

    def beyond(at: Any, side: int) -> Any:
        """Return P(side u > side at)."""
        return zero if at is None else A.erfc((at + zero) * side / A.sqrt(2 * q)) / 2

    left, right = density(low), density(high)
    means = [1 - beyond(low, -1) - beyond(high, 1), q * (left - right)]
    for k in range(2, len(p)):
        edges = (0 if low is None else low ** (k - 1)) * left - (0 if high is None else high ** (k - 1)) * right
        means.append((k - 1) * q * means[k - 2] + q * edges)
    terms = [c * m for c, m in zip(p, means, strict=False)]
    return sum(terms[1:], terms[0])


def _times(p: Polynomial, r: Polynomial) -> Polynomial:
    found: list[Any] = [0] * (len(p) + len(r) - 1)
    for i, a in enumerate(p):
        for k, b in enumerate(r):
            found[i + k] = found[i + k] + a * b
    return tuple(found)


def _slope(p: Polynomial) -> Polynomial:
    return tuple(k * c for k, c in enumerate(p))[1:] or (0,)
