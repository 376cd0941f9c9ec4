"""What has a meaning of its own in an equation: I, ones, e and π, and a dimension used as a number.

A file that declares such a name, or defines it by an equation, makes a quantity of it. The identity and the
vector of ones take their sizes from what stands beside them: in ``(I + h*W)@z`` I is of the shape of W.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from fractions import Fraction

from symgrad.algebra.expression import POW, Apply, Constant, Expression, Number, Quantity
from symgrad.algebra.expression_tree import inside, nodes, quantities, rebuilt
from symgrad.algebra.index_sum import IndexSum
from symgrad.algebra.shape import Dimension, Shape, show
from symgrad.network.syntax.line import Line
from symgrad.ops.axis import SUMMED
from symgrad.ops.elementwise import ELEMENTWISE
from symgrad.ops.function import elementwise_function
from symgrad.ops.linear import MATMUL, TRANSPOSE
from symgrad.ops.loss import Loss

NUMBERS = {"e": Constant("e", ()), "pi": Constant("pi", ())}
ARRAYS = {"I": 2, "ones": 1}
"""The rank of each constant array."""

MEANING = {"e": "Euler's number", "pi": "the number π", "I": "the identity matrix", "ones": "the vector of ones"}
"""The constants, in words."""

ShapeOf = Callable[[Expression], Shape]


def with_numbers(e: Expression, line: Line, names: Collection[str], sizes: Collection[tuple[str, bool]]) -> Expression:
    """Return e with numbers in the place of e, pi and dimensions; e**x is exp(x).

    names: the constants that the file does not declare. sizes: the names of the dimensions that are no
    quantities, each with whether it carries an index.
    """
    match e:
        case Quantity(name, None) if name in NUMBERS and name in names:
            return NUMBERS[name]
        case Quantity(name, index) if (name, index is not None) in sizes:
            return Constant("size", (Dimension(name, index),))
        case Apply(op, (Quantity("e", None), exponent)) if op == POW and "e" in names:
            return line.keep(e, _exp(with_numbers(exponent, line, names, sizes)))
        case Apply(op, (Quantity("e", None),)) if op.name == "power" and "e" in names:
            return line.keep(e, _exp(Number(Fraction(op.record))))
    new = rebuilt(e, lambda x: with_numbers(x, line, names, sizes))
    return e if not inside(e) else line.keep(e, new)


def constants_in(e: Expression) -> Iterator[Constant]:
    """Yield the constants that stand in e."""
    return (x for x in nodes(e) if isinstance(x, Constant))


def _exp(e: Expression) -> Apply:
    return Apply(elementwise_function("exp", ELEMENTWISE["exp"]), (e,))


class Sizes:
    """Gives the constant arrays of one expression their sizes.

    names: I and ones, where they are constants. shape: the shape of an expression without them; may raise.
    """

    def __init__(self, names: Collection[str], shape: ShapeOf, line: Line) -> None:
        self.names, self.shape, self.line = names, shape, line

    def sized(self, e: Expression, expected: Shape | None) -> Expression:
        """Return e with constants of a size in the place of I and ones; ``expected``: its shape, if known.

        Raises ReadError where a size is not known, or does not suit.
        """
        match e:
            case Quantity(name, None) if name in ARRAYS and name in self.names:
                return self._constant(e, expected)
            case Apply(op, arguments):
                if not any(map(self._mentions, arguments)):
                    return e
                wanted = self._wanted(e, [self._known(a) for a in arguments], expected)
                placed = tuple(self.sized(a, s) for a, s in zip(arguments, wanted, strict=True))
                return self.line.keep(e, Apply(op, placed))
            case IndexSum() if self._mentions(e):
                return self.line.keep(e, rebuilt(e, lambda x: self.sized(x, expected)))
        return e

    def _mentions(self, e: Expression) -> bool:
        return any(q.name in ARRAYS and q.name in self.names and not q.indices for q in quantities(e))

    def _known(self, e: Expression) -> Shape | None:
        """Return the shape of an expression; None where it depends on the size of I or ones."""
        if not self._mentions(e):
            return self.shape(e)
        if isinstance(e, IndexSum):
            return self._known(e.body)
        if not isinstance(e, Apply):
            return None
        shapes = [self._known(a) for a in e.arguments]
        if e.op == MATMUL:
            left, right = self._factors(e, shapes)
            return None if left is None or right is None else (*left[:-1], *right[1:])
        if e.op == TRANSPOSE:
            return None if shapes[0] is None else shapes[0][::-1]
        if e.op.kind == "axis":
            return None if shapes[0] is None else e.op.shape(*shapes)
        if e.op.kind == "scalar" or e.op.name == "sum":
            return ()
        return next((s for s in shapes if s), None)

    def _wanted(self, e: Apply, shapes: Sequence[Shape | None], expected: Shape | None) -> Sequence[Shape | None]:
        """Return the shapes that the arguments of e must have, as far as they are known."""
        if e.op == MATMUL:
            return self._factors(e, shapes, expected)
        if e.op == TRANSPOSE:
            return [expected[::-1] if expected is not None else None]
        if e.op.name == "sum" or e.op.kind == "axis":
            return shapes
        if e.op.kind == "scalar":
            same = next((s for s in shapes if s), None) if isinstance(e.op.record, Loss) else None
            return [same if s is None else s for s in shapes]
        same = next((s for s in shapes if s), expected)
        return [same if s is None else s for s in shapes]

    def _factors(
        self, e: Apply, shapes: Sequence[Shape | None], expected: Shape | None = None
    ) -> tuple[Shape | None, Shape | None]:
        """Return the shapes of x and y in x@y, of which one is known or the product is."""
        left, right = shapes
        ranks = [self._rank(a) for a in e.arguments]
        if left is None and right:
            left = (right[0],) * ranks[0]
        elif right is None and left:
            right = (left[-1],) * ranks[1]
        elif left is None and right is None and expected:
            left, right = (expected[0],) * ranks[0], (expected[-1],) * ranks[1]
        return left, right

    def _rank(self, e: Expression) -> int:
        if not self._mentions(e):
            return len(self.shape(e))
        match e:
            case Quantity(name):
                return ARRAYS[name]
            case IndexSum():
                return self._rank(e.body)
            case Apply(op, (x, y)) if op == MATMUL:
                return max(0, self._rank(x) + self._rank(y) - 2)
            case Apply(op, arguments) if op.kind != "scalar" and op.name not in SUMMED:
                return max(map(self._rank, arguments))
        return 0

    def _constant(self, q: Quantity, shape: Shape | None) -> Constant:
        what, todo = f"{q.name} is {MEANING[q.name]}", f"to make it a quantity of the model, declare '{q.name}: ()'"
        column = self.line.span(q)[0]
        if shape is None:
            self.line.fail(
                f"{what}, and its size is not known here",
                f"declare the shape of what it is added to or multiplied by, or of the left side; {todo}",
                column,
            )
        if len(shape) != ARRAYS[q.name] or (q.name == "I" and shape[0] != shape[1]):
            self.line.fail(f"{what}, and a {show(shape)} stands here", f"correct the shapes; {todo}", column)
        return Constant("I" if q.name == "I" else "1", shape)
