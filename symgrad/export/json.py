"""JSON, for scripts: what was derived, how it is written, and the evidence that was found for it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from symgrad.export.math import Display, Document, Part, Text
from symgrad.export.style import dressed_parts
from symgrad.export.text import compact, math_text

if TYPE_CHECKING:
    from symgrad.export.backward import BackwardPage
    from symgrad.export.derivative import Presentation
    from symgrad.export.hessian_vector import HessianVectorPage
    from symgrad.network.network import Network


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
        **_equations(closed.network),
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
        **_equations(bp.network),
        "of": str(bp.of),
        "wrt": list(map(str, bp.asked)),
        "depth": bp.depth,
        "detail": page.form,
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


def with_lines(record: dict[str, Any], document: Document) -> dict[str, Any]:
    """Return a record with every equation of its page, in order, and with what the page says in words.

    lines: number, from 1; label, by which others refer to it; tag, its number in its source; role: equation,
    definition (a "where" line), forward, backward, gradient or step. said: the sentences, each after so many lines.

    >>> import symgrad as sg
    >>> page = sg.model("lstm").derivative("c[t]", "c[t-1]").presentation().document()
    >>> [(line["number"], line["role"], line["left"]) for line in with_lines({}, page)["lines"]][:2]
    [(1, 'equation', '∂c_t/∂c_{t-1}'), (2, 'definition', 'J_t')]
    """
    from symgrad.export.text import text

    lines: list[dict[str, Any]] = []
    said: list[dict[str, Any]] = []
    for part in document.parts:
        if isinstance(part, Display):
            own = {"number": len(lines) + 1, "label": part.name, "tag": part.label, "role": part.role}
            lines.append({**own, "relation": part.relation, **_equation_record(part)})
        elif isinstance(part, Text):
            said.append({"after": len(lines), "text": text(Document((part,))).strip()})
    return {**record, "lines": lines, "said": said}


def _equations(network: Network) -> dict[str, Any]:
    """Return a network as it is read again: its name, its text, and what is bound and replaced in it."""
    bindings, forms = [list(b) for b in network.bindings], list(network.forms)
    return {"model": network.name, "equations": network.text, "bindings": bindings, "forms": forms}


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
