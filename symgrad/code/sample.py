"""Small values for the arguments of a program: those that checks draw, in the domains that a network declares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symgrad.algebra.index import Index, number
from symgrad.algebra.span import Span
from symgrad.calculus.assumption import Assumption
from symgrad.calculus.equations.backward_equation import BackwardPass
from symgrad.code.given import Argument
from symgrad.evidence.draw import LARGER, Draw

DEPTH = 3


def depth_of(equations: BackwardPass) -> int:
    """Return a small depth at which the equations hold."""
    if equations.depth is not None:
        return equations.depth
    network = equations.network
    ends = network.depths if network.grid else (network.depth_symbol,)
    for depth in range(DEPTH, DEPTH + 20):
        at = dict.fromkeys(ends, depth)
        if all(not isinstance(a, Assumption) or a.holds(at) for a in equations.assumptions):
            return depth
    return DEPTH


class Sample:
    """Exact values for each argument, nested as they are given: steps and members on the axes in front."""

    def __init__(self, equations: BackwardPass, seed: int = 0, attempt: int = LARGER) -> None:
        self.network, self.depth = equations.network, depth_of(equations)
        self.draw = Draw(self.network, self.depth, seed, attempt, (equations.of, *equations.asked))
        self.ends = {**self.draw.ends, self.network.depth_symbol: self.depth}
        for d, n in self.draw._sizes.items():
            if d.index is None and d.name:
                self.ends.setdefault(d.name, n)

    def value(self, a: Argument) -> Any:
        """Return the value of an argument: nested lists of exact arrays."""

        def nested(spans: Sequence[Span], at: dict[str, int]) -> Any:
            if not spans:
                place = tuple(number(p, {**self.ends, **at}) for p in a.q.indices)
                return self.draw.exact[a.q.name, None if not place else place[0] if len(place) == 1 else place]
            first, *others = spans
            return [nested(others, {**at, first.symbol: k}) for k in first.numbers({**self.ends, **at})]

        return nested(a.open, {})

    def has_domain(self, a: Argument) -> bool:
        """Tell whether the network says in which set the value lies."""
        q = a.q if not isinstance(a.q.index, Index) else self.network.general(a.q)
        return bool(self.network.domains(q))
