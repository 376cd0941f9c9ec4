"""Claims, formulas and nodes of the algebra as plain data, and back, by the fields of their records.

A record becomes a dict of its fields; a node of the algebra a list that begins with its kind, ["Scale", ["Quantity",
"w", ["Index", "j", 0]]]. What is read is built by the types that the fields declare, so nothing else can be built;
a record then checks itself. A function is written by its name, and found again in the network beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from symgrad.algebra import linear_map
from symgrad.algebra.differential import Partial
from symgrad.algebra.expression import ADD, DIV, MUL, NEG, POW, SUB, Apply, Constant, Number, Quantity, power
from symgrad.algebra.index import Affine, Index
from symgrad.algebra.index_sum import IndexNumber, IndexSum
from symgrad.algebra.op import Op
from symgrad.algebra.shape import Dimension
from symgrad.algebra.span import Span
from symgrad.calculus.assumption import Assumption, Distinct
from symgrad.calculus.closed_form import ClosedForm
from symgrad.claims.kind import RECORDS, Claim
from symgrad.errors import SymgradError
from symgrad.network.formula import Formula, read_formula
from symgrad.network.functions import LINEAR
from symgrad.network.network import Network
from symgrad.numbers.extremum.domain import RealDomain
from symgrad.ops.function import partial, slope
from symgrad.ops.kronecker import UNVEC
from symgrad.ops.linear import LOG_SOFTMAX
from symgrad.ops.part import PARTS
from symgrad.ops.piecewise import RELATIONS, indicator
from symgrad.ops.reduction import OPS
from symgrad.ops.vector import vector_slope

NODES: dict[str, type] = {
    kind.__name__: kind
    for kind in (
        Number,
        Quantity,
        Constant,
        Apply,
        Partial,
        *(k for k in vars(linear_map).values() if isinstance(k, type) and issubclass(k, linear_map.LinearMap)),
        Index,
        Affine,
        Dimension,
        Assumption,
        Distinct,
        Span,
        IndexNumber,
        IndexSum,
    )
}
ADDED: dict[tuple[type, str], Any] = {
    (Quantity, "further"): (),
    (Quantity, "ahead"): 0,
    (linear_map.IndexedSum, "without"): (),
    (linear_map.IndexedSum, "within"): (),
    (IndexSum, "within"): (),
    (Span, "within"): (),
    (Dimension, "terms"): (),
}
"""Fields that nodes have got since derivations were first stored, with what they are where they are not written."""
PLAIN: tuple[type, ...] = (ClosedForm, RealDomain)
"""Records that are no claims."""
LEFT_OUT = ((ClosedForm, "reason"),)
"""What is said about a result, and not part of it."""
OPERATIONS: dict[tuple[str, str], Op] = {
    (op.name, op.kind): op
    for op in (
        ADD,
        SUB,
        NEG,
        MUL,
        DIV,
        POW,
        LOG_SOFTMAX,
        *LINEAR.values(),
        *PARTS.values(),
        UNVEC,
        *OPS.values(),
    )
}
DEEPEST = 200
"""How deep nodes may nest in what is read."""
MOST_DIGITS = 10_000
"""Of a rational number that is read."""
LARGEST_WHOLE = 10_000
"""Depths and indices that are read: work grows with them."""


def broken(what: str, where: str = "") -> SymgradError:
    """Return the error of data that is not a derivation."""
    todo = "write it anew: symgrad derive ... --detail steps --format json"
    return SymgradError(f"this is not a derivation: {what}", where, todo)


# --- writing ----------------------------------------------------------------------------------------


def encoded(x: Any, number: Callable[[Network], int]) -> Any:
    """Return a claim, or a part of one, as plain data; ``number``: the place of a network in the table beside it.

    >>> encoded(Number(Fraction(1, 4)), lambda network: 0)
    ['Number', ['Fraction', '1/4']]
    """
    match x:
        case Network():
            return number(x)
        case Formula():
            return {"text": x.text, "functions": dict(x.functions)}
        case Fraction():
            return ["Fraction", str(x)]
        case Op():
            kind = x.kind if x.place is None else f"{x.kind} {x.place}"
            return ["Op", x.name, kind, _parameter(x.record)]
        case Claim():
            return {"kind": x.kind, **_fields(x, number)}
    if isinstance(x, PLAIN):
        return _fields(x, number)
    if NODES.get(type(x).__name__) is type(x):
        return [type(x).__name__, *(encoded(getattr(x, name), number) for name in _written(x))]
    if isinstance(x, tuple):
        return [encoded(y, number) for y in x]
    return x


def _parameter(record: Any) -> str | list[str] | list[list[str]] | None:
    """Return what a record adds to the name of an operation: an exponent, the relations of a condition."""
    match record:
        case Fraction():
            return str(record)
        case (str(), *_):
            return list(record)
        case ((str(), *_), *_):
            return [list(clause) for clause in record]
    return None


def _fields(x: Any, number: Callable[[Network], int]) -> dict[str, Any]:
    record: Any = type(x)
    return {name: encoded(getattr(x, name), number) for name, _, _ in _declared(record)}


def _written(x: Any) -> list[str]:
    """Return the fields of a node that are written: not the last ones, where they are what the first nodes had not."""
    record: Any = type(x)
    names = [name for name, _, _ in _declared(record)]
    while names and getattr(x, names[-1]) == ADDED.get((type(x), names[-1]), x):
        names.pop()
    return names


@cache
def _declared(record: Any) -> tuple[tuple[str, Any, bool], ...]:
    """Return the fields of a record or a NamedTuple: name, type, whether it has a default."""
    hints = get_type_hints(record)
    if is_dataclass(record):
        found = [(f.name, f.default is not MISSING or f.default_factory is not MISSING) for f in fields(record)]
    else:
        found = [(name, False) for name in record._fields]
    return tuple((name, hints[name], default) for name, default in found if (record, name) not in LEFT_OUT)


# --- reading ----------------------------------------------------------------------------------------


@dataclass
class Decoder:
    """Builds what types declare from plain data. Raises SymgradError for data that does not fit.

    network: the one that was read last; functions are found in it by name.
    """

    networks: Sequence[Network]
    network: Network | None = None

    def claim(self, data: Any) -> Claim:
        """Return a claim of the kind that the data names."""
        if not isinstance(data, dict) or not isinstance(data.get("kind"), str):
            raise broken("a claim has no kind")
        found: Claim = self.read(RECORDS[data["kind"]], data)
        return found

    def read(self, declared: Any, data: Any, depth: int = 0) -> Any:
        """Return the data as a value of the declared type."""
        if depth > DEEPEST:
            raise broken("its nodes nest too deep")
        origin = get_origin(declared)
        if origin in (Union, UnionType):
            return self._one_of(get_args(declared), data, depth)
        if origin is tuple:
            return self._tuple(get_args(declared), data, depth)
        if declared in (str, bool, int):
            if type(data) is not declared or (declared is int and abs(data) > LARGEST_WHOLE):
                raise _unfit(declared, data)
            return data
        if declared is Fraction:
            return _fraction(data)
        if declared is Network:
            return self._network(data)
        if declared is Formula:
            return _formula(data)
        if declared is Op:
            return self._op(data)
        if isinstance(declared, type) and issubclass(declared, (Claim, *PLAIN)):
            return self._record(declared, data, depth)
        return self._node(declared, data, depth)

    def _one_of(self, choices: tuple[Any, ...], data: Any, depth: int) -> Any:
        if data is None and NoneType in choices:
            return None
        [*others] = (c for c in choices if c is not NoneType)
        if len(others) > 1:  # a number or a node, as a position
            others = [c for c in others if (c is int) == (type(data) is int)]
            own = NODES.get(data[0]) if isinstance(data, list) and data and isinstance(data[0], str) else None
            others = [c for c in others if c is own] or others
        if not others:
            raise broken(f"{str(data)[:40]!r} stands where a node or a number belongs")
        return self.read(others[0], data, depth)

    def _tuple(self, of: tuple[Any, ...], data: Any, depth: int) -> tuple[Any, ...]:
        if not isinstance(data, list):
            raise _unfit(tuple, data)
        if len(of) == 2 and of[1] is Ellipsis:
            return tuple(self.read(of[0], x, depth + 1) for x in data)
        if len(of) != len(data):
            raise broken(f"{len(of)} entries are needed, not {len(data)}")
        return tuple(self.read(t, x, depth + 1) for t, x in zip(of, data, strict=True))

    def _network(self, data: Any) -> Network:
        if type(data) is not int or not 0 <= data < len(self.networks):
            raise broken(f"there is no network {str(data)[:40]}")
        self.network = self.networks[data]
        return self.network

    def _record(self, declared: type, data: Any, depth: int) -> Any:
        if not isinstance(data, dict):
            raise _unfit(declared, data)
        given = {k: v for k, v in data.items() if not (k == "kind" and issubclass(declared, Claim))}
        known = _declared(declared)
        missing = [name for name, _, default in known if name not in given and not default]
        unknown = sorted(given.keys() - {name for name, _, _ in known})
        if missing or unknown:
            raise broken(
                f"{declared.__name__} has no {', '.join(missing)}" if missing else f"{unknown[0]!r} is unknown"
            )
        if issubclass(declared, Claim) and data.get("kind") != declared.kind:
            raise broken(f"a {declared.kind} is needed here, not {str(data.get('kind'))[:40]!r}")
        return declared(**{name: self.read(t, given[name], depth + 1) for name, t, _ in known if name in given})

    def _node(self, declared: Any, data: Any, depth: int) -> Any:
        if not isinstance(data, list) or not data or not isinstance(data[0], str) or data[0] not in NODES:
            raise _unfit(declared, data)
        kind, known = NODES[data[0]], _declared(NODES[data[0]])
        missing = any((kind, name) not in ADDED for name, _, _ in known[len(data) - 1 :])
        if not issubclass(kind, declared) or len(data) - 1 > len(known) or missing:
            raise _unfit(declared, data)
        return kind(*(self.read(t, x, depth + 1) for (_, t, _), x in zip(known, data[1:], strict=False)))

    def _op(self, data: Any) -> Op:
        match data:
            case ["Op", "power", "operator", str(exponent)]:
                return power(_rational(exponent))
            case ["Op", "indicator", "operator", [str(), *_] as relations] if _are_relations(relations):
                return indicator(*relations)
            case ["Op", "indicator", "operator", [[_, *_], *_] as clauses] if all(map(_are_relations, clauses)):
                return indicator(*map(tuple, clauses))
            case ["Op", str(name), str(kind), None] if (name, kind) in OPERATIONS:
                return OPERATIONS[name, kind]
            case ["Op", str(name), str(kind), None] if self.network and name in self.network.functions:
                op = self.network.functions[name]
                match op.kind, kind.split(" "):
                    case _, ["slope"]:
                        return slope(op.name, op.record)
                    case "scalar", ["partial", place] if place.isdecimal() and len(place) < 4:
                        return partial(op.name, op.record, int(place))
                    case "vector", ["jacobian", place] if place.isdecimal() and len(place) < 4:
                        return vector_slope(op.name, op.record, int(place))
                    case own, [same] if own == same:
                        return op
        raise _unfit(Op, data)


def _are_relations(data: Any) -> bool:
    return isinstance(data, list) and bool(data) and all(r in list(RELATIONS) for r in data)


def _unfit(declared: Any, data: Any) -> SymgradError:
    return broken(f"{getattr(declared, '__name__', declared)} cannot be {str(data)[:60]!r}")


def _fraction(data: Any) -> Fraction:
    match data:
        case ["Fraction", str(text)]:
            return _rational(text)
    raise _unfit(Fraction, data)


def _rational(text: str) -> Fraction:
    """Return the number that a fraction in digits is: 3, -1/4; nothing that is short as text and long as a number."""
    if len(text) > MOST_DIGITS or not re.fullmatch(r"-?[0-9]+(/[0-9]*[1-9][0-9]*)?", text):
        raise broken(f"{text[:60]!r} is no fraction of at most {MOST_DIGITS:,} digits")
    above, _, below = text.partition("/")
    return Fraction(_whole(above), _whole(below or "1"))


def _whole(digits: str) -> int:
    """Return a whole number of any length; Python's own reader stops at 4,300 digits."""
    from decimal import Decimal

    return int(Decimal(digits))


def _formula(data: Any) -> Formula:
    match data:
        case {"text": str(text), "functions": dict(functions)} if len(data) == 2:
            if all(isinstance(x, str) for pair in functions.items() for x in pair):
                return read_formula(text, functions)
    raise _unfit(Formula, data)
