"""A derivation as plain data, as JSON holds it; ``restore`` reads it back.

Every node of the algebra becomes a list that begins with its kind, ["Scale", ["Quantity", "w", ["j", 0]]];
the kinds are those of the tables below and no others. A function is written by its name, and found again
in the network whose equations stand beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from fractions import Fraction
from typing import Any

from symgrad.algebra import expression, linear_map
from symgrad.algebra.index import Index
from symgrad.algebra.op import Op
from symgrad.algebra.shape import Dimension
from symgrad.calculus.closed_form import ClosedForm
from symgrad.derivation.derivation import Derivation
from symgrad.derivation.erratum import Erratum
from symgrad.derivation.step import Step
from symgrad.evidence.claim import (
    Claim,
    Component,
    Definition,
    Differential,
    Expectation,
    Extremum,
    Jacobian,
    Limit,
    Minimax,
    Moments,
    NormBound,
    Relation,
    Slope,
    Solutions,
)
from symgrad.network.formula import Formula
from symgrad.network.network import Network
from symgrad.numbers.extremum.domain import Interval
from symgrad.ops.linear import MATMUL, SOFTMAX, SUM, TRANSPOSE

FORMAT = 1

NODES: dict[str, type] = {
    kind.__name__: kind
    for kind in (
        expression.Number,
        expression.Quantity,
        expression.Constant,
        expression.Apply,
        expression.Partial,
        linear_map.Identity,
        linear_map.Zero,
        linear_map.Scale,
        linear_map.Diagonal,
        linear_map.Column,
        linear_map.Matrix,
        linear_map.Right,
        linear_map.Swap,
        linear_map.Transpose,
        linear_map.Named,
        linear_map.Compose,
        linear_map.Sum,
        linear_map.Product,
        linear_map.IndexedSum,
        linear_map.Block,
    )
}
OPERATORS: dict[str, Op] = {
    op.name: op
    for op in (
        expression.ADD,
        expression.SUB,
        expression.NEG,
        expression.MUL,
        expression.DIV,
        expression.POW,
        MATMUL,
        TRANSPOSE,
        SUM,
        SOFTMAX,
    )
}


def to_data(derivation: Derivation) -> dict[str, Any]:
    """Return a derivation as dicts, lists, texts and numbers; ``from_data`` gives it back."""
    networks: dict[int, int] = {}
    table: list[dict[str, Any]] = []

    def number(network: Network) -> int:
        if id(network) not in networks:
            networks[id(network)] = len(table)
            table.append(_network(network))
        return networks[id(network)]

    steps = [_step(s, number) for s in derivation.steps]
    errata = [_erratum(e, number) for e in derivation.errata]
    return {
        "format": FORMAT,
        "title": derivation.title,
        "source": derivation.source,
        "assumptions": list(derivation.assumptions),
        "layout": derivation.layout,
        "verdict": str(derivation.verdict),
        "networks": table,
        "steps": steps,
        "errata": errata,
    }


def _network(network: Network) -> dict[str, Any]:
    bindings, forms = [list(b) for b in network.bindings], list(network.forms)
    return {"name": network.name, "equations": network.text, "bindings": bindings, "forms": forms}


def _step(step: Step, number: Callable[[Network], int]) -> dict[str, Any]:
    evidence = step.evidence
    return {
        "claim": _claim(step.claim, number),
        "rule": step.rule.name,
        "because": step.because,
        "premises": list(step.premises),
        "label": step.label,
        "section": step.section,
        "verdict": str(evidence.verdict) if evidence else "UNKNOWN",
        "evidence": [c.record() for c in evidence.checks] if evidence else [],
    }


def _erratum(e: Erratum, number: Callable[[Network], int]) -> dict[str, Any]:
    words = {"place": e.place, "printed": e.printed, "right": e.right}
    return {**words, "claim": _claim(e.claim, number), "steps": list(e.steps)}


def _claim(claim: Claim, number: Callable[[Network], int]) -> dict[str, Any]:
    match claim:
        case Definition(network, equation):
            return {"kind": "definition", "network": number(network), "target": _node(equation.target)}
        case Differential(form, scope, first_order, immediate):
            how = {"scope": scope, "first_order": first_order, "immediate": immediate}
            return {"kind": "differential", **_form(form, number), **how}
        case Relation(left, relation, right, domain):
            return {
                "kind": "relation",
                "left": _formula(left),
                "relation": relation,
                "right": _formula(right),
                "domain": [_interval(i) for i in domain],
            }
        case Limit(formula, variable, point, value, domain):
            return {
                "kind": "limit",
                "formula": _formula(formula),
                "variable": variable,
                "point": point,
                "value": _formula(value),
                "domain": [_interval(i) for i in domain],
            }
        case Slope(formula, variable, slope, domain):
            return {
                "kind": "slope",
                "formula": _formula(formula),
                "variable": variable,
                "slope": _formula(slope),
                "domain": [_interval(i) for i in domain],
            }
        case Jacobian(functions, variables, entries, layout):
            return {
                "kind": "jacobian",
                "functions": [[name, _formula(f)] for name, f in functions],
                "variables": list(variables),
                "entries": [[_formula(f) for f in row] for row in entries],
                "layout": layout,
            }
        case Solutions(condition, variable, low, high):
            ends = {"low": low and _formula(low), "high": high and _formula(high)}
            return {"kind": "solutions", "condition": _claim(condition, number), "variable": variable, **ends}
        case Extremum(kind, formula, interval, value, at):
            shown = {"extremum": kind, "value": value, "at": at}
            return {"kind": "extremum", "formula": _formula(formula), "domain": _interval(interval), **shown}
        case Minimax(error, interval, parameters, points, value):
            return {
                "kind": "minimax",
                "error": _formula(error),
                "domain": _interval(interval),
                "parameters": [list(p) for p in parameters],
                "points": list(points),
                "value": value,
            }
        case Expectation(formula, variable, relation, value, domain):
            return {
                "kind": "expectation",
                "formula": _formula(formula),
                "variable": variable,
                "relation": relation,
                "value": _formula(value),
                "domain": [_interval(i) for i in domain],
            }
        case Moments(formula, moments, value, together):
            return {
                "kind": "moments",
                "formula": _formula(formula),
                "given": [[_formula(monomial), _formula(mean)] for monomial, mean in moments],
                "value": _formula(value),
                "together": [list(group) for group in together],
            }
        case NormBound(form, assumptions, right, norm):
            given = [list(a) for a in assumptions]
            return {"kind": "norm", **_form(form, number), "given": given, "right": _formula(right), "norm": norm}
        case Component(form, subscripts, formula, letters, summed, diagonal, matrix):
            return {
                "kind": "component",
                **_form(form, number),
                "subscripts": list(subscripts),
                "formula": _formula(formula),
                "letters": [list(x) for x in letters],
                "summed": list(summed),
                "diagonal": diagonal,
                "matrix": matrix,
            }


def _form(form: ClosedForm, number: Callable[[Network], int]) -> dict[str, Any]:
    return {
        "network": number(form.network),
        "of": _node(form.of),
        "wrt": _node(form.wrt),
        "depth": form.depth,
        "map": _node(form.map),
        "assumptions": [[_plain(a.larger), _plain(a.smaller)] for a in form.assumptions],
    }


def _formula(f: Formula) -> dict[str, Any]:
    return {"text": f.text, "functions": dict(f.functions)}


def _interval(i: Interval) -> list[Any]:
    return [i.variable, _plain(i.low), _plain(i.high), i.open_low, i.open_high]


def _node(x: Any) -> Any:
    """Return a node as a list that begins with its kind."""
    if type(x).__name__ in NODES and isinstance(x, NODES[type(x).__name__]):
        return [type(x).__name__, *(_node(getattr(x, f.name)) for f in fields(NODES[type(x).__name__]))]
    if isinstance(x, Op):
        return ["Op", x.name, x.kind, str(x.record) if isinstance(x.record, Fraction) else None]
    if isinstance(x, tuple) and not isinstance(x, Index | Dimension):
        return ["Tuple", *map(_node, x)]
    return _plain(x)


def _plain(x: Any) -> Any:
    match x:
        case Index(symbol, offset):
            return ["Index", symbol, offset]
        case Dimension(name, index):
            return ["Dimension", name, _plain(index)]
        case Fraction():
            return ["Fraction", str(x)]
    return x
