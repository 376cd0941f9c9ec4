"""``symgrad horizon``: the depth at which each float format loses a power, or the bound of a gradient."""

from __future__ import annotations

import json
from collections.abc import Iterator

import click

from symgrad.cli.bounded import bounded_command
from symgrad.cli.output import write_figure
from symgrad.cli.rows import rows
from symgrad.derivation.figure import Curve, Level, Plot
from symgrad.errors import SymgradError, ValuesError
from symgrad.numbers.bound.growth import layer_growth
from symgrad.numbers.magnitude.horizon import Horizon, horizon
from symgrad.numbers.magnitude.power import read_power


@click.command("horizon", context_settings={"ignore_unknown_options": True})
@click.argument("what", metavar="BASE|MODEL")
@click.option("--activation", metavar="NAME", help="Of a model: logistic, tanh, relu, ...")
@click.option("--weight", metavar="NUMBER", help="Of a model: the bound of its weights, 1 where it is left out.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--plot", metavar="FILE", help="Draw log magnitude against depth: horizon.svg or .pdf (matplotlib).")
@bounded_command
def command(what: str, activation: str | None, weight: str | None, format_: str, plot: str | None) -> str:
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
        return json.dumps({"power": title, "formats": [loss.record() for loss in found.losses]}, indent=2) + "\n"
    else:
        return rows(_lines(title, found))


def _find(what: str, activation: str | None, weight: str | None) -> tuple[str, Horizon]:
    from symgrad.api.model import models

    if what in models() or what.endswith(".eq"):
        from symgrad.cli.source import find_model

        model = find_model(what)
        growth = layer_growth(model.bind(activation) if activation else model, _bound(weight or "1"))
        return f"the bound of the gradient of {what}, ({growth})^depth", horizon(growth.value)
    for option, value in (("--activation", activation), ("--weight", weight)):
        if value is not None:
            raise ValuesError(f"{what} is no model", todo=f"give a model before {option}: {', '.join(models())}")
    try:
        read_power(what, 1)
    except SymgradError as error:
        raise ValuesError(
            f"{what!r} is neither a number nor a model: {error.what}",
            where=error.where,
            todo=f"give a base such as 0.5, or a model: {', '.join(models())}",
        ) from None
    return f"|{what}|^depth", horizon(what)


def _bound(weight: str) -> str:
    """Return the bound of the weights, a number that is not negative."""
    sign = read_power(weight, 1).magnitude.sign
    if sign is None or sign < 0:
        raise ValuesError(f"a bound of weights of {weight}", todo="give a number that is 0 or more")
    return weight


def _plot(title: str, found: Horizon) -> Plot:
    return Plot(
        name="horizon",
        caption=f"The size of {title} against depth; in the bands digits are lost, beyond them everything.",
        x_label="depth",
        y_label="log10 of the size",
        curves=(Curve(title, tuple(found.curve())),),
        levels=tuple(Level(y, f"{_lost(name, found)} in {name}", since) for name, y, since in found.levels()),
    )


def _lost(format_: str, found: Horizon) -> str:
    return "0" if found.shrinks else found[format_].format.beyond


def _lines(title: str, found: Horizon) -> Iterator[tuple[str, str]]:
    yield "", f"first depth at which {title} is lost"
    for loss in found.losses:
        if loss.overflow is not None:
            yield loss.format.name, f"{loss.overflow}: {loss.format.beyond}"
        else:
            digits_go = "" if loss.subnormal is None else f"{loss.subnormal}: subnormal, "
            yield loss.format.name, f"{digits_go}{loss.zero}: 0"
