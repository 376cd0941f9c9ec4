"""Sums of matrices over an index, for SymPy, which has sums of numbers alone: ∑_{k=1}^{t} δ_k s_{k-1}ᵀ."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symgrad.errors import TooLarge
from symgrad.export.sympy_product import LARGEST, size


class MatrixSum(sp.MatrixExpr):  # type: ignore[misc]  # SymPy has no types
    """∑_{k=lower}^{upper} term, of matrices of one shape.

    ``subs`` puts in for what the limits and the term hold, but not for k; ``doit`` writes the sum out where the limits
    are numbers; an entry is SymPy's sum of the entries.

    >>> import symgrad as sg
    >>> net = sg.parse("W: (d, d)\\nb: (d,)\\ns[0]: (d,)\\ns[t] = W@s[t-1] + b\\nE = loss(s[T])")
    >>> total = net.derivative("E", "b", layout="denominator").sympy()
    >>> total.subs(sp.Symbol("T", integer=True), 2).doit()
    ∂E/∂s_2 + W.T*∂E/∂s_2
    """

    def __new__(cls, term: Any, k: Any, lower: Any, upper: Any) -> Any:  # noqa: D102
        return super().__new__(cls, term, k, lower, upper)

    term = property(lambda self: self.args[0], doc="One term, which depends on the index.")
    index = property(lambda self: self.args[1], doc="The index k.")
    lower = property(lambda self: self.args[2], doc="Where k begins.")
    upper = property(lambda self: self.args[3], doc="Where k ends.")

    @property
    def shape(self) -> tuple[Any, Any]:
        """The shape of every term."""
        sizes = (sp.Integer(n) if isinstance(n, int) else n for n in self.term.shape)  # of a matrix written out: ints
        rows, columns = (size(n.subs(self.index, self.lower)) for n in sizes)
        return rows, columns

    @property
    def free_symbols(self) -> set[Any]:
        """What can be put in for: all symbols but k."""
        free: set[Any] = self.term.free_symbols - {self.index}
        return free | self.lower.free_symbols | self.upper.free_symbols

    bound_symbols = property(lambda self: [self.index], doc="The index.")

    def _eval_subs(self, old: Any, new: Any) -> Any:
        term = self.term if old == self.index else self.term.subs(old, new)
        return MatrixSum(term, self.index, self.lower.subs(old, new), self.upper.subs(old, new))

    def doit(self, **hints: Any) -> Any:
        """Return the terms written out, where both limits are numbers. Raises TooLarge beyond 10,000 of them."""
        count = self.upper - self.lower + 1
        if not count.is_Integer or not self.lower.is_Integer:
            return self
        if count > LARGEST:
            raise TooLarge(f"a sum of {count} matrices would be written out", todo=f"{LARGEST:,} are at most")
        if count <= 0:
            return sp.ZeroMatrix(*self.shape)
        terms = [self.term.subs(self.index, k).doit(**hints) for k in range(int(self.lower), int(self.upper) + 1)]
        return sp.MatAdd(*terms) if len(terms) > 1 else terms[0]

    def _eval_transpose(self) -> Any:
        return MatrixSum(self.term.T, *self.args[1:])

    def _entry(self, i: Any, j: Any, **_: Any) -> Any:
        return sp.Sum(self.term[i, j], tuple(self.args[1:]))

    def _latex(self, printer: Any) -> str:
        low, high, k = (printer.doprint(x) for x in (self.lower, self.upper, self.index))
        term = printer.parenthesize(self.term, sp.printing.precedence.PRECEDENCE["Mul"])
        return rf"\sum_{{{k}={low}}}^{{{high}}} {term}"

    def _sympystr(self, printer: Any) -> str:
        limits = ", ".join(printer.doprint(x) for x in self.args[1:])
        return f"MatrixSum({printer.doprint(self.term)}, ({limits}))"
