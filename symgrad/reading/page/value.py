"""The value of a formula on a page, where it is known what its letters stand for.

Products are taken in the printed order; ∏ and ∑ run through their ranges; names that the page itself defines,
J_j and ∂⁺s_k/∂W, are what their lines say.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from symgrad.algebra.index import Place
from symgrad.reading.page.array import products as V
from symgrad.reading.page.array.entries import by_entries, diagonal, kronecker
from symgrad.reading.page.array.kinds import (
    Block,
    Multiple,
    Ones,
    Spread,
    Value,
    block,
    each,
    is_array,
    is_number,
    negative,
    sole_entry,
)
from symgrad.reading.page.array.sizes import beside, dense, entry_places, in_shape, unit_change
from symgrad.reading.page.array.sums import plus
from symgrad.reading.page.change import all_applied, has_change
from symgrad.reading.page.condition import chosen, indicator, joined
from symgrad.reading.page.defined import Definition, Instance, instance, matched
from symgrad.reading.page.dots import DOTS, dotted
from symgrad.reading.page.lexicon import Lexicon, Meaning, shown
from symgrad.reading.page.padded import Padded, of_identity, part, unit
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Big, Call, Name, Node, Number, Partial, Tuple, walk

RELATIONS = {"≤": operator.le, "<": operator.lt, "≥": operator.ge, ">": operator.gt, "=": operator.eq}
LONGEST = 10_000
"""Factors of ∏ and terms of ∑."""
ORDERS = ("highest", "lowest")
IDENTITIES = ("I", "𝐈", "𝑰")
"""How the identity is written."""

Key = tuple[str, Place]
"""A quantity by its name and its indices."""
At = Mapping[str, int]
"""The numbers of index symbols, as the page writes them."""


@dataclass(frozen=True)
class Given:
    """What is given from outside, in one number system.

    lexicon: the names of quantities. quantity(name, index): a number, or a two-dimensional array
    (a vector is a column).
    function(call, arguments): the value of a function, by its printed name with primes.
    derivative(of, wrt, immediate): of (name, index) by (name, index), in numerator layout.
    slope(function, wrt): ∂loss/∂a, of a function by its argument, in numerator layout.
    size(name, index): of a dimension. number: an exact fraction in the number system.
    constants: of π and of Euler's number, by "pi" and "e".
    """

    lexicon: Lexicon
    quantity: Callable[[str, Place], Value]
    function: Callable[[Call, list[Value]], Value]
    derivative: Callable[[Key, Key, bool], Value]
    number: Callable[[Fraction], Any]
    constants: Mapping[str, Any] = field(default_factory=dict)
    size: Callable[[str, Place], int | None] = lambda name, index: None
    slope: Callable[[Name, Key], Value] = lambda name, wrt: _unknown(name)


@dataclass
class Evaluation:
    """Evaluates the formulas of one page.

    at: the numbers of index symbols that hold for the whole page, as {"L": 4}. order: which index stands leftmost in ∏.
    layout: of derivatives that are named. definitions: the lines that say what a name stands for. change: the matrix
    that stands for dW, by the name W.

    >>> from symgrad.reading.page.document import text_page
    >>> [equation] = text_page("y = ∏_{j=1}^{3} 2 j").equations
    >>> def nothing(*_): raise NotUnderstoodError("a name")
    >>> Evaluation(Given(Lexicon(()), nothing, nothing, nothing, Fraction), {}).value(equation.sides[1])
    Fraction(48, 1)
    """

    given: Given
    at: At
    order: str | None = None
    layout: str = "numerator"
    definitions: tuple[Definition, ...] = ()
    change: Mapping[Name, Value] = field(default_factory=dict)
    sized: tuple[int, int] | None = None
    """The shape of what is evaluated, by which I has a size in I ⊗ A."""
    _known: dict[tuple[int, tuple[tuple[str, int], ...]], Value] = field(default_factory=dict)
    _symbols: dict[int, tuple[Node, frozenset[str]]] = field(default_factory=dict)
    _open: set[Instance] = field(default_factory=set)
    _stated: dict[Instance, Value] = field(default_factory=dict)

    def value(self, node: Node, at: At | None = None) -> Value:
        """Return the value of a node; raises NotUnderstoodError where it has none."""
        at = self.at if at is None else at
        match node:
            case Number(value):
                return self.given.number(value)
            case Name():
                return self._name(node, at)
            case Partial():
                return self._partial(node, at)
            case Call():
                return self._kept(node, at, self._call)
            case Big():
                return self._kept(node, at, self._big)
            case Tuple():
                return self._grid(node, at)
            case Apply(name, arguments):
                return self._apply(name, arguments, at)
        raise NotUnderstoodError(f"a {type(node).__name__}")

    # --- indices ------------------------------------------------------------------------------------------

    def exact(self, node: Node, at: At) -> Fraction | None:
        """Return an index, a limit or an exponent as an exact number, None where it is none."""
        match node:
            case Number(value):
                return value
            case Name(base) if node == Name(base) and base in at:
                return Fraction(at[base])
            case Name():
                return self._size(node, at)
            case Apply("neg", (inner,)):
                x = self.exact(inner, at)
                return None if x is None else -x
            case Call(Name("max" | "min" as called) as name, arguments) if name == Name(called):
                ends = [self.exact(a, at) for a in arguments]
                known = [x for x in ends if x is not None]
                return None if len(known) < len(ends) else max(known) if called == "max" else min(known)
            case Apply("+" | "*" | "/" as sign, arguments):
                values = [self.exact(a, at) for a in arguments]
                return _combined(sign, [v for v in values if v is not None]) if None not in values else None
        return None

    def _size(self, name: Name, at: At) -> Fraction | None:
        """Return the size that a dimension stands for, n_{l+1}; None for any other name."""
        meaning = self.given.lexicon.find(name)
        if meaning is None or meaning.power is not None:
            return None
        index = None if meaning.index is None or isinstance(meaning.index, Tuple) else self.exact(meaning.index, at)
        found = self.given.size(meaning.name, None if index is None else int(index))
        return None if found is None else Fraction(found)

    def index(self, node: Node, at: At) -> int:
        """Return an index or a limit as a number."""
        x = self.exact(node, at)
        if x is None or x.denominator != 1:
            raise NotUnderstoodError(f"the index {shown(node)}")
        return int(x)

    def place(self, index: Node | None, at: At) -> Place:
        """Return the indices of a name as numbers: None, one, or several."""
        if isinstance(index, Tuple):
            return tuple(self.index(n, at) for n in index.items)
        return None if index is None else self.index(index, at)

    # --- names --------------------------------------------------------------------------------------------

    def _name(self, name: Name, at: At) -> Value:
        if (stated := self._definition(name, at)) is not None:
            return stated
        meaning = self.given.lexicon.find(name)
        if meaning is not None:
            found = self.given.quantity(meaning.name, self.place(meaning.index, at))
            found = self.part(found, meaning.places, at) if meaning.places else found
            return found if meaning.power is None else self._raised(found, meaning.power, at)
        if name.above is not None:
            base = Name(name.base, name.accents, name.below, None, "", name.primes)
            if base == Name("e") and self.given.lexicon.find(base) is None and self.exact(name.above, at) is None:
                exponent = self.value(name.above, at)
                if is_array(exponent) and exponent.shape[0] == exponent.shape[1] > 1:
                    return self._known_function("expm", exponent)
            return self._raised(self._name(base, at), name.above, at)
        if name == Name(name.base, below=name.below) and name.below and name.base in ("𝐞", *IDENTITIES):
            return self._of_identity(name, at)
        if name == Name("delta", below=name.below) and len(name.below) == 2:
            return self.given.number(Fraction(len({self.index(p, at) for p in name.below}) == 1))
        if name == Name(name.base):
            if name.base in at:
                return self.given.number(Fraction(at[name.base]))
            if name.base in self.given.constants:
                return self.given.constants[name.base]
            one = self.given.number(Fraction(1))
            sized = {**dict.fromkeys(IDENTITIES, Multiple(one)), "𝟏": Spread(one)}
            if name.base in sized:
                return sized[name.base]
        raise NotUnderstoodError(f"the name {shown(name)}")

    def _of_identity(self, name: Name, at: At) -> Value:
        """Return e_k, or rows or columns of the identity matrix."""
        one = self.given.number(Fraction(1))
        if name.base == "𝐞" and len(name.below) == 1:
            return unit(self.index(name.below[0], at), one)
        ranges = [self._range(p, at) for p in name.below]
        if any(isinstance(r, int) for r in ranges):
            raise NotUnderstoodError(f"the name {shown(name)}")
        return of_identity([r for r in ranges if not isinstance(r, int)], one)

    def _range(self, node: Node, at: At) -> int | tuple[int, int] | None:
        """Return a place, the first and the last of several, or None for all."""
        match node:
            case Apply(":", ()):
                return None
            case Apply(":", (first, last)):
                return self.index(first, at), self.index(last, at)
        return self.index(node, at)

    def part(self, x: Value, places: tuple[Node, ...], at: At) -> Value:
        """Return a part of an array, as its places say."""
        x, ranges = dense(x), [self._range(p, at) for p in places]
        if isinstance(x, Multiple) and len(ranges) == 2 and all(isinstance(r, int) for r in ranges):
            return x.c if ranges[0] == ranges[1] else x.c * 0
        if isinstance(x, Padded) and (found := x.across(ranges)) is not None:
            return found
        if isinstance(x, Padded):
            x = x.holding(ranges)
        if not is_array(x):
            raise NotUnderstoodError("a part of what is no array")
        return part(x.T if len(ranges) == 1 and len(x) == 1 else x, ranges)

    def _partial(self, partial: Partial, at: At) -> Value:
        if (stated := self._definition(partial, at)) is not None:
            return stated
        if (found := self._of_parts(partial, at)) is not None:
            return found
        wrt = self.quantity_of(partial.wrt, at)
        of = partial.of
        if isinstance(of, Name) and self.given.lexicon.find(of) is None and not partial.immediate:
            found = self.given.slope(of, wrt)
        else:
            found = self.given.derivative(self.quantity_of(partial.of, at), wrt, partial.immediate)
        return found if self.layout == "numerator" else V.transposed(found)

    def _of_parts(self, partial: Partial, at: At) -> Value | None:
        """Return ∂y_i/∂x_j, or the derivative of or by another part of an array; None where it is of whole ones."""
        names = partial.of, partial.wrt
        if isinstance(partial.of, Name) and partial.of.below and self.given.lexicon.find(partial.of) is None:
            return self._of_function(partial.of, partial.wrt, at)
        meant = [self.given.lexicon.find(n) if isinstance(n, Name) else None for n in names]
        if not any(m is not None and m.places for m in meant):
            return None
        of, wrt = keys = [self.key_of(n, at) for n in names]
        whole = self.given.derivative(of, wrt, partial.immediate)
        shapes = [np.shape(self.given.quantity(*k)) for k in keys]
        if shapes[0] == () and is_array(whole):
            whole = whole.T
        places = np.arange(int(np.prod(shapes[0]) * np.prod(shapes[1]))).reshape(*shapes[0], *shapes[1])
        flat = in_shape(whole, np.shape(whole)).ravel() if is_array(whole) else np.array([whole], dtype=object)
        chosen = [self._chosen(m, s, at) for m, s in zip(meant, shapes, strict=True)]
        picked = places[np.ix_(*(c for axes, _ in chosen for c in axes))]
        found = flat[picked.reshape(*chosen[0][1], *chosen[1][1])] if picked.size > 1 else flat[picked.ravel()[0]]
        if picked.size > 1 and chosen[0][1] == (1, 1):
            found = found.reshape(chosen[1][1]).T
        elif picked.size > 1:
            found = found.reshape(int(np.prod(chosen[0][1])), -1)
        return found if self.layout == "numerator" else V.transposed(found)

    def _of_function(self, of: Name, wrt: Name, at: At) -> Value | None:
        """Return ∂f_i/∂x_j of an open function of vectors; None where that is not what stands there."""
        meaning = self.given.lexicon.find(wrt)
        if meaning is None or len(meaning.places) != 1:
            return None
        whole = self.given.slope(replace(of, below=of.below[:-1]), self.key_of(wrt, at))
        return part(whole, [self.index(of.below[-1], at), self.index(meaning.places[0], at)])

    def _chosen(
        self, meant: Meaning | None, shape: tuple[int, ...], at: At
    ) -> tuple[list[np.ndarray], tuple[int, int]]:
        """Return the places along each axis, and the shape of the part, a vector as a column."""
        axes = [np.arange(n) for n in shape]
        single = [False] * len(shape)
        for k, p in enumerate(meant.places if meant else ()):
            r = self._range(p, at)
            single[k] = isinstance(r, int)
            first, last = (1, shape[k]) if r is None else (r, r) if isinstance(r, int) else r
            if not 1 <= first <= last <= shape[k]:
                raise NotUnderstoodError("a part that lies outside of its array")
            axes[k] = axes[k][first - 1 : last]
        sizes = [len(a) for a, one in zip(axes, single, strict=True) if not one]
        return axes, (sizes[0] if sizes else 1, sizes[1] if len(sizes) > 1 else 1)

    def places_of(self, name: Name, at: At) -> tuple[int | tuple[int, int] | None, ...]:
        """Return the places of the part of an array that a name stands for; none for the whole."""
        meaning = self.given.lexicon.find(name)
        return tuple(self._range(p, at) for p in meaning.places) if meaning is not None else ()

    def key_of(self, name: Name | Partial, at: At) -> Key:
        """Return the quantity that a name stands for a part of, or for the whole of."""
        meaning = self.given.lexicon.find(name) if isinstance(name, Name) else None
        return (meaning.name, self.place(meaning.index, at)) if meaning is not None else self.quantity_of(name, at)

    def quantity_of(self, name: Name | Partial, at: At) -> Key:
        """Return the quantity that a name stands for, with its index as a number; of ∂E/∂x that of this name.

        In ∂ℓ/∂x the name ℓ may be that of a function.
        """
        if isinstance(name, Partial):
            of = name.of
            function = isinstance(of, Name) and self.given.lexicon.find(of) is None
            above = shown(of) if function else self.quantity_of(of, at)[0]
            by, place = self.quantity_of(name.wrt, at)
            return f"∂{above}/∂{by}", place
        meaning = self.given.lexicon.find(name)
        if meaning is None or meaning.power is not None or meaning.places:
            raise NotUnderstoodError(f"the name {shown(name)}")
        return meaning.name, self.place(meaning.index, at)

    def _definition(self, node: Name | Partial, at: At) -> Value | None:
        """Return what the page says that a name stands for."""
        if _key(node) not in self._by_name:
            return None
        sought = instance(node, lambda x: self.exact(x, at))
        if sought in self._stated:
            return self._stated[sought]
        if (line := self.line(node, at)) is None:
            return None
        if sought in self._open:
            raise NotUnderstoodError("a name that is defined by itself")
        self._open.add(sought)
        self._stated[sought] = self.stated(*line)
        self._open.discard(sought)
        return self._stated[sought]

    def line(self, node: Name | Partial, at: At) -> tuple[Definition, At] | None:
        """Return the line that says what a name stands for, and the numbers of the index symbols in it."""
        lines = self._by_name.get(_key(node), ())
        sought = instance(node, lambda x: self.exact(x, at)) if lines else ()
        for d in lines:
            bound = matched(d.left, sought, self.at)
            if bound is not None and (d.left == node or not self._is_whole(d.left)) and self._within(d, bound):
                return d, {**self.at, **bound}
        return None

    def _is_whole(self, name: Name | Partial) -> bool:
        """Tell whether what stands below a name is part of it, and no index: x_t beside x_0."""
        if isinstance(name, Partial):
            return False
        meaning = self.given.lexicon.find(name)
        return meaning is not None and meaning.index is None

    @cached_property
    def _by_name(self) -> dict[object, list[Definition]]:
        """The lines by what they are about, whatever its indices."""
        found: dict[object, list[Definition]] = {}
        for d in self.definitions:
            found.setdefault(_key(d.left), []).append(d)
        return found

    def _within(self, d: Definition, bound: dict[str, int]) -> bool:
        """Tell whether a line holds at this step."""
        at = {**self.at, **bound}
        for symbol, low, high in d.steps:
            first, last = self.exact(low, at), self.exact(high, at)
            if symbol not in at or first is None or last is None or not first <= at[symbol] <= last:
                return False
        return True

    def stated(self, d: Definition, at: At) -> Value:
        """Return what a line says; one for a change, ∂s/∂W dW = ..., as a matrix with a column for each entry of W."""
        if d.change is None:
            return self.value(d.right, at)
        name, number = self.quantity_of(d.change, at)
        like = self.given.quantity(name, number)
        one, zero = (self.given.number(Fraction(n)) for n in (1, 0))
        columns = []
        for place in entry_places(like):
            change = {d.change: unit_change(like, place, one, zero)}
            inner = Evaluation(self.given, self.at, self.order, self.layout, self.definitions, change)
            inner._stated, inner._open = self._stated, self._open
            columns.append(inner.value(d.right, at))
        found = beside(columns)
        return found if self.layout == "numerator" else V.transposed(found)

    # --- operations ---------------------------------------------------------------------------------------

    def _apply(self, name: str, arguments: tuple[Node, ...], at: At) -> Value:
        match name, arguments:
            case "d", (Name() as of,) if of in self.change:
                return self.change[of]
            case "^", (base, exponent):
                return self._raised(self.value(base, at), exponent, at)
            case "^∘", (base, exponent):
                return each(self.value(base, at), lambda v: self._raised(v, exponent, at))
            case "*", factors:
                return self._product(factors, at)
            case "cases", [*values, Apply("otherwise")]:
                pairs = [self.value(v, at) for v in values]
                return chosen(list(zip(pairs[:-1:2], pairs[1::2], strict=True)), pairs[-1])
            case "part", (whole, *places):
                return self.part(self.value(whole, at), tuple(places), at)
        x = [self.value(a, at) for a in arguments]
        match name, x:
            case "+", [first, *others]:
                for y in others:
                    first = plus(first, y)
                return first
            case "neg", [inner]:
                return negative(inner)
            case "/", [above, below] if is_number(number := sole_entry(below)):
                return each(above, lambda v: v / number)
            case "⊗", [a, b]:
                return kronecker(a, b, self.sized)
            case (("⊙" | "⊘"), [a, b]):
                return by_entries(name, a, b)
            case "transpose", [inner]:
                return V.transposed(inner)
            case (("norm" | "norm1" as function), [inner]) if is_array(inner):
                return self.given.function(Call(Name(function), arguments), [inner])
            case (("sqrt" | "abs" as function), [inner]) if is_number(number := sole_entry(inner)):
                return self.given.function(Call(Name(function), arguments), [number])
        if name in ("1 ∧", "1 ∨"):
            return joined(name[-1], x, self.given.number)
        if name.startswith("1 "):
            return indicator(name.split()[1:], x, lambda v: self._known_function("step", v), self.given.number)
        raise NotUnderstoodError(f"{name} of such values")

    def _known_function(self, name: str, x: Value) -> Value:
        return self.given.function(Call(Name(name), ()), [x])

    def _product(self, factors: tuple[Node, ...], at: At) -> Value:
        factors = self.written_out(factors, at)
        places = [k for k, f in enumerate(factors) if self.change and has_change(self, f)]
        if not places:
            return V.product([self.value(f, at) for f in factors])
        maps, following = factors[: places[0]], factors[places[0] + 1 :]
        total = self.value(factors[places[0]], at)
        if is_number(total):  # dg A is a change as dW is
            total, following = V.product([total, *(self.value(f, at) for f in following)]), ()
        total = all_applied(self, maps, total, at)
        return V.product([total, *(self.value(f, at) for f in following)])

    def written_out(self, factors: tuple[Node, ...], at: At) -> tuple[Node, ...]:
        """Return the factors of a product, with those that W_L ⋯ W_1 leaves out."""
        found: list[Node] = []
        k = 0
        while k < len(factors):
            if k + 2 < len(factors) and factors[k + 1] == DOTS:
                found += dotted(factors[k], factors[k + 2], lambda x: self.exact(x, at), LONGEST)
                k += 3
            else:
                found.append(factors[k])
                k += 1
        return tuple(found)

    def _raised(self, x: Value, exponent: Node, at: At) -> Value:
        n = self.exact(exponent, at)
        if n is not None and n < 0 and is_array(x) and x.shape[0] == x.shape[1] > 1:
            x, n = self._known_function("inv", x), -n
        if n is not None and n.denominator == 1:
            return V.power(x, int(n), self.given.number(Fraction(1)))
        if exponent == TRANSPOSED:
            raise NotUnderstoodError("a power")
        y = self.value(exponent, at) if n is None else self.given.number(n)
        if is_array(y):
            return by_entries("^", x, y)
        if not is_number(y) or isinstance(x, Multiple | Spread | Ones | Block):
            raise NotUnderstoodError("a power")
        return each(x, lambda v: v**y)

    def _call(self, call: Call, at: At) -> Value:
        x = [self.value(a, at) for a in call.arguments]
        if call.function == Name("diag") and len(x) == 1:
            return diagonal(_whole(x[0]))
        if call.function == Name("unvec", below=call.function.below) and len(call.function.below) == 2:
            m, n = (self.index(p, at) for p in call.function.below)
            return in_shape(x[0], (m * n, 1)).reshape(n, m).T
        if (factor := self._is_factor(call)) is not None:  # w (x + 1), and not w of x + 1
            return V.times(self._name(factor, at), x[0])
        return self.given.function(call, [_whole(v) for v in x])

    def _is_factor(self, call: Call) -> Name | None:
        is_name = len(call.arguments) == 1 and not call.by and not call.function.primes
        return call.function if is_name and self.given.lexicon.find(call.function) is not None else None

    def _big(self, node: Big, at: At) -> Value:
        total: Value = None
        for j in self.steps(node, at):
            x = self._kept(node.body, {**at, node.variable: j}, self.value)
            if total is None:
                total = x
            elif node.sign == "∑":
                total = plus(total, x)
            else:
                total = V.times(x, total) if self._is_descending(node, at) else V.times(total, x)
        if total is not None:
            return total
        nothing = self.given.number(Fraction(0 if node.sign == "∑" else 1))
        return nothing if node.sign == "∑" else Multiple(nothing, loose=True)

    def _is_descending(self, node: Big, at: At) -> bool:
        """Tell whether the factor of the highest index stands leftmost in a product."""
        order, _, letter = (self.order or "").partition(" to ")
        if order != "nearest":
            return order == "highest"
        start = self.index(Name(letter), at)
        low, high = (self.index(n, at) for n in (node.low, node.high))
        return abs(high - start) < abs(low - start)

    def steps(self, node: Big, at: At) -> list[int]:
        """Return the numbers that the index of ∏ or ∑ runs through."""
        low, high = self.index(node.low, at), self.index(node.high, at)
        if high - low >= LONGEST:
            raise NotUnderstoodError(f"{node.sign} with more than {LONGEST:,} terms")
        left_out = [self.index(n, at) for n in node.without]
        found = [j for j in range(low, high + 1) if j not in left_out]
        return [j for j in found if all(self._is_so(c, {**at, node.variable: j}) for c in node.conditions)]

    def _is_so(self, condition: Node, at: At) -> bool:
        """Tell whether a condition on indices holds: 1 ≤ j - 2 i ≤ K."""
        if not isinstance(condition, Apply) or not condition.name.startswith("1 "):
            raise NotUnderstoodError("a condition on an index")
        x = [self.index(a, at) for a in condition.arguments]
        relations = [RELATIONS[r] for r in condition.name.split()[1:]]
        return all(r(a, b) for r, a, b in zip(relations, x, x[1:], strict=False))

    def _grid(self, node: Tuple, at: At) -> Value:
        rows = [r.items for r in node.items if isinstance(r, Tuple)]
        if len(rows) != len(node.items) or any(_is_dots(x) for r in rows for x in r):
            raise NotUnderstoodError("a matrix with dots")
        return block([[self.value(x, at) for x in r] for r in rows])

    # --- what is known already ------------------------------------------------------------------------------

    def _kept(self, node: Any, at: At, find: Callable[[Any, At], Value]) -> Value:
        """Return the value of a node, which is computed once for the indices that stand in it."""
        if id(node) not in self._symbols:  # the node is kept too, so that no other gets its id
            self._symbols[id(node)] = node, frozenset(n.base for n in walk(node) if isinstance(n, Name))
        symbols = self._symbols[id(node)][1]
        key = id(node), tuple((s, n) for s, n in at.items() if s in symbols)
        if key not in self._known:
            self._known[key] = find(node, at)
        return self._known[key]


TRANSPOSED = Name("T")


def _whole(x: Value) -> Value:
    """Return arrays that are put together as one array, where their sizes say how large it is."""
    try:
        return dense(x)
    except NotUnderstoodError:
        return x


def _key(node: Name | Partial) -> object:
    return (_key(node.of), node.wrt.base) if isinstance(node, Partial) else node.base


def _unknown(name: Name) -> Value:
    raise NotUnderstoodError(f"the name {shown(name)}")


def _is_dots(node: Node) -> bool:
    return isinstance(node, Apply) and node.name in ("⋯", "⋮", "⋱")


def _combined(sign: str, values: list[Fraction]) -> Fraction | None:
    total = values[0]
    for v in values[1:]:
        if sign == "/" and v == 0:
            return None
        total = total + v if sign == "+" else total * v if sign == "*" else total / v
    return total
