"""The commands in their groups, each with the line that ``symgrad --help`` shows.

The command ``derive`` is the object ``command`` of ``symgrad.cli.derive``, which is imported when it is run.
"""

from __future__ import annotations

GROUPS = {
    "Gradients": {
        "derive": "Derive a gradient or a Jacobian in closed form, and check it.",
        "verify": "Check every step of a derivation in JSON again.",
        "check": "Judge an array of numbers that is meant to be a gradient.",
        "read": "A network as it was understood: equations, shapes, and what every name was taken for.",
        "draw": "A picture of a network: its graph, neurons, or one step; paths, and the factors on them.",
        "models": "List the built-in models, with their equations.",
        "notation": "The notations of books, and how one writes every name of a network.",
    },
    "What a text prints": {
        "audit": "Check the formulas and numbers that documents print.",
        "same": "Whether two formulas are equal: everywhere, on a part of the domain, or not.",
    },
    "Numbers": {
        "evaluate": "The value of an expression: exact where it can be, else enclosed to so many digits.",
        "power": "A power such as 0.5^150: its exact value, its digits, what float formats make of it.",
        "horizon": "The depth at which each float format loses a power, or the bound of a gradient.",
        "maximise": "The global maximum of an expression, enclosed and proved.",
        "minimise": "The global minimum of an expression, enclosed and proved.",
        "plot": "Curves of expressions, with their global maxima found, proved and marked.",
        "gain": "The gain of an activation: what keeps the size of signals or of gradients, and why.",
        "critical": "The variances of weights and biases between vanishing and exploding gradients.",
        "experiment": "How fast each layer of a network learns, on real data: tables and figures.",
    },
    "Documents": {
        "weave": "Keep the formulas and numbers of documents as symgrad gives them.",
        "latex": "Write the package for LaTeX, symgrad.sty.",
        "quarto": "Write the extension for Quarto, and the filter for pandoc.",
        "mystmd": "Write the plugin for mystmd and Jupyter Book 2.",
        "respond": "Answer many requests at once, for the filters of other programs.",
    },
    "The catalogue": {
        "catalogue": "The derivations of the catalogue: list them, print one, print the errors of their sources.",
        "book": "Run and check every derivation of the catalogue, and print the book.",
    },
    "In a browser": {
        "serve": "The live page: equations on the left, the answer typeset on the right, sliders, the audit.",
        "site": "The catalogue with its sliders as a static site, for a web server without Python.",
    },
}
COMMANDS = {name: line for group in GROUPS.values() for name, line in group.items()}

_HEAD = """Usage: symgrad COMMAND [ARGUMENTS]...

  Derive, prove and typeset the gradients of deep networks.
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
    groups = (
        f"\n{title}:\n" + "".join(f"  {name:<{width}}  {line}\n" for name, line in group.items())
        for title, group in GROUPS.items()
    )
    return _HEAD + "".join(groups) + _TAIL
