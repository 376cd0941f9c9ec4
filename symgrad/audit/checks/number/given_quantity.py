r"""Formulas with the quantities that the text gives: m = 500\text{ g} and a = 4\text{ m/s}^2, so m a = 2\text{ N}."""

from __future__ import annotations

from collections.abc import Iterator

from symgrad.audit.case import Case
from symgrad.audit.checks.number.quantity import has_units
from symgrad.audit.finding import Passage
from symgrad.audit.given import RELATIONS, Given, gives, put_in
from symgrad.audit.parsed import parsed
from symgrad.audit.words.sentence import LIMITS
from symgrad.reading.reading import Reading
from symgrad.reading.tree import UNIT, Chain, Node, Symbol, symbols


def put_together(case: Case) -> tuple[Node, Node] | None:
    """Return both sides with given quantities for their letters; None where some letter has none, or no unit is given.

    Only the last that is given of a letter counts.
    """
    known = _known(case)
    if not any(has_units(node) for node in known.values()):
        return None
    found = [put_in(node, known, {}) for node in case.nodes_measured()]
    if len(found) != len(case.nodes[-2:]) or any(n is None or _letters(n) for n in found):
        return None
    left, right = found
    return None if left is None or right is None else (left, right)


def _letters(node: Node) -> frozenset[str]:
    return frozenset(name for name in symbols(node) if not name.startswith(UNIT))


def _known(case: Case) -> Given:
    passage: Passage = case.passage
    said = [text for text in passage.sentence.said(*LIMITS) if text != passage.text and gives(text)]
    found: dict[Node, Node] = {}
    for text in (*said, *(text for _, text in passage.given)):
        found |= dict(_given(text, case.reading))
    parse = parsed(passage.text, case.reading)
    before = [] if isinstance(parse, str) else [c for c in parse[0] if c.relations][: case.number]
    for chain in before:
        found |= dict(_of_chain(chain))
    return found


def _given(text: str, reading: Reading) -> Iterator[tuple[Node, Node]]:
    parse = parsed(text, reading)
    for chain in () if isinstance(parse, str) else parse[0]:
        yield from _of_chain(chain)


def _of_chain(chain: Chain) -> Iterator[tuple[Node, Node]]:
    """Yield the letter on the left of a chain with the first side that has no letters, with its units."""
    named = chain.sides[0].node
    if chain.asked or not isinstance(named, Symbol) or chain.relations[:1] not in RELATIONS:
        return
    for side in chain.sides[1:]:
        node = side.measured or (None if side.unit else side.node)
        if node is not None and not _letters(node):
            yield named, node
            return
    yield named, Symbol("…")
