"""The tree of a printed formula: what is there, and how its numbers are printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction


@dataclass(frozen=True)
class Number:
    """A printed number: its value, and how many digits stand after the point; ``scale``: 1000 for K, 1/100 for %.

    text: as it is printed, without what separates the thousands.
    """

    value: Fraction
    text: str
    places: int = 0
    scale: Fraction | int = 1

    @property
    def digits(self) -> int:
        """The digits that are printed, without zeros in front."""
        return len(self.text.partition("e")[0].replace(".", "").lstrip("0"))


@dataclass(frozen=True)
class Symbol:
    """A letter with its index and its decorations: a_j, \\hat{y}."""

    name: str


@dataclass(frozen=True)
class Apply:
    """An operation or a known function: + - * / ^ neg ! sqrt sin ...; ``primes`` counts derivatives of a function."""

    name: str
    arguments: tuple[Node, ...]
    primes: int = 0


@dataclass(frozen=True)
class Unknown:
    """An unknown function of something, f(x), P(A)."""

    name: str
    arguments: tuple[Node, ...]
    primes: int = 0


@dataclass(frozen=True)
class Derivative:
    """d^n body / d variable^n.

    immediate: ∂⁺, in which what lies between is held fixed. partial: it is printed with ∂.
    """

    body: Node
    variable: str
    order: int = 1
    immediate: bool = False
    partial: bool = field(default=False, compare=False, repr=False)


@dataclass(frozen=True)
class Integral:
    """∫ body d variable, from low to high or, without them, any antiderivative."""

    body: Node
    variable: str
    low: Node | None = None
    high: Node | None = None


@dataclass(frozen=True)
class Big:
    """∑ or ∏ of body for variable = low, ..., high; without: values of the variable that are left out.

    conditions: what holds where there is a term, 1 ≤ j - 2 i ≤ K.
    """

    sign: str
    variable: str
    low: Node
    high: Node
    body: Node
    without: tuple[Node, ...] = ()
    conditions: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Tuple:
    """A vector, or the rows of a matrix."""

    items: tuple[Node, ...]


@dataclass(frozen=True)
class Name:
    """A name on a page as it is printed, part by part: θ̂'_{f,j}^{[l]}; it may be of a quantity or a function.

    below: what stands below it, between commas. above: what stands above it, an index or a power; bracket: what that
    stands in, "" or "[" or "(".
    """

    base: str
    accents: tuple[str, ...] = ()
    below: tuple[Node, ...] = ()
    above: Node | None = None
    bracket: str = ""
    primes: int = 0


@dataclass(frozen=True)
class Partial:
    """∂of/∂wrt by the names of two quantities, or the immediate derivative ∂⁺of/∂wrt."""

    of: Name | Partial
    wrt: Name
    immediate: bool = False


@dataclass(frozen=True)
class Call:
    """A function, by its printed name, of arguments. by: 2 in ∂_2 f(x, y), a derivative by the second argument."""

    function: Name
    arguments: tuple[Node, ...]
    by: int = 0


Node = Number | Symbol | Apply | Unknown | Derivative | Integral | Big | Tuple | Name | Partial | Call


@dataclass(frozen=True)
class Side:
    """One side of a relation: its tree, or why it is not understood; start, end: where it is printed.

    unit: what stands at its end, 3 km; measured: its tree with all units in it, where some are known.
    """

    node: Node | None
    start: int
    end: int
    reason: str = ""
    unit: str = ""
    measured: Node | None = None


@dataclass(frozen=True)
class Chain:
    """Sides with the relations between them: a = b ≈ c; ``asked``: followed by a question mark."""

    sides: tuple[Side, ...]
    relations: tuple[str, ...]
    asked: bool = False

    def links(self) -> Iterator[tuple[Side, str, Side]]:
        """Yield each relation with its two sides."""
        yield from zip(self.sides, self.relations, self.sides[1:], strict=False)


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all nodes in it."""
    pending: list[Node] = [node]
    while pending:
        n = pending.pop()
        yield n
        pending += children(n)


def children(node: Node) -> list[Node]:
    """Return the nodes right below a node."""
    match node:
        case Apply() | Unknown():
            return list(node.arguments)
        case Symbol() | Number():  # leaves, most of all nodes
            return []
        case Derivative(body):
            return [body]
        case Integral(body, _, low, high):
            return [n for n in (body, low, high) if n is not None]
        case Big(_, _, low, high, body, without, conditions):
            return [low, high, *without, *conditions, body]
        case Tuple(items):
            return list(items)
        case Name(_, _, below, above):
            return [*below, *([] if above is None else [above])]
        case Partial(of, wrt):
            return [of, wrt]
        case Call(function, arguments):
            return [function, *arguments]
    return []


def rebuilt(node: Node, change: Callable[[Node], Node]) -> Node:
    """Return a node with the nodes right below it changed; where a name must stand, only another name is put.

    >>> rebuilt(Apply("neg", (Symbol("x"),)), lambda n: Symbol("y"))
    Apply(name='neg', arguments=(Symbol(name='y'),), primes=0)
    """

    def named(n: Name) -> Name:
        found = change(n)
        return found if isinstance(found, Name) else n

    def all_of(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        return tuple(map(change, nodes))

    match node:
        case Apply(_, arguments) | Unknown(_, arguments):
            return replace(node, arguments=all_of(arguments))
        case Call(function, arguments):
            return replace(node, function=named(function), arguments=all_of(arguments))
        case Derivative(body):
            return replace(node, body=change(body))
        case Integral(body, _, low, high):
            ends = (None if n is None else change(n) for n in (low, high))
            return Integral(change(body), node.variable, *ends)
        case Big(_, _, low, high, body, without):
            return replace(node, low=change(low), high=change(high), body=change(body), without=all_of(without))
        case Tuple(items):
            return Tuple(all_of(items))
        case Name(_, _, below, above):
            return replace(node, below=all_of(below), above=None if above is None else change(above))
        case Partial(Name() as of, wrt):
            return replace(node, of=named(of), wrt=named(wrt))
        case Partial(of, wrt):
            inner = change(of)
            return replace(node, of=inner if isinstance(inner, Partial) else of, wrt=named(wrt))
    return node


def substituted(node: Node, letter: str, value: Node) -> Node:
    """Put a node in the place of a letter that nothing in it binds.

    >>> substituted(Apply("neg", (Symbol("x"),)), "x", Symbol("y"))
    Apply(name='neg', arguments=(Symbol(name='y'),), primes=0)
    """
    return value if node == Symbol(letter) else rebuilt(node, lambda n: substituted(n, letter, value))


EVENT, CONDITIONAL = "event ", "conditional "
"""How the letter begins that stands for what is in P(X > 3), or in p(y | x), with its signs behind."""


UNIT = "unit "
"""How the letter begins that stands for a unit, with the unit in one notation behind."""


def is_event(node: Node) -> bool:
    """Tell whether a node is what stands in a probability: an event, or one given another."""
    return isinstance(node, Symbol) and node.name.startswith((EVENT, CONDITIONAL))


LAPLACE = "laplace"
"""The operation of the Laplace transform of a formula in t, which is a formula in s."""


OVER = frozenset(["lim", "max over", "min over", "between", "at"])
"""Operations whose first argument is the letter that they bind: (x, point, body), (x, low, high, body).

between: [F]_a^b with an infinite end; at: a derivative at a place."""


NO_LETTERS = frozenset[str]()


def symbols(node: Node) -> frozenset[str]:
    """Return the letters that are free in a node."""
    match node:
        case Symbol(name):
            return frozenset([name]) if name != "pi" else NO_LETTERS
        case Number():
            return NO_LETTERS
        case Apply(name) if name in OVER:
            match node.arguments:
                case (Symbol(variable), *limits, body):
                    return (symbols(body) - {variable}).union(*map(symbols, limits))
        case Apply(name, (body,)) if name == LAPLACE:
            return (symbols(body) - {"t"}) | {"s"}
        case Apply():
            return NO_LETTERS.union(*[symbols(n) for n in node.arguments])
        case Integral(body, variable, low, high):
            ends = [symbols(n) for n in (low, high) if n is not None]
            inside = symbols(body) - {variable} if ends else symbols(body) | {variable}
            return inside.union(*ends)
        case Big(_, variable, low, high, body, without, conditions):
            inside = symbols(body).union(*map(symbols, conditions)) - {variable}
            return inside.union(*map(symbols, (low, high, *without)))
        case Derivative(body, variable):
            return symbols(body) | {variable}
    return NO_LETTERS.union(*map(symbols, children(node)))
