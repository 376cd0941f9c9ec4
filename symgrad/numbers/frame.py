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

    >>> frame([{"depth": 28, "lost": None}, {"depth": 219, "lost": 3}]).dtypes.map(str).to_list()
    ['Int64', 'Int64']
    """
    try:
        import pandas
    except ImportError:
        raise SymgradError("tables of numbers need pandas", todo="pip install 'symgrad[tables]'") from None
    found = pandas.DataFrame([dict(row) for row in rows])
    whole = [name for name in found.columns if _is_whole(found[name].tolist())]
    return found.astype(dict.fromkeys(whole, "Int64"))


def _is_whole(column: list[Any]) -> bool:
    """Tell whether a column holds whole numbers that fit, and nothing else but gaps."""
    known = [x for x in column if x is not None and x == x]
    return bool(known) and all(_number(x) and abs(x) < 2**53 for x in known)


def _number(x: Any) -> bool:
    return type(x) is int or (type(x) is float and x.is_integer())
