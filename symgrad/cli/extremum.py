"""What ``symgrad maximise`` and ``symgrad minimise`` share: their options, and how an extremum is shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click

from symgrad.cli.bounded import bounded
from symgrad.cli.output import write
from symgrad.cli.rows import rows
from symgrad.numbers.extremum.cross_check import Opinion
from symgrad.numbers.extremum.extremum import POINTS, Extremum, maximise, minimise, span
from symgrad.numbers.extremum.local_extrema import LocalExtremum, local_extrema

UNDECIDED = 1
SEARCH, MORE = 20.0, 10.0
"""Seconds of the search, and of all that comes after it: digits, conditions, opinions."""
_SEARCH = {"maximum": maximise, "minimum": minimise}


def extremum_command(name: str, kind: str) -> click.Command:
    """Return the command that finds the maximum or the minimum."""

    @click.command(
        name,
        context_settings={"ignore_unknown_options": True},
        help=f"""Find the global {kind} of EXPRESSION over a domain, enclosed, and prove it.

    \b
    Examples:
      symgrad {name} 'z/(2*cosh(z/2)^2)' --over 'z in [0, oo)'
      symgrad {name} "silu'(x)" --digits 100
      symgrad {name} 'x*log(x)' --over '0 < x <= 2' --format json
      symgrad {name} 'sin(x)*exp(-x/10)' --over '0 <= x <= 20' --all

    The exit code is 0 if everything is decided, 1 if something is not (the best enclosure is shown), 2 if the
    input is wrong.
    """,
    )
    @click.argument("expression")
    @click.option("--over", metavar="DOMAIN", help="'z in [0, oo)', 'w >= 4', '0 < y < 1'; else the real line.")
    @click.option("--digits", type=int, default=30, show_default=True, help="Digits of place and value.")
    @click.option("--timeout", type=float, default=SEARCH, show_default=True, help="Seconds of the search.")
    @click.option("--all", "with_all", is_flag=True, help="List every local maximum and minimum too.")
    @click.option("--opinions/--no-opinions", default=True, show_default=True, help="Ask SciPy and mpmath too.")
    @click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
    def command(
        expression: str,
        over: str | None,
        digits: int,
        timeout: float,
        with_all: bool,
        opinions: bool,
        format_: str,
    ) -> int:
        with bounded(timeout * (2 if with_all else 1) + MORE):
            found = _SEARCH[kind](expression, None, over, digits, timeout)
            local = local_extrema(expression, None, over, timeout) if with_all else ()
            if format_ == "json":
                text = json.dumps(_record(found, local, opinions), indent=2) + "\n"
            else:
                text = rows(_lines(found, local, opinions))
            agree = not opinions or all(o.agrees for o in found.opinions)
        write(text)
        return 0 if found.proved and agree else UNDECIDED

    return command


def _lines(m: Extremum, local: tuple[LocalExtremum, ...], opinions: bool) -> Iterator[tuple[str, str]]:
    yield "", f"{m.kind} of {m.formula} over {m.domain}"
    best = "" if m.complete else "time is up; the best enclosure so far: "
    yield "value", best + m.value_text
    for where in m.where.split("; "):
        yield "where", where
    yield "proof", m.proof
    if m.condition is not None:
        for line in m.condition.lines():
            label, _, rest = line.partition(" ")
            yield (f"exact {label}", rest) if label in ("place", "value") else ("condition", line)
    for opinion in m.opinions if opinions else ():
        yield opinion.source.split()[0], _opinion(opinion)
    for e in local:
        place = e.candidate
        if place.kind == "open":
            yield "undecided", f"somewhere in {span(place.box, m.variable)}"
        else:
            label = e.what if e.what == "undecided" else f"local {e.what}"
            yield label, f"{m.variable} = {e.at.enclosed(m.digits)}, {e.value.to(m.digits)}"


def _opinion(opinion: Opinion) -> str:
    verdict = "agrees" if opinion.agrees else "DOES NOT AGREE"
    return f"{opinion.value} at {opinion.place}: {verdict}"


def _record(m: Extremum, local: tuple[LocalExtremum, ...], opinions: bool) -> dict[str, Any]:
    return {
        "kind": m.kind,
        "expression": str(m.formula),
        "domain": str(m.domain),
        "digits": m.digits,
        "value": None if m.value is None else m.value.to(m.digits),
        "value_in_words": m.value_text,
        "value_between": None if m.value is None else m.value.ends(m.digits),
        "points": [
            {
                "kind": c.kind,
                "exact": c.exact_place,
                "place": c.place_magnitude().to(m.digits) if c.kind in POINTS else None,
                "toward": c.toward or None,
            }
            for c in m.points
        ],
        "where": m.where,
        "attained": m.attained,
        "unique": m.unique,
        "complete": m.complete,
        "proof": m.proof,
        "condition": None if m.condition is None else m.condition.lines(),
        "opinions": [vars(o) for o in m.opinions] if opinions else [],
        "local": [_local_record(e, m.digits) for e in local],
    }


def _local_record(e: LocalExtremum, digits: int) -> dict[str, Any]:
    """Return the row of a local extremum; of an undecided piece that has no end the place is null."""
    box, values = e.candidate.box, e.candidate.range
    known = box.width.is_finite() and (values is None or values.width.is_finite())
    return {
        "what": e.what,
        "place": e.at.to(digits) if known else None,
        "value": e.value.to(digits) if known else None,
    }
