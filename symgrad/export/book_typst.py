"""A book as one Typst file, which becomes a PDF without TeX; its figures are SVG files beside it."""

from __future__ import annotations

from collections.abc import Iterator

from symgrad.derivation.figure import Figure, Program, Table
from symgrad.export.book import EVIDENCE, HEADER, INTRODUCTION, Book, count, summary
from symgrad.export.chapter import ERRATA, Chapter
from symgrad.export.latex import label
from symgrad.export.steps import Line, listed
from symgrad.export.table import table_typst
from symgrad.export.typst import listing, typst
from symgrad.export.typst_math import math_typst
from symgrad.export.typst_words import paragraph, prose, quoted

_PREAMBLE = """#set document(title: {title}, date: none)
#set page(paper: "a4", margin: 27mm, numbering: "1")
#set text(font: "New Computer Modern", size: 11pt, lang: "en")
#set par(justify: true)
#set heading(numbering: "1.1")
#set figure(numbering: none)
#show figure: set block(breakable: true)
#show figure.caption: set text(size: 9pt)
#show heading.where(level: 1): it => {{ pagebreak(weak: true); it }}
#show heading: set block(above: 1.6em, below: 1em)
#show math.equation.where(block: true): set block(breakable: true)
#show raw: set text(font: "DejaVu Sans Mono", size: 8.5pt)
#let verdict(words) = [#h(1fr) #box(text(size: 9pt, smallcaps(words)))]
#let anchor(name) = [#metadata(none) #label(name)]
"""


def book_typst(book: Book) -> str:
    """Return the book as a Typst file."""
    parts = [
        _PREAMBLE.format(title=quoted(book.title)),
        f"#align(center, text(size: 20pt, weight: 700)[{prose(book.title)}])",
        prose(INTRODUCTION),
        "#outline(depth: 2)",
        *(part for c in book.chapters for part in _chapter(c)),
        *_table(book),
    ]
    return "\n\n".join(p for p in parts if p) + "\n"


def _chapter(chapter: Chapter) -> Iterator[str]:
    yield f"= {prose(chapter.title)} <{label(chapter.name)}>"
    yield f"#emph[{prose(chapter.source)}]"
    yield paragraph(prose(chapter.text))
    yield listing(chapter.equations.rstrip()) if chapter.equations else ""
    yield paragraph(prose(chapter.assumed))
    notes = _notes(chapter)
    for lines, figures in chapter.sections():
        for line in lines:
            yield from _line(chapter, line, next(notes))
        yield from map(_figure, figures)
    if chapter.errata:
        yield f"== {ERRATA}"
        yield from (paragraph(prose(words)) for words in chapter.errata)


def _figure(figure: Figure) -> str:
    caption = f"caption: [{prose(figure.caption)}]"
    match figure:
        case Table():
            return f"#figure(text(size: 9pt, {table_typst(figure).removeprefix('#')}), kind: image, {caption})"
        case Program(session=session):
            return f"{listing(session)}\n\n#text(size: 9pt)[{prose(figure.caption)}]"
    return f"#figure(image({quoted(f'figures/{figure.name}.svg')}, width: 100%), {caption})"


def _line(chapter: Chapter, line: Line, note: str) -> Iterator[str]:
    if line.section:
        yield f"== {prose(line.section)}"
    if not line.passes:
        yield f"({line.number}) {_said(line)} {prose(line.failure)}"
        return
    links = [f"#link({_place(chapter, n)})[{n}]" for n in line.premises]
    reason = prose(line.rule) + (f", from {listed(links)}" if links else "")
    places = "".join(f"#anchor({quoted(_name(chapter, n))});" for n in line.numbers)
    because = f" {_said(line)}" if line.because else ""
    yield f"{places}({line.number}){because} \\[{reason}\\]#verdict[{prose(line.standing.lower())}]{note}"
    yield typst(line.document).rstrip()


def _said(line: Line) -> str:
    return "".join(prose(x) if isinstance(x, str) else f"${math_typst(x)}$" for x in line.words)


def _name(chapter: Chapter, number: int) -> str:
    return f"step:{label(chapter.name)}-{number}"


def _place(chapter: Chapter, number: int) -> str:
    return f"<{_name(chapter, number)}>"


def _notes(chapter: Chapter) -> Iterator[str]:
    """Yield the note of each step: a footnote, or the mark of the one that said the same before."""
    for number, said in chapter.notes():
        name = f"<note:{label(chapter.name)}-{number}>"
        if said:
            yield f"#footnote[{prose(said)}.] {name}"
        else:
            yield f"#footnote({name})" if number else ""


def _table(book: Book) -> Iterator[str]:
    yield f"= {EVIDENCE}"
    yield prose(summary(book))
    head = "".join(f" strong[{words}]," for words in HEADER)
    lines = [
        f"#table(columns: {len(HEADER)}, stroke: none, align: (left, right, left),",
        f"  table.hline(), table.header({head.strip().rstrip(',')}), table.hline(),",
    ]
    for c in book.chapters:
        link = f"#link(<{label(c.name)}>)[{prose(c.title)}]"
        lines.append(f"  [{link}], [{c.verdicts().total()}], [{prose(count(c.verdicts()))}],")
    yield "\n".join([*lines, "  table.hline())"])
