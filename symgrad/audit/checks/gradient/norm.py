"""Bounds of derivatives by name: ‖∂s_t/∂s_k‖ ≤ (γλ)^{t-k}, in the spectral norm, for ‖W‖ ≤ λ, |σ'| ≤ γ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from symgrad.api.model import Model
from symgrad.audit.case import Case
from symgrad.audit.checks.gradient.gradient import networks
from symgrad.audit.checks.statement.formula import Letters, by_evidence
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.audit.network.values import with_cost
from symgrad.audit.parsed import chains_of
from symgrad.calculus.closed_form import closed_form
from symgrad.claims.norm_bound import NormBound
from symgrad.errors import SymgradError
from symgrad.evidence.verdict import Verdict
from symgrad.network.functions import opaque
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Derivative, Node, Symbol, rebuilt, symbols, walk

KIND = "norm"
NORMS = ("spectral", "frobenius", "infinity")
SIZES = ("abs", "norm2")
_INDEX = re.compile(r"([A-Za-z]?)([+-]?\d+)?")


def norm(case: Case) -> Judgement | None:
    """Confirm an upper bound of the size of a derivative by name; None for other claims, and without a network."""
    match case.left, case.relation:
        case Apply(size, (Derivative(Symbol() as of, wrt, 1),)), "≤" if size in SIZES and not case.passage.role:
            pass
        case _:
            return None
    words = case.passage.sentence.words().lower()
    kind = next((name for name in NORMS if f"{name} norm" in words), "spectral")
    reason = "no network"
    for _, text in networks(case):
        try:
            found = _on(with_cost(text, of.name), case, of.name, wrt, kind)
        except (NotUnderstoodError, SymgradError) as error:
            reason = str(error).splitlines()[0]
            continue
        if found.word is Word.CONFIRMED:
            return found
        reason = found.reason
    return unchecked(f"not decided: {reason}", KIND)


def _on(network: Model, case: Case, of: str, wrt: str, kind: str) -> Judgement:
    bound = _bound(network, case)
    names = _Names(bound)
    letters = Letters()
    sizes = dict(_sizes(case.right))
    beside = ((names.quantity(name).partition("[")[0], letters.formula(size).text) for name, size in sizes.items())
    given = (*_given(case, names, letters), *beside)
    if not given:
        raise NotUnderstoodError("nothing that the norm is bounded for")
    right = _with_symbols(_by_sizes(case.right, sizes), names)
    form = closed_form(bound, names.quantity(of), names.quantity(wrt))
    found = by_evidence(NormBound(form, given, letters.formula(right), kind), KIND, Verdict.ENCLOSED)
    said = letters.shown(found.reason)
    for name, size in sizes.items():
        said = said.replace(size.name, f"‖{name}‖")
    return replace(found, reason=said)


def _sizes(node: Node) -> Iterator[tuple[str, Symbol]]:
    """Yield each letter of which the norm stands in a bound, ‖W‖, with a letter for the norm."""
    for n in walk(node):
        match n:
            case Apply(size, (Symbol(name),)) if size in SIZES:
                yield name, Symbol(f"size of {name}")


def _by_sizes(node: Node, sizes: Mapping[str, Symbol]) -> Node:
    """Put the letters of norms in the place of the norms."""
    match node:
        case Apply(size, (Symbol(name),)) if size in SIZES and name in sizes:
            return sizes[name]
    return rebuilt(node, lambda n: _by_sizes(n, sizes))


def _bound(network: Model, case: Case) -> Model:
    """Return the network with the activation that the words name last, unless the sentence bounds its slope."""
    known = dict(case.passage.known)
    said = {"sigmoid": "logistic"}.get(known.get("sigma is", ""), known.get("sigma is", ""))
    sigma = said if said in ("logistic", "tanh") else known.get("sigma", "")
    slopes = any("'" in text or "prime" in text for text in case.passage.sentence.said("for"))
    names = [name for name, op in opaque(network).items() if op.kind == "function"]
    return network.bind(**dict.fromkeys(names, sigma)) if sigma and names and not slopes else network


class _Names:
    """The quantities of a network by the names that a page prints."""

    def __init__(self, network: Model) -> None:
        self.network = network
        self.symbols: Mapping[str, str] = {
            **dict.fromkeys("LTt", network.depth_symbol),
            **dict.fromkeys("jl", network.symbol),
        }

    def quantity(self, printed: str) -> str:
        """Return s[t-1] for s_{t-1}."""
        name, _, index = printed.partition("_")
        word, _, last = index.rpartition(",")
        found = _INDEX.fullmatch(last)
        name = f"{name}_{word}" if word else name
        if not index or f"{name}_{index}" in self.network.names:
            return printed
        if found is None or (found[1] and found[2] and found[2][0] not in "+-"):
            raise NotUnderstoodError(f"the index {last}")
        return f"{name}[{self.symbols.get(found[1], found[1])}{found[2] or ''}]"


def _with_symbols(node: Node, names: _Names) -> Node:
    """Put the network's own letters of indices in the place of the page's."""
    match node:
        case Symbol(name) if name in names.symbols:
            return Symbol(names.symbols[name])
        case Apply(name, arguments, primes):
            return Apply(name, tuple(_with_symbols(a, names) for a in arguments), primes)
    return node


def _given(case: Case, names: _Names, letters: Letters) -> Iterator[tuple[str, str]]:
    """Yield what the sentence bounds: ("W", "lambda"), ("sigma'", "gamma"), ("∂C/∂a[L]", "D")."""
    for text in case.passage.sentence.said("for", "if", "with"):
        for chain in chains_of(text):
            left, right = (side.node for side in chain.sides[:2]) if chain.relations == ("≤",) else (None, None)
            if left is None or right is None:
                raise NotUnderstoodError("a condition that bounds nothing")
            match left:
                case Apply(size, (Symbol(name),)) if size in SIZES:
                    bounded = name if name.endswith("'") else names.quantity(name).partition("[")[0]
                case Apply(size, (Derivative(Symbol(of), wrt, 1),)) if size in SIZES:
                    bounded = f"∂{names.quantity(of)}/∂{names.quantity(wrt)}"
                case _:
                    raise NotUnderstoodError("a condition that bounds nothing")
            if symbols(right) & names.symbols.keys():
                raise NotUnderstoodError("a bound that depends on the layer")
            yield bounded, letters.formula(right).text
