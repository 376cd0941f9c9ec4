"""A book: chapters of checked formulas, as one LaTeX file and one Markdown file.

A formula whose check did not pass is not printed: its place says what happened instead.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from symgrad.export.latex import latex, prose
from symgrad.export.markdown import markdown
from symgrad.export.math import Document, Heading, Listing, Part, Text


@dataclass(frozen=True)
class Result:
    """A formula with the sentence that leads to it, its verdict, and what the verdict rests on."""

    lead: str
    document: Document
    verdict: str
    passes: bool
    evidence: tuple[str, ...]

    @property
    def failure(self) -> str:
        """What the reader is told in the place of a formula that did not pass."""
        return f"{self.verdict}: the formula is left out. " + "; ".join(self.evidence) + "."


@dataclass(frozen=True)
class Chapter:
    """A derivation: what its source says, the equations of its model, and the results."""

    name: str
    title: str
    source: str
    text: str
    assumptions: tuple[str, ...]
    equations: str
    results: tuple[Result, ...]


@dataclass(frozen=True)
class Book:
    """Chapters under a title."""

    title: str
    chapters: tuple[Chapter, ...]

    def verdicts(self) -> Counter[str]:
        """Count the results by verdict."""
        return Counter(r.verdict for c in self.chapters for r in c.results)


INTRODUCTION = (
    "Every formula was derived from the equations that open its chapter, and then checked. The word beside "
    "it is the verdict: PROVED by an identity of the algebra, ENCLOSED over the whole domain, or SAMPLED at "
    "points, in rigorous balls. Its note tells what was done."
)
EVIDENCE = "Evidence"
HEADER = ("Chapter", "Formulas", "Verdicts")

_PREAMBLE = r"""\documentclass[11pt]{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage{lmodern,amsmath,amssymb,booktabs,longtable}
\usepackage[a4paper,margin=25mm]{geometry}
\usepackage[hidelinks,unicode]{hyperref}
\usepackage{bookmark}
\allowdisplaybreaks
\frenchspacing
\setlength{\emergencystretch}{3em}
\setlength{\parindent}{0pt}
\setlength{\parskip}{0.6\baselineskip plus 2pt}
\newcommand{\verdict}[2]{\hfill{\small\textsc{\MakeLowercase{#1}}}\footnote{#2}}
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
    equations = latex(Document((Listing(chapter.equations.rstrip()),))).strip()
    parts = [
        rf"\clearpage\section{{{prose(chapter.title)}}}\label{{{chapter.name}}}",
        rf"\emph{{{prose(chapter.source)}}}",
        prose(chapter.text),
        rf"{{\small {equations}\par}}",
        prose(_assumed(chapter)),
        *map(_result_latex, chapter.results),
    ]
    return "\n\n".join(p for p in parts if p)


def _result_latex(result: Result) -> str:
    if not result.passes:
        return prose(f"{result.lead} {result.failure}".strip())
    note = "; ".join(result.evidence)
    mark = rf"\verdict{{{result.verdict}}}{{{prose(note)}.}}"
    return f"{prose(result.lead)}{mark}\n{latex(result.document).rstrip()}"


def _table_latex(book: Book) -> str:
    rows = [
        rf"\hyperref[{c.name}]{{{prose(c.title)}}} & {len(c.results)} & {prose(_count(c))} \\" for c in book.chapters
    ]
    columns = " & ".join(HEADER)
    return "\n".join(
        [
            rf"\clearpage\section{{{EVIDENCE}}}",
            prose(_summary(book)),
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
    parts: list[Part] = [Heading(book.title), Text(INTRODUCTION)]
    for chapter in book.chapters:
        parts += _chapter_parts(chapter)
    parts += [Heading(EVIDENCE, 2), Text(_summary(book))]
    rows = [f"| {c.title} | {len(c.results)} | {_count(c)} |" for c in book.chapters]
    table = [f"| {' | '.join(HEADER)} |", "|---|--:|---|", *rows]
    return markdown(Document(tuple(parts))) + "\n" + "\n".join(table) + "\n"


def _chapter_parts(chapter: Chapter) -> list[Part]:
    parts: list[Part] = [
        Heading(chapter.title, 2),
        Text(f"Source: {chapter.source}."),
        Text(chapter.text),
        Listing(chapter.equations.rstrip()),
    ]
    if assumed := _assumed(chapter):
        parts.append(Text(assumed))
    for r in chapter.results:
        if not r.passes:
            parts.append(Text(f"{r.lead} {r.failure}".strip()))
            continue
        parts += [Text(r.lead), *r.document.parts, Text(f"{r.verdict}: {'; '.join(r.evidence)}.")]
    return [p for p in parts if p != Text("")]


# --- sentences that both have ------------------------------------------------------------------------


def _assumed(chapter: Chapter) -> str:
    return "Assumed: " + " ".join(chapter.assumptions) if chapter.assumptions else ""


def _count(chapter: Chapter) -> str:
    counted = Counter(r.verdict for r in chapter.results)
    return ", ".join(f"{n} {verdict}" for verdict, n in counted.items())


def _summary(book: Book) -> str:
    counted = ", ".join(f"{n} {verdict}" for verdict, n in sorted(book.verdicts().items()))
    return f"{sum(book.verdicts().values())} formulas: {counted}."
