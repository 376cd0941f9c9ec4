"""The site of the documentation: it builds without a warning, and holds every command with every option."""

import html
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest

from symgrad.cli.commands import COMMANDS

DOCS = Path(__file__).parent.parent / "docs"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return the folder of the site, built with warnings as errors."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", str(DOCS), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return folder


def words(page: Path) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", page.read_text("utf-8")))


def commands(command: click.Command, name: str):
    yield name, command
    for below, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, f"{name} {below}")


def test_every_option_is_on_the_page_of_the_commands(site):
    page = words(site / "reference" / "commands.html")
    every = (x for name in COMMANDS for x in commands(import_module(f"symgrad.cli.{name}").command, name))
    for called, command in every:
        assert f"symgrad {called}" in page
        for option in (p for p in command.params if isinstance(p, click.Option) and not p.hidden):
            assert option.opts[-1] in page, called


def test_the_formula_of_the_first_page_is_derived_and_referred_to(site):
    page = (site / "index.html").read_text("utf-8")
    assert r"\frac{\partial s_{t}}{\partial s_{k}} = \prod_{j=k+1}^{t}" in page
    assert 'href="#equation-eq-jacobian">(1)</a>' in page


def test_every_page_is_in_the_contents(site):
    contents = (site / "index.html").read_text("utf-8")
    for page in DOCS.glob("*.md"):
        assert page.stem == "index" or f'href="{page.stem}.html"' in contents
