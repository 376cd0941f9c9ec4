r"""One of several answers to choose from, which may be a wrong one: A. 3 + 4 = 8, \wrongchoice{...}, [[7|8]]."""

from __future__ import annotations

import re

from symgrad.audit.finding import Passage

_LABEL = r"(?:\(?[a-hA-H][.)）．、]|[-*+]?[ \t]*(?:\[[ xX]?\]|\([ xX]?\)|[☐☑☒□○●◯])|[-*+] \(?[a-hA-H][.)])"
_MARK = r"[*_~`\\($\["
_AT_LABEL = re.compile(rf"(?:^|\n)[ \t>]*(?:\\item[ \t]*)?{_MARK}]*{_LABEL}[ \t]*{_MARK}]*$")
"""A label of one of several answers, with nothing between it and the formula."""
_COMMAND = re.compile(
    r"\\(?:choice|CorrectChoice|correctchoice|wrongchoice|bonne|mauvaise|distractor|incorrect|wronganswer|falseanswer|"
    r"rightanswer|correctanswer|fourch|twoch|onech|task)\b\*?[ \t]*(?:\[[^]\n]*\])?[^.!?\n]{0,60}$"
)
"""A command of LaTeX for one of them."""
_ENVIRONMENT = re.compile(
    r"\\begin\{(?:\w*choices|checkboxes|reponses\w*|answers|answerlist|mcq\w*|options|tasks)\}(?!.*\\end\{)", re.DOTALL
)
_KEY = re.compile(
    r"[\"']?\b(?:choices|options|distractors?|alternatives|wrong_?answers?|incorrect\w*|answers)[\"']?[ \t]*"
    r"(?:=|:(?!:))[ \t]*[\[{(|>]?[^\]})]*$",
    re.IGNORECASE,
)
"""A list of them in JSON, YAML or code."""
_OTHER_KEY = re.compile(r"\n[ \t]*[\"']?\w+[\"']?[ \t]*:(?=\s)|\n[ \t]*\n")
_ELEMENT = re.compile(
    r"<(?:option\b|(?:input|label)\b[^>]*|(?:li|div|p|span|button)\b[^>]*\b(?:choice|option|answer|distractor)[^>]*)>"
    r"[^<]{0,40}$",
    re.IGNORECASE,
)
_BLANK = re.compile(r"\[\[[^\]\n]*(?:\n[^\]\n]*)?$")
_GOES_ON = re.compile(r"[^\[\]]*\|[^\[]*\]\]")
"""Further answers, up to the end of the blank."""
_LETTERED = re.compile(r"(?:^|\n)[ \t>]*(?:\\item[ \t]*)?[-*+]?[ \t]*[*_]*\(?([A-H])[.)）．、]")
"""A line that begins with a capital in parentheses or with a period."""
_LIST = re.compile(r"\\(begin|end)\{(?:enumerate|itemize|enumerate\*|parts|oneparchoices|inparaenum)\}")
_PARAGRAPH = re.compile(r"\n[ \t]*\n|\\item\b")
_ASKS = re.compile(
    r"\b(?:choose|which|select|pick|true or false|welche[rsn]?|wähle\w*|kreuze\w*|lequel|laquelle|lesquel\w+|"
    r"quels?|quelles?|cochez|choisi\w+|cuál(?:es)?|elija|seleccione|marque|assinale|escolha|qual|quais|quale|quali|scegli\w*)\b",
    re.IGNORECASE,
)
"""Words above a list of answers, one of which is right."""
NEAR = 240
FEWEST = 3
"""Lines with such labels, one letter after the other, that make a list of answers."""


def is_option(passage: Passage) -> bool:
    """Tell whether a passage is perhaps one of several answers.

    >>> from symgrad.audit.finding import Place
    >>> [is_option(Passage("3 + 4 = 8", Place("q.md", 1), before=b)) for b in ("A. $", "- [ ] $", "We see: $")]
    [True, True, False]
    """
    before = passage.before[-NEAR:]
    if ("list", "options") in passage.known:
        return True
    if any(found.search(before) for found in (_AT_LABEL, _COMMAND, _ENVIRONMENT, _ELEMENT)):
        return True
    if (key := _KEY.search(before)) and not _OTHER_KEY.search(key[0]):
        return True
    if (blank := _BLANK.search(before)) and ("|" in blank[0] or _GOES_ON.match(passage.after)):
        return True
    return _is_lettered(before, passage.after)


def chosen_from(text: str) -> list[tuple[int, int]]:
    r"""Return where lists of LaTeX begin and end above which a reader is asked to choose from them.

    >>> text = r"Choose the right one. \begin{enumerate}\item $1 = 2$\end{enumerate}"
    >>> [text[begin:end] for begin, end in chosen_from(text)]
    ['\\item $1 = 2$']
    """
    found: list[tuple[int, int]] = []
    opened: list[tuple[int, bool]] = []
    for list_ in _LIST.finditer(text):
        if list_[1] == "begin":
            above = text[max(0, list_.start() - NEAR) : list_.start()]
            opened.append((list_.end(), _ASKS.search(_PARAGRAPH.split(above.rstrip())[-1]) is not None))
        elif opened:
            begin, asks = opened.pop()
            found += [(begin, list_.start())] if asks else []
    return sorted(found)


def _is_lettered(before: str, after: str) -> bool:
    """Tell whether the line of a formula has a label, and the lines beside it the letters before and behind."""
    above = _LETTERED.findall(before)
    line = before.rpartition("\n")[2]
    if not above or not _LETTERED.match(line):
        return False
    letters = "".join((*above, *_LETTERED.findall(after)))
    return len(letters) >= FEWEST and letters in "ABCDEFGH"
