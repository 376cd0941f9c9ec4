"""Means, variances and probabilities of random variables whose laws the text names: X ~ N(3, 4), P(X > 5) = 0.1587."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice, product

from symgrad.audit.bycases.put import put_integrals
from symgrad.audit.case import Case
from symgrad.audit.chance.candidates import Candidate, candidates
from symgrad.audit.chance.compared import compared
from symgrad.audit.chance.events import letters_in
from symgrad.audit.chance.given import BY_FORMULA, by_formula
from symgrad.audit.chance.said.listed import event_of, point
from symgrad.audit.chance.said.record import DOUBT, LATER, LAW
from symgrad.audit.chance.said.stated import COUNTED, DENSITY, DISTRIBUTION, LISTED, Stated, stated
from symgrad.audit.chance.setting import Setting
from symgrad.audit.chance.trials import settings
from symgrad.audit.chance.values import is_random
from symgrad.audit.checks.definition import STATED
from symgrad.audit.checks.formula.by_cases import functions_of
from symgrad.audit.checks.statement import given_law
from symgrad.audit.finding import Judgement, Passage, Word, unchecked
from symgrad.audit.given import known_before, put_in
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Integral, Node, Symbol, Unknown, is_event, symbols, walk
from symgrad.reading.value import UndefinedError

KIND = "law"
RELATIONS = ("=", "≈", "<", "≤", ">", "≥")
MOST = 24
"""Ways to read the laws of a claim."""
STANDARD = Stated("Z", "N", ("0", "1"))
_INDEPENDENT = re.compile(
    r"(?<!not )(?<!not be )(?<!nicht )\b(?:independen\w+|i\.?i\.?d\b|unabhängig\w*|indépendant\w*|independiente\w*)",
    re.I,
)
_MEASURED = re.compile(
    r"\b(approximat\w+|estimat\w+|simulat\w+|empirical\w*|observ\w+|sampl\w+|fitted|roughly|measured|draws|trials of|"
    r"Monte Carlo|software|computer)\b",
    re.IGNORECASE,
)
_UNDER = re.compile(
    r"\b(when|if|under|given|bound\w*|wenn|falls|unter|si|sous|bajo|conditional\w*|instead|at most|at least|exceed\w*|"
    r"more than|less than|"
    r"hours?|minutes?|weeks?|days?|months?|years?|seconds?|pages?|kilomet\w+|met(?:er|re)s?|km|Stunden?|Minuten?|Tagen?|"
    r"two|three|four|twice|double\w*|half)\b",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"[\s,(]*(when|if|for|with|under|where|given|provided|unless|wenn|falls|für|si|pour|cuando|para|by|using|conditional)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?:]\s|\n\s*\n")
_SURE_AFTER = re.compile(r"\\sim[^$]*\$|\bthen\b|\bdann\b|\balors\b|\bentonces\b|∼[^$]*\$", re.IGNORECASE)


def chance(case: Case) -> Judgement | None:
    """Judge a claim of a random variable whose law is stated; None for any other.

    What is right in one reading of the law that was stated last is right; what is wrong is refuted where it is wrong
    in all readings of all laws that the chapter states of the letter, and nothing near makes another law plausible.
    """
    if case.relation not in RELATIONS or case.passage.role in STATED:
        return None
    laws = _laws(case.passage)
    if _is_restated(case, laws) or _is_given(case, laws):
        return None
    own = {x: said for x, said in laws.items() if said != [STANDARD]}
    if follows := (given_law.in_cases(case, own) or given_law.constant(case, own)):
        return _sure(follows, case.passage, frozenset(own))
    case = _with_densities(_with_sums(case, frozenset(laws)))
    letters = frozenset(x for x in laws if any(is_random(n, {x}) for side in case.nodes[-2:] for n in walk(side)))
    if not letters and len(own) == 1 and _is_bare(case.left):
        letters = frozenset(own)
    if not letters:
        return None
    last = list(_verdicts(case, _choices(laws, letters, True)))
    if right := next((j for j in _ordered(last) if j.word in (Word.CONFIRMED, Word.NOTE)), None):
        return right
    said = [*last, *_verdicts(case, _choices(laws, letters, False))]
    if not said:
        return unchecked("a law that is not known", KIND)
    if doubt := next((j for j in said if j.word is not Word.REFUTED), None):
        is_other = doubt.word is not Word.UNCHECKED
        return unchecked("right for another law that the text states" if is_other else doubt.reason, KIND)
    if doubtful := _doubt(case.passage, letters):
        return Judgement(Word.UNCHECKED, reason=doubtful, kind=KIND, excused=True)
    return said[0]


def _is_restated(case: Case, laws: Mapping[str, list[Stated]]) -> bool:
    """Tell whether a claim may say again what is listed of a letter: P(X = 2) = 0.3."""
    again = event_of(case.left)
    name = laws[again][-1].name if again in laws else ""
    return name == LISTED or (name == COUNTED and point(case.left) is None)


def _sure(said: Judgement, passage: Passage, letters: frozenset[str]) -> Judgement:
    """Return what is said, where nothing near makes another law plausible."""
    doubtful = said.word is Word.REFUTED and _doubt(passage, letters)
    return Judgement(Word.UNCHECKED, reason=doubtful, kind=KIND, excused=True) if doubtful else said


def _is_given(case: Case, laws: Mapping[str, list[Stated]]) -> bool:
    """Tell whether a claim is what the law of a letter is given by, f(x) = 2x."""
    match case.left:
        case Unknown(name, (Symbol(),), 0):
            base, _, letter = name.partition("_")
            last = [laws[x][-1].name for x in ([letter] if letter in laws else laws)]
            return (DENSITY in last and base[0] in "fgpqh") or (DISTRIBUTION in last and base[0] in "FGH")
    return False


def _is_bare(node: Node) -> bool:
    """Tell whether a side is F(x) or f(x), perhaps of the only random variable that there is."""
    return isinstance(node, Unknown) and node.name in ("F", "f") and len(node.arguments) == 1


def _with_sums(case: Case, letters: frozenset[str]) -> Case:
    """Return a claim with Y = 2X + 3 and q = 1 - p put in where they are said of letters without a law."""
    inside = letters_in([n for side in case.nodes[-2:] for n in walk(side) if is_event(n)], case.reading)
    known: dict[Node, Node] = {
        name: node
        for name, node in known_before(case).items()
        if isinstance(name, Symbol) and name.name not in letters | inside and symbols(node)
    }
    if not known:
        return case
    nodes = [put_in(n, known, {}) for n in case.nodes[-2:]]
    return replace(case, nodes=tuple(n for n in nodes if n is not None)) if None not in nodes else case


def _with_densities(case: Case) -> Case:
    """Return a claim with what the densities that are stated are in its integrals."""
    if not any(isinstance(n, Integral) for side in case.nodes[-2:] for n in walk(side)):
        return case
    functions = functions_of(case)
    try:
        return replace(case, nodes=tuple(put_integrals(n, functions) for n in case.nodes[-2:]))
    except (NotUnderstoodError, UndefinedError):
        return case


def _ordered(said: list[Judgement]) -> list[Judgement]:
    return sorted(said, key=lambda j: list(Word).index(j.word))


def _laws(passage: Passage) -> Mapping[str, list[Stated]]:
    """Return what the text states of each letter, the last statement at the end."""
    found: dict[str, list[Stated]] = {}
    own = [s.code() for s in stated(passage.text)]
    for key in (LATER, LAW):
        for code in [value for k, value in passage.known if k == key] + (own if key == LAW else []):
            said = Stated.of_code(code)
            found[said.letter] = [s for s in found.get(said.letter, []) if s != said] + [said]
    if nameless := found.pop("", None):
        named = (set("XYTWSV") - found.keys()) if not found else set()
        found |= dict.fromkeys(named, nameless)
    for said in [s for statements in found.values() for s in statements[-1:]]:
        base, _, index = said.letter.partition("_")
        if len(index) == 1 and index.isalpha():  # what is said of each X_i is said of X_1
            found |= {f"{base}_{n}": [said] for n in "123456" if f"{base}_{n}" not in found}
    if found and "Z" not in found:
        found["Z"] = [STANDARD]
    return found


def _choices(
    laws: Mapping[str, list[Stated]], letters: frozenset[str], is_last: bool
) -> Iterator[tuple[dict[str, Candidate], tuple[Stated, ...]]]:
    """Yield the ways to read the laws of some letters: as they were stated last, or else before."""
    names = sorted(letters)
    for chosen in islice(product(*(laws[x] for x in names)), MOST):
        if all(s is laws[x][-1] for x, s in zip(names, chosen, strict=True)) is is_last:
            ways = (by_formula(s) if s.name in BY_FORMULA else candidates(s) for s in chosen)
            for read in islice(product(*ways), MOST):
                yield dict(zip(names, read, strict=True)), chosen


def _verdicts(case: Case, choices: Iterable[tuple[dict[str, Candidate], tuple[Stated, ...]]]) -> Iterator[Judgement]:
    """Yield the verdict of each way to read the laws; of none in which what stands there are no parameters."""
    text = f"{case.passage.before} {case.passage.after} {case.passage.sentence.words()}"
    independent = _INDEPENDENT.search(text) is not None
    for chosen, said in choices:
        try:
            tried = settings(case, chosen, independent)
        except (NotUnderstoodError, UndefinedError, ZeroDivisionError, ValueError):
            continue
        yield _verdict(case, tried, chosen, said)


def _verdict(case: Case, tried: list[Setting], chosen: Mapping[str, Candidate], said: tuple[Stated, ...]) -> Judgement:
    """Return the verdict where each letter has a law."""
    try:
        found = compared(case, tried)
    except (NotUnderstoodError, UndefinedError) as error:
        return unchecked(f"not understood: {error}", KIND)
    except (ZeroDivisionError, ValueError, OverflowError):
        return unchecked("no value", KIND)
    reading = ", ".join(dict.fromkeys(c.convention.said for c in chosen.values() if c.convention.said))
    told = "; ".join(map(str, said))
    reason = found.reason if found.word is Word.UNCHECKED else ", ".join(filter(None, (found.reason, f"where {told}")))
    return Judgement(
        found.word, found.value, reason, KIND, reading if found.word in (Word.CONFIRMED, Word.NOTE) else ""
    )


def _doubt(passage: Passage, letters: frozenset[str]) -> str:
    """Return why a wrong claim may be of another law, or nothing."""
    doubts = dict(value.split("\t") for key, value in passage.known if key == DOUBT)
    if other := next((doubts[x] for x in letters if x in doubts), ""):
        return f"perhaps of another law: “{other.lower()}”"
    named = {Stated.of_code(value).letter for key, value in passage.known if key in (LAW, LATER)}
    named |= {s.letter for s in stated(passage.text)}
    for x in named.copy():
        base, _, index = x.partition("_")
        named |= {f"{base}_{n}" for n in "123456"} if len(index) == 1 and index.isalpha() else set()
    if any(x[0].islower() for x in letters):
        return "perhaps a parameter with several laws"
    if not letters <= named:
        return "perhaps of another random variable"
    before = _SENTENCE.split(passage.before)[-1]
    if word := _MEASURED.search(before):
        return f"perhaps measured: “{word[0].lower()}”"
    before = _SURE_AFTER.split(before)[-1]
    said = _UNDER.search(before) or _BEHIND.match(passage.after)
    return f"perhaps under a condition: “{said[1].lower()}”" if said else ""
