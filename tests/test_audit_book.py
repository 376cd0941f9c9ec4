"""The audit confirms what symgrad prints, in every format, and does not confirm it with a fault in it."""

import re
from collections import Counter

import pytest

from symgrad.audit.audit import TIMEOUT, audit_text
from symgrad.audit.finding import Word
from symgrad.cli.main import main
from tests.audit_mutants import confirmed, mutants, survives

SHARE = 0.95
TRUE_STILL = ("<", ">", r"\le", r"\ge", r"\to", r"0 \cdot", "ReLU", "SELU", "SiLU", r"g - w \rvert", r"\vdots")
"""Signs of claims that can be true with a fault in them: a bound, a limit, a product with 0, a flat slope, |g|; and
of a Jacobian with dots, in which another name beside the diagonal is 0 as well."""
QUICK = ("deep-linear", "backpropagation", "residual", "exploding")
FORMATS = [(entry, "md") for entry in QUICK] + [("residual", "tex"), ("residual", "html"), ("backpropagation", "html")]
WORDS = {"md": "markdown", "tex": "latex", "html": "html"}


DECIMAL, FINE = re.compile(r"\d+\.\d+"), 8
"""Digits from which on a number says more than what is computed of it shows."""


def is_true_still(passage, fault):
    """Tell whether a claim can be true with a fault in it; so can what has a fault in digits that say nothing there.

    These are the last two of a place where an extremum is flat, and those behind all digits of what is computed.
    """
    if any(sign in passage.text for sign in TRUE_STILL):
        return True
    at = next(k for k, (one, other) in enumerate(zip(passage.text, fault.text + " ", strict=False)) if one != other)
    numbers = list(DECIMAL.finditer(passage.text))
    fine = next((m for m in numbers if m.start() <= at < m.end() and len(m[0]) > FINE), None)
    if fine is None:
        return False
    return at >= fine.end() - 2 or any(at - fine.start() > len(m[0]) + 1 for m in numbers if len(m[0]) > 4)


def counted(name, text):
    """Audit a page with time enough, and return its counts and what is not confirmed, by kind."""
    found = audit_text(name, text, timeout=60 * TIMEOUT, everything=True)
    rest = Counter((str(f.word), f.kind, f.reason) for f in found.findings if f.word.claims and not right(f))
    return found.counts, rest


def right(finding):
    return finding.word in (Word.CONFIRMED, Word.NOTE)


def assert_confirmed(name, text, share=SHARE):
    counts, rest = counted(name, text)
    claims = sum(n for word, n in counts.items() if word.claims)
    assert counts.get(Word.REFUTED, 0) == counts.get(Word.IMPOSSIBLE, 0) == 0, rest
    assert counts[Word.CONFIRMED] >= share * claims > 0, rest


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """A few chapters in three formats."""
    folder = tmp_path_factory.mktemp("chapters")
    found = {}
    for entry, suffix in FORMATS:
        path = folder / f"{entry}.{suffix}"
        assert main(["catalogue", "show", entry, "--format", WORDS[suffix], "-o", str(path)]) == 0
        found[entry, suffix] = path.read_text("utf-8")
    return found


@pytest.mark.parametrize(("entry", "suffix"), FORMATS)
def test_every_claim_of_a_chapter_is_confirmed(entry, suffix, pages):
    assert_confirmed(f"{entry}.{suffix}", pages[entry, suffix], 1.0)


def test_what_is_confirmed_is_not_confirmed_with_a_fault_in_it(pages):
    passages = [p for entry in QUICK for p in confirmed("x.md", pages[entry, "md"])]
    for rule, passage, fault in mutants(passages, 60):
        assert is_true_still(passage, fault) or not survives(fault), (rule, passage.text, fault.text)


@pytest.mark.long
def test_the_whole_book_is_confirmed_and_faults_in_it_are_found(tmp_path):
    assert main(["book", "-o", str(tmp_path)]) == 0
    for path in [tmp_path / "book.md", tmp_path / "book.tex", *tmp_path.glob("*.html")]:
        if path.name != "index.html":
            assert_confirmed(path.name, path.read_text("utf-8"))
    passages = confirmed("book.md", (tmp_path / "book.md").read_text("utf-8"))
    for rule, passage, fault in mutants(passages, 300):
        assert is_true_still(passage, fault) or not survives(fault), (rule, passage.text, fault.text)


NO_CLAIMS = [
    (r"for $w \ge 4$", "condition"),
    (r"Over $0 \le x \le 1$, it holds", "condition"),
    (r"With $\operatorname{E}(w) = 0$", "condition"),
    (r"$z_j \mathrel{:=} w_j a_{j-1} + b_j$", "definition"),
    (r"$f := 2$", "definition"),
    (r"Let $x = 3$", "definition"),
]


@pytest.mark.parametrize(("text", "word"), NO_CLAIMS)
def test_definitions_and_conditions_are_no_claims(text, word):
    found = audit_text("notes.md", text, everything=True)
    assert {str(f.word) for f in found.findings} == {word}
    assert not any(w.claims for w in found.counts)


SENTENCES = [
    ("As $n \\to \\infty$\n\n$$25^{n} \\to \\infty$$", "confirmed"),
    ("As $n \\to \\infty$\n\n$$25^{-n} \\to 1$$", "refuted"),
    (
        "Over $x \\ge 0$,\n\n$$\\max\\, x \\exp(-x) \\approx 0.3679$$\n\nat $x \\approx 1.000$ and nowhere else.",
        "confirmed",
    ),
    (
        "Over $x \\ge 0$,\n\n$$\\max\\, x \\exp(-x) \\approx 0.3678$$\n\nat $x \\approx 2.000$ and nowhere else.",
        "refuted",
    ),
    ("$$w \\exp(z) \\ge 1$$\n\nfor $w \\ge 1$, holds exactly for\n\n$$z \\ge -\\ln(w)$$", "confirmed"),
    ("$$w \\exp(z) \\ge 1$$\n\nfor $w \\ge 1$, holds exactly for\n\n$$z \\ge \\ln(w)$$", "refuted"),
    (
        "With $z$ normal, of mean 0 and variance 1,\n\n$$\\operatorname{E}(\\tanh(z)^{2}) \\approx 0.3943$$",
        "confirmed",
    ),
    (
        "With $\\operatorname{E}(w) = 0$, $\\operatorname{E}(w^2) = v$, $\\operatorname{E}(x^2) = q$, all being "
        "independent,\n\n$$\\operatorname{E}((w x)^2) = v q$$",
        "confirmed",
    ),
    ("$$\\frac{\\lvert w \\rvert}{4} < 1$$\n\nfor $-4 < w < 4$.", "confirmed"),
    ("$$\\frac{\\lvert w \\rvert}{4} < 1$$\n\nfor $-5 < w < 5$.", "refuted"),
]


@pytest.mark.parametrize(("text", "word"), SENTENCES)
def test_a_claim_is_read_with_its_sentence(text, word):
    found = audit_text("notes.md", text, timeout=60, everything=True).findings
    assert {str(f.word) for f in found if f.word.claims} == {word}
