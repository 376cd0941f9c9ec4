"""Results as files: a CSV table of the numbers, and JSON with these and all that is needed to repeat them."""

from __future__ import annotations

import csv
import io
import json
import platform
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symgrad.errors import DataError
from symgrad.experiments.data import Data
from symgrad.experiments.learning_speed import LearningSpeed
from symgrad.experiments.propagation import Propagation
from symgrad.experiments.training import Accuracy, Training
from symgrad.experiments.training_seeds import AccuracySeeds, TrainingSeeds
from symgrad.files import read_at_most, write_whole

if TYPE_CHECKING:
    import pandas

Result = LearningSpeed | Training | TrainingSeeds | Accuracy | AccuracySeeds | Sequence[Propagation]
LARGEST = 2**28
"""Bytes of a table or of a record that are read."""
Rows = list[list[Any]]
"""A table: the first row has the names of the columns."""


def table(result: Result) -> Rows:
    """Return the numbers of a result, one measurement a row.

    >>> import symgrad as sg
    >>> table(sg.experiments.train((30,), epochs=2))[0]
    ['epoch', 'cost', 'speed_1']
    """
    match result:
        case LearningSpeed():
            head, body = ["hidden", "initialisation", "cost", "seed", "layer", "speed"], _starts(result)
        case Training():
            head, body = _epochs_head(result), _epochs(result)
        case TrainingSeeds():
            head = ["seed", *_epochs_head(result)]
            body = ([run.seed, *row] for run in result.runs for row in _epochs(run))
        case Accuracy():
            head, body = ["epoch", "accuracy"], _by_epoch(result)
        case AccuracySeeds():
            head = ["seed", "epoch", "accuracy"]
            body = ([run.seed, *row] for run in result.runs for row in _by_epoch(run))
        case _:
            head, body = ["activation", "weight_variance", "bias_variance", "seed", "layer", "norm"], _norms(result)
    return [list(head), *body]


def to_frame(result: Result) -> pandas.DataFrame:
    """Return the numbers of a result as a table, one measurement a row; needs pandas.

    >>> import symgrad as sg
    >>> list(to_frame(sg.experiments.train((30,), epochs=2)).columns)
    ['epoch', 'cost', 'speed_1']
    """
    from symgrad.numbers.frame import frame

    head, *body = table(result)
    return frame(dict(zip(head, row, strict=True)) for row in body)


def _epochs_head(found: Training | TrainingSeeds) -> list[str]:
    return ["epoch", "cost", *[f"speed_{k + 1}" for k in range(len(found.hidden))]]


def _epochs(run: Training) -> Iterator[list[Any]]:
    return ([k, c, *v] for k, (c, v) in enumerate(zip(run.costs, run.speeds, strict=True)))


def _by_epoch(run: Accuracy) -> Iterator[list[Any]]:
    return ([k, x] for k, x in enumerate(run.accuracies, start=1))


def _starts(found: LearningSpeed) -> Iterator[list[Any]]:
    for s in found.spreads:
        hidden = str(list(s.setting.hidden))
        for seed, norms in zip(s.seeds, s.norms.tolist(), strict=True):
            for layer, norm in enumerate(norms, start=1):
                yield [hidden, s.setting.initialisation, s.setting.cost, seed, layer, norm]


def _norms(found: Sequence[Propagation]) -> Iterator[list[Any]]:
    for p in found:
        at = p.prediction
        for seed, norms in zip(p.seeds, p.norms.tolist(), strict=True):
            for layer, norm in enumerate(norms, start=1):
                yield [at.activation, at.weight_variance, at.bias_variance, seed, layer, norm]


_OF_ONE_RUN = ("slowdown", "bias_gradients_at_the_start", "versions", "columns", "rows")


def record(result: Result) -> dict[str, Any]:
    """Return a result for JSON: what was measured, its options, the digest of the data, versions, and the numbers."""
    match result:
        case LearningSpeed():
            seeds = result.spreads[0].seeds if result.spreads else ()
            said: dict[str, Any] = {
                "experiment": "speed at the start",
                "options": {"seed": min(seeds, default=None), "seeds": len(seeds)},
                "data": _data(result.data),
                "complete": result.complete,
                "nearest_to_the_chapter": result.nearest,
                "summary": [
                    {
                        **asdict(s.setting),
                        "median": s.median,
                        "5%": s.quantile(0.05),
                        "95%": s.quantile(0.95),
                        "chapter": s.chapter,
                    }
                    for s in result.spreads
                ],
            }
        case Training():
            said = {
                "experiment": "speed in training",
                "options": _options(result, "hidden", "initialisation", "cost", "seed", "rate", "decay"),
                "data": _data(result.data),
                "complete": result.complete,
                "slowdown": result.slowdown,
                "bias_gradients_at_the_start": result.start,
            }
        case TrainingSeeds():
            said = {
                **{k: v for k, v in record(result.runs[0]).items() if k not in _OF_ONE_RUN},
                "complete": result.complete,
                "seeds": [
                    {"seed": run.seed, "slowdown": run.slowdown, "bias_gradients_at_the_start": run.start}
                    for run in result.runs
                ],
            }
        case Accuracy():
            names = ("hidden", "initialisation", "cost", "seed", "rate", "decay", "batch", "images", "validation")
            said = {
                "experiment": "accuracy",
                "options": _options(result, *names),
                "data": _data(result.data),
                "complete": result.complete,
            }
        case AccuracySeeds():
            said = {
                **{k: v for k, v in record(result.runs[0]).items() if k not in _OF_ONE_RUN},
                "complete": result.complete,
                "seeds": [run.seed for run in result.runs],
            }
        case _:
            said = {
                "experiment": "propagation",
                "options": {"width": result[0].width, "seeds": result[0].seeds} if result else {},
                "summary": [{**asdict(p.prediction), "measured_rate": p.rate} for p in result],
            }
    columns, *rows = table(result)
    versions = {name: version(name) for name in ("symgrad", "numpy")} | {"python": platform.python_version()}
    return {**said, "versions": versions, "columns": columns, "rows": rows}


def _options(result: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(result, name) for name in names}


def _data(data: Data) -> dict[str, Any]:
    return {"name": data.name, "images": len(data), "pixels": data.images.shape[1], "sha256": data.digest}


def save(result: Result, stem: Path) -> list[Path]:
    """Write STEM.csv and STEM.json, and return their paths. Raises SymgradError where they cannot be written."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(table(result))
    files = {
        stem.with_name(stem.name + ".csv"): text.getvalue(),
        stem.with_name(stem.name + ".json"): json.dumps(record(result), indent=1, ensure_ascii=False) + "\n",
    }
    for path, content in files.items():
        write_whole(path, content, todo="name another directory")
    return list(files)


def read_table(path: Path) -> Rows:
    """Return the table of a CSV or a JSON file that ``save`` wrote, with its numbers as they were: no digit is lost.

    Raises DataError for a file that is no such table.
    """
    try:
        if path.suffix == ".json":
            told = json.loads(read_at_most(path, LARGEST))
            return [told["columns"], *told["rows"]]
        head, *rows = csv.reader(read_at_most(path, LARGEST).decode().splitlines())
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path.name} is no table of an experiment: {error}", str(path), "name another file") from None
    return [head, *[[_number(x) for x in row] for row in rows]]


def _number(text: str) -> Any:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
