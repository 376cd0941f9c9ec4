r"""What an author says of a formula, in a comment: check it, leave it alone, assume this, this is the model.

``<!-- symgrad: skip -->`` in Markdown, ``% symgrad: skip`` in LaTeX, ``.. symgrad: skip`` in reStructuredText, and the
roles ``{symgrad-check}`...``` and ``{symgrad-skip}`...```.

    check              the formulas of this line, or of the next paragraph: say what was found, also "not checkable"
    skip               the same formulas are left alone; skip begin ... skip end: all between; skip file: all
    assume x > 0       from here on; assume nothing: from here on no longer
    model rnn          from here on formulas speak of this network; model none: of none
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from symgrad.errors import UnknownName

WORDS = ("check", "skip", "assume", "model")
ASKED = ("power", "value", "figure", "end")
"""With these words, and with a derivative "of=...", a comment asks for what ``symgrad weave`` writes below it."""
LONGEST = 200


@dataclass(frozen=True)
class AuthorMark:
    """A mark, the line in which it stands, and the last line of the paragraph for which it speaks."""

    word: str
    rest: str
    line: int
    last: int


@dataclass(frozen=True)
class Said:
    """What the marks say of one line: its mark, the assumptions that hold there, and the model."""

    mark: str = ""
    assumptions: tuple[str, ...] = ()
    model: str = ""


def read_mark(words: str, where: str = "") -> tuple[str, str] | None:
    """Return a mark's word and what follows it; None where a comment is not one, or asks what a document is given.

    Raises UnknownName for a word that no mark has: a mark with a slip of the pen must not be passed over.

    >>> read_mark(" symgrad: assume x > 0 "), read_mark("a comment")
    (('assume', 'x > 0'), None)
    >>> read_mark("symgrad: rnn.eq of=h[T] wrt=h[k]")
    """
    head, colon, body = words.strip().partition(":")
    if head.strip() != "symgrad" or not colon:
        return None
    if is_request(body.strip()):
        return None
    word, _, rest = body.strip()[:LONGEST].partition(" ")
    if word not in WORDS:
        raise UnknownName("mark", word, WORDS, where)
    return word, rest.strip()


def is_request(body: str) -> bool:
    """Tell whether a mark asks for what ``symgrad weave`` writes below it.

    >>> [is_request(m) for m in ("rnn.eq of=h[T] wrt=h[k]", "power 1.5 149", "check", "skip begin")]
    [True, True, False, False]
    """
    return body.partition(" ")[0] in ASKED or " of=" in body


class Marks:
    """All marks of a document, asked line by line in time logarithmic in their number.

    >>> marks = Marks([AuthorMark("skip", "", 2, 3), AuthorMark("model", "rnn", 5, 5)])
    >>> marks.at(3).mark, marks.at(4).mark, marks.at(9).model
    ('skip', '', 'rnn')
    """

    def __init__(self, marks: Iterable[AuthorMark]) -> None:
        self._lines: list[int] = [0]
        self._said: list[Said] = [Said()]
        self._near: dict[int, str] = {}
        assumptions: tuple[str, ...] = ()
        ordered = sorted(marks, key=lambda m: m.line)
        model = ""
        open_mark = next((m.word for m in ordered if m.rest == "file"), "")
        self._said[0] = Said(open_mark)
        for mark in ordered:
            match mark.word, mark.rest:
                case "assume", "nothing":
                    assumptions = ()
                case "assume", rest:
                    assumptions = (*assumptions, rest)[-LONGEST:]
                case "model", name:
                    model = "" if name == "none" else name
                case word, "begin":
                    open_mark = word
                case _, "end":
                    open_mark = ""
                case _, "file":
                    pass
                case word, _:
                    self._near |= dict.fromkeys(range(mark.line, mark.last + 1), word)
            self._lines.append(mark.line)
            self._said.append(Said(open_mark, assumptions, model))

    def at(self, line: int) -> Said:
        """Return what is said of a line."""
        said = self._said[bisect_right(self._lines, line) - 1]
        near = self._near.get(line, "")
        return Said(near, said.assumptions, said.model) if near else said
