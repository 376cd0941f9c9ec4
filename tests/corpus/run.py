"""Run a row: its questions through the command line, and what came out against what is expected."""

from __future__ import annotations

import io
import re
from collections import defaultdict
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

from symgrad.cli.main import main
from symgrad.errors import SymgradError
from symgrad.network.read import read_file
from symgrad.reading.page.document import latex_page
from tests.corpus.form import left_side, same
from tests.corpus.row import Question, Row

REFUSED, UNPROVED, OTHER, BOOK = "refused", "not proved", "proved, other form", "book's form"
STATES = (REFUSED, UNPROVED, OTHER, BOOK)
"""From the worst to the best."""
SECONDS = 20
"""What one question may take."""


@dataclass(frozen=True)
class Answer:
    """What symgrad answers to a question. detail: the message, or what is printed in the place of what is expected."""

    state: str
    detail: str
    page: str = ""


def ask(row: Row, question: Question, seconds: float = SECONDS) -> Answer:
    """Derive, and compare with the book's form."""
    arguments = ["derive", str(row.path), *question.options, "--format", "latex", "--timeout", str(seconds)]
    code, out, err = call(arguments)
    if code not in (0, 1):
        return Answer(REFUSED, message(err), err)
    if code == 1:
        return Answer(UNPROVED, message(err), err)
    verdict = re.search(r"^% ([A-Z]+)\b", out, re.MULTILINE)
    if verdict is None or verdict[1] != "PROVED":
        return Answer(UNPROVED, verdict[1] if verdict else "no verdict", out)
    missing = wrong(question, row, out)
    return Answer(OTHER, missing, out) if missing else Answer(BOOK, "", out)


def wrong(question: Question, row: Row, out: str) -> str:
    """Return the first expected line that does not stand on the page in any of its forms, "" where all do."""
    scalars = _scalars(row)
    page = latex_page(out)
    alternatives: dict[object, list[str]] = defaultdict(list)
    try:
        for line in question.expected:
            alternatives[left_side(line)].append(line)
        for lines in alternatives.values():
            if not any(same(line, page, scalars.__contains__) for line in lines):
                return f"expected {lines[0]}"
    except ValueError as error:
        return f"what is expected is not read: {error}"
    return ""


def call(arguments: list[str]) -> tuple[int, str, str]:
    """Run the command line; return its exit code, and what it writes."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(arguments)
    return code, out.getvalue(), err.getvalue()


def message(err: str) -> str:
    """Return what an error says: the line, and what to do."""
    lines = [line.strip() for line in err.splitlines() if line.strip() and not line.startswith("note:")]
    first = lines[0] if lines else ""
    todo = next((line for line in lines if line.startswith("what to do")), "")
    return " – ".join(x for x in (first.removeprefix("symgrad: "), todo) if x)


def _scalars(row: Row) -> set[str]:
    """Return how numbers are printed: the letter of a scalar quantity, and the names of dimensions."""
    try:
        network = read_file(row.path)
    except SymgradError:
        return set()
    quantities = [*network.parameters, *(e.target for e in network.equations)]
    numbers: dict[str, bool] = defaultdict(lambda: True)
    for q in quantities:
        numbers[q.name.partition("_")[0].rstrip("0123456789")] &= network.shape(q) == ()
    dimensions = {str(d) for q in quantities for d in network.shape(q) if not isinstance(d, int)}
    return {name for name, scalar in numbers.items() if scalar} | dimensions
