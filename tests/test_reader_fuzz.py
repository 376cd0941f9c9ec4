"""The reader under fuzz: whatever the text, either a model or a SymgradError, in bounded memory."""

import tracemalloc

import pytest
from campaign import campaign
from hypothesis import strategies as st

import symgrad as sg


def said(question, *arguments):
    """Return what an error says, or "fine"; an exception of another kind goes through."""
    try:
        question(*arguments)
    except sg.SymgradError as error:
        return str(error)
    return "fine"


def read(text):
    """Read a text; where it is a model, ask for derivatives too."""
    model = sg.parse(text)
    last = model.equations[-1].target
    for q in model.parameters[:2]:
        str(model.derivative(str(last), str(q)))


def ask(name, of, wrt):
    """Ask a built-in model for a derivative."""
    str(sg.model(name).derivative(of, wrt))


def replace_by(form):
    """Replace a parameter of a built-in model by a form."""
    str(sg.model("deep_linear").let(form).derivative("C", "a[0]"))


@campaign(100, 5000, st.text())
def test_any_text(text):
    assert said(read, text)


SIGNS = st.text(alphabet="ab[]()=+-*/^@.,:#\n 0123456789_jLλéσT'\"\\\t\x00\x0c\u2028")


@campaign(100, 5000, SIGNS)
def test_any_text_of_the_signs_of_equations(text):
    assert said(read, text)


NAMES = st.sampled_from(
    ["a", "b", "W", "x", "C", "lambda", "λ", "I", "T", "e", "é", "__x__", "if", "None", "print", "sum"]
)
INDICES = st.sampled_from(["", "[j]", "[j-1]", "[j-2]", "[j+1]", "[L]", "[0]", "[-1]", "[3]", "[j*2]", "[x,y]", "[:]"])
QUANTITIES = st.builds("{}{}".format, NAMES, INDICES)
NUMERALS = st.sampled_from(["0", "1", "1.5", "9**9**9", "1e999", "1e99999", "0.1e-7", "1j", "07", "1__0", "0x1"])
OPERATORS = st.sampled_from(["+", "-", "*", "/", "**", "^", "@", "//", "<", " and ", " if ", "=", ":=", ","])
CALLS = st.sampled_from(["sigma", "tanh", "cost", "loss", "softmax", "sum", "eval", "sqrt", "quadratic", "lambda"])
EXPRESSIONS = st.recursive(
    QUANTITIES | NUMERALS,
    lambda e: (
        st.builds("{}{}{}".format, e, OPERATORS, e)
        | st.builds("({})".format, e)
        | st.builds("-{}".format, e)
        | st.builds("{}({})".format, CALLS, e)
        | st.builds("{}({}, {})".format, CALLS, e, e)
        | st.builds("{}.T".format, e)
    ),
    max_leaves=12,
)
DECLARATIONS = st.builds(
    "{}: {}".format,
    QUANTITIES,
    st.sampled_from(
        ["(d,)", "(d, d)", "(n[j], n[j-1])", "(2, 3)", "()", "tanh", "elementwise", "(d, d, d)", "3", "f(1)"]
    ),
)
EQUATIONS = st.builds("{} = {}".format, QUANTITIES, EXPRESSIONS)


@campaign(300, 10_000, st.lists(EQUATIONS | DECLARATIONS, max_size=6).map("\n".join))
def test_any_text_with_the_shape_of_equations(text):
    assert said(read, text)


@st.composite
def mutated_builtins(draw):
    """Draw the text of a built-in model with one to four small changes."""
    text = sg.model(draw(st.sampled_from(sg.models()))).text
    for _ in range(draw(st.integers(1, 4))):
        lines = text.split("\n")
        where, at = draw(st.integers(0, len(text) - 1)), draw(st.integers(0, len(lines) - 1))
        piece = draw(NAMES | INDICES | OPERATORS | NUMERALS)
        text = draw(
            st.sampled_from(
                (
                    text[:where] + text[where + 1 :],
                    text[:where] + piece + text[where:],
                    text[:where] + piece + text[where + 1 :],
                    "\n".join(lines[:at] + lines[at + 1 :]) or "a",
                    "\n".join([*lines, lines[at]]),
                    "\n".join(lines[at:] + lines[:at]),
                )
            )
        )
    return text


@campaign(12, 5000, mutated_builtins())
def test_mutated_builtin_models(text):
    assert said(read, text)


ASKED = st.text(max_size=12) | QUANTITIES


@campaign(200, 5000, st.sampled_from(["chain", "rnn"]), ASKED, ASKED)
def test_any_question(name, of, wrt):
    assert said(ask, name, of, wrt)


@campaign(100, 5000, st.text(max_size=20) | st.builds("{} = {}".format, QUANTITIES, EXPRESSIONS))
def test_any_form(form):
    assert said(replace_by, form)


@campaign(100, 5000, st.text(max_size=20) | CALLS | st.builds("{}({})".format, CALLS, NUMERALS))
def test_any_activation(record):
    assert said(sg.model("chain").bind, record)


NASTY = {
    "parentheses": "a = " + "(" * 900 + "b" + ")" * 900,
    "brackets": "a = " + "b[" * 900 + "]" * 900,
    "signs": "a = " + "-" * 1900 + "b",
    "powers": "a = " + "**".join(["b"] * 600),
    "sums": "a = " + "+".join(["b"] * 900),
    "calls": "a = " + "tanh(" * 300 + "b" + ")" * 300,
    "transposes": "a = b" + ".T" * 900,
    "tower": "C = 9**9**9**9**9*x",
    "digits": "C = " + "9" * 1900 + "*x",
    "exponent": "C = x + 1e999999",
    "negative exponent": "C = x + 1e-999999",
    "a long line": "a = b + " + "b*" * 100_000 + "b",
    "a long text": "a = b\n" * 100_000,
    "many equations": "\n".join(f"a_{i}[j] = a_{i}[j-1]" for i in range(2_000)),
    "a long ladder": "\n".join(f"a_{i} = a_{i + 1} + a_{i + 1}" for i in range(1_000)),
    "a long cycle": "\n".join(f"a_{i} = a_{(i + 1) % 1_000}" for i in range(1_000)),
    "shapes": "\n".join(f"W_{i}: (d_{i}, d_{i + 1})" for i in range(3_000)),
    "a large dimension": "x: (10000000000,)\na = sum(x)",
    "a long name": "a = " + "b" * 1_900,
    "no characters": "\x00" * 5_000,
}


@pytest.mark.parametrize("name", NASTY)
def test_nasty_texts_end_in_bounded_memory(name):
    tracemalloc.start()
    try:
        assert said(sg.parse, NASTY[name])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100_000_000
