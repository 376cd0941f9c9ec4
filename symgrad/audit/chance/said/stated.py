r"""Laws that formulas state: X \sim \mathcal N(3, 4), X_1, …, X_n \sim \mathrm{Exp}(\lambda)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

LONGEST = 600
"""Characters of a formula that is searched."""
UNKNOWN = "?"
"""The name of a law that is not known, or that holds only approximately."""
LISTED, COUNTED = "=listed", "=counted"
"""The names of laws of which the values are listed, each followed by its probability, or by a formula for these."""
DENSITY, DISTRIBUTION = "=density", "=distribution"
"""The names of laws that a formula gives, as a density or as a distribution function, with where it holds."""
_OVER = re.compile(r"\\(?:overset|stackrel)\s*\{((?:[^{}]|\{[^{}]*\})*)\}\s*\{?\s*\\sim\s*\}?")
_APPROXIMATE = re.compile(r"app|\.|\ba\b|\bas\b|\bd\b|dot|infty|cdot")
_ROUGHLY = re.compile(r"\\(?:dot|approx)\s*\{?\s*\\sim\s*\}?|\\dotsim|\\xrightarrow|\\leadsto")
_SIM = re.compile(r"\\(?:sim|thicksim|hookrightarrow|distas)(?![A-Za-z])|∼|~(?=\s*[\\A-Zχ][\\A-Za-z{}^2χ]*\s*[_({[])")
_FONT = re.compile(
    r"\\(?:mathrm|mathcal|mathscr|mathsf|mathbf|mathbb|mathit|operatorname\*?|text|textrm|textsf|textit|mbox|rm|cal|bm)"
    r"(?![A-Za-z])\s*(?:\{([^{}]*)\})?"
)
_SKIPPED = re.compile(r"\\(?:left|right|big|Big|bigl|bigr|Bigl|Bigr)(?![A-Za-z])|\\[,;!: ]|\\q?quad|~|&")
_LETTER = r"(?:\\(?:bar|overline|hat|tilde)\s*\{?\s*)?(?:\\[a-z]+|[A-Za-z])\}?(?:_(?:\{[^{}]*\}|\w))?'?"
_HEAD = re.compile(rf"({_LETTER}(?:\s*,\s*(?:\\[lcd]?dots|…|\.\.\.|{_LETTER}))*)\s*\Z")
_GIVEN = re.compile(r"([A-Z](?:_(?:\{[^{}]*\}|\w))?)\s*(?:\\mid|\\vert|\|)[^,;]*\Z")
_NAME = re.compile(r"\s*(\\?[A-Za-zχΓ][A-Za-z. -]*?(?:\s*\^\s*\{?2\}?)?)\s*(?=[_(\[]|\\\{|\\lbrace|$)")
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_DECIMAL_COMMA = re.compile(r"(?<=\d)\{,\}(?=\d)")
_BY = re.compile(r"\b(Normal|Exponential|Gamma)(Variance|Deviation|Rate|Mean|Scale)")
_SUM = re.compile(rf"\s*({_LETTER})\s*:?=[^,;]*\Z")
_OPERATED = re.compile(r"[-+*/=|^({\d)]\s*\Z|\\[A-Za-z]+\s*\Z|[A-Za-z]\Z")


class Stated(NamedTuple):
    """What a text says of a letter: the name of its law, and the parameters as they are printed."""

    letter: str
    name: str
    parameters: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.name in (LISTED, COUNTED):
            return f"{self.letter or 'the variable'} has the probabilities that are listed"
        if self.name in (DENSITY, DISTRIBUTION):
            kind = "density" if self.name == DENSITY else "distribution function"
            return f"{self.letter or 'the variable'} has the {kind} {self.parameters[0]}"
        name = _BY.sub(lambda m: f"{m[1]} by {m[2].lower()}", self.name)
        return f"{self.letter or 'the variable'} ~ {name}({', '.join(self.parameters)})"

    def code(self) -> str:
        """Return it in one line."""
        return "\t".join((self.letter, self.name, *self.parameters))

    @classmethod
    def of_code(cls, code: str) -> Stated:
        """Read what ``code`` has written."""
        letter, name, *parameters = code.split("\t")
        return cls(letter, name, tuple(parameters))


@lru_cache(maxsize=512)
def stated(formula: str) -> tuple[Stated, ...]:
    r"""Return the laws that a formula states.

    >>> stated(r"X \sim \mathrm{Binomial}(10, 0.3)")
    (Stated(letter='X', name='Binomial', parameters=('10', '0.3')),)
    >>> [s.letter for s in stated(r"X_1, X_2 \overset{iid}{\sim} \mathcal{N}(\mu, \sigma^2)")]
    ['X_1', 'X_2']
    """
    if len(formula) > LONGEST or not ("sim" in formula or "∼" in formula or "~" in formula or "hook" in formula):
        return ()
    text = _OVER.sub(lambda m: r" \approx\sim " if _APPROXIMATE.search(m[1]) else r" \sim ", formula)
    text = _ROUGHLY.sub(lambda m: r" \sim ? ", text)
    text = _FONT.sub(lambda m: f" {m[1] or ''}", text)
    return tuple(_read(text))


def _read(text: str) -> Iterator[Stated]:
    signs = [s for s in _SIM.finditer(text) if s[0] != "~" or _HEAD.fullmatch(text, 0, s.start())]
    for n, sign in enumerate(signs):
        end = signs[n + 1].start() if n + 1 < len(signs) else len(text)
        before, behind = (_SKIPPED.sub(" ", part) for part in (text[: sign.start()], text[sign.end() : end]))
        name, parameters = _law(behind)
        if conditional := _GIVEN.search(before):
            yield Stated(_letter(conditional[1]), UNKNOWN)
        elif total := _SUM.search(before[max(map(before.rfind, ",;")) + 1 :]):
            yield Stated(_letter(total[1]), name, parameters)
        elif (head := _HEAD.search(before)) and not _OPERATED.search(before, 0, head.start()):
            for letter in head[1].split(","):
                if "dots" not in letter and letter.strip(" .…"):
                    yield Stated(_letter(letter), name, parameters)


def _letter(printed: str) -> str:
    r"""Return a letter as the reading of formulas names it: \bar{X} is "bar X".

    >>> _letter(r"\bar{X}_{1}")
    'bar X_1'
    """
    bare = re.sub(r"[{}\s]", " ", printed.replace("\\", " ")).split()
    return re.sub(r"\s*_\s*", "_", " ".join(bare))


def _law(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the name of a law and its parameters."""
    found = _NAME.match(text)
    if found is None:
        return UNKNOWN, ()
    name, at = found[1].strip(), found.end()
    parameters: list[str] = []
    while at < len(text) and (opening := re.compile(r"\s*(_?)\s*(\\?)([({\[]|\w)").match(text, at)):
        if opening[3] not in _CLOSING:
            if not opening[1]:
                break
            parameters.append(opening[3])
            at = opening.end()
            continue
        if opening[3] == "{" and not (opening[1] or opening[2]):
            break
        end = _end(text, opening.end())
        if end < 0:
            return UNKNOWN, ()
        inside = text[opening.end() : end].rstrip("\\ ").lstrip()
        is_set = bool(opening[2]) or inside.startswith(("\\{", "{"))
        name = "UniformIntegers" if is_set and name.lower().startswith("u") else name
        parameters += (
            [inside] if opening[1] and ";" not in inside else split(inside.strip("\\{} ") if is_set else inside, is_set)
        )
        at = end + 1
    return (name, tuple(parameters)) if parameters else (UNKNOWN, ())


def split(inside: str, is_set: bool = False) -> list[str]:
    r"""Return the parameters between parentheses; of a set, 1, 2, …, 6, the first and the last.

    >>> split("10; 0,3"), split("1, 2, \\ldots, 6", True), split("0{,}5")
    (['10', '0.3'], ['1', '6'], ['0.5'])
    """
    text = _DECIMAL_COMMA.sub(".", inside)
    if ";" in text or " | " in text:
        return [re.sub(r"(?<=\d),(?=\d)", ".", part).strip() for part in re.split(r";|\|", text)]
    parts = _at_commas(text)
    return [parts[0], parts[-1]] if is_set and len(parts) > 2 else parts


def _at_commas(text: str) -> list[str]:
    parts, depth = [""], 0
    for c in text:
        depth += (c in "({[") - (c in ")}]")
        if c == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += c
    return [part.strip() for part in parts]


def _end(text: str, at: int) -> int:
    """Return where what is open at a place is closed; -1 where it is not. [0, 1) is closed too."""
    depth = 1
    for n in range(at, len(text)):
        depth += (text[n] in "({[") - (text[n] in ")}]")
        if depth == 0:
            return n
    return -1
