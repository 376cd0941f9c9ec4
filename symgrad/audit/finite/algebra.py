r"""Sets that are made of others: A \cup B, (A \cap B)^c, A \setminus B, A \times B, \mathcal{P}(A)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain, combinations, product

from symgrad.audit.finite.elements import EMPTY, MOST, Element, Finite, SetReader
from symgrad.reading.token import NotUnderstoodError, Token

UNION, MEET, LESS, DIFFER, PAIRS = "∪", "∩", "\\", "△", "×"
SIGNS = {
    "cup": UNION, "∪": UNION, "cap": MEET, "∩": MEET, "setminus": LESS, "backslash": LESS, "∖": LESS, "-": LESS,
    "triangle": DIFFER, "△": DIFFER, "bigtriangleup": DIFFER, "ominus": DIFFER, "Delta": DIFFER, "⊖": DIFFER,
}  # fmt: skip
UNIVERSES = ("U", "Omega", "xi")
"""Letters of the set that all others are parts of."""
LARGEST = 7
"""Elements of a set whose parts are all written out."""
POWERS = ("mathcal", "mathscr")
"""Types of the letter P before a set, whose parts are meant."""
COMPLEMENTS = ("c", "C", "complement")
Known = Mapping[str, Finite]


def values(tokens: Sequence[Token], known: Known, text: str) -> list[Finite]:
    """Return what a set that is printed or calculated may be: signs of several kinds are taken in each order.

    text: what the tokens are of. Raises NotUnderstoodError for anything else, as for a name that is not known.
    """
    reader = AlgebraReader(tokens, known, text)
    found = reader.whole()
    return list(dict.fromkeys(Finite(x, reader.plain) for x in found))


class AlgebraReader(SetReader):
    """Reads sets with signs between them; each is what it may be, of which there are several."""

    def __init__(self, tokens: Sequence[Token], known: Known, text: str) -> None:
        super().__init__(tokens)
        self.known, self.text = known, text
        self.calculated = False
        """Whether something is more than a printed set, or a name."""

    def whole(self) -> list[frozenset[Element]]:
        """Read all tokens."""
        found = self.sum()
        if self.now.kind != "end":
            raise NotUnderstoodError("something behind a set")
        return found

    def sum(self) -> list[frozenset[Element]]:
        """Read sets with signs between them."""
        parts, signs = [self.part()], list[str]()
        while (sign := PAIRS if self.now.cross else SIGNS.get(self.now.text)) is not None:
            self.take()
            signs.append(sign)
            parts.append(self.part())
        self.calculated = self.calculated or bool(signs)
        if len(signs) > LARGEST:
            raise NotUnderstoodError("too many sets")
        orders = (_left, _right, _meets_first) if len(set(signs)) > 1 or LESS in signs[1:] else (_left,)
        found = [order(list(chosen), list(signs)) for chosen in product(*parts) for order in orders]
        return list(dict.fromkeys(found))

    def part(self) -> list[frozenset[Element]]:
        """Read a set, a name, or what stands in parentheses, with what makes its complement."""
        found = self._part()
        while self.now.text in ("^", "'"):
            if self.take().text == "^":
                braced = self.take_if("{")
                if not self.take_if(*COMPLEMENTS) or (braced and not self.take_if("}")):
                    raise NotUnderstoodError("a power of a set")
            else:
                self.plain = False
            found = self._complements(found)
        return found

    def _part(self) -> list[frozenset[Element]]:
        token = self.now
        if token.text == "\\{":
            return [self.printed()]
        if token.kind == "command" and token.text in EMPTY:
            self.take()
            return [frozenset()]
        if token.text == "(":
            self.take()
            found = self.sum()
            if not self.take_if(")"):
                raise NotUnderstoodError("a parenthesis that is open")
            return found
        if token.kind == "accent" and token.text in ("overline", "bar"):
            self.take()
            self.plain = False  # it may be a closure
            if not self.take_if("{"):
                return self._complements(self.part())
            found = self.sum()
            self.take_if("}")
            return self._complements(found)
        if self._is_power():
            return self._parts()
        return [self._named()]

    def _complements(self, found: list[frozenset[Element]]) -> list[frozenset[Element]]:
        self.calculated = True
        universe = next((self.known[u] for u in UNIVERSES if u in self.known), None)
        if universe is None or any(not x <= universe.elements for x in found):
            raise NotUnderstoodError("a complement in what is not given")
        self.plain = self.plain and universe.plain
        return [universe.elements - x for x in found]

    def _is_power(self) -> bool:
        r"""Tell whether \mathcal{P}(A) or \wp(A) stands here."""
        printed = self.text[: self.now.end].rpartition("\\")[2]
        is_letter = self.now.text == "P" and printed.startswith(POWERS)
        return (is_letter or self.now.text == "wp") and self.tokens[self.at + 1].text == "("

    def _parts(self) -> list[frozenset[Element]]:
        self.calculated = True
        self.at += 2
        found = self.sum()
        if not self.take_if(")") or any(len(x) > LARGEST for x in found):
            raise NotUnderstoodError("the parts of a set")
        return [frozenset(map(frozenset, chain(*(combinations(x, k) for k in range(len(x) + 1))))) for x in found]

    def _named(self) -> frozenset[Element]:
        name = self.name()
        if name not in self.known:
            raise NotUnderstoodError("a set that is not given")
        self.plain = self.plain and self.known[name].plain
        return self.known[name].elements

    def name(self) -> str:
        """Read the name of a set: a capital letter, with an index perhaps."""
        braced = self.take_if("{")
        token = self.take()
        if token.kind != "letter" or not (token.text[0].isupper() or token.text in UNIVERSES):
            raise NotUnderstoodError("no set")
        name = token.text
        if self.now.text == "_":
            self.take()
            inside = self.take_if("{")
            name += f"_{self.take().text}"
            if inside and not self.take_if("}"):
                raise NotUnderstoodError("an index")
        if braced and not self.take_if("}"):
            raise NotUnderstoodError("no set")
        return name


def _apply(sign: str, a: frozenset[Element], b: frozenset[Element]) -> frozenset[Element]:
    if sign == PAIRS:
        if len(a) * len(b) > MOST:
            raise NotUnderstoodError("too many pairs")
        return frozenset(product(a, b))
    of: Mapping[str, Callable[[frozenset[Element]], frozenset[Element]]] = {
        UNION: a.union,
        MEET: a.intersection,
        LESS: a.difference,
        DIFFER: a.symmetric_difference,
    }
    return of[sign](b)


def _left(parts: list[frozenset[Element]], signs: list[str]) -> frozenset[Element]:
    found = parts[0]
    for sign, part in zip(signs, parts[1:], strict=True):
        found = _apply(sign, found, part)
    return found


def _right(parts: list[frozenset[Element]], signs: list[str]) -> frozenset[Element]:
    return parts[0] if not signs else _apply(signs[0], parts[0], _right(parts[1:], signs[1:]))


def _meets_first(parts: list[frozenset[Element]], signs: list[str]) -> frozenset[Element]:
    for first in ((PAIRS,), (MEET,), (LESS,)):
        while found := [k for k, sign in enumerate(signs) if sign in first]:
            k = found[0]
            parts[k : k + 2] = [_apply(signs.pop(k), parts[k], parts[k + 1])]
    return _left(parts, signs)
