"""An assertion for a test of pytest: that code computes the gradient, at the smallest values where it does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from symgrad.api.check import GradientCheck, check_gradient
from symgrad.errors import SymgradError
from symgrad.evidence.verdict import Verdict
from symgrad.network.network import Network
from symgrad.network.syntax.read import read_quantity
from symgrad.testing.drawn import Drawn
from symgrad.testing.strategies import drawn

DEEPEST = 4
EXAMPLES = 60
MOST_KEPT = 2
"""Failures at larger values, of which the slips are compared with those of the smallest one."""
MOST_SLIPS = 12
MOST_TRIED = 12
LONGEST = 800
NO_SLIP = "  it is none of the slips that are known by name"

Backprop = Callable[[dict[str, Any]], Any]
"""An author's code: the values by name -> the gradient, in the shape of what it is by."""


@dataclass(frozen=True)
class Failure:
    """Values at which code is wrong: what was found there, or what the code raised."""

    drawn: Drawn
    check: GradientCheck | None = None
    error: Exception | None = None


def assert_gradient(
    model: Network,
    of: str,
    wrt: str,
    backprop: Backprop,
    depth: int | None = None,
    examples: int = EXAMPLES,
    layout: str = "numerator",
    **sizes: int,
) -> None:
    """Assert that code computes ∂of/∂wrt of a model, at drawn values of every depth up to 4, or at one depth.

    backprop: takes the values by name, as ``Model.gradients`` does, and returns the gradient in the shape of ``wrt``,
    the layers on the first axis. It is compared in rigorous balls, each entry relative to itself. sizes: of dimensions.
    Raises AssertionError with the smallest depth, sizes and numbers at which it is wrong, and the slip that it shows
    at all values where it was. The values are the same at each run.

    >>> import symgrad as sg
    >>> chain = sg.parse("a[j] = tanh(w[j]*a[j-1])\\nC = a[L]")
    >>> def backprop(v):
    ...     a, g, out = [v["a[0]"]], 1.0, []
    ...     for w in v["w"]:
    ...         a.append(np.tanh(w * a[-1]))
    ...     for w, before in zip(v["w"][::-1], a[-2::-1]):
    ...         g = g * (1 - (w * before) ** 2)  # 1 - z² stands for 1 - a²
    ...         out.insert(0, g * before)
    ...         g = g * w
    ...     return out
    >>> assert_gradient(chain, "C", "w", backprop)
    Traceback (most recent call last):
    AssertionError: ∂C/∂w is wrong at depth 1:
      w = [1.0]
      a[0] = 1.0
    REFUTED  it is not ∂C/∂w: 1 of 1 entries differ
      w[1] is 0, and should be 0.419974341614
      a slope is taken at the wrong place: the slope by the output is taken of w[j]*a[j-1]
      or: an index is off by one: in the derivative of a[j], w[j-1] for w[j], a[j-2] for a[j-1]
    """
    failures: list[Failure] = []
    judged = [0]
    least = _least_depth(model, of, wrt)

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    @given(st.data())
    def compared(data: Any) -> None:
        n = depth if depth is not None else data.draw(st.integers(least, max(least, DEEPEST)))
        values = drawn(data.draw, model, n, sizes)
        failure, decided = _tried(model, of, wrt, backprop, values, layout)
        judged[0] += decided
        if failure is not None:
            failures.append(failure)
            raise AssertionError

    try:
        compared()
    except AssertionError:
        error = failures[-1].error
        others = [] if error else list(_elsewhere(model, of, wrt, backprop, depth, layout, sizes))
        raise AssertionError(_told(model, of, wrt, failures[-1], others)) from error
    if not judged[0]:
        raise AssertionError(f"∂{of}/∂{wrt}: rounding hides the gradient at all values that were tried")


def _least_depth(model: Network, of: str, wrt: str) -> int:
    numbers = [p for name in (of, wrt) for p in read_quantity(name).indices if isinstance(p, int)]
    return max(1, model.least_depth(model.resolve(read_quantity(of))) if model.steps else 1, *numbers)


def _tried(
    model: Network, of: str, wrt: str, backprop: Backprop, values: Drawn, layout: str
) -> tuple[Failure | None, bool]:
    """Return what is wrong at some values, and whether it was decided there at all."""
    given = values.given
    depth = values.depth if model.steps else None
    try:
        found = backprop(deepcopy(given))
    except Exception as error:
        return Failure(values, error=error), True
    try:
        with np.errstate(all="ignore"):
            check = check_gradient(model, of, wrt, given, found, depth, layout, slips=0)
    except SymgradError as error:
        return Failure(values, error=error), True
    wrong = check.verdict is Verdict.REFUTED
    return (Failure(values, check) if wrong else None), check.verdict is not Verdict.UNKNOWN


def _elsewhere(
    model: Network, of: str, wrt: str, backprop: Backprop, depth: int | None, layout: str, sizes: dict[str, int]
) -> Iterator[Failure]:
    """Yield failures at larger values, at which one slip is told from another."""
    n = depth if depth is not None else max(_least_depth(model, of, wrt), DEEPEST - 1)
    found = 0
    for seed in range(MOST_TRIED):
        source = Random(seed)
        failure, _ = _tried(model, of, wrt, backprop, Drawn(model, n, _large(source), source, sizes), layout)
        if failure is not None and failure.check is not None:
            yield failure
            found += 1
            if found == MOST_KEPT:
                return


def _large(source: Random) -> Callable[[int, int], int]:
    """Return a function that draws sizes of 2 or 3, and numbers other than 0 that are small."""
    return lambda low, high: source.choice((-1, 1)) if low < 0 else source.randint(max(low, 2), max(high, 2))


def _told(model: Network, of: str, wrt: str, last: Failure, others: list[Failure]) -> str:
    """Return the message: the smallest failure, and the slip that it has in common with the others."""
    sizes = [f"{d} = {n}" for d, n in sorted(last.drawn.named_sizes.items())]
    at = ", ".join([*([f"depth {last.drawn.depth}"] if model.steps else []), *sizes])
    lines = [f"∂{of}/∂{wrt} is wrong at {at}:" if at else f"∂{of}/∂{wrt} is wrong:"]
    for name, x in last.drawn.given.items():
        shown = str([np.asarray(y).tolist() for y in x] if isinstance(x, list) else np.asarray(x).tolist())
        lines.append(f"  {name} = {shown if len(shown) <= LONGEST else shown[:LONGEST] + ' ...'}")
    if last.check is None:
        told = str(last.error).splitlines()[0] if str(last.error) else ""
        return "\n".join([*lines, f"it raises {type(last.error).__name__}: {told}"])
    kept = [line for line in str(last.check).splitlines()[:2] if not line.startswith(NO_SLIP)]
    return "\n".join([*lines, *kept, *(_in_common(last.check, others) or [NO_SLIP])])


def _in_common(smallest: GradientCheck, others: list[Failure]) -> list[str]:
    """Return the slips that are shown at all failures, or at most of them, those of one slip first."""
    counts: Counter[str] = Counter(smallest.named(MOST_SLIPS))
    for failure in others:
        assert failure.check is not None
        counts.update(failure.check.named(MOST_SLIPS))
    most = max(counts.values(), default=0)
    common = [told for told, n in counts.items() if n == most]
    return [f"  {'or: ' if n else ''}{told}" for n, told in enumerate(common[:3])]
