"""Turn a Typst file into a PDF with the package typst, or a LaTeX file with the machine's own pdflatex."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from symgrad.errors import SymgradError
from symgrad.files import write_whole

RUNS = range(2, 6)
"""The first run collects the contents, the second sets them; more follow while LaTeX asks for one."""
SECONDS = 120
PROGRAMS = ("typst", "pdflatex", "none")
"""What makes the PDF, the first of them that is here where none is named."""
INSTALL = "on Debian and Ubuntu: sudo apt-get install texlive-latex-recommended lmodern"
HOW_TO_GET = "no PDF, because there is neither typst nor pdflatex here: pip install 'symgrad[typst]'"


def book_pdf(typ: Path, tex: Path, program: str | None = None) -> Path | None:
    """Write book.pdf from the one or the other with a program of ``PROGRAMS``; None where there is none."""
    if program in ("typst", None):
        pdf = typst_pdf(typ)
        if pdf is not None or program is not None:
            return pdf
    return make_pdf(tex) if program != "none" else None


def typst_pdf(typ: Path) -> Path | None:
    """Write the PDF beside a Typst file and return its path; None where the package typst is not installed."""
    try:
        import typst
    except ImportError:
        return None
    pdf = typ.with_suffix(".pdf")
    try:
        written = typst.compile(str(typ), format="pdf")
    except typst.TypstError as error:
        report = "report it with the file: every formula is meant to compile"
        raise SymgradError(f"typst stops: {error}", where=str(typ), todo=report) from None
    write_whole(pdf, written)
    return pdf


def make_pdf(tex: Path) -> Path | None:
    """Write the PDF beside a LaTeX file and return its path; None where there is no pdflatex.

    Raises SymgradError with LaTeX's own message when it stops at an error.
    """
    program = shutil.which("pdflatex")
    if program is None:
        return None
    options = ["-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape"]
    for run in range(1, RUNS.stop):
        try:
            done = subprocess.run(
                [program, *options, tex.name],
                cwd=tex.parent,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise SymgradError(
                f"pdflatex took longer than {SECONDS} s", where=str(tex), todo="run pdflatex by hand"
            ) from None
        if done.returncode:
            reason = first_error(done.stdout.decode(errors="replace"))
            report = "report it with the file: every formula is meant to compile"
            raise SymgradError(
                f"pdflatex stops: {reason}",
                where=str(tex.with_suffix(".log")),
                todo=INSTALL if "not found" in reason else report,
            )
        if run >= RUNS.start and b"Rerun to get" not in done.stdout:
            break
    return tex.with_suffix(".pdf")


def first_error(log: str) -> str:
    """Return the first error of a LaTeX log.

    >>> first_error("This is pdfTeX\\n! Undefined control sequence.\\nl.3 \\\\foo")
    'Undefined control sequence.'
    """
    found = re.search(r"^! (.*)$", log, re.MULTILINE)
    return found.group(1) if found else "it gives no reason"
