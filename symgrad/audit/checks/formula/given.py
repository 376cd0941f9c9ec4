"""Claims about what formulas above give to letters: after a = 3 and b = 0.5, a^2 + b = 9.5; A x for printed A and x."""

from __future__ import annotations

import re
from dataclasses import replace

from symgrad.audit.case import Case, is_closed
from symgrad.audit.checks.formula.arrays import agree_by_entries, as_columns
from symgrad.audit.checks.formula.identity import unclear
from symgrad.audit.checks.formula.points import compare
from symgrad.audit.checks.number.numeric import numeric
from symgrad.audit.finding import Judgement, Passage, Word, unchecked
from symgrad.audit.given import Given, given, of_chains, put_in
from symgrad.audit.parsed import parsed
from symgrad.reading.tree import Apply, Derivative, Node, Number, Symbol, Tuple, symbols, walk

KIND = "numeric"
SOLVED = 200
"""Characters behind an equation in which its solution may stand."""
NEAR = 120
CONSTANTS = frozenset(("e", "i", "j", "d", "pi"))
"""Letters that are no variables, or perhaps none."""
RIGHT = (Word.CONFIRMED, Word.NOTE)
_BLANK = re.compile(r"\n[ \t]*\n")
_THEN = re.compile(
    r"\b(?:then|so|thus|hence|therefore|(?:we|one) (?:get|have|find|obtain|compute)s?|gives?|yields?)\b"
    r"[^.?!$\n]{0,12}\$?\Z|\b(?:with|for) [^.?!\n]*,\s*\$?\Z",
    re.IGNORECASE,
)
"""Words after which a formula of letters with numbers is a claim, be its value an integer."""


def given_values(case: Case) -> Judgement | None:
    """Judge an equation with what the text above says of its letters; None where it says nothing.

    It is refuted where each letter has a number right before it, and the words or a decimal say that it is computed.
    """
    known = _known(case)
    here = symbols(case.left) | symbols(case.right)
    if case.relation not in ("=", "≈") or case.closed or not here & known.keys() or _is_restated(case, known):
        return None
    left, right = (put_in(n, known) for n in case.nodes[-2:])
    if left is None or right is None:
        return None
    with_what = "with what is given above"
    if left == right:
        is_put_in = symbols(case.left) and not symbols(case.right) and not isinstance(case.left, Symbol)
        return Judgement(Word.CONFIRMED, reason=with_what, kind=KIND) if is_put_in else None
    if any(isinstance(n, Tuple) for side in (left, right) for n in walk(side)):
        return _of_arrays(case, known, (left, right), with_what)
    if not is_closed(left) or not is_closed(right):
        return _of_letters(case, left, right, with_what)
    said = _by_value(case, left, right)
    if said.word is Word.CONFIRMED or _is_certain(case, known):
        return replace(said, reason="; ".join(filter(None, (said.reason, with_what))), sides=(left, right))
    return unchecked(f"perhaps other numbers; {with_what} it is {said.value}") if said.value else None


def _known(case: Case) -> Given:
    """Return what formulas above, and chains before this one in its formula, say of letters."""
    texts = tuple(text for _, text in case.passage.given)
    parse = parsed(case.passage.text, case.reading)
    before = [] if isinstance(parse, str) else [c for c in parse[0] if c.relations][: case.number]
    found = {**given(texts, case.reading), **of_chains(before)} if texts or before else {}
    return {name: node for name, node in found.items() if name not in CONSTANTS}


def _is_restated(case: Case, known: Given) -> bool:
    """Tell whether a claim says again what a letter is, or says it anew: x = 3 after x = 3, or after x = 5."""
    match case.left:
        case Symbol(name):
            return name not in known or (isinstance(case.right, Number) and isinstance(known[name], Number))
    return isinstance(case.right, Symbol) and case.right.name not in known


def _by_value(case: Case, left: Node, right: Node) -> Judgement:
    return numeric(replace(case, nodes=(left, right))) or unchecked("no numbers")


def _of_arrays(case: Case, known: Given, sides: tuple[Node, Node], with_what: str) -> Judgement | None:
    """Confirm arrays that are equal with what is put in; what differs may be about other arrays."""
    if any(map(symbols, sides)):
        return None
    columns = {name: as_columns(node) for name, node in known.items()}
    left, right = (put_in(as_columns(n), columns) for n in case.nodes[-2:])
    if left and right and (agree_by_entries(left, right) or _by_value(case, *sides).word is Word.CONFIRMED):
        return Judgement(Word.CONFIRMED, reason=with_what, kind=KIND)
    return unchecked("perhaps other arrays")


def _of_letters(case: Case, left: Node, right: Node, with_what: str) -> Judgement | None:
    """Confirm formulas that are equal with what is put in; what differs may be about other letters."""
    if any(isinstance(side, Symbol) for side in (left, right)) or any(map(unclear, (left, right))):
        return None
    if symbols(left) != symbols(right):
        return None
    if any(isinstance(n, Derivative) and not symbols(n.body) <= symbols(right) for n in walk(left)):
        return None
    found = compare(left, right, domain=case.domain)
    if found.word is not Word.CONFIRMED:
        return None
    return Judgement(Word.CONFIRMED, reason=f"{with_what}, {found.reason}", kind="definition")


# --- what may be refuted --------------------------------------------------------------------------------


def _is_certain(case: Case, known: Given) -> bool:
    """Tell whether a claim computes something of letters that each have one number in the words right before it."""
    passage, names = case.passage, symbols(case.left) | symbols(case.right)
    if len(case.nodes) != 2 or not isinstance(case.left, Apply) or symbols(case.right) or passage.kind != "math":
        return False
    if names & CONSTANTS or any("'" in x or "_" in x for x in names) or "pi" in passage.text:
        return False
    follows = _THEN.search(passage.before[-NEAR:]) is not None
    decimal = any(isinstance(n, Number) and n.places for n in walk(case.right)) or "10^" in passage.text
    if not (follows or decimal) or _is_solved(passage, names):
        return False
    return all(_is_beside(passage, name, known[name]) for name in names)


def _is_solved(passage: Passage, names: frozenset[str]) -> bool:
    """Tell whether an equation is solved for a letter right behind it: 3x + 2x = 10, x = 2."""
    after = passage.after[:SOLVED]
    return any(re.search(rf"(?<![A-Za-z\\])\\?{re.escape(x)}\s*&?\s*(?:=|\\approx\b|≈)", after) for x in names)


def _is_beside(passage: Passage, name: str, value: Node) -> bool:
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
