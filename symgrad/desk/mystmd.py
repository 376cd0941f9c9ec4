"""The plugin for mystmd and Jupyter Book 2: one transform of a page, in one process, whatever stands on it.

On the page, a fenced block ```` ```symgrad ```` holds a request in its first line, and equations below it where the
request names no file; `symgrad: power 1.5 149 digits=3` in a code span is a number.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symgrad.desk.figure import SVG, data_url, picture
from symgrad.desk.figure_page import check_caption
from symgrad.desk.request import Derivative, Figure, Number, read_block
from symgrad.desk.respond import NotPassed, Place, number_text, respond
from symgrad.desk.syntax_tree import equation, nodes, picture_node
from symgrad.desk.weave.syntax import scientific_in
from symgrad.errors import SymgradError
from symgrad.export.page_options import RHS, PageOptions
from symgrad.export.setting import EQUATION

TRANSFORM = "symgrad"
SPEC = {
    "name": "symgrad",
    "transforms": [{"name": TRANSFORM, "doc": "Gradients that symgrad derives and proves.", "stage": "document"}],
}
LANGUAGE, PREFIX = "symgrad", "symgrad:"
SHIM = '''#!/usr/bin/env python3
"""symgrad's plugin for mystmd and Jupyter Book 2; written by: symgrad mystmd > symgrad-plugin.py"""

import sys

if len(sys.argv) < 2:  # what the plugin has: answered without loading anything
    print("""{spec}""")
else:
    try:
        from symgrad.cli.main import main
    except ImportError:  # another Python has it
        import os

        os.execvp("symgrad", ["symgrad", "mystmd", *sys.argv[1:]])
    sys.exit(main(["mystmd", *sys.argv[1:]]))
'''


def transformed(page: dict[str, Any], place: Place) -> dict[str, Any]:
    """Return the syntax tree of a page in which every request is answered; it is changed in place.

    Raises SymgradError for what is wrong, with its line, and NotPassed for what is not known to be true.

    >>> from pathlib import Path
    >>> span = {"type": "inlineCode", "value": "symgrad: power 2 3"}
    >>> transformed({"type": "root", "children": [span]}, Place(Path("."), Path(".")))["children"]
    [{'type': 'inlineMath', 'value': '8', 'html': '<math><mrow><mn>8</mn></mrow></math>'}]
    """
    pending = [page]
    while pending:
        node = pending.pop()
        children = node.get("children")
        if not isinstance(children, list):
            continue
        node["children"] = [new for child in children for new in _answered(child, place)]
        pending += [child for child in node["children"] if isinstance(child, dict)]
    return page


def _answered(node: Any, place: Place) -> Iterator[Any]:
    """Yield what stands in the place of a node."""
    kind, value = (node.get("type"), node.get("value")) if isinstance(node, dict) else (None, None)
    try:
        if kind == "code" and node.get("lang") == LANGUAGE and isinstance(value, str):
            yield from _displayed(value, place)
        elif kind == "inlineCode" and isinstance(value, str) and value.startswith(PREFIX):
            request, _ = read_block(value.removeprefix(PREFIX))
            if not isinstance(request, Number):
                raise SymgradError("a derivative does not stand in a line", todo="write it in a block of its own")
            yield {"type": "inlineMath", **_number(request)}
        else:
            yield node
    except SymgradError as error:
        at = node.get("position") or {}
        line = at.get("start", {}).get("line") if isinstance(at, dict) else None
        kind_of_error = NotPassed if isinstance(error, NotPassed) else SymgradError
        where = "\n".join(filter(None, (f"line {line} of the page" if line else "", error.where)))
        raise kind_of_error(error.what, where, error.todo) from None


def _displayed(value: str, place: Place) -> Iterator[Any]:
    request, equations = read_block(value)
    if isinstance(request, Number):
        yield {"type": "math", **_number(request)}
        return
    here = Place(place.folder, place.root, place.cache, equations)
    if isinstance(request, Figure):
        shown = picture(request, here, SVG)
        check_caption(shown, "markdown")
        if "$" in shown.caption:
            what = "mystmd sets no mathematics in the caption of a plugin"
            raise SymgradError(what, todo="put the block into a directive {figure}, and the caption below it")
        yield picture_node(data_url(shown), shown.alt, shown.caption, shown.label)
        return
    page = PageOptions(format="markdown", signs=False)  # the MathML of each formula is that of the HTML
    found = respond(request, here, page).pages["markdown"]
    one = request.once("only") == RHS and not request.once("label") and not request.once("env")
    separate = Derivative(request.model, {**request.options, "env": (request.once("env") or EQUATION,)})
    kept = Derivative(request.model, {k: v for k, v in separate.options.items() if k != "labels"})
    html = respond(request if one else kept, here, PageOptions(format="html")).pages["html"]
    yield from [equation(found.strip(), "", html.strip())] if one else nodes(found, html)


def _number(request: Number) -> dict[str, str]:
    """Return a number as LaTeX, and as the MathML that themes show."""
    mathml = number_text(
        request, lambda m, e: f"{_signed(m)}<mo>×</mo><msup><mn>10</mn><mrow>{_signed(str(e))}</mrow></msup>"
    )
    inside = mathml if mathml.endswith(">") else _signed(mathml)
    return {"value": number_text(request, scientific_in("markdown")), "html": f"<math><mrow>{inside}</mrow></math>"}


def _signed(number: str) -> str:
    return f"<mo>−</mo><mn>{number[1:]}</mn>" if number.startswith("-") else f"<mn>{number}</mn>"
