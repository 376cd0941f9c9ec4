"""The constants of the field to 40 digits: each is computed here by mpmath at 60 digits, in a way of its own.

A root of a condition that was derived by hand, Lambert's W, or a closed form: nothing of symgrad's search.
"""

from dataclasses import dataclass
from fractions import Fraction

import mpmath
import pytest

import symgrad as sg

mp = mpmath.MPContext()
mp.dps = 60
DIGITS = 40


def shown(x, digits=DIGITS):
    """Return a number of mpmath as symgrad writes it."""
    return mp.nstr(x, digits, strip_zeros=False, min_fixed=-5, max_fixed=16)


V = mp.findroot(lambda v: v * mp.tanh(v) - mp.mpf(1) / 2, 0.8)
"""v tanh v = 1/2: the condition of the window and of Hochreiter's net."""
U = mp.findroot(lambda v: v * mp.tanh(v) - 1, 1.2)
W = mp.lambertw(mp.exp(-1)).real
SILU = mp.findroot(lambda v: v * mp.tanh(v) - 1, 1.2) * 2
"""silu'' = 0 is x tanh(x/2) = 2, that is v tanh v = 1 with v = x/2."""


def logistic(x):
    return 1 / (1 + mp.exp(-x))


def silu_slope(x):
    return logistic(x) * (1 + x * (1 - logistic(x)))


def gelu(x):
    return x * mp.ncdf(x)


def gelu_slope(x):
    return mp.ncdf(x) + x * mp.npdf(x)


GELU = mp.findroot(gelu_slope, -0.75)


def window_width(w):
    return 2 / w * mp.log(w * (1 + mp.sqrt(1 - 4 / w)) / 2 - 1)


def window_weight(z):
    """The weight at which the border of the window of |w| σ'(z) ≥ 1 is z: w = 4 cosh²(z/2)."""
    return 4 * mp.cosh(z / 2) ** 2


@dataclass(frozen=True)
class Constant:
    """An expression with the place and the value of its extremum, by mpmath; place None: several."""

    name: str
    kind: str
    expression: str
    over: str
    place: object
    value: object
    printed: tuple[str, str] = ("", "")
    """Place and value as they are printed elsewhere, rounded or cut off."""


CONSTANTS = [
    Constant(
        "width of the window",
        "maximum",
        "2/w*log(w*(1 + sqrt(1 - 4/w))/2 - 1)",
        "w >= 4",
        window_weight(2 * V),
        window_width(window_weight(2 * V)),
        ("6.894151032272928014212", "0.4477432046943028491783"),
    ),
    Constant(
        "width of the window by its border",
        "maximum",
        "z/(2*cosh(z/2)^2)",
        "z in [0, oo)",
        2 * V,
        V / mp.cosh(V) ** 2,
        ("", "0.4477432046943028491783"),
    ),
    Constant(
        "Hochreiter's bound",
        "maximum",
        "net/(4*cosh(net/2)^2)",
        "net >= 0",
        2 * V,
        V / (2 * mp.cosh(V) ** 2),
        ("1.543404638418208448", "0.2238716023471514246"),
    ),
    Constant("slope of σ", "maximum", "logistic'(z)", "z real", mp.mpf(0), mp.mpf(1) / 4),
    Constant(
        "second derivative of σ",
        "maximum",
        "logistic'(z)*(1 - 2*logistic(z))",
        "z <= 0",
        -mp.log(2 + mp.sqrt(3)),
        1 / (6 * mp.sqrt(3)),
    ),
    Constant(
        "size of the second derivative of σ",
        "maximum",
        "abs(logistic'(z)*(1 - 2*logistic(z)))",
        "z real",
        None,
        1 / (6 * mp.sqrt(3)),
    ),
    Constant(
        "second derivative of tanh",
        "maximum",
        "2*tanh(x)*tanh'(x)",
        "x >= 0",
        mp.log(2 + mp.sqrt(3)) / 2,
        4 / (3 * mp.sqrt(3)),
    ),
    Constant(
        "size of the second derivative of tanh",
        "maximum",
        "abs(2*tanh(x)*tanh'(x))",
        "x real",
        None,
        4 / (3 * mp.sqrt(3)),
    ),
    Constant("SiLU", "minimum", "silu(x)", "x real", -1 - W, -W, ("", "-0.278464542761073795")),
    Constant(
        "slope of SiLU",
        "maximum",
        "silu'(x)",
        "x real",
        SILU,
        silu_slope(SILU),
        ("2.399357280515467", "1.099839320128866917"),
    ),
    Constant("GELU", "minimum", "gelu(x)", "x real", GELU, gelu(GELU), ("", "-0.169971207479903662")),
    Constant("slope of GELU", "maximum", "gelu'(x)", "x real", mp.sqrt(2), gelu_slope(mp.sqrt(2))),
    Constant("v / cosh v", "maximum", "v/cosh(v)", "v >= 0", U, U / mp.cosh(U), ("", "0.662743419349181580974742")),
]
SEARCH = {"maximum": sg.maximise, "minimum": sg.minimise}


@pytest.fixture(scope="module")
def found():
    return {c.name: SEARCH[c.kind](c.expression, domain=c.over, digits=DIGITS) for c in CONSTANTS}


@pytest.mark.parametrize("c", CONSTANTS, ids=lambda c: c.name)
def test_place_and_value_have_the_digits_of_mpmath(c, found):
    m = found[c.name]
    assert m.proved
    assert m.attained
    assert m.unique is (c.place is not None)
    if m.value.exact is None:
        assert m.value.to(DIGITS) == shown(c.value)
    else:
        assert mp.mpf(m.value.exact.numerator) / m.value.exact.denominator == c.value
    if c.place is not None and c.place:
        assert m.at.to(DIGITS) == shown(c.place)
    elif c.place is not None:
        assert m.at.exact == 0


@pytest.mark.parametrize("c", CONSTANTS, ids=lambda c: c.name)
def test_the_other_opinions_agree(c, found):
    opinions = found[c.name].opinions
    assert [o.source for o in opinions if not o.agrees] == []
    assert opinions[0].source.startswith("SciPy")


@pytest.mark.parametrize("c", [c for c in CONSTANTS if any(c.printed)], ids=lambda c: c.name)
def test_the_digits_are_those_that_are_printed_elsewhere(c, found):
    m = found[c.name]
    for text, x in zip(c.printed, (m.at, m.value), strict=True):
        last = Fraction(1, 10 ** len(text.partition(".")[2]))
        assert not text or abs(Fraction(text) - Fraction(x.to(DIGITS))) < last


CONDITIONS = {
    "width of the window by its border": ["e^z = (z + 1)/(z - 1)", "v tanh v = 1/2, v = z/2"],
    "Hochreiter's bound": ["e^net = (net + 1)/(net - 1)", "v tanh v = 1/2, v = net/2"],
    "v / cosh v": ["e^(2*v) = (v + 1)/(v - 1)", "v tanh v = 1, v = v"],
    "SiLU": ["e^x = -x - 1", "v e^v = 1/e, v = -x - 1", "place -1 - W(1/e)", "value -W(1/e)"],
    "slope of SiLU": ["e^x = (x + 2)/(x - 2)", "v tanh v = 1, v = x/2"],
    "slope of GELU": ["sqrt(2)"],
    "second derivative of σ": ["log(2 - sqrt(3))", "sqrt(3)/18"],
    "second derivative of tanh": ["4*sqrt(3)/9"],
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_the_condition_is_named_in_its_canonical_form(name, found):
    lines = "\n".join(found[name].condition.lines())
    assert [line for line in CONDITIONS[name] if line not in lines] == []


def test_a_thousand_digits():
    with mp.workdps(1020):
        v = mp.findroot(lambda v: v * mp.tanh(v) - mp.mpf(1) / 2, V)
        place, value = shown(2 * v, 1000), shown(v / mp.cosh(v) ** 2, 1000)
    m = sg.maximise("z/(2*cosh(z/2)^2)", "z", "[0, oo)", digits=1000)
    assert m.at.to(1000) == place
    assert m.value.to(1000) == value
