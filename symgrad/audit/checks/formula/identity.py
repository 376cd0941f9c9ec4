"""Identities and derivatives with letters: both sides are enclosed at points.

Sides that are disjoint wherever both are defined are refuted; sides that agree at some points and not at others hold
on a part of the domain, which is not called wrong. What may be a definition or an equation to be solved is not
checked.
"""

from __future__ import annotations

import re
from fractions import Fraction

from symgrad.audit.case import Case
from symgrad.audit.checks.formula.changes import joined
from symgrad.audit.checks.formula.named import by_name
from symgrad.audit.checks.formula.normal import differ_in_signs
from symgrad.audit.checks.formula.points import WHOLE, compare, crosses, is_constant
from symgrad.audit.checks.formula.rounded import agree_when_rounded
from symgrad.audit.checks.number.link import judge
from symgrad.audit.definitions import put, without_integrals, written_out
from symgrad.audit.domain import ClaimDomain
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.audit.parsed import parsed
from symgrad.reading.known import USUAL, known_by_output, shown
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import (
    Apply,
    Big,
    Derivative,
    Integral,
    Node,
    Number,
    Symbol,
    Unknown,
    children,
    symbols,
    walk,
)
from symgrad.reading.value import is_function

SAID = {"…": "dots stand for what is left out", "±": "two values: ±", "\\cases": "a value for each of several cases"}
SAID |= {"\\set": "a set", "∇": "a gradient by name"}
"""What else than a function is unknown."""
VALUES = frozenset("yuvfghz")
"""Letters that stand for functions of others more often than for constants."""
OF_ACTIVATIONS = "activation"
"""The kind of a slope that is right but for the value that stands in it."""
COORDINATES = frozenset("xyz")
"""Letters of which ∂ by one holds the others fixed, where the text says nothing else of them."""
SUMS = ("\\∑", "\\∏")
"""Sums and products over what is no number to a number."""
NEAR = 80
NEAR_SOLVED = 160
_SOLVES = re.compile(
    r"\bsol(?:ve[sd]?|ving|utions?)\b|\broots?\b|\bcritical (?:point|number|value)s?\b|&?=\s*0\s*[.,$&\\]",
    re.IGNORECASE,
)
_OUTPUT = re.compile(r"\b(?:output|in terms of|activated value|activation value)\b", re.IGNORECASE)
"""Words that say that a letter is the value of the activation."""
TIED = 3
"""Letters of which an equation with a number may be a condition, as of the three angles of a direction."""
IMAGINARY, WAVES = frozenset(("i", "j")), ("e", "exp", "sqrt", "sin", "cos")
"""Letters that may be the imaginary unit, and the functions beside which they may."""


def identity(case: Case) -> Judgement | None:
    """Judge an equation between formulas with letters, or a derivative of what is written out."""
    if case.closed:
        return None
    if case.relation not in ("=", "≈"):
        return unchecked(f"the relation {case.relation}")
    try:
        domain = case.domain
    except NotUnderstoodError as error:
        return unchecked(f"not understood: {error}")
    whole = [joined(written_out(n, case.known)) for n in case.nodes]
    left, right = map(without_integrals, whole[-2:])
    for node in (left, right):
        if reason := unclear(node):
            return _of_any_functions(left, right, domain) or unchecked(reason)
    is_derivative = any(map(_is_derivative, whole))
    reason = "" if is_derivative else _no_identity(left, right)
    if not reason and not symbols(right) <= symbols(left):
        reason = "letters that the other side does not have"
    if reason:
        lone = any(_may_be_defined(*pair) for pair in ((left, right), (right, left)))
        if not lone and (found := compare(left, right, domain=domain)).word is Word.CONFIRMED:
            return Judgement(Word.CONFIRMED, reason=found.reason, kind="identity")
        return unchecked(reason)
    is_derivative = any(map(_is_derivative, whole[-2:]))
    kind = "derivative" if is_derivative else "identity"
    variables = {n.variable for side in (left, right) for n in walk(side) if isinstance(n, Derivative)}
    found = compare(left, right, min(variables, default=""), domain)
    if found.word is Word.REFUTED:
        if case.passage.kind == "function" and (named := by_name(left, right)):
            return named
        if agree_when_rounded(left, right, domain):
            return Judgement(Word.NOTE, reason="right only as far as rounded inputs go", kind=kind)
        if _defines(case.left):
            from symgrad.audit.checks.formula.misprinted import misprinted

            return misprinted(case) or unchecked("a definition", kind)
        if slope := _slope_beside(left, right):
            return unchecked(f"{slope} may be put in; {found.reason}", kind)
        if not is_derivative and (related := _related(left, right, case.passage.defined)):
            return unchecked(f"{related} may be related; {found.reason}", kind)
        if not is_derivative and differ_in_signs(left, right):
            return unchecked(f"perhaps a condition, of terms with other signs; {found.reason}", kind)
        if not is_derivative and _is_implicit(left, right):
            said = f"perhaps an equation between its letters; {found.reason}"
            return Judgement(Word.UNCHECKED, reason=said, kind=kind, excused=True)
        if at := _at_the_place(case, left, right):
            return at
        if doubt := _doubt(case, left, right):
            return unchecked(f"{doubt}; {found.reason}", kind)
        if not is_derivative and (_is_of_exponentials(left, right, domain) or is_near_a_solution(case, left, right)):
            return unchecked(f"perhaps an equation that is to be solved; {found.reason}", kind)
        if meant := holds_with_value(left, right):
            if case.passage.kind == "function" or _OUTPUT.search(case.passage.before[-NEAR:]):
                return Judgement(Word.NOTE, meant, f"it holds with {meant}", kind)
            return Judgement(Word.REFUTED, meant, f"as written; it holds with {meant}", OF_ACTIVATIONS)
    return Judgement(found.word, reason=found.reason, kind=kind)


def _at_the_place(case: Case, left: Node, right: Node) -> Judgement | None:
    """Judge what differs at the numbers that the words of its sentence give to its letters: "for x = π/5"."""
    places: dict[str, Node] = {}
    for text in case.passage.sentence.said("for", "at", "with", "if", "where", "holds exactly for"):
        parse = parsed(text, case.reading)
        for chain in () if isinstance(parse, str) else parse[0]:
            match [side.node for side in chain.sides], chain.relations:
                case [Symbol(name), value], ("=",) if value is not None and not symbols(value) - {"pi"}:
                    places[name] = value
    if not places.keys() & (symbols(left) | symbols(right)):
        return None
    there, where = (put(left, places), put(right, places)), ", ".join(sorted(places))
    if not any(map(symbols, there)) and judge(there, "=")[0] is Word.CONFIRMED:
        return Judgement(Word.CONFIRMED, reason=f"for the {where} of its sentence", kind="identity")
    return unchecked(f"perhaps for the {where} of its sentence alone", "identity")


def _of_any_functions(left: Node, right: Node, domain: ClaimDomain) -> Judgement | None:
    """Confirm what holds whatever the unknown functions are: log(p(x)/q(x)) = log p(x) - log q(x); else None."""
    if left == right or _may_be_defined(left, right) or _may_be_defined(right, left):
        return None
    if not any(isinstance(n, Unknown | Derivative | Integral) for side in (left, right) for n in walk(side)):
        return None
    from symgrad.audit.checks.formula.any_function import agree_for_any

    if not agree_for_any(left, right, domain):
        return None
    return Judgement(Word.CONFIRMED, reason="whatever the functions are", kind="identity")


# --- what is not checked ------------------------------------------------------------------------------


def unclear(node: Node) -> str:
    """Return why a side cannot be checked, or nothing."""
    if "∞" in symbols(node):
        return "a limit at infinity"
    if perhaps_imaginary(node):
        return "i may be the imaginary unit"
    if _is_operator(node):
        return "δ may be a change of what stands behind it"
    for n in walk(node):
        if isinstance(n, Unknown):
            return SAID.get(n.name, f"the function {n.name} is not known")
        if isinstance(n, Integral):
            return "an integral inside a formula"
        if isinstance(n, Derivative) and n.variable not in symbols(n.body):
            return "what is differentiated is not written out"
        if isinstance(n, Derivative) and _is_at_a_place(n):
            return f"{n.variable} may be a function, at a place"
        if isinstance(n, Derivative) and (letter := _summed(n)):
            return f"{letter} under a sum may be {n.variable}"
    return ""


def perhaps_imaginary(*nodes: Node) -> bool:
    """Tell whether i or j stands in formulas beside an exponential function, a sine or a root."""
    waves = any(isinstance(n, Apply) and n.name in WAVES for node in nodes for n in walk(node))
    return waves and any(symbols(node) & IMAGINARY for node in nodes)


def _is_at_a_place(derivative: Derivative) -> bool:
    """Tell whether a number stands behind the letter that is differentiated, as a place would: d/dz z(2π)."""
    match derivative.body:
        case Apply("*", (Symbol(name), factor)) if name == derivative.variable:
            return symbols(factor) <= {"pi"}
    return False


def _is_operator(node: Node) -> bool:
    """Tell whether δ or Δ may be an operator: it stands before a factor."""
    return any(
        isinstance(n, Apply) and n.name == "*" and n.arguments[0] in (Symbol("delta"), Symbol("Delta"))
        for n in walk(node)
    )


def _summed(derivative: Derivative) -> str:
    """Return a letter with the index of a sum, which may be that of the variable: s_i under ∑, by s_0; or nothing."""
    base = derivative.variable.partition("_")[0]
    for n in walk(derivative.body):
        if isinstance(n, Big):
            for letter in symbols(n.body):
                name, _, index = letter.partition("_")
                if name == base and index and n.variable in index:
                    return letter
    return ""


def _may_be_defined(side: Node, other: Node) -> bool:
    """Tell whether the other side may say what this one is: a letter that does not stand in it, or a function."""
    if isinstance(side, Unknown):
        return side.name not in SUMS
    return isinstance(side, Symbol) and side.name not in symbols(other)


def _is_derivative(node: Node) -> bool:
    """Tell whether a side is the derivative of what is written out, or a sum of such: d(x²)/dx + d(3x)/dx, tanh'(z)."""
    match node:
        case Derivative(body):
            return not isinstance(body, Symbol | Unknown)
        case Apply("+" | "-" | "neg", arguments):
            return all(map(_is_derivative, arguments))
        case Apply(_, _, primes):
            return primes > 0
    return False


def _calls(node: Node) -> list[Apply]:
    """Return the known functions in a side that have a letter in them; e^x is one."""
    found = []
    for n in walk(node):
        if isinstance(n, Apply) and symbols(n):
            is_power = n.name == "^" and isinstance(n.arguments[0], Apply) and n.arguments[0].name == "e"
            if (is_function(n.name) and n.name not in ("abs", "sqrt")) or n.name == "log" or is_power:
                found.append(n)
    return found


def _no_identity(left: Node, right: Node) -> str:
    """Return why an equation is no identity between known functions, or nothing."""
    if isinstance(left, Symbol) or isinstance(right, Symbol):
        return "a definition, or an equation"
    if not symbols(right) and len(symbols(left)) >= TIED:
        return "perhaps what ties the letters to each other"
    if symbols(left) == symbols(right) and (_is_counted(left) or _is_counted(right)):
        return ""
    calls = len(_calls(left)), len(_calls(right))
    if sum(calls) < 2:
        return "no identity between known functions"
    if symbols(left) != symbols(right) and symbols(right):
        return "letters that the other side does not have"
    if not symbols(right) and not _squares_only(left) and not _inverses_only(left):
        return "perhaps an equation that is to be solved"
    inner = {x for side in (left, right) for n in _calls(side) for x in symbols(n)}
    alone = len(inner) == 1 and not (_has_sum(left) or _has_sum(right))
    if calls == (1, 1) and alone and all(_is_exponential(n) for side in (left, right) for n in _calls(side)):
        return "perhaps an equation that is to be solved"
    if calls == (1, 1) and len(inner) == 1 and not (_has_square(left) or _has_square(right)):
        same = {n.name for side in (left, right) for n in _calls(side)}
        if len(same) > 1 and not _has_sum(left) and not _has_sum(right):
            return "perhaps an equation that is to be solved"
    return ""


def _is_counted(node: Node) -> bool:
    """Tell whether a side is a sum or a product up to a letter of a natural number, or a multiple of it."""
    match node:
        case Big("∑" | "∏", _, Number(), high):
            return bool(symbols(high)) and all(x.partition("_")[0] in WHOLE for x in symbols(high))
        case Apply("*" | "/" | "neg", arguments):
            return any(map(_is_counted, arguments))
    return False


def _is_exponential(n: Apply) -> bool:
    return n.name in ("^", "exp")


def _is_of_exponentials(left: Node, right: Node, domain: ClaimDomain) -> bool:
    """Tell whether two sides of one letter, with e^x and the like alone, are perhaps an equation for it.

    They are, where a decimal other than 1/2 and 1/4 stands in them, or where they are equal for a positive number.
    """
    if len(symbols(left) | symbols(right)) != 1 or not all(map(_is_exponential, (*_calls(left), *_calls(right)))):
        return False
    numbers = (n for side in (left, right) for n in walk(side) if isinstance(n, Number) and n.places and n.value)
    return any(1 / n.value not in (2, 4) for n in numbers) or crosses(left, right, domain)


def is_near_a_solution(case: Case, left: Node, right: Node) -> bool:
    """Tell whether the text around solves for the one letter of two sides: "f(x) = 0", "solving for x"."""
    before, after = case.passage.before, case.passage.after
    around = _SOLVES.search(before[-NEAR_SOLVED:]) or _SOLVES.search(after[:NEAR_SOLVED])
    return len(symbols(left) | symbols(right)) == 1 and bool(around)


def _squares_only(node: Node) -> bool:
    """Tell whether every function in a side stands in a square, sech²x + tanh²x."""
    squared = {id(n.arguments[0]) for n in walk(node) if _is_square(n)}  # type: ignore[union-attr]
    return all(id(n) in squared for n in _calls(node))


def _inverses_only(node: Node) -> bool:
    """Tell whether the functions in a side are inverse ones, asin x + acos x = π/2."""
    return all(n.name.startswith("a") and n.name != "abs" for n in _calls(node))


def _is_square(n: Node) -> bool:
    return isinstance(n, Apply) and n.name == "^" and isinstance(n.arguments[1], Number) and n.arguments[1].value == 2


def _has_square(node: Node) -> bool:
    return any(map(_is_square, walk(node)))


def _has_sum(node: Node) -> bool:
    return any(isinstance(n, Apply) and n.name in ("+", "-", "/") for n in walk(node))


def _doubt(case: Case, left: Node, right: Node) -> str:
    """Return why two formulas that differ need not be a wrong claim, or nothing."""
    if case.relation == "≈":
        return "it may be meant for large or small letters"
    for side, other in ((left, right), (right, left)):
        if symbols(other) or (_calls(side) and (_squares_only(side) or _inverses_only(side))):
            continue
        if not _is_derivative(side) or not is_constant(side):
            return "perhaps an equation, or a value at a place"
    one = {x: Symbol(x.partition("_")[0]) for x in symbols(left) | symbols(right) if "_" in x}
    if len(one) > 1 and compare(put(left, one), put(right, one), domain=case.domain).word is Word.CONFIRMED:
        return "it holds where indices are the same"
    for side in (left, right):
        for n in walk(side):
            if isinstance(n, Derivative) and (letter := dependent(n, case.passage.defined)):
                return f"{letter} may depend on {n.variable}"
    return ""


def _related(left: Node, right: Node, defined: frozenset[str]) -> str:
    """Return letters that may depend on each other: of one name with different indices, or such as the text defines."""
    letters = sorted(symbols(left) | symbols(right))
    bases = [x.partition("_")[0] for x in letters]
    again = [x for x in letters if "_" in x and bases.count(x.partition("_")[0]) > 1]
    if again or (len(letters) > 1 and any(x in defined or x.partition("_")[0] in defined for x in letters)):
        return ", ".join(again or letters)
    return ""


def _slope_beside(left: Node, right: Node) -> str:
    """Return a letter with a prime, y', beside the letter itself: a text puts in what it is; or nothing."""
    letters = symbols(left) | symbols(right)
    return next((x for x in sorted(letters) if "'" in x and x.rstrip("'") in letters), "")


def _is_implicit(left: Node, right: Node) -> bool:
    """Tell whether two formulas of several letters may say how these depend on each other: x cos y = y sin x + 1/2.

    They may, where a letter stands outside of the functions in them, and is no factor of both sides, unless the sides
    share a function of the same.
    """
    if len(symbols(left) | symbols(right)) < 2 or set(_calls(left)) & set(_calls(right)):
        return False
    return not all(_is_factor(x, left) and _is_factor(x, right) for x in _outside(left) | _outside(right))


def _is_factor(letter: str, side: Node) -> bool:
    """Tell whether a side is twice as large where a letter is."""
    two = Number(Fraction(2), "2")
    doubled = put(side, {letter: Apply("*", (two, Symbol(letter)))})
    return compare(doubled, Apply("*", (two, side))).word is Word.CONFIRMED


def _outside(node: Node) -> frozenset[str]:
    """Return the letters that stand outside of known functions."""
    if isinstance(node, Apply) and node in _calls(node):
        return frozenset()
    if isinstance(node, Symbol):
        return symbols(node)
    return frozenset().union(*map(_outside, children(node)))


def dependent(derivative: Derivative, defined: frozenset[str]) -> str:
    """Return a letter that the text defines, or that seldom is a constant, beside the variable of a derivative."""
    for letter in sorted(symbols(derivative.body) - {derivative.variable, "pi"} - _constants(derivative.body)):
        base = letter.partition("_")[0]
        if derivative.partial and {letter, derivative.variable} <= COORDINATES - defined:
            continue
        if base != derivative.variable.partition("_")[0] and (base in defined or base[0].isupper() or base in VALUES):
            return letter
    return ""


def _constants(node: Node) -> frozenset[str]:
    """Return C where it is added to a formula, a constant of integration, and stands nowhere else in it."""
    match node:
        case Apply("+", (inner, Symbol("C"))) if "C" not in symbols(inner):
            return symbols(Symbol("C"))
    return frozenset()


def _defines(node: Node) -> bool:
    """Tell whether a side is a function of a letter, σ(z), which the other side may define."""
    return isinstance(node, Apply) and node.name == USUAL and not node.primes and isinstance(node.arguments[0], Symbol)


def holds_with_value(left: Node, right: Node) -> str:
    """Return with which value of the activation a wrong slope holds: σ'(a) = s (1 - s) with s = σ(a)."""
    if not (isinstance(left, Apply) and left.primes == 1 and isinstance(left.arguments[0], Symbol)):
        return ""
    letter = left.arguments[0].name
    for name in known_by_output() if left.name == USUAL else [left.name]:
        value = Apply(name, (Symbol(letter),))
        if compare(Apply(name, left.arguments, 1), put(right, {letter: value})).word is Word.CONFIRMED:
            called = "σ" if name == USUAL else shown(name)
            of = "" if name == left.name else f"σ = {called} and "
            return f"{of}s = {called}({letter}) in the place of {letter}"
    return ""
