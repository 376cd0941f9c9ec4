"""The values that a user gives: names -> arrays, checked against the network and put into an arithmetic.

``"w"`` has the layers on its first axis, ``"W"`` is an array, ``"a[0]"`` a boundary value, ``"x"`` for
``x[j]`` has the time on its first axis. For float64 each may have one more, last axis: a batch.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from symgrad.algebra.dimension import named
from symgrad.algebra.dimension import number as number_of
from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Index, Place, Position, minus, number, parts, symbols
from symgrad.algebra.shape import Dimension, Shape, show
from symgrad.algebra.span import Span
from symgrad.arithmetic import Arithmetic, arithmetic
from symgrad.arithmetic.literal import exact, is_minus_infinity
from symgrad.errors import UnknownName, ValuesError
from symgrad.network.domain import MINUS_INFINITY, met
from symgrad.network.network import Network
from symgrad.network.syntax.line import canonical
from symgrad.network.syntax.read import read_quantity

Given = Mapping[str, Any]


class Values:
    """Values of quantities by name and index, in one arithmetic, at one depth."""

    def __init__(self, network: Network, arithmetic: Arithmetic, depth: int) -> None:
        self.network, self.arithmetic, self.depth = network, arithmetic, depth
        self.env: dict[str, dict[Place, Any]] = {}
        self.sizes: dict[Dimension, tuple[int, str]] = {}
        self.ends: dict[str, int] = {}
        """What the letters are worth that the ranges of indices end with."""
        self.sums: list[tuple[Dimension, int, Quantity]] = []
        """Sizes that are sums or products of dimensions, with the quantities that are of such a size."""

    def size(self, d: int | Dimension, at: Mapping[str, int]) -> int:
        """Return the number that a dimension has, with its index symbol at a number."""
        if isinstance(d, int):
            return d
        if d.terms:
            return number_of(d, {n: self.size(n, at) for n in named(d)})
        index = d.index
        if isinstance(index, Index):
            symbol = {**self.ends, self.network.depth_symbol: self.depth, **at}
            index = symbol[index.symbol] + index.offset
        if not d.name and isinstance(index, int):
            return index
        key = Dimension(d.name, index)
        if key not in self.sizes:
            raise ValuesError(f"the size of the dimension {key} is not known from the values")
        return self.sizes[key][0]

    @property
    def counted(self) -> dict[str, int]:
        """The numbers of entries at which sums over them end."""
        return {s: self.ends[s] for s in self.network.counted_entries}

    def note_exponents(self) -> None:
        """Take the values of the parameters k of A^k for the ends of the sums that its derivative is."""
        for q in self.network.exponents:
            if None in self.env.get(q.name, {}):
                self.ends[q.name] = self.arithmetic.whole(self.env[q.name][None])

    def shape(self, q: Quantity, at: Mapping[str, int] | None = None) -> tuple[int, ...]:
        """Return the shape of a quantity in numbers."""
        return tuple(self.size(d, at or {}) for d in self.network.shape(q))

    def end(self, symbol: str, n: int, source: str) -> None:
        """Note what the letter is worth that ranges end with: the number of what is given with such an index."""
        known = self.sizes.get(Dimension(symbol), (self.ends.get(symbol, n), "what is given before"))
        if known[0] != n:
            raise ValuesError(
                f"{symbol} is {known[0]} by {known[1]} and {n} by {source}", todo=f"give {source} with as many entries"
            )
        self.ends[symbol] = n

    def __getitem__(self, q: Quantity) -> Any:
        return self.env[q.name][q.place({**self.ends, self.network.depth_symbol: self.depth})]


def read_values(
    network: Network,
    given: Given,
    arithmetic_name: str,
    digits: int | None,
    depth: int | None,
    idle: Collection[str] = (),
) -> Values:
    """Check a user's values and convert them; those of the names in ``idle`` may be left out.

    Raises ValuesError: names what is missing, superfluous or misshaped.
    """
    if not isinstance(given, Mapping):
        raise ValuesError(
            f"the values are a {type(given).__name__}", todo='give them by name: {"w": [1, 2], "a[0]": 0}'
        )
    data = {_key(network, name): value for name, value in given.items()}
    _check_names(network, data, idle)
    members = {name: data.pop(name) for name in network.members if name in data}
    needed = [q for q in network.parameters if value_name(q) in data]
    if depth is None and not network.grid:
        depth = depth_of(network, data)
    batched = arithmetic_name == "float" and any(_has_batch(network, q, data[value_name(q)]) for q in needed)
    values = Values(network, arithmetic("batch" if batched else arithmetic_name, digits), depth or 0)
    values.ends |= dict.fromkeys(network.depths, depth) if depth is not None else {}
    with values.arithmetic.working():
        for q in needed:
            _put(values, q, data[value_name(q)], batched)
        values.note_exponents()
    _check_sums(values)
    _check_ends(values)
    _put_members(values, members)
    values.depth = values.ends[network.depth_symbol] if network.grid else values.depth
    return values


def _check_sums(values: Values) -> None:
    """Check the sizes that are sums of dimensions; one dimension that nothing else has follows from them."""
    for d, n, q in values.sums:
        index = {m: _at_depth(values, m) for m in named(d)}
        unknown = {key for key in index.values() if key not in values.sizes}
        if len(unknown) == 1:
            [key] = unknown
            sizes = {m: values.sizes[k][0] if k != key else 0 for m, k in index.items()}
            least = number_of(d, sizes)
            each = number_of(d, {**sizes, **{m: 1 for m, k in index.items() if k == key}}) - least
            if each and (n - least) % each == 0 and (n - least) // each > 0:
                values.sizes[key] = (n - least) // each, str(q)
        found = number_of(d, {m: values.size(m, {}) for m in named(d)})
        if found != n:
            known = ", ".join(f"{k} is {values.sizes[k][0]} in {values.sizes[k][1]}" for k in index.values())
            raise ValuesError(
                f"{q} has {n} entries along {d}, which is {found}: {known}", todo=f"give {q} in shapes that fit"
            )


def _at_depth(values: Values, d: Dimension) -> Dimension:
    return Dimension(d.name, values.depth + d.index.offset if isinstance(d.index, Index) else d.index)


def _put_members(values: Values, given: Mapping[str, Any]) -> None:
    """Take the numbers of the letters that stand for single members of families."""
    ends = {values.network.depth_symbol: values.depth, **values.ends}
    for letter, span in values.network.members.items():
        numbers = list(span.numbers(ends))
        if given.get(letter) not in numbers or isinstance(given[letter], bool):
            raise ValuesError(
                f"{letter} is the index of one member, and {given.get(letter, 'no number')} is given for it",
                todo=f'give "{letter}" as a whole number from {numbers[0]} to {numbers[-1]}',
            )
        values.ends[letter] = int(given[letter])


def _check_ends(values: Values) -> None:
    """Find the ends of ranges that are sizes of dimensions, and check that all are known."""
    for span in values.network.ranges.values():
        for symbol in span.free - set(values.ends) - ({values.network.depth_symbol} - {*values.network.depths}):
            if Dimension(symbol) not in values.sizes:
                raise ValuesError(
                    f"no value says what {symbol} is, the end of the range of {span.symbol}",
                    todo=f"give a value with the index {span.symbol}",
                )
            values.ends[symbol] = values.sizes[Dimension(symbol)][0]
    values.ends |= {s: values.sizes[Dimension(s)][0] for s in values.network.counted_entries}


def depth_of(network: Network, data: Given) -> int:
    """Find the depth from the length of the first axis of what the layers or the time carry."""
    layered = [q for q in network.parameters if isinstance(q.index, Index) and not q.ahead]
    for q in sorted(layered, key=lambda q: q.name not in network.lags):
        if q.name in network.lags or network.reads_sums(q.name):
            return (
                len(_layers(q, data[value_name(q)])) - network.last_index(q.name, 0) + network.first_index(q.name) - 1
            )
    if not network.steps and not any(isinstance(q.index, Index) for q in network.parameters):
        return 1
    raise ValuesError("the depth is not given and no value has layers on its first axis", todo="pass depth=...")


def _key(network: Network, name: str) -> str:
    if (network.grid and "[" in name) or "," in name:
        q = network.arranged(read_quantity(name, "value"))
        return value_name(q)
    match = re.fullmatch(r"\s*(\w+)\s*(?:\[\s*(-?\d+)\s*\])?\s*", name)
    if not match:
        raise ValuesError(f"{name!r} is not the name of a quantity", todo='write "W", "w" or "a[0]"')
    base, index = canonical(match.group(1)), match.group(2)
    return base if index is None else f"{base}[{int(index)}]"


def _layers(q: Quantity, data: Any) -> Any:
    """Return data with the layers on its first axis: an array, or a list of numbers or arrays of any shapes."""
    if isinstance(data, list | tuple) or np.ndim(data):
        return data
    raise ValuesError(
        f"the first axis of {q.name} has the layers, and a single number was given",
        todo=f"give {q.name} as a list or an array with one entry for each layer",
    )


def _shape(q: Quantity, data: Any) -> tuple[int, ...]:
    try:
        return np.shape(data)
    except ValueError:
        raise ValuesError(
            f"the value of {q} has rows of different lengths", todo="give nested lists of one shape, or an array"
        ) from None


def value_name(q: Quantity) -> str:
    """Return under which name the values of a parameter are given: w for w[j], a[0], h[0,t], b[T+1]."""
    letters = {p.symbol for p in q.indices if isinstance(p, Index) and not p.offset}
    return str(q) if len(letters) < len(q.indices) else q.name


def _check_names(network: Network, data: Given, idle: Collection[str]) -> None:
    names = [value_name(q) for q in network.parameters]
    missing = [n for n in names if n not in data and n not in idle]
    if missing:
        shapes = ", ".join(_describe(network, q) for q in network.parameters if value_name(q) in missing)
        raise ValuesError(f"no value is given for {', '.join(missing)}", todo=f"give {shapes}")
    for name in data:
        if name not in (*names, *network.members):
            raise UnknownName("value for", name, names)


def _describe(network: Network, q: Quantity) -> str:
    shape = show(network.shape(q))
    if symbols(q.further):
        return (
            f"{value_name(q)} (one {shape} for each {' and '.join(str(p) for p in q.indices if isinstance(p, Index))})"
        )
    return (
        f"{value_name(q)} (one {shape} for each layer)" if isinstance(q.index, Index) else f"{value_name(q)} ({shape})"
    )


def _has_batch(network: Network, q: Quantity, data: Any) -> bool:
    if q.further:
        for _ in symbols(q.indices):
            data = data[0] if isinstance(data, list | tuple | np.ndarray) and len(data) else data
        return len(_shape(q, data)) == len(network.shape(q)) + 1
    if isinstance(q.index, Index):
        layers = _layers(q, data)
        return len(layers) > 0 and len(_shape(q, layers[0])) == len(network.shape(q)) + 1
    return len(_shape(q, data)) == len(network.shape(q)) + 1


def _put_family(values: Values, q: Quantity, data: Any, batched: bool) -> None:
    """Take values with one axis, or nested lists, for each index, from the left."""
    network, known = values.network, values.env.setdefault(q.name, {})
    spans: list[Span | None] = [
        s if p == Index(s.symbol) else None for p, s in zip(q.further, network.extents(q), strict=True)
    ]
    if q.index is not None:
        spans.insert(q.ahead, None)

    def take(positions: tuple[Position, ...], data: Any, place: tuple[int, ...]) -> None:
        if not positions:
            one = Quantity(q.name, None, place) if q.index is None else _placed(q, place)
            known[one.place({})] = _one(values, one, data, batched)
            _check_domain(network, one, data)
            return
        first, *others = positions
        span = spans[len(place)]
        if isinstance(first, int) or (span is None and q.index is None):
            return take(tuple(others), data, (*place, _known_end(values, first)))
        if not isinstance(data, list | tuple) and not np.ndim(data):
            raise ValuesError(
                f"{q} has an axis of its own for {first}, and a single number was given",
                todo=f"give {q.name} as a list with an entry for each {first}",
            )
        if span is not None:
            _note_size(values, span, len(data), str(q))
            wanted = range(_known_end(values, span.lower), _known_end(values, span.upper) + 1)
        else:
            wanted = range(network.first_index(q.name), network.last_index(q.name, values.depth) + 1)
        if len(data) != len(wanted):
            raise ValuesError(
                f"{q} has {first} = {wanted.start} to {wanted.stop - 1}: {len(wanted)} entries, not {len(data)}",
                todo=f"give {q.name} with {len(wanted)} entries for {first}",
            )
        for n, item in zip(wanted, data, strict=True):
            take(tuple(others), item, (*place, n))

    take(q.indices, data, ())


def _placed(q: Quantity, place: tuple[int, ...]) -> Quantity:
    return Quantity(q.name, place[q.ahead], place[: q.ahead] + place[q.ahead + 1 :], q.ahead)


def _known_end(values: Values, p: Position) -> int:
    ends = _known(values)
    for symbol in sorted(symbols((p,)) - ends.keys()):
        raise ValuesError(f"no value says what {symbol} is in {p}, the end of a range", todo=f"give {symbol} by others")
    return number(p, ends)


def _known(values: Values) -> dict[str, int]:
    sizes = {d.name: n for d, (n, _) in values.sizes.items() if d.index is None}
    depth = {} if values.network.grid else {values.network.depth_symbol: values.depth}
    return {**sizes, **depth, **values.ends}


def _note_size(values: Values, span: Span, count: int, source: str) -> None:
    """Note what the letter is worth that gives a range as many members: the n of 1..n+K-1, where K is known."""
    lower, upper = span.lower, span.upper
    if isinstance(lower, int) and isinstance(upper, Index):
        values.end(upper.symbol, lower + count - 1 - upper.offset, source)
        return
    known = _known(values)
    terms, offset = parts(minus(upper, lower) + 1)
    unknown = [(s, c) for s, c in terms if s not in known]
    if len(unknown) != 1:
        return
    [(symbol, c)] = unknown
    rest = count - offset - sum(n * known[s] for s, n in terms if s in known)
    if rest % c or rest // c < 1:
        raise ValuesError(
            f"{source} has {count} entries for {span.symbol} = {lower}, ..., {upper}, which no {symbol} gives",
            todo=f"give {source} with other entries: {symbol} is 1 or more",
        )
    values.end(symbol, rest // c, source)


def _put(values: Values, q: Quantity, data: Any, batched: bool) -> None:
    network = values.network
    if q.further:
        return _put_family(values, q, data, batched)
    if q.index is None or isinstance(q.index, int):
        values.env.setdefault(q.name, {})[q.index] = _one(values, q, data, batched)
        _check_domain(network, q, data)
        return
    first, last = network.first_index(q.name), network.last_index(q.name, values.depth)
    count = last - first + 1
    if len(_layers(q, data)) != count:
        raise ValuesError(
            f"the first axis of {q.name} has the layers {first} to {last}: {count} entries, not {len(data)}",
            todo=f"give {q.name} with {count} entries on its first axis, or another depth",
        )
    layers = values.env.setdefault(q.name, {})
    for k, item in enumerate(data, start=first) if network.domains(q) else ():
        _check_domain(network, Quantity(q.name, k), item)
    if network.shape(q) == () and not batched:
        layers.update(enumerate(_convert(values, q, data, (count,)), start=first))
    elif isinstance(data, np.ndarray) and data.dtype != object:  # all layers are of one shape
        differ = any(n.index is not None for d in network.shape(q) for n in named(d))
        for k in range(first, last + 1) if differ else (first,):
            sizes = _sizes(values, Quantity(q.name, k), data.shape[1:], batched)
        layers.update(enumerate(_convert(values, q, data, (count, *sizes)), start=first))
    else:
        for k, item in enumerate(data, start=first):
            layers[k] = _one(values, Quantity(q.name, k), item, batched)


def _one(values: Values, q: Quantity, data: Any, batched: bool) -> Any:
    return _convert(values, q, data, _sizes(values, q, _shape(q, data), batched))


def _sizes(values: Values, q: Quantity, found: tuple[int, ...], batched: bool) -> tuple[int, ...]:
    """Return the shape of a value in numbers, without the batch, and note what it tells of the dimensions."""
    shape: Shape = values.network.shape(q)
    sizes = found[:-1] if batched and len(found) == len(shape) + 1 else found
    if len(sizes) != len(shape):
        raise ValuesError(f"{q} has shape {show(shape)}, and the value given has shape {show(found)}")
    for d, n in zip(shape, sizes, strict=True):
        _bind(values, d, n, q)
    return sizes


def _bind(values: Values, d: int | Dimension, n: int, q: Quantity) -> None:
    if isinstance(d, Dimension) and d.terms:
        values.sums.append((d, n, q))
    elif isinstance(d, Dimension):
        index = values.depth + d.index.offset if isinstance(d.index, Index) else d.index
        key = Dimension(d.name, index)
        known, source = values.sizes.setdefault(key, (n, str(q)))
        if known != n:
            raise ValuesError(
                f"the dimension {key} is {known} in {source} and {n} in {q}",
                todo=f"give {q} and {source} in shapes that fit",
            )
    elif d != n:
        raise ValuesError(
            f"{q} has the dimension {d} in the model, and {n} in the value given", todo=f"give {q} in that shape"
        )


def _check_domain(network: Network, q: Quantity, data: Any) -> None:
    """Check what the network assumes of a value; the sum of n floats may be off by their rounding, n 2^-53."""
    domain = met(network.domains(q))
    if domain is None:
        return
    array = np.array(data, dtype=object)
    rank = len(network.shape(q))
    for item in np.moveaxis(array, -1, 0) if array.ndim > rank else [array]:
        rows = [[_extended(x) if domain.infinite else exact(x) for x in row] for row in np.atleast_2d(item)]
        floats = any(isinstance(x, float | np.floating) for x in np.ravel(item))
        if not domain.contains(rows, Fraction(np.size(item), 2**53) if floats else Fraction(0)):
            raise ValuesError(
                f"{q} is declared {domain.name} ({domain.words}), and the value given is not",
                todo=f"give such a value, or remove the line that declares {q.name} {domain.name}",
            )


def _extended(x: Any) -> Fraction | float:
    return MINUS_INFINITY if is_minus_infinity(x) else exact(x)


def _convert(values: Values, q: Quantity, data: Any, shape: tuple[int, ...]) -> Any:
    A, may_be_infinite = values.arithmetic, any(d.infinite for d in values.network.domains(q))
    try:
        return (A.masked if may_be_infinite else A.array)(data, shape)
    except ValuesError as error:
        if not may_be_infinite and any(map(is_minus_infinity, np.ravel(np.array(data, dtype=object)))):
            todo = f"declare '{q.name}: mask' where its entries are 0 or -inf"
            raise ValuesError(f"the value of {q.name} holds -inf", todo=todo) from None
        raise ValuesError(f"the value of {q.name} cannot be read: {error.what}", todo=error.todo) from None
