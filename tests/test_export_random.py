"""Derivatives of random networks in every format: none fails, and no line is too wide."""

from contextlib import suppress

from campaign import campaign
from random_networks import networks

import symgrad as sg
from symgrad.errors import NotDefined, TooLarge
from symgrad.export.latex import latex
from symgrad.export.markdown import markdown
from symgrad.export.text import text


@campaign(20, 1000, networks())
def test_every_format_takes_every_derivative(case):
    g = sg.parse(case.text).derivative(case.of, case.wrt, depth=None if case.symbolic else case.depth)
    for layout in ("numerator", "denominator"):
        page = sg.parse(case.text).derivative(case.of, case.wrt, g.depth, layout).presentation(sg.notation("ng"))
        for written in (text, latex, markdown):
            assert written(page.document())
        assert all(len(line) <= 100 for line in text(page.document(), 100).split("\n"))
    with suppress(NotDefined, TooLarge):
        g.sympy()
