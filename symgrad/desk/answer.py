"""The one path from a question to an answer that is checked: command line, documents, notebooks and pages take it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from symgrad.deadline import bounded
from symgrad.desk.question import BACKWARD, STEPS, Question
from symgrad.desk.solve import check_notation, settled, solve
from symgrad.export.math import Comment, Document, Heading
from symgrad.export.notation import notation as find_notation
from symgrad.export.page_options import PageOptions, to_be_read, written

if TYPE_CHECKING:
    from symgrad.api.model import Model
    from symgrad.desk.cache import Cache
    from symgrad.evidence.evidence import Evidence

JSON = "json"


@dataclass(frozen=True)
class Answer:
    """What is printed of a question, and what shows that it is so.

    document: the page before any format. pages: by format what is printed, nothing where the evidence does not pass;
    of steps, what passes. record: plain data, where the format is JSON. evidence: None where nothing was checked.
    notes: what may have been meant otherwise. passes: whether all of it may be printed as true, or was to be printed
    unchecked. failure: what did not pass.
    """

    document: Document | None
    title: str
    pages: dict[str, str] = field(default_factory=dict)
    record: dict[str, Any] | None = None
    evidence: Evidence | None = None
    notes: tuple[str, ...] = ()
    failure: str = ""

    @property
    def passes(self) -> bool:
        """Whether nothing of it failed."""
        return not self.failure

    def kept(self) -> dict[str, Any]:
        """Return it as plain data, without its document.

        >>> found = answer(Question("chain", "C", ("b[1]",)), verify=False)
        >>> restored(found.kept()).pages == found.pages
        True
        """
        evidence = self.evidence
        return {
            "title": self.title,
            "pages": self.pages,
            "record": self.record,
            "notes": list(self.notes),
            "claim": None if evidence is None else evidence.claim,
            "checks": [] if evidence is None else [c.record() for c in evidence.checks],
        }


def restored(entry: dict[str, Any] | None) -> Answer | None:
    """Return the answer that was kept; None where there is none, or it is of other contents."""
    from symgrad.evidence.evidence import Check, Evidence
    from symgrad.evidence.verdict import Verdict

    if entry is None:
        return None
    try:
        evidence = None
        if entry["claim"] is not None:
            checks = (Check(**{**c, "verdict": Verdict[c["verdict"]]}) for c in entry["checks"])
            evidence = Evidence(str(entry["claim"]), tuple(checks))
            if not evidence.verdict.passes:
                return None
        pages = {str(name): str(page) for name, page in entry["pages"].items()}
        return Answer(None, str(entry["title"]), pages, entry["record"], evidence, tuple(map(str, entry["notes"])))
    except (KeyError, TypeError, AttributeError):
        return None


def answer(
    question: Question,
    page: PageOptions | None = None,
    *,
    verify: bool = True,
    seed: int = 0,
    digits: int = 60,
    timeout: float = 30.0,
    width: int | None = None,
    comment: bool = True,
    model: Model | None = None,
    cache: Cache | None = None,
) -> Answer:
    """Return the answer to a question, checked: the closed form and what is printed of it, read back from the page.

    width: columns to which text keeps. comment: the evidence stands in a comment of the page. model: the question's,
    where it has been read. cache: where answers are looked for and kept; one that was found has no ``document``.
    Raises as ``Model.derivative``, and TooLarge where it takes longer than the timeout.

    >>> found = answer(Question("rnn", "s[t]", ("s[k]",)), PageOptions(format="latex"), comment=False)
    >>> found.passes, str(found.evidence.verdict), found.notes
    (True, 'PROVED', ())
    >>> print(found.pages["latex"].splitlines()[1].strip())
    \\frac{\\partial s_{t}}{\\partial s_{k}} &= \\prod_{j=k+1}^{t} \\operatorname{diag}(\\sigma'(a_{j}))\\, W
    """
    page = page or PageOptions()
    page = replace(page, notation=find_notation(page.notation))
    asked = Asked(question, page, verify, seed, digits, width, comment)
    if cache is None:
        with bounded(timeout):
            return _answer(asked, model)
    key = asked.key()
    found = restored(cache.find(key))
    if found is None:
        with bounded(timeout):
            found = _answer(asked, model)
        if found.passes:
            cache.keep(key, found.kept())
    return found


@dataclass(frozen=True)
class Asked:
    """All that an answer depends on."""

    question: Question
    page: PageOptions
    verify: bool
    seed: int
    digits: int
    width: int | None
    comment: bool

    def key(self) -> str:
        """Return the digest of it, the equations of a built-in model included."""
        from symgrad.desk.cache import key_of

        return key_of({"asked": self})


def _answer(asked: Asked, model: Model | None) -> Answer:
    page, verify = asked.page, asked.verify
    model = model or asked.question.build()
    notation = find_notation(page.notation)
    question = settled(model, _asked_by(page, asked.question))
    check_notation(model, question, notation)
    if question.detail == STEPS:
        return _steps(model, replace(asked, question=question))
    solved = solve(model, question, notation)
    shown = to_be_read(solved.document, page, solved.title, asked.width)
    evidence = solved.verify(asked.seed, asked.digits, shown) if verify else None
    found = Answer(solved.document, solved.title, evidence=evidence, notes=solved.notes)
    if evidence is not None and not evidence.verdict.passes:
        found = replace(found, failure=str(evidence))
    if page.format == JSON:
        return _as_json(found, solved.record(evidence), page)
    if not found.passes:
        return found
    left_out = " ".join(page.left_out(solved.document))
    comment = asked.comment and (page.only is None or page.takes_comments)
    if left_out and not comment:
        found = replace(found, notes=(*found.notes, f"not written: {left_out}"))
    words = "\n".join(x for x in (left_out, str(evidence or "Not checked.")) if x)
    told = (Comment(words),) if comment else ()
    printed = written(replace(solved.document, parts=(*solved.document.parts, *told)), page, solved.title, asked.width)
    return replace(found, pages={page.format: printed})


def _asked_by(page: PageOptions, question: Question) -> Question:
    """Return a question with the form that its page is about: that of its steps, or of its backward equations."""
    if page.only == BACKWARD and question.form is None:
        return replace(question, form=BACKWARD)
    return replace(question, detail=STEPS) if page.only == STEPS and question.detail is None else question


def _steps(model: Model, asked: Asked) -> Answer:
    """Return every step; one that did not pass is named, and its formula left out."""
    from symgrad.evidence.evidence import Check, Evidence

    question, page = asked.question, asked.page
    notation, seed, digits = find_notation(page.notation), asked.seed, asked.digits
    derivation = model.derive(question.of, question.wrt[0], question.depth, question.layout or "numerator")
    evidence = None
    if asked.verify:
        from symgrad.api.printed.steps import formats_of, read_back

        derivation = read_back(derivation.checked(seed, digits), notation, formats_of(page.format), seed, digits)
        check = Check("steps", derivation.verdict, f"the least of {len(derivation.steps)}", seed=seed)
        evidence = Evidence(f"steps to ∂{question.of}/∂{question.wrt[0]} of {model.name}", (check,))
    wrong = [(n, s) for n, s in enumerate(derivation.steps, 1) if s.evidence and not s.evidence.verdict.passes]
    failure = f"{derivation.verdict}: step {wrong[0][0]} did not pass\n{wrong[0][1].evidence}" if wrong else ""
    document = derivation.document(notation, evidence=asked.comment and page.format != "text")
    if not asked.comment:  # it stands in a document of the author's, which has headings of its own
        document = replace(document, parts=tuple(p for p in document.parts if not isinstance(p, Heading)))
    found = Answer(document, "Derivation", {}, None, evidence, model.notes, failure)
    if page.format == JSON:
        from symgrad.export.stored import stored

        return _as_json(found, stored(derivation), page)
    return replace(found, pages={page.format: written(document, page, found.title, asked.width)})


def _as_json(found: Answer, record: dict[str, Any], page: PageOptions) -> Answer:
    """Return a record with the lines of its page; of what did not pass only the steps that did have any."""
    from symgrad.export.json import json_text, with_lines

    shown = found.document if found.passes or "steps" in record else None
    record = with_lines(record, page.selected(shown or Document(())))
    return replace(found, record=record, pages={JSON: json_text(record)})
