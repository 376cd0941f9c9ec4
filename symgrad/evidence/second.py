"""The evidence for a second derivative: for the gradient, for its equation, for the derivative of that equation."""

from __future__ import annotations

from dataclasses import replace

from symgrad.arithmetic import arithmetic
from symgrad.calculus.backward import backward
from symgrad.calculus.closed_form import ClosedForm
from symgrad.calculus.forward import Compiler, forward
from symgrad.evidence.compare import Comparison, compare
from symgrad.evidence.draw import ATTEMPTS, Draw
from symgrad.evidence.evidence import Check, Evidence, least
from symgrad.evidence.verdict import Verdict
from symgrad.evidence.verify import test_functions, verify
from symgrad.network.bind import bind_network

POINTS = 2
"""Draws at which the equation of the gradient must decide."""


def verify_second(first: ClosedForm, second: ClosedForm, seed: int = 0, digits: int = 60) -> Evidence:
    """Return the evidence for ∂²of/∂x∂y = ∂g/∂y, where g = ∂of/∂x: no check says more than that of g allows."""
    of_first, of_second = (verify(f, seed, digits, sympy=f is first) for f in (first, second))
    limit = least((of_first.verdict, of_second.verdict))
    name = f"∂{first.of}/∂{first.wrt}"
    gradient = Check(f"gradient {name}", of_first.verdict, "all checks of a derivative", required=True)
    checks = [c if c.verdict <= limit else replace(c, verdict=limit) for c in (gradient, *of_second.checks)]
    same = check_gradient(first, second, seed, digits)
    return Evidence(f"∂²{first.of}/∂{first.wrt}∂{second.wrt} of {first.network.name}", (*checks, same))


def check_gradient(first: ClosedForm, second: ClosedForm, seed: int = 0, digits: int = 60) -> Check:
    """Compare the equation of the gradient, which is derived again, with backpropagation through the network."""
    method, described = "equation of the gradient", f"balls of {digits} digits"
    network = bind_network(second.network, test_functions(second.network, seed))
    A, agreed = arithmetic("ball", digits), 0
    for attempt in ATTEMPTS:
        draw = Draw(network, first.network.least_depth(first.of), seed, attempt)
        with A.working():
            values = draw.values(A)
            compiler = Compiler(values)
            forward(network, values, compiler)
            one = values.arithmetic.ones_like(values[first.of])
            found = backward(network, values, first.of, one, compiler, {first.wrt.name})
            witness = found.get(first.wrt.name, {}).get(first.wrt.place({}))
            result = compare(values[second.of], witness)
        if result is Comparison.DISJOINT:
            return Check(method, Verdict.REFUTED, "", described, seed, agreed, str(draw), required=True, of_page=True)
        agreed += result is Comparison.AGREE
        if agreed == POINTS:
            return Check(method, Verdict.SAMPLED, "", described, seed, agreed, required=True, of_page=True)
    return Check(method, Verdict.UNKNOWN, "the balls do not decide", described, seed, agreed, "", True, True)
