"""The catalogue as a static site: chapters, and the sliders with all that they need, for any web server or a folder."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from markupsafe import Markup

from symgrad.export.book import Book
from symgrad.export.book_html import chapter_html, index_html
from symgrad.ops.elementwise import activations
from symgrad.serve.pages import rendered
from symgrad.serve.tasks.size import formats, sizes

STATIC = ("style.css", "icon.svg", "common.js", "powers.js", "plots.js", "size.js")
"""The files of the live page that the site has too."""
NAVIGATION = (("index.html", "Catalogue", "index"), ("size.html", "Size", "size"))
SLIDERS = {
    "exploding": {"weight": "5"},
    "unstable": {},
    "window": {"weight": "6.9"},
    "activations": {"activation": "tanh"},
}
"""The chapters that the sliders go with, and how they stand when one comes from there."""


def site(book: Book) -> Iterator[tuple[str, str]]:
    """Yield the files of the site, each with its name, the index last; every link in them is relative.

    >>> sorted(name for name, _ in site(Book("None", ())))
    ['index.html', 'size.html', 'static/common.js', 'static/icon.svg', 'static/plots.js', 'static/powers.js', ...]
    """
    for name in STATIC:
        yield f"static/{name}", files("symgrad.serve").joinpath("static", name).read_text(encoding="utf-8")
    yield "size.html", _page("size", "Size", data={"formats": formats(), "slopes": {a: sizes(a) for a in _names()}})
    for i, chapter in enumerate(book.chapters):
        yield f"{chapter.name}.html", _reading(chapter.title, "", [*_sliders(chapter.name), *chapter_html(book, i)])
    yield "index.html", _reading(book.title, "index", index_html(book))


def _names() -> list[str]:
    return [f.name for f in activations()]


def _sliders(chapter: str) -> Iterator[str]:
    """Yield a link to the sliders, where they show what the chapter derives."""
    if chapter in SLIDERS:
        yield f'<p class="note"><a href="size.html{SLIDERS[chapter]}">Move the weight and the depth</a></p>'


def _reading(title: str, here: str, body: list[str] | Iterator[str]) -> str:
    return _page("reading", title, here=here, body=Markup("\n".join(body)))  # the exporter has escaped it


def _page(name: str, title: str, **what: object) -> str:
    common = {"live": False, "root": "", "navigation": NAVIGATION, "title": title}
    return rendered(name, **{**common, **what})
