"""Ordered products of matrices over an index, for SymPy, which has none: ∏_{j=k+1}^{t} diag(σ'(a_j)) W.

A factor is a matrix expression in which what carries the index j is a ``MatrixAt``, a_j, with j a symbol of SymPy; so
``subs`` puts numbers in for k and t, and ``doit`` then writes the product out, of the matrix symbols a_2, a_3, ...
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.core.symbol import Str
from sympy.matrices.expressions.matexpr import MatrixElement

from symgrad.errors import TooLarge

LARGEST = 10_000
"""Factors that are written out at most."""


class MatrixAt(sp.MatrixExpr):  # type: ignore[misc]  # SymPy has no types
    """The matrix ``name`` of a layer or step, W_j, with rows and columns; a symbol once the index is a number."""

    def __new__(cls, name: Str | str, index: Any, rows: Any, columns: Any) -> Any:  # noqa: D102
        several = index if isinstance(index, sp.Tuple) else (index,)
        if all(i.is_Integer for i in several):
            return sp.MatrixSymbol("_".join(map(str, (name, *several))), size(rows), size(columns))
        return super().__new__(cls, Str(str(name)), index, rows, columns)

    @property
    def shape(self) -> tuple[Any, Any]:
        """Rows and columns, n[j] and n[j - 1] where the index is j."""
        return self.args[2], self.args[3]

    def _entry(self, i: Any, j: Any, **_: Any) -> Any:
        return MatrixElement(self, i, j)

    def _latex(self, printer: Any) -> str:
        of, slash, wrt = str(self.args[0]).partition("/")
        name = printer.doprint(sp.Symbol(wrt.removeprefix("∂") if slash else of))
        base = f"{{{name}}}" if "_" in name else name
        q = f"{base}_{{{self._place(printer)}}}"
        above = printer.doprint(sp.Symbol(of.removeprefix("∂")))
        return rf"\frac{{\partial {above}}}{{\partial {q}}}" if slash else q

    def _sympystr(self, printer: Any) -> str:
        return f"{self.args[0]}[{self._place(printer)}]"

    def _place(self, printer: Any) -> str:
        """Write the index, or several of them."""
        index = self.args[1]
        return ", ".join(map(printer.doprint, index if isinstance(index, sp.Tuple) else (index,)))


def size(dimension: Any) -> Any:
    """Return a dimension n[2] or n[l - 1] as the symbol n_2 or n_l-1; any other as it is."""
    indexed = dimension.atoms(sp.Indexed)
    names = {x: f"{x.base}_{x.indices[0]}".replace(" ", "") for x in indexed}
    return dimension.xreplace({x: sp.Symbol(name, integer=True, positive=True) for x, name in names.items()})


class OrderedProduct(sp.MatrixExpr):  # type: ignore[misc]
    """∏_{j=lower}^{upper} factor, of matrices: the one of the highest index leftmost, or rightmost.

    ``subs`` puts in for what the limits and the factor hold, but not for j; ``doit`` writes the product out where the
    limits are numbers, and an empty one, upper = lower - 1, is the identity.

    >>> import symgrad as sg
    >>> product = sg.model("mlp").bind("identity").derivative("a[L]", "a[l]").sympy()
    >>> first, last = sp.symbols("l L", integer=True)
    >>> product.subs({first: 1, last: 3}).doit().shape
    (n_3, n_1)
    """

    def __new__(cls, factor: Any, j: Any, lower: Any, upper: Any, descending: Any = True) -> Any:  # noqa: D102
        flag = sp.true if descending in (True, sp.true) else sp.false
        return super().__new__(cls, factor, j, lower, upper, flag)

    factor = property(lambda self: self.args[0], doc="One factor, which depends on the index.")
    index = property(lambda self: self.args[1], doc="The index j.")
    lower = property(lambda self: self.args[2], doc="Where j begins.")
    upper = property(lambda self: self.args[3], doc="Where j ends.")

    @property
    def descending(self) -> bool:
        """Whether the factor of the highest index stands leftmost."""
        return self.args[4] is sp.true

    @property
    def shape(self) -> tuple[Any, Any]:
        """Rows of the leftmost factor, and columns of the rightmost."""
        rows, columns = map(sp.sympify, self.factor.shape)  # those of a matrix written out are ints of Python
        left, right = (self.upper, self.lower) if self.descending else (self.lower, self.upper)
        return size(rows.subs(self.index, left)), size(columns.subs(self.index, right))

    @property
    def free_symbols(self) -> set[Any]:
        """What can be put in for: all symbols but j."""
        free: set[Any] = self.factor.free_symbols - {self.index}
        return free | self.lower.free_symbols | self.upper.free_symbols

    bound_symbols = property(lambda self: [self.index], doc="The index.")

    def _eval_subs(self, old: Any, new: Any) -> Any:
        factor = self.factor if old == self.index else self.factor.subs(old, new)
        return OrderedProduct(factor, self.index, self.lower.subs(old, new), self.upper.subs(old, new), self.args[4])

    def doit(self, **hints: Any) -> Any:
        """Return the factors written out, where both limits are numbers. Raises TooLarge beyond 10,000 of them."""
        count = self.upper - self.lower + 1
        if not count.is_Integer or not self.lower.is_Integer or count < 0:
            return self
        if count > LARGEST:
            raise TooLarge(f"a product of {count} matrices would be written out", todo=f"{LARGEST:,} are at most")
        if count == 0:
            return sp.Identity(self.shape[0])
        places = range(int(self.lower), int(self.upper) + 1)
        factors = [self.at(j) for j in (reversed(places) if self.descending else places)]
        flat = [x for f in factors for x in (f.args if isinstance(f, sp.MatMul) else (f,))]
        return sp.MatMul(*flat, evaluate=False) if len(flat) > 1 else flat[0]

    def at(self, j: Any) -> Any:
        """Return the factor of one index."""
        return self.factor.subs(self.index, j)

    def _eval_transpose(self) -> Any:
        return OrderedProduct(self.factor.T, self.index, self.lower, self.upper, not self.descending)

    def _entry(self, i: Any, j: Any, **_: Any) -> Any:
        product = self.doit()
        return MatrixElement(self, i, j) if product is self else product[i, j]

    def _latex(self, printer: Any) -> str:
        low, high, j = (printer.doprint(x) for x in (self.lower, self.upper, self.index))
        sign = r"\prod" if self.descending else r"\overrightarrow{\prod}"
        factor = printer.parenthesize(self.factor, sp.printing.precedence.PRECEDENCE["Mul"])
        return rf"{sign}_{{{j}={low}}}^{{{high}}} {factor}"

    def _sympystr(self, printer: Any) -> str:
        limits = ", ".join(printer.doprint(x) for x in (self.index, self.lower, self.upper))
        order = "" if self.descending else ", descending=False"
        return f"OrderedProduct({printer.doprint(self.factor)}, ({limits}){order})"
