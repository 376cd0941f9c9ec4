"""Which slip an array of numbers shows: that with which backpropagation gives just these numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb

from symgrad.errors import SymgradError
from symgrad.evidence.slips import kinds
from symgrad.evidence.slips.precision import Entries, Precision, agreement
from symgrad.evidence.slips.rules import DoesNotFitError
from symgrad.evidence.slips.sweep import Asked, Parts
from symgrad.evidence.slips.table import by_outputs, slips
from symgrad.evidence.slips.tape import Slip
from symgrad.evidence.slips.whole import factors, rearranged

DIGITS = 60
MOST_STEPS = 60_000
"""Equations of steps that are pulled back, over all slips that are tried."""
MOST_NAMES = 3
NEAR = 1e-3
"""How near a slip comes in float64 that is looked at in balls: the tolerance of a search, not of a verdict."""


@dataclass(frozen=True)
class Search:
    """An array, as balls that are exact, and what it should be."""

    asked: Asked
    given: Parts
    precision: Precision
    _in_float64: dict[Slip, Parts | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    def against(self, sharp: Parts, rough: Parts) -> Entries:
        """Compare the array with a derivative, right or wrong; one of another shape does not fit."""
        if not self._fits(sharp):
            raise DoesNotFitError
        return agreement(self.given, sharp, rough, self.precision)

    def right(self) -> Entries:
        """Compare it with the right one."""
        return self.against(*self._both(None))

    def right_by_outputs(self) -> Entries:
        """Compare it with the right one, where slopes are rounded as those by outputs: 1 - a² has few digits near 1."""
        p, slip = self.precision, by_outputs(self.asked.network)
        return self.against(self._both(None)[0], self.asked.with_slip(slip, "ball", p.digits, p.bits))

    def named(self, most: int = MOST_NAMES) -> tuple[str, ...]:
        """Return what is wrong with the array, the likeliest first: several where more than one slip gives it."""
        found: list[str] = []
        for told in self._found():
            if told not in found:
                found.append(told)
            if len(found) == most:
                break
        return tuple(found)

    def _both(self, slip: Slip | None) -> tuple[Parts, Parts]:
        p = self.precision
        return self.asked.with_slip(slip, "ball", DIGITS), self.asked.with_slip(slip, "ball", p.digits, p.bits)

    def _found(self) -> Iterator[str]:
        whole = list(self._as_a_whole(*self._both(None)))
        yield from whole
        if whole:
            return
        yield from self._something_else()
        exact = [slip for slip in self._tried() if self._is(slip)]
        yield from map(str, exact)
        if not exact:
            yield from self._twice_wrong()

    # --- the array as a whole -----------------------------------------------------------------------------

    def _as_a_whole(self, sharp: Parts, rough: Parts) -> Iterator[str]:
        for (told, one), (_, near) in zip(rearranged(sharp), rearranged(rough), strict=True):
            if self._fits(one) and self.against(one, near).agrees:
                yield told
        for c, told in factors(self.asked.sizes).items():
            if self.against(_scaled(sharp, c), _scaled(rough, c)).agrees:
                yield told
                return
        if (ratio := self._ratio(sharp, rough)) is not None:
            yield f"{kinds.FACTOR}: it is {ratio} times the derivative"

    def _fits(self, other: Parts) -> bool:
        return all(np.shape(other[name]) == np.shape(x) for name, x in self.given.items())

    def _ratio(self, sharp: Parts, rough: Parts) -> str | None:
        """Return a number that the array is the derivative times, where it has at least two entries that are not 0."""
        pairs = [
            (g, t) for name, x in self.given.items() for g, t in zip(np.ravel(x), np.ravel(sharp[name]), strict=True)
        ]
        pairs = [(arb(g), arb(t)) for g, t in pairs if arb(t) != 0]
        if len(pairs) < 2:
            return None
        g, t = max(pairs, key=lambda p: p[1].abs_upper())
        c = g / t
        if not c.is_finite() or c.contains(0):
            return None
        scaled = ({n: np.asarray(x, dtype=object) * c for n, x in part.items()} for part in (sharp, rough))
        return c.str(4, radius=False) if self.against(*scaled).agrees else None

    def _something_else(self) -> Iterator[str]:
        """Yield other quantities by which the derivative is what the array is."""
        if len(self.given) > 1:
            return
        [array] = self.given.values()
        try:
            sharp = self.asked.of_others("ball", DIGITS)
            rough = self.asked.of_others("ball", self.precision.digits, self.precision.bits)
        except (SymgradError, ValueError):
            return
        for name, right in sharp.items():
            if (
                np.shape(right) == np.shape(array)
                and agreement({name: array}, {name: right}, {name: rough[name]}, self.precision).agrees
            ):
                yield f"{kinds.OTHER}: ∂{self.asked.of}/∂{name}"

    # --- slips ----------------------------------------------------------------------------------------------

    def _slips(self) -> Iterator[Slip]:
        depth = self.asked.depth_number()
        each = max(1, depth) * max(1, len(self.asked.network.equations))
        name = next(iter(self.given)).partition("[")[0]
        for n, slip in enumerate(slips(self.asked.network, name, depth), start=1):
            yield slip
            if n * each > MOST_STEPS:
                return

    def _tried(self) -> Iterator[Slip]:
        """Yield the slips that come near the array in float64, or all of them where it is too small for that."""
        array = {name: _floats(x) for name, x in self.given.items()}
        seen = all(np.isfinite(x).all() and (not x.size or np.abs(x).max() > 1e-290) for x in array.values())
        for slip in self._slips():
            if not seen or (found := self._in_floats(slip)) is None or _near(array, found):
                yield slip

    def _in_floats(self, slip: Slip) -> Parts | None:
        """Return what a slip gives in float64, {} where it cannot be made; None where that is not finite."""
        if slip not in self._in_float64:
            self._in_float64[slip] = self._computed(slip)
        return self._in_float64[slip]

    def _computed(self, slip: Slip) -> Parts | None:
        try:
            with np.errstate(all="ignore"):
                found = {n: _floats(x) for n, x in self.asked.with_slip(slip, "float").items()}
        except (DoesNotFitError, SymgradError, ValueError):
            return {}
        return found if all(np.isfinite(x).all() for x in found.values()) else None

    def _is(self, slip: Slip) -> bool:
        try:
            return self.against(*self._both(slip)).agrees
        except (DoesNotFitError, SymgradError, ValueError):
            return False

    def _twice_wrong(self) -> Iterator[str]:
        """Yield a slip together with an array that is transposed, or wrong by a constant factor."""
        known = {**dict.fromkeys([Fraction(1)], ""), **factors(self.asked.sizes)}
        array = {name: _floats(x) for name, x in self.given.items()}
        for slip in self._slips():
            found = self._in_floats(slip)
            if not found:
                continue
            if not self._fits(found):
                continue
            for told, other in (("", found), *rearranged(found)):
                if not self._fits(other):
                    continue
                c = _factor(array, {name: _floats(x) for name, x in other.items()})
                near = next((q for q in known if c is not None and abs(c / float(q) - 1) < NEAR), None)
                if near is None or (near == 1 and not told):
                    continue
                sharp, rough = self._both(slip)
                if told:
                    sharp, rough = (dict(rearranged(part))[told] for part in (sharp, rough))
                if self.against(_scaled(sharp, near), _scaled(rough, near)).agrees:
                    yield "; and ".join(filter(None, (str(slip), told, known[near])))


def _scaled(parts: Parts, c: Fraction) -> Parts:
    ratio = arb(c.numerator) / c.denominator
    return {name: np.asarray(x, dtype=object) * ratio for name, x in parts.items()}


def _floats(x: Any) -> Any:
    return np.asarray(x, dtype=object).astype(float) if np.ndim(x) else np.array(float(x))


def _near(array: Parts, found: Parts) -> bool:
    if any(n not in found or np.shape(found[n]) != np.shape(x) for n, x in array.items()):
        return False
    return all(np.abs(found[n] - x).max(initial=0) <= NEAR * np.abs(x).max(initial=0) for n, x in array.items())


def _factor(array: Parts, found: Parts) -> float | None:
    """Return the number that one array is another one times, about."""
    x, y = (np.concatenate([np.ravel(p[n]) for n in array]) for p in (array, found))
    top = np.abs(y).argmax() if y.size else 0
    if not y.size or y[top] == 0 or not np.isfinite(y).all():
        return None
    c = float(x[top] / y[top])
    return c if c and np.abs(x - c * y).max() <= NEAR * np.abs(x).max() else None
