"""``symgrad check``: an author's own array beside the derivative that it is meant to be."""

from __future__ import annotations

from typing import Any

import click

from symgrad.api.model import Model
from symgrad.cli.bounded import bounded, timeout_option
from symgrad.cli.options import depth_option, layout_option, model_option
from symgrad.cli.output import write, write_json
from symgrad.errors import UnknownName, ValuesError

FAILED = 1


@click.command("check")
@model_option
@click.option("--of", required=True, metavar="QUANTITY", help="What is differentiated: C, 's[t]'.")
@click.option("--wrt", required=True, metavar="QUANTITY", help="By what: W for all layers, 'W[2]' for one.")
@click.option("--values", required=True, metavar="FILE", help="The parameters by name: .npz, or JSON.")
@click.option("--gradient", required=True, metavar="FILE", help="The array to be judged: .npz, .npy, or JSON.")
@depth_option
@layout_option
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@timeout_option
def command(
    model: Model,
    of: str,
    wrt: str,
    values: str,
    gradient: str,
    depth: int | None,
    layout: str,
    format_: str,
    timeout: float,
) -> int:
    """Judge an array of numbers that is meant to be a gradient: it is, or which slip gives just these numbers.

    The parameters have their names in the model, with the layers on the first axis, or one by one, W[1], W[2]. The
    gradient has the shape of what it is by. Every entry is compared in rigorous balls, relative to itself: it may be
    off by what rounding explains, at the precision of the array, and by nothing else.

    \b
    Examples:
      symgrad check --model chain --activation tanh --cost quadratic --of C --wrt w --values V.json --gradient G.json
      symgrad check --model my.eq --of E --wrt 'w[2]' --values values.json --gradient gradient.json --format json
      symgrad check --model my.eq --of 'a[2]' --wrt 'a[1]' --layout denominator --values values.json --gradient J.json

    The exit code is 0 where the array is the gradient, 1 where it is not or that is not decided, 2 for bad input.
    """
    from symgrad.api.arrays import by_layers, decimals, read_arrays
    from symgrad.api.check import check_gradient
    from symgrad.calculus.values.values import value_name
    from symgrad.evidence.slips.precision import Precision

    names = {value_name(q) for q in model.parameters}
    given = by_layers(read_arrays(values, "--values"), names)
    array = _gradient(read_arrays(gradient, "--gradient"), wrt, gradient)
    rounded = decimals(array) if not isinstance(array, dict) else None
    precision = Precision(f"{rounded} decimals", 53, rounded) if rounded is not None else None
    with bounded(timeout):
        found = check_gradient(model, of, wrt, given, array, depth, layout, precision)
    if format_ == "json":
        write_json(found.record())
    else:
        write(f"{found}\n")
    return 0 if found else FAILED


def _gradient(arrays: dict[str, Any], wrt: str, path: str) -> Any:
    """Return the array that a file has for the gradient: by its name, or the only one; or one for each layer."""
    for name in (wrt, f"d{wrt}", "gradient", ""):
        if name in arrays:
            return arrays[name]
    layers = {name.replace(" ", ""): x for name, x in arrays.items() if name.partition("[")[0] == wrt}
    if layers:
        return layers
    if len(arrays) == 1:
        return next(iter(arrays.values()))
    if not arrays:
        raise ValuesError(f"--gradient {path} holds no array", todo=f"put it there under the name {wrt}")
    raise UnknownName("array", wrt, arrays, where=f"--gradient {path}")
