"""The entry point: ``symgrad --help`` is answered from a table, before anything heavy is imported."""

from __future__ import annotations

import os
import sys

from symgrad.cli.commands import COMMANDS
from symgrad.cli.pipe import say

COMPLETION = "_SYMGRAD_COMPLETE"
"""The variable by which a shell asks for completions, as click has it."""
_HEAD = """Usage: symgrad COMMAND [ARGUMENTS]...

  Derive, prove and typeset the gradients of deep networks.

Commands:
"""
_TAIL = """
Options:
  --version  Show the version.
  --help     Show this text; symgrad COMMAND --help explains a command.
"""


def help_text() -> str:
    """Return what ``symgrad --help`` prints.

    >>> print(help_text().splitlines()[0])
    Usage: symgrad COMMAND [ARGUMENTS]...
    """
    width = max(map(len, COMMANDS))
    return _HEAD + "".join(f"  {name:<{width}}  {line}\n" for name, line in COMMANDS.items()) + _TAIL


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code.

    0: done; 1: a check refuted the result or left it undecided; 2: the input is wrong, with one message on
    standard error that says what, where and what to do; 130: interrupted.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments in ([], ["--help"], ["-h"]) and COMPLETION not in os.environ:
        say(help_text())
        return 0
    try:
        from symgrad.cli.run import run

        return run(arguments)
    except KeyboardInterrupt:
        return 130
