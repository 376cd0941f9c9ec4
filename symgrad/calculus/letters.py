"""What letters run through that stand in sums of letters only, as the k of ∂y_i/∂x_{i+k-1}."""

from __future__ import annotations

from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Affine, Index, symbols
from symgrad.algebra.span import Span
from symgrad.errors import IndexRangeError
from symgrad.network.network import Network


def letters_in_sums(network: Network, *asked: Quantity) -> dict[str, Span]:
    """Return the ranges of the letters of what is asked for that stand in no index alone.

    Raises IndexRangeError for a letter of which nothing says its range.
    """
    plain = {p.symbol for q in asked for p in q.indices if isinstance(p, Index)}
    letters = {s for q in asked for p in q.further if isinstance(p, Affine) for s in symbols((p,))} - plain
    ends = {s for span in network.ranges.values() for s in span.free}
    for letter in sorted(letters - network.ranges.keys() - ends):
        raise IndexRangeError(
            f"nothing says what {letter} runs through in {' and '.join(map(str, asked))}",
            todo=f"write one of the letters {', '.join(sorted(network.ranges))}, or a number",
        )
    return {s: network.ranges[s] for s in sorted(letters & network.ranges.keys())}
