"""Claims about formulas as printed: each printed formula has the value of the one that was checked, at drawn points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from random import Random
from typing import Any

from symgrad.algebra.expression import Apply as Application
from symgrad.algebra.expression import Expression
from symgrad.api.printed.known import RECORDS, Function, of_record, words
from symgrad.api.printed.truth import Functions
from symgrad.evidence.compare import SHARP_BITS, Comparison, compare
from symgrad.export.notation import Notation
from symgrad.network.formula import Formula
from symgrad.numbers.extremum.domain import Domain, RealDomain
from symgrad.ops.record import Elementwise
from symgrad.reading.page.array.sizes import in_shape
from symgrad.reading.page.document import Equation, Page
from symgrad.reading.page.lexicon import Entry, Lexicon
from symgrad.reading.page.value import Evaluation, Given
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Name, Node, Number

POINTS, TRIED = 3, 40
"""Points at which formulas must agree, and those that are tried, for a formula may not be finite at one."""


@dataclass
class Formulas:
    """The formulas of one claim. domain: of their variables; one without an interval is any real number."""

    notation: Notation
    formulas: tuple[Formula, ...]
    domain: Domain = ()
    seed: int = 0
    digits: int = 60
    points: int = field(default=0, init=False)

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """The variables of all formulas."""
        return tuple(dict.fromkeys(v for f in self.formulas for v in f.variables))

    @cached_property
    def quantities(self) -> Lexicon:
        """The names of the variables, as the notation spells them."""
        return Lexicon(tuple(Entry(v, self.notation.names.get(v, v)) for v in self.variables))

    @cached_property
    def _functions(self) -> tuple[Lexicon, dict[str, Function]]:
        entries, values = set[Entry](), dict[str, Function]()
        for op in (o for f in self.formulas for o in _ops(f.expression)):
            if op.kind in ("function", "slope", "scalar"):
                entries.add(Entry(op.name, self.notation.names.get(op.name, op.name)))
                values[op.name] = op.record if isinstance(op.record, Elementwise) else op.value
                if isinstance(op.record, Elementwise) and op.name in (op.record.name, *op.record.aliases):
                    entries |= {Entry(op.name, word) for word in words(op.record)}
        return Lexicon(tuple(entries)), values

    def function(self, printed: Name) -> Function | None:
        """Return the function of a name without primes."""
        lexicon, values = self._functions
        found = lexicon.find(printed)
        if found is not None:
            return values[found.name]
        found = RECORDS.find(printed)
        return None if found is None else of_record(found.name)

    # --- comparisons ------------------------------------------------------------------------------------------

    def same(self, node: Node, formula: Formula) -> None:
        """Check that a printed formula has the value of the one that was checked; raises NotUnderstoodError."""
        functions = Functions(self, self.digits)
        agreed = 0
        for values in self._drawn(functions):
            with functions.A.working():
                try:
                    expected = formula(functions.A, **values)
                    found = self._given(functions, values).value(node)
                except (ArithmeticError, ValueError):
                    continue
                result = compare(in_shape(found, ()), expected)
                if result is Comparison.WIDE and self._cancels(functions, values, node, (found, expected)):
                    result = Comparison.AGREE
            if result is Comparison.DISJOINT:
                shown = ", ".join(f"{v} = {float(x.mid()):.6g}" for v, x in values.items())
                raise DiffersError(f"{formula} is printed as another formula, at {shown or 'all points'}")
            agreed += result is Comparison.AGREE
            if agreed == POINTS or (agreed and not self.variables):
                self.points += agreed
                return
        if not agreed:
            raise NotUnderstoodError(f"{formula} is not finite, or not known, where it was tried")
        self.points += agreed

    def _cancels(self, functions: Functions, values: dict[str, Any], node: Node, pair: tuple[Any, Any]) -> bool:
        """Tell whether the terms of a sum cancel, and balls that overlap are sharp beside the largest of them."""
        if not isinstance(node, Apply) or node.name != "+":
            return False
        terms = [abs(self._given(functions, values).value(t)) for t in node.arguments]
        largest = max((t.abs_upper() for t in terms), default=0)
        return all(x.rad() <= largest * functions.A.number(Fraction(1, 2**SHARP_BITS)) for x in pair)

    def _given(self, functions: Functions, values: dict[str, Any]) -> Evaluation:
        A = functions.A
        constants = {"pi": A.pi, "e": A.exp(A.number(1))}
        given = Given(
            self.quantities, lambda name, _: values[name], functions.function, _no_derivative, A.number, constants
        )
        return Evaluation(given, {})

    def _drawn(self, functions: Functions) -> Iterator[dict[str, Any]]:
        """Yield values of the variables: anywhere in their intervals, and integers for exponents."""
        random = Random(f"{self.seed}|{self.formulas}")
        intervals = {i.variable: i for i in self.domain}
        for n in range(TRIED):
            drawn: dict[str, Any] = {}
            for v in self.variables:
                interval = intervals.get(v, RealDomain(v))
                x = interval.draw(random, (3, 8, 30)[n % 3])
                if n % 4 == 3 and interval.holds(Fraction(round(x))):
                    x = Fraction(round(x))
                with functions.A.working():
                    drawn[v] = functions.A.number(x)
            yield drawn

    def exact(self, node: Node) -> Fraction:
        """Return a printed number, 1/4 or 2.59·10²⁶, exactly."""
        match node:
            case Number(value):
                return value
            case Apply("neg", (inner,)):
                return -self.exact(inner)
            case Apply("/", (above, below)):
                return self.exact(above) / self.exact(below)
            case Apply("*", factors):
                found = Fraction(1)
                for f in factors:
                    found *= self.exact(f)
                return found
            case Apply("^", (base, exponent)):
                n = self.exact(exponent)
                if n.denominator == 1 and abs(n) < 20_000:
                    return self.exact(base) ** int(n)
        raise NotUnderstoodError("a number")

    def decimal(self, node: Node, text: str) -> None:
        """Check that a printed decimal is the one that was checked, digit by digit."""
        if self.exact(node) != Fraction(text.strip()):
            raise DiffersError(f"{text} is printed as another number")

    def value(self, node: Node, relation: str, formula: Formula) -> None:
        """Check a right side: of ≈ it is a decimal, as it was written."""
        if relation == "≈":
            self.decimal(node, formula.text)
        else:
            self.same(node, formula)

    # --- domains ----------------------------------------------------------------------------------------------

    def where(self, page: Page, domain: Domain) -> None:
        """Check that the page tells the domain: for w ≥ 4, 0 < y ≤ 1."""
        wanted = {_ends(i) for i in domain if (i.low, i.high) != (None, None)}
        found = {self._interval(f) for s in page.sentences for f in s.formulas if self._is_interval(f)}
        if wanted - found:
            raise DiffersError("the page does not tell the domain that was checked")

    def _is_interval(self, e: Equation) -> bool:
        return bool(e.sides) and bool(e.relations) and set(e.relations) <= {"<", "≤", ">", "≥"}

    def _interval(self, e: Equation) -> tuple[object, ...]:
        sides, relations = list(e.sides), list(e.relations)
        if relations[0] in (">", "≥"):
            sides, relations = sides[::-1], [{">": "<", "≥": "≤"}[r] for r in relations[::-1]]
        names = [i for i, s in enumerate(sides) if isinstance(s, Name) and self.quantities.find(s) is not None]
        if len(names) != 1:
            return ()
        [at] = names
        meaning = self.quantities.find(sides[at])  # type: ignore[arg-type]
        assert meaning is not None  # it was found above
        try:
            low = (self.exact(sides[0]), relations[0]) if at else None
            high = (self.exact(sides[-1]), relations[-1]) if at < len(sides) - 1 else None
        except NotUnderstoodError:
            return ()
        return meaning.name, low, high


class DiffersError(Exception):
    """What is printed says something else than what was checked."""


def _ends(i: RealDomain) -> tuple[object, ...]:
    low = None if i.low is None else (i.low, "<" if i.open_low else "≤")
    high = None if i.high is None else (i.high, "<" if i.open_high else "≤")
    return i.variable, low, high


def _ops(e: Expression) -> Iterator[Any]:
    if isinstance(e, Application):
        yield e.op
        for a in e.arguments:
            yield from _ops(a)


def _no_derivative(*_: object) -> Any:
    raise NotUnderstoodError("a derivative by name in a formula")
