"""Claims as printed: for each kind, what its page must say; a kind that has none here is not read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import singledispatchmethod

from symgrad.algebra.greek import GREEK
from symgrad.api.printed.entries import same_entries
from symgrad.api.printed.formulas import DiffersError, Formulas
from symgrad.api.printed.network import Derivations
from symgrad.claims.component import Component
from symgrad.claims.definition import Definition
from symgrad.claims.differential import Differential
from symgrad.claims.expectation import Expectation
from symgrad.claims.extremum import Extremum, exact_number
from symgrad.claims.jacobian import Jacobian
from symgrad.claims.kind import Claim
from symgrad.claims.limit import Limit
from symgrad.claims.moments import Moments
from symgrad.claims.norm_bound import NormBound
from symgrad.claims.relation import Relation
from symgrad.claims.slope import Slope
from symgrad.claims.solutions import Solutions
from symgrad.export.notation import Notation
from symgrad.export.typeset import Typesetter
from symgrad.network.formula import Formula, read_formula, scalars
from symgrad.numbers.extremum.domain import Domain
from symgrad.reading.page.document import Equation, Page
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Call, Name, Node, Partial, Tuple


@dataclass
class Reading:
    """Compares what pages say with claims, at points of ``seed``. networks: what is known of them already."""

    notation: Notation
    layout: str = "numerator"
    seed: int = 0
    digits: int = 60
    networks: Derivations = field(default_factory=Derivations)
    points: int = 0

    @singledispatchmethod
    def read(self, claim: Claim, page: Page) -> bool:
        """Tell whether claims of this kind are read back; compare one with its page.

        Raises NotUnderstoodError where the page is not read, and DiffersError where it says something else.
        """
        return False

    def _formulas(self, domain: Domain, *formulas: Formula) -> Formulas:
        suited = Typesetter(scalars(), self.notation).suited
        return Formulas(suited, formulas, domain, self.seed, self.digits)

    # --- networks -------------------------------------------------------------------------------------------

    @read.register
    def _(self, claim: Definition, page: Page) -> bool:
        self.points += self.networks.definition(claim, _one(page, ":="), self)
        return True

    @read.register
    def _(self, claim: Differential, page: Page) -> bool:
        self.points += self.networks.differential(claim, page, self)
        return True

    @read.register
    def _(self, claim: Component, page: Page) -> bool:
        self.points += same_entries(claim, page, self.notation, self.layout, self.networks, self.seed, self.digits)
        return True

    @read.register
    def _(self, claim: NormBound, page: Page) -> bool:
        e = _one(page, "≤")
        match e.sides[0]:
            case Apply("abs" | "norm", (Partial(),)):
                self._compared(self._formulas((), claim.right), (e.sides[1], claim.right))
                return True
        raise NotUnderstoodError("the norm of a derivative is not read")

    # --- formulas -------------------------------------------------------------------------------------------

    def _compared(self, formulas: Formulas, *pairs: tuple[Node, Formula]) -> None:
        for node, formula in pairs:
            formulas.same(node, formula)
        self.points += formulas.points

    @read.register
    def _(self, claim: Relation, page: Page) -> bool:
        e = _one(page, claim.relation)
        formulas = self._formulas(claim.domain, claim.left, claim.right)
        formulas.where(page, claim.domain)
        formulas.value(e.sides[1], claim.relation, claim.right)
        self._compared(formulas, (e.sides[0], claim.left))
        return True

    @read.register
    def _(self, claim: Slope, page: Page) -> bool:
        e = _one(page, "=")
        formulas = self._formulas(claim.domain, claim.formula, claim.slope, read_formula(claim.variable))
        formulas.where(page, claim.domain)
        match e.sides[0]:
            case Apply("*", (Apply("/", (Name("d"), below)), body)) if _is_change(below, claim.variable, formulas):
                self._compared(formulas, (body, claim.formula), (e.sides[1], claim.slope))
                return True
        raise NotUnderstoodError("the sign of a derivative is not read")

    @read.register
    def _(self, claim: Jacobian, page: Page) -> bool:
        *definitions, last = page.equations
        of = [_name(e.sides[0]) for e in definitions]
        if len(of) != len(claim.functions) or page.layout != claim.layout:
            raise DiffersError("the functions or the layout of a Jacobian")
        formulas = self._formulas((), *(f for _, f in claim.functions), *(f for r in claim.entries for f in r))
        pairs = [(e.sides[1], f) for e, (_, f) in zip(definitions, claim.functions, strict=True)]
        named, found = (_grid(side) for side in last.sides)
        if claim.layout == "denominator":
            named, found = (list(map(list, zip(*g, strict=True))) for g in (named, found))
        for i, row in enumerate(claim.entries):
            for k, formula in enumerate(row):
                match named[i][k]:
                    case Partial(name, by) if name == of[i] and _stands_for(formulas, by, claim.variables[k]):
                        pairs.append((found[i][k], formula))
                    case _:
                        raise DiffersError(f"the entry in row {i + 1} and column {k + 1} is another derivative")
        self._compared(formulas, *pairs)
        return True

    @read.register
    def _(self, claim: Limit, page: Page) -> bool:
        e = _one(page, "→")
        formulas = self._formulas(claim.domain, claim.formula, claim.value)
        formulas.where(page, claim.domain)
        pairs = [(e.sides[0], claim.formula)]
        if str(claim.value) in INFINITE:
            if e.sides[1] != INFINITE[str(claim.value)]:
                raise DiffersError("an infinite limit")
        else:
            pairs.append((e.sides[1], claim.value))
        self._compared(formulas, *pairs)
        return True

    @read.register
    def _(self, claim: Solutions, page: Page) -> bool:
        condition, ends = claim.condition, [f for f in (claim.low, claim.high) if f]
        first, *others = page.equations
        formulas = self._formulas(condition.domain, condition.left, condition.right, *ends)
        formulas.where(page, condition.domain)
        if first.relations != (condition.relation,) or len(others) != bool(ends):
            raise DiffersError("a condition and where it holds")
        pairs = [(first.sides[0], condition.left), (first.sides[1], condition.right)]
        if ends:
            wanted = ("≤", "≤") if len(ends) == 2 else ("≥",) if claim.low else ("≤",)
            if others[0].relations != wanted:
                raise DiffersError("the interval in which a condition holds")
            sides = [s for i, s in enumerate(others[0].sides) if i != (1 if len(ends) == 2 else 0)]
            pairs += list(zip(sides, ends, strict=True))
        self._compared(formulas, *pairs)
        return True

    @read.register
    def _(self, claim: Extremum, page: Page) -> bool:
        value = exact_number(claim.value)
        e = page.equations[0]
        formulas = self._formulas((claim.domain,), claim.formula, *([value] if value else []))
        formulas.where(page, (claim.domain,))
        sign = "max" if claim.sense == "maximum" else "min"
        if e.relations != (("≈",) if value is None else ("=",)):
            raise DiffersError("whether an extremum is exact")
        if value is None:
            formulas.decimal(e.sides[1], claim.value)
        else:
            formulas.same(e.sides[1], value)
        match e.sides[0]:
            case Apply("*", (Name() as name, *factors)) if name == Name(sign):
                body = factors[0] if len(factors) == 1 else Apply("*", tuple(factors))
            case Call(Name() as name, (body,)) if name == Name(sign):
                pass
            case _:
                raise NotUnderstoodError("an extremum is not read")
        self._compared(formulas, (body, claim.formula))
        return True

    @read.register
    def _(self, claim: Expectation, page: Page) -> bool:
        e = _one(page, claim.relation)
        formulas = self._formulas(claim.domain, claim.formula, claim.value)
        formulas.where(page, claim.domain)
        formulas.value(e.sides[1], claim.relation, claim.value)
        self._compared(formulas, (_mean(e.sides[0]), claim.formula))
        return True

    @read.register
    def _(self, claim: Moments, page: Page) -> bool:
        e = _one(page, "=")
        given = [f for pair in claim.given for f in pair]
        formulas = self._formulas((), claim.formula, claim.value, *given)
        self._compared(formulas, (_mean(e.sides[0]), claim.formula), (e.sides[1], claim.value))
        return True


INFINITE: Mapping[str, Node] = {"oo": Name("∞"), "-oo": Apply("neg", (Name("∞"),))}


def _one(page: Page, relation: str) -> Equation:
    """Return the one equation of a page, which has this relation."""
    if len(page.equations) != 1 or page.equations[0].relations != (relation,):
        raise DiffersError(f"a line with {relation}")
    return page.equations[0]


def _name(node: Node) -> Name:
    if not isinstance(node, Name):
        raise NotUnderstoodError("what is no name")
    return node


def _grid(node: Node) -> list[list[Node]]:
    if isinstance(node, Tuple):
        return [list(r.items) for r in node.items if isinstance(r, Tuple)]
    return [[node]]


def _mean(node: Node) -> Node:
    match node:
        case Call(Name("E"), (body,)):
            return body
    raise NotUnderstoodError("a mean is not read")


def _stands_for(formulas: Formulas, name: Name, variable: str) -> bool:
    found = formulas.quantities.find(name)
    return found is not None and found.name == variable


def _is_change(node: Node, variable: str, formulas: Formulas) -> bool:
    """Tell whether a node is dx; text writes it as any other name."""
    match node:
        case Apply("d", (Name() as name,)):
            return _stands_for(formulas, name, variable)
        case Name(base) if base.startswith("d"):
            inner = Name(GREEK.get(base[1:], base[1:]), node.accents, node.below, node.above, node.bracket)
            return _stands_for(formulas, inner, variable)
    return False
