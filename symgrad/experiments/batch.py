"""Gradients of a sum over a batch, by the derived linear maps: what a training loop needs, many times over.

Each equation has its local Jacobians as linear maps, ∂z_l/∂a_{l-1} = W_l, ∂a_l/∂z_l = diag(σ'(z_l)). Transposed
and applied from the last equation to the first they are the closed form of every gradient at once; of the
multi-layer perceptron the four equations of backpropagation,

    δ_L = σ'(z_L) ⊙ ∂C/∂a_L,   δ_l = σ'(z_l) ⊙ W_{l+1}ᵀ δ_{l+1},   ∂C/∂b_l = δ_l,   ∂C/∂W_l = δ_l a_{l-1}ᵀ.

All items of a batch share the parameters, so that the last map before a parameter takes the sum with it: the
matrices δ_l a_{l-1}ᵀ of the items are never formed, their sum is one product of matrices.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from symgrad.algebra import map_algebra as M
from symgrad.algebra.expression import Apply, Expression, Quantity
from symgrad.algebra.expression_tree import reads
from symgrad.algebra.index import Index, Place
from symgrad.algebra.linear_map import Column, Compose, Identity, LinearMap, Right, Sum, Transpose
from symgrad.algebra.op import Op
from symgrad.arithmetic.batched import BatchedFloating
from symgrad.calculus.evaluate import NOTHING, Evaluation
from symgrad.calculus.forward import Compiler, Evaluator, Numbers, forward
from symgrad.calculus.gradients import one_number
from symgrad.calculus.jacobian import Row, local_jacobian
from symgrad.calculus.output import as_output
from symgrad.calculus.unfold import stable
from symgrad.calculus.values.read import read_values
from symgrad.errors import ModelError, UnknownName, ValuesError
from symgrad.network.equation import Equation
from symgrad.network.network import Network
from symgrad.network.syntax.read import read_quantity
from symgrad.ops.function import slope
from symgrad.ops.record import Elementwise

Array = np.ndarray[Any, np.dtype[np.float64]]
Layers = dict[Place, Array]
"""The arrays of a quantity by its index; None is the index of what carries none."""

Pulls = list[tuple[Quantity, LinearMap]]
"""What an equation reads, each with the transposed local Jacobian."""


class BatchGradient:
    """Σ_i ∂C_i/∂q over the items i of a batch, for parameters q that all items share; float64.

    of: a number that the network defines. values: as those of ``Model.gradients``, one at least with a batch on
    its last axis. They are read once: ``feed`` replaces one, and what ``parameter`` returns can be changed in place.

    >>> from symgrad.network.read import read_network
    >>> net = read_network("x: (n,)\\nw: (n,)\\na[j] = w @ x\\nC = (a[L] - y)**2 / 2", "line")
    >>> values = {"w": [1.0, 2.0], "x": np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 3.0]]), "y": np.zeros(3)}
    >>> BatchGradient(net, "C", values, ["w"], depth=1)()  # Σ_i (w x_i) x_i = 1 (1, 0) + 4 (2, 1) + 6 (0, 3)
    {'w': {None: array([ 9., 22.])}}
    """

    def __init__(
        self, network: Network, of: str, values: Mapping[str, Any], wrt: Collection[str], depth: int | None = None
    ) -> None:
        self.network, self.wrt = network, tuple(wrt)
        self.values = read_values(network, values, "float", None, depth)
        self.target = network.resolve(one_number(network, of), self.values.depth)
        self._check()
        self._given = {(name, k) for name, layers in self.values.env.items() for k in layers}
        self._check_shared()
        self._compiler = OutputCompiler(self.values)
        self._evaluation = SummedEvaluation(self.values, self._compiler)
        self._closings, self._steps, self._openings = (
            [(e.target, self._pulls(e)) for e in reversed(equations)]
            for equations in (network.closings, network.steps, network.openings)
        )

    def _check(self) -> None:
        if not isinstance(self.values.arithmetic, BatchedFloating):
            raise ValuesError("no value has a batch", todo="give one value with one more, last axis: the batch")
        if any(q.further or spans for e in self.network.equations for q, spans in reads(e.value)):
            raise ModelError(
                f"{self.network.name} has families, or sums over an index, and the gradients of a batch are by layers",
                todo="take one item at a time: model.gradients(...)",
            )
        names = [str(q) if isinstance(q.index, int) else q.name for q in self.network.parameters]
        for name in self.wrt:
            if name not in names:
                raise UnknownName("parameter", name, names, f"model {self.network.name}")

    def _check_shared(self) -> None:
        for name, k in self._given:
            if isinstance(k, tuple):
                raise ValuesError(f"{name} has several indices", todo="take one item at a time: model.gradients(...)")
            if self._wanted(name, k) and self.values.env[name][k].shape[-1] > 1:
                raise ValuesError(
                    f"{name} differs from item to item, and the gradient is by what all items share",
                    where=f"model {self.network.name}",
                    todo="use Model.gradients, which gives one gradient for each item",
                )

    def _wanted(self, name: str, k: int | None) -> bool:
        return name in self.wrt or f"{name}[{k}]" in self.wrt

    def _pulls(self, equation: Equation) -> Pulls:
        pulls: Pulls = []
        for q, m in local_jacobian(self.network, equation).items():
            past = self._past_output(q, m, equation)
            pulls += [
                (p, M.transpose(n))
                for p, n in (past or {q: stable(self.network, m)}).items()
                if p.name in self._reached
            ]
        return pulls

    def _past_output(self, q: Quantity, m: LinearMap, equation: Equation) -> Row | None:
        """Return ∂C/∂p for what p the output q = f(z) reads, where a loss has it by z: accurate where f'(z) is 0."""
        made = as_output(self.network, q)
        if made is None:
            return None
        row = {
            p: M.compose(m, n) for p, n in local_jacobian(self.network, replace(equation, target=q, value=made)).items()
        }
        met = {p: stable(self.network, n) for p, n in row.items()}
        return met if all(met[p] != row[p] for p in row) else None

    @property
    def _reached(self) -> set[str]:
        """The names that stand on a way from the target to a parameter that is wanted."""
        defined = {e.target.name for e in self.network.equations}
        return defined | {name.partition("[")[0] for name in self.wrt}

    def feed(self, name: str, data: Array) -> None:
        """Replace a value that has a batch, as an input "a[0]" or a target "y", by one of any number of items."""
        q = read_quantity(name)
        assert q.index is None or isinstance(q.index, int)
        self.values.env[q.name][q.index] = data

    def parameter(self, name: str, index: int | None = None) -> Array:
        """Return the array, without a batch, of a parameter that all items share; it may be changed in place."""
        return self.values.env[name][index][..., 0]

    def value(self, name: str, index: int | None = None) -> Array:
        """Return a quantity as it was last computed, the batch on its last axis."""
        return self.values.env[name][index]

    def forward(self) -> None:
        """Compute every quantity that the target reads, at the values as they are now."""
        forward(self.network, self.values, self._compiler, wanted=(self.target,))

    def __call__(self) -> dict[str, Layers]:
        """Return the sums over the batch by name and index, at the values as they are now."""
        self.forward()
        env, depth, network = self.values.env, self.values.depth, self.network
        batch = max(env[name][k].shape[-1] for name, k in self._given)
        found: dict[str, Layers] = {self.target.name: {self._index(self.target, {}): np.ones(batch)}}
        at = {network.depth_symbol: depth}
        for target, pulls in self._closings:
            self._carry(found, target, pulls, at)
        for j in range(depth, 0, -1):
            at = {network.symbol: j}
            for target, pulls in self._steps:
                self._carry(found, target, pulls, at)
        for target, pulls in self._openings:
            self._carry(found, target, pulls, {})
        return {name: self._collected(found, name) for name in self.wrt}

    def _carry(self, found: dict[str, Layers], target: Quantity, pulls: Pulls, at: Numbers) -> None:
        """Carry the cotangent of one quantity on to what its equation reads."""
        g = found.get(target.name, {}).pop(self._index(target, at), NOTHING)
        if g is NOTHING:
            return
        for q, m in pulls:
            k = self._index(q, at)
            if (q.name, k) not in self._given:
                change = self._evaluation.apply(m, g, at)
            elif self._wanted(q.name, k):
                change = self._evaluation.summed(m, g, at)
            else:
                continue
            if change is not NOTHING:
                known = found.setdefault(q.name, {})
                known[k] = known[k] + change if k in known else change

    def _index(self, q: Quantity, at: Numbers) -> int | None:
        if q.index is None or isinstance(q.index, int):
            return q.index
        assert isinstance(q.index, Index)  # of a chain
        return at.get(q.index.symbol, self.values.depth) + q.index.offset

    def _collected(self, found: dict[str, Layers], name: str) -> Layers:
        """Return the sums of one name, 0 where the target does not depend on a layer."""
        q = read_quantity(name)
        layers = sorted((k for k in self.values.env[q.name] if not isinstance(k, tuple)), key=lambda k: k or 0)
        wanted = [k for k in layers if (q.name, k) in self._given and q.index in (None, k)]
        known = found.get(q.name, {})
        return {k: known[k] if k in known else np.zeros_like(self.parameter(q.name, k)) for k in wanted}


class OutputCompiler(Compiler):
    """Computes a slope σ'(z_l) with the help of a_l = σ(z_l), where an equation gives it: for half the work."""

    def _compile(self, e: Expression) -> Evaluator:
        output = self._outputs.get(e)
        if output is None:
            return super()._compile(e)
        assert isinstance(e, Apply)
        f, x, y = e.op.record.slope_by_both_on(self.A), self(e.arguments[0]), self(output)
        return lambda at: f(x(at), y(at))

    @cached_property
    def _outputs(self) -> dict[Expression, Quantity]:
        """Slopes, each with the quantity that is the function of the same argument."""
        found: dict[Expression, Quantity] = {}
        for equation in self.values.network.equations:
            match equation.value:
                case Apply(Op(kind="function", record=Elementwise() as record) as op, arguments):
                    found[Apply(slope(op.name, record), arguments)] = equation.target
        return found


class SummedEvaluation(Evaluation):
    """Applies linear maps to batches, and adds the results up over the batch."""

    def summed(self, m: LinearMap, x: Any, at: Numbers) -> Any:
        """Return Σ_i m_i x_i, without a batch; x has a batch, m may have one."""
        if x is NOTHING:
            return NOTHING
        match m:
            case Identity():
                return x.sum(axis=-1)
            case Compose((first, *rest)):
                return self.summed(first, self._chain(tuple(rest), x, at), at)
            case Sum(maps):
                terms = [y for y in (self.summed(one, x, at) for one in maps) if y is not NOTHING]
                return sum(terms[1:], start=terms[0]) if terms else NOTHING
            case Column(v) if self.A.rank(x) == 0:
                return _product(self.compile(v)(at), x)
            case Transpose(Right(B)) if self.A.rank(b := self.compile(B)(at)) == 1:
                return _product(x, b)
        y = self.apply(m, x, at)
        return NOTHING if y is NOTHING else y.sum(axis=-1)


def _product(x: Array, b: Array) -> Array:
    """Return Σ_i x_i b_iᵀ, one product of matrices; either may be the same for all items."""
    if x.shape[-1] == b.shape[-1]:
        return x @ b.T
    wide, narrow = (x, b) if x.shape[-1] > 1 else (b, x)
    total, alone = wide.sum(axis=-1), narrow[..., 0]
    return np.multiply.outer(total, alone) if wide is x else np.multiply.outer(alone, total)
