"""The entry point: ``symgrad --help`` is answered from a table, before anything heavy is imported."""

from __future__ import annotations

import os
import sys

from symgrad.cli.commands import help_text
from symgrad.cli.pipe import Closed, say, unwritten

COMPLETION = "_SYMGRAD_COMPLETE"
"""The variable by which a shell asks for completions, as click has it."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code.

    0: done; 1: a check refuted the result or left it undecided; 2: the input is wrong, with one message on
    standard error that says what, where and what to do; 130: interrupted.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    if sys.stdout is None:
        sys.stdout = Closed()
    try:
        if arguments in ([], ["--help"], ["-h"]) and COMPLETION not in os.environ:
            say(help_text())
            return 0
        from symgrad.cli.run import run

        return run(arguments)
    except KeyboardInterrupt as stop:
        return getattr(stop, "code", 130)
    except OSError as error:
        return unwritten(error)
