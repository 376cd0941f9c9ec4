"""What is said of printed claims: right ones are confirmed, wrong ones refuted, and what may be right is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symgrad.audit.check import findings
from symgrad.audit.finding import Passage, Place, Word

PLACE = Place("notes.md", 3, 5)


def words(text, **given):
    return [f.word for f in findings(Passage(text, PLACE, **given))]


CONFIRMED = [
    r"\frac{5.19 - 3}{2} = 2.19/2 = 1.095",
    r"1 / p = 1 / 0.88 = 1.14",
    r"1.1^{10} \approx 2.59",
    r"2^{10} \approx 1000",
    r"0.9^{99} \approx 10^{-5}",
    r"7 \times 8 = 56",
    r"\log(100) = 2",
    r"\log(0.5) \approx -0.693",
    r"\cos \pi/3 = 0.5",
    r"1\frac{1}{2} + 1 = 2.5",
    r"[e^1, e^0] = [2.718, 1]",
    r"e^{-1.25} = e^{-1} \times e^{-0.25} \approx 0.3679 \times 0.7788 = 0.2865",
    r"3 < \pi < 22/7",
    r"\frac{d}{dx}(\tan^{-1}x)= \frac{1}{1+x^{2}}",
    r"\frac{d\sigma}{dx} = \frac{e^{-x}}{(1+e^{-x})^2}",
    r"\sigma'(z) = \sigma(z)(1-\sigma(z))",
    r"\text{tanh}'(z) = 1 - \tanh^2(z)",
    r"f(x,y) = x^2 y \rightarrow \frac{\partial f}{\partial x} = 2 x y",
    r"f(x) = x^3 \rightarrow f'(x) = 3x^2",
    r"\frac{d}{dx}\sin hx=\cos hx",
    r"\cosh^{2}x-\sinh^{2}x=1",
    r"\sin A\cos B + \cos A\sin B = \sin(A+B)",
    r"\sigma(-x) = 1 - \sigma(x)",
    r"\tanh(x) = 2\sigma(2x) - 1",
    r"\int\frac{1}{a^{2}+x^{2}}\;dx=\frac{1}{a}\tan^{-1}\frac{x}{a}+C",
    r"|\sigma'(z)| \leq \frac14",
    r"J = \begin{pmatrix} \frac{\partial z_1}{\partial x} & \frac{\partial z_1}{\partial y} "
    r"\\ \frac{\partial z_2}{\partial x} & \frac{\partial z_2}{\partial y} \end{pmatrix}",
]
CONFIRMED += [
    r"10^{-8} = 0.00000001",
    r"10^3 = 1,000",
    r"f(x) = x^2 + 1, f(2) = 5",
    r"\begin{bmatrix} 1 & 1 \\ 0 & 1 \end{bmatrix}^2 = \begin{bmatrix} 1 & 2 \\ 0 & 1 \end{bmatrix}",
    r"\left\| \begin{bmatrix} 3 \\ 4 \end{bmatrix} \right\| = 5",
    r"\Gamma(5) = 24",
    r"\Phi(1.96) = 0.975",
    r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix} \begin{bmatrix} 1 \\ 1 \end{bmatrix} = [3, 7]",
    r"2 [1, 2] + [1, 1] = [3, 5]",
    r"[1, 2] \cdot [3, 4] = 11",
    r"\text{softmax}([1, 2, 3]) \approx [0.09, 0.24, 0.67]",
    r"\int_0^1 x^2 \, dx = \frac13",
    r"\int_1^e \frac{dx}{x} = 1",
    r"\int_0^\pi \sin x\,dx = 2",
    r"(a+b)^2 = a^2 + 2ab + b^2",
    r"1,5 \times 2 = 3",
    r"3,14 \approx \pi",
    r"\frac{e^2}{e^1+e^2+e^3} \approx 0.245",
    r"P(X > 3) = 1 - 0.3 = 0.7",
    r"1 = \sin^2 x + \cos^2 x",
]
REFUTED = [
    (
        r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} \begin{pmatrix} 1 \\ 1 \end{pmatrix} = (3, 8)",
        "[✓, 7]",
    ),
    (r"[1, 2] \cdot [3, 4] = 10", "11"),
    (r"10^{-8} = 0.0000001", ""),
    (r"10^3 = 100", ""),
    (r"f(x) = x^2 + 1, f(2) = 6", "5"),
    (r"\int_0^1 x^2 \, dx = \frac12", ""),
    (r"1.01^{365} = 38.78", "37.78"),
    (r"0.25^{20} \approx 10^{-9}", "9.1 × 10^-13"),
    (r"1,5 \times 2 = 4", ""),
    (r"P(X > 3) = 1.5", ""),
    (r"\Pr(A \mid B) = 120\%", ""),
    (r"\sigma'(z) = 0.3", ""),
    (r"1.5^{149} \approx 3.7 \times 10^{26}", "1.7 × 10^26"),
    (r"\frac{10}{4} = 2.6", "2.5"),
    (r"7 \times 8 = 54", "56"),
    ("2 + 2 = 5", "4"),
    (r"\log(0.75) \approx 0.415", "-0.288"),
    (r"\sqrt{2} + 1 = 2.54", "2.41"),
    (r"\pi + 1 < 4", ""),
    (r"\frac{d}{dx}(\sin x)= -\cos x", ""),
    (r"\frac{d}{dx} x^3 = 3x^3", ""),
    (r"\frac{d}{dx}\tan hx=\sec hx", ""),
    (r"\sigma'(z) = \sigma(z)(1+\sigma(z))", ""),
    (r"\sigma'(a_j) = a_j(1-a_j)", "s = σ(a_j) in the place of a_j"),
    (r"\sigma'(a) = 1 - a^2", "σ = tanh and s = tanh(a) in the place of a"),
    (r"\text{sech}^{2}x-\tanh^{2}x=1", ""),
    (r"1+\cos^{2}\theta = \csc^{2}\theta", ""),
    (r"\tanh(x) = 2\sigma(x) - 1", ""),
    (r"\int x^2 \, dx = x^3 + C", ""),
    (r"|\sigma'(z)| < 1/4", "≤ 1/4"),
    (r"[e^{-1}, e^{-0.5}] = [0.9, 0.61]", "[0.4, ✓]"),
]
NOTED = [
    (r"e = 2.71", "truncated"),
    (r"\sqrt{501} \approx 22.3", "truncated"),
    (r"\sqrt{3} \approx 1.8", "off in the last digit"),
    (r"10^{-4.9} = 10^{-5}", "the order of magnitude"),
    (r"\frac{22}{7} \approx \pi", "off by"),
    (r"\frac{1}{0.333} = 3", "rounded"),
    (r"\frac{d}{dx}(\sec^{-1}x)= \frac{1}{x\sqrt{x^{2}-1}}", "a part of the domain"),
    (r"\frac{d}{dx}|x| = 1", "a part of the domain"),
    (r"z_1 = x^2 + y_2", "is y^2 meant"),
]
LEFT_ALONE = [
    r"\pi \leq 1",
    r"2 \sqrt{2} \text{erf}^{-1}(\frac{1}{2}) \approx 1.349",
    r"2 + 2 = 5?",
    r"10^3 = 1",
    r"\int\frac{2(0.25) = 2",
    r"\int\frac{",
    r"P(A) = 0.3, P(B) = 0.4",
    r"f(x) = c, f(2) = 5",
    r"10_2 = 3",
    r"q = a + bi + dk",
    r"\|A\| \|B\| = 3",
    r"[x_1, x_2, ..., x_n] = 3",
    r"x = \pm 2 = 3",
    r"W^* = 3",
    r"\nabla f = 2, \nabla g = 3",
    r"\tanh(\infty) - \tanh(-\infty) = 3",
    r"\max_x f(x) = 3",
    r"p(y | x) = 0.3, p(z | x) = 0.4",
    r"f(x) = \begin{cases} 1 & x > 0 \\ 0 & x \leq 0 \end{cases} = 3",
    r"x \in \{1, 2, 3\} = 4",
    r"\sum_i p_i = 2",
    r"\Phi(1.96) = 0.3",
    r"\pi = 0.3",
    r"\pi \leq 1",
    r"\sigma(6) = 12",
    r"2 \sqrt{2}\, \text{erf}^{-1}(\frac12) \approx 1.349",
    r"17 \equiv 5 \pmod{12}",
    r"P(t) = 1.2",
    r"P(2) = 5",
    r"(a+b)^2 = a^2 + b^2",
    r"[1, 2] [3, 4] = [3, 8]",
    r"x = 1,2,3",
    r"\int_{-1}^1 \frac{1}{x} dx = 3",
    r"W = W - \eta \frac{\partial L}{\partial W}",
    r"x^2 = 2x + 3",
    r"\cos x = x",
    r"\sin x = \cos x",
    r"\sin x + \cos x = 1",
    r"f(x) = \sin x",
    r"\sigma(z) = \max(0, z)",
    r"(a-y)\sigma'(z) x = a \sigma'(z)",
    r"\frac{\partial L}{\partial e}=2e",
    r"L = e^2 = 2^2 = 4",
    r"2e = 4",
    r"e^{i\pi} = \cos\pi + i\sin\pi",
    r"e^{x} = 1+x+\frac{x^{2}}{2!}\dots",
    r"p = 0.05",
    r"\|W\| \leq 2",
    r"\sigma(z) > 0.5",
    r"|\sigma'(z)| < 0.1",
    r"P(A) = 0.3",
    r"f'(x) = 3x",
    r"-0.91\ \to\ 0.1814",
    r"O(n^2) = 3",
    r"a_n = 2^n",
    r"9^{9^{9^9}} = 3",
    r"7 \equiv 1 \pmod 3",
    r"1/0 = 3",
]


@pytest.mark.parametrize("text", CONFIRMED)
def test_confirmed(text):
    found = words(text)
    assert Word.CONFIRMED in found
    assert not any(w.flags for w in found)


@pytest.mark.parametrize(("text", "value"), REFUTED)
def test_refuted_with_the_right_value(text, value):
    flagged = [f for f in findings(Passage(text, PLACE)) if f.word.flags]
    assert [f.value for f in flagged] == [value] or (not value and len(flagged) == 1)


@pytest.mark.parametrize(("text", "reason"), NOTED)
def test_noted(text, reason):
    found = list(findings(Passage(text, PLACE)))
    assert any(f.word is Word.NOTE and reason in f.reason for f in found)
    assert not any(f.word.flags for f in found)


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_left_alone(text):
    assert set(words(text)) <= {Word.UNCHECKED, Word.CONFIRMED, Word.DEFINITION}


def test_the_reading_is_told():
    [found] = findings(Passage(r"\log(100) = 2", PLACE))
    assert found.reading == "log to base 10"


@pytest.mark.parametrize(
    ("before", "word"),
    [
        ("A common mistake is ", Word.UNCHECKED),
        ("Which of these is true: ", Word.UNCHECKED),
        ("It is false that ", Word.UNCHECKED),
        ("The first sentence is wrong. Therefore ", Word.REFUTED),
        ("We get ", Word.REFUTED),
    ],
)
def test_what_the_text_itself_calls_wrong_is_left_alone(before, word):
    assert words(r"2 + 2 = 5", before=before) == [word]


@pytest.mark.parametrize(
    ("text", "after", "word"),
    [
        (r"0.9^{10} \approx 35", "% of the signal is left", Word.CONFIRMED),
        (r"0.9^{10} \approx 35", "percent", Word.CONFIRMED),
        (r"0.9^{10} \approx 45", "% of the signal is left", Word.REFUTED),
        (r"784 \cdot 30 \approx 23.5", "thousand weights", Word.CONFIRMED),
        (r"784 \cdot 30 \approx 33.5", "thousand weights", Word.REFUTED),
        (r"1000 \cdot 1000 = 1", "million", Word.CONFIRMED),
        (r"1000 \cdot 1000 = 1", "billion", Word.REFUTED),
        (r"4 \cdot 3000000 = 12", "M parameters", Word.CONFIRMED),
        (r"2^{20} = 1", "MB", Word.CONFIRMED),
        (r"250000 \cdot 4 = 1", "MB", Word.CONFIRMED),
        (r"250000 \cdot 9 = 1", "MB", Word.REFUTED),
        (r"0.001 \cdot 5 = 5", "ms", Word.CONFIRMED),
        (r"2 + 2 = 5", "apples", Word.REFUTED),
        (r"2 + 2 = 4", "million", Word.CONFIRMED),
    ],
)
def test_the_word_behind_a_number_may_scale_it(text, after, word):
    assert words(text, after=after) == [word]


@pytest.mark.parametrize(("before", "word"), [("Solve ", Word.UNCHECKED), ("So ", Word.REFUTED)])
def test_a_condition_is_no_identity(before, word):
    assert words(r"\text{sech}^{2}x-\tanh^{2}x=1", before=before) == [word]


def test_what_is_marked_to_be_left_alone_is_not_read():
    assert words("2 + 2 = 5", mark="skip") == []


def test_the_place_is_that_of_the_claim():
    [_, second] = findings(Passage("2 + 2 = 4,\n  1 + 1 = 3", PLACE))
    assert (second.place.line, second.place.column, second.claim) == (4, 3, "1 + 1 = 3")
    [first] = findings(Passage("1 + 1 = 3", PLACE))
    assert (first.place.line, first.place.column) == (3, 5)


@given(st.floats(0.01, 99, allow_nan=False).map(lambda x: round(x, 3)), st.integers(2, 12), st.integers(1, 6))
def test_a_power_rounded_as_it_should_be_is_never_refuted_and_one_that_is_far_off_always(base, n, digits):
    from symgrad.numbers.magnitude.power import power

    right = power(str(base), n).to(digits)
    mantissa, _, exponent = right.partition("e")
    shown = f"{mantissa} \\times 10^{{{exponent}}}" if exponent else mantissa
    assert not any(w.flags for w in words(f"{base}^{{{n}}} \\approx {shown}"))
    assert words(f"{base}^{{{n}}} \\approx 3 \\times {shown}")[0] is Word.REFUTED
