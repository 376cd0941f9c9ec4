"""The derivative as a SymPy object, wherever SymPy has one; products stay products.

A product of numbers over j is a ``Product``, over numbers j = 2, 3, ... an unevaluated ``Mul``; a product of
matrices is a ``MatMul``, over j an ``OrderedProduct``, diag(v) a ``DiagMatrix``, several states give a ``BlockMatrix``.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.differential import Partial
from symgrad.algebra.expression import Expression
from symgrad.algebra.linear_map import (
    Block,
    Column,
    Compose,
    Diagonal,
    Identity,
    IndexedSum,
    LinearMap,
    Matrix,
    Named,
    Product,
    Scale,
    Sum,
    Transpose,
    Zero,
)
from symgrad.calculus.closed_form import ClosedForm
from symgrad.calculus.cotangent import pulled
from symgrad.calculus.expand import expand
from symgrad.calculus.layout import arranged, array, gradient_matrix
from symgrad.calculus.normal.total import normal
from symgrad.calculus.rank import rank
from symgrad.calculus.recursion import recursion
from symgrad.errors import NotDefined
from symgrad.export.sympy_block import Grid, multiple, sized
from symgrad.export.sympy_expression import Expressions, entry
from symgrad.export.sympy_product import OrderedProduct
from symgrad.export.sympy_sum import MatrixSum


def to_sympy(form: ClosedForm, layout: str = "numerator") -> Any:
    """Return the derivative as a SymPy expression, or as a matrix expression in a layout.

    Nothing is simplified or multiplied out: time and memory are linear in the depth. A derivative of a number
    by a number whose states are vectors is the one entry of a 1 x 1 matrix expression; a gradient by a matrix that is
    no product of matrices is written by cotangents, ∂C/∂A_l, as its backward equation is. Raises NotDefined for the
    derivative of an array by a matrix.

    >>> import symgrad as sg
    >>> to_sympy(sg.model("chain").derivative("a[L]", "a[0]"))
    Product(Derivative(sigma(z[j]), z[j])*w[j], (j, 1, L))
    >>> to_sympy(sg.model("deep_linear").derivative("a[L]", "a[0]", depth=2))
    W_2*W_1
    """
    network = form.network
    of, wrt = network.shape(form.of), network.shape(form.wrt)
    if len(of) + len(wrt) > 2:
        raise NotDefined(
            f"∂{form.of}/∂{form.wrt} has more than two axes: SymPy has no matrix expression for it",
            todo="print it, evaluate it, or differentiate a number by the matrix",
        )
    maps = _Maps(form)
    written = expand(form.map)
    try:
        return maps.derivative(written, layout)
    except _NoMatrix as error:
        gradient = _applied(form, written) if not of and wrt else None
        if gradient is None:
            raise NotDefined(error.what, todo=error.todo) from None
        found = maps.write(gradient)
        return found if layout == "denominator" else found.T


class _NoMatrix(NotDefined):
    """A map of matrices that is no matrix; what it does to a cotangent may be written all the same."""


def _applied(form: ClosedForm, written: LinearMap) -> Expression | None:
    """Return the gradient of a number as an expression in cotangents; None where it has none."""
    found = pulled(form.network, written)
    if found is None and (backward := recursion(form)) is not None:
        found = pulled(form.network, backward.answer.value)
    return None if found is None else normal(form.network, found)


class _Maps:
    """Writes linear maps for SymPy; a multiple c of the identity is the number c until its size is known."""

    def __init__(self, form: ClosedForm) -> None:
        self.form, self.write = form, Expressions(form)
        self.network = form.network

    def derivative(self, m: LinearMap, layout: str) -> Any:
        """Write a derivative in a layout."""
        of, wrt = self.network.shape(self.form.of), self.network.shape(self.form.wrt)
        rows, columns = self.write.columns(wrt)
        if len(wrt) == 2:
            matrix = gradient_matrix(self.network, m, layout)
            if matrix is None:
                what = f"∂{self.form.of}/∂{self.form.wrt} is not a product of matrices"
                raise _NoMatrix(what, todo="print it, or evaluate it")
            return self.whole(matrix, (rows, columns) if layout == "denominator" else (columns, rows))
        shape = (self.write.columns(of)[0], rows)
        found = array(self.network, m, len(of), len(wrt), layout)
        written = arranged(m, layout) if found is None else found
        result = self.whole(written, shape if layout == "numerator" else shape[::-1])
        return entry(result) if not of and not wrt and result.is_Matrix else result

    def whole(self, m: LinearMap, shape: tuple[Any, Any]) -> Any:
        """Write a map of a known shape."""
        result = self.map(m)
        return result if result.is_Matrix or shape == (1, 1) else multiple(result, shape)

    def map(self, m: LinearMap) -> Any:
        """Write a map."""
        match m:
            case Identity():
                return sp.Integer(1)
            case Zero():
                return sp.Integer(0)
            case Scale(c) | Matrix(c):
                return self.write(c)
            case Transpose(Matrix(A)):
                return self.write(A).T
            case Diagonal(v) if rank(self.network, v) == 1:
                return sp.DiagMatrix(self.write(v))
            case Column(v) if self._is_vector(v):
                return self.write(v)
            case Transpose(Column(v)) if self._is_vector(v):
                return self.write(v).T
            case Named(_, _, inner):
                return self.map(inner)
            case Transpose(Named(_, _, inner)):
                return self.map(M.transpose(inner))
            case Sum(maps):
                return _sum([self.map(x) for x in maps])
            case Compose(maps):
                return self._compose(maps)
            case Product():
                return self._product(m)
            case IndexedSum(without=(_, *_)):
                raise NotDefined(
                    "SymPy has no sum over an index that leaves values out", todo="print it, or evaluate it"
                )
            case IndexedSum():
                [body] = sized([self.map(m.body)])
                limits = self.write.limits(m.range)
                return MatrixSum(body, *limits) if body.is_Matrix else sp.Sum(body, limits)
            case Block(rows):
                return Grid([[self.map(x) for x in r] for r in rows])
        raise _NoMatrix(
            "SymPy has no object for the map of a matrix parameter (M -> M s)", todo="print it, or evaluate it"
        )

    def _is_vector(self, v: Any) -> bool:
        return rank(self.network, v.wrt if isinstance(v, Partial) else v) == 1

    def _compose(self, maps: tuple[LinearMap, ...]) -> Any:
        """Write a product: numbers in path order, matrices in their own."""
        blocks = sized([self.map(x) for x in maps])
        numbers = [x for x in blocks[::-1] if not x.is_Matrix]
        matrices = [x for x in blocks if x.is_Matrix]
        if matrices:
            return sp.MatMul(*numbers, *matrices, evaluate=False)
        return sp.Mul(*numbers, evaluate=False)

    def _product(self, m: Product) -> Any:
        if m.body != map_tree.at_index(m.body, {m.symbol: 0}):
            return self._over(m)
        body = self.map(m.body)
        if isinstance(body, Grid):
            [body] = sized([body])
        length = self.write.position(m.upper) - self.write.position(m.lower) + 1
        return sp.MatPow(body, length) if body.is_Matrix else body**length

    def _over(self, m: Product) -> Any:
        """Write a product whose factors differ: of numbers SymPy's own, of matrices an ordered one."""
        [factor] = sized([self.map(m.body)])
        limits = self._limits(m.symbol, m.lower, m.upper)
        return OrderedProduct(factor, *limits, m.descending) if factor.is_Matrix else sp.Product(factor, limits)

    def _limits(self, symbol: str, lower: Any, upper: Any) -> tuple[Any, Any, Any]:
        return sp.Symbol(symbol, integer=True), self.write.position(lower), self.write.position(upper)


def _sum(parts: list[Any]) -> Any:
    """Add maps; a number among matrices is a multiple of the identity."""
    shape = next((x.shape for x in parts if x.is_Matrix), None)
    if shape is None:
        return sp.Add(*parts, evaluate=False)
    return sp.MatAdd(*[x if x.is_Matrix else multiple(x, shape) for x in parts])
