"""Equations under a coverage-guided fuzzer: a model, which can be printed and derived, or a SymgradError."""

import atheris

from tests.fuzz.runner import run

with atheris.instrument_imports(include=["symgrad.network", "symgrad.calculus"]):
    import symgrad as sg
    from symgrad.api.model import parse
    from symgrad.deadline import TimeUp, limited
    from symgrad.export.equations import understood
    from symgrad.export.formats import FORMATS
    from symgrad.export.notation import NOTATIONS

SECONDS = 10
SEEDS = tuple(str(sg.model(name)).encode() for name in sg.models())


def one(data: bytes) -> None:
    """Read equations, print them in every format, and derive the last quantity by the first parameters."""
    try:
        with limited(SECONDS):
            model = parse(data.decode("utf-8", errors="replace"))
            for format_ in FORMATS.values():
                assert "\x1b" not in format_.write(understood(model, NOTATIONS["nielsen"]))
            of = str(model.equations[-1].target)
            for parameter in model.parameters[:2]:
                derivative = model.derivative(of, str(parameter))
                str(derivative), derivative.latex("ng")
    except (sg.SymgradError, TimeUp):
        return


if __name__ == "__main__":
    run("equations", one, SEEDS)
