"""Printed mathematics as formulas of symgrad, of which its claims are made; and what their evidence says."""

from __future__ import annotations

import re
from collections.abc import Iterable

from symgrad.audit.domain import ClaimDomain
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.claims.kind import Claim
from symgrad.errors import SymgradError
from symgrad.evidence.check import check
from symgrad.evidence.verdict import Verdict
from symgrad.network.formula import Formula, read_formula
from symgrad.network.functions import default_functions
from symgrad.numbers.extremum.domain import RealDomain
from symgrad.reading.known import records
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Node, Number, Symbol, symbols

LONGEST = 2_000
"""Characters of a formula that is taken over."""
SIGNS = {"+": "+", "-": "-", "*": "*", "/": "/", "^": "**"}
CALLED = {"ln": "log", "sgn": "sign", "arctan": "atan"}
"""Functions that printed mathematics calls otherwise."""
INVERTED = {"sech": "cosh", "csch": "sinh", "coth": "tanh", "sec": "cos", "csc": "sin", "cot": "tan"}
_NAME = re.compile(r"[A-Za-z]\w*")
_TAKEN = frozenset(["pi", "e", "E", "I", "ones", "oo", "lambda", "in", "is", "if", "or", "and", "not", "as", "j"])


class Letters:
    """Names for the letters of a claim, the same letter the same name.

    >>> Letters().name("w_1"), Letters().name("lambda")
    ('w_1', 'letter_0')
    """

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def name(self, letter: str) -> str:
        """Return the name of a letter in formulas."""
        if letter not in self._names:
            plain = _NAME.fullmatch(letter) and letter not in _TAKEN and letter not in default_functions()
            self._names[letter] = letter if plain else f"letter_{len(self._names)}"
        return self._names[letter]

    def shown(self, text: str) -> str:
        """Return a text about formulas with the letters themselves in the place of their names.

        >>> letters = Letters()
        >>> letters.shown(f"at {letters.name('lambda')} = 0")
        'at lambda = 0'
        """
        letters = {name: letter for letter, name in self._names.items() if name.startswith("letter_")}
        return re.sub(r"letter_\d+", lambda m: letters.get(m[0], m[0]), text)

    def formula(self, node: Node) -> Formula:
        """Return a node as a formula; raises NotUnderstoodError for what no formula can be.

        >>> from fractions import Fraction
        >>> two = Number(Fraction(2), "2")
        >>> print(Letters().formula(Apply("^", (Apply("sigmoid", (Symbol("z"),), 1), two))))
        (logistic'(z))**(2)
        """
        text = self._text(node)
        if len(text) > LONGEST:
            raise NotUnderstoodError("a formula that is too long")
        try:
            return read_formula(text)
        except SymgradError as error:
            raise NotUnderstoodError(error.what) from None

    def intervals(self, nodes: Iterable[Node], domain: ClaimDomain, but: str = "") -> tuple[RealDomain, ...]:
        """Return the intervals of the letters of some nodes that the domain bounds; raises NotUnderstoodError."""
        found = []
        for letter in sorted(frozenset().union(*map(symbols, nodes)) - {but}):
            interval = domain.interval(letter)
            if interval is None:
                raise NotUnderstoodError(f"a bound of {letter} that is no number")
            if (interval.low, interval.high) != (None, None):
                ends = interval.low, interval.high, interval.open_low, interval.open_high
                found.append(RealDomain(self.name(letter), *ends))
        return tuple(found)

    def _text(self, node: Node) -> str:
        match node:
            case Number(value):
                return str(value) if value.denominator == 1 else f"({value.numerator}/{value.denominator})"
            case Symbol("pi"):
                return "pi"
            case Symbol(name):
                return self.name(name)
            case Apply("e", ()):
                return "exp(1)"
            case Apply("^", (Apply("e", ()), exponent)):
                return f"exp({self._text(exponent)})"
            case Apply("neg", (inner,)):
                return f"(-({self._text(inner)}))"
            case Apply("log", (inner, Apply("e", ()))):
                return f"log({self._text(inner)})"
            case Apply("log", (inner, base)):
                return f"(log({self._text(inner)})/log({self._text(base)}))"
            case Apply("root", (inner, index)):
                return f"({self._text(inner)})**(1/({self._text(index)}))"
            case Apply(sign, (left, right), 0) if sign in SIGNS:
                return f"({self._text(left)}){SIGNS[sign]}({self._text(right)})"
            case Apply("max" | "min" as name, (first, *others)) if others:
                text = self._text(first)
                for other in others:
                    text = f"{name}imum({text}, {self._text(other)})"
                return text
            case Apply(name, (inner,), 0) if name in INVERTED:
                return f"(1/{INVERTED[name]}({self._text(inner)}))"
            case Apply(name, (inner,), primes) if primes < 2:
                known = _called(name)
                if known in default_functions() and default_functions()[known].kind == "function":
                    return f"{known}{chr(39) * primes}({self._text(inner)})"
        raise NotUnderstoodError("what is no formula in numbers and known functions")


def _called(name: str) -> str:
    """Return what the registry calls a function of a tree; one with a parameter of its own has no name there."""
    found = records(name)
    return found[0].name if len(found) == 1 and "(" not in name else CALLED.get(name, name)


def by_evidence(claim: Claim, kind: str, least: Verdict = Verdict.SAMPLED) -> Judgement:
    """Judge a claim as its evidence does; ``least``: a weaker verdict does not confirm."""
    evidence = check(claim)
    if evidence.verdict is Verdict.REFUTED:
        return Judgement(Word.REFUTED, reason=evidence.counterexample, kind=kind)
    best = max(evidence.checks, key=lambda c: c.verdict)
    said = f"{best.method}: {best.detail}" if best.detail else best.method
    if evidence.verdict < least:
        return unchecked(f"not decided: {said}", kind)
    return Judgement(Word.CONFIRMED, reason=said, kind=kind)


def decimal(node: Node) -> str | None:
    """Return a printed decimal as text, 0.250 or -1.2e-7; None for what is none.

    >>> from fractions import Fraction
    >>> decimal(Apply("*", (Number(Fraction(8, 5), "1.6", 1), Apply("^", (Number(Fraction(10), "10"),
    ...     Apply("neg", (Number(Fraction(2), "2"),)))))))
    '1.6e-2'
    """
    match node:
        case Number(_, text, _, 1):
            return text
        case Apply("neg", (inner,)):
            found = decimal(inner)
            return f"-{found}" if found else None
        case Apply("*", (Number(_, text, _, 1), Apply("^", (Number(ten, _), exponent)))) if (
            ten == 10 and "e" not in text
        ):
            power = decimal(exponent)
            return f"{text}e{power}" if power and power.lstrip("-").isdecimal() else None
    return None
