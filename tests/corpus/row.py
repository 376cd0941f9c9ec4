"""A row of the corpus, and how it is read from its two files."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROWS = Path(__file__).parent / "rows"
_HEAD = re.compile(r"# (\w+): (.*)")


@dataclass(frozen=True)
class Question:
    """Options of ``symgrad derive``, and the lines of LaTeX that are expected."""

    options: tuple[str, ...]
    expected: tuple[str, ...]

    @property
    def shown(self) -> str:
        """The options as they are typed."""
        return shlex.join(self.options)


@dataclass(frozen=True)
class Row:
    """A derivation of a book. outside: why the row does not count, "" where it does."""

    id: str
    name: str
    needs: tuple[str, ...]
    outside: str
    path: Path
    questions: tuple[Question, ...]

    @property
    def section(self) -> str:
        """The letter of its section."""
        return self.id[0]

    @property
    def text(self) -> str:
        """The equations."""
        return self.path.read_text(encoding="utf-8")


def read_row(path: Path) -> Row:
    """Return the row of an .eq file and the .tex file beside it."""
    heads = [m.groups() for m in map(_HEAD.fullmatch, path.read_text(encoding="utf-8").splitlines()) if m]
    facts = dict(heads)
    asked = [value for key, value in heads if key == "derive"]
    blocks = re.split(r"\n\s*\n", path.with_suffix(".tex").read_text(encoding="utf-8").strip())
    if len(asked) != len(blocks):
        raise ValueError(f"{path}: {len(asked)} questions, and {len(blocks)} blocks in the .tex file beside it")
    questions = tuple(
        Question(tuple(shlex.split(options)), tuple(block.splitlines()))
        for options, block in zip(asked, blocks, strict=True)
    )
    needs = tuple(n for n in facts.get("needs", "").split(", ") if n)
    return Row(path.stem, facts[path.stem], needs, facts.get("outside", ""), path, questions)


def rows() -> list[Row]:
    """Return all rows, in order."""
    return [read_row(path) for path in sorted(ROWS.glob("*.eq"))]
