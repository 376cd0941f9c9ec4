"""``symgrad derive --format numpy``: a program for the derivatives, once the equations that it computes are checked."""

from __future__ import annotations

from symgrad.api.model import Model
from symgrad.cli.bounded import bounded
from symgrad.cli.output import write
from symgrad.cli.pipe import complain
from symgrad.desk.program import checked
from symgrad.desk.question import Question
from symgrad.errors import SymgradError

FAILED = 1


def write_code(
    model: Model, question: Question, language: str, seed: int | None, digits: int, timeout: float, output: str | None
) -> int:
    """Check what a program computes, and write the program; the exit code is 1 where the check does not pass.

    seed: of the points at which it is checked; None for a program that is written unchecked.
    """
    of, wrt, depth = question.of, question.wrt, question.depth
    if question.form not in (None, "backward"):
        raise SymgradError(
            f"--form {question.form} is not written as code", todo="leave --form out: code has backward equations"
        )
    with bounded(timeout):
        text = model.code(language, of, wrt or None, depth)
        evidence = checked(model, of, wrt, depth, seed, digits) if seed is not None else []
    for note in model.notes:
        complain(f"note: {note}")
    refused = next((e for e in evidence if not e.verdict.passes), None)
    if refused is None:
        write(text, output)
        return 0
    complain(f"{refused}\n  what to do: what is not known to be true is not printed; --no-verify prints it unchecked")
    return FAILED
