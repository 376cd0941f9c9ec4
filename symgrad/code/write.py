"""The text of a program, in the way of its library: with scans, with loops, or in Julia."""

from __future__ import annotations

from contextlib import suppress

from symgrad.algebra.expression import Quantity
from symgrad.calculus.equations.backward_equation import BackwardPass
from symgrad.code.backend import Backend
from symgrad.code.julia import julia
from symgrad.code.program import Program
from symgrad.code.scan import NotScanned, Scanned
from symgrad.errors import NotDefined


def program(
    equations: BackwardPass, backend: Backend, jacobian: Quantity | None = None, at: Quantity | None = None
) -> str:
    """Return the program that computes a number and the gradients that were asked for, with its self-test.

    jacobian: the array whose Jacobian is wanted, where the number is its product with a seed. at: the one step or
    member that is wanted of what was asked for, by letters that become arguments.
    """
    return written(equations, backend, jacobian, at)[1]


def written(
    equations: BackwardPass, backend: Backend, jacobian: Quantity | None = None, at: Quantity | None = None
) -> tuple[Program, str]:
    """Return a program and its text, with scans where the library has them and the loops are simple."""
    if backend.scans:
        with suppress(NotScanned):
            scanned = Scanned(equations, backend, jacobian, at)
            return scanned, scanned.text()
    plain = Program(equations, backend, jacobian, at)
    if backend.name != "julia":
        return plain, plain.text()
    if jacobian is not None:
        raise NotDefined("a Jacobian in Julia", todo="derive a number, or take numpy, jax or torch")
    return plain, julia(plain.text())
