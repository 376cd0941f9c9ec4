"""Pages that are put into documents of others: Markdown that every LaTeX sets, and words that stay words."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from functools import cache

import pytest
from campaign import campaign
from random_networks import networks

import symgrad as sg
from symgrad.cli.entries import equations
from symgrad.derivation.catalogue import catalogue
from symgrad.errors import SymgradError
from symgrad.export.book import Book, book_markdown
from symgrad.export.chapter import chapter
from symgrad.export.equations import understood
from symgrad.export.markdown import markdown
from symgrad.export.math import Document, Heading, Listing, Name, Text
from symgrad.export.notation import NOTATIONS

PROGRAMS = all(map(shutil.which, ("pandoc", "pdflatex")))


def shown_raw(page: str) -> list[str]:
    """Return the signs and letters of mathematics of a page that stand outside of its mathematics."""
    page = re.sub(r"<!--.*?-->", "", page, flags=re.DOTALL)
    page = re.sub(r"^\$\$\n.*?\n\$\$", "", page, flags=re.DOTALL | re.MULTILINE)
    page = re.sub(r"(?<!\\)\$[^$]+\$", "", page)
    kinds = re.compile("GREEK|SUBSCRIPT|SUPERSCRIPT|MATHEMATICAL|DOUBLE-STRUCK|MODIFIER LETTER")
    found = (c for c in page if not c.isascii())
    return [c for c in found if unicodedata.category(c) == "Sm" or kinds.search(unicodedata.name(c, "")) or c in "‖²³"]


@cache
def book() -> str:
    """Return all chapters with their steps, figures and errors as Markdown."""
    chapters = (chapter(e, e.derivation(), equations(e), NOTATIONS[e.notation]) for e in catalogue().values())
    return book_markdown(Book("Gradients ∂C/∂w, σ' ≤ 1/4", tuple(chapters)))


def test_the_prose_of_the_catalogue_holds_no_raw_mathematics():
    assert len(book()) > 100_000
    assert not shown_raw(book())


def test_raw_mathematics_is_found():
    assert shown_raw("a σ b\n\n$$\nσ\n$$\n\n$σ$ – é 50 % ≤ w₂ xₜ ℝ") == list("σ≤₂ₜℝ")


@campaign(8, 500, networks())
def test_no_page_of_a_random_network_holds_raw_mathematics(case):
    model = sg.parse(case.text)
    gradient = model.derivative(case.of, case.wrt, depth=None if case.symbolic else case.depth)
    steps = model.derive(case.of, case.wrt, depth=None if case.symbolic else case.depth)
    for notation in ("nielsen", "ng"):
        pages = [gradient.presentation(notation).document(), steps.document(notation)]
        pages.append(understood(model, sg.notation(notation)))
        for page in pages:
            assert not shown_raw(markdown(page))


def test_no_page_of_backward_equations_holds_raw_mathematics():
    for name in sg.models():
        model = sg.model(name)
        number = next(str(e.target) for e in reversed(model.equations) if model.shape(e.target) == ())
        try:
            page = model.backward(number).presentation().document()
        except SymgradError:
            continue
        assert not shown_raw(markdown(page)), name


HOSTILE = "1. (a) + * [x](y) <b> `c` $5 #x @smith &lt; &amp; w_max ^a^ ~b~ σ1 ≥2.5, ∂⁺s_k λα w₂²ₜ − √2 ⟨x⟩ 𝐱 ℝ é ½ …"


@pytest.mark.parametrize("begin", ["", "(1) ", "2. ", "a) ", "- ", "+ ", ": ", "% ", "# ", "(name)=\n", "> ", "=== "])
@pytest.mark.skipif(not shutil.which("pandoc"), reason="pandoc is not installed")
def test_words_stay_words(begin):
    words = begin + HOSTILE
    page = markdown(Document((Heading(words.replace("\n", " "), 2), Text(words), Text((words, Name("x"), "2 s")))))
    assert not shown_raw(page)
    for dialect in ("markdown+tex_math_dollars-smart", "commonmark+tex_math_dollars"):
        run = subprocess.run(["pandoc", "-f", dialect, "-t", "json"], input=page, capture_output=True, text=True)
        blocks = re.findall(
            r'"t":"(Header|Para|BulletList|OrderedList|BlockQuote|DefinitionList|RawInline|Div)"', run.stdout
        )
        assert blocks == ["Header", "Para", "Para"], (dialect, page)
        assert not re.search(r'"t":"(Emph|Link|Code|Superscript|Subscript|Cite|RawInline|Strikeout)"', run.stdout)
        plain = subprocess.run(
            ["pandoc", "-f", dialect, "-t", "plain", "--wrap=none"], input=page, capture_output=True, text=True
        )
        assert "[x](y) <b> `c` $5 #x @smith &lt; &amp; w_max" in plain.stdout


@pytest.mark.skipif(
    not PROGRAMS, reason="pandoc and pdflatex: apt-get install pandoc texlive-latex-recommended lmodern"
)
def test_pandoc_and_pdflatex_set_every_page(tmp_path):
    words = "".join(map(chr, range(32, 0x100))) + "∏σₜ∂≤⊙ᵀ‖∫∀⟨⌊ℝ𝐱→⇒∈⊂⊗"
    hostile = markdown(Document((Heading(words), Text(words), Listing("a = b"), Text(HOSTILE))))
    page = re.sub(r"^!\[.*\n", "", book(), flags=re.MULTILINE) + hostile  # pictures are files of their own
    (tmp_path / "book.md").write_text(page, encoding="utf-8")
    pandoc = ["pandoc", "-f", "markdown+tex_math_dollars", "book.md", "-s"]
    run = subprocess.run([*pandoc, "-t", "latex", "-o", "book.tex"], cwd=tmp_path, capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")
    tex = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "book.tex"]
    run = subprocess.run(tex, cwd=tmp_path, capture_output=True, timeout=120)
    log = (tmp_path / "book.log").read_text(encoding="latin-1")
    assert run.returncode == 0, log[-2000:]
    assert "Missing character" not in log
    assert not re.findall(r"^! .*|Package (?:inputenc|hyperref|amsmath) Warning.*", log, re.MULTILINE)
    run = subprocess.run(
        [*pandoc, "--pdf-engine=pdflatex", "-o", "book.pdf"], cwd=tmp_path, capture_output=True, text=True
    )
    assert (run.returncode, run.stderr) == (0, "")
