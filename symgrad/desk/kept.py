"""An answer as plain data, and back: what a cache keeps of it."""

from __future__ import annotations

from typing import Any

from symgrad.desk.answer import Answer
from symgrad.evidence.evidence import Check, Evidence
from symgrad.evidence.verdict import Verdict


def kept(answer: Answer) -> dict[str, Any]:
    """Return an answer as plain data, without its document.

    >>> from symgrad.desk.question import Question
    >>> from symgrad.desk.answer import answer
    >>> found = answer(Question("chain", "C", ("b[1]",)), verify=False)
    >>> restored(kept(found)).pages == found.pages
    True
    """
    evidence = answer.evidence
    return {
        "title": answer.title,
        "pages": answer.pages,
        "record": answer.record,
        "notes": list(answer.notes),
        "claim": None if evidence is None else evidence.claim,
        "checks": [] if evidence is None else [c.record() for c in evidence.checks],
    }


def restored(entry: dict[str, Any] | None) -> Answer | None:
    """Return the answer that was kept; None where there is none, or it is of other contents."""
    if entry is None:
        return None
    try:
        evidence = None
        if entry["claim"] is not None:
            checks = (Check(**{**c, "verdict": Verdict[c["verdict"]]}) for c in entry["checks"])
            evidence = Evidence(str(entry["claim"]), tuple(checks))
            if not evidence.verdict.passes:
                return None
        pages = {str(name): str(page) for name, page in entry["pages"].items()}
        return Answer(None, str(entry["title"]), pages, entry["record"], evidence, tuple(map(str, entry["notes"])))
    except (KeyError, TypeError, AttributeError):
        return None
