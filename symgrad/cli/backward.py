"""``symgrad derive --form backward``: the backward equations of a number, with the evidence for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from symgrad.algebra.expression import Quantity
from symgrad.api.model import Model
from symgrad.cli.bounded import bounded
from symgrad.cli.output import write, write_json
from symgrad.cli.page import page
from symgrad.cli.pipe import complain
from symgrad.export.math import Comment, Document
from symgrad.export.notation import Notation

if TYPE_CHECKING:
    from symgrad.api.backward import BackwardEquations
    from symgrad.api.hessian_vector import HessianVector

FAILED = 1
BACKWARD, HVP = "backward", "hvp"
DERIVED = ("along", "backward", "gradients", "products")
"""What is left out of a record that did not pass."""
DETAILS = ("folded", "unfolded")
"""How backward equations are written: with σ', or with the slopes written out."""


@dataclass(frozen=True)
class Shown:
    """In which format, notation and detail a page is written, and where to."""

    format: str
    notation: Notation
    detail: str
    standalone: bool
    output: str | None


@dataclass(frozen=True)
class Checked:
    """Whether a page is checked before it is printed, and how."""

    verify: bool
    seed: int
    digits: int
    timeout: float


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


def write_backward(
    model: Model, of: str, wrt: tuple[str, ...], depth: int | None, shown: Shown, checked: Checked, form: str = BACKWARD
) -> int:
    """Derive, check and write backward equations, or those of a Hessian times a direction, for the form "hvp".

    The exit code is 1 where the check does not pass.
    """
    if shown.detail not in DETAILS:
        raise click.UsageError(
            f"--form {form} has --detail {' or '.join(DETAILS)}, and not {shown.detail}.", click.get_current_context()
        )
    derive: Callable[..., BackwardEquations | HessianVector] = model.hvp if form == HVP else model.backward
    with bounded(checked.timeout):
        equations = derive(of, wrt or None, depth, shown.detail)
        laid_out = equations.presentation(shown.notation)
        document = laid_out.document()
        what = "Hessian-vector product" if form == HVP else "Backward equations"
        title = f"{what} of {equations.of} of {model.name}"
        json = shown.format == "json"
        pages = None if json else {shown.format: page(document, shown.format, shown.output, title, shown.standalone)}
        evidence = equations.verify(checked.seed, checked.digits, laid_out.notation, pages) if checked.verify else None
    for note in model.notes:
        complain(f"note: {note}")
    passes = evidence is None or evidence.verdict.passes
    if json:
        record = equations.record(laid_out.notation, evidence)
        kept = record if passes else {**record, **{key: [] for key in DERIVED if key in record}}
        write_json(kept, shown.output)
    elif passes:
        with_evidence = Document((*document.parts, Comment(str(evidence or "Not checked."))))
        write(page(with_evidence, shown.format, shown.output, title, shown.standalone), shown.output)
    if passes:
        return 0
    complain(f"{evidence}\n  what to do: what is not known to be true is not printed; --no-verify prints it unchecked")
    return FAILED
