"""``symgrad weave``: passages of documents of every kind, what is refused, and files that are not touched."""

import json
import os
from pathlib import Path

import pytest

from symgrad.cli.main import main

CHAIN = "z[j] = w[j]*a[j-1] + b[j]\na[j] = sigma(z[j])\nC = cost(a[L], y)\n"
END = "<!-- symgrad: end -->"
POWER = r"1.73 \times 10^{26}"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.setenv("SYMGRAD_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "book"
    folder.mkdir()
    monkeypatch.chdir(folder)
    Path("chain.eq").write_text(CHAIN, encoding="utf-8")
    return folder


def woven(name, text, *options):
    Path(name).write_bytes(text.encode())
    code = main(["weave", name, *options])
    return code, Path(name).read_bytes().decode()


NUMBERS = [
    ("a.tex", "is % symgrad: power 1.5 149 digits=3\n % symgrad: end\n.", f"${POWER}$ % symgrad: end\n."),
    ("a.tex", "is % symgrad: power 1.5 149 digits=3\nold% symgrad: end\n.", f"${POWER}$% symgrad: end\n."),
    ("a.md", "is <!-- symgrad: power 1.5 149 digits=3 -->old <!-- symgrad: end -->.", f"${POWER}$ <!-- symgrad: end"),
    ("a.qmd", "is <!--symgrad: value 'tanh(x)' at=x=1/2 digits=4--><!--symgrad: end-->.", "-->$0.4621$<!--"),
    ("a.typ", "is /* symgrad: power 1.5 149 digits=3 *//* symgrad: end */.", "*/$1.73 times 10^(26)$/*"),
    (
        "a.rst",
        ".. symgrad: power 1.5 149 digits=3 name=p\n.. symgrad: end\n",
        f"\n.. |p| replace:: :math:`{POWER}`\n\n",
    ),
    ("a.md", "is <!-- symgrad: power 1.5 -3 digits=5 --><!-- symgrad: end -->.", "$0.29630$"),
]


@pytest.mark.parametrize(("name", "text", "shown"), NUMBERS)
def test_a_number_stands_in_the_sentence_and_the_marks_do_not(name, text, shown):
    code, first = woven(name, text)
    assert code == 0
    assert shown in first
    assert woven(name, first) == (0, first)


PAGES = [
    ("a.tex", "% symgrad: chain.eq of=C wrt=b[1]\n% symgrad: end\n", r"\begin{align*}"),
    ("a.tex", "  % symgrad: chain.eq of=C wrt=b[1]\n  old\n  % symgrad: end\n", "  \\begin{align*}\n      \\frac"),
    ("a.md", "<!-- symgrad: chain.eq of=C wrt=b[1] -->\n<!-- symgrad: end -->\n", "-->\n\n$$\n\\frac"),
    ("a.md", "- <!-- symgrad: chain.eq of=C wrt=b[1] --><!-- symgrad: end -->\n", "-->\n\n$$\n\\frac"),
    (
        "a.qmd",
        "<!-- symgrad: chain of=C wrt=b let='w[j] = 2*v[j]' form=backward -->\n<!-- symgrad: end -->\n",
        r"\delta_",
    ),
    ("a.md", "<!-- symgrad: chain of=C wrt=b[1] notation=ng -->\n<!-- symgrad: end -->\n", "[L]"),
    ("a.tex", "% symgrad: chain of=C wrt=b[1] depth=1 function=sigma=tanh detail=unfolded\n% symgrad: end\n", "tanh"),
]


@pytest.mark.parametrize(("name", "text", "shown"), PAGES)
def test_a_page_stands_between_its_marks_and_stays_as_it_is(name, text, shown):
    code, first = woven(name, text)
    assert code == 0
    assert shown in first
    before = os.stat(name)
    assert main(["weave", name]) == 0
    after = os.stat(name)
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_line_ends_of_windows_are_kept():
    _, text = woven("a.tex", "x\r\n% symgrad: chain.eq of=C wrt=b[1]\r\n% symgrad: end\r\n")
    assert text.count("\r\n") == text.count("\n") > 4


AS_IS = [
    ("a.md", "```\n<!-- symgrad: nothing -->\n```\n"),
    ("a.md", "`<!-- symgrad: nothing -->`\n"),
    ("a.md", "~~~~ text\n~~~\n<!-- symgrad: nothing -->\n~~~~\n"),
    ("a.md", "```{code-block} md\n<!-- symgrad: nothing -->\n"),
    ("a.qmd", "```{python}\n<!-- symgrad: nothing -->\n```\n"),
    ("a.tex", "\\begin{verbatim}\n% symgrad: nothing\n\\end{verbatim}\n"),
    ("a.tex", "100\\% symgrad: nothing\n"),
    ("a.rst", "::\n\n    .. symgrad: nothing\n"),
    ("a.rst", ".. symgrad:: nothing\n"),
    ("a.typ", "```\n// symgrad: nothing\n```\nhttps://symgrad: nothing\n"),
]


@pytest.mark.parametrize(("name", "text"), AS_IS)
def test_what_is_printed_as_it_is_holds_no_marks(name, text):
    assert woven(name, text) == (0, text)


def test_admonitions_hold_marks():
    _, text = woven("a.md", "```{note}\nis <!-- symgrad: power 2 3 --><!-- symgrad: end -->\n```\n")
    assert "$8$" in text


def test_a_notebook_keeps_all_but_its_cell():
    cell = {
        "cell_type": "markdown",
        "metadata": {},
        "source": ["é <!-- symgrad: power 2 3 -->\n", "<!-- symgrad: end -->"],
    }
    code = {"cell_type": "code", "metadata": {}, "source": ["<!-- symgrad: nothing -->"], "outputs": []}
    for indent, ascii_ in ((1, False), (4, True), (None, True)):
        text = json.dumps({"cells": [cell, code], "nbformat": 4}, indent=indent, ensure_ascii=ascii_) + "\n"
        status, shown = woven("a.ipynb", text)
        assert status == 0
        assert shown.replace("$8$", "") == text
        assert json.loads(shown)["cells"][0]["source"] == ["é <!-- symgrad: power 2 3 -->$8$\n", END]


BAD = [
    ("a.md", "x\n\n<!-- symgrad: chain.eq of=C wrt=b[1] -->", 2, ["a.md, line 3", "no end"]),
    ("a.md", "x\n<!-- symgrad: end -->", 2, ["a.md, line 2", "did not begin", "with symgrad:"]),
    ("a.tex", "% symgrad: chain.eq of=C\n% symgrad: chain.eq of=C\n% symgrad: end", 2, ["line 2", "line 1"]),
    ("a.md", "<!-- symgrad: none.eq of=C --><!-- symgrad: end -->", 2, ["cannot read", "none.eq", "line 1"]),
    ("a.md", "<!-- symgrad: ../x.eq of=C --><!-- symgrad: end -->", 2, ["lies outside of", "--root"]),
    ("a.md", "<!-- symgrad: /etc/passwd of=C --><!-- symgrad: end -->", 2, ["lies outside of"]),
    ("a.md", "<!-- symgrad: chain of=C notation=../n.toml wrt=w --><!-- symgrad: end -->", 2, ["lies outside of"]),
    ("a.md", "<!-- symgrad: chain --><!-- symgrad: end -->", 2, ["of=C"]),
    ("a.md", "<!-- symgrad: --><!-- symgrad: end -->", 2, ["nothing is asked for"]),
    ("a.md", "<!-- symgrad: chain of=C colour=red --><!-- symgrad: end -->", 2, ["unknown option 'colour'"]),
    ("a.md", "<!-- symgrad: chain of=C of=C --><!-- symgrad: end -->", 2, ["of is given 2 times"]),
    ("a.md", "<!-- symgrad: chain of=C wrt='w --><!-- symgrad: end -->", 2, ["quotation mark"]),
    ("a.md", "<!-- symgrad: chain of=C wrt=w[1] form=round --><!-- symgrad: end -->", 2, ["'round'", "backward"]),
    ("a.md", "<!-- symgrad: chain of=C wrt=Q --><!-- symgrad: end -->", 2, ["a.md, line 1", "unknown quantity 'Q'"]),
    ("a.md", "<!-- symgrad: chain of=C depth=deep --><!-- symgrad: end -->", 2, ["no whole number"]),
    ("a.md", "is <!-- symgrad: power 2 --><!-- symgrad: end -->", 2, ["power takes 2, and 1"]),
    ("a.md", "<!-- symgrad: power 2 3 --><!-- symgrad: end --> is", 2, ["begin with a word"]),
    ("a.md", "is <!-- symgrad: value x --><!-- symgrad: end -->", 2, ["variable 'x'"]),
    ("a.md", "is <!-- symgrad: value __import__('os') --><!-- symgrad: end -->", 2, ["line 1"]),
    ("a.rst", ".. symgrad: power 2 3\n.. symgrad: end\n", 2, ["has a name"]),
    ("a.docx", "", 2, ["kind of document '.docx'", ".tex"]),
    ("a.ipynb", "{}", 2, ["is no notebook"]),
    ("a.md", "is <!-- symgrad: value relu'(0) --><!-- symgrad: end -->", 1, ["kink"]),
]


@pytest.mark.parametrize(("name", "text", "code", "fragments"), BAD)
def test_what_is_wrong_is_said_with_its_place_and_nothing_is_written(name, text, code, fragments, capsys):
    Path("right.md").write_text("is <!-- symgrad: power 2 3 --><!-- symgrad: end -->", encoding="utf-8")
    Path(name).write_text(text, encoding="utf-8")
    assert main(["weave", "right.md", name]) == code
    out, err = capsys.readouterr()
    assert out == ""
    for fragment in fragments:
        assert fragment.replace("--root", "root") in err
    assert Path(name).read_text(encoding="utf-8") == text
    assert "$" not in Path("right.md").read_text(encoding="utf-8")


def test_what_is_not_known_to_be_true_is_not_written(monkeypatch, capsys):
    import symgrad.evidence.verify
    from symgrad.evidence.evidence import Check, Evidence
    from symgrad.evidence.verdict import Verdict

    refuted = Evidence("it", (Check("tangents", Verdict.REFUTED, counterexample="at w = 1"),))
    monkeypatch.setattr(symgrad.evidence.verify, "verify", lambda *_, **__: refuted)
    text = "x\n% symgrad: chain.eq of=C wrt=b[1]\n% symgrad: end\n"
    assert woven("a.tex", text) == (1, text)
    err = capsys.readouterr().err
    assert "REFUTED" in err
    assert "a.tex, line 2" in err


def test_a_check_shows_what_is_stale_and_a_changed_equation_is(capsys):
    _, text = woven("a.tex", "% symgrad: chain.eq of=C wrt=b[1]\n% symgrad: end\n")
    assert main(["weave", "--check", "a.tex"]) == 0
    Path("chain.eq").write_text(CHAIN.replace("a[j-1]", "sin(a[j-1])"), encoding="utf-8")
    capsys.readouterr()
    assert main(["weave", "--check", "a.tex"]) == 1
    out, err = capsys.readouterr()
    assert out.startswith("--- a.tex\n+++ a.tex\n")
    assert "a.tex is stale" in err
    assert Path("a.tex").read_text(encoding="utf-8") == text
    assert main(["weave", "a.tex"]) == 0
    assert r"\cos(a_{" in Path("a.tex").read_text(encoding="utf-8")


def test_the_root_may_be_said(tmp_path):
    (tmp_path / "above.eq").write_text(CHAIN, encoding="utf-8")
    text = "% symgrad: ../above.eq of=C wrt=b[1]\n% symgrad: end\n"
    assert woven("a.tex", text)[0] == 2
    assert woven("a.tex", text, "--root", str(tmp_path))[0] == 0
    os.symlink(tmp_path / "above.eq", "link.eq")
    assert woven("a.tex", text.replace("../above", "link"))[0] == 2


def test_a_watch_weaves_again_when_an_equation_changes(monkeypatch, capsys):
    import symgrad.cli.weave as command

    Path("a.tex").write_text("% symgrad: chain.eq of=C wrt=b[1]\n% symgrad: end\n", encoding="utf-8")
    changes = iter([CHAIN.replace("a[j-1]", "sin(a[j-1])"), "z[j] = "])

    def pause(_):
        change = next(changes, None)
        if change is None:
            raise KeyboardInterrupt
        Path("chain.eq").write_text(change, encoding="utf-8")

    monkeypatch.setattr(command.time, "sleep", pause)
    assert main(["weave", "--watch", "a.tex"]) == 130
    out, err = capsys.readouterr()
    assert out == "a.tex: 1 passage, written\n" * 2
    assert "a.tex, line 1" in err
    assert r"\cos(a_{" in Path("a.tex").read_text(encoding="utf-8")


def test_a_watch_waits_for_equations_that_were_wrong_from_the_beginning(monkeypatch, capsys):
    import symgrad.cli.weave as command

    Path("chain.eq").write_text("z[j] = ", encoding="utf-8")
    Path("a.tex").write_text("% symgrad: chain.eq of=C wrt=b[1]\n% symgrad: end\n", encoding="utf-8")
    changes = iter([CHAIN])

    def pause(_):
        change = next(changes, None)
        if change is None:
            raise KeyboardInterrupt
        Path("chain.eq").write_text(change, encoding="utf-8")

    monkeypatch.setattr(command.time, "sleep", pause)
    assert main(["weave", "--watch", "a.tex"]) == 130
    out, err = capsys.readouterr()
    assert out == "a.tex: 1 passage, written\n"
    assert err.count("a.tex, line 1") == 1


COMMANDS = [
    (r"a \symgrad{chain.eq}{C}", ["a.tex, line 2", r"\symgrad is not written in full"]),
    (r"a \symgrad [label=eq:a] b", ["not written in full"]),
    (r"a \symgradnumber{0.5 10}", ["of a power or a value"]),
    (r"a \symgradfigure{chain steps=2", ["not written in full", r"\symgradfigure{rnn.eq steps=3}"]),
    (r"\symgrad[label=eq:a]{chain}{C}{b[1]} \symgrad[label=eq:a]{chain}{C}{b[2]}", ["eq:a is given on line 2 already"]),
    ("% symgrad: chain of=C wrt=b[1] label=eq:a\n% symgrad: end\n\\symgrad[label=eq:a]{chain}{C}{b[2]}", ["line 4"]),
]


@pytest.mark.parametrize(("text", "said"), COMMANDS)
def test_a_command_that_is_wrong_is_said_with_its_place(text, said, capsys):
    assert woven("a.tex", f"x\n{text}\n")[0] == 2
    err = capsys.readouterr().err
    assert [fragment for fragment in said if fragment not in err] == []


def test_a_name_that_begins_like_a_command_is_none():
    text = "\\renewcommand{\\symgradfolder}{x/}\n% \\symgrad{chain.eq}\n"
    assert woven("a.tex", text) == (0, text)


def test_the_marks_of_the_audit_and_of_weave_stand_in_one_document(tmp_path, capsys):
    path = tmp_path / "chapter.md"
    number = "<!-- symgrad: power 0.9 100 digits=3 --><!-- symgrad: end -->"
    path.write_text(
        "<!-- symgrad: chain of=C wrt=b[1] only=equation --><!-- symgrad: end -->\n\n"
        f"<!-- symgrad: skip -->\nIt is $2 + 2 = 5$.\n\nThat is {number}, and $2 + 3 = 5$.\n"
    )
    assert main(["weave", str(path)]) == 0
    assert "2 passages, written" in capsys.readouterr().out
    assert main(["audit", str(path)]) == 0
    assert "1 not checkable, 1 confirmed" in capsys.readouterr().out  # the Jacobian of a network without a mark
