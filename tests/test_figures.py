"""Figures of derivations: the same each time, at the end of their section; programs print what they show."""

import doctest
import re

import pytest

import symgrad as sg
from symgrad.derivation.catalogue import catalogue
from symgrad.export.book import Book, book_latex, book_markdown
from symgrad.export.book_html import book_html
from symgrad.export.chapter import chapter
from symgrad.export.figure import figure_pdf, figure_svg
from symgrad.export.notation import notation
from symgrad.export.table import table_latex

BAND = tuple((float(k), 0.5 * k, 2.0 * k) for k in range(1, 5))
NODES = (sg.Node("a", 0, 0, "s_0"), sg.Node("b", 1, 0, r"\frac{a}{b}", "shared"), sg.Node("t", 1, 1, "x", "text"))
DRAWINGS = [
    sg.Plot("band", "A band.", "$x$", "$y$", (sg.Curve("$x$", ((1.0, 1.0), (4.0, 4.0)), BAND),), log=True),
    sg.NeuronBars("bars", "Bars.", ((0.1, 0.2), (0.0, 0.4)), r"|\partial C/\partial b|"),
    sg.NeuronBars("nothing", "No bars.", ((0.0,), (0.0,)), "x"),
    sg.Diagram("diagram", "Arrows.", NODES, (sg.Arrow("a", "b", "w", 2), sg.Arrow("a", "t", shift=0.1))),
]
FIGURES = {f"{e.name}: {f.name}": f for e in catalogue().values() for f in e.derivation().figures}


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda d: d.name)
def test_a_drawing_is_the_same_again(drawing):
    assert figure_svg(drawing) == figure_svg(drawing)
    assert "<svg" in figure_svg(drawing)
    assert figure_pdf(drawing).startswith(b"%PDF")


def test_a_band_lies_behind_its_curve():
    [plot] = DRAWINGS[:1]
    bare = sg.Plot(**{**vars(plot), "curves": (sg.Curve("$x$", plot.curves[0].points),)})
    assert figure_svg(plot).count("FillBetween") == figure_svg(bare).count("FillBetween") + 1


def bars(layers):
    from matplotlib.figure import Figure

    from symgrad.export.figure_network import draw_bars

    axes = Figure().add_subplot()
    draw_bars(axes, layers, "x")
    return [line.get_xdata() for line in axes.get_lines() if line.get_linewidth() == 5]


def test_bars_are_as_long_as_their_sizes():
    lengths = [end - start for start, end in bars(((1.0, 2.0), (4.0, 0.0)))]
    assert [x / lengths[2] for x in lengths] == pytest.approx([0.25, 0.5, 1, 0], rel=1e-12, abs=1e-12)


def test_a_diagram_has_every_arrow_from_where_it_starts_to_where_it_ends():
    from matplotlib.figure import Figure

    from symgrad.export.figure_network import draw_diagram

    axes = Figure().add_subplot()
    draw_diagram(axes, DRAWINGS[-1])
    arrows = [t for t in axes.texts if getattr(t, "arrow_patch", None)]
    assert [(a.xyann, a.xy) for a in arrows] == [((0, 0.0), (1, 0.0)), ((0, 0.1), (1, 1.1))]
    assert {t.get_text() for t in axes.texts} >= {"$s_0$", r"$\frac{a}{b}$", "$x$", "$w$"}


PROGRAMS = [f for f in FIGURES.values() if isinstance(f, sg.Program) and not f.session.startswith("$")]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.name)
def test_a_program_prints_what_it_shows(program):
    session = program.session + "\n"
    test = doctest.DocTestParser().get_doctest(session, {}, program.name, None, 0)
    assert test.examples
    said = []
    result = doctest.DocTestRunner(verbose=False).run(test, out=said.append)
    assert result.failed == 0, "".join(said)


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_says_what_it_shows(name):
    figure = FIGURES[name]
    assert figure.caption.endswith(".")
    assert re.fullmatch(r"[a-z0-9_-]+", figure.name)


def two_sections(placed):
    draft = sg.Draft("Two sections")
    if placed == 0:
        draft.figure(sg.Table("t", "Words.", ("a",), (("the figure",),)))
    draft.section("One")
    draft.states("x = x", because="First.")
    if placed == 1:
        draft.figure(sg.Table("t", "Words.", ("a",), (("the figure",),)))
    draft.section("Two")
    if placed == 2:
        draft.figure(sg.Table("t", "Words.", ("a",), (("the figure",),)))
    draft.states("y = y", because="Second.")
    draft.errs("page 1", "1", "2", sg.claim("1 = 2"))
    return draft.derivation()


@pytest.mark.parametrize(("placed", "order"), [(0, "1f2e"), (1, "1f2e"), (2, "12fe")])
def test_a_figure_stands_at_the_end_of_its_section(placed, order):
    entry = sg.Entry("two", "Two sections", "nowhere", build=lambda: two_sections(placed))
    shown = chapter(entry, entry.derivation().checked(), "", notation("nielsen"))
    marks = {"1": "First.", "2": "Second.", "f": "the figure", "e": "Errata"}
    book = Book("Title", (shown,))
    for page in (book_latex(book), book_markdown(book), book_html(book)["two.html"]):
        places = {page.index(words): mark for mark, words in marks.items()}
        assert "".join(places[k] for k in sorted(places)) == order
        assert page.count("the figure") == 1
    assert [figures for _, figures in shown.results().sections()] == [figures for _, figures in shown.sections()]


def test_a_figure_of_a_derivation_without_steps():
    draft = sg.Draft("Nothing")
    draft.figure(sg.Table("t", "Words.", ("a",), (("b",),)))
    entry = sg.Entry("none", "Nothing", "nowhere", build=draft.derivation)
    assert "Words." in book_markdown(Book("T", (chapter(entry, entry.derivation(), "", notation("ng")),)))


def test_a_cell_that_latex_would_take_for_an_option():
    page = table_latex(sg.Table("t", "", ("a", "b"), (("[784, 30]", "1"), ("* x", "[2]"))))
    assert r"{[784, 30]} & 1 \\" in page
    assert not re.search(r"\\\\\s*[\[*]", page)
