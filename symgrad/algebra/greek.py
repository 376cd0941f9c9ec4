"""Greek letters and their names."""

NAMES = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi "
    "psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega"
)

GREEK = dict(zip("αβγδεζηθικλμνξοπρστυφχψωΓΔΘΛΞΠΣΦΨΩ", NAMES.split(), strict=True))
"""Unicode letter -> ASCII name; the two mean the same quantity."""

LETTERS = {name: letter for letter, name in GREEK.items()}
"""ASCII name -> Unicode letter."""
