"""From a document to its passages: every formula, where it stands, the words before it, and what is said of it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from symgrad.audit.finding import Passage, Place
from symgrad.audit.source.blocks import Blocks, CodeBlock
from symgrad.audit.source.code.arithmetic_code import Known
from symgrad.audit.source.code.functions import functions
from symgrad.audit.source.code.program import OUTPUT, PYTHON, program
from symgrad.audit.source.delimiters import delimited
from symgrad.audit.source.document import Excerpt, Source, blanked
from symgrad.audit.source.format import Format, format_of
from symgrad.audit.source.macros import COMMON, Macro, expanded, macros
from symgrad.audit.source.markup.read import blocks_of
from symgrad.audit.source.peaks import peaks
from symgrad.audit.source.plain import plain
from symgrad.audit.source.sentences import sentences
from symgrad.audit.source.table import tables, tabulars
from symgrad.audit.torn import JOINT
from symgrad.audit.words.context import ALGEBRA, MANY, OTHER
from symgrad.audit.words.marks import AuthorMark, Marks, read_mark
from symgrad.audit.words.meaning import unnamed
from symgrad.audit.words.options import chosen_from
from symgrad.audit.words.sentence import Sentence

BEFORE = 240
"""Characters before a formula that are kept as its words."""

AFTER = 200
"""Characters after a formula in which its domain may be stated."""

LONGEST_PARAGRAPH = 200
"""Lines for which one mark speaks."""

KINDS = {"inline": "math", "display": "math", "table": "math", "code": "math", "plain": "text", "function": "function"}
_AFTER = re.compile(r"^(?:[\s$`\\)\]]|</?\w+[^<>]{0,80}>)+")
_CHAPTER = re.compile(r"^#{1,2} |\\(?:chapter|section)\b\*?\{", re.MULTILINE)
_NETWORK = re.compile(r"^[ \t]*\w+\[\w\][ \t]*=", re.MULTILINE)
"""An equation of a network, z[j] = ..."""
_LAYOUT = re.compile(r"\b(?:in|the) (numerator|denominator) layout\b")
_LAYOUT_TOLD = re.compile("Layout: ")
_NEAR_LAYOUT = re.compile(r"\bLayout: (numerator|denominator)\.\s*(?:\$\$|\\begin\{align\*?\}|\\\[|<[^>]*>|\s)*\Z")
_ACTIVATION = re.compile(
    r"\b(?:logistic|sigmoid(?:al)?|tanh|hyperbolic tangent|ReLUs?|rectifie[rd]|softplus|GELU|activations?|"
    r"non-?linearit(?:y|ies))\b(?!['(])",
    re.IGNORECASE,
)
NAMES = {"logi": "logistic", "sigm": "logistic", "tanh": "tanh", "hype": "tanh", "acti": "any", "non-": "any"}
NAMES |= {"nonl": "any"}
"""What a word that begins so says of σ; any other names another function."""
NEAR_SUBJECT = 2_000
"""Characters before a formula in which words of another mathematics count."""
NEAR_DISPLAY = 60
DELIMITED = ("inline", "display")
_RELATION_FIRST = re.compile(r"(?:\s|\\q?quad(?![a-z])|\\[,;: ]|&)*(?:=|\\approx\b|≈|\\leq?\b|\\geq?\b)")
_MARKUP = re.compile(r"\$\$?|\\[()\[\]]|\\\\|<br\s*/?>|</?p>|\n[ \t]*>|\\(?:begin|end)\{[a-z]+\*?\}")
REACH = 20_000
"""Characters before a formula in which the words of its chapter are read."""
_COMMENT = re.compile(r"#([^\n]*)")
CHAINS = "irreducible"
"""A word of algebra that is said of Markov chains."""


NO_COMMANDS: Mapping[str, Macro] = {}


def passages(name: str, text: str, commands: Mapping[str, Macro] = NO_COMMANDS) -> Iterator[Passage]:
    """Yield the passages of a file, in the order of their places; its format is that of its name.

    commands: what files beside it define; its own definitions come before them.

    Raises UnknownName for a name or a mark that is not known, ReadError for a notebook that is none.

    >>> [p] = passages("notes.md", "It is\\n  $1.5^2 = 2.25$.")
    >>> print(p.place, p.place.column, p.text, repr(p.before))
    notes.md:2 4 1.5^2 = 2.25 'It is\\n  '
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    format_ = format_of(name)
    known_commands: dict[str, Macro] = {**COMMON, **commands}
    if format_ is not Format.NOTEBOOK:
        document = Source(name, text)
        yield from _written_out(_passages(document, blocks_of(format_, text)), {**COMMON, **commands, **macros(text)})
        return
    known: Known = {}
    from symgrad.audit.source.notebook import cells

    for document, kind, output in cells(name, text):
        if kind == "markdown":
            known_commands |= macros(document.text)
            yield from _written_out(_passages(document, blocks_of(Format.MARKDOWN, document.text)), known_commands)
        else:
            size = output.start if output else len(document.text)
            language = "python" if kind == "code" else "other"
            blocks = Blocks(" " * len(document.text), listings=[CodeBlock(0, document.text[:size], language)])
            yield from _passages(document, blocks, output, known)


def _written_out(found: Iterator[Passage], known: Mapping[str, Macro]) -> Iterator[Passage]:
    """Yield passages with the commands put in that the text defines for itself, and those that many texts use."""
    for passage in found:
        text = expanded(passage.text, known) if "\\" in passage.text else passage.text
        yield passage if text == passage.text else replace(passage, text=text)


def _passages(
    document: Source, blocks: Blocks, output: CodeBlock | None = None, known: Known | None = None
) -> Iterator[Passage]:
    marks = Marks(_marks(document, blocks))
    roles = dict(blocks.roles)
    found = list(_continued(sorted(_formulas(document, blocks, output, known), key=lambda f: f.start), document.text))
    words = blocks.text if blocks.spread else document.text
    together = sentences(found, blocks.text)
    chapters = [heading.start() for heading in _CHAPTER.finditer(blocks.text)]
    spoken = _Spoken(blocks.text)
    networks = [listing for listing in blocks.listings if _NETWORK.search(listing.text)]
    last = ("", -1)
    for formula in found:
        if (formula.text, formula.start) == last:
            continue
        last = formula.text, formula.start
        line, column = document.position(formula.start)
        said = marks.at(line)
        mark = roles.get(formula.start, said.mark)
        notes = [("assume", a) for a in said.assumptions] + ([("model", said.model)] if said.model else [])
        notes += [("listing", equations) for equations in _listing(networks, chapters, formula.start)]
        begin = _begin(chapters, formula.start)
        notes += spoken.before(begin, formula.start)
        sentence, at = together.get((formula.start, formula.end), (Sentence(), 0))
        yield Passage(
            text=formula.text,
            place=Place(document.name, line, column, document.cell or 0),
            kind=KINDS[formula.kind],
            before=words[max(formula.start - BEFORE, 0) : formula.start].removesuffix("$"),
            mark=mark,
            after=_AFTER.sub("", words[formula.end : formula.end + AFTER]),
            known=tuple(notes),
            sentence=sentence,
            at=at,
            chapter=bisect_right(chapters, formula.start),
            composed=formula.kind == "table",
        )


def _continued(formulas: Iterable[Excerpt], text: str) -> Iterator[Excerpt]:
    """Yield formulas; one that begins with a relation is put together with the one right before it, of its kind."""
    last: Excerpt | None = None
    for formula in formulas:
        if last is not None and last.kind == formula.kind in DELIMITED and _goes_on(last, formula, text):
            between = re.sub(r"\S", " ", text[last.end : formula.start]).replace(" ", JOINT, 1)
            last = Excerpt(last.start, formula.end, f"{last.text}{between}{formula.text}", last.kind)
            continue
        if last is not None:
            yield last
        last = formula
    if last is not None:
        yield last


def _goes_on(one: Excerpt, other: Excerpt, text: str) -> bool:
    between = text[one.end : other.start] if 0 <= other.start - one.end <= NEAR_DISPLAY else "words"
    sign = _RELATION_FIRST.match(other.text)
    goes_on = sign is not None and other.text[sign.end() :].strip() != ""  # what stands behind a sign alone is in words
    return goes_on and not _MARKUP.sub("", between).strip()


def _begin(chapters: Sequence[int], at: int) -> int:
    """Return where the chapter of a place begins."""
    return chapters[bisect_right(chapters, at) - 1] if chapters and chapters[0] <= at else 0


class _Spoken:
    """What the words of a text say up to a place, in its chapter; the text is searched once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._layouts = list(_LAYOUT.finditer(text))
        self._told = list(_LAYOUT_TOLD.finditer(text))
        self._named = list(_ACTIVATION.finditer(text))
        self._subjects = list(OTHER.finditer(text))
        chains = "Markov" in text  # which are irreducible too
        algebra = [m[0] for m in islice(ALGEBRA.finditer(text), LONGEST_PARAGRAPH) if not (chains and m[0] == CHAINS)]
        algebra = algebra[:MANY]
        self._algebra = algebra[-1] if len(algebra) == MANY else ""
        self._unnamed = unnamed(text)
        self._options = chosen_from(text)

    def before(self, begin: int, end: int) -> Iterator[tuple[str, str]]:
        """Yield the layout, which functions are named, the last of them last, and another mathematics nearby."""
        from_ = max(begin, end - BEFORE)
        near = _NEAR_LAYOUT.search(self._text, from_, end) if _between(self._told, from_, end) else None
        layouts = _between(self._layouts, max(begin, end - REACH), end)
        if near or layouts:
            yield "layout", near[1] if near else layouts[-1][1]
        named = _between(self._named, max(begin, end - REACH), end)
        if named:
            kinds = [NAMES.get(n[0].lower()[:4], "other") for n in named]
            around = [NAMES.get(n[0].lower()[:4], "other") for n in _between(named, end - BEFORE, end)]
            nearest = [kind for kind in around if kind != "any"][-1:]
            yield "functions", " ".join(nearest or sorted(set(kinds)))
            yield from (("sigma", kind) for kind in [k for k in kinds if k in ("logistic", "tanh")][-1:])
        if self._algebra:
            yield "algebra", self._algebra
        if any(first <= end <= last for first, last in self._options):
            yield "list", "options"
        if self._unnamed:
            yield "unnamed", self._unnamed
        subjects = _between(self._subjects, max(begin, end - NEAR_SUBJECT), end)
        if subjects:
            yield "subject", subjects[-1][0]


def _between(found: Sequence[re.Match[str]], begin: int, end: int) -> Sequence[re.Match[str]]:
    if not found:
        return found
    first = bisect_left(found, begin, key=lambda m: m.start())
    return found[first : bisect_left(found, end, lo=first, key=lambda m: m.end())]


def _listing(networks: Sequence[CodeBlock], chapters: Sequence[int], at: int) -> Iterator[str]:
    """Yield the listing of a network that stands in the chapter of a formula, before it."""
    begin = _begin(chapters, at)
    last = bisect_right([listing.start for listing in networks], at)
    if last and networks[last - 1].start >= begin:
        yield networks[last - 1].text


def _formulas(document: Source, blocks: Blocks, output: CodeBlock | None, known: Known | None) -> Iterator[Excerpt]:
    """Yield every formula: between delimiters, in tables, without delimiters, and in listings."""
    yield from blocks.formulas
    between = [] if blocks.spread else list(delimited(blocks.text, blocks.tex))
    yield from between
    if not blocks.spread:
        yield from tabulars(blocks.text) if blocks.tex else tables(document.text, blocks.text)
    words = blanked(blocks.text, [(f.start - 1, f.end + 1) for f in between or blocks.formulas], "ξ")
    yield from plain(words)
    if not blocks.spread:
        yield from peaks(blocks.text)
    for start, end in blocks.spoken:
        yield from _moved(plain(document.text[start:end]), start)
    yield from _listed(blocks.listings, output, known)


def _listed(listings: Sequence[CodeBlock], output: CodeBlock | None, known: Known | None) -> Iterator[Excerpt]:
    """Yield the formulas of listings; a block that follows another may hold its output."""
    for n, listing in enumerate(listings):
        yield from functions(listing)
        below = output or (listings[n + 1] if n + 1 < len(listings) else None)
        if listing.language in PYTHON:
            yield from program(listing, below, known)
        if listing.language in OUTPUT:
            yield from _moved(plain(listing.text), listing.start)
        else:
            for comment in _COMMENT.finditer(listing.text):
                yield from _moved(plain(comment[1]), listing.start + comment.start(1))


def _moved(formulas: Iterator[Excerpt], by: int) -> Iterator[Excerpt]:
    return (Excerpt(f.start + by, f.end + by, f.text, f.kind) for f in formulas)


def _marks(document: Source, blocks: Blocks) -> Iterator[AuthorMark]:
    """Yield the marks among the comments; one that stands alone in its line speaks for the paragraph below it."""
    if not blocks.comments:
        return
    blank = [n for n in range(1, len(document.starts) + 1) if not document.line_text(n).strip()]
    for offset, words in blocks.comments:
        first, _ = document.position(offset)
        read = read_mark(words, f"{document.name}, line {first}")
        if read:
            start = document.starts[first - 1]
            alone = not blocks.text[start : start + len(document.line_text(first))].strip()
            yield AuthorMark(*read, first, _paragraph_end(blank, first + words.count("\n")) if alone else first)


def _paragraph_end(blank: Sequence[int], line: int) -> int:
    """Return the last line of the paragraph below a line; ``blank``: the numbers of all blank lines."""
    n = bisect_right(blank, line)
    last = line
    while n < len(blank) and blank[n] == last + 1 and last - line < LONGEST_PARAGRAPH:
        last, n = last + 1, n + 1
    return min(blank[n] - 1 if n < len(blank) else last + LONGEST_PARAGRAPH, last + LONGEST_PARAGRAPH)
