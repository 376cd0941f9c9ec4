"""Derivatives by name, as symgrad prints them, on the network that the page defines or a mark names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from symgrad.audit.case import Case
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.audit.network.entries import entries_agree, has_entries
from symgrad.audit.network.statement import Statement, definitions, equations, statement
from symgrad.audit.network.values import LAYOUTS, Found, closed, compared
from symgrad.errors import SymgradError
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Name

KIND = "gradient"
DIFFERS = "it differs from the gradient of the network"
DIAGONAL = re.compile(r"for ◇ = ◇ ?, and 0 otherwise")
CERTAIN = ("model", "listing", "defined")
"""Networks that are surely meant: by a mark, by a listing, by signs :=."""


def printed(case: Case) -> Judgement | None:
    """Judge a derivative by name on every network that may be meant; None for other claims, and without a network.

    Right on any network is right; what differs on each of them is left to the checks that say what is wrong with it.
    """
    known = list(networks(case))
    if not known or (said := _said(case)) is None:
        return _stated(case) if known else None
    beside = tuple(part.text for part in case.passage.sentence.parts if part.display)
    defined = definitions((*beside, case.passage.text) if case.passage.text not in beside else beside)
    reasons, differs = [], 0
    diagonal = bool(DIAGONAL.search(case.passage.sentence.words()))
    said_layout = dict(case.passage.known).get("layout", "")
    layouts = LAYOUTS[::-1] if said_layout == "denominator" else LAYOUTS
    for _, network in known:
        try:
            if has_entries(said):
                agrees = any(entries_agree(closed(network, said), said, diagonal, layout) for layout in layouts)
                found = Found(agrees, layouts[0])
            else:
                found = compared(network, said, defined, " ".join((case.passage.text, *beside)), layouts)
        except (NotUnderstoodError, SymgradError) as error:
            reasons.append(str(error).splitlines()[0])
            continue
        if found.agrees:
            if found.layout != layouts[0] and not found.flat:
                return Judgement(Word.NOTE, reason=f"right in {found.layout} layout only", kind=KIND)
            return Judgement(Word.CONFIRMED, reason="the gradient of the network", kind=KIND)
        differs += 1
    if differs and not reasons and all(kind in CERTAIN for kind, _ in known):
        return unchecked(DIFFERS, KIND)
    return unchecked(f"not understood: {reasons[0]}" if reasons else "it differs from the gradient", KIND)


def differing(case: Case) -> Judgement | None:
    """Refute what differs on every network, where no check before could say what is wrong with it."""
    found = printed(case)
    if found is None or found.reason != DIFFERS:
        return None
    return Judgement(Word.REFUTED, reason=DIFFERS, kind=KIND)


def networks(case: Case) -> Iterator[tuple[str, str]]:
    """Yield the networks that may be meant: that of a mark, or those of the page."""
    given = [(kind, text) for kind, text in case.passage.known if kind in (*CERTAIN, "equations") and text]
    marked = [g for g in given if g[0] == "model"]
    yield from dict.fromkeys(marked or given)


def _said(case: Case) -> Statement | None:
    found = equations(case.passage.text)
    return statement(found[case.number]) if case.number < len(found) else None


def _stated(case: Case) -> Judgement | None:
    """Call J_j = ... below "where" a definition."""
    sentence = case.passage.sentence
    below = any(role == "where" for role in sentence.roles[: case.passage.at + 1])
    found = equations(case.passage.text)
    if not below or case.relation != "=" or case.number >= len(found) or not found[case.number].sides:
        return None
    if isinstance(found[case.number].sides[0], Name):
        return Judgement(Word.DEFINITION, reason="the text says “where”", kind="definition")
    return None
