"""Options that several commands have: which model and how it is bound, and where the output goes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click

from symgrad.calculus.layout_name import LAYOUTS

C = TypeVar("C", bound=Callable[..., Any])


def completed(by: str) -> Callable[[click.Context, click.Parameter, str], list[Any]]:
    """Return a completion by its name in ``completion``, which is loaded when a shell asks."""

    def complete(context: click.Context, parameter: click.Parameter, word: str) -> list[Any]:
        from symgrad.cli import completion

        found: list[Any] = getattr(completion, by)(context, parameter, word)
        return found

    return complete


def _depth(_: click.Context, __: click.Parameter, value: str | None) -> int | None:
    """Return the number of layers, or fail with what a depth is."""
    if value is None:
        return None
    try:
        depth = int(value)
    except ValueError:
        depth = 0
    if depth < 1:
        raise click.BadParameter(f"{value!r} is not a depth: give a whole number of layers, 1 or more.")
    return depth


def _bindings(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """Return the functions and the records that they are bound to, {"sigma": "tanh"}."""
    bindings: dict[str, str] = {}
    for value in values:
        name, _equals, record = (part.strip() for part in value.partition("="))
        if not (name and record):
            raise click.BadParameter(f"{value!r} does not bind a function: write it as sigma=tanh.")
        if name in bindings:
            raise click.BadParameter(f"{name} is bound twice, to {bindings[name]} and to {record}.")
        bindings[name] = record
    return bindings


def _file(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Return the path of a file, or None for standard output, which - is too."""
    return None if value == "-" else value


_ARGUMENT = click.argument("model", shell_complete=completed("model"))
_OPTION = click.option(
    "--model",
    required=True,
    metavar="NAME|FILE",
    shell_complete=completed("model"),
    help="A built-in model, a file of equations, or - for standard input.",
)
_BINDINGS = (
    click.option(
        "--activation",
        metavar="NAME|FORMULA",
        shell_complete=completed("activation"),
        help="Bind the opaque activation: tanh, 'leaky_relu(0.2)', or a formula, 'z*tanh(softplus(z))'.",
    ),
    click.option(
        "--cost", metavar="NAME", shell_complete=completed("loss"), help="Bind the opaque cost or loss: quadratic."
    ),
    click.option(
        "--function",
        "functions",
        multiple=True,
        callback=_bindings,
        metavar="NAME=NAME|FORMULA",
        help="Bind one function: sigma=tanh. Can be given several times.",
    ),
    click.option(
        "--let",
        "forms",
        multiple=True,
        metavar="FORM",
        help="Replace a parameter: 'W[l] = 1.5*I'. Can be given several times.",
    ),
)


def model_options(command: C) -> C:
    """Give a command the argument MODEL and the options that bind it; it is called with the ``model``."""
    return _with_model(command, _ARGUMENT)


def model_option(command: C) -> C:
    """Give a command the option --model and the options that bind it; it is called with the ``model``."""
    return _with_model(command, _OPTION)


def _with_model(command: C, how: Callable[[Any], Any]) -> C:

    @wraps(command)
    def with_model(
        model: str,
        activation: str | None,
        cost: str | None,
        functions: dict[str, str],
        forms: tuple[str, ...],
        **others: Any,
    ) -> Any:
        from symgrad.cli.source import find_model
        from symgrad.desk.question import bound

        return command(model=bound(find_model(model), functions, activation, cost, forms), **others)

    for option in reversed((how, *_BINDINGS)):
        option(with_model)
    return with_model  # type: ignore[return-value]  # the command's own arguments, and those above


depth_option = click.option(
    "--depth",
    callback=_depth,
    metavar="N",
    help="Number of layers, or of time steps. Without it the depth is symbolic.",
)
layout_option = click.option(
    "--layout", type=click.Choice(LAYOUTS), default=LAYOUTS[0], show_default=True, help="How Jacobians are arranged."
)
notation_option = click.option(
    "--notation",
    default="nielsen",
    show_default=True,
    metavar="NAME|FILE",
    shell_complete=completed("notation"),
    help="How the page writes indices and names, as symgrad notation list shows, or a TOML file, mybook.toml.",
)
output_option = click.option("-o", "--output", metavar="FILE", callback=_file, help="Write to a file: -o gradient.md.")
