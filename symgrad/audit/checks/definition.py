"""What is no claim: definitions, z := w a + b, and conditions, for w ≥ 4."""

from __future__ import annotations

from symgrad.audit.case import Case
from symgrad.audit.checks.formula.several import above, subscripted
from symgrad.audit.finding import Judgement, Word
from symgrad.audit.words.sentence import LIMITS
from symgrad.reading.known import USUAL
from symgrad.reading.tree import Apply, Derivative, Node, Symbol, Unknown, symbols

BOUNDS = frozenset("<≤>≥≠∈→")
STATED = LIMITS | {"but for"}


def definition(case: Case) -> Judgement | None:
    """Call "let x = …" a definition; None for anything else."""
    if case.relation == "=" and case.passage.role in ("let", "where") and _is_named(case.left):
        return Judgement(Word.DEFINITION, reason=f"the text says “{case.passage.role}”", kind="definition")
    if case.relation == "=" and _is_defined(case):
        return Judgement(Word.DEFINITION, reason="it says what the function is", kind="definition")
    return None


def _is_named(node: Node) -> bool:
    """Tell whether a side is a letter, or σ of a letter."""
    return isinstance(node, Symbol) or (
        isinstance(node, Apply) and node.name == USUAL and not node.primes and isinstance(node.arguments[0], Symbol)
    )


def _is_defined(case: Case) -> bool:
    """Tell whether the left side is a function of letters that this formula defines as the right side."""
    match case.left:
        case Unknown(name, arguments, 0) if name in case.known:
            letters, body = case.known[name]
            if arguments != tuple(map(Symbol, letters)) or body != case.right:
                return False
            return "_" not in name or subscripted(case.left, above(case)) is None  # f_x(x, y), of f(x, y)
    return False


def condition(case: Case) -> Judgement | None:
    """Call a bound of a letter a condition where the words before it do, "for w ≥ 4"; None for anything else."""
    role = case.passage.role
    if role not in STATED or case.closed or case.passage.sentence.parts[case.passage.at].display:
        return None
    of_letter = _is_quantity(case.left) or _is_quantity(case.right)
    if case.relation in BOUNDS and of_letter:
        return _condition(role)
    return _condition(role) if case.relation == "=" and role != "where" and _is_given(case.left) else None


def stated(case: Case) -> Judgement | None:
    """Call what no check could judge a condition where the words before it do; None for anything else."""
    role, part = case.passage.role, case.passage.sentence.parts
    if role in STATED and role != "where" and not case.closed and not part[case.passage.at].display:
        return _condition(role)
    return None


def _condition(role: str) -> Judgement:
    return Judgement(Word.CONDITION, reason=f"the text says “{role}”", kind="condition")


def _is_quantity(node: Node) -> bool:
    """Tell whether a side is a letter, its size, or the size of a derivative by name."""
    match node:
        case Apply("abs" | "norm1" | "norm2", (inner,)):
            return _is_quantity(inner)
        case Derivative(Symbol(), _):
            return True
    return isinstance(node, Symbol) and bool(symbols(node))


def _is_given(node: Node) -> bool:
    """Tell whether a side is a letter, or the mean of letters, which a condition gives."""
    return _is_quantity(node) or (isinstance(node, Unknown) and node.name == "E")
