"""One neuron in each layer: the cascade of small changes, and why the gradient vanishes."""

from dataclasses import dataclass
from fractions import Fraction

import symgrad as sg

SOURCE = "M. Nielsen, Neural Networks and Deep Learning, chapter 5"
MOST_NEURONS = 50
PLACE = "the section What's causing the vanishing gradient problem?"


def build(depth: int = 4, activation: str = "logistic") -> sg.Derivation:
    """Return the derivation for a chain of ``depth`` neurons, and for any number of them."""
    if activation not in SLOPES:
        raise sg.SymgradError(f"no chain with {activation!r}", todo=f"choose one of {', '.join(SLOPES)}")
    if not 1 <= depth <= MOST_NEURONS:
        raise sg.SymgradError(f"a cascade through {depth} neurons", todo=f"choose a depth of 1 to {MOST_NEURONS}")
    chain, slope = sg.model("chain"), SLOPES[activation]
    assumptions = (ASSUMPTION.format(slope.title),)
    draft = sg.Draft("One neuron in each layer", f"{SOURCE}, {PLACE}, equations 114 to 122", assumptions)
    weighted = draft.defines(
        chain, "z", "A neuron's weighted input is its weight times the output before, and its bias."
    )
    output = draft.defines(chain, "a", "Its output is σ of that.")
    gradient = _cascade(draft, chain, depth, weighted, output)
    _any_depth(draft, chain)
    factor = _slope(draft, slope)
    _vanishing(draft, chain, depth, slope, factor, gradient)
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


def _comparison(depth: int) -> sg.Diagram:
    """Draw the gradient of the first bias above that of the third; what both have is shaded."""
    nodes, arrows = [sg.Node("C", 2 * depth, 0, "C", "text")], []
    for row, (k, height) in enumerate(((1, 2.2), (3, 1.2))):
        nodes.append(sg.Node(f"row {row}", 0, height, rf"\frac{{\partial C}}{{\partial b_{{{k}}}}} =", "text"))
        for j in range(k, depth + 1):
            both = "shared" if j >= 3 else "text"
            nodes.append(sg.Node(f"slope {row} {j}", 2 * j - 1, height, rf"\sigma'(z_{{{j}}})", both))
            if j > k:
                both = "shared" if j > 3 else "text"
                nodes.append(sg.Node(f"weight {row} {j}", 2 * j - 2, height, f"w_{{{j}}}", both))
        end = rf"\frac{{\partial C}}{{\partial a_{{{depth}}}}}"
        nodes.append(sg.Node(f"end {row}", 2 * depth, height, end, "shared"))
    for j in range(1, depth + 1):
        nodes.append(sg.Node(f"b {j}", 2 * j - 1, 0, f"b_{{{j}}}"))
        arrows.append(sg.Arrow(f"b {j}", f"b {j + 1}" if j < depth else "C", f"w_{{{j + 1}}}" if j < depth else ""))
    return sg.Diagram(
        name=f"chain-{depth}-comparison",
        caption="The gradients of the first and of the third bias, each factor over the part of the network that gives "
        "it. What both have is shaded; the first has two factors w_j σ'(z_j) more.",
        nodes=tuple(nodes),
        arrows=tuple(arrows),
    )


def _any_depth(draft: sg.Draft, chain: sg.Model) -> None:
    draft.section("Any number of neurons")
    draft.include(chain.derive("C", "b[1]"))


@dataclass(frozen=True)
class Slope:
    """An activation f, its slope by its value, its value at 0, where the slope is greatest, and how large it is there.

    factor: what a weight smaller than 1 does. layer: what a layer does to the bound of the gradient, which is bound.
    """

    f: str
    title: str
    by_value: str
    at_zero: str
    top: str
    factor: str
    layer: str
    bound: str


SLOPES = {
    "logistic": Slope(
        "logistic",
        "the logistic function",
        "logistic(z)*(1 - logistic(z))",
        "1/2",
        "1/4",
        "makes a factor smaller than 1/4",
        "divides the bound of the gradient by 4",
        "D*4**(-L)",
    ),
    "tanh": Slope(
        "tanh",
        "tanh",
        "1 - tanh(z)^2",
        "0",
        "1",
        "makes a factor smaller than 1",
        "leaves the bound of the gradient as it was",
        "D",
    ),
}


def _slope(draft: sg.Draft, s: Slope) -> int:
    """Bound the slope of the activation, and so each factor."""
    draft.section("How large a factor can be")
    slope = draft.states(f"{s.f}'(z) = {s.by_value}", by="calculus", because=f"The slope of {s.title} by its value.")
    at_zero = draft.states(
        f"{s.f}'(0) = {s.top}", by="exact arithmetic", because=f"At 0 the value is {s.at_zero}.", premises=(slope,)
    )
    greatest = draft.add(
        sg.extremum("maximum", f"{s.f}'(z)", "z real", s.top, "0"),
        "extremum",
        "There, and nowhere else, the slope is greatest.",
        at_zero,
    )
    bound = draft.states(
        f"{s.f}'(z) <= {s.top}", by="bound on the slope", because="So it is never more.", premises=(slope, greatest)
    )
    draft.figure(_bell(s))
    if s.f == "logistic":
        draft.errs(
            "the questions on unstable gradients",
            "|σ'(z)| < 1/4",
            "σ'(z) ≤ 1/4, with equality at z = 0",
            sg.claim("logistic'(z) < 1/4"),
            at_zero,
            bound,
        )
    usually = _usually(draft)
    return draft.states(
        f"abs(w*{s.f}'(z)) < {s.top}",
        "abs(w) < 1",
        by="product of bounds",
        premises=(bound, usually),
        because=f"A weight smaller than 1 in size {s.factor}.",
    )


def _usually(draft: sg.Draft) -> int:
    """Say how often a weight of the standard normal distribution is smaller than 1 in size."""
    density = draft.add(
        sg.slope("erf(w/sqrt(2))", "w", "2*exp(-w^2/2)/sqrt(2*pi)"),
        "calculus",
        "How often is a weight smaller than 1 in size, if it is drawn from a Gaussian of mean 0 and standard deviation "
        "1? The right side is the density of |w|, so erf(r/√2) is the probability that |w| < r.",
    )
    return draft.states(
        "erf(1/sqrt(2)) ~ 0.6827",
        by="numerical enclosure",
        because="For r = 1: P(|w| < 1), about two weights in three. That is what usually means here.",
        premises=(density,),
    )


def _bell(s: Slope) -> sg.Plot:
    top = r"$\frac{1}{4}$" if s.top == "1/4" else f"${s.top}$"
    return sg.Plot(
        name=f"{s.f}-slope",
        caption=f"The slope of {s.title} is greatest at 0, where it is {s.top}.",
        x_label="$z$",
        y_label=r"$\sigma'(z)$",
        curves=(sg.curve("", f"{s.f}'(z)", "-6 <= z <= 6"),),
        marks=(sg.Mark(0, float(Fraction(s.top)), top),),
    )


def _vanishing(draft: sg.Draft, chain: sg.Model, depth: int, s: Slope, factor: int, gradient: int) -> None:
    draft.section("Why the gradient vanishes" if s.top == "1/4" else "Why the gradient does not grow")
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
        draft.figure(_comparison(depth))
        ratio = "a sixteenth of the third" if s.top == "1/4" else "the third"
        draft.states(
            f"abs(u*v) < {'1/16' if s.top == '1/4' else s.top}",
            f"-{s.top} < u < {s.top}",
            f"-{s.top} < v < {s.top}",
            by="product of bounds",
            because=f"It is a product u v of two factors w σ'(z), each smaller than {s.top} in size: the first "
            f"gradient is less than {ratio}.",
            premises=(factor, extra),
        )
    draft.bounds(
        chain.bind(s.f),
        "C",
        "b[1]",
        s.bound,
        {"w": "1", "∂C/∂a[L]": "D"},
        by="product of bounds",
        because=f"At any depth: with weights of size at most 1, each layer {s.layer}.",
        premises=(factor,),
    )


ASSUMPTION = "σ and the cost are differentiable; where a bound is stated, σ is {}."

ENTRY = sg.Entry(
    name="chain",
    title="One neuron in each layer",
    source=f"{SOURCE}, {PLACE}, equations 114 to 122",
    model="chain",
    text=(
        "Each neuron on the path from a bias to the cost contributes a factor σ', each weight on it a "
        "factor of its own, and the cost the last one: the network is a mnemonic for the expression."
    ),
    build=build,
)
