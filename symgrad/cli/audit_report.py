"""How what an audit finds is written: as text while it is found, in the other formats once all is."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import symgrad
from symgrad.audit.audit import Audited
from symgrad.audit.report.line import Line
from symgrad.audit.report.tally import Tally
from symgrad.cli.output import takes_unicode, write
from symgrad.cli.progress import Bar

PLAIN_WIDTH, LARGEST_WIDTH = 80, 200


@dataclass(frozen=True)
class Report:
    """A report in a format, to a file, or to standard output where that is None."""

    format: str
    output: str | None

    def write(self, found: Iterable[Audited], tally: Tally, bar: Bar) -> None:
        """Write what is found, and at the end how much it is; ``tally`` counts what goes by. Raises SymgradError."""
        if self.format == "text":
            self._text(found, tally, bar)
            return
        whole = self._whole(found)
        with bar.aside():
            write(whole, self.output)

    def _text(self, found: Iterable[Audited], tally: Tally, bar: Bar) -> None:
        from symgrad.audit.report.text import of_file

        shown = _plain if self.output is not None else _shown()
        parts: list[str] = []
        width = _width()
        for file in found:
            if part := "".join(shown(of_file(file, width))):
                if self.output is not None:
                    parts.append(part)
                else:
                    with bar.aside():
                        write(part)
        last = "".join(shown([tally.summary()]))
        with bar.aside():
            write("".join(parts) + last, self.output)

    def _whole(self, found: Iterable[Audited]) -> str:
        escaped = not takes_unicode(self.output)
        match self.format:
            case "json":
                from symgrad.audit.report.record import audit_json

                return audit_json(found, escaped)
            case "sarif":
                from symgrad.audit.report.sarif import sarif

                return sarif(found, symgrad.__version__, escaped)
        from symgrad.audit.report.page import audit_page

        return audit_page(found)


def _width() -> int:
    from shutil import get_terminal_size

    return min(get_terminal_size((PLAIN_WIDTH, 24)).columns, LARGEST_WIDTH)


def _plain(lines: Iterable[Line]) -> Iterator[str]:
    return (f"{line.plain}\n" for line in lines)


class _Coloured:
    """Shows lines in the colours of standard output's terminal, as rich finds them."""

    def __init__(self) -> None:
        from rich.console import Console

        self.console = Console(soft_wrap=True, highlight=False)

    def __call__(self, lines: Iterable[Line]) -> Iterator[str]:
        from rich.text import Text

        with self.console.capture() as capture:
            for line in lines:
                self.console.print(Text.assemble(*line.pieces))
        yield capture.get()


def _shown() -> Callable[[Iterable[Line]], Iterator[str]]:
    terminal = sys.stdout.isatty() or "FORCE_COLOR" in os.environ or "TTY_COMPATIBLE" in os.environ
    return _Coloured() if terminal else _plain
