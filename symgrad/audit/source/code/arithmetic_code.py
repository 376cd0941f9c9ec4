r"""Literal arithmetic in Python, as the closed formula that it computes: lam ** 150 with lam = 1.1 is 1.1^{150}.

The code is parsed by ``ast`` and never run. What is not on the list (literals, names with a known value, + - * / **,
and elementary functions of one argument) has no formula.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from decimal import Decimal

from symgrad.ops.elementwise import ELEMENTWISE
from symgrad.reading.known import is_known
from symgrad.reading.names import FUNCTIONS as PRINTED

LONGEST = 600
DEEPEST = 40
OTHERS = {"sqrt": r"\sqrt", "log2": r"\log_{2}", "log10": r"\log_{10}"}
"""Functions that code has beside those of the registry, and the root, which has a sign of its own."""
CONSTANTS = {"pi": r"\pi", "e": "e"}
MODULES = frozenset({"math", "np", "numpy", "torch", "jnp", "F"})
SUM, PRODUCT, ATOM = range(3)


@dataclass(frozen=True)
class ClosedText:
    """A closed formula in LaTeX, and how tightly it binds: as a sum, as a product, or as one thing."""

    text: str
    binds: int = ATOM

    def within(self, least: int) -> str:
        """Return the formula, in parentheses where it binds less than ``least``."""
        return self.text if self.binds >= least else rf"\left({self.text}\right)"


Known = dict[str, ClosedText]


def closed(node: ast.expr, known: Known, depth: int = 0) -> ClosedText | None:
    """Return the formula of an expression; None where it has none, or is too long.

    >>> def of(text, **known):
    ...     found = closed(ast.parse(text, mode="eval").body, {k: ClosedText(v) for k, v in known.items()})
    ...     return found and found.text
    >>> of("lam ** 150", lam="1.1"), of("2*(x - 1)/3", x="5"), of("f(2)")
    ('{1.1}^{150}', '\\\\frac{2 \\\\cdot \\\\left(5 - 1\\\\right)}{3}', None)
    """
    found = _closed(node, known, depth) if depth < DEEPEST else None
    return found if found and len(found.text) <= LONGEST else None


def _closed(node: ast.expr, known: Known, depth: int) -> ClosedText | None:
    match node:
        case ast.Constant(value=bool() | complex()):
            return None
        case ast.Constant(value=int() | float() as value):
            return number(repr(value))
        case ast.Name(id=name):
            return known.get(name) or (ClosedText(CONSTANTS[name]) if name == "pi" else None)
        case ast.Attribute(value=ast.Name(id=module), attr=name) if module in MODULES and name in CONSTANTS:
            return ClosedText(CONSTANTS[name])
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inside = closed(operand, known, depth + 1)
            return inside and ClosedText(f"-{inside.within(PRODUCT)}", SUM)
        case ast.BinOp(left=a, op=op, right=b):
            left, right = closed(a, known, depth + 1), closed(b, known, depth + 1)
            return _joined(left, op, right) if left and right else None
        case ast.Call(func=function, args=[argument], keywords=[]):
            inside = closed(argument, known, depth + 1)
            name = _function(function)
            return ClosedText(_call(name, inside.text)) if inside and name else None
    return None


def number(shown: str) -> ClosedText | None:
    """Return a number as it is printed: 2.28e+06 is 2.28 × 10^6; None for inf and nan.

    >>> number("2.28e+06"), number("-3")
    (ClosedText(text='2.28 \\\\times 10^{6}', binds=1), ClosedText(text='-3', binds=0))
    """
    digits, _, exponent = shown.lower().partition("e")
    if not digits.lstrip("+-").replace(",", "").replace(".", "").isdigit():
        return None
    if exponent:
        return ClosedText(rf"{digits} \times 10^{{{int(exponent)}}}", SUM if digits.startswith("-") else PRODUCT)
    return ClosedText(digits, SUM if digits.startswith("-") else ATOM)


def rounded(shown: str, digits: int = 12) -> str:
    """Return a printed number with at most so many digits: those beyond are what float64 makes of it.

    >>> rounded("0.30000000000000004"), rounded("2.28e+06")
    ('3.00000000000e-1', '2.28e+06')
    """
    plain = shown.replace(",", "")
    significant = plain.lower().partition("e")[0].replace(".", "").lstrip("+-0")
    return f"{Decimal(plain):.{digits - 1}e}" if len(significant) > digits and "." in plain else shown


def _joined(left: ClosedText, op: ast.operator, right: ClosedText) -> ClosedText | None:
    match op:
        case ast.Add():
            return ClosedText(f"{left.text} + {right.within(PRODUCT)}", SUM)
        case ast.Sub():
            return ClosedText(f"{left.text} - {right.within(PRODUCT)}", SUM)
        case ast.Mult():
            return ClosedText(rf"{left.within(PRODUCT)} \cdot {right.within(PRODUCT)}", PRODUCT)
        case ast.Div():
            return ClosedText(rf"\frac{{{left.text}}}{{{right.text}}}", PRODUCT)
        case ast.Pow():
            return ClosedText(f"{{{left.within(ATOM)}}}^{{{right.text}}}", PRODUCT)
    return None


def _function(node: ast.expr) -> str:
    """Return how a function of the list is written: np.exp, math.sqrt, sqrt."""
    match node:
        case ast.Attribute(value=ast.Name(id=module), attr=name) if module in MODULES:
            return _printed(name)
        case ast.Name(id=name):
            return _printed(name)
    return ""


def _printed(name: str) -> str:
    """Return a function of code in LaTeX as formulas are read; "" for one that they do not have."""
    if name in OTHERS:
        return OTHERS[name]
    record = ELEMENTWISE.get(name)
    if record is None and is_known(name):
        return rf"\operatorname{{{name}}}"
    if record is None or not (record.text in PRINTED or record.name in PRINTED or is_known(name)):
        return ""
    return record.latex


def _call(name: str, inside: str) -> str:
    return rf"\sqrt{{{inside}}}" if name == r"\sqrt" else rf"{name}\left({inside}\right)"
