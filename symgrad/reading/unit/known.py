"""The units by their names: what each is in those of the SI."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

BASES = ("m", "kg", "s", "A", "K", "mol", "cd", "bit", "°C", "°F", "rev")
"""What has a dimension of its own. Degrees have, for a temperature is no product; a turn is no angle in radians."""
Dimension = tuple[Fraction, ...]
"""The powers of the bases."""
NONE: Dimension = (Fraction(0),) * len(BASES)


@dataclass(frozen=True)
class Unit:
    """A unit: its scales in the bases, of which any may be meant, and its dimension.

    loose: a word that may mean something else too, as M for molar. rounded: a scale that people print with few digits.
    """

    scales: tuple[Fraction, ...]
    dimension: Dimension
    loose: bool = False
    rounded: bool = False


LENGTHS, SMALL, ALL, BINARY = "kcdmµunpf", "munpfµ", "fpnµumcdhkMGT", "kKMGTP"
SYMBOLS: dict[str, tuple[str, str, str]] = {
    "m": ("1", "m", "kcdmµunpf"),
    "g": ("1/1000", "kg", "kmµun"),
    "s": ("1", "s", "mµnpf"),
    "A": ("1", "A", "kmµnp"),
    "K": ("1", "K", "mµk"),
    "mol": ("1", "mol", "kmµn"),
    "cd": ("1", "cd", ""),
    "Hz": ("1", "s-1", "kMGTm"),
    "N": ("1", "kg m s-2", "kMGmµun"),
    "Pa": ("1", "kg m-1 s-2", "hkMGm"),
    "J": ("1", "kg m2 s-2", "kMGTmµn"),
    "W": ("1", "kg m2 s-3", "kMGTmµn"),
    "C": ("1", "A s", "mµunpk"),
    "V": ("1", "kg m2 s-3 A-1", "kMGmµn"),
    "F": ("1", "kg-1 m-2 s4 A2", "mµunp"),
    "Ω": ("1", "kg m2 s-3 A-2", "kMGmµ"),
    "S": ("1", "kg-1 m-2 s3 A2", "mµn"),
    "Wb": ("1", "kg m2 s-2 A-1", "mµ"),
    "T": ("1", "kg s-2 A-1", "mµn"),
    "H": ("1", "kg m2 s-2 A-2", "mµn"),
    "lm": ("1", "cd", "k"),
    "lx": ("1", "cd m-2", "k"),
    "Bq": ("1", "s-1", "kMG"),
    "Gy": ("1", "m2 s-2", "mµc"),
    "Sv": ("1", "m2 s-2", "mµ"),
    "kat": ("1", "mol s-1", ""),
    "L": ("1/1000", "m3", "mcdhµun"),
    "l": ("1/1000", "m3", "mcdhµ"),
    "Wh": ("3600", "kg m2 s-2", "kMGTm"),
    "Ah": ("3600", "A s", "m"),
    "VA": ("1", "kg m2 s-3", "kM"),
    "bar": ("100000", "kg m-1 s-2", "mk"),
    "bit": ("1", "bit", "kKMGT"),
    "b": ("1", "bit", "kKMGT"),
    "rad": ("1", "", "mµ"),
    "sr": ("1", "", ""),
    "min": ("60", "s", ""),
    "h": ("3600", "s", ""),
    "hr": ("3600", "s", ""),
    "hrs": ("3600", "s", ""),
    "sec": ("1", "s", ""),
    "d": ("86400", "s", ""),
    "ha": ("10000", "m2", ""),
    "t": ("1000", "kg", ""),
    "Å": ("1e-10", "m", ""),
    "°C": ("1", "°C", ""),
    "°F": ("1", "°F", ""),
    "rev": ("1", "rev", ""),
    "rpm": ("1/60", "rev s-1", ""),
    "cc": ("1e-6", "m3", ""),
    "dyn": ("1e-5", "kg m s-2", ""),
    "erg": ("1e-7", "kg m2 s-2", ""),
    "kph": ("5/18", "m s-1", ""),
}
"""Symbols: their scale, their dimension, and the prefixes that they have."""
ROUNDED: dict[str, tuple[str, str, str]] = {
    "eV": ("1.602176634e-19", "kg m2 s-2", "mkMGT"),
    "cal": ("4.184 4.1868 4.2", "kg m2 s-2", "k"),
    "u": ("1.66053906660e-27", "kg", ""),
    "Da": ("1.66053906660e-27", "kg", "k"),
    "atm": ("101325", "kg m-1 s-2", ""),
    "torr": ("20265/152", "kg m-1 s-2", ""),
    "Torr": ("20265/152", "kg m-1 s-2", "m"),
    "mmHg": ("20265/152 133.322387415", "kg m-1 s-2", ""),
    "psi": ("6894.757293168", "kg m-1 s-2", "k"),
    "lb": ("0.45359237", "kg", ""),
    "lbs": ("0.45359237", "kg", ""),
    "mi": ("1609.344", "m", ""),
    "nmi": ("1852", "m", ""),
    "mph": ("0.44704", "m s-1", ""),
    "ft": ("0.3048", "m", ""),
    "yd": ("0.9144", "m", ""),
    "ly": ("9460730472580800", "m", ""),
    "AU": ("149597870700", "m", ""),
    "pc": ("30856775814913673", "m", "kMG"),
}
"""The same, of those whose scale has more digits than people print."""
LOOSE: dict[str, tuple[str, str, str]] = {
    "M": ("1000", "mol m-3", "mµn"),
    "B": ("8", "bit", ""),
    "a": ("31557600 31536000", "s", ""),
    "yr": ("31557600 31536000 31556952 31104000 31622400", "s", "kMG"),
    "y": ("31557600 31536000 31556952", "s", ""),
    "Cal": ("4184 4186.8 4200", "kg m2 s-2", ""),
    "hp": ("745.7 735.5 746", "kg m2 s-3", ""),
    "oz": ("0.028349523125", "kg", ""),
    "gal": ("0.003785411784 0.00454609", "m3", ""),
    "ppm": ("1e-6", "", ""),
}
"""The same, of those that may mean something else."""
PREFIXES = {"f": -15, "p": -12, "n": -9, "µ": -6, "u": -6, "m": -3, "c": -2, "d": -1, "h": 2, "k": 3, "K": 3}
PREFIXES |= {"M": 6, "G": 9, "T": 12, "P": 15}
NAMES = {
    "second": "s", "meter": "m", "metre": "m", "gram": "g", "gramme": "g", "ampere": "A", "amp": "A", "kelvin": "K",
    "mole": "mol", "hertz": "Hz", "newton": "N", "pascal": "Pa", "joule": "J", "watt": "W", "volt": "V",
    "coulomb": "C", "farad": "F", "ohm": "Ω", "siemens": "S", "weber": "Wb", "tesla": "T", "henry": "H", "lumen": "lm",
    "becquerel": "Bq", "liter": "L", "litre": "L", "electronvolt": "eV", "bit": "bit", "byte": "B", "calorie": "cal",
    "radian": "rad", "gray": "Gy", "sievert": "Sv", "watthour": "Wh", "tonne": "t", "hectare": "ha",
}  # fmt: skip
"""Names that have a plural, and prefixes in words."""
OF_PREFIXES = {"kilo": "k", "mega": "M", "giga": "G", "tera": "T", "centi": "c", "deci": "d", "hecto": "h"}
OF_PREFIXES |= {"milli": "m", "micro": "µ", "nano": "n", "pico": "p", "femto": "f"}
WORDS = {
    "minute": "min", "minutes": "min", "hour": "h", "hours": "h", "day": "d", "days": "d", "mile": "mi", "miles": "mi",
    "foot": "ft", "feet": "ft", "yard": "yd", "yards": "yd", "year": "yr", "years": "yr",
    "revolution": "rev", "revolutions": "rev",
    "Stunde": "h", "Stunden": "h", "Tag": "d", "Tage": "d", "Minuten": "min", "Sekunden": "s", "Meter": "m",
    "Gramm": "g", "Kilogramm": "kg", "heures": "h", "jours": "d", "horas": "h", "metros": "m", "metres": "m",
}  # fmt: skip
"""Other words."""
WEEK, INCH, MONTH = ("week", "weeks", "wk"), ("inch", "inches"), ("month", "months")
SCALED_BYTES = re.compile(r"([kKMGTP])(i?)(B|Byte|bytes?)")
_POWER = re.compile(r"(°?[A-Za-z]+)(-?\d*)")


def dimension(text: str) -> Dimension:
    """Return a dimension from the bases and their powers.

    >>> [str(n) for n in dimension("kg m2")[:3]]
    ['2', '1', '0']
    """
    found = {name: Fraction(power or 1) for name, power in _POWER.findall(text)}
    return tuple(found.get(base, Fraction(0)) for base in BASES)


@lru_cache(maxsize=1)
def units() -> dict[str, Unit]:
    """Return all units by their symbols and names."""
    found: dict[str, Unit] = {}
    for table in (LOOSE, ROUNDED, SYMBOLS):
        for symbol, (scales, of, prefixes) in table.items():
            values = tuple(map(Fraction, scales.split()))
            unit = Unit(values, dimension(of), table is LOOSE, table is ROUNDED)
            for prefix in prefixes:
                power = Fraction(10) ** PREFIXES[prefix]
                found[prefix + symbol] = Unit(
                    tuple(v * power for v in values), unit.dimension, unit.loose, unit.rounded
                )
            found[symbol] = unit
    for name, symbol in _named():
        if symbol in found:
            found[name] = found[symbol]
    day, metre = found["d"], found["m"]
    found |= dict.fromkeys(WEEK, Unit((7 * day.scales[0],), day.dimension))
    found |= dict.fromkeys(
        MONTH, Unit(tuple(n * day.scales[0] for n in (30, 31, Fraction(487, 16))), day.dimension, True)
    )
    found |= dict.fromkeys(INCH, Unit((Fraction("0.0254"),), metre.dimension, rounded=True))
    return found


def _named() -> Iterator[tuple[str, str]]:
    yield from WORDS.items()
    for name, symbol in NAMES.items():
        for prefix, sign in (("", ""), *OF_PREFIXES.items()):
            yield prefix + name, sign + symbol
            yield f"{prefix}{name}s", sign + symbol


def unit(name: str) -> Unit | None:
    """Return a unit by its symbol or its name; None for any other word.

    >>> unit("km").scales, unit("kilometers") == unit("km"), unit("apples")
    ((Fraction(1000, 1),), True, None)
    """
    name = name.replace("μ", "µ").replace("\u2126", "Ω")
    found = units().get(name) or (units().get(name.lower()) if len(name) > 3 else None)
    if found is not None or not (sized := SCALED_BYTES.fullmatch(name)):
        return found
    power = PREFIXES[sized[1]]
    scales = () if sized[2] else (Fraction(8) * 10**power,)
    return Unit((*scales, Fraction(8) * 1024 ** (power // 3)), dimension("bit"))


def as_difference(name: str) -> Unit | None:
    """Return the unit that a temperature in degrees is where it is a difference; None for any other unit.

    >>> as_difference("°C") == unit("K"), as_difference("K")
    (False, None)
    """
    scale = {"°C": Fraction(1), "°F": Fraction(5, 9)}.get(name)
    return None if scale is None else Unit((scale,), dimension("K"), loose=True)
