"""Whether a claim is a bound, a derivative, or about a recorded function: what judges it is loaded only then."""

from __future__ import annotations

from collections.abc import Callable

from symgrad.audit.case import Case
from symgrad.audit.chance.said.record import LAW
from symgrad.audit.chance.said.stated import DENSITY
from symgrad.audit.finding import Judgement
from symgrad.reading.known import is_activation
from symgrad.reading.tree import Apply, Big, Derivative, Node, Symbol, Tuple, Unknown, symbols, walk


def bound(case: Case) -> Judgement | None:
    """Judge an inequality; None for any other relation."""
    if case.relation not in ("<", "≤", ">", "≥"):
        return None
    from symgrad.audit.checks.formula import bound as bounds

    return bounds.bound(case)


def matrix(case: Case) -> Judgement | None:
    """Judge the derivative of a form of vectors and matrices; None for any other claim."""
    match case.left:
        case Derivative() | Unknown("∇"):
            from symgrad.audit.checks.formula import matrix as forms

            return forms.matrix(case)
    return None


def matrix_letters(case: Case) -> Judgement | None:
    """Judge an equation between matrices; None where nothing is transposed, inverted or a determinant."""
    if case.relation != "=" or not any(map(_is_of_matrices, (n for side in case.nodes[-2:] for n in walk(side)))):
        return None
    from symgrad.audit.checks.formula import matrix_letters as letters

    return letters.matrix_letters(case)


def _is_of_matrices(n: Node) -> bool:
    """Tell whether a node is a transpose, a determinant, a trace, or the inverse of a product."""
    match n:
        case Apply("transpose") | Unknown("\\det" | "\\tr") | Apply("^", (Apply("*", _), Apply("neg"))):
            return True
    return False


def given_values(case: Case) -> Judgement | None:
    """Judge an equation with what is given above of its letters; None for any other relation."""
    if case.relation not in ("=", "≈") or case.closed:
        return None
    if not (case.passage.given or case.passage.definitions or _has_more(case)):
        return None
    from symgrad.audit.checks.formula import given

    return given.given_values(case)


def _has_more(case: Case) -> bool:
    """Tell whether its formula, or its sentence, holds more than a claim."""
    if case.number or case.known or len(case.passage.sentence.parts) > 1 or Big in case.types:
        return True
    return _has(case, lambda n: isinstance(n, Symbol) and n.name.startswith("hat "))


def recorded(case: Case) -> Judgement | None:
    """Judge an equation in which an activation stands; None for any other claim."""
    if case.relation not in ("=", "≈"):
        return None
    if not any(isinstance(n, Apply) and is_activation(n.name) for side in case.nodes[-2:] for n in walk(side)):
        return None
    from symgrad.audit.checks.formula import recorded as records

    return records.recorded(case)


def taylor(case: Case) -> Judgement | None:
    """Judge a series by its first terms; None where no dots stand in the claim."""
    if Unknown not in case.types or not _has(case, lambda n: isinstance(n, Unknown) and n.name == "…"):
        return None
    from symgrad.audit.checks.formula import taylor as series

    return series.taylor(case)


def at_a_place(case: Case) -> Judgement | None:
    """Judge a derivative at numbers; None where the left side is no function or product of what is defined."""
    known = case.passage.definitions or case.known
    if not known or not (
        isinstance(case.left, Unknown) or (isinstance(case.left, Apply) and case.left.name in ("*", "at"))
    ):
        return None
    from symgrad.audit.checks.formula import place

    return place.at_a_place(case)


def by_cases(case: Case) -> Judgement | None:
    """Judge a claim of a function that is given by cases; None where none is."""
    texts = (case.passage.text, *(text for _, text in case.passage.definitions))
    densities = any(key == LAW and f"\t{DENSITY}\t" in value for key, value in case.passage.known)
    if not densities and not any("cases" in text or "array" in text for text in texts):
        return None
    from symgrad.audit.checks.formula import by_cases as pieces

    return pieces.by_cases(case)


def members(case: Case) -> Judgement | None:
    """Judge an equation about members of a sequence, a_{n+1}; None where no letter has an index."""
    if not case.passage.definitions or not any("_" in x for side in case.nodes[-2:] for x in symbols(side)):
        return None
    from symgrad.audit.checks.formula import sequence as sequences

    return sequences.sequence(case)


def means(case: Case) -> Judgement | None:
    """Judge an equation with the mean of what is summed; None where no bar, or no sum, stands in it."""
    if not any(x.startswith(("bar ", "overline ")) for side in case.nodes[-2:] for x in symbols(side)):
        return None
    from symgrad.audit.checks.formula import means as of_means

    return of_means.means(case)


def both_signs(case: Case) -> Judgement | None:
    """Judge two identities at once; None where ± does not stand in both sides."""
    if Unknown not in case.types or not _has(case, lambda n: isinstance(n, Unknown) and n.name == "±"):
        return None
    from symgrad.audit.checks.formula import both_signs as signs

    return signs.both_signs(case)


def arrays(case: Case) -> Judgement | None:
    """Judge an equation of printed matrices; None where the left side has none."""
    if Tuple not in case.types or not any(isinstance(n, Tuple) for n in walk(case.left)):
        return None
    from symgrad.audit.checks.formula import arrays as matrices

    return matrices.arrays(case)


def inner_product(case: Case) -> Judgement | None:
    """Judge an equation between inner products; None where there is no transpose, norm or bracket."""
    if not _has(case, lambda n: isinstance(n, Tuple) or (isinstance(n, Apply) and n.name in ("transpose", "norm2"))):
        return None
    from symgrad.audit.checks.formula import inner

    return inner.inner_product(case)


def imaginary(case: Case) -> Judgement | None:
    """Judge an equation between complex numbers; None where neither i nor j stands in it."""
    if not {"i", "j"} & (symbols(case.left) | symbols(case.right)):
        return None
    from symgrad.audit.checks.formula import imaginary as complex_numbers

    return complex_numbers.imaginary(case)


def _has(case: Case, is_so: Callable[[Node], bool]) -> bool:
    return any(is_so(n) for side in case.nodes[-2:] for n in walk(side))
