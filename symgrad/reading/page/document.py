r"""A page in parts: its equations, and what it says of them in words; from text, LaTeX, Markdown, HTML or Typst.

>>> page = text_page("∂C/∂b_1 = σ'(z_1) ∂C/∂a_1\n\nFor L ≥ 1.\n\nLayout: denominator.")
>>> page.layout, page.order, [c.text for c in page.conditions], len(page.equations)
('denominator', None, ['L ≥ 1'], 1)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from symgrad.algebra.greek import GREEK
from symgrad.reading.page.defined import Definition
from symgrad.reading.page.latex import latex_tokens
from symgrad.reading.page.mathml import mathml_tokens, table_rows
from symgrad.reading.page.parser.parse import parse
from symgrad.reading.page.parser.relation import sides
from symgrad.reading.page.steps import Steps, steps
from symgrad.reading.page.token import Token, text_tokens
from symgrad.reading.page.typst import typst_tokens
from symgrad.reading.page.typst_page import inline, typst_parts
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Big, Call, Name, Node, Partial, Tuple


@dataclass(frozen=True)
class Equation:
    """Sides with relations between them: a = b, 0 < x ≤ 1. text: as it is printed; reason: why it is not read.

    steps: what stands behind "for": the symbol of each index, and where it begins and ends, the lower end first.
    """

    sides: tuple[Node, ...]
    relations: tuple[str, ...]
    text: str = ""
    reason: str = ""
    steps: tuple[Steps, ...] = ()


@dataclass(frozen=True)
class Sentence:
    """Words, and the formulas between them."""

    words: str
    formulas: tuple[Equation, ...] = ()


@dataclass(frozen=True)
class Page:
    """The parts of a page, one after the other."""

    parts: tuple[Equation | Sentence, ...]

    @property
    def equations(self) -> list[Equation]:
        """The displayed equations."""
        return [p for p in self.parts if isinstance(p, Equation)]

    @property
    def sentences(self) -> list[Sentence]:
        """What stands between them."""
        return [p for p in self.parts if isinstance(p, Sentence)]

    @property
    def layout(self) -> str | None:
        """The layout that the page says it is in."""
        return self._said(r"Layout: (numerator|denominator)")

    @property
    def order(self) -> str | None:
        """Which index stands leftmost in ∏, "highest", "lowest" or "nearest to t", where the page says so."""
        return self._said(r"factor of the (highest|lowest) index stands leftmost") or self._said(
            r"factor of the index (nearest to \w+) stands leftmost"
        )

    def _said(self, pattern: str) -> str | None:
        found = (re.search(pattern, s.words) for s in self.sentences)
        return next((m[1] for m in found if m), None)

    @property
    def conditions(self) -> list[Equation]:
        """What the page assumes: For L ≥ 1, k ≤ 4."""
        return [f for s in self.sentences if s.words.startswith("For ") for f in s.formulas]

    def definitions(self, of: Node | None = None) -> tuple[Definition, ...]:
        """Return the lines that say what a name stands for; not those whose left side is ``of``, the result."""
        found = []
        for n, e in enumerate(self.parts):
            if not isinstance(e, Equation):
                continue
            match e.sides:
                case (Name() | Partial() as left, right) if e.relations in (("=",), (":=",)) and left != of:
                    found.append(Definition(left, right, None, (*e.steps, *self._steps_after(n))))
                case (Apply("*", (Partial() as left, Apply("d", (Name() as change,)))), right) if left != of:
                    found.append(Definition(left, right, change))
        return tuple(found)

    def _steps_after(self, n: int) -> tuple[Steps, ...]:
        """Return (j, 1, L - 1) where the words behind a line are: for j = 1, …, L - 1."""
        match self.parts[n + 1 : n + 2]:
            case [Sentence(words, formulas)] if re.match(r"for .*(…|\\ldots|⋯)", words):
                nodes = [side for f in formulas for side in f.sides if side != Apply("⋯", ())]
                if len(nodes) == 3 and isinstance(nodes[0], Name):
                    return ((nodes[0].base, nodes[1], nodes[2]),)
        return ()


# --- equations ------------------------------------------------------------------------------------------


def equation(tokens: list[Token], text: str) -> Equation:
    """Read one line; where it is not understood, it says why."""
    tokens, behind = _at_for(tokens)
    parts, relations = sides(tokens)
    try:
        trees = tuple(parse(p) for p in parts)
        ranges = steps(behind)
    except NotUnderstoodError as error:
        return Equation((), tuple(relations), text, str(error))
    return Equation(_with_change(trees), tuple(relations), text, steps=ranges)


def _at_for(tokens: list[Token]) -> tuple[list[Token], list[Token]]:
    """Split a line at the word "for", which no quantity is called."""
    for n, t in enumerate(tokens):
        if t == Token("word", "for", t.tight):
            return tokens[:n], tokens[n + 1 :]
    return tokens, []


def _with_change(trees: tuple[Node, ...]) -> tuple[Node, ...]:
    """Read dW as a change of W where the left side is ∂s/∂W dW; text writes it as any other name."""
    match trees[0]:
        case Apply("*", (Partial(_, wrt), Name() as change)) if _undone(change) == wrt:
            return tuple(_replaced(t, change, Apply("d", (wrt,))) for t in trees)
    return trees


def _undone(name: Name) -> Name | None:
    """Return W for dW."""
    base = name.base[1:]
    if not name.base.startswith("d") or not base:
        return None
    return Name(GREEK.get(base, base), name.accents, name.below, name.above, name.bracket, name.primes)


def _replaced(node: Node, old: Node, new: Node) -> Node:
    if node == old:
        return new
    match node:
        case Apply(name, arguments, primes):
            return Apply(name, tuple(_replaced(a, old, new) for a in arguments), primes)
        case Call(function, arguments, by):
            return Call(function, tuple(_replaced(a, old, new) for a in arguments), by)
        case Big(body=body):
            return replace(node, body=_replaced(body, old, new))
        case Tuple(items):
            return Tuple(tuple(_replaced(x, old, new) for x in items))
    return node


def _unread(text: str, error: Exception) -> Equation:
    return Equation((), (), text, str(error))


def _tokens_or_reason(read: object, text: str) -> Equation:
    try:
        return equation(read(text), text)  # type: ignore[operator]
    except NotUnderstoodError as error:
        return _unread(text, error)


# --- text -----------------------------------------------------------------------------------------------

_PROSE = re.compile(r"(where|As|at|holds|With|Over|For|for|that|Layout|In|Source|Evidence|and)\b|[=#-]{3,}")
_STEP = re.compile(r"\(\d+(?: to \d+)?\) (?:.*\[[^\[\]]*; [A-Za-z ]+\]$|[A-Z].*\.$)")


def text_page(text: str) -> Page:
    """Read a page of Unicode text: blocks of equations, a line each, and of words."""
    parts: list[Equation | Sentence] = []
    for block in re.split(r"\n\s*\n", text.strip("\n")):
        lines = block.split("\n")
        if _is_prose(lines):
            parts.append(_text_sentence(" ".join(line.strip() for line in lines)))
            continue
        for line in _whole_lines(lines):
            parts.append(_tokens_or_reason(text_tokens, line))
    return Page(tuple(parts))


def _is_prose(lines: list[str]) -> bool:
    last = lines[-1].rstrip()
    if last.endswith((".", ":", ",")) or (_PROSE.match(lines[0]) and not re.match(r"\w+ (:?=|≈) ", lines[0])):
        return True
    if _STEP.match(" ".join(lines)):
        return True
    return not any(re.search(r"[=≈≤<≥>→]", line) for line in lines)


def _whole_lines(lines: list[str]) -> Iterator[str]:
    """Yield equations, with the lines over which one is broken put together."""
    whole = ""
    for line in lines:
        if line[:1].isspace() and whole:
            whole += " " + line.strip()
        else:
            if whole:
                yield whole
            whole = line.strip()
    if whole:
        yield whole


_FORMULAS = re.compile(r"(?:^|.*?\s)(?:[Ff]or|Over|As|at)\s(.*)")


def _text_sentence(words: str) -> Sentence:
    """Read the formulas that stand behind "for", "over" and "at"."""
    if not (found := _FORMULAS.match(words)):
        return Sentence(words)
    formulas = re.split(r", | and | for ", found[1].rstrip(".,"))
    return Sentence(words, tuple(_tokens_or_reason(text_tokens, f) for f in formulas))


# --- LaTeX and Markdown ---------------------------------------------------------------------------------

_DISPLAY = re.compile(
    r"\\begin\{(?P<name>(?:align|gather|equation)\*?|aligned|gathered)\}(?P<rows>.*?)\\end\{(?P=name)\}", re.DOTALL
)
_DOLLARS = r"\$\$\n(?P<inside>.*?)\n\$\$(?: \([^)\n]*\)| \{#[^}\n]*\})?"
_IN_MARKDOWN = re.compile(f"{_DOLLARS}|{_DISPLAY.pattern}", re.DOTALL)
_SPLIT = re.compile(r"\\begin\{split\}(.*)\\end\{split\}", re.DOTALL)
_NAMED = re.compile(r"\s*(?:\\label\{[^{}]*\}|\\notag(?![A-Za-z]))\s*$")
_LABEL = re.compile(r"\s*\\qquad \\text\{\([^{}]*\)\}\s*$")
_INLINE = re.compile(r"(?<!\\)\$([^$]+)\$")


def latex_page(text: str) -> Page:
    """Read a page of LaTeX: what stands in align, gather and equation, and the words between."""
    body = text.partition(r"\begin{document}")[2].partition(r"\end{document}")[0] or text
    parts: list[Equation | Sentence] = []
    at = 0
    for display in _DISPLAY.finditer(body):
        parts += _latex_words(body[at : display.start()])
        parts += _latex_rows(display["rows"])
        at = display.end()
    return Page((*parts, *_latex_words(body[at:])))


def markdown_page(text: str) -> Page:
    """Read a page of Markdown: what stands between double dollars or in an environment, and the words between."""
    parts: list[Equation | Sentence] = []
    at = 0
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    for display in _IN_MARKDOWN.finditer(text):
        parts += _latex_words(text[at : display.start()])
        inner = _DISPLAY.search(display[0])
        parts += _latex_rows(_LABEL.sub("", inner["rows"] if inner else display["inside"]))
        at = display.end()
    return Page((*parts, *_latex_words(text[at:])))


def formula(text: str, format_: str = "latex") -> Equation:
    r"""Read a single line, as "a = b", in "text", "latex", "mathml" or "typst".

    >>> formula(r"\frac{\partial C}{\partial w} = a").sides[1]
    Name(base='a', ...)
    """
    readers = {"text": text_tokens, "latex": latex_tokens, "mathml": mathml_tokens, "typst": typst_tokens}
    return _tokens_or_reason(readers[format_], text)


def _latex_rows(body: str) -> Iterator[Equation]:
    """Yield the equations of an environment; one that is broken over lines is put together."""
    whole = ""
    for row in _unsplit(body):
        if whole and re.match(r"&\s*\\q?quad\b", row):
            whole += " " + row.removeprefix("&")
        else:
            if whole:
                yield _tokens_or_reason(latex_tokens, whole)
            whole = row
    if whole:
        yield _tokens_or_reason(latex_tokens, whole)


def _unsplit(body: str) -> Iterator[str]:
    """Yield the rows of an environment, and of those that are split in it, without their names."""
    for row in _split_rows(body):
        shown = _NAMED.sub("", row)
        split = _SPLIT.fullmatch(shown)
        yield from _split_rows(split[1]) if split else [shown]


def _split_rows(body: str) -> Iterator[str]:
    level, start = 0, 0
    for m in re.finditer(r"\\begin\{|\\end\{|\\\\", body):
        level += {"\\begin{": 1, "\\end{": -1}.get(m[0], 0)
        if m[0] == "\\\\" and level == 0:
            yield body[start : m.start()].strip()
            start = m.end()
    if last := body[start:].strip():
        yield last


def _latex_words(text: str) -> Iterator[Sentence]:
    for paragraph in re.split(r"\n\s*\n", text):
        words = " ".join(line.strip() for line in paragraph.splitlines() if not line.startswith("%")).strip()
        if words:
            yield Sentence(words, tuple(_tokens_or_reason(latex_tokens, m[1]) for m in _INLINE.finditer(words)))


# --- reStructuredText -----------------------------------------------------------------------------------

_REMARK = re.compile(r"^\.\.\n(?:(?:   .*)?\n)*", re.MULTILINE)
_DIRECTIVE = re.compile(r"^\.\. math::\n(?:   :\w+:.*\n)*\n(?P<body>(?:   .+(?:\n|\Z))+)", re.MULTILINE)


def rst_page(text: str) -> Page:
    """Read a page of reStructuredText: what stands in math directives, and the words between."""
    parts: list[Equation | Sentence] = []
    at = 0
    text = _REMARK.sub("", text)
    for display in _DIRECTIVE.finditer(text):
        parts += _latex_words(_without_roles(text[at : display.start()]))
        inner = _DISPLAY.search(display["body"])
        parts += _latex_rows(inner["rows"] if inner else display["body"])
        at = display.end()
    return Page((*parts, *_latex_words(_without_roles(text[at:]))))


def _without_roles(text: str) -> str:
    """Write the roles of mathematics between dollars."""
    return re.sub(r":math:`([^`]*)`", r"$\1$", text).replace("\\ ", "")


# --- HTML -----------------------------------------------------------------------------------------------

_ELEMENT = re.compile(r'<math display="block"([^>]*)>.*?</math>|<(p|h\d|pre)>(.*?)</\2>', re.DOTALL)
_MATH = re.compile(r"<math>.*?</math>", re.DOTALL)


def html_page(text: str) -> Page:
    """Read a page of HTML: displayed MathML, and the words between; a narrow screen must get what a broad one gets."""
    parts: list[Equation | Sentence] = []
    broad: list[Equation] = []
    for m in _ELEMENT.finditer(re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)):
        if m[2]:
            words = re.sub(r"<[^>]*>", "", _MATH.sub("…", m[3]))
            parts.append(Sentence(words, tuple(_tokens_or_reason(mathml_tokens, x[0]) for x in _MATH.finditer(m[3]))))
            continue
        found = list(_html_rows(m[0]))
        if "narrow" not in m[1]:
            parts += found
            broad = found
        elif [e.sides for e in found] != [e.sides for e in broad]:
            parts.append(Equation((), (), "", "a narrow screen gets another formula"))
    return Page(tuple(parts))


def _html_rows(math: str) -> Iterator[Equation]:
    try:
        rows = table_rows(math)
    except NotUnderstoodError as error:
        yield _unread(math, error)
        return
    whole: list[Token] = []
    for tokens, continued in rows:
        if whole and not continued:
            yield equation(whole, "")
            whole = []
        whole += tokens
    if whole:
        yield equation(whole, "")


# --- Typst ----------------------------------------------------------------------------------------------


def typst_page(text: str) -> Page:
    """Read a page of Typst: what stands between dollars with a space inside, and the words between."""
    parts: list[Equation | Sentence] = []
    for lines, words in typst_parts(text):
        parts += [_tokens_or_reason(typst_tokens, line) for line in lines]
        if words:
            said, formulas = inline(words)
            parts.append(Sentence(said, tuple(_tokens_or_reason(typst_tokens, f) for f in formulas)))
    return Page(tuple(parts))


READERS = {
    "text": text_page,
    "latex": latex_page,
    "markdown": markdown_page,
    "rst": rst_page,
    "html": html_page,
    "typst": typst_page,
}
"""A format -> what reads a page of it."""
