"""A book: chapters of checked formulas, as one LaTeX file and one Markdown file.

A formula whose check did not pass is not printed: its place says what happened instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from symgrad.derivation.figure import ChainDiagram, Drawing, Figure, Program, Table
from symgrad.export.chapter import ERRATA, Chapter
from symgrad.export.figure_network import chain_tikz
from symgrad.export.latex import latex
from symgrad.export.latex_math import math_latex
from symgrad.export.latex_words import heading, prose
from symgrad.export.markdown import markdown
from symgrad.export.markdown_words import cell
from symgrad.export.markdown_words import prose as prose_markdown
from symgrad.export.math import Document, Heading, Listing, Text
from symgrad.export.steps import WORDS, Line, listed, stepwise
from symgrad.export.table import table_latex, table_markdown


@dataclass(frozen=True)
class Book:
    """Chapters under a title."""

    title: str
    chapters: tuple[Chapter, ...]

    def drawings(self) -> Iterator[Drawing]:
        """Yield the figures of all chapters that are drawn."""
        return (f for c in self.chapters for f in c.figures if isinstance(f, Drawing))

    def verdicts(self) -> Counter[str]:
        """Count the steps by verdict."""
        return sum((c.verdicts() for c in self.chapters), Counter[str]())


INTRODUCTION = (
    "Every formula was derived from the equations that open its chapter, and then checked. The word beside "
    "it is the verdict: PROVED by an identity of the algebra, ENCLOSED over the whole domain, or SAMPLED at "
    "points, in rigorous balls. Its note tells what was done."
)
EVIDENCE = "Evidence"
HEADER = ("Chapter", "Steps", "Verdicts")

_PREAMBLE = r"""\documentclass[11pt]{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage{lmodern,amsmath,amssymb,booktabs,longtable,graphicx,tikz}
\usepackage[a4paper,margin=25mm]{geometry}
\usepackage[hidelinks,unicode]{hyperref}
\usepackage{bookmark}
\allowdisplaybreaks
\frenchspacing
\setlength{\emergencystretch}{3em}
\setlength{\parindent}{0pt}
\setlength{\parskip}{0.6\baselineskip plus 2pt}
\newcommand{\verdict}[2]{\unskip\nobreak\hfill\penalty50\hskip1em\hbox{}\nobreak\hfill
  \mbox{\small\textsc{\MakeLowercase{#1}}}#2}
"""


# --- LaTeX -------------------------------------------------------------------------------------------


def book_latex(book: Book) -> str:
    """Return the book as a LaTeX file that pdflatex takes; the contents need a second run."""
    title = prose(book.title)
    parts = [
        _PREAMBLE + rf"\hypersetup{{pdftitle={{{title}}}}}",
        r"\begin{document}",
        rf"\begin{{center}}\LARGE\bfseries {title}\end{{center}}",
        prose(INTRODUCTION),
        r"{\setlength{\parskip}{0pt}\tableofcontents}",
        *map(_chapter_latex, book.chapters),
        _table_latex(book),
        r"\end{document}",
    ]
    return "\n\n".join(parts) + "\n"


def _chapter_latex(chapter: Chapter) -> str:
    parts = [
        rf"\clearpage\section{{{heading(chapter.title)}}}\label{{{chapter.name}}}",
        rf"\emph{{{prose(chapter.source)}}}",
        prose(chapter.text),
        _listing(chapter.equations.rstrip()),
        prose(chapter.assumed),
        *_sections_latex(chapter),
    ]
    if chapter.errata:
        parts += [rf"\subsection{{{ERRATA}}}", *map(prose, chapter.errata)]
    return "\n\n".join(p for p in parts if p)


def _sections_latex(chapter: Chapter) -> Iterator[str]:
    notes = _notes(chapter)
    for lines, figures in chapter.sections():
        yield from (_line_latex(chapter, line, next(notes)) for line in lines)
        yield from map(_figure_latex, figures)


def _figure_latex(figure: Figure) -> str:
    match figure:
        case ChainDiagram():
            drawn = chain_tikz(figure)
        case Table():
            drawn = rf"{{\small {table_latex(figure)}}}"
        case Program(session=session):
            return rf"{_listing(session)}\par{{\small {prose(figure.caption)}\par}}"
        case _:
            drawn = rf"\includegraphics{{figures/{figure.name}.pdf}}"
    caption = rf"\par\medskip{{\small {prose(figure.caption)}\par}}"
    return rf"\begin{{center}}{drawn}{caption}\end{{center}}"


def _listing(equations: str) -> str:
    return rf"{{\small {latex(Document((Listing(equations),))).strip()}\par}}" if equations else ""


def _line_latex(chapter: Chapter, line: Line, note: str) -> str:
    section = rf"\subsection{{{heading(line.section)}}}" + "\n\n" if line.section else ""
    if not line.passes:
        return section + f"({line.number}) {_said(line)} {prose(line.failure)}"
    because = f" {_said(line)}" if line.because else ""
    links = [rf"\hyperref[{_place(chapter, n)}]{{{n}}}" for n in line.premises]
    reason = f"{line.rule}, from {listed(links)}" if links else line.rule
    places = "".join(rf"\label{{{_place(chapter, n)}}}" for n in line.numbers)
    mark = rf"\verdict{{{line.standing}}}{{{note}}}"
    begins_with_words = bool(line.document.parts) and isinstance(line.document.parts[0], Text)
    gap = "\n\n" if begins_with_words else "\n"
    lead = rf"\phantomsection{places}({line.number}){because} [{reason}]{mark}"
    return f"{section}{lead}{gap}{latex(line.document).rstrip()}"


def _said(line: Line) -> str:
    return "".join(prose(x) if isinstance(x, str) else f"${math_latex(x)}$" for x in line.words)


def _place(chapter: Chapter, number: int) -> str:
    return f"step:{chapter.name}-{number}"


def _notes(chapter: Chapter) -> Iterator[str]:
    """Yield the note of each step: a footnote, or the mark of the one that said the same before."""
    for number, said in chapter.notes():
        name = f"note:{chapter.name}-{number}"
        if said:
            yield rf"\footnote{{\label{{{name}}}{prose(said)}.}}"
        else:
            yield rf"\textsuperscript{{\ref{{{name}}}}}" if number else ""


def _table_latex(book: Book) -> str:
    counted = [(c, c.verdicts()) for c in book.chapters]
    rows = [rf"\hyperref[{c.name}]{{{prose(c.title)}}} & {n.total()} & {prose(count(n))} \\" for c, n in counted]
    columns = " & ".join(HEADER)
    return "\n".join(
        [
            rf"\clearpage\section{{{EVIDENCE}}}",
            prose(summary(book)),
            "",
            r"\begin{longtable}[l]{lrl}\toprule",
            rf"{columns} \\ \midrule \endhead",
            *rows,
            r"\bottomrule\end{longtable}",
        ]
    )


# --- Markdown ----------------------------------------------------------------------------------------


def book_markdown(book: Book) -> str:
    """Return the book as Markdown with dollar-delimited mathematics."""
    front = Document((Heading(book.title), Text(INTRODUCTION)))
    blocks = [markdown(front)]
    for chapter in book.chapters:
        blocks.append(markdown(Document(tuple(chapter.front()))))
        for lines, figures in chapter.sections():
            blocks.append(markdown(Document(tuple(stepwise(lines, WORDS)))))
            blocks += [_figure_markdown(f) + "\n" for f in figures]
        if chapter.errata:
            blocks.append(markdown(Document(tuple(chapter.errors()))))
    blocks.append(markdown(Document((Heading(EVIDENCE, 2), Text(summary(book))))))
    rows = [f"| {cell(c.title)} | {c.verdicts().total()} | {count(c.verdicts())} |" for c in book.chapters]
    table = [f"| {' | '.join(HEADER)} |", "|---|--:|---|", *rows]
    return "\n".join([*blocks, *table]) + "\n"


def _figure_markdown(figure: Figure) -> str:
    if isinstance(figure, Table):
        return table_markdown(figure)
    if isinstance(figure, Program):
        return markdown(Document((Listing(figure.session), Text(figure.caption))))
    return f"![{prose_markdown([figure.caption])}](figures/{figure.name}.svg)"


# --- sentences that both have ------------------------------------------------------------------------


def count(counted: Counter[str]) -> str:
    """Return how many steps have each verdict, in words."""
    return ", ".join(f"{n} {verdict}" for verdict, n in counted.most_common())


def summary(book: Book) -> str:
    """Return how many steps of the book have each verdict."""
    return f"{book.verdicts().total()} steps: {count(book.verdicts())}."
