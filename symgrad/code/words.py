"""What a program says of itself: a docstring and comments. Text of a user's is a comment that cannot end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symgrad.visible import visible

if TYPE_CHECKING:
    from symgrad.code.given import Argument
    from symgrad.code.program import Program


def comment(text: str) -> str:
    """Return a comment of one line."""
    return f"# {visible(text)}"


def quoted(text: str) -> str:
    """Return a text that cannot leave a docstring.

    >>> quoted('"' * 3 + " x")
    "''' x"
    """
    return visible(text).replace("\\", "/").replace('"', "'")


def docstring(p: Program, given: list[Argument]) -> list[str]:
    """Return the docstring of the function: its equations, the shapes, what it returns."""
    network, of = p.network, p.jacobian or p.equations.of
    what = f"Return {of} and its derivatives" if p.jacobian is None else f"Return {of} and its Jacobians"
    lines = [f'    """{quoted(what)}.', ""]
    lines += [f"        {quoted(e.line.text.strip())}" for e in network.equations if e.line.text.strip()]
    lines += [f"        {quoted(f'{name} is {record}')}" for name, record in network.bindings]
    lines += [
        "",
        "    Items of a batch lie on the axes in front; what has none is shared by all items, and its gradient is",
    ]
    lines += (
        ["    the sum over them."] if p.jacobian is None else ["    the sum over them; a Jacobian is that of one item."]
    )
    lines += ["", *(f"    {quoted(a.words(network))}" for a in given)]
    lines += [*(f"    {name}: {quoted(what)}" for name, what in p.w.open.items()), '    """']
    return lines
