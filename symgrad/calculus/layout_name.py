"""The two layouts of a Jacobian, by name."""

from __future__ import annotations

from symgrad.errors import UnknownName

LAYOUTS = ("numerator", "denominator")


def check_layout(layout: str) -> str:
    """Return the layout, or raise UnknownName."""
    if layout not in LAYOUTS:
        raise UnknownName("layout", layout, LAYOUTS)
    return layout
