"""``symgrad power``: a power such as 0.5^150, exact, in digits, and in the float formats."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import click

from symgrad.arithmetic.scientific import digits_of
from symgrad.cli.bounded import bounded_command
from symgrad.cli.rows import rows
from symgrad.numbers.magnitude.cross_check import opinion_on, said
from symgrad.numbers.magnitude.decimal import expansion, expansion_digits
from symgrad.numbers.magnitude.float_format import FORMATS, Rounded
from symgrad.numbers.magnitude.magnitude import Magnitude, check_digits, magnitude
from symgrad.numbers.magnitude.power import Power, read_power

SHORT = 400
"""Digits up to which an exact decimal expansion is shown without --exact."""


@click.command("power", context_settings={"ignore_unknown_options": True})
@click.argument("base")
@click.argument("exponent")
@click.option("--digits", type=int, default=10, show_default=True, help="Digits of the rounded value.")
@click.option("--exact", is_flag=True, help="Write the exact fraction and the exact decimal expansion out.")
@click.option("--format", "format_", type=click.Choice(["text", "latex", "json"]), default="text", show_default=True)
@bounded_command
def command(base: str, exponent: str, digits: int, exact: bool, format_: str) -> str:
    """Compute BASE^EXPONENT: the exact value, its digits, correctly rounded, and what float formats make of it.

    BASE is a decimal, which is read exactly, a fraction, or a root; EXPONENT is a whole number.

    \b
    Examples:
      symgrad power 1.5 149
      symgrad power 0.5 150 --digits 20
      symgrad power 3/2 -4 --exact
      symgrad power 'sqrt(2)' 149 --format latex
      symgrad power 0.5 1000000000
    """
    check_digits(digits)
    power = read_power(base, exponent)
    formed = power.exact() if exact else None
    match format_:
        case "latex":
            return power.magnitude.latex(digits) + "\n"
        case "json":
            return json.dumps(_record(power, digits, formed), indent=2) + "\n"
        case _:
            return rows(_lines(power, digits, formed))


def _lines(power: Power, digits: int, formed: Fraction | None) -> Iterator[tuple[str, str]]:
    m = power.magnitude
    yield "", str(power)
    fraction = fraction_text(power)
    if fraction is not None and fraction != str(power):
        yield "fraction", fraction
    if formed is not None and formed.denominator != 1:
        yield "exact", _written(formed)
    length = expansion_digits(power)
    value = formed if formed is not None else m.exact
    if length is not None and value is not None and (formed is not None or length <= SHORT):
        yield "decimal", expansion(value)
    yield "rounded", m.to(digits)
    if m.sign:
        yield "log10", m.log10().to(max(digits, 10))
    for name, format_ in FORMATS.items():
        yield name, rounded_text(format_.round(m), m)
    yield "mpmath", said(opinion_on(m, power.value, digits))


def _written(q: Fraction) -> str:
    below = "" if q.denominator == 1 else f"/{digits_of(q.denominator)}"
    return digits_of(q.numerator) + below


def fraction_text(power: Power) -> str | None:
    """Return 3^149/2^149 for (3/2)^149; None for an irrational power."""
    if power.rational is None:
        return None
    q, n = power.rational
    sign = "-" if q < 0 and n % 2 else ""
    above, below = (abs(q.numerator), q.denominator) if n >= 0 else (q.denominator, abs(q.numerator))
    shown = [str(x) if x == 1 or abs(n) == 1 else f"{x}^{abs(n)}" for x in (above, below)]
    return sign + (shown[0] if below == 1 else "/".join(shown))


def rounded_text(rounded: Rounded, m: Magnitude) -> str:
    """Return what a format makes of a number, in words."""
    match rounded.kind:
        case "zero":
            return "0" if m.sign == 0 else "0: it underflows"
        case "inf":
            return ("-" if m.sign == -1 else "") + "inf: it overflows"
        case "nan":
            return "nan: it overflows, and this format has no infinity"
    assert rounded.value is not None  # normal or subnormal
    digits = magnitude(rounded.value).to(10)
    exactly = ", exactly" if m.exact == rounded.value else ""
    return digits + (", subnormal" if rounded.kind == "subnormal" else "") + exactly


def _record(power: Power, digits: int, formed: Fraction | None) -> dict[str, Any]:
    m = power.magnitude
    formats = {name: (f.round(m)) for name, f in FORMATS.items()}
    opinion = opinion_on(m, power.value, digits)
    return {
        "power": str(power),
        "fraction": fraction_text(power),
        "exact": None if formed is None else _written(formed),
        "sign": m.sign,
        "rounded": m.to(digits),
        "log10": m.log10().to(max(digits, 10)) if m.sign else None,
        "mpmath": None if opinion is None else vars(opinion),
        "formats": {
            name: {"kind": r.kind, "value": None if r.value is None else str(r.value)} for name, r in formats.items()
        },
    }
