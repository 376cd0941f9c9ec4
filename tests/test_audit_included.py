"""Commands from files beside a LaTeX text: those of its folder are read, and no others."""

import pytest
from click.testing import CliRunner

from symgrad.audit.audit import audit_file
from symgrad.cli.audit import command

CLAIM = r"\half{} so $\half + \half = \two$."
DEFINES = r"\newcommand{\half}{\frac{1}{2}} \def\two{2}"


def verdicts(path):
    return [str(f.word) for f in audit_file(path, everything=True).findings]


@pytest.mark.parametrize(
    ("named", "file"),
    [(r"\input{own}", "own.tex"), (r"\include{own}", "own.tex"), (r"\usepackage[a]{other, own}", "own.sty")],
)
def test_commands_of_a_file_of_the_folder(tmp_path, named, file):
    (tmp_path / file).write_text(DEFINES)
    (tmp_path / "a.tex").write_text(f"{named}\n{CLAIM}")
    assert verdicts(tmp_path / "a.tex") == ["refuted"]


def test_commands_of_a_file_that_a_file_names(tmp_path):
    (tmp_path / "own.tex").write_text(r"\input{more.tex}")
    (tmp_path / "more.tex").write_text(DEFINES)
    (tmp_path / "a.tex").write_text(rf"\input{{own}} {CLAIM}")
    assert verdicts(tmp_path / "a.tex") == ["refuted"]


def test_a_definition_of_the_text_itself_comes_first(tmp_path):
    (tmp_path / "own.tex").write_text(DEFINES)
    (tmp_path / "a.tex").write_text(rf"\input{{own}} \renewcommand{{\two}}{{1}} {CLAIM}")
    assert verdicts(tmp_path / "a.tex") == ["confirmed"]


@pytest.mark.parametrize("named", [r"\input{../own}", r"\input{linked}", r"\input{missing}", "% nothing"])
def test_no_file_outside_of_the_folder_is_opened(tmp_path, named):
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "own.tex").write_text(DEFINES)
    (inside / "linked.tex").symlink_to(tmp_path / "own.tex")
    (inside / "a.tex").write_text(f"{named}\n{CLAIM}")
    assert verdicts(inside / "a.tex") == ["not checkable"]


def test_files_that_name_each_other(tmp_path):
    (tmp_path / "b.tex").write_text(r"\input{a} \input{b}")
    (tmp_path / "a.tex").write_text(r"\input{b} $1 + 1 = 2$")
    assert verdicts(tmp_path / "a.tex") == ["confirmed"]


def test_commands_of_a_file_that_is_named_by_an_option(tmp_path):
    preamble = tmp_path / "preamble.tex"
    preamble.write_text(DEFINES)
    folder = tmp_path / "chapters"
    folder.mkdir()
    (folder / "a.md").write_text(CLAIM)
    told = CliRunner().invoke(command, ["--macros", str(preamble), str(folder)], standalone_mode=False)
    assert told.return_value == 1
    assert "refuted" in told.output
    assert CliRunner().invoke(command, [str(folder)], standalone_mode=False).return_value == 0
