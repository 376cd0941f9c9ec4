"""Rectifiers, as records; at a kink, PyTorch's slope is taken."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symgrad.ops.moments import OF_CELU, OF_ELU, OF_LEAKY_RELU, OF_RELU, OF_SELU
from symgrad.ops.record import Elementwise


def _elu_slope(A: Any, x: Any, alpha: Any) -> Any:
    """Return 1 for x > 0, alpha e^x for x <= 0; each x stands alone, so a ball around 0 stays tight."""
    return (1 - alpha) * A.step(x) + alpha * A.exp(A.negative_part(x))


RELU = Elementwise(
    "relu",
    value=lambda A, x: A.relu(x),
    slope=lambda A, x: A.step(x),
    slope_of_output=lambda A, y: A.step(y),
    latex=r"\operatorname{ReLU}",
    text="ReLU",
    kink="slope 0 at 0",
    source="Nair and Hinton, ICML 2010",
    moments=OF_RELU,
    steepest=lambda: 1,  # the slopes are 0 and 1
    gains=(("PyTorch", lambda: Fraction(2)),),
)
LEAKY_RELU = Elementwise(
    "leaky_relu",
    value=lambda A, x, alpha: A.relu(x) + alpha * A.negative_part(x),
    slope=lambda A, x, alpha: alpha + (1 - alpha) * A.step(x),
    latex=r"\operatorname{LeakyReLU}",
    text="LeakyReLU",
    parameters=(("alpha", Fraction(1, 100)),),
    kink="slope alpha at 0",
    source="Maas, Hannun, Ng, ICML 2013",
    moments=OF_LEAKY_RELU,
    steepest=lambda alpha: max(1, abs(alpha)),  # the slopes are alpha and 1
    gains=(("PyTorch", lambda alpha: 2 / (1 + alpha**2)),),
    printed=("leaky_relu", "LeakyReLU", "LReLU", "PReLU"),
    common=((Fraction(1, 5),), (Fraction(3, 10),), (Fraction(1, 10),), (Fraction(1, 4),)),
    free=True,
)
ELU = Elementwise(
    "elu",
    value=lambda A, x, alpha: A.relu(x) + alpha * A.expm1(A.negative_part(x)),
    slope=_elu_slope,
    latex=r"\operatorname{ELU}",
    text="ELU",
    parameters=(("alpha", Fraction(1)),),
    kink="slope alpha at 0",
    source="Clevert, Unterthiner, Hochreiter, ICLR 2016 (arXiv:1511.07289)",
    moments=OF_ELU,
    steepest=lambda alpha: max(1, abs(alpha)),  # alpha e^x for x <= 0, and 1
    free=True,
)
SELU = Elementwise(
    "selu",
    value=lambda A, x, lambda_, alpha: lambda_ * (A.relu(x) + alpha * A.expm1(A.negative_part(x))),
    slope=lambda A, x, lambda_, alpha: lambda_ * _elu_slope(A, x, alpha),
    latex=r"\operatorname{SELU}",
    text="SELU",
    # real numbers, rounded to 60 decimals: the ones for which a standard normal x gives a standard output
    parameters=(
        ("lambda", Fraction("1.050700987355480493419334985294606351958981204376404546977878")),
        ("alpha", Fraction("1.673263242354377284817042991671652038461155348281216270915245")),
    ),
    kink="slope lambda alpha at 0",
    source="Klambauer, Unterthiner, Mayr, Hochreiter, NIPS 2017 (arXiv:1706.02515), eq. 2 and 14",
    moments=OF_SELU,
    steepest=lambda lambda_, alpha: abs(lambda_) * max(1, abs(alpha)),  # lambda times the slope of ELU
    gains=(("PyTorch", lambda lambda_, alpha: Fraction(9, 16)),),
)
CELU = Elementwise(
    "celu",
    value=lambda A, x, alpha: A.relu(x) + alpha * A.expm1(A.negative_part(x) / alpha),
    slope=lambda A, x, alpha: A.exp(A.negative_part(x) / alpha),
    latex=r"\operatorname{CELU}",
    text="CELU",
    parameters=(("alpha", Fraction(1)),),
    moments=OF_CELU,
    steepest=lambda alpha: 1,  # e^(x / alpha) for x <= 0, and 1
    free=True,
    positive=("alpha",),
    source="Barron 2017 (arXiv:1704.07483)",
)
SOFTPLUS = Elementwise(
    "softplus",
    value=lambda A, x: A.softplus(x),
    written=True,
    slope=lambda A, x: A.logistic(x),
    slope_of_output=lambda A, y: 1 - A.exp(-y),
    source="Goodfellow, Bengio, Courville, Deep Learning (2016), eq. 3.31",
    steepest=lambda: 1,  # f' is the logistic function, whose limit is 1
)

RECTIFIERS = (RELU, LEAKY_RELU, ELU, SELU, CELU, SOFTPLUS)
