"""A derivative at given values as Magnitudes: numbers that neither underflow nor overflow, to any digits."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from math import ceil, log2
from typing import Any

import numpy as np
from flint import arb

from symgrad.algebra.index import Index, difference
from symgrad.calculus.closed_form import ClosedForm
from symgrad.calculus.numeric import evaluate, idle, index_numbers, placed, reads
from symgrad.calculus.values.read import read_values
from symgrad.errors import NotDefined
from symgrad.numbers.magnitude.magnitude import Magnitude, check_digits

MOST_DIGITS = 10_000


def magnitudes(
    form: ClosedForm,
    given: Mapping[str, Any],
    digits: int = 50,
    depth: int | None = None,
    indices: Mapping[str, int] | None = None,
    layout: str = "numerator",
) -> Any:
    """Return ∂of/∂wrt as a Magnitude, or as an array of them, each enclosed to ``digits`` digits or more.

    More digits are computed when they are asked for: the derivative is evaluated again, in longer balls.
    """
    check_digits(digits, MOST_DIGITS)

    @cache
    def balls(bits: int) -> Any:
        return evaluate(form, given, "ball", max(digits, ceil(bits / log2(10))), depth, indices, layout)

    def entry(place: tuple[int, ...]) -> Magnitude:
        return Magnitude(lambda bits: balls(bits)[place])

    least = ceil(digits * log2(10))
    first = balls(least)
    if not isinstance(first, np.ndarray):
        return Magnitude(lambda bits: balls(max(bits, least)))
    found = np.empty(first.shape, dtype=object)
    for place in np.ndindex(first.shape):
        found[place] = entry(place)
    return found


def growth_rate(
    form: ClosedForm,
    given: Mapping[str, Any],
    digits: int = 50,
    depth: int | None = None,
    indices: Mapping[str, int] | None = None,
) -> Magnitude:
    """Return (1/n) ln ‖∂of/∂wrt‖ in the Frobenius norm, over the n layers between ``wrt`` and ``of``.

    A gradient of n equal factors c has the growth rate ln |c|: it vanishes where the rate is negative. n is the
    difference of the two indices where both are of the same quantity, else the depth.
    """
    entries = magnitudes(form, given, digits, depth, indices)
    layers = _layers(form, given, depth, indices or {})
    if layers < 1:
        raise NotDefined(f"there is no layer between {form.wrt} and {form.of}", todo="give a later index")
    items = list(entries.flat) if isinstance(entries, np.ndarray) else [entries]
    if all(x.sign == 0 for x in items):
        raise NotDefined(f"∂{form.of}/∂{form.wrt} is 0: it has no rate of growth", todo="give other values")

    def enclose(bits: int) -> arb:
        square = sum((x.enclose(bits) ** 2 for x in items), arb(0))
        return square.log() / (2 * layers)

    return Magnitude(enclose)


def _layers(form: ClosedForm, given: Mapping[str, Any], depth: int | None, indices: Mapping[str, int]) -> int:
    network = form.network
    unread = idle(network, {*reads(form.map), form.wrt})
    values = read_values(network, given, "float", None, form.depth if depth is None else depth, unread)
    at = index_numbers(form, values, indices)
    of, wrt = placed(form.of, at), placed(form.wrt, at)
    if of.name != wrt.name or of.index is None or wrt.index is None:
        return values.depth
    assert not isinstance(of.index, Index)
    return difference(of.index, wrt.index) or 0
