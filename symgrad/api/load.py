"""What was written as JSON, read again: the steps of a derivation, a gradient, backward equations."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from symgrad.api.backward import BackwardEquations
from symgrad.api.derivation import Derivation
from symgrad.api.gradient import Gradient
from symgrad.api.hessian_vector import HessianVector
from symgrad.api.model import Model
from symgrad.errors import ReadError, SymgradError
from symgrad.export.stored import LARGEST, read_json
from symgrad.files import read_at_most
from symgrad.network.read import again

Loaded = Derivation | Gradient | BackwardEquations | HessianVector
TODO = "give a file that symgrad derive ... --format json wrote, or the text of one"


def load(path: str | Path) -> Loaded:
    """Return what ``symgrad derive --format json``, ``page("json")`` or ``to_json`` wrote into a file.

    A derivation has its steps, unchecked; anything else is derived again from the equations in the file, so that no
    formula and no verdict is taken on trust. Nothing that is read is run. Raises ReadError for a file that cannot be
    read, SymgradError for one that is something else.

    >>> from tempfile import TemporaryDirectory
    >>> import symgrad as sg
    >>> g = sg.model("chain").bind("tanh").derivative("C", "b[1]", depth=3)
    >>> with TemporaryDirectory() as directory:
    ...     path = Path(directory, "gradient.json")
    ...     _ = path.write_text(g.page("json"), encoding="utf-8")
    ...     load(path) == g
    True
    """
    try:
        text = read_at_most(path, 4 * LARGEST).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror or str(error) if isinstance(error, OSError) else "it is not UTF-8"
        raise ReadError(f"cannot read {path}: {reason}", todo=TODO) from None
    return loads(text, Path(path).name)


def loads(text: str, name: str = "the text") -> Loaded:
    """Return what ``load`` does of the text of a file."""
    data = read_json(text, name)
    if not isinstance(data, dict):
        raise SymgradError(f"{name} holds no derivative and no derivation", todo=TODO)
    if "steps" in data:
        return Derivation.from_json(text)
    try:
        return _derived(data)
    except KeyError as error:
        raise SymgradError(f"{name} holds no derivative: {error} is missing", todo=TODO) from None
    except (TypeError, ValueError, RecursionError) as error:
        raise SymgradError(f"{name} holds no derivative: {type(error).__name__} {error}", todo=TODO) from None


def _derived(data: dict[str, Any]) -> Loaded:
    bindings = tuple((_text(name), _text(record)) for name, record in data["bindings"])
    equations = Model, _text(data["equations"]), _text(data["model"]), bindings, tuple(map(_text, data["forms"]))
    model, of, depth = again(equations), _text(data["of"]), data["depth"]
    if depth is not None and type(depth) is not int:
        raise ValueError(f"a depth of {str(depth)[:40]!r}")
    if "backward" in data:
        derive = model.hvp if "along" in data else model.backward
        return derive(of, tuple(map(_text, data["wrt"])), depth, _text(data["detail"]))
    wrt, layout = _text(data["wrt"]), _text(data["layout"])
    if twice := re.fullmatch("∂(.+)/∂(.+)", of):
        return model.hessian(twice[1], twice[2], wrt, layout)
    return model.derivative(of, wrt, depth, layout)


def _text(x: Any) -> str:
    if not isinstance(x, str):
        raise ValueError(f"{str(x)[:40]!r} is no text")
    return x
