"""Laws by the formula of their density or their distribution function: "X has the density f(x) = 2x for 0 ≤ x ≤ 1"."""

from __future__ import annotations

import re

from flint import fmpq

from symgrad.audit.bycases.function import ByCases
from symgrad.audit.bycases.read import by_cases, one_case
from symgrad.audit.chance.said.listed import as_stated, number
from symgrad.audit.chance.said.stated import DENSITY, DISTRIBUTION, Stated
from symgrad.audit.finding import Passage
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.value import UndefinedError

LONGEST = 500
NEAR = 200
"""Characters before a formula in which words say what it is."""
_DENSITY = (
    r"densit(?:y|ies)(?: function)?|p\.?d\.?f\b\.?|Dichte(?:funktion)?|Wahrscheinlichkeitsdichte|densités?|densidad|"
    r"densidade"
)
_DISTRIBUTION = (
    r"(?:cumulative |probability )?distribution function|c\.?d\.?f\b\.?|Verteilungsfunktion|fonction de répartition|"
    r"función de distribución|função de distribuição"
)
SPEAKS = re.compile(rf"\b(?:(?P<density>{_DENSITY})|(?P<distribution>{_DISTRIBUTION}))", re.IGNORECASE)
_OTHER = re.compile(
    r"\b(?:conditional|joint|bedingte\w*|gemeinsame\w*|conditionnelle|conjointe|condicional|conjunta|mass|charge|energy|"
    r"population|spectral|current|traffic|air|power|number|surface|linear|not an?|no|likelihood|posterior)\s*\Z|"
    r"\b(?:conditional|joint)\b[^.]{0,40}\Z",
    re.IGNORECASE,
)
"""Words before "density" of something else."""
_GIVEN = re.compile(r"\b(?:given|conditional|knowing|sachant|dado|gegeben\w*)\b|\\mid|H_")
_STOP = re.compile(r"[.!?]\s|\n[ \t]*\n(?!\s*\$\$)")
_RANDOM = re.compile(r"\$\s*([A-Z](?:_\{?\w\}?)?)\s*\$")
_BEHIND = re.compile(
    r"[\s,$]*(?:(?:for |on )?\$[^$]{1,40}\$[\s,]*)?(?:is|be|as|ist|est|es|é)\b[^.$]{0,40}\b", re.IGNORECASE
)
_INTERVAL = re.compile(
    r"\s*(?:\\left)?[\[(\]]\s*[^\[\](),;]{1,20}\s*[,;]\s*[^\[\](),;]{1,20}\s*(?:\\right)?[\])\[]\s*[.,]?\s*"
)
_WHERE = re.compile(
    r"[\s,;($]*(?:(?:for|if|when|where|with|on|over|in|and|defined|supported|the|support|interval|für|auf|im|Intervall|"
    r"falls|mit|pour|sur|si|l'intervalle|para|en|el|intervalo|no|em|se|con|com|values|of|range|domain)\b[\s,]*)*[\s($]*",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"[\s,$(]*(?:for|on|auf|für|pour|para|defined on)[\s$]*"
    r"(?:(?:all|every|any|alle|tout|todo|the|die|les|los|ganz)[\s$]*)?"
    r"(?:reals?|reellen?|réels?|reales|(?:whole )?real (?:line|numbers?))\b",
    re.IGNORECASE,
)
FURTHER = 4
"""Formulas of a sentence among which the support of a density is searched."""
_BETWEEN = re.compile(
    r"[\s,$]*(?:for|on|wenn|für|para|pour)?[\s$]*\w[\s$]*(?:is )?(?:between|zwischen|entre) \$?(-?[\d./]+)\$? "
    r"(?:and|und|et|y|e) \$?(-?[\d./]+)",
    re.IGNORECASE,
)
_LOWER = {"density": "fghpq", "distribution": "FGHS"}


def given_law(passage: Passage, words: str) -> Stated | None:
    """Return the law that a formula states by the words before it, or right behind; None where it states none."""
    text = passage.text
    if len(text) > LONGEST or "=" not in text or "\t" in text:
        return None
    if (masses := by_cases(text)) and (law := _of_points(masses, words, passage.after)):
        return law
    kind = _kind(words, passage.after)
    found = kind and _function(passage)
    if not found or found.primes or found.name[0] not in _LOWER[kind] or not found.letter[0].islower():
        return None
    if len(found.name) > 1 and found.name[1] != "_":
        return None
    letter = found.name.partition("_")[2] or _letter(words, passage.after, found.letter)
    name = DENSITY if kind == "density" else DISTRIBUTION
    return Stated(letter, name, (" ".join(text.split()), " ".join(_support(passage, found.letter).split())))


def _of_points(f: ByCases, words: str, after: str) -> Stated | None:
    """Return the law whose probabilities a function gives at each of its values, which add up to 1; None for others."""
    if f.primes or f.name[0] not in "pPf" or (len(f.name) > 1 and f.name[1] != "_"):
        return None
    try:
        parts = [p for p in f.parts() if number(p.value) != 0]
    except (NotUnderstoodError, UndefinedError):
        return None
    pairs = [
        (p.inside.low, number(p.value)) for p in parts if p.inside.low is not None and p.inside.low == p.inside.high
    ]
    if len(pairs) < max(2, len(parts)) or sum((p for _, p in pairs if p is not None), fmpq(0)) != 1:
        return None
    return as_stated(f.name.partition("_")[2] or _letter(words, after, f.letter), pairs)


def read(said: Stated) -> ByCases | None:
    """Return the function that a statement gives."""
    text, support = said.parameters
    return by_cases(text) or one_case(text, support)


def _function(passage: Passage) -> ByCases | None:
    first = re.match(r"[^=]*\(\s*(\\?[a-z]+)\s*(?:\\right)?\)\s*&?\s*:?\s*\Z", passage.text.partition("=")[0])
    if first is None:
        return None
    return by_cases(passage.text) or one_case(passage.text, _support(passage, first[1].lstrip("\\")))


def _kind(words: str, after: str) -> str:
    """Return whether words before a formula, in its sentence, speak of a density or a distribution function."""
    stop = max((m.end() for m in _STOP.finditer(words)), default=0)
    near = words[max(stop, len(words) - NEAR) :]
    spoken = list(SPEAKS.finditer(near))
    if not spoken and (behind := _BEHIND.match(after)) and (found := SPEAKS.search(after, 0, behind.end() + 40)):
        return "" if _OTHER.search(after, 0, found.start()) else str(found.lastgroup)
    if not spoken or _OTHER.search(near, 0, spoken[-1].start()) or _GIVEN.search(near, spoken[-1].end()):
        return ""
    return str(spoken[-1].lastgroup)


def _letter(words: str, after: str, variable: str) -> str:
    """Return the random letter of a density: that of its variable, or the only one of its sentence; else none, ""."""
    named = [m[1].replace("{", "").replace("}", "") for m in _RANDOM.finditer(words[-NEAR:] + " ◇ " + after[:NEAR])]
    if variable.upper() in named:
        return variable.upper()
    stop = max((m.end() for m in _STOP.finditer(words)), default=0)
    here = {m[1].replace("{", "").replace("}", "") for m in _RANDOM.finditer(words[stop:])}
    return min(here) if len(here) == 1 else ""


def _support(passage: Passage, letter: str) -> str:
    """Return where a density lives, as the next formula of its sentence, or the words behind it, say; or nothing."""
    name = rf"\\?{re.escape(letter)}"
    for part in passage.sentence.parts[passage.at + 1 : passage.at + FURTHER]:
        if _WHERE.fullmatch(part.words) and _INTERVAL.fullmatch(part.text):
            return ("\\" if len(letter) > 1 else "") + letter + " \\in " + part.text.strip(" .,")
        is_bound = re.search(rf"(?<![A-Za-z\\]){name}(?![A-Za-z(])", part.text) and not re.search(r"=|\\sim", part.text)
        if _WHERE.fullmatch(part.words) and is_bound and len(part.text.strip(" \\")) > len(letter):
            return part.text
        if not re.fullmatch(r"\s*[A-Z](?:_\{?\w\}?)?\s*", part.text):
            break
    if _ALL.match(passage.after):
        return ("\\" if len(letter) > 1 else "") + letter + r" \in \mathbb{R}"
    if between := _BETWEEN.match(passage.after):
        return f"{between[1]} \\le {letter} \\le {between[2].rstrip('.')}"
    return ""
