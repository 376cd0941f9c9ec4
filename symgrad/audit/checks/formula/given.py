"""Claims about what formulas above give to letters: after a = 3 and b = 0.5, a^2 + b = 9.5; A x for printed A and x."""

from __future__ import annotations

import re
from dataclasses import replace

from symgrad.audit.case import Case, is_closed
from symgrad.audit.checks.formula.arrays import agree_by_components, agree_by_entries, as_columns
from symgrad.audit.checks.formula.defined import remembered
from symgrad.audit.checks.formula.identity import unclear
from symgrad.audit.checks.formula.points import compare
from symgrad.audit.checks.formula.several import functions_of
from symgrad.audit.checks.formula.usual_letters import UNITS, means_in
from symgrad.audit.checks.number import numeric as numbers
from symgrad.audit.definitions import Definitions
from symgrad.audit.finding import Judgement, Passage, Word, unchecked
from symgrad.audit.given import CONSTANTS, FIELDS, OPERATORS, Given, known_before, put_in
from symgrad.reading.tree import Apply, Big, Derivative, Node, Number, Symbol, Tuple, Unknown, symbols, walk

KIND = "numeric"
WITH = "with what is given above"
SOLVED = 200
"""Characters behind an equation in which its solution may stand."""
NEAR = 120
_BLANK = re.compile(r"\n[ \t]*\n")
_THEN = re.compile(
    r"\b(?:then|so|thus|hence|therefore|(?:we|one) (?:get|have|find|obtain|compute)s?|gives?|yields?)\b"
    r"[^.?!$\n]{0,12}\$?\Z|\b(?:with|for) [^.?!\n]*,\s*\$?\Z",
    re.IGNORECASE,
)
"""Words after which a formula of letters with numbers is a claim, be its value an integer."""


def given_values(case: Case) -> Judgement | None:
    """Judge an equation with what the text above says of its letters and functions; None where it says nothing.

    It is refuted where each letter has a number right before it, and the words or a decimal say that it is computed.
    """
    if case.relation not in ("=", "≈") or case.closed:
        return None
    known, functions = known_before(case), _functions(case)
    if Big in case.types and (means := means_in(case.nodes[-2:])):
        known = {**means, **known}
    if not _is_about(case, known, functions) or _is_restated(case, known, functions):
        return None
    left, right = (put_in(n, known, functions) for n in case.nodes[-2:])
    if left is None or right is None or (left, right) == case.nodes[-2:]:
        return None
    if left == right:
        return Judgement(Word.CONFIRMED, reason=WITH, kind=KIND) if _is_put_in(case.left) else None
    vectors = UNITS.keys() & map(Symbol, symbols(left) | symbols(right))
    if vectors and (said := _of_arrays(case, {**UNITS, **known}, (left, right))):
        return said
    if any(isinstance(n, Tuple) for side in (left, right) for n in walk(side)):
        return _of_arrays(case, known, (left, right))
    if not is_closed(left) or not is_closed(right):
        return _of_letters(case, left, right)
    said = _by_value(case, left, right)
    if said.word is Word.CONFIRMED or _is_certain(case, known):
        return replace(said, reason="; ".join(filter(None, (said.reason, WITH))), sides=(left, right))
    return unchecked(f"perhaps other numbers; {WITH} it is {said.value}") if said.value else None


def _functions(case: Case) -> Definitions:
    """Return the functions that the text defines up to a claim."""
    single, _ = remembered(tuple(text for _, text in case.passage.definitions), case.reading)
    return {**{n: ((letter,), body) for n, (letter, body) in single.items()}, **functions_of(case), **case.known}


def _is_about(case: Case, known: Given, functions: Definitions) -> bool:
    """Tell whether something in a claim is given above."""
    match case.left:
        case Unknown(name, (Symbol(of),)) if name in FIELDS and of in functions:
            return True
    return any(
        n in known if isinstance(n, Symbol) else isinstance(n, Unknown) and (n.name in functions or n in known)
        for side in case.nodes[-2:]
        for n in walk(side)
    )


def _is_restated(case: Case, known: Given, functions: Definitions) -> bool:
    """Tell whether a claim says again what a letter is, or says it anew: x = 3 after x = 3, or after x = 5."""
    match case.left:
        case Symbol() as name:
            if _is_array(case.right, known) and isinstance(known.get(name), Tuple):
                return False  # A = L U with all of them printed
            if name not in known or (isinstance(case.right, Number) and isinstance(known[name], Number)):
                return True
            return bool(symbols(case.right)) and not symbols(known[name])  # a formula of which a value is given
        case Unknown(function, arguments) as name if function not in OPERATORS:
            if name in known:
                return isinstance(case.right, Number) and isinstance(known[name], Number)
            return function not in functions or (
                arguments == tuple(map(Symbol, functions[function][0])) and case.right == functions[function][1]
            )
    return isinstance(case.right, Symbol) and case.right not in known


def _is_array(node: Node, known: Given) -> bool:
    """Tell whether a formula is a product of letters that are arrays."""
    letters = symbols(node)
    return len(letters) > 1 and all(isinstance(known.get(Symbol(x)), Tuple) for x in letters)


def _is_put_in(node: Node) -> bool:
    """Tell whether a side is more than a name: what is put in says something then, w x + b = 2 · 3 + 1."""
    match node:
        case Unknown(_, arguments):
            return not all(isinstance(n, Symbol | Number) for n in arguments)
    return bool(symbols(node)) and not isinstance(node, Symbol)


def _by_value(case: Case, left: Node, right: Node) -> Judgement:
    return numbers.numeric(replace(case, nodes=(left, right))) or unchecked("no numbers")


def _of_arrays(case: Case, known: Given, sides: tuple[Node, Node]) -> Judgement | None:
    """Confirm arrays that are equal with what is put in; what differs may be about other arrays, or a cross product."""
    columns = {name: as_columns(node) for name, node in known.items()}
    left, right = (put_in(as_columns(n), columns, {}) for n in case.nodes[-2:])
    if left is None or right is None:
        return None
    if symbols(left) | symbols(right):
        return Judgement(Word.CONFIRMED, reason=WITH, kind=KIND) if agree_by_components(*sides) else None
    closed = not any(map(symbols, sides))
    if agree_by_entries(left, right) or (closed and _by_value(case, *sides).word is Word.CONFIRMED):
        return Judgement(Word.CONFIRMED, reason=WITH, kind=KIND)
    return unchecked("perhaps other arrays")


def _of_letters(case: Case, left: Node, right: Node) -> Judgement | None:
    """Confirm formulas that are equal with what is put in; what differs may be about other letters."""
    match left, right:
        case Apply("lim", (one, here, inner)), Apply("lim", (other, there, more)) if (one, here) == (other, there):
            left, right = inner, more  # limits of what is equal
    if any(isinstance(side, Symbol) for side in (left, right)) or any(map(unclear, (left, right))):
        return None
    if not symbols(right) <= symbols(left):
        return None
    is_field = isinstance(case.left, Unknown) and case.left.name in FIELDS
    loses = any(isinstance(n, Derivative) and not symbols(n.body) <= symbols(right) for n in walk(left))
    if loses and not is_field:
        return None
    found = compare(left, right, domain=case.domain)
    if found.word is not Word.CONFIRMED:
        return None
    return Judgement(Word.CONFIRMED, reason=f"{WITH}, {found.reason}", kind="definition")


# --- what may be refuted --------------------------------------------------------------------------------


def _is_certain(case: Case, known: Given) -> bool:
    """Tell whether a claim computes something of letters that each have one number in the words right before it."""
    passage, names = case.passage, symbols(case.left)
    if len(case.nodes) != 2 or not isinstance(case.left, Apply) or symbols(case.right) or passage.kind != "math":
        return False
    if any(isinstance(n, Unknown) for n in walk(case.left)) or CONSTANTS & frozenset(map(Symbol, names)):
        return False
    if any("'" in x or "_" in x for x in names) or "pi" in passage.text:
        return False
    follows = _THEN.search(passage.before[-NEAR:]) is not None
    decimal = any(isinstance(n, Number) and n.places for n in walk(case.right)) or "10^" in passage.text
    if not (follows or decimal) or _is_solved(passage, names):
        return False
    return all(_is_beside(passage, name, known.get(Symbol(name))) for name in names)


def _is_solved(passage: Passage, names: frozenset[str]) -> bool:
    """Tell whether an equation is solved for a letter right behind it: 3x + 2x = 10, x = 2."""
    after = passage.after[:SOLVED]
    return any(re.search(rf"(?<![A-Za-z\\])\\?{re.escape(x)}\s*&?\s*(?:=|\\approx\b|≈)", after) for x in names)


def _is_beside(passage: Passage, name: str, value: Node | None) -> bool:
    """Tell whether a formula of its own gives a letter its number in the paragraph before, or right above a display."""
    inner = value.arguments[0] if isinstance(value, Apply) and value.name == "neg" else value
    if not isinstance(inner, Number):
        return False
    pattern = re.compile(rf"\$\s*\\?{re.escape(name)}\s*=\s*[-−]?{re.escape(inner.text)}\s*[.,]?\s*\$")
    last = next(reversed(list(pattern.finditer(passage.before))), None)
    if last is None:
        return False
    between = passage.before[last.end() :]
    display = passage.sentence.parts and passage.sentence.parts[passage.at].display
    return not _BLANK.search(between.rstrip(" \n$\\[") if display else between)
