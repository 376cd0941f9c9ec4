r"""A page of Markdown, as symgrad writes it, as nodes of MyST's syntax tree: paragraphs and mathematics.

>>> nodes("For $t \\ge k$.\n\n$$\na = b\n$$ (eq:a)")[1]["identifier"]
'eq:a'
"""

from __future__ import annotations

import re
from typing import Any

Node = dict[str, Any]
_DISPLAY = re.compile(r"\$\$\n(?P<math>.*?)\n\$\$(?: \((?P<label>[^)\n]*)\))?", re.DOTALL)
_INLINE = re.compile(r"(?<!\\)\$(?P<math>[^$]+)\$")
_ESCAPE = re.compile(r"\\(.)")


def nodes(page: str) -> list[Node]:
    """Return the paragraphs and the equations of a page; a label is one that {eq} finds."""
    found: list[Node] = []
    at = 0
    for m in _DISPLAY.finditer(page):
        found += _paragraphs(page[at : m.start()])
        found.append(equation(m["math"], m["label"] or ""))
        at = m.end()
    return [*found, *_paragraphs(page[at:])]


def equation(math: str, label: str = "") -> Node:
    """Return a displayed equation, numbered where it has a label."""
    node: Node = {"type": "math", "value": math}
    return node | _names(label)


def picture_node(url: str, alt: str, caption: str = "", label: str = "") -> Node:
    """Return a figure, numbered where it has a label; the caption may hold mathematics between dollar signs.

    >>> [child["type"] for child in picture_node("a.svg", "A chain.", "The chain, $L = 3$.", "fig:a")["children"]]
    ['image', 'caption']
    """
    children: list[Node] = [{"type": "image", "url": url, "alt": alt}]
    if caption:
        children.append({"type": "caption", "children": _paragraphs(caption)})
    return {"type": "container", "kind": "figure", "children": children} | _names(label)


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
