"""The check "as printed" of a derivative: in each format, the page is read, evaluated, and compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Protocol

from symgrad.algebra.index import symbols as symbols_of
from symgrad.api.printed.known import Known
from symgrad.api.printed.pages import read_pages
from symgrad.api.printed.statement import holds, statement
from symgrad.api.printed.truth import Truth
from symgrad.calculus.closed_form import ClosedForm
from symgrad.calculus.numeric import placed
from symgrad.errors import SymgradError
from symgrad.evidence.compare import Comparison, Judge, Zeros
from symgrad.evidence.draw import ATTEMPTS, Draw
from symgrad.evidence.evidence import Check
from symgrad.evidence.verdict import Verdict
from symgrad.evidence.verify import cases_of, test_functions
from symgrad.export.derivative import Presentation
from symgrad.export.latex import latex
from symgrad.export.math import Document
from symgrad.export.text import text
from symgrad.network.bind import bind_network
from symgrad.reading.page.document import Page
from symgrad.reading.page.value import Key
from symgrad.reading.token import NotUnderstoodError

METHOD = "as printed"
GIVES_UP = (SymgradError, ArithmeticError, ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What the evaluation of a page may end in, besides that it is not understood: then nothing is known of the page."""
FINER = (1, 4, 16, 64)
"""Multiples of the digits, one after the other, as long as balls are too wide to decide: deep products lose many."""
LARGEST_INDEX = 6
"""Numbers of index symbols up to which the assumptions on the page are compared with those of the closed form."""


def pages_of(document: Document) -> dict[str, str]:
    """Return a document as text and as LaTeX, which every other format is made of."""
    return {"text": text(document), "latex": latex(document)}


def check_printed(
    presentation: Presentation, pages: Mapping[str, str] | None = None, seed: int = 0, digits: int = 60
) -> Check:
    """Read pages of a derivative, by format, and compare what they say with backpropagation; by default text and LaTeX.

    The check is required: what is not read is not known. It is REFUTED with a counterexample where the values differ.

    >>> import symgrad as sg
    >>> page = sg.model("rnn").derivative("s[t]", "s[k]").presentation()
    >>> str(check_printed(page).verdict)
    'SAMPLED'
    >>> wrong = {"text": "∂s_t/∂s_k = ∏_{j=k+1}^{t} W diag(σ'(a_j))\\n\\nLayout: numerator.\\n\\nFor t ≥ k."}
    >>> str(check_printed(page, wrong).verdict)
    'REFUTED'
    """
    shown = pages if pages is not None else pages_of(presentation.document())
    read = read_pages(shown, presentation.typesetter.suited)
    witness = Witness(presentation, seed, digits)
    if presentation.trivial and not any(page.equations for page in read.values()):
        return replace(check_of_page(Verdict.UNKNOWN, "there is no formula on the page", seed, digits), required=False)
    detail = f"{', '.join(shown)}; {presentation.notation.name} notation, {presentation.layout} layout"
    return compared(read, witness, detail)


class Said(Protocol):
    """What a page says of a derivative."""

    def compare(self, truth: Truth, of: Key, wrt: Key, at: Mapping[str, int], *, judge: Judge) -> Comparison:
        """Compare it with backpropagation; of and wrt have numbers for indices."""


class PageWitness(Protocol):
    """Compares what a page says with values that do not come from it.

    finest: the digits of the balls that were needed. points(page): at how many points it was, and what refutes it.
    """

    seed: int
    finest: int

    def points(self, page: Page) -> tuple[int, str]:
        """Compare a page; NotUnderstoodError where it is not read, or nothing can be decided."""


def compared(read: Mapping[str, Page], witness: PageWitness, detail: str) -> Check:
    """Return what a witness says of pages, by format: a page that is not read, or compared at no point, is UNKNOWN."""
    seed = witness.seed
    count = 0
    for formats, page in distinct(read):
        try:
            count, refuted = witness.points(page)
        except NotUnderstoodError as error:
            return check_of_page(Verdict.UNKNOWN, f"{formats}: {error}", seed, witness.finest)
        except GIVES_UP as error:
            return check_of_page(Verdict.UNKNOWN, f"{formats}: it cannot be evaluated: {error}", seed, witness.finest)
        if refuted:
            return check_of_page(Verdict.REFUTED, formats, seed, witness.finest, count, refuted)
    if not count:
        return check_of_page(Verdict.UNKNOWN, "there is no depth to compare at", seed, witness.finest)
    return check_of_page(Verdict.SAMPLED, detail, seed, witness.finest, count)


def check_of_page(
    verdict: Verdict, detail: str, seed: int, digits: int, points: int = 0, counterexample: str = ""
) -> Check:
    """Return the required check "as printed"."""
    described = f"balls of {digits} digits"
    return Check(METHOD, verdict, detail, described, seed, points, counterexample, required=True, of_page=True)


def distinct(read: Mapping[str, Page]) -> Iterator[tuple[str, Page]]:
    """Yield pages that say different things, each with the formats in which it is so."""
    groups: list[tuple[list[str], Page]] = []
    for format_, page in read.items():
        for formats, known in groups:
            if _said(known) == _said(page):
                formats.append(format_)
                break
        else:
            groups.append(([format_], page))
    yield from ((", ".join(formats), page) for formats, page in groups)


def _said(page: Page) -> object:
    equations = [(e.sides, e.relations, bool(e.reason), e.steps) for e in page.equations]
    conditions = [(c.sides, c.relations, bool(c.reason)) for c in page.conditions]
    return equations, conditions, page.layout, page.order


@dataclass
class _Point:
    """A depth with drawn values; ``at``: the numbers of index symbols, as the page writes them."""

    depth: int
    of: Key
    wrt: Key
    at: dict[str, int]


class Witness:
    """Compares the page of a derivative with backpropagation, at drawn values and small depths."""

    def __init__(self, presentation: Presentation, seed: int, digits: int) -> None:
        self.presentation, self.seed, self.digits = presentation, seed, digits
        form = presentation.closed
        bound = bind_network(form.network, test_functions(form.network, seed))
        self.known = Known(bound, presentation.typesetter.suited)
        self.sampled: dict[tuple[int, int, int, bool], Truth] = {}
        self.finest = digits

    @property
    def form(self) -> ClosedForm:
        """The derivative that the page is about."""
        return self.presentation.closed

    def said(self, page: Page) -> Said:
        """Return what a page says; NotUnderstoodError where it is not read."""
        shapes = [self.form.network.shape(q) for q in (self.form.of, self.form.wrt)]
        return statement(page, self.presentation.layout, shapes == [(), ()])

    def points(self, page: Page) -> tuple[int, str]:
        """Compare a page at every case; return at how many points, and a counterexample if there is one.

        Raises NotUnderstoodError where the page is not read, or nothing can be decided.
        """
        said = self.said(page)
        self._check_conditions(page)
        count = 0
        for point in self._cases():
            if not holds(page.conditions, point.at):
                continue  # the page may assume more than the closed form
            result, shown = self._compare(said, point)
            if result is Comparison.DISJOINT:
                return count, shown
            if result is not Comparison.AGREE:
                raise NotUnderstoodError(f"at depth {point.depth} the balls are {result.value}")
            count += 1
        if not count:
            raise NotUnderstoodError("there is no depth to compare at")
        return count, ""

    def _cases(self) -> Iterator[_Point]:
        form = self.form
        for depth, at in cases_of(form):
            of, wrt = placed(form.of, at), placed(form.wrt, at)
            numbers = {self.known.position(s): n for s, n in at.items()}
            yield _Point(depth, (of.name, of.place({})), (wrt.name, wrt.place({})), numbers)

    def _compare(self, said: Said, point: _Point) -> tuple[Comparison, str]:
        """Compare at the first draw that decides, in more digits where the balls are wide."""
        result, shown = Comparison.UNDEFINED, ""
        for attempt in ATTEMPTS:
            zeros = Zeros(), Zeros()
            for digits in (n * self.digits for n in FINER):
                judges = (zeros[0].at(digits), zeros[1].at(digits))
                result, shown = self._readings(said, point, attempt, digits, judges)
                self.finest = max(self.finest, digits)
                if result is not Comparison.WIDE:
                    break
            if result not in (Comparison.UNDEFINED, Comparison.WIDE):
                break
        return result, shown

    def _readings(
        self, said: Said, point: _Point, attempt: int, digits: int, judges: tuple[Judge, Judge]
    ) -> tuple[Comparison, str]:
        """Compare in each reading of ∂⁺, where the page does not say what it holds fixed."""
        first: Comparison | None = None
        truth = self._truth(point.depth, digits, attempt, False)
        for step, judge in zip((False, True), judges, strict=True):
            truth = self._truth(point.depth, digits, attempt, step)
            with truth.A.working():
                result = said.compare(truth, point.of, point.wrt, point.at, judge=judge)
            first = first or result
            if result is Comparison.AGREE or not truth.asked_immediate:
                break
        else:
            result = first or result
        return result, f"at depth {point.depth}, {truth.draw}" if result is Comparison.DISJOINT else ""

    def _truth(self, depth: int, digits: int, attempt: int, step: bool) -> Truth:
        key = depth, digits, attempt, step
        if key not in self.sampled:
            draw = Draw(self.known.network, depth, self.seed, attempt, (self.form.of, self.form.wrt))
            self.sampled[key] = Truth(self.known, draw, digits, step)
        return self.sampled[key]

    def _check_conditions(self, page: Page) -> None:
        """Compare what the page assumes of its index symbols with what the closed form does, at small numbers."""
        form = self.form
        symbols = sorted(symbols_of(p for pair in form.assumptions for p in pair))
        for numbers in product(range(-1, LARGEST_INDEX + 1), repeat=len(symbols)):
            at = dict(zip(symbols, numbers, strict=True))
            printed = {self.known.position(s): n for s, n in at.items()}
            if holds(page.conditions, printed) and not all(a.holds(at) for a in form.assumptions):
                shown = ", ".join(f"{s} = {n}" for s, n in printed.items())
                raise NotUnderstoodError(f"the page assumes less than the closed form does: not so at {shown}")
