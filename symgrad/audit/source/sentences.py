"""Formulas of a document taken together, those of one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from symgrad.audit.source.document import Excerpt
from symgrad.audit.words.sentence import Part, Sentence

LONGEST, FARTHEST, MOST = 600, 60_000, 40
"""Characters between two formulas of a sentence, with the blanks of what was taken out, and formulas of one."""
_SPACES = re.compile(r"[ \t]+")
_END = re.compile(r"[.!?](?=\s|$)|\n[ \t]*[#|]|\\[a-z]*section\b")
_MARKUP = re.compile(
    r"\$\$?(?:[ \t]*\([\w:-]{1,60}\))?|\\[()\[\]]|\\(?:begin|end)\{[a-z]+\*?\}|"
    r"\\(?:label|tag)\{[^{}]*\}|\\\\|[*_`]{1,2}"
)
_BLANK = re.compile(r"\n[ \t]*\n")


def sentences(formulas: Sequence[Excerpt], text: str) -> Mapping[tuple[int, int], tuple[Sentence, int]]:
    """Return the sentence of each formula between delimiters, by its span, and its number there.

    A sentence ends with its stop, or with a paragraph that does not go on in a display.

    >>> text = "For $x > 0$,\\n\\n$$f = 2$$\\n\\nat $x = 1$. Now $y$."
    >>> spans = [Excerpt(5, 10, "x > 0"), Excerpt(16, 21, "f = 2", "display"), Excerpt(29, 34, "x = 1")]
    >>> [s.roles for s, _ in list(sentences(spans, text).values())[:1]]
    [('for', '', 'at')]
    """
    found: dict[tuple[int, int], tuple[Sentence, int]] = {}
    for run in _runs([f for f in formulas if f.kind in ("inline", "display")], text):
        first, last = run[0], run[-1]
        lead = _last_sentence(_words(text[max(first.start - LONGEST, 0) : first.start]))
        words = [lead, *(_words(text[a.end : b.start]) for a, b in pairwise(run))]
        end = _END.split(_words(text[last.end : last.end + LONGEST]), maxsplit=1)[0]
        parts = tuple(Part(w, f.text, f.kind == "display") for w, f in zip(words, run, strict=True))
        sentence = Sentence(parts, end)  # one for all of its formulas: what their roles are is found once
        found |= {(f.start, f.end): (sentence, i) for i, f in enumerate(run)}
    return found


def _runs(formulas: Sequence[Excerpt], text: str) -> Iterator[list[Excerpt]]:
    run: list[Excerpt] = []
    for formula in formulas:
        if run and (len(run) == MOST or _apart(run[-1], formula, text)):
            yield run
            run = []
        run.append(formula)
    if run:
        yield run


def _apart(one: Excerpt, other: Excerpt, text: str) -> bool:
    """Tell whether a sentence ends between two formulas."""
    between = text[one.end : other.start]
    if len(between) > FARTHEST or one.end > other.start:
        return True
    words = _words(between)
    if len(words) > LONGEST:
        return True
    beside = "display" in (one.kind, other.kind)
    return bool(_END.search(words)) or (not beside and bool(_BLANK.search(words)))


@lru_cache(maxsize=1024)
def _words(text: str) -> str:
    return _SPACES.sub(" ", _MARKUP.sub(" ", text))


def _last_sentence(words: str) -> str:
    return _END.split(_BLANK.split(words.rstrip())[-1])[-1]
