"""The identity neuron: how close a neuron with one input comes to passing it on unchanged."""

import symgrad as sg

SOURCE = (
    "M. Nielsen, Neural Networks and Deep Learning, chapter 5, section What's causing the vanishing gradient problem?, "
    "problem Identity neuron"
)
LOGISTIC = {"sigma": "logistic"}
REST = "d - 4/w_1*(sigma(w_1*d) - 1/2)"

WEIGHT, BIAS = "5.64764356596244582538424403031", "-2.82382178298122291269212201515"
LEFT, RIGHT = "0.285985574779129124490393808979", "0.714014425220870875509606191021"
LEAST = "0.0560503844411513921575725929"
"""The best neuron: its parameters, where between 0 and 1 its error is largest, and how large."""


def _states(
    draft: sg.Draft, text: str, *where: str, by: str = "algebra", because: str, premises: tuple[int, ...] = ()
) -> int:
    return draft.states(text, *where, by=by, because=because, premises=premises, functions=LOGISTIC)


def _hint(draft: sg.Draft) -> tuple[int, int]:
    """Return the steps that show the straight line, and what Taylor's series leaves out."""
    draft.section("The hint")
    moved = _states(
        draft,
        "sigma(w_1*(1/2 + Delta) - w_1/2) = sigma(w_1*Delta)",
        by="substitution",
        because="Put x = 1/2 + Δ, and choose b = -w₁/2: the weighted input is w₁ Δ.",
    )
    value = _states(
        draft, "sigma(0) = 1/2", by="series", because="Taylor's series of σ around 0 begins with its value,"
    )
    slope = _states(draft, "sigma'(0) = 1/4", by="series", because="its slope,", premises=(value,))
    cubic = draft.tends(
        "(sigma(u) - 1/2 - u/4)/u^3",
        "u",
        "0",
        "-1/48",
        because="no term in u², because σ - 1/2 is odd, and a term in u³: σ(u) = 1/2 + u/4 - u³/48 + ...",
        premises=(value, slope),
        functions=LOGISTIC,
    )
    line = _states(
        draft,
        "4/w_1*(1/2 + w_1*(x - 1/2)/4) = x + (2/w_1 - 1/2)",
        "w_1 > 0",
        because="With w₂ = 4/w₁ the first two terms give a straight line. Its slope is right, and its value is too "
        "large by a constant,",
        premises=(moved, value, slope),
    )
    draft.tends(
        "2/w_1 - 1/2",
        "w_1",
        "0",
        "oo",
        "w_1 > 0",
        because="which grows beyond all bounds as w₁ becomes small.",
        premises=(line,),
    )
    any_bias = _states(
        draft,
        "sigma(b)/(w_1*sigma'(b)) = (1 + exp(b))/w_1",
        "w_1 > 0",
        because="No other b helps. The slope at x = 0 is right for w₂ = 1/(w₁ σ'(b)), and the output there is",
        premises=(moved,),
    )
    _states(
        draft,
        "(1 + exp(b))/w_1 > 1/w_1",
        "w_1 > 0",
        because="more than 1/w₁, where it should be 0: a small w₁ makes it worse.",
        premises=(any_bias,),
    )
    return line, cubic


def _with_a_constant(draft: sg.Draft, line: int, cubic: int) -> None:
    draft.section("With the constant taken away")
    odd = _states(
        draft,
        "sigma(-u) - 1/2 = -(sigma(u) - 1/2)",
        because="A bias 1/2 - 2/w₁ on the output takes the constant away. What is left is as large at -Δ as at Δ, so "
        "let Δ = d ≥ 0.",
        premises=(line,),
    )
    below = _states(
        draft, "u/4 - (sigma(u) - 1/2) >= 0", "u >= 0", by="series", because="The series' first term is too large,"
    )
    above = _states(
        draft,
        "u/4 - (sigma(u) - 1/2) <= u^3/48",
        "u >= 0",
        by="series",
        because="and by no more than the next term.",
        premises=(cubic,),
    )
    scaled = _states(
        draft,
        f"{REST} = 4/w_1*(w_1*d/4 - (sigma(w_1*d) - 1/2))",
        "w_1 > 0",
        because="The error is 4/w₁ times that, with u = w₁ d,",
        premises=(line,),
    )
    cube = _states(
        draft,
        "4/w_1*((w_1*d)^3/48) = w_1^2*d^3/12",
        "w_1 > 0",
        by="substitution",
        because="so it is between 0 and",
        premises=(below, above, scaled),
    )
    bound = _states(
        draft,
        "w_1^2*d^3/12 <= w_1^2/96",
        "w_1 > 0",
        "0 <= d <= 1/2",
        because="which is greatest at the ends of [0, 1], where d = 1/2. This bound holds for every w₁ > 0.",
        premises=(odd, cube),
    )
    order = draft.tends(
        "(1/2 - 4/w_1*(sigma(w_1/2) - 1/2))/w_1^2",
        "w_1",
        "0",
        "1/96",
        because="It cannot be made less: at the end of the interval the error, divided by w₁², tends to just this.",
        premises=(bound,),
        functions=LOGISTIC,
    )
    for weight, error, value in (
        ("1", "4*sigma(x - 1/2) - 3/2 - x", "0.0101626751926"),
        ("1/10", "40*sigma((x - 1/2)/10) - 39/2 - x", "0.000104140631586"),
    ):
        draft.add(
            sg.extremum("maximum", error, "0 <= x <= 1", value, "0", functions=LOGISTIC),
            "numerical enclosure",
            f"For w₁ = {weight} the error is largest at x = 0, and has its negative at x = 1.",
            order,
        )


def _as_printed(draft: sg.Draft) -> int:
    draft.section("As the problem is printed")
    slope = draft.add(
        sg.slope("sigma(w_1*(x - 1/2)) - x", "x", "w_1*sigma'(w_1*(x - 1/2)) - 1", functions=LOGISTIC),
        "calculus",
        "Without a bias on the output, take w₂ = 1 and b = -w₁/2. The error is stationary where w₁ σ' = 1,",
    )
    window = _states(
        draft,
        "4*cosh(z/2)^2*sigma'(z) = 1",
        because="that is at the ends -z and z of the window of |w σ'| ≥ 1, with w₁ = 4 cosh²(z/2).",
        premises=(slope,),
    )
    inside = _states(
        draft,
        "(1/2 - z/(4*cosh(z/2)^2)) - sigma(-z) = tanh(z/2)/2 - z/(4*cosh(z/2)^2)",
        because="There, at x = 1/2 - z/w₁, the error has the size",
        premises=(window,),
    )
    outside = _states(
        draft,
        "sigma(-(4*cosh(z/2)^2)/2) = 1/(1 + exp(2*cosh(z/2)^2))",
        because="and at x = 0 it has the size σ(-w₁/2).",
        premises=(window,),
    )
    low = _states(
        draft,
        "tanh(0.6043385958)/2 - 1.2086771916/(4*cosh(0.6043385958)^2) ~ 0.0560503844",
        by="numerical enclosure",
        because="The first grows with z and the second falls: the larger of them is least where they are equal. With "
        "z = 1.2086771916 the first is",
        premises=(inside,),
    )
    high = _states(
        draft,
        "1/(1 + exp(2*cosh(0.6043385958)^2)) ~ 0.0560503844",
        by="numerical enclosure",
        because="and the second",
        premises=(outside,),
    )
    return draft.add(
        sg.minimax(
            "w_2*sigma(w_1*x + b) - x",
            "0 <= x <= 1",
            {"w_1": WEIGHT, "b": BIAS, "w_2": "1"},
            ("0", LEFT, RIGHT, "1"),
            LEAST,
            functions=LOGISTIC,
        ),
        "extremum",
        "That is the best of all. Its error has this size at four points, with alternating signs. A better neuron "
        "would differ from it by a function with three zeros. But the difference of two such neurons has the zeros of "
        "a sum of three exponentials, which are at most two.",
        low,
        high,
    )


def _figures(draft: sg.Draft) -> None:
    draft.figure(
        sg.Plot(
            "identity-neuron-error",
            "The error of the best neuron without a bias on the output: as large as can be at four points.",
            "$x$",
            "$w_2\\,\\sigma(w_1 x + b) - x$",
            (sg.curve("", f"sigma({WEIGHT}*x - {BIAS[1:]}) - x", "0 <= x <= 1", points=201, functions=LOGISTIC),),
            levels=(sg.Level(float(LEAST), "$0.056$"), sg.Level(-float(LEAST), "$-0.056$")),
        )
    )
    draft.figure(
        sg.Plot(
            "identity-neuron-hint",
            "The hint with the constant taken away: the error becomes small with w₁, as its square.",
            "$x$",
            "error",
            tuple(
                sg.curve(
                    f"$w_1 = {w}$", f"4/{w}*(sigma({w}*(x - 1/2)) - 1/2) + 1/2 - x", "0 <= x <= 1", functions=LOGISTIC
                )
                for w in (1, 2, 3)
            ),
        )
    )


def build() -> sg.Derivation:
    """Return how far the hint carries, what a constant would mend, and how good the neuron can be as it is printed."""
    draft = sg.Draft(ENTRY.title, SOURCE, ENTRY.assumptions)
    line, cubic = _hint(draft)
    _with_a_constant(draft, line, cubic)
    best = _as_printed(draft)
    _figures(draft)
    draft.errs(
        "problem Identity neuron, the hint",
        "that w₂ σ(w₁ x + b) ≈ x for small w₁, as at x = 1",
        "that the slope is right, and the value is too large by 2/w₁ - 1/2; a bias on the output would take it away",
        sg.limit("4/w_1*sigma(w_1/2) - 1", "w_1", "0", "0", "w_1 > 0", functions=LOGISTIC),
        line,
    )
    draft.errs(
        "problem Identity neuron",
        "that weights and bias can be chosen so that w₂ σ(w₁ x + b) ≈ x for x in [0, 1]",
        "that for every choice the error exceeds 0.056 somewhere, which is more than 5 % of the interval",
        sg.minimax(
            "w_2*sigma(w_1*x + b) - x",
            "0 <= x <= 1",
            {"w_1": WEIGHT, "b": BIAS, "w_2": "1"},
            ("0", LEFT, RIGHT, "1"),
            "0.00",
            functions=LOGISTIC,
        ),
        best,
    )
    return draft.derivation()


ENTRY = sg.Entry(
    name="identity-neuron",
    title="The identity neuron",
    source=SOURCE,
    text=(
        "Can a neuron with one input pass it on unchanged, but for a weight on its output? Its slope can be made 1 as "
        "closely as one likes. Its value cannot be right as well, unless the output has a bias too."
    ),
    assumptions=("σ is the logistic function.", "The input x is between 0 and 1."),
    build=build,
)
