"""What the menus of the page offer that is the same for every model."""

from __future__ import annotations

from functools import cache
from typing import Any

from symgrad.serve.limits import LONGEST_EQUATIONS, LONGEST_NAME, LONGEST_TEXT

FORMS = {
    "": "the usual one",
    "product": "product",
    "backward": "backward",
    "forward": "forward",
    "paths": "paths",
    "telescoped": "telescoped",
    "hvp": "Hessian × direction",
}
DETAILS = {"folded": "σ′ kept", "unfolded": "σ′ written out", "inputs": "by the inputs"}
COPIES = {"latex": "LaTeX", "markdown": "MyST", "typst": "Typst", "numpy": "NumPy", "jax": "JAX", "text": "text"}


@cache
def menus() -> dict[str, Any]:
    """Return the menus: models, activations, costs, notations, layouts, forms, details, formats, kinds of text."""
    from symgrad.api.model import models
    from symgrad.calculus.layout_name import LAYOUTS
    from symgrad.export.notation import NOTATIONS
    from symgrad.ops.elementwise import activations
    from symgrad.ops.loss import LOSSES
    from symgrad.serve.tasks.audit import KINDS

    return {
        "models": [(name, name) for name in models()],
        "activations": [f.name for f in activations()],
        "costs": list(LOSSES),
        "notations": [(name, name) for name in NOTATIONS],
        "layouts": [(name, name) for name in LAYOUTS],
        "forms": list(FORMS.items()),
        "details": list(DETAILS.items()),
        "copies": list(COPIES.items()),
        "kinds": list(KINDS.items()),
        "longest_equations": LONGEST_EQUATIONS,
        "longest_name": LONGEST_NAME,
        "longest_text": LONGEST_TEXT,
    }
