"""What of a page is written, and how: its parts, its environments, its labels; and every such page is read back."""

from __future__ import annotations

from functools import cache
from itertools import product

import pytest

import symgrad as sg
from symgrad.api.printed.backward import check_backward
from symgrad.api.printed.witness import check_printed
from symgrad.errors import SymgradError
from symgrad.evidence.verdict import Verdict
from symgrad.export.math import Document
from symgrad.export.page_options import PageOptions, to_be_read, written
from symgrad.export.setting import ENVIRONMENTS


@cache
def gradient(model: str = "gru", of: str = "h[t]", wrt: str = "h[k]") -> sg.Gradient:
    return sg.model(model).derivative(of, wrt)


@cache
def document() -> Document:
    return gradient().presentation().document()


@cache
def backward() -> Document:
    return sg.model("mlp").backward("C", ["W", "b"]).presentation().document()


LABELLED = {
    ("latex", None, None): (r"\begin{align}", r"\label{eq:a}", r"\label{eq:a-2}"),
    ("latex", "equation", None): (r"\begin{equation}", r"\label{eq:a}", r"\label{eq:a-2}"),
    ("latex", "gather", None): (r"\begin{gather}", r"\label{eq:a}", r"\label{eq:a-2}"),
    ("markdown", None, None): ("$$\n", "$$ (eq:a)", "$$ (eq:a-2)"),
    ("markdown", None, "quarto"): ("$$\n", "$$ {#eq-a}", "$$ {#eq-a-2}"),
    ("markdown", "equation", "latex"): (r"\begin{equation}", r"\label{eq:a}", r"\label{eq:a-2}"),
    ("markdown", "align", "myst"): ("$$\n\\begin{aligned}", "$$ (eq:a)"),
    ("html", None, None): ('<div class="equation" id="eq:a">', '<div class="equation" id="eq:a-2">'),
}


@pytest.mark.parametrize("how", LABELLED, ids=str)
def test_every_equation_has_a_label_of_its_own(how: tuple[str, str | None, str | None]) -> None:
    format_, env, labels = how
    page = written(backward(), PageOptions(format=format_, only="backward", label="eq:a", env=env, labels=labels))
    for sign in LABELLED[how]:
        assert page.count(sign) >= 1, page
    assert "Layout" not in page


ONLY = {
    "equation": ["∂h_t/∂h_k = ∏_{j=k+1}^{t} ∂h_j/∂h_{j-1}"],
    "rhs": ["∏_{j=k+1}^{t} ∂h_j/∂h_{j-1}"],
}


@pytest.mark.parametrize("only", ONLY)
def test_a_part_of_a_page(only: str) -> None:
    assert written(document(), PageOptions(only=only)).splitlines() == ONLY[only]


def test_the_parts_of_backward_equations_are_those_of_the_page() -> None:
    whole = written(backward(), PageOptions()).splitlines()
    parts = [
        written(backward(), PageOptions(only=only)).splitlines() for only in ("backward", "equation", "definitions")
    ]
    assert all(line in whole for part in parts for line in part)
    assert [len(p) for p in parts] == [4, 2, 1]
    assert parts[0][2:] == parts[1]


def test_what_is_left_out_is_said() -> None:
    said = PageOptions(only="rhs").left_out(document())
    assert said[0] == "For t ≥ k."
    assert said[1].startswith("Layout: numerator.")


@pytest.mark.parametrize("env", [None, *ENVIRONMENTS])
@pytest.mark.parametrize("format_", ["latex", "markdown", "html"])
def test_a_page_is_read_back_in_every_environment(format_: str, env: str | None) -> None:
    label = "" if env == "none" else "eq:a"
    kinds = {"markdown": ("myst", "quarto", "latex", "none"), "latex": ("latex", "none")}.get(format_, ("none",))
    for labels in kinds if label else (None,):
        pages = to_be_read(document(), PageOptions(format=format_, env=env, label=label, labels=labels))
        assert check_printed(gradient().presentation(), pages).verdict is Verdict.SAMPLED, pages
    wrong = {format_: page.replace("U", "V").replace("-", "+") for format_, page in pages.items()}
    assert check_printed(gradient().presentation(), wrong).verdict is not Verdict.SAMPLED


@pytest.mark.parametrize(("format_", "env"), list(product(["latex", "markdown"], [None, *ENVIRONMENTS])))
def test_backward_equations_are_read_back_in_every_environment(format_: str, env: str | None) -> None:
    page = sg.model("mlp").backward("C", ["W", "b"]).presentation()
    pages = to_be_read(backward(), PageOptions(format=format_, env=env, label="" if env == "none" else "eq:a"))
    assert check_backward(page, pages).verdict is Verdict.SAMPLED, pages


REFUSED: list[dict[str, object]] = [
    {"label": "eq:a"},
    {"format": "latex", "label": "a b"},
    {"format": "latex", "label": r"a}\input{x"},
    {"format": "latex", "labels": "myst", "label": "a"},
    {"format": "latex", "env": "none", "label": "a"},
    {"format": "html", "labels": "latex", "label": "a"},
    {"format": "json", "only": "rhs"},
    {"format": "latex", "env": "eqnarray"},
    {"format": "latex", "only": "left"},
    {"format": "docx"},
    {"format": "markdown", "standalone": True},
]


@pytest.mark.parametrize("options", REFUSED, ids=str)
def test_what_does_not_go_together_is_refused(options: dict[str, object]) -> None:
    with pytest.raises(SymgradError) as error:
        PageOptions(**options)  # type: ignore[arg-type]
    assert error.value.todo


def test_a_part_that_a_page_does_not_have_is_an_error() -> None:
    chain = sg.model("chain").derivative("C", "b[1]").presentation().document()
    for only in ("definitions", "backward", "steps"):
        with pytest.raises(SymgradError, match="no part"):
            written(chain, PageOptions(only=only))
