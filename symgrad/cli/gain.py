"""``symgrad gain``: what each criterion of initialisation asks of an activation, and what the libraries have."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import click

from symgrad.cli.bounded import bounded_command
from symgrad.cli.rows import rows
from symgrad.derivation.figure import Table
from symgrad.errors import NotDefined, ValuesError
from symgrad.export.formats import FORMATS
from symgrad.numbers.expectation.gain import Criterion, Gain, gain
from symgrad.numbers.expectation.mean_field import GRID, Layer
from symgrad.numbers.magnitude.magnitude import Magnitude, check_digits
from symgrad.numbers.magnitude.shown import brief
from symgrad.ops.elementwise import activations

ONE, ALL = 12, 6
"""Digits where none are asked for: of one activation, and in the table of all."""
MOST = 1000
FATE = {"chaotic": "gradients explode", "ordered": "gradients vanish"}
HEADER = ("criterion", "gain", "q*", "χ₁", "phase", "depth scale", "given by")
HEADER_OF_ALL = (
    *("activation", "φ'(0)", "E φ", "E φ²", "deviation", "E φ'²"),
    *("slope", "second moment", "variance", "backward", "PyTorch", "given by"),
)


@click.command("gain", context_settings={"ignore_unknown_options": True})
@click.argument("activation", required=False)
@click.option("--all", "every", is_flag=True, help="A table of all activations.")
@click.option("--bias-variance", metavar="NUMBER", default="0", show_default=True, help="The variance of the biases.")
@click.option("--digits", type=int, help=f"Digits of each number; {ONE}, in the table {ALL}.")
@click.option("--format", "format_", type=click.Choice([*FORMATS, "json"]), default="text", show_default=True)
@partial(bounded_command, items=lambda every, **_: len(activations()) if every else 1)
def command(activation: str | None, every: bool, bias_variance: str, digits: int | None, format_: str) -> str:
    """Find the gain of ACTIVATION: weights of variance gain²/n_in keep what a criterion says.

    Beside each gain stands the deep network that it makes: the variance q* that pre-activations come to, and
    χ₁, by which a squared gradient grows per layer. Means over a normal z are enclosed in balls.

    \b
    Examples:
      symgrad gain tanh
      symgrad gain 'leaky_relu(0.2)' --digits 30
      symgrad gain softplus --bias-variance 0.1 --format json
      symgrad gain --all --format markdown
    """
    if every == (activation is not None):
        raise ValuesError("one activation, or all of them", todo="write symgrad gain tanh, or symgrad gain --all")
    digits = check_digits((ALL if every else ONE) if digits is None else digits, MOST)
    found = [gain(f, bias_variance) for f in (activations() if activation is None else [activation])]
    if format_ == "json":
        records = [_record(g, digits) for g in found]
        return json.dumps(records if every else records[0], indent=2, ensure_ascii=False) + "\n"
    elif every:
        table = Table("gains", "The gain of each activation.", HEADER_OF_ALL, tuple(_row(g, digits) for g in found))
        return FORMATS[format_].table(table)
    elif format_ == "text":
        return rows(_lines(found[0], digits))
    else:
        table = Table("gain", f"The gains of {found[0].f.text}.", HEADER, tuple(_criteria(found[0], digits)))
        return FORMATS[format_].table(table)


def _lines(g: Gain, digits: int) -> Iterator[tuple[str, str]]:
    yield "", f"{g.f.text} of z, which is normal with mean 0 and variance 1"
    yield "φ'(0)", brief(g.slope, digits, "none: a kink at 0")
    yield "E φ", brief(g.mean, digits)
    yield "E φ²", brief(g.second, digits)
    yield "deviation", brief(g.deviation, digits)
    yield "E φ'²", brief(g.slope_second, digits)
    yield "E φ φ'", brief(g.cross, digits)
    yield "", f"gains, and the deep network that each makes with biases of variance {g.bias_variance.to(digits)}"
    for c in g.criteria:
        yield c.name, _said(c, digits)


def _said(c: Criterion, digits: int) -> str:
    if c.gain is None or c.layer is None:
        return "none: at 0 there is no slope, or the slope 0"
    parts = [brief(c.gain, digits), *_regime(c.layer, digits)]
    if c.library:
        parts.append(f"given by: {', '.join(c.yielded_by)}" if c.yielded_by else "given by no criterion")
    return "; ".join(parts)


def _regime(layer: Layer, digits: int) -> Iterator[str]:
    """Say what becomes of the variance, and of gradients."""
    yield _fixed_point(layer, digits)
    try:
        phase = layer.phase
    except NotDefined:
        return
    if layer.fixed_point is not None and layer.fixed_point.sign != 0:
        yield f"√E φ² = {brief(layer.output, digits)} there"
    yield f"χ₁ = {brief(layer.chi, digits)}, {phase}" + (f": {FATE[phase]}" if phase in FATE else "")
    if layer.depth_scale is not None:
        yield f"by e over {brief(layer.depth_scale, digits)} layers"


def _fixed_point(layer: Layer, digits: int) -> str:
    if layer.every_variance:
        return "every variance stays"
    q = layer.fixed_point
    if q is None:
        return f"the variance grows beyond {GRID[-1]:g}"
    return f"q* = {brief(q, digits)}" + (", from which the variance moves away" if layer.repelling else "")


def _criteria(g: Gain, digits: int) -> Iterator[tuple[str, ...]]:
    for c in g.criteria:
        yield (c.name, brief(c.gain, digits, "none"), *_cells(c.layer, digits), _given(c))


def _cells(layer: Layer | None, digits: int) -> tuple[str, ...]:
    if layer is None:
        return ("", "", "", "")
    q = "every" if layer.every_variance else brief(layer.fixed_point, digits, "∞")
    try:
        return q, brief(layer.chi, digits), layer.phase, brief(layer.depth_scale, digits, "∞")
    except NotDefined:
        return q, "", "", ""


def _given(c: Criterion) -> str:
    return ", ".join(c.yielded_by) or ("none" if c.library else "")


def _row(g: Gain, digits: int) -> tuple[str, ...]:
    own = {c.name: c for c in g.criteria}
    numbers = (g.slope, g.mean, g.second, g.deviation, g.slope_second)
    gains = (own[name].gain for name in ("slope", "second moment", "variance", "backward"))
    torch = own.get("PyTorch")
    library = (brief(torch.gain, digits), _given(torch)) if torch else ("", "")
    return (g.f.name, *(brief(x, digits, "none") for x in (*numbers, *gains)), *library)


def _record(g: Gain, digits: int) -> dict[str, Any]:
    numbers = ("slope", "mean", "second", "variance", "deviation", "slope_second", "cross")
    return {
        "activation": g.f.name,
        "parameters": {name: str(q) for name, q in g.f.parameters},
        "bias_variance": brief(g.bias_variance, digits),
        **{name: _json(getattr(g, name), digits) for name in numbers},
        "gains": [_criterion_record(c, digits) for c in g.criteria],
    }


def _criterion_record(c: Criterion, digits: int) -> dict[str, Any]:
    found: dict[str, Any] = {"name": c.name, "gain": _json(c.gain, digits)}
    if c.library:
        found["given_by"] = list(c.yielded_by)
    if c.layer is not None:
        q = "every" if c.layer.every_variance else _json(c.layer.fixed_point, digits) or "infinite"
        found["fixed_point"] = q
        try:
            found |= {"chi": _json(c.layer.chi, digits), "phase": c.layer.phase, "repelling": c.layer.repelling}
            found["depth_scale"] = _json(c.layer.depth_scale, digits) or "infinite"
        except NotDefined:
            found |= {"chi": None, "phase": None}
    return found


def _json(x: Magnitude | None, digits: int) -> str | None:
    return None if x is None else brief(x, digits)
