"""``symgrad evaluate``: the value of an expression, exact where it can be, else enclosed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click

from symgrad.cli.bounded import bounded, timeout_option
from symgrad.cli.output import write
from symgrad.cli.rows import rows
from symgrad.errors import ValuesError
from symgrad.numbers.magnitude.cross_check import said
from symgrad.numbers.magnitude.value import Value, evaluate

DISAGREES = 1


@click.command("evaluate", context_settings={"ignore_unknown_options": True})
@click.argument("expression")
@click.option("--at", "at", metavar="NAME=NUMBER", multiple=True, help="The number of a variable: x=1/3, x=sqrt(2).")
@click.option("--digits", type=int, default=30, show_default=True, help="Digits of the value.")
@click.option("--opinion/--no-opinion", default=True, show_default=True, help="Ask mpmath too.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@timeout_option
def command(expression: str, at: tuple[str, ...], digits: int, opinion: bool, format_: str, timeout: float) -> int:
    """Evaluate EXPRESSION: exactly where it is a sum of roots and powers of pi, else enclosed to so many digits.

    Decimals are read exactly: 0.1 is 1/10. mpmath evaluates the same expression in floating point of as many digits.

    \b
    Examples:
      symgrad evaluate '(1 + sqrt(2))^2'
      symgrad evaluate 'x*tanh(x)' --at x=1/3 --digits 50
      symgrad evaluate "silu'(2)" --format json

    The exit code is 0, 1 if mpmath does not agree, 2 if the input is wrong.
    """
    with bounded(timeout):
        found = evaluate(expression, dict(_pair(text) for text in at), digits)
        if format_ == "json":
            text = json.dumps(_record(found, opinion), indent=2) + "\n"
        else:
            text = rows(_lines(found, opinion))
    write(text)
    wrong = opinion and found.opinion is not None and not found.opinion.agrees
    return DISAGREES if wrong else 0


def _pair(text: str) -> tuple[str, str]:
    name, sign, number = text.partition("=")
    if not sign or not name.strip() or not number.strip():
        raise ValuesError(f"--at {text!r} is no number of a variable", todo="write --at x=1/3")
    return name.strip(), number.strip()


def _lines(v: Value, opinion: bool) -> Iterator[tuple[str, str]]:
    yield "", str(v.formula) + "".join(f", {name} = {g}" for name, g in v.at)
    if v.exact is not None:
        yield "exact", v.exact
    yield ("value" if v.closed is not None else "enclosed"), v.magnitude.enclosed(v.digits)
    if v.at_kink:
        yield "note", "exactly at a kink or a jump, where slope and value are conventions (PyTorch's)"
    if opinion:
        yield "mpmath", said(v.opinion)


def _record(v: Value, opinion: bool) -> dict[str, Any]:
    return {
        "expression": str(v.formula),
        "at": {name: str(g) for name, g in v.at},
        "digits": v.digits,
        "is_exact": v.closed is not None,
        "exact": v.exact,
        "value": v.magnitude.to(v.digits),
        "between": None if v.closed is not None else v.magnitude.ends(v.digits),
        "at_kink": v.at_kink,
        "mpmath": vars(v.opinion) if opinion and v.opinion is not None else None,
    }
