"""The size of a derivative against the depth, with the lines below which float formats have nothing left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import log10
from typing import TYPE_CHECKING, Any

from symgrad.api.shown_plot import ShownPlot
from symgrad.derivation.figure import Curve, Level
from symgrad.errors import ValuesError

if TYPE_CHECKING:
    import pandas

    from symgrad.api.gradient import Gradient

FORMATS = ("fp16", "bf16", "fp32", "fp64")
ROOM = 1.15
"""How far below the smallest size a format may lie that is still shown, as a multiple of its exponent."""


@dataclass(frozen=True)
class MagnitudePlot(ShownPlot):
    """A plot of sizes against the depth."""

    def to_frame(self) -> pandas.DataFrame:
        """Return the depths with log10 of the sizes; needs pandas."""
        found = super().to_frame().drop(columns="curve").rename(columns={"x": "depth", "y": "log10"})
        return found.astype({"depth": "Int64"})


def magnitude_plot(
    gradient: Gradient, depths: Iterable[int], values: Callable[[int], Mapping[str, Any]]
) -> MagnitudePlot:
    """Return log10 of the size of a derivative, a number, at each depth; see ``Gradient.plot``."""
    points = []
    for depth in depths:
        size = gradient.magnitude(values(depth), depth=depth)
        if getattr(size, "shape", ()):
            raise ValuesError("a derivative that is an array has no one size", todo="plot that of a number by a number")
        if size.sign == 0:
            raise ValuesError(f"the derivative is 0 at the depth {depth}", todo="leave this depth out")
        points.append((float(depth), float(size.log10().to(15))))
    if not points:
        raise ValuesError("there are no depths to plot", todo="give some: range(1, 101)")
    of, wrt = gradient.presentation().names
    lowest = min(y for _, y in points)
    return MagnitudePlot(
        name="magnitude",
        caption=f"The size of ∂{of}/∂{wrt} against the depth, and the smallest numbers of float formats.",
        x_label="depth",
        y_label=r"$\log_{10}$ of the size",
        curves=(Curve("", tuple(points)),),
        levels=tuple(_levels(lowest)),
    )


def _levels(lowest: float) -> Iterable[Level]:
    from symgrad.numbers.magnitude.float_format import float_format

    for name in FORMATS:
        format_ = float_format(name)
        smallest, normal = (_log10(x) for x in (format_.smallest, format_.smallest_normal))
        if normal >= lowest * ROOM:
            yield Level(smallest, name, since=normal)


def _log10(x: Fraction) -> float:
    return log10(x.numerator) - log10(x.denominator)
