"""What a request may ask for: sizes, seconds, bytes, and how many wait."""

from __future__ import annotations

from dataclasses import dataclass

LARGEST_BODY = 1_500_000
"""Bytes of a request; a text that is audited may be a megabyte."""
LONGEST_EQUATIONS = 50_000
LONGEST_TEXT = 1_000_000
LONGEST_NAME = 300
"""Characters of a quantity, a binding, or a formula of an activation."""
MOST_NAMES = 64
"""Quantities that are derived by, bindings, forms."""
LONGEST_LINK = 8_000
"""Characters of a question that a link holds."""
DEEPEST = 500
"""The depth as a number; as a letter it costs nothing."""
HEADER_SECONDS = 10.0
BODY_SECONDS = 20.0
"""Seconds within which the head of a request, and then its body, must have come."""
FREE_AFTER = 400
"""Answers after which a worker is replaced: what libraries keep does not grow for ever."""
GRACE = 2.0
"""Seconds beyond its time after which a worker is ended that does not stop by itself."""


@dataclass(frozen=True)
class Limits:
    """How much work the server does at once: processes, seconds and bytes of one answer, and how many may wait."""

    workers: int = 4
    seconds: float = 20.0
    memory: int = 2**30
    waiting: int = 64
    connections: int = 200
