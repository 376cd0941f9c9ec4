"""What is asked for, derived and laid out, and how it is checked: a derivative, backward equations, or steps."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from symgrad.api.model import Model
from symgrad.calculus.unfold import FORMS
from symgrad.desk.question import (
    BACKWARD,
    DETAILS,
    FORMS_OF_ANSWER,
    FORWARD,
    HVP,
    PATHS,
    PRODUCT,
    STEPS,
    TELESCOPED,
    Question,
    usual,
)
from symgrad.errors import SymgradError, UnknownName
from symgrad.export.math import Document
from symgrad.export.notation import Notation, fitting

if TYPE_CHECKING:
    from symgrad.api.backward import BackwardEquations
    from symgrad.api.hessian_vector import HessianVector
    from symgrad.evidence.evidence import Evidence
    from symgrad.export.derivative import Presentation

DERIVED = ("along", "backward", "gradients", "products")
"""What is left out of a record that did not pass."""
Pages = Mapping[str, str] | None


@dataclass(frozen=True)
class Solved:
    """An answer that is not checked. document: its page. verify(seed, digits, pages): its evidence, of the pages too;
    record(evidence): plain data for JSON, without its formulas where the evidence does not pass."""

    document: Document
    title: str
    notes: tuple[str, ...]
    verify: Callable[[int, int, Pages], Evidence]
    record: Callable[[Evidence | None], dict[str, Any]]


def check_notation(model: Model, question: Question, notation: Notation) -> None:
    """Raise UnknownName where a notation that is not shared names what a question has not."""
    asked = question.of + "".join(question.wrt)
    indices = re.findall(r"[^\W\d]\w*", "".join(re.findall(r"\[.*?\]", asked)))
    fitting(notation, model, letters=indices)


def settled(model: Model, question: Question) -> Question:
    """Return a question with the form and the detail that are taken where it names none.

    Raises UnknownName for a form or a detail that there is not, SymgradError for two that do not go together.

    >>> import symgrad as sg
    >>> asked = Question("mlp", "C", ("W[1]",))
    >>> settled(asked.build(), asked).form
    'product'
    """
    form, detail, wrt = question.form, question.detail, question.wrt
    if form is not None and form not in FORMS_OF_ANSWER:
        raise UnknownName("form of an answer", form, FORMS_OF_ANSWER)
    if detail is not None and detail not in (*FORMS, STEPS):
        raise UnknownName("detail", detail, (*FORMS, STEPS))
    if form is None:
        of_backward = detail is None or detail in DETAILS
        form = BACKWARD if len(wrt) != 2 and of_backward and usual(model, question.of, wrt, question.depth) else PRODUCT
    if form in (BACKWARD, HVP):
        if question.layout == "numerator":
            raise SymgradError(f"--form {form} is in denominator layout", todo="leave the layout out")
        if detail is not None and detail not in DETAILS:
            what = f"--form {form} has --detail {' or '.join(DETAILS)}, and not {detail}"
            raise SymgradError(what, todo="leave the detail out, or ask for --form product")
        return replace(question, form=form, detail=detail or DETAILS[0])
    twice = len(wrt) == 2 and form == PRODUCT and detail != STEPS
    if len(wrt) != 1 and not twice:
        given = "--wrt is given twice" if len(wrt) == 2 else f"--wrt is given {len(wrt)} times"
        raise SymgradError(f"--form {form} is by one quantity, and {given}", todo="give one, or --form backward")
    return replace(question, form=form, detail=detail or ("unfolded" if twice else "folded"))


def solve(model: Model, question: Question, notation: Notation) -> Solved:
    """Derive and lay out what is asked for, but for steps. question: a settled one. Raises as ``Model.derivative``."""
    if question.form in (BACKWARD, HVP):
        return _equations(model, question, notation)
    return _derivative(model, question, notation)


def _equations(model: Model, question: Question, notation: Notation) -> Solved:
    derive: Callable[..., BackwardEquations | HessianVector] = model.hvp if question.form == HVP else model.backward
    equations = derive(question.of, question.wrt or None, question.depth, question.detail)
    laid_out = equations.presentation(notation)

    def verify(seed: int, digits: int, pages: Pages) -> Evidence:
        return equations.verify(seed, digits, laid_out.notation, pages)

    def record(evidence: Evidence | None) -> dict[str, Any]:
        full = equations.record(laid_out.notation, evidence)
        passes = evidence is None or evidence.verdict.passes
        return full if passes else {**full, **{key: [] for key in DERIVED if key in full}}

    return Solved(laid_out.document(), equations.title, model.notes, verify, record)


def _derivative(model: Model, question: Question, notation: Notation) -> Solved:
    of, (by, *again), layout = question.of, question.wrt, question.layout or "numerator"
    detail = question.detail or "folded"
    gradient = model.hessian(of, by, again[0], layout) if again else model.derivative(of, by, question.depth, layout)
    ways = {FORWARD: gradient.recurrence, PATHS: gradient.paths, TELESCOPED: gradient.telescoped}
    presentation = ways.get(question.form or PRODUCT, gradient.presentation)(notation, detail)

    def verify(seed: int, digits: int, pages: Pages) -> Evidence:
        return gradient.verify(seed, digits, presentation.notation, detail, pages, presentation)

    title = f"∂{presentation.names[0]}/∂{presentation.names[1]} of {model.name}"
    return Solved(presentation.document(), title, gradient.notes, verify, lambda e: _record(presentation, e))


def _record(presentation: Presentation, evidence: Evidence | None) -> dict[str, Any]:
    from symgrad.export.json import derivative_record

    if evidence is None:
        return derivative_record(presentation)
    record = derivative_record(presentation, str(evidence.verdict), [c.record() for c in evidence.checks])
    return record if evidence.verdict.passes else {**record, "text": None, "latex": None, "factors": []}
