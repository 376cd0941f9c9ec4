"""Tables of short cases: equations, a question, and the derivative that is known.

A case is reached if its derivative is derived and PROVED, and the known one is confirmed: symgrad's reader of pages
reads it, and its values are those of backpropagation. How the derivative is printed is not compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import symgrad as sg
from symgrad.api.printed.witness import check_printed
from symgrad.deadline import TimeUp, limited
from symgrad.errors import SymgradError
from symgrad.evidence.verdict import Verdict
from symgrad.export.latex_math import math_latex

TABLES = {
    "cookbook": "Identities of the Matrix Cookbook: first derivatives, in real numbers, without structured matrices",
    "tensorgrad": "First derivatives in the public test suite of tensorgrad 0.3.0",
}
SECONDS = 20


@dataclass(frozen=True)
class Case:
    """A function, a variable, and the derivative that is known, in LaTeX: its right side, or left = right."""

    name: str
    equations: str
    of: str
    wrt: str
    known: str


def cases(table: str) -> list[Case]:
    """Return the cases of a table."""
    lines = (Path(__file__).parent / "tables" / f"{table}.txt").read_text(encoding="utf-8").splitlines()
    split = ([part.strip() for part in line.split(" | ")] for line in lines if not line.startswith("#"))
    return [Case(name, "\n".join(e.strip() for e in equations.split(";")), *rest) for name, equations, *rest in split]


def answer(case: Case) -> str:
    """Return what is wrong, "" where the case is reached."""
    try:
        with limited(SECONDS):
            return _answer(case)
    except SymgradError as error:
        lines = [line.strip() for line in str(error).splitlines()]
        todo = [line for line in lines if line.startswith("what to do")]
        return " – ".join([lines[0], *todo])
    except (TimeUp, MemoryError):
        return f"more than {SECONDS} seconds"
    except Exception as error:  # the others are still to be run
        return f"a bug: {type(error).__name__}: {error}"


def _answer(case: Case) -> str:
    model = sg.parse(case.equations)
    number = all(q.name != case.of or model.shape(q) == () for q in (e.target for e in model.equations))
    gradient = model.derivative(case.of, case.wrt, layout="denominator" if number else "numerator")
    evidence = gradient.verify()
    if evidence.verdict is not Verdict.PROVED:
        worst = next(c for c in evidence.checks if c.required and c.verdict is evidence.verdict)
        return f"{evidence.verdict}: {worst.method}, {worst.detail}"
    page = gradient.presentation()
    left = math_latex(page.left)
    whole = r"\mathrm{d}" in case.known  # left = right, of a change
    body = case.known.replace(" = ", " &= ") if whole else f"{left} &= {case.known}"
    layout = f"Layout: {gradient.layout}.\n"
    check = check_printed(page, {"latex": f"\\begin{{align*}}\n{body}\n\\end{{align*}}\n{layout}"})
    return "" if check.verdict.passes else f"derived, and the known derivative {check.verdict}: {check.detail}"
