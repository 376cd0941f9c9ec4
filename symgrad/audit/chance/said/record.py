"""The laws that a text has stated up to a formula, and what makes it doubtful that they still hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from symgrad.audit.chance.said import density
from symgrad.audit.chance.said.listed import LISTS, Lists, masses
from symgrad.audit.chance.said.stated import COUNTED, LISTED, Stated, stated
from symgrad.audit.chance.said.tables import Table
from symgrad.audit.chance.said.words import SPEAKS, said
from symgrad.audit.finding import Passage

LAW, LATER, DOUBT = "law", "law later", "law doubted"
"""What a passage knows: laws stated before it, those of its sentence stated behind it, and why one is doubtful."""
MOST = 12
LONGEST_TEXT = 200
NEW = re.compile(
    r"\b(?:Examples?|Exercises?|Problems?|Questions?|Case|Aufgabe|Beispiel|Übung|Exemple|Exercice|Problème|Ejemplo|"
    r"Ejercicio|Problema|Proposition|Theorem|Lemma)\b|\\begin\{(?:example|exercise|problem|question)|"
    r"\n[ \t]*\d{1,3}[.)][ \t]|\n#+ |\n\s*(?:---|\*\*\*)"
)
"""What begins something else, in which a letter may have another law."""
DOUBTED = re.compile(
    r"\b(instead|another|different|other|suppose[sd]?|suppos\w+|assume[sd]?|assuming|second|new|chang\w+|replac\w+|"
    r"approximation|approximated?|approximating|truncat\w+|condition\w+|mixture|alternative\w*|hypothes[ie]s|posterior|"
    r"prior|likelihood|estimat\w+|simulat\w+|given that|knowing|what if|would|were|statt|ander\w+|angenommen|"
    r"Näherung\w*|autres?|suppos\w+|otr[oa]s?|supon\w+|fitted|observed|empirical\w*|sampl\w+|wrong\w*|mistake\w*|"
    r"bound\w*|compare[sd]?|contrast|whereas|while|item|"
    r"with replacement|without|replacement|case|version|variant|scenario|this time|next|restrict\w*|provided|among|"
    r"known|power|toss\w*|rolls?|rolled|dice|die|coins?|urns?|cards?|balls?|drawn|picks?|chosen|until|"
    r"Münzen?|Würfel\w*|ohne|sans|sin)\b|H_\{?[01aA]"
)
"""Words after which a wrong number may be one of another law."""
_BEFORE_LETTER = re.compile(
    r"\b(?:let|suppose|denote|call|define|sei|seien|soit|sea|sean|variables?|by|Zufallsvariable|aléatoire|aleatoria)"
    r"\W*\Z",
    re.IGNORECASE,
)
_AFTER_LETTER = re.compile(
    r"[\W\d]*(?:now |also |then |instead )?(?:be|is|are|was|denot\w*|counts?|has|have|had|follow\w*|represents?|"
    r"measures?|equals?|stands|gives?|records?|sei|ist|sind|bezeichn\w*|hat|folgt|zähl\w*|soit|est|suit|désigne|sea|es|sigue|"
    r"denota|tiene|cuenta|the|number|der|die|das|le|la|el)\b",
    re.IGNORECASE,
)
_BREAK = re.compile(r"\n[ \t]*\n")
_ALONE = re.compile(r"\s*([A-Z](?:_(?:\{?\w+\}?))?)\s*(?:,\s*([A-Z](?:_\{?\w+\}?)?)\s*)?")
_HAS = re.compile(
    r"\$?\s*(?:is|be|has|have|follows?|ist|hat|folgt|sei|suit|soit|sigue)\b[\w\s-]{0,60}\$?", re.IGNORECASE
)
_LAW = re.compile(r"\s*(?:\\[a-zA-Z]+\s*\{?\s*)?[A-Za-z ]{1,20}\}?\s*\([^()=]{1,40}\)\s*")
_VALUE = re.compile(
    r"\s*(n|N|p|q|r|k|m|t|\\(?:lambda|mu|sigma|theta|alpha|beta|pi|nu)|λ|μ|σ|θ)(?:\s*_\s*\{?(\w+)\}?)?"
    r"(?:\s*\^\s*\{?2\}?)?\s*="
)
"""A value of what is usually a parameter; a law that is stated with numbers is perhaps another with it."""
MOMENTS = ("\\mu", "\\sigma", "μ", "σ", "m")
"""Letters that are no parameters of a law which is listed, or given by a formula, but follow from it."""
_DEFINED = re.compile(r"\s*([A-Z](?:_\{?\w+\}?)?)\s*:?=.*(?:\\text|\\mathrm|\\mbox|[A-Z\\]|\bnumber\b)", re.DOTALL)


def since(last: str, passage: Passage) -> str:
    """Return the words between the passage before, by its text, and this one."""
    _, found, gap = passage.before.rpartition(last) if last else ("", "", passage.before)
    return gap if found else passage.before


class Laws:
    """What a text has said of its random variables; tables: the laws that its tables list."""

    def __init__(self, tables: tuple[Table, ...] = ()) -> None:
        self.tables = tables
        self._lists = Lists()
        self.said: tuple[Stated, ...] = ()
        self.doubts: dict[str, str] = {}
        self._last = ""
        self._paragraph = False

    def read(self, passage: Passage) -> tuple[tuple[str, str], ...]:
        """Read a passage and the words before it; return what it knows of laws."""
        before, gap = self._last, since(self._last, passage)
        self._last = passage.text
        new = NEW.search(gap)
        if self.said and new:
            self.said, self.doubts = (), {}
        if new:
            self._lists = Lists()
        self._read_tables(passage, gap[new.end() :] if new else "")
        speaks = (
            LISTS.search(passage.text)
            or "cases}" in passage.text
            or density.SPEAKS.search(passage.before + passage.after)
        )
        if not (
            self.said or speaks or SPEAKS.search(passage.before) or _LAW.fullmatch(passage.text) or _may_state(passage)
        ):
            return ()
        if self.said:
            self._doubt(passage, gap)
        words = passage.before + "$" + passage.text
        for law in (*said(words, len(passage.before) - len(gap)), *stated(_statement(before, gap, passage.text))):
            self._state(law)
        known = tuple(self._known(passage))
        for letter, value, chance in masses(passage.text) if LISTS.search(passage.text) else ():
            last = next((s.parameters for s in reversed(self.said) if s.letter == letter and s.name == LISTED), ())
            if last and (str(value), str(chance)) not in zip(last[::2], last[1::2], strict=True):
                self.doubts[letter] = f"P({letter} = {value}) = {chance}"
        for law in self._lists.read(passage.text, gap, _next(passage)):  # what lists it is not judged by it
            self._state(law)
        if (law_by_formula := density.given_law(passage, passage.before)) and not self._follows(law_by_formula):
            self._state(law_by_formula)
        return known

    def _follows(self, law: Stated) -> bool:
        """Tell whether a density, or a distribution function, follows from a law of the letter of another kind."""
        return any(s.letter == law.letter and s.name != law.name for s in self.said)

    def _state(self, law: Stated) -> None:
        self.said = (*(s for s in self.said if s != law), law)[-MOST:]
        self.doubts.pop(law.letter, None)
        self._paragraph = False

    def _read_tables(self, passage: Passage, behind: str) -> None:
        """State what tables above list that were not read yet, behind what begins something new."""
        line = passage.place.line
        above = [t for t in self.tables if t.line < line and t.chapter == passage.chapter]
        first = line - behind.count("\n") if behind else 0
        for table in above:
            if table.line >= first:
                self._state(table.law)
        if above:
            self.tables = tuple(t for t in self.tables if t not in above)

    def _doubt(self, passage: Passage, gap: str) -> None:
        if word := DOUBTED.search(gap):
            self.doubts |= {s.letter: word[0] for s in self.said}
        value = _VALUE.match(passage.text)
        if value and value[2] not in {s.letter for s in self.said}:  # σ_X is a claim of X
            free = (s for s in self.said if s.name != COUNTED and not (s.name[:1] == "=" and value[1] in MOMENTS))
            fixed = (s.letter for s in free if not any(value[1] in p for p in s.parameters))
            self.doubts |= dict.fromkeys(fixed, f"{value[1]} = …")
        self._paragraph = self._paragraph or bool(_BREAK.search(gap))
        if self._paragraph and (mentioned := _ALONE.fullmatch(passage.text)):
            self.doubts |= {x: f"{x} in another paragraph" for x in mentioned.groups() if x}
        alone, defined = _ALONE.fullmatch(passage.text), _DEFINED.match(passage.text)
        begins = alone and (_BEFORE_LETTER.search(gap) or _AFTER_LETTER.match(passage.after))
        if letter := alone if begins else defined:
            gone = {x.replace("{", "").replace("}", "") for x in letter.groups() if x}
            self.said = tuple(s for s in self.said if s.letter not in gone)

    def _known(self, passage: Passage) -> Iterator[tuple[str, str]]:
        for part in passage.sentence.parts[passage.at + 1 :]:
            yield from ((LATER, s.code()) for s in stated(part.text))
        yield from ((LAW, s.code()) for s in self.said)
        yield from ((DOUBT, f"{letter}\t{word}") for letter, word in sorted(self.doubts.items()))


def _next(passage: Passage) -> str:
    """Return the formula that follows in its sentence, which may say where this one holds."""
    return next((part.text for part in passage.sentence.parts[passage.at + 1 : passage.at + 2]), "")


def _statement(letter: str, words: str, formula: str) -> str:
    r"""Return a formula, or the law that it is of a letter before it: $X$ has a $\mathrm{Bin}(8, 0.6)$ distribution."""
    is_one = _ALONE.fullmatch(letter) and _HAS.fullmatch(words) and _LAW.fullmatch(formula)
    return rf"{letter} \sim {formula}" if is_one else formula


def _may_state(passage: Passage) -> bool:
    """Tell whether a formula, or one behind it in its sentence, has the sign of a law."""
    texts = (passage.text, *(part.text for part in passage.sentence.parts))
    return any("sim" in text or "∼" in text or "hook" in text or "~" in text for text in texts)
