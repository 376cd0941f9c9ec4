"""Tokens of a formula in MathML: the same as its LaTeX would have."""

from __future__ import annotations

from html.parser import HTMLParser

from symgrad.reading.page.token import END, Token, bounded, raised, text_tokens, word
from symgrad.reading.token import NotUnderstoodError

ACCENTS = {"^": "hat", "‾": "bar", "¯": "bar", "~": "tilde", "˙": "dot", "→": "vec"}
DEEPEST = 400
"""Elements inside each other that are read."""


class _Element:
    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag, self.attributes = tag, attributes
        self.children: list[_Element] = []
        self.text = ""


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = _Element("math", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = _Element(tag, {k: v or "" for k, v in attrs})
        self.open[-1].children.append(element)
        if len(self.open) > DEEPEST:
            raise NotUnderstoodError(f"MathML with more than {DEEPEST} elements inside each other")
        self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if len(self.open) < 2 or self.open[-1].tag != tag:
            raise NotUnderstoodError(f"MathML in which {tag} is not nested")
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].text += data


def mathml_tokens(text: str) -> list[Token]:
    """Return the tokens of a formula in MathML, the last of kind "end"; rows of equations end with a sign.

    >>> [t.text for t in mathml_tokens("<math><msub><mi>a</mi><mn>2</mn></msub></math>")]
    ['a', '_', '{', '2', '}', '']
    """
    return [*_spaced(_inside(_built(text))), END]


def table_rows(text: str) -> list[tuple[list[Token], bool]]:
    """Return the rows of displayed equations, and whether each goes on with the one before."""
    rows = []
    for row in _built(text).children[0].children[0].children:
        left, right = (_tokens(cell) for cell in row.children)
        continued = not left and right[0].kind == "space"
        rows.append((_spaced([*left, *right]), continued))
    return rows


def _built(text: str) -> _Element:
    builder = _Builder()
    builder.feed(bounded(text))
    return builder.root


def _spaced(tokens: list[Token]) -> list[Token]:
    """Drop spaces; what stands behind one is not tight."""
    found: list[Token] = []
    gap = False
    for t in tokens:
        if t.kind != "space":
            found.append(Token(t.kind, t.text, t.tight and not gap))
        gap = t.kind == "space"
    return found


def _inside(element: _Element) -> list[Token]:
    return [t for child in element.children for t in _tokens(child)]


def _group(element: _Element) -> list[Token]:
    return [Token("sign", "{", True), *_tokens(element), Token("sign", "}", True)]


def _sign(text: str) -> Token:
    return Token("sign", text, True)


def _tokens(element: _Element) -> list[Token]:
    match element.tag, element.children:
        case "math" | "mrow" | "mtd", _:
            return _row(element)
        case "mtext", _:
            return [Token("word", element.text.strip())]
        case "mspace", _:
            return [Token("space", " ")]
        case "mtext", _:
            return [Token("word", element.text.strip())]
        case "mi", _:
            return _word(element)
        case "mn", _:
            return [t for t in text_tokens(element.text) if t.kind != "end"]
        case "mo", _:
            return [] if element.text == "\u2061" else [Token(t.kind, t.text, True) for t in _operator(element)]
        case "mfrac", [above, below]:
            return [Token("command", "fraction"), *_group(above), *_group(below)]
        case "msqrt", _:
            return [Token("command", "root"), _sign("{"), *_inside(element), _sign("}")]
        case "mover", [base, accent]:
            return [Token("command", f"accent {ACCENTS[accent.text]}"), *_group(base)]
        case "msub", [base, below]:
            return [*_tokens(base), _sign("_"), *_group(below)]
        case "msup", [base, above]:
            return _raised(base, above)
        case "munder", [base, below]:
            return [*_tokens(base), _sign("_"), *_group(below)]
        case "munderover", [base, below, above]:
            return [*_tokens(base), _sign("_"), *_group(below), _sign("^"), *_group(above)]
        case "mtable", rows:
            return _matrix(rows)
    raise NotUnderstoodError(f"MathML with {element.tag}")


def _matrix(rows: list[_Element]) -> list[Token]:
    found = [Token("command", "matrix")]
    for i, row in enumerate(rows):
        found += [_sign("\\\\")] if i else []
        for k, cell in enumerate(row.children):
            found += ([_sign("&")] if k else []) + _tokens(cell)
    return [*found, Token("command", "end of matrix")]


def _row(element: _Element) -> list[Token]:
    """Return what stands side by side; the parentheses of a matrix are its own."""
    kinds = [c.tag for c in element.children]
    if kinds == ["mo", "mtable", "mo"]:
        return _tokens(element.children[1])
    if kinds == ["mo", "mtable"]:
        return [Token("command", "cases"), *_matrix(element.children[1].children)[1:]]
    return _inside(element)


def _raised(base: _Element, above: _Element) -> list[Token]:
    primes = above.text if above.tag == "mo" else "".join(c.text for c in above.children)
    if primes and not primes.strip("′"):
        return [*_tokens(base), *[_sign("'")] * len(primes)]
    if base.text == "∂" and above.text == "+":
        return [Token("sign", "∂⁺")]
    return [*_tokens(base), _sign("^"), *_group(above)]


def _word(element: _Element) -> list[Token]:
    letters = element.text.strip()
    upright = element.attributes.get("mathvariant") == "normal"
    if letters == "∂":
        return [Token("sign", "∂")]
    if letters == "d" and upright:
        return [Token("command", "change")]
    if (letters == "T" and upright) or letters in ("⊤", "⊺"):
        return [_sign("ᵀ")]
    if letters in "⋯⋮⋱∞√" and letters:
        return [Token("sign", letters)]
    return [Token("word", word(letters))]


def _operator(element: _Element) -> list[Token]:
    found = text_tokens(element.text)[:-1]
    return found if found else raised("")
