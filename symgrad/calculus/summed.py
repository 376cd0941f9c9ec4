"""Gradients by what all items of a batch share, added up over them as they are found: Σ_i δ_i a_iᵀ is one product."""

from __future__ import annotations

from typing import Any

from symgrad.algebra.expression import Apply, Quantity
from symgrad.arithmetic.batched import BatchedFloating
from symgrad.calculus.backward import Pull, Tape
from symgrad.calculus.forward import Evaluator, Numbers
from symgrad.ops.linear import MATMUL


class SummedTape(Tape):
    """Cotangents of a batch; those of ``wanted`` whose values have no items are sums over the items."""

    A: BatchedFloating

    def leaf(self, q: Quantity) -> Pull:
        """Return the pull-back of a quantity: it adds to the cotangent, of all items where they share the value."""
        add = super().leaf(q)
        if q.name not in self.wanted or q.name in self.values.network.defined:
            return add
        value, A = self.compile(q), self.A
        return lambda g, at: add(A.of_all_items(g) if value(at).shape[-1] == 1 else g, at)

    def node(self, e: Apply, value: Evaluator, inputs: list[Evaluator], pulls: list[Pull | None]) -> Pull:
        """Return the pull-back of an operation; of a shared matrix times vectors, with one product for all items."""
        plain = super().node(e, value, inputs, pulls)
        if e.op != MATMUL or not isinstance(e.arguments[0], Quantity) or e.arguments[0].name not in self.wanted:
            return plain
        A, (matrix, vector), (add, pull) = self.A, inputs, pulls

        def shared(g: Any, at: Numbers) -> None:
            W, x = matrix(at), vector(at)
            if W.shape[-1] > 1 or A.rank(W) != 2 or A.rank(x) != 1 or g.shape[-1] != x.shape[-1] or add is None:
                plain(g, at)
                return
            add(A.outer_of_all_items(g, x), at)
            if pull is not None:
                pull(A.matmul(A.transpose(W), g), at)

        return shared
