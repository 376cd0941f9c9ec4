"""A question to symgrad as plain data: which derivative, of which equations, in which form."""

from __future__ import annotations

from dataclasses import dataclass

from symgrad.algebra.expression import Quantity
from symgrad.api.model import Model, model, models, parse
from symgrad.errors import UnknownName

BACKWARD, HVP, STEPS = "backward", "hvp", "steps"
PRODUCT, FORWARD, PATHS, TELESCOPED = "product", "forward", "paths", "telescoped"
FORMS_OF_ANSWER = (PRODUCT, BACKWARD, FORWARD, PATHS, TELESCOPED, HVP)
DETAILS = ("folded", "unfolded")
"""How backward equations are written: with σ', or with the slopes written out."""


@dataclass(frozen=True)
class Question:
    """∂of/∂wrt of a model, and in which form. What is None is chosen by what is asked for.

    model: the name of a built-in model, or equations, whose ``name`` is what messages call them. functions, let: what
    is bound and replaced, (("sigma", "tanh"),) and ("W[l] = 1.5*I",). detail: "steps" for every step.

    >>> Question("chain", "C", ("b[1]",), activation="tanh").build().bindings
    (('sigma', 'tanh'),)
    """

    model: str
    of: str
    wrt: tuple[str, ...] = ()
    name: str = "equations"
    depth: int | None = None
    activation: str | None = None
    cost: str | None = None
    functions: tuple[tuple[str, str], ...] = ()
    let: tuple[str, ...] = ()
    layout: str | None = None
    form: str | None = None
    detail: str | None = None

    def build(self) -> Model:
        """Return the model, with its functions bound. Raises as ``symgrad.parse`` and ``Model.bind``."""
        found = model(self.model) if self.model in models() else parse(self.model, self.name)
        return bound(found, dict(self.functions), self.activation, self.cost, self.let)


def bound(
    found: Model, functions: dict[str, str], activation: str | None, cost: str | None, let: tuple[str, ...]
) -> Model:
    """Return a model with its functions bound and its parameters replaced. Raises UnknownName and ModelError."""
    if functions:
        from symgrad.network.functions import opaque

        known = {*opaque(found), *dict(found.bindings)}
        for name in functions:
            if name not in known:
                raise UnknownName("opaque function", name, known, where=f"model {found.name}")
        found = found.bind(**functions)
    if activation is not None or cost is not None:
        found = found.bind(activation, cost)
    return found.let(*let) if let else found


def usual(model: Model, of: str, wrt: tuple[str, ...], depth: int | None = None) -> bool:
    """Tell whether backward equations are what is printed of a gradient: where layers are matrices, or no product is
    written, as with several recurrences at a symbolic depth.

    >>> import symgrad as sg
    >>> layer = sg.parse("X: (n, d)\\nW: (d, d)\\nH = X@W\\nC = sum(H)")
    >>> usual(sg.model("mlp"), "C", ("W[1]",)), usual(layer, "C", ("W",))
    (False, True)
    """
    from symgrad.network.asked import asked

    number = model.resolve(asked(model, of, "--of").quantity)
    if model.shape(number) or len(wrt) != 1 or asked(model, wrt[0], "--wrt").places:
        return False
    if model.grid and depth is None:
        return True
    by = asked(model, wrt[0], "--wrt").quantity
    between = [q for q in _between(model, number, by.name) if q.name != by.name]
    return any(len(model.shape(q)) == 2 for q in between)


def _between(model: Model, of: Quantity, by: str) -> list[Quantity]:
    """Return what the equations define on the ways from a name to ``of``."""
    from symgrad.algebra.expression_tree import quantities

    below, above = {by}, {of.name}
    for _ in model.equations:
        below |= {e.target.name for e in model.equations if any(q.name in below for q in quantities(e.value))}
        above |= {q.name for e in model.equations if e.target.name in above for q in quantities(e.value)}
    return [e.target for e in model.equations if e.target.name in below & above]
