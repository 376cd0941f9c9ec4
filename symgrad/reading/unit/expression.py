r"""A unit as it is written: km/h, m s^{-2}, J/(kg·K), \kilo\gram\per\cubic\metre, as a product of powers of units."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import islice, product

from symgrad.reading.unit.known import NONE, OF_PREFIXES, Dimension, as_difference, unit

LONGEST = 80
MOST = 8
"""Meanings of one unit that are tried."""
_PART = re.compile(
    r"\s*(?:(?P<per>/|per\b)|(?P<times>[·⋅*.]|[-–](?=[^\W\d])|\\cdot(?![a-z])|\\times(?![a-z])|\\,|~|\\ )|"
    r"(?P<open>\()|(?P<close>\))|(?P<one>1(?=\s*/))|"
    r"(?P<name>°[CF]|(?:\\mu\s*|[^\W\d_])+(?:\\Omega|\\ohm)?|\\Omega|\\ohm|\\AA)"
    r"(?:\s*\^\s*\{?\s*(?P<power>[-−–]?\d)\s*\}?|(?P<raised>[⁻]?[¹²³⁴])|(?P<plain>-?[1-4])(?!\d))?)"
)
_COMMAND = re.compile(r"\\([A-Za-z]+)|\s+|(~|\\[,;: ])")
_MERCURY = re.compile(r"mm\s*Hg")
RAISED = str.maketrans("⁻¹²³⁴", "-1234")
POWERS = {"squared": 2, "cubed": 3}
BEFORE = {"square": 2, "cubic": 3}
SHORT = {"celsius": "°C", "degreeCelsius": "°C", "ohm": "Ω"}
LETTERS = 3
"""A symbol has fewer."""


@dataclass(frozen=True)
class Meaning:
    """What a unit may mean: its scale in the bases and its dimension; loose, rounded: as the parts of it are."""

    scale: Fraction
    dimension: Dimension
    loose: bool = False
    rounded: bool = False


def written(text: str) -> str:
    r"""Return a unit in one notation, a product of powers with bars; nothing for a text that is none.

    >>> written("kg m/s^2"), written("m s$^{-1}$"), written("J/(kg·K)"), written("of them")
    ('kg*m/s^2', 'm*s^-1', 'J/(kg*K)', '')
    """
    text = _MERCURY.sub("mmHg", text.replace("$", "").strip().rstrip(".,;"))
    if not text or len(text) > LONGEST:
        return ""
    parts, at, depth, again = list[str](), 0, 0, False
    while at < len(text):
        part = _PART.match(text, at)
        if part is None:
            return "" if text[at:].strip() else _closed(parts, depth)
        at = part.end()
        if part["per"]:
            parts.append("/")
        elif part["times"]:
            continue
        elif part["open"]:
            parts += ["*", "("] if again else ["("]
            depth += 1
        elif part["close"]:
            parts.append(")")
            depth -= 1
        elif part["one"]:
            parts.append("1")
        else:
            name = _symbol(part["name"])
            power = (part["power"] or part["raised"] or part["plain"] or "").translate(RAISED).replace("−", "-")
            if unit(name) is None:
                return ""
            parts += ["*"] if again else []
            parts.append(f"{name}^{power.replace('–', '-')}" if power else name)
        again = parts[-1] not in ("/", "(")
    return _closed(parts, depth)


def _closed(parts: list[str], depth: int) -> str:
    """Return the parts together; nothing where they are no unit: a bar at the end, a parenthesis that is open."""
    whole = depth == 0 and bool(parts) and parts[-1] != "/" and any(p[0].isalpha() or p[0] in "°Ω" for p in parts)
    return "".join(parts) if whole else ""


def _symbol(name: str) -> str:
    for command, sign in (("\\mu", "µ"), ("\\Omega", "Ω"), ("\\ohm", "Ω"), ("\\AA", "Å")):
        name = name.replace(command, sign)
    return "".join(name.split())


def of_siunitx(text: str) -> str:
    r"""Return a unit of the package siunitx in the same notation; nothing where it is not known.

    >>> of_siunitx(r"\kilo\gram\per\cubic\metre"), of_siunitx(r"\metre\per\second\squared"), of_siunitx("m/s")
    ('kilogram*metre^-3', 'metre*second^-2', 'm/s')
    """
    if "\\" not in text or not text.lstrip().startswith("\\"):
        return written(text)
    found: list[tuple[str, int]] = []
    sign, power, prefix, at = 1, 1, "", 0
    while at < len(text):
        command = _COMMAND.match(text, at)
        if command is None:
            return ""
        at, word = command.end(), command[1]
        if not word:
            continue
        if word in POWERS and found:
            found[-1] = found[-1][0], found[-1][1] * POWERS[word]
        elif word == "per":
            sign = -1
        elif word in BEFORE:
            power = BEFORE[word]
        elif word in OF_PREFIXES:
            prefix = word
        else:
            name = SHORT.get(word, word)
            symbol = f"{OF_PREFIXES[prefix]}{name}" if prefix and len(name) < LETTERS else f"{prefix}{name}"
            if unit(symbol) is None:
                return ""
            found.append((symbol, sign * power))
            sign, power, prefix = 1, 1, ""
    return "*".join(name if n == 1 else f"{name}^{n}" for name, n in found)


@lru_cache(maxsize=512)
def meanings(text: str) -> tuple[Meaning, ...]:
    """Return what a unit in that notation may mean: what stands behind a bar and a sign may be below it, or not.

    >>> [str(m.scale) for m in meanings("km/h")], len(meanings("J/kg*K"))
    (['5/18'], 2)
    """
    found = [m for inside in (True, False) for m in islice(_meant(text, inside), MOST)]
    return tuple(dict.fromkeys(found))


def _meant(text: str, inside: bool) -> list[Meaning]:
    """Return the meanings; inside: whether what stands behind a bar is below it up to the end."""
    tokens = re.findall(r"[()/*]|[^()/*]+", text)
    found, rest = _product(tokens, inside)
    return found if not rest else []


def _product(tokens: list[str], inside: bool) -> tuple[list[Meaning], list[str]]:
    whole = [Meaning(Fraction(1), NONE)]
    sign = 1
    while tokens and tokens[0] != ")":
        token, tokens = tokens[0], tokens[1:]
        if token == "/":
            sign = -1
            continue
        if token == "*":
            sign = sign if inside else 1
            continue
        if token == "(":
            part, tokens = _product(tokens, inside)
            tokens = tokens[1:]
        else:
            part = _power(token)
        whole = [_times(a, b, sign) for a, b in product(whole, part)][:MOST]
    return whole, tokens


def _power(token: str) -> list[Meaning]:
    name, _, power = token.partition("^")
    if name == "1":
        return [Meaning(Fraction(1), NONE)]
    of, n = unit(name), int(power or 1)
    if of is None:
        return []
    found = [of] if (other := as_difference(name)) is None else [of, other]
    return [Meaning(s**n, tuple(n * d for d in u.dimension), u.loose, u.rounded) for u in found for s in u.scales]


def _times(a: Meaning, b: Meaning, sign: int) -> Meaning:
    powers = tuple(x + sign * y for x, y in zip(a.dimension, b.dimension, strict=True))
    return Meaning(a.scale * b.scale**sign, powers, a.loose or b.loose, a.rounded or b.rounded)
