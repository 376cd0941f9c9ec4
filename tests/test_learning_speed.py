"""The book's chapter on learning speeds: every number of it is that of the file of results, whose digest is right."""

import hashlib
import json
import re
from pathlib import Path

import numpy as np
import pytest

import symgrad as sg
from derivations import learning_speed
from symgrad.cli.main import main
from symgrad.errors import DataError
from symgrad.experiments import chapter
from symgrad.experiments.mnist import cache_folder, damaged
from symgrad.experiments.summary import digest, read_summary, summarise

FOUND = json.loads(learning_speed.MEASURED.read_text("utf-8"))
DERIVATION = learning_speed.ENTRY.derivation()
FIGURES = {f.name: f for f in DERIVATION.figures}


def test_the_digest_is_that_of_the_file():
    rest = {name: value for name, value in FOUND.items() if name != "sha256"}
    again = hashlib.sha256(json.dumps(rest, sort_keys=True, ensure_ascii=True).encode()).hexdigest()
    assert again == FOUND["sha256"] == digest(FOUND)
    assert FOUND["sha256"][:16] in FIGURES["again"].caption


def test_the_file_has_the_numbers_of_the_chapter():
    for s in FOUND["start"]["settings"]:
        assert s["chapter"] == (list(chapter.SPEEDS[tuple(s["hidden"])]) if len(s["hidden"]) > 1 else None)
    assert [tuple(a["options"]["hidden"]) for a in FOUND["accuracy"]] == list(chapter.NETWORKS)
    assert [a["chapter"] for a in FOUND["accuracy"]] == list(chapter.ACCURACIES.values())
    assert [t["chapter"] for t in FOUND["training"]] == [None, None, None, chapter.SLOWDOWN]
    assert {t["options"]["decay"] for t in FOUND["training"]} == {chapter.DECAY}
    assert {a["options"]["decay"] for a in FOUND["accuracy"]} == {chapter.BATCH_DECAY}
    assert all(t["epochs"][-1] == chapter.EPOCHS for t in FOUND["training"])


def test_the_speeds_at_the_start():
    rows = {(r[0], int(r[1])): r for r in FIGURES["start"].rows}
    assert len(rows) == 9
    for s in FOUND["start"]["settings"]:
        if (s["initialisation"], s["cost"]) == ("scaled", "cross_entropy") and len(s["hidden"]) > 1:
            for k, theirs in enumerate(chapter.SPEEDS[tuple(s["hidden"])]):
                _, _, printed, median, spread, below = rows[str(s["hidden"]), k + 1]
                assert float(printed) == theirs
                assert float(median) == float(f"{s['median'][k]:.3g}")
                assert [float(x) for x in spread.split(" to ")] == [float(f"{s[q][k]:.2g}") for q in ("5%", "95%")]
                assert below == f"{round(100 * s['below'][k])}%"


def test_the_setting_of_the_last_row_is_the_nearest():
    off = {row[:2]: (float(row[2]), float(row[3])) for row in FIGURES["settings"].rows}
    logs = [
        np.log(np.array(s["median"]) / np.array(s["chapter"]))
        for s in FOUND["start"]["settings"]
        if s["chapter"] and (s["initialisation"], s["cost"]) == ("scaled", "cross_entropy")
    ]
    nearest = off["variance 1/n_in", "cross-entropy"]
    assert nearest[0] == round(float(np.exp(np.sqrt(np.mean(np.concatenate(logs) ** 2)))), 2)
    assert nearest[1] == round(float(np.exp(np.max(np.abs(np.concatenate(logs))))), 2)
    assert min(off.values()) == nearest
    assert nearest[0] < 1.2 < 2 < sorted(off.values())[1][0]


def test_how_much_slower_the_first_layer_learns():
    rows = FIGURES["slowdowns"].rows
    trained = FOUND["training"][1:]
    assert len(rows) == len(trained) == 3
    for (network, start, end, spread, theirs), t in zip(rows, trained, strict=True):
        assert network == str([784, *t["options"]["hidden"], 10])
        assert float(start) == float(f"{t['median'][0][-1] / t['median'][0][0]:.3g}")
        assert float(end) == float(f"{np.median(t['slowdowns']):.3g}")
        bounds = [float(f"{np.quantile(t['slowdowns'], q):.3g}") for q in (0.05, 0.95)]
        assert [float(x) for x in spread.split(" to ")] == bounds
        assert theirs == ("roughly 100" if len(t["options"]["hidden"]) == 4 else "")
    low, high = (float(x) for x in rows[-1][3].split(" to "))
    assert low < chapter.SLOWDOWN < high


def test_the_figures_are_the_medians_and_the_spread():
    for t in FOUND["training"][1:]:
        plot = FIGURES[f"speed-{len(t['options']['hidden'])}"]
        for k, curve in enumerate(plot.curves):
            assert curve.points == tuple((float(e), m[k]) for e, m in zip(t["epochs"], t["median"], strict=True))
            assert [low for _, low, _ in curve.band] == [row[k] for row in t["5%"]]
            assert [high for _, _, high in curve.band] == [row[k] for row in t["95%"]]
        medians = np.array(t["median"])
        assert ("and rise again" in plot.caption) == bool((medians[-1] > 1.1 * medians.min(axis=0)).all())
        assert ("slowest throughout" in plot.caption) == bool((medians.argmin(axis=1) == 0).all())
    bars = FIGURES["neurons"].layers
    assert [list(layer) for layer in bars] == FOUND["training"][1]["bars"]
    assert [len(layer) for layer in bars] == [6, 6]
    assert sum(second > first for first, second in zip(*bars, strict=True)) > 3  # "most bars are longer"


def test_the_accuracies():
    for (network, theirs, ours), a in zip(FIGURES["accuracies"].rows, FOUND["accuracy"], strict=True):
        assert network == str([784, *a["options"]["hidden"], 10])
        assert theirs == f"{100 * a['chapter']:.2f}%"
        assert ours.split(", ") == [f"{100 * x:.2f}%" for x in a["accuracies"]]


def test_every_table_is_named_with_its_digest():
    lines = dict(reversed(line.split("  ")) for line in FIGURES["again"].session.splitlines() if "  " in line)
    parts = [FOUND["start"], *FOUND["training"], *FOUND["accuracy"]]
    assert lines == {f"mnist/{p['csv']}": p["csv_sha256"][:16] for p in parts}
    seeds = {len(t["seeds"]) for t in FOUND["training"]}
    assert f"speed --data mnist --runs {seeds.pop()} -o mnist" in FIGURES["again"].session


def test_the_steps_have_the_numbers_of_the_chapter():
    said = " ".join(str(s.claim) for s in DERIVATION.steps)
    for numbers in (*chapter.SPEEDS.values(), tuple(chapter.ACCURACIES.values())):
        assert all(re.search(rf"(?<![\d.]){n:g}(?![\d])", said) for n in (numbers[0], numbers[-1]))
    assert DERIVATION.checked().verdict.name == "PROVED"


# --- summaries --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    folder = tmp_path_factory.mktemp("measured")
    sizes = ("--hidden", "5,4", "--figures", "none", "-o", str(folder))
    quick = ("speed", "--images", "30", "--epochs", "30", "--runs", "3", "--seeds", "4", "--seed", "2")
    assert main(["experiment", *quick, *sizes]) == 0
    assert main(["experiment", "accuracy", "--epochs", "2", "--runs", "2", *sizes]) == 0
    return folder


def test_a_summary_says_what_the_tables_come_to(measured, tmp_path, capsys):
    assert main(["experiment", "summary", str(measured), "-o", str(tmp_path / "s.json")]) == 0
    found = read_summary(tmp_path / "s.json")
    assert found == summarise(measured)
    [training], [accuracy] = found["training"], found["accuracy"]
    rows = np.loadtxt(measured / "training-5-4.csv", delimiter=",", skiprows=1).reshape(3, 31, 5)
    assert training["epochs"] == [*range(21), 25, 30]
    for q, name in ((0.5, "median"), (0.05, "5%"), (0.95, "95%")):
        right = np.quantile(rows[:, training["epochs"], 3:], q, axis=0)
        assert np.allclose(training[name], right, rtol=1e-3, atol=0)
    assert np.allclose(training["slowdowns"], rows[:, -1, 4] / rows[:, -1, 3], rtol=1e-3, atol=0)
    assert (training["seeds"], accuracy["seeds"]) == ([2, 3, 4], [0, 1])
    last = np.loadtxt(measured / "accuracy-5-4.csv", delimiter=",", skiprows=1)
    assert accuracy["accuracies"] == last[last[:, 1] == 2][:, 2].tolist()
    for part in (found["start"], training, accuracy):
        assert part["csv_sha256"] == hashlib.sha256((measured / part["csv"]).read_bytes()).hexdigest()


def test_the_command_of_a_summary_measures_the_same_again(measured, tmp_path):
    for part in (summarise(measured)["training"][0], summarise(measured)["accuracy"][0]):
        words = part["command"].split()[1:]
        assert main([*words, "--figures", "none", "-o", str(tmp_path)]) == 0
        assert hashlib.sha256((tmp_path / part["csv"]).read_bytes()).hexdigest() == part["csv_sha256"]


@pytest.mark.parametrize("change", [("0.0630", "0.0631"), ('"seeds": [0', '"seeds": [1'), ("mnist", "fashion")])
def test_a_number_that_was_changed_is_found(tmp_path, change):
    old, new = change
    page = learning_speed.MEASURED.read_text("utf-8")
    assert old.rstrip("0") in page
    path = tmp_path / "mnist.json"
    path.write_text(page.replace(old.rstrip("0"), new, 1), encoding="utf-8")
    with pytest.raises(DataError, match="is not what was measured"):
        read_summary(path)


@pytest.mark.parametrize("content", ["", "[]", "{}", "no"])
def test_what_is_no_summary(tmp_path, content):
    (tmp_path / "a.json").write_text(content)
    with pytest.raises(DataError, match=r"is no summary|is not what was measured"):
        read_summary(tmp_path / "a.json")


def wrong(name, content):
    def write(folder):
        (folder / name).write_text(content)

    return write


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: [p.unlink() for p in folder.iterdir()], "there are no results"),
        (lambda folder: (folder / "training-5-4.csv").unlink(), "is no table of an experiment"),
        (wrong("start.json", "{}"), "start.json was interrupted"),
        (wrong("accuracy-5-4.json", '{"complete": true}'), "accuracy-5-4.json is no result of an experiment"),
        (
            wrong("accuracy-5-4.csv", "seed,epoch,accuracy\n0,1,0.5\n0,2,0.6\n1,1,0.5\n"),
            "is no result of an experiment",
        ),
    ],
)
def test_results_that_cannot_be_summarised(measured, tmp_path, spoil, said, capsys):
    for path in measured.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    spoil(tmp_path)
    assert main(["experiment", "summary", str(tmp_path)]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "Traceback" not in err


@pytest.mark.skipif(bool(damaged(cache_folder())), reason="MNIST was not fetched")
def test_it_is_what_mnist_gives():
    trained = FOUND["training"][3]
    run = sg.experiments.train((30,) * 4, "mnist", epochs=20, seed=0)
    assert run.data.digest == trained["data"]["sha256"]
    bars = [[float(f"{x:.4g}") for x in layer[:6]] for layer in run.start]
    assert np.allclose(bars, trained["bars"], rtol=1e-3, atol=0)
    assert Path(learning_speed.MEASURED).is_file()
