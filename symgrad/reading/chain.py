"""A formula as chains of relations, each of sides that are read by themselves."""

from __future__ import annotations

from itertools import pairwise

from symgrad.reading.cursor import alone, without_seen_braces
from symgrad.reading.cut import continued, statements, without_rows
from symgrad.reading.differential import as_slopes, differential
from symgrad.reading.parse import Parser
from symgrad.reading.reading import Reading
from symgrad.reading.token import COMMA, NotUnderstoodError, Token, Tokenizer
from symgrad.reading.tree import Chain, Node, Side, Unknown

EMPTY = "a side is empty"


def chains(text: str, reading: Reading | None = None) -> tuple[tuple[Chain, ...], frozenset[str]]:
    """Return the chains of relations of a formula, and what is ambiguous in it.

    Raises NotUnderstoodError where not even its tokens are understood.

    >>> [chain], ambiguous = chains("1.5^{149} \\\\approx 3.7 \\\\times 10^{26}")
    >>> chain.relations, len(chain.sides), sorted(ambiguous)
    (('≈',), 2, [])
    """
    ambiguous: set[str] = set()
    chosen = reading or Reading()
    tokenizer = Tokenizer(text, chosen.comma == "decimal")
    tokens = continued(without_rows(tokenizer.tokens()))
    tokens = without_seen_braces(_without_its_number(tokens))
    factors = alone(tokens)
    found = tuple(_chain(part, chosen, ambiguous, factors) for part in statements(tokens))
    return found, frozenset(ambiguous | {COMMA} if tokenizer.commas else ambiguous)


def _without_its_number(tokens: list[Token]) -> list[Token]:
    r"""Return the tokens of a formula without the number that it is called by, \\quad (2), at its end."""
    match [t.text for t in tokens[-4:]]:
        case ["(", number, ")", ""] if number.isdecimal() and tokens[-4].apart:
            return [*tokens[:-4], tokens[-1]]
    return tokens


def _chain(tokens: list[Token], reading: Reading, ambiguous: set[str], factors: frozenset[str]) -> Chain:
    runs: list[tuple[list[Token], int]] = []
    relations: list[str] = []
    run: list[Token] = []
    depth = 0
    for token in tokens:
        depth += {"open": 1, "close": -1}.get(token.kind, 0)
        if token.kind == "relation" and depth == 0:
            runs.append((run, token.start))
            relations.append(token.text)
            run = []
        else:
            run.append(token)
    asked = bool(run) and run[-1].text == "?"
    runs.append((run[:-1] if asked else run, tokens[-1].end))
    if relations == ["="] and (slopes := _slopes([r for r, _ in runs], reading, ambiguous, factors)):
        return Chain(slopes, ("=",), asked)
    sides = [_side(run, at, reading, ambiguous, factors) for run, at in runs]
    return Chain(tuple(sides), tuple(relations), asked)


def _slopes(
    runs: list[list[Token]], reading: Reading, ambiguous: set[str], factors: frozenset[str]
) -> tuple[Side, ...] | None:
    """Return du = 2x dx as du/dx = 2x; None for any other equation, and for one that is not understood."""
    found = [d for run in runs if (d := differential(run)) is not None]
    if len(found) != len(runs):
        return None
    parts = [_side(before, 0, reading, ambiguous, factors) for before, _ in found if before]
    if any(part.node is None for part in parts):
        return None
    nodes = iter(part.node for part in parts)
    left, right = (next(nodes) if before else None for before, _ in found)
    slopes = as_slopes(left, right, (found[0][1], found[1][1]))
    return tuple(Side(n, run[0].start, run[-1].end) for n, run in zip(slopes, runs, strict=True))


def _unit(tokens: list[Token]) -> int:
    r"""Return where the unit behind a number begins, 3 \text{ m}/\text{s}^2; 0 where there is none."""
    begin = next((n for n, t in enumerate(tokens) if t.kind == "text"), 0)
    if not begin or tokens[begin - 1].kind != "number":
        return 0
    rest = tokens[begin:]
    plain = all(t.kind in ("text", "number") or t.text in ("^", "/", "*", "{", "}", "-") for t in rest)
    raised = all(a.text in ("^", "{", "-") for a, b in pairwise(rest) if b.kind == "number")
    return begin if plain and raised and rest[-1].text not in ("^", "/", "*", "-") else 0


def _side(tokens: list[Token], at: int, reading: Reading, ambiguous: set[str], factors: frozenset[str]) -> Side:
    if not tokens:
        return Side(None, at, at, EMPTY)
    start, end = tokens[0].start, tokens[-1].end
    measured = None
    unit = ""
    if begin := _unit(tokens):
        unit, tokens = "".join(t.text for t in tokens[begin:]), tokens[:begin]
    elif any(t.kind == "unit" for t in tokens):
        measured = _measured(tokens, reading, ambiguous, factors)
        inside, unit = sum(t.kind == "unit" for t in tokens), tokens[-1].text if tokens[-1].kind == "unit" else ""
        unit = unit if inside == 1 else ""
    tokens = [t for t in tokens if t.kind != "unit"]
    try:
        node = Parser([*tokens, Token("end", "", end, end)], reading, ambiguous, factors).whole()
    except NotUnderstoodError as error:
        return Side(None if measured is None else Unknown("units", ()), start, end, str(error), measured=measured)
    return Side(node, start, end, unit=unit, measured=measured)


def _measured(tokens: list[Token], reading: Reading, ambiguous: set[str], factors: frozenset[str]) -> Node | None:
    """Return the tree of a side with its units as factors; None where it is not understood so."""
    end = tokens[-1].end
    try:
        return Parser([*tokens, Token("end", "", end, end)], reading, ambiguous, factors).whole()
    except NotUnderstoodError:
        return None
