"""Losses C(a, y) of an output a and a target y of the same shape, as records; of matrices the sum over the rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symgrad.errors import UnknownName

Rule = Callable[[Any, Any, Any], Any]


@dataclass(frozen=True)
class Loss:
    """A loss with all that is known of it side by side.

    value(A, a, y): the number C(a, y) in the arithmetic A.
    gradient(A, a, y): dC/da, of the shape of a.
    gradient_target(A, a, y): dC/dy, of the shape of y.
    latex, text: the formula, in the letters a and y.
    """

    name: str
    value: Rule
    gradient: Rule
    gradient_target: Rule
    latex: str
    text: str
    aliases: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    """Names in libraries, where a mean or a factor may be another: told where one is asked for, and not accepted."""
    domain: str = "all real a, y"
    entrywise: bool = True
    """Whether the loss is a sum over the entries, so that it is one of numbers too."""
    source: str = ""
    by_input: tuple[tuple[str, Rule], ...] = ()
    """(f, rule): where a = f(z), rule(A, z, y) is dC/dz, accurate also where f'(z) is 0 and the gradient infinite."""

    def partial(self, i: int) -> Rule:
        """Return the derivative by the i-th argument."""
        return (self.gradient, self.gradient_target)[i]


def _each(A: Any, f: Callable[..., Any], *x: Any) -> Any:
    """Return f of vectors, or of each row of matrices: of each item."""
    return A.rows(f, *x) if A.rank(x[0]) == 2 else f(*x)


def _half(A: Any) -> Any:
    return A.number(Fraction(1, 2))


def _binary_gradient(A: Any, a: Any, y: Any) -> Any:
    """Return (a - y) / (a (1 - a)); -1/a for y = 1 and 1/(1 - a) for y = 0, also where a is rounded to y."""

    def below_1(a: Any, y: Any) -> Any:
        return A.choose(y, lambda a, y: 1 / (1 - a), lambda a, y: (a - y) / (a * (1 - a)), a, y)

    return A.choose(1 - y, lambda a, y: -1 / a, below_1, a, y)


QUADRATIC = Loss(
    "quadratic",
    value=lambda A, a, y: _half(A) * A.total((a - y) ** 2),
    gradient=lambda A, a, y: a - y,
    gradient_target=lambda A, a, y: y - a,
    latex=r"\tfrac{1}{2} \lVert a - y \rVert^2",
    text="1/2 ‖a - y‖^2",
    aliases=("half_squared_error",),
    elsewhere=("mse", "mse_loss", "mseloss", "mean_squared_error", "squared_error", "l2", "l2_loss", "sse"),
    source="Nielsen, Neural Networks and Deep Learning (2015), eq. 26",
)
BINARY_CROSS_ENTROPY = Loss(
    "binary_cross_entropy",
    value=lambda A, a, y: (
        -A.total(
            A.choose(y, lambda a, y: 0 * y, lambda a, y: y * A.log(a), a, y)
            + A.choose(1 - y, lambda a, y: 0 * y, lambda a, y: (1 - y) * A.log1p(-a), a, y)
        )
    ),
    gradient=_binary_gradient,
    gradient_target=lambda A, a, y: A.log1p(-a) - A.log(a),
    latex=r"-\sum_i \left[ y_i \ln a_i + (1 - y_i) \ln (1 - a_i) \right]",
    text="-∑ (y_i ln a_i + (1 - y_i) ln(1 - a_i))",
    aliases=("cross_entropy",),
    elsewhere=("bce", "bce_loss", "bceloss", "log_loss", "logloss", "binary_crossentropy"),
    domain="0 < a < 1",
    source="Nielsen, Neural Networks and Deep Learning (2015), eq. 63",
    by_input=(("logistic", lambda A, z, y: (1 - y) * A.logistic(z) - y * A.logistic(-z)),),  # a - y, in both tails
)
SOFTMAX_CROSS_ENTROPY = Loss(
    "softmax_cross_entropy",
    # -ln softmax(a)_i = logsumexp(a) - a_i; y need not sum to 1
    value=lambda A, a, y: A.total(y * _each(A, A.neg_log_softmax, a)),
    gradient=lambda A, a, y: _each(A, A.softmax_error, a, y),
    gradient_target=lambda A, a, y: _each(A, A.neg_log_softmax, a),
    latex=r"-\sum_i y_i \ln \operatorname{softmax}(a)_i",
    text="-∑ y_i ln softmax(a)_i",
    entrywise=False,
    elsewhere=("ce", "nll", "nll_loss", "crossentropyloss", "categorical_crossentropy", "crossentropy", "softmax_loss"),
    source="Bishop, Pattern Recognition and Machine Learning (2006), eq. 4.108 and 4.109",
)

LOSSES: dict[str, Loss] = {
    name: record
    for record in (QUADRATIC, BINARY_CROSS_ENTROPY, SOFTMAX_CROSS_ENTROPY)
    for name in (record.name, *record.aliases)
}
"""All records by name and by alias."""


def loss(name: str) -> Loss:
    """Return the loss of this name or alias.

    >>> loss("cross_entropy").name
    'binary_cross_entropy'
    """
    if name not in LOSSES:
        raise UnknownName("loss", name, LOSSES, hint=meant(name))
    return LOSSES[name]


def meant(name: str) -> str:
    """Return which loss has this name in libraries, with its formula; the empty text where none has.

    >>> meant("MSE")
    'write quadratic, which is 1/2 ‖a - y‖^2.'
    """
    found = next((x for x in LOSSES.values() if name.casefold() in x.elsewhere), None)
    return f"write {found.name}, which is {found.text}." if found else ""
