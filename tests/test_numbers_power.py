"""Powers and magnitudes: against Python's integers and fractions, and against mpmath at twice the precision."""

import json
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

import mpmath
import pytest
from flint import arb
from hypothesis import given
from hypothesis import strategies as st

import symgrad as sg
from symgrad.cli.main import main
from symgrad.errors import SymgradError, TooLarge, ValuesError
from symgrad.numbers.magnitude.cross_check import opinion_on
from symgrad.numbers.magnitude.decimal import expansion, expansion_digits
from symgrad.numbers.magnitude.magnitude import Magnitude, magnitude
from symgrad.numbers.magnitude.power import LARGEST_EXACT, Power, read_power

BASES = st.one_of(
    st.fractions(min_value=-20, max_value=20, max_denominator=50).filter(bool),
    st.sampled_from([Fraction(1, 2), Fraction(3, 2), Fraction(9, 10), Fraction(10), Fraction(1, 100), Fraction(-5, 4)]),
)
DIGITS = st.integers(min_value=1, max_value=60)


def rounded(q, digits):
    """Return a fraction in decimals, rounded by Python's own decimal arithmetic from an exact quotient."""
    exact = Context(prec=digits + 20 + 4 * max(q.numerator.bit_length(), q.denominator.bit_length()))
    long = exact.divide(Decimal(q.numerator), Decimal(q.denominator))
    return Context(prec=digits, rounding=ROUND_HALF_EVEN).plus(long)


@given(BASES, st.integers(min_value=-40, max_value=40), DIGITS)
def test_every_digit_is_that_of_the_fraction(base, exponent, digits):
    value, found = base**exponent, sg.power(base, exponent)
    assert found.exact == value
    assert found.sign == (1 if value > 0 else -1)
    assert Decimal(found.to(digits)) == rounded(value, digits)
    assert len(Decimal(found.to(digits)).as_tuple().digits) <= digits


@given(BASES, st.integers(min_value=2000, max_value=10**12), DIGITS)
def test_large_powers_are_those_of_mpmath_at_twice_the_precision(base, exponent, digits):
    found = sg.power(base, exponent)
    with mpmath.workdps(2 * digits + 60):
        log = exponent * mpmath.log10(mpmath.mpf(abs(base.numerator)) / base.denominator)
        power = mpmath.floor(log)
        mantissa = mpmath.mpf(10) ** (log - power)
        mine, _, its_power = found.to(digits).partition("e")
        if abs(base) != 1:
            mine = found.sign * mpmath.mpf(mine) * mpmath.mpf(10) ** (int(its_power or 0) - power)
            distance = abs(mine - mantissa)
            assert distance <= mpmath.mpf(10) ** (1 - digits) / 2 * (1 + mpmath.mpf(10) ** -20)
            assert abs(mpmath.mpf(found.log10().to(digits)) - log) <= abs(log) * mpmath.mpf(10) ** (1 - digits)


@given(BASES, st.integers(min_value=-60, max_value=60), st.integers(min_value=10, max_value=400))
def test_the_ball_holds_the_value(base, exponent, bits):
    value = base**exponent
    ball = sg.power(base, exponent).ball(bits)
    point = arb(value.numerator) / arb(value.denominator)
    assert ball.overlaps(point)
    assert ball.rad() <= abs(ball.mid()) * arb(2) ** (4 - bits)


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(-9, 9), DIGITS)
def test_a_ball_shows_no_digit_that_it_leaves_open(middle, radius, power, digits):
    x = magnitude(f"{middle}e{power} +/- {radius}e{power - 6}")
    text = x.to(digits)
    low, high = (Fraction(end) for end in x.ends(30))
    if text.startswith("["):
        assert x.rounded(digits) is None
        return
    assert x.rounded(digits)[2] <= digits
    shown = Decimal(text)
    length = x.rounded(digits)[2]
    for end in (low, high):
        q = rounded(abs(end), length)
        assert abs(q - abs(shown)) <= Decimal(1).scaleb(q.adjusted() - length + 1)
    assert low <= high


@given(st.fractions(min_value=Fraction(1, 10**9), max_value=10**9), st.integers(2, 30), st.booleans())
def test_the_two_ends_are_on_the_two_sides(q, digits, negative):
    x = magnitude(-q if negative else q)
    low, high = (Fraction(end) for end in x.ends(digits))
    assert low <= x.exact <= high
    assert high - low <= 10 * q / Fraction(10) ** (digits - 1)


TIES = [
    (Fraction(25), 1, "2e1"),
    (Fraction(35), 1, "4e1"),
    (Fraction(5, 2), 1, "2"),
    (Fraction(1, 80), 2, "0.012"),
    (Fraction(-45, 100), 1, "-0.4"),
    (Fraction(999, 1000), 2, "1.0"),
    (Fraction(0), 5, "0"),
    (Fraction(123456), 6, "123456"),
    (Fraction(123456), 3, "1.23e5"),
    (Fraction(1, 3), 4, "0.3333"),
    (Fraction(1, 10**6), 3, "1.00e-6"),
]


@pytest.mark.parametrize(("q", "digits", "text"), TIES)
def test_ties_go_to_the_even_digit(q, digits, text):
    assert magnitude(q).to(digits) == text


KNOWN = [
    (("1.5", 149), "1.728e26", r"1.728 \times 10^{26}"),
    (("0.5", 150), "7.006e-46", r"7.006 \times 10^{-46}"),
    (("0.9", 152), "1.109e-7", r"1.109 \times 10^{-7}"),
    (("-1.5", 3), "-3.375", "-3.375"),
    (("sqrt(2)", 3), "2.828", "2.828"),
    (("sqrt(2)", 4), "4.000", "4.000"),
    (("2/sqrt(3)", 2), "1.333", "1.333"),
    (("0.5", 10**9), "2.168e-301029996", r"2.168 \times 10^{-301029996}"),
    (("10", 10**12), "1.000e1000000000000", r"1.000 \times 10^{1000000000000}"),
    (("0.25", 1000), "8.710e-603", r"8.710 \times 10^{-603}"),
]


@pytest.mark.parametrize(("power", "text", "latex"), KNOWN)
def test_known_powers(power, text, latex):
    assert sg.power(*power).to(4) == text
    assert sg.power(*power).latex(4) == latex
    assert sg.power(*power)._repr_latex_() == f"${sg.power(*power).latex()}$"


def test_the_powers_of_the_book():
    assert sg.power("1.5", 149).exact == Fraction(3**149, 2**149)
    digits = expansion(sg.power("0.5", 150).exact)
    assert digits == "0." + str(5**150).rjust(150, "0")
    assert expansion_digits(read_power("0.5", 150)) == 150
    assert expansion_digits(read_power("1/3", 2)) is None
    assert expansion_digits(read_power("0.9", 152)) == 152
    with mpmath.workdps(60):
        log = mpmath.nstr(149 * mpmath.log10(1.5), 40)
    assert sg.power("1.5", 149).log10().to(40) == log


@given(st.sampled_from([2, 3, 5, 7, 12]), st.integers(-99, 99), DIGITS)
def test_powers_of_roots(n, exponent, digits):
    found = sg.power(f"sqrt({n})", exponent)
    square = Fraction(n) ** exponent
    with mpmath.workdps(2 * digits + 30):
        value = mpmath.sqrt(mpmath.mpf(square.numerator) / square.denominator)
        unit = value * mpmath.mpf(10) ** (1 - digits)
        assert abs(mpmath.mpf(found.to(digits)) - value) <= unit / 2 * (1 + mpmath.mpf(10) ** -20)
    assert (found.exact is None) == (exponent % 2 == 1)


def test_an_exact_power_past_the_stated_size_is_refused():
    with pytest.raises(TooLarge, match="4,771,232 digits; at most 3,010,300 are formed"):
        Power(Fraction(3, 2), 10**7).exact()
    assert Power(Fraction(1, 2), LARGEST_EXACT - 100).exact().denominator == 2 ** (LARGEST_EXACT - 100)
    assert Power(Fraction(1, 2), 10**9).magnitude.exact is None
    with pytest.raises(ValuesError, match="irrational"):
        read_power("sqrt(2)", 3).exact()


@pytest.mark.parametrize(
    ("base", "exponent"),
    [
        ("x", 3),
        ("", 3),
        ("nan", 3),
        ("1/0", 3),
        ("pi", 3),
        ("sqrt(-2)", 3),
        ("sqrt(sqrt(2))", 3),
        ("__import__('os')", 3),
        ("1.5", "2.5"),
        ("1.5", "x"),
        ("1.5", ""),
        ("1.5", "1e31"),
        ("1.5", "1e1000000000"),
        ("1.5", float("inf")),
        ("1.5", None),
        ("1.5", True),
        ("0", -1),
        (float("nan"), 2),
        (object(), 2),
    ],
)
def test_bad_input_is_an_error_that_says_what_to_do(base, exponent):
    with pytest.raises(SymgradError) as caught:
        sg.power(base, exponent)
    assert caught.value.todo


def test_digits_out_of_range():
    for digits in (0, -1, 10**7, 2.5, True):
        with pytest.raises(ValuesError, match="digits"):
            sg.power("1.5", 2).to(digits)


def test_a_magnitude_of_a_gradient_is_a_number_and_not_zero():
    model = sg.model("chain").bind("logistic", cost="quadratic")
    depth = 7000
    values = {"w": [Fraction(1, 2)] * depth, "b": [0] * depth, "a[0]": Fraction(1, 2), "y": 0}
    ball = model.derivative("C", "b[1]", depth=depth).evaluate(values, "ball", 30)
    found = magnitude(ball)
    assert isinstance(found, Magnitude)
    assert found.sign == 1
    assert -7000 < float(found.log10()) < -4000
    assert Decimal(found.to(5)) == Context(prec=5).plus(Decimal(found.to(20)))


@pytest.mark.parametrize("base", ["1.5", "-2/3", "sqrt(2)", "-sqrt(3/7)", "0.1", "1.0000001"])
@pytest.mark.parametrize("exponent", [0, 1, 149, -150, 10**9 + 1, 10**30])
def test_mpmath_is_asked_too_and_would_see_a_wrong_value(base, exponent):
    found = read_power(base, exponent)
    opinion = opinion_on(found.magnitude, found.value, 25)
    assert opinion.agrees
    wrong = read_power(base, exponent - 2)
    assert not opinion_on(wrong.magnitude, found.value, 25).agrees


def test_the_opinion_is_shown(capsys):
    assert main(["power", "1.5", "149"]) == 0
    assert "mpmath    1.728214320e+26: agrees" in capsys.readouterr().out
    assert main(["power", "1.5", "149", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["mpmath"] == {"value": "1.728214320e+26", "digits": 10, "agrees": True}


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("sqrt(8)", (Fraction(8), 2)),
        ("2/sqrt(3)", (Fraction(4, 3), 2)),
        ("(1/sqrt(2))^3", (Fraction(1, 8), 2)),
        ("-sqrt(2)*sqrt(8)", (Fraction(-4), 1)),
        (f"sqrt({10**60 + 7})", (Fraction(10**60 + 7), 2)),
    ],
)
def test_a_base_is_a_fraction_or_a_root_of_one(text, base):
    found = read_power(text, 1)
    assert (found.radicand, found.degree) == base
