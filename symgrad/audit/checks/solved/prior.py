"""The equation that the sentence before an answer ends with: "Solve x² = 4. The solutions are x = ±2"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from symgrad.audit.finding import Passage

_LAST = re.compile(
    r"(?P<words>[^$]{0,80})(?:\$\$?|\\\[|\\\(|\\begin\{equation\*?\})(?P<formula>[^$]{3,200}?)"
    r"(?:\$\$?|\\\]|\\\)|\\end\{equation\*?\})\s*[.:;]?\s*\Z"
)
_SOLVE = re.compile(
    r"\b(?:solve|solving|(?:solutions?|roots?) of|equation|löse|Gleichung|résoudre)\W*(?:\w+\W+){0,2}\Z", re.I
)


@dataclass(frozen=True)
class Prior:
    """A formula at the end of the sentence before, and whether the words there ask for its solutions."""

    formula: str
    is_to_solve: bool


def prior(passage: Passage) -> Prior | None:
    """Return the formula that ends the sentence before that of a passage; None where words stand behind it.

    >>> from symgrad.audit.finding import Place
    >>> prior(Passage("x = 2", Place("notes.md", 1), before="Solve $2x = 4$. The solution is $"))
    >>> from symgrad.audit.words.sentence import Part, Sentence
    >>> beside = Sentence((Part(" The solution is ", "x = 2"),))
    >>> prior(Passage("x = 2", Place("notes.md", 1), before="Solve $2x = 4$. The solution is ", sentence=beside))
    Prior(formula='2x = 4', is_to_solve=True)
    """
    parts = passage.sentence.parts
    if not parts or not (lead := parts[0].words.strip()):
        return None
    at = passage.before.rfind(lead.split("\n")[-1].strip())
    before = passage.before[:at].rstrip() if at > 0 else ""
    before = before.rpartition("\n\n")[2]
    if not before or before.count("$") % 2:
        return None
    found = _LAST.search(before)
    return Prior(found["formula"].strip(), bool(_SOLVE.search(found["words"]))) if found else None
