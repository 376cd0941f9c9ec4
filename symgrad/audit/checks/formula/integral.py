"""Antiderivatives: ∫ f dx = F + C, judged by the derivative of F; by parts, ∫ x e^x dx = x e^x - ∫ e^x dx; u = g(x)."""

from __future__ import annotations

from symgrad.audit.case import Case
from symgrad.audit.checks.formula.any_function import agree_for_any
from symgrad.audit.checks.formula.identity import unclear
from symgrad.audit.checks.formula.points import compare
from symgrad.audit.definitions import put, written_out
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.audit.given import known_before
from symgrad.reading.tree import Apply, Derivative, Integral, Node, Symbol, Unknown, symbols, walk

KIND = "integral"
CONSTANTS = frozenset(("C", "c", "K", "k", "C_1", "c_1", "const"))
"""Letters of a constant of integration."""


def integral(case: Case) -> Judgement | None:
    """Judge a chain that begins with an integral; None for any other, and for one of what is defined above."""
    said = _judged(case)
    unknown = said is not None and said.word is Word.UNCHECKED and Unknown in case.types
    return None if unknown and case.passage.definitions else said


def _judged(case: Case) -> Judgement | None:
    of = case.left if isinstance(case.left, Integral) else case.nodes[0]
    first, right = (written_out(n, case.known) for n in (of, case.right))
    if case.relation not in ("=", "≈"):
        return None
    if Integral in case.types and (said := _by_slopes(case)) is not None:
        return said
    if not isinstance(first, Integral):
        return None
    if isinstance(right, Integral) and (same := _of_one_integrand(first, right)):
        return same
    if first.low is not None or first.high is not None:
        return _definite(case, first)
    for node in (first.body, right):
        if reason := unclear(node):
            return unchecked(reason, KIND)
    if first.variable not in symbols(right):
        return unchecked("no antiderivative", KIND)
    if not symbols(first.body) <= symbols(right) | {first.variable}:
        return unchecked("letters that the other side does not have", KIND)
    if new := symbols(right) - symbols(first.body) - {first.variable} - CONSTANTS:
        return unchecked(f"{', '.join(sorted(new))} may depend on {first.variable}", KIND)
    sides = Derivative(right, first.variable), first.body
    found = compare(*sides, first.variable)
    return Judgement(found.word, reason=found.reason, kind=KIND, sides=sides)


def _of_one_integrand(left: Integral, right: Integral) -> Judgement | None:
    """Confirm ∫ f dx = ∫ g dx where f = g; what differs may be an integral by parts, or by a substitution."""
    limits = [(n.low, n.high, n.variable) for n in (left, right)]
    if limits[0] != limits[1] or left.body == right.body or unclear(left.body) or unclear(right.body):
        return None
    found = compare(left.body, right.body, left.variable)
    return Judgement(Word.CONFIRMED, reason=found.reason, kind=KIND) if found.word is Word.CONFIRMED else None


def _definite(case: Case, first: Integral) -> Judgement:
    """Judge ∫_0^a x² dx = a³/3, at numbers for its letters."""
    right = case.right
    inside = [first.body, right] if not isinstance(right, Integral) else [first.body, right.body]
    several = any(isinstance(n, Unknown | Integral) for n in (right, *walk(first.body), *walk(right)))
    if several and agree_for_any(case.left, right, case.domain):
        return Judgement(Word.CONFIRMED, reason="at points", kind=KIND)
    for node in inside:
        if reason := unclear(node):
            return unchecked(reason, KIND)
    if not any(isinstance(n, Integral) for side in case.nodes[-2:] for n in walk(side)):
        same = compare(case.left, right, domain=case.domain)
        if same.word is Word.CONFIRMED:
            return Judgement(Word.CONFIRMED, reason=same.reason, kind=KIND)
        return unchecked("a definite integral", KIND)  # F without its limits may stand there
    if "∞" in symbols(first) or case.left != first or not symbols(right) <= symbols(first) or not symbols(first):
        return unchecked("a definite integral", KIND)
    if first.variable not in symbols(first.body) and symbols(first.body):
        return unchecked(f"{', '.join(sorted(symbols(first.body)))} may depend on {first.variable}", KIND)
    lost = symbols(first.body) - {first.variable} - symbols(right) - _of_limits(first)
    if not isinstance(right, Integral) and lost:
        return unchecked(f"{', '.join(sorted(lost))} may depend on {first.variable}", KIND)
    found = compare(first, right, domain=case.domain)
    if found.word is Word.REFUTED and (case.relation != "=" or not symbols(right)):
        return unchecked("a definite integral", KIND)
    return Judgement(found.word, reason=found.reason, kind=KIND)


def _of_limits(n: Integral) -> frozenset[str]:
    return frozenset().union(*(symbols(end) for end in (n.low, n.high) if end is not None))


# --- antiderivatives in a formula -----------------------------------------------------------------------


def _by_slopes(case: Case) -> Judgement | None:
    """Confirm an equation between formulas with antiderivatives by one letter; None for any other, or where it fails.

    An integral by another letter is one by the first where the text says what the other letter is.
    """
    indefinite = [n for side in case.nodes[-2:] for n in walk(side) if _is_indefinite(n)]
    variables = sorted({n.variable for n in indefinite if isinstance(n, Integral)})
    if not variables or case.left == case.right:
        return None
    known = known_before(case)
    letters = symbols(case.left) | symbols(case.right)
    for x in variables:
        others = {u: known[Symbol(u)] for u in letters if _is_by(known.get(Symbol(u)), x)}
        left, right = (_slope(side, x, others) for side in _isolated(*case.nodes[-2:]))
        if left is None or right is None or unclear(left) or unclear(right):
            continue
        found = compare(left, right, x)
        if left == right or found.word is Word.CONFIRMED:
            return Judgement(Word.CONFIRMED, reason="by its derivative", kind=KIND)
    return None


def _isolated(left: Node, right: Node) -> tuple[Node, Node]:
    """Return an equation solved for the antiderivative on one of its sides: ∫ p dx = ln q for e^(∫ p dx) = q."""
    if _has_indefinite(right):
        return (left, right) if _has_indefinite(left) else _isolated(right, left)
    match left:
        case Apply("neg", (inner,)):
            return _isolated(inner, Apply("neg", (right,)))
        case Apply("*", (factor, inner)) | Apply("*", (inner, factor)) if not _has_indefinite(factor):
            return _isolated(inner, Apply("/", (right, factor)))
        case Apply("/", (inner, factor)) if not _has_indefinite(factor):
            return _isolated(inner, Apply("*", (right, factor)))
        case Apply("+", (inner, term)) | Apply("+", (term, inner)) if not _has_indefinite(term):
            return _isolated(inner, Apply("-", (right, term)))
        case Apply("exp", (inner,)) | Apply("^", (Apply("e", ()), inner)):
            return _isolated(inner, Apply("ln", (right,)))
    return left, right


def _has_indefinite(node: Node) -> bool:
    return any(map(_is_indefinite, walk(node)))


def _is_indefinite(n: Node) -> bool:
    return isinstance(n, Integral) and n.low is None and n.high is None


def _is_by(node: Node | None, x: str) -> bool:
    """Tell whether a formula for a letter is one of another, u = x² + 1."""
    return node is not None and symbols(node) == {x}


def _slope(node: Node, x: str, others: dict[str, Node]) -> Node | None:
    """Return the derivative of a formula by a letter, with that of an antiderivative as what is integrated."""
    match node:
        case Integral(body, variable, None, None):
            if variable == x:
                return put(body, others)
            inner = others.get(variable)
            return None if inner is None else Apply("*", (put(body, others), Derivative(inner, x)))
        case _ if not _has_indefinite(node):
            return Derivative(put(node, others), x)
        case Apply("+" | "-" | "neg" as sign, arguments):
            parts = [_slope(n, x, others) for n in arguments]
            return None if None in parts else Apply(sign, tuple(p for p in parts if p is not None))
        case Apply("*", (factor, inner)) | Apply("/", (inner, factor)) if _is_constant(factor, x, others):
            slope = _slope(inner, x, others)
            return None if slope is None else Apply(node.name, (factor, slope) if node.name == "*" else (slope, factor))
        case Apply("*", (inner, factor)) if _is_constant(factor, x, others):
            slope = _slope(inner, x, others)
            return None if slope is None else Apply("*", (factor, slope))
    return None


def _is_constant(node: Node, x: str, others: dict[str, Node]) -> bool:
    return x not in symbols(node) and not symbols(node) & others.keys() and not _has_indefinite(node)
