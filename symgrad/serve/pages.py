"""The pages, from their templates: what is put into one is escaped."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from symgrad.serve.menus import menus

NAMES = ("gradient", "size", "audit")
"""The pages; the first is the one at /."""


@cache
def _templates() -> Environment:
    return Environment(loader=PackageLoader("symgrad.serve"), autoescape=True, undefined=StrictUndefined)


NAVIGATION = (("/", "Gradient", "gradient"), ("/size", "Size", "size"), ("/audit", "Audit", "audit"))
"""Where the links at the top lead, their words, and the page that each is."""


def rendered(name: str, **what: Any) -> str:
    """Return a page; it is the same for everyone, for a question stands in the link's fragment."""
    common = {"live": True, "root": "/", "navigation": NAVIGATION, "here": name, **menus()}
    return _templates().get_template(f"{name}.html").render({**common, **what})


@cache
def live_page(name: str) -> str:
    """Return one of the pages of the server."""
    from symgrad.serve.tasks.size import formats

    return rendered(name, data={"formats": formats()} if name == "size" else {})
