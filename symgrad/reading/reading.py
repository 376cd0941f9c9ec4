"""The ways in which a printed formula can be read, where there are several."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from itertools import islice, product

MOST = 40
"""Readings that are tried."""

ANY = "any"
"""The reading of a name as something that is not known."""

DEFINITIONS = ("first", "second", "third", "fourth", "last")
"""Which of its definitions a name has; the last is what holds for any parameter, where any will do."""

ALTERNATIVES: dict[str, tuple[str, ...]] = {
    "log": ("e", "10", "2"),
    "angle": ("argument", "factor"),
    "comma": ("thousands", "decimal"),
    "mixed": ("sum", "product"),
    "hyperbolic": ("yes", "no"),
    "slash": ("first", "last"),
    "percent": ("number", "part"),
    "e": ("Euler", "letter"),
    "definition": DEFINITIONS,
    "sigma": ("sigmoid", "tanh", "relu", "softplus"),
    "Phi": ("Phi", ANY),
    "Gamma": ("Gamma", ANY),
    "lg": ("10", "2"),
    "scope": ("factors", "terms"),
    "turn": ("radians", "degrees"),
    "aside": ("factor", "aside"),
    "above": ("power", "index"),
    "scientific": ("number", "factor"),
    "exclaimed": ("factorial", "mark"),
    "bar": ("sum", "factor"),
    "raised": ("number", "digit"),
    "reach": ("near", "far"),
    "operator": ("near", "far"),
    "braces": ("whole", "shown"),
}
Meant = Mapping[str, tuple[str, ...]]
"""The plausible readings of what is ambiguous, the likeliest first."""
NOTHING: Meant = {}
SAID = {
    ("log", "10"): "log to base 10",
    ("log", "2"): "log to base 2",
    ("angle", "factor"): "cos π/3 as (cos π)/3",
    ("comma", "decimal"): "decimal comma",
    ("mixed", "product"): "a number before a fraction as a factor",
    ("hyperbolic", "no"): "sin h x as a product",
    ("slash", "last"): "1/2x as 1/(2x), 5/1/6 as 5/(1/6)",
    ("percent", "part"): "a percentage of what it is added to",
    ("e", "letter"): "e as a letter",
    ("sigma", "tanh"): "σ as tanh",
    ("sigma", "relu"): "σ as ReLU",
    ("sigma", "softplus"): "σ as softplus",
    ("sigma", ANY): "σ as another function",
    ("Phi", ANY): "Φ as another function",
    ("Gamma", ANY): "Γ as another function",
    ("lg", "2"): "lg to base 2",
    ("scope", "terms"): "a sum of all that follows",
    ("turn", "degrees"): "angles in degrees",
    ("reach", "far"): "a function of all that is behind it",
    ("braces", "shown"): "a function of what is next to it, as the page shows it without braces",
    ("operator", "far"): "a derivative of all factors behind it",
    ("aside", "aside"): "what stands in parentheses as an aside",
    ("scientific", "factor"): "8/2 × 10^3 as (8/2) × 10^3",
    ("exclaimed", "mark"): "! as a mark behind the sentence",
    ("raised", "digit"): "one digit of a number without braces as the exponent",
    ("bar", "factor"): "a bar with limits behind the last term alone",
    ("above", "index"): "what stands in parentheses above a letter as an index, or the order of a derivative",
    ("definition", "second"): "the second definition of the activation",
    ("definition", "third"): "the third definition of the activation",
    ("definition", "fourth"): "the fourth definition of the activation",
    ("definition", "last"): "another definition of the activation",
}


@dataclass(frozen=True)
class Reading:
    """How what is ambiguous is read; the first alternative is the usual one."""

    log: str = "e"
    angle: str = "argument"
    comma: str = "thousands"
    mixed: str = "sum"
    hyperbolic: str = "yes"
    slash: str = "first"
    percent: str = "number"
    e: str = "Euler"
    definition: str = "first"
    sigma: str = "sigmoid"
    Phi: str = "Phi"
    Gamma: str = "Gamma"
    lg: str = "10"
    scope: str = "factors"
    turn: str = "radians"
    aside: str = "factor"
    reach: str = "near"
    operator: str = "near"
    above: str = "power"
    scientific: str = "number"
    exclaimed: str = "factorial"
    bar: str = "sum"
    raised: str = "number"
    braces: str = "whole"

    def __str__(self) -> str:
        said = [SAID[f.name, value] for f in fields(self) if (f.name, value := getattr(self, f.name)) in SAID]
        return ", ".join(said)

    @property
    def is_open(self) -> bool:
        """Whether it leaves unknown what a name means: in it nothing can be refuted."""
        if ANY in (self.sigma, self.Phi, self.Gamma):
            return True
        return self.e == "letter" or self.above == "index" or self.definition == DEFINITIONS[-1]


def readings(ambiguous: frozenset[str], meant: Meant = NOTHING) -> Iterator[Reading]:
    """Yield the readings of a formula with these ambiguities, from the usual one to those that differ in more from it.

    meant: what is plausible of a name in this text, where that is not what is plausible anywhere.

    >>> [str(r) for r in readings(frozenset(["log"]))]
    ['', 'log to base 10', 'log to base 2']
    >>> [str(r) for r in readings(frozenset(["log"]), {"log": ("2",)})]
    ['log to base 2']
    """
    plausible = {**ALTERNATIVES, **meant}
    names = sorted((ambiguous | meant.keys()) & plausible.keys())
    choices = product(*(enumerate(plausible[name] if name in ambiguous else plausible[name][:1]) for name in names))
    unusual = sorted(islice(choices, MOST**2), key=lambda c: sum(n > 0 for n, _ in c))
    for chosen in unusual[:MOST]:
        yield replace(Reading(), **{name: value for name, (_, value) in zip(names, chosen, strict=True)})
