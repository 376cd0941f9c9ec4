r"""Where units stand in a formula: behind a number, in upright letters, \text{ km}/\text{h}, \mathrm{m\,s^{-1}}, °C."""

from __future__ import annotations

import re

from symgrad.reading.unit.expression import of_siunitx, written

UPRIGHT = "text|mathrm|textrm|mbox|hbox|textup|textnormal|mathsf|textsf|operatorname|rm"
_SPACE = r"(?:\s|~|\\[,;: >!]|\{\}|\\(?:thinspace|enspace|hspace\{[^{}]*\})(?![A-Za-z]))*"
_SPACES = re.compile(_SPACE)
_BEGIN = re.compile(
    rf"\\(?:{UPRIGHT})(?![A-Za-z])|\{{\s*\\(?:rm|text)\b|\\[tdc]?frac|\\nicefrac|/|\\(?:unit|si)(?![A-Za-z])|"
    r"\\(?:mu|Omega|ohm|degree|celsius)(?![A-Za-z])|\^\s*\{?\s*\\circ|[°℃µΩ]|(?<![A-Za-z\\])[A-Za-z]{3,}"
)
_GROUP = re.compile(rf"\\(?:{UPRIGHT})\s*\{{|\{{\s*\\(?:rm|text)\s+")
_SWITCH = re.compile(r"\\rm\s+([A-Za-z]+(?:\s*[/^]\s*(?:[A-Za-z]+|\{?-?\d\}?))*)")
_DEGREES = re.compile(
    r"(?:\^\s*\{?\s*\\circ\s*\}?|°|\\degree(?![A-Za-z]))(?:\s|\\[,;!]|~)*"
    rf"(?:\\(?:{UPRIGHT})\s*\{{\s*([CF])\s*\}}|([CF])(?![A-Za-z]))|℃|\^\s*\{{\s*\\circ\s*\\(?:{UPRIGHT})\s*\{{?\s*([CF])\s*\}}?\s*\}}"
)
_SIGN = re.compile(r"\\Omega(?![A-Za-z])|\\ohm(?![A-Za-z])|Ω")
_MICRO = re.compile(rf"(?:\\mu(?![A-Za-z])|µ){_SPACE}(?=\\(?:{UPRIGHT})\s*\{{)")
_SI = re.compile(r"\\(?:unit|si)\s*(?:\[[^\]]*\])?\s*\{")
_FRACTION = re.compile(r"\\(?:[tdc]?frac|nicefrac)\s*\{")
_EXPONENT = re.compile(
    r"\s*(?:\^\s*(?:\{\s*([-−]?\s*[1-6])\s*\}|([1-6])|\{?\s*\\text\{\s*([-−]?[1-6])\s*\}\s*\}?)|(⁻?[¹²³⁴⁵⁶]))"
)
_BETWEEN = re.compile(rf"{_SPACE}(?:(/)|(\\cdot(?![A-Za-z])|[·⋅]))?{_SPACE}")
_WORD = re.compile(r"[A-Za-z]{3,}(?![A-Za-z(_^])")
BARE = re.compile(r"(?:k|M|G|T)?(?:Wh|bit)|[kmµ]?mol|[kMGT]?Hz|[kMG]?Pa|atm|mmHg|[KMGT]iB|kWh|[kMG]eV|meV")
"""Words that nothing else is meant by, in letters of any type."""
_OF_A_LETTER = re.compile(r"(?:_\s*\{?|(?<![A-Za-z\\])[A-Za-z])[\d.,]+\Z")
"""A number that is an index, or part of a name: x_2, x2."""
_SPACE_LAST = re.compile(r"(?:\s|~|\\[,;: >!]|\{\}|\\thinspace)\Z")
_OF_NUMBERS = re.compile(r"\\(?:[td]?frac|times|cdot|sqrt|left|right|pi|%|[,;: ])(?![A-Za-z])")
_BEFORE_GROUP = re.compile(r"\\(?:[tdc]?frac|sqrt|left|times|cdot|nicefrac)\Z")
RAISED = str.maketrans("⁻¹²³⁴⁵⁶−", "-123456-")
ALONE = frozenset("msghNJWVL")
"""Letters that are units right behind a number too, without a space."""
LETTERS_BEHIND = re.compile(
    rf"{_SPACE}(?:[A-Za-z(_'\[]|\\(?!{UPRIGHT}|text|times|cdot|approx|simeq|neq|leq?|geq?|frac|right|q?quad|end|to|R|L|bigr?|Bigr?)[A-Za-z])"
)
_ITALIC = re.compile(
    r"(?<=[\d}])(\s*(?:\\[,;: ]|~)\s*)([A-Za-z]+(?:\s*(?:/|\\cdot(?![A-Za-z]))\s*[A-Za-z]+|\s*\^\s*(?:\{-?\d\}|\d))*)"
    r"(?!\s*[A-Za-z(_'])"
)
OF_OHMS = ("k", "M", "m", "G")
LONGEST = 160
"""Characters in which a unit, or the number before it, is looked for."""


def spans(text: str) -> dict[int, tuple[int, str]]:
    r"""Return where each unit behind a number begins and ends, and the unit in one notation.

    >>> spans(r"36\,\text{km/h} = 10\ \frac{\text{m}}{\text{s}} = 2\text{ apples}")
    {4: (15, 'km/h'), 22: (47, 'm/(s)')}
    """
    found: dict[int, tuple[int, str]] = {}
    last = 0
    for begin in _BEGIN.finditer(text):
        at = begin.start()
        if at < last or not _is_behind_number(text, at, found):
            continue
        reader = _Reader(text, at)
        if (unit := reader.whole()) and _is_meant(text, at, reader.at):
            found[at] = reader.at, unit
            last = reader.at
    return found


def _is_meant(text: str, at: int, end: int) -> bool:
    """Tell whether what stands between is a unit and no letter: one letter alone stands behind a space."""
    inside = re.sub(rf"\\(?:{UPRIGHT})(?![A-Za-z])|[{{}}\s]", "", text[at:end])
    if len(inside) > 1:
        return True
    if inside in "Ωµ":
        return text[at - 1] in " ~," or not text[at - 1 : at].isdigit()
    spaced = (not text[at - 1].isalnum() and text[at - 1] not in ")}") or re.search(r"\{\s", text[at:end]) is not None
    plain = text.startswith("\\text", at) and inside in ALONE
    return (spaced or plain) and LETTERS_BEHIND.match(text, end) is None


def _is_behind_number(text: str, at: int, found: dict[int, tuple[int, str]]) -> bool:
    """Tell whether a number, or a calculation without letters in braces or parentheses, stands before a place."""
    first = max(0, at - LONGEST)
    before = text[first:at]
    while gap := _SPACE_LAST.search(before):
        before = before[: gap.start()]
    if before.endswith(("\\pi", "π")):
        return True
    if not before or before[-1].isdigit():
        return bool(before) and _OF_A_LETTER.search(before) is None
    if before[-1] not in ")}":
        return False
    begin = _opening(before)
    if begin is None:
        return False
    head, inside = before[:begin].rstrip(), list(before[begin:])
    for start, (end, _) in found.items():
        if first + begin <= start and end <= first + len(before):
            inside[start - first - begin : end - first - begin] = " " * (end - start)
    inner = _OF_NUMBERS.sub("", "".join(inside))
    if re.search(r"[A-Za-z\\]", inner) or not re.search(r"\d", "".join(inside)):
        return False
    if head.endswith("^"):
        return bool(re.search(r"[\d)]\s*\^\Z", head))
    if head.endswith("}"):  # the denominator of a fraction
        return _is_behind_number(text, first + len(head), found)
    return not re.search(r"(?:_|[A-Za-z'])\Z", _BEFORE_GROUP.sub("", head))


def _opening(text: str) -> int | None:
    """Return where the parenthesis or brace opens that is closed at the end; None where it is too far."""
    depth = 0
    for n in range(len(text) - 1, -1, -1):
        depth += {")": 1, "}": 1, "(": -1, "{": -1}.get(text[n], 0)
        if depth == 0:
            return n
    return None


class _Reader:
    """Reads a unit from a place in a formula."""

    def __init__(self, text: str, at: int) -> None:
        self.text, self.at = text, at

    def whole(self) -> str:
        """Read factors, with signs or spaces between them; return nothing where none is known."""
        found = ""
        if self.text.startswith("/", self.at):
            self.at = self._behind_spaces(self.at + 1)
            inverse = self.factor()
            if not inverse:
                return ""
            found = f"1/{inverse}"
        else:
            found = self.factor()
        while found:
            start = self.at
            between = _BETWEEN.match(self.text, start)
            sign = "/" if between and between[1] else "*"
            self.at = between.end() if between else start
            explicit = bool(between and (between[1] or between[2]))
            more = self.factor() if explicit or self.text.startswith(("\\", "{", "°", "("), self.at) else ""
            if not more:
                self.at = start
                break
            found += sign + more
        return found

    def factor(self) -> str:
        """Read one unit, or a fraction or a product of units in parentheses, with its exponent."""
        start = self.at
        found = self._plain()
        if not found:
            self.at = start
            return ""
        whole = raised(found, self.text, self.at)
        if whole is None:
            self.at = start
            return ""
        found, self.at = whole
        return found

    def _plain(self) -> str:
        text, at = self.text, self.at
        if degrees := _DEGREES.match(text, at):
            self.at = degrees.end()
            return f"°{degrees[1] or degrees[2] or degrees[3] or 'C'}"
        if micro := _MICRO.match(text, at):
            self.at = micro.end()
            inner = self._plain()
            return written(f"µ{inner}") if inner else ""
        if sign := _SIGN.match(text, at):
            self.at = sign.end()
            return "Ω"
        if group := _SI.match(text, at):
            content = self._braces(group.end() - 1)
            return of_siunitx(content) if content is not None else ""
        if group := _FRACTION.match(text, at):
            return self._fraction(group.end() - 1)
        if group := _GROUP.match(text, at):
            brace = text.index("{", at)
            content = self._braces(brace)
            if content is None:
                return ""
            if content.strip() in OF_OHMS and (sign := _SIGN.match(text, self.at)):
                self.at = sign.end()
                return f"{content.strip()}Ω"
            return written(re.sub(r"\A\{?\s*\\(?:rm|text)\s+", "", content))
        if switch := _SWITCH.match(text, at):
            self.at = switch.end()
            return written(switch[1])
        if text.startswith("(", at) or text.startswith("\\left(", at):
            return self._parenthesis()
        if (word := _WORD.match(text, at)) and BARE.fullmatch(word[0]):
            self.at = word.end()
            return written(word[0])
        return ""

    def _fraction(self, brace: int) -> str:
        parts = list[str]()
        for _ in range(2):
            content = self._braces(self._behind_spaces(brace)) if brace < len(self.text) else None
            if content is None:
                return ""
            inner = _Reader(content.strip(), 0)
            found = "1" if content.strip() == "1" else inner.whole()
            if not found or (found != "1" and inner.at < len(content.strip())):
                return ""
            parts.append(found)
            brace = self.at
        return f"{parts[0]}/({parts[1]})" if parts[1] != "1" else ""

    def _parenthesis(self) -> str:
        text = self.text
        self.at += 1 if text[self.at] == "(" else len("\\left(")
        self.at = self._behind_spaces(self.at)
        found = self.whole()
        self.at = self._behind_spaces(self.at)
        for close in (")", "\\right)"):
            if found and text.startswith(close, self.at):
                self.at += len(close)
                return f"({found})"
        return ""

    def _behind_spaces(self, at: int) -> int:
        gap = _SPACES.match(self.text, at)
        return gap.end() if gap else at

    def _braces(self, at: int) -> str | None:
        """Return what stands in the braces at a place, and go behind them."""
        if not self.text.startswith("{", at):
            return None
        depth = 0
        for n in range(at, min(len(self.text), at + LONGEST)):
            depth += {"{": 1, "}": -1}.get(self.text[n], 0)
            if depth == 0:
                self.at = n + 1
                return self.text[at + 1 : n]
        return None


def raised(unit: str, text: str, at: int) -> tuple[str, int] | None:
    r"""Return a unit with the exponent at a place, and where that ends; None where it has one of its own there.

    >>> raised("m/s", "^2 = ", 0), raised("m", " = ", 0), raised("m^2", "^2", 0)
    (('m/s^2', 2), ('m', 0), None)
    """
    exponent = _EXPONENT.match(text, at)
    if exponent is None:
        return unit, at
    power = next(g for g in exponent.groups() if g).translate(RAISED).replace(" ", "")
    head, sign, last = _last(unit)
    return None if "^" in last or ")" in last else (f"{head}{sign}{last}^{power}", exponent.end())


def _last(unit: str) -> tuple[str, str, str]:
    """Return the last factor of a unit, to which an exponent behind it belongs, with what stands before it."""
    found = max(unit.rfind("*"), unit.rfind("/"))
    return (unit[:found], unit[found], unit[found + 1 :]) if found >= 0 else ("", "", unit)


def upright(text: str) -> str:
    r"""Return a formula in which letters behind a number and a space of TeX, 5\,kg, are upright where they are a unit.

    >>> upright(r"0.5\,L = 500\,mL"), upright(r"2\,x = 3\,z")
    ('0.5\\,\\mathrm{L} = 500\\,\\mathrm{mL}', '2\\,x = 3\\,z')
    """
    return _ITALIC.sub(lambda m: rf"{m[1]}\mathrm{{{m[2]}}}" if written(m[2]) else m[0], text)


def siunitx(number: str, unit: str) -> tuple[str, str] | None:
    r"""Return the number and the unit of \SI{1e3}{\metre}, both in plain notation; None where one is not known.

    >>> siunitx("9.81", r"\metre\per\second\squared")
    ('9.81', 'metre*second^-2')
    """
    found = of_siunitx(unit)
    plain = re.fullmatch(r"\s*[-+−]?\s*\d[\d ]*(?:[.,]\d+)?(?:\s*(?:e|E|x\s*10\s*\^)\s*\{?[-+−]?\d+\}?)?\s*", number)
    return (number.strip(), found) if found and plain else None


def quantity_in(words: str, text: str, at: int) -> tuple[str, str, int] | None:
    """Return the number and the unit that words are, 150 kg, with an exponent behind them; None for other words.

    text, at: what stands behind the words, and from where; the last is where it goes on.

    >>> quantity_in("9.81 m/s", "^2", 0), quantity_in("2 of them", "", 0)
    (('9.81', 'm/s^2', 2), None)
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)(?:\s|~|\\[,; ])+(\S.*)", words)
    unit = written(found[2]) if found else ""
    whole = raised(unit, text, at) if unit else None
    return (found[1], *whole) if found and whole else None
