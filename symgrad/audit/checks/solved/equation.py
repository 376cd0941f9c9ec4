"""An equation of one letter and its solutions: x² - 5x + 6 = 0 gives x = 2 or x = 3."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from fractions import Fraction

from flint import acb

from symgrad.arithmetic.dyadic import ball as exact_ball
from symgrad.audit.case import Case, is_closed
from symgrad.audit.checks.number.rounding import printed
from symgrad.audit.checks.solved.fit import FAILS, IMAGINARY, OPEN, Equation, Fit, Kind, fit
from symgrad.audit.checks.solved.linked import Linked
from symgrad.audit.checks.solved.roots import roots
from symgrad.audit.checks.solved.statement import Statement, base_of, is_bare
from symgrad.audit.checks.solved.values import values_of
from symgrad.audit.definitions import Definitions, written_out
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.reading.tree import Apply, Node, Number, Symbol, Tuple, Unknown, symbols, walk
from symgrad.reading.value import evaluate

KIND = "solution"
CLOSED = frozenset(("e", "d"))
"""Letters that are perhaps none."""
ZERO = Number(Fraction(0), "0")
NO_FUNCTIONS: Definitions = {}


def solutions_of(case: Case, link: Linked) -> Judgement | None:
    """Judge the solutions of an equation of one letter; None where there is no such equation."""
    del case
    return of_link(link)


def of_link(link: Linked) -> Judgement | None:
    """Judge an answer as a solution of the equation of one letter that it answers; None where there is none."""
    letter = letter_of(link)
    near = alternatives(link, letter) if letter else []
    own = values_of(link.own)
    if not near or own is None or any(not is_closed_or_imaginary(v) for v in own):
        return None
    relation = link.own.chain.relations[0] if link.own.chain.relations else "="
    fits = [_of_any(near, letter, value, relation) for value in own]
    if any(f.kind is Kind.OFF for f in fits):
        return _wrong(link, letter, near, fits)
    if near_one := next((f for f in fits if f.kind is Kind.NEAR), None):
        return Judgement(Word.NOTE, near_one.value, near_one.reason, KIND)
    if not all(f.kind is Kind.RIGHT for f in fits):
        return unchecked(next((f.reason for f in fits if f.reason), "") or "perhaps a solution", KIND)
    if any(_of_all(e, letter, v, relation).kind is Kind.OFF for e in _above(link, letter, len(near)) for v in own):
        return unchecked("it solves the equation right before it, and not the first", KIND)
    return _right(link, letter, near)


def letter_of(link: Linked) -> str:
    """Return the letter that the equation right before an answer is solved for; nothing where it has others."""
    equations = equations_of(link.equations[-1], link)
    found = {x for pair in equations for n in pair for x in symbols(n)}
    name, base = _named(link.own), base_of(link.own)
    if is_bare(link.own):
        return min(found) if len(found) == 1 and not found & CLOSED else ""
    letter = name if name in found else base
    return letter if letter in found and found <= {letter, *_known_values(link)} and letter not in CLOSED else ""


def alternatives(link: Linked, letter: str) -> list[tuple[Equation, ...]]:
    """Return the equations right before an answer: one, or several of the same letter, "e^x = 1 or e^x = 2"."""
    found: list[tuple[Equation, ...]] = []
    for statement in reversed(link.equations):
        equations = equations_of(statement, link)
        if not equations or not {x for pair in equations for n in pair for x in symbols(n)} <= {
            letter,
            *_known_values(link),
        }:
            break
        found.append(equations)
        if statement.before.kind != "or":
            break
    return found


def _known_values(link: Linked) -> Iterable[str]:
    return ("i",) if link.own.nodes and "i" in symbols(link.own.nodes[-1]) else ()


def _named(statement: Statement) -> str:
    match statement.nodes[:1]:
        case (Symbol(name),):
            return name
    return ""


def is_closed_or_imaginary(node: Node) -> bool:
    """Tell whether a value has no letters but the imaginary unit."""
    if symbols(node) <= {"i", "j"} and symbols(node):
        try:
            evaluate(node, {"i": IMAGINARY, "j": IMAGINARY})
        except FAILS:
            return False
        return True
    return is_closed(node)


def equations_of(statement: Statement, link: Linked) -> tuple[Equation, ...]:
    """Return the equations that a statement is, or the one that its zeros solve, f(x) = x² - 4 or x² - 4."""
    if found := equations_in(statement, link.functions):
        return found
    if link.joint.kind not in ("has", "of"):
        return ()
    match statement.nodes:
        case (Unknown(_, (Symbol(letter),), _), body) if symbols(body) == {letter}:
            return ((body, ZERO),) if _is_plain(body) else ()
        case (body,) if symbols(body):
            return ((body, ZERO),) if _is_plain(body) else ()
    return ()


def _is_plain(node: Node) -> bool:
    return isinstance(node, Apply) and not any(isinstance(n, Unknown | Tuple) for n in walk(node))


def equations_in(statement: Statement, functions: Definitions = NO_FUNCTIONS) -> tuple[Equation, ...]:
    """Return the equations in a chain, f'(x) = 3x² - 3 = 0, the last of them first; none where it is no equation.

    A chain that only says what a letter is, x = 3, is none; its functions without values are left out.
    """
    if not statement.is_equation:
        return ()
    known = [written_out(n, functions) for n in statement.nodes] if functions else statement.nodes
    nodes = [n for n in known if not any(isinstance(m, Unknown) for m in walk(n))]
    if len(nodes) < 2 or not any(map(symbols, nodes)):
        return ()
    if any(isinstance(n, Symbol) and _is_said(m) for n, m in itertools.pairwise(nodes)):
        return ()
    pairs = list(itertools.pairwise(nodes))
    return (pairs[-1], *pairs[:-1])


def _is_said(node: Node) -> bool:
    """Tell whether a side is a number, or a calculation with rounded ones or an angle, which says what a letter is."""
    inner = list(walk(node))
    rounded = any(isinstance(n, Number) and n.places for n in inner) or Symbol("pi") in inner
    return not symbols(node) and (printed(node) is not None or rounded)


def _of_all(equations: tuple[Equation, ...], letter: str, value: Node, relation: str) -> Fit:
    """Return how a value stands to all equations of a chain: off where it is at its end, and at its ends."""
    fits = [fit(e, letter, value, relation) for e in equations]
    if all(f.kind is Kind.RIGHT for f in fits) or len(fits) == 1:
        return fits[0]
    whole = fit((equations[-1][0], equations[0][1]), letter, value, relation)
    return fits[0] if fits[0].kind is whole.kind is Kind.OFF else OPEN


def _of_any(alternatives: list[tuple[Equation, ...]], letter: str, value: Node, relation: str) -> Fit:
    """Return how a value stands to one of several equations, the one that it is nearest to."""
    order = [Kind.RIGHT, Kind.NEAR, Kind.OPEN, Kind.OFF]
    return min((_of_all(e, letter, value, relation) for e in alternatives), key=lambda f: order.index(f.kind))


def _above(link: Linked, letter: str, near: int) -> list[tuple[Equation, ...]]:
    """Return the equations above the nearest ones that are about the same letter alone."""
    found = [equations_in(s) for s in link.equations[:-near]]
    return [e for e in found if e and {x for pair in e for n in pair for x in symbols(n)} == {letter}]


# --- what is said -------------------------------------------------------------------------------------


def _right(link: Linked, letter: str, near: list[tuple[Equation, ...]]) -> Judgement:
    """Return the judgement of a solution, with the solutions that the text leaves out."""
    own = link.joint.whole and link.place == link.last
    left_out = missing(link, letter, near) if own and link.joint.kind in ("has", "of") else ()
    if left_out:
        return Judgement(Word.NOTE, ", ".join(left_out), "another solution", KIND)
    return Judgement(Word.CONFIRMED, reason="it solves the equation", kind=KIND)


def _roots(near: list[tuple[Equation, ...]], letter: str) -> list[acb] | None:
    """Return all solutions of one of several equations; None where not all are known."""
    found: list[acb] = []
    for equations in near:
        some = roots(*equations[0], letter)
        if some is None:
            return None
        found += some
    return found


def missing(link: Linked, letter: str, near: list[tuple[Equation, ...]]) -> tuple[str, ...]:
    """Return the real solutions that are none of the answers; none where not all are known."""
    found = _roots(near, letter)
    if found is None or any(not is_bare(s) and base_of(s) == "" for s in link.answers):
        return ()
    answers = [v for s in link.answers for v in values_of(s) or ()]
    left = [r.real for r in found if r.imag == 0 and not any(_is_near(r.real, v) for v in answers)]
    return tuple(r.str(6, radius=False) for r in left)


def _is_near(root: object, value: Node) -> bool:
    """Tell whether a value is a root, as far as its digits go."""
    try:
        x, p = evaluate(value, {}), printed(value)
        unit = exact_ball(p.unit) if p is not None and p.places else exact_ball(0)
        return bool(abs(x - root) <= unit + abs(x) / 10**9 + exact_ball(1) / 10**9)
    except FAILS:
        return True


def _wrong(link: Linked, letter: str, near: list[tuple[Equation, ...]], fits: list[Fit]) -> Judgement:
    """Return the judgement of what does not solve the equation: refuted where both surely belong together."""
    value = next((f.value for f in fits if f.kind is Kind.OFF and f.value), "")
    if why := _doubtful(link, letter, near):
        return Judgement(Word.UNCHECKED, value, why, KIND)
    return Judgement(Word.REFUTED, value, "it does not solve the equation", KIND)


def _doubtful(link: Linked, letter: str, near: list[tuple[Equation, ...]]) -> str:
    """Return why a number that does not solve an equation need not be wrong, or nothing."""
    if link.doubt:
        return f"it does not solve the equation; the text says “{link.doubt}”"
    if any(len(e) > 1 and not isinstance(e[0][1], Number) for e in near):
        return "a chain of equations"
    if any(s.chain.asked for s in (*link.equations, *link.answers)):
        return "a question"
    if link.joint.kind == "at" and not (isinstance(near[0][0][1], Number) and near[0][0][1].value == 0):
        return "perhaps a value at a place"
    if link.joint.kind == "row" and not link.own.rows:
        return "perhaps no step of a calculation"
    if link.joint.kind in ("has", "of"):
        return "" if link.joint.kind == "has" or len(link.equations) == 1 else "several equations"
    return _perhaps_extraneous(link, letter, near)


def _perhaps_extraneous(link: Linked, letter: str, near: list[tuple[Equation, ...]]) -> str:
    """Return why an answer may be one among others that a step brings in, or nothing."""
    answers = [v for s in link.answers for v in values_of(s) or ()]
    known = _roots(near, letter)
    if known is not None:
        if not known:
            return "the equation has no solution"
        real = [r.real for r in known if r.imag == 0]
        if len(answers) > 1 and all(any(_is_near(r, v) for v in answers) for r in real):
            return "perhaps an answer that a step brings in"
        return ""
    off = all(_of_any(near, letter, v, "=").kind is Kind.OFF for v in answers)
    return "" if off else "perhaps an answer that a step brings in"
