"""Check a matrix of derivatives entry by entry."""

from __future__ import annotations

from collections.abc import Iterator

from symgrad.claims.jacobian import Jacobian
from symgrad.claims.slope import Slope
from symgrad.evidence import slope
from symgrad.evidence.evidence import Check, Evidence, least
from symgrad.evidence.verdict import Verdict

METHOD = "slope of each entry"


def check(claim: Jacobian, seed: int = 0, digits: int = 60) -> Iterator[Check]:
    """Check each entry as the slope of its formula by its variable; the whole is as well known as the weakest."""
    verdicts = []
    for (name, formula), row in zip(claim.functions, claim.entries, strict=True):
        for variable, entry in zip(claim.variables, row, strict=True):
            found = Evidence(str(claim), tuple(slope.check(Slope(formula, variable, entry), seed, digits)))
            if found.verdict is Verdict.REFUTED:
                yield Check(METHOD, Verdict.REFUTED, counterexample=f"∂{name}/∂{variable}: {found.counterexample}")
                return
            verdicts.append(found.verdict)
    yield Check(METHOD, least(verdicts), "SymPy's derivative and Taylor series at points")
