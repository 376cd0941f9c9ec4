"""What a name means in a text, as far as its words say."""

from __future__ import annotations

import re
from math import exp

from symgrad.audit.activation import plausible
from symgrad.audit.finding import Passage
from symgrad.reading.reading import ALTERNATIVES, ANY, Meant

SIGMA = ALTERNATIVES["sigma"]
_DEFINED = re.compile(
    r"(?:^|\n|\\\\|,|\\quad)[\s&]*(?:\\(?:mathbf|mathcal|bm|boldsymbol|hat|bar|tilde)\s*\{?\s*)?(\\?[A-Za-z]+|[α-ωΑ-Ω])\}?"
    r"(?:_\{?[\w,+-]*\}?)?\s*&?\s*(?::=|=|\\coloneqq|\\triangleq|\\equiv|\\sim)"
)


_EULER = re.compile(r"(?<![A-Za-z\\_^{])e\s*\^\s*(?:\{\s*[-+]?\s*(?!\d+\s*\})|(?=[a-z\\]))|\\(?:ln|exp)(?![A-Za-z])")
_NEAR_EULER = re.compile(r"\s*e\s*\^\s*\{?\s*([2-9])\s*\}?\s*(?:=|≈|\\approx)\s*(\d{1,4}(?:\.\d{1,8})?)\s*[.,]?\s*")
NEAR = 0.15
LONGEST, LONGEST_BY_CASES = 200, 800
_MAY_DEFINE = re.compile(
    r"(?:\s|\\(?:ds|dsp|displaystyle|textstyle|quad|,|;|!)(?![A-Za-z]))*"
    r"\\?\w+(?:_\{?\w+\}?)?\s*(?:\(\s*\\?\w+(?:\s*,\s*\\?\w+){0,3}\s*\))?\s*(?::?=|≔)[^=]*[A-Za-z]"
)


SHORT = 250
"""Characters of a text that is too short to say what its letters mean."""
NAMING = {
    "sigma": re.compile(
        r"\b(?:logisti|sigmo[iï]d|tanh|hyperbolic|relu|rectif|softplus|gelu|activati|aktivierung|nonlinear|non-linear|neur)|"
        r"1\s*\+\s*(?:e\s*\^|\\exp|\\e\b)|激活",
        re.IGNORECASE,
    ),
    "Phi": re.compile(
        r"\b(?:normal|gau(?:ss|ß)|probit|cdf|z-?scores?|quantile|standardi[sz]ed|verteilung|loi)|\\mathcal\s*\{?\s*N|正态|erf",
        re.IGNORECASE,
    ),
    "Gamma": re.compile(r"(?<!\\)\bgamma|factorial|Fakultät|facultés?", re.IGNORECASE),
}
"""Words of a text in which a letter is the known function."""
_CASE = re.compile(r"[\s,;]*(?:\\(?:quad|text|mathrm)\s*\{?\s*)*(?:if|when|whenever|otherwise)\b", re.IGNORECASE)
_OF_LETTER = re.compile(r"\s*\\?\w+\s*\(\s*\\?[A-Za-z]+\s*\)\s*=")
IF = r"\text{ if}"
"""What a definition that is one case of several ends with."""


def as_definition(passage: Passage) -> str:
    r"""Return a formula that may be a definition, with IF where the words behind it make it one of several cases.

    >>> from symgrad.audit.finding import Place
    >>> as_definition(Passage("f(x) = 5", Place("notes.md", 1), after=" if $x = 2$")), may_define("f(x) = 5")
    ('f(x) = 5\\text{ if}', False)
    """
    case = _CASE.match(passage.after)
    if case and _OF_LETTER.match(passage.text):
        return passage.text + IF
    return passage.text if may_define(passage.text) else ""


def may_define(formula: str) -> bool:
    """Tell whether a formula may say what a function or a letter is: f(x) = x^2, y = 3t.

    >>> [may_define(text) for text in ("f(x) = x^2", "y = 3t", "x = 3", "2x + 1 = y")]
    [True, True, False, False]
    """
    longest = LONGEST_BY_CASES if "cases}" in formula or "{array}" in formula else LONGEST
    return len(formula) <= longest and bool(_MAY_DEFINE.match(formula))


def letters_defined(formula: str, before: frozenset[str]) -> frozenset[str]:
    r"""Return the letters that formulas have said the meaning of, this one too: S in S = \sum_k e^{z_k}.

    >>> sorted(letters_defined(r"S = \sum_k e^{z_k}, \quad \pi = 0.3", frozenset("q")))
    ['S', 'pi', 'q']
    """
    found = {name.lstrip("\\") for name in _DEFINED.findall(formula)}
    return before if found <= before else before | found


def meanings(passage: Passage) -> Meant:
    """Return which readings are plausible in a text, where it says so: σ where only the logistic function is named.

    >>> from symgrad.audit.finding import Place
    >>> passage = Passage("", Place("notes.md", 1), known=(("functions", "any tanh"),))
    >>> meanings(passage)["sigma"]
    ('tanh', 'sigmoid', 'relu', 'softplus', 'any')
    """
    e: Meant = {"e": ("Euler",)} if _is_euler(passage) else {}
    return {**e, **_of_unnamed(passage), **_of_sigma(passage)}


def unnamed(text: str) -> str:
    r"""Return the letters of known functions of which a text says nowhere that it means these; none for a short text.

    >>> unnamed(r"Let $\sigma$ be a permutation of the letters and numbers of a set. " * 5)
    'sigma Phi Gamma'
    >>> unnamed("The probability is the area below the normal curve, which tables give. " * 5)
    'sigma Gamma'
    """
    return "" if len(text) < SHORT else " ".join(x for x, words in NAMING.items() if not words.search(text))


def _of_unnamed(passage: Passage) -> Meant:
    """Return the readings of letters that a text does not name the functions of: they may be any."""
    letters = next((value.split() for key, value in passage.known if key == "unnamed"), [])
    return {x: (*ALTERNATIVES[x], *({ANY} - {*ALTERNATIVES[x]})) for x in letters}


def _is_euler(passage: Passage) -> bool:
    """Tell whether e is Euler's number in a formula: it has a power of a letter, stands beside ln, or is as large."""
    if "e" not in passage.text or "e" in passage.defined:
        return False
    if _EULER.search(passage.text):
        return True
    near = _NEAR_EULER.fullmatch(passage.text)
    return near is not None and abs(float(near[2]) / exp(int(near[1])) - 1) < NEAR


def _of_sigma(passage: Passage) -> Meant:
    named = dict(passage.known).get("functions", "").split()
    if said := [value for key, value in passage.known if key == "sigma is"]:
        return {"sigma": plausible(said, named, _by_words(named).get("sigma", SIGMA))}
    return _by_words(named)


def _by_words(named: list[str]) -> Meant:
    """Return which readings are plausible, by the functions that the words name."""
    if not named:
        return {}
    if named == ["tanh"]:
        return {"sigma": ("tanh", *(s for s in SIGMA if s != "tanh"))}
    if "logistic" in named and not {"tanh", "other"} & set(named):
        return {"sigma": SIGMA[:1]}
    if "logistic" in named:
        return {"sigma": (*SIGMA, ANY)}
    likely = "tanh" if "tanh" in named else SIGMA[0]
    return {"sigma": (likely, *(s for s in SIGMA if s != likely), ANY)}
