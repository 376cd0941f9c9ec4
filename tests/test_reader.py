"""The reader: tables of (text, structure), of (bad text, message with its place), and of bad questions."""

from fractions import Fraction

import numpy as np
import pytest

import symgrad as sg
from symgrad.algebra.expression import Number, Quantity
from symgrad.algebra.shape import show
from symgrad.errors import IndexRangeError, ModelError, ReadError, ShapeError, UnknownName, ValuesError
from symgrad.evidence.draw import Draw
from symgrad.network.domain import met

# --- text -> structure ---


def structure(text):
    """The openings, steps, closings and parameters of a model, as text."""
    model = sg.parse(text)
    groups = (model.openings, model.steps, model.closings)
    return (*(" ".join(str(e.target) for e in group) for group in groups), " ".join(map(str, model.parameters)))


STRUCTURES = [
    ("z[j] = w[j]*a[j-1] + b[j]\na[j] = sigma(z[j])", ("", "z[j] a[j]", "", "w[j] b[j] a[0]")),
    ("a[j] = sigma(z[j])\nz[j] = w[j]*a[j-1]", ("", "z[j] a[j]", "", "w[j] a[0]")),
    ("a[j] = w*a[j-1]\nC = cost(a[L], y)", ("", "a[j]", "C", "w y a[0]")),
    ("a[j] = a[j-1] + a[j-3]", ("", "a[j]", "", "a[0] a[-1] a[-2]")),
    ("a[0] = tanh(v)\na[j] = w*a[j-1]", ("a[0]", "a[j]", "", "v w")),
    ("K = A*B\na[j] = K*a[j-1]\nC = cost(a[L], K)\nD = 2*C", ("K", "a[j]", "C D", "A B a[0]")),
    ("D = 2*C\nC = loss(a[T])\na[i] = a[i-1]", ("", "a[i]", "C D", "a[0]")),
    ("a[j] = c[j-1]\nc[m] = a[m]*w[m-1]", ("", "a[j] c[j]", "", "w[j] c[0]")),
    ("C = cost(x*w, y)", ("C", "", "", "x w y")),
    ("h[t] = sigma(W*h[t-1] + x[t-1])", ("", "h[t]", "", "W x[t] h[0]")),
    ("σ_1 = α  # Greek\n\n  # a comment\nβ = σ_1", ("sigma_1 beta", "", "", "alpha")),
    ("\ufeffa[j] = a[j-1]\r\nC = loss(a[L])\r", ("", "a[j]", "C", "a[0]")),
    ("C = lambda*x", ("C", "", "", "lambda x")),
]


@pytest.mark.parametrize(("text", "expected"), STRUCTURES)
def test_structure(text, expected):
    assert structure(text) == expected


NUMBERS = [
    ("1.5", Fraction(3, 2)),
    ("0.1", Fraction(1, 10)),
    (".25", Fraction(1, 4)),
    ("1_000", Fraction(1000)),
    ("1e-3", Fraction(1, 1000)),
    ("2/3", Fraction(2, 3)),
    ("-7", Fraction(-7)),
    ("+7", Fraction(7)),
    ("12345678901234567890.1", Fraction(123456789012345678901, 10)),
]


@pytest.mark.parametrize(("text", "expected"), NUMBERS)
@pytest.mark.parametrize("before", ["", "λ*", "lambda*lambda*", "é*x^2*", "\t  σ*"])
def test_a_number_is_exact_wherever_it_stands(text, expected, before):
    value = sg.parse(f"C = {before}({text})").openings[0].value
    assert (value.arguments[-1] if before else value) == Number(expected)


SAME = [
    ("C = x^2", "C = x**2"),
    ("C = σ(δ)", "C = sigma(delta)"),
    ("a[l] = λ*a[l-1]", "a[l] = lambda*a[l-1]"),
    ("C = ((x)) + (y)", "C = x + y"),
    ("  C   =  x*y   # product", "C = x*y"),
    ("C = -x**2", "C = -(x**2)"),
    ("C = 2**-1*x", "C = (2**(-1))*x"),
]


@pytest.mark.parametrize(("text", "other"), SAME)
def test_two_spellings_of_one_equation(text, other):
    assert [(e.target, e.value) for e in sg.parse(text).equations] == [
        (e.target, e.value) for e in sg.parse(other).equations
    ]


SHAPES = [
    ("W: (d, n)\nx: (n,)\nz = W@x", "z", "(d,)"),
    ("W: (d, n)\nx: (d,)\nz = x@W", "z", "(n,)"),
    ("W: (d, n)\nz = W.T@W", "z", "(n, n)"),
    ("x: (3,)\ny: (3,)\nz = x@y", "z", "scalar"),
    ("x: (3,)\nz = 2*x + 1", "z", "(3,)"),
    ("x: (3,)\nz = sum(x) * softmax(x)", "z", "(3,)"),
    ("W: (d, d)\ns[0]: (d,)\ns[j] = sigma(W@s[j-1])", "s[4]", "(d,)"),
    ("W[l]: (n[l], n[l-1])\na[0]: (n[0],)\na[l] = W[l]@a[l-1]", "a[3]", "(n[3],)"),
    ("W[l]: (n[l], n[l-1])\na[0]: (n[0],)\na[l] = W[l]@a[l-1]", "W[3]", "(n[3], n[2])"),
    ("W: (d, d)\nM[0]: (d, d)\nM[j] = W@M[j-1]\nC = sum(M[L])", "M[2]", "(d, d)"),
    ("x[j]: (2,)\na[j] = x[j] + a[j-1]", "a[1]", "(2,)"),
]


@pytest.mark.parametrize(("text", "name", "expected"), SHAPES)
def test_shapes_are_inferred(text, name, expected):
    base, _, index = name.rstrip("]").partition("[")
    assert show(sg.parse(text).shape(Quantity(base, int(index) if index else None))) == expected


# --- bad text -> message: what is wrong, and the line, the column and the character that the caret shows ---

BAD = [
    # syntax
    ("z[j] = w[j]*a[j-1", ReadError, "'[' was never closed", 1, "["),
    ("a = b\nz[j] = w[j]*a[j-1] +", ReadError, "invalid syntax", 2, ""),
    ("a: (d", ReadError, "'(' was never closed", 1, "("),
    ("z[j] = * w", ReadError, "cannot stand in an equation", 1, "*"),
    ("a = b; c = d", ReadError, "more than one statement", 1, "a"),
    ("a = b = c", ReadError, "neither an equation nor a declaration", 1, "a"),
    ("a += b", ReadError, "neither an equation nor a declaration", 1, "a"),
    ("import os", ReadError, "neither an equation nor a declaration", 1, "i"),
    ("a, b = c", ReadError, "the left side is not a quantity", 1, "a"),
    ("a = b + c.real", ReadError, "cannot stand in an equation", 1, "c"),
    ("a = b + [1]", ReadError, "cannot stand in an equation", 1, "["),
    ("a = b == c", ReadError, "this condition is not known", 1, "b"),
    ("a = b + f'{c}'", ReadError, "cannot stand in an equation", 1, "f"),
    ("a = 2 + (b//c)", ReadError, "operator", 1, "b"),
    ("a = b + 'c'", ReadError, "is not a number", 1, "'"),
    ("a = b + True", ReadError, "True is not a number", 1, "T"),
    ("a = b + 0x10", ReadError, "0x10 is not a number", 1, "0"),
    ("a = b + 1j", ReadError, "1j is not a number", 1, "1"),
    ("λ = é + 2*b[1][0]", ReadError, "there is no entry 0", 1, "0"),
    ("a = b[1.5]", ReadError, "not an index", 1, "1"),
    ("a = λ*λ + b[j*j]", ReadError, "is no index", 1, "j*j"),
    ("a = b + x**1001", ReadError, "exponent is above 1,000", 1, "x"),
    ("a = b + 1e9999", ReadError, "too many digits", 1, "1"),
    ("a = b + c/0", ReadError, "division by zero", 1, "c"),
    ("", ReadError, "there is no equation", None, ""),
    ("# nothing", ReadError, "there is no equation", None, ""),
    # names and functions
    ("a = b\nc = 2*sgima(a)", ReadError, "unknown function 'sgima'", 2, "s"),
    ("lambda_1 = lambda*foo(x)", ReadError, "unknown function 'foo'", 1, "f"),
    ("a = __import__(x)", ReadError, "unknown function '__import__'", 1, "_"),
    ("a = b + tanh(c, d)", ReadError, "tanh takes 1 argument, not 2", 1, "t"),
    ("a = b + cost()", ReadError, "called without an argument", 1, "c"),
    ("sigma: tahn\na = sigma(b)", ReadError, "unknown activation 'tahn'", 1, "t"),
    ("f:   leaky_relu(1, 2)\na = f(b)", ReadError, "2 values were given", 1, " "),
    ("f: leaky_relu(x*w)\na = f(b)", ReadError, "has one letter, not x, w", 1, "l"),
    # shapes
    ("W: (d, d)\nx: (n,)\ny = 2*(W@x)", ShapeError, "(d, d) and (n,)", 3, "W"),
    ("x: (d,)\ny: (n,)\nz = 1 + x*y", ShapeError, "shapes (d,) and (n,)", 3, "x"),
    ("z = 1 + x@y", ShapeError, "'@' needs vectors or matrices", 1, "x"),
    ("x: (2,)\ny: (3,)\nC = 2*quadratic(x, y)", ShapeError, "(2,) and (3,)", 3, "q"),
    ("C = 1 + softmax(a)", ShapeError, "softmax needs a vector", 1, "s"),
    ("a: (d,)\na = b", ShapeError, "a has two shapes: (d,) (declared in line 1) and scalar", 2, "a"),
    ("a: (d,)\na: (n,)\nC = sum(a)", ReadError, "the shape of a is declared twice", 2, "a"),
    ("a: (0,)\nC = sum(a)", ReadError, "a dimension of 0 is out of range", 1, "0"),
    ("a: d\nb = a", ReadError, "unknown activation or loss 'd'", 1, "d"),
    ("n: 3\nb = a", ReadError, "a shape needs parentheses", 1, "3"),
    # assumptions
    ("a: positive\na = b", ReadError, "a is defined by an equation, and positive is assumed of it", 1, "a"),
    ("b: positive\nc = a", ReadError, "unknown parameter 'b'", 1, "b"),
    ("c = a\na: simplex", ReadError, "a is a number, and simplex is said of a vector, or of the rows", 2, "a"),
    ("a: (l, m, n)\na: simplex\nc = sum(a)", ReadError, "a is a (l, m, n), and simplex is said of a vector", 2, "a"),
    ("a: (2,)\na: simplex\na: simplex\nc = sum(a)", ReadError, "simplex and simplex are assumed of a together", 2, "a"),
    ("a: (2,) simplex\nc = sum(a)", ReadError, "two declarations on a line", 1, "s"),
    # the graph
    ("a[j] = a[j-1]\na[j] = b[j]", ReadError, "a[j] is defined twice: here and in line 1", 2, "a"),
    ("C = x\nC = y", ReadError, "C is defined twice: here and in line 1", 2, "C"),
    ("a[0] = 1\na[0] = 2\na[j] = a[j-1]", ReadError, "a[0] is defined twice", 2, "a"),
    ("a[j] = b[j]\nb[j] = a[j]", ReadError, "run in a circle: a[j] -> b[j] -> a[j]", 1, "a"),
    ("a[j] = a[j]", ReadError, "run in a circle: a[j] -> a[j]", 1, "a"),
    ("K = M\nM = 2*K", ReadError, "run in a circle: K -> M -> K", 1, "K"),
    ("a[j] = a[j-1] + a[j+1]", ReadError, "run in a circle: a[2] -> a[3] -> a[2]", 1, "a"),
    ("a[j] = w*a", ReadError, "a is read with an index and without one", 1, "a"),
    ("a[j] = a[j-1]\nC = 2 + cost(a)", ReadError, "a is read with an index and without one", 2, "a"),
    ("a[j] = a[j-1] + x[i]", ReadError, "the index i of x[i] is not that of the step, j", 1, "x"),
    ("a[j-1] = a[j]", ReadError, "the left side is a[j-1]", 1, "a"),
    ("a[3] = 1", ReadError, "a[3] is one layer", 1, "a"),
    ("a[j] = w*a[3]", ReadError, "reads the fixed layer a[3]", 1, "a"),
    ("a[j] = w*a[j-11]", ReadError, "a[j-11] reaches too far", 1, "a"),
    ("a[j] = a[j-1]\nC = w + a[L+1]", ReadError, "a[L+1] lies beyond the last layer", 2, "a"),
    ("a[j] = a[j-1]\nC = cost(a[L], b[T])", ReadError, "two depths, L and T", 2, "C"),
    ("L: (d,)\na[j] = a[j-1]*L\nC = cost(a[L])", ReadError, "L is an index, or the end of its range", 1, "L"),
    ("a[j] = a[j-1]\na[0] = a[L]", ReadError, "run in a circle: a[0] -> a[3]", 2, "a"),
]


@pytest.mark.parametrize(("text", "kind", "what", "line", "marked"), BAD)
def test_bad_text_is_diagnosed_with_its_place(text, kind, what, line, marked):
    with pytest.raises(kind) as caught:
        sg.parse(text, name="net.eq")
    error = caught.value
    assert what in str(error)
    assert error.todo
    if line is not None:
        shown = error.where.split("\n")
        assert shown[0].startswith(f"net.eq, line {line}, column ")
        column = int(shown[0].rsplit(" ", 1)[1]) - 1
        written, caret = shown[1], shown[2]
        assert written.strip() == text.split("\n")[line - 1].strip()
        indent = len(written) - len(text.split("\n")[line - 1])
        assert caret == " " * (indent + column) + "^"
        assert (written + " ")[len(caret) - 1 :].startswith(marked)


def test_of_a_long_line_only_the_place_is_shown():
    with pytest.raises(ReadError) as caught:
        sg.parse(f"a = {'x' * 700} + sgima(x) + {'x' * 700}")
    _, shown, caret = caught.value.where.split("\n")
    assert len(shown) < 250
    assert shown[len(caret) - 1 :].startswith("sgima(x)")


def test_of_many_known_names_some_are_listed():
    model = sg.parse("\n".join(f"a{i} = x*y" for i in range(1_000)))
    with pytest.raises(UnknownName, match=r"did you mean 'a77'.*\?$"):
        model.derivative("a_77", "x")
    with pytest.raises(UnknownName, match=r"Known: a0, a1, a10, .* and 990 more$") as caught:
        model.derivative("Schmidhuber", "x")
    assert len(str(caught.value)) < 200


def test_unknown_names_come_with_the_nearest_known():
    with pytest.raises(ReadError, match="did you mean 'sigma'"):
        sg.parse("a = sgima(b)")
    with pytest.raises(UnknownName, match="did you mean 'rnn'"):
        sg.model("rrn")


def test_a_shape_mismatch_names_both_sources():
    with pytest.raises(ShapeError) as caught:
        sg.parse("W: (d, d)\nx: (n,)\nu = 2*x\ny = W@u")
    assert "W is (d, d) (declared in line 1)" in str(caught.value)
    assert "u is (n,) (from the equation in line 3)" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("a[j] = w*a[j-1]", "L"),
        ("a[j] = L*a[j-1]", "T"),
        ("a[L] = T*N*a[L-1]", "L1"),
        ("L = K\na[j] = L*a[j-1]", "T"),
        ("a[j] = a[j-1]\nL = loss(a[L])\nE = 2*L", "L"),
    ],
)
def test_the_depth_has_a_letter_of_its_own(text, symbol):
    assert sg.parse(text).depth_symbol == symbol


# --- what is assumed of parameters ---

ASSUMED = [
    ("x: positive\nC = x", "x", "positive"),
    ("y: (n,)\ny: simplex\nC = sum(y)", "y", "simplex"),
    ("y: simplex\ny: integer\ny: (n,)\nC = sum(y)", "y", "one-hot"),
    ("n: integer\nn: positive\nC = n", "n", "positive integer"),
    ("y[k]: (n,)\ny[k]: simplex\na[0]: (n,)\na[j] = a[j-1] + y[j]\nC = sum(a[L])", "y[3]", "simplex"),
    ("a[0]: positive\na[j] = w*log(a[j-1])\nC = a[L]", "a[0]", "positive"),
]


@pytest.mark.parametrize(("text", "name", "expected"), ASSUMED)
def test_values_are_drawn_as_it_is_assumed(text, name, expected):
    network = sg.parse(text)
    base, _, index = name.rstrip("]").partition("[")
    q = Quantity(base, int(index) if index else None)
    domain = met(network.domains(q))
    assert domain.name == expected
    for seed in range(20):
        for positive in (False, True):
            drawn = Draw(network, 3, seed, positive).exact[q.name, q.index]
            assert domain.holds([Fraction(x) for x in np.ravel(drawn)], Fraction(0))


@pytest.mark.parametrize("given", [["0.5", "0.5"], [0.1, 0.9], np.array([0.3, 0.7]), [1, 0]])
def test_values_that_are_as_assumed_are_taken(given):
    form = sg.parse("y: (n,)\ny: simplex\nC = sum(y)").derivative("C", "y")
    assert form.evaluate({"y": given}).tolist() == [1, 1]


@pytest.mark.parametrize("given", [["0.5", "0.6"], [0.1, 0.8], [2, -1], [0.5, 0.5000001]])
def test_values_that_are_not_as_assumed_are_refused(given):
    form = sg.parse("y: (n,)\ny: simplex\nC = sum(y)").derivative("C", "y")
    with pytest.raises(ValuesError, match="y is declared simplex"):
        form.evaluate({"y": given})


# --- bad questions ---

LAGGED = "a[j] = w[j]*a[j-1] + v[j-1]*a[j-2]\nC = cost(a[L], y)"
QUESTIONS = [
    ("chain", "C", "q", None, UnknownName, "unknown quantity 'q'"),
    ("chain", "Q", "b[1]", None, UnknownName, "unknown quantity 'Q'"),
    ("chain", "C", "b", None, ModelError, "b carries an index"),
    ("rnn", "E", "W[1]", None, ModelError, "W carries no index"),
    ("chain", "C", "b[0]", None, IndexRangeError, "the index of b runs from 1 to L"),
    ("chain", "C", "b[-3]", None, IndexRangeError, "the index of b runs from 1 to L"),
    ("chain", "C", "b[5]", 4, IndexRangeError, "the index of b runs from 1 to 4"),
    ("chain", "a[5]", "b[1]", 4, IndexRangeError, "the index of a runs from 1 to 4"),
    ("chain", "C", "a[-1]", 4, IndexRangeError, "a[-1] does not exist"),
    ("chain", "C", "b[L+1]", None, IndexRangeError, "lies beyond the last layer"),
    (LAGGED, "C", "v[-1]", 4, IndexRangeError, "the index of v runs from 0 to 3"),
    (LAGGED, "C", "v[4]", 4, IndexRangeError, "the index of v runs from 0 to 3"),
    ("chain", "C", "b[1]", 0, IndexRangeError, "the depth is 0"),
    ("chain", "C", "b[1]", -2, IndexRangeError, "the depth is -2"),
    ("chain", "C", "b[1]", 2.5, IndexRangeError, "the depth is 2.5"),
    ("chain", "C", "b[1]", True, IndexRangeError, "the depth is True"),
    ("chain", "C", "b[1]", "4", IndexRangeError, "the depth is '4'"),
    ("chain", "C", "b[1]", 10**9, IndexRangeError, "too large to write out"),
    ("chain", "C", "b[1", None, ReadError, "never closed"),
    ("chain", "C", "b[1] + 2", None, ReadError, "is not a quantity"),
    ("chain", "C", "b[1]; x", None, ReadError, "is not a quantity"),
    ("chain", "C", "", None, ReadError, "is not a quantity"),
    ("a[j] = tanh(w*a[j-1])\nC = a[L]", "C", "a[w]", None, ModelError, "w is a quantity of this model"),
]


@pytest.mark.parametrize(("name", "of", "wrt", "depth", "kind", "what"), QUESTIONS)
def test_bad_questions(name, of, wrt, depth, kind, what):
    model = sg.parse(name) if "=" in name else sg.model(name)
    with pytest.raises(kind) as caught:
        model.derivative(of, wrt, depth=depth)
    assert what in str(caught.value)
    assert caught.value.todo


ZEROS = [
    ("chain", "a[2]", "b[3]", None, "b[3] comes after a[2]"),
    ("chain", "a[k]", "b[k+1]", None, "b[k+1] comes after a[k]"),
    ("chain", "b[1]", "C", None, "no path of the graph leads from C to b[1]"),
    ("a[j] = w*a[j-1]\nC = loss(a[L])\nD = 2*v", "D", "w", None, "no path of the graph leads from w to D"),
    ("a[j] = w*a[j-1]\nC = loss(a[L])\nD = 2*v", "C", "v", 3, "no path of the graph leads from v to C"),
]


@pytest.mark.parametrize(("name", "of", "wrt", "depth", "why"), ZEROS)
def test_what_does_not_depend_has_the_derivative_0_with_a_reason(name, of, wrt, depth, why):
    g = (sg.parse(name) if "=" in name else sg.model(name)).derivative(of, wrt, depth=depth)
    assert str(g) == "0"
    assert why in g.reason
