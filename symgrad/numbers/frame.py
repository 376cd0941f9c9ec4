"""Tables of numbers for pandas, which is asked for only here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from symgrad.errors import SymgradError

if TYPE_CHECKING:
    import pandas


def frame(rows: Iterable[Mapping[str, Any]]) -> pandas.DataFrame:
    """Return rows as a DataFrame, whole numbers as whole numbers where some are missing too.

    Raises SymgradError where pandas is not installed.

    >>> rows = {"depth": 28, "lost": None, "size": 1.0}, {"depth": 219, "lost": 3, "size": 2.0}
    >>> frame(rows).dtypes.map(str).to_list()
    ['Int64', 'Int64', 'float64']
    """
    try:
        import pandas
    except ImportError:
        raise SymgradError("tables of numbers need pandas", todo="pip install 'symgrad[tables]'") from None
    records = [dict(row) for row in rows]
    found = pandas.DataFrame(records)
    whole = [name for name in found.columns if _is_whole([r.get(name) for r in records])]
    return found.astype(dict.fromkeys(whole, "Int64"))


def _is_whole(column: list[Any]) -> bool:
    """Tell whether a column holds whole numbers that fit, and nothing else but gaps; a float is none, 2.0 either."""
    known = [x for x in column if x is not None]
    return bool(known) and all(type(x) is int and abs(x) < 2**53 for x in known)
