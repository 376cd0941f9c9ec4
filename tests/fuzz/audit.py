"""symgrad audit under a coverage-guided fuzzer: whatever the bytes, findings with places inside, in bounded time."""

import atheris

from tests.fuzz.runner import run

with atheris.instrument_imports(include=["symgrad.audit"]):
    from symgrad.audit.audit import audit_text
    from symgrad.audit.report.page import audit_page
    from symgrad.audit.report.sarif import sarif
    from symgrad.audit.report.text import text
    from symgrad.errors import SymgradError

NAMES = ("a.md", "a.tex", "a.rst", "a.ipynb")
SEEDS = (
    b"\0So $1.5^{149} \\approx 3.7 \\times 10^{26}$, $\\sigma'(z) = \\sigma(z)(1-\\sigma(z))$ for $z > 0$.",
    b"\1\\begin{align} \\frac{d}{dx} x^2 &= 2x \\\\ &\\leq \\sqrt{3}, \\int x \\, dx = \\frac{x^2}{2} + C \\end{align}",
    b"\2:math:`\\log_2 8 = 3`\n\n.. math::\n\n   \\sum_{k=1}^{3} k = 6\n",
    b'\3{"cells": [{"cell_type": "code", "source": "x = 1.5\\nprint(x**3)  # 3.4", "outputs": [{"text": "3.4"}]}]}',
    b"\0| value | calculation |\n|---|---|\n| $3.4$ | $1.5^3$ |\n\n```python\nprint(f'{2**0.5:.2f}')\n# Output: 1.41"
    b"\n```",
    b"\0<!-- symgrad: assume x > 0 -->\n$$\\begin{bmatrix} 1 & 2 \\\\ 3 & 4 \\end{bmatrix} = \\binom{4}{2}$$ 2*3 = 6",
    b"\0$a_j = Ux_j + Ws_{j-1} + b$, $s_j = \\sigma(a_j)$, $\\frac{\\partial s_j}{\\partial s_{j-1}} = W$",
)


def one(data: bytes) -> None:
    """Audit a text, and write every report of it."""
    name = NAMES[data[0] % len(NAMES)] if data else NAMES[0]
    document = data[1:].decode("utf-8", errors="replace")
    try:
        found = audit_text(name, document, everything=True)
    except SymgradError:
        return
    rows = document.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for finding in found.findings:
        assert finding.place.column >= 1
        assert finding.place.cell or 1 <= finding.place.line <= len(rows)
    assert all(len(line.plain) <= 80 for line in text([found]))
    audit_page([found])
    sarif([found], "0")


if __name__ == "__main__":
    run("audit", one, SEEDS)
