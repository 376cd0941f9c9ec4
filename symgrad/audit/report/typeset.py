"""A printed claim as mathematics of a page, from the tree that was checked; what was not understood has none."""

from __future__ import annotations

from fractions import Fraction

from symgrad.export import math
from symgrad.export.mathml import math_mathml
from symgrad.reading import tree
from symgrad.reading.chain import chains
from symgrad.reading.known import USUAL, is_activation, shown
from symgrad.reading.token import NotUnderstoodError

SUFFIXES: dict[Fraction | int, str] = {1_000: "K", 10**6: "M", 10**9: "B"}

LONGEST = 400
_LEVEL = {"+": 1, "-": 1, "neg": 1, "*": 2, "/": 2, "^": 3}
ATOM = 4


def typeset(claim: str) -> str:
    r"""Return a claim in MathML, or "" where it is not one chain of relations that is understood as a whole.

    >>> typeset(r"1.5^2 = 2.25")[:30], typeset(r"\foo = ")
    ('<math><mrow><msup><mn>1.5</mn>', '')
    """
    if len(claim) > LONGEST:
        return ""
    try:
        found, _ = chains(claim)
        [chain] = found
        sides = [_math(side.node) for side in chain.sides if side.node is not None]
    except (NotUnderstoodError, NoFormError, ValueError, RecursionError):
        return ""
    if len(sides) != len(chain.sides) or not chain.relations:
        return ""
    whole = sides[0]
    for relation, side in zip(chain.relations, sides[1:], strict=True):
        whole = math.Infix(relation, whole, side)
    return math_mathml(whole)


class NoFormError(Exception):
    """A tree that the pages of symgrad have no form for."""


def _math(node: tree.Node) -> math.Math:
    match node:
        case tree.Number(text=shown, scale=scale) if "e" not in shown:
            return math.Symbol(shown + SUFFIXES.get(scale, ""), shown)
        case tree.Symbol(name) if name.replace("_", "").isalnum():
            return _name(name)
        case tree.Apply():
            return _applied(node)
        case tree.Unknown(name, arguments, primes):
            return math.Call(_name(name, primes), tuple(map(_math, arguments)))
        case tree.Derivative(body, variable, 1):
            return math.Derivative(_group(body, ATOM), _name(variable))
        case tree.Big(sign, variable, low, high, body):
            return math.Big(sign, math.Name(variable, whole=True), _math(low), _math(high), _group(body, 2))
    raise NoFormError


def _name(name: str, primes: int = 0) -> math.Name:
    base, _, index = name.partition("_")
    return math.Name(base, math.Name(index, whole=True) if index else None, primes=primes, whole=True)


def _applied(node: tree.Apply) -> math.Math:
    match node.name, node.arguments:
        case "+", (a, b):
            return math.Terms((("+", _math(a)), ("+", _group(b, 1))))
        case "-", (a, b):
            return math.Terms((("+", _math(a)), ("-", _group(b, 2))))
        case "neg", (a,):
            return math.Terms((("-", _group(a, 2)),))
        case "*", (a, b):
            return math.Infix("×" if _begins_with_digit(b) else "·", _group(a, 2), _group(b, 2))
        case "/", (a, b):
            return math.Frac(_math(a), _math(b))
        case "^", (a, b):
            return math.Power(_group(a, ATOM), _math(b))
        case "sqrt", (a,):
            return math.Root(_math(a))
        case "e", ():
            return math.Symbol("e", "e")
        case "abs", (a,):
            return math.Bars(_math(a))
        case name, arguments if name.isalpha() or is_activation(name):
            letter = "sigma" if name == USUAL else shown(name)
            return math.Call(math.Name(letter, primes=node.primes, whole=True), tuple(map(_math, arguments)))
    raise NoFormError


def _begins_with_digit(node: tree.Node) -> bool:
    while isinstance(node, tree.Apply) and node.name in ("*", "^") and node.arguments:
        node = node.arguments[0]
    return isinstance(node, tree.Number)


def _group(node: tree.Node, least: int) -> math.Math:
    """Return a node, in parentheses where it binds less than ``least``."""
    level = _LEVEL.get(node.name, ATOM) if isinstance(node, tree.Apply) else ATOM
    return _math(node) if level >= least else math.Paren(_math(node))
