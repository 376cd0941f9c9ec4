"""The book: every derivation checked, what failed left out, and pages that LaTeX sets without complaint."""

import re
import shutil
import sys
from importlib.metadata import EntryPoint

import pytest

import symgrad.derivation.step
from symgrad import Draft, Entry, SymgradError, claim, model
from symgrad.cli import book as command
from symgrad.cli.main import main
from symgrad.cli.pdf import HOW_TO_GET, make_pdf
from symgrad.derivation import catalogue as found
from symgrad.derivation.catalogue import catalogue
from symgrad.evidence.evidence import Check, Evidence
from symgrad.evidence.verdict import Verdict
from symgrad.export.book import Book, book_latex, book_markdown
from symgrad.export.chapter import Chapter
from symgrad.export.math import Display, Document, Name
from symgrad.export.steps import Line

SMALL = Entry("small", "A small chain", "nowhere", lambda: model("chain").derive("C", "b[1]", depth=2), "chain")
needs_latex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The whole book: its directory, and the exit code. That each step is true, test_catalogue checks."""
    directory = tmp_path_factory.mktemp("book")
    passed = Evidence("a step", (Check("elsewhere", Verdict.PROVED),))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(symgrad.derivation.step, "check", lambda claim, seed, digits: passed)
        return directory, main(["book", "-o", str(directory), "--pdf", "pdflatex", "--workers", "1"])


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(command, "catalogue", lambda: {"small": SMALL})


def test_the_book_is_written_and_every_page_is_read_back(built):
    directory, code = built
    assert code == 0
    for name in ("book.tex", "book.md"):
        page = (directory / name).read_text("utf-8")
        for entry in catalogue().values():
            assert entry.title in page
        assert r"\sigma'(z_{1})\, w_{2}\, \sigma'(z_{2})\, w_{3}\, \sigma'(z_{3})" in page


def test_no_letter_of_the_book_is_shown_as_its_number(built):
    assert not re.findall(r"U\+[0-9A-F]{4}", (built[0] / "book.tex").read_text("utf-8"))


def test_every_step_has_a_name_of_its_own_by_which_others_refer_to_it(built):
    names = re.findall(r"^\$\$ \((.*)\)$", (built[0] / "book.md").read_text("utf-8"), re.MULTILINE)
    assert len(set(names)) == len(names) > 300
    assert {"chain-14", "rnn-8", "window-11"} <= set(names)


def test_every_link_of_the_html_pages_has_its_target(built):
    for page in built[0].glob("*.html"):
        text = page.read_text("utf-8")
        targets = re.findall(r'id="(step-[^"]*)"', text)
        assert len(set(targets)) == len(targets)
        for link in re.findall(r"""<a href=['"]([^'"]*)""", text):
            name, _, target = link.partition("#")
            assert target in targets if target else (built[0] / name).exists()


@needs_latex
def test_no_formula_runs_off_the_page(built):
    log = (built[0] / "book.log").read_text("utf-8", errors="replace")
    assert (built[0] / "book.pdf").stat().st_size > 10_000
    assert re.findall(r"^(?:Overfull|LaTeX Warning|Package \w+ Warning).*", log, re.MULTILINE) == []


def test_the_models_of_the_catalogue_are_built_in():
    import symgrad

    named = {e.model for e in catalogue().values()} - {""}
    assert named >= {"chain", "deep_linear", "gru", "lstm", "mlp", "residual", "rnn"}
    assert named <= set(symgrad.models())


@pytest.mark.parametrize("verdict", [Verdict.REFUTED, Verdict.UNKNOWN])
def test_what_does_not_pass_is_not_printed(verdict, small, monkeypatch, tmp_path, capsys):
    check = Check("backpropagation", verdict, counterexample="at depth 2, w[1] = 3")
    monkeypatch.setattr(symgrad.derivation.step, "check", lambda claim, seed, digits: Evidence("a step", (check,)))
    assert main(["book", "-o", str(tmp_path)]) == 1
    assert verdict.name in capsys.readouterr().out
    for name in ("book.tex", "book.md", "book.typ"):
        page = (tmp_path / name).read_text("utf-8")
        assert verdict.name in page
        assert "at depth 2" in page
        assert r"\sigma'(z_{1})" not in page


def test_the_table_has_derivation_verdict_and_seconds(small, tmp_path, capsys):
    assert main(["book", "-o", str(tmp_path / "new" / "folder")]) == 0
    assert re.search(r"^small +PROVED +\d+\.\d\d *$", capsys.readouterr().out, re.MULTILINE)


def test_a_pdf_is_made_without_latex(small, monkeypatch, tmp_path):
    pytest.importorskip("typst")
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert main(["book", "-o", str(tmp_path)]) == 0
    written = (tmp_path / "book.pdf").read_bytes()
    assert written.startswith(b"%PDF")
    assert b"CreationDate" not in written  # the same book gives the same file


def test_without_latex_one_line_says_how_to_get_it(small, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setitem(sys.modules, "typst", None)
    assert main(["book", "-o", str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == HOW_TO_GET
    names = {p.name for p in tmp_path.iterdir()}
    assert {"book.md", "book.tex"} <= names
    assert "book.pdf" not in names


def test_a_directory_that_cannot_be_made(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert main(["book", "-o", str(tmp_path / "file" / "book")]) == 2
    assert "cannot make the directory" in capsys.readouterr().err


@needs_latex
@pytest.mark.parametrize(
    ("body", "what", "todo"),
    [
        (r"\nothing", "Undefined control sequence", "report it"),
        (r"\end{document}", None, None),
        (r"\usepackage{nowhere-to-be-found}", "nowhere-to-be-found.sty' not found", "apt-get install"),
    ],
)
def test_an_error_of_latex_is_told(body, what, todo, tmp_path):
    where = "begin" if "usepackage" not in body else "preamble"
    begin = r"\begin{document}x"
    lines = [r"\documentclass{article}", *((begin, body) if where == "begin" else (body, begin)), r"\end{document}"]
    tex = tmp_path / "page.tex"
    tex.write_text("\n".join(lines))
    if what is None:
        assert make_pdf(tex) == tmp_path / "page.pdf"
        return
    with pytest.raises(SymgradError, match=re.escape(what)) as told:
        make_pdf(tex)
    assert todo in told.value.todo


def line(number, because="", evidence="by {hand}"):
    formula = Document((Display(Name("y"), Name("x"), name=f"name-{number}"),))
    return Line((number,), because, "algebra", (), formula, "PROVED", True, (evidence,))


def test_hostile_words_are_escaped():
    chapter = Chapter(
        "name", "100% \\ safe", "a_b & c", "~^", ("#1.",), "a[j] = b_c[j]  # 5%", (line(1, "50% of $my_x & #2:"),)
    )
    page = book_latex(Book("Title & more", (chapter,)))
    assert r"100\% \textbackslash{} safe" in page
    assert r"50\% of \$my\_x \& \#2:" in page
    assert r"by \{hand\}" in page
    assert r"100% \\ safe" in book_markdown(Book("Title", (chapter,)))


@pytest.mark.parametrize(
    ("points", "what"),
    [
        ({"gone": "no_such_module:ENTRIES"}, "cannot be loaded: No module named 'no_such_module'"),
        ({"unnamed": "derivations:NOTHING"}, "cannot be loaded"),
        ({"other": "derivations:chain"}, "are not a tuple of entries"),
        ({"a": "derivations:ENTRIES", "b": "derivations:ENTRIES"}, "two derivations are called 'learning-speed'"),
    ],
)
def test_a_catalogue_that_cannot_be_read(points, what, monkeypatch):
    listed = [EntryPoint(name, value, found.GROUP) for name, value in points.items()]
    monkeypatch.setattr(found, "entry_points", lambda group: listed)
    with pytest.raises(SymgradError, match=re.escape(what)):
        catalogue()


def steps(bound):
    draft = Draft("The slope of the logistic function")
    draft.section("The slope")
    slope = draft.states("logistic'(z) = logistic(z)*(1 - logistic(z))", because="By calculus.")
    draft.states(f"logistic'(z) <= {bound}", by="bound on the slope", because="A square.", premises=(slope,))
    draft.errs("page 3", "1/8", "1/4", claim("logistic'(z) <= 1/8"), 2)
    return draft.derivation()


@pytest.mark.parametrize(("bound", "code"), [("1/4", 0), ("1/5", 1)])
def test_an_entry_that_builds_its_steps(bound, code, monkeypatch, tmp_path, capsys):
    entry = Entry("slope", "The slope", "nowhere", build=lambda: steps(bound))
    monkeypatch.setattr(command, "catalogue", lambda: {"slope": entry})
    assert main(["book", "-o", str(tmp_path)]) == code
    assert re.search(r"^slope +(PROVED|REFUTED) +\d", capsys.readouterr().out, re.MULTILINE)[1] == (
        "REFUTED" if code else "PROVED"
    )
    tex, page = ((tmp_path / name).read_text("utf-8") for name in ("book.tex", "book.md"))
    assert r"\subsection{The slope}" in tex
    assert "### The slope" in page
    assert "By calculus." in page
    assert ("from 1" in page) != bool(code)
    assert "Page 3. Printed: 1/8. Right: 1/4 (step 2)." in page
    assert page.count(r"\frac{1}{5}") == 0
    assert ("REFUTED: the formula is left out" in page) == bool(code)


def test_an_erratum_that_is_no_error_fails_the_book(monkeypatch, tmp_path):
    draft = Draft("Nothing wrong")
    draft.states("x = x")
    draft.errs("page 4", "1/4", "1/8", claim("logistic'(z) <= 1/4"))
    entry = Entry("fine", "Fine", "nowhere", build=draft.derivation)
    monkeypatch.setattr(command, "catalogue", lambda: {"fine": entry})
    assert main(["book", "-o", str(tmp_path)]) == 1
    assert "Page 4: not shown to be an error" in (tmp_path / "book.md").read_text("utf-8")


def test_what_was_said_before_is_not_said_again():
    lines = tuple(line(n, evidence=said) for n, said in enumerate(("one", "two", "one"), start=1))
    page = book_latex(Book("Title", (Chapter("name", "T", "S", "", (), "", lines),)))
    assert page.count(r"\footnote{") == 2
    assert r"\textsuperscript{\ref{note:name-1}}" in page


def pages(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


FEW = ("book", "exploding", "unstable", "--pdf", "none")


@pytest.mark.long
def test_processes_write_the_same_book(tmp_path, capsys):
    code = main([*FEW, "-o", str(tmp_path / "one"), "--workers", "1"])
    assert main([*FEW, "-o", str(tmp_path / "two"), "--workers", "2"]) == code
    assert pages(tmp_path / "one") == pages(tmp_path / "two") != {}


def test_a_book_that_was_stopped_goes_on_where_it_was(tmp_path, capsys, monkeypatch):
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    code = main([*FEW, "-o", str(whole)])
    done = []

    def until(claim, seed, digits):
        if len(done) == 15:
            raise KeyboardInterrupt
        done.append(claim)
        return check(claim, seed, digits)

    check = symgrad.derivation.step.check
    monkeypatch.setattr(symgrad.derivation.step, "check", until)
    assert main([*FEW, "-o", str(stopped)]) == 130
    assert "stopped: 15 of 25 steps are checked" in capsys.readouterr().err
    done.clear()
    assert main([*FEW, "-o", str(stopped)]) == code
    assert len(done) == 10
    assert pages(stopped) == pages(whole)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nothing"], 2),
        (["--without", "nothing"], 2),
        (["--without-built-in"], 2),
        (["chain", "--without", "chain"], 2),
    ],
)
def test_what_is_chosen_must_be_there(arguments, code, tmp_path, capsys):
    assert main(["book", *arguments, "-o", str(tmp_path)]) == code
    assert "what to do" in capsys.readouterr().err
