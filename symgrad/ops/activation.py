"""The activation functions of deep networks, as records; at a kink, PyTorch's slope is taken."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symgrad.ops.record import Elementwise


def _elu_slope(A: Any, x: Any, alpha: Any) -> Any:
    """Return 1 for x > 0, alpha e^x for x <= 0; each x stands alone, so a ball around 0 stays tight."""
    return (1 - alpha) * A.step(x) + alpha * A.exp(A.negative_part(x))


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


LOGISTIC = Elementwise(
    "logistic",
    value=lambda A, x: A.logistic(x),
    slope=lambda A, x: A.logistic(x) * A.logistic(-x),
    slope_of_output=lambda A, y: y * (1 - y),
    slope_by_both=lambda A, x, y: y / (1 + A.exp(x)),  # y (1 - y), without its cancellation
    aliases=("sigmoid",),
    source="Goodfellow, Bengio, Courville, Deep Learning (2016), eq. 3.30 and 3.35",
)
TANH = Elementwise(
    "tanh",
    value=lambda A, x: A.tanh(x),
    slope=lambda A, x: 4 * A.logistic(2 * x) * A.logistic(-2 * x),  # 1 / cosh^2, without its overflow
    slope_of_output=lambda A, y: 1 - y**2,
    slope_by_both=lambda A, x, y: 1 / A.cosh(x) ** 2,
    latex=r"\tanh",
    source="DLMF 4.34",
)
RELU = Elementwise(
    "relu",
    value=lambda A, x: A.relu(x),
    slope=lambda A, x: A.step(x),
    slope_of_output=lambda A, y: A.step(y),
    latex=r"\operatorname{ReLU}",
    text="ReLU",
    kink="slope 0 at 0",
    source="Nair and Hinton, ICML 2010",
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
)
GELU = Elementwise(
    "gelu",
    value=lambda A, x: x * _Phi(A, x),
    slope=lambda A, x: _Phi(A, x) + x * _phi(A, x),
    latex=r"\operatorname{GELU}",
    text="GELU",
    source="Hendrycks and Gimpel 2016 (arXiv:1606.08415)",
)
GELU_TANH = Elementwise(
    "gelu_tanh",
    value=lambda A, x, c: x * A.logistic(_gelu_argument(A, x, c)),
    slope=_gelu_tanh_slope,
    latex=r"\operatorname{GELU}_{\tanh}",
    text="GELU_tanh",
    parameters=(("c", Fraction("0.044715")),),
    source="Hendrycks and Gimpel 2016 (arXiv:1606.08415): x (1 + tanh(sqrt(2/pi) (x + c x^3))) / 2",
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
SOFTPLUS = Elementwise(
    "softplus",
    value=lambda A, x: A.softplus(x),
    slope=lambda A, x: A.logistic(x),
    slope_of_output=lambda A, y: 1 - A.exp(-y),
    source="Goodfellow, Bengio, Courville, Deep Learning (2016), eq. 3.31",
)
SOFTSIGN = Elementwise(
    "softsign",
    value=lambda A, x: x / (1 + A.abs(x)),
    slope=lambda A, x: 1 / (1 + A.abs(x)) ** 2,
    slope_of_output=lambda A, y: (1 - A.abs(y)) ** 2,
    source="Glorot and Bengio, AISTATS 2010",
)
IDENTITY = Elementwise(
    "identity",
    value=lambda A, x: x,
    slope=lambda A, x: A.ones_like(x),
    slope_of_output=lambda A, y: A.ones_like(y),
    latex=r"\operatorname{id}",
    text="id",
    aliases=("linear",),
)
LECUN_TANH = Elementwise(
    "lecun_tanh",
    value=lambda A, x, a, b: a * A.tanh(b * x),
    slope=lambda A, x, a, b: a * b * TANH.slope(A, b * x),
    slope_of_output=lambda A, y, a, b: b * (a - y**2 / a),
    parameters=(("a", Fraction("1.7159")), ("b", Fraction(2, 3))),
    source="LeCun, Bottou, Orr, Müller, Efficient BackProp (1998), section 4.4",
)

ACTIVATIONS = (
    LOGISTIC,
    TANH,
    RELU,
    LEAKY_RELU,
    ELU,
    SELU,
    GELU,
    GELU_TANH,
    SILU,
    SOFTPLUS,
    SOFTSIGN,
    IDENTITY,
    LECUN_TANH,
)
