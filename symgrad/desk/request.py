"""A request in a line, as documents and directives write it: ``rnn.eq of=h[T] wrt=h[k] label=eq:jac``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from symgrad.errors import SymgradError, UnknownName

POWER, VALUE, FIGURE = "power", "value", "figure"
ONCE = ("of", "depth", "activation", "cost", "layout", "form", "detail", "only", "label", "env", "labels", "notation")
OFTEN = ("wrt", "function", "let")
CHECKED = ("seed", "precision", "timeout")
OF_FIGURES = (
    *("of", "wrt", "depths", "at", "steps", "from", "to", "view"),
    *("activation", "cost", "function", "let", "notation", "label", "caption", "alt", "seed", "precision", "timeout"),
)
OF_NUMBERS = {POWER: ("digits", "name"), VALUE: ("digits", "at", "name")}


@dataclass(frozen=True)
class Derivative:
    """A derivative that is asked for. model: a built-in model or a file. options: by name; of those that may be given
    several times, in order."""

    model: str
    options: Mapping[str, tuple[str, ...]]

    def once(self, name: str, otherwise: str | None = None) -> str | None:
        """Return an option that is given once."""
        return self.options.get(name, (otherwise,))[0]


@dataclass(frozen=True)
class Number:
    """A number that is asked for: a power of two arguments, or the value of an expression."""

    kind: str
    arguments: tuple[str, ...]
    digits: int = 10
    at: tuple[tuple[str, str], ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Figure:
    """A picture that is asked for: of a network, or, where ``of`` is given, of the size of a derivative against the
    depth. model, options: as of a derivative; ``at`` may be given several times too."""

    model: str
    options: Mapping[str, tuple[str, ...]]

    def once(self, name: str, otherwise: str | None = None) -> str | None:
        """Return an option that is given once."""
        return self.options.get(name, (otherwise,))[0]


Request = Derivative | Number | Figure


def read_request(line: str) -> Request:
    """Return what a line asks for. Raises SymgradError and UnknownName, which say what may be asked.

    >>> read_request("rnn.eq of=h[T] wrt=h[k] let='W = 1.5*I'").options["let"]
    ('W = 1.5*I',)
    >>> read_request("power 1.5 149 digits=3")
    Number(kind='power', arguments=('1.5', '149'), digits=3, at=(), name='')
    """
    found = list(words(line))
    if not found:
        raise SymgradError("nothing is asked for", todo="write, for instance: symgrad: rnn.eq of=h[T] wrt=h[k]")
    first, *others = found
    if first in OF_NUMBERS:
        return number(first, *_sorted(others, OF_NUMBERS[first]))
    if first == FIGURE:
        plain, given = _sorted(others, OF_FIGURES)
        if len(plain) != 1:
            what = f"a figure is of one model, and {len(plain)} are named" if plain else "there is no model to draw"
            raise SymgradError(what, todo="write a model or a file, and then options: figure rnn.eq steps=3")
        return figure(plain[0], given)
    plain, given = _sorted(others, (*ONCE, *OFTEN, *CHECKED))
    if plain or "=" in first:
        odd = plain[0] if plain else first
        raise SymgradError(f"{odd!r} is no option", todo="write a model or a file, and then options: rnn.eq of=h[T]")
    return derivative(first, given)


EQUATIONS = "equations"


def read_block(text: str) -> tuple[Request, dict[str, str]]:
    """Return what a block asks for: a request in its first line, and perhaps the equations that it is about below.

    >>> request, equations = read_block("of=C wrt=w label=eq:c\\nC = w**2")
    >>> request.model, equations
    ('equations', {'equations': 'C = w**2'})
    """
    first, _, below = text.strip("\n").partition("\n")
    if not below.strip():
        return read_request(first), {}
    given = list(words(first))
    if given[:1] == [FIGURE] and all("=" in word for word in given[1:]):
        return read_request(f"{FIGURE} {EQUATIONS} {first.strip().removeprefix(FIGURE)}"), {EQUATIONS: below}
    if not given or "=" not in given[0]:
        raise SymgradError("there is a model, and there are equations", todo="name one, or write the others, not both")
    return read_request(f"{EQUATIONS} {first}"), {EQUATIONS: below}


def derivative(model: str, given: Mapping[str, Iterable[str]]) -> Derivative:
    """Return a request for a derivative, of options by name."""
    options = _options(given, (*ONCE, *OFTEN, *CHECKED), OFTEN)
    if "of" not in options:
        raise SymgradError("it is not said what is differentiated", todo="add of=C; below a directive, :of: C")
    return Derivative(model, options)


def figure(model: str, given: Mapping[str, Iterable[str]]) -> Figure:
    """Return a request for a picture, of options by name.

    >>> figure("chain", {"of": ["a[L]"], "wrt": ["a[0]"], "depths": ["1:50"], "at": ["w=1/2", "b=0"]}).options["at"]
    ('w=1/2', 'b=0')
    """
    options = _options(given, OF_FIGURES, ("at", "function", "let"))
    of_plots, of_drawings = ("wrt", "depths"), ("steps", "from", "to", "view")
    if "of" in options:
        for name in of_plots:
            if name not in options:
                example = "figure chain of=a[L] wrt=a[0] depths=1:100 at=w=1/2"
                raise SymgradError(f"a plot against the depth needs {name}", todo=f"write, for instance: {example}")
        odd = [name for name in of_drawings if name in options]
    else:
        odd = [name for name in (*of_plots, "at") if name in options]
    if odd:
        drawn = "a plot of a derivative" if "of" in options else "the picture of a network"
        raise SymgradError(f"{drawn} has no {odd[0]}", todo="leave it out; of=, wrt= and depths= ask for a plot")
    if ("from" in options) != ("to" in options):
        raise SymgradError("a path has two ends", todo="give from= and to=, or neither")
    return Figure(model, options)


def number(kind: str, arguments: list[str], given: Mapping[str, list[str]]) -> Number:
    """Return a request for a number."""
    wanted, example = (2, "power 1.5 149 digits=3") if kind == POWER else (1, "value 'x*tanh(x)' at=x=1/3 digits=5")
    if len(arguments) != wanted:
        raise SymgradError(f"{kind} takes {wanted}, and {len(arguments)} are given", todo=f"write {example}")
    digits = given.get("digits", ["10"])[-1]
    if not digits.isascii() or not digits.isdecimal():
        raise SymgradError(f"digits={digits} is no number of digits", todo="write digits=3")
    at = []
    for pair in given.get("at", []):
        name, sign, value = pair.partition("=")
        if not sign:
            raise SymgradError(f"at={pair} is no number of a variable", todo="write at=x=1/3")
        at.append((name.strip(), value.strip()))
    return Number(kind, tuple(arguments), int(digits), tuple(at), given.get("name", [""])[-1])


def _options(
    given: Mapping[str, Iterable[str]], known: tuple[str, ...], often: tuple[str, ...]
) -> dict[str, tuple[str, ...]]:
    options = {name: tuple(values) for name, values in given.items()}
    for name, values in options.items():
        if name not in known:
            raise UnknownName("option", name, known)
        if len(values) > 1 and name not in often:
            raise SymgradError(f"{name} is given {len(values)} times", todo="give it once")
    return options


_WORD = re.compile(r"""(?P<name>\w+=)?(?:"(?P<two>[^"]*)"|'(?P<one>[^']*)'|(?P<plain>\S+))(?=\s|\Z)""")


def words(line: str) -> Iterator[str]:
    """Yield the words of a line; what holds spaces stands in quotation marks, and sigma'(x) is a word."""
    for m in _WORD.finditer(line):
        plain = m["plain"]
        if plain is not None and plain[0] in "\"'":
            raise SymgradError(f"a quotation mark is not closed in {line!r}", todo="close it")
        yield (m["name"] or "") + (plain if plain is not None else m["two"] if m["two"] is not None else m["one"])


def whole(options: Derivative | Figure, name: str) -> int | None:
    """Return an option that is a whole number, or None. Raises SymgradError for another."""
    text = options.once(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise SymgradError(f"{name}={text} is no whole number", todo=f"write {name}=3")
    return int(text)


def _sorted(words: list[str], known: tuple[str, ...]) -> tuple[list[str], dict[str, list[str]]]:
    """Return the words that are no options, and the options by name."""
    plain: list[str] = []
    given: dict[str, list[str]] = {}
    for word in words:
        name, sign, value = word.partition("=")
        if sign and name.isidentifier():
            if name not in known:
                raise UnknownName("option", name, known)
            given.setdefault(name, []).append(value)
        else:
            plain.append(word)
    return plain, given
