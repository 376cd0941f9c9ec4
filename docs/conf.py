"""The site of the documentation: ``make docs``. Its formulas are made by the project's own extension."""

import re
import sys
from pathlib import Path

import click
from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parent.parent))

import symgrad

project = "symgrad"
author = copyright = "The symgrad developers"
version = release = symgrad.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx_click", "symgrad.sphinx"]
exclude_patterns = ["examples"]
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 4
smartquotes = False  # --depth is an option, and no dash
suppress_warnings = ["myst.header"]  # a page may begin a table of sources with a heading of the third level

html_theme = "furo"
html_title = "symgrad"
man_pages = [("reference/commands", "symgrad", "the gradients of deep networks, proved and typeset", author, 1)]
autodoc_member_order = "bysource"
autodoc_typehints = "none"

_LINK = re.compile(r"\]\(((?:\.\./)+(?!\.)[^)#]*|examples/[^)#]*)\)")
"""A link that may lead to what is no page of the site."""


def _as_pages(app: Sphinx, name: str, source: list[str]) -> None:
    """Let links to what is no page of the site stand as the paths of files, which they are in the repository."""
    docs = Path(app.srcdir)

    def shown(link: re.Match[str]) -> str:
        path = (docs / name).parent / link[1]
        inside = path.resolve().is_relative_to(docs) and not path.resolve().is_relative_to(docs / "examples")
        return link[0] if inside else f"] (`{path.resolve().relative_to(docs.parent)}`)"

    source[0] = _LINK.sub(shown, source[0])


def _as_typed(app: Sphinx, context: click.Context, lines: list[str]) -> None:
    """Show what a command's help keeps line by line, its examples, as code, and all else to the letter."""
    found: list[str] = []
    kept = False
    for line in lines:
        if kept != line.startswith("| "):
            kept = not kept
            found += ["", "::", ""] if kept else [""]
        found.append(f"    {line[2:]}" if kept else re.sub(r"[*`|_]", r"\\\g<0>", line))
    lines[:] = found


def setup(app: Sphinx) -> None:
    """Add what the pages use: equation files as a language."""
    app.add_lexer("eq", TextLexer)
    app.connect("source-read", _as_pages)
    app.connect("sphinx-click-process-description", _as_typed)
