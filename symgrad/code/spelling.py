"""A number system whose numbers are source text: the rules of operations write code in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from symgrad.algebra.shape import Shape
from symgrad.code.backend import Backend
from symgrad.code.source import ADD, ATOM, DOT, MUL, Source, written
from symgrad.errors import NotDefined

Size = Callable[[Any], Source]
"""How the size of an axis is written."""

OF_MATH = frozenset(
    ["exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tan", "atan", "sinh", "cosh", "tanh", "erf", "erfc"]
)
"""Functions of one number that the module math has, for plain numbers."""
ENTRYWISE = OF_MATH | {"abs", "sign", "step", "relu", "negative_part", "logistic", "softplus"}


class Spelling:
    """The table of an arithmetic, as source text for a library.

    >>> from symgrad.code.numpy import NUMPY
    >>> from symgrad.ops.saturating import TANH
    >>> TANH.slope_of_output(Spelling(NUMPY, str), Source("a[j]")).text
    '1 - a[j] ** 2'
    """

    name = "source"

    def __init__(self, backend: Backend, size: Size, keep: Callable[[Source], Source] = lambda x: x) -> None:
        self.backend, self.size_of, self.keep = backend, size, keep

    def __getattr__(self, name: str) -> Any:
        if name in ENTRYWISE:
            return lambda x: self._entrywise(name, written(x))
        if name.startswith("_"):
            raise AttributeError(name)
        raise NotDefined(f"{name} is not written as code", todo="evaluate it with symgrad, model.gradients(...)")

    def _call(self, name: str, shape: Shape, *x: Source) -> Source:
        if name not in self.backend.functions:
            raise NotDefined(f"{name} is not written for {self.backend.name}", todo="take another language")
        text = self.backend.call(name, *(y.text for y in x))
        level = MUL if name == "step" or text.startswith("-") else ATOM
        return Source(text, shape, level)

    def _entrywise(self, name: str, x: Source) -> Source:
        if x.plain and name in OF_MATH:
            return Source(f"math.{name}({x.text})", x.shape, plain=True)
        if name == "step":
            x = replace(x, text=x.at(ADD), level=ATOM)
        return self._call(name, x.shape, x)

    # --- values ---

    def number(self, q: Fraction | int) -> Source:
        """Return an exact number: as a whole number, a short decimal, or a quotient."""
        q = Fraction(q)
        if q < 0:
            return -self.number(-q)
        if q.denominator == 1:
            return Source(str(q.numerator), plain=True)
        short = repr(float(q))
        if Fraction(short) == q and "e" not in short and len(short) < 9:
            return Source(short, plain=True)
        return Source(f"{q.numerator} / {q.denominator}", (), MUL, plain=True)

    @property
    def pi(self) -> Source:
        """The circle's number."""
        return Source("math.pi", plain=True)

    def rank(self, x: Source) -> int:
        """Return 0 for a number, 1 for a vector, 2 for a matrix."""
        return x.rank

    def size(self, x: Source) -> Source:
        """Return the number of entries."""
        found = written(1)
        for d in x.shape:
            found = found * self.size_of(d)
        return found

    def ones_like(self, x: Source) -> Source:
        """Return 1 in each place."""
        return Source("1", x.shape, plain=True)

    def zeros_like(self, x: Source) -> Source:
        """Return 0 in each place."""
        return Source("0", x.shape, plain=True)

    def eye(self, d: Any) -> Source:
        """Return the identity matrix of a size."""
        return Source(self.backend.call("eye", self.size_of(d).text), (d, d))

    def whole(self, x: Source) -> Source:
        """Return an array with an entry in each place, where x is one number for all."""
        if not (x.plain or x.thin) or not x.rank:
            return x
        sizes = ", ".join(self.size_of(d).text for d in x.shape)
        ones = Source(self.backend.call("ones", f"({sizes},)"), x.shape)
        if x.thin:
            return replace(x * ones, thin=False)
        return ones if x.text == "1" else Source(x.text, (), x.level, plain=True) * ones

    # --- entry by entry ---

    def power(self, x: Source, y: Any) -> Source:
        """Return x**y."""
        return x ** (written(y) if isinstance(y, int) else y)

    def minimum(self, x: Source, y: Any) -> Source:
        """Return min(x, y)."""
        return self._two("minimum", x, written(y))

    def maximum(self, x: Source, y: Any) -> Source:
        """Return max(x, y)."""
        return self._two("maximum", x, written(y))

    def _two(self, name: str, x: Source, y: Source) -> Source:
        if x.plain and not y.plain:
            x, y = y, x
        rank = max(x.rank, y.rank)
        return self._call(name, x.shape if x.rank == rank else y.shape, x.spread(rank), y.spread(rank))

    def stopped(self, x: Source) -> Source:
        """Return x."""
        return x

    def select(self, c: Source, x: Source, y: Source) -> Source:
        """Return x where c is 1, y elsewhere."""
        return self._where(c, "1", x, y)

    def choose(self, x: Source, if_zero: Any, otherwise: Any, *values: Source) -> Source:
        """Return if_zero(*values) where x is 0, else otherwise(*values)."""
        return self._where(x, "0", if_zero(*values), otherwise(*values))

    def _where(self, c: Source, n: str, x: Any, y: Any) -> Source:
        x, y = written(x), written(y)
        rank = max(c.rank, x.rank, y.rank)
        shape = next(v.shape for v in (c, x, y) if v.rank == rank)
        c = c.spread(rank)
        return self._call("where", shape, Source(f"{c.at(ADD)} == {n}"), x.spread(rank), y.spread(rank))

    # --- vectors and matrices ---

    def total(self, x: Source) -> Source:
        """Return the sum of all entries of each item."""
        if not x.rank:
            return x
        if x.plain:
            return Source(x.text, (), x.level, plain=True) * self.size(x)
        axes = "-1" if x.rank == 1 else "(-2, -1)"
        return Source(f"{x.at(ATOM)}.sum({axes})")

    def matmul(self, x: Source, y: Source) -> Source:
        """Return the product of vectors and matrices of each item."""
        x, y = self.whole(x), self.whole(y)
        match x.rank, y.rank:
            case 1, 1:
                return self.total(x * y)
            case 2, 1:
                return Source(f"matvec({x.text}, {y.text})", x.shape[:1])
            case 1, 2:
                return Source(f"vecmat({x.text}, {y.text})", y.shape[1:])
        return Source(f"{x.at(ATOM)} @ {y.at(ATOM)}", (x.shape[0], y.shape[1]), DOT)

    def outer(self, x: Source, y: Source) -> Source:
        """Return x_i y_j of each item."""
        shape = (*x.shape, *y.shape)
        if x.plain and y.plain:
            return replace(x * y, shape=shape) if x.text == y.text == "1" else self.outer(self.whole(x), y)
        if y.plain:
            return Source(f"{x.at(ATOM)}[..., :, None]", shape, thin=True) * replace(y, shape=())
        if x.plain:
            return Source(f"{y.at(ATOM)}[..., None, :]", shape, thin=True) * replace(x, shape=())
        return Source(f"{x.at(ATOM)}[..., :, None] * {y.at(ATOM)}[..., None, :]", shape, MUL)

    def transpose(self, x: Source) -> Source:
        """Return the transposed matrix of each item."""
        if x.rank < 2:
            return x
        if self.backend.functions["swap"].startswith("{}"):
            x = replace(x, text=x.at(ATOM))
        return self._call("swap", x.shape[::-1], x)

    def softmax(self, x: Source) -> Source:
        """Return softmax of a vector."""
        return self._call("softmax", x.shape, x) if x.rank else written(1)

    def logsumexp(self, x: Source) -> Source:
        """Return ln sum_k e^x_k of a vector."""
        return self._call("logsumexp", (), x) if x.rank else x

    def neg_log_softmax(self, x: Source) -> Source:
        """Return -ln softmax of a vector."""
        return self._call("neg_log_softmax", x.shape, x) if x.rank else written(0)

    def softmax_error(self, x: Source, y: Source) -> Source:
        """Return softmax(x) sum_k y_k - y."""
        return self._call("softmax_error", x.shape, x, y) if x.rank else written(0)

    def largest(self, x: Source) -> Source:
        """Return the largest entry of a vector."""
        return self._call("largest", (), replace(x, text=x.at(ATOM))) if x.rank else x

    def at_largest(self, x: Source) -> Source:
        """Return 1 at the first largest entry of a vector, 0 elsewhere."""
        return self._call("at_largest", x.shape, x) if x.rank else written(1)

    def rows(self, f: Any, *x: Source) -> Source:
        """Return f of each row: a row is a vector with one more axis in front of it."""
        found: Source = f(*(replace(v, shape=v.shape[1:]) for v in x))
        return replace(found, shape=(x[0].shape[0], *found.shape))

    def diagonal(self, x: Source) -> Source:
        """Return the matrix with a vector on its diagonal, or the diagonal of a matrix."""
        if x.rank == 2:
            return self._call("diagonal", x.shape[:1], x)
        return Source(f"{x.at(ATOM)}[..., :, None]", (*x.shape, *x.shape)) * self.eye(x.shape[0])

    def inv(self, x: Source) -> Source:
        """Return the inverse."""
        return self._call("inv", x.shape, x)

    def expm(self, x: Source) -> Source:
        """Return the exponential of a matrix."""
        return self._call("expm", x.shape, x)

    def det(self, x: Source) -> Source:
        """Return the determinant."""
        return self._call("det", (), x)

    def logdet(self, x: Source) -> Source:
        """Return ln |det x|."""
        return self._call("logdet", (), x)

    def joined(self, parts: list[Source], axis: int) -> Source:
        """Return arrays put together along an axis; their shape is known by the operation."""
        rank = max(p.rank for p in parts)
        texts = ", ".join(p.text if p.rank else f"{p.at(ATOM)}[..., None]" for p in map(self.whole, parts))
        return Source(f"joined([{texts}], {axis - rank}, {rank})", ("",) * rank)  # type: ignore[arg-type]

    def lifted(self, x: Source, axis: int) -> Source:
        """Return a number as a vector with one entry."""
        return x

    def kron(self, x: Source, y: Source) -> Source:
        """Return the Kronecker product."""
        return Source(f"kron({self.whole(x).text}, {self.whole(y).text})", ("", ""))  # type: ignore[arg-type]
