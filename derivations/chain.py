"""One neuron in each layer: the cascade of small changes, and why the gradient vanishes."""

import symgrad as sg

SOURCE = "M. Nielsen, Neural Networks and Deep Learning, chapter 5"
PLACE = "the section What's causing the vanishing gradient problem?"


def build(depth: int = 4) -> sg.Derivation:
    """Return the derivation for a chain of ``depth`` neurons, and for any number of them."""
    chain = sg.model("chain")
    draft = sg.Draft("One neuron in each layer", f"{SOURCE}, {PLACE}, equations 114 to 122", ASSUMPTIONS)
    weighted = draft.defines(
        chain, "z", "A neuron's weighted input is its weight times the output before, and its bias."
    )
    output = draft.defines(chain, "a", "Its output is σ of that.")
    gradient = _cascade(draft, chain, depth, weighted, output)
    _any_depth(draft, chain)
    factor = _slope(draft)
    _vanishing(draft, chain, depth, factor, gradient)
    return draft.derivation()


def _cascade(draft: sg.Draft, chain: sg.Model, depth: int, weighted: int, output: int) -> int:
    """Follow a small change of b_1 through the chain to the cost."""
    draft.section(f"A small change runs through {depth} neurons")
    change = draft.derives(
        chain,
        "a[1]",
        "b[1]",
        depth,
        "elementwise function",
        "A small change of the first bias changes the output of the first neuron.",
        (weighted, output),
        "115, 116",
        first_order=True,
    )
    changes = [change]
    for j in range(2, depth + 1):
        labels = ("117, 118", "119") if j == 2 else ("", "")
        carried = draft.derives(
            chain,
            f"z[{j}]",
            f"a[{j - 1}]",
            depth,
            "linear term",
            f"The weight carries it on to neuron {j}.",
            (weighted,),
            labels[0],
            first_order=True,
        )
        changes.append(
            draft.derives(
                chain,
                f"z[{j}]",
                "b[1]",
                depth,
                "chain rule",
                f"Both together: what the first bias does to the weighted input of neuron {j}.",
                (changes[-1], carried),
                labels[1],
                first_order=True,
            )
        )
        changes.append(
            draft.derives(
                chain,
                f"a[{j}]",
                "b[1]",
                depth,
                "chain rule",
                f"Neuron {j} gives its factor.",
                (changes[-1], output),
                first_order=True,
            )
        )
    cost = draft.derives(
        chain,
        "C",
        "b[1]",
        depth,
        "first order",
        "At the end the cost changes: each neuron has given a factor, and each weight on the way.",
        (changes[-1],),
        "120",
        first_order=True,
    )
    gradient = draft.derives(
        chain,
        "C",
        "b[1]",
        depth,
        "limit",
        "Divided by the change of the bias, which tends to 0, it is the gradient "
        "(equation 114 says that the quotient is close to it).",
        (cost,),
        "121, 122",
    )
    draft.figure(_mnemonic(depth))
    return gradient


def _mnemonic(depth: int) -> sg.ChainDiagram:
    numbers = range(1, depth + 1)
    return sg.ChainDiagram(
        name=f"chain-{depth}",
        caption="The network as a mnemonic: each factor of the gradient stands over the part that gives it.",
        neurons=tuple(f"b_{{{j}}}" for j in numbers),
        weights=tuple(f"w_{{{j}}}" for j in numbers),
        factors_over_neurons=tuple(rf"\sigma'(z_{{{j}}})" for j in numbers),
        factors_over_weights=("", *(f"w_{{{j}}}" for j in range(2, depth + 1))),
        end="C",
        factor_over_end=rf"\frac{{\partial C}}{{\partial a_{{{depth}}}}}",
    )


def _any_depth(draft: sg.Draft, chain: sg.Model) -> None:
    draft.section("Any number of neurons")
    draft.include(chain.derive("C", "b[1]"))


def _slope(draft: sg.Draft) -> int:
    """Bound the slope of the logistic function, and so each factor."""
    draft.section("How large a factor can be")
    slope = draft.states(
        "logistic'(z) = logistic(z)*(1 - logistic(z))",
        by="calculus",
        because="The slope of the logistic function by its value.",
    )
    at_zero = draft.states(
        "logistic'(0) = 1/4", by="exact arithmetic", because="At 0 the value is 1/2.", premises=(slope,)
    )
    greatest = draft.add(
        sg.extremum("maximum", "logistic'(z)", "z real", "0.25", "0"),
        "extremum",
        "There, and nowhere else, the slope is greatest.",
        at_zero,
    )
    bound = draft.states(
        "logistic'(z) <= 1/4", by="bound on the slope", because="So it is never more.", premises=(slope, greatest)
    )
    draft.figure(_bell())
    draft.errs(
        "the questions on unstable gradients",
        "|σ'(z)| < 1/4",
        "σ'(z) ≤ 1/4, with equality at z = 0",
        sg.claim("logistic'(z) < 1/4"),
        at_zero,
        bound,
    )
    return draft.states(
        "abs(w*logistic'(z)) < 1/4",
        "abs(w) < 1",
        by="product of bounds",
        premises=(bound,),
        because="A weight smaller than 1 in size makes a factor smaller than 1/4: most weights are, that are drawn "
        "from a Gaussian of standard deviation 1.",
    )


def _bell() -> sg.Plot:
    return sg.Plot(
        name="logistic-slope",
        caption="The slope of the logistic function is greatest at 0, where it is 1/4.",
        x_label="$z$",
        y_label=r"$\sigma'(z)$",
        curves=(sg.curve("", "logistic'(z)", "-6 <= z <= 6"),),
        marks=(sg.Mark(0, 0.25, r"$\frac{1}{4}$"),),
    )


def _vanishing(draft: sg.Draft, chain: sg.Model, depth: int, factor: int, gradient: int) -> None:
    draft.section("Why the gradient vanishes")
    if depth >= 3:
        later = draft.derives(
            chain,
            "C",
            "b[3]",
            depth,
            "product over layers",
            "The gradient for a later bias is the tail of the same product.",
        )
        extra = draft.derives(
            chain,
            "z[3]",
            "b[1]",
            depth,
            "chain rule",
            "What the first has and the third has not: the ratio of the two gradients.",
            (gradient, later),
        )
        draft.states(
            "abs(u*v) < 1/16",
            "-1/4 < u < 1/4",
            "-1/4 < v < 1/4",
            by="product of bounds",
            because="It is a product u v of two factors w σ'(z), each smaller than 1/4 in size: the first gradient is "
            "less than a sixteenth of the third.",
            premises=(factor, extra),
        )
    draft.bounds(
        chain.bind("logistic"),
        "C",
        "b[1]",
        "D*4**(-L)",
        {"w": "1", "∂C/∂a[L]": "D"},
        by="product of bounds",
        because="At any depth: with weights of size at most 1, each layer divides the bound of the gradient by 4.",
        premises=(factor,),
    )


ASSUMPTIONS = ("σ and the cost are differentiable; where a bound is stated, σ is the logistic function.",)

ENTRY = sg.Entry(
    name="chain",
    title="One neuron in each layer",
    source=f"{SOURCE}, {PLACE}, equations 114 to 122",
    model="chain",
    text=(
        "Each neuron on the path from a bias to the cost contributes a factor σ', each weight on it a "
        "factor of its own, and the cost the last one: the network is a mnemonic for the expression."
    ),
    assumptions=ASSUMPTIONS,
    build=build,
)
