"""A derivation as plain data, as JSON holds it; ``restore`` reads it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symgrad.derivation.codec import encoded
from symgrad.derivation.derivation import Derivation
from symgrad.derivation.erratum import Erratum
from symgrad.derivation.step import Step
from symgrad.network.network import Network

FORMAT = 2


def to_data(derivation: Derivation) -> dict[str, Any]:
    """Return a derivation as dicts, lists, texts and numbers; ``from_data`` gives it back."""
    networks: dict[Network, int] = {}
    table: list[dict[str, Any]] = []

    def number(network: Network) -> int:
        if network not in networks:
            networks[network] = len(table)
            table.append(_network(network))
        return networks[network]

    steps = [_step(s, number) for s in derivation.steps]
    errata = [_erratum(e, number) for e in derivation.errata]
    return {
        "format": FORMAT,
        "title": derivation.title,
        "source": derivation.source,
        "assumptions": list(derivation.assumptions),
        "layout": derivation.layout,
        "verdict": str(derivation.verdict),
        "networks": table,
        "steps": steps,
        "errata": errata,
    }


def _network(network: Network) -> dict[str, Any]:
    bindings, forms = [list(b) for b in network.bindings], list(network.forms)
    return {"name": network.name, "equations": network.text, "bindings": bindings, "forms": forms}


def _step(step: Step, number: Callable[[Network], int]) -> dict[str, Any]:
    evidence = step.evidence
    return {
        "claim": encoded(step.claim, number),
        "rule": step.rule.name,
        "because": step.because,
        "premises": list(step.premises),
        "label": step.label,
        "section": step.section,
        "verdict": str(evidence.verdict) if evidence else "UNKNOWN",
        "evidence": [c.record() for c in evidence.checks] if evidence else [],
    }


def _erratum(e: Erratum, number: Callable[[Network], int]) -> dict[str, Any]:
    words = {"place": e.place, "printed": e.printed, "right": e.right}
    return {**words, "claim": encoded(e.claim, number), "steps": list(e.steps)}
