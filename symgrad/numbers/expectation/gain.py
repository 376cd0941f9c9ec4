"""The gain of an activation, σ_w = gain/√n: what each criterion asks for, and what the libraries have.

    slope           g φ'(0) = 1           small signals keep their size
    second moment   g² E[φ(z)²] = 1       the variance 1 of pre-activations is kept (He 2015, of relu)
    variance        g² Var φ(z) = 1       as above, without the part that a mean adds, which biases may take
    backward        g² E[φ'(z)²] = 1      the size of gradients is kept where the variance is 1

z ~ N(0, 1). They agree for the identity; for relu the second and the last do. What a gain makes of a deep
network, its fixed point and χ₁, is that of ``mean_field``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from math import isqrt
from typing import TYPE_CHECKING, Any

from flint import arb

from symgrad.arithmetic.ball import bits
from symgrad.errors import ValuesError
from symgrad.network.activation import read_activation
from symgrad.numbers.expectation.mean_field import (
    BALLS,
    Layer,
    check_activation,
    is_smooth_at_0,
    moment,
    slope_second_of_homogeneous,
)
from symgrad.numbers.frame import frame
from symgrad.numbers.magnitude.magnitude import Magnitude, magnitude
from symgrad.numbers.notebook import fold, latex_words, table
from symgrad.ops.record import Elementwise
from symgrad.ops.structure import homogeneous

SAME_DIGITS = 50
"""Two constants that agree to so many digits are taken for the same."""

if TYPE_CHECKING:
    import pandas

KERAS = {"He": Fraction(2), "LeCun": Fraction(1)}
"""The scales of HeNormal and LecunNormal in keras.initializers, chosen by the initialiser and not the activation."""


@dataclass(frozen=True)
class Criterion:
    """A gain: who asks for it, its square, and the layer that it makes; None where no gain does what is asked."""

    name: str
    squared: Magnitude | None
    layer: Layer | None
    library: bool = False
    """Is it a constant of a library?"""
    yielded_by: tuple[str, ...] = ()
    """Of a library's constant: the criteria that give it."""

    @cached_property
    def gain(self) -> Magnitude | None:
        """The gain itself."""
        return None if self.squared is None else root(self.squared)


@dataclass(frozen=True, eq=False, repr=False)
class Gain:
    """The gains of an activation.

    >>> tanh = gain("tanh")
    >>> print(tanh.second.to(12), tanh["second moment"].gain.to(12), tanh["PyTorch"].layer.chi.to(9))
    0.394294490398 1.59253741972 1.20983132
    >>> tanh["PyTorch"].yielded_by, gain("relu")["PyTorch"].yielded_by
    ((), ('second moment', 'backward'))
    """

    f: Elementwise
    bias_variance: Magnitude

    def __eq__(self, other: object) -> bool:
        """Tell whether two gains are of the same function, and of the same exact variance of the biases."""
        if not isinstance(other, Gain) or self.f != other.f:
            return False
        return self.bias_variance is other.bias_variance or (
            self.bias_variance.exact is not None and self.bias_variance.exact == other.bias_variance.exact
        )

    def __hash__(self) -> int:
        return hash((self.f, self.bias_variance.exact))

    def __repr__(self) -> str:
        known = ((c.name, c.gain) for c in self.criteria if c.gain is not None)
        return f"<gains of {self.f.text}: {', '.join(f'{name} {x.to(10)}' for name, x in known)}>"

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the function and the variance of the biases; the means are integrated again."""
        return gain, (self.f, self.bias_variance)

    def to_frame(self, digits: int = 15) -> pandas.DataFrame:
        """Return a row for each criterion: its gain as a float and as digits; needs pandas.

        >>> gain("relu").to_frame(5)[["criterion", "digits"]].values.tolist()[1:3]
        [['second moment', '1.4142'], ['variance', '1.7129']]
        """
        return frame(
            {
                "criterion": c.name,
                "gain": None if c.gain is None else float(c.gain),
                "digits": None if c.gain is None else c.gain.to(digits),
                "library": c.library,
                "given by": ", ".join(c.yielded_by),
            }
            for c in self.criteria
        )

    def _repr_html_(self) -> str:
        """Show the gains in a notebook, and in a fold the means that they come from."""
        rows = [(c.name, "none" if c.gain is None else c.gain.to(10), ", ".join(c.yielded_by)) for c in self.criteria]
        means = {"E φ": self.mean, "E φ²": self.second, "E φ'²": self.slope_second, "E φ φ'": self.cross}
        shown = table(f"gains of {self.f.text}", ("criterion", "gain", "given by"), rows)
        return shown + fold("means over a normal z, enclosed", [f"{name} = {x.to(15)}" for name, x in means.items()])

    def _repr_latex_(self) -> str:
        """Show the gains in LaTeX."""
        known = [(c.name, latex_words("none") if c.gain is None else c.gain.latex(10)) for c in self.criteria]
        rows = [rf"{latex_words(name)} & {shown} \\" for name, shown in known]
        head = rf"{latex_words('criterion')} & {latex_words(f'gain of {self.f.text}')} \\ \hline"
        return "\n".join(["$$", r"\begin{array}{ll}", head, *rows, r"\end{array}", "$$"])

    def moment(self, which: str) -> Magnitude:
        """Return E of "mean" φ(z), "second" φ(z)², "slope_second" φ'(z)², "cross" φ(z) φ'(z), z ~ N(0, 1)."""
        if which in ("second", "slope_second") and homogeneous(self.f):
            return slope_second_of_homogeneous(self.f)
        return Magnitude(cache(lambda bits: moment(self.f, which, arb(1), bits)))

    @cached_property
    def mean(self) -> Magnitude:
        """E[φ(z)]."""
        return self.moment("mean")

    @cached_property
    def second(self) -> Magnitude:
        """E[φ(z)²]."""
        return self.moment("second")

    @cached_property
    def slope_second(self) -> Magnitude:
        """E[φ'(z)²]."""
        return self.moment("slope_second")

    @cached_property
    def cross(self) -> Magnitude:
        """E[φ(z) φ'(z)]."""
        return self.moment("cross")

    @cached_property
    def variance(self) -> Magnitude:
        """E[φ(z)²] - E[φ(z)]²."""
        if (mean := self.mean.ball(64)).is_exact() and mean == 0:
            return self.second

        def enclose(bits: int) -> arb:
            mean = self.mean.ball(bits)
            return self.second.ball(bits) - mean * mean

        return Magnitude(cache(enclose))

    @property
    def deviation(self) -> Magnitude:
        """The standard deviation of φ(z)."""
        return root(self.variance)

    @cached_property
    def slope(self) -> Magnitude | None:
        """φ'(0); None where φ has a kink at 0."""
        if not is_smooth_at_0(self.f):
            return None
        at_zero = self.f.slope_at(BALLS, arb(0))
        if at_zero.is_exact():
            return magnitude(at_zero)
        return Magnitude(lambda bits: arb(self.f.slope_at(BALLS, arb(0))))

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        """The criteria, and then the constants of the libraries."""
        slope = None if self.slope is None or self.slope.sign == 0 else _squared(self.slope)
        wanted = {
            "slope": slope,
            "second moment": self.second,
            "variance": self.variance,
            "backward": self.slope_second,
        }
        asked = [(name, None if m is None else _reciprocal(m)) for name, m in wanted.items()]
        own = tuple(Criterion(name, squared, self._layer(squared)) for name, squared in asked)
        return (*own, *self._libraries(own))

    def _libraries(self, own: tuple[Criterion, ...]) -> Iterator[Criterion]:
        constants = {name: Fraction(squared(*self.f.values)) for name, squared in self.f.gains}
        for name, q in (constants | {f"Keras {name}": q for name, q in KERAS.items()}).items():
            yielding = tuple(c.name for c in own if c.squared is not None and _same(c.squared, magnitude(q)))
            yield Criterion(name, magnitude(q), self._layer(magnitude(q)), True, yielding)

    def _layer(self, squared: Magnitude | None) -> Layer | None:
        return None if squared is None else Layer(self.f, squared, self.bias_variance)

    def __getitem__(self, name: str) -> Criterion:
        """Return a criterion or a library's constant by its name."""
        return {c.name: c for c in self.criteria}[name]


def gain(activation: str | Elementwise, bias_variance: Any = 0) -> Gain:
    """Return the gains of an activation, and what each makes of a deep network with this variance of the biases.

    >>> gain("leaky_relu(0.2)")["PyTorch"].gain.to(10)
    '1.386750491'
    """
    f = check_activation(read_activation(activation))
    bias = magnitude(bias_variance)
    if bias.sign == -1:
        raise ValuesError(f"a bias variance of {bias}", todo="give a number that is 0 or more")
    return Gain(f, bias)


def root(x: Magnitude) -> Magnitude:
    """Return √x, exact where x is the square of a fraction."""
    if x.exact is not None:
        found = Fraction(isqrt(x.exact.numerator), isqrt(x.exact.denominator))
        if found**2 == x.exact:
            return magnitude(found)
    return Magnitude(lambda bits: x.ball(bits).sqrt())


def _reciprocal(x: Magnitude) -> Magnitude:
    return magnitude(1 / x.exact) if x.exact is not None else Magnitude(lambda bits: 1 / x.ball(bits))


def _squared(x: Magnitude) -> Magnitude:
    return magnitude(x.exact**2) if x.exact is not None else Magnitude(lambda bits: x.ball(bits) ** 2)


def _same(x: Magnitude, y: Magnitude) -> bool:
    """Tell whether two numbers are the same, or agree to SAME_DIGITS digits."""
    if x.exact is not None and y.exact is not None:
        return x.exact == y.exact
    precise = bits(SAME_DIGITS)
    return bool(abs(x.ball(2 * precise) - y.ball(2 * precise)).upper() < arb(2) ** -precise)
