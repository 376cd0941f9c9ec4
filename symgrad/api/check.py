"""An author's own array beside the derivative that it is meant to be: equal, or what it is instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from symgrad.arithmetic import arithmetic
from symgrad.calculus.layout_name import check_layout
from symgrad.errors import ValuesError
from symgrad.evidence.slips import kinds
from symgrad.evidence.slips.precision import FORMATS, Entries, Precision
from symgrad.evidence.slips.search import DIGITS, MOST_NAMES, Search
from symgrad.evidence.slips.sweep import Asked, Parts
from symgrad.evidence.verdict import Verdict
from symgrad.network.network import Network

COARSER = FORMATS["float32"]
"""In which numbers of float64 may have been computed on the way."""


@dataclass(frozen=True)
class GradientCheck:
    """What is to be said of an array: how many entries agree, and the slips with which one gets just this array.

    verdict: SAMPLED where it is the derivative at these values, as far as its precision shows it; REFUTED where it is
    not; UNKNOWN where rounding hides it, or is worse than the format explains.
    """

    of: str
    wrt: str
    entries: Entries
    verdict: Verdict
    slips: tuple[str, ...] = ()
    precision: Precision = FORMATS["float64"]
    searches: tuple[Search, ...] = field(default=(), repr=False, compare=False)
    turned: bool = field(default=False, repr=False, compare=False)

    def named(self, most: int = MOST_NAMES) -> tuple[str, ...]:
        """Look for the slips with which one gets just this array; none where it is right."""
        if self.turned and self.searches[0].right().agrees:
            return (kinds.TRANSPOSED,)
        found = next(filter(None, (s.named(most) for s in self.searches)), ())
        if not self.turned:
            return found
        return tuple(f"{kinds.TRANSPOSED}; and {told}" for told in found) or (kinds.TRANSPOSED,)

    def __bool__(self) -> bool:
        return self.verdict.passes

    @property
    def reason(self) -> str:
        """What is said beside the verdict."""
        e, name = self.entries, f"∂{self.of}/∂{self.wrt}"
        if self.verdict is Verdict.SAMPLED:
            lost = f", {e.lost:,} of them within the rounding of their terms alone" if e.lost else ""
            return f"it is {name} at these values: all {e.count:,} entries agree, relative to each{lost}"
        if self.verdict is Verdict.UNKNOWN and self.precision is COARSER and e.wrong + e.undecided:
            return f"all {e.count:,} entries agree as far as {COARSER.name} goes, and no further"
        if self.verdict is Verdict.UNKNOWN and not e.undecided:
            return f"the rounding of {self.precision.name} hides {e.lost:,} of {e.count:,} entries"
        if self.verdict is Verdict.UNKNOWN:
            return (
                f"{e.undecided:,} of {e.count:,} entries are off by more than the rounding of {self.precision.name} "
                "explains, and by less than half of its digits"
            )
        return f"it is not {name}: {e.wrong + e.undecided:,} of {e.count:,} entries differ"

    def __str__(self) -> str:
        e = self.entries
        lines = [f"{self.verdict}  {self.reason}"]
        if e.given is not None and e.right is not None:
            shown = (x.str(12, radius=False) for x in (e.given, e.right))
            lines.append("  {} is {}, and should be {}".format(e.worst, *shown))
        if self.slips:
            lines += [f"  {'or: ' if n else ''}{told}" for n, told in enumerate(self.slips)]
        elif self.verdict is Verdict.REFUTED:
            lines.append("  it is none of the slips that are known by name")
        return "\n".join(lines)

    def record(self) -> dict[str, Any]:
        """Return it as plain data, for JSON."""
        e = self.entries
        return {
            "of": self.of,
            "wrt": self.wrt,
            "verdict": str(self.verdict),
            "reason": self.reason,
            "slips": list(self.slips),
            "entries": e.count,
            "differ": e.wrong + e.undecided,
            "first": None
            if e.given is None or e.right is None
            else {"entry": e.worst, "given": e.given.str(20, radius=False), "right": e.right.str(20, radius=False)},
            "precision": self.precision.name,
        }


def check_gradient(
    network: Network,
    of: str,
    wrt: str,
    values: Mapping[str, Any],
    gradient: Any,
    depth: int | None = None,
    layout: str = "numerator",
    precision: Precision | None = None,
    slips: int = MOST_NAMES,
) -> GradientCheck:
    """Judge an array that is meant to be ∂of/∂wrt at these values. ``Model.check`` is its public name.

    slips: how many are named at most.
    """
    asked = Asked(network, of, wrt, values, depth, check_layout(layout))
    sharp = asked.right("ball", DIGITS)
    found = _judged(
        Search(asked, _as_parts(gradient, sharp, wrt.replace(" ", "")), precision or _precision(gradient)), sharp
    )
    if found.verdict is Verdict.SAMPLED or not slips or not found.searches:
        return found
    named = found.named(slips)
    return replace(found, slips=named, verdict=Verdict.REFUTED if named else found.verdict)


def _judged(search: Search, sharp: Parts) -> GradientCheck:
    of, wrt = search.asked.of, search.asked.wrt
    if (turned := _turned(search.given, sharp)) is not None:
        inner = replace(search, given=turned)
        entries = inner.right()
        told = Entries(entries.count, wrong=entries.count)
        return GradientCheck(of, wrt, told, Verdict.REFUTED, (), search.precision, (inner,), True)
    entries = search.right()
    if entries.agrees:
        return GradientCheck(of, wrt, entries, Verdict.SAMPLED, (), search.precision)
    if not (entries.wrong or entries.undecided):
        return GradientCheck(of, wrt, entries, Verdict.UNKNOWN, (), search.precision)
    rounded = search.right_by_outputs()
    if not (rounded.wrong or rounded.undecided):
        seen = rounded.agrees and not rounded.lost
        return GradientCheck(of, wrt, rounded, Verdict.SAMPLED if seen else Verdict.UNKNOWN, (), search.precision)
    searches: tuple[Search, ...] = (search,)
    if search.precision.bits > COARSER.bits:
        coarse = replace(search, precision=COARSER)
        if coarse.right().agrees:
            return GradientCheck(of, wrt, entries, Verdict.UNKNOWN, (), COARSER, searches)
        searches = (search, coarse)
    verdict = Verdict.REFUTED if entries.wrong else Verdict.UNKNOWN
    return GradientCheck(of, wrt, entries, verdict, (), search.precision, searches)


def _precision(gradient: Any) -> Precision:
    if isinstance(gradient, Mapping):
        gradient = list(gradient.values())
    arrays = gradient if isinstance(gradient, list | tuple) else [gradient]
    known = [x for x in arrays if isinstance(x, np.ndarray | np.generic) and x.dtype.name in FORMATS]
    found = min((FORMATS[x.dtype.name] for x in known), key=lambda p: p.bits, default=FORMATS["float64"])
    if found.name == "float64" and len(known) == len(arrays) and all(map(_fits_float32, known)):
        return FORMATS["float32"]
    return found


def _fits_float32(x: Any) -> bool:
    """Tell whether numbers in float64 were computed in float32: none of those that are not whole has more bits."""
    with np.errstate(all="ignore"):
        fractions = x[(x != np.round(x)) & (x * 4 != np.round(x * 4))]
        return fractions.size > 1 and bool((fractions.astype(np.float32) == fractions).all())


def _as_parts(gradient: Any, like: Parts, wrt: str) -> Parts:
    """Return an array as balls, cut into the layers of the derivative; raises ValuesError where its shape is none."""
    A = arithmetic("ball", DIGITS)
    names = list(like)
    if isinstance(gradient, Mapping):
        if unknown := [name for name in gradient if name not in like]:
            raise ValuesError(f"the gradient has an array for {unknown[0]}", todo=f"name them {', '.join(names[:4])}")
        if missing := [name for name in names if name not in gradient]:
            raise ValuesError(f"the gradient has no array for {missing[0]}", todo="give one for each layer")
        pieces = [gradient[name] for name in names]
    elif names == [wrt] or (len(names) == 1 and "[" not in names[0]):
        pieces = [gradient]
    else:
        if not isinstance(gradient, list | tuple | np.ndarray) or len(gradient) != len(names):
            found = f"{len(gradient)} entries" if isinstance(gradient, list | tuple | np.ndarray) else "a number"
            raise ValuesError(
                f"the first axis of the gradient has {found}, and there are {len(names)} layers",
                todo=f"give an array or a list with one entry for each of {names[0]}, ..., {names[-1]}",
            )
        pieces = list(gradient)
    with A.working():
        return {name: _balls(A, name, x, like[name]) for name, x in zip(names, pieces, strict=True)}


def _balls(A: Any, name: str, x: Any, like: Any) -> Any:
    shape = np.shape(like)
    try:
        own = np.shape(np.array(x, dtype=object))
    except ValueError:
        raise ValuesError(f"the gradient by {name} has rows of different lengths", todo="give an array") from None
    if own not in (shape, shape[::-1]):
        raise ValuesError(
            f"the gradient by {name} has the shape {_shown(own)}, and {_shown(shape)} is expected",
            todo=f"give an array of the shape {_shown(shape)}",
        )
    try:
        return A.array(x, own)
    except ValuesError as error:
        raise ValuesError(f"the gradient by {name} cannot be read: {error.what}", todo=error.todo) from None


def _shown(shape: tuple[int, ...]) -> str:
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


def _turned(given: Parts, like: Parts) -> Parts | None:
    """Return the arrays the other way round, where they have the shape of the transposed derivative alone."""
    if all(np.shape(given[name]) == np.shape(x) for name, x in like.items()):
        return None
    turned = {name: x.T if np.ndim(x) else x for name, x in given.items()}
    if any(np.shape(turned[name]) != np.shape(x) for name, x in like.items()):
        name = next(name for name, x in like.items() if np.shape(given[name]) != np.shape(x))
        raise ValuesError(
            f"the gradient by {name} has the shape {_shown(np.shape(given[name]))}, and not all are turned",
            todo="give each layer in its own shape",
        )
    return turned
