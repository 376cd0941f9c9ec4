"""A book as HTML: an index, and a page for each chapter, that work from a file without script or network."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from symgrad.derivation.figure import Figure, Program, Table
from symgrad.export.book import EVIDENCE, HEADER, INTRODUCTION, Book, count, summary
from symgrad.export.chapter import ERRATA, Chapter
from symgrad.export.figure import figure_svg
from symgrad.export.html import html, page, prose, words_html
from symgrad.export.math import Document, Listing, Text
from symgrad.export.steps import Line, listed
from symgrad.export.table import table_html


def book_html(book: Book) -> dict[str, str]:
    """Return the pages of a book by file name: index.html, and one for each chapter."""
    pages = {"index.html": page(book.title, index_html(book))}
    for i, chapter in enumerate(book.chapters):
        pages[f"{chapter.name}.html"] = page(chapter.title, chapter_html(book, i))
    return pages


def index_html(book: Book) -> Iterator[str]:
    """Yield the contents of a book, and what its evidence comes to."""
    yield f"<h1>{escape(book.title)}</h1>"
    yield _paragraph(INTRODUCTION)
    yield "<ol>"
    for chapter in book.chapters:
        yield f"<li>{_link(chapter)}<br><span class='source'>{escape(chapter.source)}</span></li>"
    yield "</ol>"
    yield f"<h2>{EVIDENCE}</h2>"
    yield _paragraph(summary(book))
    head = "".join(f"<th>{escape(title)}</th>" for title in HEADER)
    yield f"<table><tr>{head}</tr>"
    for chapter in book.chapters:
        counted = chapter.verdicts()
        cells = f"<td>{_link(chapter)}</td><td class='count'>{counted.total()}</td><td>{escape(count(counted))}</td>"
        yield f"<tr>{cells}</tr>"
    yield "</table>"


def chapter_html(book: Book, i: int) -> Iterator[str]:
    """Yield a chapter, with links to those beside it."""
    chapter = book.chapters[i]
    yield _navigation(book, i)
    yield f"<h1>{words_html(chapter.title)}</h1>"
    yield f"<p class='source'>{escape(chapter.source)}</p>"
    yield from map(_paragraph, filter(None, (chapter.text, chapter.assumed)))
    if chapter.equations:
        yield html(Document((Listing(chapter.equations.rstrip()),)))
    for lines, figures in chapter.sections():
        for line in lines:
            yield from step_html(line)
        yield from map(_figure, figures)
    if chapter.errata:
        yield f"<h2>{ERRATA}</h2>"
        yield from map(_paragraph, chapter.errata)
    yield _navigation(book, i)


def _figure(figure: Figure) -> str:
    match figure:
        case Table():
            drawn = table_html(figure)
        case Program(session=session):
            drawn = html(Document((Listing(session),)))
        case _:
            drawn = _inline(figure_svg(figure))
    name = escape(figure.name, quote=True)
    return f'<figure id="figure-{name}">{drawn}<figcaption>{words_html(figure.caption)}</figcaption></figure>'


def step_html(line: Line) -> Iterator[str]:
    """Yield a step: its number and reason, its verdict, which opens the evidence, and its equations if it passes."""
    if line.section:
        yield f"<h2>{words_html(line.section)}</h2>"
    anchors = "".join(f'<a id="step-{n}"></a>' for n in line.numbers[1:])
    yield f'<div class="step" id="step-{line.numbers[0]}">{anchors}'
    premises = listed(f'<a href="#step-{n}">{n}</a>' for n in line.premises) if line.premises else ""
    reason = f'<span class="rule">[{escape(line.rule)}{f", from {premises}" if premises else ""}]</span>'
    yield f"<p>({line.number}) {prose(Text(line.words))} {reason}</p>"
    yield _verdict(line)
    if line.passes:
        yield html(line.document)
    yield "</div>"


def _verdict(line: Line) -> str:
    """Return the verdict as a small mark that opens the evidence."""
    checks = "".join(f"<li>{words_html(check)}</li>" for check in line.evidence)
    verdict, standing = escape(line.verdict, quote=True), escape(line.standing.lower())
    mark = f"<summary class='{verdict}'>{standing}</summary>"
    return f"<details class='verdict'>{mark}<ul>{checks}</ul></details>"


def _inline(svg: str) -> str:
    """Return the svg element of an SVG file."""
    return svg[svg.index("<svg") :]


def _navigation(book: Book, i: int) -> str:
    links = ["<a href='index.html'>Contents</a>"]
    if i > 0:
        links.append(f"before: {_link(book.chapters[i - 1])}")
    if i + 1 < len(book.chapters):
        links.append(f"next: {_link(book.chapters[i + 1])}")
    return f"<nav>{' · '.join(links)}</nav>"


def _link(chapter: Chapter) -> str:
    return f"<a href='{escape(chapter.name, quote=True)}.html'>{escape(chapter.title)}</a>"


def _paragraph(words: str) -> str:
    return f"<p>{words_html(words)}</p>"
