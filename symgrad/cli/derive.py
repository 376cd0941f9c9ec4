"""``symgrad derive``: a derivative in closed form, with the evidence for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from symgrad.api.model import Model
from symgrad.calculus.unfold import FORMS
from symgrad.cli.backward import BACKWARD, DETAILS, HVP, Checked, Shown, usual, write_backward
from symgrad.cli.bounded import bounded, timeout_option
from symgrad.cli.options import depth_option, layout_option, model_options, notation_option, output_option
from symgrad.cli.output import write, write_json
from symgrad.cli.page import STANDALONE, page
from symgrad.cli.pipe import complain
from symgrad.export.derivative import Presentation
from symgrad.export.formats import FORMATS
from symgrad.export.math import Comment, Document
from symgrad.export.notation import Notation, remarks
from symgrad.export.notation import notation as find_notation

if TYPE_CHECKING:
    from symgrad.api.derivation import Derivation
    from symgrad.evidence.evidence import Evidence

FAILED = 1
STEPS = "steps"
PRODUCT, FORWARD, PATHS, TELESCOPED = "product", "forward", "paths", "telescoped"
FORMS_OF_ANSWER = (PRODUCT, BACKWARD, FORWARD, PATHS, TELESCOPED, HVP)


@click.command("derive")
@click.option("--of", required=True, metavar="QUANTITY", help="What is differentiated: C, 's[t]', 'a[L]'.")
@click.option(
    "--wrt",
    multiple=True,
    metavar="QUANTITY",
    help="By what: W, 'b[1]', 's[k]', 'a[0]'; given twice, a second derivative; with --form backward several, or none "
    "for every parameter.",
)
@depth_option
@model_options
@layout_option
@click.option(
    "--form",
    type=click.Choice(FORMS_OF_ANSWER),
    help="One product of Jacobians; the backward equations δ_l, which is what is printed where layers are matrices; "
    "one step of the forward recursion, ∂s_t/∂W by ∂s_{t-1}/∂W; the product multiplied out into its paths; through "
    "residual steps, ∂C/∂x_L and a sum over the steps; or the Hessian times a direction, as equations.",
)
@click.option(
    "--detail",
    type=click.Choice([*FORMS, STEPS]),
    default="folded",
    show_default=True,
    help="Keep σ' and ∂C/∂a, write them out, or write everything by the inputs; or print every step.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice([*FORMATS, "json"]),
    default="text",
    show_default=True,
    help="What is written; json is for scripts.",
)
@click.option("--standalone", is_flag=True, help="With --format latex or html: a complete file, not a part of one.")
@notation_option
@click.option("--verify/--no-verify", default=True, show_default=True, help="Check the result before it is printed.")
@click.option(
    "--seed", type=click.IntRange(0), metavar="N", default=0, show_default=True, help="Seed of the points of the check."
)
@click.option(
    "--digits",
    type=click.IntRange(15, 10_000),
    metavar="N",
    default=60,
    show_default=True,
    help="Precision of the check.",
)
@timeout_option
@output_option
def command(
    model: Model,
    of: str,
    wrt: tuple[str, ...],
    depth: int | None,
    layout: str,
    form: str | None,
    detail: str,
    format_: str,
    standalone: bool,
    notation: str,
    verify: bool,
    seed: int,
    digits: int,
    timeout: float,
    output: str | None,
) -> int:
    """Derive the total derivative of one quantity of MODEL by another, in closed form.

    MODEL is a built-in model (see symgrad models), a file of equations, or - for standard input.

    \b
    Examples:
      symgrad derive chain --of C --wrt 'b[1]'
      symgrad derive chain --of C --wrt 'b[1]' --depth 4
      symgrad derive chain --of C --wrt 'w[1]' --depth 2 --activation tanh --cost quadratic --detail inputs
      symgrad derive rnn --of 's[t]' --wrt 's[k]' --layout denominator
      symgrad derive rnn --of E --wrt W --format latex --standalone -o gradient.tex
      symgrad derive mlp --of C --form backward
      symgrad derive lstm --of E --wrt U_f --wrt b_f --form backward --detail unfolded
      symgrad derive mlp --of C --wrt 'W[1]' --notation ng --function sigma=relu
      symgrad derive deep_linear --of 'a[L]' --wrt 'a[0]' --let 'W[l] = 1.5*I' --depth 150
      echo 'C = sin(x*y)' | symgrad derive - --of C --wrt x --wrt y
      symgrad derive lstm --of 'c[t]' --wrt 'c[k]' --detail steps --timeout 120
      symgrad derive mlp --of C --wrt 'b[1]' --format html --standalone -o gradient.html
      symgrad derive gru --of 'h[t]' --wrt 'h[t-1]' --format json --seed 7 --digits 100
      symgrad models rnn | symgrad derive - --of E --wrt U --format markdown --no-verify

    The exit code is 0, or 1 if the check refutes the result or cannot decide, or 2 if the input is wrong.
    """
    if standalone and format_ not in STANDALONE:
        raise click.UsageError("--standalone is for --format latex or html.", click.get_current_context())
    indices = re.findall(r"[^\W\d]\w*", "".join(re.findall(r"\[.*?\]", of + "".join(wrt))))
    symbols = [model.symbol, model.depth_symbol, *indices]
    _note(remarks(find_notation(notation), [*model.names, *model.functions], symbols))
    if form is None:
        form = BACKWARD if len(wrt) != 2 and detail in DETAILS and usual(model, of, wrt, depth) else PRODUCT
    if form in (BACKWARD, HVP):
        if layout == "numerator" and _is_given("layout"):
            raise click.UsageError(f"--form {form} is in denominator layout.", click.get_current_context())
        shown = Shown(format_, find_notation(notation), detail, standalone, output)
        return write_backward(model, of, wrt, depth, shown, Checked(verify, seed, digits, timeout), form)
    twice = len(wrt) == 2 and form == PRODUCT and detail != STEPS
    if len(wrt) != 1 and not twice:
        what = "Missing option '--wrt'" if not wrt else f"--form {form} is by one quantity, and --wrt is given twice"
        raise click.UsageError(f"{what}: give one, or --form backward.", click.get_current_context())
    by = wrt[0]
    if twice and not _is_given("detail"):
        detail = "unfolded"
    if detail == STEPS:
        with bounded(timeout):
            derivation = model.derive(of, by, depth, layout)
            _note(model.notes)
            if verify:
                from symgrad.api.printed.steps import formats_of, read_back

                checked = derivation.checked(seed, digits)
                derivation = read_back(checked, find_notation(notation), formats_of(format_), seed, digits)
        return _write_steps(derivation, find_notation(notation), format_, standalone, output)
    with bounded(timeout):
        gradient = model.hessian(of, by, wrt[1], layout) if twice else model.derivative(of, by, depth, layout)
        _note(gradient.notes)
        laid_out = {
            FORWARD: gradient.recurrence,
            PATHS: gradient.paths,
            TELESCOPED: gradient.telescoped,
        }.get(form, gradient.presentation)
        presentation = laid_out(find_notation(notation), detail)
        title = f"∂{presentation.names[0]}/∂{presentation.names[1]} of {model.name}"
        document = presentation.document()
        pages = None if format_ == "json" else {format_: page(document, format_, output, title, standalone)}
        evidence = gradient.verify(seed, digits, presentation.notation, detail, pages, presentation) if verify else None
    if format_ == "json":
        write_json(_record(presentation, evidence), output)
    elif evidence is None or evidence.verdict.passes:
        write(page(_with_evidence(document, evidence), format_, output, title, standalone), output)
    if evidence is None or evidence.verdict.passes:
        return 0
    complain(f"{evidence}\n  what to do: what is not known to be true is not printed; --no-verify prints it unchecked")
    return FAILED


def _is_given(option: str) -> bool:
    """Tell whether an option stands on the command line."""
    return click.get_current_context().get_parameter_source(option) is ParameterSource.COMMANDLINE


def _note(notes: tuple[str, ...]) -> None:
    """Write what may have been meant otherwise to standard error."""
    for note in notes:
        complain(f"note: {note}")


def _write_steps(derivation: Derivation, notation: Notation, format_: str, standalone: bool, output: str | None) -> int:
    """Write every step; the exit code is 1 if one was checked and did not pass."""
    if format_ == "json":
        from symgrad.export.stored import stored

        write_json(stored(derivation), output)
    else:
        document = derivation.document(notation, evidence=format_ != "text")
        write(page(document, format_, output, "Derivation", standalone), output)
    wrong = [
        n for n, step in enumerate(derivation.steps, start=1) if step.evidence and not step.evidence.verdict.passes
    ]
    if not wrong:
        return 0
    complain(f"{derivation.verdict}: step {wrong[0]} did not pass\n{derivation.steps[wrong[0] - 1].evidence}")
    return FAILED


def _with_evidence(document: Document, evidence: Evidence | None) -> Document:
    return Document((*document.parts, Comment(str(evidence or "Not checked."))))


def _record(presentation: Presentation, evidence: Evidence | None) -> dict[str, Any]:
    from symgrad.export.json import derivative_record

    if evidence is None:
        return derivative_record(presentation)
    record = derivative_record(presentation, str(evidence.verdict), [c.record() for c in evidence.checks])
    return record if evidence.verdict.passes else {**record, "text": None, "latex": None, "factors": []}
