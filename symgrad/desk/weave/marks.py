"""The passages of a document that stand between two marks: what is asked for, and what stands there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from symgrad.audit.words.marks import WORDS, is_request
from symgrad.desk.weave.syntax import Syntax
from symgrad.errors import ReadError

END = "end"
TODO = "begin each passage by a mark with symgrad: and what is asked for, and close it by one with symgrad: end"


@dataclass(frozen=True)
class Passage:
    """What is asked for in the mark before it, on which line that is, and the content between the marks.

    begin, end: where the content stands in the text. indent: the spaces with which the mark's line begins, where
    nothing else stands before the mark; else None.
    """

    request: str
    line: int
    begin: int
    end: int
    indent: str | None


def passages(text: str, syntax: Syntax, file: str) -> Iterator[Passage]:
    """Yield the passages of a document. Raises ReadError for a mark without its end, with the line.

    >>> from pathlib import Path
    >>> from symgrad.desk.weave.syntax import syntax_of
    >>> [p] = passages("a\\n% symgrad: rnn of=E\\n  x\\n% symgrad: end\\n", syntax_of(Path("a.tex")), "a.tex")
    >>> p.request, p.line, p.begin, p.end, p.indent
    ('rnn of=E', 2, 22, 26, '')
    """
    as_is = list(syntax.as_is(text))
    opened: Passage | None = None
    for m in syntax.mark.finditer(text):
        if any(begin <= m.start() < end for begin, end in as_is):
            continue
        line = text.count("\n", 0, m.start()) + 1
        request = next((g for g in m.groups() if g is not None), "")
        if request.partition(" ")[0] in WORDS and not is_request(request):
            continue  # a mark for the audit
        if request == END:
            if opened is None:
                raise _wrong("this mark ends what did not begin", file, line, m[0])
            yield Passage(opened.request, opened.line, opened.begin, m.start(), opened.indent)
            opened = None
        elif opened is not None:
            raise _wrong(f"the passage of line {opened.line} has no end before this one begins", file, line, m[0])
        else:
            before = text[text.rfind("\n", 0, m.start()) + 1 : m.start()]
            opened = Passage(request, line, m.end(), m.end(), None if before.strip() else before)
    if opened is not None:
        raise _wrong("this passage has no end", file, opened.line, "")


def _wrong(what: str, file: str, line: int, text: str) -> ReadError:
    return ReadError(what, todo=TODO, file=file, line=line, text=text.strip())
