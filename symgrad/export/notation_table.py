"""A table of the names of a network as a notation writes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Index
from symgrad.algebra.shape import show
from symgrad.derivation.figure import Table
from symgrad.errors import UnknownName
from symgrad.export.formats import find_format
from symgrad.export.math import Math
from symgrad.export.notation_record import Notation, unused
from symgrad.export.typeset import Typesetter, sizes
from symgrad.network.functions import called
from symgrad.network.network import Network


class Written(NamedTuple):
    """A name of a network, what it is, and how it is written."""

    name: str
    kind: str
    math: Math


def written_names(network: Network, notation: Notation) -> Iterator[Written]:
    """Yield every quantity, function, dimension and index of a network as a notation writes it.

    Raises ModelError where two would look alike.

    >>> import symgrad as sg
    >>> [w.name for w in written_names(sg.model("chain"), sg.notation("ng"))]
    ['z[j]', 'a[j]', 'C', 'w[j]', 'b[j]', 'y', 'sigma', 'cost', 'j', 'L']
    """
    t = Typesetter(network, notation)
    for name in network.names:
        q = network.example(name)
        general = network.general(q) if q.indices else q
        yield Written(str(general), show(network.shape(general)), t.suited.math(t.quantity(general)))
    for name in called(network):
        yield Written(name, "function", t.suited.function(name))
    for name in sizes(network):
        if name not in network.names:
            yield Written(name, "dimension", t.suited.math(t.quantity(Quantity(name))))
    if network.steps:
        yield Written(network.symbol, "index", t.position(Index(network.symbol)))
        yield Written(network.depth_symbol, "depth", t.position(Index(network.depth_symbol)))


def check_all(notation: Notation, networks: Sequence[Network]) -> None:
    """Raise UnknownName where a notation has a name that none of several networks has."""
    if notation.ready or notation.shared:
        return
    names = {n for x in networks for n in (*x.names, *called(x), *sizes(x))}
    indices = {i for x in networks for i in (x.symbol, x.depth_symbol, *x.index_letters)}
    for name in unused(notation, names, indices):
        raise UnknownName("name", name, {*names, *indices}, f"in the notation {notation.name}")


def names_table(network: Network, notation: Notation, format_: str) -> str:
    """Return the table in a format; as text, with the LaTeX of each name."""
    from symgrad.export.latex_math import math_latex
    from symgrad.export.text import math_text

    rows = list(written_names(network, notation))
    title = f"{network.name} in the notation {notation.name}"
    if format_ == "text":
        cells = tuple((w.name, w.kind, math_text(w.math), math_latex(w.math)) for w in rows)
        table = Table("names", title, ("name", "what it is", "printed", "LaTeX"), cells)
        return find_format("text").table(table)
    return _typeset(title, rows, format_)


def _typeset(title: str, rows: list[Written], format_: str) -> str:
    """Return the table as LaTeX, Markdown or HTML, with each name typeset."""
    from symgrad.export.html import words_html
    from symgrad.export.latex_math import math_latex
    from symgrad.export.latex_words import escaped
    from symgrad.export.markdown_words import cell
    from symgrad.export.mathml import math_mathml

    head = ("name", "what it is", "printed")
    if format_ == "latex":
        lines = [rf"\texttt{{{escaped(w.name)}}} & {escaped(w.kind)} & ${math_latex(w.math)}$ \\" for w in rows]
        begin = [rf"% {title}", r"\begin{tabular}{@{}lll@{}}\toprule", rf"{' & '.join(head)} \\ \midrule"]
        return "\n".join([*begin, *lines, r"\bottomrule\end{tabular}", ""])
    if format_ == "markdown":
        lines = [f"| {cell(w.name)} | {cell(w.kind)} | ${math_latex(w.math)}$ |" for w in rows]
        return "\n".join([f"| {' | '.join(head)} |", "|---|---|---|", *lines, ""])
    cells = (f"<td>{words_html(w.name)}</td><td>{words_html(w.kind)}</td><td>{math_mathml(w.math)}</td>" for w in rows)
    begin = ["".join(["<tr>", *(f"<th>{h}</th>" for h in head), "</tr>"])]
    return f'<div class="wide"><table>{"".join(begin + [f"<tr>{c}</tr>" for c in cells])}</table></div>\n'


def records(network: Network, notation: Notation) -> list[dict[str, Any]]:
    """Return the names as plain data, for JSON."""
    from symgrad.export.latex_math import math_latex
    from symgrad.export.text import math_text

    return [
        {
            "model": network.name,
            "name": w.name,
            "kind": w.kind,
            "text": math_text(w.math),
            "latex": math_latex(w.math),
        }
        for w in written_names(network, notation)
    ]
