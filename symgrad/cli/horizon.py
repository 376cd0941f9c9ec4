"""``symgrad horizon``: the depth at which each float format loses a power, or the bound of a gradient."""

from __future__ import annotations

import json
from collections.abc import Iterator

import click

from symgrad.cli.output import write, write_figure
from symgrad.cli.rows import rows
from symgrad.derivation.figure import Curve, Level, Plot
from symgrad.errors import SymgradError, ValuesError
from symgrad.numbers.growth import layer_growth
from symgrad.numbers.horizon import Horizon, horizon
from symgrad.numbers.power import read_power


@click.command("horizon")
@click.argument("what", metavar="BASE|MODEL")
@click.option("--activation", metavar="NAME", help="Of a model: logistic, tanh, relu, ...")
@click.option(
    "--weight", metavar="NUMBER", default="1", show_default=True, help="Of a model: the bound of its weights."
)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--plot", metavar="FILE", help="Draw log magnitude against depth: horizon.svg or .pdf (matplotlib).")
def command(what: str, activation: str | None, weight: str, format_: str, plot: str | None) -> None:
    """Find the first depth at which fp8, fp16, bf16, fp32 and fp64 lose BASE^depth, rounded once, to nearest even.

    For a MODEL the power is the bound of the gradient: (weight times the greatest slope of the activation)^depth.

    \b
    Examples:
      symgrad horizon 0.5
      symgrad horizon 1.5 --format json
      symgrad horizon chain --activation logistic --weight 1
      symgrad horizon rnn --activation tanh --weight 0.9 --plot horizon.svg
    """
    title, found = _find(what, activation, weight)
    if plot is not None:
        write_figure(_plot(title, found), plot)
    if format_ == "json":
        write(json.dumps({"power": title, "formats": [loss.record() for loss in found.losses]}, indent=2) + "\n")
    else:
        write(rows(_lines(title, found)))


def _find(what: str, activation: str | None, weight: str) -> tuple[str, Horizon]:
    from symgrad.api.model import models

    if what in models() or what.endswith(".eq"):
        from symgrad.cli.source import find_model

        model = find_model(what)
        growth = layer_growth(model.bind(activation) if activation else model, weight)
        return f"the bound of the gradient of {what}, ({growth})^depth", horizon(growth.value)
    if activation is not None:
        raise ValuesError(f"{what} is no model", todo=f"give a model before --activation: {', '.join(models())}")
    try:
        read_power(what, 1)
    except SymgradError as error:
        raise ValuesError(
            f"{what!r} is neither a number nor a model: {error.what}",
            where=error.where,
            todo=f"give a base such as 0.5, or a model: {', '.join(models())}",
        ) from None
    return f"|{what}|^depth", horizon(what)


def _plot(title: str, found: Horizon) -> Plot:
    lost = "0 in" if found.shrinks else "∞ in"
    return Plot(
        name="horizon",
        caption=f"The size of {title} against depth.",
        x_label="depth",
        y_label="log10 of the size",
        curves=(Curve(title, tuple(found.curve())),),
        levels=tuple(Level(y, f"{lost} {name}") for name, y in found.levels()),
    )


def _lines(title: str, found: Horizon) -> Iterator[tuple[str, str]]:
    yield "", f"first depth at which {title} is lost"
    for loss in found.losses:
        if loss.overflow is not None:
            yield loss.format.name, f"{loss.overflow}: {loss.format.beyond}"
        else:
            yield loss.format.name, f"{loss.subnormal}: subnormal, {loss.zero}: 0"
