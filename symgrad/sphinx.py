"""The Sphinx extension: ``extensions = ["symgrad.sphinx"]`` in conf.py.

Directives symgrad, symgrad:backward, symgrad:steps, symgrad:figure; roles symgrad:power and symgrad:value. A page is
built again when its equations, its notation or symgrad change; the build fails where something is not known to be true.
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment

from symgrad.desk.cache import program
from symgrad.desk.directives import DIRECTIVES, DOMAIN, ROLES, Symgrad


class SymgradDomain(Domain):
    """What stands behind ``symgrad:``; labels are those of Sphinx's own equations."""

    name = DOMAIN
    label = "symgrad"
    directives = dict(DIRECTIVES)  # noqa: RUF012  # as Sphinx has it
    roles = dict(ROLES)  # noqa: RUF012

    initial_data = {"wrong": {}}  # noqa: RUF012
    """The pages on which something is wrong, or not known to be true."""

    def clear_doc(self, docname: str) -> None:
        """Forget a page that is read again."""
        self.data["wrong"].pop(docname, None)

    def merge_domaindata(self, docnames: Any, otherdata: Any) -> None:
        """Take what another process found."""
        self.data["wrong"].update({name: True for name in otherdata["wrong"] if name in docnames})


def read_again(_: Sphinx, env: BuildEnvironment, *__: Any) -> list[str]:
    """Return the pages that were wrong, whether they have changed or not."""
    return list(env.domaindata[DOMAIN]["wrong"])


def fail_where_wrong(app: Sphinx, _: Any) -> None:
    """Let the build fail where a page is wrong: what was said of it stands among the errors above."""
    if app.env.domaindata[DOMAIN]["wrong"]:
        app.statuscode = 1


def setup(app: Sphinx) -> dict[str, Any]:
    """Add it to Sphinx."""
    app.add_config_value("symgrad_notation", "nielsen", "env")
    app.add_config_value("symgrad_root", ".", "env")
    app.add_config_value("symgrad_cache", "", "")
    app.add_config_value("symgrad_program", program(), "env")
    app.add_directive("symgrad", Symgrad)
    app.add_domain(SymgradDomain)
    app.add_latex_package("tikz")
    app.connect("env-get-outdated", read_again)
    app.connect("build-finished", fail_where_wrong)
    return {"version": program()[:12], "parallel_read_safe": True, "parallel_write_safe": True}
