"""The probabilities of events that a text has given up to a formula, and the words about them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from symgrad.audit.chance.said.record import DOUBTED, NEW, since
from symgrad.audit.finding import Passage

FACT, WORDS, FACT_DOUBT = "probability", "probability words", "probability doubted"
"""What a passage knows: formulas that give probabilities, words about events, and why they may be others by now."""
MOST, LONGEST = 16, 300
_GIVES = re.compile(
    r"(?:P|Pr|\\Pr|\\mathbb\s*\{?\s*P\}?|\\mathrm\{P\}|\\operatorname\{P\})\s*(?:\\left|\\big[lr]?)?\s*[(\[]"
)
_EVENTS = re.compile(r"\b(?:events|Ereignisse|événements|sucesos)\b", re.IGNORECASE)
_ABOUT = re.compile(
    r"\b(?:not )?(?:independent|disjoint|mutually exclusive|incompatible|unabhängige?|disjunkte?|indépendants?|"
    r"independientes)\b",
    re.IGNORECASE,
)


class Facts:
    """What a text has said of probabilities of events."""

    def __init__(self) -> None:
        self.given: tuple[str, ...] = ()
        self.words: tuple[str, ...] = ()
        self.doubt = ""
        self._last = ""

    def read(self, passage: Passage) -> tuple[tuple[str, str], ...]:
        """Read a passage and the words before it; return what it knows."""
        gap, self._last = since(self._last, passage), passage.text
        if NEW.search(gap):
            self.given, self.words, self.doubt = (), (), ""
        if self.given and (word := DOUBTED.search(gap) or _ABOUT.search(gap) or _EVENTS.search(gap)):
            self.doubt = word[0]
        if word := _ABOUT.search(gap):
            self.words = (*self.words, word[0])[-4:]
        found = tuple(self._known())
        if len(passage.text) <= LONGEST and "=" in passage.text and _GIVES.search(passage.text):
            self.given = (*self.given, passage.text)[-MOST:]
        return found

    def _known(self) -> Iterator[tuple[str, str]]:
        yield from ((FACT, text) for text in self.given)
        yield from ((WORDS, text) for text in self.words)
        if self.doubt:
            yield FACT_DOUBT, self.doubt
