"""``symgrad critical``: the critical line of an activation, between vanishing and exploding gradients."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click

from symgrad.cli.bounded import bounded_command
from symgrad.cli.output import write_figure
from symgrad.cli.rows import rows
from symgrad.derivation.figure import Curve, Mark, Plot
from symgrad.numbers.expectation.critical import Critical, critical
from symgrad.numbers.magnitude.magnitude import check_digits

MOST = 1000
METHOD = "interval Newton: there is one q* in the enclosure, and no other"


@click.command("critical", context_settings={"ignore_unknown_options": True})
@click.argument("activation")
@click.option("--bias-variance", metavar="NUMBER", default="0", show_default=True, help="σ_b², that of the biases.")
@click.option("--digits", type=int, default=25, show_default=True, help="Digits of each number.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--plot", metavar="FILE", help="Draw the phase diagram: phases.svg or .pdf (matplotlib).")
@bounded_command
def command(activation: str, bias_variance: str, digits: int, format_: str, plot: str | None) -> str:
    """Find the weight variance σ_w² at which gradients of a deep network of ACTIVATION neither vanish nor explode.

    Weights have the variance σ_w²/n_in. On the line χ₁ = σ_w² E[φ'(√q* z)²] = 1, where q* is the variance that
    pre-activations come to.

    \b
    Examples:
      symgrad critical tanh --bias-variance 0.05
      symgrad critical erf --bias-variance 0.05 --digits 50 --format json
      symgrad critical tanh --plot phases.svg
    """
    check_digits(digits, MOST)
    found = critical(activation, bias_variance)
    if plot is not None:
        write_figure(_plot(found), plot)
    if format_ == "json":
        return json.dumps(_record(found, digits), indent=2) + "\n"
    else:
        return rows(_lines(found, digits))


def _lines(c: Critical, digits: int) -> Iterator[tuple[str, str]]:
    yield "", f"the critical line of {c.f.text}, where σ_b² = {c.bias_variance.to(4)}"
    yield "σ_w²", c.weight_variance.to(digits) + (f" = {c.formula} for q = q*" if c.formula else "")
    if c.fixed_point is None:
        yield "q*", "every variance stays as it is"
        return
    yield "q*", c.fixed_point.to(digits)
    if c.fixed_point.sign:
        yield "proved by", METHOD
    if c.layer.repelling:
        yield "but", "from q* the variance moves away"


def _record(c: Critical, digits: int) -> dict[str, Any]:
    return {
        "activation": c.f.name,
        "parameters": {name: str(q) for name, q in c.f.parameters},
        "bias_variance": c.bias_variance.to(digits),
        "weight_variance": c.weight_variance.to(digits),
        "fixed_point": None if c.fixed_point is None else c.fixed_point.to(digits),
        "formula": c.formula or None,
        "repelling": c.layer.repelling,
    }


def _plot(c: Critical) -> Plot:
    curve = Curve(r"$\chi_1 = 1$: above it chaotic, below it ordered", tuple(c.line()))
    place = (float(c.bias_variance), float(c.weight_variance))
    return Plot(
        name="phases",
        caption=f"The phases of {c.f.text}: gradients explode above the critical line, and vanish below it.",
        x_label=r"variance of the biases, $\sigma_b^2$",
        y_label=r"of the weights, $\sigma_w^2$",
        curves=(curve,),
        marks=(Mark(*place, f"({place[0]:.4g}, {place[1]:.4g})"),),
    )
