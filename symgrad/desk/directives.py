"""Directives and roles for docutils, which Sphinx and MyST take too: a derivative is mathematics with a label.

Registered by ``symgrad.docutils.register()`` for docutils alone, and by the extension ``symgrad.sphinx``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import Directive, Parser, directives, roles
from docutils.utils import new_document

from symgrad.desk.cache import OFF, Cache, usual_cache
from symgrad.desk.figure import SVG, TIKZ, data_url, picture
from symgrad.desk.figure_page import FITTED
from symgrad.desk.request import EQUATIONS, OF_FIGURES, Derivative, Figure, Number, derivative, figure, read_request
from symgrad.desk.respond import Place, number_text, respond
from symgrad.desk.weave.syntax import scientific_in
from symgrad.errors import SymgradError
from symgrad.export.page_options import PageOptions

DOMAIN = "symgrad"
SEVERAL = re.compile(r"\s*;\s*|\n")
OPTIONS = ("of", "wrt", "depth", "activation", "cost", "function", "let", "layout", "form", "detail", "only", "label")
FURTHER = ("env", "notation", "seed", "precision", "timeout")


class Symgrad(Directive):
    """A derivative: of a built-in model or a file, which is the argument, or of the equations that are the content."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = dict.fromkeys((*OPTIONS, *FURTHER), directives.unchanged)
    implied: ClassVar[dict[str, str]] = {}
    """Options that the directive's name gives."""

    def run(self) -> list[nodes.Node]:
        """Return the page as nodes; what is wrong, or not known to be true, ends the build."""
        settings = self.state.document.settings
        try:
            request = self._request()
            place = _place(settings, self.state.document, {EQUATIONS: "\n".join(self.content)} if self.content else {})
            found = respond(request, place, PageOptions(_usual_notation(settings), "rst"))
        except SymgradError as error:
            return failed(settings, self.state.document, self.lineno, error)
        _depend(settings, place)
        for note in found.notes:
            self.state.document.reporter.warning(f"symgrad: {note}", line=self.lineno)
        return parsed(found.pages["rst"], self.state.document)

    def _request(self) -> Derivative:
        given = {**self.options, **self.implied}
        options = {name: _values(name, str(text)) for name, text in given.items()}
        if self.content and self.arguments:
            raise SymgradError(
                "there is a model, and there are equations", todo="name the model, or write the equations, not both"
            )
        if not (self.content or self.arguments):
            raise SymgradError("there is no model", todo="name a model or a file, or write the equations below")
        return derivative(EQUATIONS if self.content else self.arguments[0].strip(), options)


class Backward(Symgrad):
    """The backward equations of a number."""

    implied: ClassVar[dict[str, str]] = {"form": "backward"}


class Steps(Symgrad):
    """Every step that leads to a derivative."""

    implied: ClassVar[dict[str, str]] = {"detail": "steps"}


class PictureOf(Directive):
    """A picture of a network, or of the size of a derivative against the depth, as a figure that numref finds.

    The content is the caption, or, where no model is named, the equations; the caption is then an option.
    """

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = dict.fromkeys(OF_FIGURES, directives.unchanged)

    def run(self) -> list[nodes.Node]:
        """Return the figure: SVG for pages, TikZ for LaTeX, words for what shows no pictures."""
        document = self.state.document
        settings = document.settings
        try:
            request, equations = self._request()
            place = _place(settings, document, equations)
            svg, tikz = (picture(request, place, f, _usual_notation(settings), macros=False) for f in (SVG, TIKZ))
            caption = self._caption(svg.caption)
            if svg.label and not caption:
                raise SymgradError(f"the figure {svg.label} has no caption", todo="write it below the options")
        except SymgradError as error:
            return failed(settings, document, self.lineno, error)
        _depend(settings, place)
        image = f'<img src="{data_url(svg)}" alt="{escape(svg.alt, quote=True)}">'
        shown: list[nodes.Node] = [
            nodes.raw("", image, format="html"),
            nodes.raw("", f"{FITTED}{{%\n{tikz.code.strip()}%\n}}", format="latex"),
            nodes.raw("", f"[{svg.alt}]", format="text man texinfo"),
        ]
        found = nodes.figure("", *shown, *caption, align="center")
        found.source, found.line = self.state_machine.get_source_and_line(self.lineno)
        if svg.label:
            found["names"].append(nodes.fully_normalize_name(svg.label))
            document.note_explicit_target(found, found)
        return [found]

    def _request(self) -> tuple[Figure, dict[str, str]]:
        options = {name: _values(name, str(text)) for name, text in self.options.items()}
        if self.arguments:
            if self.content and "caption" in options:
                raise SymgradError("the caption is given twice", todo="write it as the content, or as the option")
            return figure(self.arguments[0].strip(), options), {}
        if not self.content:
            raise SymgradError("there is no model", todo="name a model or a file, or write the equations below")
        return figure(EQUATIONS, options), {EQUATIONS: "\n".join(self.content)}

    def _caption(self, given: str) -> list[nodes.Node]:
        """Return the caption, which the document's own parser reads."""
        words = " ".join(self.content) if self.arguments and self.content else given
        if not words.strip():
            return []
        inside, messages = self.state.inline_text(words, self.lineno)
        return [nodes.caption(words, "", *inside), *messages]


def number_role(kind: str) -> Callable[..., tuple[list[nodes.Node], list[nodes.system_message]]]:
    """Return the role of a number: a power, or the value of an expression."""

    def role(
        _: str, rawtext: str, text: str, lineno: int, inliner: Any, options: Any = None, content: Any = None
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        try:
            request = read_request(f"{kind} {text}")
            assert isinstance(request, Number)
            shown = number_text(request, scientific_in("rst"))
        except SymgradError as error:
            return failed(inliner.document.settings, inliner.document, lineno, error), []
        return [nodes.math(rawtext, shown)], []

    return role


DIRECTIVES: dict[str, type[Directive]] = {"steps": Steps, "backward": Backward, "figure": PictureOf}
ROLES = {kind: number_role(kind) for kind in ("power", "value")}


def register() -> None:
    """Let docutils know the directives and the roles."""
    directives.register_directive("symgrad", Symgrad)
    for name, directive in DIRECTIVES.items():
        directives.register_directive(f"symgrad:{name}", directive)
    for name, role in ROLES.items():
        roles.register_local_role(f"symgrad:{name}", role)  # type: ignore[arg-type]


def parsed(page: str, document: nodes.document) -> list[nodes.Node]:
    """Return a page of reStructuredText as nodes, whatever the document around it is written in."""
    if not _sphinx(document.settings):  # docutils alone has no numbers of equations, and no labels
        page = page.replace("\n   :label: ", "\n   :name: ")
    inner = new_document(str(document["source"] or ""), document.settings)
    inner.reporter = document.reporter
    Parser().parse(page, inner)
    for target in inner.findall(nodes.target):
        for id_ in target["ids"]:
            document.ids.setdefault(id_, target)
    if not _sphinx(document.settings):
        for named in inner.findall(nodes.math_block):
            if named["names"]:
                document.note_explicit_target(named)
    return list(inner.children)


def failed(settings: Any, document: nodes.document, line: int, error: SymgradError) -> list[nodes.Node]:
    """Say what is wrong, and where. Sphinx reads on, and its build fails in the end; docutils ends at once."""
    env = _sphinx(settings)
    if env is None:
        document.reporter.severe(f"symgrad: {error}", line=line)
        raise error  # where docutils was told to go on
    env.domaindata[DOMAIN]["wrong"][env.docname] = True
    return [document.reporter.error(f"symgrad: {error}", line=line)]


def _sphinx(settings: Any) -> Any:
    """Return Sphinx's environment, or None under docutils alone."""
    return getattr(settings, "env", None)


def _place(settings: Any, document: nodes.document, equations: dict[str, str]) -> Place:
    env = _sphinx(settings)
    if env is None:
        folder = Path(str(document["source"] or "")).parent
        return Place(folder, Path.cwd() if Path.cwd() in folder.resolve().parents else folder, usual_cache(), equations)
    named = env.config.symgrad_cache
    cache = None if named == OFF else Cache(Path(env.srcdir, named)) if named else usual_cache()
    root = Path(env.srcdir, env.config.symgrad_root)
    return Place(Path(env.doc2path(env.docname)).parent, root, cache, equations)


def _usual_notation(settings: Any) -> str:
    env = _sphinx(settings)
    named = "nielsen" if env is None else str(env.config.symgrad_notation)
    return str(Path(env.srcdir, named)) if named.endswith(".toml") else named


def _depend(settings: Any, place: Place) -> None:
    """Say which files the page depends on."""
    env = _sphinx(settings)
    for path in place.used:
        if env is not None:
            env.note_dependency(str(path))
        elif settings.record_dependencies is not None:
            settings.record_dependencies.add(str(path))
    if env is not None and str(env.config.symgrad_notation).endswith(".toml"):
        env.note_dependency(str(Path(env.srcdir, env.config.symgrad_notation)))


def _values(name: str, text: str) -> tuple[str, ...]:
    if name == "wrt":
        return tuple(text.split())
    if name in ("function", "let", "at"):
        return tuple(part for part in SEVERAL.split(text.strip()) if part)
    return (text.strip(),)
