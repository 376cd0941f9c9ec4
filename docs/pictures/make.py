"""Draw the pictures of the documentation: python docs/pictures/make.py [FOLDER]."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import symgrad as sg
from symgrad.draw.drawing import Drawing, Label, Node, framed
from symgrad.draw.geometry import moved
from symgrad.draw.labels import height, width
from symgrad.draw.network import equations_of
from symgrad.export.math import Infix, Symbol

HERE = Path(__file__).parent


def at(drawing: Drawing, x: float, y: float) -> Drawing:
    """Return a drawing in another place."""
    return replace(
        drawing,
        nodes=tuple(replace(n, x=n.x + x, y=n.y + y) for n in drawing.nodes),
        arrows=tuple(replace(a, path=moved(a.path, x, y)) for a in drawing.arrows),
        labels=tuple(replace(m, x=m.x + x, y=m.y + y) for m in drawing.labels),
    )


def words(text: str) -> Symbol:
    """Return words as they stand on a page."""
    return Symbol(text, rf"\text{{{text}}}")


def panel(lines, told, x: float, y: float, across: float, high: float) -> tuple[Node, list[Label]]:
    """Return a frame with lines in it, and what they are above it."""
    frame = Node((f"frame {told}",), None, x + across / 2, y + high / 2, across, high, "frame")
    placed = [Label((words(told),), x + across / 2, y - 9, width(words(told)), 10)]
    for n, line in enumerate(lines):
        top = y + (high - 17 * len(lines)) / 2 + 17 * n + 8.5
        placed.append(Label((line,), x + across / 2, top, width(line), height(line)))
    return frame, placed


def in_one_picture() -> Drawing:
    """Return what symgrad is in one picture: equations, the gradient in closed form, and the path that it follows."""
    model = sg.model("rnn")
    gradient = model.derivative("E", "s[k]")
    verdict = gradient.verify().verdict.name.lower()
    page = gradient.presentation()
    path = gradient.draw(3, indices={"k": 1})
    path = replace(path, labels=tuple(m for m in path.labels if m.end or m.along))
    closed = Infix("=", page.left, page.right)
    across, top, high = path.width, 18.0, 64.0
    left, right = 0.42 * across, 0.55 * across
    parts = [
        panel(equations_of(model, "nielsen"), "the equations of one step", 0, top, left, high),
        panel([closed], f"the gradient at any depth, {verdict}", across - right, top, right, high),
    ]
    below = top + high + 26
    told = words("its path through three steps, with a factor on each arrow")
    labels = [m for _, own in parts for m in own] + [Label((told,), across / 2, below - 8, width(told), 10)]
    path = at(path, 0, below)
    title = "From equations to a gradient"
    said = "The equations of a recurrent network, its gradient in closed form, and the path that the gradient follows."
    made = Drawing(title, said, 0, 0, (*(f for f, _ in parts), *path.nodes), path.arrows, (*labels, *path.labels))
    return framed(made)


PICTURES = {
    "idea": in_one_picture,
    "chain": lambda: sg.model("chain").draw(),
    "mnemonic": lambda: sg.model("chain").derivative("C", "b[1]", depth=3).draw(),
    "gru-factors": lambda: sg.model("gru").derivative("h[1]", "h[0]", depth=1).draw(),
    "rnn": lambda: sg.model("rnn").draw(),
    "seq_rnn": lambda: sg.model("seq_rnn").draw(3, view="units"),
    "stacked_rnn": lambda: sg.model("stacked_rnn").draw(3),
    "conv1d": lambda: sg.model("conv1d").draw(1),
    "lstm": lambda: sg.model("lstm").draw(),
    "residual": lambda: sg.model("residual").draw(3, "w[1]", "C"),
    "mlp-neurons": lambda: sg.model("mlp").draw(3, view="neurons", ends={"n[0]": 3, "n[1]": 5, "n[2]": 4, "n[3]": 2}),
    "lstm-cell": lambda: sg.model("lstm").draw(view="cell"),
    "gru-cell": lambda: sg.model("gru").draw(view="cell"),
    "residual-block": lambda: sg.model("residual").draw(view="cell"),
    "transformer-block": lambda: sg.model("transformer").draw(view="cell"),
}
WINDOW = "2*log(w*(1 + sqrt(1 - 4/w))/2 - 1)/w"
PLOTS = {
    "slope": lambda: sg.curve("", "logistic'(z)", "-6 <= z <= 6").plot(),
    "window": lambda: sg.curve("", WINDOW, "4 <= w <= 20", points=241).plot(),
}
"""Drawn by matplotlib, of which each version writes another file."""


def main(folder: Path = HERE) -> None:
    """Write every picture to a folder."""
    for name, picture in (PICTURES | PLOTS).items():
        (folder / f"{name}.svg").write_text(picture().svg(), "utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
