"""MathML as the LaTeX that it would be, so that one parser reads both."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

LONGEST, DEEPEST = 200_000, 200
"""Characters of a formula, and elements inside each other, that are read."""
IDENTIFIERS = {
    "∂": r"\partial ",
    "∞": r"\infty ",
    "⋯": r"\cdots ",
    "⋮": r"\vdots ",
    "⋱": r"\ddots ",
    "ℝ": r"\mathbb{R}",
}
OPERATORS = {
    "−": "-",
    "·": r"\cdot ",
    "⋅": r"\cdot ",
    "×": r"\times ",
    "∘": r"\circ ",
    "⊙": r"\odot ",
    "≤": r"\le ",
    "≥": r"\ge ",
    "≠": r"\ne ",
    "≈": r"\approx ",
    "→": r"\to ",
    "∈": r"\in ",
    "∞": r"\infty ",
    "⋯": r"\cdots ",
    "…": r"\dots ",
    "∑": r"\sum ",
    "∏": r"\prod ",
    "∫": r"\int ",
    "∂": r"\partial ",
    "′": "'",
    ":=": r"\mathrel{:=}",
    "≔": r"\mathrel{:=}",
    "{": r"\{",
    "}": r"\}",
    "&": r"\&",
    "%": r"\%",
    "\u2061": "",
    "\u2062": r"\,",
    "\u2063": ",",
    "\u200b": "",
}
FENCES = {("|", "prefix"): r"\lvert ", ("|", "postfix"): r"\rvert ", ("‖", "prefix"): r"\lVert "}
FENCES |= {("‖", "postfix"): r"\rVert "}
ACCENTS = {"^": "hat", "ˆ": "hat", "‾": "bar", "¯": "bar", "~": "tilde", "˜": "tilde", "˙": "dot", "→": "vec"}
COMMANDS = frozenset(["sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth", "arcsin", "arccos"])
COMMANDS |= {"arctan", "exp", "log", "ln", "lg", "max", "min", "lim", "sup", "inf", "det"}
"""Names that LaTeX has commands for."""
PASSED_OVER = frozenset(["annotation", "annotation-xml", "none", "mphantom", "malignmark", "maligngroup"])
_NEEDLESS = re.compile(r"(?<=[^\W\d_]) (?=[^\w\s]|_|\d)(?!\d)")
"""A space between a letter and what is none."""
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?(?=\s|\Z)|\.\Z")
WIDE = 0.9
"""Width in em from which a space parts statements."""


@dataclass
class _Element:
    tag: str
    attributes: dict[str, str]
    children: list[_Element] = field(default_factory=list)
    text: str = ""


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = _Element("math", {})
        self.open = [self.root]
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = _Element(tag, {key: value or "" for key, value in attrs})
        self.open[-1].children.append(element)
        if len(self.open) < DEEPEST:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(_Element(tag, {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if len(self.open) > 1 and self.open[-1].tag == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].text += data


def latex_of(mathml: str) -> str:
    r"""Return a formula in MathML as LaTeX.

    >>> latex_of("<math><mfrac><mi>a</mi><msub><mi>b</mi><mn>2</mn></msub></mfrac><mo>≤</mo><mi>cosh</mi></math>")
    '\\frac{a}{b_{2}}\\le\\cosh'
    """
    builder = _Builder()
    builder.feed(mathml[:LONGEST])
    builder.close()
    return _NEEDLESS.sub("", "".join(map(_latex, builder.root.children))).strip()


def _latex(e: _Element) -> str:
    if e.tag in PASSED_OVER:
        return ""
    match e.tag, e.children:
        case "mi", _:
            return _identifier(e)
        case "mn", _:
            return e.text.strip()
        case "mo", _:
            return _operator(e)
        case (("mtext" | "ms"), _):
            return _words(e.text)
        case "mspace", _:
            return r"\quad " if _width(e) >= WIDE else r"\,"
        case "mfrac", [above, below]:
            return rf"\frac{{{_latex(above)}}}{{{_latex(below)}}}"
        case "msqrt", _:
            return rf"\sqrt{{{_inside(e)}}}"
        case "mroot", [body, index]:
            return rf"\sqrt[{_latex(index)}]{{{_latex(body)}}}"
        case (("msub" | "munder"), [base, below]):
            return f"{_latex(base).rstrip()}_{{{_latex(below)}}}"
        case "msup", [base, above]:
            return _raised(base, above)
        case (("msubsup" | "munderover"), [base, below, above]):
            return f"{_latex(base).rstrip()}_{{{_latex(below)}}}^{{{_latex(above)}}}"
        case "mover", [base, accent]:
            name = ACCENTS.get(accent.text.strip())
            return rf"\{name}{{{_latex(base)}}}" if name else rf"\text{{{e.tag}}}"
        case "mtable", rows:
            return r" \\ ".join(" & ".join(map(_inside, row.children)) for row in rows)
    return _inside(e)


def _words(text: str) -> str:
    r"""Return words; the number that they begin with is none of them: 0, ".", "150 kg" in three texts are 0.150 kg.

    >>> _words("150 kg"), _words("."), _words("if 2")
    ('150\\text{ kg}', '.', '\\text{if 2}')
    """
    found = _NUMBER.match(text)
    number, rest = (found[0], text[found.end() :]) if found else ("", text)
    return number + (rf"\text{{{rest}}}" if rest or not number else "")


def _inside(e: _Element) -> str:
    """Return what stands side by side; a table between parentheses is a matrix."""
    tags = [child.tag for child in e.children]
    if tags == ["mo", "mtable", "mo"] and e.children[0].text.strip() in "([|":
        kind = {"(": "pmatrix", "[": "bmatrix", "|": "vmatrix"}[e.children[0].text.strip()]
        return rf"\begin{{{kind}}} {_latex(e.children[1])} \end{{{kind}}}"
    return "".join(map(_latex, e.children))


def _identifier(e: _Element) -> str:
    name = e.text.strip()
    if name in IDENTIFIERS:
        return IDENTIFIERS[name]
    upright = e.attributes.get("mathvariant") == "normal"
    if len(name) <= 1:
        return rf"\mathrm{{{name}}}" if upright and name.isascii() and name else f"{name} "
    if name in COMMANDS:
        return rf"\{name} "
    return rf"\operatorname{{{name.replace('_', chr(92) + '_')}}}"


def _operator(e: _Element) -> str:
    sign = e.text.strip()
    return FENCES.get((sign, e.attributes.get("form", "")), OPERATORS.get(sign, sign))


def _raised(base: _Element, above: _Element) -> str:
    raised = _latex(above).strip()
    if raised and not raised.strip("'"):
        return f"{_latex(base).rstrip()}{raised}"
    if raised in ("T", r"\mathrm{T}", "⊤", "\\mathsf{T}"):
        raised = r"\mathsf T" if "mathrm" in raised else raised
    return f"{_latex(base).rstrip()}^{{{raised}}}"


def _width(e: _Element) -> float:
    try:
        return float(e.attributes.get("width", "0").removesuffix("em"))
    except ValueError:
        return 0.0
