"""Files that are none of text: a pipe, a pointer of Git LFS; and notebooks of an old format."""

import json
import os
from pathlib import Path

import pytest

from symgrad.audit.audit import audit_file
from symgrad.audit.source.format import read_text
from symgrad.errors import ReadError


def test_a_pipe_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "a.md"
    os.mkfifo(pipe)
    with pytest.raises(ReadError, match="pipe"):
        read_text(pipe)


def test_a_pointer_is_named(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n")
    assert "Git LFS" in audit_file(file).error


def test_a_notebook_of_format_3_is_read(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "source": ["$1 + 1 = 3$"]},
        {"cell_type": "code", "input": ["print(2 + 2)"], "outputs": [{"output_type": "stream", "text": ["5\n"]}]},
    ]
    file = tmp_path / "a.ipynb"
    file.write_text(json.dumps({"nbformat": 3, "worksheets": [{"cells": cells}]}))
    assert [str(f.word) for f in audit_file(file).findings] == ["refuted", "refuted"]


def test_a_lone_surrogate_costs_nothing(tmp_path: Path) -> None:
    file = tmp_path / "a.ipynb"
    cells = r'[{"cell_type": "markdown", "source": ["$11 \\cdot 11 = 122$ \ud800 $12 \\cdot 12 = 145$"]}]'
    file.write_text(f'{{"cells": {cells}}}')
    assert [str(f.word) for f in audit_file(file).findings] == ["refuted", "refuted"]
