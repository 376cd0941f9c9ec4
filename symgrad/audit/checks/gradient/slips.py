"""Gradients of networks that a text prints, against those that symgrad derives.

Both are evaluated on the same network with drawn weights, in exact fractions and in balls. What agrees in any
activation, layout or reading is right; what agrees in none is wrong, and small changes tell what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from typing import Any

from symgrad.audit.case import Case
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.audit.network.matrices import UNFIT, PrintedMatrix
from symgrad.audit.network.witness import COSTS, DEPTH, DrawnNetwork, witnesses
from symgrad.errors import SymgradError
from symgrad.reading.known import is_activation
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Big, Derivative, Node, Number, Symbol, Unknown, children, walk

LARGEST = 200
"""Nodes of a formula that is evaluated."""
LAYOUTS = ((False, False), (True, False), (False, True), (True, True))
"""Whether derivatives are in denominator layout, and whether those by a parameter are immediate."""
MOST_CHANGES = 80
SLIPS = (
    "a prime is missing",
    "a prime too many",
    "a transpose too many",
    "a transpose is missing",
    "the index range is off by one",
    "an index is off by one",
    "the sign is wrong",
    "factors are in the wrong order",
    "a diagonal matrix is meant",
)
"""What may be wrong, from the likeliest."""
NUMBERS = {"T": DEPTH, "L": DEPTH, "t": DEPTH, "k": 1, "m": 1, "j": 3, "l": 3, "i": 3}
"""Numbers for the letters of indices: the depth, an early layer, a middle one; before a depth T, t is in the middle."""
KIND = "gradient"
IMMEDIATE = "right if ∂ by a parameter is the immediate derivative, which holds the layers before constant"
DENOMINATOR = "right in denominator layout only"


def gradient(case: Case) -> Judgement | None:
    """Judge a derivative by name on the network that a mark names, or that the text defines; None for other claims."""
    given = dict(case.passage.known)
    model = given.get("model", "") or given.get("equations", "")
    return on_network(case.nodes[0], case.right, model, "model" in given) if model else None


def on_network(left: Node, right: Node, model: str, certain: bool = True) -> Judgement | None:
    r"""Judge ∂of/∂wrt = right on a network; None where the left side is no derivative by name.

    model: the name of a built-in network, or its equations. certain: whether it is surely the network that is meant;
    otherwise only that is refuted of which it is known what is wrong.

    >>> from symgrad.reading.chain import chains
    >>> by_b, by_a = (r"\frac{\partial C}{\partial %s}" % name for name in ("b_4", "a_4"))
    >>> [chain], _ = chains(fr"{by_b} = \sigma(z_4) {by_a}")
    >>> found = on_network(chain.sides[0].node, chain.sides[1].node, "chain")
    >>> str(found.word), found.value, found.reason
    ('refuted', "σ'(z_4)", 'a prime is missing: σ(z_4)')
    """
    if not (isinstance(left, Derivative) and isinstance(left.body, Symbol | Unknown | Apply)) or left == right:
        return None
    if sum(1 for _ in walk(right)) > LARGEST:
        return unchecked("the formula is too long", KIND)
    try:
        networks = witnesses(model)
    except SymgradError as error:
        return unchecked(str(error).splitlines()[0], KIND)
    reason, differs = "", False
    letters = NUMBERS | ({"t": 2} if any("T" in str(n) for n in (left, right)) else {})
    for witness in networks:
        try:
            expected = PrintedMatrix(witness, letters).matrix(left)
        except NotUnderstoodError as error:
            return unchecked(f"not understood: {error}", KIND)
        found = _agreement(right, expected, witness, letters)
        if isinstance(found, Judgement):
            return found
        differs = differs or found is True
        reason = reason or (found if isinstance(found, str) else "")
    for witness in networks if differs or reason == UNFIT else ():
        expected = PrintedMatrix(witness, letters).matrix(left)
        layouts = (LAYOUTS[:1], LAYOUTS) if 1 not in expected.shape else (LAYOUTS,)
        for tried in layouts:
            for changed, value, told in _changes(right, witness):
                if isinstance(_agreement(changed, expected, witness, letters, tried), Judgement):
                    if told == SLIPS[-1]:
                        return Judgement(Word.NOTE, value, told, KIND)
                    return Judgement(Word.REFUTED, value, told, KIND)
    if differs and not certain:
        return unchecked("it differs from the gradient of the network that the text seems to define", KIND)
    if differs:
        return Judgement(Word.REFUTED, reason="it differs from the gradient of the network", kind=KIND)
    return unchecked(f"not understood: {reason}", KIND)


def _agreement(
    right: Node,
    expected: Any,
    witness: DrawnNetwork,
    letters: dict[str, int],
    layouts: tuple[tuple[bool, bool], ...] = LAYOUTS,
) -> Judgement | bool | str:
    """Return a verdict where a formula agrees in some layout, True where it differs, or why it has no value."""
    reason, differs = "", False
    for denominator, immediate in layouts:
        try:
            found = PrintedMatrix(witness, letters, denominator, immediate).matrix(right)
        except NotUnderstoodError as error:
            reason = str(error)
            continue
        if _same(witness, found, expected.T if denominator else expected):
            if immediate:
                return Judgement(Word.NOTE, reason=IMMEDIATE, kind=KIND)
            turned = denominator and 1 not in expected.shape
            if turned:
                return Judgement(Word.NOTE, reason=DENOMINATOR, kind=KIND)
            return Judgement(Word.CONFIRMED, reason="the gradient of the network", kind=KIND)
        differs = True
    return differs or reason


def _same(witness: DrawnNetwork, x: Any, y: Any) -> bool:
    """Tell whether matrices agree; the gradient of a number may be laid out as the matrix that it is by."""
    if 1 in y.shape and x.size == y.size:
        flat = y.reshape(1, -1)
        return any(witness.same(z.reshape(1, -1), flat) for z in (x, x.T))
    return witness.same(x, y)


# --- what may be wrong --------------------------------------------------------------------------------


def _changes(node: Node, witness: DrawnNetwork) -> Iterator[tuple[Node, str, str]]:
    """Yield a formula with one small change: the formula, what ought to stand there, and what is wrong."""
    found = (
        (SLIPS.index(told.partition(":")[0]), n, place, new, value, told)
        for n, place in enumerate(walk(node))
        for new, value, told in _variants(place, witness)
    )
    likely = sorted(islice(found, MOST_CHANGES), key=lambda f: f[:2])
    yield from ((_replaced(node, place, new), value, told) for _, _, place, new, value, told in likely)


def _variants(n: Node, witness: DrawnNetwork) -> Iterator[tuple[Node, str, str]]:
    match n:
        case Apply(name, arguments, primes) if primes < 2 and is_activation(name):
            shown = _shown(arguments[0])
            slope, plain = f"σ'({shown})", f"σ({shown})"
            if primes:
                yield Apply(name, arguments), plain, f"a prime too many: {slope}"
            else:
                yield Apply(name, arguments, 1), slope, f"a prime is missing: {plain}"
            yield Apply("diag", (n,)), f"diag({slope})", "a diagonal matrix is meant"
        case Big(sign, variable, low, high, body):
            for step in (1, -1):
                begin, end = _shifted(low, step), _shifted(high, step)
                first, last = f"{variable} = {_shown(low)}", f"to {_shown(high)}"
                told = "the index range is off by one"
                yield Big(sign, variable, begin, high, body), f"{variable} = {_shown(begin)}", f"{told}: {first}"
                yield Big(sign, variable, low, end, body), f"to {_shown(end)}", f"{told}: {last}"
        case Symbol(name):
            if witness.is_array(name):
                yield Apply("transpose", (n,)), f"{_shown(n)}^T", f"a transpose is missing: {_shown(n)}"
            letter, _, index = name.partition("_")
            if index and letter not in COSTS:
                for step in (1, -1):
                    shifted = Symbol(f"{letter}_{_shown(_shifted(_index_node(index), step)).replace(' ', '')}")
                    yield shifted, _shown(shifted), f"an index is off by one: {_shown(n)}"
        case Apply("transpose", (inner,)):
            yield inner, _shown(inner), f"a transpose too many: {_shown(n)}"
        case Apply("neg", (inner,)):
            yield inner, "", "the sign is wrong"
        case Apply("*", (left, right)):
            yield Apply("*", (right, left)), "", "factors are in the wrong order"


def _index_node(text: str) -> Node:
    for sign in "+-":
        letter, found, number = text.partition(sign)
        if found and number.isdecimal():
            return Apply(sign, (Symbol(letter), _number(int(number))))
    return _number(int(text)) if text.isdecimal() else Symbol(text)


def _number(n: int) -> Number:
    return Number(Fraction(n), str(n))


def _shifted(index: Node, step: int) -> Node:
    """Return an index that is one more or one less."""
    match index:
        case Number(value):
            return _number(int(value) + step)
        case Apply("+" | "-" as sign, (letter, Number(value))):
            total = (int(value) if sign == "+" else -int(value)) + step
            if total == 0:
                return letter
            return Apply("+" if total > 0 else "-", (letter, _number(abs(total))))
    return Apply("+" if step > 0 else "-", (index, _number(1)))


def _shown(n: Node) -> str:
    match n:
        case Number(_, text):
            return text
        case Symbol(name):
            letter, _, index = name.partition("_")
            return name if len(index) < 2 else f"{letter}_{{{index}}}"
        case Apply("+" | "-" as sign, (left, right)):
            return f"{_shown(left)} {sign} {_shown(right)}"
        case Apply("transpose", (inner,)):
            return f"{_shown(inner)}^T"
        case Apply("*", (left, right)):
            return f"{_shown(left)} {_shown(right)}"
    return "…"


def _replaced(node: Node, old: Node, new: Node) -> Node:
    """Put a node in the place of the one that is the same object."""
    if node is old:
        return new
    if not children(node):
        return node
    match node:
        case Apply(name, arguments, primes):
            return Apply(name, tuple(_replaced(a, old, new) for a in arguments), primes)
        case Big(sign, variable, low, high, body):
            return Big(sign, variable, low, high, _replaced(body, old, new))
    return node
