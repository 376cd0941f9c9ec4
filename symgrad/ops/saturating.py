"""Activations that saturate, as records; at a kink, PyTorch's slope is taken."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symgrad.ops.moments import OF_IDENTITY, of_pieces
from symgrad.ops.record import Elementwise


def _hard_tanh_pieces(A: Any) -> Any:
    return [(None, -1, (-1,)), (-1, 1, (0, 1)), (1, None, (1,))]


def _hard_sigmoid_pieces(A: Any, alpha: Any) -> Any:
    half = A.number(Fraction(1, 2))
    end = half / alpha
    return [(-end, end, (half, alpha)), (end, None, (1,))]


LOGISTIC = Elementwise(
    "logistic",
    value=lambda A, x: A.logistic(x),
    slope=lambda A, x: A.logistic(x) * A.logistic(-x),
    slope_of_output=lambda A, y: y * (1 - y),
    slope_by_both=lambda A, x, y: y / (1 + A.exp(x)),  # y (1 - y), without its cancellation
    aliases=("sigmoid",),
    source="Goodfellow, Bengio, Courville, Deep Learning (2016), eq. 3.30 and 3.35",
    steepest=lambda: Fraction(1, 4),  # f' = f (1 - f), the product of two numbers whose sum is 1
    gains=(("PyTorch", lambda: Fraction(1)),),
    printed=("sigmoid", "logistic", "expit"),
)
TANH = Elementwise(
    "tanh",
    value=lambda A, x: A.tanh(x),
    slope=lambda A, x: 4 * A.logistic(2 * x) * A.logistic(-2 * x),  # 1 / cosh^2, without its overflow
    slope_of_output=lambda A, y: 1 - y**2,
    slope_by_both=lambda A, x, y: 1 / A.cosh(x) ** 2,
    latex=r"\tanh",
    source="DLMF 4.34",
    parity="odd",
    steepest=lambda: 1,  # f' = 1 - f^2, at 0
    gains=(("PyTorch", lambda: Fraction(25, 9)),),
    printed=(),  # the grammar of formulas reads it, as sin
)
SOFTSIGN = Elementwise(
    "softsign",
    value=lambda A, x: x / (1 + A.abs(x)),
    slope=lambda A, x: 1 / (1 + A.abs(x)) ** 2,
    slope_of_output=lambda A, y: (1 - A.abs(y)) ** 2,
    source="Glorot and Bengio, AISTATS 2010",
    steepest=lambda: 1,  # f' = 1 / (1 + |x|)^2, at 0
)
IDENTITY = Elementwise(
    "identity",
    value=lambda A, x: x,
    slope=lambda A, x: A.ones_like(x),
    slope_of_output=lambda A, y: A.ones_like(y),
    latex=r"\operatorname{id}",
    text="id",
    aliases=("linear",),
    moments=OF_IDENTITY,
    steepest=lambda: 1,
    gains=(("PyTorch", lambda: Fraction(1)),),
    printed=("id",),
)
LECUN_TANH = Elementwise(
    "lecun_tanh",
    value=lambda A, x, a, b: a * A.tanh(b * x),
    slope=lambda A, x, a, b: a * b * TANH.slope(A, b * x),
    slope_of_output=lambda A, y, a, b: b * (a - y**2 / a),
    parameters=(("a", Fraction("1.7159")), ("b", Fraction(2, 3))),
    source="LeCun, Bottou, Orr, Müller, Efficient BackProp (1998), section 4.4",
    steepest=lambda a, b: abs(a * b),  # a b tanh'(b x)
)
HARD_TANH = Elementwise(
    "hard_tanh",
    value=lambda A, x: -A.minimum(-A.minimum(x, 1), 1),
    slope=lambda A, x: A.step(x + 1) * A.step(1 - x),
    slope_of_output=lambda A, y: A.step(y + 1) * A.step(1 - y),
    latex=r"\operatorname{HardTanh}",
    text="HardTanh",
    aliases=("hardtanh",),
    kink="slope 0 at -1 and 1",
    parity="odd",
    moments=of_pieces(_hard_tanh_pieces),
    steepest=lambda: 1,  # the slopes are 0 and 1
    source="Collobert, Large scale machine learning (2004)",
)
RELU6 = Elementwise(
    "relu6",
    value=lambda A, x: A.minimum(A.relu(x), 6),
    slope=lambda A, x: A.step(x) * A.step(6 - x),
    slope_of_output=lambda A, y: A.step(y) * A.step(6 - y),
    latex=r"\operatorname{ReLU6}",
    text="ReLU6",
    kink="slope 0 at 0 and 6",
    moments=of_pieces(lambda A: [(0, 6, (0, 1)), (6, None, (6,))]),
    steepest=lambda: 1,  # the slopes are 0 and 1
    source="Krizhevsky, Convolutional deep belief networks on CIFAR-10 (2010)",
)
HARD_SIGMOID = Elementwise(
    "hard_sigmoid",
    value=lambda A, x, alpha: A.minimum(A.relu(alpha * x + A.number(Fraction(1, 2))), 1),
    slope=lambda A, x, alpha: alpha * A.step(1 + 2 * alpha * x) * A.step(1 - 2 * alpha * x),
    slope_of_output=lambda A, y, alpha: alpha * A.step(y) * A.step(1 - y),
    latex=r"\operatorname{HardSigmoid}",
    text="HardSigmoid",
    parameters=(("alpha", Fraction(1, 6)),),
    aliases=("hardsigmoid",),
    kink="slope 0 at -1/(2 alpha) and 1/(2 alpha)",
    moments=of_pieces(_hard_sigmoid_pieces),
    steepest=lambda alpha: alpha,  # the slopes are 0 and alpha
    common=((Fraction(1, 5),), (Fraction(1, 2),), (Fraction(1, 4),)),  # Keras 2, Courbariaux, others
    positive=("alpha",),
    source="Courbariaux, Bengio, David, NIPS 2015 (arXiv:1511.00363); alpha = 1/6 as in PyTorch",
)

SATURATING = (LOGISTIC, TANH, SOFTSIGN, LECUN_TANH, HARD_TANH, HARD_SIGMOID, RELU6, IDENTITY)
