"""``symgrad derive``: a derivative in closed form, with the evidence for it."""

from __future__ import annotations

import click
from click.core import ParameterSource

from symgrad.api.model import Model
from symgrad.calculus.unfold import FORMS
from symgrad.cli.bounded import timeout_option, waiting
from symgrad.cli.options import completed, depth_option, layout_option, model_options, notation_option, output_option
from symgrad.cli.output import terminal_width, write, write_json
from symgrad.cli.page import STANDALONE, STANDALONE_FORMATS
from symgrad.cli.page_options import page_options
from symgrad.cli.pipe import complain
from symgrad.desk.answer import answer
from symgrad.desk.question import BACKWARD, FORMS_OF_ANSWER, HVP, STEPS, Question
from symgrad.export.formats import FORMATS, LANGUAGES
from symgrad.export.page_options import PageOptions

FAILED = 1


@click.command("derive")
@click.option(
    "--of",
    required=True,
    metavar="QUANTITY",
    shell_complete=completed("quantity"),
    help="What is differentiated: C, 's[t]', 'a[L]'; in quotation marks, since a shell reads brackets as a pattern.",
)
@click.option(
    "--wrt",
    multiple=True,
    metavar="QUANTITY",
    shell_complete=completed("quantity"),
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
    type=click.Choice([*FORMATS, "json", *LANGUAGES]),
    default="text",
    show_default=True,
    help="What is written; json is for scripts; numpy, jax and torch are programs, with a self-test; julia is one that "
    "was not executed.",
)
@click.option(
    "--standalone", is_flag=True, help=f"With --format {STANDALONE_FORMATS}: a complete file, not a part of one."
)
@notation_option
@page_options
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
    only: str | None,
    label: str,
    env: str | None,
    labels: str | None,
    macros: bool,
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
      symgrad derive mlp --of C --activation tanh --cost quadratic --format jax -o mlp_gradients.py
      symgrad models rnn | symgrad derive - --of E --wrt U --format markdown --no-verify
      symgrad derive rnn --of E --wrt W --format markdown --labels quarto --label eq:rnn
      symgrad derive mlp --of C --only backward --format latex --env gather --label eq:mlp
      symgrad derive chain --of C --wrt 'b[1]' --depth 4 --only rhs --format latex
      symgrad derive rnn --of E --wrt W --notation mybook.toml --format latex --macros

    The exit code is 0, or 1 if the check refutes the result or cannot decide, or 2 if the input is wrong.
    """
    if standalone and format_ not in STANDALONE:
        raise click.UsageError(f"--standalone is for --format {STANDALONE_FORMATS}.", click.get_current_context())
    question = Question(
        model.text,
        of,
        wrt,
        model.name,
        depth,
        layout=layout if _is_given("layout") else None,
        form=form,
        detail=detail if _is_given("detail") else None,
    )
    if format_ in LANGUAGES:
        from symgrad.cli.derive_code import write_code

        return write_code(model, question, format_, seed if verify else None, digits, timeout, output)
    if not wrt and form not in (BACKWARD, HVP) and only != BACKWARD:
        raise click.UsageError("Missing option '--wrt': give one, or --form backward.", click.get_current_context())
    with waiting(timeout):
        found = answer(
            question,
            PageOptions(notation, format_, only, label, env, labels, standalone, macros),
            verify=verify,
            seed=seed,
            digits=digits,
            timeout=timeout,
            width=terminal_width(output),
            model=model,
        )
    for note in found.notes:
        complain(f"note: {note}")
    if found.record is not None:
        write_json(found.record, output)
    elif format_ in found.pages:
        write(found.pages[format_], output)
    if found.passes:
        return 0
    unprinted = "what is not known to be true is not printed; --no-verify prints it unchecked"
    complain(found.failure + (f"\n  what to do: {unprinted}" if detail != STEPS else ""))
    return FAILED


def _is_given(option: str) -> bool:
    """Tell whether an option stands on the command line."""
    return click.get_current_context().get_parameter_source(option) is ParameterSource.COMMANDLINE
