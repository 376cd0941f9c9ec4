"""Claims from what the text defines above: f(x) = x^2, then f'(x) = 2x, f(3) = 9; y = x^3, then dy/dx = 3x^2."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from symgrad.arithmetic.dyadic import ball as exact_ball
from symgrad.audit.case import Case, is_closed
from symgrad.audit.checks.formula.identity import dependent, unclear
from symgrad.audit.checks.formula.points import compare, is_constant
from symgrad.audit.checks.number.link import judge
from symgrad.audit.checks.number.rounding import CLOSE
from symgrad.audit.definitions import put, written_out
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.audit.parsed import parsed
from symgrad.audit.words.meaning import IF
from symgrad.reading.reading import Reading
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Derivative, Integral, Node, Number, Symbol, Unknown, symbols, walk
from symgrad.reading.value import ball, evaluate

_DIFFERENTIAL = re.compile(r"\s*(?:\\(?:mathrm|text|operatorname|rm)\s*\{?\s*d\s*\}?|\\,|d)\s*[A-Za-z]\s*&?\s*=")
KIND = "definition"
BESIDE = 2
"""Lines above a differential in which its letter is defined."""
NEAR = 12
"""Lines behind a definition within which a claim from it is refuted."""
BEHIND = 200
"""Characters behind a claim in which its function may be defined anew."""
DEEPEST = 6
EXTENTS = frozenset(["reach", "operator", "slash", "scope", "aside", "angle", "braces"])
"""What is ambiguous in how far a function, a bar or a sum reaches."""
BOLD = ("\\mathbf", "\\bm", "\\boldsymbol", "\\vec", "\\nabla", "^T", "\\top")
"""What shows that letters are vectors."""


def defined(case: Case) -> Judgement | None:
    """Judge a derivative or a value of what the text defines before; None where it does not.

    It is refuted only right below the one definition; a derivative may be the total or the partial one.
    """
    if case.relation not in ("=", "≈") or not case.passage.definitions:
        return None
    functions, letters = remembered(tuple(text for _, text in case.passage.definitions), case.reading)
    for target in (case.left, case.nodes[0]):
        name = _name(target)
        if (name not in functions and name not in letters) or name in case.known:
            continue  # what the formula itself defines is put in by the other checks
        said = _value(target, case.right, functions) or _slope(case, target, functions, letters)
        if said is not None and said.word.flags and target is not case.left:
            continue  # further on in a chain letters have their values
        if said is not None and said.word.flags and _is_differential(case) and not _is_beside(case, name):
            return unchecked(f"perhaps another {name}; {said.reason}", KIND)
        if said is not None and said.word.flags and isinstance(case.right, Derivative):
            return unchecked(f"it says what {name} is here; {said.reason}", KIND)
        if said is not None and said.word.flags and _is_multiple(case.right, name):
            return unchecked(f"perhaps a differential equation of {name}; {said.reason}", KIND)
        if said is not None and said.word.flags and not is_certain(case, name, target, functions):
            return unchecked(f"perhaps another {name}; {said.reason}", KIND)
        if said is not None and said.word.flags and isinstance(target, Derivative):
            beside = _is_in_its_sentence(case, name, case.passage.definitions)
            return replace(said, kind="derivative") if beside else said
        if said is not None:
            return said
    return None


def _is_differential(case: Case) -> bool:
    """Tell whether an equation is one between differentials, dv = e^x dx, which may begin an integral by parts."""
    return _DIFFERENTIAL.match(case.passage.text) is not None


def _is_beside(case: Case, name: str) -> bool:
    """Tell whether a letter is defined in the sentence of a claim, in the lines right above it."""
    texts = case.passage.definitions
    lines = [line for line, text in texts if name in _names(text, case.reading)]
    return bool(lines) and case.passage.place.line - lines[-1] <= BESIDE and _is_in_its_sentence(case, name, texts)


def _is_multiple(node: Node, name: str) -> bool:
    """Tell whether a side is a multiple of a letter, as in the equation of growth, dy/dx = ky."""
    match node:
        case Apply("neg", (inner,)) | Apply("*", (Number() | Symbol(), inner)):
            return _is_multiple(inner, name)
    return node == Symbol(name)


def _name(node: Node) -> str:
    match node:
        case Unknown(name) | Derivative(Symbol(name) | Unknown(name)):
            return name
    return ""


def _value(target: Node, right: Node, functions: Mapping[str, tuple[str, Node]]) -> Judgement | None:
    """Judge f(3) = 9."""
    match target:
        case Unknown("y" | "u" | "x", (Number(place),), 0) if place == 0:
            return None  # an initial value, perhaps of another solution
        case Unknown(name, (argument,), 0) if name in functions and not symbols(argument) and not symbols(right):
            letter, body = functions[name]
            at = put(body, {letter: argument})
            if not is_closed(at) or unclear(right):
                return None  # f(±1) has two values
            word, value, reason = judge([at, right], "=")
            if word is Word.REFUTED and is_measured(at, right):
                word, reason = Word.NOTE, "off by less than 1 %: perhaps measured"
            return Judgement(word, value, reason or f"with {name}({letter}) as it is defined above", KIND)
    return None


def is_measured(at: Node, right: Node) -> bool:
    """Tell whether a decimal is so near to a value that it may be what was measured of it, K(1) = 4.017."""
    x, y = (ball(evaluate(n, {})) for n in (at, right))
    return isinstance(right, Number) and right.places > 0 and bool(abs(x - y) < exact_ball(CLOSE) * abs(x))


def _slope(
    case: Case, target: Node, functions: Mapping[str, tuple[str, Node]], letters: Mapping[str, Node]
) -> Judgement | None:
    """Judge f'(x) = 2x, df/dx = 2x, dy/dx = 3x^2."""
    match target:
        case Unknown(name, (Symbol(variable),), order) if order and name in functions:
            letter, body = functions[name]
            body = put(body, {letter: Symbol(variable)})
        case Derivative(Unknown(name, (Symbol(variable),), 0), wrt, order) if name in functions and wrt == variable:
            letter, body = functions[name]
            body = put(body, {letter: Symbol(variable)})
        case Derivative(Symbol(name), variable, order) if name in functions and functions[name][0] == variable:
            body = functions[name][1]
        case Derivative(Symbol(name), variable, order) if name in letters:
            body = letters[name]
        case _:
            return None
    said: Judgement | None = None
    open_letters = False  # of the last candidate, in which most is written out
    calls = {n: ((letter,), of) for n, (letter, of) in functions.items()}
    for inner, right in dict.fromkeys(_candidates(body, written_out(case.right, calls), variable, letters)):
        slope = Derivative(inner, variable, order)
        open_letters = bool(dependent(slope, case.passage.defined))
        if variable not in symbols(inner) or unclear(slope) or unclear(right):
            continue
        if not symbols(right) <= symbols(slope) or (not symbols(right) and not is_constant(slope)):
            return None
        if variable not in symbols(right) and not _is_linear(inner, variable):
            return None  # the slope at a place
        try:
            found = compare(slope, right, variable, case.domain)
        except NotUnderstoodError:
            return None
        if found.word is not Word.REFUTED:
            return Judgement(found.word, reason=f"from {name} as it is defined above, {found.reason}", kind=KIND)
        reason = f"from {name} as it is defined above, {found.reason}"
        said = said or Judgement(Word.REFUTED, reason=reason, kind=KIND, sides=(slope, right))
    return None if open_letters else said


def _is_linear(body: Node, variable: str) -> bool:
    """Tell whether the slope of a formula is the same everywhere."""
    try:
        return compare(Derivative(body, variable, 2), Number(Fraction(0), "0"), variable).word is Word.CONFIRMED
    except NotUnderstoodError:
        return False


def _candidates(body: Node, right: Node, variable: str, letters: Mapping[str, Node]) -> Iterator[tuple[Node, Node]]:
    """Yield the sides with their letters held fixed, and with those that are defined written out."""
    kept = {name: node for name, node in letters.items() if name != variable}
    if symbols(right) <= symbols(body) | {variable}:
        yield body, right
    inner, outer = body, right
    for _ in range(DEEPEST):
        inner, outer = put(inner, kept), put(outer, kept)
    if not (symbols(inner) | symbols(outer)) & kept.keys():
        yield inner, outer


def is_certain(case: Case, name: str, target: Node, functions: Mapping[str, tuple[str, Node]]) -> bool:
    """Tell whether a claim stands right below the only definition of a name, of the same letter, and is about numbers.

    A formula that is not read may be another definition, where the name with its letter stands in it.
    """
    match target:
        case Unknown(_, (Symbol(letter),), order) if order and name in functions and functions[name][0] != letter:
            return False
    may_be = re.compile(rf"(?<![A-Za-z\\]){re.escape(name)}\s*(?:\\left)?\(\s*\\?[A-Za-z]+\s*(?:\\right)?\)\s*&?\s*:?=")
    if may_be.search(case.passage.after[:BEHIND].partition("\n\n")[0]):
        return False  # it is defined anew behind the claim
    texts = case.passage.definitions
    lines = [line for line, text in texts if name in _names(text, case.reading) or may_be.search(text)]
    definition = next((text for line, text in reversed(texts) if line in lines), "")
    if definition.endswith(IF):
        return False
    if not _ambiguous(definition, case.reading) <= _ambiguous(case.passage.text, case.reading):
        return False  # how the definition is to be read is not tried with the claim
    near = len(lines) == 1 and case.passage.place.line - lines[0] <= NEAR
    near = near or (isinstance(target, Derivative) and _is_in_its_sentence(case, name, texts))
    return near and case.relation == "=" and not any(sign in case.passage.text for sign in BOLD)


def _is_in_its_sentence(case: Case, name: str, texts: tuple[tuple[int, str], ...]) -> bool:
    """Tell whether the last definition of a name stands before a claim in its sentence: u = x^2, so du = 2x dx."""
    last = next((text for _, text in reversed(texts) if name in _names(text, case.reading)), "")
    parts = case.passage.sentence.parts[: case.passage.at]
    if not last or not any(part.text.strip() == last.strip() for part in parts):
        return False
    others = (remembered((text,), case.reading) for _, text in texts if name in _names(text, case.reading))
    said = [_slope(case, case.left, functions, letters) for functions, letters in others]
    return not any(j is not None and j.word is Word.CONFIRMED for j in said)


def _ambiguous(text: str, reading: Reading) -> frozenset[str]:
    parse = parsed(text, reading)
    return frozenset() if isinstance(parse, str) else parse[1] & EXTENTS


def _names(text: str, reading: Reading) -> frozenset[str]:
    functions, letters = remembered((text,), reading)
    return frozenset([*functions, *letters])


@lru_cache(maxsize=256)
def remembered(texts: tuple[str, ...], reading: Reading) -> tuple[Mapping[str, tuple[str, Node]], Mapping[str, Node]]:
    """Return the functions of one letter and the letters that formulas define, the last of each name.

    >>> functions, letters = remembered(("f(x) = x^2", "y = 3t"), Reading())
    >>> sorted(functions), sorted(letters)
    (['f'], ['y'])
    """
    functions: dict[str, tuple[str, Node]] = {}
    letters: dict[str, Node] = {}
    for text in texts:
        parse = parsed(text, reading)
        for chain in () if isinstance(parse, str) else parse[0]:
            if chain.relations[:1] not in (("=",), (":=",)) or chain.asked:
                continue
            left, body = (side.node for side in chain.sides[:2])
            if body is None or not symbols(body) or isinstance(body, Symbol) or _is_unknown(body):
                continue
            match left:
                case Unknown(name, (Symbol(letter),), 0) if letter in symbols(body) and name not in symbols(body):
                    functions[name] = letter, body
                case Symbol(name) if name not in symbols(body):
                    letters[name] = body
    return functions, letters


def _is_unknown(node: Node) -> bool:
    unread = Unknown | Derivative | Integral
    return any(isinstance(n, unread) or (isinstance(n, Apply) and n.primes) for n in walk(node))
