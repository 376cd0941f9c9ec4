"""What was found in a file as a JSON object, and back: the same whichever process found it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symgrad.audit.audit import Audited, Extract
from symgrad.audit.finding import Finding, Place, Word
from symgrad.errors import ReadError


def record(a: Audited) -> dict[str, Any]:
    """Return an audited file as what JSON holds.

    >>> from symgrad.audit.audit import audit_text
    >>> a = audit_text("a.md", "It is $1.5^3 = 3.5$.")
    >>> restored(record(a)) == a
    True
    """
    found: dict[str, Any] = {"file": a.file, "counts": {str(w): n for w, n in (a.counts or {}).items()}}
    if a.findings:
        found["findings"] = [_finding(f) for f in a.findings]
        found["extracts"] = [[e.first, *e.lines] for e in a.extracts]
    if a.error:
        found["error"], found["text"] = a.error, a.is_text
    return found


def _finding(f: Finding) -> list[Any]:
    return [str(f.word), f.place.line, f.place.column, f.place.cell, f.claim, f.value, f.reading, f.reason, f.kind]


def restored(found: Mapping[str, Any]) -> Audited:
    """Return an audited file of what JSON holds. Raises ReadError where it is none."""
    try:
        file = found["file"]
        return Audited(
            file,
            tuple(
                Finding(Word(word), Place(file, line, column, cell), *rest)
                for word, line, column, cell, *rest in found.get("findings", ())
            ),
            tuple(Extract(first, tuple(lines)) for first, *lines in found.get("extracts", ())),
            {Word(word): n for word, n in found["counts"].items()},
            found.get("error", ""),
            found.get("text", True),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ReadError("not the result of an audit", "run its shard again, in a new directory") from None
