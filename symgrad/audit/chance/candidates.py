"""What a stated law may be: a convention of its name, with its parameters as formulas."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from flint import fmpq

from symgrad.audit.chance.laws.law import Law, root
from symgrad.audit.chance.laws.listed import listed
from symgrad.audit.chance.laws.named import CHANCE, COUNT, DRAWN, MARKED, POSITIVE, REAL, WIDER, Convention, conventions
from symgrad.audit.chance.said.stated import COUNTED, LISTED, Stated
from symgrad.audit.parsed import chains_of
from symgrad.reading.tree import Apply, Node, Number, Symbol, Tuple, symbols, walk
from symgrad.reading.value import Value, evaluate

_KEY = re.compile(r"\s*(rate|mean|scale|shape|sd|var(?:iance)?)\b\s*(?:=|:)?\s*")
_KEYED = {"rate": "rate", "mean": "mean", "scale": "scale", "sd": "deviation", "var": "variance"}
_KEYED |= {"variance": "variance", "shape": ""}
_ARRAY = re.compile(r"(?:I|Id|Sigma|K|C|Lambda)(?:_\w+)?|(?:vec|bm) .*|0_\w+")
DEVIATIONS = ("sigma", "s")
SQUARES = ("^", "/", "*")


@dataclass(frozen=True)
class Candidate:
    """A law as one convention reads it; parameters: as they are printed; names: what they are said to be, as n = 10."""

    convention: Convention
    parameters: tuple[Node, ...]
    names: tuple[Node | None, ...] = ()

    def law(self, letters: Mapping[str, Value]) -> Law:
        """Return the law, where letters have values; raises UndefinedError where they are no parameters."""
        values = [evaluate(p, letters) for p in self.parameters]
        order = self.convention.order or range(len(values))
        return self.convention.build(*(values[k] for k in order))

    def named(self) -> Mapping[str, Value]:
        """Return the values of the letters that its parameters are called by, α of Gamma(α = 3, β = 2)."""
        found: dict[str, Value] = {}
        for name, node in zip(self.names, self.parameters, strict=False):
            if symbols(node):
                continue
            match name:
                case Symbol(letter):
                    found[letter] = evaluate(node, {})
                case Apply("^", (Symbol(letter), Number(two))) if two == 2:
                    found[letter] = root(evaluate(node, {}))
        return found

    def kinds(self) -> Iterator[tuple[str, str]]:
        """Yield each letter among its parameters, and what it is; one inside a formula is positive."""
        for kind, node in zip(self.convention.kinds, self.parameters, strict=True):
            for letter in sorted(symbols(node)):
                yield letter, kind if isinstance(node, Symbol) else POSITIVE


@lru_cache(maxsize=512)
def candidates(said: Stated) -> tuple[Candidate, ...]:
    """Return what a stated law may be; nothing where it is not known.

    >>> [c.convention.said for c in candidates(Stated("X", "N", ("3", "4")))]
    ['', 'N(μ, σ) with the standard deviation']
    >>> [c.convention.said for c in candidates(Stated("X", "N", ("3", "2^2")))]
    ['']
    """
    name, nodes, names, keys = said.name, [], [], []
    if name in (LISTED, COUNTED):
        return (Candidate(Convention(listed, (REAL,) * len(said.parameters)), _parsed(said.parameters)),)
    for text in said.parameters:
        key = _KEY.match(text)
        keys.append(_KEYED[key[1]] if key else "")
        found = chains_of(text[key.end() :] if key else text)
        if len(found) != 1 or (node := found[0].sides[-1].node) is None:
            return ()
        nodes.append(node)
        names.append(found[0].sides[0].node if len(found[0].sides) == 2 else None)
        if _is_normal(name):
            keys[-1] = keys[-1] or _kind_of(names[-1])
    if _is_normal(name) and any(map(_is_array, nodes)):
        return ()
    if _is_normal(name) and len(nodes) == 2:
        keys[-1] = keys[-1] or _kind_of(nodes[-1])
    ways = (conventions(name_of(name) + key, len(nodes)) for key in keys if key)
    keyed = next(filter(None, ways), ())
    return tuple(Candidate(c, tuple(nodes), tuple(names)) for c in keyed or conventions(name, len(nodes)))


def _parsed(texts: Iterable[str]) -> tuple[Node, ...]:
    """Return fractions as formulas."""
    return tuple(node for text in texts if (node := chains_of(text)[0].sides[0].node) is not None)


def _is_array(node: Node) -> bool:
    """Tell whether a parameter is a matrix: I, Σ, or one that is written out."""
    return any(isinstance(n, Tuple) or (isinstance(n, Symbol) and _ARRAY.fullmatch(n.name)) for n in walk(node))


def _is_normal(name: str) -> bool:
    return name_of(name) == "normal"


def name_of(name: str) -> str:
    """Return the first of the names that a law has."""
    bare = name.lower()
    if bare in ("n", "normal", "norm", "gauss", "gaussian"):
        return "normal"
    if bare.startswith("exp") or bare in ("e", "ex"):
        return "exponential"
    return "gamma" if bare.lstrip("\\").startswith("ga") else bare


def _kind_of(node: Node | None) -> str:
    """Return what the second parameter of a normal law is by its form, σ² or σ; nothing where it may be either."""
    match node:
        case Apply("^", (_, Number(value))) if value == 2:
            return "variance"
        case Apply("/" | "*", (above, _)) if _kind_of(above) == "variance":
            return "variance"
        case Symbol(name) if name.partition("_")[0] in DEVIATIONS:
            return "deviation"
    return ""


TRIALS = 5
_TABLE: Mapping[str, tuple[fmpq, ...]] = {
    COUNT: tuple(map(fmpq, (13, 12, 15, 14, 17))),
    MARKED: tuple(map(fmpq, (6, 5, 7, 4, 8))),
    DRAWN: tuple(map(fmpq, (4, 3, 5, 3, 4))),
    CHANCE: (fmpq(2, 9), fmpq(3, 7), fmpq(1, 3), fmpq(4, 9), fmpq(1, 7)),
    POSITIVE: (fmpq(17, 7), fmpq(11, 4), fmpq(29, 6), fmpq(37, 8), fmpq(9, 4)),
    REAL: (fmpq(1, 3), fmpq(2), fmpq(-5, 4), fmpq(7, 3), fmpq(1)),
    WIDER: (fmpq(11, 2), fmpq(6), fmpq(5), fmpq(13, 2), fmpq(9)),
}


def drawn(kind: str, number: int, trial: int) -> fmpq:
    """Return a value for a letter of a kind, one of its own for each letter."""
    value = _TABLE[kind][(trial + number) % TRIALS]
    return value if kind in (COUNT, MARKED, DRAWN, CHANCE) else value + fmpq(number, 5)
