"""Claims with letters: derivatives, integrals, identities between known functions, bounds of slopes.

Both sides are enclosed at points. Sides that are disjoint wherever both are defined are refuted; sides that agree at
some points and not at others hold on a part of the domain, which is not called wrong. What may be a definition or an
equation to be solved is not checked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from symgrad.audit.checks.domain import Domain
from symgrad.audit.checks.points import EVERYWHERE, compare
from symgrad.audit.finding import Word
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Derivative, Integral, Node, Number, Symbol, Unknown, symbols, walk
from symgrad.reading.value import FUNCTIONS, UndefinedError, evaluate

Judgement = tuple[str, Word, str, str]
"""What kind of claim it is, the verdict, the right value, the reason."""

Definitions = Mapping[str, tuple[tuple[str, ...], Node]]
"""Functions that the passage itself defines: their letters and what they are."""

STEEPEST = {"sigmoid": Fraction(1, 4), "tanh": Fraction(1)}
"""The greatest slopes, at 0."""
SAID = {"…": "dots stand for what is left out", "±": "two values: ±", "\\cases": "a value for each of several cases"}
SAID |= {"\\set": "a set", "∇": "a gradient by name"}
"""What else than a function is unknown."""
IMAGINARY = frozenset(("i", "j"))
"""Letters that may be the imaginary unit, where there is an exponential function."""


def symbolic(nodes: Sequence[Node], relation: str, known: Definitions, domain: Domain = EVERYWHERE) -> Judgement:
    """Judge the last side of a chain against the one before it, on a domain."""
    left, right = (written_out(n, known) for n in nodes[-2:])
    if relation in ("<", "≤", ">", "≥"):
        return _bound(left, relation, right)
    if relation not in ("=", "≈"):
        return "", Word.UNCHECKED, "", f"the relation {relation}"
    first = written_out(nodes[0], known)
    if isinstance(first, Integral):
        return _integral(first, right)
    for node in (left, right):
        if reason := _unclear(node):
            return "", Word.UNCHECKED, "", reason
    is_derivative = any(_is_derivative(n) for n in (left, right, *(written_out(n, known) for n in nodes[:-2])))
    reason = "" if is_derivative else _no_identity(left, right)
    if not reason and not symbols(right) <= symbols(left):
        reason = "letters that the other side does not have"
    if reason:
        lone = any(isinstance(n, Symbol | Unknown) for n in (left, right, *nodes[-2:]))
        if not lone and (found := compare(left, right, domain=domain)).word is Word.CONFIRMED:
            return "identity", found.word, "", found.reason
        return "", Word.UNCHECKED, "", reason
    kind = "derivative" if is_derivative else "identity"
    variables = {n.variable for side in (left, right) for n in walk(side) if isinstance(n, Derivative)}
    found = compare(left, right, min(variables, default=""), domain)
    if found.word is Word.REFUTED:
        if _defines(nodes[-2]):
            return kind, Word.UNCHECKED, "", "a definition"
        if meant := _holds_with_value(left, right):
            return kind, Word.REFUTED, meant, f"as written; it holds with {meant}"
    return kind, found.word, "", found.reason


# --- what is not checked ------------------------------------------------------------------------------


def _unclear(node: Node) -> str:
    """Return why a side cannot be checked, or nothing."""
    waves = any(isinstance(n, Apply) and n.name in ("e", "exp", "sqrt", "sin", "cos") for n in walk(node))
    if "∞" in symbols(node):
        return "a limit at infinity"
    if waves and symbols(node) & IMAGINARY:
        return "i may be the imaginary unit"
    for n in walk(node):
        if isinstance(n, Unknown):
            return SAID.get(n.name, f"the function {n.name} is not known")
        if isinstance(n, Integral):
            return "an integral inside a formula"
        if isinstance(n, Derivative) and n.variable not in symbols(n.body):
            return "what is differentiated is not written out"
    return ""


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
            if n.name in FUNCTIONS or n.name == "log" or is_power:
                found.append(n)
    return found


def _no_identity(left: Node, right: Node) -> str:
    """Return why an equation is no identity between known functions, or nothing."""
    if isinstance(left, Symbol) or isinstance(right, Symbol):
        return "a definition, or an equation"
    calls = len(_calls(left)), len(_calls(right))
    if sum(calls) < 2:
        return "no identity between known functions"
    if symbols(left) != symbols(right) and symbols(right):
        return "letters that the other side does not have"
    if not symbols(right) and not _squares_only(left) and not _inverses_only(left):
        return "perhaps an equation that is to be solved"
    if calls == (1, 1) and len(symbols(left)) == 1 and not (_has_square(left) or _has_square(right)):
        same = {n.name for side in (left, right) for n in _calls(side)}
        if len(same) > 1 and not _has_sum(left) and not _has_sum(right):
            return "perhaps an equation that is to be solved"
    return ""


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


def _defines(node: Node) -> bool:
    """Tell whether a side is a function of a letter, σ(z), which the other side may define."""
    return (
        isinstance(node, Apply) and node.name == "sigmoid" and not node.primes and isinstance(node.arguments[0], Symbol)
    )


# --- definitions inside the passage ------------------------------------------------------------------


def written_out(node: Node, known: Definitions) -> Node:
    """Put what the passage defines in the place of its functions: f'(x) with f(x) = x³."""
    match node:
        case Unknown(name, arguments, primes) if name in known:
            letters, body = known[name]
            given = tuple(written_out(a, known) for a in arguments)
            if len(letters) == len(given) == 1 and primes:
                if given[0] == Symbol(letters[0]):
                    return Derivative(body, letters[0], primes)
            elif not primes and len(letters) == len(given):
                return put(body, dict(zip(letters, given, strict=True)))
        case Derivative(Symbol(name), variable, order) if name in known and variable in known[name][0]:
            return Derivative(known[name][1], variable, order)
        case Derivative(body, variable, order):
            return Derivative(written_out(body, known), variable, order)
        case Apply(name, arguments, primes):
            return Apply(name, tuple(written_out(a, known) for a in arguments), primes)
    return node


def put(node: Node, letters: Mapping[str, Node]) -> Node:
    """Put nodes in the place of letters."""
    match node:
        case Symbol(name):
            return letters.get(name, node)
        case Apply(name, arguments, primes):
            return Apply(name, tuple(put(a, letters) for a in arguments), primes)
        case Unknown(name, arguments, primes):
            return Unknown(name, tuple(put(a, letters) for a in arguments), primes)
    return node


# --- integrals, bounds, slopes by their values --------------------------------------------------------


def _integral(first: Integral, right: Node) -> Judgement:
    """Judge ∫ f dx = F + C by the derivative of F."""
    if first.low is not None or first.high is not None:
        return "integral", Word.UNCHECKED, "", "a definite integral"
    for node in (first.body, right):
        if reason := _unclear(node):
            return "integral", Word.UNCHECKED, "", reason
    if first.variable not in symbols(right):
        return "integral", Word.UNCHECKED, "", "no antiderivative"
    if not symbols(first.body) <= symbols(right) | {first.variable}:
        return "integral", Word.UNCHECKED, "", "letters that the other side does not have"
    found = compare(Derivative(right, first.variable), first.body, first.variable)
    return "integral", found.word, "", found.reason


def _bound(left: Node, relation: str, right: Node) -> Judgement:
    """Judge a bound of the slope of a known activation: |σ'(z)| < 1/4 is wrong at z = 0."""
    if relation in (">", "≥"):
        left, relation, right = right, {">": "<", "≥": "≤"}[relation], left
    inner = left.arguments[0] if isinstance(left, Apply) and left.name == "abs" else left
    if not (isinstance(inner, Apply) and inner.primes == 1 and inner.name in STEEPEST and not symbols(right)):
        return "inequality", Word.UNCHECKED, "", "a condition, or a bound that is not known"
    try:
        bound, steepest = evaluate(right, {}), STEEPEST[inner.name]
    except (NotUnderstoodError, UndefinedError) as error:
        return "inequality", Word.UNCHECKED, "", str(error)
    top = steepest.numerator / type(bound)(steepest.denominator)
    if bound > top or (relation == "≤" and bound == top):
        return "inequality", Word.CONFIRMED, "", "the greatest slope"
    if relation == "<" and bound == top:
        return "inequality", Word.REFUTED, f"≤ {steepest}", "at 0 both sides are equal"
    return "inequality", Word.UNCHECKED, "", "perhaps a condition: the slope can be larger"


def _holds_with_value(left: Node, right: Node) -> str:
    """Return with which value of the activation a wrong slope holds: σ'(a) = s (1 - s) with s = σ(a)."""
    if not (isinstance(left, Apply) and left.primes == 1 and isinstance(left.arguments[0], Symbol)):
        return ""
    letter = left.arguments[0].name
    for name, shown in (("sigmoid", "σ"), ("tanh", "tanh")):
        if left.name not in ("sigmoid", name):
            continue
        value = Apply(name, (Symbol(letter),))
        if compare(Apply(name, left.arguments, 1), put(right, {letter: value})).word is Word.CONFIRMED:
            of = "" if name == left.name else f"σ = {shown} and "
            return f"{of}s = {shown}({letter}) in the place of {letter}"
    return ""
