"""What a person sees who types: completion in the shell, and that a slow command still goes on."""

import sys
import time

import pytest
from click.shell_completion import ShellComplete

from symgrad.cli import bounded, progress
from symgrad.cli.run import commands

# --- completion ---


@pytest.mark.parametrize(
    ("words", "word", "offered"),
    [
        ([], "hor", {"horizon"}),
        (["derive"], "cha", {"chain"}),
        (["derive"], "./my", {"./my"}),  # a file, which the shell finds
        (["derive", "chain", "--form"], "back", {"backward"}),
        (["derive", "chain", "--of"], "C", {"C"}),
        (["derive", "chain", "--of", "C", "--wrt"], "b", {"b[1]", "b[L]"}),
        (["derive", "no_such.eq", "--wrt"], "b", set()),
        (["derive", "chain", "--notation"], "ni", {"nielsen"}),
        (["derive", "chain", "--activation"], "tan", {"tan", "tanh"}),
        (["derive", "chain", "--cost"], "quad", {"quadratic"}),
    ],
)
def test_the_shell_offers_what_may_follow(words, word, offered):
    found = ShellComplete(commands, {}, "symgrad", "_SYMGRAD_COMPLETE").get_completions(words, word)
    assert {item.value for item in found} == offered


# --- a person waits ---


def test_a_terminal_is_told_that_it_still_goes_on(monkeypatch, capsys):
    monkeypatch.setattr(progress, "PATIENCE", 0.01)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with bounded.waiting(30):
        time.sleep(0.5)
    assert "0 s, of at most 30 s (--timeout)" in capsys.readouterr().err


def test_what_is_quick_or_written_to_a_file_has_no_clock(monkeypatch, capsys):
    monkeypatch.setattr(progress, "PATIENCE", 0.01)
    with bounded.waiting(30):
        time.sleep(0.05)
    monkeypatch.setattr(progress, "PATIENCE", 60)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with bounded.waiting(30):
        pass
    assert capsys.readouterr().err == ""
