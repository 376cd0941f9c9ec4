"""A printed gradient as a matrix: its letters are quantities of a network, its derivatives those of the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from symgrad.audit.network.witness import DrawnNetwork, as_matrix
from symgrad.reading.known import is_activation
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Big, Derivative, Node, Number, Symbol, Unknown, walk

LETTERS = frozenset(["f", "g", "phi", "varphi", "h"])
"""Letters of the activation of the network; which function it is, the witness tells."""
LONGEST_PRODUCT = 12
UNFIT = "shapes that do not fit"


@dataclass(frozen=True)
class PrintedMatrix:
    """How a formula is evaluated: on which network, in which layout, with which numbers for its indices.

    immediate: whether derivatives by a parameter hold the layers before constant.
    """

    witness: DrawnNetwork
    letters: Mapping[str, int]
    denominator: bool = False
    immediate: bool = False

    def matrix(self, node: Node) -> Any:
        """Return the value of a node; raises NotUnderstoodError where shapes do not fit or a letter has no value."""
        match node:
            case Number(value):
                return self._number(value)
            case Symbol():
                return self.witness.value(self._symbol(node), dict(self.letters))
            case Derivative(body, variable, 1):
                return self._derivative(body, variable)
            case Apply("^", (Symbol(name), exponent)) if (layer := self._layer(name, exponent)) is not None:
                return self.witness.value(layer, dict(self.letters))
            case Apply("^", (base, Number(value))) if value.denominator == 1 and 0 < value <= LONGEST_PRODUCT:
                return self._power(self.matrix(base), int(value))
            case Apply("transpose", (inner,)):
                return self.matrix(inner).T
            case Apply("diag", (inner,)):
                return _diagonal(self.matrix(inner))
            case Apply(name, (argument,), primes) if is_activation(name):
                return self._activation(argument, primes)
            case Unknown(name, (argument,), primes) if name in LETTERS:
                return self._activation(argument, primes)
            case Apply("neg", (inner,)):
                return -self.matrix(inner)
            case Big("∏", variable, low, high, body) if (split := _outside(body, variable)) is not None:
                return self.matrix(Apply("*", (Big("∏", variable, low, high, split[0]), split[1])))
            case Apply("+" | "-" | "*" | "⊙" as name, (left, right)):
                return _combined(name, self.matrix(left), self.matrix(right))
            case Big(sign, variable, low, high, body):
                return self._big(sign, variable, low, high, body)
        raise NotUnderstoodError("what is no part of a gradient")

    def _number(self, value: Any) -> Any:
        return as_matrix(self.witness.values.arithmetic.array(value, ()))

    def _layer(self, name: str, exponent: Node) -> str | None:
        """Return z_l for z^{[l]}, where z has layers and no other index."""
        if "_" in name or None in self.witness.values.env.get(name, {None: 0}):
            return None
        return f"{name}_{index_text(exponent)}"

    def _derivative(self, body: Node, variable: str) -> Any:
        of = body.name if isinstance(body, Unknown) else self._symbol(body)
        name, _ = self.witness.key(variable, dict(self.letters))
        parameter = self.immediate and name not in {e.target.name for e in self.witness.model.steps}
        found = (self.witness.immediate if parameter else self.witness.derivative)(of, variable, dict(self.letters))
        return found.T if self.denominator else found

    def _activation(self, argument: Node, primes: int) -> Any:
        """Return σ or σ' of a quantity, entry by entry: what the network itself has there."""
        if primes > 1:
            raise NotUnderstoodError("a second derivative of an activation")
        letters = dict(self.letters)
        of, wrt = self.witness.activation(self._symbol(argument), letters)
        if not primes:
            return self.witness.value(of, {})
        slope = self.witness.derivative(of, wrt, {})
        return np.array([[slope[i, i]] for i in range(len(slope))], dtype=object)

    def _symbol(self, node: Node) -> str:
        """Return the name of a quantity, z_l also where it is printed as z^{[l]}."""
        match node:
            case Symbol(name):
                return name
            case Apply("^", (Symbol(name), exponent)) if (layer := self._layer(name, exponent)) is not None:
                return layer
        raise NotUnderstoodError("what is no quantity of the network")

    def _power(self, base: Any, n: int) -> Any:
        found = base
        if base.shape[1] == 1:
            return base**n  # entry by entry, as in 1 - s^2
        for _ in range(n - 1):
            found = _combined("*", found, base)
        return found

    def _big(self, sign: str, variable: str, low: Node, high: Node, body: Node) -> Any:
        first, last = (self.witness.index(index_text(end), dict(self.letters)) for end in (low, high))
        if not 0 < last - first + 1 <= LONGEST_PRODUCT:
            raise NotUnderstoodError("an empty product")
        terms = [replace(self, letters={**self.letters, variable: n}).matrix(body) for n in range(first, last + 1)]
        if sign == "∏" and not self.denominator:
            terms.reverse()  # the later layer stands on the left
        found = terms[0]
        for term in terms[1:]:
            found = _combined("*" if sign == "∏" else "+", found, term)
        return found


def index_text(node: Node) -> str:
    """Return an index as it is written: k+1."""
    match node:
        case Number(_, text):
            return text
        case Symbol(name):
            return name
        case Apply("+" | "-" as sign, (left, right)):
            return f"{index_text(left)}{sign}{index_text(right)}"
    raise NotUnderstoodError("an index")


def _outside(body: Node, variable: str) -> tuple[Node, Node] | None:
    """Return the factors of a product that have its index, and the last ones, that have not and stand behind it."""
    match body:
        case Apply("*", (left, right)) if not _has_index(right, variable) and _has_index(left, variable):
            inner = _outside(left, variable)
            return (left, right) if inner is None else (inner[0], Apply("*", (inner[1], right)))
    return None


def _has_index(node: Node, variable: str) -> bool:
    names = [n.name for n in walk(node) if isinstance(n, Symbol)]
    names += [n.variable for n in walk(node) if isinstance(n, Derivative)]
    return any(name == variable or variable in name.partition("_")[2] for name in names)


def _diagonal(x: Any) -> Any:
    if 1 not in x.shape:
        raise NotUnderstoodError("the diagonal of a matrix")
    entries = x.ravel()
    zero = entries[0] * 0
    return np.array([[e if i == j else zero for j in range(len(entries))] for i, e in enumerate(entries)], dtype=object)


def _combined(name: str, x: Any, y: Any) -> Any:
    """Return a sum, a product of matrices or, with a number, of each entry, or the product of entries, ⊙."""
    if name in ("+", "-", "⊙"):
        if x.shape != y.shape and (name == "⊙" or (1, 1) not in (x.shape, y.shape)):
            raise NotUnderstoodError(UNFIT)
        return x + y if name == "+" else x - y if name == "-" else x * y
    if x.shape == (1, 1) or y.shape == (1, 1):
        return x * y  # a number times each entry
    if x.shape[1] != y.shape[0]:
        raise NotUnderstoodError(UNFIT)
    return x.dot(y)
