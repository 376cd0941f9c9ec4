"""A row of the table: what was measured, what was to be reached, and what was."""

from dataclasses import dataclass

from .pairs import Pairs


@dataclass(frozen=True)
class Row:
    """One measurement beside a peer; ``reach`` is the least ratio that is wanted, None where none is."""

    what: str
    peer: str
    pairs: Pairs
    reach: float | None = None
    inverse: bool = False
    """Is the ratio ours / peer, and ``reach`` the largest that is allowed?"""

    def markdown(self) -> str:
        """Return the row of the table."""
        ours, peer = (shown(sorted(times)[len(times) // 2]) for times in (self.pairs.ours, self.pairs.peer))
        low, high = self.pairs.spread
        ratio = self.pairs.ratio
        if self.inverse:
            ratio, low, high = 1 / ratio, 1 / high, 1 / low
        wanted = "" if self.reach is None else f"{'at most' if self.inverse else 'at least'} {self.reach:g}"
        met = self.reach is None or (ratio <= self.reach if self.inverse else ratio >= self.reach)
        found = f"{figure(ratio)} ({figure(low)} to {figure(high)})"
        return f"| {self.what} | {self.peer} | {ours} | {peer} | {found} | {wanted} | {_said(self.reach, met)} |"


HEAD = (
    "| what | against | ours | theirs | ratio (quartiles) | to reach | |\n"
    "| --- | --- | ---: | ---: | ---: | ---: | --- |"
)


def _said(reach: float | None, met: bool) -> str:
    return "" if reach is None else "reached" if met else "**not reached**"


def figure(x: float) -> str:
    """Return a number in two or three digits."""
    return f"{x:,.0f}" if x >= 100 else f"{x:.1f}" if x >= 10 else f"{x:.2f}"


def shown(s: float) -> str:
    """Return seconds as a person says them."""
    return f"{s:.2f} s" if s >= 1 else f"{s * 1e3:.1f} ms" if s >= 1e-3 else f"{s * 1e6:.0f} µs"
