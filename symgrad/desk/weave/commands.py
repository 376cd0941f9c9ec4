r"""LaTeX's own way: ``\symgrad{rnn.eq}{h[T]}{h[k]}`` takes in a file that ``symgrad weave`` wrote.

The file is named by the digest of what the command says, which ``symgrad.sty`` forms too: no counter has to agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import md5
from pathlib import Path

from symgrad.desk.figure import TIKZ, picture
from symgrad.desk.figure_page import figure_page
from symgrad.desk.request import OF_NUMBERS, Derivative, Figure, Number, derivative, read_request
from symgrad.desk.respond import Place, number_text, respond
from symgrad.desk.weave.syntax import Span, Syntax
from symgrad.desk.weave.weave import FOLDER, at_line, note_label
from symgrad.errors import SymgradError
from symgrad.export.page_options import PageOptions

_COMMAND = re.compile(
    r"\\symgrad\s*(?:\[(?P<options>(?:[^][{}\\]|\[[^][{}\\]*\])*)\])?"
    r"\s*\{(?P<model>[^{}\\]*)\}\s*\{(?P<of>[^{}\\]*)\}\s*\{(?P<wrt>[^{}\\]*)\}"
    r"|\\symgradnumber\s*\{(?P<number>[^{}\\]*)\}"
    r"|\\symgradfigure\s*\{(?P<figure>[^{}\\]*)\}"
)
_BEGUN = re.compile(r"\\symgrad(?:number|figure)?\s*[\[{]")
_WHOLE = {
    "symgrad": r"\symgrad[label=eq:jac]{rnn.eq}{h[T]}{h[k]}",
    "symgradnumber": r"\symgradnumber{power 0.5 150 digits=3}",
    "symgradfigure": r"\symgradfigure{rnn.eq steps=3}, with \caption and \label of LaTeX around it",
}
_COMMENT = re.compile(r"(?<!\\)(?:\\\\)*%[^\n]*")


def written_beside(
    text: str, syntax: Syntax, file: str, place: Place, labels: dict[str, int] | None = None
) -> dict[Path, str]:
    """Return the files that the commands of a LaTeX document take in, with their contents. Raises as ``weave_text``.

    labels: those that passages have, and on which line; those of commands are added.

    >>> from symgrad.desk.weave.syntax import syntax_of
    >>> text = r"about \\symgradnumber{power 1.5 149 digits=3} times"
    >>> beside = written_beside(text, syntax_of(Path("a.tex")), "a.tex", Place(Path("."), Path(".")))
    >>> [(str(path)[:8], content) for path, content in beside.items()]
    [('symgrad/', '$1.73 \\\\times 10^{26}$%\\n')]
    """
    hidden: list[Span] = [*syntax.as_is(text), *(m.span() for m in _COMMENT.finditer(text))]
    found: dict[Path, str] = {}
    labels = {} if labels is None else labels
    for begun in _BEGUN.finditer(text):
        if any(begin <= begun.start() < end for begin, end in hidden):
            continue
        line = text.count("\n", 0, begun.start()) + 1
        m = _COMMAND.match(text, begun.start())
        try:
            if m is None:
                command = begun[0].rstrip("[{ \n\t")
                raise SymgradError(f"{command} is not written in full", todo=f"write it as {_WHOLE[command[1:]]}")
            said = "|".join(_plain(g) for g in _said(m))
            found[place.root / FOLDER / f"{digest(said)}.tex"] = _content(m, syntax, place, labels, line)
        except SymgradError as error:
            raise at_line(error, file, line) from None
    return found


def digest(said: str) -> str:
    """Return the name of a file, as TeX forms it; nothing is kept secret by it."""
    return md5(said.encode(), usedforsecurity=False).hexdigest()


def _said(m: re.Match[str]) -> Iterator[str]:
    if m["number"] is not None:
        yield from ("number", m["number"])
    elif m["figure"] is not None:
        yield from ("figure", m["figure"])
    else:
        yield from (m["options"] or "", m["model"], m["of"], m["wrt"])


def _plain(words: str) -> str:
    return re.sub(r"\s+", " ", words)


def _content(m: re.Match[str], syntax: Syntax, place: Place, labels: dict[str, int], line: int) -> str:
    if m["number"] is not None:
        words = _plain(m["number"]).strip()
        asked = read_request(words) if words.partition(" ")[0] in OF_NUMBERS else None
        if not isinstance(asked, Number):
            raise SymgradError("\\symgradnumber is of a power or a value", todo="write \\symgradnumber{power 0.5 150}")
        return f"${number_text(asked, syntax.number)}$%\n"
    if m["figure"] is not None:
        drawn = read_request(f"figure {_plain(m['figure'])}")
        assert isinstance(drawn, Figure)
        note_label(drawn, labels, line)
        return figure_page(picture(drawn, place, TIKZ), "latex") + "%\n"
    options = read_request(f"{_quoted(m['model'])} of={_quoted(m['of'])} {_plain(m['options'] or '')}")
    assert isinstance(options, Derivative)
    wrt = tuple(_plain(m["wrt"]).split())
    request = derivative(options.model, {**options.options, "wrt": wrt} if wrt else options.options)
    note_label(request, labels, line)
    return respond(request, place, PageOptions(format="latex")).pages["latex"]


def _quoted(words: str) -> str:
    return f'"{_plain(words).strip()}"'
