"""What a function is bound to, by its text: ``tanh``, ``leaky_relu(0.2)``, or a formula, ``z*logistic(1.702*z)``."""

from __future__ import annotations

import ast
import copyreg
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from symgrad.algebra.expression_tree import quantities
from symgrad.algebra.op import Op
from symgrad.errors import ModelError, SymgradError, UnknownName
from symgrad.network.functions import default_functions
from symgrad.network.scalar import build_scalar, parse_scalar
from symgrad.network.syntax.atom import constants
from symgrad.network.syntax.line import canonical
from symgrad.network.syntax.statement import FunctionLine
from symgrad.ops.composed import composed
from symgrad.ops.elementwise import ELEMENTWISE, Elementwise, elementwise
from symgrad.ops.function import elementwise_function, scalar_function
from symgrad.ops.loss import LOSSES, meant
from symgrad.ops.vector import vector_function

ACTIVATION = "tanh, leaky_relu(0.2) or z*tanh(softplus(z))"
EXAMPLE = "write a name, as tanh or leaky_relu(0.2), or a formula of one letter, as z*tanh(softplus(z))"


def read_activation(text: str | Elementwise) -> Elementwise:
    """Return the elementwise function that a text names or writes out; one that is given is returned as it is.

    Raises ReadError for what is neither, UnknownName for a name that is not known.

    >>> read_activation("leaky_relu(0.2)").parameters
    (('alpha', Fraction(1, 5)),)
    >>> read_activation("z*tanh(softplus(z))").name
    'z*tanh(softplus(z))'
    """
    return text if isinstance(text, Elementwise) else _read(text.strip())


@lru_cache(maxsize=1000)
def _read(text: str) -> Elementwise:
    line, node = parse_scalar(text, "activation", "an activation", ACTIVATION)
    match node:
        case ast.Name(id=name):
            return elementwise(canonical(name))
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            if (parameters := constants(line, arguments)) is not None:
                return elementwise(canonical(name)).with_parameters(*parameters)
    e = build_scalar(line, node, default_functions())
    letters = dict.fromkeys(quantities(e))
    if len(letters) != 1:
        found = ", ".join(map(str, letters)) or "none"
        line.fail(f"the formula of an activation has one letter, not {found}", EXAMPLE)
    [variable] = letters
    return composed(text, e, variable)


def _by_name(f: Elementwise) -> tuple[Any, ...]:
    """Return what a function is pickled as: its name, or its formula, and the values of its parameters."""
    if _named(f.name, f.values) != f:
        from pickle import PicklingError

        raise PicklingError(f"{f.name} is not the function of that name that symgrad has: pickle its name")
    return _named, (f.name, f.values)


def _named(name: str, values: tuple[Fraction, ...]) -> Elementwise:
    return read_activation(name).with_parameters(*values) if values else read_activation(name)


copyreg.pickle(Elementwise, _by_name)


def declare(known: Mapping[str, Op], statement: FunctionLine) -> Op:
    """Return the function that a line ``sigma: tanh`` or ``f: elementwise`` declares."""
    name, text = statement.name, statement.text
    match text:
        case "elementwise":
            return elementwise_function(name)
        case "scalar":
            return scalar_function(name)
        case "vector":
            return vector_function(name)
    try:
        return bound(name, text, known.get(name))
    except SymgradError as error:
        statement.line.fail(error.what, error.todo, len(statement.line.text.split(":")[0]) + 2)


def bound(name: str, text: str, opaque: Op | None = None) -> Op:
    """Return the function ``name`` bound to a loss, or to an activation as ``read_activation`` reads it.

    opaque: the function that had the name before; one of an activation is not bound to a loss.
    """
    text = text.strip()
    text = canonical(text) if text.isidentifier() else text
    if text in LOSSES:
        op = scalar_function(name, LOSSES[text])
    elif text.isidentifier() and text not in ELEMENTWISE:
        raise _unknown(text, opaque)
    else:
        op = elementwise_function(name, read_activation(text))
    kinds = {"function": ("an elementwise function", "an activation"), "scalar": ("a scalar", "a loss")}
    if opaque is not None and opaque.kind in kinds and opaque.kind != op.kind:
        (is_, wanted), (found, _) = kinds[opaque.kind], kinds[op.kind]
        names = ELEMENTWISE if opaque.kind == "function" else LOSSES
        raise ModelError(
            f"{name} is {is_}, and {text} is {found}",
            todo=f"bind it to {wanted}: {', '.join(sorted(names))}",
        )
    return op


def _unknown(text: str, opaque: Op | None) -> UnknownName:
    """Return the error for a name that no record has; where a loss is asked for, only losses are told."""
    if opaque is not None and opaque.kind == "scalar":
        return UnknownName("loss", text, LOSSES, hint=meant(text))
    if opaque is not None and opaque.kind == "function":
        return UnknownName("activation", text, ELEMENTWISE)
    known = [*ELEMENTWISE, *LOSSES, "elementwise", "scalar", "vector"]
    return UnknownName("activation or loss", text, known, hint=meant(text))
