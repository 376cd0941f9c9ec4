"""What the gain of an activation should be: SELU's constants, the libraries' gains, the critical line."""

import symgrad as sg

SOURCE = (
    "B. Poole, S. Lahiri, M. Raghu, J. Sohl-Dickstein, S. Ganguli, Exponential expressivity in deep neural networks "
    "through transient chaos (NIPS 2016); S. Schoenholz, J. Gilmer, S. Ganguli, J. Sohl-Dickstein, Deep information "
    "propagation (ICLR 2017); G. Klambauer, T. Unterthiner, A. Mayr, S. Hochreiter, Self-normalizing neural networks "
    "(NIPS 2017), equation 14; Y. LeCun and others, Efficient BackProp (1998), section 4.4"
)
ASSUMPTIONS = (
    "Weights have the mean 0 and the variance v/n, biases the mean 0 and the variance c, all independent.",
    "Layers are so wide that weighted inputs are normal, and slopes independent of the errors that they multiply.",
    "z is normal with mean 0 and variance 1; q is the variance of a weighted input.",
)
E1 = "exp(1/2)*erfc(sqrt(1/2))/2"
EXCESS = "exp(2)*erfc(sqrt(2))/2 - exp(1/2)*erfc(sqrt(1/2)) + 1/2"
"""E[e^z; z < 0], and E[(e^z - 1)²; z < 0]."""
SELU = "(relu(z) + alpha*(elu(z) - relu(z)))"
ALPHA = "1.6732632423543772848170429916717"
SELU_SECOND = "0.9058196116985816430731424532975391897109"
LAMBDA = "1.0507009873554804934193349852946"
TANH_SECOND, TANH_SLOPE = "0.394294490397841174416460", "0.464402902448268241972021"
TORCH_Q = ("1.178480490385907717396538", "1.178480490385907717396539")
CRITICAL_Q = ("0.570047881640764149990155575920", "0.570047881640764149990155575921")
"""The fixed point lies between the two: the steps show it."""
ACTIVATIONS = ("identity", "relu", "leaky_relu", "logistic", "tanh", "softsign", "elu", "selu", "gelu", "silu")


def build() -> sg.Derivation:
    """Return the derivation."""
    draft = sg.Draft("The gain of an activation", SOURCE, ASSUMPTIONS)
    _selu(draft)
    gain = _gains(draft)
    _libraries(draft, gain)
    _critical_line(draft, gain)
    return draft.derivation()


def _selu(draft: sg.Draft) -> None:
    draft.section("Mean 0 and variance 1 kept: the constants of SELU")
    mean = draft.add(
        sg.expectation(f"{SELU} = 1/sqrt(2*pi) + alpha*({E1} - 1/2)"),
        "Gaussian integral",
        "SELU is λ times z for z > 0, and λ α (e^z - 1) elsewhere. Its mean, up to λ, by completing the square,",
    )
    second = draft.add(
        sg.expectation(f"{SELU}^2 = 1/2 + alpha^2*({EXCESS})"),
        "Gaussian integral",
        "and its mean square, up to λ².",
    )
    alpha = draft.states(
        f"1/sqrt(2*pi) + sqrt(2/pi)/(1 - exp(1/2)*erfc(sqrt(1/2)))*({E1} - 1/2) = 0",
        because="The mean is 0 for one α,",
        premises=(mean,),
    )
    alpha_shown = draft.states(
        f"sqrt(2/pi)/(1 - exp(1/2)*erfc(sqrt(1/2))) ~ {ALPHA}",
        by="numerical enclosure",
        because="the constant of the paper and of the libraries.",
        premises=(alpha,),
    )
    square = draft.states(
        f"1/2 + (sqrt(2/pi)/(1 - exp(1/2)*erfc(sqrt(1/2))))^2*({EXCESS}) ~ {SELU_SECOND}",
        by="numerical enclosure",
        because="With it the mean square, which is the variance now, is this up to λ²,",
        premises=(second, alpha_shown),
    )
    scale = draft.states(
        f"1/sqrt({SELU_SECOND}) ~ {LAMBDA}",
        by="numerical enclosure",
        because="and 1 for this λ.",
        premises=(square,),
    )
    attracts = draft.add(
        sg.expectation("selu(z)^2*(z^2 - 1)/2 < 1"),
        "Gaussian integral",
        "The variance 1 attracts: this is the slope of the next layer's variance by this one's, for the density of a "
        "normal variable of variance q has the slope (z² - 1)/(2q) times itself by q.",
        scale,
    )
    draft.add(
        sg.expectation("selu'(z)^2 ~ 1.07157499246"),
        "Gaussian integral",
        "Yet squared gradients grow, by this factor per layer.",
        attracts,
    )


def _gains(draft: sg.Draft) -> int:
    draft.section("What a gain is asked to keep")
    growth = draft.add(
        sg.moments("(p*S)^2", {"p^2": "h", "S^2": "n*(v/n)*g"}, "v*h*g"),
        "mean of independent quantities",
        "An error is a slope p times a sum S over n errors of mean square g, each multiplied by a weight of variance "
        "v/n. So its mean square grows by the factor χ₁ = v h per layer, where h = E φ'².",
    )
    slope = draft.states(
        "tanh'(0) = 1",
        by="calculus",
        because="The slope criterion, g φ'(0) = 1, looks at small signals: for tanh the gain 1.",
        premises=(growth,),
    )
    second = draft.add(
        sg.expectation(f"tanh(z)^2 ~ {TANH_SECOND}"),
        "Gaussian integral",
        "The second moment criterion keeps the variance 1 of weighted inputs, g² E φ(z)² = 1. For tanh, whose mean is "
        "0, it is the variance criterion too.",
    )
    forward = draft.states(
        f"1/sqrt({TANH_SECOND}) ~ 1.59253741972",
        by="numerical enclosure",
        because="The gain that it asks for,",
        premises=(second,),
    )
    slopes = draft.add(
        sg.expectation(f"tanh'(z)^2 ~ {TANH_SLOPE}"),
        "Gaussian integral",
        "The backward criterion keeps gradients at this variance, g² E φ'(z)² = 1.",
    )
    draft.states(
        f"1/sqrt({TANH_SLOPE}) ~ 1.46741359163",
        by="numerical enclosure",
        because="It asks for less: with the gain of the second moment criterion gradients grow.",
        premises=(slopes, slope, forward),
    )
    gains = [(name, sg.gain(name)) for name in ACTIVATIONS]
    rows = tuple(
        (name, *(_shown(g[c].gain) for c in ("slope", "second moment", "variance", "backward"))) for name, g in gains
    )
    header = ("activation", "slope", "second moment", "variance", "backward")
    draft.figure(
        sg.Table("gains", "The gain that each criterion asks for; none where there is a kink at 0.", header, rows)
    )
    return growth


def _shown(x: sg.Magnitude | None) -> str:
    return "none" if x is None else x.to(6)


def _libraries(draft: sg.Draft, growth: int) -> None:
    draft.section("5/3 for tanh")
    low, high = TORCH_Q
    above = draft.add(
        sg.expectation(f"25/9*tanh(sqrt({low})*z)^2 > {low}"),
        "Gaussian integral",
        "PyTorch has the gain 5/3 for tanh. The variance of the next layer, (25/9) E tanh(√q z)², is more than q here",
        growth,
    )
    below = draft.add(
        sg.expectation(f"25/9*tanh(sqrt({high})*z)^2 < {high}"),
        "Gaussian integral",
        "and less here: between the two it is q, a fixed point q*.",
        above,
    )
    output = draft.states(
        f"sqrt({low}*9/25) ~ 0.651347047693",
        by="numerical enclosure",
        because="There tanh gives this standard deviation, √(q*/g²),",
        premises=(below,),
    )
    draft.add(
        sg.expectation("25/9*tanh'(sqrt(q)*z)^2 ~ 1.20983132", f"{low} <= q <= {high}"),
        "Gaussian integral",
        "and χ₁ is more than 1: a deep network with this gain is chaotic, and gradients explode. None of the criteria "
        "gives 5/3.",
        output,
    )
    draft.section("LeCun's 1.7159 tanh(2x/3)")
    one = draft.states(
        "lecun_tanh(1) ~ 0.9999972559",
        by="numerical enclosure",
        because="The constants are to make f(1) = 1, and nearly do.",
    )
    exact = draft.states("1/tanh(2/3)*tanh(2/3) = 1", because="1/tanh(2/3) does it", premises=(one,))
    draft.states("1/tanh(2/3) ~ 1.7159047086", by="numerical enclosure", because="exactly.", premises=(exact,))


def _critical_line(draft: sg.Draft, growth: int) -> None:
    draft.section("The critical line")
    line = draft.states(
        "1/h*s + (q - s/h) = q",
        "h > 0",
        because="On the line χ₁ = 1, so v = 1/h with h = E φ'(√q z)². And q is a fixed point, q = v s + c "
        "with s = E φ(√q z)², so c = q - s/h. A variance q gives one point of the line.",
        premises=(growth,),
    )
    low, high = CRITICAL_Q
    balance = "({q} - 1/20)*tanh'(sqrt({q})*z)^2 - tanh(sqrt({q})*z)^2"
    left = draft.add(
        sg.expectation(f"{balance.format(q=low)} < 0"),
        "Gaussian integral",
        "For tanh and c = 0.05 the mean of (q - c) φ'² - φ² must be 0. It is negative here",
        line,
    )
    right = draft.add(
        sg.expectation(f"{balance.format(q=high)} > 0"),
        "Gaussian integral",
        "and positive here: q* lies between.",
        left,
    )
    slope = draft.add(
        sg.expectation("tanh'(sqrt(q)*z)^2 ~ 0.56787379839796586", f"{low} <= q <= {high}"),
        "Gaussian integral",
        "The mean of the squared slope there,",
        right,
    )
    tanh = slope
    for weight, relation, because in (
        ("1.760954639606739131631552", "<", "and v, at which χ₁ = 1: here χ₁ is less than 1,"),
        ("1.760954639606739131631553", ">", "and here more."),
    ):
        tanh = draft.add(
            sg.expectation(f"{weight}*tanh'(sqrt(q)*z)^2 {relation} 1", f"{low} <= q <= {high}"),
            "Gaussian integral",
            because,
            tanh,
        )
    rate = draft.add(
        sg.expectation("erf'(sqrt(q)*z)^2 = 4/(pi*sqrt(1 + 4*q))", "q > 0"),
        "Gaussian integral",
        "For the error function all is in closed form.",
        line,
    )
    bend = draft.add(
        sg.expectation(
            "(-2*sqrt(q)*z)*erf(sqrt(q)*z)*erf'(sqrt(q)*z) = -2*q/(1 + 2*q)*(4/(pi*sqrt(1 + 4*q)))", "q > 0"
        ),
        "integration by parts",
        "With φ'' = -2u φ', the mean B of φ φ'' is -2q (A + B) where A is that of φ'².",
        rate,
    )
    by_q = draft.states(
        "4/(pi*sqrt(1 + 4*q)) + (-2*q/(1 + 2*q))*(4/(pi*sqrt(1 + 4*q))) = 4/(pi*(1 + 2*q)*sqrt(1 + 4*q))",
        "q > 0",
        because="The derivative of E φ² by q is A + B,",
        premises=(rate, bend),
    )
    primitive = draft.add(
        sg.slope("2/pi*atan(2*q/sqrt(1 + 4*q))", "q", "4/(pi*(1 + 2*q)*sqrt(1 + 4*q))", "q > 0"),
        "calculus",
        "which is that of this function; both are 0 at q = 0.",
        by_q,
    )
    second = draft.add(
        sg.expectation("erf(sqrt(q)*z)^2 = 2/pi*atan(2*q/sqrt(1 + 4*q))", "q > 0"),
        "Gaussian integral",
        "So they are the same: Williams' formula (2/π) arcsin(2q/(1 + 2q)).",
        primitive,
    )
    draft.states(
        "pi*sqrt(1 + 4*q)/4*(4/(pi*sqrt(1 + 4*q))) = 1",
        "q > 0",
        by="substitution",
        because="Hence v = (π/4) √(1 + 4q), and c = q - √(1 + 4q)/2 arctan(2q/√(1 + 4q)).",
        premises=(second, rate, tanh),
    )
    curves = tuple(sg.Curve(name, tuple(sg.critical(name).line(0.4))) for name in ("tanh", "erf"))
    caption = "The critical lines: above them gradients explode, below them they vanish."
    mark = sg.Mark(0.05, 1.760954639606739, "tanh")
    labels = r"$\sigma_b^2$", r"$\sigma_w^2$"
    draft.figure(sg.Plot("critical-lines", caption, *labels, curves, (mark,)))


ENTRY = sg.Entry(
    name="criticality",
    title="The gain of an activation",
    source=SOURCE,
    text=(
        "The weights of a deep network have the variance v/n. Which v keeps signals, which keeps gradients, and "
        "what the constants in the libraries do: means over a normal variable decide it."
    ),
    assumptions=ASSUMPTIONS,
    build=build,
)
