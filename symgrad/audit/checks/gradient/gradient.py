"""Gradients of networks that a text prints, against backpropagation on the network that it speaks of.

Both sides are evaluated with drawn weights. What agrees in any layout, activation or reading is right; what agrees in
none is wrong, and small changes tell what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from symgrad.audit.case import Case
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.audit.network.authors import activation, meanings, of_one_example, plain, quantity, rank
from symgrad.audit.network.entries import entries_agree, has_entries
from symgrad.audit.network.evaluation import COLUMNS
from symgrad.audit.network.slip import changes
from symgrad.audit.network.statement import Statement, definitions, equations, statement
from symgrad.audit.network.usual import usual
from symgrad.audit.network.values import Found, Manner, agrees, closed, compared, network_of
from symgrad.calculus.layout_name import LAYOUTS
from symgrad.errors import SymgradError
from symgrad.evidence.slips import kinds
from symgrad.reading.page.defined import Definition
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Name, Partial

KIND = "gradient"
MEAN = "the cost as the mean over examples, of which the network has one"
DIFFERS = "it differs from the gradient of the network"
SEEMS = "it differs from the gradient of the network that the text seems to define"
IMMEDIATE = "right if ∂ by a parameter is the immediate derivative, which holds the layers before constant"
ZERO_ELSEWHERE = re.compile(r"for ◇ = ◇ ?, and 0 otherwise")
CERTAIN = ("model", "listing", "defined")
"""Networks that are surely meant: by a mark, by a listing, by signs :=."""


@dataclass(frozen=True)
class _Beside:
    """What stands beside a statement: the lines that say what its names are, its text, and the layout that is said."""

    defined: tuple[Definition, ...]
    text: str
    layouts: tuple[str, ...]
    diagonal: bool


def gradient(case: Case) -> Judgement | None:
    """Judge a derivative by name on every network that may be meant; None for other claims, and without a network.

    Right on any network is right. Wrong on each it is refuted where the network is surely meant, or where it is known
    what is wrong with it.
    """
    known, said = list(networks(case)), list(_said(case))
    means = [mean for s in said if (mean := of_one_example(s)) is not None]
    said += means
    if not known:
        return next((usually for s in said if (usually := _usual(s, _beside(case))) is not None), None)
    if not said:
        return _stated(case)
    beside = _beside(case)
    reasons, differing = [], list[_Differing]()
    for kind, network in known:
        differing.append(_Differing(kind, network))
        try:
            for meant in (replace(m, mean=s in means) for s in said for m in meanings(s, network_of(network))):
                found = _found(network, meant.said, beside)
                if found.agrees:
                    right = _right(found, beside.layouts[0], meant.error)
                    return replace(right, reading=MEAN) if meant.mean else right
                differing[-1].readings.append((meant.said, found))
        except (NotUnderstoodError, SymgradError) as error:
            reasons.append(str(error).splitlines()[0])
    if reasons:
        return unchecked(f"not understood: {reasons[0]}", KIND)
    return _wrong(differing, beside)


def _usual(said: Statement, beside: _Beside) -> Judgement | None:
    """Judge what is said of errors without a network, on the usual one: what is wrong with it is only noted."""
    slip: Judgement | None = None
    for reading in usual(said):
        try:
            for meant in meanings(reading.statement, network_of(reading.network)):
                found = _found(reading.network, meant.said, beside)
                if found.agrees and not found.manner.immediate:
                    return Judgement(
                        Word.CONFIRMED, reason="the gradient of the network", kind=KIND, reading=reading.said
                    )
                slip = slip or _slip(reading.network, meant.said, beside, found)
        except (NotUnderstoodError, SymgradError):
            continue
    return None if slip is None else Judgement(Word.NOTE, slip.value, f"{slip.reason}, on the usual network", KIND)


def _found(network: str, said: Statement, beside: _Beside) -> Found:
    if has_entries(said):
        agree = any(entries_agree(closed(network, said), said, beside.diagonal, x) for x in beside.layouts)
        return Found(agree, Manner(layout=beside.layouts[0]))
    return compared(network, said, beside.defined, beside.text, beside.layouts)


def _right(found: Found, usual: str, error: str) -> Judgement:
    layout, reading = found.manner.layout, f"δ as ∂C/∂{error}" if error else ""
    if found.manner.immediate:
        return Judgement(Word.NOTE, reason=IMMEDIATE, kind=KIND)
    if layout not in (usual, COLUMNS) and not found.flat:
        return Judgement(Word.NOTE, reason=f"right in {layout} layout only", kind=KIND)
    return Judgement(Word.CONFIRMED, reason="the gradient of the network", kind=KIND, reading=reading)


@dataclass(frozen=True)
class _Differing:
    """A network on which a statement is right in none of its readings, and how each of them compares."""

    kind: str
    text: str
    readings: list[tuple[Statement, Found]] = field(default_factory=list)


def _wrong(differing: list[_Differing], beside: _Beside) -> Judgement:
    """Say what is wrong with a statement that is right on none of these networks."""
    slips = [
        [s for said, found in d.readings if (s := _slip(d.text, said, beside, found)) is not None] for d in differing
    ]
    named = [s for of_network in slips for s in of_network]
    if noted := next((s for s in named if s.word is Word.NOTE), None):
        return noted
    unvalued = next((found.reason for d in differing for _, found in d.readings if not found.valued), "")
    if named and (not unvalued or all(slips)):
        return named[0]
    if unvalued:
        return unchecked(f"not understood: {unvalued}", KIND)
    if all(d.kind in CERTAIN for d in differing):
        return Judgement(Word.REFUTED, reason=DIFFERS, kind=KIND)
    return unchecked(SEEMS, KIND)


def _slip(network: str, said: Statement, beside: _Beside, found: Found) -> Judgement | None:
    """Return what is wrong with a statement, where one small change makes it right."""
    if said.change is not None or has_entries(said):
        return None
    whole, model = closed(network, said), network_of(network)
    usual = [m for m in found.tried if not m.immediate and m.layout != COLUMNS]
    apart = isinstance(said.left, Partial) and isinstance(of := said.left.of, Name) and rank(quantity(of, model), model)
    for manners in (usual[:1], usual[1:]) if apart else (usual,):  # of a number any layout is usual
        for right, value, told in changes(said.right, said.left, model, activation(model)):
            if any(_agrees(whole, Statement(said.left, right), beside, manner) for manner in manners):
                return Judgement(Word.NOTE if told == kinds.DIAGONAL else Word.REFUTED, value, told, KIND)
    return None


def _agrees(network: str, said: Statement, beside: _Beside, manner: Manner) -> bool:
    try:
        return agrees(network, said, beside.defined, manner) is not None
    except NotUnderstoodError:
        return False


def _beside(case: Case) -> _Beside:
    shown = tuple(part.text for part in case.passage.sentence.parts if part.display)
    texts = (*shown, case.passage.text) if case.passage.text not in shown else shown
    said = dict(case.passage.known).get("layout", "")
    layouts = LAYOUTS[::-1] if said == "denominator" else LAYOUTS
    diagonal = bool(ZERO_ELSEWHERE.search(case.passage.sentence.words()))
    return _Beside(definitions(texts), " ".join((case.passage.text, *shown)), layouts, diagonal)


def networks(case: Case) -> Iterator[tuple[str, str]]:
    """Yield the networks that may be meant: that of a mark, or those of the page."""
    given = [(kind, text) for kind, text in case.passage.known if kind in (*CERTAIN, "equations") and text]
    marked = [g for g in given if g[0] == "model"]
    yield from dict.fromkeys(marked or given)


def _said(case: Case) -> Iterator[Statement]:
    """Yield what a relation says of a derivative by name: of a chain, what the first side is; * may be by entries."""
    text = plain(case.passage.text)
    for spelled in dict.fromkeys((text, text.replace("*", r" \odot "))):
        found = equations(spelled)
        if case.number < len(found) and (said := statement(found[case.number], len(case.nodes) - 1)) is not None:
            yield said


def _stated(case: Case) -> Judgement | None:
    """Call J_j = ... below "where" a definition."""
    sentence = case.passage.sentence
    below = any(role == "where" for role in sentence.roles[: case.passage.at + 1])
    found = equations(plain(case.passage.text))
    if not below or case.relation != "=" or case.number >= len(found) or not found[case.number].sides:
        return None
    if isinstance(found[case.number].sides[0], Name):
        return Judgement(Word.DEFINITION, reason="the text says “where”", kind="definition")
    return None
