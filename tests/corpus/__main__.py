"""``python -m tests.corpus``: run all rows and write docs/corpus.md; with names of rows, show them.

python -m tests.corpus G02 A01     the questions of two rows, what is expected and what is printed
python -m tests.corpus G           all rows of a section, one line each
python -m tests.corpus --check     run all, write nothing
"""

from __future__ import annotations

import sys

from tests.corpus import cases
from tests.corpus.row import Row, rows
from tests.corpus.run import BOOK, ask
from tests.corpus.score import DOCS, Result, page, share


def result(row: Row) -> Result:
    """Run a row."""
    return Result(row, tuple(ask(row, q) for q in row.questions))


def show(row: Row) -> None:
    """Print a row in full."""
    print(row.text, row.path.with_suffix(".tex").read_text(encoding="utf-8"), sep="\n")
    for question in row.questions:
        answer = ask(row, question)
        print(f"--- symgrad derive {row.path} {question.shown} --format latex", answer.page, sep="\n")
        print(f"--- {answer.state}{': ' if answer.detail else ''}{answer.detail}\n")


def main(arguments: list[str]) -> int:
    """Run the rows that are named, or all."""
    known = rows()
    names = [a for a in arguments if not a.startswith("-")]
    chosen = [r for r in known if r.id in names or r.section in names] if names else known
    if names and not chosen:
        print(f"no row is called {', '.join(names)}")
        return 2
    if names and all(r.id in names for r in chosen):
        for row in chosen:
            show(row)
        return 0
    results = []
    for row in chosen:
        results.append(r := result(row))
        print(f"{row.id} {r.state}{'' if r.state == BOOK else f': {r.detail}'}", flush=True)
    print(f"{share(results)} rows in the book's form")
    if names:
        return 0
    tables = {table: {case.name: cases.answer(case) for case in cases.cases(table)} for table in cases.TABLES}
    for table, answers in tables.items():
        print(*(f"{case}: {detail}" for case, detail in answers.items() if detail), sep="\n")
        print(f"{sum(not a for a in answers.values())} of {len(answers)} in {table}")
    if not arguments:
        DOCS.write_text(page(results, tables), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
