r"""Whether two printed formulas have the same form, as symgrad's reader of pages reads them.

Two equations have the same form if their trees are the same up to

- the names of bound indices, and of the index that is free on the left, which may also be shifted: δ_{l-1} = W_l … is
  δ_l = W_{l+1} …;
- spaces, brackets that group nothing, 1/s beside or below what it divides, diag(a) diag(b) for diag(a ⊙ b);
- the order of the terms of a sum, of the factors of ⊙, and the place of factors that are numbers (a sign, 2, 1/√d, and
  quantities that are scalars);
- rowsum(A) for A 𝟏 𝟏ᵀ, colsum(A) for 𝟏 𝟏ᵀ A, and a row or a column that is broadcast: γ ⊙ A for (𝟏 γᵀ) ⊙ A;
- names that the page itself gives to a derivative: δ_l, where it says that δ_l = ∂C/∂z_l.

The order of factors that are vectors or matrices, which products and sums there are, and how they are nested: that is
the form.

>>> def tree(text):
...     return normal(formula(text).sides[0])
>>> tree(r"\frac{1}{m} X^{\mathsf T} (A - B)") == tree(r"\frac{X^{\mathsf T} (-B + A)}{m}")
True
>>> tree(r"X^{\mathsf T} A") == tree(r"A X^{\mathsf T}")
False
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Any

from symgrad.reading.page.document import Equation, Page, formula
from symgrad.reading.tree import Apply, Big, Call, Name, Node, Number, Partial, Tuple

Tree = Any
"""Nested tuples that compare equal for formulas of the same form."""
Scalar = Callable[[str], bool]
"""Whether a quantity, by its printed base, is a number."""


@dataclass(frozen=True)
class _Scope:
    """Index symbols -> what they are called in a normal form, and what they are shifted by; which names are numbers."""

    renamed: Mapping[str, tuple[str, int]]
    depth: int
    scalar: Scalar


def normal(node: Node, scalar: Scalar = lambda _: False, renamed: Mapping[str, tuple[str, int]] | None = None) -> Tree:
    """Return the normal form of a tree."""
    return _normal(node, _Scope(renamed or {}, 0, scalar))


def same(expected: str, page: Page, scalar: Scalar) -> bool:
    """Tell whether an equation, in LaTeX, stands on a page in the same form."""
    wanted = _normal_equation(_read(expected), {}, scalar)
    names = dict(_abbreviations(page))
    printed = (
        _normal_equation((left, right), names, scalar)
        for e in page.equations
        for n, left in enumerate(e.sides[:1])
        for right in e.sides[n + 1 :]
    )
    heads = _named(page, names, scalar)
    return any(p == wanted for p in printed) or wanted in heads


def left_side(line: str) -> Tree:
    """Return what a line of LaTeX is about: alternatives have the same."""
    return _normal_equation((_read(line)[0],) * 2, {}, lambda _: False)[0]


def _read(line: str) -> tuple[Node, Node]:
    """Read an expected equation; raises ValueError where it is not read."""
    read: Equation = formula(line)
    if read.reason or len(read.sides) != 2:
        raise ValueError(f"{line}: {read.reason or 'no equation'}")
    return read.sides[0], read.sides[1]


# --- names for derivatives ------------------------------------------------------------------------------


def _abbreviations(page: Page) -> Iterator[tuple[Name, Partial]]:
    """Yield the names of derivatives and what they mean; where the page has lines that define names, these alone."""
    defining = [e for e in page.equations if ":=" in e.relations]
    for e in defining or page.equations:
        match e.sides:
            case (Name() as name, Partial() as meant, *_):
                yield name, meant


def _named(page: Page, names: Mapping[Name, Partial], scalar: Scalar) -> list[Tree]:
    """Return the equations of names for derivatives: of δ_l = ∂C/∂z_l = (…), ∂C/∂z_l = (…)."""
    return [
        _normal_equation((e.sides[1], right), names, scalar)
        for e in page.equations
        if len(e.sides) > 2 and isinstance(e.sides[1], Partial)
        for right in e.sides[2:]
    ]


def _meant(name: Name, names: Mapping[Name, Partial]) -> Partial | None:
    """Return the derivative that a name stands for, at its index."""
    for pattern, meant in names.items():
        if (pattern.base, pattern.accents, len(pattern.below)) != (name.base, name.accents, len(name.below)):
            continue
        at: dict[str, Node] = {}
        letters = {x.base for below in (meant.wrt.below, meant.of.below) for x in below if isinstance(x, Name)}
        for have, want in zip(pattern.below, name.below, strict=True):
            if have == want:
                continue
            if not (isinstance(have, Name) and have == Name(have.base) and have.base in letters):
                break
            at[have.base] = want
        else:
            return _placed(meant, at)
    return None


def _placed(node: Any, at: Mapping[str, Node]) -> Any:
    match node:
        case Partial(of, wrt, immediate):
            return Partial(_placed(of, at), _placed(wrt, at), immediate)
        case Name(base, accents, below, above, bracket, primes):
            if node == Name(base) and base in at:
                return at[base]
            return Name(base, accents, tuple(_placed(b, at) for b in below), above, bracket, primes)
        case Apply(name, arguments, primes):
            return Apply(name, tuple(_placed(a, at) for a in arguments), primes)
    return node


def _opened(node: Any, names: Mapping[Name, Partial]) -> Any:
    """Put derivatives in the place of the names that the page gives them."""
    if not names:
        return node
    match node:
        case Name():
            return _meant(node, names) or node
        case Apply(name, arguments, primes):
            return Apply(name, tuple(_opened(a, names) for a in arguments), primes)
        case Call(function, arguments, by):
            return Call(function, tuple(_opened(a, names) for a in arguments), by)
        case Big(sign, variable, low, high, body):
            return Big(sign, variable, low, high, _opened(body, names))
        case Tuple(items):
            return Tuple(tuple(_opened(x, names) for x in items))
    return node


# --- equations ------------------------------------------------------------------------------------------


def _normal_equation(sides: tuple[Node, Node], names: Mapping[Name, Partial], scalar: Scalar) -> Tree:
    left, right = (_opened(side, names) for side in sides)
    free = _free(left)
    return normal(left, scalar, free), normal(right, scalar, free)


def _free(node: Node) -> dict[str, tuple[str, int]]:
    """Name the symbols in the indices on the left, in order; the first place of each says what it is shifted by."""
    found: dict[str, tuple[str, int]] = {}
    for index in _indices(node):
        match index:
            case Name(base) if index == Name(base):
                found.setdefault(base, (f"free {len(found)}", 0))
            case Apply("+", (Name(base) as name, Number(value))) if name == Name(base):
                found.setdefault(base, (f"free {len(found)}", int(value)))
            case Apply("+", (Name(base) as name, Apply("neg", (Number(value),)))) if name == Name(base):
                found.setdefault(base, (f"free {len(found)}", -int(value)))
    return found


def _indices(node: Any) -> Iterator[Node]:
    match node:
        case Partial(of, wrt):
            yield from _indices(wrt)  # what varies on a page of backward equations is what is differentiated by
            yield from _indices(of)
        case Name(_, _, below, above):
            yield from below
            if above is not None:
                yield above


# --- normal forms ---------------------------------------------------------------------------------------


def _normal(node: Any, scope: _Scope) -> Tree:
    match node:
        case Number(value):
            return _Product(value).tree()
        case Name():
            return _name(node, scope)
        case Partial(of, wrt, immediate):
            above = _normal(of, scope) if isinstance(of, Partial) else _name(of, scope)
            return "∂⁺" if immediate else "∂", above, _name(wrt, scope)
        case Call(Name("rowsum"), (inner,)):
            return _product(Apply("*", (inner, ONES, _turned(ONES))), scope).tree()
        case Call(Name("colsum"), (inner,)):
            return _product(Apply("*", (ONES, _turned(ONES), inner)), scope).tree()
        case Call(function, arguments, by):
            return "call", by, _function(function, scope), tuple(_normal(a, scope) for a in arguments)
        case Big(sign, variable, low, high, body):
            bound = f"bound {scope.depth}"
            inner = _Scope({**scope.renamed, variable: (bound, 0)}, scope.depth + 1, scope.scalar)
            return sign, _index(low, scope), _index(high, scope), _normal(body, inner)
        case Tuple(items):
            return "rows", tuple(_normal(x, scope) for x in items)
        case Apply("+", terms):
            return _sum([_normal(t, scope) for t in terms])
        case Apply("neg" | "*" | "/" | "⊙" | "⊘", _):
            return _product(node, scope).tree()
        case Apply("^" | "^∘", (base, exponent)):
            return _power(_normal(base, scope), _normal(exponent, scope))
        case Apply("transpose", (inner,)):
            turned = _normal(inner, scope)
            return turned[1] if turned[:1] == ("transpose",) else ("transpose", turned)
        case Apply(name, arguments, primes):
            return name, primes, tuple(_normal(a, scope) for a in arguments)
    return repr(node)


ONES = Name("𝟏")


def _turned(node: Node) -> Node:
    return Apply("transpose", (node,))


def _spread(tree: Tree) -> Tree:
    """Return γ for 𝟏 γᵀ or γ 𝟏ᵀ, which is broadcast where it is a factor of ⊙."""
    ones = ("name", "𝟏", ((), 0), ())
    match tree:
        case ("*", 1, (), (), (first, ("transpose", row))) if first == ones:
            return row
        case ("*", 1, (), (), (column, ("transpose", last))) if last == ones:
            return column
    return tree


def _name(name: Name, scope: _Scope) -> Tree:
    if name == Name(name.base) and name.base in scope.renamed:
        return _index(name, scope)
    accents = (name.accents, name.primes)
    below = tuple(_index(b, scope) for b in name.below)
    plain = ("name", name.base, accents, below)
    if name.above is None:
        return plain
    if name.bracket:
        return ("name", name.base, accents, (*below, _index(name.above, scope)))
    return _power(plain, _normal(name.above, scope))


def _function(name: Name, scope: _Scope) -> Tree:
    return "function", name.base, name.accents, name.primes, tuple(_index(b, scope) for b in name.below)


def _index(node: Any, scope: _Scope) -> Tree:
    """Return an index as its symbol and its number: j-1 is (j, -1)."""
    match node:
        case Number(value):
            return "", value
        case Name(base) if node == Name(base):
            symbol, shift = scope.renamed.get(base, (base, 0))
            return symbol, Fraction(-shift)
        case Apply("+", terms):
            found = [_index(t, scope) for t in terms]
            if all(len(f) == 2 and isinstance(f[1], Fraction | int) for f in found):
                symbols = tuple(sorted((s for s, _ in found if s), key=repr))
                return (symbols[0] if len(symbols) == 1 else symbols or ""), sum(n for _, n in found)
        case Apply("neg", (inner,)):
            match _index(inner, scope):
                case ("", n):
                    return "", -n
                case (str(symbol), n):
                    return f"-{symbol}", -n
    return "other", _normal(node, scope) if not isinstance(node, Name) else node.base


def _sum(terms: list[Tree]) -> Tree:
    flat = [x for t in terms for x in (t[1] if t[:1] == ("sum",) else (t,))]
    return flat[0] if len(flat) == 1 else ("sum", tuple(sorted(flat, key=repr)))


def _power(base: Tree, exponent: Tree) -> Tree:
    return "power", base, exponent


@dataclass
class _Product:
    """number · scalars · (ordered factors) / below; ``entrywise`` where the ordered factors are those of ⊙."""

    number: Fraction | int = 1
    scalars: tuple[Tree, ...] = ()
    below: tuple[Tree, ...] = ()
    factors: tuple[Tree, ...] = ()
    entrywise: bool = False

    def tree(self) -> Tree:
        sign, factors = _signs(self.factors)
        spread = self.entrywise and len(factors) + len(self.below) > 1
        factors = tuple(map(_spread, factors)) if spread else factors
        factors = tuple(sorted(factors, key=repr)) if self.entrywise else _diagonals(factors)
        number = Fraction(self.number * sign)
        scalars, below = (tuple(sorted(x, key=repr)) for x in (self.scalars, self.below))
        everything = (*scalars, *factors)
        if number == 1 and not below and len(everything) == 1:
            return everything[0]
        return "⊙" if self.entrywise and len(factors) > 1 else "*", number, scalars, below, factors

    def times(self, other: _Product) -> _Product:
        """Return the product, other to the right."""
        if not (self.factors and other.factors):  # a number times a product entry by entry is one
            alone = self if self.factors else other
            scalars, below = self.scalars + other.scalars, self.below + other.below
            return _Product(self.number * other.number, scalars, below, alone.factors, alone.entrywise)
        one = [p.tree_of_factors() if p.entrywise else p.factors for p in (self, other)]
        return _Product(
            self.number * other.number, self.scalars + other.scalars, self.below + other.below, one[0] + one[1]
        )

    def entries(self, other: _Product) -> _Product:
        """Return the product entry by entry."""
        one = [p.factors if p.entrywise else p.tree_of_factors() for p in (self, other)]
        return _Product(
            self.number * other.number, self.scalars + other.scalars, self.below + other.below, one[0] + one[1], True
        )

    def tree_of_factors(self) -> tuple[Tree, ...]:
        """Return the ordered factors as one factor, if there are any."""
        return (_Product(factors=self.factors, entrywise=self.entrywise).tree(),) if self.factors else ()


def _product(node: Any, scope: _Scope) -> _Product:
    match node:
        case Number(value):
            return _Product(value)
        case Apply("neg", (inner,)):
            return _Product(-1).times(_product(inner, scope))
        case Apply("*", factors):
            return reduce(_Product.times, (_product(f, scope) for f in factors))
        case Apply("⊙", (left, right)):
            return _product(left, scope).entries(_product(right, scope))
        case Apply("⊘", (left, right)):
            above = _product(left, scope)
            return _Product(
                above.number, above.scalars, (*above.below, _spread(_normal(right, scope))), above.factors, True
            )
        case Apply("/", (above, below)):
            return _divided(_product(above, scope), _product(below, scope))
    match _normal(node, scope):
        case ("*" | "⊙" as kind, number, scalars, below, factors):
            return _Product(number, scalars, below, factors, kind == "⊙")
        case tree if _is_scalar(tree, scope.scalar):
            return _Product(scalars=(tree,))
        case tree:
            return _Product(*_signs((tree,))[:1], factors=_signs((tree,))[1])


def _divided(above: _Product, below: _Product) -> _Product:
    if not below.number:
        return _Product(factors=(("/", above.tree(), below.tree()),))
    under = (*below.scalars, *below.factors)
    number = Fraction(above.number) / below.number
    out = _Product(number, above.scalars + below.below, above.below + under, above.factors, above.entrywise)
    return out


def _is_scalar(tree: Tree, scalar: Scalar) -> bool:
    match tree:
        case ("name", base, _, _):
            return scalar(base)
        case ("∂" | "∂⁺", ("name", of, *_), ("name", wrt, *_)):
            return scalar(of) and scalar(wrt)
        case ("power", base, _):
            return _is_scalar(base, scalar)
        case ("sqrt" | "abs", _, (inner,)):
            return _is_scalar(inner, scalar)
        case ("norm", _, _):
            return True
        case ("call", 0, _, arguments):
            return all(_is_scalar(a, scalar) for a in arguments)
        case ("sum", terms):
            return all(_is_scalar(t, scalar) for t in terms)
        case ("*" | "⊙", _, _, _, factors):
            return not factors
    return False


def _signs(factors: Iterable[Tree]) -> tuple[int, tuple[Tree, ...]]:
    """Let the first term of each sum that is a factor be positive."""
    sign, found = 1, []
    for f in factors:
        if f[:1] == ("sum",):
            turned = _sum([_negated(t) for t in f[1]])
            if repr(turned) < repr(f):
                sign, f = -sign, turned
        found.append(f)
    return sign, tuple(found)


def _negated(tree: Tree) -> Tree:
    match tree:
        case ("*" | "⊙" as kind, number, scalars, below, factors):
            return _Product(-number, scalars, below, factors, kind == "⊙").tree()
    return _Product(-1, factors=(tree,)).tree()


def _diagonals(factors: tuple[Tree, ...]) -> tuple[Tree, ...]:
    """Write diag(a) diag(b) as diag(a ⊙ b)."""
    found: list[Tree] = []
    for f in factors:
        last = found[-1] if found else None
        match last, f:
            case ("call", 0, ("function", "diag", *_) as diag, (a,)), ("call", 0, ("function", "diag", *_), (b,)):
                found[-1] = ("call", 0, diag, (_entrywise(a, b),))
            case _:
                found.append(f)
    return tuple(found)


def _entrywise(*trees: Tree) -> Tree:
    whole = _Product(entrywise=True)
    for t in trees:
        match t:
            case ("⊙", number, scalars, below, factors):
                whole = whole.entries(_Product(number, scalars, below, factors, True))
            case ("*", number, scalars, below, factors):
                whole = whole.entries(_Product(number, scalars, below, factors))
            case _:
                sign, factors = _signs((t,))
                whole = whole.entries(_Product(sign, factors=factors))
    return whole.tree()
