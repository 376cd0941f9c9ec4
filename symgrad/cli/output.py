"""Where output goes: standard output in whatever encoding it has, or a file in UTF-8."""

from __future__ import annotations

import codecs
import io
import sys
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from symgrad.cli.pipe import say
from symgrad.errors import SymgradError
from symgrad.files import write_whole

if TYPE_CHECKING:
    from symgrad.derivation.figure import Drawing

_SPELLED = {
    "∂": "d",
    "∏": "prod",
    "∑": "sum",
    "ᵀ": "^T",
    "≥": ">=",
    "≤": "<=",
    "∈": "in",
    "ℝ": "R",
    "√": "sqrt",
    "‖": "||",
    "≈": "~",
    "·": "*",
    "×": "x",
    "∘": ".*",
    "⊙": ".*",
    "⊘": "./",
    "→": "->",
    "↦": "|->",
    "−": "-",
    "∞": "oo",
}
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-", strict=True))


def prepare_streams() -> None:
    """Let no character be an error: what an encoding lacks is spelled out, ∂C/∂σ as dC/dsigma."""
    codecs.register_error("symgrad", _spell)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="symgrad")


def _spell(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return spelled(error.object[error.start : error.end]), error.end


def spelled(text: str) -> str:
    """Spell in ASCII what a page writes with letters and signs of its own.

    >>> spelled("∂⁺s/∂θ ≈ 2.59·10²⁶ 𝟏ᵀ é")
    'd^+s/dtheta ~ 2.59*10^26 1^T \\\\xe9'
    """
    from symgrad.algebra.greek import GREEK

    parts, raised = [], False
    for c in text:
        if c in _RAISED:
            parts.append(_RAISED[c] if raised else "^" + _RAISED[c])
        else:
            plain = _SPELLED.get(c) or GREEK.get(c) or unicodedata.normalize("NFKD", c)
            parts.append(plain if plain.isascii() else c.encode("ascii", "backslashreplace").decode())
        raised = c in _RAISED
    return "".join(parts)


def takes_unicode(path: str | None) -> bool:
    """Tell whether the output, a file or standard output (None), takes every character."""
    return path is not None or codecs.lookup(sys.stdout.encoding or "ascii").name.startswith("utf")


def terminal_width(path: str | None) -> int | None:
    """Return the columns of the terminal that is written to; None for a file or a pipe, where lines stay whole."""
    if path is not None or not sys.stdout.isatty():
        return None
    from shutil import get_terminal_size

    return get_terminal_size().columns


def write(text: str, path: str | None = None) -> None:
    """Write text to a file in UTF-8, or to standard output; a reader that has gone is no error.

    Raises SymgradError for a file that cannot be written.
    """
    if path is None:
        say(text)
    else:
        write_whole(path, text)


def write_json(record: object, path: str | None = None) -> None:
    """Write a record as JSON, in ASCII where the output takes no other characters."""
    from symgrad.export.json import json_text

    write(json_text(record, escaped=not takes_unicode(path)), path)


def write_figure(figure: Drawing, path: str) -> None:
    """Draw a figure to a file, .svg or .pdf. Raises SymgradError for a file that cannot be written."""
    from symgrad.export.figure import figure_pdf, figure_svg

    match Path(path).suffix:
        case ".svg":
            write_whole(path, figure_svg(figure))
        case ".pdf":
            write_whole(path, figure_pdf(figure))
        case _:
            raise SymgradError(f"cannot draw {path}", todo="give a file name that ends in .svg or .pdf")
