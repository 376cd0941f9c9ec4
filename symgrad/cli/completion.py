"""What the shell offers for an argument: names of models, notations and functions, and the files beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import click

Complete = Callable[["click.Context", "click.Parameter", str], list[Any]]


def names(known: Callable[[], Iterable[str]], files: bool = False) -> Complete:
    """Return a completion by the names that begin as the word does, and by files where no name does."""

    def complete(_: click.Context, __: click.Parameter, word: str) -> list[Any]:
        from click.shell_completion import CompletionItem

        found = [name for name in sorted(known()) if name.startswith(word)]
        return found or ([CompletionItem(word, type="file")] if files else [])

    return complete


def _models() -> Iterable[str]:
    from symgrad.api.model import models

    return models()


def _notations() -> Iterable[str]:
    from symgrad.export.notation import NOTATIONS

    return NOTATIONS


def _activations() -> Iterable[str]:
    from symgrad.ops.elementwise import ELEMENTWISE

    return ELEMENTWISE


def _losses() -> Iterable[str]:
    from symgrad.ops.loss import LOSSES

    return LOSSES


model, notation = names(_models, files=True), names(_notations, files=True)
activation, loss = names(_activations), names(_losses)


def quantity(context: click.Context, _: click.Parameter, word: str) -> list[str]:
    """Return the quantities of the model that the command names, an indexed one as it is asked for: b[1], a[L]."""
    from symgrad.api.model import model as built_in
    from symgrad.api.model import read
    from symgrad.errors import SymgradError

    name = str(context.params.get("model") or next(iter(context.args), ""))  # an option without its value stops click
    try:
        found = built_in(name) if name in _models() else read(name)
    except (OSError, SymgradError):
        return []
    places = ("[1]", f"[{found.depth_symbol}]")
    spelled = (n + p for n, indices in found.names.items() for p in (places if indices == 1 else ("",)))
    return [q for q in spelled if q.startswith(word)]
