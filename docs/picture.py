r"""Draw docs/picture.svg, which opens the README: an equation file, a command, and the page it gives.

What stands on the page is what the command writes. Run by ``make readme``; needs pdflatex and pdftocairo.
"""

import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
COMMAND = "symgrad derive my_network.eq --of E --wrt W --format latex"

PAGE = r"""\documentclass[11pt]{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage{lmodern,amsmath,amssymb,xcolor}
\setlength{\parindent}{0pt}
\setlength{\parskip}{6pt}
\setlength{\fboxsep}{10pt}
\definecolor{shade}{gray}{0.95}
\newsavebox{\whole}
\newcommand{\panel}[2]{\colorbox{#1}{\begin{minipage}{150mm}#2\end{minipage}}}
\begin{document}
\begin{lrbox}{\whole}
\colorbox{white}{\begin{minipage}{158mm}
\panel{shade}{\ttfamily\small %(equations)s}

\vspace{4pt}
\panel{shade}{\ttfamily\small \$ %(command)s}

\vspace{4pt}
\panel{white}{%(output)s}
\end{minipage}}
\end{lrbox}
\pdfpagewidth=\wd\whole
\pdfpageheight=\dimexpr\ht\whole+\dp\whole\relax
\hoffset=-1in
\voffset=-1in
\shipout\box\whole
\end{document}
"""


def equations() -> str:
    """Return the equation file that the README shows."""
    return re.search(r"```eq\n(.*?)```", (HERE.parent / "README.md").read_text(encoding="utf-8"), re.DOTALL)[1]


def page() -> str:
    """Return the picture as LaTeX."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "my_network.eq").write_text(equations(), encoding="utf-8")
        program = [str(Path(sys.executable).with_name("symgrad")), *shlex.split(COMMAND)[1:]]
        done = subprocess.run(program, cwd=folder, capture_output=True, encoding="utf-8", check=True)
    lines = [line for line in done.stdout.splitlines() if not line.startswith("%")]
    return PAGE % {
        "equations": "\\\\\n".join(map(typewriter, equations().splitlines())),
        "command": typewriter(COMMAND),
        "output": "\n".join(lines).strip(),
    }


def typewriter(line: str) -> str:
    """Return a line of plain text for LaTeX's typewriter font."""
    special = {"#": r"\#", "_": r"\_", "$": r"\$", "{": r"\{", "}": r"\}", "-": "{-}", " ": "~"}
    return "".join(special.get(c, c) for c in line)


def draw() -> None:
    """Write docs/picture.tex and docs/picture.svg."""
    (HERE / "picture.tex").write_text(page(), encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        latex = ["pdflatex", "-interaction=batchmode", f"-output-directory={folder}", str(HERE / "picture.tex")]
        subprocess.run(latex, check=True, timeout=60)
        subprocess.run(["pdftocairo", "-svg", f"{folder}/picture.pdf", f"{folder}/picture.svg"], check=True)
        svg = Path(folder, "picture.svg").read_text(encoding="utf-8")
    (HERE / "picture.svg").write_text(re.sub(r"\d+\.\d{3,}", shorter, svg), encoding="utf-8")


def shorter(number: re.Match[str]) -> str:
    """Return a number with two decimals: a quarter of the file is digits that no one sees."""
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


if __name__ == "__main__":
    draw()
