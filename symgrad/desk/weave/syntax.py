"""How documents of each kind hide a mark, and where a mark is no mark: in what they print as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from symgrad.errors import UnknownName

Span = tuple[int, int]


@dataclass(frozen=True)
class Syntax:
    """A kind of document. mark: a mark, with the ``request`` in it. format: of the pages that are put into it.

    labels: how equations are named in it. before, after: what stands between a mark and a displayed page.
    as_is: the places that are printed as they stand.
    at_start: whether a number may follow a mark with which a line begins.
    """

    name: str
    mark: re.Pattern[str]
    format: str
    labels: str | None
    before: str
    after: str
    as_is: Callable[[str], Iterator[Span]]
    at_start: bool = True

    def number(self, mantissa: str, exponent: int) -> str:
        """Return a number with an exponent as mathematics of the document, without its dollars."""
        return scientific_in(self.format)(mantissa, exponent)


def scientific_in(format_: str) -> Callable[[str, int], str]:
    """Return how m·10^e is written as mathematics of a format.

    >>> scientific_in("typst")("1.5", -3)
    '1.5 times 10^(-3)'
    """
    if format_ == "typst":
        return lambda mantissa, exponent: f"{mantissa} times 10^({exponent})"
    return lambda mantissa, exponent: rf"{mantissa} \times 10^{{{exponent}}}"


_TEX_AS_IS = re.compile(r"\\begin\{(verbatim\*?|Verbatim\*?|lstlisting|minted|comment)\}.*?\\end\{\1\}", re.DOTALL)
_TYPST_AS_IS = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_FENCE = re.compile(r"(?P<quote>[ \t>]*(?:[-*+][ \t]+|\d+[.)][ \t]+)?)(?P<ticks>`{3,}|~{3,})(?P<info>[^\n]*)")
_CODE = re.compile(r"(?<!`)(`+)(?!`)[^\n]+?(?<!`)\1(?!`)")
PROSE = {
    *("note", "tip", "warning", "admonition", "important", "caution", "hint", "attention", "danger", "error"),
    *("seealso", "dropdown", "card", "margin", "sidebar", "aside", "topic", "epigraph", "tab-item", "tab-set", "grid"),
    *("theorem", "proof", "lemma", "example", "exercise", "solution", "definition", "remark", "corollary"),
}
"""Directives of MyST whose content is prose: their fences hold no code."""


def _tex_as_is(text: str) -> Iterator[Span]:
    return (m.span() for m in _TEX_AS_IS.finditer(text))


def _typst_as_is(text: str) -> Iterator[Span]:
    return (m.span() for m in _TYPST_AS_IS.finditer(text))


def _markdown_as_is(text: str) -> Iterator[Span]:
    """Yield fenced code, to its end or that of the text, and code between words."""
    at, begin, ticks = 0, 0, ""
    for line in text.splitlines(keepends=True):
        fence = _FENCE.match(line)
        if ticks:
            closes = fence and fence["ticks"].startswith(ticks) and not fence["info"].strip()
            if closes:
                yield begin, at + len(line)
                ticks = ""
        elif fence and not _is_prose(fence["info"]):
            begin, ticks = at, fence["ticks"]
        elif not fence:
            yield from ((at + m.start(), at + m.end()) for m in _CODE.finditer(line))
        at += len(line)
    if ticks:
        yield begin, at


def _is_prose(info: str) -> bool:
    named = re.match(r"\s*\{([\w:-]+)\}", info)
    return bool(named and named[1] in PROSE)


def _nowhere(_: str) -> Iterator[Span]:
    return iter(())


_TEX = re.compile(r"(?<!\\)%+[ \t]*symgrad:[ \t]*(?P<request>[^\n]*?)[ \t]*(?:\n|\Z)")
_HTML = re.compile(r"<!--\s*symgrad:\s*(?P<request>[^\n]*?)\s*-->")
_RST = re.compile(r"^\.\.[ \t]+symgrad:(?!:)[ \t]*(?P<request>[^\n]*?)[ \t]*(?:\n|\Z)", re.MULTILINE)
_TYPST = re.compile(
    r"/\*\s*symgrad:\s*(?P<request>[^\n]*?)\s*\*/|(?<!:)//[ \t]*symgrad:[ \t]*(?P<line>[^\n]*?)[ \t]*(?:\n|\Z)"
)
_MARKDOWN = (_HTML, "markdown")
SYNTAXES = {
    suffix: syntax
    for suffixes, syntax in (
        ((".tex", ".ltx"), Syntax("LaTeX", _TEX, "latex", None, "", "\n", _tex_as_is)),
        ((".md", ".markdown"), Syntax("Markdown", *_MARKDOWN, "myst", "\n\n", "\n\n", _markdown_as_is, False)),
        ((".qmd",), Syntax("Quarto", *_MARKDOWN, "quarto", "\n\n", "\n\n", _markdown_as_is, False)),
        ((".ipynb",), Syntax("notebook", *_MARKDOWN, "latex", "\n\n", "\n\n", _markdown_as_is, False)),
        ((".rst",), Syntax("reStructuredText", _RST, "rst", None, "\n", "\n\n", _nowhere)),
        ((".typ",), Syntax("Typst", _TYPST, "typst", None, "\n", "\n", _typst_as_is)),
    )
    for suffix in suffixes
}


def syntax_of(path: Path) -> Syntax:
    """Return the syntax of a file, by its suffix. Raises UnknownName.

    >>> syntax_of(Path("chapter.tex")).name
    'LaTeX'
    """
    found = SYNTAXES.get(path.suffix.lower())
    if found is None:
        raise UnknownName("kind of document", path.suffix or path.name, SYNTAXES, str(path))
    return found
