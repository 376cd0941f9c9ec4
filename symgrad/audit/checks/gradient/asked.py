"""Whether a claim is about a network at all: what differentiates and bounds is loaded only then."""

from __future__ import annotations

from symgrad.audit.case import Case
from symgrad.audit.finding import Judgement
from symgrad.reading.tree import Apply, Derivative, Symbol, Unknown

NETWORKS = ("model", "listing", "defined", "equations")
"""What a passage knows of a network: of a mark, a listing, signs := and equations."""


def gradient(case: Case) -> Judgement | None:
    """Judge a derivative by name where a text has a network, or speaks of errors δ; None for other claims."""
    text = case.passage.text
    has_network = any(kind in NETWORKS and given for kind, given in case.passage.known)
    if not has_network and text.isascii() and "delta" not in text:
        return None
    from symgrad.audit.checks.gradient import gradient as by_backpropagation

    return by_backpropagation.gradient(case)


def norm(case: Case) -> Judgement | None:
    """Judge the bound of a norm where the left side is one; None for other claims."""
    if not isinstance(case.left, Apply) or case.left.name not in ("abs", "norm2"):
        return None
    from symgrad.audit.checks.gradient import norm as bounds

    return bounds.norm(case)


def computed(case: Case) -> Judgement | None:
    """Judge the gradient by a letter of what a text computes above; None where the left side is none."""
    match case.nodes[0]:
        case (
            Derivative(Symbol(), _, 1)
            | Unknown("∇", (Symbol(), Symbol()))
            | Apply("*", (Symbol("d" | "delta"), Symbol()))
        ):
            pass
        case Symbol(name) if name.startswith("bar "):
            pass
        case _:
            return None
    if not case.passage.definitions:
        return None
    from symgrad.audit.checks.gradient import computed as through

    return through.computed(case)


def cross_entropy(case: Case) -> Judgement | None:
    """Judge the gradient of softmax with cross-entropy; None where no softmax is spoken of."""
    if not isinstance(case.left, Derivative):
        return None
    from symgrad.audit.checks.gradient import cross_entropy as costs

    return costs.cross_entropy(case)
