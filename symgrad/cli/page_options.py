"""The options that say what of a page is written, and how its equations are set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from symgrad.export.page_options import ONLY
from symgrad.export.setting import ENVIRONMENTS, LABELS

C = TypeVar("C", bound=Callable[..., Any])


_OPTIONS = (
    click.option(
        "--only",
        type=click.Choice(ONLY),
        help="Write a part of the page: the equation, its right side, what the names in it stand for, the backward "
        "equations, or the equations of the steps.",
    ),
    click.option(
        "--label",
        default="",
        metavar="LABEL",
        help="Name the equations: eq:jac, and those after it eq:jac-2, eq:jac-3 and so on.",
    ),
    click.option(
        "--env",
        type=click.Choice(ENVIRONMENTS),
        help="What equations stand in: one equation each, align, gather, or nothing at all.",
    ),
    click.option(
        "--labels", type=click.Choice(LABELS), help="How labels are written, where that is not as usual in the format."
    ),
    click.option(
        "--macros",
        is_flag=True,
        help="With --format latex: begin with the \\newcommand lines of the notation's commands.",
    ),
)


def page_options(command: C) -> C:
    """Give a command the options that say what of a page is written, and how its equations are set."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
