"""Tokens of a formula in LaTeX."""

from __future__ import annotations

import re

from symgrad.reading.names import ACCENTS, GREEK_NAMES, IGNORED, SPACES
from symgrad.reading.page.fonts import COMMANDS as LETTER_COMMANDS
from symgrad.reading.page.fonts import STARTS, lettered
from symgrad.reading.page.token import END, KNOWN, SIGNS, Token, bounded, is_letter
from symgrad.reading.token import NotUnderstoodError

COMMANDS = {
    "frac": "fraction",
    "tfrac": "fraction",
    "dfrac": "fraction",
    "sqrt": "root",
}
MEANT = {
    "cdot": "·",
    "times": "·",
    "cdots": "⋯",
    "dots": "⋯",
    "ldots": "⋯",
    "vdots": "⋮",
    "ddots": "⋱",
    "circ": "∘",
    "odot": "∘",
    "oslash": "⊘",
    "partial": "∂",
    "prod": "∏",
    "sum": "∑",
    "otimes": "⊗",
    "land": "∧",
    "wedge": "∧",
    "lor": "∨",
    "vee": "∨",
    "infty": "∞",
    "ge": "≥",
    "geq": "≥",
    "ne": "≠",
    "neq": "≠",
    "le": "≤",
    "leq": "≤",
    "lt": "<",
    "gt": ">",
    "approx": "≈",
    "to": "→",
    "mapsto": "↦",
    "in": "∈",
    "vert": "|",
    "lvert": "|",
    "rvert": "|",
    "Vert": "‖",
    "lVert": "‖",
    "rVert": "‖",
    "prime": "'",
    "top": "ᵀ",
    "intercal": "ᵀ",
}
UPRIGHT = frozenset(["operatorname", "mathrm", "text", "mathit", *STARTS])
MATRICES = frozenset(["pmatrix", "bmatrix", "matrix", "smallmatrix"])
LAID_OUT = frozenset(["aligned", "align", "align*", "split", "gathered", "equation", "equation*"])
_COMMAND = re.compile(r"\\([A-Za-z]+)|\\(.)", re.DOTALL)
_NUMBER = re.compile(r"\d*(?:\.\d+)|\d+\.?")


def latex_tokens(text: str) -> list[Token]:
    r"""Return the tokens of a formula in LaTeX, the last of kind "end"; rows end with the sign \\.

    >>> [t.text for t in latex_tokens(r"\sigma'(z_{1})\, \frac{\partial C}{\partial a_{2}}")][:8]
    ['sigma', "'", '(', 'z', '_', '{', '1', '}']
    """
    return [*_Lexer(bounded(text)).tokens(), END]


class _Lexer:
    def __init__(self, text: str) -> None:
        self.text, self.at, self.gap = text, 0, True
        self.found: list[Token] = []

    def tokens(self) -> list[Token]:
        while self.at < len(self.text):
            c = self.text[self.at]
            c = SIGNS.get(c, c)
            if c.isspace() or c == "~":
                self.at, self.gap = self.at + 1, True
            elif self.text.startswith("{}", self.at):
                self.at += 2
            elif c == "\\":
                self._command()
            elif c.isdecimal() or (c == "." and self.text[self.at + 1 : self.at + 2].isdecimal()):
                self._digits()
            elif is_letter(c):
                self.at += 1
                self.put("word", GREEK_NAMES.get(c, c))
            elif c in KNOWN:
                self.at += 1
                self.put("sign", c)
            else:
                raise NotUnderstoodError(f"the sign {c!r}")
        return self.found

    def put(self, kind: str, text: str) -> None:
        self.found.append(Token(kind, text, not self.gap))
        self.gap = False

    def _digits(self) -> None:
        script = bool(self.found) and not self.gap and self.found[-1].text in ("_", "^")
        end = self.at + 1 if script else _NUMBER.match(self.text, self.at).end()  # type: ignore[union-attr]
        self.put("number", self.text[self.at : end])
        self.at = end

    def _command(self) -> None:
        match = _COMMAND.match(self.text, self.at)
        if match is None:
            raise NotUnderstoodError("a backslash at the end")
        name, escaped = match[1], match[2]
        self.at = match.end()
        if escaped is not None:
            self._escaped(escaped)
        elif name in IGNORED:
            if IGNORED[name]:
                self._group()
            elif self.text[self.at : self.at + 1] == ".":
                self.at += 1
        elif f"\\{name}" in SPACES:
            self.gap = True
        elif name == "partial" and self.text.startswith("^{+}", self.at):
            self.at += len("^{+}")
            self.put("sign", "∂⁺")
        elif name == "mathrel":
            self.put("sign", self._group().strip())
        elif name in COMMANDS:
            self.put("command", COMMANDS[name])
        elif name in ACCENTS:
            self.put("command", f"accent {name}")
        elif name in MEANT:
            self.put("sign", MEANT[name])
        elif name in UPRIGHT:
            self._upright(name)
        elif name in ("begin", "end"):
            self._environment(name, self._group())
        elif name == "qquad":
            self.gap = True
        else:
            self.put("word", LETTER_COMMANDS.get(name, name))

    def _raised(self) -> bool:
        """Tell whether what comes next stands above: after ^, or after the index that does, as in W^{[l] T}."""
        for t in reversed(self.found):
            if t.text in ("^", "_", "}") and t.kind == "sign":
                return t.text == "^"
        return False

    def _escaped(self, c: str) -> None:
        if c in ",;:! >":
            self.gap = True
        elif c == "\\":
            if self.text.startswith("[", self.at):
                self.at = self.text.index("]", self.at) + 1
            self.put("sign", "\\\\")
        elif c in "|":
            self.put("sign", "‖")
        elif c == "{" and self.found and self.found[-1].text == "𝟏":
            self.found[-1] = Token("number", "1", self.found[-1].tight)
            self.put("sign", "{")
        elif c == "}":
            self.put("sign", "}")
        elif c == "{":
            raise NotUnderstoodError("a set")
        else:
            raise NotUnderstoodError(f"\\{c}")

    def _upright(self, font: str) -> None:
        r"""Read \mathrm{max} as one word, \mathsf T and \mathbf{1} as what they stand for."""
        while self.text[self.at : self.at + 1] == " ":
            self.at += 1
        if self.text[self.at : self.at + 1] == "{":
            letters = self._group()
        else:
            letters, self.at = self.text[self.at : self.at + 1], self.at + 1
        if letters == "T" and (font == "mathsf" or (font == "mathrm" and self._raised())):
            self.put("sign", "ᵀ")
        elif font == "mathrm" and letters == "d":
            self.put("command", "change")
        elif font in STARTS and (word := lettered(letters.strip().removeprefix("\\"), font)) is not None:
            self.put("word", word)
        else:
            self.put("word", GREEK_NAMES.get(plain := unescaped(letters), plain))

    def _environment(self, command: str, name: str) -> None:
        if name == "cases":
            self.put("command", "cases" if command == "begin" else "end of matrix")
        elif name in MATRICES:
            self.put("command", "matrix" if command == "begin" else "end of matrix")
        elif name not in LAID_OUT:
            raise NotUnderstoodError(f"the environment {name}")

    def _group(self) -> str:
        """Return what stands between the braces that come next."""
        if self.text[self.at : self.at + 1] != "{":
            raise NotUnderstoodError("a command without braces")
        level, start = 0, self.at
        for at in range(start, len(self.text)):
            level += {"{": 1, "}": -1}.get(self.text[at], 0)
            if level == 0:
                self.at = at + 1
                return self.text[start + 1 : at]
        raise NotUnderstoodError("a brace is not closed")


def unescaped(letters: str) -> str:
    r"""Return max_1 for max\_1."""
    return re.sub(r"\\(.)", r"\1", letters).strip()
