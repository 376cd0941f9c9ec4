"""Files for other programs, that symgrad has with it: a LaTeX package, a filter for pandoc and Quarto."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "files"


def shipped(name: str) -> str:
    """Return a file as it is written for its program.

    >>> shipped("symgrad.lua").splitlines()[0][:20]
    '-- Pandoc and Quarto'
    """
    return (FOLDER / name).read_text(encoding="utf-8")
