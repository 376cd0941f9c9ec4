"""Check an upper bound of a derivative's norm: structural rules over the closed form, and balls at points.

The rules of ``symgrad.numbers.bound.bound`` give an upper bound of the closed form; what is claimed must not be less.
The points share nothing with them: there the parameters keep to the assumptions, each letter stands for the
norm that its quantity then has, and the derivative's own norm is compared with the claimed formula.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
from flint import arb

from symgrad.algebra import map_tree
from symgrad.algebra.differential import Partial
from symgrad.algebra.expression import Expression
from symgrad.algebra.expression_tree import nodes
from symgrad.arithmetic import Arithmetic, arithmetic
from symgrad.arithmetic.literal import exact
from symgrad.calculus.closed_form import derive
from symgrad.calculus.evaluate import NOTHING, Evaluation
from symgrad.calculus.forward import Compiler, forward
from symgrad.calculus.numeric import placed, reads
from symgrad.claims.norm_bound import NormBound, is_number
from symgrad.evidence.draw import Draw
from symgrad.evidence.evidence import Check
from symgrad.evidence.verdict import Verdict
from symgrad.evidence.verify import cases_of, test_functions
from symgrad.network.bind import bind_map, bind_network
from symgrad.network.functions import called
from symgrad.numbers.bound.assumptions import read_assumptions
from symgrad.numbers.bound.bound import bound
from symgrad.numbers.bound.letter import Letter, described
from symgrad.numbers.bound.size import Size
from symgrad.numbers.bound.slope_bound import greatest_slope
from symgrad.ops.record import Elementwise

DRAWS = 4
"""Draws at each depth."""


def check(claim: NormBound, seed: int = 0, digits: int = 60) -> Iterator[Check]:
    """Yield the checks of ‖∂of/∂wrt‖ ≤ formula."""
    form = claim.form
    if derive(form.network, form.of, form.wrt, form.depth).map != form.map:
        yield Check("closed form", Verdict.UNKNOWN, "the map is not the derivative's closed form", required=True)
        return
    yield _by_points(claim, seed, digits)
    yield _by_rules(claim)


# --- the rules ------------------------------------------------------------------------------------


def _by_rules(claim: NormBound) -> Check:
    """Prove that the formula is not less than the bound that the rules give, for all values of the letters."""
    import sympy

    method = "norms of factors and sums"
    found = bound(claim.form, read_assumptions(dict(claim.assumptions)), claim.norm)
    names = {*claim.right.variables, *found.letters}
    symbols = {name: sympy.Dummy(name, positive=True) for name in sorted(names - claim.indices)}
    symbols |= {name: sympy.Dummy(name, integer=True) for name in sorted(claim.indices)}
    least = _symbolic(found, symbols)
    if least is None or not names <= symbols.keys():
        return Check(method, Verdict.UNKNOWN, f"they give {found}")
    ratio = claim.right(arithmetic("symbolic"), **symbols) / least
    excess = sympy.expand_log(sympy.log(sympy.powsimp(sympy.expand_power_base(ratio, force=True))), force=True)
    if sympy.expand(excess).is_nonnegative or sympy.simplify(ratio) == 1:
        return Check(method, Verdict.PROVED, f"they give {found}")
    return Check(method, Verdict.UNKNOWN, f"they give {found}, which is not known to be at most {claim.right}")


def _symbolic(size: Size, symbols: Mapping[str, Any]) -> Any:
    """Return a size as a SymPy expression; None where it holds a product over an index, or a number without a form."""
    import sympy

    total: Any = sympy.Integer(0)
    for term in size.terms:
        product: Any = sympy.Integer(1)
        for base, exponent in term:
            match base:
                case Fraction():
                    value = sympy.Rational(base.numerator, base.denominator)
                case Letter("name", str(name)) if name in symbols:
                    value = symbols[name]
                case Size():
                    value = _symbolic(base, symbols)
                case _:
                    value = None
            if value is None:
                return None
            n = sympy.Rational(exponent.constant.numerator, exponent.constant.denominator)
            product *= value ** (n + sum(c * symbols[s] for s, c in exponent.symbols))
        total += product
    return total


# --- points ---------------------------------------------------------------------------------------


def _by_points(claim: NormBound, seed: int, digits: int) -> Check:
    """Compare the norm with the formula where the parameters keep to the assumptions."""
    method, described_as, compared = "norms at points", f"balls of {digits} digits", 0
    for depth, at in cases_of(claim.form):
        for number in range(DRAWS):
            point = _Point(claim, depth, at, seed + number, digits)
            with point.A.working():
                if not point.keeps_to_the_assumptions():
                    continue
                if not point.letters.keys() >= set(claim.right.variables):
                    return Check(method, Verdict.UNKNOWN, "a letter is the size of nothing", described_as, seed)
                size, limit = point.norm(), point.limit()
            if size is None or not limit.is_finite():
                return Check(method, Verdict.UNKNOWN, "it has no value at a point", described_as, seed, compared)
            if size > limit:
                shown = f"at depth {depth} the norm is {size.str(8, radius=False)} > {limit.str(8, radius=False)}"
                return Check(method, Verdict.REFUTED, "", described_as, seed, compared, shown)
            compared += 1
    verdict = Verdict.SAMPLED if compared else Verdict.UNKNOWN
    detail = "" if compared else "no point keeps to the assumptions"
    return Check(method, verdict, detail, described_as, seed, compared)


class _Point:
    """A network with numbers for its parameters, and what the letters of the bound then are."""

    def __init__(self, claim: NormBound, depth: int, at: dict[str, int], seed: int, digits: int) -> None:
        self.claim, self.form, self.at, self.seed = claim, claim.form, dict(at), seed
        self.A: Arithmetic = arithmetic("ball", digits)
        bindings = test_functions(self.form.network, seed)
        self.network = bind_network(self.form.network, bindings)
        self.map = bind_map(self.form.map, bindings)
        self.letters: dict[str, Any] = {name: arb(n) for name, n in at.items()}
        self.draw = Draw(self.network, depth, seed)
        self._fit_parameters(Random(f"{claim}|{depth}|{seed}"))
        with self.A.working():
            self.values = self.draw.values(self.A)
            self.compiler = Compiler(self.values)
            forward(self.network, self.values, self.compiler, wanted={*reads(self.map), placed(self.form.of, at)})

    def _fit_parameters(self, random: Random) -> None:
        """Make each parameter as large as its assumption admits; a square matrix becomes a multiple of a rotation."""
        drawn: dict[str, Fraction] = {}
        for name, at_most in self.claim.assumptions:
            keys = [k for k in self.draw.exact if name in (k[0], f"{k[0]}[{k[1]}]")]
            if not keys:
                continue
            if _is_letter(at_most):
                size = drawn.setdefault(at_most, Fraction(random.randint(1, 12), 8))
            else:
                size = exact(at_most)
            for k in keys:
                self.draw.exact[k] = _sized(self.draw.exact[k], size, random)
            if _is_letter(at_most):
                root = len(self.draw.exact[keys[0]]) if np.ndim(self.draw.exact[keys[0]]) == 2 else 1
                factor = arb(root).sqrt() if self.claim.norm == "frobenius" else arb(1)
                self.letters[at_most] = arb(size.numerator) / size.denominator * factor

    def keeps_to_the_assumptions(self) -> bool:
        """Find the values of the remaining letters; tell whether every numeric assumption holds."""
        for name, at_most in self.claim.assumptions:
            size = self._size(name)
            if size is None:
                continue
            if _is_letter(at_most):
                known = self.letters.get(at_most)
                self.letters[at_most] = size if known is None or not known >= size else known
            elif not size <= self.A.number(exact(at_most)):
                return False
        return True

    def _size(self, name: str) -> Any:
        """Return sup |f'| for sigma', |∂C/∂a[L]| for that name; None for a parameter, which is fitted."""
        if name.endswith("'"):
            record = called(self.network)[name[:-1]].record
            sup = greatest_slope(record) if isinstance(record, Elementwise) else None
            return None if sup is None else sup.ball(200)
        for e in map_tree.expressions(self.map):
            for partial in _partials(e):
                if described(partial) == name:
                    return _norm(self.compiler(partial)(self.at), "spectral")
        return None

    def norm(self) -> Any:
        """Return a lower bound of the derivative's norm, which it reaches for numbers and in two of three norms."""
        of, wrt = placed(self.form.of, self.at), placed(self.form.wrt, self.at)
        shape = self.draw.shape(wrt)
        if len(shape) > 1 or len(self.draw.shape(of)) > 1:
            return None
        evaluation, columns = Evaluation(self.values, self.compiler), []
        for k in range(shape[0] if shape else 1):
            unit = np.array([int(i == k) for i in range(shape[0])]) if shape else 1
            change = evaluation.apply(self.map, self.A.array(unit, shape), self.at)
            columns.append(np.ravel(np.array(0 * arb(1) if change is NOTHING else change, dtype=object)))
        return _norm(np.stack(columns, axis=-1), self.claim.norm)

    def limit(self) -> Any:
        """Return the value of the claimed formula."""
        return arb(self.claim.right(self.A, **{v: self.letters[v] for v in self.claim.right.variables}))


def _is_letter(text: str) -> bool:
    return not is_number(text)


def _sized(x: Any, size: Fraction, random: Random) -> Any:
    """Return a number or entries of the given size, or ``size`` times a signed permutation matrix, whose norm is 1."""
    if np.ndim(x) == 0:
        return size if x > 0 else -size
    if np.ndim(x) == 1:
        return np.array([_sized(entry, size, random) for entry in x], dtype=object)
    n, m = np.shape(x)
    rows = random.sample(range(max(n, m)), max(n, m))
    signed = [[random.choice((-1, 1)) * size * (rows[i] == k) for k in range(m)] for i in range(n)]
    return np.array(signed, dtype=object)


def _partials(e: Expression) -> Iterator[Partial]:
    return (x for x in nodes(e) if isinstance(x, Partial))


def _norm(x: Any, norm: str) -> Any:
    """Return a norm; of the spectral one the largest norm of a row or a column, which it is not less than."""
    entries = np.atleast_2d(np.array(x, dtype=object))
    if norm == "infinity":
        return _largest([_sum(abs(v) for v in row) for row in entries])
    squares = [[v * v for v in row] for row in entries]
    if norm == "frobenius":
        return _sum(v for row in squares for v in row).sqrt()
    return _largest([_sum(line).sqrt() for line in (*squares, *zip(*squares, strict=True))])


def _sum(items: Any) -> Any:
    return sum(items, arb(0))


def _largest(balls: list[Any]) -> Any:
    return max(balls, key=lambda b: b.lower())
