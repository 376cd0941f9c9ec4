"""How sizes are written, as text and as LaTeX: (γ λ)^(t-k), \\left(\\gamma \\lambda\\right)^{t-k}."""

from __future__ import annotations

import re
from fractions import Fraction

from symgrad.algebra.greek import LETTERS


def _apart(name: str) -> str:
    """Put parentheses around a quotient, a sum or a product that is transposed: (∂C/∂a[L]).T."""
    inside = name.removesuffix(".T")
    return f"({inside}).T" if inside != name and re.search(r"[-+*/@]", re.sub(r"\[.*?\]", "", inside)) else name


class Style:
    """Text, and what LaTeX writes otherwise."""

    def name(self, name: str) -> str:
        """Write W[j-1] as W_{j-1}, lambda as λ, W.T as Wᵀ."""
        name = re.sub(r"[A-Za-z]+", lambda m: LETTERS.get(m[0], m[0]), _apart(name).replace(".T", "ᵀ"))
        return re.sub(r"\[([^\]]+)\]", lambda m: f"_{m[1]}" if len(m[1]) == 1 else f"_{{{m[1]}}}", name)

    def fenced(self, kind: str, inside: str) -> str:
        """Write a norm, an absolute value, or a dimension."""
        return {"norm": f"‖{inside}‖", "abs": f"|{inside}|"}.get(kind, inside)

    def fraction(self, q: Fraction) -> str:
        """Write a number as a factor."""
        return f"({q})" if q.denominator != 1 else str(q)

    def power(self, base: str, exponent: str) -> str:
        """Write base^exponent."""
        return f"{base}^{exponent if exponent.lstrip('-').isalnum() else f'({exponent})'}"

    def root(self, inside: str) -> str:
        """Write a square root."""
        return f"√{inside if len(inside) == 1 or inside.isalnum() else self.grouped(inside)}"

    def over(self, kind: str, symbol: str, lower: str, upper: str, body: str) -> str:
        """Write a product or a sum over an index."""
        return f"{'∏' if kind == 'product' else '∑'}_{{{symbol}={lower}}}^{{{upper}}} {body}"

    def grouped(self, inside: str) -> str:
        """Put parentheses around."""
        return f"({inside})"

    def joined(self, factors: list[str]) -> str:
        """Write a product."""
        return " ".join(factors)


class Latex(Style):
    """LaTeX, without delimiters."""

    def name(self, name: str) -> str:
        r"""Write W[j-1] as W_{j-1}, lambda as \lambda, W.T as W^{\top}, ∂C/∂a[L] as \partial C / \partial a_{L}."""
        name = re.sub(r"_([A-Za-z0-9]{2,})", r"_{\\text{\1}}", _apart(name)).replace("∂", r"\partial ")
        name = re.sub(r"(?<!\\)\b[A-Za-z]+\b", lambda m: f"\\{m[0]}" if m[0] in LETTERS else m[0], name)
        name = re.sub(r"\bsup (?=\S)", r"\\sup ", name)
        name = re.sub(r"\[([^\]]+)\]", lambda m: f"_{{{m[1]}}}", name)
        return name.replace(".T", r"^{\top}").replace("*", r" \cdot ").replace("@", r"\,").replace("√", r"\surd ")

    def fenced(self, kind: str, inside: str) -> str:
        """Write a norm, an absolute value, or a dimension."""
        marks = {"norm": r"\lVert {} \rVert", "abs": r"\lvert {} \rvert"}
        return marks[kind].format(inside) if kind in marks else inside

    def fraction(self, q: Fraction) -> str:
        """Write a number as a factor."""
        return str(q) if q.denominator == 1 else rf"\frac{{{q.numerator}}}{{{q.denominator}}}"

    def power(self, base: str, exponent: str) -> str:
        """Write base^exponent."""
        return f"{self.grouped(base) if base.startswith(chr(92) + 'frac') else base}^{{{exponent}}}"

    def root(self, inside: str) -> str:
        """Write a square root."""
        return rf"\sqrt{{{inside}}}"

    def over(self, kind: str, symbol: str, lower: str, upper: str, body: str) -> str:
        """Write a product or a sum over an index."""
        return rf"\{'prod' if kind == 'product' else 'sum'}_{{{symbol}={lower}}}^{{{upper}}} {body}"

    def grouped(self, inside: str) -> str:
        """Put parentheses around."""
        return rf"\left({inside}\right)"


TEXT, LATEX = Style(), Latex()
