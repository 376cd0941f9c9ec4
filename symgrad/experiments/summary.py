"""What several results come to, in one file small enough to be kept: medians and spreads, and SHA-256 of every table.

A summary holds its own digest, so that a text that takes its numbers from it can say which numbers those were. The
digest of a table is that of the CSV file on the machine that measured it: other versions of NumPy, or of the library
that multiplies its matrices, may give other last digits.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from symgrad.errors import DataError
from symgrad.experiments.chapter import ACCURACIES, NETWORKS, SLOWDOWN, SPEEDS
from symgrad.experiments.results import LARGEST, Rows, read_table
from symgrad.files import read_at_most

Record = dict[str, Any]

NEURONS = 6
"""Of each layer whose bars are kept, as in the chapter."""
CLOSE, APART = 20, 5
"""The first epochs are all kept, the later ones at this distance."""
DIGITS = 4
"""Significant digits that are kept; the tables have all."""


def summarise(folder: Path) -> Record:
    """Return the summary of the results in a folder: start.json, training-*.json and accuracy-*.json with their CSV.

    Raises DataError for a folder without results, and for results that were interrupted or are of several data.
    """
    start = [_taken(_start, p) for p in sorted(folder.glob("start.json"))]
    training = [_taken(_training, p) for p in sorted(folder.glob("training-*.json"), key=_depth)]
    accuracy = [_taken(_accuracy, p) for p in sorted(folder.glob("accuracy-*.json"), key=_depth)]
    if not (start or training or accuracy):
        raise DataError("there are no results of experiments", str(folder), "name the directory that -o had")
    names = {r["data"]["name"] for r in (*start, *training, *accuracy)}
    if len(names) > 1:
        raise DataError(f"the results are of {' and of '.join(sorted(names))}", str(folder), "name a directory of one")
    said: Record = {"start": start[0] if start else None, "training": training, "accuracy": accuracy}
    return {**said, "sha256": digest(said)}


def digest(summary: Record) -> str:
    """Return SHA-256 of a summary without its own digest."""
    rest = {name: value for name, value in summary.items() if name != "sha256"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def read_summary(path: Path) -> Record:
    """Return a summary from its file. Raises DataError where it is none, or where a number in it was changed."""
    try:
        found = json.loads(read_at_most(path, LARGEST))
        if not isinstance(found, dict):
            raise ValueError("it is no object")
    except (OSError, ValueError) as error:
        raise DataError(f"{path.name} is no summary of experiments: {error}", str(path), "name another file") from None
    if found.get("sha256") != digest(found):
        raise DataError(
            f"{path.name} is not what was measured: its SHA-256 is not the one that stands in it",
            str(path),
            "write it anew: symgrad experiment summary",
        )
    return found


def _taken(part: Callable[[Path], Record], path: Path) -> Record:
    """Return the part of a summary that a file gives; DataError where its fields are not those of a result."""
    try:
        return part(path)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        what = f"{path.name} is no result of an experiment: {type(error).__name__}: {error}"
        raise DataError(what, str(path), "run the experiment again") from None


def _depth(path: Path) -> tuple[int, str]:
    return len(path.stem.split("-")), path.stem


def _read(path: Path) -> tuple[Record, Rows, Record]:
    """Return a record, its table, and what every part of a summary says of them."""
    table = path.with_suffix(".csv")
    rows = read_table(table)
    record = json.loads(path.read_text(encoding="utf-8"))
    if not record.get("complete"):
        raise DataError(f"{path.name} was interrupted", str(path), "run it again")
    sha256 = hashlib.sha256(table.read_bytes()).hexdigest()
    return (
        record,
        rows,
        {"csv": table.name, "csv_sha256": sha256, "data": record["data"], "versions": record["versions"]},
    )


def _start(path: Path) -> Record:
    record, (_, *rows), common = _read(path)
    settings = []
    for s in record["summary"]:
        name = (str(s["hidden"]), s["initialisation"], s["cost"])
        norms = [row[5] for row in rows if (row[0], row[1], row[2]) == name]
        chapter = SPEEDS.get(tuple(s["hidden"]))
        below = np.mean(np.reshape(norms, (-1, len(s["hidden"]))) < np.array(chapter), axis=0) if chapter else None
        kept = {key: _round(s[key]) for key in ("median", "5%", "95%")}
        setting = {key: s[key] for key in ("hidden", "initialisation", "cost")}
        settings.append({**setting, **kept, "chapter": chapter, "below": None if below is None else below.tolist()})
    options = record["options"]
    command = _command("speed", record, seed=options["seed"], seeds=options["seeds"], epochs=0)
    return {"command": command, **common, "seeds": options["seeds"], "settings": settings}


def _training(path: Path) -> Record:
    record, (_, *rows), common = _read(path)
    seeds, layers = record["seeds"], len(record["options"]["hidden"])
    speeds = np.reshape([row[3:] for row in rows], (len(seeds), -1, layers))
    epochs = [k for k in range(speeds.shape[1]) if k <= CLOSE or k % APART == 0]
    quantiles = {
        name: [_round(x) for x in np.quantile(speeds, q, axis=0)[epochs].tolist()]
        for name, q in (("5%", 0.05), ("median", 0.5), ("95%", 0.95))
    }
    run = {"seed": seeds[0]["seed"], "runs": len(seeds), "epochs": speeds.shape[1] - 1}
    return {
        "command": _command("speed", record, **run),
        **common,
        "options": record["options"],
        "seeds": [s["seed"] for s in seeds],
        "slowdowns": _round([s["slowdown"] for s in seeds]),
        "chapter": SLOWDOWN if tuple(record["options"]["hidden"]) == NETWORKS[-1] else None,
        "bars": [_round(layer[:NEURONS]) for layer in seeds[0]["bias_gradients_at_the_start"]],
        "epochs": epochs,
        **quantiles,
    }


def _accuracy(path: Path) -> Record:
    record, (_, *rows), common = _read(path)
    last = {row[0]: (row[1], row[2]) for row in rows}
    [epochs] = {epoch for epoch, _ in last.values()}
    run = {"seed": record["seeds"][0], "runs": len(record["seeds"]), "epochs": epochs}
    return {
        "command": _command("accuracy", record, **run),
        **common,
        "options": record["options"],
        "seeds": record["seeds"],
        "epochs": epochs,
        "accuracies": [x for _, x in last.values()],
        "chapter": ACCURACIES.get(tuple(record["options"]["hidden"])),
    }


OPTIONS = {"initialisation": "--init", "cost": "--cost", "rate": "--rate", "decay": "--decay", "batch": "--batch"}
"""Of a record that are options of a command."""
NAMES = {"MNIST": "mnist", "scikit-learn's digits (8x8)": "digits"}
"""Data that a command can name; others are in some folder."""


def _command(name: str, record: Record, **given: int) -> str:
    """Return the command that measures it again, with every option."""
    words = ["symgrad", "experiment", name, "--data", NAMES.get(record["data"]["name"], "FOLDER")]
    if name == "speed":
        words += ["--images", str(record["data"]["images"])]
    if hidden := record["options"].get("hidden"):
        words += ["--hidden", ",".join(map(str, hidden))]
    for key, option in OPTIONS.items():
        if key in record["options"]:
            words += [
                option,
                f"{record['options'][key]:g}" if key in ("rate", "decay") else str(record["options"][key]),
            ]
    for key, number in given.items():
        words += [f"--{key}", str(number)]
    return " ".join(words)


def _round(numbers: Any) -> list[Any]:
    return [None if x is None else float(f"{x:.{DIGITS}g}") for x in numbers]
