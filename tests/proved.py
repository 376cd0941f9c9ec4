"""A derivative that is printed as a book has it, proved, and read back from the page."""

import symgrad as sg
from symgrad.export.text import math_text

WITNESSES = ("backpropagation", "tangents", "as printed")


def assert_proved(equations, of, wrt, printed, layout="numerator", depth=None):
    """Derive, compare what stands on the page, and require a proof with which every witness agrees."""
    gradient = sg.parse(equations).derivative(of, wrt, depth=depth, layout=layout)
    assert math_text(gradient.presentation().right) == printed
    evidence = gradient.verify(seed=0)
    assert evidence.verdict.name == "PROVED", evidence
    found = {c.method: c.verdict.name for c in evidence.checks}
    assert [found[witness] for witness in WITNESSES] == ["SAMPLED"] * len(WITNESSES), evidence
