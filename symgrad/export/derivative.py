"""How a derivative is laid out on a page: the equation, what its names mean, what was assumed.

What is printed is one of three things, and a reader tells them apart by the left side.

    ∂y/∂x = A            an array. Numerator layout: a row for each entry of y, and of a number by a matrix X the shape
                         of Xᵀ; denominator layout: the transpose. A name ∂y/∂x in it has the layout of the page.
    ∂Y/∂X dX = ...       what the derivative does to a change dX, where it is no array of two axes; it is the same in
                         both layouts. A name ∂Y/∂X stands in front of what it is applied to: A B dX is A (B dX).
    ∂E/∂X = ... ∂E/∂Y    the gradient of a number by those of what is computed from X; below it, for each Y, the
                         equation of ∂E/∂Y, the last step first; "for l = 1, …, L-1." says for which steps it holds.

Long Jacobians have names in the equation and are written out below it, by a line of the first or the second kind. A
line holds for every value of the index symbol in it; the one that names a step by itself, ∂E/∂X_L, goes first.
𝟏 is a vector of ones and 𝟏 𝟏ᵀ a matrix of ones, of the size that fits; A ⊙ B and A ⊘ B act entry by entry and bind
less than a product, A^(∘2) is A ⊙ A; ⟨A, B⟩ is written sum(A ⊙ B). A known function is written by its value, 1/x and
cos(x), and an activation, or a function with no value, by its slope, σ'(z).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from symgrad.algebra import map_tree
from symgrad.algebra.differential import Change, Partial
from symgrad.algebra.expression import Apply, Quantity
from symgrad.algebra.index import Index, difference, symbols
from symgrad.algebra.linear_map import (
    Block,
    Column,
    Diagonal,
    IndexedSum,
    LinearMap,
    Matrix,
    Named,
    Product,
    Scale,
    Transpose,
    Zero,
)
from symgrad.calculus.abbreviated import abbreviated
from symgrad.calculus.assumption import Assumption, Distinct, strongest
from symgrad.calculus.closed_form import ClosedForm
from symgrad.calculus.expand import expand, factors
from symgrad.calculus.layout import arranged, array, is_matrix, leaf, side_by_side
from symgrad.calculus.normal.total import normal
from symgrad.calculus.projectors import as_printed, letters
from symgrad.calculus.rank import Axes, rank
from symgrad.calculus.state import components
from symgrad.calculus.unfold import unfolded
from symgrad.errors import NotDefined
from symgrad.export.maps import MapTypesetter
from symgrad.export.math import Call, Derivative, Display, Document, Math, Part, Row, Symbol, Text, in_role, row
from symgrad.export.naming import Naming, names_outside_products, with_name_opened
from symgrad.export.notation import Notation
from symgrad.export.notes import assumed, cases, declared, functions
from symgrad.export.order import in_order, ordered_products
from symgrad.export.powers import power_lines
from symgrad.export.sums import sentences
from symgrad.export.text import math_text

if TYPE_CHECKING:
    from symgrad.calculus.recursion import BackwardEquation, Recursion


@dataclass(frozen=True)
class Presentation:
    """A closed form in a notation, a layout and a form (folded, unfolded, inputs)."""

    closed: ClosedForm
    notation: Notation
    layout: str = "numerator"
    form: str = "folded"

    @cached_property
    def typesetter(self) -> MapTypesetter:
        """The writer of expressions and maps."""
        symbols = {p.symbol for q in (self.closed.of, self.closed.wrt) for p in q.indices if isinstance(p, Index)}
        symbols |= {x.symbol for x in map_tree.parts(self.closed.map) if isinstance(x, Product | IndexedSum)}
        return MapTypesetter(self.closed.network, self.notation, frozenset(symbols), self.layout)

    @cached_property
    def _naming(self) -> Naming:
        return Naming(self.closed, self.layout)

    @cached_property
    def _named(self) -> LinearMap:
        """The closed form with its long parts named, but for those names of which something cancels outside."""
        m = self._naming.map
        for name in dict.fromkeys(names_outside_products(m)):
            outside, inside = (letters(self._collected(x)) for x in (m, name.map))
            opened = with_name_opened(m, name)
            if letters(self._collected(opened)) < outside - 1 + inside:
                m = opened
        return m

    @cached_property
    def _form(self) -> str:
        """The form; a derivative that would be its own name is written out where its function is known."""
        return "unfolded" if self.form == "folded" and self._is_own_name else self.form

    @property
    def _is_own_name(self) -> bool:
        """Whether the closed form is the name of the derivative itself, ∂C/∂v of C = cost(v)."""
        match self.closed.map:
            case Scale(Partial(of, wrt)) | Transpose(Column(Partial(of, wrt))):
                return (of, wrt) == (self.closed.of, self.closed.wrt)
        return False

    @property
    def names(self) -> tuple[str, str]:
        """What is derived, and by what, as it was asked for."""
        return str(self.closed.of), str(self.closed.wrt)

    @property
    def trivial(self) -> bool:
        """Whether there is nothing to derive: the derivative of an opaque function by its own argument."""
        return self._is_own_name and self.right == self.left

    def _written(self, m: LinearMap) -> LinearMap:
        """Write a map out: its products where the depth is a number, its slopes as the form says."""
        if self._form == "inputs":
            return self._collected(expand(m))
        return expand(self._collected(m))  # before the layers are written out: equal ones are a power

    def _in_form(self, m: LinearMap) -> LinearMap:
        """Write a map for every step at once, or for each of them where it is written by the inputs."""
        return self._written(m) if self._form == "inputs" else self._collected(m)

    def _collected(self, m: LinearMap) -> LinearMap:
        network = self.closed.network
        if self._form != "folded":
            from symgrad.calculus.applied import indicators

            m = map_tree.rewrite(m, lambda e: indicators(network, e))
        return as_printed(network, unfolded(network, m, self._form, self.closed.of))

    @cached_property
    def map(self) -> LinearMap:
        """The map that is printed, with its products in one order."""
        found = self._laid_out if self._form == "inputs" else self._abbreviated
        first = next(self._ordered(found), None)
        return found if first is None or self.nearest is not None else in_order(found, first.descending)

    @property
    def _abbreviated(self) -> LinearMap:
        return abbreviated(self.closed.network, self._laid_out, self.closed.of)

    @cached_property
    def _laid_out(self) -> LinearMap:
        """The map, written out, in its layout; of a recursion, the equation of what was asked for."""
        if self._recursion is not None:
            return self._oriented(self._recursion.answer)
        named = self._written(self._named)
        if self._array is not None and not self._keeps_names(named):
            return self._array
        return named if self.applied else arranged(named, self.layout)

    def _keeps_names(self, named: LinearMap) -> bool:
        """Tell whether the gradient by a matrix is printed with the names ∂⁺s_k/∂W first, and then as a matrix."""
        immediate = self.layout == "numerator" and any(n.immediate for n in map_tree.names(named))
        return immediate and self._axes == (0, 2) and side_by_side(self.closed.network, named)

    @cached_property
    def _axes(self) -> tuple[int, int]:
        """The numbers of axes of what is derived, and by what."""
        shape = self.closed.network.shape
        return len(shape(self.closed.of)), len(shape(self.closed.wrt))

    @cached_property
    def _array(self) -> LinearMap | None:
        """The derivative as an array of numbers; None where it is none that can be written as a product."""
        network, named = self.closed.network, self._named
        matrices = any(len(network.shape(c.at(Index(network.symbol)))) == 2 for c in components(network))
        hidden = matrices and any(isinstance(x, Block) for x in map_tree.parts(self.closed.map))
        if hidden:
            return None
        found = array(network, self._written(named), *self._axes, self.layout)
        gradient = self._applied_to_vectors(found) if found is not None and not network.steps else None
        return found if gradient is None else gradient

    def _applied_to_vectors(self, found: LinearMap) -> LinearMap | None:
        """Return a gradient with m ⊙ ∂C/∂h for diag(m) ∂C/∂h; None where no diagonal matrix stands in it."""
        network, (of, wrt) = self.closed.network, self._axes
        diagonals = any(isinstance(x, Diagonal) for x in map_tree.parts(found))
        if self.layout == "numerator" or of or not wrt or not diagonals:
            return None
        from symgrad.calculus.applied import applied_form, joined
        from symgrad.calculus.cotangent import pulled

        gradient = pulled(network, joined(network, self._written(self._named)))
        shown = None if gradient is None else applied_form(network, normal(network, gradient))
        return None if shown is None else leaf(network, shown, "row", self.layout)

    @cached_property
    def _recursion(self) -> Recursion | None:
        """The backward equations, where the gradient of a number cannot be written as a product."""
        if self._array is not None or self._axes[0] != 0:
            return None
        from symgrad.calculus.recursion import recursion

        return recursion(self.closed)

    @cached_property
    def applied(self) -> bool:
        """Whether the derivative is printed as what it does to a change, as it is no array of two axes."""
        if self._array is not None or self._recursion is not None:
            return False
        named = self._named
        return not (any(n.immediate for n in map_tree.names(named)) and side_by_side(self.closed.network, named))

    @cached_property
    def scalar(self) -> bool:
        """Whether the derivative is a product of numbers, so that its factors commute."""
        return self.commutes(self.map)

    def commutes(self, m: LinearMap) -> bool:
        """Tell whether m, in the place of the closed form, is a product of numbers."""
        return self._is_number(self.closed.of, self.closed.wrt) and self._commutes(m)

    def _is_number(self, *quantities: Quantity) -> bool:
        return all(self.closed.network.shape(q) == () for q in quantities)

    def _space(self, of: Quantity, wrt: Quantity) -> Axes:
        """Return the numbers of axes that stand on the left and the right of ∂of/∂wrt in the layout.

        That of a number by a matrix is written as a matrix, which has one on either side.
        """
        axes = len(self.closed.network.shape(of)), len(self.closed.network.shape(wrt))
        if axes == (0, 2) and not any(n.immediate for n in map_tree.names(self.map)):
            return 1, 1
        return axes if self.layout == "numerator" else axes[::-1]

    def _commutes(self, m: LinearMap) -> bool:
        """Tell whether m is built of numbers alone, so that its factors may stand in path order."""
        return all(
            self._is_number(x.of, x.wrt) if isinstance(x, Named) else isinstance(x, Zero | map_tree.MULTIPLES)
            for x in map_tree.parts(m)
        )

    @property
    def space(self) -> Axes:
        """The numbers of axes that stand on the left and the right of the derivative in its layout."""
        return self._space(self.closed.of, self.closed.wrt)

    @cached_property
    def left(self) -> Math:
        """∂of/∂wrt, applied to a change dwrt where that is what is printed."""
        name = Derivative(self.typesetter.quantity(self.closed.of), self.typesetter.quantity(self.closed.wrt))
        return row(name, self._change) if self.applied else name

    @property
    def _change(self) -> Math:
        return self.typesetter.expression(Change(self.closed.wrt))

    @cached_property
    def right(self) -> Math:
        """The closed form. Raises NotDefined where a path through matrices is neither product nor recursion."""
        if self.applied and not self._axes[0] and any(map(self._is_inner_product, map_tree.parts(self.map))):
            raise NotDefined(
                f"∂{self.closed.of}/∂{self.closed.wrt} is no product of matrices, and a step that is read by its "
                "number has no place in the backward equations",
                todo="give the index as a number, s[0], or evaluate the derivative",
            )
        if self.applied:
            return self.typesetter.applied(self.map, Change(self.closed.wrt))
        return self.typesetter.map(self.map, self.scalar, self.space)

    def _is_inner_product(self, m: LinearMap) -> bool:
        """Tell whether m is ⟨V, ·⟩ of matrices."""
        return isinstance(m, Transpose) and isinstance(m.of, Column) and rank(self.closed.network, m.of.v) == 2

    def equation(self) -> str:
        """Return the equation as text, without its explanations."""
        written = self.typesetter.suited.math
        return f"{math_text(written(self.left))} = {math_text(written(self.right))}"

    def factors(self) -> tuple[str, ...]:
        """Return the factors of the product as text."""
        written = self.typesetter.suited.math
        if self.applied:
            return (math_text(written(self.right)),)
        parts = factors(self.map)
        ordered = parts[::-1] if self.scalar else parts
        return tuple(math_text(written(self.typesetter.map(m, self.scalar))) for m in ordered)

    def document(self) -> Document:
        """Return the equation with its explanations, as a neutral document."""
        if self.trivial:
            return self.typesetter.suited.document((self.nothing(),))
        parts: list[Part] = [Display(self.left, self.right, role="equation")]
        if self.closed.reason:
            parts.append(Text(f"The derivative is 0: {self.closed.reason}."))
        parts += [Text(f"Note: {note}") for note in self.closed.notes]
        parts += self.explanations()
        if self._array is not None and self._laid_out is not self._array:
            first = next(self._ordered(self.map), None)
            turned = first is not None and self.nearest is None
            same = in_order(self._array, first.descending) if first is not None and turned else self._array
            parts += [Text("As a matrix, that is"), Display(self.left, self.typesetter.map(same, False))]
        parts += self._vectorised()
        parts += power_lines(self.map)
        parts += assumed(self._assumptions, self.typesetter)
        parts += declared(self.closed.map, self.typesetter)
        parts += self._notes()
        parts += functions(self._named, self.typesetter, self.form != "folded")
        parts += cases(self.closed.map, self.typesetter)
        parts += sentences(map_tree.expressions(self.map), self.closed.network)
        return self.typesetter.suited.document(parts)

    def _vectorised(self) -> list[Part]:
        """Return the derivative of a matrix by a matrix once more, as the matrix Bᵀ ⊗ A, where it is one."""
        if not self.applied or self._axes != (2, 2) or any(True for _ in map_tree.names(self.map)):
            return []
        from symgrad.export.vectorised import kronecker

        found = kronecker(self.map, self.typesetter)
        if found is None:
            return []
        vec = Symbol("vec", r"\operatorname{vec}")
        of, wrt = (Call(vec, (self.typesetter.quantity(q),)) for q in (self.closed.of, self.closed.wrt))
        return [Text("With the columns one below the other, that is"), Display(Derivative(of, wrt), found)]

    def nothing(self) -> Text:
        """Say why there is nothing to derive."""
        [(name, known)] = {(e.op.name, e.op.record is not None) for e in self._own_functions()}
        function = self.typesetter.suited.function(name)
        words = (
            ", a function that is known by its values alone."
            if known
            else ", an opaque function: bind it to a known one."
        )
        return Text(("There is nothing to derive: ", self.left, " is the derivative of ", function, words))

    def _own_functions(self) -> Iterator[Apply]:
        for e in map_tree.expressions(self.closed.map):
            if isinstance(e, Partial) and isinstance(e.value, Apply):
                yield e.value

    @property
    def _assumptions(self) -> tuple[Assumption | Distinct, ...]:
        """What is assumed of the indices: by the closed form, and by the backward equations that are printed."""
        more = self._recursion.assumptions if self._recursion is not None else ()
        return strongest((*self.closed.assumptions, *more))

    # --- what the names mean -----------------------------------------------------------------------------

    def explanations(self) -> list[Part]:
        """Return what the names in the equation stand for, and for which steps."""
        if self._recursion is not None:
            return self._steps_back(self._recursion.equations)
        definitions = self.definitions()
        return [Text(self._where(definitions)), *definitions] if definitions else []

    def definitions(self) -> list[Display]:
        """Return what each name in the equation stands for, once for all steps; first the letters, J_j."""
        if self._recursion is not None:
            return [p for p in self.explanations() if isinstance(p, Display)]
        source = self._in_form(self._named)
        letters: dict[object, Display] = {}
        named: dict[object, Display] = {}
        printed = {name_of(m) for m in map_tree.parts(self.map)}
        for m in (x for x in map_tree.parts(source) if name_of(x) in printed):
            for inner in self._inside_letter(m, letters):
                for n in map_tree.names(inner):
                    named.setdefault((n.of, n.wrt), self._definition(n))
        return in_role("definition", [*letters.values(), *named.values()])

    def _inside_letter(self, m: LinearMap, letters: dict[object, Display]) -> Iterator[LinearMap]:
        """Yield m if it is a name, and what a letter stands for, which is put among the letters."""
        match m:
            case Named():
                yield m
            case Matrix(Quantity() as q) if (block := self._naming.block(q)) is not None:
                if q not in letters:
                    right = self.typesetter.map(arranged(self._in_form(block), self.layout), False)
                    letters[q] = Display(self.typesetter.quantity(q), right)
                    yield block

    def _definition(self, m: Named) -> Display:
        network, t = self.closed.network, self.typesetter
        inner = self._in_form(m.map)
        of, wrt = len(network.shape(m.of)), len(network.shape(m.wrt))
        shown = array(network, inner, of, wrt, self.layout) if wrt < 2 else None
        if wrt == 2 or (wrt and shown is None and (of == 2 or not is_matrix(network, inner))):
            change = Change(m.wrt)
            return Display(row(t.name(m), t.expression(change)), t.applied(inner, change))
        if of == 2:
            return Display(t.name(m), t.map(shown or inner, False))
        scalar = self._is_number(m.of, m.wrt) and self._commutes(inner)
        return Display(t.name(m), t.map(shown or arranged(inner, self.layout), scalar, self._space(m.of, m.wrt)))

    def _where(self, definitions: list[Display]) -> str:
        """Return the words before the definitions."""
        if not any(isinstance(x, Derivative) and x.immediate for d in definitions for x in _factors(d.left)):
            return "where"
        held = STEP_BEFORE if not self._naming.steps else ALL_ELSE
        return f"where ∂⁺ is the immediate derivative, {held}:"

    def _oriented(self, e: BackwardEquation) -> LinearMap:
        """Return the right side of a backward equation in the form and the layout of the page."""
        network = self.closed.network
        value = self._in_form(e.value)
        return array(network, value, 0, len(network.shape(e.wrt)), self.layout) or arranged(value, self.layout)

    def _steps_back(self, equations: tuple[BackwardEquation, ...]) -> list[Part]:
        """Write the backward equations, each with the steps for which it holds."""
        t, of = self.typesetter, self.typesetter.quantity(self.closed.of)
        parts: list[Part] = []
        for e in equations:
            left, right = (
                Derivative(of, t.quantity(e.wrt)),
                t.map(self._oriented(e), False, self._space(self.closed.of, e.wrt)),
            )
            if left != right:
                parts.append(Display(left, right, role="definition"))
            if e.lower is not None and e.upper is not None and isinstance(e.wrt.index, Index):
                steps = [t.position(p) for p in (Index(e.wrt.index.symbol), e.lower, e.upper)]
                parts.append(Text(("for ", steps[0], " = ", steps[1], ", …, ", steps[2], ".")))
        return [Text("where, step by step from the last to the first,"), *parts] if parts else []

    @cached_property
    def nearest(self) -> str | None:
        """The letter at which all products start, some of which run up and others down, as the t of ∂o_t/∂x_k."""
        products = list(self._ordered(self._array)) if self._array is not None else []
        if len({p.descending for p in products}) < 2:
            return None
        starts = [p.upper if p.descending else p.lower for p in products]
        letters = {p.symbol for p in starts if isinstance(p, Index)}
        near = [s for s in letters if all(abs(difference(p, Index(s)) or 0) < 2 for p in starts if s in symbols((p,)))]
        everywhere = [s for s in near if all(s in symbols((p,)) for p in starts)]
        return math_text(self.typesetter.position(Index(everywhere[0]))) if everywhere else None

    def order(self, m: LinearMap) -> str:
        """Say in which order the factors of ∏ stand, where they do not commute; else nothing."""
        first = next(self._ordered(m), None)
        if first is None:
            return ""
        if self.nearest is not None:
            return f"In ∏ the factor of the index nearest to {self.nearest} stands leftmost."
        return f"In ∏ the factor of the {'highest' if first.descending else 'lowest'} index stands leftmost."

    def _ordered(self, m: LinearMap) -> Iterator[Product]:
        return (x for x in ordered_products(m) if not self._commutes(x))

    def _notes(self) -> list[Part]:
        notes = []
        if not self.scalar:
            notes.append(f"Layout: {self.layout}.")
        if order := self.order(self.map):
            notes.append(order)
        shown = [self.map, *(e.value for e in self._recursion.equations)] if self._recursion else [self.map]
        if any(isinstance(e, Partial) and e.immediate for m in shown for e in map_tree.expressions(m)):
            notes.append("In ∂⁺ all else that the equation reads is held fixed.")
        return [Text(" ".join(notes))] if notes else []


STEP_BEFORE = "with the step before held fixed"
ALL_ELSE = "inside one step, with all else held fixed that the step reads"


def _factors(m: Math) -> tuple[Math, ...]:
    return m.items if isinstance(m, Row) else (m,)


def name_of(m: LinearMap) -> tuple[str, ...]:
    """Return the names in the name of a derivative or of a matrix, whatever their indices."""
    match m:
        case Named(of, wrt):
            return of.name, wrt.name
        case Matrix(Quantity(name)):
            return (name,)
    return ()
