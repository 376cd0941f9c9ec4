"""How large a derivative can be, by the sizes of what it is made of."""

from __future__ import annotations

from typing import Any

from symgrad.deadline import bounded
from symgrad.errors import NotDefined
from symgrad.export.math import Bars, Chain, Derivative
from symgrad.export.mathml import math_mathml
from symgrad.serve.fields import Fields
from symgrad.serve.limits import Limits
from symgrad.serve.tasks.question import notation, question


def task(fields: Fields, seconds: float = Limits.seconds) -> dict[str, Any]:
    """Return ‖∂of/∂wrt‖ ≤ a product of sizes, as MathML.

    >>> found = task({"model": "chain", "of": "a[L]", "wrt": ["a[0]"], "functions": {"sigma": "logistic"}})
    >>> found["text"], found["html"].startswith("<math")
    ('4^(-L) ∏_{j=1}^{L} |w_j|', True)
    """
    asked, model = question(fields)
    if len(asked.wrt) != 1:
        raise NotDefined("a bound is one of a derivative by one quantity", todo="choose one quantity under by")
    written = notation(fields, model)
    with bounded(seconds):
        gradient = model.derivative(asked.of, asked.wrt[0], asked.depth)
        found = gradient.bound()
        left = gradient.presentation(written).left
        norm = Bars(left, double=True) if isinstance(left, Derivative) else left
        html = math_mathml(Chain((norm, found.math(written)), ("≤",)), display=True)
    return {"html": html, "text": str(found), "norm": found.norm}
