r"""How a book spells a name in LaTeX: \mathbf{h}, \hat{y}, W_{hh}, \vh, read and checked.

A spelling is a letter or a word, perhaps in a font or with accents, and what stands below it. Nothing else is taken:
what is not on the list of commands is refused, and so is what is no LaTeX of one name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple, NoReturn

from symgrad.algebra.greek import LETTERS
from symgrad.errors import ReadError
from symgrad.export.fonts import BOLD, BOLD_ITALIC, DOUBLE, FRAKTUR, SANS, SCRIPT, SPECIAL, in_font
from symgrad.export.math import Spelled
from symgrad.export.names import ACCENTS

IN_FONT = {
    "mathbf": BOLD,
    "boldsymbol": BOLD_ITALIC,
    "mathcal": SCRIPT,
    "mathbb": DOUBLE,
    "mathfrak": FRAKTUR,
    "mathsf": SANS,
}
WORDS = ("mathrm", "mathit", "operatorname", "text")
"""Commands that make letters one word."""
ALLOWED = (*IN_FONT, *WORDS, *ACCENTS, *sorted(LETTERS, key=str.lower), *SPECIAL)
"""Commands that a spelling may hold, besides the macros of its notation."""
RESERVED = {
    "𝐈": "the identity",
    "𝑰": "the identity",
    "𝐞": "the unit vectors",
    "𝟏": "the vector of ones",
    "ℝ": "the real numbers",
}
LONGEST = 200
"""Characters of a spelling or a macro, also with the macros in it written out."""
DEEPEST = 20
_TOKEN = re.compile(r"\\([A-Za-z]+) ?|([A-Za-z])|([0-9])|(.)", re.DOTALL)


class Spelling(NamedTuple):
    """A name as a book writes it: in letters of every format, 𝐡_hat_max, and in LaTeX."""

    name: str
    latex: Spelled


def read_spelling(text: str, macros: Mapping[str, str], file: str, key: str) -> Spelling:
    r"""Read how a name is written. Raises ReadError for what is not the LaTeX of one name.

    >>> read_spelling(r"\hat{\mathbf{h}}_{max}", {}, "book.toml", "h").name
    '𝐡_hat_max'
    >>> read_spelling(r"\vh", {"vh": r"\mathbf{h}"}, "book.toml", "h").latex.plain
    ('\\mathbf{h}', '')
    """
    check_text(text, file, key)
    plain = expanded(text, macros, file, key)
    found = _Reader(plain, file, key).spelling()
    stem, below = _parted(text)
    if expanded(stem, macros, file, key) != (parts := _parted(plain))[0]:  # a subscript that comes out of a macro
        stem, below = parts
    return Spelling(found, Spelled(stem, below, parts))


def check_text(text: object, file: str, key: str) -> None:
    """Raise ReadError for what is not a short line of LaTeX with its braces closed."""

    def refuse(what: str, todo: str) -> NoReturn:
        raise ReadError(f"{key} of {file} {what}", todo=todo)

    example = r'write, for instance, "\\mathbf{h}" or "W_{hh}"'
    if not isinstance(text, str) or not text.strip():
        refuse(f"is {str(text)[:40]!r}, not a line of LaTeX", example)
    if len(text) > LONGEST:
        refuse(f"has {len(text):,} characters", f"{LONGEST} are read at most")
    if bad := next((c for c in text if not (" " <= c <= "~")), ""):
        refuse(f"holds the character {bad!r}", "write a letter by its command: \\delta for δ")
    if bad := next((s for s in ("%", "^^", "$", "&", "~", "^") if s in text), ""):
        todo = "what stands above a name is its index" if bad == "^" else example
        refuse(f"holds {bad!r}, which a name cannot have", todo)
    level = 0
    for c in re.sub(r"\\.", "", text):
        level += {"{": 1, "}": -1}.get(c, 0)
        if level < 0 or level > DEEPEST:
            break
    if level:
        refuse("has braces that are not closed or not opened", "give each { its }")


def expanded(text: str, macros: Mapping[str, str], file: str, key: str) -> str:
    r"""Return LaTeX with the macros in it written out: \vect{h} as \mathbf{h}, where \vect is \mathbf{#1}."""
    for _ in range(DEEPEST):
        found = _once(text, macros)
        if found == text:
            return text
        if len(found) > LONGEST:
            break
        text = found
    raise ReadError(
        f"{key} of {file} is longer than {LONGEST} characters where its macros are written out, or has no end",
        todo="let no macro hold itself",
    )


def _once(text: str, macros: Mapping[str, str]) -> str:
    for m in re.finditer(r"\\([A-Za-z]+) ?", text):
        if m[1] not in macros:
            continue
        body, end = macros[m[1]], m.end()
        if "#1" in body:
            group = re.compile(r"\{[^{}]*(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}[^{}]*)*\}").match(text, end)
            if group is None:
                continue
            body, end = body.replace("#1", group[0][1:-1]), group.end()
        return text[: m.start()] + body + text[end:]
    return text


def _parted(text: str) -> tuple[str, str]:
    """Return what stands before the subscript of a name, and the subscript without its braces."""
    level = 0
    for at, c in enumerate(text):
        level += {"{": 1, "}": -1}.get(c, 0)
        if c == "_" and level == 0:
            below = text[at + 1 :].strip()
            return text[:at].strip(), below[1:-1] if below.startswith("{") else below
    return text.strip(), ""


class _Reader:
    """Reads a spelling without macros from left to right."""

    def __init__(self, text: str, file: str, key: str) -> None:
        self.text, self.at, self.file, self.key = text, 0, file, key

    def spelling(self) -> str:
        base, accents = self.stem()
        below = self.below() if self.took("_") else []
        if self.at < len(self.text):
            self.refuse(f"goes on with {self.text[self.at :][:20]!r} behind the name", "give one name")
        if base in RESERVED:
            self.refuse(f"is {base}, which stands for {RESERVED[base]}", "give another letter")
        return "_".join([base, *accents, *below])

    def stem(self) -> tuple[str, tuple[str, ...]]:
        """Read a letter or a word, with its accents."""
        command, letter, *_ = self.token()
        if letter:
            return letter, ()
        if command in IN_FONT:
            letters = self.letters()
            styled = in_font(letters, IN_FONT[command])
            if styled is None:
                self.refuse(f"has {letters!r} in \\{command}, which has no such letters", "take another font")
            return styled, ()
        if command in WORDS:
            return self.word(self.letters()), ()
        if command in ACCENTS:
            self.need("{")
            base, accents = self.stem()
            self.need("}")
            return base, (*accents, command)
        return self.named(command), ()

    def named(self, command: str) -> str:
        """Return the letter of a command."""
        if command in SPECIAL:
            return SPECIAL[command]
        if command not in LETTERS:
            self.refuse(
                f"holds {f'the command {chr(92)}{command}' if command else 'no name'}, which is not allowed",
                f"allowed are a letter, {', '.join(map(chr(92).__add__, (*IN_FONT, *WORDS, *ACCENTS)))}, "
                "the Greek letters, and the macros of the notation",
            )
        return command

    def below(self) -> list[str]:
        """Read what stands below a name: words, letters and numbers, with commas between."""
        if not self.took("{"):
            command, letter, digit, _ = self.token()
            return [self.sub(letter or digit or LETTERS.get(self.named(command), self.named(command)))]
        found = []
        while True:
            found.append(self.sub(self.item()))
            if not self.took(","):
                break
        self.need("}")
        return found

    def item(self) -> str:
        """Read letters side by side, a word or a Greek letter."""
        parts: list[str] = []
        while self.peek() not in (",", "}", ""):
            command, letter, digit, _ = self.token()
            if command in WORDS:
                parts.append(self.letters())
            else:
                parts.append(letter or digit or LETTERS.get(self.named(command), self.named(command)))
            if len(parts) > 1 and not all(p.isascii() for p in parts):
                self.refuse("has a Greek letter beside others below the name", "put a comma between them")
        return "".join(parts)

    def sub(self, part: str) -> str:
        if not part or part in ACCENTS or (part[0].isdigit() and not part.isdigit()):
            self.refuse(f"has {part!r} below the name", "give a word, a letter or a number")
        return part

    def word(self, letters: str) -> str:
        if not letters.isalpha():
            self.refuse(f"has the word {letters!r}", "give letters; a number stands below the name, x_1")
        return letters

    def letters(self) -> str:
        """Read the letters between braces, a Greek one by its command."""
        self.need("{")
        found = ""
        while self.peek() not in ("}", ""):
            command, letter, digit, _ = self.token()
            found += letter or digit or LETTERS.get(self.named(command), "")
        self.need("}")
        return found

    # --- tokens -------------------------------------------------------------------------------------------

    def token(self) -> tuple[str, str, str, str]:
        """Return a command, a letter, a digit or another character, and go on."""
        m = _TOKEN.match(self.text, self.at)
        if m is None:
            self.refuse("ends too early", "give a whole name")
        self.at = m.end()
        if m[4]:
            self.refuse(f"has {m[4]!r} where a letter is due", "give one name")
        return m[1] or "", m[2] or "", m[3] or "", ""

    def peek(self) -> str:
        while self.text[self.at : self.at + 1] == " ":
            self.at += 1
        return self.text[self.at : self.at + 1]

    def took(self, sign: str) -> bool:
        if self.peek() != sign:
            return False
        self.at += 1
        return True

    def need(self, sign: str) -> None:
        if not self.took(sign):
            self.refuse(f"lacks {sign!r} before {self.text[self.at :][:20]!r}", "give each command its braces")

    def refuse(self, what: str, todo: str) -> NoReturn:
        raise ReadError(f"{self.key} of {self.file} {what}", todo=todo)
