"""An activation by its name, with other parameters where they are given: ``leaky_relu(0.2)``."""

from __future__ import annotations

from symgrad.errors import ReadError
from symgrad.network.syntax import FunctionLine, read_lines
from symgrad.ops.elementwise import Elementwise, elementwise


def read_activation(text: str | Elementwise) -> Elementwise:
    """Return the elementwise function that a text names; one that is given is returned as it is.

    >>> read_activation("leaky_relu(0.2)").parameters
    (('alpha', Fraction(1, 5)),)
    """
    if isinstance(text, Elementwise):
        return text
    match read_lines(f"f: {text}", "activation"):
        case [FunctionLine(_, _, record, parameters)]:
            return elementwise(record).with_parameters(*parameters)
    raise ReadError(f"{text!r} is not an activation", todo="write a name, as tanh or leaky_relu(0.2)")
