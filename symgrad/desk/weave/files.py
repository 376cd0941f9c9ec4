"""Files that are woven: read, compared, and written whole, or not touched where they are as they should be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path

from symgrad.desk.cache import Cache
from symgrad.desk.figure import DATA
from symgrad.desk.respond import Place
from symgrad.desk.weave.commands import written_beside
from symgrad.desk.weave.notebook import weave_notebook
from symgrad.desk.weave.syntax import syntax_of
from symgrad.desk.weave.weave import Woven, weave_text
from symgrad.errors import ReadError, SymgradError
from symgrad.files import read_at_most, write_whole
from symgrad.visible import visible

LARGEST = 20_000_000


@dataclass(frozen=True)
class WovenFile:
    """A file, as it is and as it should be. used: the files that its answers depend on."""

    path: Path
    before: str
    woven: Woven
    used: tuple[Path, ...]
    beside: Mapping[Path, str] = field(default_factory=dict)
    """Files that the document takes in, with what they should hold."""
    commands: int = 0
    """How many of them are of commands in the document."""

    @property
    def stale(self) -> bool:
        """Whether it is not as it should be."""
        return self.before != self.woven.text or bool(self._stale_beside)

    @property
    def _stale_beside(self) -> list[Path]:
        return [path for path, content in self.beside.items() if not _same(_found(path), content)]

    def difference(self) -> str:
        """Return how it would change, as a unified diff."""
        shown = _difference(self.path, self.before, self.woven.text)
        return shown + "".join(_difference(p, _found(p) or "", self.beside[p]) for p in self._stale_beside)

    def write(self) -> None:
        """Write it, whole; a file that is as it should be is not touched."""
        for path in self._stale_beside:
            try:
                path.parent.mkdir(exist_ok=True)
            except OSError as error:
                reason = error.strerror or str(error)
                raise SymgradError(f"cannot make {path.parent}: {reason}", todo="make it a folder") from None
            write_whole(path, self.beside[path])
        if self.before != self.woven.text:
            write_whole(self.path, self.woven.text)


def _difference(path: Path, before: str, after: str) -> str:
    name = visible(str(path))
    lines = unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), name, name)
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def _found(path: Path) -> str | None:
    """Return what a file holds that was written beside a document; None where there is none."""
    try:
        return read_at_most(path, LARGEST).decode("utf-8")
    except (OSError, ValueError):
        return None


def _same(found: str | None, content: str) -> bool:
    """Tell whether a file holds what it should: of a plot, the same data, however matplotlib of today draws them."""
    if found is None or found == content:
        return found is not None
    last = content.rstrip().rpartition("\n")[2]
    return last.startswith(DATA) and found.rstrip().endswith(f"\n{last}")


def root_of(path: Path, root: Path | None) -> Path:
    """Return the folder below which a document may read: the one that is named, else where one works, else its own."""
    if root is not None:
        return root
    here = Path.cwd()
    return here if path.resolve().is_relative_to(here) else path.parent


def weave_file(
    path: Path, root: Path | None = None, cache: Cache | None = None, used: dict[Path, None] | None = None
) -> WovenFile:
    """Return a file as it should be; nothing is written. used: takes up the files that were read, errors or not.

    Raises as ``weave_text``, and ReadError for the file.
    """
    syntax = syntax_of(path)
    text = _text(path)
    place = Place(path.parent, root_of(path, root), cache, used={} if used is None else used)
    weave = weave_notebook if path.suffix.lower() == ".ipynb" else weave_text
    woven = weave(text, syntax, str(path), place)
    beside = written_beside(text, syntax, str(path), place, woven.labels) if syntax.format == "latex" else {}
    return WovenFile(path, text, woven, tuple(place.used), {**beside, **woven.pictures}, len(beside))


def weave_files(paths: Iterable[Path], root: Path | None = None, cache: Cache | None = None) -> list[WovenFile]:
    """Return files as they should be. Raises at the first passage that is wrong, before anything is written."""
    return [weave_file(path, root, cache) for path in paths]


def _text(path: Path) -> str:
    try:
        data = read_at_most(path, LARGEST)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise ReadError(f"cannot read {path}: {reason}", todo="give the path of a document") from None
    if len(data) > LARGEST:
        raise ReadError(f"{path} is longer than {LARGEST:,} bytes", todo="split it")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise ReadError(f"cannot read {path}: it is not UTF-8 text", todo="save it as UTF-8") from None
