"""The arguments of a program: a value for each parameter, the numbers that follow from their lengths, and the rest."""

from __future__ import annotations

from dataclasses import dataclass

from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Index, Position, minus, parts, times
from symgrad.algebra.shape import show
from symgrad.algebra.span import Span
from symgrad.calculus.values.values import value_name
from symgrad.code.task import VALUE
from symgrad.code.writer import Writer
from symgrad.network.network import Network


@dataclass(frozen=True)
class Argument:
    """A parameter as it is given: its layers and members on the axes in front.

    open: the ranges of its open indices, from the left.
    """

    q: Quantity
    name: str
    open: tuple[Span, ...]

    def words(self, network: Network) -> str:
        """Return its shape in words."""
        shape = show(network.shape(self.q))
        along = " and ".join(f"{s.symbol} = {s.lower}, ..., {s.upper}" for s in self.open)
        return f"{self.name}: {value_name(self.q)}, {shape}" + (f" for each {along}" if along else "")


def arguments(w: Writer, names: frozenset[str]) -> list[Argument]:
    """Return the arguments for parameters of these names."""
    found = []
    for q in w.network.parameters:
        if q.name in names:
            found.append(Argument(q, w.names("argument", value_name(q)), _open(w.network, q)))
    return found


def _open(network: Network, q: Quantity) -> tuple[Span, ...]:
    """Return what the open indices of a parameter run through."""
    further = (
        dict(zip([Index(s.symbol) for s in network.spans(q)], network.extents(q), strict=True)) if q.further else {}
    )
    found = []
    for p in q.indices:
        if p in further:
            found.append(further[p]._replace(symbol=p.symbol))  # type: ignore[index, union-attr]
        elif isinstance(p, Index) and p == q.index:
            last: Position = Index(network.depth_symbol, network.last_index(q.name, 0))
            found.append(Span(p.symbol, network.first_index(q.name), last))
    return tuple(found)


class Given:
    """Writes the lines that take the arguments: the ends of ranges, and each value by its indices."""

    def __init__(self, w: Writer, given: list[Argument], letters: frozenset[str], depth: int | None) -> None:
        self.w, self.given, self.depth = w, given, depth
        ends = w.network.depths if w.network.grid else (w.network.depth_symbol,)
        self.known: set[str] = set()
        self.started: set[str] = set()
        self.asked: list[str] = []
        """Letters that no length tells: arguments of their own."""
        self.wanted = {*letters, *(x for a in given for s in a.open for x in s.free)}
        if depth is not None:
            for letter in ends:
                if letter in self.wanted:
                    w.line(f"{w.letter(letter)} = {depth}")
                    self.known.add(letter)
        self._ends()
        self._values()

    def _ends(self) -> None:
        """Write what the lengths of the arguments tell."""
        again = True
        while again:
            again = False
            for a in self.given:
                for axis, s in enumerate(a.open):
                    terms, _ = parts(minus(s.upper, s.lower) + 1)
                    unknown = [(x, n) for x, n in terms if x not in self.known]
                    if len(unknown) == 1 and axis == sum(isinstance(p, Index) for p in a.q.indices[:axis]):
                        [(letter, n)] = unknown
                        text = f"len({a.name}{'[0]' * axis})"
                        rest = self.w.position(minus(minus(s.upper, s.lower) + 1, times(n, Index(letter))))
                        text += (
                            f" - ({rest.text})"
                            if rest.text.startswith("-") or len(terms) > 1
                            else f" - {rest.text}" * (rest.text != "0")
                        )
                        self.w.line(f"{self.w.letter(letter)} = " + (text if n == 1 else f"({text}) // {n}"))
                        self.known.add(letter)
                        again = True

    def _values(self) -> None:
        array = self.w.backend.array.format
        for a in [a for a in self.given if not a.open]:
            if a.q in self.w.network.exponents:  # of a matrix: a whole number, and the end of sums
                self.w.line(f"{self.w.letter(a.q.name)} = int({a.name})")
                self.known.add(a.q.name)
            elif not a.q.indices:
                self.w.line(f"{self.w.names(VALUE, a.q.name)} = {array(a.name)}")
        for letter in sorted(self.wanted - self.known):
            found = self._as_size(letter)
            if found:
                self.w.line(f"{self.w.letter(letter)} = {found}")
                self.known.add(letter)
        self.asked = sorted(self.wanted - self.known)
        for a in [a for a in self.given if a.q.indices]:
            self.take(a)

    def take(self, a: Argument) -> None:
        """Write the line that takes an argument with indices: a table by its indices, added to one that there is."""
        name, value = self.w.names(VALUE, a.q.name), self._by_index(a)
        self.w.line(f"{name} = {f'{name} | {value}' if a.q.name in self.started else value}")
        self.started.add(a.q.name)

    def _as_size(self, letter: str) -> str:
        for a in self.given:
            for axis, d in enumerate(self.w.network.shape(a.q)):
                if str(d) == letter and not a.q.indices:
                    return f"{self.w.names(VALUE, a.q.name)}.shape[{axis - len(self.w.network.shape(a.q))}]"
        return ""

    def _by_index(self, a: Argument) -> str:
        """Return a value as a table by its indices."""
        w, array = self.w, self.w.backend.array.format
        if not a.open:
            return f"{{{', '.join(w.position(p).text for p in a.q.indices)}: {array(a.name)}}}"
        if len(a.q.indices) == 1:
            first = w.position(a.open[0].lower).text
            return f"dict(enumerate(map({w.backend.each}, {a.name}), start={first}))"
        item = a.name
        for s in a.open:
            shift = w.position(minus(Index(s.symbol), s.lower)).text
            item += f"[{shift}]"
        heads = " ".join(f"for {w.letter(s.symbol)} in {w.ends(s)}" for s in a.open)
        key = ", ".join(w.position(p).text for p in a.q.indices)
        return f"{{({key}): {array(item)} {heads}}}"
