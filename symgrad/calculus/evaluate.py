"""Evaluate a linear map: apply it to a change, in any arithmetic.

Products are applied factor by factor, so a chain of n factors costs n steps; the sum of products over
time is accumulated in one pass (Horner), not once for each term.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.index import Index, Position, number, symbols
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
    Right,
    Scale,
    Sum,
    Swap,
    Transpose,
    Undefined,
    Zero,
)
from symgrad.calculus.forward import Compiler, Numbers
from symgrad.calculus.values.values import Values
from symgrad.errors import IndexRangeError, NotDefined

NOTHING: Any = None
"""The change 0, of any shape."""


class Evaluation:
    """Applies linear maps to changes, with the quantities of a network at given values."""

    def __init__(self, values: Values, compiler: Compiler | None = None) -> None:
        self.values, self.A = values, values.arithmetic
        self.compile = compiler or Compiler(values)

    def apply(self, m: LinearMap, x: Any, at: Numbers) -> Any:
        """Return m x. A block takes a tuple of parts and gives one; None is the change 0."""
        if x is NOTHING:
            return NOTHING
        match m:
            case Scale(c) | Diagonal(c) | Column(c):
                return self.compile(c)(at) * x
            case Compose(maps):
                return self._chain(maps, x, at)
            case Identity():
                return x
            case Zero():
                return NOTHING
            case Undefined(why, todo):
                raise NotDefined(why, todo=todo)
            case Matrix(A):
                return self.A.matmul(self.compile(A)(at), x)
            case Right(B):
                return self.A.matmul(x, self.compile(B)(at))
            case Swap():
                return self.A.transpose(x)
            case Transpose(of):
                return self._transposed(of, x, at)
            case Named(_, _, inner):
                return self.apply(inner, x, at)
            case Sum(maps):
                total = NOTHING
                for y in maps:
                    total = _plus(total, self.apply(y, x, at))
                return total
            case Product(symbol, lower, upper, body, descending):
                return self._product(symbol, self._number(lower, at), self._number(upper, at), body, descending, x, at)
            case IndexedSum():
                return self._sum(m, x, at)
            case Block(rows):
                return self._block(rows, x, at)
        raise TypeError(f"not a linear map: {m!r}")

    def _chain(self, maps: tuple[LinearMap, ...], x: Any, at: Numbers) -> Any:
        compile_ = self.compile
        for m in reversed(maps):
            x = compile_(m.c)(at) * x if type(m) is Scale and x is not NOTHING else self.apply(m, x, at)
        return x

    def _transposed(self, of: LinearMap, y: Any, at: Numbers) -> Any:
        match of:
            case Column(v):
                return self.A.total(self.compile(v)(at) * y)
            case Matrix(A):
                return self.A.matmul(self.A.transpose(self.compile(A)(at)), y)
            case Right(B):
                b = self.compile(B)(at)
                if self.A.rank(b) == 1:
                    return self.A.outer(y, b) if self.A.rank(y) else y * b
                return self.A.matmul(y, self.A.transpose(b))
            case Named(_, _, inner):
                return self.apply(M.transpose(inner), y, at)
        return self.apply(M.transpose(of), y, at)

    def _product(
        self, symbol: str, lower: int, upper: int, body: LinearMap, descending: bool, x: Any, at: Numbers
    ) -> Any:
        inner = dict(at)
        steps = [self._step(m) for m in reversed(body.maps if isinstance(body, Compose) else (body,))]
        for j in range(lower, upper + 1) if descending else range(upper, lower - 1, -1):
            if x is NOTHING:
                break
            inner[symbol] = j
            for step in steps:
                x = step(x, inner)
        return x

    def _step(self, m: LinearMap) -> Callable[[Any, Numbers], Any]:
        """Return (x, at) -> m x, with what m reads compiled ahead: a factor of a product is applied at every step."""
        match m:
            case Scale(c) | Diagonal(c):
                value = self.compile(c)
                return lambda x, at: NOTHING if x is NOTHING else value(at) * x
            case Matrix(A):
                matrix, matmul = self.compile(A), self.A.matmul
                return lambda x, at: NOTHING if x is NOTHING else matmul(matrix(at), x)
        return lambda x, at: self.apply(m, x, at)

    @cached_property
    def _exponents(self) -> Numbers:
        """The values of the parameters k of A^k, up to which a derivative is summed."""
        given = {q.name: self.values.env.get(q.name, {}).get(None) for q in self.values.network.exponents}
        return {name: self.A.whole(k) for name, k in given.items() if k is not None}

    def _sum(self, m: IndexedSum, x: Any, at: Numbers) -> Any:
        at = {**self._exponents, **at} if self._exponents else at
        lower, upper = self._number(m.lower, at), self._number(m.upper, at)
        split = _split(m)
        if split:
            return self._horner(m.symbol, lower, upper, *split, x, at)
        total, inner = Total(self), dict(at)
        for k in m.range.numbers(at):
            inner[m.symbol] = k
            total.add(m.body, x, inner)
        return total.value()

    def _horner(
        self,
        symbol: str,
        lower: int,
        upper: int,
        left: LinearMap,
        product: Product,
        right: LinearMap,
        x: Any,
        at: Numbers,
    ) -> Any:
        """Σ_k left (∏_{j=k+1}^{σ} J_j) right, with k in left or in right only, in one pass over k."""
        inner, steps = dict(at), {**at}
        if product.descending:  # Σ_k L J_σ ... J_{k+1} E_k x:  S <- J_k S + E_k x
            state = NOTHING
            for k in range(lower, upper + 1):
                inner[symbol] = steps[product.symbol] = k
                state = _plus(self.apply(product.body, state, steps), self.apply(right, x, inner))
            return self.apply(left, state, at)
        state, total = self.apply(right, x, at), Total(self)
        for k in range(upper, lower - 1, -1):  # Σ_k E_k (J_{k+1} ... J_σ) R x
            inner[symbol] = steps[product.symbol] = k
            total.add(left, state, inner)
            state = self.apply(product.body, state, steps)
        return total.value()

    def _block(self, rows: tuple[tuple[LinearMap, ...], ...], x: Any, at: Numbers) -> Any:
        parts = x if isinstance(x, tuple) else (x,)
        out = []
        for r in rows:
            total = NOTHING
            for m, part in zip(r, parts, strict=True):
                total = _plus(total, self.apply(m, part, at))
            out.append(total)
        return tuple(out) if len(out) > 1 else out[0]

    def _number(self, position: Position, at: Numbers) -> int:
        for symbol in sorted(symbols((position,)) - set(at)):
            raise IndexRangeError(f"the index {symbol} has no number", todo=f"pass indices={{'{symbol}': ...}}")
        return number(position, at)


class Total:
    """Σ_k M_k x_k. Where M_k ends in G -> G b_kᵀ, so many of them are one product of matrices, Σ_k g_k b_kᵀ."""

    AT_ONCE = 64

    def __init__(self, evaluation: Evaluation) -> None:
        self.of, self.sum, self.pairs = evaluation, NOTHING, list[tuple[Any, Any]]()

    def add(self, m: LinearMap, x: Any, at: Numbers) -> None:
        """Add m x."""
        last, *before = m.maps if isinstance(m, Compose) else (m,)
        if isinstance(last, Transpose) and isinstance(last.of, Right) and x is not NOTHING:
            g, b = self.of._chain(tuple(before), x, at), self.of.compile(last.of.B)(at)
            if g is NOTHING:
                return
            if self.of.A.rank(g) == self.of.A.rank(b) == 1:
                self.pairs.append((g, b))
                if len(self.pairs) == self.AT_ONCE:
                    self._collect()
                return
        self.sum = _plus(self.sum, self.of.apply(m, x, at))

    def value(self) -> Any:
        """Return the sum, nothing where nothing was added."""
        self._collect()
        return self.sum

    def _collect(self) -> None:
        if self.pairs:
            self.sum = _plus(self.sum, self.of.A.outers(*zip(*self.pairs, strict=True)))
            self.pairs = []


def _plus(x: Any, y: Any) -> Any:
    if x is NOTHING or y is NOTHING:
        return y if x is NOTHING else x
    if isinstance(x, tuple):
        return tuple(_plus(a, b) for a, b in zip(x, y, strict=True))
    return x + y


def _split(m: IndexedSum) -> tuple[LinearMap, Product, LinearMap] | None:
    """Find the product ∏_{j=k+1}^{σ} inside the body of Σ_{k}^{σ}, with what stands on its two sides."""
    if m.without or m.within:
        return None
    maps = m.body.maps if isinstance(m.body, Compose) else (m.body,)
    for i, p in enumerate(maps):
        if isinstance(p, Product) and p.upper == m.upper and p.lower == Index(m.symbol, 1):
            left, right = M.compose(*maps[:i]), M.compose(*maps[i + 1 :])
            constant = (left if p.descending else right, p.body)
            if all(map_tree.at_index(x, {m.symbol: 0}) == x for x in constant):
                return left, p, right
    return None
