"""symgrad: the gradients of deep networks, derived, proved and typeset.

A network is its equations; a gradient is an ordered product of linear maps; every printed line carries
its evidence. In reading order:

symgrad.algebra      indices, shapes, expressions, linear maps
symgrad.arithmetic   number systems: float64, exact, mpmath, balls, Taylor numbers, SymPy
symgrad.ops          primitives: one record each, with all its rules
symgrad.network      equations, read and checked
symgrad.calculus     closed forms, and their evaluation
symgrad.evidence     verdicts, and the checks that give them
symgrad.derivation   entries of a catalogue: what a book prints
symgrad.export       text, LaTeX, Markdown
symgrad.api          Model and Gradient, which put all of this into one hand
symgrad.audit        the formulas and numbers that a text prints, checked

>>> import symgrad as sg
>>> print(sg.model("chain").derivative("C", "b[1]"))
σ'(z_1) (∏_{j=2}^{L} w_j σ'(z_j)) ∂C/∂a_L
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # typing itself would be most of the time that `symgrad --help` takes

__version__ = "0.1.0"

if TYPE_CHECKING:
    from symgrad.api.claims import claim, extremum, jacobian, limit, minimax, norm_bound, slope, solutions
    from symgrad.api.curve import curve
    from symgrad.api.derivation import Derivation
    from symgrad.api.draft import Draft
    from symgrad.api.gradient import Gradient
    from symgrad.api.model import Model, model, models, parse, read
    from symgrad.derivation.entry import Entry
    from symgrad.derivation.figure import ChainDiagram, Curve, Level, Mark, Plot, Table
    from symgrad.errors import PrecisionWarning, SymgradError
    from symgrad.evidence.verdict import Verdict
    from symgrad.export.notation import NOTATIONS, Notation, notation
    from symgrad.numbers.bound import Bound
    from symgrad.numbers.enclose import Enclosure
    from symgrad.numbers.extremum import maximise, minimise
    from symgrad.numbers.horizon import horizon
    from symgrad.numbers.magnitude import Magnitude
    from symgrad.numbers.power import power
    from symgrad.numbers.slope_bound import critical_weight, critical_weights

_HOME = {
    "model": "symgrad.api.model",
    "models": "symgrad.api.model",
    "parse": "symgrad.api.model",
    "read": "symgrad.api.model",
    "Model": "symgrad.api.model",
    "Gradient": "symgrad.api.gradient",
    "Derivation": "symgrad.api.derivation",
    "Draft": "symgrad.api.draft",
    "claim": "symgrad.api.claims",
    "jacobian": "symgrad.api.claims",
    "limit": "symgrad.api.claims",
    "slope": "symgrad.api.claims",
    "solutions": "symgrad.api.claims",
    "extremum": "symgrad.api.claims",
    "minimax": "symgrad.api.claims",
    "norm_bound": "symgrad.api.claims",
    "curve": "symgrad.api.curve",
    "power": "symgrad.numbers.power",
    "maximise": "symgrad.numbers.extremum",
    "minimise": "symgrad.numbers.extremum",
    "horizon": "symgrad.numbers.horizon",
    "Magnitude": "symgrad.numbers.magnitude",
    "Bound": "symgrad.numbers.bound",
    "Enclosure": "symgrad.numbers.enclose",
    "critical_weight": "symgrad.numbers.slope_bound",
    "critical_weights": "symgrad.numbers.slope_bound",
    "Verdict": "symgrad.evidence.verdict",
    "Plot": "symgrad.derivation.figure",
    "Curve": "symgrad.derivation.figure",
    "Level": "symgrad.derivation.figure",
    "Mark": "symgrad.derivation.figure",
    "ChainDiagram": "symgrad.derivation.figure",
    "Table": "symgrad.derivation.figure",
    "Entry": "symgrad.derivation.entry",
    "NOTATIONS": "symgrad.export.notation",
    "Notation": "symgrad.export.notation",
    "notation": "symgrad.export.notation",
    "SymgradError": "symgrad.errors",
    "PrecisionWarning": "symgrad.errors",
}

__all__ = [
    "NOTATIONS",
    "Bound",
    "ChainDiagram",
    "Curve",
    "Derivation",
    "Draft",
    "Enclosure",
    "Entry",
    "Gradient",
    "Level",
    "Magnitude",
    "Mark",
    "Model",
    "Notation",
    "Plot",
    "PrecisionWarning",
    "SymgradError",
    "Table",
    "Verdict",
    "claim",
    "critical_weight",
    "critical_weights",
    "curve",
    "extremum",
    "horizon",
    "jacobian",
    "limit",
    "maximise",
    "minimax",
    "minimise",
    "model",
    "models",
    "norm_bound",
    "notation",
    "parse",
    "power",
    "read",
    "slope",
    "solutions",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: the command line starts without SymPy and NumPy."""
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'symgrad' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
