"""Verify a closed form against witnesses that do not share its rules.

backpropagation   pull-backs of the operations over the unrolled graph
tangents          Taylor numbers: no derivative rule of ours at all
SymPy             sympy.diff of the expanded expression, at small depth
float64           the closed form again, in machine numbers: judged by sign and relative size
proof             the sum over paths, or induction over the depth

Balls decide: results that are disjoint refute. An opaque σ or cost stands for test functions, drawn by
the seed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np

from symgrad.algebra import map_algebra as M
from symgrad.algebra.index import Index
from symgrad.algebra.index import symbols as symbols_of
from symgrad.algebra.linear_map import LinearMap
from symgrad.arithmetic import Arithmetic, arithmetic
from symgrad.arithmetic.events import float_events
from symgrad.calculus.backward import backward
from symgrad.calculus.closed_form import ClosedForm
from symgrad.calculus.evaluate import NOTHING, Evaluation
from symgrad.calculus.forward import Compiler, forward
from symgrad.calculus.letters import letters_in_sums
from symgrad.calculus.numeric import placed, reads
from symgrad.calculus.tangent import tangent
from symgrad.calculus.values.values import Values
from symgrad.errors import SymgradError, TooLarge, ValuesError
from symgrad.evidence.compare import Comparison, Judge, Zeros
from symgrad.evidence.draw import ATTEMPTS, Draw, family_ends
from symgrad.evidence.evidence import Check, Evidence
from symgrad.evidence.induction import Case, prove, within
from symgrad.evidence.symbolic import check_by_sympy
from symgrad.evidence.verdict import Verdict
from symgrad.network.bind import Binding, bind_map, bind_network
from symgrad.network.functions import opaque
from symgrad.network.network import Network
from symgrad.ops.elementwise import ELEMENTWISE
from symgrad.ops.vector import VectorWitness
from symgrad.ops.witness import Witness

TEST_FUNCTIONS = ("logistic", "tanh", "softplus", "sin", "gelu")
DEEPEST_SYMBOLIC = 6


def verify(form: ClosedForm, seed: int = 0, digits: int = 60, sympy: bool = True) -> Evidence:
    """Return the evidence for a closed form: every comparison, with its verdict; sympy: whether SymPy is asked."""
    if not form.network.steps and not form.network.grid:  # without a recurrence there is one depth
        form = replace(form, depth=form.network.least_depth(form.of))
    cases = list(cases_of(form))
    bindings = test_functions(form.network, seed)
    checks = [prove(form, cases)]
    sampled = [_Sample(form, depth, at, seed, digits, bindings) for depth, at in cases]
    try:
        checks += [_check(method, sampled, seed, digits) for method in ("backpropagation", "tangents")]
        checks.append(_check_float(sampled, seed, digits))
    except TooLarge as error:
        checks.append(Check("points", Verdict.UNKNOWN, error.what))
    if sympy:
        checks.append(check_by_sympy(form, cases))
    return Evidence(f"∂{form.of}/∂{form.wrt} of {form.network.name}", tuple(checks))


def cases_of(form: ClosedForm) -> Iterator[Case]:
    """Yield the depths, and the numbers for index symbols, at which a form is compared.

    At a symbolic depth: the six smallest that the assumptions admit; an index k runs through them too.
    """
    numbers = [q.index for q in (form.of, form.wrt) if isinstance(q.index, int)]
    first = max([1, *numbers, form.network.least_depth(form.of)])
    if form.network.grid and form.depth is not None:
        yield (
            form.depth,
            {**family_ends(form.network, form.of, form.wrt), **dict.fromkeys(form.network.depths, form.depth)},
        )
        return
    depths = [form.depth] if form.depth is not None else range(first, first + DEEPEST_SYMBOLIC + 1)
    found = 0
    for depth in depths:
        for at in _numberings(form, depth):
            if found < DEEPEST_SYMBOLIC and _admitted(form, depth, at):
                found += 1
                yield depth, at
                break


def _numberings(form: ClosedForm, depth: int) -> Iterator[dict[str, int]]:
    """Yield choices for the index symbols of of and wrt: of late, wrt anywhere; each depth begins elsewhere."""
    network = form.network
    symbols = {q.index.symbol for q in (form.of, form.wrt) if isinstance(q.index, Index)} - {network.depth_symbol}
    late, ahead = form.of.index if isinstance(form.of.index, Index) else (None, 0)
    places = (max(1, depth // 2), depth, 0, 1)
    ends = family_ends(network, form.of, form.wrt)
    letters = (s for q in (form.of, form.wrt) for p in q.further for s in sorted(symbols_of((p,))))
    members = dict.fromkeys(x for x in letters if x not in ends and x not in network.depths)  # h[N] is the last one
    known = (2, 1, *range(3, 7), 0) if network.compound else (2, 1)  # j - 2 i ≥ 1 holds for larger ones only
    families = list(product(known, repeat=len(members)))
    if network.grid:  # far apart, one way and the other, so that products have several factors
        apart = [tuple(depth if (n + way) % 2 else 1 for n in range(len(members))) for way in (depth, depth + 1)]
        met = [tuple((depth + 1) // 2 for _ in members)]
        families = [*(met if depth % 3 == 0 else ()), *apart, *product(range(1, depth + 1), repeat=len(members))]
        depths = dict.fromkeys(network.depths, depth)
        yield from ({**ends, **depths, **dict(zip(members, numbers, strict=True))} for numbers in families)
        return
    for early in dict.fromkeys(places[depth % 4 :] + places[: depth % 4]):
        at = {network.depth_symbol: depth, **{s: depth - max(0, ahead) if s == late else early for s in symbols}}
        for n in range(len(families)):
            numbers = families[(n + depth) % len(families)]
            yield {**ends, **at, **dict(zip(members, numbers, strict=True))}


def _admitted(form: ClosedForm, depth: int, at: Mapping[str, int]) -> bool:
    try:
        for q in (form.of, form.wrt):
            one = placed(q, at)
            form.network.resolve(one, depth)
            if (form.network.compound or form.network.grid) and not within(form.network, q, at):
                return False
        own = letters_in_sums(form.network, form.of, form.wrt)
        if any(at[letter] not in span.numbers(at) for letter, span in own.items()):
            return False
    except SymgradError:
        return False
    return all(a.holds(at) for a in form.assumptions)


def test_functions(network: Network, seed: int) -> dict[str, Binding]:
    """Return a record for each opaque function: one of the registry, or a cost without structure."""
    bindings: dict[str, Binding] = {}
    for i, (name, op) in enumerate(sorted(opaque(network).items())):
        if op.kind == "scalar":
            bindings[name] = Witness(shift=i)
        elif op.kind == "vector":
            bindings[name] = VectorWitness(shift=i)
        else:
            bindings[name] = ELEMENTWISE[TEST_FUNCTIONS[(seed + i) % len(TEST_FUNCTIONS)]]
    return bindings


class _Sample:
    """A closed form at one depth, with drawn values for the parameters."""

    def __init__(
        self, form: ClosedForm, depth: int, at: dict[str, int], seed: int, digits: int, bindings: dict[str, Binding]
    ) -> None:
        self.network = bind_network(form.network, bindings)
        self.map: LinearMap = bind_map(form.map, bindings)
        self.of, self.wrt = placed(form.of, at), placed(form.wrt, at)
        self.asked = form.of, form.wrt
        self.depth, self.at, self.digits, self.seed = depth, at, digits, seed

    def draws(self) -> Iterator[Draw]:
        """Yield draws: of any sign, then positive ones for roots and logarithms, then others."""
        return (Draw(self.network, self.depth, self.seed, n, self.asked) for n in ATTEMPTS)

    def compare(self, method: str, digits: int) -> tuple[Comparison, Draw]:
        """Compare the closed form with a witness, at the first draw that decides; wide balls in more digits."""
        result, draw = Comparison.UNDEFINED, None
        for draw in self.draws():
            run = self._backpropagation if method == "backpropagation" else self._tangents
            zeros = Zeros()
            result = run(draw, digits, zeros.at(digits))
            if result is Comparison.WIDE:
                result = run(draw, 4 * digits, zeros.at(4 * digits))
            if result not in (Comparison.UNDEFINED, Comparison.WIDE):
                break
        assert draw is not None  # draws yields at least one
        return result, draw

    def _backpropagation(self, draw: Draw, digits: int, judge: Judge) -> Comparison:
        A = arithmetic("ball", digits)
        with A.working():
            values, compiler = self._forward(draw, A)
            seed = A.array(draw.array(self.of), draw.shape(self.of))
            found = backward(self.network, values, self.of, seed, compiler, {self.wrt.name})
            witness = found.get(self.wrt.name, {}).get(self.wrt.place({}))
            return judge(self._transposed(values, compiler, seed), witness)

    def _tangents(self, draw: Draw, digits: int, judge: Judge) -> Comparison:
        A, T = arithmetic("ball", digits), arithmetic("taylor", digits)
        drawn = draw.array(self.wrt)
        with A.working():
            values, compiler = self._forward(draw, A)
            direction = A.array(drawn, draw.shape(self.wrt))
            mine = Evaluation(values, compiler).apply(self.map, direction, {**values.counted, **self.at})
        with T.working():
            witness = tangent(self.network, draw.values(T), self.of, self.wrt, direction)
        with A.working():
            return judge(mine, witness)

    def _forward(self, draw: Draw, A: Arithmetic) -> tuple[Values, Compiler]:
        values = draw.values(A)
        compiler = Compiler(values)
        forward(self.network, values, compiler, wanted={*reads(self.map), self.of})
        return values, compiler

    def _transposed(self, values: Values, compiler: Compiler, seed: Any) -> Any:
        return Evaluation(values, compiler).apply(M.transpose(self.map), seed, {**values.counted, **self.at})

    def rounded(self) -> Rounding:
        """Compare the closed form in float64 with balls; where they differ, ask balls if rounding explains it."""
        found = Rounding(f"the values at depth {self.depth} are not finite: not compared")
        for draw in self.draws():
            cotangent = draw.array(self.of)
            balls = self._applied(draw, cotangent, arithmetic("ball", self.digits))
            if balls is NOTHING or all(b.is_finite() for b in np.ravel(balls)):
                return self._rounded(draw, cotangent, balls)
        return found

    def _rounded(self, draw: Draw, cotangent: Any, balls: Any) -> Rounding:
        with float_events() as events:
            try:
                floats = self._applied(draw, cotangent, arithmetic("float"))
            except ValuesError as error:
                return Rounding(f"{error.what}: not compared")
        if events.underflow or events.overflow:
            what = "underflows" if events.underflow else "overflows"
            return Rounding(f"float64 {what} at depth {self.depth}: not compared")
        if balls is NOTHING or floats is NOTHING:
            same = balls is floats
            return Rounding("" if same else f"float64 is not 0 at depth {self.depth}", explained=same)
        pairs = list(zip(np.ravel(balls), map(float, np.ravel(floats)), strict=True))
        if all(_relative_error(b, x) <= ACCURATE for b, x in pairs):
            return Rounding()
        return _explained(
            pairs, np.ravel(self._applied(draw, cotangent, arithmetic("ball", COARSE_DIGITS))), self.depth
        )

    def _applied(self, draw: Draw, cotangent: Any, A: Arithmetic) -> Any:
        """Return the transposed form, applied to a cotangent, in an arithmetic."""
        with A.working():
            values, compiler = self._forward(draw, A)
            return self._transposed(values, compiler, A.array(cotangent, draw.shape(self.of)))


@dataclass(frozen=True)
class Rounding:
    """What is to be said of float64, "" where it agrees; and whether its rounding explains the difference."""

    said: str = ""
    explained: bool = True


ACCURATE = 2.0**-20
COARSE_DIGITS = 14
"""Balls of 14 digits round at every operation 64 times as much as float64 does: where such a ball holds the result of
float64, rounding explains it, and the width of the ball is the condition number times the rounding."""


def _relative_error(ball: Any, x: float) -> float:
    middle = float(ball.mid())
    if not np.isfinite(x):
        return float("inf")
    return abs(x / middle - 1) if middle else 0.0 if x == 0 else float("inf")


def _explained(pairs: list[tuple[Any, float]], coarse: Any, depth: int) -> Rounding:
    worst, condition = 0.0, 1.0
    for (ball, x), wide in zip(pairs, coarse, strict=True):
        error = _relative_error(ball, x)
        if error <= ACCURATE:
            continue
        if wide.is_finite() and not (np.isfinite(x) and wide.contains(x)):
            exact = ball.str(10, radius=False)
            said = f"float64 gives {x:.10g} at depth {depth}, where the value is {exact}: rounding does not explain it"
            return Rounding(said, explained=False)
        relative = wide.rad() / abs(ball.mid()) if ball.mid() else wide.rad() * float("inf")
        worst, condition = max(worst, error), max(condition, float(relative) * 10.0**COARSE_DIGITS)
    return Rounding(
        f"float64 loses accuracy at depth {depth}: relative error {worst:.1e}, condition number {condition:.0e}"
    )


def _check(method: str, samples: list[_Sample], seed: int, digits: int) -> Check:
    described = f"balls of {digits} digits"
    depths = ", ".join(str(s.depth) for s in samples)
    for sample in samples:
        result, draw = sample.compare(method, digits)
        if result is Comparison.DISJOINT:
            shown = f"at depth {sample.depth}, {draw}"
            return Check(method, Verdict.REFUTED, "", described, seed, len(samples), shown)
        if result is not Comparison.AGREE:
            reason = f"at depth {sample.depth} the balls are {result.value}"
            return Check(method, Verdict.UNKNOWN, reason, described, seed, len(samples))
    verdict = Verdict.SAMPLED if samples else Verdict.UNKNOWN
    return Check(method, verdict, f"depth {depths}", described, seed, len(samples))


def _check_float(samples: list[_Sample], seed: int, digits: int) -> Check:
    """Compare with float64: a loss of accuracy is said; a difference that is no rounding leaves all UNKNOWN."""
    found = sorted((r for s in samples if (r := s.rounded()).said), key=lambda r: r.explained)
    verdict = Verdict.UNKNOWN if found or not samples else Verdict.SAMPLED
    detail = found[0].said if found else f"relative error below 2^-20 against balls of {digits} digits"
    required = bool(found) and not found[0].explained
    return Check("float64", verdict, detail, "float64", seed, len(samples), required=required)
