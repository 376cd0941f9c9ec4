"""``symgrad same``: are two formulas equal?"""

from __future__ import annotations

import click

from symgrad.cli.bounded import bounded, timeout_option
from symgrad.cli.output import takes_unicode, write

FAILED = 1


@click.command("same", context_settings={"ignore_unknown_options": True})
@click.argument("left", metavar="A")
@click.argument("right", metavar="B")
@click.option("--for", "where", multiple=True, metavar="RANGE", help="Where: 'x > 0', '0 < p < 1'. May be repeated.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@timeout_option
def command(left: str, right: str, where: tuple[str, ...], format_: str, timeout: float) -> int:
    """Compare two formulas A and B, in LaTeX or as plain text: equal, equal on a part of the domain, or different.

    Letters are real numbers. Equal is proved, or found at points, and it says which; different comes with a point, and
    where a formula is not defined, that is said.

    \b
    Examples:
      symgrad same "\\sigma'(z)" '\\sigma(z)(1-\\sigma(z))'
      symgrad same 'sin(x)^2 + cos(x)^2' 1
      symgrad same 'log(x*y)' 'log(x) + log(y)' --for 'x > 0' --for 'y > 0'
      symgrad same 'log(1+exp(x))' 'softplus(x)' --format json

    The exit code is 0 where they are equal, 1 where they are not everywhere, or it is not decided, 2 for bad input.
    """
    from symgrad.audit.same import same

    with bounded(timeout):
        found = same(left, right, *where)
        if format_ == "json":
            from symgrad.export.json import json_text

            text = json_text(found.record(), escaped=not takes_unicode(None))
        else:
            text = f"{found}\n"
    write(text)
    return 0 if found else FAILED
