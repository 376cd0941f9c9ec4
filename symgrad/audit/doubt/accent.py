r"""Letters with an accent: \bar z is the conjugate of z, \bar x the mean of x, neither is free; \hat A an operator."""

from __future__ import annotations

from symgrad.audit.finding import Judgement
from symgrad.audit.kinds import kind
from symgrad.reading.names import ACCENTS
from symgrad.reading.tree import Node, symbols


def accented(said: Judgement, *sides: Node) -> str:
    """Return why letters may depend on each other that a claim is judged with as if they did not, or nothing."""
    if not kind(said.kind).free:
        return ""
    names = {name for side in sides for name in symbols(side)}
    operators = sorted(n for n in names if n.startswith("hat ") and n[4:5].isupper())
    if len(operators) > 1:
        return f"{' and '.join(n.removeprefix('hat ') for n in operators[:2])} with a hat may be operators"
    plain = {name.partition("_")[0] for name in names}
    for name in sorted(names):
        accent, _, letter = name.partition(" ")
        if accent in ACCENTS and letter.partition("_")[0] in plain:
            return f"{letter} and {letter} with an accent may depend on each other"
    return ""
