"""The menus of a model: what can be derived, by what, which functions are open, and what each name was taken for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Index
from symgrad.api.model import Model, model, parse
from symgrad.errors import ReadError
from symgrad.network.functions import opaque
from symgrad.serve.fields import Fields, text
from symgrad.serve.limits import LONGEST_EQUATIONS, Limits

OTHER_LETTERS = "kmpqr"
"""Letters of an earlier step, the first that the model does not use."""


def found_model(fields: Fields) -> Model:
    """Return the model that a request names, or whose equations it holds."""
    if equations := text(fields, "equations", longest=LONGEST_EQUATIONS):
        return parse(equations)
    if name := text(fields, "model"):
        return model(name)
    raise ReadError("there are no equations", todo="write some, such as C = sin(x*y), or choose a model")


def task(fields: Fields, seconds: float = Limits.seconds) -> dict[str, Any]:
    """Return the menus of a model.

    >>> menus = task({"model": "chain"})
    >>> menus["of"], menus["wrt"][:3], menus["depth"]
    (['C', 'a[L]', 'z[L]', 'a[j]', 'z[j]'], ['w[1]', 'w[j]', 'b[1]'], 'L')
    """
    found = found_model(fields)
    functions = opaque(found)
    of, wrt = list(dict.fromkeys(_of(found))), list(dict.fromkeys(_wrt(found)))
    return {
        "equations": found.text,
        "of": of,
        "wrt": wrt,
        "numbers": [x for x in of if x in {str(e.target) for e in found.equations if not found.shape(e.target)}],
        "names": list(dict.fromkeys(q.name for q in found.parameters)),
        "depth": ", ".join(found.depths) or (found.depth_symbol if found.steps else ""),
        "functions": [{"name": op.name, "kind": op.kind} for op in functions.values()],
        "meanings": [str(m) for m in found.meanings()],
        "notes": list(found.notes),
    }


def _of(found: Model) -> Iterator[str]:
    """Yield what can be derived: results, what the last step defines, and any step."""
    targets = [e.target for e in reversed(found.equations)]
    yield from (str(q) for q in targets if not q.indices and not found.shape(q))
    yield from (str(q) for q in targets if not q.indices)
    yield from (_at(q, found.depth_symbol) for q in targets if isinstance(q.index, Index))
    yield from (str(q) for q in targets if q.indices and not isinstance(q.index, int))


def _wrt(found: Model) -> Iterator[str]:
    """Yield by what: parameters, of the first layer and of any, boundary values, and what a step defines."""
    for q in found.parameters:
        if isinstance(q.index, Index) and not q.further:
            yield _at(q, "1")
        yield str(q)
    used = {found.symbol, found.depth_symbol, *found.names}
    other = next((c for c in OTHER_LETTERS if c not in used), found.symbol)
    for e in reversed(found.equations):
        if isinstance(e.target.index, Index):
            yield _at(e.target, other)
            yield _at(e.target, "1")
        elif e.target.indices:
            yield str(e.target)


def _at(q: Quantity, index: str) -> str:
    return f"{q.name}[{index}]"
