"""The errors of the sources: what each prints, what is right, and the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from symgrad.derivation.derivation import Derivation
from symgrad.derivation.entry import Entry
from symgrad.derivation.erratum import Erratum
from symgrad.export.math import Document, Heading, Part, Text
from symgrad.export.steps import listed

INTRODUCTION = (
    "What the sources of the catalogue print and what is right. Each printed claim was checked and refuted; "
    "the steps that show what is right are those of the derivation that is named."
)


def errata_document(checked: Mapping[str, tuple[Entry, Derivation]]) -> Document:
    """Return the errors that checked derivations show, source by source."""
    parts: list[Part] = [Heading("Errata"), Text(INTRODUCTION)]
    for entry, derivation in checked.values():
        if derivation.errata:
            parts += [Heading(entry.title, 2), Text(f"Source: {entry.source}.")]
            parts += [part for e in derivation.errata for part in _parts(e, entry.name)]
    return Document(tuple(parts))


def errata_records(checked: Mapping[str, tuple[Entry, Derivation]]) -> list[dict[str, Any]]:
    """Return the errors as plain data."""
    return [
        {
            "derivation": entry.name,
            "source": entry.source,
            "place": e.place,
            "printed": e.printed,
            "right": e.right,
            "shown": e.shown,
            "against": e.evidence.counterexample if e.evidence else "",
            "steps": list(e.steps),
        }
        for entry, derivation in checked.values()
        for e in derivation.errata
    ]


def erratum_words(erratum: Erratum) -> str:
    """Return what a source prints, what is right, and the evidence against what is printed, as one paragraph."""
    place = _begun(erratum.place)
    if erratum.evidence is not None and not erratum.shown:
        return f"{place}: not shown to be an error, and left out."
    steps = f" ({_steps(erratum.steps)})" if erratum.steps else ""
    return " ".join([f"{place}. Printed: {erratum.printed}. Right: {erratum.right}{steps}.", *_against(erratum)])


def _parts(erratum: Erratum, name: str) -> Iterator[Part]:
    yield Heading(_begun(erratum.place), 3)
    if not erratum.shown:
        yield Text("Not shown to be an error, and left out.")
        return
    yield Text(f"Printed: {erratum.printed}.")
    yield Text(f"Right: {erratum.right}" + (f" ({_steps(erratum.steps)} of {name})." if erratum.steps else "."))
    yield from map(Text, _against(erratum))


def _against(erratum: Erratum) -> Iterator[str]:
    if erratum.evidence is not None and erratum.evidence.counterexample:
        yield f"Against what is printed: {erratum.evidence.counterexample}."


def _steps(numbers: Iterable[int]) -> str:
    shown = list(map(str, numbers))
    return f"step{'s' if len(shown) > 1 else ''} {listed(shown)}"


def _begun(place: str) -> str:
    return place[:1].upper() + place[1:]
