"""Random networks: closed form = backpropagation = tangents, in balls, entry by entry of the Jacobian."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from campaign import campaign
from flint import arb
from hypothesis import assume
from random_networks import networks, values_for

import symgrad as sg
from symgrad.algebra.expression import Number, Quantity
from symgrad.algebra.map_algebra import compose, scale
from symgrad.arithmetic import arithmetic
from symgrad.calculus.backward import backward
from symgrad.calculus.forward import Compiler, forward
from symgrad.calculus.tangent import tangent
from symgrad.calculus.values.read import read_values
from symgrad.evidence.verdict import Verdict
from symgrad.network.bind import bind_network
from symgrad.network.syntax.read import read_quantity
from symgrad.ops.elementwise import ELEMENTWISE
from symgrad.ops.witness import Witness

DIGITS = 60
BINDINGS = {
    "sigma": ELEMENTWISE["logistic"],
    "phi": ELEMENTWISE["softplus"],
    "cost": Witness(),
    "loss": Witness(shift=1),
}

pytestmark = pytest.mark.filterwarnings("ignore::symgrad.errors.KinkWarning")  # all take the same convention


def units(A, shape):
    """Yield each position of an array of this shape, with the array that is 1 there and 0 elsewhere."""
    for position in np.ndindex(*shape):
        unit = np.zeros(shape, dtype=int)
        unit[position] = 1
        yield position, A.array(unit, shape)


def by_rows(x, rank):
    """Turn the axes (of, wrt reversed) of the numerator layout into (of, wrt)."""
    x = np.array(x, dtype=object)
    return x.transpose([*range(rank), *reversed(range(rank, x.ndim))])


def by_backpropagation(model, values, of, wrt, shape_of, shape_wrt, depth):
    """Return ∂of/∂wrt, of shape of + wrt: one sweep backward for each entry of of."""
    found = np.empty(shape_of + shape_wrt, dtype=object)
    A = arithmetic("ball", DIGITS)
    with A.working():
        known = read_values(model, values, "ball", DIGITS, depth)
        compiler = Compiler(known)
        forward(model, known, compiler, wanted=(of,))
        for position, unit in units(A, shape_of):
            cotangent = backward(model, known, of, unit, compiler, {wrt.name}).get(wrt.name, {}).get(wrt.index, arb(0))
            found[position] = cotangent if shape_wrt or isinstance(cotangent, arb) else cotangent[()]
    return found


def by_tangents(model, values, of, wrt, shape_of, shape_wrt, depth):
    """Return ∂of/∂wrt, of shape of + wrt: one run forward for each entry of wrt."""
    found = np.empty(shape_of + shape_wrt, dtype=object)
    A, T = arithmetic("ball", DIGITS), arithmetic("taylor", DIGITS)
    for position, unit in units(A, shape_wrt):
        with T.working():
            known = read_values(model, values, "taylor", DIGITS, depth)
            found[(..., *position)] = tangent(model, known, of, wrt, unit)
    return found


def disjoint(x, y):
    """Tell whether balls of two arrays exclude each other."""
    return any(not a.overlaps(b) for a, b in zip(np.ravel(x), np.ravel(y), strict=True))


def sharp(x):
    """Tell whether all balls are known to 100 bits beside the largest entry."""
    largest = max(abs(b).upper() for b in np.ravel(x))
    return all(b.rad() <= largest * arb(2) ** -100 for b in np.ravel(x))


@campaign(120, 5000, networks())
def test_closed_form_backpropagation_and_tangents_agree(case):
    """Compare one derivative by the three ways; a value that is lost in cancellation compares nothing."""
    model = bind_network(sg.parse(case.text), BINDINGS)
    form = model.derivative(case.of, case.wrt, depth=None if case.symbolic else case.depth)
    indices = {"k": case.index} if case.symbolic_index else {}
    assume(all(a.holds({model.depth_symbol: case.depth, **indices}) for a in form.assumptions))
    values = values_for(model, case.depth, case.seed)
    closed = form.evaluate(values, "ball", DIGITS, depth=case.depth, indices=indices)
    of = model.resolve(read_quantity(case.of), case.depth)
    wrt = Quantity(case.name, case.index)
    shapes = [tuple(2 for _ in model.shape(q)) for q in (of, wrt)]
    closed = by_rows(closed, len(shapes[0]))
    for way in (by_backpropagation, by_tangents):
        witness = way(model, values, of, wrt, *shapes, case.depth)
        assert not disjoint(closed, witness), f"closed form {closed} and {way.__name__} {witness}"
        assume(sharp(closed) and sharp(witness))


@campaign(4, 400, networks())
def test_a_derivative_with_a_wrong_factor_never_passes(case):
    """A factor of 1 + 2⁻⁴⁰ is refuted; where it is not, the derivative is 0 for all values."""
    depth = None if case.symbolic else case.depth
    form = sg.parse(case.text).derivative(case.of, case.wrt, depth=depth)
    wrong = replace(form, map=compose(scale(Number(1 + Fraction(1, 2**40))), form.map))
    if wrong.verify().verdict is not Verdict.REFUTED:
        model = bind_network(sg.parse(case.text), BINDINGS)
        indices = {"k": case.index} if case.symbolic_index else {}
        right = model.derivative(case.of, case.wrt, depth=depth)
        assume(all(a.holds({model.depth_symbol: case.depth, **indices}) for a in right.assumptions))
        values = values_for(model, case.depth, case.seed)
        found = right.evaluate(values, "ball", DIGITS, depth=case.depth, indices=indices)
        assert not disjoint(found, np.full(np.shape(found), arb(0), dtype=object))


@campaign(20, 1000, networks())
def test_one_sweep_gives_the_gradients_of_all_closed_forms(case):
    model = bind_network(sg.parse(case.text), BINDINGS)
    values = values_for(model, case.depth, case.seed)
    swept = model.gradients("C", values=values, arithmetic="ball", digits=DIGITS, depth=case.depth)
    for name, value in values.items():
        layers = enumerate(value, start=model.first_index(name)) if isinstance(value, list) else [(None, value)]
        for at, (k, _) in enumerate(layers):
            form = model.derivative("C", name if k is None else f"{name}[{k}]", case.depth, layout="denominator")
            if name in swept:
                found = swept[name] if k is None else swept[name][at]
                assert not disjoint(form.evaluate(values, "ball", DIGITS), found)
            else:
                assert form.reason
