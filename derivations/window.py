"""How wide the window is in which a neuron does not make the gradient smaller."""

import symgrad as sg

SOURCE = (
    "M. Nielsen, Neural Networks and Deep Learning, chapter 5, section What's causing the vanishing gradient problem?, "
    "first problem on the prevalence of the vanishing gradient, equation 123"
)
LOGISTIC = {"sigma": "logistic"}
END = "log(abs(w)*(1 + sqrt(1 - 4/abs(w)))/2 - 1)"
WIDTH = f"2/abs(w)*{END}"
WIDTH_OF_Z = "z/(2*cosh(z/2)^2)"

HALF_WIDTH = "1.5434046384182084479587097400533155536978837647193"
WEIGHT = "6.8941510322729280142120043530732618028792068449017"
WIDEST = "0.44774320469430284917832424096967256979161169212605"
"""To 50 digits; the check of a step encloses each of them anew."""


def _product(draft: sg.Draft) -> int:
    draft.section("What a factor must be")
    return draft.states(
        "(1/2*2)^n = 1",
        "n >= 1",
        because="The gradient is a product of factors w σ'(z). One may be less than 1 where another makes up for "
        "it. If they are all alike, each must be at least 1: for this we look.",
    )


def _needed_weight(draft: sg.Draft) -> int:
    draft.section("Only a weight of at least 4 will do")
    slope = draft.states(
        "sigma'(z) <= 1/4",
        by="bound on the slope",
        because="The slope of the logistic function is greatest at 0, where it is 1/4.",
        functions=LOGISTIC,
    )
    factor = draft.states(
        "abs(w)*sigma'(w*a + b) <= abs(w)/4",
        by="product of bounds",
        because="So the factor that one neuron gives to the gradient is at most |w|/4, whatever a and b are.",
        premises=(slope,),
        functions=LOGISTIC,
    )
    return draft.states(
        "abs(w)/4 < 1",
        "-4 < w < 4",
        because="That is less than 1 where |w| < 4. This answers part (1): |w σ'(wa + b)| ≥ 1 needs |w| ≥ 4.",
        premises=(factor,),
    )


def _window(draft: sg.Draft, needed: int) -> int:
    draft.section("The window: where the factor is at least 1")
    in_u = draft.states(
        "w*sigma'(log(u)) - 1 = -(u^2 - (w - 2)*u + 1)/(1 + u)^2",
        "w >= 4",
        "u > 0",
        because="Let z = wa + b be the weighted input and u = exp(z). For w ≥ 4 the condition is then a quadratic one.",
        premises=(needed,),
        functions=LOGISTIC,
    )
    factored = draft.states(
        "u^2 - (w - 2)*u + 1 = (u - (w*(1 + sqrt(1 - 4/w))/2 - 1))*(u - (w*(1 - sqrt(1 - 4/w))/2 - 1))",
        "w >= 4",
        "u > 0",
        because="Its two roots; they are real because w ≥ 4.",
        premises=(in_u,),
    )
    roots = draft.states(
        "(w*(1 + sqrt(1 - 4/w))/2 - 1)*(w*(1 - sqrt(1 - 4/w))/2 - 1) = 1",
        "w >= 4",
        because="Their product is 1, so their logarithms differ in sign only: the window is symmetric about z = 0.",
        premises=(factored,),
    )
    in_z = draft.add(
        sg.solutions(
            "w*sigma'(z) >= 1",
            "z",
            "-log(w*(1 + sqrt(1 - 4/w))/2 - 1)",
            "log(w*(1 + sqrt(1 - 4/w))/2 - 1)",
            "w >= 4",
            functions=LOGISTIC,
        ),
        "algebra",
        "The quadratic is not positive between its roots and nowhere else.",
        in_u,
        factored,
        roots,
    )
    ends = f"-b/w - {END}/abs(w)", f"-b/w + {END}/abs(w)"
    in_a = [
        draft.add(
            sg.solutions("abs(w)*sigma'(w*a + b) >= 1", "a", *ends, where, functions=LOGISTIC),
            "substitution",
            because,
            in_z,
        )
        for where, because in (
            ("w >= 4", "With z = wa + b the activations a that satisfy the condition form an interval around -b/w."),
            ("w <= -4", "For a negative weight as well, because σ' is even."),
        )
    ]
    return draft.states(
        f"2*({END}/abs(w)) = {WIDTH}",
        "w >= 4",
        because="Its ends lie on either side of the middle -b/w, equally far away: twice that is the width, part (2). "
        "It is a bound only because activations lie between 0 and 1, and the window may reach beyond them.",
        premises=tuple(in_a),
        label="123",
    )


def _one_variable_less(draft: sg.Draft, width: int) -> int:
    draft.section("The width by its half-width in weighted input")
    weight = draft.states(
        "4*cosh(z/2)^2*sigma'(z) = 1",
        because="Let the window end at the weighted input z ≥ 0. There |w| σ'(z) = 1, so |w| = 4 cosh²(z/2).",
        premises=(width,),
        functions=LOGISTIC,
    )
    grows = draft.add(
        sg.slope("4*cosh(z/2)^2", "z", "2*sinh(z)", "z >= 0"),
        "calculus",
        "This weight is 4 at z = 0, and it grows,",
        weight,
    )
    rises = draft.states("2*sinh(z) > 0", "z > 0", because="because its slope is positive,", premises=(grows,))
    onto = draft.tends(
        "4*cosh(z/2)^2",
        "z",
        "oo",
        "oo",
        because="beyond all bounds. So z ≥ 0 and |w| ≥ 4 belong to each other one to one.",
        premises=(grows, rises),
    )
    root = draft.states(
        "sqrt(1 - 4/(4*cosh(z/2)^2)) = tanh(z/2)",
        "z >= 0",
        because="The root in the formula of the width is a hyperbolic tangent,",
        premises=(width, weight),
    )
    logarithm = draft.states(
        "log(4*cosh(z/2)^2*(1 + tanh(z/2))/2 - 1) = z",
        "z >= 0",
        because="the logarithm is z itself,",
        premises=(root,),
    )
    return draft.states(
        f"2/(4*cosh(z/2)^2)*z = {WIDTH_OF_Z}",
        "z >= 0",
        by="substitution",
        because="and the width becomes a simple function of z.",
        premises=(width, weight, logarithm, onto),
    )


def _only_maximum(draft: sg.Draft, in_z: int) -> int:
    draft.section("The only maximum")
    slope = draft.add(
        sg.slope(WIDTH_OF_Z, "z", "(1 - z*tanh(z/2))/(2*cosh(z/2)^2)", "z >= 0"),
        "calculus",
        "The slope of the width has the sign of 1 - z tanh(z/2).",
        in_z,
    )
    steep = draft.add(
        sg.slope("z*tanh(z/2)", "z", "tanh(z/2) + z/(2*cosh(z/2)^2)", "z >= 0"),
        "calculus",
        "Now z tanh(z/2) starts from 0 at z = 0 and rises,",
    )
    rises = draft.states(
        "tanh(z/2) + z/(2*cosh(z/2)^2) > 0", "z > 0", because="for both terms are positive,", premises=(steep,)
    )
    beyond = draft.tends(
        "z*tanh(z/2)",
        "z",
        "oo",
        "oo",
        because="beyond 1. So it is 1 at exactly one z: up to there the width rises, from there on it falls, and this "
        "stationary point is the only one.",
        premises=(slope, steep, rises),
    )
    half = draft.add(
        sg.extremum("maximum", WIDTH_OF_Z, "z >= 0", WIDEST, HALF_WIDTH),
        "extremum",
        "There z tanh(z/2) = 1. Place and value to 50 digits:",
        beyond,
    )
    widest = draft.add(
        sg.extremum("maximum", "2/w*log(w*(1 + sqrt(1 - 4/w))/2 - 1)", "w >= 4", WIDEST, WEIGHT),
        "extremum",
        "The same maximum in the formula of the problem. So the source's 6.9 and 0.45 are right, part (3).",
        in_z,
        half,
    )
    draft.states(
        f"{WIDEST[:12]} ~ 0.45",
        by="exact arithmetic",
        because="Rounded as the source prints it: the width,",
        premises=(widest,),
    )
    draft.states(f"{WEIGHT[:12]} ~ 6.9", by="exact arithmetic", because="and the weight.", premises=(widest,))
    return widest


def _what_is_greatest(draft: sg.Draft, widest: int) -> None:
    draft.section("What is greatest at 6.9, and what is not")
    middle = draft.states(
        "abs(w)*sigma'(w*(-b/w) + b) = abs(w)/4",
        "w >= 4",
        because="The width of the window is greatest there, and not |w σ'| itself: in the middle of the window that is "
        "|w|/4,",
        functions=LOGISTIC,
    )
    draft.tends(
        "abs(w)/4", "w", "oo", "oo", because="which grows beyond all bounds with the weight,", premises=(middle,)
    )
    draft.states(
        f"{WEIGHT[:12]}*sigma'(0) ~ 1.7235",
        by="numerical enclosure",
        because="and is not even 2 at the weight with the widest window.",
        premises=(middle, widest),
        functions=LOGISTIC,
    )
    draft.tends(
        "2/w*log(w*(1 + sqrt(1 - 4/w))/2 - 1)",
        "w",
        "oo",
        "0",
        because="The window of a large weight is narrow: its factor is large, and hardly any activation meets it.",
        premises=(widest,),
    )


def _figures(draft: sg.Draft) -> None:
    widths = sg.curve("", "2/w*log(w*(1 + sqrt(1 - 4/w))/2 - 1)", "4 <= w <= 40", points=361)
    draft.figure(
        sg.Plot(
            "window-width",
            "The width of the window against the weight. It is 0 at |w| = 4, greatest at 6.894, and falls slowly.",
            "$|w|$",
            "width",
            (widths,),
            marks=(sg.Mark(float(WEIGHT), float(WIDEST), "$(6.894,\\ 0.4477)$"),),
        )
    )
    factors = tuple(
        sg.curve(f"$|w| = {w}$", f"{w}*sigma'({w}*a)", "-1 <= a <= 1", points=201, functions=LOGISTIC)
        for w in ("4", "6.894", "20")
    )
    draft.figure(
        sg.Plot(
            "window-factor",
            "The factor of one neuron against the input activation, from the middle -b/w of the window. The window is "
            "where a curve lies above 1. A larger weight has a higher factor in a narrower window.",
            "$a + b/w$",
            "$|w\\,\\sigma'(wa + b)|$",
            factors,
            levels=(sg.Level(1.0, "$1$"),),
        )
    )


def build() -> sg.Derivation:
    """Return the steps of all three parts of the problem, and what they say."""
    draft = sg.Draft(ENTRY.title, SOURCE, ENTRY.assumptions)
    product = _product(draft)
    width = _window(draft, _needed_weight(draft))
    in_z = _one_variable_less(draft, width)
    _what_is_greatest(draft, _only_maximum(draft, in_z))
    _figures(draft)
    draft.errs(
        "paragraph on the prevalence of the vanishing gradient problem",
        "that |w σ'(z)| ≥ 1 is needed to avoid a vanishing gradient",
        "that the product must not shrink: a factor less than 1 is made good by a larger one",
        sg.claim("abs(u*v) < 1", "0 < u < 1", "1 <= v <= 4"),
        product,
    )
    draft.errs(
        "equation 123, as printed by LibreTexts",
        "a bracket that opens before 1 + √(1 - 4/|w|) and never closes; if it closed after the 2 below, the window "
        "would end at ln(|w|(1 + √(1 - 4/|w|)/2) - 1)",
        "a bracket that closes after the root",
        sg.claim("w*sigma'(log(w*(1 + sqrt(1 - 4/w)/2) - 1)) = 1", "w >= 4", functions=LOGISTIC),
        width,
    )
    return draft.derivation()


ENTRY = sg.Entry(
    name="window",
    title="How wide is the window?",
    source=SOURCE,
    text=(
        "A neuron keeps the gradient from shrinking only where its factor |w σ'(wa + b)| is at least 1. The "
        "window is the set of input activations for which this holds. However the weight is chosen, it is not "
        "wider than 0.448."
    ),
    assumptions=("σ is the logistic function.",),
    build=build,
)
