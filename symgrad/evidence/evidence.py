"""Evidence: the record of every comparison that was made for one claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from symgrad.evidence.verdict import Verdict


@dataclass(frozen=True)
class Check:
    """One comparison: how it was made, with what precision, at how many points, and what came out.

    required: where this check does not pass, neither does the claim, however strong the other checks are.
    of_page: the check compares a page with the claim, and so does not make the claim any truer.
    """

    method: str
    verdict: Verdict
    detail: str = ""
    arithmetic: str = ""
    seed: int | None = None
    points: int = 0
    counterexample: str = ""
    required: bool = False
    of_page: bool = False

    def record(self) -> dict[str, Any]:
        """Return the check as plain data, for JSON."""
        return {**asdict(self), "verdict": str(self.verdict)}

    @property
    def circumstances(self) -> str:
        """How the comparison was made: "depth 4; balls of 60 digits; seed 0"."""
        parts = [self.detail, self.arithmetic, f"seed {self.seed}" if self.seed is not None else ""]
        return "; ".join(p for p in parts if p)

    def __str__(self) -> str:
        counterexample = f"counterexample {self.counterexample}" if self.counterexample else ""
        said = "; ".join(p for p in (self.circumstances, counterexample) if p)
        return f"{self.method} {self.verdict}" + (f" ({said})" if said else "")


@dataclass(frozen=True)
class Evidence:
    """The checks of one claim."""

    claim: str
    checks: tuple[Check, ...]

    @property
    def verdict(self) -> Verdict:
        """REFUTED if any check refutes, UNKNOWN if one that is required is; else what the strongest says."""
        verdicts = [c.verdict for c in self.checks]
        if Verdict.REFUTED in verdicts:
            return Verdict.REFUTED
        if any(c.required and c.verdict is Verdict.UNKNOWN for c in self.checks):
            return Verdict.UNKNOWN
        return max((c.verdict for c in self.checks if not c.of_page), default=Verdict.UNKNOWN)

    @property
    def points(self) -> int:
        """At how many points the claim was compared, where it holds at points alone."""
        if self.verdict is not Verdict.SAMPLED:
            return 0
        return max((c.points for c in self.checks if c.verdict is Verdict.SAMPLED and not c.of_page), default=0)

    @property
    def counterexample(self) -> str:
        """The first counterexample, or an empty text."""
        return next((c.counterexample for c in self.checks if c.counterexample), "")

    def __str__(self) -> str:
        return "\n".join([f"{self.verdict}: {self.claim}", *map(_line, self.checks)])

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))


def _line(c: Check) -> str:
    shown = f"  {c.verdict!s:<8} {c.method}" + (f" ({c.circumstances})" if c.circumstances else "")
    return shown + (f"\n           counterexample: {c.counterexample}" if c.counterexample else "")


def least(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the verdict of a whole: that of its weakest part."""
    return min(verdicts, default=Verdict.UNKNOWN)
