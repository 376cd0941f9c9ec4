"""The Sphinx extension: ``extensions = ["symgrad.sphinx"]`` in conf.py.

Directives symgrad, symgrad:backward, symgrad:steps, symgrad:figure; roles symgrad:power and symgrad:value. A page is
built again when its equations, its notation or symgrad change; the build fails where something is not known to be true.
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx
from sphinx.domains import Domain

from symgrad.desk.cache import program
from symgrad.desk.directives import DIRECTIVES, ROLES, Symgrad


class SymgradDomain(Domain):
    """What stands behind ``symgrad:``; labels are those of Sphinx's own equations."""

    name = "symgrad"
    label = "symgrad"
    directives = dict(DIRECTIVES)  # noqa: RUF012  # as Sphinx has it
    roles = dict(ROLES)  # noqa: RUF012

    def merge_domaindata(self, docnames: Any, otherdata: Any) -> None:
        """Nothing is kept, so nothing is merged."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Add it to Sphinx."""
    app.add_config_value("symgrad_notation", "nielsen", "env")
    app.add_config_value("symgrad_root", ".", "env")
    app.add_config_value("symgrad_cache", "", "")
    app.add_config_value("symgrad_program", program(), "env")
    app.add_directive("symgrad", Symgrad)
    app.add_domain(SymgradDomain)
    app.add_latex_package("tikz")
    return {"version": program()[:12], "parallel_read_safe": True, "parallel_write_safe": True}
