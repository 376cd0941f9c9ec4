"""Formulas with the values of what is random in them: E[aX + b], Var X, P(X > 3), M_X(t), F_X(x), σ_X."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from flint import arb, fmpq

from symgrad.audit.chance.events import probability
from symgrad.audit.chance.laws.formula import median as halved
from symgrad.audit.chance.laws.law import Law, exponential, root
from symgrad.audit.chance.polynomial import coefficients, product
from symgrad.audit.chance.region import Interval
from symgrad.audit.chance.setting import Setting
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import EVENT, Apply, Node, Symbol, Unknown, rebuilt, symbols, walk
from symgrad.reading.value import UndefinedError, Value, evaluate

MEANS, VARIANCES, DEVIATIONS, CHANCES = ("E",), ("Var", "V"), ("sd", "SD", "Sd", "std"), ("P", "Pr")
MEDIANS = ("median", "Med", "med")
OF_LAW = ("F", "f", "p", "M", "m", "G", "S")
"""Functions that are named for the random variable that stands below them."""
HIGHEST = 4


def valued(node: Node, setting: Setting, values: dict[str, Value]) -> Node:
    """Return a formula with a letter for each mean or probability in it, whose values are put into ``values``.

    Raises NotUnderstoodError or UndefinedError for what has no value here.
    """
    if (value := _value(node, setting, values)) is not None:
        name = f"value {len(values)}"
        values[name] = value
        return Symbol(name)
    match node:
        case Unknown(name, (argument,), 0) if name in setting.letters:  # a factor before parentheses, r(1 - p)
            return Apply("*", (Symbol(name), valued(argument, setting, values)))
    if isinstance(node, Unknown):
        raise NotUnderstoodError(f"the function {node.name}")
    return rebuilt(node, lambda n: valued(n, setting, values))


def is_random(node: Node, letters: frozenset[str] | set[str]) -> bool:
    """Tell whether a node is a mean or a probability, or the like, of some random letters."""
    match node:
        case Unknown(name, (Symbol(inside),)) if name in CHANCES and inside.startswith(EVENT):
            return any(re.search(rf"(?<![A-Za-z_]){re.escape(x)}(?![A-Za-z_])", inside) for x in _spelt(letters))
        case Unknown(name, (argument,), 0) if name in (*MEANS, *VARIANCES, *DEVIATIONS, *MEDIANS):
            return bool(symbols(argument) & letters)
        case Apply("*", (Symbol("S"), Unknown("D", (argument,)))) | Apply("sigmoid", (argument,), 0):
            return bool(symbols(argument) & letters)
        case Unknown(name, (_,), 0):
            return _of_law(name, letters) is not None and "_" in name
        case Apply("*", (Symbol(name), argument)) if name in (*MEANS, "Var"):
            return _is_bare(argument, letters)
        case Symbol(name):
            return name.partition("_")[0] in ("mu", "sigma") and name.partition("_")[2] in letters
    return False


def _spelt(letters: frozenset[str] | set[str]) -> Iterator[str]:
    """Yield letters as their tokens are written in an event, X _ 1."""
    for letter in letters:
        base, _, index = letter.partition("_")
        yield f"{base} _ {index}" if index else letter


def _is_bare(node: Node, letters: frozenset[str] | set[str]) -> bool:
    match node:
        case Symbol(name):
            return name in letters
        case Apply("^", (Symbol(name), _)):
            return name in letters
    return False


def _of_law(name: str, letters: frozenset[str] | set[str]) -> tuple[str, str] | None:
    """Return the function and the random letter of F_X; of a bare F the only letter that there is."""
    base, _, index = name.partition("_")
    if base not in OF_LAW:
        return None
    if index in letters:
        return base, index
    return (base, min(letters)) if not index and base in ("F", "f", "p") and len(letters) == 1 else None


def _value(node: Node, setting: Setting, values: dict[str, Value]) -> Value | None:
    match node:
        case Unknown(name, (Symbol(inside),)) if name in CHANCES and inside.startswith(EVENT):
            return probability(inside.removeprefix(EVENT), setting)
        case Unknown(name, (argument,), 0) if name in (*MEANS, *VARIANCES, *DEVIATIONS):
            return _moment(name, argument, setting, values)
        case Apply("*", (Symbol("S"), Unknown("D", (argument,)))) | Apply("sigmoid", (argument,), 0):
            return _moment("sd", argument, setting, values) if symbols(argument) & setting.laws.keys() else None
        case Unknown(name, (Symbol(letter),), 0) if name in MEDIANS and letter in setting.laws:
            return median(setting.laws[letter])
        case Apply("*", (Symbol(name), argument)) if name in (*MEANS, "Var") and _is_bare(argument, {*setting.laws}):
            setting.doubts.add("E or Var without parentheses")
            return _moment(name, argument, setting, values)
        case Unknown(name, (argument,), 0) if found := _of_law(name, {*setting.laws}):
            if "_" not in name:
                setting.doubts.add(f"{name} may be another function")
            at = valued(argument, setting, values)
            return _function(found[0], setting.laws[found[1]], evaluate(at, _letters(setting, values)), setting)
        case Symbol(name) if is_random(node, {*setting.laws}):
            law = setting.laws[name.partition("_")[2]]
            return law.mean if name.startswith("mu") else root(law.variance)
    return None


def _letters(setting: Setting, values: Mapping[str, Value]) -> dict[str, Value]:
    return {**setting.letters, **values}


def _function(name: str, law: Law, at: Value, setting: Setting) -> Value:
    """Return a cdf, a density or a transform of a law."""
    if isinstance(at, list):
        raise NotUnderstoodError("a function of a law at a vector")
    match name:
        case "F":
            return setting.chances(law, Interval(None, at))
        case "S":
            return setting.chances(law, Interval(at, None, True))
        case "f" | "p":
            return _density(law, at)
        case "G" if law.discrete and law.transform and at > 0:
            return law.transform(arb(at).log())
        case "M" | "m" if law.transform:
            return law.transform(at)
    raise UndefinedError("a function that the law has not")


def _density(law: Law, at: Value) -> Value:
    if (law.low is not None and at < law.low) or (law.high is not None and at > law.high):
        return fmpq(0)
    if law.masses:
        return law.at(at)
    if law.discrete and not (isinstance(at, fmpq) and at.q == 1):
        raise UndefinedError("the probability of what is no integer")
    return law.at(int(at) if law.discrete else at)


def median(law: Law) -> Value:
    """Return the middle of a law; raises UndefinedError where there is no formula for it."""
    if law.middle is None and law.expect is not None:
        return halved(law)
    if law.middle is None:
        raise UndefinedError("a median without a formula")
    return law.middle


# --- means --------------------------------------------------------------------------------------------


def _moment(name: str, argument: Node, setting: Setting, values: dict[str, Value]) -> Value:
    inner = valued(argument, setting, values)
    letters = _letters(setting, values)
    random = sorted(symbols(inner) & setting.laws.keys())
    if len(random) != 1:
        return _of_several(name, inner, random, setting, letters)
    law = setting.laws[random[0]]
    if name in MEANS:
        return _mean(inner, random[0], law, letters)
    found = coefficients(inner, random[0], letters)
    mean = _expected(found, law)
    variance = _expected(product(found, found), law) - mean * mean  # a power of a ball around 0 is none
    return root(variance) if name in DEVIATIONS else variance


def _expected(polynomial: list[Value], law: Law) -> Value:
    if len(polynomial) > 2 * HIGHEST + 1:
        raise NotUnderstoodError("a high power")
    terms = [c if k == 0 else c * law.raw(k) for k, c in enumerate(polynomial) if not _is_zero(c)]
    return sum(terms, fmpq(0))


def _is_zero(x: Value) -> bool:
    """Tell whether a number is 0; a ball around it need not be."""
    return isinstance(x, fmpq) and bool(x == 0)


def _mean(inner: Node, letter: str, law: Law, letters: Mapping[str, Value]) -> Value:
    """Return the mean of a polynomial, of e^{tX}, or of any function of few integers."""
    match inner:
        case Apply("^", (Apply("e"), power)) | Apply("exp", (power,)) if law.transform:
            found = coefficients(power, letter, letters)
            if len(found) == 2:
                return law.transform(found[1]) * exponential(found[0])
    try:
        return _expected(coefficients(inner, letter, letters), law)
    except NotUnderstoodError:
        if law.expect is None and (not law.discrete or law.low is None or law.high is None):
            raise
    if law.expect is not None:
        return law.expect(inner, letter, letters)
    if law.masses:
        return sum((p * evaluate(inner, {**letters, letter: v}) for v, p in law.masses), fmpq(0))
    if law.low is None or law.high is None:
        raise NotUnderstoodError("the mean of a function")
    values = ((k, evaluate(inner, {**letters, letter: fmpq(k)})) for k in range(int(law.low.p), int(law.high.p) + 1))
    return sum((law.at(k) * value for k, value in values), fmpq(0))


def _of_several(name: str, inner: Node, random: list[str], setting: Setting, letters: Mapping[str, Value]) -> Value:
    """Return the mean of a sum, and its variance where its terms are independent."""
    if not random or (name not in MEANS and not setting.independent):
        raise NotUnderstoodError("a mean or a variance of nothing random, or of several that may depend")
    zero = {x: fmpq(0) for x in random}
    constant = evaluate(inner, {**letters, **zero})
    slopes = {x: evaluate(inner, {**letters, **zero, x: fmpq(1)}) - constant for x in random}
    twice = evaluate(inner, {**letters, **{x: fmpq(2 + i) for i, x in enumerate(random)}}) - constant
    if any(isinstance(n, Apply) and n.name not in ("+", "-", "neg", "*", "/") for n in walk(inner)) or not (
        twice == sum(((2 + i) * slopes[x] for i, x in enumerate(random)), fmpq(0))
    ):
        raise NotUnderstoodError("no sum of random variables")
    if name in MEANS:
        return constant + sum((slopes[x] * setting.laws[x].mean for x in random), fmpq(0))
    variance = sum((slopes[x] ** 2 * setting.laws[x].variance for x in random), fmpq(0))
    return root(variance) if name in DEVIATIONS else variance
