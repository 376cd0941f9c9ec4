"""What a worker does: one file for each kind of request, found by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from symgrad.errors import UnknownName

Task = Callable[[Mapping[str, Any], float], Any]
"""From the fields of a request, and the seconds that are allowed, to a record that JSON has."""

TASKS = ("model", "answer", "steps", "copy", "bound", "size", "audit")
"""The task ``model`` is the function ``task`` of ``symgrad.serve.tasks.model``."""


SECONDS = 60.0
"""That a worker may take to prepare each task."""


def find_task(name: str) -> Task:
    """Return the task of this name. Raises UnknownName."""
    if name not in TASKS:
        raise UnknownName("task", name, TASKS)
    found: Task = import_module(f"symgrad.serve.tasks.{name}").task
    return found


def prepare() -> None:
    """Do each task once on something small, so that nothing is left to be loaded when a user asks."""
    question = {"model": "chain", "of": "C", "wrt": ["b[1]"], "functions": {"sigma": "tanh"}}
    matrices = {"model": "mlp", "of": "C", "wrt": ["W[1]"]}
    for name, fields in (
        ("model", {"model": "chain"}),
        ("answer", question),
        ("answer", matrices),
        ("steps", question),
        ("copy", {**question, "format": "latex"}),
        ("bound", question),
        ("size", {"activation": "tanh"}),
        ("audit", {"text": r"With $0.5^{10} = 9.8 \cdot 10^{-4}$."}),
    ):
        find_task(name)(fields, SECONDS)
