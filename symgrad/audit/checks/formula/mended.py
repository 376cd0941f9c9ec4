"""Plain identities with a slip of the pen: (a - 2)^2 p + (a + 2) p = (2 a^2 + 8) p holds with (a + 2)^2.

Any equation that is false for most letters may be one to be solved, a condition or a constraint; but hardly one that a
single edit turns into an identity which takes a calculation to be seen.
"""

from __future__ import annotations

import re

from symgrad.audit.case import Case
from symgrad.audit.checks.formula.changes import CHANGE, joined
from symgrad.audit.checks.formula.identity import is_near_a_solution, unclear
from symgrad.audit.checks.formula.normal import differ_in_signs, normal
from symgrad.audit.checks.formula.points import WHOLE, compare
from symgrad.audit.checks.formula.polynomial import terms
from symgrad.audit.checks.formula.rounded import agree_when_rounded
from symgrad.audit.definitions import without_integrals, written_out
from symgrad.audit.doubt.edits import OF_NUMBERS, PART
from symgrad.audit.doubt.evidence import traits
from symgrad.audit.doubt.slip import restored
from symgrad.audit.finding import SURE, Evidence, Judgement, Word
from symgrad.audit.words.sentence import LIMITS
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import (
    Apply,
    Big,
    Derivative,
    Integral,
    Node,
    Number,
    Symbol,
    Tuple,
    Unknown,
    rebuilt,
    symbols,
    walk,
)

KIND = "mended"
FEWEST, FEWEST_IN_A_CHAIN, MOST = 6, 5, 60
"""Operations of both sides together."""
OF_ONE_LETTER = 7
OF_FEWER_LETTERS = 8
"""Operations where one side has letters that the other has not, or where one letter stands in another's place."""
OF_A_SUM = 3
"""Operations that a sum or a product over an index counts for."""
SIGNS = frozenset(("a minus sign", "- in the place of +", "+ in the place of -"))
NO_SLIP = frozenset((PART, "an inverse", "* in the place of +", "* in the place of -", "+ in the place of *"))
"""Edits that turn a condition or another kind of product into an identity."""
UNKNOWNS = frozenset("xyzuvwXYZ")
"""Letters of equations that are to be solved."""
IMAGINARY = frozenset("ij")
UNITS = frozenset("IE")
"""Letters of the unit matrix."""
DIFFERENTIAL = frozenset(("d", "D"))
"""Letters that may stand for what is done to the next, as in d(x y) = x d y + y d x."""
_VECTORS = re.compile(
    r"\\(?:mathbf|bm|boldsymbol|vec|bf|times|wedge|top|dagger|circ|oplus|otimes)(?![A-Za-z])|\^T\b|\^\{T\}"
)
_CALLED = re.compile(r"(?<![A-Za-z\\])([A-Za-z])\s*(?:\\left)?\(([^()]*)\)")


def mended(case: Case) -> Judgement | None:
    """Refute an equation with letters that differs at all points, where one slip explains it; None for any other."""
    if case.relation != "=" or case.closed or case.passage.role in LIMITS | {"let", "at"}:
        return None
    left, right = (_read(written_out(n, case.known)) for n in case.nodes[-2:])
    both = _is_calculation(left) and _is_calculation(right) and _is_of_size(case, left, right)
    if not both and not _cancels(left, right):
        return None
    if any(map(unclear, (left, right))) or _is_doubtful(case, left, right):
        return None
    try:
        found = compare(left, right, domain=case.domain)
        if found.word is not Word.REFUTED or agree_when_rounded(left, right, case.domain):
            return None
        for said, meant in restored(left, right):
            sides = (left, right), meant
            if _may_be_meant(said, *sides) and is_slip(case, said, *sides):
                shown = Evidence(True, traits(left, right), said, SURE)
                why = f"an identity but for a slip, {said}: {found.reason}"
                return Judgement(Word.REFUTED, reason=why, kind=KIND, evidence=shown)
    except NotUnderstoodError:
        return None
    return None


def _read(side: Node) -> Node:
    """Return a side with changes as letters, and what stands above something else, under a sum, as a binomial."""
    side = joined(without_integrals(side))
    return _with_binomials(side) if any(isinstance(n, Big) for n in walk(side)) else side


def _with_binomials(node: Node) -> Node:
    match node:
        case Tuple((Tuple((above,)), Tuple((below,)))):
            return Apply("binom", (above, below))
    return rebuilt(node, _with_binomials)


# --- which equations are calculations ------------------------------------------------------------------


def _is_calculation(side: Node) -> bool:
    """Tell whether a side is more than a letter, and is made of known operations alone."""
    if isinstance(side, Symbol | Number) or not symbols(side):
        return False
    if any(isinstance(n, Unknown | Derivative | Integral | Tuple) or n == CHANGE for n in walk(side)):
        return False
    return not any(isinstance(n, Apply) and (n.primes or n.name in ("transpose", "norm2")) for n in walk(side))


def _is_of_size(case: Case, left: Node, right: Node) -> bool:
    """Tell whether there is so much in two sides that hardly anything but a calculation is meant."""
    names, size = (symbols(left), symbols(right)), _size(left) + _size(right)
    needed = FEWEST_IN_A_CHAIN if len(case.nodes) > 2 else FEWEST
    if names[0] != names[1]:
        if not (names[0] <= names[1] or names[1] <= names[0]):
            return False
        needed = OF_FEWER_LETTERS
    if len(names[0] | names[1]) == 1 and names[0] <= WHOLE:
        needed = max(needed, OF_ONE_LETTER)
    return needed <= size <= MOST


def _cancels(left: Node, right: Node) -> bool:
    """Tell whether a letter is said to be what is left of a quotient of products with two letters more: a b c/(b b)."""
    match left, right:
        case Apply("/", (Apply("*") as above, Apply("*") as below)), Symbol(letter):
            names = [n.name for n in walk(left) if isinstance(n, Symbol)]
            parts = (*walk(above), *walk(below))
            plain = all(n.name == "*" if isinstance(n, Apply) else isinstance(n, Symbol) for n in parts)
            return plain and names.count(letter) == 1 and len(set(names)) > 2
    return False


def _size(node: Node) -> int:
    return sum(OF_A_SUM if isinstance(n, Big) else isinstance(n, Apply) and bool(n.arguments) for n in walk(node))


def _is_doubtful(case: Case, left: Node, right: Node) -> bool:
    """Tell whether the letters may be vectors, matrices, functions, the imaginary unit, or one letter to be found."""
    text, letters = case.passage.text, symbols(left) | symbols(right)
    if _VECTORS.search(text) or any(" " in x for x in letters):
        return True
    if letters & UNITS and any(x[0].isupper() for x in letters - UNITS):
        return True
    if any(map(_has_differential, (left, right))):
        return True
    defined = any({x, x.partition("_")[0]} & case.passage.defined for x in letters)
    if defined and symbols(left) != symbols(right) and not _cancels(left, right):
        return True
    if differ_in_signs(left, right):
        return True
    solved = letters & UNKNOWNS and is_near_a_solution(case, left, right)
    return bool(solved) or any(map(_may_not_commute, (left, right))) or _calls_a_letter(text)


def _has_differential(side: Node) -> bool:
    """Tell whether d stands before something else, as in d(x y)."""
    products = (n for n in walk(side) if isinstance(n, Apply) and n.name in ("*", "/"))
    return any(isinstance(a, Symbol) and a.name in DIFFERENTIAL for n in products for a in n.arguments)


def _may_not_commute(side: Node) -> bool:
    """Tell whether two capital letters are multiplied, or the imaginary unit is, perhaps, by something."""
    imaginary = symbols(side) & IMAGINARY
    for n in walk(side):
        if isinstance(n, Apply) and n.name in ("*", "/", "^"):
            parts = [a for a in n.arguments if isinstance(a, Symbol)]
            if any(a.name in imaginary for a in parts):
                return True
            if len({a.name for a in parts if a.name[0].isupper()}) > 1:
                return True
    return False


def _calls_a_letter(text: str) -> bool:
    """Tell whether a letter may be a function: it stands before two things in parentheses without it.

    >>> _calls_a_letter("u(t + 1) - u(t - 1)"), _calls_a_letter("n(n + 1) + n(n - 1)")
    (True, False)
    """
    found: dict[str, set[str]] = {}
    for letter, inside in _CALLED.findall(text):
        if letter not in inside:
            found.setdefault(letter, set()).add(inside)
    return any(len(inside) > 1 for inside in found.values())


# --- which slips explain one ---------------------------------------------------------------------------


def is_slip(case: Case, said: str, printed: tuple[Node, Node], meant: tuple[Node, Node]) -> bool:
    """Tell whether an edit leads from a claim to an identity of the same letters that a calculation is needed for."""
    if said in NO_SLIP or frozenset().union(*map(symbols, printed)) != frozenset().union(*map(symbols, meant)):
        return False
    if said in OF_NUMBERS and any(isinstance(n, Number) and n.places for side in printed for n in walk(side)):
        return False
    return normal(meant[0]) != normal(meant[1]) and compare(*meant, domain=case.domain).word is Word.CONFIRMED


def _may_be_meant(said: str, printed: tuple[Node, Node], meant: tuple[Node, Node]) -> bool:
    """Tell whether an equation is hardly one to be solved, nor a condition, if such an edit makes it an identity."""
    if _cancels(*printed):
        return True
    letters = symbols(printed[0]) | symbols(printed[1])
    if any(isinstance(side, Symbol | Number) for side in meant):
        return False
    if len(letters) == 1 and not letters <= WHOLE and (said not in SIGNS or not _has_product(printed)):
        return False
    if said.rpartition(" in the place of ")[2] in letters:
        return symbols(printed[0]) == symbols(printed[1]) and sum(map(_size, printed)) >= OF_FEWER_LETTERS
    return not (letters & UNKNOWNS and all(map(_is_linear, printed)))


def _has_product(sides: tuple[Node, Node]) -> bool:
    """Tell whether one side is a product of sums that the other side multiplies out."""
    products = [any(map(_is_product_of_sums, walk(side))) for side in sides]
    return products.count(True) == 1


def _is_product_of_sums(n: Node) -> bool:
    return isinstance(n, Apply) and n.name == "*" and all(isinstance(a, Apply) and a.name in "+-" for a in n.arguments)


def _is_linear(side: Node) -> bool:
    found = terms(side)
    return found is not None and all(sum(power for _, power in monomial) <= 1 for monomial in found)
