r"""Commands that a text defines for itself, \newcommand{\R}{\mathbb{R}}: its formulas are read with them put in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import ascii_letters

from symgrad.audit.source.slopes import DIFFERENTIALS, SIGNS, slope

_BEGIN = re.compile(
    r"\\(?:(?:re|provide)?newcommand\*?\s*\{?\s*(?P<new>\\[A-Za-z]+)\s*\}?\s*(?:\[(?P<count>\d)\])?(?P<default>\[[^\]]*\])?"
    r"|def\s*(?P<defined>\\[A-Za-z]+)\s*(?P<parameters>(?:#\d)*)"
    r"|DeclareMathOperator\*?\s*\{?\s*(?P<operator>\\[A-Za-z]+)\s*\}?)\s*\{"
)
_BRACKETS = re.compile(r"\s*\[([^\[\]]*)\]")
_COMMAND = re.compile(r"\\[A-Za-z]+")
MOST, LONGEST, DEEPEST = 500, 4_000, 5
"""Commands of a text, characters of a formula with them put in, and how often they are put in."""
KEPT = frozenset(["\\frac", "\\left", "\\right", "\\begin", "\\end", "\\text", "\\sigma", "\\log", "\\sum", "\\prod"])
"""Commands that are never read otherwise."""


@dataclass(frozen=True)
class Macro:
    """What a command stands for, with #1, #2, ... for its arguments.

    default: what the first of them is where no [...] follows the command; None where it is no optional one.
    """

    body: str
    arguments: int = 0
    default: str | None = None


COMMON: Mapping[str, Macro] = {
    "\\answer": Macro("{#2}", 2, ""),
    "\\abs": Macro("\\left|#1\\right|", 1),
    "\\norm": Macro("\\left\\|#1\\right\\|", 1),
    **dict.fromkeys(["\\d", "\\dif", "\\differential", "\\mathd"], Macro("\\,d")),
    "\\diff": Macro("\\,d"),
    "\\dd": Macro("\\,d"),
    **{command: Macro(command) for command in SIGNS if command not in DIFFERENTIALS},
    "\\ds": Macro("\\displaystyle"),
    **{f"\\{x}bar": Macro(f"\\bar{{{x}}}") for x in "xyzXYZ"},
    **{f"\\b{x}": Macro(f"\\boldsymbol{{{x}}}") for x in "apqruvwxyzABCHIKMPQRSTVWX"},
    "\\rule": Macro("", 3, ""),
    "\\strut": Macro(""),
    "\\mathstrut": Macro(""),
    "\\reals": Macro("\\mathbb{R}"),
    "\\ensuremath": Macro("#1", 1),
    "\\num": Macro("{#1}", 1),
    **dict.fromkeys(["\\red", "\\blue", "\\green", "\\vb", "\\vbf"], Macro("{#1}", 1)),
    "\\mat": Macro("\\begin{pmatrix}#1\\end{pmatrix}", 1),
    "\\eps": Macro("\\varepsilon"),
    "\\newline": Macro("\\\\"),
    "\\vv": Macro("\\vec{#1}", 1),
    "\\e": Macro("\\mathrm{e}"),
    "\\Sum": Macro("\\sum"),
    "\\Int": Macro("\\int"),
    "\\half": Macro("\\frac{1}{2}"),
    "\\inv": Macro("^{-1}"),
    "\\E": Macro("\\mathbb{E}"),
    "\\Var": Macro("\\operatorname{Var}"),
    "\\Cov": Macro("\\operatorname{Cov}"),
    **dict.fromkeys(["\\P", "\\Prob", "\\prob"], Macro("\\mathbb{P}")),
    **{f"\\{letter}": Macro(f"\\mathbb{{{letter}}}") for letter in "RNZQC"},
    **{f"\\{kind}{letter}": Macro(f"\\boldsymbol{{{letter}}}") for kind in "VM" for letter in ascii_letters},
}
r"""Commands of packages and large books that are used with no definition in sight: \answer[given]{x}, \abs{x}, \Vx."""


def macros(text: str) -> dict[str, Macro]:
    r"""Return the commands that a text defines.

    >>> macros(r"\newcommand{\vect}[1]{\mathbf{#1}} \def\E{\mathbb{E}}")["\\vect"].body
    '\\mathbf{#1}'
    """
    found: dict[str, Macro] = {}
    for begin in _BEGIN.finditer(text):
        name = begin["new"] or begin["defined"] or begin["operator"]
        body = _group(text, begin.end() - 1)
        if body is None or name in KEPT or len(found) == MOST:
            continue
        if begin["operator"]:
            body = rf"\operatorname{{{body}}}"
        count = int(begin["count"] or 0) or (begin["parameters"] or "").count("#")
        found[name] = Macro(body, count, begin["default"] and begin["default"][1:-1])
    return found


def expanded(formula: str, known: Mapping[str, Macro]) -> str:
    r"""Return a formula with what its commands stand for; as it is where it would be too long.

    >>> expanded(r"\E[x] = \vect y", {"\\E": Macro("\\mathbb{E}"), "\\vect": Macro("\\mathbf{#1}", 1)})
    '\\mathbb{E}[x] = \\mathbf{y}'
    """
    text = formula
    for _ in range(DEEPEST):
        if not any(name in known for name in _COMMAND.findall(text)):
            break
        text = _once(text, known)
        if len(text) > max(LONGEST, 4 * len(formula)):
            return formula
    return text


def _once(text: str, known: Mapping[str, Macro]) -> str:
    parts, at = list[str](), 0
    for command in _COMMAND.finditer(text):
        macro = known.get(command[0])
        if macro is None or command.start() < at:
            continue
        body, end = macro.body, command.end()
        if macro is COMMON.get(command[0]) and (found := slope(command[0], text, end)):
            parts += [text[at : command.start()], found[0]]
            at = found[1]
            continue
        for n in range(1, macro.arguments + 1):
            given = macro.default is not None and n == 1
            argument, end = _optional(text, end, macro.default or "") if given else _argument(text, end)
            body = body.replace(f"#{n}", argument)
        bare = macro.arguments == 0 and body[-1:].isalpha() and text[end : end + 1].isalpha()
        parts += [text[at : command.start()], body, " " if bare else ""]
        at = end
    return "".join([*parts, text[at:]])


def _optional(text: str, at: int, default: str) -> tuple[str, int]:
    found = _BRACKETS.match(text, at)
    return (found[1], found.end()) if found else (default, at)


def _argument(text: str, at: int) -> tuple[str, int]:
    while at < len(text) and text[at].isspace():
        at += 1
    if text[at : at + 1] == "{" and (group := _group(text, at)) is not None:
        return group, at + len(group) + 2
    command = _COMMAND.match(text, at)
    end = command.end() if command else at + 1
    return text[at:end], end


def _group(text: str, at: int) -> str | None:
    """Return what stands in the braces that open at a place; None where they are not closed."""
    depth = 0
    for end in range(at, min(len(text), at + LONGEST)):
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        if depth == 0:
            return text[at + 1 : end]
    return None
