"""Equations and derivatives of a network as printed in the steps of a derivation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

from symgrad.algebra.index import symbols
from symgrad.api.printed.formulas import DiffersError
from symgrad.api.printed.known import Known
from symgrad.api.printed.statement import Statement, statement
from symgrad.api.printed.truth import Truth
from symgrad.calculus.closed_form import ClosedForm
from symgrad.calculus.numeric import placed
from symgrad.claims.definition import Definition
from symgrad.claims.differential import Differential
from symgrad.evidence.compare import Comparison, compare
from symgrad.evidence.draw import ATTEMPTS, Draw
from symgrad.evidence.verify import cases_of, test_functions
from symgrad.export.derivative import Presentation
from symgrad.export.notation import Notation
from symgrad.export.typeset import Typesetter
from symgrad.network.bind import bind_network
from symgrad.network.network import Network
from symgrad.reading.page.array.kinds import is_array
from symgrad.reading.page.array.sizes import in_shape
from symgrad.reading.page.document import Equation, Page
from symgrad.reading.page.lexicon import shown
from symgrad.reading.page.value import Evaluation, Key
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Name, Node, Partial

CASES = 3
"""Depths at which a step is compared; the derivation's result is compared at more."""
FINER = (1, 4, 16, 64)


class Circumstances(Protocol):
    """In which notation and layout pages are read, and at which points."""

    notation: Notation
    layout: str
    seed: int
    digits: int


@dataclass
class Derivations:
    """Networks at drawn values, which the steps of one derivation share."""

    bound: dict[int, tuple[Network, Network]] = field(default_factory=dict)
    known: dict[tuple[object, ...], Truth] = field(default_factory=dict)

    def truth(self, network: Network, depth: int, by: Circumstances, digits: int, attempt: int, step: bool) -> Truth:
        """Return a network at drawn values; the same one gives the same values."""
        if id(network) not in self.bound:  # the network is kept too, so that no other gets its id
            self.bound[id(network)] = network, bind_network(network, test_functions(network, by.seed))
        bound = self.bound[id(network)][1]
        key = id(network), depth, digits, attempt, step, tuple(by.notation.indices.items())
        if key not in self.known:
            known = Known(bound, Typesetter(network, by.notation).suited)
            self.known[key] = Truth(known, Draw(bound, depth, by.seed, attempt), digits, step)
        return self.known[key]

    # --- definitions ----------------------------------------------------------------------------------------

    def definition(self, claim: Definition, e: Equation, by: Circumstances) -> int:
        """Compare both sides of an equation of the network at every step of a small depth; return at how many."""
        network, target = claim.network, claim.target
        named = target.index if isinstance(target.index, int) else 1
        depth = max(2, named, network.least_depth(target) if network.steps else 1)
        count = 0
        for attempt in ATTEMPTS:
            truth = self.truth(network, depth, by, by.digits, attempt, False)
            for numbers in truth.numbers(target):
                with truth.A.working():
                    evaluation = Evaluation(truth.given(), {truth.position(s): n for s, n in numbers.items()})
                    left, right = (evaluation.value(side) for side in e.sides)
                    if not isinstance(e.sides[0], Name) or evaluation.quantity_of(e.sides[0], evaluation.at) != (
                        target.name,
                        target.place(numbers),
                    ):
                        raise DiffersError(f"an equation of {shown(e.sides[0])}")
                    shape = left.shape if is_array(left) else ()
                    result = compare(left, in_shape(right, shape))
                if result is Comparison.DISJOINT:
                    raise DiffersError(f"the equation of {target}, at depth {depth}, {truth.draw}")
                count += result is Comparison.AGREE
            if count:
                return count
        raise NotUnderstoodError(f"the equation of {target} is not finite where it was tried")

    # --- derivatives ----------------------------------------------------------------------------------------

    def differential(self, claim: Differential, page: Page, by: Circumstances) -> int:
        """Compare ∂of/∂wrt with backpropagation, or with what one equation or step alone gives; return at how many."""
        form = claim.form if claim.form.network.steps or claim.form.network.grid else replace(claim.form, depth=1)
        said = statement(_as_derivative(page) if claim.first_order else page, by.layout, said_before=True)
        if said.left.immediate != claim.immediate and not claim.first_order:
            raise DiffersError("whether a derivative is the immediate one")
        count = 0
        for depth, of, wrt, at in _spread(list(_cases(form))):
            result, draw = self._compared(said, form, claim.scope, depth, of, wrt, at, by)
            if result is Comparison.DISJOINT:
                raise DiffersError(f"at depth {depth}, {draw}")
            if result is not Comparison.AGREE:
                raise NotUnderstoodError(f"at depth {depth} the balls are {result.value}")
            count += 1
        if not count:
            raise NotUnderstoodError("there is no depth to compare at")
        return count

    def _compared(
        self,
        said: Statement,
        form: ClosedForm,
        scope: str,
        depth: int,
        of: Key,
        wrt: Key,
        at: dict[str, int],
        by: Circumstances,
    ) -> tuple[Comparison, str]:
        """Compare at the first draw that decides, and in each reading of a ∂⁺ on the right.

        Where all units of a ReLU are dead, the next one stands exactly at its kink: no number of digits decides there.
        """
        result, shown_draw = Comparison.UNDEFINED, ""
        suited = Presentation(form, by.notation, by.layout).typesetter.suited
        printed = {suited.indices.get(s, s): n for s, n in at.items()}
        for attempt in ATTEMPTS:
            for digits in (n * by.digits for n in FINER):
                for step in (False, True):
                    truth = self.truth(form.network, depth, by, digits, attempt, step)
                    with truth.A.working():
                        result = said.compare(truth, of, wrt, printed, scope)
                    shown_draw = str(truth.draw)
                    if result is Comparison.AGREE or not truth.asked_immediate:
                        break
                if result is not Comparison.WIDE:
                    break
            if result not in (Comparison.UNDEFINED, Comparison.WIDE):
                break
        return result, shown_draw


Case = tuple[int, Key, Key, dict[str, int]]


def _cases(form: ClosedForm) -> Iterator[Case]:
    for depth, at in cases_of(form):
        of, wrt = (placed(q, at) for q in (form.of, form.wrt))
        if not symbols((*of.indices, *wrt.indices)):
            yield depth, (of.name, of.place({})), (wrt.name, wrt.place({})), at


def _spread(cases: list[Case]) -> list[Case]:
    """Return the first case, one in the middle and the last."""
    if len(cases) <= CASES:
        return cases
    return [cases[i * (len(cases) - 1) // (CASES - 1)] for i in range(CASES)]


def _as_derivative(page: Page) -> Page:
    """Read Δs ≈ J Δx, to first order, as ∂s/∂x = J."""
    first, *others = page.equations
    match first.sides, first.relations:
        case ((Apply("*", (delta, Name() as of)), right), ("≈",)) if delta == DELTA:
            factors = right.arguments if isinstance(right, Apply) and right.name == "*" else ()
            match factors:
                case (*product, sign, Name() as wrt) if sign == DELTA and product:
                    whole: Node = product[0] if len(product) == 1 else Apply("*", tuple(product))
                    return Page((Equation((Partial(of, wrt), whole), ("=",), first.text), *others, *page.sentences))
    raise NotUnderstoodError("changes to first order")


DELTA = Name("Delta")
