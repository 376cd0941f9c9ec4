r"""Complex numbers, i or j as the imaginary unit: e^{i\pi} = -1, (2 + i)(2 - i) = 5, |e^{j\theta}| = 1."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from flint import acb, arb, fmpq

from symgrad.arithmetic.dyadic import ball as exact_ball
from symgrad.audit.case import Case
from symgrad.audit.checks.formula.points import compare, points
from symgrad.audit.finding import Judgement, Passage, Word, unchecked
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Node, Number, Symbol, Unknown, symbols, walk

KIND = "complex"
UNITS = frozenset(("i", "j"))
_SAID = re.compile(
    r"\b(?:imaginary|complex (?:numbers?|exponentials?|planes?|conjugates?|roots?|values?|sinusoids?)|phasors?|"
    r"Euler's (?:formula|identity)|Fourier|roots? of unity|kets?|quantum|qubits?|amplitudes?)\b|"
    r"[ij]\s*(?::?=|≡)\s*\\?(?:sqrt|√)\s*\{?\(?\s*-\s*1|[ij]\^\{?2\}?\s*=\s*-\s*1|"
    r"e\^\{?-?[ij]\s*(?:\\pi|π)|e\^\{?-?(?:2\s*)?(?:\\pi|π)\s*[ij]\b",
    re.IGNORECASE,
)
_CONJUGATE = re.compile(r"e\s*\^\s*\{\s*([ij]\s*\\?\w+)\s*\}\s*[-+]\s*e\s*\^\s*\{\s*-\s*\1\s*\}")
"""e^{ix} beside e^{-ix}, of which the sine and the cosine are made."""
FUNCTIONS = ("exp", "sin", "cos", "tan", "sinh", "cosh", "tanh")
CONJUGATES = ("\\overline", "\\bar", "^*")
"""What stands above or behind a number to say that its conjugate is meant."""
ENOUGH, SURE = 4, 10


def imaginary(case: Case) -> Judgement | None:
    """Judge an equation in which i or j is the imaginary unit; None where it need not be one.

    It is refuted only where the text speaks of complex numbers, and no letter could be solved for.
    """
    found = (symbols(case.left) | symbols(case.right)) & UNITS
    if len(found) != 1 or case.relation not in ("=", "≈") or case.left == case.right:
        return None
    [unit] = found
    if _says_what_it_is(case, unit):
        return None
    if (found_as_letter := compare(case.left, case.right)).word is Word.CONFIRMED:
        return Judgement(Word.CONFIRMED, reason=f"for any {unit}, {found_as_letter.reason}", kind=KIND)
    letters = tuple(sorted((symbols(case.left) | symbols(case.right)) - {unit}))
    try:
        agree, differ = _compared(case, unit, letters)
    except (NotUnderstoodError, ZeroDivisionError):
        return None
    if agree >= (ENOUGH if letters else 1) and not differ:
        return Judgement(Word.CONFIRMED, reason=f"with {unit} as the imaginary unit", kind=KIND)
    if any(sign in case.passage.text for sign in ("\\circ", "°")):
        return None  # an angle beside the number
    if not differ or not _is_said(case.passage) or not any(_shows(n, unit) for n in case.nodes[-2:]):
        return None
    if _holds_for_a_root_of_unity(case, unit, letters):
        return unchecked(f"{unit} may be a third root of unity", KIND)
    if agree or letters:
        letters_of = [symbols(side) - {unit} for side in case.nodes[-2:]]
        same = letters_of[0] == letters_of[1] and all(map(_has_function, case.nodes[-2:]))
        same = same and (symbols(case.left) == symbols(case.right) or _CONJUGATE.search(case.passage.text) is not None)
        if agree or not same or case.relation == "≈":
            return unchecked("it does not hold for all of its letters", KIND)
    return Judgement(Word.REFUTED, reason=f"with {unit} as the imaginary unit", kind=KIND)


def _holds_for_a_root_of_unity(case: Case, unit: str, letters: tuple[str, ...]) -> bool:
    """Tell whether an equation holds where j is e^{2 i π/3}, as in French and German texts."""
    agree, differ = _compared(case, unit, letters, (acb(0, 2) * arb.pi() / 3).exp())
    return agree > 0 and not differ


def _is_said(passage: Passage) -> bool:
    sentence = " ".join(part.text for part in passage.sentence.parts)
    if _CONJUGATE.search(passage.text):
        return True
    return _SAID.search(f"{passage.before} {passage.text} {passage.after} {sentence}") is not None


def _shows(node: Node, unit: str) -> bool:
    """Tell whether a letter stands where the imaginary unit does, and an index does not: e^{i x}, (2 + i)(2 - i)."""
    letter = Symbol(unit)
    for n in walk(node):
        match n:
            case Apply("^", (Apply("e", ()), exponent)) | Apply("exp", (exponent,)) if unit in symbols(exponent):
                return True
            case Apply("*", (left, right)) if unit in symbols(left) & symbols(right):
                return True
            case Apply("^", (base, Number())) if base == letter or unit in symbols(base):
                return True
            case Apply("abs", (inner,)) | Unknown(_, (inner,)) if unit in symbols(inner):
                return True
    return False


def _says_what_it_is(case: Case, unit: str) -> bool:
    """Tell whether an equation says what the unit is: j = √(-1)."""
    return case.left == Symbol(unit) and not symbols(case.right)


def _has_function(node: Node) -> bool:
    return any(isinstance(n, Apply) and n.name in (*FUNCTIONS, "e") for n in walk(node))


def _compared(case: Case, unit: str, letters: tuple[str, ...], value: acb | None = None) -> tuple[int, int]:
    """Return at how many points two sides agree, as far as their decimals go, and at how many they differ."""
    decimals = [n for side in case.nodes[-2:] for n in walk(side) if isinstance(n, Number) and n.places]
    rough = exact_ball(max((Fraction(10) ** -n.places for n in decimals), default=Fraction(0)))
    agree = differ = 0
    for point in points(letters, "", case.domain) if letters else ({},):
        if letters and not case.domain.holds(point):
            continue
        at = {**{name: acb(arb(x)) for name, x in point.items()}, unit: acb(0, 1) if value is None else value}
        off = _value(case.left, at) - _value(case.right, at)
        size = abs(off)
        if not size.is_finite():
            continue
        agree += bool(off.contains(acb(0)) or (rough > 0 and size <= rough))
        differ += bool(size > SURE * rough)
    return agree, differ


def _value(node: Node, at: Mapping[str, acb]) -> acb:
    """Return the value of a node in complex balls; raises NotUnderstoodError where it has none, or several."""
    match node:
        case Number(value):
            return acb(arb(fmpq(value.numerator, value.denominator)))
        case Symbol("pi"):
            return acb(arb.pi())
        case Symbol(name) if name in at:
            return at[name]
        case Apply("e", ()):
            return acb(arb(1).exp())
        case Apply("^", (Apply("e", ()), exponent)):
            return _value(exponent, at).exp()
        case Apply("^", (base, Number(power))) if power.denominator == 1 and abs(power) <= 100:
            return _value(base, at) ** int(power)
        case Apply("abs", (inner,)):
            return acb(abs(_value(inner, at)))
        case Unknown(name, (inner,), 0) if name in CONJUGATES:
            return _value(inner, at).conjugate()
        case Apply("neg", (inner,)):
            return -_value(inner, at)
        case Apply(name, (inner,), 0) if name in FUNCTIONS:
            found: acb = getattr(_value(inner, at), name)()
            return found
        case Apply("sqrt", (inner,)):
            value = _value(inner, at)
            if not (value.imag == 0 and value.real >= 0):
                raise NotUnderstoodError("a root of what is not positive")
            return value.sqrt()
        case Apply("+" | "-" | "*" | "/" as sign, (left, right)):
            x, y = _value(left, at), _value(right, at)
            return {"+": x + y, "-": x - y, "*": x * y}[sign] if sign != "/" else x / y
    raise NotUnderstoodError("what has no value here")
