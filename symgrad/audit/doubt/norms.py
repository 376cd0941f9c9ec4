r"""Norms of what is no printed vector: \\|\\sin kt\\| may be that of a function, \\|x\\| that of a vector."""

from __future__ import annotations

from symgrad.audit.finding import Judgement
from symgrad.audit.kinds import kind
from symgrad.reading.tree import Apply, Node, Tuple, symbols, walk

NORMS = ("norm1", "norm2")
OF_FUNCTIONS = "perhaps the norm of a function, or of a vector"


def of_a_function(said: Judgement, *sides: Node) -> str:
    """Return why a norm need not be the absolute value of a number, as it is judged, or nothing."""
    if not kind(said.kind).of_signs:
        return ""
    inside = (n.arguments[0] for side in sides for n in walk(side) if isinstance(n, Apply) and n.name in NORMS)
    return OF_FUNCTIONS if any(symbols(n) and not isinstance(n, Tuple) for n in inside) else ""
