"""SymPy equations -> a model: indexed symbols, matrix symbols, sums and calls, written in the language of equations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from symgrad.api.model import Model
from symgrad.errors import ModelError
from symgrad.network.read import read_network

if TYPE_CHECKING:
    import sympy

NAMES = {"Abs": "abs", "Determinant": "det", "Trace": "tr", "Inverse": "inv"}
"""How the language of equations calls what SymPy has another name for."""
MOST_NODES = 10_000
TODO = "write Eq(z[j], w[j]*a[j-1] + b[j]) with IndexedBase, Symbol, MatrixSymbol, Function and Sum"


def from_sympy(equations: Iterable[sympy.Basic], name: str = "equations") -> Model:
    """Return the model of SymPy equations, each an ``Eq`` with a symbol, indexed or not, on the left.

    A ``Function`` that is called is an activation or a loss, ``Sum`` runs over an index, a ``MatrixSymbol`` of shape
    (n, 1) is a vector, ``applyfunc`` acts on each entry. Floats are taken as the decimals that they print. Raises
    ModelError for what the language of equations has no word for; then as ``parse``.

    >>> from sympy import Eq, Function, IndexedBase, symbols
    >>> w, a, z, (j, L) = IndexedBase("w"), IndexedBase("a"), IndexedBase("z"), symbols("j L", integer=True)
    >>> sigma, cost = Function("sigma"), Function("cost")
    >>> net = from_sympy([Eq(z[j], w[j]*a[j-1]), Eq(a[j], sigma(z[j])), Eq(symbols("C"), cost(a[L]))])
    >>> net.derivative("C", "w[1]", depth=2)
    a_0 σ'(z_1) w_2 σ'(z_2) ∂C/∂a_2
    """
    import sympy as sp

    lines: list[str] = []
    shapes: dict[str, str] = {}
    for e in equations:
        if not isinstance(e, sp.Equality):
            raise ModelError(f"{e} is no equation", todo=TODO)
        if not isinstance(e.lhs, sp.Symbol | sp.Indexed | sp.MatrixSymbol):
            raise ModelError(f"the left side {e.lhs} is no symbol", todo=TODO)
        if sum(1 for _, _ in zip(sp.preorder_traversal(e), range(MOST_NODES + 1), strict=False)) > MOST_NODES:
            raise ModelError(f"an equation of more than {MOST_NODES:,} nodes", todo="split it")
        for m in sorted(e.atoms(sp.MatrixSymbol), key=str):
            rows, columns = (_index(d) for d in m.shape)
            shapes[_name(m)] = f"({rows},)" if columns == "1" else f"({rows}, {columns})"
        try:
            lines.append(f"{_written(e.lhs)} = {_written(e.rhs)}")
        except RecursionError:
            raise ModelError("an equation that is nested too deeply", todo="split it") from None
    declared = [f"{q}: {shape}" for q, shape in shapes.items()]
    return read_network("\n".join([*declared, *lines]), name, kind=Model)


def _written(e: Any) -> str:
    """Return an expression in the language of equations; whatever stands inside another one, in parentheses."""
    import sympy as sp
    from sympy.core.function import AppliedUndef
    from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

    match e:
        case sp.Indexed():
            return f"{_checked(str(e.base.label))}[{','.join(map(_index, e.indices))}]"
        case sp.Symbol() | sp.MatrixSymbol():
            return _name(e)
        case sp.Integer() | sp.Rational():
            return str(e) if e >= 0 and e.q == 1 else f"({e})"
        case sp.Float():
            return f"({e})"
        case sp.E:
            return "exp(1)"
        case sp.pi:
            return "pi"
        case sp.Add() | sp.MatAdd():
            return "(" + " + ".join(map(_written, e.args)) + ")"
        case sp.MatMul():
            numbers, matrices = e.as_coeff_matrices()
            product = "@".join(map(_written, matrices))
            return f"({product})" if numbers == 1 else f"({_written(numbers)}*({product}))"
        case sp.Mul() | sp.HadamardProduct():
            return "(" + "*".join(map(_written, e.args)) + ")"
        case sp.Pow() if e.exp == sp.Rational(1, 2):
            return f"sqrt({_written(e.base)})"
        case sp.Pow() if e.exp == -1:
            return f"(1/{_written(e.base)})"
        case sp.Pow() | sp.HadamardPower():
            return f"({_written(e.args[0])}**{_written(e.args[1])})"
        case sp.Transpose():
            return f"{_written(e.arg)}.T"
        case sp.Sum():
            return _sum(e)
        case ElementwiseApplyFunction():
            return f"{_function(e.function)}({_written(e.expr)})"
        case sp.Inverse() | sp.Trace() | sp.Determinant():
            return f"{NAMES[type(e).__name__]}({_written(e.arg)})"
        case AppliedUndef() | sp.Function() if not e.is_Piecewise:
            word = type(e).__name__
            return f"{_checked(NAMES.get(word, word))}({', '.join(map(_written, e.args))})"
    raise ModelError(f"{type(e).__name__} of SymPy has no word in the language of equations: {e}", todo=TODO)


def _sum(e: Any) -> str:
    body = _written(e.function)
    for symbol, *ends in e.limits:
        body = f"sum[{_checked(str(symbol))}:{_index(ends[0])}:{_index(ends[1])}]({body})"
    return body


def _function(f: Any) -> str:
    """Return the name of what acts on each entry: sigma, or Lambda(x, sigma(x))."""
    import sympy as sp

    if isinstance(f, sp.Lambda):
        if list(f.expr.args) != list(f.variables):
            raise ModelError(f"{f} is no single function", todo="write X.applyfunc(Function('sigma'))")
        f = type(f.expr)
    word = str(getattr(f, "__name__", f))
    return _checked(NAMES.get(word, word))


def _index(e: Any) -> str:
    """Return an index or a dimension: a whole number, a symbol, or a symbol and a whole number."""
    import sympy as sp

    number, rest = (sp.Integer(e) if isinstance(e, int) else e).as_coeff_Add()
    if not number.is_Integer or not (rest == 0 or isinstance(rest, sp.Symbol | sp.Idx)):
        raise ModelError(f"the index {e}", todo="write a number, j, j - 1, L")
    if rest == 0:
        return str(number)
    return _checked(str(rest)) + (f"{int(number):+d}" if number else "")


def _name(q: Any) -> str:
    return _checked(str(q.name))


def _checked(name: str) -> str:
    if not name.isidentifier():
        raise ModelError(f"the name {name!r} is no identifier", todo="name it with letters, digits and _")
    return name
