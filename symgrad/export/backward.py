"""How the backward equations of a network are laid out on a page: forward, the errors, backward, the gradients.

    z_l = W_l a_{l-1} + b_l  for l = 1, …, L            what is computed forward
    δ_l := ∂C/∂z_l                                      what the errors are called
    δ_l = (W_{l+1}ᵀ δ_{l+1}) ⊙ σ'(z_l)  for l = L-1, …, 1
    ∂C/∂W_l = δ_l a_{l-1}ᵀ  for l = 1, …, L

Each derivative has the shape of what it is by: the denominator layout.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from unicodedata import normalize

from symgrad.algebra.differential import Cotangent, Partial
from symgrad.algebra.expression import Expression, Quantity
from symgrad.algebra.expression_tree import nodes
from symgrad.algebra.index import Index
from symgrad.algebra.linear_map import Block, Column, LinearMap
from symgrad.algebra.span import Span
from symgrad.calculus.along import DOT
from symgrad.calculus.equations.backward_equation import BackwardEquation, BackwardPass, Summand
from symgrad.calculus.normal.term import ONE, Term, written
from symgrad.calculus.normal.total import summands
from symgrad.calculus.rank import rank
from symgrad.calculus.readers import Readers
from symgrad.export.maps import MapTypesetter
from symgrad.export.math import Derivative, Display, Document, Infix, Math, Num, Paren, Part, Steps, Terms, Text, row
from symgrad.export.notation_record import Notation, styled
from symgrad.export.notes import assumed, cases, declared, functions
from symgrad.export.sums import sentences
from symgrad.export.typeset import ATOM, PRODUCT, Strong, terms
from symgrad.network.equation import Equation

LAYOUT = "denominator"


@dataclass(frozen=True)
class BackwardTypesetter(MapTypesetter):
    """Writes expressions in which cotangents have names of their own. errors: by the name of a quantity
    what stands below the δ of its error: its name, or nothing where there is one error."""

    errors: tuple[tuple[str, str], ...] = ()

    def strong(self, e: Expression) -> Strong:
        """Write an expression; the cotangent of a quantity that has an error is that error."""
        if isinstance(e, Cotangent) and e.wrt.name in dict(self.errors):
            return self.error(e.wrt, e.of.name.endswith(DOT)), ATOM
        return super().strong(e)

    def _entrywise(self, e: Expression) -> Math:
        math = super()._entrywise(e)
        return math.body if isinstance(math, Paren) and isinstance(math.body, Derivative) else math

    def error(self, q: Quantity, moved: bool = False) -> Math:
        """Write the error of a quantity: δ_l, or δ_{h,t} where there are several, dh_t in a notation that has it so.

        moved: with a dot.
        """
        if self.suited.error == CHANGED and not moved:
            written = self.suited.quantity(q)
            return replace(written, base=CHANGED + normalize("NFKC", written.base), spelled=None)
        name = self.suited.quantity(replace(q, name=ERROR + DOT * moved))
        font = self.suited.style.font(len(self.network.shape(q)))
        name = name if font == "italic" else replace(name, base=styled(name.base, font))
        of = dict(self.errors)[q.name]
        return replace(name, subject=self.suited.function(of)) if of else name


@dataclass(frozen=True)
class BackwardPage:
    """The backward equations of a network in a notation."""

    equations: BackwardPass
    notation: Notation
    form: str = "folded"

    @cached_property
    def typesetter(self) -> BackwardTypesetter:
        """The writer of expressions and errors."""
        network, of = self.equations.network, self.equations.of
        symbols = {of.index.symbol} if isinstance(of.index, Index) else set()
        symbols |= {s.symbol for e in self.equations.equations for x in e.summands for s in x.sums}
        return BackwardTypesetter(network, self.notation, frozenset(symbols), LAYOUT, self._errors)

    @cached_property
    def _errors(self) -> tuple[tuple[str, str], ...]:
        """The errors by the names of their quantities: δ where there is one, δ_z where there are several."""
        names = list(dict.fromkeys(e.wrt.name for e in self.equations.errors))
        taken = {*self.equations.network.names, self.equations.network.symbol, self.equations.network.depth_symbol}
        taken |= {*self.notation.names.values(), *(s.name for s in self.notation.latex.values())}
        if self.notation.error == CHANGED:
            names = list(dict.fromkeys(e.wrt.name for e in self.equations.equations))
            clashing = any(CHANGED + self.notation.names.get(name, name) in taken for name in names)
            return () if clashing else tuple((name, name) for name in names)
        if any(name.split("_")[0] == ERROR for name in taken):
            return ()
        return tuple((name, "" if len(names) == 1 else name) for name in names)

    # --- equations ----------------------------------------------------------------------------------------

    def left(self, q: Quantity) -> Math:
        """Write the cotangent of a quantity: its error, or ∂C/∂W."""
        return self.typesetter.expression(Cotangent(self.equations.of, q))

    def right(self, e: BackwardEquation) -> Math:
        """Write the right side of an equation."""
        parts = [t for s in e.summands for t in terms(self._summand(s))]
        return Terms(tuple(parts)) if len(parts) > 1 else self._summand(e.summands[0]) if parts else Num(ZERO)

    def _summand(self, s: Summand) -> Math:
        math: Math = self.typesetter.expression(s.value)
        for span in reversed(s.sums):
            math = self.typesetter.big("∑", span, Paren(math) if isinstance(math, Terms) else math)
        if s.front == ONE:
            return math
        number, behind = self._apart(s.front)
        if behind is not None:
            math = Infix(self.notation.hadamard, Paren(math), self.typesetter.expression(behind, PRODUCT))
        if number == ONE:
            return math
        whole = terms(self.typesetter.expression(number))
        sign, front = whole[0] if len(whole) == 1 else ("+", Paren(Terms(whole)))  # (1 - α) Σ_t
        before = () if front == Num(Fraction(1)) else (front,)
        shown = row(*before, math)
        return shown if sign == "+" else Terms(((sign, shown),))

    def _apart(self, front: Expression) -> tuple[Expression, Expression | None]:
        """Return the number in front of a sum, and what each of its entries is multiplied by."""
        network = self.equations.network
        if not rank(network, front):
            return front, None
        found = list(summands(network, front))
        if len(found) != 1:
            return ONE, front
        arrays = {f: n for f, n in found[0].factors.items() if rank(network, f)}
        others = {f: n for f, n in found[0].factors.items() if f not in arrays}
        return written(network, Term(found[0].number, others)), written(
            network, Term(Fraction(1), arrays, found[0].axes)
        )

    def display(self, e: BackwardEquation) -> Display:
        """Write an equation with the steps for which it holds."""
        return Display(self.left(e.wrt), self.right(e), steps=self.steps(e.ranges, e.down), role="backward")

    def steps(self, ranges: tuple[Span, ...], down: frozenset[str] = frozenset()) -> tuple[Steps, ...]:
        """Write for which steps an equation holds, the last first where it goes down."""
        t = self.typesetter
        found = []
        for r in ranges:
            symbol, *ends = (t.position(p) for p in (Index(r.symbol), r.lower, r.upper))
            found.append(Steps(symbol, *(ends[::-1] if r.symbol in down else ends)))
        return tuple(found)

    @cached_property
    def forward(self) -> list[Display]:
        """The equations that the number is computed by, each with its steps."""
        bp, t = self.equations, self.typesetter
        readers = Readers(bp.network, bp.of, bp.depth)
        return [
            Display(t.quantity(e.target), t.expression(e.value), steps=self.steps(_ranges(readers, e)), role="forward")
            for e in map(readers.here, bp.network.equations)
            if e.target.name in readers.supports
        ]

    @cached_property
    def definitions(self) -> list[Display]:
        """What the errors are called."""
        t = self.typesetter
        found: dict[str, Display] = {}
        for e in self.equations.equations:
            if e.wrt.name in dict(self._errors):
                q = self._general(e.wrt)
                found.setdefault(q.name, Display(t.error(q), self.derivative(q), ":=", role="definition"))
        return list(found.values())

    def _general(self, q: Quantity) -> Quantity:
        """Return a quantity at every step."""
        return self.equations.network.general(q) if q.indices else q

    @cached_property
    def backward(self) -> list[Display]:
        """The equations of the errors."""
        return [self.display(e) for e in self.equations.errors]

    @cached_property
    def gradients(self) -> list[Display]:
        """The equations of what is asked for, which is called ∂C/∂W, or dW in a notation that has it so."""
        name = self.left if self.notation.error == CHANGED else self.derivative
        asked = (e for e in self.equations.gradients if not e.is_its_name(self.equations.of))
        return [replace(self.display(e), left=name(e.wrt), role="gradient") for e in asked]

    def derivative(self, q: Quantity) -> Math:
        """Write ∂C/∂W."""
        return Derivative(self.typesetter.quantity(self.equations.of), self.typesetter.quantity(q))

    # --- the page -------------------------------------------------------------------------------------------

    def document(self) -> Document:
        """Return the page as a neutral document."""
        bp, t = self.equations, self.typesetter
        parts: list[Part] = [Text("Forward,"), *self.forward]
        if self.definitions:
            parts += [Text(self._called), *self.definitions]
        shown = {d.left for d in self.definitions}  # δ_l := ∂C/∂z_l says it of z_L too
        backward = [self.display(e) for e in bp.errors if not (e.is_its_name(bp.of) and shown)]
        if backward:
            parts += [Text("and backward,"), *backward]
        if self.gradients:
            words = "the gradients are" if len(self.gradients) > 1 else "the gradient is"
            parts += [Text(words), *self.gradients]
        parts += [Text(f"Note: {note}") for note in bp.network.notes]
        parts += assumed(bp.assumptions, self.typesetter)
        parts += declared(self._whole, self.typesetter)
        said = ["Each derivative has the shape of what it is by. Layout: denominator."]
        if any(isinstance(e, Partial) and e.immediate for x in self._values for e in nodes(x)):
            said.append("In ∂⁺ all else that the equation reads is held fixed.")
        parts.append(Text(" ".join(said)))
        parts += functions(self._whole, self.typesetter, self.form != "folded")
        parts += sentences(self._values, bp.network)
        parts += cases(self._whole, self.typesetter)
        return t.suited.document(parts)

    @property
    def _called(self) -> str:
        if self.notation.error == CHANGED:
            return "with the derivatives"
        return "with the errors" if len(self.definitions) > 1 else "with the error"

    @property
    def _values(self) -> list[Expression]:
        return [s.value for e in self.equations.equations for s in e.summands]

    @property
    def _whole(self) -> LinearMap:
        """All right sides as one map, for what is said of all."""
        return Block(tuple((Column(v),) for v in self._values))


ERROR, CHANGED = "delta", "d"
ZERO = Fraction(0)


def _ranges(readers: Readers, e: Equation) -> tuple[Span, ...]:
    return tuple(Span(s, i.lower, i.upper) for s, i in readers.spans(e).items())
