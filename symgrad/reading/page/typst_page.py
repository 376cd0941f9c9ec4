"""The parts of a page in Typst: its displayed equations line by line, and the words between them."""

from __future__ import annotations

import re
from collections.abc import Iterator

_MATH = r"(?<!\\)\$(?P<math>(?:[^$\\]|\\.)*)\$"
_PART = re.compile(
    rf"```.*?```|^//[^\n]*$|(?P<call>#math\.equation\([^$\n]*)?{_MATH}\)?(?: <[^>\n]*>)?", re.DOTALL | re.MULTILINE
)
"""A listing, a comment, or mathematics: displayed where there is a space inside its dollars."""
_INLINE = re.compile(_MATH, re.DOTALL)
_SETTING = re.compile(r"^#(?:set|show|let|import)\b[^\n]*$", re.MULTILINE)


def typst_parts(text: str) -> Iterator[tuple[list[str], str]]:
    """Yield the lines of each displayed equation, or no lines and the words of a paragraph.

    >>> list(typst_parts("Words $x$.\\n\\n$\\n  a &= b \\\\\\n  &quad + c \\\\\\n  d &= e\\n$ <eq:a>"))
    [([], 'Words $x$.'), (['a = b quad + c', 'd = e'], '')]
    """
    text = _SETTING.sub("", text)
    at = 0
    for found in _PART.finditer(text):
        if found["math"] is not None and not (found["math"][:1].isspace() and found["math"][-1:].isspace()):
            continue
        yield from (([], words) for words in _paragraphs(text[at : found.start()]))
        if found["math"] is not None:
            yield _lines(found["math"]), ""
        at = found.end()
    yield from (([], words) for words in _paragraphs(text[at:]))


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in re.split(r"\n\s*\n", text):
        if words := " ".join(paragraph.split()):
            yield words


def _lines(body: str) -> list[str]:
    """Return the equations of a display; one that is broken over lines, which begin with quad, is put together."""
    found: list[str] = []
    for row in re.split(r"\\(?=\s)", body):
        line = row.strip()
        if found and re.match(r"&\s*quad\b", line):
            found[-1] += " " + line.removeprefix("&")
        elif line:
            found.append(line)
    return [re.sub(r"^([^&]*)&", r"\1", line) if "cases(" not in line.partition("&")[0] else line for line in found]


def inline(words: str) -> tuple[str, list[str]]:
    """Return the words without their escapes, and the formulas between them."""
    return re.sub(r"\\(?=[^\sA-Za-z])", "", words), [m["math"] for m in _INLINE.finditer(words)]
