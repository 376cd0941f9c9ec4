"""The functions that equations may call: opaque ones, the registry's, and what a file declares or binds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from symgrad.algebra.expression import Apply, Expression, Number, Quantity
from symgrad.algebra.expression_tree import applications, quantities
from symgrad.algebra.index import Index
from symgrad.algebra.op import Op
from symgrad.errors import UnknownName
from symgrad.network.advice import AXES, FUNCTIONS, NORMS, SEVERAL, SUM_OVER_STEPS
from symgrad.network.syntax.line import PRIME, Line
from symgrad.network.units import UNITS, unit_call
from symgrad.ops.axis import BY_ROWS, SUMMED, Options, along
from symgrad.ops.elementwise import ELEMENTWISE
from symgrad.ops.function import elementwise_function, of_numbers, scalar_function, second_slope, slope
from symgrad.ops.kronecker import KRON, VEC, product_with_vec, trace_of_kron
from symgrad.ops.linear import MATMUL, OUTER, SOFTMAX, STOP_GRADIENT, SUM, TRANSPOSE
from symgrad.ops.loss import LOSSES
from symgrad.ops.matrix import INV, MATRIX, TRACE
from symgrad.ops.part import concat
from symgrad.ops.piecewise import MAXIMUM, MINIMUM, PIECEWISE, lesser
from symgrad.ops.power import POWERS
from symgrad.ops.record import Elementwise
from symgrad.ops.unit import Unit

if TYPE_CHECKING:
    from symgrad.network.network import Network

LINEAR: dict[str, Op] = {
    "@": MATMUL,
    ".T": TRANSPOSE,
    "sum": SUM,
    "softmax": SOFTMAX,
    "outer": OUTER,
    "stop_gradient": STOP_GRADIENT,
    **MATRIX,
    **PIECEWISE,
    **POWERS,
    "concat": concat(),
    "kron": KRON,
    "vec": VEC,
    "trace": TRACE,
    "inverse": INV,
}
LINEAR |= {name: along(name) for name in (*SUMMED, *BY_ROWS) if name not in LINEAR}
OF_TWO = {"max": "maximum", "min": "minimum"}
"""Functions of two arguments or more, by the name of one that makes a number of an array."""
CALLS = {"matrix_power": "matrix_power(A, 3)", "clip": "clip(x, low, high)", "where": "where(x > 0, x, 0)"}
"""How a function of three arguments is called."""
SYNONYMS = {
    **dict.fromkeys(("matmul", "dot", "mm"), "@"),
    **dict.fromkeys(("average", "avg"), "mean"),
    **dict.fromkeys(("layernorm", "LayerNorm"), "layer_norm"),
    **dict.fromkeys(("batchnorm", "BatchNorm"), "batch_norm"),
    **dict.fromkeys(("rmsnorm", "RMSNorm"), "rms_norm"),
    **dict.fromkeys(("log_sum_exp", "lse"), "logsumexp"),
    "transpose": ".T",
    "variance": "var",
    "l2_normalize": "normalize",
    "norm2": "norm",
    "clamp": "clip",
    "logsoftmax": "log_softmax",
}
"""Other names of functions, as libraries have them."""
WRITTEN: dict[str, tuple[int, Callable[..., Apply]]] = {
    **dict.fromkeys(("multiply", "hadamard"), (2, lambda x, y: x * y)),
    **dict.fromkeys(("square", "sqr"), (1, lambda x: x**2)),
    **dict.fromkeys(("pow", "power"), (2, lambda x, n: x**n)),
    **dict.fromkeys(("mse", "mse_loss", "MSE", "MSELoss"), (2, lambda x, y: Apply(along("mean"), ((x - y) ** 2,)))),
}
"""Functions that are written by operators, with how many arguments."""
OPAQUE_ELEMENTWISE = ("sigma", "phi")
OPAQUE_SCALAR = ("cost", "loss")


def default_functions() -> dict[str, Op]:
    """Return the functions that every model knows, by the name that equations call."""
    known = {name: elementwise_function(name, record) for name, record in ELEMENTWISE.items()}
    known |= {name: scalar_function(name, record) for name, record in LOSSES.items()}
    known |= {name: elementwise_function(name) for name in OPAQUE_ELEMENTWISE}
    known |= {name: scalar_function(name) for name in OPAQUE_SCALAR}
    return known | LINEAR | UNITS


POSITIONAL = frozenset((*SUMMED, *BY_ROWS)) - {"max", "min"}
"""Functions whose second argument is the axis, as in NumPy; max(x, 0) is the greater of two."""


def _axis(arguments: Sequence[Expression]) -> int | None:
    """Return the axis that stands as a second argument: mean(X, 0)."""
    match arguments:
        case (_, Number(q)) if q in (-2, -1, 0, 1):
            return int(q)
    return None


def _concat(line: Line, column: int, arguments: tuple[Expression, ...], options: Options) -> Apply:
    """Build concat(x, y, axis=0)."""
    axis = options.get("axis", 0)
    if axis not in (0, 1) or set(options) - {"axis"} or len(arguments) < 2:
        todo = "write 'concat(x, y)' for y below x, 'concat(X, Y, axis=1)' for matrices side by side"
        line.fail("concat puts two arrays or more together, along axis=0 or axis=1", todo, column)
    return Apply(concat(int(axis)), arguments)


def _slope(known: Mapping[str, Op], line: Line, primed: str, column: int, arguments: tuple[Expression, ...]) -> Apply:
    """Build the call of the slope of a function, sigma'(z), or of the slope of that, sigma''(z)."""
    name = primed.rstrip(PRIME)
    primes, op = len(primed) - len(name), known.get(name)
    shown = name + "'" * primes
    if op is None or op.kind != "function" or op in LINEAR.values():
        line.fail(f"{shown} is not the slope of a known function", "write sigma'(z), tanh'(z)", column)
    if primes > 2 or len(arguments) != 1:
        what = f"{shown} of {len(arguments)} arguments" if primes < 3 else f"{shown} has {primes} primes"
        line.fail(what, f"write {name}'(z) or {name}''(z), of one argument", column)
    return Apply((slope if primes == 1 else second_slope)(op.name, op.record), arguments)


def call(
    known: Mapping[str, Op],
    line: Line,
    name: str,
    column: int,
    arguments: tuple[Expression, ...],
    options: Options | None = None,
) -> Apply:
    """Build the call of a function by its name; options: the axis that it goes along."""
    if name.endswith(PRIME):
        return _slope(known, line, name, column, arguments)
    if name not in known and name in SYNONYMS:
        name = SYNONYMS[name]
    if name not in known and name in WRITTEN and len(arguments) == WRITTEN[name][0] and not options:
        return WRITTEN[name][1](*arguments)
    if name in OF_TWO and len(arguments) > 1 and not options:
        name = OF_TWO[name]
    if name in OF_TWO.values() and len(arguments) > 2:  # max(x, y, z) is max(x, max(y, z))
        return Apply(known[name], (arguments[0], call(known, line, name, column, arguments[1:])))
    if name not in known:
        error = UnknownName("function", name, [n for n in known if n.isidentifier()])
        own = f"an opaque function of your own is declared by a line '{name}: elementwise', a cost by '{name}: scalar'"
        spelled_alike = any(n.casefold() == name.casefold() for n in error.nearest)
        todo = FUNCTIONS.get(name) or (error.todo if spelled_alike else f"{error.todo}; {own}")
        line.fail(error.what, todo, column)
    op = known[name]
    if op.kind == "function" and op.record is None and len(arguments) > 1 and op not in LINEAR.values():
        op = of_numbers(name)
    if not options and op == LINEAR.get(name) and name in POSITIONAL and (axis := _axis(arguments)) is not None:
        options, arguments = {"axis": axis}, arguments[:1]
    if op == LINEAR["concat"] and name == "concat":
        return _concat(line, column, arguments, options or {})
    if options:
        if op != LINEAR.get(name):
            line.fail(f"{name} goes along no axis", f"write {name}(X), without {next(iter(options))}=...", column)
        if name in BY_ROWS and "keepdims" in options:
            line.fail(f"{name} keeps all axes", f"write {name}(X, axis=-1), without keepdims", column)
        op = along(name, **options)
    values = [a.value for a in arguments[1:] if isinstance(a, Number)]
    if isinstance(op.record, Elementwise) and 0 < len(values) == len(arguments) - 1 <= len(op.record.parameters):
        op, arguments = elementwise_function(name, op.record.with_parameters(*values)), arguments[:1]  # elu(z, 0.5)
    if isinstance(op.record, Unit):
        return unit_call(line, op, column, arguments)
    if op.arity is not None and op.arity != len(arguments) and name not in ("@", ".T"):
        first, *others = arguments or (None,)
        counted = {q.index.symbol for e in others for q in quantities(e) if isinstance(q.index, Index)}
        over_steps = isinstance(first, Quantity) and first.name in counted
        todo = SUM_OVER_STEPS if over_steps else AXES if name in POSITIONAL else f"write {name}(z), or {SEVERAL}"
        if name == "norm" and len(arguments) == 2:
            todo = NORMS
        if op.arity > 1:
            todo = f"write {CALLS.get(name, f'{name}(x, y)')}"
        line.fail(f"{name} takes {op.arity} argument{'s' * (op.arity > 1)}, not {len(arguments)}", todo, column)
    if not arguments:
        line.fail(f"{name} is called without an argument", f"write {name}(z)", column)
    if op in (MAXIMUM, MINIMUM) and not options:
        return lesser(op, *arguments)
    if op == MATMUL and (met := product_with_vec(*arguments)) is not None:
        return met
    if op == TRACE and (met := trace_of_kron(*arguments)) is not None:
        return met
    return Apply(op, arguments)


def opaque(network: Network) -> dict[str, Op]:
    """Return the functions that the equations call and that have no value yet, by name."""
    return {name: op for name, op in called(network).items() if op.record is None}


def called(network: Network) -> dict[str, Op]:
    """Return the elementwise and the scalar functions that the equations call, by name; of sigma' it is sigma."""
    ops = (_function(a.op) for e in network.equations for a in applications(e.value))
    return {
        op.name: op for op in ops if op.kind in ("function", "scalar", "vector", "unit") and op not in LINEAR.values()
    }


def _function(op: Op) -> Op:
    return elementwise_function(op.name, op.record) if op.kind in ("slope", "second slope") else op
