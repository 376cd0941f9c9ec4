"""What sums of letters read beyond the range of a name: nothing is there, but where a line says that it is 0.

``x[i]: zero_padded`` lets the sums leave out the terms in which x is read beyond its range.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from symgrad.algebra.expression import DIV, MUL, NEG, Apply, Expression, Quantity
from symgrad.algebra.expression_tree import inside, quantities, rebuilt
from symgrad.algebra.index import Affine, Position, difference, minus, symbols
from symgrad.algebra.index_sum import IndexSum, index_sum
from symgrad.algebra.span import Span, holds, reach
from symgrad.network.equation import Equation
from symgrad.network.indices.ranges import Ranges, slots_of
from symgrad.network.indices.reach import letters_of
from symgrad.network.syntax.statement import PaddedLine, Statement

Letters = Mapping[str, Span]
"""What each letter runs through that stands in an index."""


class Padding:
    """Checks that sums of letters read within ranges, and leaves out the terms of sums that read what is 0."""

    def __init__(self, found: Ranges, statements: Sequence[Statement], equations: Sequence[Equation]) -> None:
        self.found, self.defined = found, {e.target.name for e in equations}
        self.derived = {letter for letter in found.declared if letter not in found.lines}
        self.lines = {s.target.name: s.line for s in statements if isinstance(s, PaddedLine)}
        read = {q.name for e in equations for q in quantities(e.value)}
        for s in statements:
            if isinstance(s, PaddedLine):
                self._check_line(s, read)

    def _check_line(self, s: PaddedLine, read: Collection[str]) -> None:
        """Check that what is zero-padded is read, and has ranges beyond which it is 0."""
        name = s.target.name
        if name not in read:
            s.line.fail(f"no equation reads {name}", "remove the line, or correct the name")
        roots = [self.found.root(self.found.slots[slot]) for slot, _ in slots_of(s.target) if slot in self.found.slots]
        if name not in self.defined and all(r in self.derived for r in roots):
            what = f"nothing says what {s.target} runs through, so that nothing is beyond"
            s.line.fail(what, f"declare the range of its letter: '{self._places(s.target)[-1]}: range(1, n+1)'")

    def equation(self, e: Equation) -> Equation:
        """Return the equation without the terms that read what is 0; an error where it reads what is not there."""
        self.line = e.line
        value, left = self._restricted(e.value, letters_of(self.found, e))
        for q in left:
            self._outside_of_sums(q)
        return e if value is e.value else Equation(e.target, value, e.line)

    def _restricted(self, e: Expression, own: Letters) -> tuple[Expression, dict[Quantity, tuple[Position, ...]]]:
        """Return e, and by what it reads the positions that are to be 0 or more where e is not 0."""
        match e:
            case Quantity():
                beyond = self._beyond(e, own)
                return e, {e: beyond} if beyond else {}
            case IndexSum(kind="sum"):
                body, left = self._restricted(e.body, {**own, e.symbol: e.range})
                here = [w for ws in left.values() for w in ws if e.symbol in symbols((w,))]
                left = {q: tuple(w for w in ws if w not in here) for q, ws in left.items()}
                left = {q: ws for q, ws in left.items() if ws}
                if body is e.body and not here:
                    return e, left
                return self.line.keep(e, index_sum(e.range.limited(here), body, e.kind)), left
            case IndexSum():
                body, left = self._restricted(e.body, {**own, e.symbol: e.range})
                for q in left:
                    self._outside_of_sums(q)
                return e if body is e.body else self.line.keep(e, index_sum(e.range, body, e.kind)), {}
        done = [self._restricted(x, own) for x in inside(e)]
        left = self._kept(e, [x for _, x in done]) if any(x for _, x in done) else {}
        if all(a is b for a, (b, _) in zip(inside(e), done, strict=True)):
            return e, left
        new = iter([x for x, _ in done])
        return self.line.keep(e, rebuilt(e, lambda _: next(new))), left

    def _kept(
        self, e: Expression, left: list[dict[Quantity, tuple[Position, ...]]]
    ) -> dict[Quantity, tuple[Position, ...]]:
        """Return where an operation is not 0, given where its arguments are not."""
        conditions = [{w for ws in x.values() for w in ws} for x in left]
        match e:
            case Apply(op, _) if op == MUL or op.name == "@" or op.name == "outer":
                return {q: ws for x in left for q, ws in x.items()}
            case Apply(op, _) if op == NEG or (len(left) == 1 and op.linear) or (op == DIV and not left[1]):
                return left[0]
            case Apply(op, _) if op.linear and all(c == conditions[0] for c in conditions):
                return left[0]
        for q in {q: None for x in left for q in x}:
            self._outside_of_sums(q)
        return {}

    def _outside_of_sums(self, q: Quantity) -> None:
        self.line.fail(
            f"{q} is 0 beyond its range, and this is no factor of the terms of a sum",
            f"write a sum of products with {q.name}, 'sum[k](w[k]*{q})', or a line of its own for what it is put into",
            self.line.span(q)[0],
        )

    def _beyond(self, q: Quantity, own: Letters) -> tuple[Position, ...]:
        """Return the positions that are 0 or more where q is read within its range, as far as it is not always."""
        if not any(isinstance(p, Affine) for p in q.indices):
            return ()
        conditions: list[Position] = []
        for slot, p in slots_of(q):
            if not isinstance(p, Affine) or slot not in self.found.slots:
                continue
            span = self.found.span(self.found.slots[slot])
            both = (minus(p, span.lower), minus(span.upper, p))
            missing = [w for w in both if not holds(w, own)]
            if q.name in self.lines:
                conditions += missing
            elif missing and not (q.name not in self.defined and span.symbol in self.derived):
                self._check_boundary(q, p, span, own)
        return tuple(conditions)

    def _check_boundary(self, q: Quantity, p: Affine, span: Span, own: Letters) -> None:
        """Refuse what is read beyond a range, unless a recurrence starts from a known number of values there."""
        first, last = reach(p, own)
        gaps = (difference(span.lower, first), difference(last, span.upper))
        if span.symbol not in self.found.lines and None not in gaps:
            return  # x[0], x[-1] are what the recurrence starts from
        low = not holds(minus(first, span.lower), {})
        where = f"from {first}" if low else f"up to {last}"
        end = f"starts at {span.lower}" if low else f"ends with {span.upper}"
        letters = sorted(symbols((first if low else last,)))
        number = f"write a number for {' and '.join(letters)}, " if span.symbol not in self.found.lines and low else ""
        self.line.fail(
            f"{q} is read {where}, and the range of {q.name} {end}",
            f"{number}give the letters of {p} ranges that fit, or write a line '{q.name}[{','.join(self._places(q))}]: "
            f"zero_padded' where {q.name} is 0 beyond its range",
            self.line.span(q)[0],
        )

    def _places(self, q: Quantity) -> list[str]:
        return [self.found.slots.get(slot, "i").partition(":")[0] for slot, _ in slots_of(q)]
