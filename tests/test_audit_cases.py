"""Small texts with the verdicts that are expected of them; the files in audit/cases/ say which.

A case is a title, a text, and a line "=> verdict; verdict", one for each claim; "a|b": either will do. "unrefuted",
"unconfirmed": anything else. Behind a verdict may stand the value that is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from symgrad.audit.audit import audit_text
from symgrad.audit.finding import Finding

CASES = Path(__file__).parent / "audit" / "cases"


def cases() -> Iterator[tuple[str, str, str, list[str]]]:
    """Yield each case: its file, its title, its text and what is expected."""
    for path in sorted(CASES.glob("*.txt")):
        for block in path.read_text(encoding="utf-8").split("\n---\n"):
            title, _, rest = block.strip("\n").partition("\n")
            text, _, expected = rest.rpartition("\n=> ")
            yield path.stem, title, text, [e for e in expected.split("; ") if e]


def holds(found: Finding, expected: str) -> bool:
    """Tell whether a finding is what is expected."""
    for choice in expected.split("|"):
        word = next((w for w in ("not checkable", "unrefuted", "unconfirmed") if choice == w), choice.partition(" ")[0])
        value = choice.removeprefix(word).strip()
        said = str(found.word)
        ruled_out = {"unrefuted": ("refuted", "impossible"), "unconfirmed": ("confirmed",)}
        agrees = said not in ruled_out[word] if word in ruled_out else said == word
        if agrees and (not value or found.value == value):
            return True
    return False


@pytest.mark.parametrize(
    ("file", "title", "text", "expected"), [pytest.param(*c, id=f"{c[0]}: {c[1]}") for c in cases()]
)
def test_what_is_found(file: str, title: str, text: str, expected: list[str]) -> None:
    name = "notes.tex" if file.startswith("latex") else "notes.md"
    found = audit_text(name, text, everything=True, timeout=20).findings
    shown = [f"{f.word}: {f.claim} {f.value} ({f.reason})" for f in found]
    assert not any("a fault of symgrad" in said for said in shown), shown
    assert len(found) == len(expected), shown
    assert all(map(holds, found, expected)), shown
