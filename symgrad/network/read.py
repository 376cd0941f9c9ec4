"""From text to a network: classify the equations, resolve the functions, infer the shapes, check the graph."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, count
from pathlib import Path
from typing import TypeVar

from symgrad.algebra.dimension import named as dimensions_in
from symgrad.algebra.expression import Apply, Expression, Number, Quantity
from symgrad.algebra.expression_tree import applications, quantities, reads
from symgrad.algebra.index import Affine, Index, symbols
from symgrad.algebra.index_sum import IndexNumber
from symgrad.algebra.op import Op
from symgrad.algebra.shape import show
from symgrad.errors import ModelError, ReadError, UnknownName
from symgrad.network.advice import BEYOND, FIRST_LAYER, FUTURE
from symgrad.network.built_in import builtin_text
from symgrad.network.constant import MEANING, constants_in, with_numbers
from symgrad.network.domain import INTEGER, POSITIVE, Assumption, met
from symgrad.network.equation import Equation
from symgrad.network.functions import call, default_functions
from symgrad.network.graph import in_order, lags
from symgrad.network.indices.plain import Arrangement, is_plain, plain_lines
from symgrad.network.infer import Shapes, infer
from symgrad.network.network import Network
from symgrad.network.parts import Arrays
from symgrad.network.syntax.line import Line
from symgrad.network.syntax.read import LONGEST_TEXT, read_form, read_lines
from symgrad.network.syntax.statement import (
    DomainLine,
    EquationLine,
    FunctionLine,
    ItemsLine,
    ShapeLine,
    Statement,
    UnitLine,
)
from symgrad.network.syntax.value import Options, build
from symgrad.network.units import defined
from symgrad.ops.part import AXIS, lengths, placed
from symgrad.ops.power import EXPONENTS, MATRIX_POWER
from symgrad.visible import visible

N = TypeVar("N", bound=Network)
LARGEST_LAG = 10
SMALL = 3
"""The ends of ranges at which it is tried whether equations run in a circle."""
LARGEST_FILE = 4 * LONGEST_TEXT


def read_network(
    text: str,
    name: str = "equations",
    bindings: tuple[tuple[str, str], ...] = (),
    forms: tuple[str, ...] = (),
    kind: type[N] = Network,  # type: ignore[assignment]
) -> N:
    """Read the equations of a network.

    Raises ReadError (syntax, with line and column), ShapeError or ModelError.

    >>> network = read_network("z[j] = w[j]*a[j-1]\\na[j] = sigma(z[j])\\nC = cost(a[L], y)")
    >>> network.depth_symbol, [str(q) for q in network.parameters]
    ('L', ['w[j]', 'y', 'a[0]'])
    """
    statements = read_lines(text, name)
    functions = _functions([s for s in statements if isinstance(s, FunctionLine | UnitLine)], bindings)
    equations = [_equation(s, functions) for s in statements if isinstance(s, EquationLine)]
    _check_targets(equations, name)
    equations = _with_entries(statements, equations)
    layout = _arranged(statements, equations)
    symbol, statements, equations = layout.symbol, layout.statements, layout.equations
    grid = [] if not layout.grid else equations
    equations = [] if layout.grid else equations
    steps = [e for e in equations if isinstance(e.target.index, Index)]
    others = [e for e in equations if not isinstance(e.target.index, Index)]
    openings, closings = _split(others, {e.target.name for e in steps})
    _check_order(steps, {e.target for e in closings})
    _check_reads(steps, openings, symbol)
    columns = any(s.columns for s in statements if isinstance(s, ItemsLine))
    shapes = Shapes(symbol, [s for s in statements if isinstance(s, ShapeLine)], columns, layout.letters)
    constants = _constants(statements, [*equations, *grid])
    if forms and grid:
        raise ModelError("a form is put into networks with one recurrence", todo="write it into the equations")
    for form in forms:
        from symgrad.network.form import put_form

        put = _equation(read_form(form, "--let"), functions)
        equations = put_form([*steps, *openings, *closings], put, shapes, symbol, constants)
        steps, others = equations[: len(steps)], equations[len(steps) :]
        openings, closings = others[: len(openings)], others[len(openings) :]
        _check_reads(steps, openings, symbol)
    depth_symbol = layout.end or next(iter(layout.depths), "")
    depth_symbol = depth_symbol or _depth_symbol([*steps, *openings, *closings], closings, symbol)
    _check_numbers(
        [*steps, *openings, *closings], statements, {depth_symbol, *layout.ranges, *layout.ends, *layout.members}
    )
    steps = [_counted(e, {symbol, depth_symbol}) for e in steps]
    openings, closings = ([_counted(e, {depth_symbol}) for e in group] for group in (openings, closings))
    sizes = _sizes(statements, [*equations, *grid])
    parts = _grid_parts([_with_numbers(e, constants, sizes) for e in grid])
    grid = [e for part in infer(shapes, *parts, constants) for e in part]
    steps, openings, closings = (
        list(in_order([_with_numbers(e, constants, sizes) for e in group])) for group in (steps, openings, closings)
    )
    started, stepped, closed = infer(shapes, openings, steps, closings, constants)
    network = kind(
        name=visible(name),
        openings=started,
        steps=stepped,
        closings=closed,
        symbol=symbol,
        depth_symbol=depth_symbol,
        functions=functions,
        shapes=shapes.known,
        text=text,
        bindings=bindings,
        forms=forms,
        assumptions=tuple(_assumption(s, symbol) for s in statements if isinstance(s, DomainLine)),
        ranges=layout.ranges,
        letters=layout.letters,
        grid=tuple(grid),
        depths=layout.depths,
        members=layout.members,
    )
    if network.grid:
        from symgrad.network.schedule import scheduled

        scheduled(network, dict.fromkeys((*layout.ends, *layout.members), SMALL))
    _check_sizes(network)
    network = replace(network, assumptions=tuple(_by_rows(network, a, columns) for a in network.assumptions))
    _check_assumptions(network, [s.line for s in statements if isinstance(s, DomainLine)])
    return replace(network, assumptions=(*network.assumptions, *_of_exponents(network)))


def _of_exponents(network: Network) -> Iterator[Assumption]:
    """Yield that k of A^k is 1 or more; raise ReadError where it is not declared to be an integer."""
    for e in network.equations:
        for x in applications(e.value):
            if x.op == MATRIX_POWER and not isinstance(n := x.arguments[1], Number | IndexNumber):
                if not isinstance(n, Quantity) or INTEGER not in network.domains(n):
                    e.line.fail("the exponent of a matrix is no whole number", EXPONENTS, e.line.span(n)[0])
                if POSITIVE not in network.domains(n):
                    yield Assumption(n, POSITIVE)


def read_file(path: Path, kind: type[N] = Network) -> N:  # type: ignore[assignment]
    """Read a network from a ``.eq`` file."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise _unreadable(path, reason) from None
    return read_network(decoded(data, str(path)), path.name, kind=kind)


def decoded(data: bytes, name: str) -> str:
    """Return the text of a file of at most LARGEST_FILE bytes, which is UTF-8."""
    if len(data) > LARGEST_FILE:
        raise _unreadable(name, f"it is longer than {LARGEST_FILE:,} bytes")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise _unreadable(name, "it is not UTF-8 text") from None


def _unreadable(name: str | Path, reason: str) -> ReadError:
    return ReadError(f"cannot read {name}: {reason}", todo="give the path of a text file with equations")


def read_builtin(name: str, kind: type[N] = Network) -> N:  # type: ignore[assignment]
    """Read a built-in model by its name."""
    return read_network(builtin_text(name), name, kind=kind)


def _functions(declared: Sequence[FunctionLine | UnitLine], bindings: tuple[tuple[str, str], ...]) -> dict[str, Op]:
    known = default_functions()
    for statement in declared:
        if isinstance(statement, UnitLine):
            known[statement.name] = defined(statement.name, statement.letters, _built(statement, known))
        else:
            from symgrad.network.activation import declare

            known[statement.name] = declare(known, statement)
    for name, record in bindings:
        from symgrad.network.activation import bound

        known[name] = bound(name, record, known.get(name))
    return known


def _arranged(statements: Sequence[Statement], equations: Sequence[Equation]) -> Arrangement:
    """Find what each index of a file is, and write its lines so."""
    if is_plain(statements, equations):
        return plain_lines(statements, equations)
    from symgrad.network.indices.arrangement import arranged_lines

    return arranged_lines(statements, equations)


def _counted(e: Equation, names: Collection[str]) -> Equation:
    """Return an equation with its index and the depth as the numbers that they are."""
    if not any(q.name in names for q in quantities(e.value)):
        return e
    from symgrad.network.indices.resolver import counted

    return counted(e, names)


def _equation(statement: EquationLine, functions: Mapping[str, Op]) -> Equation:
    return Equation(statement.target, _built(statement, functions), statement.line)


def _built(statement: EquationLine | UnitLine, functions: Mapping[str, Op]) -> Expression:
    def resolve(line: Line, name: str, column: int, arguments: tuple[Expression, ...], options: Options) -> Expression:
        return call(functions, line, name, column, arguments, options)

    return build(statement.line, statement.value, resolve)


def _with_entries(statements: Sequence[Statement], equations: Sequence[Equation]) -> list[Equation]:
    """Return the equations with entries of arrays, W[1,2], told from quantities with an index."""
    lines = [s for s in statements if isinstance(s, ShapeLine | DomainLine)]
    written = [*(s.target for s in lines), *(e.target for e in equations)]
    plain = {s.target.name: s.shape for s in lines if isinstance(s, ShapeLine) and not s.target.indices}
    with_index = {q.name for q in written if q.indices}
    declared = {name: shape for name, shape in plain.items() if name not in with_index}
    reads = [q for e in equations for q in quantities(e.value)]
    arrays = Arrays(declared, {e.target.name for e in equations} - with_index, [*written, *reads])
    found = [(e, arrays.written(e.value, e.line)) for e in equations]
    return [e if value is e.value else Equation(e.target, value, e.line) for e, value in found]


def _constants(statements: Sequence[Statement], equations: Sequence[Equation]) -> frozenset[str]:
    """Return which of I, ones, e and pi the file does not declare, define or read with an index."""
    named = {s.target.name for s in statements if isinstance(s, ShapeLine | DomainLine)}
    named |= {d.name for s in statements if isinstance(s, ShapeLine) for size in s.shape for d in dimensions_in(size)}
    named |= {e.target.name for e in equations}
    named |= {q.name for e in equations for q in quantities(e.value) if q.index is not None}
    return frozenset(MEANING) - named


def _sizes(statements: Sequence[Statement], equations: Sequence[Equation]) -> frozenset[tuple[str, bool]]:
    """Return the names of the dimensions, with whether they carry an index; none is a quantity too."""
    sizes: dict[tuple[str, bool], Line] = {}
    for s in statements:
        for size in s.shape if isinstance(s, ShapeLine) else ():
            for d in dimensions_in(size):
                sizes.setdefault((d.name, d.index is not None), s.line)
    declared = [(s.target, s.line) for s in statements if isinstance(s, ShapeLine | DomainLine)]
    for q, line in (*declared, *((e.target, e.line) for e in equations)):
        if (of := sizes.get((q.name, q.index is not None))) is not None:
            line.fail(
                f"{q} is a dimension in line {of.number}, and cannot be a quantity too",
                f"in an equation {q} is the size itself; give the quantity another name",
            )
    return frozenset(sizes)


def _with_numbers(e: Equation, constants: frozenset[str], sizes: frozenset[tuple[str, bool]]) -> Equation:
    value = with_numbers(e.value, e.line, constants, sizes)
    return e if value is e.value else Equation(e.target, value, e.line)


def _check_sizes(network: Network) -> None:
    """Check that the size of a dimension that stands for a number is known from a value."""
    known = {d.name for q in network.parameters for size in network.shape(q) for d in dimensions_in(size)}
    for e in network.equations:
        for c in constants_in(e.value):
            for d in (n for size in c.shape if c.kind == "size" for n in dimensions_in(size)):
                if d.name not in known:
                    e.line.fail(
                        f"{d} is a dimension of no quantity that the equations read, so its size is not known",
                        f"remove the declaration with {d.name}, or write the number",
                    )
        for x in (x for x in applications(e.value) if x.op in AXIS):
            _check_part(network, e.line, x, known)


def _check_part(network: Network, line: Line, x: Apply, known: Collection[str]) -> None:
    """Check that a part of an array has places that are known, and that they lie in the array."""
    column, array = line.span(x)[0], x.arguments[0]
    for d in (n for c in x.arguments[1:] for n in dimensions_in(placed(c))):
        if d.name not in known:
            todo = f"write a number, or a dimension that is declared: 'x: ({d},)'"
            line.fail(f"{d} is no dimension of a quantity that is given, and a place is a number", todo, column)
    behind, count = lengths(x, network.shape_of(array))
    if (isinstance(behind, int) and behind < 0) or (isinstance(count, int) and count < 1):
        name = str(array) if isinstance(array, Quantity) else "what it is taken of"
        has = f"{name} is {show(network.shape_of(array))}"
        line.fail(f"this part lies outside: {has}", "places are counted from 1, and both ends belong to a part", column)


def _check_targets(equations: Sequence[Equation], name: str) -> None:
    seen: dict[Quantity, Equation] = {}
    if not equations:
        todo = "write at least one, such as 'a[j] = sigma(w[j]*a[j-1])'"
        raise ReadError("there is no equation", todo=todo, file=name)
    for e in equations:
        match e.target.index:
            case Index(symbol, offset) if offset:
                e.line.fail(f"the left side is {e.target}", f"write the step for {e.target.name}[{symbol}] itself")
            case _ if any(isinstance(p, Affine) for p in e.target.indices):
                e.line.fail(f"the left side is {e.target}", "give each of its indices a letter of its own")
            case int(n) if n > 0 and not e.target.further:
                e.line.fail(f"{e.target} is one layer", FIRST_LAYER)
        key = e.target if any(isinstance(p, int) for p in e.target.indices) else Quantity(e.target.name)
        if key in seen:
            e.line.fail(
                f"{e.target} is defined twice: here and in line {seen[key].line.number}",
                "keep one equation for it",
            )
        seen[key] = e


def _assumption(statement: DomainLine, symbol: str) -> Assumption:
    q = statement.target
    return Assumption(q.at(Index(symbol)) if isinstance(q.index, Index) else q, statement.domain)


def _by_rows(network: Network, a: Assumption, columns: bool) -> Assumption:
    """Return what is assumed of a matrix where a domain of vectors is named: each row, which is an item, lies in it."""
    if columns or a.domain.rank != 1 or a.target not in network.parameters or len(network.shape(a.target)) != 2:
        return a
    return Assumption(a.target, a.domain.by_rows)


def _check_assumptions(network: Network, lines: Sequence[Line]) -> None:
    """Check that each assumption is about a parameter, suits its shape, and goes together with the others."""
    for a, line in zip(network.assumptions, lines, strict=True):
        q, rank = a.target, a.domain.rank
        if q not in network.parameters:
            defined = q in {e.target for e in network.equations}
            error = UnknownName("parameter", str(q), map(str, network.parameters))
            what = f"{q} is defined by an equation, and {a.domain.name} is assumed of it" if defined else error.what
            line.fail(what, "assume it of a parameter" if defined else error.todo)
        square = not a.domain.symmetric or len(set(network.shape(q))) == 1
        if rank is not None and (len(network.shape(q)) != rank or not square):
            said, example = ("a vector, or of the rows of a matrix", "(n,)")
            if rank != 1:
                said, example = "a square matrix", "(n, n)"
            what = f"{q} is a {show(network.shape(q))}, and {a.domain.name} is said of {said}"
            line.fail(what.replace("a scalar", "a number"), f"declare its shape, for instance '{q}: {example}'")
        if network.domains(q) and met(network.domains(q)) is None:
            names = " and ".join(d.name for d in network.domains(q))
            line.fail(f"{names} are assumed of {q} together", "keep one line, or two of positive, integer and simplex")


def _split(others: Sequence[Equation], stepped: set[str]) -> tuple[list[Equation], list[Equation]]:
    """Tell the closing equations, which read a layer (perhaps through another), from the openings."""
    closing: set[Quantity] = set()
    readers: dict[str, list[Equation]] = {}
    pending: list[Equation] = []
    for e in others:
        for q in quantities(e.value):
            readers.setdefault(q.name, []).append(e)
            if isinstance(q.index, Index) or (q.name in stepped and isinstance(q.index, int) and q.index > 0):
                pending.append(e)
    while pending:
        e = pending.pop()
        if e.target.index is None and e.target not in closing:
            closing.add(e.target)
            pending += readers.get(e.target.name, ())
    symbols = {q.index.symbol: e for e in others for q in _at_the_end(e.value)}  # type: ignore[union-attr]
    if len(symbols) > 1:
        line = list(symbols.values())[-1].line
        names = " and ".join(symbols)
        line.fail(f"the closing equations use two depths, {names}", "use one symbol for the depth, such as L")
    for e in others:
        for q in _at_the_end(e.value):
            if q.name in stepped and q.index.offset > 0:  # type: ignore[union-attr]
                e.line.fail(f"{q} lies beyond the last layer", BEYOND, e.line.span(q)[0])
            if e.target.index is not None:
                e.line.fail(f"{e.target} is where the recurrence starts and cannot read {q}", "read parameters only")
    return [e for e in others if e.target not in closing], [e for e in others if e.target in closing]


def _at_the_end(e: Expression) -> list[Quantity]:
    """Return what e reads at the depth, or near it: not what a sum over the steps reads."""
    return [
        q for q, spans in reads(e) if isinstance(q.index, Index) and q.index.symbol not in {s.symbol for s in spans}
    ]


def _grid_parts(grid: Sequence[Equation]) -> tuple[list[Equation], list[Equation], list[Equation]]:
    """Tell what a grid computes from parameters alone or starts from, its recurrences, and what reads these."""
    stepped = [e for e in grid if symbols(e.target.indices)]
    others = [e for e in grid if e not in stepped]
    after = {e.target.name for e in stepped}
    for _ in others:
        readers = (e for e in others if after & {q.name for q in quantities(e.value)})
        after |= {e.target.name for e in readers if not e.target.indices}
    last = [e for e in others if not e.target.indices and e.target.name in after]
    starts = [e for e in others if e.target.indices]
    first = in_order([e for e in others if e not in last and e not in starts])
    return [*first, *starts], stepped, list(in_order(last))


def _check_order(steps: Sequence[Equation], closing: Collection[Quantity]) -> None:
    """Refuse a step that reads what is defined after the last step."""
    for e in steps:
        for q in quantities(e.value):
            if q.name in {c.name for c in closing} - {e.target.name}:
                what = f"{e.target} reads {q}, which is defined after the last step"
                e.line.fail(what, "give one of the two another name", e.line.span(q)[0])


def _check_reads(steps: Sequence[Equation], openings: Sequence[Equation], symbol: str) -> None:
    defined = {e.target.name for e in steps}
    indexed: dict[str, bool] = {e.target.name: True for e in steps}
    for e in (*steps, *openings):
        for q, spans in reads(e.value):
            column = e.line.span(q)[0]
            if q == Quantity(symbol):
                continue
            if indexed.setdefault(q.name, q.index is not None) != (q.index is not None):
                e.line.fail(
                    f"{q.name} is read with an index and without one",
                    "write it the same way everywhere",
                    column,
                )
            match q.index:
                case Index(s) if s in {span.symbol for span in spans}:
                    continue
                case Index(s) if s != symbol:
                    e.line.fail(f"the index {s} of {q} is not that of the step, {symbol}", f"use {symbol}", column)
                case Index(_, offset) if offset > 0 and q.name in defined:
                    e.line.fail(f"the step reads the future, {q}", FUTURE, column)
                case Index(_, offset) if abs(offset) > LARGEST_LAG:
                    e.line.fail(f"{q} reaches too far", f"at most {LARGEST_LAG} steps", column)
                case int(n) if n > 0 and q.name in defined:
                    e.line.fail(f"a step reads the fixed layer {q}", f"read {q.name}[{symbol}-1]", column)
    for q in (q for e in steps for q in quantities(e.value)):
        if isinstance(q.index, int) and q.name in defined and q.index < -LARGEST_LAG:
            raise ModelError(f"{q} lies too far before the start", todo="read a[0]")
    lags(steps, symbol)


def _depth_symbol(equations: Sequence[Equation], closings: Sequence[Equation], symbol: str) -> str:
    """Return the symbol of the depth, which no equation reads as a number."""
    symbols = [q.index.symbol for e in closings for q in _at_the_end(e.value)]  # type: ignore[union-attr]
    if not symbols:
        used = {symbol, *(q.name for e in equations for q in (e.target, *quantities(e.value)))}
        return next(s for s in chain(("L", "T", "N"), (f"L{n}" for n in count(1))) if s not in used)
    return symbols[0]


def _check_numbers(equations: Sequence[Equation], statements: Sequence[Statement], names: Collection[str]) -> None:
    """Refuse a declared quantity that has the name of an index or of the end of its range; the loss may be called L."""
    for s in statements:
        if isinstance(s, ShapeLine | DomainLine) and s.target.name in names and not s.target.indices:
            what = f"{s.target} is an index, or the end of its range, and cannot be a quantity too"
            s.line.fail(what, "give the quantity another name")
