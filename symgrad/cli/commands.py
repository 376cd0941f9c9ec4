"""The commands, each with the line that ``symgrad --help`` shows.

The command ``derive`` is the object ``command`` of ``symgrad.cli.derive``, which is imported when it is run.
"""

from __future__ import annotations

COMMANDS = {
    "derive": "Derive a gradient or a Jacobian in closed form, and check it.",
    "verify": "Check every step of a derivation in JSON again.",
    "book": "Run and check every derivation of the catalogue, and print the book.",
    "models": "List the built-in models, with their equations.",
}
