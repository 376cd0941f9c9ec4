r"""A plot as TikZ, which LaTeX sets in its own letters; no package beside tikz is needed.

>>> from symgrad.derivation.figure import Curve
>>> square = Plot("square", "A square.", "$x$", "$x^2$", (Curve("$x^2$", ((0.0, 0.0), (1.0, 1.0))),))
>>> plot_tikz(square).splitlines()[0]
'\\begin{tikzpicture}[>=stealth, font=\\small]'
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from math import ceil, floor, log10

from symgrad.derivation.figure import Level, Plot

WIDTH, HEIGHT = 9.0, 5.0
"""Of the axes, in centimetres."""
TICKS, MARGIN, LINE = 8, 0.04, 0.36
COLOURS = ("blue!60!black", "red!70!black", "green!50!black", "orange!80!black", "violet", "teal")


def plot_tikz(plot: Plot) -> str:
    """Return a plot as a tikzpicture. Labels are taken as they stand: they hold mathematics between dollar signs."""
    up: Callable[[float], float] = log10 if plot.log else float
    xs = [x for c in plot.curves for x, _ in c.points]
    ys = [up(y) for c in plot.curves for y in (*(y for _, y in c.points), *(y for b in c.band for y in b[1:]))]
    ys += [up(y) for level in plot.levels for y in (level.y, level.since) if y is not None]
    x_axis, y_axis = Axis(xs, WIDTH), Axis(ys, HEIGHT)

    def at(x: float, y: float) -> str:
        return f"({x_axis(x)},{y_axis(up(y))})"

    lines = [*_levels(plot.levels, y_axis, up)]
    for n, curve in enumerate(plot.curves):
        colour = COLOURS[n % len(COLOURS)]
        if curve.band:
            border = [at(x, y) for x, y, _ in curve.band] + [at(x, y) for x, _, y in reversed(curve.band)]
            lines.append(rf"\fill[{colour}, opacity=0.2] {' -- '.join(border)} -- cycle;")
        lines.append(rf"\draw[{colour}, thick] {' -- '.join(at(*p) for p in curve.points)};")
    lines += [rf"\fill {at(m.x, m.y)} circle[radius=1.5pt] node[above right] {{{m.label}}};" for m in plot.marks]
    lines.append(rf"\draw (0,{HEIGHT:g}) -- (0,0) -- ({WIDTH:g},0);")
    for x in x_axis.ticks():
        lines.append(rf"\draw ({x_axis(x)},0) -- ++(0,-0.1) node[below] {{${x:g}$}};")
    for y in y_axis.ticks():
        shown = f"10^{{{y:g}}}" if plot.log else f"{y:g}"
        lines.append(rf"\draw (0,{y_axis(y)}) -- ++(-0.1,0) node[left] {{${shown}$}};")
    lines.append(rf"\node at ({WIDTH / 2:g},-0.95) {{{plot.x_label}}};")
    lines.append(rf"\node[rotate=90] at (-1.3,{HEIGHT / 2:g}) {{{plot.y_label}}};")
    named = [(n, c.label) for n, c in enumerate(plot.curves) if c.label]
    for row, (n, label) in enumerate(named):
        y = HEIGHT - LINE * row
        lines.append(
            rf"\draw[{COLOURS[n % len(COLOURS)]}, thick] ({WIDTH + 0.2:g},{y:.2f}) -- ++(0.5,0) "
            rf"node[right, black] {{{label}}};"
        )
    body = "\n".join(f"  {line}" for line in lines)
    return f"\\begin{{tikzpicture}}[>=stealth, font=\\small]\n{body}\n\\end{{tikzpicture}}\n"


class Axis:
    """From numbers to centimetres.

    >>> axis = Axis([0, 100], 9)
    >>> axis(50), list(axis.ticks())
    ('4.5', [0.0, 20.0, 40.0, 60.0, 80.0, 100.0])
    >>> list(Axis([1e-20, 3e-20], 9).ticks())
    [1e-20, 1.5e-20, 2e-20, 2.5e-20, 3e-20]
    """

    def __init__(self, values: Iterable[float], length: float) -> None:
        found = list(values)
        room = (max(found) - min(found) or abs(max(found)) or 1.0) * MARGIN
        self.low, self.high, self.length = min(found) - room, max(found) + room, length

    def __call__(self, value: float) -> str:
        """Return where a number stands, in centimetres."""
        return f"{(value - self.low) / (self.high - self.low) * self.length:.3f}".rstrip("0").rstrip(".")

    def ticks(self) -> Iterator[float]:
        """Yield round numbers along the axis: multiples of 1, 2 or 5 times a power of ten."""
        rough = (self.high - self.low) / TICKS
        power = 10.0 ** floor(log10(rough))
        step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough)
        for n in range(ceil(self.low / step), floor(self.high / step) + 1):
            yield float(f"{n * step:.12g}")


def _levels(levels: Iterable[Level], axis: Axis, up: Callable[[float], float]) -> Iterator[str]:
    """Yield the lines of levels, with their names to the right, those that would touch moved apart."""
    lowest = float("inf")
    for level in sorted(levels, key=lambda level: -level.y):
        y = axis(up(level.y))
        if level.since is not None:
            yield rf"\fill[blue!60!black, opacity=0.12] (0,{y}) rectangle ({WIDTH:g},{axis(up(level.since))});"
        yield rf"\draw[gray, dotted] (0,{y}) -- ({WIDTH:g},{y});"
        lowest = min(float(y), lowest - LINE)
        yield rf"\node[right, font=\scriptsize, gray] at ({WIDTH:g},{lowest:.2f}) {{{level.label}}};"
