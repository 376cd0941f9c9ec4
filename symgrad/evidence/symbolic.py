"""SymPy as a witness: differentiate the expanded expression and compare it with the closed form.

Activations and costs are unknown functions here (their slopes have witnesses of their own); SymPy applies
its own chain rule to the nested expression, entry by entry for vectors and matrices of size 2 or 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Any

import numpy as np

from symgrad.algebra.expression import Quantity, written
from symgrad.algebra.index import symbols
from symgrad.algebra.linear_map import LinearMap
from symgrad.arithmetic import arithmetic
from symgrad.calculus.closed_form import ClosedForm
from symgrad.calculus.forward import Compiler, forward
from symgrad.calculus.numeric import dense, placed, reads
from symgrad.calculus.values.values import Values
from symgrad.deadline import attempt
from symgrad.errors import TooLarge
from symgrad.evidence.draw import Draw, entries, family_ends
from symgrad.evidence.evidence import Check
from symgrad.evidence.induction import Case
from symgrad.evidence.sizes import MOST_INSTANCES, instances
from symgrad.evidence.tree import extent
from symgrad.evidence.verdict import Verdict
from symgrad.network.bind import bind_map, bind_network
from symgrad.network.functions import called
from symgrad.network.network import Network
from symgrad.ops.elementary import ELEMENTARY
from symgrad.ops.record import Elementwise

METHOD = "SymPy diff"
DEEPEST = 2
LARGEST = 1_500
"""Nodes of the expanded expression beyond which it is left alone."""
MOST_NODES = 40_000
"""Nodes of both derivatives, over all entries, beyond which they are not compared."""
MOST_TERMS = 2_000
"""Terms beyond which a difference is not expanded."""
NESTED = 60
"""Nodes inside each other beyond which an expression is left alone: SymPy walks through it by recursion."""
FAILS = (TypeError, ValueError, AttributeError, LookupError, ArithmeticError, NotImplementedError)
"""What SymPy may end in where it compares conditions: then it says nothing."""
MOST_ENTRIES = 600
"""Numbers, over all parameters, beyond which no symbols are made for them."""


def check_by_sympy(form: ClosedForm, cases: Iterable[Case]) -> Check:
    """Compare with sympy.diff at the smallest depths; PROVED only for a concrete depth of numbers."""
    compared = []
    for depth, at in list(cases)[:DEEPEST]:
        try:
            outcome = attempt(partial(_compare, form, depth, at), None)  # cases within cases take it hours
        except TooLarge:
            break
        except FAILS as error:
            return Check(METHOD, Verdict.UNKNOWN, f"at depth {depth} SymPy fails: {type(error).__name__}: {error}")
        if outcome is None:
            break
        if outcome:
            return Check(METHOD, Verdict.UNKNOWN, f"at depth {depth} SymPy leaves {outcome}")
        compared.append(depth)
    if not compared:
        return Check(METHOD, Verdict.UNKNOWN, "the expanded expression is too large, or takes too long")
    letters = symbols((*form.of.indices, *form.wrt.indices)) | family_ends(form.network).keys()
    whole = form.depth is not None and not letters
    numbers = all(form.network.shape(e.target) == () for e in form.network.equations)
    verdict = Verdict.PROVED if whole and numbers else Verdict.SAMPLED
    depths = ", ".join(map(str, compared))
    return Check(METHOD, verdict, f"difference expands to 0 at depth {depths}", points=len(compared))


def _compare(form: ClosedForm, depth: int, at: dict[str, int]) -> str | None:
    """Return "" where both agree, a difference where they do not, None where it is too large to tell."""
    if depth > 4 or instances(form.network, {**at, **family_ends(form.network)}) > MOST_INSTANCES:
        return None
    bindings: dict[str, Any] = {
        name: UNKNOWN.get(op.kind, _unknown_elementwise)(name)
        for name, op in called(form.network).items()
        if op.record not in ELEMENTARY
    }
    network = bind_network(form.network, bindings)
    of, wrt = placed(form.of, at), placed(form.wrt, at)
    if entries(network, depth) > MOST_ENTRIES:
        return None
    plain = Draw(network, depth, seed=0, asked=(form.of, form.wrt))
    values = _symbols(plain)
    compiler = Compiler(values)
    forward(network, values, compiler, wanted={*reads(form.map), of})
    outputs = np.array(values[of], dtype=object)
    size = int(np.prod(plain.shape(wrt), dtype=int))
    if not _within(outputs, LARGEST) or _nodes(outputs) * size > MOST_NODES:
        return None
    mine = np.array(dense(replace_map(form, network, bind_map(form.map, bindings)), values, compiler, at), dtype=object)
    if not _within(mine, MOST_NODES):
        return None
    return _difference(mine, _by_sympy(plain, of, wrt))


def _nodes(array: Any) -> int:
    known: dict[int, Any] = {}
    return sum(extent(_sympy(x), known).nodes for x in array.flat)


def _within(array: Any, nodes: int) -> bool:
    """Tell whether SymPy's functions can walk through all entries of an array."""
    known: dict[int, Any] = {}
    found = [extent(_sympy(x), known) for x in array.flat]
    return sum(f.nodes for f in found) <= nodes and all(f.depth <= NESTED for f in found)


def _sympy(x: Any) -> Any:
    import sympy

    return x if isinstance(x, sympy.Basic) else sympy.Integer(int(x))  # a 0 or 1 of an array of integers


def replace_map(form: ClosedForm, network: Network, m: LinearMap) -> ClosedForm:
    """Return the closed form with another network and map."""
    return ClosedForm(network, form.of, form.wrt, form.depth, m, form.assumptions)


def _by_sympy(draw: Draw, of: Quantity, wrt: Quantity) -> Any:
    """Return ∂of/∂wrt by sympy.diff: wrt + ε is put in, and the result differentiated at ε = 0."""
    import sympy

    shape = draw.shape(wrt)
    change = _symbol_array(Quantity("ε"), shape)
    values = _symbols(draw)
    forward(draw.network, values, Compiler(values), wanted=(of,), change=(wrt, change))
    epsilons = np.ravel(np.array(change, dtype=object))
    zero = dict.fromkeys(epsilons, 0)
    outputs = np.array(values[of], dtype=object)
    table = [[sympy.diff(y, e).subs(zero) for e in epsilons] for y in outputs.flat]
    full = np.array(table, dtype=object).reshape(outputs.shape + shape)
    rank, axes = outputs.ndim, list(range(full.ndim))
    return full.transpose([*axes[:rank], *axes[rank:][::-1]])  # numerator layout


def _difference(mine: Any, theirs: Any) -> str | None:
    """Return "" where the entries agree, a difference where they do not, None where it is too large to expand."""
    import sympy

    for a, b in zip(np.ravel(mine), np.ravel(theirs), strict=True):
        rest = a - b
        if rest == 0:
            continue
        if rest.has(sympy.nan, sympy.zoo):
            return None  # an inverse of what has none in these sizes
        if (size := extent(rest)).terms > MOST_TERMS or size.nodes > MOST_NODES:
            return None
        rest = sympy.expand(rest)
        if rest != 0 and not rest.is_polynomial():  # quotients, as in an inverse matrix
            rest = sympy.expand(sympy.fraction(sympy.together(rest))[0])
        if rest != 0:  # SymPy's own zero test can take minutes; the balls decide
            return f"closed form - SymPy's: {str(rest)[:300]}"
    return ""


def _symbols(draw: Draw) -> Values:
    """Return the parameters of a network as SymPy symbols, in the sizes of a draw."""
    values = draw.values(arithmetic("symbolic"))
    for (name, index), x in draw.exact.items():
        if index is None and Quantity(name) in draw.network.exponents:
            continue  # a number: SymPy has no power of a matrix of symbols with a symbol for its exponent
        values.env[name][index] = _symbol_array(written(name, index), np.shape(x))
    return values


def _symbol_array(q: Quantity, shape: tuple[int, ...]) -> Any:
    import sympy

    if not shape:
        return sympy.Symbol(str(q), real=True)
    entries = np.empty(shape, dtype=object)
    for position in np.ndindex(*shape):
        entries[position] = sympy.Symbol(f"{q}({','.join(map(str, position))})", real=True)
    return entries


@cache
def _function(name: str) -> Any:
    """Return an unknown SymPy function of any arguments, whose i-th derivative is named name_i."""
    import sympy

    def fdiff(self: Any, argindex: int = 1) -> Any:
        return _function(f"{name}_{argindex}")(*self.args)

    return type(name, (sympy.Function,), {"fdiff": fdiff})


def _unknown_elementwise(name: str) -> Elementwise:
    def each(f: Any) -> Callable[[Any, Any], Any]:
        return lambda _, x: np.frompyfunc(f, 1, 1)(x)

    return Elementwise(
        name, value=each(_function(name)), slope=each(_function(f"{name}_1")), curvature=each(_function(f"{name}_1_1"))
    )


class _Unknown:
    """An opaque cost as an unknown SymPy function of all entries of its arguments."""

    def __init__(self, name: str) -> None:
        self.name = name

    def value(self, _: Any, *x: Any) -> Any:
        return _function(self.name)(*self._flat(x))

    def partial(self, i: int) -> Callable[..., Any]:
        def rule(_: Any, *x: Any) -> Any:
            first = 1 + sum(np.size(v) for v in x[:i])
            flat = [_function(f"{self.name}_{first + k}")(*self._flat(x)) for k in range(np.size(x[i]))]
            return np.array(flat, dtype=object).reshape(np.shape(x[i])) if np.shape(x[i]) else flat[0]

        return rule

    @staticmethod
    def _flat(x: tuple[Any, ...]) -> list[Any]:
        return [entry for v in x for entry in np.ravel(np.array(v, dtype=object))]


class _UnknownVector(_Unknown):
    """An opaque function of vectors as unknown SymPy functions, one for each entry of its value, the last argument."""

    def value(self, _: Any, *x: Any) -> Any:
        """Return the value, an array."""
        entries = [_function(f"{self.name}_of{r}")(*self._flat(x[:-1])) for r in range(np.size(x[-1]))]
        return np.array(entries, dtype=object)

    def jacobian(self, i: int) -> Callable[..., Any]:
        """Return the derivative by the i-th argument: a matrix, or a vector for a number."""

        def rule(_: Any, *x: Any) -> Any:
            first = 1 + sum(np.size(v) for v in x[:i])
            flat = self._flat(x[:-1])
            found = [
                [_function(f"{self.name}_of{r}_{first + k}")(*flat) for k in range(np.size(x[i]))]
                for r in range(np.size(x[-1]))
            ]
            return np.array(found, dtype=object) if np.ndim(x[i]) else np.array([r[0] for r in found], dtype=object)

        return rule


UNKNOWN: dict[str, Callable[[str], Any]] = {"scalar": _Unknown, "vector": _UnknownVector}
"""What an opaque function of a kind is to SymPy; any other acts on each entry alone."""
