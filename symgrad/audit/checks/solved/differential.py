"""A differential equation and its solution, which is put in: y'' + y = 0 with y(0) = 1 and y'(0) = 0 has y = cos x."""

from __future__ import annotations

import re
from fractions import Fraction

from symgrad.audit.case import Case
from symgrad.audit.checks.formula.points import compare
from symgrad.audit.checks.solved.linked import Linked
from symgrad.audit.checks.solved.statement import Statement
from symgrad.audit.domain import ClaimDomain
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.reading.tree import (
    Apply,
    Derivative,
    Integral,
    Node,
    Number,
    Symbol,
    Tuple,
    Unknown,
    rebuilt,
    substituted,
    symbols,
    walk,
)

KIND = "differential equation"
USUAL = ("t", "x", "s", "theta", "r", "z")
"""Letters by which functions are differentiated, the likeliest first where dots stand over letters."""
ZERO = Number(Fraction(0), "0")
_CONSTANT = re.compile(r"(?:[A-DKc]|phi|delta)(?:_\d)?\Z")
"""Letters of constants that an equation leaves free."""
_OF_EQUATIONS = re.compile(
    r"\b(?:solutions?|solv\w+|differential|ODEs?|initial value|Lösung\w*|Differentialgleichung\w*|solución|solução)\b",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(r"\b(?:tangent|slope|homogeneous|complementary|steady|equilibrium|asympto\w*|linear)\b", re.I)
NEAR = 160


def solution_of_differential(case: Case, link: Linked) -> Judgement | None:
    """Judge the solution of a differential equation; None where the equation right before it is none.

    All letters but the variable are free; where they are not, and something in the equation is what the text calls
    otherwise, nothing is refuted.
    """
    equation, own = link.equations[-1], link.own.nodes
    name = _function(own[0])
    if not equation.is_equation or len(equation.nodes) != 2 or link.own.chain.relations[0] != "=":
        return None
    if not name or not any(_is_slope(n, name) for side in equation.nodes for n in walk(side)):
        return None
    variable = _variable(own, equation, name)
    if not variable or any(isinstance(n, Unknown | Derivative | Integral | Tuple) for n in walk(own[1])):
        return unchecked("the variable of a differential equation is not named", KIND)
    sides = [_multiplied(side, name) for side in equation.nodes]
    left, right = (put(side, name, own[1], variable) for side in sides)
    word = _word(left, right, case.domain)
    if word is Word.CONFIRMED:
        return _with_given(link, name, own[1], variable)
    if word is Word.REFUTED and tuple(sides) == equation.nodes and _is_certain(case, link, own[1], variable):
        return Judgement(Word.REFUTED, reason="it does not solve the differential equation", kind=KIND)
    return unchecked("perhaps a solution", KIND)


def _function(node: Node) -> str:
    match node:
        case Symbol(name) if "'" not in name:
            return name
        case Unknown(name, (Symbol(),), 0):
            return name
    return ""


def _is_slope(node: Node, name: str) -> bool:
    """Tell whether a node is a derivative of a function: y', dy/dx, y''(t), or with dots."""
    match node:
        case Symbol(symbol):
            return symbol in (f"dot {name}", f"ddot {name}") or (symbol != name and symbol.rstrip("'") == name)
        case Unknown(function, _, primes):
            return function == name and primes > 0
        case Derivative(Symbol(inner) | Unknown(inner), _):
            return inner == name
    return False


def _variable(own: tuple[Node, ...], equation: Statement, name: str) -> str:
    """Return the letter by which a function is differentiated; nothing where it is not clear."""
    match own[0]:
        case Unknown(_, (Symbol(letter),)):
            return letter
    inside = [n for side in equation.nodes for n in walk(side)]
    for n in inside:
        match n:
            case Derivative(Symbol(inner) | Unknown(inner), letter) if inner == name:
                return letter
            case Unknown(inner, (Symbol(letter),)) if inner == name:
                return letter
            case Symbol(letter) if letter in (f"dot {name}", f"ddot {name}"):
                return "t"
    letters = symbols(own[1]) - {name}
    found = [x for x in USUAL if x in letters]
    return found[0] if len(found) == 1 else "x" if "x" in found or not letters else ""


def put(node: Node, name: str, body: Node, variable: str) -> Node:
    """Put a formula in the place of a function and of its derivatives."""

    def slope(order: int) -> Node:
        if order and variable not in symbols(body):
            return ZERO
        return Derivative(body, variable, order) if order else body

    match node:
        case Symbol(symbol) if symbol == name:
            return body
        case Symbol(symbol) if symbol in (f"dot {name}", f"ddot {name}"):
            return slope(1 if symbol.startswith("dot ") else 2)
        case Symbol(symbol) if symbol.rstrip("'") == name:
            return slope(len(symbol) - len(name))
        case Unknown(function, (Symbol(letter),), primes) if function == name and letter == variable:
            return slope(primes)
        case Unknown(function, (place,), primes) if function == name and not symbols(place):
            return _at(slope(primes), variable, place)
        case Derivative(Symbol(inner) | Unknown(inner), letter, order) if inner == name and letter == variable:
            return slope(order)
    return rebuilt(node, lambda n: put(n, name, body, variable))


def _multiplied(node: Node, name: str) -> Node:
    """Return a formula with a letter before parentheses as a factor: P(1 - P/K), k(T - 20) for a function T."""
    match node:
        case Unknown(letter, (Apply() as inner,), 0) if name in symbols(inner) and len(letter.partition("_")[0]) == 1:
            return Apply("*", (Symbol(letter), _multiplied(inner, name)))
    return rebuilt(node, lambda n: _multiplied(n, name))


def _at(node: Node, variable: str, place: Node) -> Node:
    if isinstance(node, Derivative):
        return Apply("at", (Symbol(variable), place, node))
    return substituted(node, variable, place)


def _word(left: Node, right: Node, domain: ClaimDomain) -> Word:
    """Return whether two formulas agree at points, or at positive ones."""
    found = compare(left, right, domain=domain).word
    if found is Word.NOTE or found is Word.UNCHECKED:
        letters = sorted(symbols(left) | symbols(right))
        found = compare(left, right, domain=ClaimDomain(tuple((Symbol(x), ">", ZERO) for x in letters))).word
    return found


def _with_given(link: Linked, name: str, body: Node, variable: str) -> Judgement:
    """Return the judgement of a solution, by the values that the text gives beside the equation."""
    for statement in link.given:
        left, right = (put(side, name, body, variable) for side in statement.nodes)
        if any(isinstance(n, Unknown) for side in (left, right) for n in walk(side)) or left == statement.nodes[0]:
            continue
        free = symbols(body) - {variable} - {x for s in (link.equations[-1], *link.given) for x in _letters(s)}
        if compare(left, right).word is Word.CONFIRMED or free:
            continue
        if not link.doubt and not symbols(left) | symbols(right):
            return Judgement(Word.REFUTED, reason="it does not have the initial value that is given", kind=KIND)
        return unchecked("perhaps another initial value", KIND)
    return Judgement(Word.CONFIRMED, reason="it solves the differential equation", kind=KIND)


def _letters(statement: Statement) -> frozenset[str]:
    return frozenset().union(*map(symbols, statement.nodes))


def _is_certain(case: Case, link: Linked, body: Node, variable: str) -> bool:
    """Tell whether a formula that does not solve a differential equation is meant to."""
    passage = case.passage
    said = f"{passage.before[-NEAR:]} {passage.sentence.words()} {passage.after[:NEAR]}"
    if link.doubt or not _OF_EQUATIONS.search(said) or _OTHERWISE.search(said) or len(link.equations) > 1:
        return False
    inside, letters = _letters(link.equations[-1]), symbols(body)
    if variable not in letters or link.joint.kind not in ("then", "has"):
        return False
    name = _function(link.own.nodes[0])
    parameters = {x for x in inside if x.rstrip("'") != name and " " not in x} - {variable}
    new = {x for x in letters - {variable} - inside if not x.startswith(f"{name}_")}
    return parameters <= letters and all(_CONSTANT.match(x) for x in new)
