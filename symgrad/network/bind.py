"""Bind opaque functions to records in equations and in linear maps that are already formed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from symgrad.algebra.expression import Apply, Expression
from symgrad.algebra.expression_tree import everywhere
from symgrad.algebra.linear_map import LinearMap
from symgrad.algebra.map_tree import rewrite
from symgrad.algebra.op import Op
from symgrad.network.equation import Equation
from symgrad.network.network import Network
from symgrad.ops.function import (
    elementwise_function,
    partial,
    partial_along,
    scalar_function,
    second_partial,
    second_slope,
    slope,
)
from symgrad.ops.loss import Loss
from symgrad.ops.record import Elementwise
from symgrad.ops.vector import VectorWitness, vector_function, vector_slope
from symgrad.ops.witness import Witness

N = TypeVar("N", bound=Network)
Binding = Elementwise | Loss | Witness | VectorWitness


def bind_network(network: N, bindings: Mapping[str, Binding]) -> N:
    """Return the network with opaque functions bound to records."""
    return replace(
        network,
        openings=_bind_all(network.openings, bindings),
        steps=_bind_all(network.steps, bindings),
        closings=_bind_all(network.closings, bindings),
        grid=_bind_all(network.grid, bindings),
    )


def bind_map(m: LinearMap, bindings: Mapping[str, Binding]) -> LinearMap:
    """Return a linear map with functions bound to records."""
    return rewrite(m, lambda e: bind_expression(e, bindings))


def _bind_all(equations: tuple[Equation, ...], bindings: Mapping[str, Binding]) -> tuple[Equation, ...]:
    return tuple(Equation(e.target, bind_expression(e.value, bindings), e.line) for e in equations)


def bind_expression(e: Expression, bindings: Mapping[str, Binding]) -> Expression:
    """Return an expression with functions bound to records."""

    def bound(x: Expression) -> Expression:
        match x:
            case Apply(op, arguments) if op.name in bindings:
                return Apply(rebound(op, bindings[op.name]), arguments)
        return x

    return everywhere(e, bound)


def rebound(op: Op, record: Binding) -> Op:
    """Return an opaque function, its slope or its partial derivative, bound to a record."""
    match op.kind:
        case "function":
            return elementwise_function(op.name, record)
        case "slope":
            return slope(op.name, record)
        case "second slope":
            return second_slope(op.name, record)
        case "second partial":
            return second_partial(op.name, record, op.place or 0, op.second or 0)
        case "scalar":
            return scalar_function(op.name, record)
        case "partial":
            return partial(op.name, record, op.place or 0)
        case "partial along":
            return partial_along(op.name, record, op.place or 0)
        case "vector":
            return vector_function(op.name, record)
        case "jacobian":
            return vector_slope(op.name, record, op.place or 0)
    return op
