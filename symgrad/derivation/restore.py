"""Read a derivation from plain data. Nothing that is read is executed, and no evidence is taken on trust."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from fractions import Fraction
from typing import Any

from symgrad.algebra import expression
from symgrad.algebra.index import Index
from symgrad.algebra.op import Op
from symgrad.algebra.shape import Dimension
from symgrad.calculus.closed_form import Assumption, ClosedForm
from symgrad.calculus.layout import check_layout
from symgrad.derivation.data import FORMAT, NODES, OPERATORS
from symgrad.derivation.derivation import Derivation
from symgrad.derivation.erratum import Erratum
from symgrad.derivation.rule import rule
from symgrad.derivation.step import Step
from symgrad.errors import SymgradError
from symgrad.evidence.claim import (
    EXTREMA,
    RELATIONS,
    SCOPES,
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
from symgrad.network.formula import Formula, read_formula
from symgrad.network.network import Network
from symgrad.network.read import read_network
from symgrad.numbers.bound.bound import NORMS
from symgrad.numbers.extremum.domain import Interval
from symgrad.ops.function import partial, slope

DEEPEST = 200
"""How deep nodes may nest in what is read."""


def from_data(data: Any) -> Derivation:
    """Return the derivation that ``to_data`` wrote, without its evidence: it is to be checked again.

    Raises SymgradError for data that is not a derivation.
    """
    try:
        if data["format"] != FORMAT:
            raise _broken(f"its format is {data['format']!r}, and {FORMAT} is read")
        networks = [_read_network(n) for n in data["networks"]]
        steps = tuple(_read_step(s, networks) for s in data["steps"])
        for number, step in enumerate(steps):
            if any(not 1 <= p <= number for p in step.premises):
                raise _broken(f"step {number + 1} rests on a step that does not come before it")
        errata = tuple(_read_erratum(e, networks) for e in data["errata"])
        assumptions, layout = tuple(map(str, data["assumptions"])), check_layout(data["layout"])
        return Derivation(str(data["title"]), steps, str(data["source"]), assumptions, errata, layout=layout)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError) as error:
        raise _broken(f"{type(error).__name__}: {error}") from None


def _broken(what: str) -> SymgradError:
    return SymgradError(
        f"this is not a derivation: {what}", todo="write it anew: symgrad derive ... --detail steps --format json"
    )


def _read_network(data: Mapping[str, Any]) -> Network:
    bindings = tuple((str(name), str(record)) for name, record in data["bindings"])
    return read_network(str(data["equations"]), str(data["name"]), bindings, tuple(map(str, data["forms"])))


def _read_step(data: Mapping[str, Any], networks: list[Network]) -> Step:
    premises = tuple(int(p) for p in data["premises"])
    claim = _read_claim(data["claim"], networks)
    because, label, section = (str(data[key]) for key in ("because", "label", "section"))
    return Step(claim, rule(str(data["rule"])), because, premises, label, section)


def _read_erratum(data: Mapping[str, Any], networks: list[Network]) -> Erratum:
    place, printed, right = (str(data[key]) for key in ("place", "printed", "right"))
    return Erratum(place, printed, right, _read_claim(data["claim"], networks), tuple(map(int, data["steps"])))


def _read_claim(data: Mapping[str, Any], networks: list[Network]) -> Claim:
    match data["kind"]:
        case "definition":
            network = networks[data["network"]]
            target = _read(data["target"], network)
            [equation] = [e for e in network.equations if e.target == target]
            return Definition(network, equation)
        case "differential":
            form = _read_form(data, networks)
            if data["scope"] not in SCOPES:
                raise _broken(f"the scope {data['scope']!r} is not known")
            return Differential(form, data["scope"], bool(data["first_order"]), bool(data["immediate"]))
        case "relation":
            if data["relation"] not in RELATIONS:
                raise _broken(f"the relation {data['relation']!r} is not known")
            left, right = _read_formula(data["left"]), _read_formula(data["right"])
            return Relation(left, data["relation"], right, _read_domain(data["domain"]))
        case "limit":
            formula, value = _read_formula(data["formula"]), _read_formula(data["value"])
            return Limit(formula, str(data["variable"]), str(data["point"]), value, _read_domain(data["domain"]))
        case "slope":
            formula, value = _read_formula(data["formula"]), _read_formula(data["slope"])
            return Slope(formula, str(data["variable"]), value, _read_domain(data["domain"]))
        case "jacobian":
            functions = tuple((str(name), _read_formula(f)) for name, f in data["functions"])
            rows = tuple(tuple(map(_read_formula, row)) for row in data["entries"])
            return Jacobian(functions, tuple(map(str, data["variables"])), rows, check_layout(data["layout"]))
        case "solutions":
            condition = _read_claim(data["condition"], networks)
            if not isinstance(condition, Relation):
                raise _broken("a condition is a relation")
            ends = (data[key] and _read_formula(data[key]) for key in ("low", "high"))
            return Solutions(condition, str(data["variable"]), *ends)
        case "extremum":
            if data["extremum"] not in EXTREMA:
                raise _broken(f"the extremum {data['extremum']!r} is not known")
            [interval] = _read_domain([data["domain"]])
            formula, shown = _read_formula(data["formula"]), (str(data["value"]), str(data["at"]))
            return Extremum(data["extremum"], formula, interval, *shown)
        case "minimax":
            [interval] = _read_domain([data["domain"]])
            parameters = tuple((str(name), str(value)) for name, value in data["parameters"])
            points = tuple(map(str, data["points"]))
            return Minimax(_read_formula(data["error"]), interval, parameters, points, str(data["value"]))
        case "expectation":
            if data["relation"] not in RELATIONS:
                raise _broken(f"the relation {data['relation']!r} is not known")
            formula, value = _read_formula(data["formula"]), _read_formula(data["value"])
            domain = _read_domain(data["domain"])
            return Expectation(formula, str(data["variable"]), data["relation"], value, domain)
        case "moments":
            moments = tuple((_read_formula(monomial), _read_formula(mean)) for monomial, mean in data["given"])
            together = tuple(tuple(map(str, group)) for group in data["together"])
            return Moments(_read_formula(data["formula"]), moments, _read_formula(data["value"]), together)
        case "norm":
            if data["norm"] not in NORMS:
                raise _broken(f"the norm {data['norm']!r} is not known")
            given = tuple((str(name), str(at_most)) for name, at_most in data["given"])
            return NormBound(_read_form(data, networks), given, _read_formula(data["right"]), data["norm"])
        case "component":
            subscripts, summed = (tuple(map(str, data[key])) for key in ("subscripts", "summed"))
            letters = tuple((str(name), str(meaning)) for name, meaning in data["letters"])
            formula = _read_formula(data["formula"])
            entries = _read_form(data, networks), subscripts, formula, letters, summed
            return Component(*entries, bool(data["diagonal"]), bool(data["matrix"]))
    raise _broken(f"the kind of claim {data['kind']!r} is not known")


def _read_form(data: Mapping[str, Any], networks: list[Network]) -> ClosedForm:
    network = networks[data["network"]]
    of, wrt, m = (_read(data[key], network) for key in ("of", "wrt", "map"))
    assumptions = tuple(Assumption(_read(a, network), _read(b, network)) for a, b in data["assumptions"])
    return ClosedForm(network, of, wrt, data["depth"], m, assumptions)


def _read_formula(data: Mapping[str, Any]) -> Formula:
    return read_formula(str(data["text"]), {str(k): str(v) for k, v in data["functions"].items()})


def _read_domain(data: list[Any]) -> tuple[Interval, ...]:
    return tuple(
        Interval(str(x), _fraction(low), _fraction(high), bool(open_low), bool(open_high))
        for x, low, high, open_low, open_high in data
    )


def _fraction(x: Any) -> Fraction | None:
    return None if x is None else Fraction(x[1])


def _read(x: Any, network: Network, depth: int = 0) -> Any:
    if not isinstance(x, list):
        return x
    if depth > DEEPEST:
        raise _broken("its nodes nest too deep")
    kind, *rest = x
    match kind:
        case "Index":
            return Index(str(rest[0]), int(rest[1]))
        case "Dimension":
            return Dimension(str(rest[0]), _read(rest[1], network, depth + 1))
        case "Fraction":
            return Fraction(rest[0])
        case "Tuple":
            return tuple(_read(y, network, depth + 1) for y in rest)
        case "Op":
            return _read_op(network, *rest)
    if kind not in NODES or len(rest) != len(fields(NODES[kind])):
        raise _broken(f"the node {kind!r} is not known")
    return NODES[kind](*(_read(y, network, depth + 1) for y in rest))


def _read_op(network: Network, name: str, kind: str, exponent: str | None) -> Op:
    if name == "power" and exponent is not None:
        return expression.power(Fraction(exponent))
    if kind == "operator" and name in OPERATORS:
        return OPERATORS[name]
    op = network.functions[name]
    family, _, position = kind.partition(" ")
    match family:
        case "slope":
            return slope(op.name, op.record)
        case "partial":
            return partial(op.name, op.record, int(position))
    return op
