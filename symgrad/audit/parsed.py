"""The parse of a formula, made once: every check, the domain and the definitions read the same."""

from __future__ import annotations

from functools import lru_cache

from symgrad.reading.chain import chains
from symgrad.reading.reading import Reading
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Chain

Parse = tuple[tuple[Chain, ...], frozenset[str]]
"""The chains of relations of a formula, and what is ambiguous in it."""
USUAL = Reading()
KEPT = 4096


@lru_cache(maxsize=KEPT)
def parsed(text: str, reading: Reading = USUAL) -> Parse | str:
    """Return the parse of a formula in a reading, or why it has none.

    >>> found = parsed("2 + 2 = 4")
    >>> parsed("2 + 2 = 4") is found
    True
    """
    try:
        return chains(text, reading)
    except NotUnderstoodError as error:
        return str(error)


def chains_of(text: str) -> tuple[Chain, ...]:
    """Return the chains of a formula in the usual reading; none where it is not understood."""
    found = parsed(text)
    return () if isinstance(found, str) else found[0]
