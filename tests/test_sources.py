"""docs/sources.md: every place that it names exists, and its verdicts are those that the checks give.

python tests/test_sources.py    writes the verdicts anew
"""

import re
import shlex
from functools import cache
from pathlib import Path

import pytest

import symgrad as sg
from symgrad.cli.main import main
from symgrad.derivation.catalogue import catalogue
from symgrad.derivation.erratum import Erratum
from symgrad.evidence.evidence import least
from symgrad.export.figure import figure_svg

PAGE = Path(__file__).parents[1] / "docs" / "sources.md"
ENTRIES = catalogue()
NOTHING = "–"
WRONG = "printed wrongly"


def rows():
    """Yield each row of the tables as its cells."""
    for line in PAGE.read_text("utf-8").splitlines():
        cells = [c.strip() for c in line.strip("|").split(" | ")]
        if line.startswith("| ") and cells[0] != "in the document":
            yield [c.strip(" |") for c in (cells if len(cells) == 4 else [*cells, ""])]


ROWS = list(rows())
PLACES = sorted({place for _, _, here, _ in ROWS for place in re.findall("`([^`]+)`", here)})
COMMANDS = [p for p in PLACES if p.startswith("symgrad ")]
STEPS = [p for p in PLACES if not p.startswith("symgrad ")]


@cache
def built(name):
    return ENTRIES[name].derivation()


@cache
def checked(name):
    return built(name).checked()


def find(place):
    """Return what a place names: the numbers of steps, a figure or an erratum."""
    name, _, what = place.partition(": ")
    derivation = built(name)
    kind, _, which = what.partition(" ")
    if kind == "figure":
        return next((f for f in derivation.figures if f.name == which), None)
    if kind == "erratum":
        return derivation.errata[int(which) - 1] if 1 <= int(which) <= len(derivation.errata) else None
    if kind == "label":
        return [n for n, s in enumerate(derivation.steps, 1) if s.label == which]
    return [n for n, s in enumerate(derivation.steps, 1) if str(s.claim) == what]


def verdict(here):
    """Return what the last column says of the places of a row."""
    places = re.findall("`([^`]+)`", here)
    found = [(p.partition(":")[0], find(p)) for p in places if not p.startswith("symgrad ")]
    said = [WRONG] if any(isinstance(x, Erratum) for _, x in found) else []
    steps = [checked(name).verdict_of(n) for name, x in found if isinstance(x, list) for n in x]
    said += [str(least(steps))] if steps else []
    measured = any(name == "learning-speed" and not isinstance(x, list) for name, x in found)
    drawn = any(not isinstance(x, list | Erratum) for _, x in found)
    said += ["measured"] if measured else ["drawn"] if drawn and not said else []
    return ", ".join(said) or NOTHING


@pytest.mark.parametrize("place", STEPS)
def test_a_place_exists(place):
    found = find(place)
    assert found, place
    if isinstance(found, list | Erratum | sg.Table | sg.Program):
        return
    assert "<svg" in figure_svg(found)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_runs(command, capsys, monkeypatch):
    words = shlex.split(command)[1:]
    if words[0] in ("maximise", "minimise"):
        words.append("--no-opinions")
    if words[0] == "experiment":  # it takes minutes: its options are read, and it is not run
        from symgrad.cli.experiment import command as group

        group.commands[words[1]].make_context(words[1], words[2:])
    else:
        assert main(words) == 0
        assert capsys.readouterr().out


def test_every_number_of_an_equation_and_every_figure_with_a_number_has_a_row():
    numbered = " ".join(first for first, *_ in ROWS)
    assert [n for n in range(114, 124) if f"({n})" not in numbered] == []
    assert all(name in numbered for name in ("Fig. 1", "Fig. 2", "table 1", "table 2", "problem (1)", "problem (3)"))


@pytest.mark.parametrize("name", ["chain", "rnn", "deep-linear", "window", "identity-neuron", "activations"])
def test_every_erratum_has_a_row(name):
    named = {p for p in PLACES if p.startswith(f"{name}: erratum ")}
    assert named == {f"{name}: erratum {n}" for n in range(1, len(built(name).errata) + 1)}


def test_a_row_says_that_it_is_wrong_where_it_is():
    for _, _, here, said in ROWS:
        assert said, here
        assert (WRONG in said) == (": erratum " in here)
        assert (said == NOTHING) == ("not treated" in here)


@pytest.mark.long
def test_the_verdicts_are_those_of_the_checks():
    assert [(here, said) for _, _, here, said in ROWS if verdict(here) != said] == []


def rewrite():
    """Write the verdicts anew."""
    lines = []
    for line in PAGE.read_text("utf-8").splitlines():
        if line.startswith("| ") and not line.startswith("| in the document"):
            first, said, here = [c.strip(" |") for c in line.split(" | ")][:3]
            line = f"| {first} | {said} | {here} | {verdict(here)} |"
        lines.append(line)
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    rewrite()
