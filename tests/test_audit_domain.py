"""Where a claim holds: in a mark, in the words after it, beside it in its formula."""

import pytest

from symgrad.audit.audit import audit_text

TANH = r"\sqrt{\tanh^2 z} = \tanh z"
ON = [
    (f"${TANH}$", "note"),
    (f"${TANH}$ for $z > 0$.", "confirmed"),
    (f"$$\n{TANH}\n$$\n\nfor $z \\ge 0$.", "confirmed"),
    (f"$$\n{TANH}\n$$ (eq-1)\n\nfor all \\(z \\geq 0\\).", "confirmed"),
    (f"${TANH}$ for $z < 0$.", "refuted"),
    (f"${TANH}, \\quad z > 0$", "confirmed"),
    (f"${TANH}$ and $z > 0$", "note"),
    (f"<!-- symgrad: assume z > 0 -->\n${TANH}$", "confirmed"),
    (f"<!-- symgrad: assume z > 0 -->\n<!-- symgrad: assume nothing -->\n${TANH}$", "note"),
    (f"<!-- symgrad: assume 1 < z < 2 -->\n${TANH}$", "confirmed"),
    (f"<!-- symgrad: assume z > 100 -->\n${TANH}$", "confirmed"),
    (f"<!-- symgrad: assume z > 1 -->\n<!-- symgrad: assume z < 1 -->\n${TANH}$", "not checkable"),
    (f"<!-- symgrad: assume z is positive -->\n${TANH}$", "not checkable"),
    (f"<!-- symgrad: assume x > 0 -->\n${TANH}$", "note"),
]


@pytest.mark.parametrize(("text", "verdict"), ON, ids=[text for text, _ in ON])
def test_claims_are_checked_where_they_are_said_to_hold(text, verdict):
    found = audit_text("notes.md", text, everything=True).findings
    assert str(next(f for f in found if "tanh" in f.claim).word) == verdict


SAID = [
    ("Is $2 + 2 = 5$ true or false?", "not checkable"),
    ("That \\(2 + 2 = 5\\) is false.", "not checkable"),
    ("It would be wrong to say $2 + 2 = 5$.", "not checkable"),
    ("$$2 + 2 = 5$$\nis not true.", "not checkable"),
    ("| sum | $2 + 2 = 5$ | erratum 1 | printed wrongly |", "not checkable"),
    ("As $2 + 2 = 5$, we go on. It is false that cats bark.", "refuted"),
    ("As $2 + 2 = 5$ and $1 = 1$ is not false.", "refuted"),
]


@pytest.mark.parametrize(("text", "verdict"), SAID, ids=[text for text, _ in SAID])
def test_what_the_text_itself_calls_wrong_is_not_refuted(text, verdict):
    assert str(audit_text("notes.md", text, everything=True).findings[0].word) == verdict
