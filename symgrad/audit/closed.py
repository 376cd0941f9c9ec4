"""Sides of a relation that are calculations without letters."""

from __future__ import annotations

from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Node
from symgrad.reading.value import UndefinedError, evaluate


def is_closed(node: Node | None) -> bool:
    """Tell whether a side is a calculation without letters.

    >>> from symgrad.reading.tree import Symbol
    >>> is_closed(Symbol("pi")), is_closed(Symbol("x"))
    (True, False)
    """
    if node is None:
        return False
    try:
        evaluate(node, {})
    except NotUnderstoodError:
        return False
    except UndefinedError:
        return True
    return True
