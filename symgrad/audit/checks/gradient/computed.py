"""Gradients through vectors and matrices that the text computes: after S = QKᵀ, dK = dSᵀ Q.

What is right in any reading, of letters as vectors or numbers, in any layout, is right. What is wrong in each is
refuted where one slip of the pen explains it, and not checked otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import islice, product
from typing import Any

from symgrad.audit.case import Case
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.audit.network.costs import COSTS
from symgrad.audit.network.matrices import Computation, Kinds, base, is_capital, reads, same, whole, with_totals
from symgrad.audit.parsed import parsed
from symgrad.evidence.slips import kinds
from symgrad.reading.reading import Reading
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Derivative, Node, Number, Symbol, Unknown, rebuilt, symbols, walk

KIND = "gradient"
MOST_READINGS, MOST_TRIED, MOST_CHANGES = 27, 4, 60
SMALL = ("column", "number", "row")
CHANGES = ("bar", "d", "delta")
"""What stands before a letter whose gradient is meant: K̄, dK, δK."""
ONE, TWO = Number(Fraction(1), "1"), Number(Fraction(2), "2")
_LETTERS = re.compile(r"(?<![A-Za-z\\])[A-Za-z](?![A-Za-z])")
Gradient = tuple[str, str]
"""∂of/∂wrt."""


@dataclass(frozen=True)
class _Claim:
    """A gradient and what is printed for it; in it gradients are letters ∂L/∂S."""

    left: Gradient
    right: Node
    entries: bool = False


def computed(case: Case) -> Judgement | None:
    """Judge the gradient by a letter of what the text computes above; None for any other claim."""
    if case.relation != "=" or len(case.nodes) > 4:
        return None
    defined, unread = _defined(tuple(text for _, text in case.passage.definitions), case.reading)
    claim = _claim(case.nodes[0], case.right, defined)
    if claim is None or not _is_of(claim, defined):
        return None
    needed = _needed(claim, defined)
    differs: list[Computation] = []
    for reading in _readings(needed, claim):
        try:
            computation = Computation(needed, reading)
            agrees = _agrees(computation, claim)
        except (NotUnderstoodError, ArithmeticError, ValueError):
            continue
        if agrees:
            return Judgement(Word.CONFIRMED, reason="the gradient through what the text computes", kind=KIND)
        if agrees is False and len(differs) < MOST_TRIED:
            differs.append(computation)
    if not differs:
        return None
    if unread & ({claim.left[1]} | needed.keys()):
        return unchecked("what is read of the text's equations is not all of them", KIND)
    for right, told in islice(_changes(claim.right), MOST_CHANGES):
        if any(_is_right(c, _Claim(claim.left, right, claim.entries)) for c in differs):
            return Judgement(Word.REFUTED, reason=told, kind=KIND)
    return unchecked("it differs from the gradient through what the text seems to compute", KIND)


# --- what is claimed ----------------------------------------------------------------------------------


@lru_cache(maxsize=128)
def _defined(texts: tuple[str, ...], reading: Reading) -> tuple[Mapping[str, Node], frozenset[str]]:
    """Return what formulas define, in their order, and the letters that others read; one defined twice stops it."""
    found: dict[str, Node] = {}
    unread: set[str] = set()
    for text in texts:
        parse = parsed(text, reading)
        for chain in () if isinstance(parse, str) else parse[0]:
            if chain.relations[:1] not in (("=",), (":=",)) or chain.asked:
                continue
            left, right = (side.node and with_totals(side.node) for side in chain.sides[:2])
            if isinstance(left, Symbol) and right is not None and _is_body(left.name, right):
                if left.name in found and found[left.name] != right:
                    return {}, frozenset()
                found[left.name] = right
            elif isinstance(left, Symbol) and not _changed(left):
                unread |= set(_LETTERS.findall(text[chain.sides[1].start : chain.sides[1].end]))
    return found, frozenset(unread)


def _is_body(name: str, right: Node) -> bool:
    if name in symbols(right) or not symbols(right) or not reads(right):
        return False
    return not any(isinstance(n, Derivative) for n in walk(right)) and not _changed(Symbol(name))


def _changed(node: Node) -> str:
    """Return the letter whose gradient is meant by K̄; nothing for another."""
    return node.name[4:] if isinstance(node, Symbol) and node.name.startswith("bar ") else ""


def _claim(left: Node, right: Node, defined: Mapping[str, Node]) -> _Claim | None:
    of = _gradient(left, defined)
    if of is None:
        return None
    entries = False
    if of[1] not in defined and (vector := base(of[1])) != of[1] and _is_letter(vector, defined):
        index = of[1].partition("_")[2]
        if len(index) != 1 or of[0] not in COSTS:
            return None
        entries, of = True, (of[0], vector)
        right = whole(right, index)
    return _Claim(of, _with_gradients(right, defined), entries)


def _is_letter(name: str, defined: Mapping[str, Node]) -> bool:
    return name in defined or any(name in symbols(node) for node in defined.values())


def _gradient(node: Node, defined: Mapping[str, Node]) -> Gradient | None:
    """Return which gradient a node is by its name; None for any other."""
    match node:
        case Derivative(Symbol(of), wrt, 1):
            return of, wrt
        case Unknown("∇", (Symbol(wrt), Symbol(of))):
            return of, wrt
        case Apply("*", (Symbol("d" | "delta"), Symbol(wrt))) if _is_letter(wrt, defined):
            return "", wrt
        case Symbol() if (wrt := _changed(node)) and _is_letter(wrt, defined):
            return "", wrt
    return None


def _with_gradients(node: Node, defined: Mapping[str, Node]) -> Node:
    """Return a formula with letters for the gradients in it."""
    if (found := _gradient(node, defined)) is not None:
        return _letter(found)
    match node:
        case Apply("*", (Apply("*", (before, Symbol("d" | "delta"))), inner)):
            turned = Apply("*", (Symbol("d"), inner))
            if _with_gradients(turned, defined) != turned:
                return Apply("*", (_with_gradients(before, defined), _with_gradients(turned, defined)))
        case Apply("*", (Symbol("d" | "delta"), Apply("transpose", (Symbol(wrt),)))) if _is_letter(wrt, defined):
            return Apply("transpose", (_letter(("", wrt)),))
    return rebuilt(node, lambda n: _with_gradients(n, defined))


def _letter(of: Gradient) -> Symbol:
    return Symbol(f"∂{of[0]}/∂{of[1]}")


def _gradients(node: Node) -> list[Gradient]:
    found = [n.name for n in walk(node) if isinstance(n, Symbol) and n.name.startswith("∂")]
    return [(of[1:], wrt[1:]) for of, _, wrt in (name.partition("/") for name in dict.fromkeys(found))]


def _is_of(claim: _Claim, defined: Mapping[str, Node]) -> bool:
    """Tell whether all letters of a claim belong to what the text computes, and it is about vectors or matrices."""
    if not defined or not _is_letter(claim.left[1], defined) or not reads(claim.right):
        return False
    of = {g[0] for g in (claim.left, *_gradients(claim.right))}
    if not all(name in ("", *COSTS) or name in defined for name in of):
        return False
    names = {n for n in symbols(claim.right) if not n.startswith("∂")} | {g[1] for g in _gradients(claim.right)}
    below = _below(claim.left[1], defined)
    if any(not of and wrt not in below for of, wrt in _gradients(claim.right)):
        return False  # a differential, dF = dX Y
    return all(_is_letter(n, defined) for n in names) and any(map(_is_of_arrays, defined.values()))


def _below(name: str, defined: Mapping[str, Node]) -> frozenset[str]:
    """Return what is computed from a letter."""
    found = {name}
    while more := {n for n, node in defined.items() if n not in found and symbols(node) & found}:
        found |= more
    return frozenset(found - {name})


def _is_of_arrays(node: Node) -> bool:
    names = ("transpose", "softmax", "⊙", "norm2", "diag")
    return any(
        (isinstance(n, Apply) and n.name in names) or (isinstance(n, Symbol) and is_capital(n.name)) for n in walk(node)
    )


def _needed(claim: _Claim, defined: Mapping[str, Node]) -> Mapping[str, Node]:
    """Return what is defined of the letters that a claim is about, and of those that read them or are read by them."""
    used = {claim.left[1], *(g[1] for g in _gradients(claim.right)), claim.left[0]}
    used |= {n for n in symbols(claim.right) if not n.startswith("∂")}
    while True:
        more = {n for n, node in defined.items() if n not in used and symbols(node) & used & defined.keys()}
        more |= {n for n, node in defined.items() if n not in used and claim.left[1] in symbols(node)}
        more |= {x for n in used & defined.keys() for x in symbols(defined[n])} - used
        if not more:
            break
        used |= more
    kept = {n: node for n, node in defined.items() if n in used}
    order: dict[str, Node] = {}
    while len(order) < len(kept):
        ready = [n for n in kept if n not in order and not (symbols(kept[n]) & kept.keys()) - order.keys()]
        if not ready:
            return {}
        order |= {n: kept[n] for n in ready}
    return order


# --- how it is read -----------------------------------------------------------------------------------


def _readings(defined: Mapping[str, Node], claim: _Claim) -> Iterator[Kinds]:
    """Yield the readings of small letters that nothing defines, as columns, numbers or rows."""
    letters = sorted(
        x for x in frozenset().union(*map(symbols, defined.values())) - defined.keys() if not is_capital(x)
    )
    free = [x for x in letters if not _is_number(x, defined)]
    both = any(isinstance(n, Apply) and n.name == "softmax" for node in defined.values() for n in walk(node))
    for by_rows in (True, False) if both else (True,):
        for chosen in islice(product(SMALL, repeat=len(free)), MOST_READINGS):
            yield Kinds(dict(zip(free, chosen, strict=True)), by_rows)


def _is_number(name: str, defined: Mapping[str, Node]) -> bool:
    """Tell whether a letter is a number: it stands under a root or a bar, √d, or is e or π."""
    under = [
        n.arguments[-1]
        for node in defined.values()
        for n in walk(node)
        if isinstance(n, Apply) and n.name in ("sqrt", "/")
    ]
    return name in ("pi", "e") or any(name in symbols(n) for n in under)


def _agrees(computation: Computation, claim: _Claim) -> bool | None:
    """Compare in both layouts; None where the balls do not say, raises NotUnderstoodError where shapes do not fit."""
    found: list[bool | None] = []
    reason: NotUnderstoodError | None = None
    for turned in (False, True):
        try:
            found.append(_compared(computation, claim, turned))
        except NotUnderstoodError as error:
            reason = error
    if True in found:
        return True
    if not found:
        raise reason or NotUnderstoodError("no value")
    return None if None in found else False


def _compared(computation: Computation, claim: _Claim, turned: bool) -> bool | None:
    def gradient(of: Gradient) -> Any:
        value = computation.gradient(*of)
        return value.T if turned else value

    at = {**computation.values, **{_letter(g).name: gradient(g) for g in _gradients(claim.right)}}
    right = (computation.by_entries if claim.entries else computation.value)(claim.right, at)
    return same(gradient(claim.left), right)


def _is_right(computation: Computation, claim: _Claim) -> bool:
    try:
        return _agrees(computation, claim) is True
    except (NotUnderstoodError, ArithmeticError, ValueError):
        return False


# --- what may be wrong --------------------------------------------------------------------------------


def _changes(node: Node) -> Iterator[tuple[Node, str]]:
    """Yield a formula with one slip mended, and what the slip is."""
    yield Apply("neg", (node,)), kinds.SIGN
    places = [n for n in walk(node) if isinstance(n, Symbol | Apply)]
    for n in places:
        yield from ((_replaced(node, n, new), told) for new, told in _variants(n))
    factors = _factors(node)
    for k in range(len(factors) - 1):
        turned = [*factors[:k], factors[k + 1], factors[k], *factors[k + 2 :]]
        yield _product(turned), kinds.ORDER
        for first, second in ((True, False), (False, True), (True, True)):
            pair = [_turned(turned[k]) if first else turned[k], _turned(turned[k + 1]) if second else turned[k + 1]]
            yield _product([*turned[:k], *pair, *turned[k + 2 :]]), f"{kinds.TRANSPOSE_MISSING}, and the order"
    for factor in (TWO, Apply("/", (ONE, TWO))):
        yield Apply("*", (factor, node)), "a factor 2"
    for n in places:
        if isinstance(n, Apply) and n.name == "sqrt":
            yield Apply("/", (node, n)), kinds.FACTOR_TOO_MANY


def _variants(n: Symbol | Apply) -> Iterator[tuple[Node, str]]:
    match n:
        case Symbol(name):
            yield Apply("transpose", (n,)), f"{kinds.TRANSPOSE_MISSING}: {_shown(name)}"
            yield Apply("^", (n, TWO)), f"a square is missing: {_shown(name)}"
            yield Apply("tanh", (n,)), f"a function is missing: tanh of {_shown(name)}"
        case Apply("transpose", (inner,)):
            yield inner, kinds.TRANSPOSE_TOO_MANY
        case Apply("neg", (inner,)):
            yield inner, kinds.SIGN
        case Apply("+" | "-" as sign, (a, b)):
            yield Apply("-" if sign == "+" else "+", (a, b)), kinds.SIGN
        case Apply("⊙" | "*", (a, b)):
            yield a, kinds.FACTOR_TOO_MANY
            yield b, kinds.FACTOR_TOO_MANY
        case Apply(name, arguments, 0) if name in ("tanh", "sigmoid"):
            yield Apply(name, arguments, 1), f"{kinds.PRIME_MISSING}: {name}"


def _shown(name: str) -> str:
    return name.replace("∂/", "∂L/")


def _factors(node: Node) -> list[Node]:
    match node:
        case Apply("*", (a, b)):
            return [*_factors(a), b]
    return [node]


def _product(factors: list[Node]) -> Node:
    found = factors[0]
    for f in factors[1:]:
        found = Apply("*", (found, f))
    return found


def _turned(node: Node) -> Node:
    match node:
        case Apply("transpose", (inner,)):
            return inner
    return Apply("transpose", (node,))


def _replaced(node: Node, old: Node, new: Node) -> Node:
    if node is old:
        return new
    return rebuilt(node, lambda n: _replaced(n, old, new))
