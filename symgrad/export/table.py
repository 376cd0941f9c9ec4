"""Tables of words, as text, LaTeX, HTML, Markdown and Typst."""

from __future__ import annotations

from symgrad.derivation.figure import Table
from symgrad.export.html import words_html
from symgrad.export.latex_words import prose
from symgrad.export.markdown_words import cell
from symgrad.export.markdown_words import prose as prose_markdown
from symgrad.export.typst_words import paragraph
from symgrad.export.typst_words import prose as prose_typst


def table_latex(table: Table) -> str:
    r"""Return a table as LaTeX; needs booktabs.

    >>> print(table_latex(Table("t", "", ("a", "b"), (("1", "|w|"),))))
    \begin{tabular}{@{}ll@{}}\toprule
    a & b \\ \midrule
    1 & \textbar{}w\textbar{} \\
    \bottomrule\end{tabular}
    """
    head, *rows = (" & ".join(map(_cell, row)) + r" \\" for row in (table.header, *table.rows))
    columns = "l" * len(table.header)
    lines = [rf"\begin{{tabular}}{{@{{}}{columns}@{{}}}}\toprule", rf"{head} \midrule", *rows]
    return "\n".join([*lines, r"\bottomrule\end{tabular}"])


def _cell(words: str) -> str:
    r"""Return a cell as LaTeX; one that begins with [ is no option of the \\ before it."""
    return f"{{{prose(words)}}}" if words.startswith(("[", "*")) else prose(words)


def table_html(table: Table) -> str:
    """Return a table as HTML, in a box that can be moved sideways where it is too wide.

    >>> print(table_html(Table("t", "", ("a", "b"), (("1", "x < 2"),))))
    <div class="wide"><table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>x &lt; 2</td></tr></table></div>
    """
    head, *rows = (table.header, *table.rows)
    lines = [f"<tr>{''.join(f'<th>{words_html(cell)}</th>' for cell in head)}</tr>"]
    lines += [f"<tr>{''.join(f'<td>{words_html(cell)}</td>' for cell in row)}</tr>" for row in rows]
    return f'<div class="wide"><table>{"".join(lines)}</table></div>'


def table_text(table: Table) -> str:
    """Return a table as text, in columns.

    >>> print(table_text(Table("t", "", ("a", "b"), (("100", "x"),))))
    a    b
    100  x
    """
    every = (table.header, *table.rows)
    widths = [max(map(len, column)) for column in zip(*every, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in every)


def table_markdown(table: Table) -> str:
    r"""Return a table as Markdown.

    >>> print(table_markdown(Table("t", "Letters.", ("a", "b"), (("1", "|w|"),))))
    | a | b |
    |---|---|
    | 1 | \|w\| |
    <BLANKLINE>
    Letters.
    """
    head, *rows = (f"| {' | '.join(map(cell, row))} |" for row in (table.header, *table.rows))
    return "\n".join([head, f"|{'---|' * len(table.header)}", *rows, "", prose_markdown([table.caption])])


def table_rst(table: Table) -> str:
    """Return a table as reStructuredText.

    >>> print(table_rst(Table("t", "Letters.", ("a", "b"), (("1", "2"),))))
    .. list-table:: Letters.
       :header-rows: 1
    <BLANKLINE>
       * - a
         - b
       * - 1
         - 2
    """
    from symgrad.export.rst import prose

    lines = []
    for row in (table.header, *table.rows):
        lines += [f"   {'* -' if n == 0 else '  -'} {prose((cell,))}" for n, cell in enumerate(row)]
    return "\n".join([f".. list-table:: {prose((table.caption,))}", "   :header-rows: 1", "", *lines])


def table_typst(table: Table) -> str:
    r"""Return a table as Typst.

    >>> print(table_typst(Table("t", "", ("a", "b"), (("1", "s_2"),))))
    #table(columns: 2, stroke: none, align: left,
      table.hline(), strong[a], strong[b], table.hline(),
      [1], [$s_2$],
      table.hline())
    """
    head = "".join(f" strong[{paragraph(prose_typst(words))}]," for words in table.header)
    rows = (f"  {' '.join(f'[{paragraph(prose_typst(words))}],' for words in row)}" for row in table.rows)
    begin = f"#table(columns: {len(table.header)}, stroke: none, align: left,"
    return "\n".join([begin, f"  table.hline(),{head} table.hline(),", *rows, "  table.hline())"])
