"""What a text says for and against a refutation in it: slips of the pen, support, and a mathematics of its own."""

from __future__ import annotations

import pytest

from symgrad.audit.audit import audit_text
from symgrad.audit.doubt.slip import slip
from symgrad.audit.doubt.text import SHORT
from symgrad.reading.chain import chains

WORDS = "The words of a chapter that is long enough to tell what it is about. " * (SHORT // 60)
POWERS = "$1.5^2 = 2.25$, $0.5^3 = 0.125$, $1.5^3 = 3.375$ and $0.5^2 = 0.25$."

SLIPS = [
    (r"17 \cdot 23 = 381", "LIKELY"),
    (r"784 \cdot 30 = 32520", "SURE"),
    (r"1.25^3 = -1.953", "SURE"),
    (r"0.25^9 \approx 9.3 \cdot 10^{-6}", "LIKELY"),
    (r"410 \cdot 2.5 = 164.0", "SURE"),
    (r"\sin 2x = 2 \sin x", "SURE"),
    (r"\cos^2 x - \sin^2 x = 1", "SURE"),
    (r"\pi \approx 3.198", "WEAK"),
    (r"3 \cdot 3 = 0", "WEAK"),
    (r"1250 \cdot 4 = 5.000", "WEAK"),
    (r"2 + 4 + 16 + 64 = -86", "WEAK"),
    (r"2.5 \cdot 1.5 \cdot 1.2 = 2.5 \cdot 1.5", "WEAK"),
    (r"13 \cdot 7 = 4521", "NONE"),
    (r"c(v + W) = (cv) + W", "NONE"),
]


@pytest.mark.parametrize(("text", "strength"), SLIPS)
def test_a_slip_is_found_and_says_much_or_little(text, strength):
    [chain], _ = chains(text)
    found = slip(chain.sides[0].node, chain.sides[1].node)
    assert found.strength.name == strength, found
    assert bool(found.said) is (strength != "NONE")


LONG = [
    ("a slip of many digits", r"$784 \cdot 30 = 32520$.", "refuted", ""),
    ("a slip of three digits alone", r"$17 \cdot 23 = 381$.", "refuted", ""),
    ("a part of three digits alone", "$(35 + 14.9 + 10) \\cdot 2 = 99.8$.", "note", "perhaps not read"),
    ("a slip of two digits", "$2 \\cdot 5.1 = 7.2$.", "note", "perhaps not read"),
    ("rows beside it", r"$3 \cdot 1.5 = 4.5$, $3 \cdot 1.2 = 3.6$, $3 \cdot 2.4 = 8.2$.", "refuted", ""),
    ("a root that is left out", r"$\frac{60}{170} \approx 4.60$.", "refuted", ""),
    ("exponents the wrong way round", r"$5 \cdot 0.7^3 - 3 \cdot 0.7^2 = 1.421$.", "refuted", ""),
    ("a slip of three digits beside another product", r"$12 \cdot 12 = 144$, $17 \cdot 23 = 381$.", "refuted", ""),
    ("nothing explains it", r"$13 \cdot 7 = 4521$.", "note", "no slip of the pen"),
    ("few digits, and nothing beside it", "$0.9^5 = 0.7$.", "note", "perhaps not read as it is meant"),
    ("few digits, and the notation is used", POWERS + " $0.9^5 = 0.7$.", "refuted", ""),
    (
        "its notation is another one",
        "$1 + 1 = 2$, $2 + 3 = 5$, $4 - 1 = 3$. $0.9^5 = 0.7$.",
        "note",
        "perhaps not read",
    ),
    ("two integers without a calculation", POWERS + " $1 + 1 = 2$. Thus $2 = 1$.", "note", "perhaps not read"),
    ("other claims differ too", POWERS + r" $13 \cdot 7 = 4521$. $17 \cdot 5 = 9004$. $0.9^5 = 0.7$.", "note", "usual"),
    (
        "letters with a slip, and letters beside it",
        r"$(x+1)^2 = x^2 + 2x + 1$, $\sin(-x) = -\sin x$; $\sin 2x = 2 \sin x$.",
        "refuted",
        "",
    ),
    ("letters with a slip alone", r"$\sin 2x = 2 \sin x$.", "note", "perhaps not read"),
    (
        "plain algebra needs more beside it than an identity of functions",
        r"$(x+1)^2 = x^2 + 2x + 1$, $\sin(-x) = -\sin x$; $(a - 2)^2 p + (a + 2) p = (2 a^2 + 8) p$.",
        "note",
        "perhaps not read",
    ),
    ("one entry of several", r"$(0, -5, -8) - (0, 1, 7) = (0, -6, -1)$.", "refuted", ""),
    ("more entries are wrong than right", r"$(1, 2, 3) + (1, 1, 1) = (2, 5, 7)$.", "note", "no slip"),
    ("a sign by itself", r"$\frac{-10 - 6}{4} = 4$.", "note", "perhaps not read"),
    ("a sign in a chain that holds so far", r"$\frac{5(-2) - 3 \cdot 2}{4} = \frac{-10 - 6}{4} = 4$.", "refuted", ""),
    ("a number in a chain that holds so far", r"$8 \cdot 2 = 16 = 13$.", "note", "perhaps not read"),
    ("a derivative says what it is", r"$\frac{d}{dx} \sin x = -\cos x$.", "refuted", ""),
]


@pytest.mark.parametrize(("text", "word", "reason"), [pytest.param(*row[1:], id=row[0]) for row in LONG])
def test_a_long_text_decides(text, word, reason):
    last = audit_text("notes.md", WORDS + text, timeout=20, everything=True).findings[-1]
    assert str(last.word) == word
    assert reason in last.reason


BINOMIALS = [rf"$(x+{n})^2 = x^2 + {2 * n}x + {n * n}$." for n in range(1, 16)]


@pytest.mark.parametrize(("beside", "word"), [(14, "note"), (15, "refuted")])
def test_plain_algebra_is_refuted_beside_fifteen_claims_with_letters(beside, word):
    text = " ".join([WORDS, *BINOMIALS[:beside], "$(a - 2)^2 p + (a + 2) p = (2 a^2 + 8) p$."])
    assert str(audit_text("notes.md", text, timeout=20, everything=True).findings[-1].word) == word


@pytest.mark.parametrize("text", [row[1] for row in LONG if "differ" not in row[0]])
def test_a_text_of_one_formula_is_judged_by_itself(text):
    assert str(audit_text("notes.md", text, timeout=20).findings[-1].word) == "refuted"


def test_what_the_author_asks_to_check_is_not_weighed():
    text = WORDS + "\n\n<!-- symgrad: check -->\n" + r"$13 \cdot 7 = 4521$"
    assert [str(f.word) for f in audit_text("notes.md", text, timeout=20).findings] == ["refuted"]


@pytest.mark.parametrize("text", ["$AB = BA$", "In a group, $(ab)c = a(bc)$.", "In a ring, $0a = 0$."])
def test_a_law_that_says_nothing_of_numbers_is_not_confirmed(text):
    [found] = audit_text("notes.md", text, timeout=20, everything=True).findings
    assert str(found.word) == "not checkable"
