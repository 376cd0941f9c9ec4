r"""Events by their names, A \cap B^c, (A \cup B)', \overline{A}, as sets of the outcomes that n events leave open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import CONDITIONAL, EVENT, Apply, Node, Symbol, Unknown

CHANCES = ("P", "Pr")
MOST = 4
"""Events with names."""
_UNIONS, _MEETS = ("cup", "or", "∪", "lor", "vee"), ("cap", "and", "∩", "land", "wedge", ",")
_COMPLEMENTS = ("c", "C", "complement", "∁")
_NOT = ("neg", "lnot", "¬", "not")
_BARS = ("overline", "bar")


@dataclass(frozen=True)
class Event:
    """An event: a letter, or "not", "and", "or" of others; ``doubtful``: A' may be another letter."""

    name: str
    parts: tuple[Event, ...] = ()
    doubtful: bool = False

    def letters(self) -> frozenset[str]:
        """Return the events with names in it."""
        found = frozenset[str]().union(*(part.letters() for part in self.parts))
        return found if self.parts else frozenset([self.name])

    def outcomes(self, letters: Sequence[str]) -> int:
        """Return the outcomes in it, as bits; outcome k is in letter i where bit i of k is set.

        >>> a, b = Event("A"), Event("B")
        >>> bin(Event("and", (a, Event("not", (b,)))).outcomes("AB"))
        '0b10'
        """
        whole = (1 << (1 << len(letters))) - 1
        if not self.parts:
            i = letters.index(self.name)
            return sum(1 << k for k in range(1 << len(letters)) if k >> i & 1)
        inner = [part.outcomes(letters) for part in self.parts]
        if self.name == "not":
            return whole & ~inner[0]
        return reduce(lambda a, b: a & b if self.name == "and" else a | b, inner)

    def is_doubtful(self) -> bool:
        """Whether it is perhaps not what it is read as."""
        return self.doubtful or any(part.is_doubtful() for part in self.parts)


@dataclass(frozen=True)
class Chance:
    """The probability of an event, or of one given another."""

    event: Event
    given: Event | None = None

    def letters(self) -> frozenset[str]:
        """Return the events with names in it."""
        return self.event.letters() | (self.given.letters() if self.given else frozenset())

    def is_doubtful(self) -> bool:
        """Whether it is perhaps not what it is read as."""
        return self.event.is_doubtful() or (self.given is not None and self.given.is_doubtful())


def chance(node: Node) -> Chance | None:
    """Return what P(...) is the probability of; None for anything else, or for what is not understood."""
    match node:
        case Unknown(name, arguments, 0) if name in CHANCES and arguments:
            try:
                return _read(_tokens(arguments))
            except NotUnderstoodError:
                return None
    return None


def _tokens(arguments: tuple[Node, ...]) -> list[str]:
    if len(arguments) > 1:
        return [t for a in arguments for t in (",", *_tokens((a,)))][1:]
    match arguments[0]:
        case Symbol(name) if name.startswith((EVENT, CONDITIONAL)):
            return name.removeprefix(EVENT).removeprefix(CONDITIONAL).split(" ")
        case Symbol(name):
            return [t for part in name.replace("'", " '").replace("_", " _ ").split() for t in [part]]
        case Apply("^", (base, Symbol(above))):
            return [*_tokens((base,)), "^", above]
        case Apply("*", (a, b)):
            return [*_tokens((a,)), *_tokens((b,))]
        case Apply("-", (a, b)):
            return [*_tokens((a,)), "setminus", *_tokens((b,))]
    raise NotUnderstoodError("an event")


def _read(tokens: list[str]) -> Chance:
    bars = [n for n, token in enumerate(tokens) if token == "|"]
    if len(bars) > 1:
        raise NotUnderstoodError("several bars")
    if not bars:
        return Chance(_Reader(tokens).whole())
    return Chance(_Reader(tokens[: bars[0]]).whole(), _Reader(tokens[bars[0] + 1 :]).whole())


class _Reader:
    """Reads an event from its tokens."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.at = 0

    @property
    def now(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.now
        self.at += 1
        return token

    def whole(self) -> Event:
        found = self.union()
        if self.now:
            raise NotUnderstoodError("an event")
        return found

    def union(self) -> Event:
        """Read events between signs; without parentheses only of one kind."""
        found, kinds = self.factor(), set[str]()
        while self.now in (*_UNIONS, *_MEETS, "setminus") or self._begins():
            sign = self.take() if not self._begins() else "cap"
            kind = "or" if sign in _UNIONS else sign if sign == "setminus" else "and"
            other = self.factor()
            kinds.add(kind)
            found = Event("and", (found, Event("not", (other,)))) if kind == "setminus" else Event(kind, (found, other))
        if len(kinds) > 1:
            raise NotUnderstoodError("∩ and ∪ without parentheses")
        return found

    def _begins(self) -> bool:
        return (len(self.now) == 1 and self.now.isupper()) or self.now in ("(", *_BARS, *_NOT)

    def factor(self) -> Event:
        token = self.take()
        if token in _NOT:
            return Event("not", (self.factor(),))
        if token in _BARS:
            braced = self.now == "{"
            inner = self._group("{", "}") if braced else self.letter(self.take())
            return self.behind(Event("not", (inner,)))
        if token == "(":
            self.at -= 1
            return self.behind(self._group("(", ")"))
        return self.behind(self.letter(token))

    def _group(self, opening: str, closing: str) -> Event:
        self.take()
        found = self.union()
        if self.take() != closing:
            raise NotUnderstoodError("an event")
        return found

    def letter(self, token: str) -> Event:
        """Read a letter with its index; + is a positive test."""
        if token in ("+", "-", "−") and len(self.tokens) == 1:
            found = Event("+")
            return found if token == "+" else Event("not", (found,))
        if not (len(token) == 1 and token.isupper()):
            raise NotUnderstoodError("an event")
        if self.now != "_":
            return Event(token)
        self.take()
        index = self.take()
        if index == "{":
            index = self.take()
            if self.take() != "}":
                raise NotUnderstoodError("an index")
        return Event(f"{token}_{index}")

    def behind(self, event: Event) -> Event:
        """Read what makes a complement of an event: c above it, or a prime."""
        while self.now in ("^", "'"):
            if self.take() == "'":
                event = Event("not", (event,), True)
                continue
            braced = self.now == "{"
            above = self.tokens[self.at + 1] if braced and self.at + 1 < len(self.tokens) else self.now
            self.at += 3 if braced else 1
            if above in _COMPLEMENTS or above in ("-", "−"):
                event = Event("not", (event,))
            elif above != "+":
                raise NotUnderstoodError("a power of an event")
        return event
