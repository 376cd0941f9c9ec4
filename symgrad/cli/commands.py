"""The commands, each with the line that ``symgrad --help`` shows.

The command ``derive`` is the object ``command`` of ``symgrad.cli.derive``, which is imported when it is run.
"""

from __future__ import annotations

COMMANDS = {
    "derive": "Derive a gradient or a Jacobian in closed form, and check it.",
    "verify": "Check every step of a derivation in JSON again.",
    "catalogue": "The derivations of the catalogue: list them, print one, print the errors of their sources.",
    "book": "Run and check every derivation of the catalogue, and print the book.",
    "check": "Judge an array of numbers that is meant to be a gradient.",
    "weave": "Keep the formulas and numbers of documents as symgrad gives them.",
    "latex": "Write the package for LaTeX, symgrad.sty.",
    "quarto": "Write the extension for Quarto, and the filter for pandoc.",
    "respond": "Answer many requests at once, for the filters of other programs.",
    "mystmd": "Write the plugin for mystmd and Jupyter Book 2.",
    "same": "Whether two formulas are equal: everywhere, on a part of the domain, or not.",
    "audit": "Check the formulas and numbers that documents print.",
    "evaluate": "The value of an expression: exact where it can be, else enclosed to so many digits.",
    "power": "A power such as 0.5^150: its exact value, its digits, what float formats make of it.",
    "horizon": "The depth at which each float format loses a power, or the bound of a gradient.",
    "maximise": "The global maximum of an expression, enclosed and proved.",
    "minimise": "The global minimum of an expression, enclosed and proved.",
    "experiment": "How fast each layer of a network learns, on real data: tables and figures.",
    "gain": "The gain of an activation: what keeps the size of signals or of gradients, and why.",
    "critical": "The variances of weights and biases between vanishing and exploding gradients.",
    "serve": "The live page: equations on the left, the answer typeset on the right, sliders, the audit.",
    "site": "The catalogue with its sliders as a static site, for a web server without Python.",
    "read": "A network as it was understood: equations, shapes, and what every name was taken for.",
    "draw": "A picture of a network, as SVG or TikZ, with the paths between two quantities marked.",
    "models": "List the built-in models, with their equations.",
}

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
