r"""Mathematics inside of a sentence: "the slope $\sigma'(z)$ is at most $1/4$", read once and typeset in every format.

What stands between dollars is a small part of LaTeX, and is read, not passed on: letters, numbers, indices and powers,
fractions, roots, sums, functions, relations. Whatever else there is, is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from symgrad.algebra.greek import LETTERS
from symgrad.errors import SymgradError
from symgrad.export.math import (
    NOTHING,
    Bars,
    Big,
    Call,
    Chain,
    Derivative,
    Entry,
    Frac,
    Infix,
    Math,
    Name,
    Num,
    Paren,
    Power,
    Root,
    Row,
    Symbol,
    Terms,
    Transposed,
    row,
)

LONGEST = 500
"""Characters between two dollars."""
DEEPEST = 30
_FORMULA = re.compile(r"(?<!\\)\$(?=\S)((?:[^$\\]|\\.)*?(?<=\S))\$(?!\d)", re.DOTALL)
_TOKEN = re.compile(r"\\[A-Za-z]+|\\[|,;! ]|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
_RELATIONS = {"=": "=", "<": "<", ">": ">", r"\le": "≤", r"\leq": "≤", r"\ge": "≥", r"\geq": "≥", r"\ne": "≠"} | {
    r"\neq": "≠", r"\approx": "≈", r"\to": "→", r"\rightarrow": "→", r"\in": "∈", r"\mapsto": "↦", ":=": ":="
}  # fmt: skip
_SIGNS = {
    r"\infty": Symbol("∞", r"\infty"),
    r"\partial": Symbol("∂", r"\partial"),
    r"\nabla": Symbol("∇", r"\nabla"),
    r"\ldots": Symbol("…", r"\ldots"),
    r"\dots": Symbol("…", r"\ldots"),
    r"\cdots": Symbol("⋯", r"\cdots"),
    r"\ell": Symbol("ℓ", r"\ell"),
}
_BIG = {r"\sum": "∑", r"\prod": "∏"}
_ACCENTS = ("hat", "bar", "tilde", "dot", "vec")
_WORDS = (r"\operatorname", r"\mathrm", r"\text", r"\mathit", r"\textrm")
_FUNCTIONS = "exp log ln sin cos tan tanh sinh cosh max min sup inf det tr lim".split()  # noqa: SIM905
_SPACES = (r"\,", r"\;", r"\!", r"\ ", r"\quad", r"\left", r"\right", r"\bigl", r"\bigr", r"\big", r"\cdot", r"\times")


def inline(words: str) -> tuple[str | Math, ...]:
    r"""Return words with the mathematics between dollars read; \$ is a dollar.

    Raises SymgradError for a dollar without another, and for mathematics that is not understood.

    >>> from symgrad.export.text import math_text
    >>> [x if isinstance(x, str) else math_text(x) for x in inline(r"at $\sigma'(z_j) \le \frac{1}{4}$, for \$5")]
    ['at ', "σ'(z_j) ≤ 1/4", ', for $5']
    """
    found: list[str | Math] = []
    end = 0
    for formula in _FORMULA.finditer(words):
        found += [_plain(words[end : formula.start()]), *_formulas(formula[1])]
        end = formula.end()
    return tuple(x for x in (*found, _plain(words[end:])) if x != "")


def _plain(words: str) -> str:
    if re.search(r"(?<!\\)\$", words):
        todo = r"write \$ for a dollar, and no space inside of $x$"
        raise SymgradError("a $ has no other that ends its formula", f"the words {words[:60]!r}", todo)
    return words.replace(r"\$", "$")


def as_far_as_understood(words: str) -> tuple[str | Math, ...]:
    """Return what ``inline`` does; words that it does not take stay as they are."""
    try:
        return inline(words) if "$" in words else (words,)
    except SymgradError:
        return (words,)


def _formulas(tex: str) -> Iterator[str | Math]:
    """Yield what stands between two dollars, with the commas of a list."""
    if len(tex) > LONGEST:
        raise _wrong(tex, f"has more than {LONGEST} characters")
    reader = _Reader(tex)
    yield reader.relations()
    while reader.next == ",":
        yield reader.take() + " "
        yield reader.relations()
    if reader.next:
        raise _wrong(tex, f"is not understood from {''.join(reader.tokens[reader.at :])[:30]!r} on")


def _wrong(tex: str, why: str) -> SymgradError:
    return SymgradError(f"the formula ${tex[:60]}$ {why}", todo=r"write it in words, or as $\sigma'(z_j) \le 1/4$")


class _Reader:
    """Reads the tokens of one formula from left to right."""

    def __init__(self, tex: str) -> None:
        self.tex, self.at, self.depth = tex, 0, 0
        found = _TOKEN.findall(tex.replace(r"\lVert", r"\|").replace(r"\rVert", r"\|").replace(":=", r"\coloneq "))
        self.tokens = [":=" if t == r"\coloneq" else t for t in found if not t.isspace() and t not in _SPACES]

    @property
    def next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, token: str = "") -> str:
        """Go on behind a token, which must be the given one."""
        found = self.next
        if not found or (token and found != token):
            raise _wrong(self.tex, f"lacks {token!r}" if token else "ends too early")
        self.at += 1
        return found

    def relations(self) -> Math:
        """Read a < x ≤ b."""
        sides, signs = [NOTHING if self.next in _RELATIONS else self.sum()], []
        while self.next in _RELATIONS:
            signs.append(_RELATIONS[self.take()])
            sides.append(self.sum())
        if not signs:
            return sides[0]
        if sides[0] == NOTHING:
            return row(Symbol(signs[0], next(k for k, v in _RELATIONS.items() if v == signs[0])), *sides[1:])
        return Infix(signs[0], *sides) if len(signs) == 1 else Chain(tuple(sides), tuple(signs))

    def sum(self) -> Math:
        """Read a + b - c."""
        terms: list[tuple[str, Math]] = []
        while not terms or self.next in ("+", "-", "−"):
            sign = self.take() if self.next in ("+", "-", "−") else "+"
            terms.append(("-" if sign == "−" else sign, self.product()))
        return terms[0][1] if len(terms) == 1 and terms[0][0] == "+" else Terms(tuple(terms))

    def product(self) -> Math:
        """Read factors side by side, with the quotients and the products by entries between them."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise _wrong(self.tex, "nests too deep")
        factors: list[Math] = []
        while self.next and (not factors or not self._ends()):
            if self.next == "/" and factors:
                self.take()
                if isinstance(factors[-1], Frac | Derivative):
                    raise _wrong(self.tex, "divides twice: which of the two is meant, a parenthesis says")
                factors = [_quotient(row(*factors), self._below())]
            elif self.next in (r"\odot", r"\circ") and factors:
                sign = {r"\odot": "⊙", r"\circ": "∘"}[self.take()]
                factors = [Infix(sign, row(*factors), self.factor())]
            else:
                factors.append(self.factor())
        if not factors:
            raise _wrong(self.tex, "ends too early")
        self.depth -= 1
        return _summed(row(*factors)) if len(factors) > 1 else factors[0]

    def _below(self) -> Math:
        """Read what stands behind a solidus: one factor, or ∂w."""
        first = self.factor()
        return row(first, self.factor()) if first == _SIGNS[r"\partial"] else first

    def _ends(self) -> bool:
        return self.next in _RELATIONS or self.next in ("+", "-", "−", ")", "}", "]", ",", "|", r"\|")

    def factor(self) -> Math:
        """Read what has an index, a power or a prime."""
        base = self.base()
        while self.next in ("_", "^", "'"):
            base = self._scripted(base, self.take())
        callable_ = isinstance(base, Name) or (isinstance(base, Symbol) and base.text.isalpha())
        if callable_ and self.next == "(":
            return Call(base, self.arguments())
        return base

    def _scripted(self, base: Math, mark: str) -> Math:
        if mark == "'":
            if not isinstance(base, Name | Symbol):
                raise _wrong(self.tex, "has a prime behind what is no letter")
            return replace(base, primes=base.primes + 1)
        if mark == "^" and self.next == "{" and self.tokens[self.at + 1 : self.at + 2] in (["["], ["("]):
            return self._layer(base)
        raised = isinstance(base, Power | Transposed)
        if raised or (mark == "_" and (isinstance(base, Entry) or (isinstance(base, Name) and base.index is not None))):
            raise _wrong(self.tex, f"has {mark} twice")
        script = self.group()
        if mark == "^":
            return Transposed(base) if script in (Name("T"), Symbol("⊤", r"\top")) else Power(base, script)
        if isinstance(base, Name) and base.index is None:
            return replace(base, index=script)
        return Entry(base, (script,))

    def _layer(self, base: Math) -> Math:
        """Read the index of W^{[l]} or W^{(l)}."""
        self.take("{")
        opened = self.take()
        inside = self.sum()
        self.take("]" if opened == "[" else ")")
        self.take("}")
        if not isinstance(base, Name):
            raise _wrong(self.tex, "has the index of a layer behind what is no letter")
        place = "bracket" if opened == "[" else "parenthesis"
        further = () if base.index is None else (base.index,)
        return replace(base, index=inside, place=place, further=further)

    def group(self) -> Math:
        """Read {…} or one token; letters one behind the other are a word, as in W_{hh}."""
        if self.next != "{":
            return self.base()
        self.take()
        run = self.at
        while re.fullmatch("[A-Za-z]", self.tokens[run] if run < len(self.tokens) else ""):
            run += 1
        if run - self.at > 1 and self.tokens[run : run + 1] == ["}"]:
            word = "".join(self.tokens[self.at : run])
            self.at = run + 1
            return Symbol(word, rf"\mathrm{{{word}}}")
        inside = self._listed()
        self.take("}")
        return inside[0] if len(inside) == 1 else Row(inside)

    def _listed(self) -> tuple[Math, ...]:
        found = [self.relations()]
        while self.next == ",":
            self.take()
            found.append(self.relations())
        return tuple(found)

    def arguments(self) -> tuple[Math, ...]:
        """Read (x, y)."""
        self.take("(")
        found = self._listed()
        self.take(")")
        return found

    def base(self) -> Math:
        """Read what a script may stand at."""
        token = self.take()
        name = token.removeprefix("\\")
        if re.fullmatch(r"\d+", token):
            return Num(Fraction(token))
        if re.fullmatch(r"\d+\.\d+", token):
            return Symbol(token, token)
        if token in _SIGNS:
            return _SIGNS[token]
        if re.fullmatch("[A-Za-z]", token):
            return Name(token)
        if token.startswith("\\") and name in LETTERS:
            return Symbol("π", r"\pi") if name == "pi" else Name(name)
        if token.startswith("\\") and name in _FUNCTIONS:
            return Symbol(name, rf"\operatorname{{{name}}}" if name == "tr" else token)
        return self._composed(token, name)

    def _composed(self, token: str, name: str) -> Math:
        match token:
            case "(":
                self.at -= 1
                inside = self.arguments()
                return Paren(inside[0] if len(inside) == 1 else Row(inside))
            case "|" | r"\|":
                body = self.sum()
                self.take(token)
                return Bars(body, token == r"\|")
            case "{":
                self.at -= 1
                return self.group()
            case r"\frac" | r"\tfrac" | r"\dfrac":
                return _quotient(self.group(), self.group())
            case r"\sqrt":
                return Root(self.group())
            case r"\top":
                return Symbol("⊤", r"\top")
            case r"\sum" | r"\prod":
                return self._big(_BIG[token])
        if name in _ACCENTS and token.startswith("\\"):
            under = self.group()
            if isinstance(under, Name) and under == Name(under.base):
                return replace(under, base=f"{under.base}_{name}")
        if token in _WORDS and self.next == "{":
            self.take()
            end = self.tokens.index("}", self.at) if "}" in self.tokens[self.at :] else self.at
            word = "".join(self.tokens[self.at : end])
            if re.fullmatch("[A-Za-z][A-Za-z0-9]*", word):
                self.at = end + 1
                return Symbol(word, rf"\mathrm{{{word}}}")
        raise _wrong(self.tex, f"has {token!r}, which is not known here")

    def _big(self, sign: str) -> Math:
        self.take("_")
        below = self.group()
        if not isinstance(below, Infix) or below.op != "=":
            raise _wrong(self.tex, "has a sum that does not begin as _{k=1}")
        self.take("^")
        return Big(sign, below.left, below.right, self.group(), NOTHING)


def _summed(product: Math) -> Math:
    """Put what stands behind a sign ∑ under it."""
    items = product.items if isinstance(product, Row) else (product,)
    for n, x in enumerate(items):
        if isinstance(x, Big) and x.body == NOTHING and items[n + 1 :]:
            whole = Big(x.sign, x.symbol, x.lower, x.upper, _summed(row(*items[n + 1 :])))
            return row(*items[:n], whole)
    return product


def _quotient(above: Math, below: Math) -> Math:
    """Return a fraction; that of ∂C by ∂w is a derivative."""
    match above, below:
        case Row(items=(Symbol("∂"), of)), Row(items=(Symbol("∂"), wrt)):
            return Derivative(of, wrt)
    return Frac(above, below)
