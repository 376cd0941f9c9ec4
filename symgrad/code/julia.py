"""Julia: the program for NumPy, its syntax tree written in Julia, for one item and without a self-test.

Tables keep their indices, for those are the network's own; operators are broadcast; the helpers are written anew.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace

from symgrad.code.numpy import NUMPY
from symgrad.errors import NotDefined

_WORDS = """
    abstract baremodule begin catch const do else elseif end export false finally for function global if import let
    local macro module mutable primitive quote return struct true try using where while Dict Matrix I Any Inf NaN pi exp
    log expm1 log1p sqrt sin cos tan sinh cosh tanh abs sign atan max min ifelse inv det logabsdet float length round
    Int sum ones size ndims transpose vec diag maximum enumerate zip merge error reduce isa total product rowsum
    AbstractArray LinearAlgebra"""
WORDS = frozenset(_WORDS.split())
"""Words of Julia, which no quantity is called by."""
NOTE = """\
# Not executed by symgrad, which has no Julia: run it beside differences before you rely on it.
# Arguments are numbers, vectors and matrices of one item; layers or steps are the entries of a vector."""
FUNCTIONS = {
    **{f"np.{f}": f"{f}.({{}})" for f in ("exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tan", "sinh", "cosh")},
    **{f"np.{f}": f"{f}.({{}})" for f in ("tanh", "abs", "sign")},
    **{f"math.{f}": f"{f}({{}})" for f in ("exp", "log", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "atan")},
    "np.arctan": "atan.({})",
    "np.maximum": "max.({}, {})",
    "np.minimum": "min.({}, {})",
    "np.where": "ifelse.({}, {}, {})",
    "np.logaddexp": "softplus.({1})",
    "np.linalg.inv": "inv({})",
    "np.linalg.det": "det({})",
    "np.linalg.slogdet": "logabsdet({})",
    "np.linalg.matrix_power": "({})^({})",
    "np.eye": "Matrix(1.0I, {0}, {0})",
    "np.asarray": "float.({})",
    "expm": "exp({})",
    "len": "length({})",
    "int": "round(Int, {})",
    "max": "max({}, {})",
    "min": "min({}, {})",
}
HELPERS = {
    "matvec": "matvec(A, x) = A * x",
    "vecmat": "vecmat(x, A) = transpose(A) * x",
    "like": "like(g, p) = p isa AbstractArray ? g .* ones(size(p)) : g",
    "outer_like": "outer_like(x, y, p) = x * transpose(y)",
    "outer_sum": "outer_sum(xs, ys, p) = sum(x * transpose(y) for (x, y) in zip(xs, ys))",
    "stacked": "stacked(steps) = steps",
    "total": "total(terms) = reduce((x, y) -> x .+ y, terms; init = 0.0)",
    "product": "product(factors) = reduce((x, y) -> x .* y, factors; init = 1.0)",
    "rowsum": "rowsum(x) = ndims(x) == 1 ? sum(x) : vec(sum(x; dims = 2))",
    "softplus": "softplus(x) = max(x, 0) + log1p(exp(-abs(x)))",
    "logistic": "logistic(x) = 1 ./ (1 .+ exp.(-x))",
    "softmax_error": "softmax_error(x, y) = sum(y; dims = ndims(y)) .* softmax(x) .- y",
    "neg_log_softmax": "neg_log_softmax(x) = logsumexp(x) .- x",
    "softmax": """\
function softmax(x)
    powers = exp.(x .- maximum(x; dims = ndims(x)))
    return powers ./ sum(powers; dims = ndims(x))
end""",
    "logsumexp": """\
function logsumexp(x)
    top = maximum(x; dims = ndims(x))
    found = top .+ log.(sum(exp.(x .- top); dims = ndims(x)))
    return ndims(x) == 1 ? found[1] : vec(found)
end""",
}
SIGNS: dict[type[ast.AST], tuple[str, int]] = {
    ast.Add: ("+", 1),
    ast.Sub: ("-", 1),
    ast.Mult: ("*", 2),
    ast.Div: ("/", 2),
    ast.FloorDiv: ("÷", 2),
    ast.MatMult: ("*", 2),
    ast.Pow: ("^", 4),
}
COMPARED: dict[type[ast.AST], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


JULIA = replace(NUMPY, name="julia", helpers={**NUMPY.helpers, **dict.fromkeys(WORDS, "")})
"""NumPy's spelling, with names that Julia leaves free; ``julia`` makes Julia of it."""


def julia(text: str) -> str:
    """Return a program for NumPy in Julia; NotDefined for what is not written there.

    >>> print(julia('''def gradients(w, x):
    ...     y = np.tanh(w * x)
    ...     return y, {"w": (1 - y ** 2) * x}''').splitlines()[-2])
        return y, Dict("w" => (1 .- y .^ 2) .* x)
    """
    [function] = [x for x in ast.parse(text).body if isinstance(x, ast.FunctionDef) and x.name == "gradients"]
    return Julia(function).text()


class Julia:
    """Writes one function."""

    def __init__(self, function: ast.FunctionDef) -> None:
        self.function, self.lines = function, list[str]()

    def text(self) -> str:
        """Return the program."""
        body = self.function.body[1:] if ast.get_docstring(self.function) else self.function.body
        head = ["\n".join(f"# {line}".rstrip() for line in self._words()), NOTE, "using LinearAlgebra"]
        names = ", ".join(a.arg for a in self.function.args.args)
        self._body(body, 1)
        given = {a.arg for a in self.function.args.args}
        own = {x.id for s in body for x in ast.walk(s) if isinstance(x, ast.Name) and isinstance(x.ctx, ast.Store)}
        bound = {x.id for s in body for c in ast.walk(s) if isinstance(c, ast.comprehension | ast.For)
                 for x in ast.walk(c.target) if isinstance(x, ast.Name)}  # fmt: skip
        local = sorted(own - given - bound)
        lines = [
            f"function gradients({names})",
            *([f"    local {', '.join(local)}"] if local else []),
            *self.lines,
            "end",
        ]
        function = "\n".join(lines)
        helpers: list[str] = []
        while more := [h for n, h in HELPERS.items() if h not in helpers and f"{n}(" in function + "".join(helpers)]:
            helpers += more
        helpers += [HELPERS["softplus"]] * ("softplus.(" in function and HELPERS["softplus"] not in helpers)
        return "\n\n".join(["\n".join(head), *helpers, function]) + "\n"

    def _words(self) -> list[str]:
        """Return what the docstring says, without the items of a batch."""
        before, _, after = (ast.get_docstring(self.function) or "").partition("\n\nItems of a batch")
        return [*before.splitlines(), "", *after.partition("\n\n")[2].splitlines()]

    def _line(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)

    def _body(self, body: list[ast.stmt], depth: int) -> None:
        for s in body:
            self._statement(s, depth)

    def _statement(self, s: ast.stmt, depth: int) -> None:
        match s:
            case ast.Assign(targets=[target], value=value):
                self._line(depth, f"{self._place(target)} = {self(value)}")
            case ast.For(target=ast.Name(id=name), iter=values, body=body):
                self._line(depth, f"for {name} in {self._range(values)}")
                self._body(body, depth + 1)
                self._line(depth, "end")
            case ast.If(test=test, body=body, orelse=[]):
                self._line(depth, f"if {self._condition(test)}")
                self._body(body, depth + 1)
                self._line(depth, "end")
            case ast.Raise(exc=ast.Call(args=[ast.Constant(value=str(said))])):
                self._line(depth, f'error("{said}")')
            case ast.Return(value=ast.Tuple(elts=[value, found])):
                self._line(depth, f"return {self(value)}, {self(found)}")
            case _:
                raise self._refused(s)

    def _refused(self, x: ast.AST) -> NotDefined:
        return NotDefined(f"{ast.unparse(x)} is not written for Julia", todo="take numpy, jax or torch")

    def _place(self, x: ast.expr) -> str:
        return f"{self(x.value)}[{self._index(x.slice)}]" if isinstance(x, ast.Subscript) else self(x)

    def _range(self, x: ast.expr) -> str:
        match x:
            case ast.Call(func=ast.Name(id="range"), args=[end]):
                return f"0:{self._before(end)}"
            case ast.Call(func=ast.Name(id="range"), args=[start, end]):
                return f"{self._index(start)}:{self._before(end)}"
            case ast.Call(func=ast.Name(id="range"), args=[start, end, ast.UnaryOp(op=ast.USub())]):
                low = str(int(ast.unparse(end)) + 1) if isinstance(end, ast.Constant) else f"{self._index(end)} + 1"
                return f"{self._index(start)}:-1:{low}"
        raise self._refused(x)

    def _before(self, x: ast.expr) -> str:
        match x:
            case ast.BinOp(left=left, op=ast.Add(), right=ast.Constant(value=1)):
                return self._index(left)
            case ast.Constant(value=int(n)):
                return str(n - 1)
        return f"{self._index(x)} - 1"

    def _index(self, x: ast.expr) -> str:
        """Return whole numbers, whose operators are not broadcast."""
        if isinstance(x, ast.Tuple):
            return ", ".join(map(self._index, x.elts))
        return self._operation(x, self._index, "")

    def _condition(self, x: ast.expr) -> str:
        match x:
            case ast.UnaryOp(op=ast.Not(), operand=of):
                return f"!({self._condition(of)})"
            case ast.BoolOp(op=ast.And(), values=values):
                return " && ".join(map(self._condition, values))
            case ast.Compare(left=left, ops=signs, comparators=others):
                rest = "".join(f" {COMPARED[type(o)]} {self._index(y)}" for o, y in zip(signs, others, strict=True))
                return self._index(left) + rest
        raise self._refused(x)

    def _operation(self, x: ast.expr, of: Callable[[ast.expr], str], dot: str) -> str:
        match x:
            case ast.BinOp(left=left, op=op, right=right) if type(op) in SIGNS:
                sign, level = SIGNS[type(op)]
                sign = sign if isinstance(op, ast.MatMult) else dot + sign
                return f"{_held(left, of(left), level)} {sign} {_held(right, of(right), level + 1)}"
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return f"-{_held(inner, of(inner), 3)}"
            case ast.Name(id=name):
                return name
            case ast.Constant(value=int() | float() as n):
                return repr(n)
        return self(x) if dot == "" else self._value(x)

    def __call__(self, x: ast.expr) -> str:
        """Return an expression; its operators are broadcast."""
        return self._operation(x, self, ".")

    def _value(self, x: ast.expr) -> str:
        match x:
            case ast.Constant(value=str(name)):
                return f'"{name}"'
            case ast.Dict(keys=keys, values=values):
                items = [f"{self(k)} => {self(v)}" for k, v in zip(keys, values, strict=True) if k is not None]
                return f"Dict{'' if any(isinstance(k, ast.Constant) and isinstance(k.value, str) for k in keys) else '{Any,Any}'}({', '.join(items)})"  # noqa: E501
            case ast.ListComp(elt=e, generators=loops):
                return f"[{self(e)}{self._loops(loops)}]"
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return f"merge({self(left)}, {self(right)})"
            case ast.Compare(left=left, ops=[sign], comparators=[other]):
                return f"({self(left)} .{COMPARED[type(sign)]} {self(other)})"
            case ast.Attribute(value=ast.Name(id="math"), attr=name):
                return {"pi": "pi", "e": "exp(1)"}[name]
            case ast.Subscript():
                return self._subscript(x)
            case ast.Call():
                return self._call(x)
        raise self._refused(x)

    def _loops(self, loops: list[ast.comprehension]) -> str:
        found = ""
        for c in loops:
            tests = "".join(f" if {self._condition(t)}" for t in c.ifs)
            found += f" for {self(c.target)} in {self._range(c.iter)}{tests}"
        return found

    def _subscript(self, x: ast.Subscript) -> str:
        match x.value, x.slice:
            case ast.Attribute(value=of, attr="shape"), ast.UnaryOp(operand=ast.Constant(value=int(n))):
                size = self(of)
                return f"size({size}, {f'ndims({size})' if n == 1 else f'ndims({size}) - {n - 1}'})"
            case of, ast.Tuple(elts=[ast.Constant(value=v), *axes]) if v is ...:
                return self._axes(of, axes)
        return f"{self(x.value)}[{self._index(x.slice)}]"

    def _axes(self, of: ast.expr, axes: list[ast.expr]) -> str:
        kinds = [
            "new" if isinstance(a, ast.Constant) and a.value is None else "all" if _is_all(a) else "part" for a in axes
        ]
        text = _held(of, self(of), 5)
        match kinds:
            case ["new"] | ["new", "new"] | ["all", "new"]:
                return text
            case ["new", "all"]:
                return f"transpose({text})"
            case ["part"] | ["part", "all"]:
                a = axes[0]
                if isinstance(a, ast.Slice) and a.lower is not None and a.upper is not None:
                    where = f"{self._index(a.lower)} + 1:{self._index(a.upper)}"
                elif isinstance(a, ast.Slice):
                    raise self._refused(of)
                else:
                    where = f"{self._index(a)} + 1"
                return f"{text}[{where}{', :' if len(kinds) == 2 else ''}]"
        raise self._refused(of)

    def _call(self, x: ast.Call) -> str:
        name, given = ast.unparse(x.func), x.args
        match x:
            case ast.Call(func=ast.Name(id="dict"), args=[ast.Call(args=[ast.Call(args=[_, of])], keywords=[start])]):
                first = ast.literal_eval(start.value) - 1
                place = "k" if not first else f"k {'+' if first > 0 else '-'} {abs(first)}"
                return f"Dict{{Any,Any}}({place} => v for (k, v) in enumerate({self(of)}))"
            case ast.Call(func=ast.Name(id="sum"), args=[ast.GeneratorExp(elt=e, generators=loops)]):
                return f"total({self(e)}{self._loops(loops)})"
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="math"), attr="prod"),
                args=[ast.GeneratorExp(elt=e, generators=loops)],
            ):
                return f"product({self(e)}{self._loops(loops)})"
            case ast.Call(func=ast.Attribute(value=of, attr="sum" | "max" as what), args=[axis]):
                return self._reduced(x, self(of), what, ast.unparse(axis))
        if name == "np.ones":
            sizes = given[0].elts if isinstance(given[0], ast.Tuple) else given
            return f"ones({', '.join(map(self._index, sizes))})"
        if name == "np.swapaxes":
            return f"transpose({self(given[0])})"
        if name == "np.diagonal":
            return f"diag({self(given[0])})"
        if name in FUNCTIONS:
            return FUNCTIONS[name].format(*map(self, given))
        if name in HELPERS or (isinstance(x.func, ast.Name) and name in {a.arg for a in self.function.args.args}):
            return f"{name}({', '.join(map(self, given))})"
        raise self._refused(x)

    def _reduced(self, x: ast.Call, text: str, what: str, axis: str) -> str:
        match what, axis:
            case "sum", "-1":
                return f"rowsum({text})"
            case "sum", "-2":
                return f"vec(sum({text}; dims = 1))"
            case "sum", "(-2, -1)":
                return f"sum({text})"
            case "max", "-1":
                return f"maximum({text})"
        raise self._refused(x)


def _is_all(a: ast.expr) -> bool:
    return isinstance(a, ast.Slice) and a.lower is None and a.upper is None


def _held(x: ast.expr, text: str, level: int) -> str:
    """Return an operand in the brackets that it needs."""
    own = SIGNS[type(x.op)][1] if isinstance(x, ast.BinOp) and type(x.op) in SIGNS else 5
    own = 3 if isinstance(x, ast.UnaryOp) else own
    return text if own >= level else f"({text})"
