"""Listings of literal arithmetic with the output that the text prints; they are read, and never run."""

from __future__ import annotations

import ast
import re
import textwrap
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from symgrad.audit.source.blocks import CodeBlock, lines
from symgrad.audit.source.code.arithmetic_code import ClosedText, Known, closed, number, rounded
from symgrad.audit.source.code.template import NUMBER, Template, template
from symgrad.audit.source.document import Excerpt

LONGEST = 50_000
MOST_STATEMENTS = 2_000
PYTHON = frozenset({"", "python", "python3", "py", "pycon", "ipython", "ipython3", "code-cell"})
OUTPUT = frozenset({"", "text", "console", "output", "none", "plain", "plaintext"})
_HEAD = re.compile(r"\s*#\s*(?:the\s+)?(?:expected\s+)?(?:output|prints?|result)s?\s*:?\s*", re.IGNORECASE)
_SAID = re.compile(r"(?:≈|~=?|=>|->|→|=|approx\.?|output:|out:|gives)\s*", re.IGNORECASE)
_COMMENT = re.compile(r"[^\n#'\"]*(?:(?:'[^'\n]*'|\"[^\"\n]*\")[^\n#'\"]*)*#\s*")
_DOTS = re.compile(r"[\s#]*(?:\.{2,}|…|\[\.{2,}\]|<\.{2,}>|⋮)\s*")
_PROMPT = re.compile(r"(?:>>>|\.\.\.) ?|In \[\d*\]: ?")
Line = tuple[int, str]


@dataclass
class Run:
    """What a listing says: the values that are known, what it prints, and what each of its lines computes."""

    known: Known = field(default_factory=dict)
    printed: list[Template] = field(default_factory=list)
    ends: dict[int, ClosedText | Template] = field(default_factory=dict)
    left: int = MOST_STATEMENTS


def program(listing: CodeBlock, output: CodeBlock | None = None, known: Known | None = None) -> Iterator[Excerpt]:
    """Yield what a listing prints, with the formula that it computes; ``output``: the block below, if it holds that.

    ``known``: values of the cells before it, to which its own are added. What
    stands last is shown by a notebook, and counts as printed.

    >>> code = 'lam = 1.1\\nprint(f"scaled by {lam ** 150:.2e}")\\n# Output:\\n# scaled by 2.28e+06\\n'
    >>> [f.text for f in program(CodeBlock(0, code, "python"))]
    ['{1.1}^{150} \\\\approx 2.28 \\\\times 10^{6}']
    """
    if listing.language not in PYTHON or len(listing.text) > LONGEST:
        return
    code, shown = _session(listing) if ">>> " in listing.text else (listing.text, None)
    tree = parsed_code(code)
    if tree is None:
        (known if known is not None else {}).clear()  # it may have changed any of them
        return
    run = Run(known if known is not None else {})
    _follow(tree.body, run)
    last = tree.body[-1].end_lineno if tree.body else None
    if last is not None and isinstance(answer := run.ends.get(last), ClosedText):
        run.printed.append(Template((answer,)))
    rows = [(listing.start + start, listing.text[start:end]) for start, end in lines(listing.text)]
    if shown is not None:
        yield from _answers(rows, shown, run)
        return
    yield from _beside(rows, run)
    yield from _below(_output_lines(rows, output), run.printed)


def parsed_code(code: str) -> ast.Module | None:
    """Parse code, or return None: whatever it holds, that is all that is done with it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(textwrap.dedent(code))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _follow(body: Sequence[ast.stmt], run: Run) -> None:
    """Follow assignments and prints in order; what a branch or a function may change is no longer known."""
    rows = Counter(statement.lineno for statement in body)
    for statement in body:
        run.left -= 1
        if run.left < 0:
            run.known.clear()
            return
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                _assign(name, closed(value, run.known), run)
                _end(statement, run.known.get(name), run)
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)) if len(names) == len(values):
                found = [closed(value, run.known) for value in values]
                for target, value_found in zip(names, found, strict=True):
                    if isinstance(target, ast.Name):
                        _assign(target.id, value_found, run)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                _assign(name, closed(value, run.known), run)
            case ast.AugAssign(target=ast.Name(id=name) as target, op=op, value=value):
                _assign(name, closed(ast.BinOp(ast.Name(target.id), op, value), run.known), run)
            case ast.Expr(value=ast.Call(func=ast.Name(id="print")) as call):
                written = template(call, run.known)
                if written is not None:
                    run.printed.append(written)
                    _end(statement, written, run)
            case ast.Expr(value=ast.Call(func=ast.Name(id="exec"))):
                run.known.clear()
            case ast.Expr(value=value):
                _end(statement, closed(value, run.known) if rows[statement.lineno] == 1 else None, run)
            case ast.For(target=ast.Name(id=name), iter=over, body=inside, orelse=[]) if steps := _steps(over):
                for step in steps:
                    run.known[name] = ClosedText(step)
                    _follow(inside, run)
                run.ends = {row: end for row, end in run.ends.items() if not _within(row, statement)}
            case ast.Import() | ast.ImportFrom() | ast.Pass() | ast.Assert():
                pass
            case _:
                _forget(statement, run)


def _assign(name: str, value: ClosedText | None, run: Run) -> None:
    if value is None:
        run.known.pop(name, None)
    else:
        run.known[name] = value


def _end(statement: ast.stmt, what: ClosedText | Template | None, run: Run) -> None:
    if what is not None and statement.end_lineno is not None:
        run.ends[statement.end_lineno] = what


def _within(row: int, statement: ast.stmt) -> bool:
    return statement.lineno <= row <= (statement.end_lineno or row)


def _steps(over: ast.expr) -> list[str]:
    """Return the values of a loop over a range or a list of whole numbers and decimals; none for any other."""
    match over:
        case ast.Call(func=ast.Name(id="range"), args=arguments, keywords=[]) if 1 <= len(arguments) <= 3:
            bounds = [a.value for a in arguments if isinstance(a, ast.Constant) and type(a.value) is int]
            if len(bounds) == len(arguments) and all(abs(b) < 10**6 for b in bounds) and 0 not in bounds[2:]:
                steps = range(*bounds)
                return [str(n) for n in steps] if len(steps) <= MOST_STATEMENTS else []
        case ast.List(elts=entries) | ast.Tuple(elts=entries):
            values = [closed(e, {}) for e in entries]
            return [v.within(2) for v in values if v] if all(values) and len(values) <= MOST_STATEMENTS else []
    return []


def _forget(statement: ast.stmt, run: Run) -> None:
    for node in ast.walk(statement):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                run.known.pop(name, None)


def _session(listing: CodeBlock) -> tuple[str, set[int]]:
    """Return the code of an interactive session, line by line, and the lines that are answers."""
    code, answers = [], set()
    for row, (start, end) in enumerate(lines(listing.text), start=1):
        line = listing.text[start:end].lstrip()
        prompt = _PROMPT.match(line)
        code.append(line[prompt.end() :] if prompt else "")
        if not prompt:
            answers.add(row)
    return "\n".join(code), answers


def _answers(rows: Sequence[Line], shown: set[int], run: Run) -> Iterator[Excerpt]:
    """Yield what stands below a line of a session."""
    for row in sorted(shown):
        what = run.ends.get(row - 1)
        if what is not None and row <= len(rows):
            yield from _compared(rows[row - 1], what)


def _beside(rows: Sequence[Line], run: Run) -> Iterator[Excerpt]:
    """Yield what a comment at the end of a line says of its value: y = x ** 2  # ≈ 5.2."""
    for row, what in run.ends.items():
        start, line = rows[row - 1] if row <= len(rows) else (0, "")
        comment = _COMMENT.match(line)
        if comment is None:
            continue
        said = _SAID.match(line, comment.end())
        if said or isinstance(what, Template):
            at = said.end() if said else comment.end()
            yield from _compared((start + at, line[at:]), what)


def _output_lines(rows: Sequence[Line], output: CodeBlock | None) -> Iterator[Line]:
    """Yield the lines of output: comments below "# Output:", or the block below the code."""
    inside = False
    for start, line in rows:
        head = _HEAD.match(line)
        if head and (head.end() == len(line) or inside is False):
            inside = True
            yield start + head.end(), line[head.end() :]
        elif inside and line.lstrip().startswith("#"):
            at = line.index("#") + 1
            yield start + at, line[at:]
        else:
            inside = inside and not line.strip()
    if output is not None and output.language in OUTPUT:
        yield from ((output.start + start, output.text[start:end]) for start, end in lines(output.text))


def _below(output: Iterator[Line], printed: Sequence[Template]) -> Iterator[Excerpt]:
    """Compare output with what is printed, in order; a line that nothing prints is passed over.

    Dots stand for lines that are left out: what comes behind them may be of any step.
    """
    at = 0
    for line in output:
        if _DOTS.fullmatch(line[1]):
            return
        for n in range(at, min(at + 20, len(printed))):
            found = list(_compared(line, printed[n]))
            if found:
                yield from found
                at = n + 1
                break


def _compared(line: Line, what: ClosedText | Template) -> Iterator[Excerpt]:
    """Yield a formula and the value that a line prints for it."""
    start, words = line
    pad = len(words) - len(words.lstrip())
    if isinstance(what, ClosedText):
        found = NUMBER.fullmatch(words.strip())
        values = [(0, found[0], what)] if found else []
    else:
        values = list(what.values(words.strip()))
    for at, shown, formula in values:
        value = number(rounded(shown))
        if value and formula.text != value.text:
            begin = start + pad + at
            text = rf"{formula.text} \approx {value.text}"
            yield Excerpt(begin, begin + len(shown), text, "code")
