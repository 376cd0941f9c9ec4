"""What a ``print`` writes: words, and values with the formulas that compute them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from symgrad.audit.source.code.arithmetic_code import ClosedText, Known, closed

NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d{1,5})?")
MOST_PARTS, LONGEST = 30, 400
"""Parts of a line that is compared with what is printed, and its characters."""
Part = str | ClosedText | None
"""Words, a formula, or a value that is not known."""


@dataclass(frozen=True)
class Template:
    """The parts of one printed line."""

    parts: tuple[Part, ...]

    def values(self, line: str) -> Iterator[tuple[int, str, ClosedText]]:
        """Yield where a line prints a value, the value, and its formula; nothing where the line is another.

        >>> list(Template(("a: ", ClosedText("2^3"), " m")).values("a: 8 m"))
        [(3, '8', ClosedText(text='2^3', binds=2))]
        """
        pattern = self._pattern()
        whole = pattern.fullmatch(line) if pattern and len(line) <= LONGEST else None
        if whole is None:
            return
        formulas = [part for part in self.parts if isinstance(part, ClosedText)]
        for n, formula in enumerate(formulas, start=1):
            yield whole.start(n), whole[n], formula

    def _pattern(self) -> re.Pattern[str] | None:
        """Return what a line looks like: words, numbers, and anything without spaces for what is not known.

        None where two values stand side by side, so that it is not clear which is which.
        """
        if len(self.parts) > MOST_PARTS:
            return None
        written: list[str] = []
        for n, part in enumerate(self.parts):
            if isinstance(part, str):
                words = part.strip()
                gap = "" if n in (0, len(self.parts) - 1) or part[:1].strip() or part[-1:].strip() else r"\s+"
                spelled = r"\s+".join(map(re.escape, words.split()))
                written.append(rf"\s*{spelled}\s*" if spelled else gap or r"\s*")
            elif n and not isinstance(self.parts[n - 1], str):
                return None
            else:
                written.append(r"\S+" if part is None else f"({NUMBER.pattern})")
        return re.compile("".join(written) + r"\s*")


def template(call: ast.Call, known: Known) -> Template | None:
    """Return what a call of print writes; None where it writes more lines, or in ways that are not read."""
    if call.keywords:
        return None
    parts: list[Part] = []
    for n, argument in enumerate(call.args):
        if n:
            parts.append(" ")
        parts += _parts(argument, known)
    merged: list[Part] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    return None if any(isinstance(p, str) and "\n" in p for p in merged) else Template(tuple(merged))


def _parts(node: ast.expr, known: Known) -> list[Part]:
    match node:
        case ast.Constant(value=str() as words):
            return [words]
        case ast.JoinedStr(values=values):
            return [part for value in values for part in _parts(value, known)]
        case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
            return [closed(value, known)]
        case ast.FormattedValue(value=value, format_spec=ast.JoinedStr(values=[ast.Constant(value=str() as spec)])):
            return _formatted(value, spec, known)
        case ast.BinOp(left=ast.Constant(value=str() as pattern), op=ast.Mod(), right=right):
            given = right.elts if isinstance(right, ast.Tuple) else [right]
            return _filled(re.split(r"%[-+ 0-9.]*[defgi]", pattern), given, known)
        case ast.Call(
            func=ast.Attribute(value=ast.Constant(value=str() as pattern), attr="format"), args=given, keywords=[]
        ):
            return _filled(re.split(r"\{(?:\d*)(?::[^{}%]*)?\}", pattern), given, known)
    return [closed(node, known)]


def _formatted(value: ast.expr, spec: str, known: Known) -> list[Part]:
    """Return a value with a format; of a percentage the formula is 100 times as large."""
    if spec.endswith("%"):
        found = closed(value, known)
        return [found and ClosedText(rf"100 \cdot \left({found.text}\right)"), "%"]
    return [closed(value, known)]


def _filled(words: list[str], given: list[ast.expr], known: Known) -> list[Part]:
    if len(words) != len(given) + 1:
        return [None]
    parts: list[Part] = [words[0]]
    for value, after in zip(given, words[1:], strict=True):
        parts += [closed(value, known), after]
    return parts
