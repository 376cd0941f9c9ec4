r"""A page of Markdown, as symgrad writes it, as nodes of MyST's syntax tree: paragraphs and mathematics.

mystmd typesets mathematics before its plugins are asked, so a node has its MathML with it, from the same page in HTML;
a theme shows an error where there is none.

>>> [node] = nodes("$$\na = b\n$$ (eq:a)", '<div class="equation"><math><mi>a</mi></math></div>')
>>> node["identifier"], node["html"]
('eq:a', '<math><mi>a</mi></math>')
"""

from __future__ import annotations

import re
from typing import Any

from symgrad.errors import SymgradError

Node = dict[str, Any]
_DISPLAY = re.compile(r"\$\$\n(?P<math>.*?)\n\$\$(?: \((?P<label>[^)\n]*)\))?", re.DOTALL)
_INLINE = re.compile(r"(?<!\\)\$(?P<math>[^$]+)\$")
_DIVISION = re.compile(r'<div class="equation"[^>]*>(<math.*?</math>).*?</div>', re.DOTALL)
_MATH = re.compile(r"<math.*?</math>", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)")


def nodes(page: str, html: str) -> list[Node]:
    """Return the paragraphs and the equations of a page, which is the same in HTML; a label is one that {eq} finds."""
    found: list[Node] = []
    at = 0
    for m in _DISPLAY.finditer(page):
        found += _paragraphs(page[at : m.start()])
        found.append(equation(m["math"], m["label"] or ""))
        at = m.end()
    found += _paragraphs(page[at:])
    _typeset([n for n in found if n["type"] == "math"], _DIVISION.findall(html))
    inline = [n for p in found for n in p.get("children", ()) if n["type"] == "inlineMath"]
    _typeset(inline, _MATH.findall(_DIVISION.sub("", html)))
    return found


def equation(math: str, label: str = "", mathml: str = "") -> Node:
    """Return a displayed equation, numbered where it has a label."""
    return {"type": "math", "value": math} | ({"html": styled(mathml)} if mathml else {}) | _names(label)


def styled(mathml: str) -> str:
    """Return MathML whose equations are aligned at their relations without a style sheet.

    >>> styled("<mtd class='right'>")
    '<mtd style="text-align: right; padding-right: 0">'
    """
    for side in ("left", "right"):
        mathml = mathml.replace(f"<mtd class='{side}'>", f'<mtd style="text-align: {side}; padding-{side}: 0">')
    return mathml


def _typeset(found: list[Node], mathml: list[str]) -> None:
    if len(found) != len(mathml):
        what = f"a page has {len(found)} formulas in Markdown, and {len(mathml)} in HTML"
        raise SymgradError(what, todo="report it, with the request")
    for node, shown in zip(found, mathml, strict=True):
        node["html"] = styled(shown)


def picture_node(url: str, alt: str, caption: str = "", label: str = "") -> Node:
    """Return a figure with its number, or, where it has neither caption nor label, the image alone.

    >>> [child["type"] for child in picture_node("a.svg", "A chain.", "The chain.", "fig:a")["children"]]
    ['image', 'caption']
    """
    image = {"type": "image", "url": url, "alt": alt}
    if not caption:
        return image
    words = {"type": "caption", "children": _paragraphs(caption)}
    return {"type": "container", "kind": "figure", "children": [image, words], "enumerated": True} | _names(label)


def _names(label: str) -> Node:
    if not label:
        return {}
    html = re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")
    return {"label": label, "identifier": label.lower(), "html_id": html, "enumerated": True}


def _paragraphs(text: str) -> list[Node]:
    paragraphs = (p.strip() for p in re.split(r"\n\s*\n", text))
    return [{"type": "paragraph", "children": _inline(" ".join(p.split("\n")))} for p in paragraphs if p]


def _inline(words: str) -> list[Node]:
    found: list[Node] = []
    at = 0
    for m in _INLINE.finditer(words):
        found += _text(words[at : m.start()])
        found.append({"type": "inlineMath", "value": m["math"]})
        at = m.end()
    return [*found, *_text(words[at:])]


def _text(words: str) -> list[Node]:
    return [{"type": "text", "value": _ESCAPE.sub(r"\1", words)}] if words else []
