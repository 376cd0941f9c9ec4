"""Laws that sentences state: X is binomial with n = 10 and p = 0.3, normal with mean 100 and variance 9."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from symgrad.audit.chance.said.stated import UNKNOWN, Stated

SPEAKS = re.compile(
    r"binomi|Poisson|normal|Gau(?:ss|ß)|exponen|geometri|géométri|uniform|gleichverteilt|Bernoulli", re.IGNORECASE
)
"""Words of which one stands in what states a law."""
_N = r"(\\[dt]?frac\s*\{[^{}]*\}\s*\{[^{}]*\}|\\?[A-Za-z0-9](?:\{,\}(?=\d)|[\w^/\\{}]|[.,](?=\d))*)(?![\w{]|[.,]\d)"
_IS = r"\s*(?:of|=|von|de|:)?\s*(?:\\?[a-zA-Z]+(?:\^\{?2\}?)?\s*=\s*)?"
_AND = r"\s*(?:,|;|and|und|et|y|e)?\s*(?:with|mit|con|avec)?\s*(?:a|an|einer?|une?|un|una|d'|d’)?\s*"
_NAMED = r"[^.;:=]{0,60}?"
_MEAN = (
    r"(?:mean|expected value|expectation|average|Mittelwert|Erwartungswert|moyenne|espérance|media|\\mu(?=\s*=)|"
    r"μ(?=\s*=))"
)
_DEVIATION = (
    r"(?P<sd>standard deviation|sd|s\.d\.|Standardabweichung|écart[- ]type|desviación (?:típica|estándar)|"
    r"\\sigma(?=\s*=)|σ(?=\s*=))"
)
_VARIANCE = r"(?P<variance>variance|Varianz|varianza|\\sigma\^\{?2\}?(?=\s*=)|σ²(?=\s*=))"
_SIZE = r"\b(?:n|N|m)\s*=\s*"
_P = r"\s*(?:,|;|and|und|et|y)\s*(?:with |a )?(?:success probability )?(?:p|q|θ|\\theta|π|\\pi)?\s*=?\s*"

Maker = Callable[[re.Match[str]], tuple[str, tuple[str, ...]]]


def _normal(found: re.Match[str]) -> tuple[str, tuple[str, ...]]:
    return "NormalDeviation" if found["sd"] else "NormalVariance", (found[1], found[found.re.groups])


def _rated(name: str) -> Maker:
    def make(found: re.Match[str]) -> tuple[str, tuple[str, ...]]:
        kind = "Rate" if found["rate"] else "Mean" if found["mean"] else ""
        return name + kind, (found[found.re.groups],)

    return make


_RATED = rf"(?:(?P<rate>rate|Rate|taux|tasa)|(?P<mean>{_MEAN})|parameter|Parameter|paramètre|parámetro|\\lambda|λ)"
_WAYS: tuple[tuple[re.Pattern[str], Maker], ...] = (
    (
        re.compile(rf"(?<!negative )(?<!negativ )\bbinomi\w*{_NAMED}{_SIZE}{_N}{_P}{_N}", re.IGNORECASE),
        lambda m: ("Binomial", (m[1], m[2])),
    ),
    (
        re.compile(rf"(?<!negative )\bbinomi\w*{_NAMED}\b(?:parameters?|paramètres|parámetros) {_N}{_AND}{_N}", re.I),
        lambda m: ("Binomial", (m[1], m[2])),
    ),
    (
        re.compile(rf"\bPoisson\b{_NAMED}\b{_RATED}{_IS}{_N}", re.IGNORECASE),
        lambda m: ("Poisson", (m[m.re.groups],)),
    ),
    (re.compile(rf"\bexponen\w+{_NAMED}(?:\b|(?=\\)){_RATED}{_IS}{_N}", re.IGNORECASE), _rated("Exponential")),
    (
        re.compile(
            rf"(?<!log)(?<!log-)\bnormal\w*{_NAMED}{_MEAN}{_IS}{_N}{_AND}(?:{_DEVIATION}|{_VARIANCE}){_IS}{_N}",
            re.IGNORECASE,
        ),
        _normal,
    ),
    (
        re.compile(
            r"\b(?:is|be|are|denotes?|has|have|follows?) (?:an? |the )?standard[- ]?normal|\bstandardnormalverteilt",
            re.IGNORECASE,
        ),
        lambda m: ("Normal", ("0", "1")),
    ),
    (
        re.compile(rf"\bg[eé]om[eé]tri\w+{_NAMED}\b(?:p|parameter|probability){_IS}{_N}", re.IGNORECASE),
        lambda m: ("Geometric", (m[1],)),
    ),
    (
        re.compile(
            rf"\buniform\w*{_NAMED}\b(?:on|over|in|auf|sur|en)\b[^.;:=()\[\]]{{0,30}}[(\[]\s*{_N}\s*[,;]\s*{_N}\s*[)\]]",
            re.IGNORECASE,
        ),
        lambda m: ("Uniform", (m[1], m[2])),
    ),
)
_RANDOM = re.compile(r"\$\s*([A-Z](?:_\{?\w\}?)?)\s*\$")
_SUM = re.compile(r"(?:\b(?:of|and|by|than|und|von|et|de|y)\b|[,+])\s*\Z")
_VERB = re.compile(
    r"\s*(?:(?:is|be|has|have|follows?|denotes?|ist|sei|hat|folgt|est|suit|soit|es|sigue|sea|tiene|an?|the)\b"
    r"[^$]{0,80})?\Z",
    re.IGNORECASE,
)
_ROUGHLY = re.compile(
    r"\b(?:approx\w*|roughly|nearly|annähernd|näherungsweise|not|nicht|pas|no)[\s,]*(?:an? )?\Z", re.I
)
_STOP = re.compile(r"[.!?]\s|\n\s*\n")
_COMMA = re.compile(r"(?<=\d)(?:\{,\}|,)(?=\d)")


def said(words: str, after: int) -> Iterator[Stated]:
    r"""Yield the laws that words state, of which the last letter stands behind a place; of no letter, "".

    >>> list(said(r"Let $X$ be binomial with $n = 10$ and $p = 0.3", 0))
    [Stated(letter='X', name='Binomial', parameters=('10', '0.3'))]
    >>> list(said("The scores are normally distributed with mean 100 and standard deviation 15", 0))
    [Stated(letter='', name='NormalDeviation', parameters=('100', '15'))]
    """
    if not SPEAKS.search(words):
        return
    bare = words.replace("$", " ").replace("\\(", "  ").replace("\\)", "  ")
    for pattern, make in _WAYS:
        for found in pattern.finditer(bare):
            if found.end() <= after or _STOP.search(bare, found.start(), found.end()):
                continue
            name, parameters = make(found)
            stop = max((m.end() for m in _STOP.finditer(bare, 0, found.start())), default=0)
            letter, is_of = _letter(words[stop : found.start()])
            if not is_of or _ROUGHLY.search(bare, stop, found.start()):
                name, parameters = UNKNOWN, ()
            yield Stated(letter, name, tuple(_COMMA.sub(".", p.rstrip(".,")) for p in parameters))


def _letter(before: str) -> tuple[str, bool]:
    """Return the last random letter before the name of a law, and whether the law is said of it; "" for none."""
    letters = list(_RANDOM.finditer(before))
    if not letters:
        return "", True
    last = letters[-1]
    name = last[1].replace("{", "").replace("}", "")
    return name, not _SUM.search(before, 0, last.start()) and _VERB.match(before, last.end()) is not None
