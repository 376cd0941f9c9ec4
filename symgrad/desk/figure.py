"""Pictures for documents: of a network, or of the size of a derivative against the depth, in the format of a document.

A network is drawn from its equations. A plot is of a derivative that has been checked, and of its sizes in numbers
that cannot underflow.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings, simplefilter

from symgrad.deadline import bounded
from symgrad.desk.question import Question
from symgrad.desk.request import EQUATIONS, Figure, whole
from symgrad.desk.respond import SECONDS, NotPassed, Place, equations_of, pairs
from symgrad.draw.network import VIEWS
from symgrad.draw.written import FEW
from symgrad.errors import KinkWarning, SymgradError, UnknownName, ValuesError
from symgrad.export.page_options import PageOptions

if TYPE_CHECKING:
    from symgrad.api.gradient import Gradient
    from symgrad.api.magnitude_plot import MagnitudePlot
    from symgrad.api.model import Model

SVG, TIKZ, TYPST, PDF = "svg", "tikz", "typst", "pdf"
FACTORS = "factors"
"""The view in which each arrow of a path has its factor in the derivative."""
MOST_DEPTHS = 1000
DATA = "<!-- data "
"""With what the last line of a plot begins: a digest of what it shows follows."""


@dataclass(frozen=True)
class Picture:
    """A picture as text. code: SVG, a tikzpicture, Typst, or PDF in base64; of a plot there is no Typst, but SVG.

    alt: what it shows, in words. caption, label: as they were asked for.
    """

    code: str
    alt: str
    caption: str
    label: str
    file: str
    """A name for a file that holds it as SVG: another picture has another."""


def picture(request: Figure, place: Place, format_: str, notation: str = "nielsen", macros: bool = True) -> Picture:
    """Return a picture. format_: svg, tikz, typst or pdf. notation: what is taken where the request names none.

    macros: whether TikZ may have the commands of the notation, which the document then defines.

    Raises NotPassed where a derivative is not known to be right, and as ``Model.draw`` and ``Gradient.plot``.

    >>> from pathlib import Path
    >>> from symgrad.desk.request import read_request
    >>> asked = read_request("figure rnn steps=2 label=fig:rnn caption='An RNN.'")
    >>> shown = picture(asked, Place(Path("."), Path(".")), "svg")
    >>> shown.code[:4], shown.alt, shown.file[:4]
    ('<svg', 'The network rnn, drawn as a graph: 2 steps.', 'rnn-')
    """
    from symgrad.desk.cache import key_of

    label = request.once("label") or ""
    PageOptions(format="markdown", label=label)  # which says what is no label
    text, name = equations_of(request.model, place)
    name = "network" if name == EQUATIONS else name.removesuffix(".eq")
    notation = request.once("notation") or notation
    if notation.endswith(".toml"):
        notation = str(place.file(notation))
    functions = pairs(request, "function")
    bound = (request.once("activation"), request.once("cost"), functions, request.options.get("let", ()))
    question = Question(text, request.once("of") or "", request.options.get("wrt", ()), name, None, *bound)
    timeout = float(whole(request, "timeout") or SECONDS)
    options = {k: v for k, v in request.options.items() if k not in ("label", "caption", "alt", "timeout", "notation")}
    kept: dict[str, Any] | None = None
    key = ""
    if place.cache is not None:
        from symgrad.export.notation import notation as find_notation

        found = find_notation(notation)
        key = key_of({"figure": question, "options": options, "format": format_, "notation": found, "macros": macros})
        kept = place.cache.find(key)
    if kept is None or not {"code", "alt"} <= kept.keys():
        with bounded(timeout):
            code, alt = _drawn(question, request, format_, notation, macros)
        kept = {"code": code, "alt": alt}
        if place.cache is not None:
            place.cache.keep(key, kept)
    alt = request.once("alt") or str(kept["alt"])
    return Picture(str(kept["code"]), alt, request.once("caption") or "", label, _file(request, options, notation))


def data_url(shown: Picture) -> str:
    """Return a picture as a URL that holds it.

    >>> data_url(Picture("<svg/>", "", "", "", ""))
    'data:image/svg+xml;base64,PHN2Zy8+'
    """
    return f"data:image/svg+xml;base64,{_base64(shown.code.encode())}"


def _base64(data: bytes) -> str:
    return b64encode(data).decode()


def _file(request: Figure, options: Mapping[str, tuple[str, ...]], notation: str) -> str:
    model = request.model.removesuffix(".eq")
    asked = repr((model, sorted(options.items()), notation))
    plain = re.sub(r"[^A-Za-z0-9]+", "-", model).strip("-")
    return f"{plain[:40]}-{sha256(asked.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}.svg"


def _drawn(question: Question, request: Figure, format_: str, notation: str, macros: bool) -> tuple[str, str]:
    model = question.build()
    if question.of:
        return _plotted(model, question, request, format_)
    steps, view = whole(request, "steps"), request.once("view")
    start, end = request.once("from"), request.once("to")
    if view not in (None, *VIEWS, FACTORS):
        raise UnknownName("view", view, (*VIEWS, FACTORS))
    if view == FACTORS:
        if start is None or end is None:
            raise SymgradError("factors stand on the arrows of a path", todo="add from= and to=")
        gradient = model.derivative(end, start, steps or FEW)
        _check(gradient, request)
        drawing = gradient.draw(notation=notation)
    else:
        drawing = model.draw(steps, start, end, notation, view)
    write: dict[str, Callable[[], str]] = {SVG: drawing.svg, TYPST: drawing.typst}
    write[TIKZ] = lambda: drawing.tikz(macros)
    write[PDF] = lambda: _base64(drawing.pdf())
    many = f": {steps} step{'s' if steps != 1 else ''}" if steps else ""
    paths = f"; the paths from {start} to {end} are marked" if start else ""
    paths += ", with their factors" if view == FACTORS else ""
    what = "A network" if model.name == "network" else f"The network {model.name}"
    return write[format_](), f"{what}, drawn as a graph{many}{paths}."


def _plotted(model: Model, question: Question, request: Figure, format_: str) -> tuple[str, str]:
    from symgrad.export.plot_tikz import plot_tikz

    depths = read_depths(request.once("depths") or "")
    _check_depth(model, question.of)
    gradient = model.derivative(question.of, question.wrt[0])
    _check(gradient, request)
    plot = _sizes(model, gradient, depths, pairs(request, "at"))
    points = plot.curves[0].points
    ends = " and ".join(f"10^{y:.1f} at the depth {x:.0f}" for x, y in dict.fromkeys((points[0], points[-1])))
    alt = f"{plot.caption} It is about {ends}."
    if format_ == TIKZ:
        return plot_tikz(plot), alt
    if format_ == PDF:
        return _base64(plot.pdf()), alt
    digest = sha256(repr(plot).encode()).hexdigest()[:24]
    return f"{plot.svg().rstrip()}\n{DATA}{digest} -->\n", alt


def _sizes(model: Model, gradient: Gradient, depths: range, given: tuple[tuple[str, str], ...]) -> MagnitudePlot:
    """Return the plot. Raises SymgradError for values that are missing or wrong, NotPassed for a slope at a kink."""
    with catch_warnings():
        simplefilter("error", KinkWarning)
        try:
            return gradient.plot(depths, lambda depth: values_at(model, given, depth))
        except ValuesError as error:
            todo = "write each as at=w=1/2, for every step, and at=a[0]=0" if "depth" not in error.what else error.todo
            if " has shape " in error.what:
                todo = "plot a network of numbers, whose parameters each have one"
            raise SymgradError(error.what, error.where, todo) from None
        except KinkWarning as warning:
            raise NotPassed(str(warning), todo="choose other values") from None


def _check(gradient: Gradient, request: Figure) -> None:
    """Raise NotPassed for a derivative that is not known to be right."""
    evidence = gradient.verify(whole(request, "seed") or 0, whole(request, "precision") or 60)
    if not evidence.verdict.passes:
        raise NotPassed(str(evidence), todo="correct the equations or the question: nothing is written")


def _check_depth(model: Model, of: str) -> None:
    """Raise SymgradError where a derivative has another letter than the depth, against which it is plotted."""
    from symgrad.algebra.index import Index
    from symgrad.network.asked import asked

    index = model.resolve(asked(model, of, "of").quantity).index
    if isinstance(index, Index) and index != Index(model.depth_symbol):
        what = f"{of} is not at the last step, which is called {model.depth_symbol}"
        raise SymgradError(what, todo=f"write of={of.partition('[')[0]}[{model.depth_symbol}]")


def read_depths(text: str) -> range:
    """Return the depths of a plot, both ends with it. Raises SymgradError.

    >>> list(read_depths("5:20:5")), len(read_depths("1:100"))
    ([5, 10, 15, 20], 100)
    """
    parts = text.split(":")
    if not (2 <= len(parts) <= 3 and all(p.isascii() and p.isdecimal() and len(p) < 8 for p in parts)):
        raise SymgradError(f"depths={text} are no depths", todo="write depths=1:100, or depths=5:400:5 for every fifth")
    first, last, step = (*map(int, parts), 1)[:3]
    if not (first >= 1 and last >= first and step >= 1 and (last - first) // step < MOST_DEPTHS):
        what = f"depths={text} are none, or more than {MOST_DEPTHS:,}"
        raise SymgradError(what, todo="begin at 1 or more, end later, and take a larger step where they are many")
    return range(first, last + 1, step)


def values_at(model: Model, given: tuple[tuple[str, str], ...], depth: int) -> Mapping[str, Any]:
    """Return the values of the parameters at a depth: what carries the index has its number at each step.

    >>> import symgrad as sg
    >>> values_at(sg.model("chain"), (("w", "1/2"), ("a[0]", "1")), 3)
    {'w': ['1/2', '1/2', '1/2'], 'a[0]': '1'}
    """
    from symgrad.algebra.index import Index

    indexed = {q.name for q in model.parameters if isinstance(q.index, Index)}
    values: dict[str, Any] = {}
    for name, value in given:
        times = model.last_index(name, depth) - model.first_index(name) + 1 if name in indexed else 0
        values[name] = [value] * times if name in indexed else value
    return values
