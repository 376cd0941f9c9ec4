"""The names that printed mathematics uses: functions, commands, spaces, letters."""

from __future__ import annotations

from symgrad.algebra.greek import GREEK

FUNCTIONS = frozenset(
    [
        "sin",
        "cos",
        "tan",
        "cot",
        "sec",
        "csc",
        "cosec",
        "sinh",
        "cosh",
        "tanh",
        "coth",
        "sech",
        "csch",
        "arcsin",
        "arccos",
        "arctan",
        "asin",
        "acos",
        "atan",
        "arsinh",
        "arcosh",
        "artanh",
        "asinh",
        "acosh",
        "atanh",
        "arcsinh",
        "arccosh",
        "arctanh",
        "exp",
        "log",
        "ln",
        "lg",
        "sqrt",
        "erf",
        "erfc",
        "max",
        "min",
        "abs",
        "sgn",
        "sign",
        "softmax",
        "diag",
        "gcd",
        "lcm",
    ]
)
"""What stands before its argument; beside these, the activations of the registry (``known``)."""

NAMED = {"sigma": "sigmoid", "Phi": "Phi", "Gamma": "Gamma"}
"""Letters that are known functions where they have an argument."""

WORDS = frozenset(("cost", "costs", "minus", "mine", "since", "expo", "maxi", "sing", "logs", "logic", "login", "tang"))
"""Words that begin as a function does."""

UNDERSTOOD = frozenset(("dx", "dy", "dz", "dt"))

GREEK_NAMES = {**GREEK, "ϵ": "epsilon", "ϕ": "phi", "ℓ": "ell", "varepsilon": "varepsilon", "varphi": "varphi"}
"""A letter or the name of a command, and the name of the letter."""

RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-", strict=True))

SPACES = (
    "\\,",
    "\\;",
    "\\:",
    "\\!",
    "\\ ",
    "\\>",
    "\\quad",
    "\\qquad",
    "\\enspace",
    "\\enskip",
    "\\thinspace",
    "\\medspace",
    "\\hspace*{",
    "\\hspace{",
    "\\hfill",
    "{}",
)
WIDE_SPACES = ("\\quad", "\\qquad", "\\hspace", "\\hfill")
"""Spaces that part statements, where there is one on each side of them."""

NARROW_SPACES = ("\\;", "\\ ", "\\:", "\\>", "\\enspace", "\\enskip")
"""Spaces of which two do so."""

IGNORED = {
    **dict.fromkeys(
        [
            "left",
            "right",
            "middle",
            "big",
            "Big",
            "bigg",
            "Bigg",
            "bigl",
            "bigr",
            "Bigl",
            "Bigr",
            "biggl",
            "biggr",
            "Biggl",
            "Biggr",
            "displaystyle",
            "ds",
            "textstyle",
            "scriptstyle",
            "limits",
            "nolimits",
            "nonumber",
            "notag",
            "hline",
            "small",
            "large",
            "normalsize",
            "qedhere",
            "checkmark",
        ],
        False,
    ),
    **dict.fromkeys(
        [
            "label",
            "tag",
            "hspace",
            "vspace",
            "color",
            "phantom",
            "hphantom",
            "vphantom",
            "textcolor",
            "cite",
            "ref",
            "eqref",
        ],
        True,
    ),
}
"""Commands that mean nothing here, and whether a group follows that is skipped with them."""

FONTS = {
    **dict.fromkeys(
        [
            "text",
            "textrm",
            "textit",
            "textbf",
            "textnormal",
            "mbox",
            "mathrm",
            "operatorname",
            "mathop",
            "textsf",
            "texttt",
            "mathtt",
        ],
        True,
    ),
    **dict.fromkeys(
        ["mathbf", "mathit", "mathsf", "mathcal", "boldsymbol", "bm", "mathbb", "mathfrak", "mathscr", "pmb", "boxed"],
        False,
    ),
}
"""Commands that change the type: of words, or of letters."""

ACCENTS = frozenset(["hat", "bar", "tilde", "vec", "dot", "ddot", "overline", "widehat", "widetilde", "underline"])
ACCENTS |= {"overrightarrow", "overleftarrow", "underbar", "mathring", "check", "breve", "acute", "grave"}

OPERATORS = {
    "cdot": ("op", "*"),
    "times": ("op", "*"),
    "ast": ("op", "*"),
    "div": ("op", "/"),
    "pm": ("op", "±"),
    "mp": ("op", "±"),
    "frac": ("frac", "frac"),
    "tfrac": ("frac", "frac"),
    "dfrac": ("frac", "frac"),
    "cfrac": ("frac", "frac"),
    "binom": ("frac", "binom"),
    "odot": ("op", "⊙"),
    "choose": ("op", "choose"),
    "bmod": ("op", "mod"),
    "mod": ("op", "mod"),
    "Mod": ("op", "mod"),
    "over": ("op", "over"),
    "Pr": ("letter", "Pr"),
    "partial": ("op", "∂"),
    "nabla": ("op", "∇"),
    "int": ("op", "∫"),
    "sum": ("op", "∑"),
    "prod": ("op", "∏"),
    "infty": ("op", "∞"),
    "prime": ("op", "'"),
    "mid": ("op", "|"),
    "vert": ("op", "|"),
    "lvert": ("op", "|"),
    "rvert": ("op", "|"),
    "Vert": ("op", "‖"),
    "lVert": ("op", "‖"),
    "rVert": ("op", "‖"),
    "dots": ("op", "…"),
    "dotsc": ("op", "…"),
    "dotsb": ("op", "…"),
    "dotsm": ("op", "…"),
    "dotso": ("op", "…"),
    "ldots": ("op", "…"),
    "cdots": ("op", "…"),
    "vdots": ("op", "…"),
    "ddots": ("op", "…"),
    "circ": ("op", "°"),
    "degree": ("op", "°"),
    "eq": ("relation", "="),
    "approx": ("relation", "≈"),
    "approxeq": ("relation", "≈"),
    "simeq": ("relation", "≈"),
    "doteq": ("relation", "≈"),
    "lt": ("relation", "<"),
    "gt": ("relation", ">"),
    "le": ("relation", "≤"),
    "leq": ("relation", "≤"),
    "leqslant": ("relation", "≤"),
    "ge": ("relation", "≥"),
    "geq": ("relation", "≥"),
    "geqslant": ("relation", "≥"),
    "ll": ("relation", "≪"),
    "gg": ("relation", "≫"),
    "ne": ("relation", "≠"),
    "neq": ("relation", "≠"),
    "equiv": ("relation", "≡"),
    "sim": ("relation", "~"),
    "propto": ("relation", "∝"),
    "in": ("relation", "∈"),
    "coloneqq": ("relation", ":="),
    "triangleq": ("relation", ":="),
    "to": ("arrow", "→"),
    "rightarrow": ("arrow", "→"),
    "Rightarrow": ("arrow", "→"),
    "longrightarrow": ("arrow", "→"),
    "Longrightarrow": ("arrow", "→"),
    "implies": ("arrow", "→"),
    "iff": ("arrow", "→"),
    "Leftrightarrow": ("arrow", "→"),
    "leftarrow": ("arrow", "→"),
    "gets": ("arrow", "→"),
    "mapsto": ("arrow", "→"),
    "lbrace": ("open", "\\{"),
    "rbrace": ("close", "\\}"),
    "langle": ("open", "⟨"),
    "rangle": ("close", "⟩"),
    "lfloor": ("open", "⌊"),
    "rfloor": ("close", "⌋"),
    "lceil": ("open", "⌈"),
    "rceil": ("close", "⌉"),
}
