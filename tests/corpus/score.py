"""docs/corpus.md: the state of each row, and the scores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.corpus.cases import TABLES
from tests.corpus.row import Row
from tests.corpus.run import BOOK, OTHER, STATES, Answer

DOCS = Path(__file__).parents[2] / "docs" / "corpus.md"
SECTIONS = {
    "A": "Losses, linear models, matrix identities",
    "B": "Feed-forward networks",
    "C": "Normalisation",
    "E": "Recurrent networks",
    "F": "Residual and very deep networks",
    "G": "Attention and transformers",
    "H": "State-space models and linear recurrences",
    "I": "Generative models",
    "J": "Contrastive losses",
    "K": "Reinforcement learning and preferences",
    "L": "Implicit and second order",
    "M": "Matrices",
    "N": "Graphs",
    "O": "Structured models",
}


@dataclass(frozen=True)
class Result:
    """A row with the answers to its questions."""

    row: Row
    answers: tuple[Answer, ...]

    @property
    def state(self) -> str:
        """The worst state of its questions."""
        return min((a.state for a in self.answers), key=STATES.index)

    @property
    def detail(self) -> str:
        """Why it is not the book's form: of the first question in that state."""
        return next(a.detail for a in self.answers if a.state == self.state)


def share(results: Iterable[Result]) -> str:
    """Return "3 of 8" of the rows that count."""
    counted = [r for r in results if not r.row.outside]
    return f"{sum(r.state == BOOK for r in counted)} of {len(counted)}"


def page(results: list[Result], tables: Mapping[str, Mapping[str, str]]) -> str:
    """Return docs/corpus.md, in Markdown. tables: by name, the cases with what is wrong in each."""
    states = Counter(r.state for r in results if not r.row.outside)
    extra = sum(r.state == BOOK for r in results if r.row.outside)
    needs = sorted({n for r in results for n in r.row.needs})
    lines = [
        HEAD,
        f"**{share(results)} rows that count are printed in the book's form, and proved.** "
        f"{states[OTHER]} more are proved in another form; of the {len(results) - sum(states.values())} rows "
        f"that do not count, {extra} are reached.",
        "",
        "| section | | reached |",
        "|---|---|---|",
        *(f"| {s} | {name} | {share(r for r in results if r.row.section == s)} |" for s, name in SECTIONS.items()),
        "",
        "| what a row needs | reached |",
        "|---|---|",
        *(f"| {n} | {share(r for r in results if n in r.row.needs)} |" for n in needs),
        "",
        "| row | | state | |",
        "|---|---|---|---|",
        *(_line(r) for r in results),
        *(line for name, answers in tables.items() for line in _table(name, answers)),
    ]
    return "\n".join(lines) + "\n"


def _line(r: Result) -> str:
    outside = f" (does not count: {r.row.outside})" if r.row.outside else ""
    detail = "" if r.state == BOOK else code(r.detail)
    return f"| [{r.row.id}](../tests/corpus/rows/{r.row.id}.eq) | {r.row.name}{outside} | {r.state} | {detail} |"


def _table(name: str, answers: Mapping[str, str]) -> list[str]:
    wrong = {case: detail for case, detail in answers.items() if detail}
    return [
        "",
        f"## {TABLES[name]}",
        "",
        f"**{len(answers) - len(wrong)} of {len(answers)}** are derived and PROVED, and the derivative that is known "
        f"is confirmed. The cases: [{name}.txt](../tests/corpus/tables/{name}.txt). The others:",
        "",
        "| case | answer |",
        "|---|---|",
        *(f"| {case} | {code(detail)} |" for case, detail in wrong.items()),
    ]


def code(text: str) -> str:
    """Return text as code that may stand in a table."""
    return f"`{text.replace('|', chr(92) + '|').replace('`', chr(39))}`"


HEAD = r"""# Corpus

Derivations that textbooks, courses and the papers they teach print, as a benchmark: the equations of each are typed
as an author types them, and what symgrad derives is compared with the formula of the book. Written by `make corpus`;
the rows are in [tests/corpus/rows](../tests/corpus/rows), each an `.eq` file with its questions and a `.tex` file
with the formula in symgrad's own way of printing: gradients of numbers have the shape of their variable, Jacobians
the outputs as rows.

A row is **reached** if each of its questions is accepted, its answer is PROVED, and each expected equation stands on
the page in the book's form. Page and expectation are read by symgrad's reader of pages, and compared as trees. They
may differ in

- the names of bound indices, and of the index that is free on the left, which may also be shifted;
- spaces, brackets that group nothing, 1/s beside what it divides or below it, diag(a) diag(b) for diag(a ⊙ b);
- the order of the terms of a sum, of the factors of ⊙, and the place of factors that are numbers;
- names that the page itself gives to derivatives: δ_l, where it says that δ_l = ∂C/∂z_l.

Which products and sums there are, how they are nested, the order of vectors and matrices, projectors and what is
applied to what are the form, and must be the book's. Where books print two forms, either will do. Rows about
expectations over a density, integrals, implicit functions, singular vectors, the path of an argmax, and errata are
listed and do not count.
"""
