"""Faults that an exporter may have, seeded into its pages: in the neutral document, or in the text or LaTeX of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from fractions import Fraction
from typing import Any

from symgrad.export.math import (
    Big,
    Call,
    Derivative,
    Display,
    Document,
    Frac,
    Grid,
    Infix,
    Math,
    Name,
    Num,
    Paren,
    Power,
    Row,
    Symbol,
    Terms,
    Text,
    Transposed,
    row,
)

Change = Callable[[Math], Math | None]
"""What becomes of a node; None where the fault does not concern it."""


def seeded(document: Document, change: Change, parts: str = "main") -> Iterator[Document]:
    """Yield the document with one node changed, for each node that a fault concerns.

    parts: "main", the right side of the first equation, or "where", those of the lines below it.
    """
    for n, part in enumerate(document.parts):
        first = next(i for i, p in enumerate(document.parts) if isinstance(p, Display))
        if isinstance(part, Display) and (n == first) == (parts == "main"):
            for right in _changed(part.right, change):
                yield Document((*document.parts[:n], replace(part, right=right), *document.parts[n + 1 :]))


def _changed(m: Any, change: Change) -> Iterator[Any]:
    if isinstance(m, Math) and (new := change(m)) is not None:
        yield new
    if isinstance(m, tuple):
        for i, x in enumerate(m):
            yield from ((*m[:i], y, *m[i + 1 :]) for y in _changed(x, change))
    elif is_dataclass(m) and not isinstance(m, Num):
        for f in fields(m):
            if f.name not in ("index", "symbol"):
                yield from (replace(m, **{f.name: y}) for y in _changed(getattr(m, f.name), change))


def said_otherwise(document: Document, old: str, new: str) -> Document:
    """Return the document with other words in its sentences."""
    return Document(tuple(_said(p, old, new) for p in document.parts))


def _said(part: Any, old: str, new: str) -> Any:
    if not isinstance(part, Text):
        return part
    return replace(part, text=tuple(x.replace(old, new) if isinstance(x, str) else x for x in part.items))


def without(document: Document, kind: type, n: int = -1) -> Document:
    """Return the document without the n-th part of a kind."""
    places = [i for i, p in enumerate(document.parts) if isinstance(p, kind)]
    return Document(tuple(p for i, p in enumerate(document.parts) if i != places[n]))


# --- faults of nodes ------------------------------------------------------------------------------------


def _moved(index: Math | None, by: int) -> Math:
    return Terms((("+", index), ("+" if by > 0 else "-", Num(Fraction(abs(by))))))  # type: ignore[arg-type]


def transpose_dropped(m: Math) -> Math | None:
    return m.base if isinstance(m, Transposed) else None


def transpose_added(m: Math) -> Math | None:
    return Transposed(m) if isinstance(m, Name) and m.base in ("W", "U_g", "a", "A", "U") else None


def factors_swapped(m: Math) -> Math | None:
    return Row((m.items[1], m.items[0], *m.items[2:])) if isinstance(m, Row) and len(m.items) > 1 else None


def factors_reversed(m: Math) -> Math | None:
    return Row(m.items[::-1]) if isinstance(m, Row) and len(m.items) > 1 else None


def maps_reversed(m: Math) -> Math | None:
    """Reverse the derivatives, or the matrices J_j, that stand one beside the other before a change."""
    if not isinstance(m, Row):
        return None
    places = [i for i, x in enumerate(m.items) if isinstance(x, Derivative | Name)]
    turned = dict(zip(places, reversed(places), strict=True))
    return Row(tuple(m.items[turned.get(i, i)] for i in range(len(m.items)))) if len(places) > 1 else None


def factor_dropped(m: Math) -> Math | None:
    return row(*m.items[1:]) if isinstance(m, Row) and len(m.items) > 1 else None


def last_factor_dropped(m: Math) -> Math | None:
    return row(*m.items[:-1]) if isinstance(m, Row) and len(m.items) > 1 else None


def factor_doubled(m: Math) -> Math | None:
    return Row((m.items[0], *m.items)) if isinstance(m, Row) and len(m.items) > 1 else None


def range_begins_later(m: Math) -> Math | None:
    return replace(m, lower=_moved(m.lower, 1)) if isinstance(m, Big) else None


def range_begins_earlier(m: Math) -> Math | None:
    return replace(m, lower=_moved(m.lower, -1)) if isinstance(m, Big) else None


def range_ends_earlier(m: Math) -> Math | None:
    return replace(m, upper=_moved(m.upper, -1)) if isinstance(m, Big) else None


def range_turned(m: Math) -> Math | None:
    return replace(m, lower=m.upper, upper=m.lower) if isinstance(m, Big) else None


def sum_for_product(m: Math) -> Math | None:
    return replace(m, sign={"∏": "∑", "∑": "∏"}[m.sign]) if isinstance(m, Big) else None


def prime_dropped(m: Math) -> Math | None:
    return replace(m, primes=0) if isinstance(m, Name | Symbol) and m.primes else None


def prime_added(m: Math) -> Math | None:
    if isinstance(m, Call) and isinstance(m.function, Name) and not m.function.primes:
        return replace(m, function=replace(m.function, primes=1))
    return None


def entrywise_for_product(m: Math) -> Math | None:
    return Infix("⊙", m.items[0], row(*m.items[1:])) if isinstance(m, Row) and len(m.items) > 1 else None


def product_for_entrywise(m: Math) -> Math | None:
    return row(m.left, m.right) if isinstance(m, Infix) and m.op == "⊙" else None


def diag_dropped(m: Math) -> Math | None:
    return m.arguments[0] if isinstance(m, Call) and m.function == Symbol("diag", r"\operatorname{diag}") else None


def sign_turned(m: Math) -> Math | None:
    if isinstance(m, Terms):
        (sign, term), *others = m.terms
        return Terms((("-" if sign == "+" else "+", term), *others))
    return None


def last_sign_turned(m: Math) -> Math | None:
    if isinstance(m, Terms) and len(m.terms) > 1:
        *others, (sign, term) = m.terms
        return Terms((*others, ("-" if sign == "+" else "+", term)))
    return None


def term_dropped(m: Math) -> Math | None:
    return Terms(m.terms[1:]) if isinstance(m, Terms) and len(m.terms) > 1 else None


def parenthesis_dropped(m: Math) -> Math | None:
    return m.body if isinstance(m, Paren) else None


def index_dropped(m: Math) -> Math | None:
    return replace(m, index=None) if isinstance(m, Name) and m.index is not None else None


def index_moved(m: Math) -> Math | None:
    return replace(m, index=_moved(m.index, -1)) if isinstance(m, Name) and m.index is not None else None


def name_exchanged(m: Math) -> Math | None:
    other = {"W": "U", "z": "a", "a": "z", "s": "a", "Z": "A", "A": "Z", "z_f": "z_i", "c": "h"}
    return replace(m, base=other[m.base]) if isinstance(m, Name) and m.base in other else None


def fraction_turned(m: Math) -> Math | None:
    return Frac(m.below, m.above) if isinstance(m, Frac) else None


def derivative_turned(m: Math) -> Math | None:
    return replace(m, of=m.wrt, wrt=m.of) if isinstance(m, Derivative) else None


def immediate_for_total(m: Math) -> Math | None:
    return replace(m, immediate=not m.immediate) if isinstance(m, Derivative) else None


def power_changed(m: Math) -> Math | None:
    return replace(m, exponent=Num(Fraction(3))) if isinstance(m, Power) else None


def entrywise_power_for_power(m: Math) -> Math | None:
    return replace(m, entrywise=not m.entrywise) if isinstance(m, Power) else None


def number_changed(m: Math) -> Math | None:
    return Num(m.value + 1) if isinstance(m, Num) else None


def grid_turned(m: Math) -> Math | None:
    return Grid(tuple(zip(*m.rows, strict=True))) if isinstance(m, Grid) else None


def grid_rows_swapped(m: Math) -> Math | None:
    return Grid(m.rows[::-1]) if isinstance(m, Grid) and len(m.rows) > 1 else None


def dot_for_applied(m: Math) -> Math | None:
    """Write (· a) for what a is applied to, as in an operator."""
    if isinstance(m, Row) and len(m.items) > 1:
        return row(*m.items[:-1], Paren(row(Symbol("·", r"\cdot"), m.items[-1])))
    return None


def trace_of_dot(m: Math) -> Math | None:
    inner = row(Transposed(m.items[-1]), Symbol("·", r"\cdot")) if isinstance(m, Row) else m
    return row(*m.items[:-1], Call(Symbol("tr", r"\operatorname{tr}"), (inner,))) if isinstance(m, Row) else None
