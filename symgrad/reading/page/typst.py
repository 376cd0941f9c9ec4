"""Tokens of a formula in Typst: the same as its LaTeX would have.

What stands in a call, frac(a, b), is read as it comes, with a stack of the parentheses that are open. A space in the
source is none on the page; thin and quad are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from symgrad.reading.names import GREEK_NAMES
from symgrad.reading.page.fonts import COMMANDS, lettered
from symgrad.reading.page.token import END, KNOWN, SIGNS, Token, bounded
from symgrad.reading.token import NotUnderstoodError

DEEPEST = 400
"""Parentheses inside each other that are read."""
SPACES = frozenset(["thin", "med", "thick", "quad", "wide", "space"])
ACCENTS = {
    "hat": "hat",
    "macron": "bar",
    "overline": "bar",
    "tilde": "tilde",
    "dot": "dot",
    "arrow": "vec",
}
WORDS = {"product": "∏", "sum": "∑", "infinity": "∞", "partial": "∂"}
FUNCTIONS = frozenset("arctan cos cosh det exp ln log max min sin sinh sup tan tanh tr".split())  # noqa: SIM905
STRING = r'"(?:[^"\\]|\\.)*"'
_FIXED = (
    (re.compile(rf"(?:op|upright)\(({STRING}|\w)\)"), "word"),
    (re.compile(r'sans\("T"\)|[⊤⊺]'), "transpose"),
    (re.compile(rf"(upright\(bold)\(({STRING}|\w+)\)\)"), "font"),
    (re.compile(rf"(bold|cal|bb|frak|sans)\(({STRING}|\w+)\)"), "font"),
    (re.compile(r'(?<=mat\()delim: "\[", '), "delimiter"),
    (re.compile(r"stretch\(\\([()]), size: #\d+%\)"), "bracket"),
    (re.compile(STRING, re.DOTALL), "string"),
    (re.compile(r"\d+\.?\d*|\.\d+"), "number"),
    (re.compile(r"[^\W\d_]+", re.ASCII), "identifier"),
)
"""What is one token, or one name of Typst, and how it is called."""
_DECIMAL = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
FONTS = {
    "upright(bold": "mathbf",
    "bold": "boldsymbol",
    "cal": "mathcal",
    "bb": "mathbb",
    "frak": "mathfrak",
    "sans": "mathsf",
}
"""Fonts of Typst by their names in LaTeX."""


@dataclass(frozen=True)
class Open:
    """An open parenthesis: what it is written as, what separates its parts, and what ends it."""

    begin: tuple[Token, ...]
    end: tuple[Token, ...]
    comma: tuple[Token, ...] = (Token("sign", ",", True),)
    semicolon: tuple[Token, ...] = ()


def _signs(*texts: str) -> tuple[Token, ...]:
    return tuple(Token("sign", text, True) for text in texts)


def _begin(command: str, *signs: str) -> tuple[Token, ...]:
    return (Token("command", command), *_signs(*signs))


_OVER = Token("command", "end of matrix")
CALLS = {
    "frac": Open(_begin("fraction", "{"), _signs("}"), comma=_signs("}", "{")),
    "sqrt": Open(_begin("root", "{"), _signs("}"), comma=()),
    "abs": Open(_signs("|"), _signs("|"), comma=()),
    "norm": Open(_signs("‖"), _signs("‖"), comma=()),
    "mat": Open(_begin("matrix"), (_OVER,), comma=_signs("&"), semicolon=_signs("\\\\")),
    "cases": Open(_begin("cases"), (_OVER,), comma=_signs("\\\\")),
    **{name: Open(_begin(f"accent {accent}", "{"), _signs("}"), comma=()) for name, accent in ACCENTS.items()},
}
"""Functions of Typst, and what their parentheses are."""
SCRIPT = Open(_signs("{"), _signs("}"))
GROUP = Open(_signs("("), _signs(")"))


def typst_tokens(text: str) -> list[Token]:
    """Return the tokens of a formula in Typst, the last of kind "end".

    >>> [t.text for t in typst_tokens("sigma'(z_(1)) thin frac(∂ C, ∂ a_2)")][:9]
    ['sigma', "'", '(', 'z', '_', '{', '1', '}', ')']
    """
    return [*_Lexer(bounded(text)).tokens(), END]


class _Lexer:
    def __init__(self, text: str) -> None:
        self.text, self.at, self.gap = text, 0, True
        self.found: list[Token] = []
        self.open: list[Open] = []

    def tokens(self) -> list[Token]:
        while self.at < len(self.text):
            c = self.text[self.at]
            if c.isspace():
                self.at += 1
            elif not self._fixed():
                self._sign(SIGNS.get(c, c))
        if self.open:
            raise NotUnderstoodError("a parenthesis is not closed")
        return self.found

    def put(self, *tokens: Token) -> None:
        """Add tokens; the first is tight where no space is before it."""
        if tokens:
            first, *others = tokens
            self.found += [Token(first.kind, first.text, not self.gap), *others]
            self.gap = False

    def _fixed(self) -> bool:
        for pattern, kind in _FIXED:
            if found := pattern.match(self.text, self.at):
                self.at = found.end()
                self._name(kind, found)
                return True
        return False

    def _name(self, kind: str, found: re.Match[str]) -> None:
        match kind:
            case "font":
                self._font(found[1], unquoted(found[2]))
            case "word":
                self.put(Token("word", unquoted(found[1])))
            case "transpose":
                self.put(Token("sign", "ᵀ"))
            case "bracket":
                self.put(Token("sign", found[1]))
            case "number":
                self.put(Token("number", found[0]))
            case "string":
                self._string(found[0])
            case "identifier":
                self._identifier(found[0])

    def _font(self, font: str, letters: str) -> None:
        if font == "bold" and letters == "1":
            indicator = self.text.startswith("{", self.at)
            self.put(Token("number", "1") if indicator else Token("word", "𝟏"))
            return
        word = lettered(letters, FONTS[font])
        if word is None:
            raise NotUnderstoodError(f"{letters} in {font}")
        self.put(Token("word", word))

    def _string(self, shown: str) -> None:
        words = unquoted(shown)
        self.gap = self.gap or words[:1].isspace()
        if words.strip():  # 0.6827 is one string, so that nothing breaks it
            self.put(Token("number" if _DECIMAL.fullmatch(words.strip()) else "word", words.strip()))
        self.gap = self.gap or words[-1:].isspace()

    def _identifier(self, name: str) -> None:
        if name in SPACES:
            self.gap = True
        elif name == "dif":
            self.put(Token("command", "change"))
        elif name in CALLS and self.text.startswith("(", self.at):
            self.at += 1
            self._push(CALLS[name])
        elif name in WORDS:
            self.put(Token("sign", WORDS[name]))
        elif len(name) == 1 or name in FUNCTIONS or name in GREEK_NAMES.values():
            self.put(Token("word", name))
        else:
            raise NotUnderstoodError(f"the name {name}")

    def _push(self, opened: Open) -> None:
        if len(self.open) >= DEEPEST:
            raise NotUnderstoodError(f"more than {DEEPEST} parentheses inside each other")
        self.open.append(opened)
        self.put(*opened.begin)

    def _sign(self, c: str) -> None:
        after_script = bool(self.found) and self.found[-1].text in ("_", "^") and self.found[-1].kind == "sign"
        innermost = self.open[-1] if self.open else None
        self.at += 1
        if self.text.startswith("∂^+", self.at - 1):
            self.at += 2
            self.put(Token("sign", "∂⁺"))
        elif self.text.startswith(":=", self.at - 1):
            self.at += 1
            self.put(Token("sign", ":="))
        elif c == "\\":
            self._escaped()
        elif c == "(":
            self._push(SCRIPT if after_script else GROUP)
        elif c == ")":
            if innermost is None:
                raise NotUnderstoodError("a parenthesis that is not open")
            self.open.pop()
            self.put(*innermost.end)
        elif c == "," and innermost is not None:
            self.put(*innermost.comma)
            if not innermost.comma:
                raise NotUnderstoodError("a comma")
        elif c == ";" and innermost is not None and innermost.semicolon:
            self.put(*innermost.semicolon)
        elif c in KNOWN:
            self.put(Token("sign", c))
        elif c.isalpha() or c == "ℝ":
            self.put(Token("word", c if c in COMMANDS.values() else GREEK_NAMES.get(c, c)))
        else:
            raise NotUnderstoodError(f"the sign {c!r}")

    def _escaped(self) -> None:
        """Read a bracket that stands alone, a solidus; a backslash before a space ends a line."""
        c = self.text[self.at : self.at + 1]
        if c in ("(", ")", "[", "]", "/"):
            self.at += 1
            self.put(Token("sign", c))
        else:
            raise NotUnderstoodError(f"a backslash before {c!r}")


def unquoted(words: str) -> str:
    """Return what a string of Typst says, or a letter.

    >>> unquoted('"a_1"'), unquoted("e")
    ('a_1', 'e')
    """
    return re.sub(r"\\(.)", r"\1", words[1:-1]) if words.startswith('"') else words
