"""Activations that are x times a gate, as records; at a kink, PyTorch's slope is taken."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symgrad.ops.moments import OF_GELU, of_pieces
from symgrad.ops.record import Elementwise
from symgrad.ops.saturating import TANH


def _Phi(A: Any, x: Any) -> Any:
    """Return the normal distribution function; erfc keeps its relative accuracy for x -> -infinity."""
    return A.erfc(-x / A.sqrt(A.number(2))) / 2


def _phi(A: Any, x: Any) -> Any:
    """Return the normal density."""
    return A.exp(-(x**2) / 2) / A.sqrt(2 * A.pi)


def _gelu_argument(A: Any, x: Any, c: Any) -> Any:
    """Return 2 u with u = sqrt(2/pi) (x + c x^3): (1 + tanh u) / 2 is the logistic function of it."""
    return 2 * A.sqrt(2 / A.pi) * x * (1 + c * x**2)


def _gelu_tanh_slope(A: Any, x: Any, c: Any) -> Any:
    u2 = _gelu_argument(A, x, c)
    du2 = 2 * A.sqrt(2 / A.pi) * (1 + 3 * c * x**2)
    return A.logistic(u2) * (1 + x * du2 * A.logistic(-u2))


def _mish_slope(A: Any, x: Any) -> Any:
    u = A.softplus(x)
    return A.tanh(u) + x * TANH.slope(A, u) * A.logistic(x)


def _hard_swish_pieces(A: Any) -> Any:
    return [(-3, 3, (0, A.number(Fraction(1, 2)), A.number(Fraction(1, 6)))), (3, None, (0, 1))]


GELU = Elementwise(
    "gelu",
    value=lambda A, x: x * _Phi(A, x),
    slope=lambda A, x: _Phi(A, x) + x * _phi(A, x),
    latex=r"\operatorname{GELU}",
    text="GELU",
    source="Hendrycks and Gimpel 2016 (arXiv:1606.08415)",
    moments=OF_GELU,
)
GELU_TANH = Elementwise(
    "gelu_tanh",
    value=lambda A, x, c: x * A.logistic(_gelu_argument(A, x, c)),
    slope=_gelu_tanh_slope,
    latex=r"\operatorname{GELU}_{\tanh}",
    text="GELU_tanh",
    parameters=(("c", Fraction("0.044715")),),
    source="Hendrycks and Gimpel 2016 (arXiv:1606.08415): x (1 + tanh(sqrt(2/pi) (x + c x^3))) / 2",
    printed=("gelu_tanh", "GELU_tanh", "GELU", "gelu_new"),
)
SILU = Elementwise(
    "silu",
    value=lambda A, x: x * A.logistic(x),
    slope=lambda A, x: A.logistic(x) * (1 + x * A.logistic(-x)),
    latex=r"\operatorname{SiLU}",
    text="SiLU",
    aliases=("swish",),
    source="Elfwing, Uchibe, Doya 2018 (arXiv:1702.03118)",
)
MISH = Elementwise(
    "mish",
    value=lambda A, x: x * A.tanh(A.softplus(x)),
    slope=_mish_slope,
    latex=r"\operatorname{Mish}",
    text="Mish",
    source="Misra, BMVC 2020 (arXiv:1908.08681)",
)
HARD_SWISH = Elementwise(
    "hard_swish",
    value=lambda A, x: x * A.minimum(A.relu(x + 3), 6) / 6,
    slope=lambda A, x: (A.minimum(A.relu(x + 3), 6) + x * A.step(x + 3) * A.step(3 - x)) / 6,
    latex=r"\operatorname{HardSwish}",
    text="HardSwish",
    aliases=("hardswish",),
    kink="slope 0 at -3 and 1 at 3",
    moments=of_pieces(_hard_swish_pieces),
    steepest=lambda: Fraction(3, 2),  # (2 x + 3) / 6 on (-3, 3), toward 3
    source="Howard et al., ICCV 2019 (arXiv:1905.02244), section 5.2",
)

GATED = (GELU, GELU_TANH, SILU, MISH, HARD_SWISH)
