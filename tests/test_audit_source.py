"""What the readers find in a document, and where; whatever the text, in time linear in it and with places inside."""

import json
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import symgrad as sg
from symgrad.audit.audit import audit_text
from symgrad.audit.source.format import LARGEST, SUFFIXES, read_text
from symgrad.audit.source.passages import passages
from symgrad.audit.words.marks import AuthorMark, Marks

fuzz = settings(derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), max_examples=150)
LANGUAGES = {"md": "notes.md", "tex": "chapter.tex", "rst": "page.rst", "ipynb": "book.ipynb", "txt": "plain.txt"}


def found(text, name="notes.md"):
    return [(p.text.strip(), p.place.line, p.place.column) for p in passages(name, text)]


def texts(text, name="notes.md"):
    return [p.text.strip() for p in passages(name, text)]


MARKDOWN = [
    ("It is $a$ and \\(b\\).", [("a", 1, 8), ("b", 1, 17)]),
    ("a\n\n$$\nx = 1\n$$\n", [("x = 1", 3, 3)]),
    ("\\[ x = 1 \\]", [("x = 1", 1, 3)]),
    ("\\\\(x\\\\) and \\\\[y\\\\]", [("x", 1, 4), ("y", 1, 16)]),
    ("\\begin{align}\na &= b\n\\end{align}", [("a &= b", 1, 14)]),
    ("It costs $5 or $6, and \\$7 at most.", []),
    ("$5 and $10 and $x$", [("x", 1, 17)]),
    ("$ \\sigma $ and $ 5 and $ 6", [("\\sigma", 1, 2)]),
    ("an open $x\n\nparagraph $", []),
    ("\\[ a = b\n\nwords $c$", [("a = b", 1, 3), ("c", 3, 8)]),
    ("\\[ a = b $$.\n\nwords $c$", [("a = b", 1, 3), ("c", 3, 8)]),
    ("$$\na\n\nb\n$$\n", [("a\n\nb", 1, 3)]),
    ("`$a$` and ``b $c$``", []),
    ("```\n$a$\n```\n$b$", [("b", 4, 2)]),
    ("~~~python\n$a$\n~~~\n", []),
    ("```{math}\n:label: eq\na = b\n```", [("a = b", 3, 1)]),
    ("```{note}\nsee $a$\n```", [("a", 2, 6)]),
    (":::{tip}\nsee $a$\n:::", [("a", 2, 6)]),
    ("{math}`a = b` is set", [("a = b", 1, 8)]),
    ("> see $a$\n> $$\n> b\n> $$\n", [("a", 1, 8), ("b", 2, 5)]),
    ("- $$\n  a\n  $$\n", [("a", 1, 5)]),
    ("---\ntitle: $a$\n---\n$b$", [("b", 4, 2)]),
    ("<!-- $a$ --> $b$ <!-- open $c$", [("b", 1, 15), ("c", 1, 29)]),
    ("`<!-- symgrad: slip` $a$ `-->` <!-- ` --> $b$ `", [("a", 1, 23), ("b", 1, 44)]),
    ("$\\newcommand{\\R}{\\mathbb{R}}$ $a$", [("a", 1, 32)]),
    ("é $a$\r\n∂ $b$\r$c$", [("a", 1, 4), ("b", 2, 4), ("c", 3, 2)]),
]


@pytest.mark.parametrize(("text", "expected"), MARKDOWN, ids=[t for t, _ in MARKDOWN])
def test_markdown(text, expected):
    assert found(text) == expected


LATEX = [
    ("$a$ % $b$\n\\% $c$", [("a", 1, 2), ("c", 2, 5)]),
    ("It costs \\$5, $ x $", [("x", 1, 16)]),
    ("\\begin{verbatim}\n$a$\n\\end{verbatim}$b$", [("b", 3, 16)]),
    ("\\verb|$a$| $b$ \\verb*+$c$+", [("b", 1, 13)]),
    ("\\begin{equation*}\na\n\\end{equation*}", [("a", 1, 18)]),
    ("\\begin{align}\na &= b \\\\\n&= c % $d$\n\\end{align}", [("a &= b \\\\\n&= c", 1, 14)]),
    ("\\newcommand{\\x}{$a$}\n\\begin{document}\n$b$\n\\end{document}", [("b", 3, 2)]),
    ("\\begin{comment}\n$a$\n\\end{comment}", []),
    ("\\begin{verbatim} $a$ is open", [("a", 1, 19)]),
    ("a \\\\[2pt] b \\[ c \\]", [("c", 1, 15)]),
]


@pytest.mark.parametrize(("text", "expected"), LATEX, ids=[t for t, _ in LATEX])
def test_latex(text, expected):
    assert found(text, "a.tex") == expected


RST = [
    ("see :math:`a = b`.", [("a = b", 1, 12)]),
    (".. math:: a = b\n", [("a = b", 1, 11)]),
    (".. math::\n   :label: x\n\n   a = b\n\n   c\n\nwords", [("a = b", 4, 4), ("c", 6, 4)]),
    ("so::\n\n   :math:`a`\n\n:math:`b`", [("b", 5, 8)]),
    ("``:math:`` :math:`b`", [("b", 1, 19)]),
    (".. note:: see :math:`a`\n\n   and :math:`b`", [("a", 1, 22), ("b", 3, 15)]),
    (".. a comment :math:`a`\n   :math:`b`\n", []),
    (".. code-block:: c\n\n   x = :math:`a`\n", []),
]


@pytest.mark.parametrize(("text", "expected"), RST, ids=[t for t, _ in RST])
def test_restructured_text(text, expected):
    assert found(text, "a.rst") == expected


def notebook(*cells):
    return json.dumps({"cells": list(cells)})


def test_notebook_cells_are_named():
    text = notebook(
        {"cell_type": "markdown", "source": ["words\n", "$a$"]},
        {"cell_type": "raw", "source": "$b$"},
        {
            "cell_type": "code",
            "source": "lam = 1.5\nprint(f'{lam**3:.2f}')",
            "outputs": [{"output_type": "stream", "text": ["3.38\n"]}],
        },
        {"cell_type": "code", "source": "lam ** 2", "outputs": [{"data": {"text/plain": ["2.25"]}}]},
    )
    places = [(p.text, str(p.place)) for p in passages("a.ipynb", text)]
    assert places == [
        ("a", "a.ipynb:cell 1:2"),
        ("{1.5}^{3} \\approx 3.38", "a.ipynb:cell 3:3"),
        ("{1.5}^{2} \\approx 2.25", "a.ipynb:cell 4:2"),
    ]


def test_code_of_a_notebook_in_another_language_is_not_read_as_python():
    cells = [
        {"cell_type": "code", "source": ["x = 1/49"], "outputs": []},
        {"cell_type": "code", "source": ["x = 2.0^-60\n", "@show x"], "outputs": []},
        {"cell_type": "code", "source": ["x"], "outputs": [{"output_type": "stream", "text": ["8.67e-19\n"]}]},
    ]
    for language in ("julia", "python"):  # in Python the second cell is no code, and x may be anything behind it
        text = json.dumps({"cells": cells, "metadata": {"kernelspec": {"language": language}}})
        assert [p.text for p in passages("a.ipynb", text)] == []


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"cells": 3}', "[" * 100_000, '{"cells": ['])
def test_what_is_no_notebook_is_told(text):
    with pytest.raises(sg.SymgradError, match="not a notebook"):
        list(passages("a.ipynb", text))


@pytest.mark.parametrize("cell", [3, {}, {"cell_type": "code", "source": 3, "outputs": [None, {"data": [1]}]}])
def test_strange_cells_are_passed_over(cell):
    assert list(passages("a.ipynb", notebook(cell))) == []


TABLE = "| layer | {} | {} |\n|---|:--:|---|\n| 3 | {} | {} |\n"
TABLES = [
    (("size", "calculation", "$\\approx 3.4$", "$1.5^3$"), ["1.5^3 \\approx 3.4"]),
    (("size", "calculation", "$3.375$", "`1.5^3`"), ["1.5^3 = 3.375"]),
    (("formula", "value", "$1.5^3$", "3.375"), ["1.5^3 = 3.375"]),
    (("x", "computed as", "3.375", "\\(1.5^3\\)"), ["1.5^3 = 3.375"]),
    (("size", "calculation", "$[0.5, 0.5]$", "$0.5^1$"), ["0.5^1 = 0.5"]),
    (("size", "calculation", "$[0.5, 0.6]$", "$0.5^1$"), []),
    (("size", "calculation", "large", "$0.5^1$"), []),
    (("size", "colour", "$3.375$", "$1.5^3$"), []),
    (("size", "calculation", "$|-3|$", "$|3|$"), []),
    (("size", "calculation", "$3$", "$|-3|$"), ["|-3| = 3"]),
    (("$n$", "$2^n$", "3", "9"), ["2^{(3)} = 9"]),
    (("$n$", "$2^n$ ms", "3", "9"), []),
    (("$n$", "$2^n$", "3", "large"), []),
    (("$n$", "$2^m$", "3", "9"), []),
    (("n", "m", "3", "9"), []),
]


@pytest.mark.parametrize(("cells", "expected"), TABLES, ids=[" ".join(c) for c, _ in TABLES])
def test_tables_of_a_value_and_its_calculation(cells, expected):
    claims = [t for t in texts(TABLE.format(*cells)) if "=" in t or "approx" in t[2:]]
    assert claims == expected


def test_a_tabular_in_latex():
    text = "\\begin{tabular}{rl}\nValue & Calculation \\\\ \\hline\n$3.4$ & $1.5^3$ \\\\\n\\end{tabular}"
    [claim] = [p for p in passages("a.tex", text) if "=" in p.text]
    assert (claim.text, claim.place.line, claim.place.column) == ("1.5^3 = 3.4", 3, 1)


PLAIN = [
    ("We get 2*3 = 6 weights.", ["2*3 = 6"]),
    ("(3*3*3)*64 = 1,728", ["(3*3*3)*64 = 1,728"]),
    ("224*224*3=150K", ["224*224*3=150K"]),
    ("so x = 2 + 3 = 5", ["2 + 3 = 5"]),
    ("σ(0.5) ≈ 0.6225 and √2 ≈ 1.414", ["σ(0.5) ≈ 0.6225", "√2 ≈ 1.414"]),
    ("f(3) = 9 - 2", []),
    ("x - 3 = 4 + 1", []),
    ("$x$ - 3 = 4 + 1", []),
    ("2 + 4 = 2x", []),
    ("2 + 4 = 3 x", []),
    ("2 + 4 = 3 $x$", []),
    ("a_2 + 4 = 3", []),
    ("w_1 = 3 and b = 4", []),
    ("Python>=3.8,<4 and 1 < 2", []),
    ("y = 2.2 \\times 2 + 0.6 = 5", []),
    ("see Figure 1.3.2 = 4", []),
    ("2017/04/payday = 3", []),
    ("if (a == 2*3 => 6)", []),
]


@pytest.mark.parametrize(("text", "expected"), PLAIN, ids=[t for t, _ in PLAIN])
def test_formulas_without_delimiters(text, expected):
    assert [p.text for p in passages("a.txt", text) if p.kind == "text"] == expected


CODE = [
    (
        'lam = 1.1\nprint(f"by {lam ** 150:.2e}")\n# Output:\n# by 2.28e+06',
        ["{1.1}^{150} \\approx 2.28 \\times 10^{6}"],
    ),
    ("x = 2\nx *= 3\nprint(x)  # 6", ["2 \\cdot 3 \\approx 6"]),
    ("y = np.exp(-1)  # ≈ 0.3679", ["\\exp\\left(-1\\right) \\approx 0.3679"]),
    ("y = (2 + 3) * 4  # = 20", ["\\left(2 + 3\\right) \\cdot 4 \\approx 20"]),
    (">>> 0.5 ** 3\n0.125\n>>> math.sqrt(2)\n1.4142135623730951\n", ["{0.5}^{3} \\approx 0.125"]),
    ('for n in range(1, 3):\n    print(f"{n}: {0.5**n}")\n# Output:\n# 1: 0.5\n# 2: 0.25', ["{0.5}^{1} \\approx 0.5"]),
    ("print('%.1f %%' % (3 / 8))\n# Output: 0.4 %", []),
    ("print('{:.1f}'.format(3 / 8))\n# Output:\n# 0.4", ["\\frac{3}{8} \\approx 0.4"]),
    ("x = 2\nif y:\n    x = 3\nprint(x + 1)  # 3", []),
    ("def f():\n    return 2\nprint(f() + 1)  # 3", []),
    ("x = 2 * 3  # (4)", []),
    ("x = 2 * 3  # 7 rows", []),
    ("x = input()\nprint(x ** 2)  # 9", []),
    ("import os\nos.system('x')  # = 3", []),
    ("x = 1 if True else 2  # = 3", []),
    ("lambda_ = 1.5 ** 9 ** 9  # = 3", ["{1.5}^{{9}^{9}} \\approx 3"]),
]


@pytest.mark.parametrize(("code", "expected"), CODE, ids=[c for c, _ in CODE])
def test_listings_with_their_output(code, expected):
    claims = [t for t in texts(f"```python\n{code}\n```") if "approx" in t]
    assert claims[: len(expected)] == expected
    assert bool(claims) == bool(expected)


def test_the_block_below_a_listing_is_its_output():
    text = '```python\nprint(f"{1.5 ** 3:.1f}")\n```\nOutput:\n```\n3.4\n```\n'
    assert found(text) == [("{1.5}^{3} \\approx 3.4", 6, 1)]


# --- marks ---------------------------------------------------------------------------------------------


def marked(text, name="notes.md"):
    return [(p.text.strip(), p.mark) for p in passages(name, text)]


MARKS = [
    ("<!-- symgrad: skip -->\n$a$\n\n$b$", "notes.md", [("a", "skip"), ("b", "")]),
    ("$a$ <!-- symgrad: check -->\n$b$", "notes.md", [("a", "check"), ("b", "")]),
    ("<!-- symgrad: skip begin -->\n\n$a$\n<!-- symgrad: skip end -->\n$b$", "notes.md", [("a", "skip"), ("b", "")]),
    ("$a$\n\n<!-- symgrad: skip file -->\n", "notes.md", [("a", "skip")]),
    ("{symgrad-check}`a` {symgrad-skip}`b` {math}`c`", "notes.md", [("a", "check"), ("b", "skip"), ("c", "")]),
    ("% symgrad: skip\n$a$\n\n$b$ % symgrad: check", "a.tex", [("a", "skip"), ("b", "check")]),
    (".. symgrad: skip\n\n.. math:: a\n\n:math:`b`", "a.rst", [("a", "skip"), ("b", "")]),
    (":symgrad-skip:`a` :math:`b`", "a.rst", [("a", "skip"), ("b", "")]),
]


@pytest.mark.parametrize(("text", "name", "expected"), MARKS, ids=[t for t, _, _ in MARKS])
def test_marks(text, name, expected):
    assert marked(text, name) == expected


def test_assumptions_and_models_hold_from_their_place_on():
    text = (
        "$a$\n<!-- symgrad: assume x > 0 -->\n<!-- symgrad: model rnn -->\n$b$\n<!-- symgrad: assume nothing -->\n$c$"
    )
    known = [p.known for p in passages("notes.md", text)]
    assert known == [(), (("assume", "x > 0"), ("model", "rnn")), (("model", "rnn"),)]


def test_a_mark_with_a_slip_of_the_pen_is_told():
    with pytest.raises(sg.SymgradError, match="unknown mark 'skpi'") as told:
        list(passages("notes.md", "a\n<!-- symgrad: skpi -->"))
    assert "notes.md, line 2" in str(told.value)


def test_many_marks():
    marks = Marks(AuthorMark("assume", f"x > {n}", n, n) for n in range(1, 3_000))
    assert len(marks.at(5_000).assumptions) < 1_000


# --- files ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "what"),
    [(b"a\x00b", "not a text"), (b"a\n\xff\xfe", "not in UTF-8"), (b"a" * (LARGEST + 1), "more than 8 MB")],
    ids=["bytes 0", "another encoding", "too large"],
)
def test_files_that_are_not_read(content, what, tmp_path):
    (tmp_path / "a.md").write_bytes(content)
    with pytest.raises(sg.SymgradError, match=what):
        read_text(tmp_path / "a.md")


def test_a_byte_order_mark_is_no_column(tmp_path):
    (tmp_path / "a.md").write_bytes(b"\xef\xbb\xbf$a$")
    assert found(read_text(tmp_path / "a.md")) == [("a", 1, 2)]


def test_a_name_without_a_format_is_told():
    with pytest.raises(sg.SymgradError, match=r"unknown format '\.docx'"):
        list(passages("a.docx", "$a$"))


# --- any text ------------------------------------------------------------------------------------------

SIGNS = [
    "$",
    "$$",
    "\\(",
    "\\)",
    "\\[",
    "\\]",
    "\\\\",
    "\n",
    "\n\n",
    "`",
    "```",
    "```python\n",
    "~~~",
    "|",
    "|---|---|\n",
]
SIGNS += ["<!--", "-->", "<!-- symgrad: skip -->", "%", "& ", "\\begin{align}", "\\end{align}", "\\begin{verbatim}"]
SIGNS += [
    "\\end{verbatim}",
    "\\begin{tabular}",
    "\\end{tabular}",
    "\\verb|",
    ".. math::",
    "::\n",
    ":math:`",
    "   ",
    "> ",
]
SIGNS += [
    "1.5",
    "^{2}",
    " = ",
    " ≈ ",
    "2*3 = 6",
    "(",
    ")",
    "x",
    "value",
    "calculation",
    "# Output:",
    "print(2**3)",
    "'",
]
SIGNS += [
    "---\n",
    "{math}`",
    "\\$",
    "\r\n",
    "\u2028",
    "\x0c",
    "𝟏",
    "lam = 1.1\n",
    "for i in range(9):\n",
    ">>> 2*3\n6\n",
]
TEXTS = st.text() | st.lists(st.sampled_from(SIGNS), max_size=40).map("".join)


def inside(passage, text):
    """Tell whether a place is inside of the text."""
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return 1 <= passage.place.line <= len(rows) and 1 <= passage.place.column <= len(rows[passage.place.line - 1]) + 1


def read(name, text):
    """Return the passages of a text, or none where it is an error of its author; any other goes through."""
    try:
        return list(passages(name, text))
    except sg.SymgradError:
        return []


@pytest.mark.parametrize("name", ["a.md", "a.tex", "a.rst"])
@given(TEXTS)
@fuzz
def test_any_text_has_places_inside(name, text):
    for passage in read(name, text):
        assert inside(passage, text)


@given(st.lists(TEXTS, max_size=4), st.booleans())
@fuzz
def test_any_cells_have_places_inside(cells, code):
    kind = "code" if code else "markdown"
    for passage in read("a.ipynb", notebook(*({"cell_type": kind, "source": c} for c in cells))):
        assert inside(passage, cells[passage.place.cell - 1])


@given(st.text())
@fuzz
def test_any_text_as_a_notebook(text):
    read("a.ipynb", text)


@given(TEXTS)
@fuzz
def test_formulas_between_delimiters_stand_where_they_are_said_to(text):
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace(">", "")
    for passage in read("a.md", text):
        line = text.split("\n")[passage.place.line - 1][passage.place.column - 1 :]
        if passage.kind == "text":
            assert line.startswith(passage.text.split("\n")[0])


HOSTILE = [
    "$",
    "$a ",
    "$ a $",
    "\\(",
    "\\[",
    "$$\n",
    "\\begin{align}",
    "`",
    "``` ",
    "```\n",
    "<!--",
    "|",
    "| a ",
    "{math}`",
]
HOSTILE += ["% a\n", "\\begin{verbatim}", "\\begin{tabular}", "\\verb|", "::\n\n", ".. a\n", ".. math::\n", ":math:`"]
HOSTILE += ["1 = ", "1 + (", "2*3 = 6 ", "1e9 ", "\n", "> ", "---\n", "\\", "- ", "<!-- symgrad: skip -->\n", "'", "# "]
HOSTILE += [">>> 1\n", "`` ` ", "$$\n\n", "{", "[", "\\\\(", "| calculation | value |\n|---|---|\n", ".. note::\n "]


def steps(name, text):
    """Return how many lines of the readers are run for a text: their work, whatever the machine."""
    count = 0

    def trace(frame, event, _):
        nonlocal count
        count += event == "line"
        return trace if "symgrad/audit/source" in frame.f_code.co_filename else None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        read(name, text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("name", ["a.md", "a.tex", "a.rst"])
@pytest.mark.parametrize("sign", HOSTILE, ids=repr)
def test_work_is_linear_in_the_text(sign, name):
    short, long = (steps(name, sign * n) for n in (200, 800))
    assert long <= 4.5 * short + 2_000


def test_every_format_is_read():
    for suffix in SUFFIXES:
        if suffix != ".ipynb":
            assert found("", f"a{suffix}") == []


PRETEXT = r"""<section xml:id="s"><title>Numbers</title>
<p>For <m>x \gt 0</m> we have
<md>
  <mrow>17 \cdot 23 \amp = 381</mrow>
  <mrow>12 \cdot 12 \amp = 144</mrow>
</md> and <m>2 \cdot <var name="$a"/> = 5</m>.</p>
<!-- <m>1 + 1 = 3</m> --><program>x</program>
<exercise><statement><p>Which is right, <m>17 \cdot 24 = 407</m>?</p></statement>
<answer><p><m>17 \cdot 24 = 408</m></p></answer></exercise></section>"""


@pytest.mark.parametrize("sign", ["<m>", "<md><mrow>", "<exercise><m>x", "<!--", "<c>", "<m><fn>", "</m>", "<m ", "<?"])
def test_the_work_on_pretext_is_linear_in_the_text(sign):
    short, long = (steps("a.ptx", sign * n) for n in (200, 800))
    assert long <= 4.5 * short + 2_000


def test_pretext():
    found = audit_text("book.ptx", PRETEXT, everything=True).findings
    said = [(f.place.line, str(f.word)) for f in found if str(f.word) != "condition"]
    assert said == [(4, "refuted"), (5, "confirmed"), (9, "confirmed")]


def test_latex_in_html_is_read_where_a_script_typesets_it():
    page = r"<p>It costs $5 and $6, and \(17 \cdot 23 = 381\), $$2 \cdot 3 &lt; 7$$</p>"
    script = '<script src="https://cdn.example.org/mathjax/tex-chtml.js"></script>'
    assert audit_text("a.html", page, everything=True).findings == ()
    found = audit_text("a.html", script + page, everything=True).findings
    assert [str(f.word) for f in found] == ["refuted", "confirmed"]
