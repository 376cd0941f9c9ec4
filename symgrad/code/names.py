"""Names of a program: a letter of mathematics becomes an identifier, and no text of a user's becomes anything else."""

from __future__ import annotations

import builtins
import keyword
import re

from symgrad.algebra.greek import GREEK

TAKEN = frozenset(
    (
        *keyword.kwlist,
        *keyword.softkwlist,
        *dir(builtins),
        "np",
        "jnp",
        "jax",
        "lax",
        "torch",
        "math",
        "check",
        "gradients",
        "true",
        "false",
    )
)


def identifier(text: str) -> str:
    """Return letters, digits and underscores for any text.

    >>> identifier("W_h"), identifier("a[0]"), identifier("λ"), identifier("x'); import os"), identifier("2x")
    ('W_h', 'a_0', 'lambda', 'x_prime_import_os', '_2x')
    """
    text = "".join(GREEK.get(c, c) for c in text).replace("'", "_prime")
    found = re.sub(r"_?[^A-Za-z0-9_]+", "_", text).strip("_") or "x"
    return found if not found[0].isdigit() else f"_{found}"


class Names:
    """The identifiers of one program, each given once."""

    def __init__(self, reserved: frozenset[str] = frozenset()) -> None:
        self.reserved = TAKEN | reserved
        self.given: dict[tuple[str, str], str] = {}

    def __call__(self, kind: str, text: str) -> str:
        """Return the identifier of a thing: kind "letter", "value", "argument", "cotangent", "new".

        An argument has the name of the value that it gives.

        >>> names = Names()
        >>> names("value", "lambda"), names("letter", "j"), names("value", "j"), names("value", "j")
        ('lambda_', 'j', 'j_', 'j_')
        """
        key = ("value" if kind == "argument" else kind), text
        if key not in self.given:
            wanted = identifier(text)
            used = {*self.given.values()}
            while wanted in self.reserved or wanted in used:
                wanted += "_"
            self.given[key] = wanted
        return self.given[key]

    def new(self, wanted: str) -> str:
        """Return an identifier that nothing else has."""
        return self("new", f"{wanted}{sum(k == 'new' and t.startswith(wanted) for k, t in self.given) + 1}")
