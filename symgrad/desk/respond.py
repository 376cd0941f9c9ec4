"""A request, answered: the page of a derivative, or a number, in the format of a document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from symgrad.desk.answer import Answer, answer
from symgrad.desk.cache import Cache
from symgrad.desk.question import Question
from symgrad.desk.request import Derivative, Figure, Number, whole
from symgrad.errors import ReadError, SymgradError
from symgrad.export.page_options import PageOptions

if TYPE_CHECKING:
    from symgrad.numbers.magnitude.magnitude import Magnitude

SECONDS = 60.0


class NotPassed(SymgradError):  # noqa: N818
    """An answer that was refuted, or could not be decided: it is not printed."""


@dataclass(frozen=True)
class Place:
    """Where a document stands, and what it may read: its own folder, from which paths start, and the root above.

    used: the files that were read, which a build has to look at again. equations: by name those that the document
    holds itself.
    """

    folder: Path
    root: Path
    cache: Cache | None = None
    equations: Mapping[str, str] = field(default_factory=dict)
    used: dict[Path, None] = field(default_factory=dict)

    def file(self, name: str) -> Path:
        """Return the path of a file that the document names. Raises ReadError where it lies outside of the root."""
        try:
            path = (self.folder / name).resolve()
            inside = path.is_relative_to(self.root.resolve())
        except (OSError, ValueError):
            raise ReadError(f"cannot read {name!r}", todo="give the path of a file") from None
        if not inside:
            raise ReadError(
                f"{name} lies outside of {self.root}, and is not read",
                todo="keep what documents read below one folder, and name it as the root",
            )
        self.used[path] = None
        return path


def respond(request: Derivative, place: Place, usual: PageOptions) -> Answer:
    """Return the answer to a request for a derivative. usual: what is taken where the request says nothing.

    Raises NotPassed where it is not known to be true, and as ``answer``.
    """
    text, name = equations_of(request.model, place)
    question = Question(
        text,
        str(request.once("of")),
        request.options.get("wrt", ()),
        name,
        whole(request, "depth"),
        request.once("activation"),
        request.once("cost"),
        pairs(request, "function"),
        request.options.get("let", ()),
        request.once("layout"),
        request.once("form"),
        request.once("detail"),
    )
    notation = request.once("notation")
    if notation is not None and notation.endswith(".toml"):
        notation = str(place.file(notation))
    page = PageOptions(
        notation or usual.notation,
        usual.format,
        request.once("only", usual.only),
        request.once("label") or "",
        request.once("env", usual.env),
        request.once("labels", usual.labels),
        signs=usual.signs,
    )
    found = answer(
        question,
        page,
        seed=whole(request, "seed") or 0,
        digits=whole(request, "precision") or 60,
        timeout=float(whole(request, "timeout") or SECONDS),
        comment=False,
        cache=place.cache,
    )
    if not found.passes:
        raise NotPassed(found.failure, todo="correct the equations or the question: nothing is written")
    return replace(found, notes=tuple(n for n in found.notes if not n.startswith("not written: ")))


def number_text(request: Number, scientific: Callable[[str, int], str]) -> str:
    """Return a number in so many digits. scientific: how a mantissa and an exponent are written.

    >>> number_text(Number("power", ("1.5", "149"), 3), lambda m, e: f"{m}e{e}")
    '1.73e26'
    >>> number_text(Number("value", ("sqrt(2)",), 5), lambda m, e: f"{m}e{e}")
    '1.4142'
    >>> number_text(Number("power", ("1.5", "2"), 5), lambda m, e: f"{m}e{e}")
    '2.25'
    """
    from symgrad.deadline import bounded
    from symgrad.numbers.magnitude.magnitude import check_digits

    check_digits(request.digits)
    with bounded(SECONDS):
        if request.kind == "power":
            from symgrad.numbers.magnitude.power import read_power

            return _written(read_power(*request.arguments).magnitude, request.digits, scientific)
        from symgrad.numbers.magnitude.value import evaluate

        found = evaluate(request.arguments[0], dict(request.at), request.digits)
        if found.at_kink:
            raise NotPassed(f"{found.formula} is taken at a kink", todo="choose another point")
        if found.opinion is not None and not found.opinion.agrees:
            raise NotPassed(f"mpmath does not agree on {found.formula}: {found.opinion.value}", todo="report it")
        return _written(found.magnitude, request.digits, scientific)


def _written(value: Magnitude, digits: int, scientific: Callable[[str, int], str]) -> str:
    """Write a number: as it is, where it is a decimal of no more digits than are asked for, else rounded to them."""
    shown = value.to(digits)
    if value.exact is not None and "." in shown and "e" not in shown and Fraction(shown) == value.exact:
        return shown.rstrip("0").rstrip(".")
    known = value.rounded(digits)
    if value.sign and (known is None or known[2] < digits):
        raise NotPassed(f"not so many digits are known: {value.to(digits)}", todo="ask for fewer digits")
    return value.written(digits, scientific)


def equations_of(name: str, place: Place) -> tuple[str, str]:
    """Return the equations that a request names, or the name of a built-in model; and what messages call them."""
    from symgrad.network.built_in import builtin_names
    from symgrad.network.read import file_text

    if name in place.equations:
        return place.equations[name], name
    if name in builtin_names():
        return name, name
    path = place.file(name)
    return file_text(path), path.name


def pairs(request: Derivative | Figure, option: str) -> tuple[tuple[str, str], ...]:
    """Return what an option says of names, as function=sigma=tanh or at=w=1/2. Raises SymgradError for another."""
    found = []
    for text in request.options.get(option, ()):
        name, sign, value = (part.strip() for part in text.partition("="))
        if not (sign and name and value):
            example = "function=sigma=tanh" if option == "function" else f"{option}=w=1/2"
            raise SymgradError(f"{option}={text} says nothing of a name", todo=f"write {example}")
        found.append((name, value))
    return tuple(found)
