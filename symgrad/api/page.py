"""Pages from Python: what of them is written, in which format, with which environments and labels."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from symgrad.export.page_options import JSON, PageOptions, written

if TYPE_CHECKING:
    from symgrad.export.math import Document


def page(document: Document, title: str, options: PageOptions, record: Callable[[], dict[str, Any]]) -> str:
    """Return what options ask for of a document; record: it as plain data, where JSON is asked for.

    >>> import symgrad as sg
    >>> g = sg.model("chain").derivative("C", "b[1]", depth=1)
    >>> print(g.page("latex", only="rhs"), end="")
    \\sigma'(z_{1})\\, \\frac{\\partial C}{\\partial a_{1}}
    >>> import json
    >>> print([line["label"] for line in json.loads(g.page("json", label="eq:b"))["lines"]])
    ['eq:b']
    """
    if options.format != JSON:
        return written(document, options, title)
    from symgrad.export.json import json_text, with_lines

    return json_text(with_lines(record(), options.selected(document)))
