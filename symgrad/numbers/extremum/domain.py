"""Domains: the intervals over which the variables of a claim run: ``w >= 4``, ``z in [0, oo)``, ``0 < y < 1``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import islice, product
from random import Random
from typing import Any

from symgrad.arithmetic import arithmetic
from symgrad.errors import ReadError, SymgradError
from symgrad.network.formula import read_formula
from symgrad.network.syntax.line import canonical
from symgrad.numbers.extremum.real_domain import RealDomain as RealDomain

Domain = tuple[RealDomain, ...]


def read_domain(*texts: str) -> Domain:
    """Read intervals: ``read_domain("w >= 4", "0 < y < 1", "z in [0, oo)", "b real")``.

    >>> print(*read_domain("w >= 4", "1 < v", "0 < y <= 1/2", "z in [0, oo)", "abs(b) < 1", "x real"), sep=", ")
    w ≥ 4, v > 1, 0 < y ≤ 1/2, z ≥ 0, -1 < b < 1, x real
    """
    return tuple(_read(text) for text in texts)


def whole_line(variables: Iterable[str], given: Domain) -> Domain:
    """Return the given intervals and, for each other variable, the real line."""
    known = {i.variable for i in given}
    return (*given, *(RealDomain(v) for v in variables if v not in known))


_NAME = r"[^\W\d]\w*"
_SIGN = r"(<=|>=|<|>|≤|≥)"
LOW, HIGH = ("-oo", "-∞"), ("oo", "+oo", "∞", "+∞")
"""What an interval that has no low end, or no high end, writes in its place."""


def _read(text: str) -> RealDomain:
    plain = text.strip()
    if match := re.fullmatch(rf"({_NAME})\s+real", plain):
        return RealDomain(canonical(match[1]))
    if match := re.fullmatch(rf"({_NAME})\s+in\s*([\[(])([^,]+),([^,]+)([\])])", plain):
        ends = _end(match[3], text, LOW), _end(match[4], text, HIGH)
        return _interval(text, canonical(match[1]), *ends, match[2] == "(", match[5] == ")")
    if match := re.fullmatch(rf"(?:abs\(({_NAME})\)|\|({_NAME})\|)\s*(<=|<|≤)(.+)", plain):
        end = _end(match[4], text, HIGH)
        variable, is_open = canonical(match[1] or match[2]), match[3] == "<"
        return _interval(text, variable, None if end is None else -end, end, is_open, is_open)
    if match := re.fullmatch(rf"(.+?)(<=|<|≤)\s*({_NAME})\s*(<=|<|≤)(.+)", plain):
        ends = _end(match[1], text, LOW), _end(match[5], text, HIGH)
        return _interval(text, canonical(match[3]), *ends, match[2] == "<", match[4] == "<")
    if match := re.fullmatch(rf"({_NAME})\s*{_SIGN}(.+)", plain):
        is_high, is_open = match[2] in ("<", "<=", "≤"), match[2] in "<>"
        end = _end(match[3], text, HIGH if is_high else LOW)
        if is_high:
            return _interval(text, canonical(match[1]), None, end, True, is_open)
        return _interval(text, canonical(match[1]), end, None, is_open, True)
    if match := re.fullmatch(rf"(.+?)(<=|<|≤)\s*({_NAME})", plain):
        return _interval(text, canonical(match[3]), _end(match[1], text, LOW), None, match[2] == "<", True)
    raise ReadError(f"{text!r} is not an interval", todo="write 'z in [0, oo)', 'w >= 4', '0 < y < 1' or 'z real'")


def _interval(
    text: str, x: str, low: Fraction | None, high: Fraction | None, open_low: bool, open_high: bool
) -> RealDomain:
    if low is not None and high is not None and (low > high or (low == high and (open_low or open_high))):
        raise _empty(text)
    return RealDomain(x, low, high, open_low or low is None, open_high or high is None)


def _empty(text: str) -> ReadError:
    return ReadError(f"the interval {text!r} is empty", todo="put the smaller end first")


def _end(text: str, whole: str, side: tuple[str, ...]) -> Fraction | None:
    if text.strip() in (*LOW, *HIGH):
        if text.strip() not in side:
            raise _empty(whole)
        return None
    A = arithmetic("exact")
    try:
        value: Any = read_formula(text.strip())(A)
        return Fraction(int(value.p), int(value.q))
    except (SymgradError, KeyError):
        raise ReadError(
            f"the end {text.strip()!r} of the interval {whole!r} is not a rational number",
            todo="write 4, 1/2, 0.5 or oo",
        ) from None


def points(domain: Domain, seed: int, count: int) -> Iterator[dict[str, Fraction]]:
    """Yield points of a domain; the same seed gives the same points."""
    random = Random(f"{domain}|{seed}")
    for _ in range(count):
        yield {i.variable: i.draw(random) for i in domain}


def corners(domain: Domain, also: Iterable[int] = (), most: int = 64) -> Iterator[dict[str, Fraction]]:
    """Yield points whose coordinates are ends that belong to the domain, or numbers in it, or else in the middle.

    >>> [str(p["x"]) for p in corners(read_domain("0 < x <= 3"), also=(0, 1))]
    ['3', '1']
    """
    choices = []
    for i in domain:
        ends = [None if i.open_low else i.low, None if i.open_high else i.high, *map(Fraction, also)]
        choices.append(list(dict.fromkeys(q for q in ends if q is not None and i.holds(q))) or [i.middle])
    for place in islice(product(*choices), most):
        yield dict(zip((i.variable for i in domain), place, strict=True))


def far_points(domain: Domain, seed: int, count: int) -> Iterator[dict[str, Fraction]]:
    """Yield points of which each goes another power of 2 farther out, up to 2^``count``; none of a bounded domain."""
    random = Random(f"{domain}|{seed}|far")
    for k in range(1, count + 1) if any(not i.bounded for i in domain) else ():
        yield {i.variable: i.draw(random, 2**k) for i in domain}
