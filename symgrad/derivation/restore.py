"""Read a derivation from plain data. Nothing that is read is executed, and no evidence is taken on trust."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from symgrad.calculus.layout_name import check_layout
from symgrad.claims.kind import Claim
from symgrad.derivation.codec import Decoder, broken
from symgrad.derivation.data import FORMAT
from symgrad.derivation.derivation import Derivation
from symgrad.derivation.erratum import Erratum
from symgrad.derivation.first_format import claim_of
from symgrad.derivation.rule import rule
from symgrad.derivation.step import Step
from symgrad.errors import SymgradError
from symgrad.network.network import Network
from symgrad.network.read import read_network

FORMATS = (1, FORMAT)
"""Formats that are read: 1 is that of symgrad 0.1.0."""


def from_data(data: Any, kind: type[Network] = Network) -> Derivation:
    """Return the derivation that ``to_data`` wrote, without its evidence: it is to be checked again.

    kind: what its networks are read as. Raises SymgradError for data that is not a derivation.
    """
    try:
        return _Reader(data, kind).derivation()
    except RecursionError:
        raise broken("it nests too deep") from None


class _Reader:
    """Reads one derivation: its fields, each of the type that it must have."""

    def __init__(self, data: Any, kind: type[Network]) -> None:
        self.data = _object(data, "it")
        self.format = self.data.get("format")
        if type(self.format) is not int or self.format not in FORMATS:
            raise broken(f"its format is {str(self.format)[:40]}, and {' and '.join(map(str, FORMATS))} are read")
        self.networks = [_network(_object(n, "a network"), kind) for n in _list(self.data, "networks")]

    def derivation(self) -> Derivation:
        """Return the derivation."""
        steps = []
        for number, step in enumerate(_list(self.data, "steps"), start=1):
            with _inside(f"step {number}"):
                steps.append(self._step(_object(step, "a step"), number))
        errata = []
        for number, erratum in enumerate(_list(self.data, "errata"), start=1):
            with _inside(f"erratum {number}"):
                errata.append(self._erratum(_object(erratum, "an erratum"), len(steps)))
        title, source, layout = (_text(self.data, key) for key in ("title", "source", "layout"))
        assumptions = _texts(self.data, "assumptions")
        return Derivation(title, tuple(steps), source, assumptions, tuple(errata), layout=check_layout(layout))

    def _step(self, data: dict[str, Any], number: int) -> Step:
        premises = _numbers(data, "premises", number - 1)
        because, label, section, name = (_text(data, key) for key in ("because", "label", "section", "rule"))
        return Step(self._claim(data), rule(name), because, premises, label, section)

    def _erratum(self, data: dict[str, Any], steps: int) -> Erratum:
        place, printed, right = (_text(data, key) for key in ("place", "printed", "right"))
        return Erratum(place, printed, right, self._claim(data), _numbers(data, "steps", steps))

    def _claim(self, data: dict[str, Any]) -> Claim:
        claim = claim_of(data.get("claim")) if self.format == 1 else data.get("claim")
        return Decoder(self.networks).claim(claim)


@contextmanager
def _inside(where: str) -> Iterator[None]:
    """Say in which step an error is."""
    try:
        yield
    except SymgradError as error:
        raise SymgradError(error.what, f"{where}, {error.where}" if error.where else where, error.todo) from None


def _network(data: dict[str, Any], kind: type[Network]) -> Network:
    bindings = tuple((name, record) for name, record in map(_pair, _list(data, "bindings")))
    return read_network(_text(data, "equations"), _text(data, "name"), bindings, _texts(data, "forms"), kind)


def _pair(x: Any) -> tuple[str, str]:
    match x:
        case [str(name), str(record)]:
            return name, record
    raise broken(f"{str(x)[:60]!r} is no pair of names")


def _object(x: Any, what: str) -> dict[str, Any]:
    if not isinstance(x, dict):
        raise broken(f"{what} is no object, but {type(x).__name__}")
    return x


def _list(data: dict[str, Any], key: str) -> list[Any]:
    x = data.get(key)
    if not isinstance(x, list):
        raise broken(f"{key!r} is no list")
    return x


def _text(data: dict[str, Any], key: str) -> str:
    x = data.get(key)
    if not isinstance(x, str):
        raise broken(f"{key!r} is no text")
    return x


def _texts(data: dict[str, Any], key: str) -> tuple[str, ...]:
    texts = tuple(_list(data, key))
    if not all(isinstance(x, str) for x in texts):
        raise broken(f"{key!r} is no list of texts")
    return texts


def _numbers(data: dict[str, Any], key: str, last: int) -> tuple[int, ...]:
    """Return the numbers of earlier steps."""
    numbers = tuple(_list(data, key))
    for n in numbers:
        if type(n) is not int or not 1 <= n <= last:
            raise broken(f"it rests on step {str(n)[:20]}, which does not come before it")
    return numbers
