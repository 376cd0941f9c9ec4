"""Characters that look like an operator or a letter and are another: ``w·h`` is one name to Python's grammar.

Letters, digits and the underscore make names, in any script; what looks like a sign is an error that says what
to write, and never a part of a name.
"""

from __future__ import annotations

import re
import unicodedata

PRODUCT = "write * between numbers and entry by entry, @ for the product of matrices"
MINUS = "write the minus sign of the keyboard, -"
PRIME = "a derivative is asked for with --of and --wrt; for another quantity write h_prime"
TRANSPOSE = "write W.T for the transpose"
SUM = "write sum(x) for the sum of the entries, sum[t](x[t]) for a sum over steps or over a family"
RELATION = "write equations with =, and what is assumed of a parameter as 'x: positive'"
SPACE = "write an ordinary space"
QUOTE = "remove it: an equation holds names, numbers and operators"

INSTEAD: dict[str, str] = {
    **dict.fromkeys("·⋅∙•‧・×✕✖⨯∗⁎∘⊙⊛○◦⋆⊠⊡", PRODUCT),
    "⊗": "write outer(x, y) for x yᵀ",
    "⊕": "write +",
    "＋": "write +",
    **dict.fromkeys("−–—‐‑‒―﹣－", MINUS),
    **dict.fromkeys("÷∕⁄⊘／", "write /"),
    **dict.fromkeys("′″‴ʹʺʼ’‘‛´", PRIME),
    **dict.fromkeys("ᵀᵗ⊤⟙", TRANSPOSE),
    **dict.fromkeys("†‡ᴴ", "write W.T: the numbers are real"),
    **dict.fromkeys("²³¹⁰⁴⁵⁶⁷⁸⁹ⁿ⁻⁺", "write ** for a power, x**2; a label belongs into the name, a_2"),
    **dict.fromkeys("₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₗₘₙₜ₊₋", "write a[2] for an index, a_2 for a label"),
    **dict.fromkeys("∑", SUM),
    **dict.fromkeys("∏", "write prod[t](x[t]) for a product over steps or over a family"),
    **dict.fromkeys("√∛∜", "write sqrt(x)"),
    **dict.fromkeys("∂∇", "a derivative is asked for with --of and --wrt"),
    "∆": "write Delta, or the Greek letter Δ",
    **dict.fromkeys("∫∞", "the language has sums and products of finitely many terms alone"),
    **dict.fromkeys("≤≥≠≈≡∼∝∈∉→←↦⇒", RELATION),
    **dict.fromkeys("≔＝", "write ="),
    **dict.fromkeys("：", "write :"),
    **dict.fromkeys("‖∥｜∣", "write norm(x) for a norm, abs(x) for an absolute value"),
    **dict.fromkeys("⟨⟩〈〉", "write x@y for an inner product"),
    **dict.fromkeys("“”„«»", QUOTE),
    **dict.fromkeys("𝟏𝟙", "write ones for the vector of ones"),
    **dict.fromkeys("…⋯", "write every term"),
    **dict.fromkeys("（）", "write ( and )"),
    **dict.fromkeys("，；", "write one equation a line, and , between arguments"),
}
"""What to write in the place of a character."""

LATIN = dict(
    zip(
        "ɑАВЕЅІЈКМНОРСТХУаеѕіјорсхуԁԛԝһΑΒΕΖΗΙΚΜΝΟΡΤΥΧοᴏⅼ",
        "aABESIJKMHOPCTXYaesijopcxydqwhABEZHIKMNOPTYXooI",
        strict=True,
    )
)
"""Letters of other scripts, and the Latin letters that they cannot be told from."""


def misread(text: str) -> tuple[int, str, str] | None:
    """Return the first character that is no part of an equation: its column, what it is, what to write instead.

    >>> misread("h = w·x")
    (5, "'·' (middle dot) is no operator of the language", 'write * between numbers and entry by entry, @ for the \
product of matrices')
    >>> misread("σ_1 = θ_hat*x") is None
    True
    """
    if text.isascii():
        return None
    for column, c in enumerate(text):
        if not c.isascii() and not _is_letter(c):
            name = unicodedata.name(c, f"U+{ord(c):04X}").lower()
            kind = "is no operator of the language" if c in INSTEAD else "cannot stand in an equation"
            space = unicodedata.category(c) in ("Zs", "Cf", "Zl", "Zp")
            todo = SPACE if space else INSTEAD.get(c, "write names, numbers and + - * / ** @ .T")
            return column, f"{c!r} ({name}) {kind}", todo
    for word in re.finditer(r"[^\W\d_]+", text):
        letters = word[0]
        if not letters.isascii() and all(c in LATIN or c.isascii() for c in letters):
            first = next(i for i, c in enumerate(letters) if c in LATIN)
            name = unicodedata.name(letters[first]).lower()
            latin = "".join(LATIN.get(c, c) for c in letters)
            return word.start() + first, f"{letters[first]!r} is a {name}, and looks like another", f"write {latin}"
    return None


def _is_letter(c: str) -> bool:
    """Tell whether a character is part of a name: a letter or an accent; another style of a letter is that letter."""
    style = unicodedata.decomposition(c).partition(" ")[0]
    plain = unicodedata.normalize("NFKC", c)
    if style.startswith("<") and (style not in ("<font>", "<compat>") or len(plain) > 1 or not plain.isalpha()):
        return False  # superscripts, subscripts, ligatures
    return c not in INSTEAD and unicodedata.category(c) in ("Lu", "Ll", "Lt", "Lo", "Mn", "Mc")
