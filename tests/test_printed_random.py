"""Random networks are printed in every notation, layout, form and format, and what is printed is read back."""

from __future__ import annotations

from campaign import campaign
from hypothesis import assume, event
from hypothesis import strategies as st
from random_networks import batches, networks

import symgrad as sg
from symgrad.api.printed.witness import check_printed
from symgrad.errors import NotDefined, TooLarge
from symgrad.evidence.verdict import Verdict
from symgrad.export.html import html
from symgrad.export.latex import latex
from symgrad.export.markdown import markdown
from symgrad.export.text import text
from symgrad.export.typst import typst

WRITERS = {
    "text": text,
    "narrow": lambda d: text(d, 60),
    "latex": latex,
    "markdown": markdown,
    "html": html,
    "typst": typst,
}
UNDECIDED = ("there is no depth to compare at", "the balls are", "there is no formula on the page")
"""Reasons that say nothing against a page: no depth is admitted, a value is not finite, there is nothing to derive."""

styles = st.tuples(
    st.sampled_from(["nielsen", "ng", "rnn"]),
    st.sampled_from(["numerator", "denominator"]),
    st.sampled_from(["folded", "folded", "unfolded", "inputs"]),
    st.sampled_from(list(WRITERS)),
    st.sampled_from([{}, {"sigma": "tanh", "phi": "softplus"}, {"sigma": "logistic"}]),
)


def page_is_right(case, style):
    notation, layout, form, format_, bindings = style
    model = sg.parse(case.text)
    bound = {name: record for name, record in bindings.items() if f"{name}(" in case.text}
    model = model.bind(**bound) if bound else model
    depth = None if case.symbolic else case.depth
    try:
        page = model.derivative(case.of, case.wrt, depth, layout).presentation(notation, form)
        shown = WRITERS[format_](page.document())
    except (NotDefined, TooLarge):  # by the inputs at a symbolic depth
        assume(False)
    check = check_printed(page, {"text" if format_ == "narrow" else format_: shown}, seed=case.seed)
    event(f"{form}, {format_}: {check.verdict}")
    if check.verdict is Verdict.UNKNOWN and any(reason in check.detail for reason in UNDECIDED):
        assume(False)
    assert check.verdict is Verdict.SAMPLED, f"{check}\n{shown}"


@campaign(25, 2500, networks(), styles)
def test_what_is_printed_of_a_random_network_is_right(case, style):
    page_is_right(case, style)


@campaign(20, 2500, batches(), styles)
def test_what_is_printed_of_a_random_batch_is_right(case, style):
    page_is_right(case, style)
