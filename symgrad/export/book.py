"""A book: chapters of checked formulas, as one LaTeX file and one Markdown file.

A formula whose check did not pass is not printed: its place says what happened instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from symgrad.derivation.figure import ChainDiagram, Drawing, Figure, Table
from symgrad.export.figure import chain_tikz
from symgrad.export.latex import latex, prose
from symgrad.export.latex_math import heading
from symgrad.export.markdown import markdown
from symgrad.export.math import Document, Heading, Listing, Part, Text
from symgrad.export.table import table_latex, table_markdown


@dataclass(frozen=True)
class Result:
    """A formula with the sentence that leads to it, its verdict, and what the verdict rests on.

    section: the heading that begins with it, if one does.
    """

    lead: str
    document: Document
    verdict: str
    passes: bool
    evidence: tuple[str, ...]
    section: str = ""

    @property
    def failure(self) -> str:
        """What the reader is told in the place of a formula that did not pass."""
        return f"{self.verdict}: the formula is left out. " + "; ".join(self.evidence) + "."


@dataclass(frozen=True)
class Chapter:
    """A derivation: what its source says, the equations of its model, the results, and the source's errors."""

    name: str
    title: str
    source: str
    text: str
    assumptions: tuple[str, ...]
    equations: str
    results: tuple[Result, ...]
    errata: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Book:
    """Chapters under a title."""

    title: str
    chapters: tuple[Chapter, ...]

    def drawings(self) -> Iterator[Drawing]:
        """Yield the figures of all chapters that are drawn."""
        return (f for c in self.chapters for f in c.figures if not isinstance(f, Table))

    def verdicts(self) -> Counter[str]:
        """Count the results by verdict."""
        return Counter(r.verdict for c in self.chapters for r in c.results)


INTRODUCTION = (
    "Every formula was derived from the equations that open its chapter, and then checked. The word beside "
    "it is the verdict: PROVED by an identity of the algebra, ENCLOSED over the whole domain, or SAMPLED at "
    "points, in rigorous balls. Its note tells what was done."
)
EVIDENCE, ERRATA = "Evidence", "Errata"
HEADER = ("Chapter", "Formulas", "Verdicts")

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
        prose(assumed(chapter)),
        *map(_result_latex, chapter.results, _notes(chapter)),
        *map(_figure_latex, chapter.figures),
    ]
    if chapter.errata:
        parts += [rf"\subsection{{{ERRATA}}}", *map(prose, chapter.errata)]
    return "\n\n".join(p for p in parts if p)


def _figure_latex(figure: Figure) -> str:
    match figure:
        case ChainDiagram():
            drawn = chain_tikz(figure)
        case Table():
            drawn = rf"{{\small {table_latex(figure)}}}"
        case _:
            drawn = rf"\includegraphics{{figures/{figure.name}.pdf}}"
    caption = rf"\par\medskip{{\small {prose(figure.caption)}\par}}"
    return rf"\begin{{center}}{drawn}{caption}\end{{center}}"


def _listing(equations: str) -> str:
    return rf"{{\small {latex(Document((Listing(equations),))).strip()}\par}}" if equations else ""


def _result_latex(result: Result, note: str) -> str:
    section = rf"\subsection{{{heading(result.section)}}}" + "\n\n" if result.section else ""
    if not result.passes:
        return section + prose(f"{result.lead} {result.failure}".strip())
    mark = rf"\verdict{{{result.verdict}}}{{{note}}}"
    begins_with_words = bool(result.document.parts) and isinstance(result.document.parts[0], Text)
    gap = "\n\n" if begins_with_words else "\n"
    return f"{section}{prose(result.lead)}{mark}{gap}{latex(result.document).rstrip()}"


def _notes(chapter: Chapter) -> Iterator[str]:
    """Yield the note of each result: a footnote, or the mark of the one that said the same before."""
    known: dict[str, str] = {}
    for result in chapter.results:
        said = prose("; ".join(result.evidence))
        if said in known:
            yield rf"\textsuperscript{{\ref{{{known[said]}}}}}"
        elif result.passes:
            known[said] = f"{chapter.name}:{len(known) + 1}"
            yield rf"\footnote{{\label{{{known[said]}}}{said}.}}"
        else:
            yield ""


def _table_latex(book: Book) -> str:
    rows = [
        rf"\hyperref[{c.name}]{{{prose(c.title)}}} & {len(c.results)} & {prose(count(c))} \\" for c in book.chapters
    ]
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
        blocks.append(markdown(Document(tuple(_chapter_parts(chapter)))))
        blocks += [_figure_markdown(f) + "\n" for f in chapter.figures]
    blocks.append(markdown(Document((Heading(EVIDENCE, 2), Text(summary(book))))))
    rows = [f"| {c.title} | {len(c.results)} | {count(c)} |" for c in book.chapters]
    table = [f"| {' | '.join(HEADER)} |", "|---|--:|---|", *rows]
    return "\n".join([*blocks, *table]) + "\n"


def _figure_markdown(figure: Figure) -> str:
    if isinstance(figure, Table):
        return table_markdown(figure)
    return f"![{figure.caption}](figures/{figure.name}.svg)"


def _chapter_parts(chapter: Chapter) -> list[Part]:
    parts: list[Part] = [Heading(chapter.title, 2), Text(f"Source: {chapter.source}."), Text(chapter.text)]
    if chapter.equations:
        parts.append(Listing(chapter.equations.rstrip()))
    parts.append(Text(assumed(chapter)))
    for r in chapter.results:
        if r.section:
            parts.append(Heading(r.section, 3))
        if r.passes:
            parts += [Text(r.lead), *r.document.parts, Text(f"{r.verdict}: {'; '.join(r.evidence)}.")]
        else:
            parts.append(Text(f"{r.lead} {r.failure}".strip()))
    if chapter.errata:
        parts += [Heading(ERRATA, 3), *map(Text, chapter.errata)]
    return [p for p in parts if p != Text("")]


# --- sentences that both have ------------------------------------------------------------------------


def assumed(chapter: Chapter) -> str:
    """Return what the source assumes, in a sentence."""
    return "Assumed: " + " ".join(chapter.assumptions) if chapter.assumptions else ""


def count(chapter: Chapter) -> str:
    """Return how many formulas of a chapter have each verdict."""
    counted = Counter(r.verdict for r in chapter.results)
    return ", ".join(f"{n} {verdict}" for verdict, n in counted.items())


def summary(book: Book) -> str:
    """Return how many formulas of the book have each verdict."""
    counted = ", ".join(f"{n} {verdict}" for verdict, n in sorted(book.verdicts().items()))
    return f"{sum(book.verdicts().values())} formulas: {counted}."
