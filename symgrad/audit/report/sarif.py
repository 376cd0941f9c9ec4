"""Findings in SARIF 2.1.0, which code scanning shows beside the lines of a pull request.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0, 2020.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from symgrad.audit.audit import Audited
from symgrad.audit.finding import Finding, Word
from symgrad.audit.report.record import dumped

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
RULES = {
    Word.REFUTED: ("refuted", "error", "A printed formula or number is wrong."),
    Word.IMPOSSIBLE: ("impossible", "error", "A printed value lies beyond what the quantity can be."),
    Word.NOTE: ("inexact", "note", "A printed number is truncated, or its last digit is off."),
    Word.UNCHECKED: ("not-checkable", "none", "A formula could not be checked."),
    Word.CONFIRMED: ("confirmed", "none", "A printed formula or number is right."),
    Word.DEFINITION: ("definition", "none", "A formula that says what a letter means, which is no claim."),
    Word.CONDITION: ("condition", "none", "A formula that says where a claim holds, which is no claim."),
}
"""Identifier, level and description of each verdict."""


def sarif(audited: Iterable[Audited], version: str, escaped: bool = False) -> str:
    """Return findings as one run of SARIF; ``version`` is that of symgrad. A file that cannot be read is told too.

    >>> from symgrad.audit.audit import audit_text
    >>> import json
    >>> run = json.loads(sarif([audit_text("a b.md", "It is $1.5^3 = 3.5$.")], "1.0"))["runs"][0]
    >>> run["results"][0]["ruleId"], run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    ('refuted', {'uri': 'a%20b.md'})
    """
    files = list(audited)
    order = list(RULES)
    rules = [
        {"id": name, "shortDescription": {"text": what}, "defaultConfiguration": {"level": level}}
        for name, level, what in RULES.values()
    ]
    unread = [
        {"level": "error", "message": {"text": f.error}, "locations": [{"physicalLocation": _artifact(f.file)}]}
        for f in files
        if f.error
    ]
    driver = {"name": "symgrad audit", "version": version, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not unread, "toolExecutionNotifications": unread}],
        "results": [_result(finding, order) for f in files for finding in f.findings],
    }
    return dumped({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, escaped)


def _result(finding: Finding, order: list[Word]) -> dict[str, Any]:
    name, level, _ = RULES[finding.word]
    place = finding.place
    physical = _artifact(place.file)
    location: dict[str, Any] = {"physicalLocation": physical}
    if place.cell:
        words = f"cell {place.cell}, line {place.line}"
        location["logicalLocations"] = [{"name": words, "fullyQualifiedName": f"{place.file}: {words}"}]
    else:
        physical["region"] = {"startLine": place.line, "startColumn": place.column}
    return {
        "ruleId": name,
        "ruleIndex": order.index(finding.word),
        "level": level,
        "kind": "fail" if level != "none" else _kind(finding.word),  # any other kind has the level none: 3.27.10
        "message": {"text": message(finding)},
        "locations": [location],
    }


def _kind(word: Word) -> str:
    return "pass" if word is Word.CONFIRMED else "notApplicable"


def _artifact(file: str) -> dict[str, Any]:
    return {"artifactLocation": {"uri": quote(os.fsencode(PurePath(file).as_posix()))}}


def message(finding: Finding) -> str:
    """Return a finding in one sentence."""
    value = f"; right is {finding.value}" if finding.value and finding.word.flags else ""
    value = value or (f"; computed: {finding.value}" if finding.value else "")
    reason = f" ({finding.reason})" if finding.reason else ""
    reading = f" Read: {finding.reading}." if finding.reading else ""
    return f"{finding.word}: {finding.claim}{value}{reason}.{reading}"
