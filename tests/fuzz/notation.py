"""Notations under a coverage-guided fuzzer: a page whose LaTeX has its braces and no command of a file, or an error."""

from pathlib import Path
from tempfile import TemporaryDirectory

import atheris

from tests.fuzz.runner import run

with atheris.instrument_imports(include=["symgrad.export"]):
    import symgrad as sg
    from symgrad.export.derivative import Presentation
    from symgrad.export.latex_math import math_latex
    from symgrad.export.notation import notation

SEEDS = tuple(
    text.encode()
    for text in (
        'name = "mybook"\n[style]\nindex = "superscript"\nhadamard = "∘"\nerror = "d"\n[names]\nz = "h"\n',
        'shared = true\n[macros]\nv = "\\\\mathbf{#1}"\n[latex]\nz = "\\\\v{z}_{in}"\nL = "\\\\ell"\n',
        '[latex]\nw = "\\\\mathbf{W}"\nC = "\\\\mathcal{L}"\n[style]\ntranspose = "\\\\top"\nsubscripts = "upright"\n',
        '[names]\nsigma = "phi_hat"\n[style]\nindex = "bracket"\nderivative = "\\\\mathrm d"\nvectors = "bold"\n',
    )
)
CHAIN = sg.model("chain").derivative("C", "b[1]")
FORBIDDEN = ("\\input", "\\include", "\\write", "\\def", "\\csname", "\\catcode", "\\openout", "\\read", "^^", "\n\n")


def one(data: bytes) -> None:
    """Print a derivative in a notation."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "n.toml")
        path.write_bytes(data)
        try:
            page = Presentation(CHAIN, notation(str(path)), "numerator", "folded")
            written = math_latex(page.right)
            assert written.count("{") == written.count("}")
            assert not [word for word in FORBIDDEN if word in written]
            assert str(page.equation()).isprintable()
        except sg.SymgradError:
            return


if __name__ == "__main__":
    run("notation", one, SEEDS)
