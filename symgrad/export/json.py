"""JSON, for scripts: what was derived, how it is written, and the evidence that was found for it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from symgrad.export.math import Display, Part
from symgrad.export.style import dressed_parts
from symgrad.export.text import compact, math_text

if TYPE_CHECKING:
    from symgrad.export.backward import BackwardPage
    from symgrad.export.derivative import Presentation
    from symgrad.export.hessian_vector import HessianVectorPage


def derivative_record(
    presentation: Presentation, verdict: str | None = None, evidence: Sequence[dict[str, Any]] = ()
) -> dict[str, Any]:
    """Return a derivative as plain data; ``verdict`` is None where nothing was checked.

    ``depth`` is None where it is symbolic. ``factors`` are those of ``text``, in its order.

    >>> import symgrad as sg
    >>> record = derivative_record(sg.model("chain").derivative("C", "b[1]", depth=1).presentation())
    >>> record["of"], record["wrt"], record["factors"], record["verdict"]
    ('C', 'b[1]', ["σ'(z_1)", '∂C/∂a_1'], None)
    """
    from symgrad.export.latex_math import math_latex

    closed = presentation.closed
    right = presentation.typesetter.suited.math(presentation.right)
    return {
        "model": closed.network.name,
        "of": presentation.names[0],
        "wrt": presentation.names[1],
        "depth": closed.depth,
        "layout": presentation.layout,
        "notation": presentation.notation.name,
        "text": math_text(right),
        "latex": math_latex(right),
        "factors": list(presentation.factors()),
        "assumptions": [str(a) for a in closed.assumptions],
        "reason": closed.reason,
        "notes": list(closed.notes),
        "verdict": verdict,
        "evidence": list(evidence),
    }


def backward_record(
    page: BackwardPage, verdict: str | None = None, evidence: Sequence[dict[str, Any]] = ()
) -> dict[str, Any]:
    """Return backward equations as plain data; ``verdict`` is None where nothing was checked.

    Each equation has its left and its right side as text and as LaTeX, and the ranges of its indices.

    >>> import symgrad as sg
    >>> record = backward_record(sg.model("chain").backward("C", "b").presentation())
    >>> record["backward"][1]["left"], record["backward"][1]["ranges"]
    ('δ_j', [{'index': 'j', 'from': 'L-1', 'to': '1'}])
    """
    bp = page.equations
    return {
        "model": bp.network.name,
        "of": str(bp.of),
        "depth": bp.depth,
        "layout": "denominator",
        "notation": page.notation.name,
        **{
            name: [_equation_record(d) for d in dressed_parts(displays, page.typesetter.suited.style)]
            for name, displays in (
                ("forward", page.forward),
                ("errors", page.definitions),
                ("backward", page.backward),
                ("gradients", page.gradients),
            )
        },
        "assumptions": [str(a) for a in bp.assumptions],
        "notes": list(bp.network.notes),
        "verdict": verdict,
        "evidence": list(evidence),
    }


def hessian_vector_record(
    page: HessianVectorPage, verdict: str | None = None, evidence: Sequence[dict[str, Any]] = ()
) -> dict[str, Any]:
    """Return the equations of a Hessian times a direction as plain data: those of the backward pass, and "along"."""
    record = backward_record(page.first, verdict, evidence)
    for name, displays in (("along", page.along), ("backward", page.backward), ("products", page.gradients)):
        record[name] = [_equation_record(d) for d in dressed_parts(displays, page.typesetter.suited.style)]
    del record["gradients"]
    return record


def _equation_record(d: Part) -> dict[str, Any]:
    assert isinstance(d, Display)
    from symgrad.export.latex_math import math_latex

    ranges = [{"index": math_text(s.symbol), "from": compact(s.first), "to": compact(s.last)} for s in d.steps]
    return {
        "left": math_text(d.left),
        "text": math_text(d.right),
        "left_latex": math_latex(d.left),
        "latex": math_latex(d.right),
        "ranges": ranges,
    }


def json_text(record: Any, escaped: bool = False) -> str:
    """Return plain data as JSON text; ``escaped`` writes every letter that is not ASCII by its code."""
    return json.dumps(record, ensure_ascii=escaped, indent=2) + "\n"
