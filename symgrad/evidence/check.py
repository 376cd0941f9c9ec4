"""The table of checkers: which evidence a claim can have, by its kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from symgrad.claims.kind import ByKind, Claim
from symgrad.errors import SymgradError
from symgrad.evidence.evidence import Check, Evidence
from symgrad.evidence.verdict import Verdict


class Checker(Protocol):
    """Yields the checks of one kind of claim; the same seed gives the same checks."""

    def __call__(self, claim: Claim, seed: int, digits: int, /) -> Iterable[Check]:
        """Yield the checks of a claim."""


CHECKERS: ByKind[Checker] = ByKind("symgrad.evidence", "check")
"""The checker of each kind: the function ``check`` of the file that has its name."""


def check(claim: Claim, seed: int = 0, digits: int = 60) -> Evidence:
    """Return the evidence for a claim; the same seed gives the same evidence.

    A claim that cannot be evaluated is UNKNOWN, and says why: a number is too large to be formed, or a map that was
    read from a file does not fit its network.
    """
    try:
        return Evidence(str(claim), tuple(CHECKERS[claim.kind](claim, seed, digits)))
    except (SymgradError, ArithmeticError) as error:
        said = error.what if isinstance(error, SymgradError) else str(error)
        return _unknown(claim, f"it cannot be evaluated: {said}")
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        if not hasattr(claim, "form"):
            raise
        return _unknown(claim, f"its map does not fit the network: {type(error).__name__}: {error}")


def _unknown(claim: Claim, said: str) -> Evidence:
    return Evidence(str(claim), (Check("evaluation", Verdict.UNKNOWN, said),))
