"""The letters of a bound: non-negative numbers that have a name, as γ, ‖W‖, |∂C/∂a_L|, a dimension d, sup |σ'|."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from symgrad.algebra.differential import Partial
from symgrad.algebra.expression import Apply, Constant, Expression, Number, Quantity
from symgrad.algebra.expression_tree import nodes
from symgrad.algebra.greek import LETTERS
from symgrad.algebra.index import Index
from symgrad.algebra.shape import Dimension
from symgrad.numbers.magnitude.magnitude import Magnitude
from symgrad.ops.record import Elementwise


@dataclass(frozen=True)
class Greatest:
    """A function whose greatest size is meant, or that of its slope; an opaque one by its name."""

    function: Elementwise | str
    slope: bool

    def __str__(self) -> str:
        f = self.function
        called = f if isinstance(f, str) else f.name if f.formula is None else f"({f.name})"
        return called + "'" * self.slope


@dataclass(frozen=True)
class Letter:
    """A non-negative number by name.

    kind: "name", one that an assumption gives; "norm" or "abs", the size of an expression as a whole or of its greatest
    entry; "sup", the greatest size of a function; "dimension". transposed: the norm is that of the transpose.
    value: where it is known.
    """

    kind: Literal["name", "norm", "abs", "dimension", "sup"]
    of: str | Expression | Dimension | Greatest
    transposed: bool = False
    value: Magnitude | None = field(default=None, compare=False)

    @property
    def key(self) -> str:
        """The name by which a value is given for the letter: W for ‖W‖, d for the dimension d."""
        name = described(self.of) if isinstance(self.of, Expression) else str(self.of)
        return f"{name}.T" if self.transposed else name

    def mentions(self, symbol: str) -> bool:
        """Tell whether the letter is another one for each number of an index symbol."""
        match self.of:
            case Expression():
                indices = [q.index for q in nodes(self.of) if isinstance(q, Quantity)]
                indices += [q.index for p in nodes(self.of) if isinstance(p, Partial) for q in (p.of, p.wrt)]
            case Dimension():
                indices = [self.of.index]
            case _:
                return False
        return any(isinstance(i, Index) and i.symbol == symbol for i in indices)

    def __str__(self) -> str:
        name = LETTERS.get(self.key, self.key)
        return {"norm": f"‖{name}‖", "abs": f"|{name}|", "sup": f"sup |{name}|"}.get(self.kind, name)


_INFIX = ("+", "-", "*", "/", "@", "**")


def described(e: Expression) -> str:
    """Write an expression as the key of a letter: ∂C/∂a[L], sigma'(z[j])."""
    match e:
        case Partial(of, wrt):
            return f"∂{of}/∂{wrt}"
        case Quantity():
            return str(e)
        case Number(q):
            return str(q)
        case Constant("size", (d,)):
            return str(d)
        case Constant(kind):
            return kind
        case Apply(op, (x, y)) if op.name in _INFIX:
            return f"({described(x)}{op.name}{described(y)})"
        case Apply(op, (x,)) if op.name == "T":
            return f"{described(x)}.T"
        case Apply(op, (x,)) if op.name == "power":
            return f"{described(x)}**{op.record}"
        case Apply(op, arguments):
            name = {"neg": "-"}.get(op.name, op.name) + ("'" if op.kind == "slope" else "")
            name = f"∂{op.place}{name}" if op.kind == "partial" else name
            return f"{name}({', '.join(map(described, arguments))})"
    return "?"
