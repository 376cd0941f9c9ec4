"""How large random weights must be for signals and gradients to keep their size: LeCun, Glorot, He."""

import symgrad as sg

SOURCE = (
    "Y. LeCun, L. Bottou, G. Orr, K.-R. Müller, Efficient BackProp (1998), section 4.6; X. Glorot, Y. Bengio, "
    "Understanding the difficulty of training deep feedforward neural networks (AISTATS 2010), section 4.2; "
    "K. He, X. Zhang, S. Ren, J. Sun, Delving deep into rectifiers (ICCV 2015), section 2.2"
)
ASSUMPTIONS = (
    "Weights have the mean 0 and the same variance v, and are independent of each other and of what they multiply.",
    "Biases are 0, or independent of all else with the mean 0 and the variance c.",
    "Each input of a layer has the mean square x, each error of the layer behind it the mean square g.",
    "Layers are so wide that weighted inputs are normal; slopes are independent of the errors that they multiply.",
)
WEIGHT = {"w": "0", "w^2": "v"}
FILTERS = {64: "0.0589", 128: "0.0417", 256: "0.0295", 512: "0.0208"}
"""Filters of 3x3 and their number, as in He's networks, and the standard deviation of a weight."""


def build() -> sg.Derivation:
    """Return the derivation, for layers of n inputs and m outputs."""
    draft = sg.Draft("Initialisation: 1/n, 2/(n + m), 2/n", SOURCE, ASSUMPTIONS)
    mlp = sg.model("mlp")
    forward = _forward(draft, mlp)
    backward = _backward(draft, mlp)
    _glorot(draft, forward, backward)
    _he(draft, forward, backward)
    return draft.derivation()


def _forward(draft: sg.Draft, mlp: sg.Model) -> int:
    draft.section("Forward: the variance of a weighted input")
    weighted = draft.defines(mlp, "z", "A weighted input is a sum over the n inputs of its neuron.")
    centred = draft.add(
        sg.moments("w*x", {"w": "0", "x": "r"}, "0"),
        "mean of independent quantities",
        "Each term has the mean 0, whatever the mean r of its input, for the weight has it.",
        weighted,
    )
    one = draft.add(
        sg.moments("(w*x_1)^2", WEIGHT | {"x_1^2": "x"}, "v*x"),
        "mean of independent quantities",
        "Its variance is therefore its mean square: that of the weight times the mean square of the input. A mean of "
        "the inputs counts too.",
        centred,
    )
    more = draft.add(
        sg.moments("(S + w*x_1)^2", WEIGHT | {"S^2": "s", "x_1^2": "x"}, "s + v*x", [("S", "x_1")]),
        "mean of independent quantities",
        "A further term adds as much, though its input may depend on the sum S of those before: the new weight does "
        "not, and its mean is 0.",
        one,
    )
    whole = draft.states(
        "n*v*x + v*x = (n + 1)*v*x",
        by="induction",
        because="So n terms have the variance n v x, if n v x is right for n: by induction, from one term on.",
        premises=(one, more),
    )
    with_bias = draft.add(
        sg.moments("(S + b)^2", {"S^2": "n*v*x", "b": "0", "b^2": "c"}, "n*v*x + c"),
        "mean of independent quantities",
        "A bias adds its own variance.",
        whole,
    )
    return draft.states(
        "n*(1/n)*x = x",
        "n >= 1",
        by="substitution",
        because="With v = 1/n and without biases the variance is the mean square of the inputs: LeCun's choice, for "
        "an activation that passes on what it is given, as tanh nearly does where it is small.",
        premises=(with_bias,),
        label="LeCun",
    )


def _backward(draft: sg.Draft, mlp: sg.Model) -> int:
    draft.section("Backward: the variance of an error")
    output = draft.defines(mlp, "a", "What a layer passes on is σ of its weighted inputs.")
    error = draft.derives(
        mlp,
        "C",
        "z[l]",
        via="z[l+1]",
        because="The error of a layer is that of the layer behind it, sent back through the transposed matrix and "
        "multiplied by the slopes.",
        premises=(output,),
    )
    more = draft.add(
        sg.moments("(S + w*d)^2", WEIGHT | {"S^2": "s", "d^2": "g"}, "s + v*g", [("S", "d")]),
        "mean of independent quantities",
        "An entry of the product with the matrix is a sum over the m neurons of the layer behind, of a weight times an "
        "error d: each term adds v g.",
        error,
    )
    sums = draft.states("m*v*g + v*g = (m + 1)*v*g", by="induction", because="So m terms have m v g.", premises=(more,))
    whole = draft.add(
        sg.moments("(p*S)^2", {"p^2": "h", "S^2": "m*v*g"}, "m*v*g*h"),
        "mean of independent quantities",
        "The slope p multiplies the sum S: its mean square h is a factor.",
        sums,
    )
    return draft.states(
        "m*(1/m)*g*1 = g",
        "m >= 1",
        by="substitution",
        because="Where the slope is 1 the errors keep their size with v = 1/m: one over the number of outputs, and "
        "not of inputs.",
        premises=(whole,),
    )


def _glorot(draft: sg.Draft, forward: int, backward: int) -> None:
    draft.section("Both at once: Glorot")
    middle = draft.states(
        "(n + m)/2*(2/(n + m)) = 1",
        "n >= 1",
        "m >= 1",
        because="n v = 1 and m v = 1 hold together only where n = m. With v = 2/(n + m) they hold on average.",
        premises=(forward, backward),
        label="Glorot",
    )
    both = draft.states(
        "2*n/(n + m)*(2*m/(n + m)) = 1 - ((n - m)/(n + m))^2",
        "n >= 1",
        "m >= 1",
        because="The factors of the two directions, n v and m v, then have this product: what one gains the other "
        "loses, and a little more where n and m differ.",
        premises=(middle,),
    )
    primitive = draft.add(
        sg.slope("w^3/3", "w", "w^2"), "calculus", "For a uniform distribution over -a ... a: with this primitive", both
    )
    uniform = draft.states(
        "(a^3/3 - (-a)^3/3)/(2*a) = a^2/3",
        "a > 0",
        by="calculus",
        because="the integral of w² over the interval, divided by its length, is a third of a².",
        premises=(primitive,),
    )
    draft.states(
        "sqrt(6/(n + m))^2/3 = 2/(n + m)",
        "n >= 1",
        "m >= 1",
        by="substitution",
        because="So the ends are ±√(6/(n + m)).",
        premises=(uniform, middle),
    )


def _he(draft: sg.Draft, forward: int, backward: int) -> None:
    draft.section("Rectifiers: He")
    half = draft.add(
        sg.expectation("relu(sqrt(q)*z)^2 = q/2", "q > 0"),
        "Gaussian integral",
        "ReLU lets half of a normal variable of variance q through, so its mean square is q/2,",
        forward,
    )
    slope = draft.add(
        sg.expectation("relu'(sqrt(q)*z)^2 = 1/2", "q > 0"),
        "Gaussian integral",
        "and its squared slope has the mean 1/2, for every variance.",
        backward,
    )
    kept = draft.states(
        "n*(2/n)*(q/2) = q",
        "n >= 1",
        by="substitution",
        because="With v = 2/n the variance of weighted inputs goes on unchanged from layer to layer,",
        premises=(half,),
        label="He",
    )
    gradient = draft.states(
        "m*(2/m)*g*(1/2) = g",
        "m >= 1",
        by="substitution",
        because="and with v = 2/m that of errors. Over many layers either will do: the factors n/m cancel but for the "
        "first and the last.",
        premises=(slope, kept),
    )
    leaky = draft.add(
        sg.expectation("(relu(sqrt(q)*z) - alpha*relu(-sqrt(q)*z))^2 = (1 + alpha^2)*q/2", "q > 0"),
        "Gaussian integral",
        "With a slope α on the left (leaky or parametric ReLU) the other half counts with α².",
        half,
    )
    general = draft.states(
        "n*(2/((1 + alpha^2)*n))*((1 + alpha^2)*q/2) = q",
        "n >= 1",
        by="substitution",
        because="So v = 2/((1 + α²) n), which is 2/n for ReLU and 1/n for the identity.",
        premises=(leaky, gradient),
    )
    for filters, shown in FILTERS.items():
        general = draft.states(
            f"sqrt(2/(9*{filters})) ~ {shown}",
            by="numerical enclosure",
            because=(
                "A convolution with 3x3 filters and 64 channels has n = 9 · 64 inputs: the standard deviation of its "
                "weights."
                if filters == 64
                else f"With {filters} channels."
            ),
            premises=(general,),
        )
    rows = tuple((str(filters), str(9 * filters), shown) for filters, shown in FILTERS.items())
    caption = "He's standard deviation of the weights, √(2/n), of 3x3 filters."
    draft.figure(sg.Table("he", caption, ("channels", "n", "standard deviation"), rows))


ENTRY = sg.Entry(
    name="initialisation",
    title="Initialisation",
    source=SOURCE,
    text=(
        "A gradient vanishes or explodes by a factor for each layer, and at the start that factor is made of random "
        "weights. Their variance can be chosen so that it is 1 on average, for signals or for gradients."
    ),
    assumptions=ASSUMPTIONS,
    build=build,
)
