"""A document, woven: each passage is what symgrad answers now, or nothing is written at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from symgrad.desk.figure import SVG, picture
from symgrad.desk.figure_page import figure_page, format_of
from symgrad.desk.request import Derivative, Figure, Number, Request, read_request
from symgrad.desk.respond import NotPassed, Place, number_text, respond
from symgrad.desk.weave.marks import Passage, passages
from symgrad.desk.weave.syntax import Syntax
from symgrad.errors import SymgradError
from symgrad.export.page_options import PageOptions

FOLDER = "symgrad"
"""Where the files stand that a document takes in."""


@dataclass
class Woven:
    """A text with its passages as they should be. notes: what may have been meant otherwise, with its line.

    pictures: the files beside the text that it shows, with their contents. labels: each with its line.
    """

    text: str
    passages: int = 0
    notes: list[str] = field(default_factory=list)
    pictures: dict[Path, str] = field(default_factory=dict)
    labels: dict[str, int] = field(default_factory=dict)


def weave_text(text: str, syntax: Syntax, file: str, place: Place) -> Woven:
    """Return a text whose passages hold what symgrad answers.

    Raises SymgradError with file and line for what is wrong, and NotPassed for what is not known to be true.

    >>> from pathlib import Path
    >>> from symgrad.desk.weave.syntax import syntax_of
    >>> text = "about <!-- symgrad: power 1.5 149 digits=3 --> <!-- symgrad: end -->times"
    >>> weave_text(text, syntax_of(Path("a.md")), "a.md", Place(Path("."), Path("."))).text
    'about <!-- symgrad: power 1.5 149 digits=3 -->$1.73 \\\\times 10^{26}$ <!-- symgrad: end -->times'
    """
    returns = text.count("\r\n")
    windows = returns > 0 and returns == text.count("\n")
    plain = text.replace("\r\n", "\n") if windows else text
    woven, parts, at = Woven(""), [], 0
    for passage in passages(plain, syntax, file):
        old = plain[passage.begin : passage.end]
        try:
            new = _content(passage, old, syntax, file, place, woven)
        except SymgradError as error:
            raise at_line(error, file, passage.line) from None
        parts += [plain[at : passage.begin], new]
        at = passage.end
        woven.passages += 1
    shown = "".join((*parts, plain[at:]))
    woven.text = shown.replace("\n", "\r\n") if windows else shown
    return woven


def _content(passage: Passage, old: str, syntax: Syntax, file: str, place: Place, woven: Woven) -> str:
    request = read_request(passage.request)
    if isinstance(request, Number):
        new = _number(request, passage, old, syntax)
    else:
        note_label(request, woven.labels, passage.line)
        if isinstance(request, Figure):
            page = _figure(request, syntax, place, woven)
        else:
            found = respond(request, place, PageOptions(format=syntax.format, labels=_labels(request, syntax)))
            woven.notes += [f"{file}, line {passage.line}: {note}" for note in found.notes]
            page = found.pages[syntax.format].strip("\n")
        new = _displayed(page, passage, old, syntax)
    if syntax.mark.search(new):
        raise SymgradError("the answer holds a mark itself", todo="call the quantities otherwise")
    return new


def note_label(request: Derivative | Figure, labels: dict[str, int], line: int) -> None:
    """Remember the label of a request. Raises SymgradError where another has it."""
    label = request.once("label")
    if label in labels:
        what = f"the label {label} is given on line {labels[label]} already"
        raise SymgradError(what, todo="give each passage a label of its own")
    if label:
        labels[label] = line


def _figure(request: Figure, syntax: Syntax, place: Place, woven: Woven) -> str:
    """Return a picture as it stands in the document; one that is SVG is put beside it."""
    format_ = format_of(syntax.format, bool(request.once("of")))
    shown = picture(request, place, format_)
    url = f"{FOLDER}/{shown.file}" if format_ == SVG else ""
    if url:
        woven.pictures[place.folder / url] = shown.code
    return figure_page(shown, syntax.format, syntax.labels or "", url)


def _labels(request: Request, syntax: Syntax) -> str | None:
    """Return how equations are named, where one is."""
    return syntax.labels if not isinstance(request, Number) and request.once("label") else None


def _displayed(page: str, passage: Passage, old: str, syntax: Syntax) -> str:
    """Return a page with what stands around it, as far to the right as the mark."""
    indent = passage.indent or ""
    lines = "\n".join(indent + line if line else "" for line in page.split("\n"))
    last = old.rpartition("\n")[2]
    return syntax.before + lines + syntax.after + (last if not last.strip() and "\n" in old else indent)


def _number(request: Number, passage: Passage, old: str, syntax: Syntax) -> str:
    """Return a number with the space that stands around it, in reStructuredText as what a name is replaced by."""
    number = number_text(request, syntax.number)
    if syntax.format == "rst":
        if not request.name:
            raise SymgradError("in reStructuredText a number has a name", todo="add name=growth, and write |growth|")
        return f"\n.. |{request.name}| replace:: :math:`{number}`\n\n"
    if passage.indent is not None and not syntax.at_start:
        what = "Markdown takes a line that begins with a comment as it is, with the dollars in it"
        raise SymgradError(what, todo="let the line begin with a word")
    shown = old.strip()
    lead, _, trail = old.partition(shown) if shown else ("", "", old)
    return f"{lead}${number}${trail}"


def at_line(error: SymgradError, file: str, line: int) -> SymgradError:
    """Return an error with the place in a document to which it belongs."""
    kind = NotPassed if isinstance(error, NotPassed) else SymgradError
    return kind(error.what, "\n".join(filter(None, (f"{file}, line {line}", error.where))), error.todo)
