"""Tokens of printed mathematics, LaTeX or Unicode, in one pass over the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from symgrad.reading.characters import ARROWS, CLOSE, FULL_WIDTH, ONE, OPEN, RELATIONS, SIGNS, VULGAR
from symgrad.reading.known import is_known
from symgrad.reading.names import (
    ACCENTS,
    FONTS,
    FUNCTIONS,
    GREEK_NAMES,
    IGNORED,
    NARROW_SPACES,
    OPERATORS,
    RAISED,
    SPACES,
    UNDERSTOOD,
    WIDE_SPACES,
    WORDS,
)
from symgrad.reading.numeral import based, decimal_comma, is_under_a_line, thousands, with_period
from symgrad.reading.unit.span import quantity_in, siunitx, spans

COMMA = "decimal comma"
MOMENTS = ("Var", "Cov", "sd", "SD", "Sd", "std", "median", "Med")
"""Words that are functions before a parenthesis, though not of numbers."""
_OPENS = re.compile(r"\s*(?:\\(?:left|big|Big|bigl|Bigl)\s*)?[(\[]")
LONGEST = 20_000
"""Characters of one formula that are read."""


class NotUnderstoodError(Exception):
    """Printed mathematics that is not understood, with the reason."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token. kind: number, letter, function, command, op, relation, arrow, open, close, text, unit, break, bad, end.

    start, end: the characters it stands in. tight: nothing stands between it and the token before; apart: a wide space;
    cross: it is printed as ×.
    """

    kind: str
    text: str
    start: int
    end: int
    tight: bool = False
    apart: bool = False
    cross: bool = False


ALIGNED = ("aligned", "alignedat", "gathered", "split", "array", "cases", "dcases")
"""Environments after which [t] says how they stand in their line."""
CASES = ("cases", "dcases", "rcases", "drcases")
"""Environments of cases."""
SPACED = frozenset(["mathrel", "mathbin", "mathop", "mathord"])
"""Commands that say how wide the spaces beside a sign are."""
SIZED = frozenset(["big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "Biggl", "Biggr"])
_BRACED = re.compile(r"\s*\{\s*(\\?[|()\[\]]|\\[{}])\s*\}")
"""A delimiter in braces of its own behind a command of its size: \\Big{|}."""
RANKS = {"rank": "rank", "rk": "rank", "nullity": "nullity"}
_OF_A_MATRIX = re.compile(r"(?:\s|\\[,;! ])*(?:\\left\s*)?(?:[(\[A-Z]|\\begin\b|\\math(?:bf|rm)\s*\{\s*[A-Z]\s*\})")
"""A matrix behind one of these words."""
QUANTITIES = ("SI", "qty")
"""Commands of a number with its unit."""
STACKED = ("overset", "underset", "stackrel")
"""Commands that put something above or below a sign."""
_ASKED, _DEFINING = re.compile(r"[?!]"), re.compile(r"def|\\(?:triangle|Delta)|Def|déf")
BETWEEN_ROWS = ("intertext", "shortintertext")
"""Commands of words between two rows of a display."""
DEFINED = frozenset([":=", "\\coloneqq", "\\triangleq"])
"""Signs of a definition."""


_OF_PERCENT = re.compile(r"[\d)}\]$.,][ \t]*\Z|[A-Za-z]\Z")
"""What may have a percent sign behind it; behind anything else it begins a comment."""
NEAR_PERCENT = 12
_ARGUMENT = re.compile(r"(?:\s|\\[,;!])*(?:\\(?:left|[bB]igg?l?)\s*)?[(\['′’_^]")
"""What stands behind a function: a parenthesis, a prime, an index or an exponent."""


_OLD_FONT = re.compile(r"\{\s*\\(?:rm|bf|it|sf|tt|text)\s+([A-Za-z]{2,}\.?(?:\s+[A-Za-z]+\.?)*)\s*\}")
r"""Words in a group of their own, {\rm and}."""
UNITS = frozenset("NJWVACKHTFLPmsghbB") | {"sec", "min"}
"""Letters that are units, behind a number."""
NEAR_UNIT = 40
_NUMBER_LAST = re.compile(r"\d[\s~]*(?:\\[,;: ]|\{\})?[\s~]*\Z")
_UNIT_LAST = re.compile(r"\\(?:text|mathrm)\s*\{[^{}]*\}(?:\^\{?-?\d\}?)?\s*(?:/|\\cdot|\\,)\s*\Z")
_SIDE_ENDS = re.compile(r"\s*(?:\Z|[=≈,.;&/^]|\\(?:approx|simeq|qquad|quad|end|\\)(?![A-Za-z]))")
_PRIMES = re.compile(r"\^\s*(?:\{\s*(?:\\prime|'|′)\s*\}|\\prime(?![A-Za-z]))")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*")


class Tokenizer:
    """Reads the tokens of one formula."""

    def __init__(self, text: str, decimal_comma: bool = False) -> None:
        if len(text) > LONGEST:
            raise NotUnderstoodError(f"the formula has more than {LONGEST:,} characters")
        self.text, self.at = text, 0
        self.decimal_comma, self.commas = decimal_comma, False
        self._units = spans(text)

    def tokens(self) -> list[Token]:
        """Return all tokens, the last of kind "end"; raises NotUnderstoodError."""
        found: list[Token] = []
        gap = wide = False
        narrow = 0  # spaces one behind the other: two are as wide as a quad
        while self.at < len(self.text):
            start = self.at
            if start in self._units:
                self.at, unit = self._units[start]
                found.append(Token("unit", unit, start, self.at, not gap, wide))
                wide, narrow, gap = False, 0, False
                continue
            if self._space():
                gap = True
                narrow += self.text.startswith(NARROW_SPACES, start)
                wide = wide or narrow > 1 or self.text.startswith((*WIDE_SPACES, "~~"), start)
                continue
            for kind, text in self._next():
                cross = text == "*" and self.text.startswith(("×", "\\times"), start)
                found.append(Token(kind, text, start, self.at, not gap, wide, cross))
                wide, narrow = False, 0
            gap = gap and self.at == start
        return [*found, Token("end", "", len(self.text), len(self.text))]

    def delimiter(self) -> list[tuple[str, str]]:
        """Return what a text that is a delimiter is."""
        return [(t.kind, t.text) for t in self.tokens()[:-1]]

    def _space(self) -> bool:
        text, at = self.text, self.at
        if text[at].isspace() or text[at] in "~`\u200b\u2061\ufeff":
            self.at += 1
            return True
        for space in SPACES if text[at] in "\\{" else ():
            if text.startswith(space, at):
                self.at += len(space)
                if space.endswith("{"):
                    self.at = self._until("}") + 1
                return True
        if text[at] == "%" and _is_comment(text, at):
            self.at = self._until("\n")
            return True
        return False

    def _until(self, mark: str) -> int:
        end = self.text.find(mark, self.at)
        return len(self.text) if end < 0 else end

    def _next(self) -> Iterator[tuple[str, str]]:
        c = self.text[self.at]
        if c.isdecimal() or (c == "." and self.text[self.at + 1 : self.at + 2].isdecimal()):
            yield "number", self._based() or self._number()
        elif c == "(" and (based := self._based()):
            yield "number", based
        elif c == "\\":
            yield from self._command()
        elif c == "{" and (old := _OLD_FONT.match(self.text, self.at)):
            self.at = old.end()
            yield "text", old[1].strip()
        elif c in GREEK_NAMES:
            self.at += 1
            yield "letter", GREEK_NAMES[c]
        elif c.isalpha():
            yield from self._letters()
        elif c in RAISED:
            yield from self._raised()
        elif c in VULGAR:
            self.at += 1
            yield from (("frac", "frac"), ("number", VULGAR[c][0]), ("number", VULGAR[c][1]))
        else:
            yield self._sign(c)

    def _sign(self, c: str) -> tuple[str, str]:
        if c == "^" and (primes := _PRIMES.match(self.text, self.at)):
            self.at = primes.end()
            return "op", "'"
        if self.text.startswith("...", self.at):
            self.at += 3
            return "op", "…"
        two = self.text[self.at : self.at + 2]
        for sign, meaning in (("<=", "≤"), (">=", "≥"), ("!=", "≠"), (":=", ":="), ("~=", "≈"), ("==", "=")):
            if two == sign and not (sign == "!=" and _is_behind_operand(self.text, self.at)):
                self.at += 2
                return "relation", meaning
        if two in ("->", "=>"):
            self.at += 2
            return "arrow", "→"
        if two == "**":
            self.at += 2
            return "op", "^"
        self.at += 1
        c = FULL_WIDTH.get(c, c)
        if c in RELATIONS:
            return "relation", RELATIONS[c]
        if c in ARROWS:
            return "arrow", "→"
        if c in OPEN:
            return "open", c
        if c in CLOSE:
            return "close", c
        if c in ONE:
            return "op", ONE[c]
        if c in "$€£" and self.text[self.at : self.at + 1].isdecimal():
            return "money", c
        if c in "$#":  # the delimiter of a formula, the begin of a comment
            return "text", c
        return "bad", c

    def _number(self) -> str:
        """Read 1,728.5 or 100~000~000 or 1.5e+06, with what separates the thousands."""
        text, at = self.text, self.at
        while at < len(text) and text[at].isdecimal():
            at += 1
        whole = at - self.at
        if 1 <= whole <= 3 and text[self.at] != "0":
            while gap := thousands(text, at):
                at += gap
        if at < len(text) and text[at] == "." and text[at + 1 : at + 2].isdecimal():
            at += 1
            while at < len(text) and text[at].isdecimal():
                at += 1
        if text.startswith("{,}", at) and text[self.at : at] == "0" and text[at + 3 : at + 4].isdecimal():
            self.decimal_comma = True
        comma = decimal_comma(text, at) if text[at - 1].isdecimal() and "." not in text[self.at : at] else 0
        if comma and (self.decimal_comma or comma > 1):
            digits, at = text[self.at : at], at + comma
            end = at
            while end < len(text) and text[end].isdecimal():
                end += 1
            digits, self.at = f"{digits}.{text[at:end]}", end
            return self._with_period(digits, end) or digits
        self.commas = self.commas or comma > 0
        if periodic := self._with_period(text[self.at : at], at):
            return periodic
        if is_under_a_line(text, at):
            raise NotUnderstoodError("decimals under a line")
        sign = 1 if text[at + 1 : at + 2] in ("+", "-") else 0
        if text[at : at + 1] in ("e", "E") and text[at + 1 + sign : at + 2 + sign].isdecimal():
            at += 1 + sign
            while at < len(text) and text[at].isdecimal():
                at += 1
        found, self.at = text[self.at : at], at
        return found

    def _based(self) -> str:
        found, self.at = based(self.text, self.at)
        return found

    def _with_period(self, digits: str, at: int) -> str:
        found, end = with_period(digits, self.text, at)
        self.at = end if found else self.at
        return found

    def _letters(self) -> Iterator[tuple[str, str]]:
        """Read letters: the name of a function, cos2x as cos 2 x, a word as text, or letters that are multiplied."""
        end = self.at
        while end < len(self.text) and self.text[end].isalpha() and self.text[end] not in GREEK_NAMES:
            end += 1
        word = self.text[self.at : end]
        if (activation := self._activation()) is not None:
            self.at += len(activation)
            yield "function", activation
            return
        name = next((word[:n] for n in range(min(len(word), 8), 1, -1) if word[:n] in FUNCTIONS), None)
        if name is not None and (len(word) - len(name) <= 1 or word[len(name) :] in ("hx",)) and word not in WORDS:
            self.at += len(name)
            yield "function", name
        elif len(word) > 2 and word.lower() not in UNDERSTOOD:
            self.at = end
            yield ("letter" if word in MOMENTS and self._opens() else "text"), word
        else:
            self.at += 1
            yield "letter", word[0]

    def _opens(self) -> bool:
        """Tell whether a parenthesis or a bracket comes next, of what a word is."""
        return _OPENS.match(self.text, self.at) is not None

    def _activation(self) -> str | None:
        """Return the name of an activation that stands here with its argument behind it: softplus(x), relu6'(x)."""
        word = _WORD.match(self.text, self.at)
        if word is None or not is_known(word[0]) or not _ARGUMENT.match(self.text, word.end()):
            return None
        return word[0]

    def _raised(self) -> Iterator[tuple[str, str]]:
        """Read ² as ^{2}."""
        digits = ""
        while self.at < len(self.text) and self.text[self.at] in RAISED:
            digits += RAISED[self.text[self.at]]
            self.at += 1
        yield from (("op", "^"), ("open", "{"))
        yield from (("op", "-") if c == "-" else ("number", c) for c in ([digits] if "-" not in digits else digits))
        yield "close", "}"

    # --- commands of LaTeX ------------------------------------------------------------------------------

    def _command(self) -> Iterator[tuple[str, str]]:
        text = self.text
        if not text[self.at + 1 : self.at + 2].isalpha():
            yield from self._escaped(text[self.at + 1 : self.at + 2])
            return
        end = self.at + 1
        while end < len(text) and text[end].isalpha() and text[end].isascii():
            end += 1
        name, self.at = text[self.at + 1 : end], end
        if name in IGNORED:
            if IGNORED[name]:
                self._group()
            elif name in SIZED and (braced := _BRACED.match(text, end)):
                self.at = braced.end()
                yield from Tokenizer(braced[1]).delimiter()
            elif name in ("left", "right") and text[end : end + 1] == ".":
                self.at += 1
            elif name in ("left", "right", "middle") and text[end : end + 1] in ("<", ">"):
                self.at += 1
                yield ("open", "⟨") if text[end] == "<" else ("close", "⟩")
        elif name in OPERATORS:
            yield OPERATORS[name]
        elif name in QUANTITIES:
            yield from self._quantity(name)
        elif name in FUNCTIONS or (name not in GREEK_NAMES.values() and is_known(name)):
            yield "function", name
        elif name in GREEK_NAMES.values():
            yield "letter", name
        elif name in ACCENTS:
            yield "accent", name
        elif name in FONTS:
            yield from self._words(FONTS[name])
        elif name in BETWEEN_ROWS:
            self._group()
            yield "break", name
        elif name in SPACED:
            yield from self._spaced()
        elif name in STACKED and (relation := self._stacked()):
            yield relation
        elif name in ("begin", "end"):
            environment = self._group()
            if environment in ALIGNED and self.text[self.at : self.at + 3] in ("[t]", "[c]", "[b]"):
                self.at += 3
            plain = environment.rstrip("*")
            yield ("open" if name == "begin" else "close"), "\\cases" if plain in CASES else f"\\{plain}"
        else:
            yield "command", name

    def _quantity(self, name: str) -> Iterator[tuple[str, str]]:
        r"""Read \SI{5}{\kilo\gram} as a number with its unit."""
        start = self.at
        number, unit = self._group(), self._group()
        if quantity := siunitx(number, unit):
            for token in Tokenizer(quantity[0].replace("x", "\\times"), self.decimal_comma).tokens()[:-1]:
                yield token.kind, token.text
            yield "unit", quantity[1]
            return
        self.at = start
        yield "command", name

    def _spaced(self) -> Iterator[tuple[str, str]]:
        r"""Read \mathrel{:=} as the sign that stands in it."""
        start = self.at
        sign = self._group().strip()
        if sign in DEFINED:
            yield "relation", ":="
        else:
            self.at = start

    def _stacked(self) -> tuple[str, str] | None:
        r"""Read \overset{(1)}{=} as =, \stackrel{\text{def}}{=} as :=; None where it is no relation, or is asked."""
        start = self.at
        said, sign = self._group(), self._group()
        first, *others = Tokenizer(sign).tokens()
        if others and others[0].kind == "end" and first.kind in ("relation", "arrow") and not _ASKED.search(said):
            return first.kind, ":=" if first.text == "=" and _DEFINING.search(said) else first.text
        self.at = start
        return None

    def _escaped(self, c: str) -> Iterator[tuple[str, str]]:
        self.at += 1 + len(c)
        match c:
            case "{" | "}":
                yield ("open" if c == "{" else "close"), f"\\{c}"
            case "|":
                yield "op", "‖"
            case "%":
                yield "op", "%"
            case "$":
                yield "money", "$"
            case "\\":
                if self.text[self.at : self.at + 1] == "[":
                    self.at = self._until("]") + 1
                yield "break", "\\\\"
            case "#" | "&" | "_":
                yield "bad", f"\\{c}"
            case _:
                return

    def _words(self, is_text: bool) -> Iterator[tuple[str, str]]:
        r"""Read \text{if} as words, \operatorname{sech} and \mathrm{d} as what stands in them."""
        if not self.text[self.at :].lstrip().startswith("{"):
            return
        start = self.text.index("{", self.at)
        words = self._group()
        bare = words.strip().lstrip("\\")
        if is_text and (quantity := quantity_in(words, self.text, self.at)):
            number, unit, self.at = quantity
            yield from (("number", number), ("unit", unit))
        elif bare in SIGNS:
            yield self._sign_of(bare)
        elif is_text and bare in GREEK_NAMES:
            yield "letter", GREEK_NAMES[bare]
        elif is_text and self._is_unit(bare, start, words != bare):
            yield "text", bare
        elif bare == "mod":
            yield "op", "mod"
        elif bare.lower() in RANKS and _OF_A_MATRIX.match(self.text, self.at):
            yield "command", RANKS[bare.lower()]
        elif bare in ("tr", "Tr", "trace", "det"):
            yield "command", "det" if bare == "det" else "tr"
        elif bare in FUNCTIONS or (is_known(bare) and _ARGUMENT.match(self.text, self.at)):
            yield "function", bare
        elif (len(bare) == 1 and bare.isalpha() and bare.isascii()) or (bare in MOMENTS and self._opens()):
            yield "letter", bare
        elif not is_text or bare.isdecimal() or "\\" in bare:
            self.at = start  # letters in another type: their group is read as it is
        elif bare:
            yield "text", bare

    @staticmethod
    def _sign_of(c: str) -> tuple[str, str]:
        r"""Return the sign that stands in \text{−} by itself."""
        return ("relation", RELATIONS[c]) if c in RELATIONS else ("op", ONE[c])

    def _is_unit(self, word: str, start: int, spaced: bool) -> bool:
        """Tell whether a letter, or the name of a function, is the unit of the number before it, at the end of a side.

        start: where its braces are. spaced: whether a space stands in them.
        """
        if word not in UNITS or not _SIDE_ENDS.match(self.text, self.at):
            return False
        begin = self.text.rfind("\\", 0, start)
        number = _NUMBER_LAST.search(self.text, 0, begin)
        if len(word) > 1 or _UNIT_LAST.search(self.text, max(0, begin - NEAR_UNIT), begin):
            return True
        return number is not None and (spaced or len(number[0]) > 1)

    def _group(self) -> str:
        """Return what stands in the braces that follow, and skip it."""
        text = self.text
        while self.at < len(text) and (text[self.at].isspace() or text[self.at] in "*"):
            self.at += 1
        if text[self.at : self.at + 1] == "[":
            self.at = self._until("]") + 1
        if text[self.at : self.at + 1] != "{":
            return ""
        depth, start = 0, self.at
        for at in range(start, len(text)):
            depth += {"{": 1, "}": -1}.get(text[at], 0)
            if depth == 0:
                self.at = at + 1
                return text[start + 1 : at]
        raise NotUnderstoodError("a brace is not closed")


def _is_comment(text: str, at: int) -> bool:
    """Tell whether a percent sign begins a comment of LaTeX: behind no number, or behind a brace at a line's end."""
    of = _OF_PERCENT.search(text, max(0, at - NEAR_PERCENT), at)
    return of is None or (text[at - 1 : at] in ("}", ")") and text.startswith("\n", at + 1))


def _is_behind_operand(text: str, at: int) -> bool:
    """Tell whether a number, a letter or a group stands right before a place: n!=… is a factorial."""
    return at > 0 and (text[at - 1].isalnum() or text[at - 1] in ")]}")
