"""The formats that are read, by the ends of file names; and files, of which only text of a sensible size is read."""

from __future__ import annotations

from enum import Enum
from pathlib import Path, PurePath

from symgrad.errors import ReadError, TooLarge, UnknownName

LARGEST = 8_000_000
"""Bytes of a file that is read."""


class Format(Enum):
    """How a document is written."""

    MARKDOWN = "Markdown"
    LATEX = "LaTeX"
    RST = "reStructuredText"
    NOTEBOOK = "Jupyter notebook"
    HTML = "HTML"
    PRETEXT = "PreTeXt"


SUFFIXES = {
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".mdown": Format.MARKDOWN,
    ".myst": Format.MARKDOWN,
    ".qmd": Format.MARKDOWN,
    ".rmd": Format.MARKDOWN,
    ".txt": Format.MARKDOWN,
    ".text": Format.MARKDOWN,
    ".tex": Format.LATEX,
    ".latex": Format.LATEX,
    ".ltx": Format.LATEX,
    ".rst": Format.RST,
    ".rest": Format.RST,
    ".ipynb": Format.NOTEBOOK,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xhtml": Format.HTML,
    ".ptx": Format.PRETEXT,
    ".xml": Format.PRETEXT,
}


LFS = b"version https://git-lfs.github.com/spec/"


def format_of(name: str) -> Format:
    """Return the format of a file. Raises UnknownName for the end of a name that is not in the list.

    >>> format_of("chapter5.TEX")
    <Format.LATEX: 'LaTeX'>
    """
    suffix = PurePath(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise UnknownName("format", suffix or name, SUFFIXES, where=name)
    return SUFFIXES[suffix]


class NotTextError(ReadError):
    """A file that is no text: a picture by the name of a text, a pipe, a pointer to what is stored elsewhere."""


def read_text(path: Path) -> str:
    """Return the text of a file. Raises NotTextError for one that is not text in UTF-8, TooLarge beyond 8 MB."""
    if path.exists() and not path.is_file():
        raise NotTextError("not a file: a pipe, a device or a socket", "name only files of text", file=str(path))
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise ReadError(f"cannot read it: {error.strerror}", "give a file that exists", file=str(path)) from None
    if len(content) > LARGEST:
        raise TooLarge(f"more than {LARGEST // 10**6} MB", str(path), "split it, or audit its parts")
    if content.startswith(LFS):
        raise NotTextError("a pointer of Git LFS, and not the file", "fetch it with git lfs pull", file=str(path))
    if b"\x00" in content:
        raise NotTextError("not a text: it holds bytes 0", "name only files of text", file=str(path))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise NotTextError("not in UTF-8", "store it in UTF-8", file=str(path), line=line) from None
