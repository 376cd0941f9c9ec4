"""A formula as chains of relations: its rows, its parts between commas and words, its sides."""

from __future__ import annotations

from collections.abc import Iterator

from symgrad.reading.parse import Parser
from symgrad.reading.reading import Reading
from symgrad.reading.token import COMMA, NotUnderstoodError, Token, Tokenizer
from symgrad.reading.tree import Chain, Side

TRANSPARENT = frozenset(
    f"\\{name}"
    for name in [
        "aligned",
        "align",
        "alignat",
        "split",
        "gathered",
        "gather",
        "equation",
        "eqnarray",
        "multline",
        "displaymath",
        "math",
        "flalign",
    ]
)
SEPARATORS = (",", ";", ":", ".", "?")
EMPTY = "a side is empty"
JOINING = ("+", "-", "*", "/")


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
    found = tuple(_chain(part, chosen, ambiguous) for part in _parts(tokenizer.tokens()))
    return found, frozenset(ambiguous | {COMMA} if tokenizer.commas else ambiguous)


def _parts(tokens: list[Token]) -> Iterator[list[Token]]:
    """Yield the runs of tokens between commas, words, arrows, and rows that do not go on."""
    part: list[Token] = []
    depth = 0
    for i, token in enumerate(tokens):
        if token.kind in ("open", "close") and token.text in TRANSPARENT:
            continue
        depth += {"open": 1, "close": -1}.get(token.kind, 0)
        if depth > 0 or (depth == 0 and token.kind == "close"):
            part.append(token)
            continue
        depth = 0
        if token.text == "&" and token.kind == "op":
            continue
        if _separates(token, part, tokens, i):
            if token.text == "?":
                part.append(token)
            if part:
                yield part
            part = []
        elif token.kind != "break":
            part.append(token)
    if part:
        yield part


def _separates(token: Token, part: list[Token], tokens: list[Token], i: int) -> bool:
    if token.kind in ("arrow", "text", "end"):
        return True
    if token.kind == "break":
        later = next((t for t in tokens[i + 1 :] if t.text != "&"), tokens[-1])
        goes_on = later.kind == "relation" or (later.kind == "op" and later.text in JOINING)
        joined = bool(part) and (part[-1].kind == "relation" or (part[-1].kind == "op" and part[-1].text in JOINING))
        return not (goes_on or joined)
    return token.kind == "op" and token.text in SEPARATORS


def _chain(tokens: list[Token], reading: Reading, ambiguous: set[str]) -> Chain:
    sides: list[Side] = []
    relations: list[str] = []
    run: list[Token] = []
    depth = 0
    for token in tokens:
        depth += {"open": 1, "close": -1}.get(token.kind, 0)
        if token.kind == "relation" and depth == 0:
            sides.append(_side(run, token.start, reading, ambiguous))
            relations.append(token.text)
            run = []
        else:
            run.append(token)
    asked = bool(run) and run[-1].text == "?"
    sides.append(_side(run[:-1] if asked else run, tokens[-1].end, reading, ambiguous))
    return Chain(tuple(sides), tuple(relations), asked)


def _side(tokens: list[Token], at: int, reading: Reading, ambiguous: set[str]) -> Side:
    if not tokens:
        return Side(None, at, at, EMPTY)
    start, end = tokens[0].start, tokens[-1].end
    try:
        node = Parser([*tokens, Token("end", "", end, end)], reading, ambiguous).whole()
    except NotUnderstoodError as error:
        return Side(None, start, end, str(error))
    return Side(node, start, end)
