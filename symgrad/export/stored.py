"""A derivation as JSON with a digest of every printed equation, so that a later run can tell which moved."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from symgrad.derivation.data import to_data
from symgrad.derivation.derivation import Derivation
from symgrad.derivation.restore import from_data
from symgrad.derivation.step import Step
from symgrad.errors import SymgradError
from symgrad.export.claims.presentation import ClaimPresentation
from symgrad.export.latex import latex
from symgrad.export.math import Document
from symgrad.export.notation import NOTATIONS

LARGEST = 20_000_000
"""Characters of JSON that are read: as lists they take some twenty times the memory."""


def stored(derivation: Derivation) -> dict[str, Any]:
    """Return a derivation as plain data with the digests of its equations, as printed in the first notation."""
    data = to_data(derivation)
    for step, digest in zip(data["steps"], digests(derivation), strict=True):
        step["digest"] = digest
    return data


def digests(derivation: Derivation) -> Iterator[str]:
    """Yield a digest of each step's equations as LaTeX."""
    return map(_digest, derivation.steps)


def _digest(step: Step) -> str:
    page = ClaimPresentation(NOTATIONS["nielsen"])
    printed = latex(Document(tuple(page.parts(step.claim, step.label))))
    return hashlib.sha256(printed.encode()).hexdigest()[:16]


def read_stored(text: str, name: str = "derivation") -> tuple[Derivation, Mapping[int, str]]:
    """Return the derivation in JSON, unchecked, and the digests by step.

    Raises SymgradError for text that is not a derivation.
    """
    data = read_json(text, name)
    derivation = from_data(data)
    kept = {n: s["digest"] for n, s in enumerate(data["steps"], start=1) if isinstance(s.get("digest"), str)}
    return derivation, kept


def read_json(text: str, name: str) -> Any:
    """Return the plain data of JSON. Raises SymgradError for text that is none, or too long."""
    if len(text) > LARGEST:
        raise SymgradError(f"{name} is longer than {LARGEST:,} characters", todo="split the derivation")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SymgradError(
            f"{name} is not JSON: {error}", todo="write it with symgrad derive ... --detail steps --format json"
        ) from None


def moved(derivation: Derivation, kept: Mapping[int, str]) -> list[int]:
    """Return the numbers of the steps whose equations are no longer printed as they were.

    What was checked and did not pass is not printed, and is not looked at.
    """
    printed = (n for n, s in enumerate(derivation.steps, start=1) if s.evidence is None or s.evidence.verdict.passes)
    return [n for n in printed if n in kept and kept[n] != _digest(derivation.steps[n - 1])]
