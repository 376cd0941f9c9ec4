"""Backpropagation with one thing wrong: a rule, an index, a path or a range of steps."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from symgrad.algebra.expression import Apply, Expression, Quantity
from symgrad.algebra.index import Index
from symgrad.algebra.substitution import substitute
from symgrad.calculus.backward import Pull, Tape
from symgrad.calculus.forward import Compiler, Evaluator, Numbers
from symgrad.calculus.values.values import Values
from symgrad.network.equation import Equation


@dataclass(frozen=True)
class Here:
    """An operation whose rule goes wrong: its arithmetic, its node, and its right pull-back."""

    A: Any
    e: Apply
    right: Callable[..., tuple[Any, ...]]


WrongRule = Callable[..., tuple[Any, ...]]
"""(here, g, y, *x): what is passed on to each argument in the place of the pull-back of g."""


Places = tuple[tuple[Equation, Expression], ...]
"""Nodes, each with the equation that it stands in."""


@dataclass(frozen=True)
class Slip:
    """One thing that is wrong, at one node of an equation, or at a leaf: at each step, or at one.

    kind, detail: what it is, in words. rule: what stands for the pull-back of an operation; shift: its
    ``argument`` is read so many steps later; factor: of what a quantity takes; steps: where it is wrong, None for all.
    """

    kind: str
    detail: str
    places: Places
    rule: WrongRule | None = None
    shift: int = 0
    argument: int = 0
    factor: int = 1
    steps: frozenset[int] | None = None

    def __str__(self) -> str:
        return f"{self.kind}: {self.detail}" if self.detail else self.kind


class SlippedTape(Tape):
    """Pull-backs by the operations' own rules, but for one slip."""

    def __init__(self, values: Values, compiler: Compiler, wanted: Collection[str], slip: Slip | None) -> None:
        super().__init__(values, compiler, wanted)
        self.slip, self.symbol = slip, values.network.symbol
        self.equation: Equation | None = None

    def through(self, equation: Equation) -> Pull | None:
        """Return the pull-back of the right side of an equation."""
        self.equation = equation
        return super().through(equation)

    def past_output(self, e: Apply) -> Pull | None:
        """Pull a loss back to its output, and the output to its input, each by its own rule."""
        return None

    def leaf(self, q: Quantity) -> Pull:
        """Return the pull-back of a quantity, which takes ``factor`` times what it should where the slip is."""
        pull = super().leaf(q)
        if (slip := self._slip_at(q)) is None:
            return pull

        def wrong(g: Any, at: Numbers) -> None:
            if not self._is_wrong(slip, at):
                pull(g, at)
            elif slip.factor:
                pull(g * slip.factor, at)

        return wrong

    def node(self, e: Apply, value: Evaluator, inputs: list[Evaluator], pulls: list[Pull | None]) -> Pull:
        """Return the pull-back of an operation, by the wrong rule where the slip is."""
        pull = super().node(e, value, inputs, pulls)
        if (slip := self._slip_at(e)) is None:
            return pull
        here = Here(self.A, e, e.op.pullback_on(self.A))
        read = list(inputs)
        if slip.shift:
            later = substitute(e.arguments[slip.argument], {self.symbol: Index(self.symbol, slip.shift)})
            read[slip.argument] = self.compile(later)

        def wrong(g: Any, at: Numbers) -> None:
            if not self._is_wrong(slip, at):
                pull(g, at)
                return
            try:
                x = [f(at) for f in read]
            except KeyError:
                return  # before the first or behind the last step there is nothing
            changes = (slip.rule or _right)(here, g, value(at), *x)
            for one, change in zip(pulls, changes, strict=True):
                if one is not None:
                    one(change, at)

        return wrong

    def _slip_at(self, e: Expression) -> Slip | None:
        return self.slip if self.slip is not None and (self.equation, e) in self.slip.places else None

    def _is_wrong(self, slip: Slip, at: Numbers) -> bool:
        return slip.steps is None or at.get(self.symbol) in slip.steps


def _right(here: Here, g: Any, y: Any, *x: Any) -> tuple[Any, ...]:
    return here.right(g, y, *x)
