"""From text to a network: classify the equations, resolve the functions, infer the shapes, check the graph."""

from __future__ import annotations

import copyreg
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from symgrad.algebra.expression import Expression
from symgrad.algebra.expression_tree import quantities
from symgrad.algebra.index import Index
from symgrad.algebra.op import Op
from symgrad.errors import ModelError, ReadError
from symgrad.files import read_at_most
from symgrad.network.around_steps import depth_symbol_of, grid_parts, split_around_steps
from symgrad.network.assumed import assumption, by_rows, check_assumptions, exponents_assumed
from symgrad.network.built_in import builtin_text
from symgrad.network.checks import check_numbers, check_order, check_reads, check_sizes, check_targets
from symgrad.network.equation import Equation
from symgrad.network.functions import call, default_functions
from symgrad.network.graph import in_order
from symgrad.network.indices.plain import Arrangement, is_plain, plain_lines
from symgrad.network.infer import Shapes, infer
from symgrad.network.named_numbers import constant_names, size_names, with_named_numbers
from symgrad.network.network import Network
from symgrad.network.parts import Arrays
from symgrad.network.syntax.line import Line
from symgrad.network.syntax.read import LONGEST_TEXT, read_form, read_lines
from symgrad.network.syntax.statement import (
    DomainLine,
    EquationLine,
    FunctionLine,
    ItemsLine,
    RangeLine,
    ShapeLine,
    Statement,
    UnitLine,
)
from symgrad.network.syntax.value import Options, build
from symgrad.network.units import defined
from symgrad.visible import visible

N = TypeVar("N", bound=Network)
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
    check_targets(equations, name)
    equations = _with_entries(statements, equations)
    layout = _arranged(statements, equations)
    symbol, statements, equations = layout.symbol, layout.statements, layout.equations
    grid = [] if not layout.grid else equations
    equations = [] if layout.grid else equations
    steps = [e for e in equations if isinstance(e.target.index, Index)]
    others = [e for e in equations if not isinstance(e.target.index, Index)]
    openings, closings = split_around_steps(others, {e.target.name for e in steps})
    check_order(steps, {e.target for e in closings})
    check_reads(steps, openings, symbol)
    columns = any(s.columns for s in statements if isinstance(s, ItemsLine))
    shapes = Shapes(symbol, [s for s in statements if isinstance(s, ShapeLine)], columns, layout.letters)
    constants = constant_names(statements, [*equations, *grid])
    if forms and grid:
        raise ModelError("a form is put into networks with one recurrence", todo="write it into the equations")
    for form in forms:
        from symgrad.network.form import put_form

        put = _equation(read_form(form, "--let"), functions)
        equations = put_form([*steps, *openings, *closings], put, shapes, symbol, constants)
        steps, others = equations[: len(steps)], equations[len(steps) :]
        openings, closings = others[: len(openings)], others[len(openings) :]
        check_reads(steps, openings, symbol)
    depth_symbol = layout.end or next(iter(layout.depths), "")
    depth_symbol = depth_symbol or depth_symbol_of([*steps, *openings, *closings], closings, symbol)
    check_numbers(
        [*steps, *openings, *closings], statements, {depth_symbol, *layout.ranges, *layout.ends, *layout.members}
    )
    steps = [_counted(e, {symbol, depth_symbol}) for e in steps]
    openings, closings = ([_counted(e, {depth_symbol}) for e in group] for group in (openings, closings))
    sizes = size_names(statements, [*equations, *grid])
    parts = grid_parts([with_named_numbers(e, constants, sizes) for e in grid])
    grid = [e for part in infer(shapes, *parts, constants) for e in part]
    steps, openings, closings = (
        list(in_order([with_named_numbers(e, constants, sizes) for e in group]))
        for group in (steps, openings, closings)
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
        assumptions=tuple(assumption(s, symbol) for s in statements if isinstance(s, DomainLine)),
        ranges=layout.ranges,
        letters=layout.letters,
        grid=tuple(grid),
        depths=layout.depths,
        members=layout.members,
    )
    if network.grid:
        from symgrad.network.schedule import scheduled

        scheduled(network, dict.fromkeys((*layout.ends, *layout.members), SMALL))
    check_sizes(network)
    network = replace(network, assumptions=tuple(by_rows(network, a, columns) for a in network.assumptions))
    check_assumptions(network, [s.line for s in statements if isinstance(s, DomainLine)])
    return replace(network, assumptions=(*network.assumptions, *exponents_assumed(network)))


def asked_of(network: N) -> tuple[type[N], Any, Any, Any, Any]:
    """Return what a network is, its text, and what is bound and replaced in it; ``again`` reads it.

    >>> again(asked_of(read_builtin("chain"))) == read_builtin("chain")
    True
    """
    return type(network), network.text, network.name, network.bindings, network.forms


def again(asked: tuple[type[N], Any, Any, Any, Any]) -> N:
    """Return the network that ``asked_of`` is of."""
    kind, text, name, bindings, forms = asked
    return read_network(text, name, bindings, forms, kind)


def pickled(network: Network) -> tuple[Any, ...]:
    """Return what a network is pickled as: its text, to be read again. Raises PicklingError where that is another."""
    if again(asked_of(network)) != network:
        from pickle import PicklingError

        raise PicklingError(f"{network.name} was changed after it was read: pickle the model that it comes from")
    return again, (asked_of(network),)


copyreg.pickle(Network, pickled)


def read_file(path: Path, kind: type[N] = Network) -> N:  # type: ignore[assignment]
    """Read a network from a ``.eq`` file."""
    return read_network(file_text(path), path.name, kind=kind)


def file_text(path: Path) -> str:
    """Return the equations in a file. Raises ReadError for one that cannot be read, or is none."""
    try:
        data = read_at_most(path, LARGEST_FILE)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise _unreadable(path, reason) from None
    return decoded(data, str(path))


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
    arrays = Arrays([(s.target, s.shape if isinstance(s, ShapeLine) else None) for s in lines], equations)
    ranges = [s.span.symbol for s in statements if isinstance(s, RangeLine)]
    return [arrays.written(e, ranges) for e in equations]
