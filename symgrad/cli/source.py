"""Where a command finds its model: a built-in one by its name, a file by its path, "-" standard input."""

from __future__ import annotations

import sys
from pathlib import Path

from symgrad.api.model import Model, model, models, parse, read
from symgrad.errors import ReadError, UnknownName
from symgrad.network.read import LARGEST_FILE, decoded


def find_model(name: str) -> Model:
    """Return the model that an argument names; ``./chain`` is a file even though ``chain`` is built in.

    Raises UnknownName with the nearest built-in model, or ReadError for a file that is not one.
    """
    if name == "-":
        if sys.stdin is None:
            raise ReadError("standard input is closed", todo="pipe the equations in, or give a file")
        return parse(decoded(sys.stdin.buffer.read(LARGEST_FILE + 1), "standard input"), "standard input")
    if name in models():
        return model(name)
    if name.isidentifier() and not Path(name).exists():
        raise UnknownName("model", name, models(), where="a file is given by its path, such as my_network.eq")
    return read(name)
