"""The fields of a request as a question to symgrad."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from symgrad.api.model import Model, models
from symgrad.calculus.layout_name import LAYOUTS
from symgrad.calculus.unfold import FORMS
from symgrad.desk.question import FORMS_OF_ANSWER, Question
from symgrad.errors import ReadError, TooLarge, ValuesError
from symgrad.export.notation import NOTATIONS, Notation
from symgrad.serve.fields import Fields, choice, pairs, text, texts
from symgrad.serve.limits import DEEPEST, LONGEST_EQUATIONS

LETTER = re.compile(r"[^\W\d_]\w{0,11}")
OWN = "equations"


def question(fields: Fields) -> tuple[Question, Model]:
    """Return the question of a request, and its model; a depth that is a letter stands in the notation.

    >>> asked, _ = question({"model": "rnn", "of": "E", "wrt": ["W"], "depth": "3", "functions": {"sigma": "relu"}})
    >>> asked.depth, asked.functions
    (3, (('sigma', 'relu'),))
    """
    equations = text(fields, "equations", longest=LONGEST_EQUATIONS)
    source = equations or choice(fields, "model", models(), "")
    if equations.strip() in models():  # a name is no equation, and no file
        raise ReadError(f"{equations.strip()!r} is no equation", todo="choose it from the menu of models")
    of = text(fields, "of").strip()
    if not of:
        raise ValuesError("nothing is said to be derived", todo="choose a quantity")
    asked = Question(
        model=source,
        of=of,
        wrt=texts(fields, "wrt"),
        name=OWN,
        depth=_depth(fields),
        activation=text(fields, "activation").strip() or None,
        cost=text(fields, "cost").strip() or None,
        functions=tuple(pairs(fields, "functions").items()),
        let=texts(fields, "let"),
        layout=_one_of(fields, "layout", LAYOUTS),
        form=_one_of(fields, "form", FORMS_OF_ANSWER),
        detail=_one_of(fields, "detail", FORMS),
    )
    return asked, asked.build()


def notation(fields: Fields, model: Model) -> Notation:
    """Return the notation of a request, in which the depth has the letter that was asked for."""
    found = NOTATIONS[choice(fields, "notation", NOTATIONS, "nielsen")]
    letter = text(fields, "depth").strip()
    if not letter or letter.isdecimal() or letter == model.depth_symbol:
        return found
    taken = {*model.names, *model.functions, model.symbol, *model.letters}
    if letter in taken or not model.steps:
        what = "this model has no depth" if not model.steps else f"{letter} is something else in this model"
        raise ValuesError(f"the depth cannot be {letter}: {what}", todo="leave the depth empty, or take another letter")
    return replace(found, indices={**found.indices, model.depth_symbol: letter})


def _one_of(fields: Fields, name: str, known: Collection[str]) -> str | None:
    """Return one of the known words, None where it is left to symgrad."""
    return choice(fields, name, known, "") if fields.get(name) else None


def _depth(fields: Fields) -> int | None:
    """Return the depth as a number; None for a letter."""
    depth = text(fields, "depth").strip()
    if not depth or LETTER.fullmatch(depth):
        return None
    if not (depth.isascii() and depth.isdecimal() and len(depth) < 10 and int(depth) >= 1):
        raise ValuesError(f"the depth {depth!r} is neither a letter nor a number of layers", todo="write L, or 4")
    if int(depth) > DEEPEST:
        raise TooLarge(f"a depth of {int(depth):,}; at most {DEEPEST} is written out here", todo="leave it a letter")
    return int(depth)
