"""Results as files and figures: no digit is lost, a record says how to repeat, a figure shows the numbers."""

import json
import shutil
from dataclasses import replace
from functools import cache

import pytest

import symgrad as sg
from symgrad.errors import DataError, SymgradError, UnknownName
from symgrad.experiments.data import read_data
from symgrad.experiments.figures import FORMATS, accuracies, by_layer, neurons, save_figure, speed, spread
from symgrad.experiments.propagation import predict, propagation
from symgrad.experiments.results import read_table, record, save, table

RESULTS = {
    "start": lambda: sg.experiments.learning_speed([(4,), (5, 3)], digits(), 40, seed=7, seeds=2),
    "training": lambda: sg.experiments.train((5, 3), digits(), 40, epochs=3),
    "seeds": lambda: sg.experiments.train_seeds((5, 3), digits(), images=40, epochs=3, seed=2, seeds=3),
    "accuracy": lambda: sg.experiments.accuracy((4,), digits(), epochs=2),
    "accuracies": lambda: sg.experiments.accuracy_seeds((4,), digits(), seed=5, seeds=2, epochs=2),
    "propagation": lambda: propagation([predict("relu", 2)], 20, 3, seeds=2),
}


@cache
def digits():
    return read_data().first(40)


@cache
def found(name):
    return RESULTS[name]()


@pytest.mark.parametrize("name", RESULTS)
def test_a_file_gives_the_numbers_back(tmp_path, name):
    result = found(name)
    paths = save(result, tmp_path / f"{name}.of.digits")
    assert [p.name for p in paths] == [f"{name}.of.digits.csv", f"{name}.of.digits.json"]
    for path in paths:
        assert read_table(path) == table(result)
    assert len(table(result)) > 2


def test_the_tables_hold_the_results():
    start, training = table(found("start")), table(found("training"))
    assert start[1][:5] == ["[4]", "normal", "quadratic", 7, 1]
    assert start[1][5] == found("start").spreads[0].norms[0, 0]
    assert len(start) == 1 + 4 * 2 * (1 + 2)
    assert table(found("seeds"))[5] == [3, 0, found("seeds").runs[1].costs[0], *found("seeds").runs[1].speeds[0]]
    assert table(found("accuracies"))[3:] == [
        [6, k, x] for k, x in enumerate(found("accuracies").runs[1].accuracies, 1)
    ]
    assert training[2] == [1, found("training").costs[1], *found("training").speeds[1]]


@pytest.mark.parametrize("name", ["start", "training", "seeds", "accuracy", "accuracies"])
def test_the_record_says_how_to_repeat(name):
    said = json.loads(json.dumps(record(found(name))))
    assert said["data"] == {
        "name": digits().name,
        "images": 40,
        "pixels": 64,
        "sha256": digits().digest,
    }
    assert said["complete"] is True
    assert set(said["versions"]) == {"symgrad", "numpy", "python"}
    assert said["options"]["seed"] == {"start": 7, "seeds": 2, "accuracies": 5}.get(name, 0)


def test_a_run_is_repeated_from_its_record():
    said = record(found("training"))
    again = sg.experiments.train(data=digits(), images=40, epochs=len(said["rows"]) - 1, **said["options"])
    assert table(again)[1:] == said["rows"]


@pytest.mark.parametrize(("name", "content"), [("a.json", "{}"), ("a.json", "no"), ("a.csv", ""), ("b.csv", None)])
def test_a_file_that_is_no_table(tmp_path, name, content):
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(DataError, match="is no table of an experiment"):
        read_table(tmp_path / name)


def test_where_nothing_can_be_written(tmp_path):
    with pytest.raises(SymgradError, match="cannot write"):
        save(found("training"), tmp_path / "nowhere" / "training")
    with pytest.raises(SymgradError, match="cannot write"):
        save_figure(speed(found("training")), tmp_path / "nowhere" / "speed.svg")


# --- figures ----------------------------------------------------------------------------------------------

FIGURES = {
    "neurons": lambda: neurons(found("training")),
    "speed": lambda: speed(found("training")),
    "speed of seeds": lambda: speed(found("seeds")),
    "spread": lambda: spread(found("start").spreads[1::2]),
    "accuracies": lambda: accuracies([found("accuracies")]),
    "by layer": lambda: by_layer(found("propagation")),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_drawn_and_the_same_again(tmp_path, name):
    for k in (1, 2):
        (tmp_path / str(k)).mkdir()
        save_figure(FIGURES[name](), tmp_path / str(k) / "figure.svg")
    one, two = ((tmp_path / k / "figure.svg").read_bytes() for k in "12")
    assert one == two
    assert one.startswith(b"<?xml")


def bars(run):
    """Return the lengths of the bars on the neurons, layer by layer, from the drawing."""
    from matplotlib.figure import Figure

    axes = Figure().add_subplot()
    neurons(run)(axes)
    thick = [line.get_xdata() for line in axes.get_lines() if line.get_linewidth() == 5]
    return [x[1] - x[0] for x in thick]


def test_the_bars_are_the_gradients_of_the_first_six_neurons():
    run = replace(found("training"), start=((1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 70.0), (12.0, 3.0)))
    lengths = bars(run)
    assert len(lengths) == 8
    assert [x / lengths[6] * 12 for x in lengths] == pytest.approx([1, 2, 3, 4, 5, 6, 12, 3], rel=1e-12, abs=0)


@pytest.mark.parametrize("suffix", [f for f in FORMATS if f != "pgf"])
def test_every_format(tmp_path, suffix):
    save_figure(speed(found("training")), tmp_path / f"a.{suffix}")
    begins = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}
    assert (tmp_path / f"a.{suffix}").read_bytes().startswith(begins[suffix])


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="PGF figures are measured by LaTeX")
def test_pgf(tmp_path):
    save_figure(speed(found("training")), tmp_path / "a.pgf")
    assert r"\begin{pgfpicture}" in (tmp_path / "a.pgf").read_text()


def test_pgf_needs_latex(tmp_path, monkeypatch):
    def fails(*_, **__):
        raise RuntimeError("pdflatex not found. Install it.\nor change rcParams")  # as matplotlib has it

    monkeypatch.setattr("matplotlib.figure.Figure.savefig", fails)
    with pytest.raises(SymgradError, match="a PGF figure is measured by LaTeX, which fails: pdflatex not found"):
        save_figure(speed(found("training")), tmp_path / "a.pgf")


def test_an_unknown_format(tmp_path):
    with pytest.raises(UnknownName, match="unknown format of a figure 'gif'"):
        save_figure(speed(found("training")), tmp_path / "a.gif")
