"""The check "as printed" of backward equations: the page is read, computed from its own lines, and compared.

Everything on the page is computed by what the page says, from the parameters and the derivatives of the loss by its
arguments: the quantities forward, the errors from the last step to the first, the gradients. Each is compared with
backpropagation, at every step for which a line holds; and all that was derived must be there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

from symgrad.algebra.expression_tree import quantities
from symgrad.algebra.index import symbols
from symgrad.algebra.substitution import move
from symgrad.api.printed.known import Known
from symgrad.api.printed.pages import read_pages
from symgrad.api.printed.statement import holds
from symgrad.api.printed.truth import Truth
from symgrad.api.printed.witness import FINER, compared, pages_of
from symgrad.calculus.backward_values import numberings
from symgrad.calculus.equations.backward_equation import BackwardPass
from symgrad.evidence.backward import POINTS, depths
from symgrad.evidence.compare import Comparison, Judge, Zeros, compare
from symgrad.evidence.draw import ATTEMPTS, Draw, family_ends
from symgrad.evidence.evidence import Check
from symgrad.evidence.verify import test_functions
from symgrad.export.backward import LAYOUT, BackwardPage
from symgrad.network.bind import bind_network
from symgrad.network.network import Network
from symgrad.reading.page.array import products as V
from symgrad.reading.page.array.kinds import Value, is_array
from symgrad.reading.page.array.sizes import in_shape
from symgrad.reading.page.defined import Definition, Instance, instance, matched
from symgrad.reading.page.document import Equation, Page
from symgrad.reading.page.lexicon import shown
from symgrad.reading.page.value import Evaluation, Key
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Name, Node, Partial

WORST_FIRST = (Comparison.DISJOINT, Comparison.UNDEFINED, Comparison.WIDE, Comparison.AGREE)


def check_backward(
    shown_page: BackwardPage, pages: Mapping[str, str] | None = None, seed: int = 0, digits: int = 60
) -> Check:
    """Read pages of backward equations, by format, and compare what they say with backpropagation.

    The check is required: what is not read is not known. It is REFUTED with a counterexample where the values differ.
    """
    texts = pages if pages is not None else pages_of(shown_page.document())
    read = read_pages(texts, shown_page.typesetter.suited)
    witness = Witness(shown_page, shown_page.equations, shown_page.equations.network, seed, digits)
    detail = f"{', '.join(texts)}; {shown_page.notation.name} notation"
    return compared(read, witness, detail)


class Witness:
    """Compares pages with backpropagation. equations: those that were derived; network: that of the page."""

    def __init__(self, page: BackwardPage, equations: BackwardPass, network: Network, seed: int, digits: int) -> None:
        self.page, self.seed, self.digits = page, seed, digits
        self.equations = equations
        self.finest = digits
        self.bound = bind_network(network, test_functions(network, seed))
        self.known = Known(self.bound, page.typesetter.suited)

    def points(self, page: Page) -> tuple[int, str]:
        """Compare a page at a few depths; return at how many values, and a counterexample if there is one."""
        for e in (*page.equations, *page.conditions):
            if e.reason:
                raise NotUnderstoodError(f"not read: {e.text or 'a formula'}: {e.reason}")
        if page.layout != LAYOUT:
            raise NotUnderstoodError(f"the page does not say that it is in {LAYOUT} layout")
        count = 0
        for depth in depths(self.equations, POINTS):
            symbol = self.known.position(self.bound.depth_symbol)
            ends = {self.known.position(letter): n for letter, n in family_ends(self.bound).items()}
            if not holds(page.conditions, {**ends, symbol: depth}):
                continue
            found, counterexample = self._at_depth(page, depth)
            if counterexample:
                return count, counterexample
            count += found
        if not count:
            raise NotUnderstoodError("there is no depth to compare at")
        return count, ""

    def _at_depth(self, page: Page, depth: int) -> tuple[int, str]:
        result, count, shown_draw = Comparison.UNDEFINED, 0, ""
        zeros: dict[int, Zeros] = {}
        for finer, attempt in product(FINER, ATTEMPTS):  # by accident something may cancel at one point
            draw = Draw(self.bound, depth, self.seed, attempt)
            truth = Truth(self.known, draw, finer * self.digits)
            with truth.A.working():
                ends = {**truth.values.ends, self.bound.depth_symbol: depth}
                at = {self.known.position(letter): n for letter, n in ends.items()}
                judge = zeros.setdefault(attempt, Zeros()).at(finer * self.digits)
                result, count, where = self.reading(page, truth, at).compared(judge)
            shown_draw = f"{where}, at depth {depth}, {draw}"
            if result not in (Comparison.UNDEFINED, Comparison.WIDE):
                break
        if result is Comparison.DISJOINT:
            return count, shown_draw
        if result is not Comparison.AGREE:
            raise NotUnderstoodError(f"at depth {depth} the balls are {result.value}")
        return count, ""

    def reading(self, page: Page, truth: Truth, at: dict[str, int]) -> Reading:
        """Return a page at a point."""
        return Reading(page, truth, self.equations, at)


@dataclass
class Reading:
    """One page at one point. names: the lines that say what the errors are called; lines: all others."""

    page: Page
    truth: Truth
    equations: BackwardPass
    at: dict[str, int]

    def __post_init__(self) -> None:
        self.names: list[Definition] = []
        self.lines: list[Equation] = []
        for e in self.page.equations:
            match e.sides, e.relations:
                case (Name() as left, Partial() as right), (":=",):
                    self.names.append(Definition(left, right))
                case (Name() | Partial(), _), ("=",):
                    self.lines.append(e)
                case _:
                    raise NotUnderstoodError(f"the line {e.text} says nothing that is checked")
        definitions = tuple(
            Definition(e.sides[0], e.sides[1], None, e.steps)  # type: ignore[arg-type]  # a name or a derivative
            for e in self.lines
        )
        known = replace(self.truth.given(), derivative=self.given)
        self.evaluation = Evaluation(known, self.at, self.page.order, LAYOUT, (*definitions, *self.names))
        self._named_before: dict[Instance, tuple[Partial, dict[str, int]] | None] = {}

    def compared(self, judge: Judge = compare) -> tuple[Comparison, int, str]:
        """Compute every line at every step for which it holds; return the worst, how many, and where it is."""
        given: set[tuple[Key, str]] = set()
        found: list[tuple[Comparison, str]] = []
        for e, at in self._in_order():
            key, of = self._key(e.sides[0], at)
            if (key, of) in given:
                raise NotUnderstoodError(f"two lines give {shown_key(key)}")
            given.add((key, of))
            theirs = self.derivative(key, of) if of else self.quantity(key)
            fitted = self._value(e, at, theirs.shape if is_array(theirs) else ())
            found.append((judge(fitted, theirs), f"∂{of}/∂{shown_key(key)}" if of else shown_key(key)))
        for needed in self.required():
            if needed not in given:
                key, of = needed
                what = f"the derivative of {of} by {shown_key(key)}" if of else shown_key(key)
                raise NotUnderstoodError(f"no line gives {what}")
        worst = next(c for c in WORST_FIRST if any(c is r for r, _ in found) or c is WORST_FIRST[-1])
        return worst, len(found), next((where for r, where in found if r is worst), "")

    def _value(self, e: Equation, at: Mapping[str, int], shape: tuple[int, ...]) -> Value:
        """Return the value of a right side, in the shape of the left one; it is kept for the lines that read it."""
        left = e.sides[0]
        assert isinstance(left, Name | Partial)
        place = {**self.at, **at}
        sought = instance(left, lambda x: self.evaluation.exact(x, place))
        value = in_shape(self.evaluation.value(e.sides[1], place), shape)
        self.evaluation._stated[sought] = value
        return value

    def _in_order(self) -> Iterator[tuple[Equation, dict[str, int]]]:
        """Yield the lines with the numbers of their indices: forward from the first step, backward from the last."""
        forward = [e for e in self.lines if not self._key_pattern(e.sides[0])]
        backward = [e for e in self.lines if self._key_pattern(e.sides[0])]
        yield from sorted(((e, at) for e in forward for at in self._numbers(e)), key=self._place)
        asked = [e for e in backward if isinstance(e.sides[0], Partial)]
        errors = [e for e in backward if isinstance(e.sides[0], Name)]
        yield from sorted(((e, at) for e in errors for at in self._numbers(e)), key=self._place, reverse=True)
        yield from ((e, at) for e in asked for at in self._numbers(e))

    def _place(self, line: tuple[Equation, dict[str, int]]) -> int:
        """Return at which step the left side of a line stands; what carries no index goes last when forward."""
        left = line[0].sides[0]
        assert isinstance(left, Name)
        key, _ = self._key(left, line[1])
        return key[1] if isinstance(key[1], int) else 10**9

    def _numbers(self, e: Equation) -> Iterator[dict[str, int]]:
        found: list[dict[str, int]] = [{}]
        for symbol, low, high in e.steps:
            found = [
                {**known, symbol: n}
                for known in found
                for n in range(self._index(low, known), self._index(high, known) + 1)
            ]
        yield from found

    def _index(self, node: Node, known: Mapping[str, int]) -> int:
        return self.evaluation.index(node, {**self.at, **known})

    # --- what a left side is about ----------------------------------------------------------------------

    def _key_pattern(self, left: Node) -> bool:
        """Tell whether a line gives a cotangent: an error by its name, or ∂C/∂W."""
        return isinstance(left, Partial) or self._named(left, self.at) is not None

    def _named(self, left: Node, at: Mapping[str, int]) -> tuple[Partial, dict[str, int]] | None:
        """Return the derivative that an error is, and the numbers of the symbols in its name."""
        if not isinstance(left, Name):
            return None
        sought = instance(left, lambda x: self.evaluation.exact(x, {**self.at, **at}))
        if sought not in self._named_before:
            self._named_before[sought] = self.defined_as(left, sought)
        return self._named_before[sought]

    def defined_as(self, left: Name, sought: Instance) -> tuple[Partial, dict[str, int]] | None:
        """Return what the page says that a name is, and the numbers of the symbols in it."""
        for d in sorted(self.names, key=lambda d: d.left != left):  # dW_q, where q is a size, is not a dW_x
            bound = matched(d.left, sought, self.at)
            if bound is None and d.left == left:
                bound = {}
            if bound is not None and isinstance(d.right, Partial):
                self._about(d.right)
                return d.right, bound
        return None

    @property
    def of(self) -> Key:
        """The number that is derived."""
        of = move(self.equations.of, {self.truth.network.depth_symbol: self.truth.depth})
        return of.name, of.place({})

    def numbers_derived(self) -> tuple[Key, ...]:
        """Return the numbers of which the page may have derivatives."""
        return (self.of,)

    def _about(self, partial: Partial) -> str:
        """Return the name of the number that is derived."""
        of = self.evaluation.quantity_of(partial.of, self.at)
        if of not in self.numbers_derived():
            raise NotUnderstoodError(f"a derivative of {shown(partial.of)}, and not of {self.equations.of}")
        return of[0]

    def _key(self, left: Node, at: Mapping[str, int]) -> tuple[Key, str]:
        """Return what a line is about: a quantity, or a derivative by it, with the name of what is derived."""
        place = {**self.at, **at}
        if isinstance(left, Partial):
            return self.evaluation.quantity_of(left.wrt, place), self._about(left)
        named = self._named(left, at)
        if named is not None:
            partial, numbers = named
            return self.evaluation.quantity_of(partial.wrt, {**place, **numbers}), self._about(partial)
        assert isinstance(left, Name)
        return self.evaluation.quantity_of(left, place), ""

    def quantity(self, key: Key) -> Value:
        """Return the value of a quantity."""
        return self.truth.quantity(*key)

    def derivative(self, key: Key, of: str) -> Value:
        """Return the derivative of the number of the name ``of`` by a quantity, in the shape of the quantity."""
        return V.transposed(self.truth.derivative(self.of, key, False))

    # --- what a right side reads ------------------------------------------------------------------------

    def given(self, of: Key, wrt: Key, immediate: bool) -> Value:
        """Return a derivative that no line gives; but for those of a loss by its own arguments there is none."""
        if not immediate and wrt not in set(self.arguments(of)):
            raise NotUnderstoodError(f"the derivative of {shown_key(of)} by {shown_key(wrt)}, which no line gives")
        return self.truth.derivative(of, wrt, immediate)

    def arguments(self, of: Key) -> Iterator[Key]:
        """Yield what the equation of a quantity reads, but under sums."""
        network, ends = (
            self.truth.network,
            {**self.truth.values.ends, self.truth.network.depth_symbol: self.truth.depth},
        )
        for e in network.equations:
            for at in numberings(network.free(e), ends) if e.target.name == of[0] else ():
                if e.target.place(at) == of[1]:
                    read = (move(q, at) for q in quantities(e.value))
                    yield from ((q.name, q.place({})) for q in read if not symbols(q.indices))

    def required(self) -> Iterator[tuple[Key, str]]:
        """Yield what was derived, and must be on the page."""
        bp, truth = self.equations, self.truth
        ends = {**truth.values.ends, truth.network.depth_symbol: truth.depth}
        for e in bp.equations:
            for at in numberings(e.ranges, ends) if not e.is_its_name(bp.of) else ():
                q = move(e.wrt, at)
                yield (q.name, q.place({})), bp.of.name


def shown_key(key: Key) -> str:
    """Return z_3 for ("z", 3)."""
    return key[0] if key[1] is None else f"{key[0]}[{key[1]}]"
