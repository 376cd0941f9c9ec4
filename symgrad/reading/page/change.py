"""Maps of changes on a page: what ∂S/∂W, and products and sums of such, make of the change dW on their right."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from symgrad.reading.page.array import products as V
from symgrad.reading.page.array.kinds import (
    Block,
    Multiple,
    Ones,
    Spread,
    Value,
    block,
    is_array,
    is_zero,
    negative,
    unfit,
)
from symgrad.reading.page.array.sizes import dense
from symgrad.reading.page.array.sums import summed
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Big, Call, Name, Node, Partial, Tuple, children, walk

if TYPE_CHECKING:
    from symgrad.reading.page.value import At, Evaluation


def applied(page: Evaluation, node: Node, x: Value, at: At, turned: bool = False) -> Value:
    """Return what a factor makes of the change x that stands on its right; turned: what its transpose does.

    ∂S/∂W is a map of changes of W to changes of S in every layout, and so are products and sums of such, and
    matrices [∂S/∂W; 0] of such. A matrix J that has a name has entries as the layout arranges them.
    """
    if not is_map(page, node, at):
        found = page.value(node, at)
        return V.times(V.transposed(found) if turned else found, x)
    match node:
        case Partial():
            return _moved(page, node, x, at, back=turned)
        case Name():
            line = page.line(node, at)
            assert line is not None
            d, there = line
            return _by_grid(page, d.right, x, there, turned, back=turned != (page.layout == "denominator"))
        case Tuple():
            return _by_grid(page, node, x, at, turned, back=turned)
        case Apply("transpose", (inner,)):
            return applied(page, inner, x, at, not turned)
        case Apply("neg", (inner,)):
            return negative(applied(page, inner, x, at, turned))
        case Apply("+", terms):
            return summed([applied(page, t, x, at, turned) for t in terms])
        case Apply("*", factors):
            return all_applied(page, page.written_out(factors, at), x, at, turned)
        case Big(sign, variable, _, _, body):
            steps = [{**at, variable: j} for j in page.steps(node, at)]
            if sign == "∑":
                return summed([applied(page, body, x, step, turned) for step in steps])
            for step in steps if (page.order == "highest") != turned else reversed(steps):
                x = applied(page, body, x, step, turned)
            return x
    raise NotUnderstoodError("what is made of a derivative by a matrix")


def all_applied(page: Evaluation, factors: tuple[Node, ...], x: Value, at: At, turned: bool = False) -> Value:
    """Return what a product makes of a change: maps act one after the other; what stands between is multiplied."""
    runs = [(acts, list(run)) for acts, run in groupby(factors, key=lambda f: is_map(page, f, at))]
    for acts, run in runs if turned else reversed(runs):
        if acts:
            for f in run if turned else reversed(run):
                x = applied(page, f, x, at, turned)
        else:
            found = V.product([page.value(f, at) for f in run])
            x = V.times(V.transposed(found) if turned else found, x)
    return x


def _moved(page: Evaluation, node: Partial, x: Value, at: At, back: bool) -> Value:
    """Return what ∂S/∂W makes of a change of W, in the shape of S; back: what its transpose makes of one like S."""
    if is_zero(x):
        return x
    found = page.value(node, at)
    matrix = dense(found if (page.layout == "numerator") != back else V.transposed(found))
    start, end = (page.given.quantity(*page.quantity_of(q, at)) for q in (node.wrt, node.of))
    start, end = (end, start) if back else (start, end)
    if np.shape(x) != np.shape(start) or isinstance(x, Multiple | Spread | Ones | Block):
        raise unfit("a derivative and a change")
    moved = V.times(matrix, x.reshape(-1, 1) if is_array(x) else x)
    return moved.reshape(end.shape) if is_array(end) and is_array(moved) else moved


def _by_grid(page: Evaluation, grid: Node, x: Value, at: At, turned: bool, back: bool) -> Value:
    """Return what a matrix of maps, or its transpose, makes of a column of changes; back: its entries turned."""
    if not isinstance(grid, Tuple):
        return applied(page, grid, x, at, back)
    rows = [r.items for r in grid.items if isinstance(r, Tuple)]
    rows = list(zip(*rows, strict=True)) if turned else rows
    column = [r[0] for r in x.rows] if isinstance(x, Block) else [x]
    if any(len(r) != len(column) for r in rows):
        raise unfit("a product")
    return block([[summed([applied(page, e, y, at, back) for e, y in zip(r, column, strict=True)])] for r in rows])


def is_map(page: Evaluation, node: Node, at: At) -> bool:
    """Tell whether ∂S/∂W, with a matrix S or W and no number, stands in a node or in what its names stand for."""
    match node:
        case Partial(of, wrt):
            line = page.line(node, at)
            if line is not None and line[0].change is not None:
                return True
            if isinstance(of, Partial) or page.given.lexicon.find(of) is None:
                return False
            shapes = [np.shape(page.given.quantity(*page.quantity_of(q, at))) for q in (of, wrt)]
            return () not in shapes and any(s[1] > 1 for s in shapes)
        case Name():
            line = page.line(node, at)
            return line is not None and line[0].change is None and is_map(page, line[0].right, line[1])
        case Big(_, variable, _, _, body):
            steps = page.steps(node, at)
            return bool(steps) and is_map(page, body, {**at, variable: steps[0]})
        case Apply("d", _) | Call():
            return False
    return any(is_map(page, n, at) for n in children(node))


def has_change(page: Evaluation, node: Node) -> bool:
    """Tell whether the change dW of a name stands in a node."""
    return any(isinstance(n, Apply) and n.name == "d" and n.arguments[0] in page.change for n in walk(node))
