"""Every output that the README and docs/ show is what the command above it prints.

    python tests/test_readme.py    writes the outputs anew

A block ``eq`` or ``toml`` is a file, named by its first line; a block ``console`` holds commands, each after "$ ", and
what they print. The commands of one page run in one directory, in order. Python blocks are doctests, which
pytest finds by itself.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"^```(eq|toml|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = [
    p for p in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))] if "```console" in p.read_text("utf-8")
]
SECONDS = 60


def shown(block: str) -> list[tuple[str, str]]:
    """Return the commands of a console block, each with the output that stands below it."""
    found: list[tuple[str, str]] = []
    for is_command, lines in groupby(block.splitlines(), lambda line: line.startswith("$ ")):
        if is_command:
            found += [(line[2:], "") for line in lines]
        else:
            found[-1] = (found[-1][0], "\n".join(lines))
    return found


def printed(command: str, folder: Path) -> str:
    """Return what a command prints on a terminal: both streams, without spaces at the ends of lines."""
    here = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PYTHONUTF8": "1"}
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=here,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    return "\n".join(line.rstrip() for line in done.stdout.strip().splitlines())


def played(page: str, folder: Path) -> Iterator[tuple[re.Match[str], str]]:
    """Yield each block of a page, and how it reads when its commands have run."""
    for block in BLOCK.finditer(page):
        kind, body = block.groups()
        if kind != "console":
            name = re.match(rf"# (\w+\.{kind})", body)
            assert name, f"the first line names the file: {body.splitlines()[0]}"
            (folder / name[1]).write_text(body, encoding="utf-8")
            yield block, body
        else:
            pairs = [(command, printed(command, folder)) for command, _ in shown(body)]
            yield block, "".join(f"$ {c}\n{out}\n" if out else f"$ {c}\n" for c, out in pairs)


@pytest.mark.parametrize("path", PAGES, ids=[p.name for p in PAGES])
def test_every_output_is_what_the_command_prints(path, tmp_path):
    for block, now in played(path.read_text("utf-8"), tmp_path):
        assert block[2] == now


def test_the_readme_has_outputs():
    assert (
        sum(len(shown(b[2])) for b in BLOCK.finditer((ROOT / "README.md").read_text("utf-8")) if b[1] == "console") > 4
    )


@pytest.mark.parametrize("path", [p for p in ROOT.glob("**/*.md") if not set(p.parts) & {".venv", "build"}], ids=str)
def test_links_lead_somewhere(path):
    code = r"^```.*?^```|`(?:[^`\n]|\n(?!\n))*`"  # sum[t](...) is no link; code in a line may go on in the next one
    words = re.sub(code, "", path.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", words)
    assert [t for t in targets if "://" not in t and not (path.parent / t).exists()] == []


def test_the_picture_shows_what_the_command_prints(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "docs")
    from picture import page

    assert (ROOT / "docs" / "picture.tex").read_text("utf-8") == page(), "draw it again: make readme"


def rewrite(path: Path) -> None:
    """Put what the commands print now into a page."""
    page = path.read_text("utf-8")
    with tempfile.TemporaryDirectory() as folder:
        for block, now in reversed(list(played(page, Path(folder)))):
            page = page[: block.start(2)] + now + page[block.end(2) :]
    path.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    for path in PAGES:
        rewrite(path)
