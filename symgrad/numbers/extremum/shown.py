"""How an extremum is shown: what is proved of it in words, as HTML and LaTeX for a notebook, as rows of a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from symgrad.numbers.notebook import fold, latex_words, table

if TYPE_CHECKING:
    from symgrad.numbers.extremum.candidate import Candidate
    from symgrad.numbers.extremum.extremum import Extremum

PLACES = ("stationary", "kink", "jump", "end")
"""The kinds of points that are places, and not limits."""


def proof(m: Extremum) -> str:
    """Return what is proved of an extremum, in words."""
    method = f"branch and bound, {m.survey.boxes} box{'es' if m.survey.boxes != 1 else ''}"
    tails = [str(p.end) for p in m.survey.pieces if hasattr(p, "end")]
    method += f", {'tails' if len(tails) > 1 else 'tail'} at {' and '.join(tails)}" if tails else ""
    methods = {c.method for c in m.points if c.kind == "limit" and c.method not in ("", "tail", "value")}
    method += f", {' and '.join(sorted(methods))}" if methods else ""
    if not m.complete:
        return f"undecided: the time was over ({method})"
    if m.unbounded:
        return f"unbounded, by an expansion toward {m.survey.unbounded} ({method})"
    if m.value is None:
        return f"undecided: no bound was found ({method})"
    if m.attained is None:
        return f"global; whether it is attained is undecided ({method})"
    if m.attained is False:
        return f"global; not attained ({method})"
    if len(m.points) == 1 and m.unique is False:
        return f"global; attained on the whole plateau ({method})"
    alone = {
        True: "the only one",
        False: "attained more than once",
        None: "whether it is the only one is undecided",
    }
    return f"global; {alone[m.unique]} ({method})"


def extremum_html(m: Extremum) -> str:
    """Return the value, the places, and in a fold what is proved."""
    rows = [("value", m.value_text), *(("where", place) for place in m.where.split("; "))]
    state = "proved" if m.proved else "not proved"
    more = m.condition.lines() if m.proved and m.condition is not None else []
    caption = f"{m.kind} of {m.formula} over {m.domain}"
    return table(caption, (), rows) + fold(state, [m.proof, *more])


def extremum_latex(m: Extremum) -> str:
    """Return the value, and the place where there is one."""
    if m.value is None:
        return f"${latex_words(f'{m.kind}: {m.value_text}')}$"
    shown = f"{latex_words(f'{m.kind} ')}{m.value.latex(m.digits)}"
    if len(m.points) == 1 and m.points[0].kind in PLACES:
        name = m.variable if len(m.variable) == 1 else latex_words(m.variable)
        shown += rf" \text{{ at }} {name} = {m.at.latex(m.digits)}"
    return f"${shown}$"


def extremum_rows(m: Extremum) -> Iterator[dict[str, Any]]:
    """Yield a row for each place."""
    value = None if m.value is None else m.value.to(m.digits)
    for c in m.points or (None,):
        place, point = (None, None) if c is None else (_place(c, m.digits), c.kind)
        yield {
            "kind": m.kind,
            "variable": m.variable,
            "place": place,
            "point": point,
            "value": value,
            "proved": m.proved,
        }


def _place(c: Candidate, digits: int) -> str:
    """Return a place as digits; of what is no point, in which direction it lies."""
    return c.place_magnitude().to(digits) if c.kind in PLACES else (c.toward or c.kind)
