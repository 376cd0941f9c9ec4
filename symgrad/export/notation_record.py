"""What a notation is: how a book writes indices, and what it calls things."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Position, parts
from symgrad.errors import ModelError, UnknownName
from symgrad.export.math import Document, Math, Name, Num, Part, Terms, row
from symgrad.export.names import Split, ambiguous, split
from symgrad.export.style import PLAIN_STYLE, Style, dressed, dressed_parts

if TYPE_CHECKING:
    from symgrad.export.spelling import Spelling


@dataclass(frozen=True)
class Notation:
    r"""How quantities are written.

    names: what the equations call z is printed Z. indices: the index j is printed l. style: where indices stand, and
    signs. latex: names, functions and indices as a book spells them, \mathbf{h}. macros: the commands that it spells
    them with. shared: it is for several networks, of which none need have all its names. together: names that have
    another in it where a network has all of them. ready: it came with symgrad;
    what would write two names of a network alike is left out of it, and in any other is an error.

    >>> Notation("mine", names={"a": "A"}).quantity(Quantity("a", 3)).base
    'A'
    """

    name: str
    names: Mapping[str, str] = field(default_factory=dict)
    indices: Mapping[str, str] = field(default_factory=dict)
    style: Style = PLAIN_STYLE
    latex: Mapping[str, Spelling] = field(default_factory=dict)
    macros: Mapping[str, str] = field(default_factory=dict)
    shared: bool = False
    together: tuple[str, ...] = ()
    ready: bool = False

    @property
    def index(self) -> str:
        """Where an index stands: subscript, superscript, bracket or parenthesis."""
        return self.style.index

    @property
    def hadamard(self) -> str:
        """The sign of the product entry by entry, ⊙ or ∘."""
        return self.style.hadamard

    @property
    def error(self) -> str:
        """What ∂C/∂z is called in backward equations: delta for δ_z, d for dz, and so all gradients."""
        return self.style.error

    # --- names --------------------------------------------------------------------------------------------

    def quantity(self, q: Quantity) -> Name:
        """Return how a quantity is written."""
        index = None if q.index is None else self.position(q.index)
        further = tuple(map(self.position, q.further))
        return replace(self.function(q.name), index=index, place=self.index, further=further, ahead=q.ahead)

    def function(self, name: str, primes: int = 0) -> Name:
        """Return how a function is written, σ or σ'."""
        spelled = self.latex[name].latex if name in self.latex else None
        slanted = self.style.subscripts == "italic" if spelled is None else spelled.plain[1].isalnum()
        return Name(self.names.get(name, name), primes=primes, slanted=slanted, spelled=spelled)

    def position(self, p: Position) -> Math:
        """Return how an index is written."""
        terms, offset = parts(p)
        if not terms:
            return Num(Fraction(offset))
        written = [("+" if n > 0 else "-", self._multiple(n, s)) for s, n in terms]
        if written[0][0] == "-" and offset > 0:  # 3 - i
            return Terms((("+", Num(Fraction(offset))), *written))
        if offset:
            written.append(("+" if offset > 0 else "-", Num(Fraction(abs(offset)))))
        return Terms(tuple(written)) if len(written) > 1 or written[0][0] == "-" else written[0][1]

    def _multiple(self, n: int, symbol: str) -> Math:
        spelled = self.latex[symbol].latex if symbol in self.latex else None
        name = Name(self.indices.get(symbol, symbol), spelled=spelled)
        return name if abs(n) == 1 else row(Num(Fraction(abs(n))), name)

    # --- pages --------------------------------------------------------------------------------------------

    def math(self, m: Math) -> Math:
        """Return mathematics in the style of the notation."""
        return dressed(m, self.style)

    def document(self, parts: Iterable[Part]) -> Document:
        """Return a page in the style of the notation, with its macros."""
        return Document(dressed_parts(parts, self.style), tuple(self.macros.items()))

    # --- networks -----------------------------------------------------------------------------------------

    def suited_to(
        self,
        names: Collection[str],
        indices: Collection[str],
        carried: Mapping[str, int] | None = None,
        axes: Mapping[str, int] | None = None,
        in_time: bool = False,
    ) -> Notation:
        """Return the notation for a network with these names and indices, of which no two are written alike.

        carried: how many indices its quantities carry; axes: of them, whose letters are bold where the style has it so;
        in_time: its steps are steps in time.
        Raises ModelError where two would be written alike; in a ready notation, what would do so is left out.

        >>> found = Notation("mine", names={"a": "A", "w": "W"}, ready=True).suited_to(["w", "W", "a"], ["j"])
        >>> found.names
        {'a': 'A'}
        """
        left_out = set() if set(self.together) <= set(names) else set(self.together)
        spelled = {name: s.name for name, s in self.latex.items()}
        called = {old: new for old, new in {**self.names, **spelled}.items() if old not in left_out}
        renamed = self._apart(called, names)
        taken = {renamed.get(name, name) for name in names}
        letters = {**self.indices, **spelled}
        free = {old: new for old, new in letters.items() if new not in taken} if self.ready else letters
        moved = self._apart(free, indices)
        styled = self._in_fonts(renamed, names, axes or {}, carried or {})
        if not self.ready:
            self._check_letters({**renamed, **styled}, names, moved, indices, carried or {})
        kept = {n: s for n, s in self.latex.items() if (n in names and n in renamed) or (n in indices and n in moved)}
        style = self.style.in_time() if in_time else self.style
        if style.transpose == "T" and "T" in {*taken, *(moved.get(i, i) for i in indices)}:
            if not self.ready:
                raise ModelError(
                    f"the notation {self.name} writes a transpose as T, which these equations have as a letter",
                    todo='write transpose = "\\\\top" under [style]',
                )
            style = replace(style, transpose=PLAIN_STYLE.transpose)
        return replace(self, names={**renamed, **styled}, indices=moved, latex=kept, style=style)

    def _apart(self, renamed: Mapping[str, str], used: Collection[str]) -> dict[str, str]:
        """Return what is renamed of the names that are used; two that are written alike are an error, or left out."""
        kept = {old: new for old, new in renamed.items() if old in used and (new != old or old in self.latex)}
        while clashing := _alike(kept, used):
            if not self.ready:
                first, second = clashing
                raise ModelError(
                    f"the notation {self.name} writes {first} and {second} alike, as {kept.get(first, first)}",
                    todo=f"give {first!r} or {second!r} another name in it",
                )
            for old in [c for c in kept if c in clashing]:
                del kept[old]
        return kept

    def _check_letters(
        self,
        renamed: Mapping[str, str],
        names: Collection[str],
        moved: Mapping[str, str],
        indices: Collection[str],
        carried: Mapping[str, int],
    ) -> None:
        """Raise ModelError where a name looks like an index, or like another name with an index, x_1."""
        written = {renamed.get(n, n): n for n in names}
        for old, new in ((i, moved.get(i, i)) for i in indices):
            name = written.get(new, old)
            if name != old and (old in moved or name in renamed):
                raise ModelError(
                    f"the notation {self.name} writes the index {old} as {new}, as it writes {name}",
                    todo=f"give {old!r} or {name!r} another letter in it",
                )
        with_index = ambiguous({renamed.get(n, n): count for n, count in carried.items()})
        for name in (n for n in self.latex if renamed.get(n, n) in with_index and n in carried):
            raise ModelError(
                f"the notation {self.name} writes {name} as {renamed[name]}, which looks like a name with an index",
                todo=f"write a word or a letter below {name} in it",
            )

    def _in_fonts(
        self, renamed: Mapping[str, str], names: Collection[str], axes: Mapping[str, int], carried: Mapping[str, int]
    ) -> dict[str, str]:
        """Return the names of vectors and matrices in the letters that the style has for them.

        x1 stays as it is where it would look like x_1, or like x with an index.
        """
        found: dict[str, str] = {}
        alone = ambiguous({renamed.get(n, n): carried.get(n, 0) for n in names})
        for name in names:
            font = self.style.font(axes.get(name, 0))
            if font != "italic" and name not in self.latex and renamed.get(name, name) not in alone:
                found[name] = styled(renamed.get(name, name), font)
        others = {renamed.get(n, n): n for n in names if n not in found}
        if not self.ready and (alike := next((n for n, new in found.items() if new in others), None)) is not None:
            raise ModelError(
                f"the notation {self.name} writes {others[found[alike]]} and {alike} alike, as {found[alike]}",
                todo=f"give {alike} a place under [latex] in it",
            )
        return {n: new for n, new in found.items() if new not in others}


def styled(name: str, font: str) -> str:
    """Return a name with its letter in a font; a name that has no such letter stays as it is.

    >>> styled("h_hat_max", "bold"), styled("delta", "bold"), styled("e", "bold")
    ('𝐡_hat_max', '𝜹', 'e')
    """
    from symgrad.algebra.greek import LETTERS
    from symgrad.export.fonts import in_font

    parts = split(name)
    letters = LETTERS.get(parts.base, parts.base)
    greek = letters in LETTERS.values()  # of which LaTeX has a slanted bold one alone
    found = in_font(letters, "bold italic" if greek else font)
    if found is None or found in ("𝐞", "𝐈", "𝑰"):  # the unit vectors, the identity
        return name
    return "_".join([found, *parts.accents, *parts.sub])


def _alike(renamed: Mapping[str, str], used: Collection[str]) -> tuple[str, ...]:
    """Return the names that are written as another is, where one of them is renamed; the first two."""
    seen: dict[Split, list[str]] = {}
    for name in dict.fromkeys(used):
        seen.setdefault(_look(renamed.get(name, name)), []).append(name)
    clashing = [names for names in seen.values() if len(names) > 1 and any(n in renamed for n in names)]
    return tuple(sorted(clashing[0], key=lambda n: n not in renamed)) if clashing else ()


def _look(name: str) -> Split:
    """Return what a name looks like: x1 and x_1 are the same, and so are α and alpha."""
    from symgrad.network.syntax.line import canonical

    parts = split(name)
    return Split(canonical(parts.base), parts.accents, tuple(map(canonical, parts.sub)))


def unused(notation: Notation, names: Collection[str], indices: Collection[str]) -> tuple[str, ...]:
    """Return the names and indices of a notation that no name and no index of some networks is.

    >>> unused(Notation("mine", names={"q": "Q", "z": "Z"}), ["z", "a"], ["j"])
    ('q',)
    """
    found = [n for n in notation.names if n not in names]
    found += [n for n in notation.indices if n not in indices]
    return (*found, *(n for n in notation.latex if n not in names and n not in indices))


def check_used(notation: Notation, names: Collection[str], indices: Collection[str]) -> None:
    """Raise UnknownName where a notation that is not shared has a name that a network has not."""
    if notation.ready or notation.shared:
        return
    for name in unused(notation, names, indices):
        error = UnknownName("name", name, {*names, *indices}, f"in the notation {notation.name}")
        error.todo += "; or write shared = true in a notation for several networks"
        raise error
