"""Printed mathematics: what is read, what is not understood and why, and values that are enclosed."""

from contextlib import suppress
from fractions import Fraction

import pytest
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from symgrad.audit.checks.number.rounding import as_printed, judged, printed
from symgrad.audit.finding import Word
from symgrad.reading.chain import chains
from symgrad.reading.reading import Reading, readings
from symgrad.reading.token import LONGEST, NotUnderstoodError, Tokenizer
from symgrad.reading.value import UndefinedError, ball, evaluate

VALUES = [
    (r"\frac{5.19 - 3}{2}", "1.095"),
    (r"1{,}728 + 2", "1730"),
    (r"36,000,000\times 0.0057", "205200"),
    (r"100~000~000", "100000000"),
    (r"100\,000.5", "100000.5"),
    (r"{4 \choose 1} (0.3)^1(0.7)^{3}", "0.4116"),
    (r"\tfrac12 + \dfrac{1}{3}", "5/6"),
    (r"2^{-3}", "1/8"),
    (r"-2^2", "-4"),
    ("(3 − 1)²", "4"),
    ("2 × 3 · 4", "24"),
    ("7 ÷ 2", "7/2"),
    (r"1\frac{1}{2}", "3/2"),
    (r"\left( \frac{1}{2} \right)^{2}", "1/4"),
    (r"5!", "120"),
    (r"\sum_{k=1}^{10} k^2", "385"),
    (r"\prod_{j=1}^{4} j", "24"),
    (r"50\% + \frac12", "1"),
    (r"\$137 \times  55", "7535"),
    ("2.28e+06", "2280000"),
    (r"|{-3}|", "3"),
    (r"\max(2, 7/2)", "7/2"),
    (r"\mathrm{2} + \mathbf{3}", "5"),
    (r"\text{max}(1, 2)", "2"),
    (r"2(3)(4)", "24"),
    (r"\sqrt[3]{8}", "2"),
    (r"\sqrt{9}^2 + \sqrt4", "11"),
    ("√(9) + sqrt(4)", "5"),
    (r"\frac12x", "1/6"),
    (r"\frac{d}{dx}[5x^2]", "10/3"),
    (r"\frac{d^2}{dx^2} x^3", "2"),
    (r"\frac{d(w^2)}{dw} + \frac{d(3w)}{dw}", "6"),
    (r"\frac{\partial}{\partial x} (x y)", "2"),
    (r"\log_2 8", "3"),
    (r"\ln e^2", "2"),
    (r"\cosh^2 x - \sinh^2 x", "1"),
    (r"\sin^{-1}(\sin x)", "1/3"),
    (r"\sin h x - \frac{e^x - e^{-x}}{2}", "0"),
    (r"\sin 3x - 3\sin x + 4\sin^{3}x", "0"),
    (r"2\sin x\cos x - \sin 2x", "0"),
    (r"\tan\frac{x}{2} - \frac{\sin x}{1 + \cos x}", "0"),
    (r"cos2x - cos^{2}x + sin^{2}x", "0"),
    (r"\sigma'(x) - \sigma(x)(1-\sigma(x))", "0"),
    ("σ′(0)", "1/4"),
    (r"\text{tanh}'(x) - 1 + \tanh^2(x)", "0"),
    (r"\sqrt[3]{27} + \sqrt2^2", "5"),
    (r"0.\overline{6} + 0.1\bar{6}", "5/6"),
    ("½ + ¼", "3/4"),
    (r"\cos 60^\circ + \sin 30°", "1"),
    (r"\|[3, 4]\| + \|[3, -4]\|_1", "12"),
    (r"\lfloor 2.5 \rfloor + \lceil -\frac{1}{2} \rceil", "2"),
    (r"17 \bmod 5", "2"),
    (r"(x^2)'", "2/3"),
    (r"[1, 2] \cdot [3, 4]", "11"),
    (r"\begin{vmatrix} 1 & 2 \\ 3 & 4 \end{vmatrix}", "-2"),
    (r"\left. 3 \right.", "3"),
    (r"\frac{\mathrm{d}}{\mathrm{d}x} x^2", "2/3"),
    ("1.5e2", "150"),
]


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_values(text, value):
    [chain], _ = chains(text)
    expected = Fraction(value)
    with ctx.workdps(50):
        found = ball(evaluate(chain.sides[0].node, {"x": fmpq(1, 3), "y": fmpq(2), "w": fmpq(3, 2)}))
        difference = found - arb(fmpq(expected.numerator, expected.denominator))
    assert difference.contains(0)
    assert difference.rad() < arb(10) ** -40


NOT_UNDERSTOOD = [
    (r"\|W\|_F = 2", "the norm F"),
    (r"2 3 = 6", "two numbers"),
    (r"\sqrt{2 = 3", ""),
    (r"5!!! = 15", "a row of factorials"),
    (r"\unknown{3} = 3", "\\unknown"),
    (r"x + = 3", "empty"),
    (r"\frac{d^3 f}{dx dy} = 3", "several variables"),
    (r"\int x = 3", "integral"),
]


@pytest.mark.parametrize(("text", "reason"), NOT_UNDERSTOOD)
def test_what_is_not_understood_says_why(text, reason):
    found, _ = chains(text)
    told = [s.reason for chain in found for s in chain.sides if s.node is None]
    assert any(reason in r for r in told)


@pytest.mark.parametrize(
    ("text", "relations"),
    [
        ("a = b = c", [("=", "=")]),
        (r"a &= b \\ &= c", [("=", "=")]),
        (r"a = b \\ c = d", [("=",), ("=",)]),
        (r"a = 1 + \\ 2", [("=",)]),
        (r"f(x) = x y \rightarrow \frac{df}{dx} = y", [("=",), ("=",)]),
        (r"a = 1, \quad b = 2", [("=",), ("=",)]),
        (r"\begin{aligned} a &= 1 \\ b &\approx 2 \end{aligned}", [("=",), ("≈",)]),
        (r"a \le b < c \text{ for } x = 1", [("≤", "<"), ("=",)]),
        ("a ≈ b", [("≈",)]),
    ],
)
def test_chains(text, relations):
    found, _ = chains(text)
    assert [c.relations for c in found if c.relations] == relations


def test_readings_begin_with_the_usual_one():
    _, ambiguous = chains(r"\log(x) + 1/2x")
    assert ambiguous == {"log", "slash"}
    found = list(readings(ambiguous))
    assert found[0] == Reading()
    assert len(found) == 6
    assert "log to base 10" in str(found[2])


JUDGED = [
    ("3.7", "≈", "3.72", Word.CONFIRMED),
    ("3.7", "=", "3.749", Word.CONFIRMED),
    ("3.7", "≈", "3.76", Word.NOTE),
    ("3.7", "≈", "3.85", Word.REFUTED),
    ("2.71", "=", "2.71828", Word.NOTE),
    ("150K", "=", "150528", Word.CONFIRMED),
    ("800K", "=", "802816", Word.CONFIRMED),
    ("3.2M", "=", "3211264", Word.CONFIRMED),
    ("463", "=", "462.169", Word.NOTE),
    ("5", "=", "4", Word.REFUTED),
    ("2", "=", "2.5", Word.REFUTED),
    ("1000", "≈", "1024", Word.CONFIRMED),
    ("1000", "≈", "1200", Word.REFUTED),
    (r"3.7 \times 10^{26}", "≈", "172821431965862996396323631", Word.REFUTED),
    (r"1.7 \times 10^{26}", "≈", "172821431965862996396323631", Word.CONFIRMED),
    ("10^{-5}", "≈", "0.0000295", Word.CONFIRMED),
    ("10^{-5}", "≈", "0.000295", Word.REFUTED),
    ("3.1416", "=", "3.14159265", Word.CONFIRMED),
    ("3.1417", "≈", "3.14159265", Word.NOTE),
]


@pytest.mark.parametrize(("shown", "relation", "value", "word"), JUDGED)
def test_rounding(shown, relation, value, word):
    [chain], _ = chains(shown)
    exact = Fraction(value)
    found, _ = judged(fmpq(exact.numerator, exact.denominator), printed(chain.sides[0].node), relation)
    assert found is word


@pytest.mark.parametrize(
    ("shown", "value", "right"),
    [
        (r"3.7 \times 10^{26}", "172821431965862996396323631", "1.7 × 10^26"),
        ("0.25", "1/3", "0.33"),
        ("463", "462", "462"),
        ("-2.5", "-1/3", "-0.3"),
        ("7", "1/3", "0.333"),
    ],
)
def test_the_right_value_is_written_as_the_author_wrote(shown, value, right):
    [chain], _ = chains(shown)
    exact = Fraction(value)
    assert as_printed(fmpq(exact.numerator, exact.denominator), printed(chain.sides[0].node)) == right


PIECES = st.sampled_from(
    [
        "\\frac",
        "{",
        "}",
        "(",
        ")",
        "^",
        "_",
        "1",
        "23.5",
        "x",
        "\\sin",
        "\\log",
        "=",
        "\\approx",
        "+",
        "-",
        "\\int",
        "dx",
        "|",
        "!",
        "%",
        "\\sqrt",
        "\\left",
        ",",
        "\\begin{matrix}",
        "\\end{matrix}",
        "&",
        "\\\\",
        "'",
        "\\sigma",
        "é",
        "\\sum",
        "\\cdot",
        "\\",
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=60))
def test_any_text_is_read_or_not_understood(text):
    try:
        found, _ = chains(text)
    except NotUnderstoodError:
        return
    for chain in found:
        for side in chain.sides:
            assert 0 <= side.start <= side.end <= len(text)
            assert (side.node is None) == bool(side.reason)
            if side.node is not None:
                with suppress(NotUnderstoodError, UndefinedError):
                    evaluate(side.node, {"x": fmpq(1, 3)})


def test_the_size_of_a_formula_is_bounded():
    with pytest.raises(NotUnderstoodError, match="characters"):
        Tokenizer("1+" * LONGEST).tokens()
    [chain], _ = chains("(" * 200 + "1" + ")" * 200)
    assert "deep" in chain.sides[0].reason
