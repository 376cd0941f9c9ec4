"""What the experiments share: their options, a bar with the time left, and where the files go."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from symgrad.cli.pipe import complain
from symgrad.cli.resumed import code, resumed
from symgrad.errors import SymgradError, UnknownName
from symgrad.visible import visible
from symgrad.workers.keeping import Keeping
from symgrad.workers.workers import Workers

C = TypeVar("C", bound=Callable[..., Any])


def _sizes(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[int, ...], ...]:
    """Return the sizes of hidden layers, (30, 30) for "30,30"."""
    found = []
    for value in values:
        try:
            sizes = tuple(int(size) for size in value.split(","))
        except ValueError:
            sizes = ()
        if not sizes or min(sizes) < 1:
            raise click.BadParameter(f"{value!r} are no sizes of hidden layers: write them as 30,30.")
        found.append(sizes)
    return tuple(found)


def _formats(_: click.Context, __: click.Parameter, value: str) -> tuple[str, ...]:
    """Return the formats of figures, ("png", "svg") for "png,svg"."""
    from symgrad.experiments.figures import FORMATS

    formats = tuple(f.strip() for f in value.split(",")) if value not in ("", "none") else ()
    for name in formats:
        if name not in FORMATS:
            raise UnknownName("format of a figure", name, [*FORMATS, "none"])
    return formats


_DATA = (
    click.option(
        "--hidden",
        multiple=True,
        callback=_sizes,
        metavar="SIZES",
        help="Sizes of the hidden layers: 30,30. Can be given several times; else the chapter's four networks.",
    ),
    click.option(
        "--data",
        default="digits",
        show_default=True,
        metavar="digits|mnist|PATH",
        help="scikit-learn's digits, or the MNIST that `symgrad experiment fetch mnist` fetched, or a folder with its "
        "IDX files, plain or .gz, or an .npz file.",
    ),
    click.option("--init", "initialisation", type=click.Choice(["normal", "scaled"]), default="scaled",
                 show_default=True, help="Of the training: weights of variance 1, or 1/n_in."),
    click.option("--cost", type=click.Choice(["quadratic", "cross_entropy"]), default="cross_entropy",
                 show_default=True, help="Of the training."),
    click.option("--rate", type=float, default=0.1, show_default=True, help="Learning rate η."),
)  # fmt: skip
_FILES = (
    click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="The first seed."),
    click.option(
        "--figures",
        default="png,svg",
        show_default=True,
        callback=_formats,
        help="Formats: png, svg, pdf, pgf (for LaTeX, and needs it), or none.",
    ),
    click.option("-o", "--output", default="build/experiments", show_default=True, help="Directory to write to."),
)


def data_options(decay: float) -> Callable[[C], C]:
    """Return what gives a command the options of a network that is trained on data; ``decay`` is the default of λ/n."""
    option = click.option("--decay", type=float, default=decay, show_default=True, help="λ/n of the regularisation.")
    return lambda command: _with(command, (*_DATA, option))


def file_options(command: C) -> C:
    """Give a command the options of a seed and of the files that it writes."""
    return _with(command, _FILES)


def _with(command: C, options: tuple[Callable[[C], C], ...]) -> C:
    for option in reversed(options):
        command = option(command)
    return command


@contextmanager
def progress(total: int, what: str) -> Iterator[Callable[[], None]]:
    """Show a bar with the time left on a terminal's standard error; what it yields is called after each step."""
    if not sys.stderr.isatty():  # rich before 14.3 writes an empty line there, though it is disabled
        yield lambda: None
        return
    with Progress(console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(escape(what), total=total)
        yield lambda: shown.advance(task)


@contextmanager
def keeping(folder: Path, head: Mapping[str, Any], workers: Workers | None) -> Iterator[Keeping]:
    """Return what does the work of an experiment, and keeps it in the folder until ``kept.finish`` is called.

    head: what the numbers depend on; those of other work are not gone on with.
    """
    path = folder / f".{head['experiment']}.jsonl"
    versions = {name: version(name) for name in ("numpy", "scipy")}
    with resumed(path, {**head, **versions, "code": code()}) as kept:
        if kept.count and not kept.done:
            complain(f"note: {kept.count:,} pieces of the work are done, and are not done again")
        yield Keeping(kept, workers)
    if kept.done:
        path.unlink(missing_ok=True)


def directory(output: str) -> Path:
    """Make the directory that is written to."""
    path = Path(output)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SymgradError(
            f"cannot make the directory {output}: {error.strerror}", todo="name another one: -o build/experiments"
        ) from None
    return path


def told(folder: Path, complete: bool) -> str:
    """Return the last line of an experiment."""
    shown = visible(str(folder))
    return f"wrote {shown}\n" if complete else f"interrupted; wrote what is done to {shown}\n"


def hyphenated(hidden: tuple[int, ...]) -> str:
    """Return the sizes of a network as a part of a file's name."""
    return "-".join(map(str, hidden))
