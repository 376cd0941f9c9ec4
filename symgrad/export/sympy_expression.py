"""Expressions as SymPy objects: numbers as symbols, arrays as matrix expressions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from symgrad.algebra.differential import Cotangent, Partial
from symgrad.algebra.dimension import Dimension
from symgrad.algebra.expression import Apply, Constant, Expression, Number, Quantity
from symgrad.algebra.index import Index, Position
from symgrad.algebra.index import parts as index_parts
from symgrad.algebra.index_sum import IndexNumber, IndexSum
from symgrad.algebra.linear_map import IndexedSum, Product
from symgrad.algebra.map_tree import at_index, parts
from symgrad.algebra.op import Op
from symgrad.algebra.span import Span
from symgrad.calculus.closed_form import ClosedForm
from symgrad.calculus.rank import rank
from symgrad.errors import NotDefined
from symgrad.export.sympy_matrix import special
from symgrad.export.sympy_product import MatrixAt
from symgrad.ops.function import Symbols
from symgrad.ops.function import slope as first_slope
from symgrad.ops.part import AXIS, COLUMNS, ENTRY, ROW, ROWS, concat, placed

# what the rules of the records are made of; each other record writes itself out in these
ELEMENTARY: dict[str, Callable[[Any], Any]] = {
    "exp": sp.exp,
    "expm1": lambda x: sp.exp(x) - 1,
    "log": sp.log,
    "log1p": lambda x: sp.log(1 + x),
    "sqrt": sp.sqrt,
    "sin": sp.sin,
    "cos": sp.cos,
    "tan": sp.tan,
    "sinh": sp.sinh,
    "cosh": sp.cosh,
    "tanh": sp.tanh,
    "atan": sp.atan,
    "erf": sp.erf,
    "erfc": sp.erfc,
    "abs": sp.Abs,
    "sign": sp.sign,
    "relu": lambda x: sp.Max(x, 0),
    "negative_part": lambda x: sp.Min(x, 0),
    "step": lambda x: sp.Piecewise((1, x > 0), (0, True)),
    "logistic": lambda x: 1 / (1 + sp.exp(-x)),
    "softplus": lambda x: sp.log(1 + sp.exp(x)),
}


class Expressions:
    """Writes the expressions of a closed form for SymPy.

    w_j is ``IndexedBase("w")[j]``, a shared w is ``Symbol("w")``; a matrix W_2 is ``MatrixSymbol("W_2", n_2, n_1)``
    and a vector a column; an index symbol is ``Symbol("j", integer=True)``.
    """

    def __init__(self, form: ClosedForm) -> None:
        self.form, self.network = form, form.network
        self.bound: dict[Quantity, Any] = {}
        self.indexed = any(
            isinstance(m, Product | IndexedSum) and m.body != at_index(m.body, {m.symbol: 0}) for m in parts(form.map)
        )
        """Whether there is a product or a sum over an index: what carries one is a ``MatrixAt`` then, for ``subs``."""

    def position(self, p: Position) -> Any:
        """Return an index."""
        terms, offset = index_parts(p)
        return sp.Add(sp.Integer(offset), *(n * sp.Symbol(s, integer=True) for s, n in terms))

    def dimension(self, d: int | Dimension) -> Any:
        """Return a dimension: n, or n_2 where it belongs to layer 2."""
        if isinstance(d, int):
            return sp.Integer(d)
        if not d.name and not d.terms:
            return sp.Symbol(str(d), integer=True, positive=True)
        if d.terms:
            return sum(n * sp.prod(map(self.dimension, factors)) for n, factors in d.terms)
        index = d.index
        if isinstance(index, Index) and index.symbol == self.network.depth_symbol and self.form.depth is not None:
            index = self.form.depth + index.offset
        if isinstance(index, Index) and self.indexed:
            return sp.IndexedBase(d.name, integer=True, positive=True)[self.position(index)]
        return sp.Symbol(d.name if index is None else f"{d.name}_{index}", integer=True, positive=True)

    def quantity(self, q: Quantity) -> Any:
        """Return a quantity."""
        if q in self.bound:
            return self.bound[q]
        shape = self.network.shape(q)
        if not shape:
            places = tuple(map(self.position, q.indices))
            return sp.IndexedBase(q.name)[places] if places else sp.Symbol(q.name)
        return self._array(q.name, q, shape)

    def _array(self, name: str, q: Quantity, shape: tuple[int | Dimension, ...]) -> Any:
        """Return an array that has the index of q."""
        if q.further:
            return MatrixAt(name, sp.Tuple(*map(self.position, q.indices)), *self.columns(shape))
        if isinstance(q.index, Index) and self.indexed:
            return MatrixAt(name, self.position(q.index), *self.columns(shape))
        return sp.MatrixSymbol(name if q.index is None else f"{name}_{q.index}", *self.columns(shape))

    def columns(self, shape: tuple[int | Dimension, ...]) -> tuple[Any, Any]:
        """Return the shape of an array as a matrix: a vector is a column, a number is 1 x 1."""
        sizes = [self.dimension(d) for d in shape]
        return (*sizes, *[sp.Integer(1)] * (2 - len(sizes)))

    def __call__(self, e: Expression) -> Any:
        """Return the SymPy object of an expression."""
        match e:
            case Number(value):
                return sp.Rational(value.numerator, value.denominator)
            case Quantity():
                return self.quantity(e)
            case Constant("I", shape):
                return sp.Identity(self.dimension(shape[0]))
            case IndexNumber(position):
                return self.position(position)
            case IndexSum():
                return self._over(e)
            case Constant("pi"):
                return sp.pi
            case Constant("e"):
                return sp.E
            case Constant("size", (d,)):
                return self.dimension(d)
            case Constant(_, shape):
                return sp.OneMatrix(*self.columns(shape))
            case Partial(of, wrt, Apply(Op(kind="second partial"))) if self.network.shape(wrt):
                number, by = self.network.derivatives[of.name]
                shape = (*self.network.shape(by), *self.network.shape(wrt))
                return self._array(f"∂2{_named(number)}/∂{by.name}∂{wrt.name}", wrt, shape)
            case Partial(of, wrt, Apply(op)) if op.record is None and self.network.shape(wrt):
                return self._array(f"∂{_named(of)}/∂{wrt.name}", wrt, self.network.shape(wrt))
            case Partial(_, _, value):
                return self(value)
            case Cotangent(of, wrt):
                return self._array(f"∂{_named(of)}/∂{wrt.name}", wrt, self.network.shape(wrt))
            case Apply(Op(kind="jacobian") as op, arguments) if isinstance(q := arguments[op.place or 0], Quantity):
                return self._array(f"∂{op.name}/∂{q.name}", q, self.network.shape_of(e))
            case Apply(op, (x, y)) if op.name == "@":
                return self._matmul(x, y)
            case Apply(op, (x,)) if op.name == "T":
                return self(x).T if rank(self.network, x) == 2 else self(x)
            case Apply(op, (x,)) if op.kind == "reduction":
                return _reduced(op.name, self(x))
            case Apply(Op(kind="part")):
                return self._part(e)
            case Apply(op, arguments) if (function := special(op.name, op.record)) is not None:
                return function(*map(self, arguments))
            case Apply(op, arguments) if op.kind == "operator":
                return _operator(op.name, op.record, *map(self, arguments))
            case Apply(op, arguments):
                return self._function(e, [self(a) for a in arguments])
        raise TypeError(f"not an expression: {e!r}")

    def _part(self, e: Apply) -> Any:
        """Return an entry or a part of a matrix, a vector as a column; arrays put together as a matrix of blocks."""
        if e.op not in AXIS:
            blocks = [x if (x := self(a)).is_Matrix else sp.Matrix([[x]]) for a in e.arguments]
            return sp.BlockMatrix([blocks] if e.op == concat(COLUMNS) else [[b] for b in blocks])
        array, (first, *count) = self(e.arguments[0]), [self.dimension(placed(a)) for a in e.arguments[1:]]
        begin, end = first - 1, first - 1 + (count[0] if count else 1)
        if e.op == ENTRY:
            return array[begin, 0]
        found = array[begin:end, :] if AXIS[e.op] == ROWS else array[:, begin:end]
        return found.T if e.op == ROW else found

    def _over(self, e: IndexSum) -> Any:
        """Return a sum or a product of numbers over an index."""
        body = self(e.body)
        if e.without or body.is_Matrix:
            what = "that leaves values out" if e.without else "of arrays"
            todo = "give numbers for the ends, or print it"
            raise NotDefined(f"SymPy has no {'sum' if e.kind == 'sum' else 'product'} over an index {what}", todo=todo)
        return (sp.Sum if e.kind == "sum" else sp.Product)(body, self.limits(e.range))

    def limits(self, span: Span) -> tuple[Any, Any, Any]:
        """Return the symbol of a sum and its ends: Max(1, j - n + 1) where there are several."""
        if span.conditions:
            raise NotDefined(
                f"SymPy has no sum over {span.symbol} under a condition on it", todo="give numbers, or print it"
            )
        lowers, uppers = ([self.position(p) for p in ends] for ends in (span.lowers, span.uppers))
        return sp.Symbol(span.symbol, integer=True), sp.Max(*lowers), sp.Min(*uppers)

    def _matmul(self, x: Expression, y: Expression) -> Any:
        left, right = self(x), self(y)
        match rank(self.network, x), rank(self.network, y):
            case 1, 1:
                return entry(sp.MatMul(left.T, right, evaluate=False))
            case 1, 2:
                return sp.MatMul(right.T, left, evaluate=False)
        return sp.MatMul(left, right, evaluate=False)

    # --- functions ----------------------------------------------------------------------------------------

    def _function(self, e: Apply, x: list[Any]) -> Any:
        kind, place, record = e.op.kind, e.op.place or 0, e.op.record
        if e.op.name in ("sum", "softmax"):
            return _total(x[0]) if e.op.name == "sum" else self._softmax(x[0])
        if kind in ("function", "slope"):
            return _each(lambda z: self._elementwise(e, z), x[0])
        if kind == "second slope":
            return _each(lambda z: self._second_slope(e, z), x[0])
        if kind == "second partial":
            raise NotDefined(
                f"a second derivative of {e.op.name} in SymPy",
                todo="take the gradient's: sympy.diff(gradient.sympy(), x)",
            )
        if record is None:
            if any(z.is_Matrix for z in x):
                raise NotDefined(
                    f"SymPy has no object for {e.op.name} of an array",
                    todo=f"bind it: model.bind({e.op.name}='quadratic')",
                )
            f = sp.Function(e.op.name)(*x)
            return f if kind == "scalar" else f.fdiff(place + 1)
        return self._rule(record.value if kind == "scalar" else record.partial(place), x)

    def _elementwise(self, e: Apply, z: Any) -> Any:
        """Return f(z) or f'(z) of a number z."""
        record, slope = e.op.record, e.op.kind == "slope"
        if record is None:
            f = sp.Function(e.op.name)(z)
            return f.fdiff(1) if slope else f
        value = ELEMENTARY.get(record.name, lambda x: self._rule(record, [x]))
        if not slope:
            return value(z)
        if record.slope_of_output is None:
            return self._rule(record.slope_at, [z])
        return self._rule(record.slope_at_output, [value(z)])

    def _second_slope(self, e: Apply, z: Any) -> Any:
        """Return f''(z) of a number z, as SymPy derives it of f'."""
        at = sp.Dummy("z", real=True)
        slope = self._elementwise(Apply(first_slope(e.op.name, e.op.record), e.arguments), at)
        return sp.diff(slope, at).xreplace({at: z})

    def _rule(self, rule: Callable[..., Any], x: list[Any]) -> Any:
        """Run a rule of a record, and put x in the place of its arguments."""
        places = [Quantity(f"<{len(self.bound) + i}>") for i in range(len(x))]
        self.bound |= dict(zip(places, x, strict=True))
        return self(rule(Symbols(), *places))

    @staticmethod
    def _softmax(x: Any) -> Any:
        """Return exp(x)/∑ exp(x) of a column, of each row of a matrix, or 1 of a number."""
        if not x.is_Matrix:
            return sp.Integer(1)
        e = _each(sp.exp, x)
        if x.shape[1] == 1:
            return sp.MatMul(1 / _total(e), e, evaluate=False)
        ones = sp.OneMatrix(x.shape[1], x.shape[1])
        return sp.HadamardProduct(e, sp.HadamardPower(sp.MatMul(e, ones), -1))


def entry(m: Any) -> Any:
    """Return the entry of a 1 x 1 matrix, unevaluated."""
    return sp.matrices.expressions.matexpr.MatrixElement(m, sp.Integer(0), sp.Integer(0))


def _named(q: Quantity) -> str:
    return q.name if q.index is None else f"{q.name}_{q.index}"


def _total(x: Any) -> Any:
    """Return the sum of the entries of a column, of a matrix or of a number."""
    if not x.is_Matrix:
        return x
    rows, columns = x.shape
    return entry(sp.MatMul(sp.OneMatrix(1, rows), x, sp.OneMatrix(columns, 1), evaluate=False))


def _reduced(name: str, x: Any) -> Any:
    """Return the mean, the variance or a norm of all entries of a column or of a matrix."""
    size = sp.Mul(*x.shape)
    match name:
        case "mean":
            return _total(x) / size
        case "var" | "std":
            centred = sp.MatAdd(x, sp.MatMul(-_total(x) / size, sp.OneMatrix(*x.shape)))
            found = _total(sp.HadamardPower(centred, 2)) / size
            return found if name == "var" else sp.sqrt(found)
        case "norm":
            return sp.sqrt(_total(sp.HadamardPower(x, 2)))
        case "norm1":
            return _total(_each(sp.Abs, x))
        case "logsumexp":
            return sp.log(_total(_each(sp.exp, x)))
    raise NotDefined(f"SymPy has no {name} of a symbolic array", todo="use evaluate, or print the derivative")


def _each(f: Callable[[Any], Any], x: Any) -> Any:
    """Apply a function of a number to each entry."""
    if not x.is_Matrix:
        return f(x)
    z = sp.Dummy("x", real=True)
    return x.applyfunc(sp.Lambda(z, f(z)))


def _operator(name: str, record: Any, x: Any, y: Any = None) -> Any:
    """Do an operation entry by entry, where a number beside an array is broadcast."""
    if name == "neg":
        return -x
    if name == "power":
        n = sp.Rational(record.numerator, record.denominator)
        return sp.HadamardPower(x, n) if x.is_Matrix else x**n
    if not (x.is_Matrix or y.is_Matrix):
        return {"+": x.__add__, "-": x.__sub__, "*": x.__mul__, "/": x.__truediv__, "**": x.__pow__}[name](y)
    if name == "*" and not (x.is_Matrix and y.is_Matrix):
        return sp.MatMul(x, y) if y.is_Matrix else sp.MatMul(y, x)
    if name == "/" and not y.is_Matrix:
        return sp.MatMul(1 / y, x)
    shape = x.shape if x.is_Matrix else y.shape
    x, y = (z if z.is_Matrix else sp.MatMul(z, sp.OneMatrix(*shape)) for z in (x, y))
    match name:
        case "+":
            return sp.MatAdd(x, y)
        case "-":
            return sp.MatAdd(x, sp.MatMul(-1, y))
        case "*":
            return sp.HadamardProduct(x, y)
        case "/":
            return sp.HadamardProduct(x, sp.HadamardPower(y, -1))
        case "**":
            return sp.HadamardPower(x, y)
    raise NotDefined(f"SymPy has no object for {name} here", todo="use evaluate, or print the derivative")
