"""Where a text is cut: into prose and code, into formulas, into statements; what follows a cut is still read."""

import pytest

from symgrad.audit.audit import audit_text
from symgrad.audit.files import documents
from symgrad.audit.source.markup.markdown import markdown
from symgrad.audit.source.plain import plain
from symgrad.reading.chain import chains

FENCES = [  # text, the words outside code, the code
    ("```{.python .input}\nx = 1\n```\nafter", ["after"], ["x = 1\n"]),
    ("```{python}\nx\n```\nafter", ["after"], ["x\n"]),
    ("```{r, echo=FALSE}\nx\n```\nafter", ["after"], ["x\n"]),
    ("~~~{.r}\nx\n~~~\nafter", ["after"], ["x\n"]),
    ("```\nx\n```\nafter", ["after"], ["x\n"]),
    ("```{note}\nwords\n```\nafter", ["words", "after"], []),
    ("```{admonition} Title\nwords\n```\nafter", ["words", "after"], []),
    ("````{note}\nw\n```python\nx\n```\nv\n````\nafter", ["w", "v", "after"], ["x\n"]),
    ("::: {.callout}\nw\n:::: {.x}\nv\n::::\n:::\nafter", ["w", "v", "after"], []),
    (":::{code-block} python\nx\n:::\nafter", ["after"], ["x\n"]),
]


@pytest.mark.parametrize(("text", "words", "code"), FENCES)
def test_a_fence_swallows_nothing_after_it(text, words, code):
    blocks = markdown(text)
    assert blocks.text.split() == words
    assert [listing.text for listing in blocks.listings] == code


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("- 3 + 4 = 7", "3 + 4 = 7"),
        ("words\n  - cos(0) = 1", "cos(0) = 1"),
        ("* 2*3 = 6", "2*3 = 6"),
        ("-3 + 4 = 1", "-3 + 4 = 1"),
    ],
)
def test_a_bullet_is_no_sign(text, formula):
    assert [f.text for f in plain(text)] == [formula]


STATEMENTS = [  # formula, the relations of each statement
    (r"\tanh(0) = 0 \qquad \tanh(1) \approx 0.76", ["=", "≈"]),
    (r"a = 1 \hspace{2em} b = 2", ["=", "="]),
    (r"a = 1 \quad = \quad 2 - 1", ["=="]),
    (r"a = b \quad + c = 2", ["=="]),
    (r"f(x) = x \quad (1)", ["="]),
    (r"\begin{aligned}[t] 2 + 2 &= 4 \end{aligned}", ["="]),
    (r"（2 + 3）\cdot 2 ＝ 10", ["="]),
    (r"x = 3 \text{ and } y = 4", ["=", "="]),
]


@pytest.mark.parametrize(("text", "relations"), STATEMENTS)
def test_a_wide_space_parts_statements(text, relations):
    found, _ = chains(text)
    assert ["".join(chain.relations) for chain in found] == relations


@pytest.mark.parametrize(
    "text",
    [
        r"tanh\_slope(x) = \tanh'(x)",
        r"4\ times (2 + 1) + 5 = 17",
        r"\text{round}(2.5) + 1 = 3",
        r"\operatorname{ceil}(2.1) = 3",
    ],
)
def test_an_unknown_name_makes_its_side_unknown(text):
    [chain], _ = chains(text)
    assert chain.sides[0].node is None


VERDICTS = [
    ("$2+2=5 $", ["refuted"]),
    (r"$\sum_{k=1}^{3} 2k = 12$", ["confirmed"]),
    ("$3 \\cdot 4 = 12\\text{ weights}$", ["confirmed"]),
    ("It costs $5 and with tax = $6.", []),
    (r"Is the accuracy $\sigma(z) = 1.2$?", ["not checkable"]),
    (r"$1000 + 10\% = 1100$ and $1 - 5\% = 0.95$", ["confirmed", "confirmed"]),
    (r"$200 + 10\% = 230$", ["refuted"]),
    (r"$10.0^{2} \approx 3 \times 10^{2}$", ["refuted"]),
    (r"$1.5^{50} \approx 10^8$ and $2^{10} \approx 10^3$", ["note", "confirmed"]),
    ("```{.python .input}\nx = 1\n```\nThen $2+2=5$.", ["refuted"]),
]


@pytest.mark.parametrize(("text", "words"), VERDICTS)
def test_what_is_found_in_a_text(text, words):
    assert [str(f.word) for f in audit_text("notes.md", text, everything=True).findings] == words


def test_a_link_is_no_second_file(tmp_path):
    (tmp_path / "a.md").write_text("$1 = 1$")
    (tmp_path / "b.md").symlink_to(tmp_path / "a.md")
    assert [p.name for p in documents([str(tmp_path)])] == ["a.md"]
