"""symgrad: the gradients of deep networks, derived, proved and typeset.

A network is its equations; a gradient is an ordered product of linear maps; every printed line carries
its evidence. In reading order:

symgrad.algebra      indices, shapes, expressions, linear maps
symgrad.arithmetic   number systems: float64, exact, mpmath, balls, Taylor numbers, SymPy
symgrad.ops          primitives: one record each, with all its rules
symgrad.network      equations, read and checked
symgrad.calculus     closed forms, and their evaluation
symgrad.numbers      exact powers, magnitudes, proved extrema, bounds, the depths at which floats lose a gradient
symgrad.claims       what a line of a derivation may say: one file a kind
symgrad.evidence     verdicts, and the checks that give them
symgrad.derivation   steps, each a claim with its rule and its evidence; entries of a catalogue
symgrad.export       text, LaTeX, Markdown, HTML, JSON
symgrad.api          Model, Gradient and Derivation, which put all of this into one hand
symgrad.experiments  how fast each layer of a network learns, on real data
symgrad.audit        which formulas and numbers of a text are right

>>> import symgrad as sg
>>> print(sg.model("chain").derivative("C", "b[1]"))
σ'(z_1) (∏_{j=2}^{L} w_j σ'(z_j)) ∂C/∂a_L
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # typing itself would be most of the time that `symgrad --help` takes

__version__ = "0.1.0"

if TYPE_CHECKING:
    from symgrad import experiments
    from symgrad.api.curve import curve
    from symgrad.api.derivation import Derivation
    from symgrad.api.draft import Draft
    from symgrad.api.from_sympy import from_sympy
    from symgrad.api.gradient import Gradient
    from symgrad.api.load import load
    from symgrad.api.model import Model, model, models, parse, read
    from symgrad.audit.same import same
    from symgrad.claims.expectation import expectation
    from symgrad.claims.extremum import extremum
    from symgrad.claims.jacobian import jacobian
    from symgrad.claims.limit import limit
    from symgrad.claims.minimax import minimax
    from symgrad.claims.moments import moments
    from symgrad.claims.norm_bound import norm_bound
    from symgrad.claims.relation import claim
    from symgrad.claims.slope import slope
    from symgrad.claims.solutions import solutions
    from symgrad.derivation.entry import Entry
    from symgrad.derivation.figure import (
        Arrow,
        ChainDiagram,
        Curve,
        Diagram,
        Level,
        Mark,
        NeuronBars,
        Node,
        Plot,
        Program,
        Table,
    )
    from symgrad.errors import KinkWarning, PrecisionWarning, SymgradError
    from symgrad.evidence.verdict import Verdict
    from symgrad.export.notation import NOTATIONS, Notation, notation
    from symgrad.numbers.bound.slope_bound import critical_weight, critical_weights
    from symgrad.numbers.box.enclose import Enclosure
    from symgrad.numbers.expectation.critical import critical
    from symgrad.numbers.expectation.expectation import gaussian_mean
    from symgrad.numbers.expectation.gain import gain
    from symgrad.numbers.extremum.extremum import maximise, minimise
    from symgrad.numbers.magnitude.horizon import horizon
    from symgrad.numbers.magnitude.magnitude import Magnitude
    from symgrad.numbers.magnitude.power import power
    from symgrad.numbers.magnitude.value import evaluate

_HOME = {
    "model": "symgrad.api.model",
    "models": "symgrad.api.model",
    "from_sympy": "symgrad.api.from_sympy",
    "parse": "symgrad.api.model",
    "same": "symgrad.audit.same",
    "read": "symgrad.api.model",
    "Model": "symgrad.api.model",
    "Gradient": "symgrad.api.gradient",
    "load": "symgrad.api.load",
    "Derivation": "symgrad.api.derivation",
    "Draft": "symgrad.api.draft",
    "claim": "symgrad.claims.relation",
    "jacobian": "symgrad.claims.jacobian",
    "limit": "symgrad.claims.limit",
    "slope": "symgrad.claims.slope",
    "solutions": "symgrad.claims.solutions",
    "extremum": "symgrad.claims.extremum",
    "minimax": "symgrad.claims.minimax",
    "expectation": "symgrad.claims.expectation",
    "moments": "symgrad.claims.moments",
    "norm_bound": "symgrad.claims.norm_bound",
    "curve": "symgrad.api.curve",
    "evaluate": "symgrad.numbers.magnitude.value",
    "power": "symgrad.numbers.magnitude.power",
    "maximise": "symgrad.numbers.extremum.extremum",
    "minimise": "symgrad.numbers.extremum.extremum",
    "horizon": "symgrad.numbers.magnitude.horizon",
    "gaussian_mean": "symgrad.numbers.expectation.expectation",
    "gain": "symgrad.numbers.expectation.gain",
    "critical": "symgrad.numbers.expectation.critical",
    "Magnitude": "symgrad.numbers.magnitude.magnitude",
    "Bound": "symgrad.api.bound",
    "Enclosure": "symgrad.numbers.box.enclose",
    "critical_weight": "symgrad.numbers.bound.slope_bound",
    "critical_weights": "symgrad.numbers.bound.slope_bound",
    "Verdict": "symgrad.evidence.verdict",
    "Plot": "symgrad.derivation.figure",
    "Program": "symgrad.derivation.figure",
    "Curve": "symgrad.derivation.figure",
    "Level": "symgrad.derivation.figure",
    "Mark": "symgrad.derivation.figure",
    "ChainDiagram": "symgrad.derivation.figure",
    "Node": "symgrad.derivation.figure",
    "NeuronBars": "symgrad.derivation.figure",
    "Diagram": "symgrad.derivation.figure",
    "Arrow": "symgrad.derivation.figure",
    "Table": "symgrad.derivation.figure",
    "Entry": "symgrad.derivation.entry",
    "NOTATIONS": "symgrad.export.notation",
    "Notation": "symgrad.export.notation",
    "notation": "symgrad.export.notation",
    "SymgradError": "symgrad.errors",
    "KinkWarning": "symgrad.errors",
    "PrecisionWarning": "symgrad.errors",
}

__all__ = [
    "NOTATIONS",
    "Arrow",
    "Bound",
    "ChainDiagram",
    "Curve",
    "Derivation",
    "Diagram",
    "Draft",
    "Enclosure",
    "Entry",
    "Gradient",
    "KinkWarning",
    "Level",
    "Magnitude",
    "Mark",
    "Model",
    "NeuronBars",
    "Node",
    "Notation",
    "Plot",
    "PrecisionWarning",
    "Program",
    "SymgradError",
    "Table",
    "Verdict",
    "claim",
    "critical",
    "critical_weight",
    "critical_weights",
    "curve",
    "evaluate",
    "expectation",
    "experiments",
    "extremum",
    "from_sympy",
    "gain",
    "gaussian_mean",
    "horizon",
    "jacobian",
    "limit",
    "load",
    "maximise",
    "minimax",
    "minimise",
    "model",
    "models",
    "moments",
    "norm_bound",
    "notation",
    "parse",
    "power",
    "read",
    "same",
    "slope",
    "solutions",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: the command line starts without SymPy and NumPy."""
    if name == "experiments":
        return import_module("symgrad.experiments")
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'symgrad' has no attribute {name!r}")


def load_ipython_extension(ipython: object) -> None:
    """Let a notebook know %%symgrad; what ``%load_ext symgrad`` calls."""
    from symgrad.desk.jupyter import load

    load(ipython)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
