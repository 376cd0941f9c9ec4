"""What given probabilities determine: linear equations for the probabilities of all outcomes, solved exactly."""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpq

from symgrad.audit.chance.sets.event import Chance, Event
from symgrad.reading.value import Value

Row = list[Value]


class System:
    """Equations for the outcomes that some events leave open; their probabilities add up to 1."""

    def __init__(self, letters: Sequence[str]) -> None:
        self.letters = tuple(letters)
        self.size = 1 << len(self.letters)
        self._rows: list[tuple[int, Row]] = []
        """Rows with their leading place; the last entry of each is its right side."""
        self.add([fmpq(1)] * self.size, fmpq(1))

    def row(self, event: Event) -> Row:
        """Return the outcomes of an event, as ones among zeros."""
        found = event.outcomes(self.letters)
        return [fmpq(found >> k & 1) for k in range(self.size)]

    def add(self, row: Row, value: Value) -> bool | None:
        """Add an equation; return whether it says something new, or None where it contradicts the others."""
        rest = self._reduced([*row, value])
        lead = next((k for k in range(self.size) if rest[k] != 0), None)
        if lead is None:
            return False if rest[-1] == 0 else None
        self._rows.append((lead, [x / rest[lead] for x in rest]))
        return True

    def say(self, chance: Chance, value: Value) -> bool | None:
        """Add P(A) = v, or P(A | B) = v, which is P(A ∩ B) = v P(B)."""
        if chance.given is None:
            return self.add(self.row(chance.event), value)
        both = self.row(Event("and", (chance.event, chance.given)))
        given = self.row(chance.given)
        return self.add([a - value * b for a, b in zip(both, given, strict=True)], fmpq(0))

    def value(self, chance: Chance) -> Value | None:
        """Return the probability that the equations determine; None where they leave it open."""
        if chance.given is None:
            return self._value(self.row(chance.event))
        both = self._value(self.row(Event("and", (chance.event, chance.given))))
        given = self._value(self.row(chance.given))
        if both is not None and given is not None:
            return both / given if given > 0 else None
        return self._ratio(chance)

    def _ratio(self, chance: Chance) -> Value | None:
        """Return v where P(A ∩ B) - v P(B) = 0 is one of the equations, as where P(A | B) itself is given."""
        both, given = (
            self._reduced([*self.row(event), fmpq(0)])
            for event in (Event("and", (chance.event, chance.given or chance.event)), chance.given or chance.event)
        )
        lead = next((k for k in range(self.size + 1) if given[k] != 0), None)
        if lead is None:
            return None
        value = both[lead] / given[lead]
        return value if all(a == value * b for a, b in zip(both, given, strict=True)) else None

    def _value(self, row: Row) -> Value | None:
        rest = self._reduced([*row, fmpq(0)])
        return -rest[-1] if all(x == 0 for x in rest[:-1]) else None

    def _reduced(self, row: Row) -> Row:
        for lead, known in self._rows:
            if row[lead] != 0:
                factor = row[lead]
                row = [x - factor * y for x, y in zip(row, known, strict=True)]
        return row
