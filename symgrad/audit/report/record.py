"""Findings as JSON, for scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from symgrad.audit.audit import Audited
from symgrad.audit.finding import Finding, Word

VERSION = 1
_HALF = re.compile("[\ud800-\udfff]")


def audit_json(audited: Iterable[Audited], escaped: bool = False) -> str:
    """Return findings as JSON: of each file its counts of verdicts, its findings, and why it was not read.

    >>> from symgrad.audit.audit import audit_text
    >>> found = json.loads(audit_json([audit_text("a.md", "It is $1.5^3 = 3.5$.")]))
    >>> found["files"][0]["findings"][0]["verdict"], found["counts"]
    ('refuted', {'refuted': 1})
    """
    files = [_file(a) for a in audited]
    total = {str(w): sum(f["counts"].get(str(w), 0) for f in files) for w in Word}
    record = {"version": VERSION, "counts": {w: n for w, n in total.items() if n}, "files": files}
    return dumped(record, escaped)


def dumped(record: object, escaped: bool) -> str:
    r"""Return a record as JSON; half characters, of a name that is not in UTF-8, are escaped always.

    >>> print(dumped({"file": "caf\udce9.md"}, escaped=False), end="")
    {
      "file": "caf\udce9.md"
    }
    """
    text = json.dumps(record, indent=2, ensure_ascii=escaped)
    return _HALF.sub(lambda m: f"\\u{ord(m[0]):04x}", text) + "\n"


def _file(audited: Audited) -> dict[str, Any]:
    return {
        "file": audited.file,
        "error": audited.error or None,
        "known": audited.known,
        "counts": {str(word): n for word, n in (audited.counts or {}).items()},
        "findings": [_finding(f) for f in audited.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    place = finding.place
    where = {"line": place.line, "column": place.column} | ({"cell": place.cell} if place.cell else {})
    said = {"verdict": str(finding.word), "claim": finding.claim, "value": finding.value, "kind": finding.kind}
    return where | said | {"reading": finding.reading, "reason": finding.reason}
