"""A small reader that evaluates what is printed, so that an exporter is judged by the value of its formulas.

It knows nothing of symgrad: it reads Unicode text (σ'(z_1) w_2 ∂C/∂a_2, ∏_{j=2}^{L} ..., [a, b; c, d], ᵀ,
∘, diag) by its own grammar, and LaTeX by rewriting that into the same text. Numbers are whatever the values
are; arrays are two-dimensional NumPy arrays, a vector is a column.
"""

from __future__ import annotations

import dataclasses
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

NAME = r"(?:expm1|log1p|[^\W\d_ᵀ]+(?:_(?:hat|bar))?)"
INDEX = r"(?:_\{[^{}]*\}|_[^\Wᵀ]+|\^\[[^\]]*\])?"
TOKEN = re.compile(
    rf"\s*(?:(?P<derivative>∂⁺?{NAME}{INDEX}/∂{NAME}{INDEX})"
    rf"|(?P<big>[∏∑])_\{{(?P<symbol>\w+)=(?P<lower>[^{{}}]*)\}}\^\{{(?P<upper>[^{{}}]*)\}}"
    rf"|(?P<condition>[1𝟏]\{{)"
    rf"|(?P<number>\d+(?:\.\d+)?)"
    rf"|(?P<name>{NAME}'?{INDEX})"
    rf"|(?P<sign>[-+/^()·,;\[\]ᵀ∘⊙⊘|√<>≤≥}}]))"
)


@dataclass(frozen=True)
class Ones:
    """A number times 𝟏, of a size that its place gives; A 𝟏 𝟏ᵀ is one column, which stands for all."""

    factor: float = 1.0
    turned: bool = False

    @property
    def T(self) -> Ones:
        return Ones(self.factor, not self.turned)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.full((1, 1), self.factor)

    def __add__(self, other: Any) -> Any:
        return np.asarray(self) + np.asarray(other)

    def __sub__(self, other: Any) -> Any:
        return np.asarray(self) - np.asarray(other)

    def __neg__(self) -> Ones:
        return Ones(-self.factor, self.turned)

    __radd__ = __add__


def _plus(x: Any, y: Any) -> Any:
    return (lambda z: x(z) + y(z)) if callable(x) else x + y


def _with_ones(x: Any, y: Any) -> Any:
    """Return a product with 𝟏: A 𝟏 adds up the rows of A; in 𝟏 v each row is v."""
    if isinstance(x, Ones) and isinstance(y, Ones):
        assert (x.turned, y.turned) == (False, True), "the number of ones is not known"
        return np.full((1, 1), x.factor * y.factor)
    if isinstance(x, Ones):
        if not isinstance(y, np.ndarray):
            return Ones(x.factor * y, x.turned)
        return x.factor * (y.sum(axis=0, keepdims=True) if x.turned else y)
    if not isinstance(x, np.ndarray):
        return Ones(x * y.factor, y.turned)
    return y.factor * (x if y.turned else x.sum(axis=1, keepdims=True))


@dataclass
class Reader:
    """Evaluates printed formulas.

    value: (name, index) -> the value of w_2, of C, of π. function: (name, primes) -> a function.
    indices: what the index symbols stand for. definitions: left sides with an index -> right sides.
    derivative: the value of a name ∂of/∂wrt that no line defines. size: of the identity matrix I.
    zeros: name -> the array of zeros that a line ∂E/∂X_L = 0 stands for.
    ascending: whether the factor of the lowest index stands leftmost in ∏.
    """

    value: Callable[[str, Any], Any]
    function: Callable[[str, int], Callable[..., Any]] = None  # type: ignore[assignment]
    derivative: Callable[[str], Any] = None  # type: ignore[assignment]
    indices: Mapping[str, int] = field(default_factory=dict)
    definitions: Mapping[str, str] = field(default_factory=dict)
    ranges: Mapping[str, list[str]] = field(default_factory=dict)
    maps: Mapping[str, str] = field(default_factory=dict)
    number: Callable[[str], Any] = Fraction
    size: int = 1
    ascending: bool = False
    zeros: Callable[[str], Any] | None = None

    def read(self, text: str, indices: Mapping[str, int] | None = None) -> Any:
        return _Parser(self, text, dict(self.indices if indices is None else indices)).whole()

    def document(self, text: str) -> Any:
        """Return the value of the first equation of a document; the later ones define its names."""
        lines = [line.split(" ;; ") for line in text.splitlines() if " = " in line]
        equations = [line.split(" = ", 1) for line, *_ in lines]
        self.ranges = {line.split(" = ")[0]: steps[0].split() for line, *steps in lines if steps}
        self.definitions = {left: right for left, right in equations[1:] if " d" not in left}
        self.maps = {left.split(" d")[0]: right for left, right in equations[1:] if " d" in left}
        return self.read(equations[0][1])

    def within(self, left: str, bound: Mapping[str, int]) -> bool:
        """Tell whether a line holds for a step: "for l = 1, …, L-1"."""
        if left not in self.ranges:
            return True
        symbol, *ends = self.ranges[left]
        lower, upper = map(self.position, ends)
        return int(lower) <= bound[symbol] <= int(upper)

    def map(self, name: str) -> Callable[[Any], Any] | None:
        """Return the linear map that a line ∂Y/∂X dX = ... defines for every step, or None."""
        for left, right in self.maps.items():
            bound = self.matched(left, name)
            if bound is not None:
                return partial(self.applied, right, {**self.indices, **bound})
        return None

    def applied(self, right: str, at: dict[str, int], x: Any) -> Any:
        """Return the right side of a line with x in the place of the change."""

        def value(base: str, index: Any) -> Any:
            return x if base.startswith("d") else self.value(base, index)

        return dataclasses.replace(self, value=value).read(right, at)

    def defined(self, name: str) -> Any:
        """Return the value of a name that a line defines for every step, or None."""
        for left, right in self.definitions.items():
            bound = self.matched(left, name)
            if bound is not None and self.within(left, bound):
                value = self.read(right, {**self.indices, **bound})
                return self.zeros(name) if self.zeros is not None and right == "0" else value
        return None

    def matched(self, left: str, name: str) -> dict[str, int] | None:
        """Match a line with a name; ∂E/∂X_L, L = 3, is the line of ∂E/∂X_3 alone."""
        own = re.search(r"_\{[^{}]*\}|_\w+", left)
        symbol = re.search(r"[^\W\d]+", own[0].strip("_{}").rpartition(",")[2]) if own else None
        if symbol and symbol[0] in self.indices:
            moved = re.sub(r"_\{([^{}]*)\}|_(\w+)", lambda m: f"_{{{self.position(m[1] or m[2])}}}", left)
            return {} if moved == name else None
        return _matched(left, name)

    def position(self, index: str) -> Any:
        return _Parser(self, "0", dict(self.indices)).position(index)


def _matched(left: str, name: str) -> dict[str, int] | None:
    """Match J_4 with J_j, giving j = 4; ∂⁺c_4/∂h_3 with ∂⁺c_j/∂h_{j-1}."""
    pattern = r"(_\{[^{}]*\}|_\w+)"
    ours, theirs = re.split(pattern, left), re.split(pattern, name)
    if len(ours) != len(theirs) or ours[::2] != theirs[::2]:
        return None
    bound: dict[str, int] = {}
    for a, b in zip(ours[1::2], theirs[1::2], strict=True):
        *same, mine = a.strip("_{}").split(",")
        *other, number = b.strip("_{}").split(",")
        symbol, offset = re.fullmatch(r"([^\W\d]*)([-+]?\d*)", mine).groups()  # type: ignore[union-attr]
        if same != other:
            return None
        if not symbol or not re.fullmatch(r"-?\d+", number):
            if mine != number:
                return None
        elif bound.setdefault(symbol, int(number) - int(offset or 0)) != int(number) - int(offset or 0):
            return None
    return bound


class _Parser:
    def __init__(self, reader: Reader, text: str, at: dict[str, int]) -> None:
        self.reader, self.text, self.at = reader, text, at
        self.tokens: list[re.Match[str]] = []
        self.k = self.bars = 0
        place = 0
        while place < len(text.rstrip()):
            token = TOKEN.match(text, place)
            assert token, f"cannot read {text[place:]!r}"
            self.tokens.append(token)
            place = token.end()

    def whole(self) -> Any:
        x = self.sum()
        assert self.k == len(self.tokens), f"{self.text!r} goes on after token {self.k}"
        return x

    def peek(self) -> str:
        return self.tokens[self.k].group().strip() if self.k < len(self.tokens) else ""

    def take(self, sign: str) -> bool:
        if self.peek() == sign:
            self.k += 1
            return True
        return False

    def need(self, sign: str) -> None:
        assert self.take(sign), f"{sign!r} is missing in {self.text!r} before {self.peek()!r}"

    def sum(self) -> Any:
        x = -self.entrywise() if self.take("-") else self.entrywise()
        while self.peek() in ("+", "-"):
            x = x + self.entrywise() if self.take("+") else (self.need("-"), x - self.entrywise())[1]
        return x

    def entrywise(self) -> Any:
        x = self.product()
        while self.peek() in ("⊙", "⊘"):
            x = x * self.product() if self.take("⊙") else (self.need("⊘"), x / self.product())[1]
        return x

    def product(self) -> Any:
        factors = [self.quotient()]
        while self.peek() and self.peek() not in ("+-),;]}<>≤≥∘⊙⊘|" if self.bars else "+-),;]}<>≤≥∘⊙⊘"):
            self.take("·")
            factors.append(self.quotient())
        x = factors[-1] if any(map(callable, factors)) else factors[0]
        if any(map(callable, factors)):  # a map is applied to all that follows it
            for f in factors[-2::-1]:
                x = _times(f, x)
            return x
        for f in factors[1:]:
            x = _times(x, f)
        return x

    def quotient(self) -> Any:
        x = self.power()
        return x / self.power() if self.take("/") else x

    def power(self) -> Any:
        x = self.atom()
        while True:
            if self.take("^"):
                x = self.raised(x)
            elif self.take("ᵀ"):
                x = x.T if isinstance(x, np.ndarray | Ones) else x
            else:
                return x

    def raised(self, x: Any) -> Any:
        """Return a power; (∘2) raises each entry of a matrix, and 2 multiplies a square matrix by itself."""
        if self.peek() == "(" and self.tokens[self.k + 1].group().strip() == "∘":
            self.k += 2
            y = self.atom()
            self.need(")")
            return x**y
        y = self.atom()
        if isinstance(x, np.ndarray) and x.shape[0] == x.shape[1] and y == int(y):
            return np.linalg.matrix_power(x, int(y))
        return x ** int(y) if isinstance(y, Fraction) and y.denominator == 1 else x**y

    def atom(self) -> Any:
        token = self.tokens[self.k]
        self.k += 1
        if token["condition"]:
            return self.condition()
        if token["number"] == "𝟏":
            return np.ones((self.reader.size, 1)) if self.reader.size else Ones()
        if token["number"]:
            return self.reader.number(token["number"])
        if token["derivative"]:
            return self.named(token["derivative"])
        if token["big"]:
            return self.big(token)
        if token["name"]:
            return self.name(token)
        if token["sign"] == "(":
            x = self.sum()
            self.need(")")
            return x
        if token["sign"] == "√":
            return self.reader.function("sqrt", 0)(self.atom())
        if token["sign"] == "|":
            self.bars += 1
            x = self.sum()
            self.bars -= 1
            self.need("|")
            return abs(x)
        assert token["sign"] == "[", f"{token.group()!r} in {self.text!r}"
        return self.grid()

    def condition(self) -> Any:
        """Return 1 where x < y, else 0."""
        x, relation = self.sum(), self.peek()
        self.k += 1
        y = self.sum()
        self.need("}")
        return 1 * {"<": operator.lt, ">": operator.gt, "≤": operator.le, "≥": operator.ge}[relation](x, y)

    def name(self, token: re.Match[str]) -> Any:
        base, _, index = token["name"].partition("_")
        if self.k < len(self.tokens) and self.peek() == "(" and self.text[token.end()] == "(":
            return self.call(token["name"])
        if (base, index) == ("I", ""):
            return np.eye(self.reader.size)
        if not index and base in self.at:
            return self.at[base]
        shown = f"{base}_{{{self.position(index)}}}" if index else base
        defined = self.reader.defined(shown)
        return self.reader.value(base, self.position(index) if index else None) if defined is None else defined

    def call(self, base: str) -> Any:
        self.need("(")
        arguments = [self.sum()]
        while self.take(","):
            arguments.append(self.sum())
        self.need(")")
        if base == "diag":
            return np.diag(np.ravel(arguments[0]))
        return self.reader.function(base.rstrip("'"), base.count("'"))(*arguments)

    def position(self, index: str) -> Any:
        """Return 3 for j-1 at j = 4; an index after a name, z_{f,j}, stays behind its comma."""
        *names, last = index.strip("{}").split(",")
        symbol, offset = re.fullmatch(r"([^\W\d]*)([-+]?\d*)", last).groups()  # type: ignore[union-attr]
        if symbol and symbol not in self.at:
            return ",".join([*names, last])
        number = self.at.get(symbol, 0) + int(offset or 0)
        return number if not names else ",".join([*names, str(number)])

    def named(self, shown: str) -> Any:
        """Return a derivative by its name, with numbers in the place of index symbols."""
        moved = re.sub(r"_\{([^{}]*)\}|_(\w+)", lambda m: f"_{{{self.position(m[1] or m[2])}}}", shown)
        value = self.reader.defined(moved)
        if value is None:
            value = self.reader.map(moved)
        return self.reader.derivative(moved) if value is None else value

    def big(self, token: re.Match[str]) -> Any:
        symbol, lower, upper = token["symbol"], *(int(self.position(token[k])) for k in ("lower", "upper"))
        start = self.k
        terms = []
        for j in range(lower, upper + 1):
            self.k, self.at[symbol] = start, j
            terms.append(self.entrywise())
        if not terms:
            self.at[symbol] = 1
            self.entrywise()  # an empty product: its text is skipped
            terms = [1]
        del self.at[symbol]
        total = terms[0]
        for t in terms[1:]:
            if token["big"] == "∑":
                total = _plus(total, t)
            else:
                total = _times(total, t) if self.reader.ascending else _times(t, total)
        return total

    def grid(self) -> Any:
        rows: list[list[Any]] = [[]]
        while True:
            rows[-1].append(self.sum())
            if self.take(";"):
                rows.append([])
            elif not self.take(","):
                self.need("]")
                break
        arrays = [[x if isinstance(x, np.ndarray) else None for x in r] for r in rows]
        if not any(x is not None for r in arrays for x in r):
            return np.array(rows)
        n = self.reader.size
        highs = [next((x.shape[0] for x in r if x is not None), n) for r in arrays]
        wides = [next((x.shape[1] for x in c if x is not None), n) for c in zip(*arrays, strict=True)]
        return np.block(
            [
                [np.zeros((h, w)) if x is None else x for x, w in zip(r, wides, strict=True)]
                for r, h in zip(arrays, highs, strict=True)
            ]
        )


def _times(x: Any, y: Any) -> Any:
    if callable(y):
        return lambda z: _times(x, y(z))
    if callable(x):
        return x(y)
    if isinstance(x, Ones) or isinstance(y, Ones):
        return _with_ones(x, y)
    if isinstance(x, np.ndarray) and isinstance(y, np.ndarray):
        both = 1 in (x.size, y.size) and x.shape[1] != y.shape[0]
        return x * y if both else x @ y
    return x * y


GREEK = dict(
    zip(
        ["alpha", "beta", "gamma", "delta", "theta", "lambda", "mu", "nu", "sigma", "tau", "phi", "psi", "omega", "pi"],
        "αβγδθλμνστφψωπ",
        strict=True,
    )
)


def as_text(latex: str) -> str:
    """Rewrite LaTeX into the text that the reader reads."""
    s = re.sub(r"\\begin\{pmatrix\}(.*?)\\end\{pmatrix\}", _matrix, latex)
    s = re.sub(r"\\begin\{(align\*?|aligned)\}|\\end\{(align\*?|aligned)\}|\\notag|\\q?quad|\{\}", " ", s)
    s = re.sub(r"&|\\\\(?!\w)|\n", " ", s)
    s = re.sub(r"\\(left|right|bigl|bigr|Bigl|Bigr)(?=[()\[\]])", "", s)
    s = re.sub(r"_\{([^{}]*), ([^{}]*)\}", r"_{\1,\2}", s)
    s = s.replace(r"^{\mathsf T}", "ᵀ").replace(r"\circ", "∘").replace(r"\odot", "⊙").replace(r"\oslash", "⊘")
    s = s.replace(r"\partial^{+}", "∂⁺").replace(r"\partial ", "∂").replace(r"\partial", "∂")
    s = s.replace(r"\,", " ").replace(r"\cdot", "·").replace(r"\prod", "∏").replace(r"\sum", "∑")
    s = s.replace(r"\mathbf{1}", "𝟏").replace(r"\{", "{").replace(r"\}", "}")
    s = re.sub(r"\\(?:operatorname|mathrm|text)\{([^{}]*)\}", r"\1", s).replace(r"\_", "")
    s = re.sub(r"\\(exp|tanh|sinh|cosh|sin|cos|tan|ln|log)\b ?", r"\1", s)
    s = re.sub(r"\\(?:left|right)\\vert\b ?| ?\\[lr]vert\b ?", "|", s)
    for name, letter in GREEK.items():
        s = re.sub(rf"\\{name}\b ?", letter, s)
    while True:
        t = _root(_fraction(s))
        if t == s:
            break
        s = t
    return re.sub(r"(?<![∏∑])\^\{((?:[^{}]|\{[^{}]*\})*)\}", _raised, _limits(s))


def _matrix(m: re.Match[str]) -> str:
    rows = re.split(r"\\\\(?:\[4pt\])?", m[1])
    return "[" + "; ".join(", ".join(r.split("&")) for r in rows) + "]"


def _limits(s: str) -> str:
    return re.sub(r"([∏∑]_\{[^{}]*\})\^\{([^{}]*)\}", lambda m: f"{m[1]}⌃{{{m[2]}}}", s)


def _raised(m: re.Match[str]) -> str:
    return f"^({m[1]})"


def _fraction(s: str) -> str:
    begin = s.find(r"\frac{")
    if begin < 0:
        return s
    middle = _closing(s, begin + 5)
    end = _closing(s, middle + 1)
    above, below = s[begin + 6 : middle], s[middle + 2 : end]
    if above.startswith("∂"):
        return f"{s[:begin]} {above}/{below} {s[end + 1 :]}".replace("∂⁺ ", "∂⁺")
    return f"{s[:begin]}(({above})/({below})){s[end + 1 :]}"


def _root(s: str) -> str:
    begin = s.find(r"\sqrt{")
    if begin < 0:
        return s
    end = _closing(s, begin + 5)
    return f"{s[:begin]}√({s[begin + 6 : end]}){s[end + 1 :]}"


def _closing(s: str, opening: int) -> int:
    level = 0
    for k in range(opening, len(s)):
        level += {"{": 1, "}": -1}.get(s[k], 0)
        if level == 0:
            return k
    raise AssertionError(f"a brace is not closed in {s!r}")


def latex_text(latex: str) -> str:
    """Rewrite LaTeX into text, with the limits of ∏ where text has them."""
    return as_text(latex).replace("⌃", "^")
