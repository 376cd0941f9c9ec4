"""The rows of the corpus by other libraries: their equations run as Python's parser reads them, without symgrad.

A quantity is computed when it is read, by the equation that defines it, at the numbers of its indices. Compared is
the derivative of a number, or of the inner product of an array with a drawn one, by each parameter.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from symgrad.algebra.expression import Quantity
from symgrad.algebra.map_algebra import ZERO, transpose
from symgrad.arithmetic import arithmetic
from symgrad.calculus.closed_form import ClosedForm, closed_form
from symgrad.calculus.evaluate import Evaluation
from symgrad.calculus.forward import Compiler, forward
from symgrad.calculus.numeric import placed, reads
from symgrad.evidence.draw import LARGER, POSITIVE, Draw
from symgrad.evidence.verify import cases_of
from symgrad.network.bind import Binding, bind_map, bind_network
from symgrad.network.functions import opaque
from symgrad.network.read import read_file
from symgrad.ops.elementwise import ELEMENTWISE
from symgrad.ops.witness import Witness
from tests.corpus.library import Library, autograd
from tests.corpus.row import Row

BOUND = 1e-9
"""The largest difference, relative to the largest entry: float64 at ordinary magnitudes, hundreds of operations."""
DEPTH = 3
"""The depth at which numbers are compared, where the row allows it."""
Place = tuple[int, ...]
AUTOGRAD = autograd()


class UnsupportedError(Exception):
    """Something in the equations that this interpreter does not run."""


# --- equations ------------------------------------------------------------------------------------------


class Run:
    """The equations of a row at numbers: ``exact`` gives the parameters, by name and place."""

    def __init__(
        self,
        text: str,
        exact: Mapping[tuple[str, Any], Any],
        sizes: Mapping[str, int],
        open_: Mapping[str, Callable[..., Any]],
        library: Library,
    ) -> None:
        self.library, self.sizes, self.functions = library, dict(sizes), {**library.functions, **open_}
        self.given = {(name, _place(p)): library.array(x) for (name, p), x in exact.items()}
        self.ranges: dict[str, tuple[ast.expr, ast.expr]] = {}
        self.equations: dict[str, list[tuple[list[ast.expr], ast.expr]]] = {}
        for line in text.splitlines():
            self._line(re.sub(r"\blambda\b", "lambda_", line.split("#")[0].strip()))

    def _line(self, line: str) -> None:
        if found := re.fullmatch(r"(\w+): range\((.*), (.*)\)", line):
            self.ranges[found[1]] = (_expression(found[2]), _expression(f"{found[3]} - 1"))
        elif found := re.fullmatch(r"(\w+): (\w+)(?:\(([\d.]+)\))?", line):
            if found[2] in self.library.functions:
                more = [float(found[3])] if found[3] else []
                self.functions[found[1]] = lambda x, f=self.library.functions[found[2]]: f(x, *more)
        elif line.startswith("items:"):
            raise UnsupportedError(line)
        elif " = " in line:
            left, right = line.split(" = ", 1)
            name, place = _target(_expression(left))
            self.equations.setdefault(name, []).append((place, _expression(right)))

    def value(self, name: str, place: Place, put: tuple[str, Place, Any]) -> Any:
        """Return a quantity, with one that is put in the place of what it would be."""
        memory: dict[tuple[str, Place], Any] = {(put[0], put[1]): put[2]}
        return self._quantity(name, place, memory)

    def _quantity(self, name: str, place: Place, memory: dict[tuple[str, Place], Any]) -> Any:
        key = name, place
        if key not in memory:
            memory[key] = self._compute(name, place, memory)
        return memory[key]

    def _compute(self, name: str, place: Place, memory: dict[tuple[str, Place], Any]) -> Any:
        if (name, place) in self.given:
            return self.given[name, place]
        candidates = [(p, e) for p, e in self.equations.get(name, []) if len(p) == len(place)]
        for pattern, value in sorted(candidates, key=lambda c: -sum(isinstance(p, ast.Constant) for p in c[0])):
            letters = _matched(pattern, place)
            if letters is not None:
                return self._evaluate(value, letters, memory)
        raise UnsupportedError(f"{name}{list(place)}")

    def _evaluate(self, e: ast.expr, at: dict[str, int], memory: dict[tuple[str, Place], Any]) -> Any:
        def of(x: ast.expr) -> Any:
            return self._evaluate(x, at, memory)

        match e:
            case ast.Constant(value):
                return value
            case ast.Name(name):
                return self._name(name, at, memory)
            case ast.Subscript(ast.Name(name), index):
                places = index.elts if isinstance(index, ast.Tuple) else [index]
                return self._quantity(name, tuple(int(self._number(p, at)) for p in places), memory)
            case ast.Attribute(x, "T"):
                return self.library.np.transpose(of(x))
            case ast.UnaryOp(ast.USub(), x):
                return -of(x)
            case ast.BinOp(x, op, y):
                return _OPERATORS[type(op)](of(x), of(y))
            case ast.Compare(x, [op], [y]):
                return _RELATIONS[type(op)](of(x), of(y))
            case ast.Call(ast.Subscript(ast.Name(kind), over), [body]):
                terms = [self._evaluate(body, {**at, letter: n}, memory) for letter, n in self._over(over, at)]
                return {"sum": sum, "mean": lambda t: sum(t) / len(t), "prod": self.library.np.prod}[kind](terms)
            case ast.Call(ast.Name(f), arguments, keywords) if f in self.functions:
                return self.functions[f](*map(of, arguments), **{k.arg: of(k.value) for k in keywords if k.arg})
        raise UnsupportedError(ast.unparse(e))

    def _name(self, name: str, at: dict[str, int], memory: dict[tuple[str, Place], Any]) -> Any:
        if name in at:
            return at[name]
        if (name, ()) in memory or (name, ()) in self.given or name in self.equations:
            return self._quantity(name, (), memory)
        if name in self.sizes:
            return self.sizes[name]
        raise UnsupportedError(name)

    def _number(self, e: ast.expr, at: dict[str, int]) -> float:
        return float(self._evaluate(e, {**self.sizes, **at}, {}))

    def _over(self, over: ast.expr, at: dict[str, int]) -> Iterator[tuple[str, int]]:
        match over:
            case ast.Slice(ast.Name(letter), low, high):
                ends = low, high
                left = None
            case ast.Compare(ast.Name(letter), [ast.NotEq()], [other]):
                ends, left = self._range(letter), self._number(other, at)
            case ast.Name(letter):
                ends, left = self._range(letter), None
            case _:
                raise UnsupportedError(ast.unparse(over))
        low, high = (int(self._number(x, at)) for x in ends if x is not None)
        yield from ((letter, n) for n in range(low, high + 1) if n != left)

    def _range(self, letter: str) -> tuple[ast.expr, ast.expr]:
        return self.ranges.get(letter, (ast.Constant(1), ast.Constant(self.sizes["the depth"])))


_OPERATORS = {
    ast.Add: lambda x, y: x + y,
    ast.Sub: lambda x, y: x - y,
    ast.Mult: lambda x, y: x * y,
    ast.Div: lambda x, y: x / y,
    ast.MatMult: lambda x, y: x @ y,
    ast.Pow: lambda x, y: x**y,
}
_RELATIONS = {
    ast.Gt: lambda x, y: x > y,
    ast.Lt: lambda x, y: x < y,
    ast.GtE: lambda x, y: x >= y,
    ast.LtE: lambda x, y: x <= y,
}


def _expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _target(e: ast.expr) -> tuple[str, list[ast.expr]]:
    match e:
        case ast.Name(name):
            return name, []
        case ast.Subscript(ast.Name(name), ast.Tuple(places)):
            return name, places
        case ast.Subscript(ast.Name(name), place):
            return name, [place]
    raise UnsupportedError(ast.unparse(e))


def _matched(pattern: list[ast.expr], place: Place) -> dict[str, int] | None:
    letters: dict[str, int] = {}
    for p, n in zip(pattern, place, strict=True):
        match p:
            case ast.Constant(value):
                if value != n:
                    return None
            case ast.Name(letter):
                letters[letter] = n
            case _:
                return None
    return letters


def _place(p: Any) -> Place:
    return () if p is None else p if isinstance(p, tuple) else (p,)


def derivative(run: Run, of: tuple[str, Place], wrt: tuple[str, Place], start: Any, cotangent: Any) -> Any:
    """Return the gradient of <of, cotangent> by wrt, at the value ``start`` of wrt."""

    def inner(x: Any) -> Any:
        return library.np.sum(run.value(*of, (*wrt, x)) * library.array(cotangent))

    library = run.library
    return library.gradient(inner, library.array(start))


# --- the comparison -------------------------------------------------------------------------------------


def compared(row: Row, text: str = "", library: Library = AUTOGRAD) -> Iterator[tuple[str, float]]:
    """Yield "∂of/∂wrt" and the largest relative difference, for each question, and for backward ones each parameter.

    text: equations that the library runs in the place of the row's. Raises UnsupportedError where they are not run.
    """
    network = read_file(row.path)
    for question in row.questions:
        options = list(question.options)
        of = options[options.index("--of") + 1]
        by = [options[i + 1] for i, o in enumerate(options) if o == "--wrt"]
        if len(by) > 1:
            raise UnsupportedError("a second derivative")
        for wrt in by or [str(q) for q in network.parameters]:
            form = closed_form(network, of, wrt)
            if form.map != ZERO and not any(a.target.name == form.wrt.name for a in network.assumptions):
                difference = _difference(text or row.text, form, library)
                if difference is not None:
                    yield f"∂{of}/∂{wrt}", difference


def _difference(text: str, form: ClosedForm, library: Library) -> float | None:
    """Return the largest difference relative to the largest entry; None where terms cancel to 0, and leave rounding."""
    bindings: dict[str, Binding] = {}
    opened: dict[str, Callable[..., Any]] = {}
    for n, (name, op) in enumerate(sorted(opaque(form.network).items())):
        if op.kind == "vector":
            raise UnsupportedError(f"{name}: vector")
        scalar = op.kind == "scalar"
        bindings[name] = Witness(shift=n) if scalar else ELEMENTWISE["tanh"]
        opened[name] = library.family(n) if scalar else library.np.tanh
    depths = list(cases_of(form))
    depth, at = [c for c in depths if c[0] <= DEPTH][-1] if depths[0][0] <= DEPTH else depths[0]
    network = bind_network(form.network, bindings)
    for attempt in (LARGER, POSITIVE):  # roots and logarithms need positive numbers
        draw = Draw(network, depth, 0, attempt)
        with np.errstate(all="ignore"):
            mine, theirs = _both(text, form, draw, at, bindings, opened, library)
        if np.all(np.isfinite(theirs)):
            break
    largest = np.max(np.abs(theirs))
    difference = np.max(np.abs(mine - theirs))
    if difference > BOUND * largest and _is_zero(form, draw, at, bindings):
        return None
    return float(difference / largest) if largest else float(difference and np.inf)


def _is_zero(form: ClosedForm, draw: Draw, at: dict[str, int], bindings: dict[str, Binding]) -> bool:
    """Tell whether the derivative is 0 at the point, as far as balls of 60 digits know: no two floats compare then."""
    A = arithmetic("ball", 60)
    of = placed(form.of, at)
    with A.working():
        values = draw.values(A)
        compiler = Compiler(values)
        m = bind_map(form.map, bindings)
        forward(draw.network, values, compiler, wanted={*reads(m), of, placed(form.wrt, at)})
        found = Evaluation(values, compiler).apply(transpose(m), A.array(draw.array(of), draw.shape(of)), dict(at))
        return all(x.overlaps(A.number(0)) for x in np.ravel(np.array(found, dtype=object)))


def _both(
    text: str,
    form: ClosedForm,
    draw: Draw,
    at: dict[str, int],
    bindings: dict[str, Binding],
    opened: Mapping[str, Any],
    library: Library,
) -> tuple[Any, Any]:
    """Return the derivative by its closed form, and by the library."""
    network, depth = draw.network, draw.depth
    of, wrt = placed(form.of, at), placed(form.wrt, at)
    numbers = {**draw.ends, **at, network.depth_symbol: depth, "the depth": depth}
    sizes = {d.name: draw.size(d) for shape in network.shapes.values() for d in shape if not isinstance(d, int)}
    cotangent = np.array(draw.array(of), dtype=float)
    A = arithmetic("float")
    with A.working():
        values = draw.values(A)
        compiler = Compiler(values)
        m = bind_map(form.map, bindings)
        forward(network, values, compiler, wanted={*reads(m), of, wrt})
        mine = Evaluation(values, compiler).apply(transpose(m), A.array(cotangent, draw.shape(of)), dict(at))
        start = values[wrt]
    run = Run(text, draw.exact, {**sizes, **numbers}, opened, library)
    theirs = derivative(run, _key(of), _key(wrt), start, cotangent)
    return np.array(mine, dtype=float), theirs


def _key(q: Quantity) -> tuple[str, Place]:
    return q.name, _place(q.place({}))
