"""``symgrad weave``: the formulas and numbers of a document, kept as symgrad gives them."""

from __future__ import annotations

import time
from pathlib import Path

import click

from symgrad.cli.output import write
from symgrad.cli.pipe import complain
from symgrad.desk.cache import Cache, usual_cache
from symgrad.desk.respond import NotPassed
from symgrad.desk.weave.files import WovenFile, weave_file, weave_files
from symgrad.errors import SymgradError
from symgrad.visible import visible

STALE = FAILED = 1
PAUSE = 0.5


@click.command("weave")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--check", is_flag=True, help="Write nothing; show what would change, and exit with 1 if anything would.")
@click.option("--watch", is_flag=True, help="Weave again whenever a document, its equations or its notation change.")
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="The folder below which documents may read equations and notations; where you are, if nothing is said.",
)
@click.option("--cache/--no-cache", "cached", default=True, show_default=True, help="Take answers that were kept.")
def command(files: tuple[str, ...], check: bool, watch: bool, root: Path | None, cached: bool) -> int:
    """Rewrite what stands between two marks in FILEs: .tex .md .qmd .ipynb .rst .typ.

    \b
    A mark is a comment of the document, and what is asked for stands in it:
      % symgrad: rnn.eq of=h[T] wrt=h[k] label=eq:jac notation=mybook.toml
      % symgrad: end
    In Markdown <!-- symgrad: ... -->, in reStructuredText .. symgrad: ..., in Typst // symgrad: ...
    In LaTeX with symgrad.sty, which symgrad latex writes, also \\symgrad{rnn.eq}{h[T]}{h[k]}.
    Pictures: symgrad: figure rnn.eq steps=3 label=fig:rnn caption="An RNN."
    Numbers: symgrad: power 1.5 149 digits=3, or symgrad: value 'tanh(x)' at=x=1/3

    \b
    Examples:
      symgrad weave chapter.tex
      symgrad weave --check *.md
      symgrad weave --watch notes.qmd --root .

    A file is written whole, and not touched where it is as it should be; where anything is wrong or not known to be
    true, none is written. The exit code is 0, 1 if a check finds a file stale or an answer does not pass, 2 if the
    input is wrong.
    """
    if check and watch:
        raise click.UsageError("--check and --watch do not go together.", click.get_current_context())
    paths = [Path(name) for name in files]
    cache = usual_cache() if cached else None
    if watch:
        _watch(paths, root, cache)
    try:
        woven = weave_files(paths, root, cache)
    except NotPassed as error:
        complain(str(error))
        return FAILED
    _note(woven)
    stale = [w for w in woven if w.stale]
    if check:
        write(visible("".join(w.difference() for w in stale), lines=True))
        for w in stale:
            complain(f"{w.path} is stale\n  what to do: symgrad weave {w.path}")
        return STALE if stale else 0
    for w in stale:
        w.write()
    write("".join(f"{visible(str(w.path))}: {_counted(w)}\n" for w in woven))
    return 0


def _counted(w: WovenFile) -> str:
    number = w.woven.passages + w.commands
    passages = f"{number} passage{'s' if number != 1 else ''}"
    return f"{passages}, {'written' if w.stale else 'as it was'}"


def _note(woven: list[WovenFile]) -> None:
    for w in woven:
        for note in w.woven.notes:
            complain(f"note: {note}")


def _watch(paths: list[Path], root: Path | None, cache: Cache | None) -> None:
    """Weave whenever something changes, until interrupted; what is wrong is said, and waited for."""
    seen: dict[Path, float] = {}
    used: set[Path] = set()
    while True:
        now = {p: _changed(p) for p in {*paths, *used}}
        if now != seen:
            used |= _once(paths, root, cache)
            seen = {p: _changed(p) for p in {*paths, *used}}
        time.sleep(PAUSE)


def _once(paths: list[Path], root: Path | None, cache: Cache | None) -> set[Path]:
    """Weave each file that can be; return what the files depend on."""
    used: dict[Path, None] = {}
    for path in paths:
        try:
            woven = weave_file(path, root, cache, used)
            _note([woven])
            if woven.stale:
                woven.write()
                write(f"{visible(str(path))}: {_counted(woven)}\n")
        except SymgradError as error:
            complain(str(error))
    return set(used)


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
